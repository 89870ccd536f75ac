"""Delivery: an edition is adopted by centers, and each of them is told what concerns it.

Used by the job of a roll-out for many centers, and by a center that does not want to wait.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, text, update

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.core.transaction import keeping_plans
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices, push
from jinzhu.standards.models import (
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Mode,
    Rollout,
    RolloutState,
    Standard,
)
from jinzhu.standards.rollouts import amendment_conflicts
from jinzhu.standards.rollouts.adopted_notices import tell_adopted
from jinzhu.standards.rollouts.rollout_base import COMING, GOING, RolloutOver, RolloutPaused, told
from jinzhu.standards.rollouts.rollout_gates import in_force

#: What a center was on before; a center that was there already comes from nowhere.
_COMES_FROM = text("""
    SELECT c.id AS tenant_id, a.edition_id, m.amendment_id
    FROM unnest(CAST(:centers AS int[])) c (id)
    LEFT JOIN adoption a ON a.tenant_id = c.id AND a.standard_id = :standard
    LEFT JOIN merged m ON m.id = a.merged_id
    WHERE a.edition_id IS DISTINCT FROM :edition
""")
#: One change of each row: a second one would have its keys checked anew.
_DELIVERED = text("""
    UPDATE delivery d SET state = n.state, conflicts = n.conflicts, error = NULL,
        finished_at = :now, from_edition_id = coalesce(n.edition_id, d.from_edition_id),
        from_amendment_id = CASE WHEN n.edition_id IS NULL THEN d.from_amendment_id
            ELSE n.amendment_id END
    FROM unnest(CAST(:centers AS int[]), CAST(:states AS text[]), CAST(:conflicts AS int[]),
        CAST(:editions AS bigint[]), CAST(:amendments AS bigint[]))
        AS n (center_id, state, conflicts, edition_id, amendment_id)
    WHERE d.rollout_id = :rollout AND d.center_id = n.center_id
""")


class NotYours(Conflict):
    """What was delivered here is not open for an answer."""

    code = "delivery_closed"


class CityToAnswer(Conflict):
    """The city has to say what becomes of its amendment first."""

    code = "city_to_answer"


def named(rollout: Rollout) -> dict[str, object]:
    """Return what notices call a roll-out: its standard and the number of the edition."""
    row = db.session.execute(
        select(Standard.name, Edition.number)
        .join(Edition, Edition.standard_id == Standard.id)
        .where(Edition.id == rollout.edition_id)
    ).one()
    return {"standard": row.name, "number": row.number}


def adopt(rollout: Rollout, centers: Sequence[int]) -> None:
    """Put centers on the edition of a roll-out, and write what became of each."""
    values = {
        "rollout": rollout.id,
        "standard": rollout.standard_id,
        "edition": rollout.edition_id,
        "centers": list(centers),
    }
    before = {row.tenant_id: row for row in db.session.execute(_COMES_FROM, values)}
    conflicts, moved = push.adopt(
        standard_id=rollout.standard_id,
        edition_id=rollout.edition_id,
        centers=centers,
        rollout_id=rollout.id,
        successors=amendment_conflicts.in_place_of(rollout, centers),
    )
    adopted, unchanged = DeliveryState.ADOPTED, DeliveryState.UNCHANGED
    became = {
        "states": [adopted if center in moved else unchanged for center in centers],
        "conflicts": [conflicts.get(center, 0) for center in centers],
        "editions": [getattr(before.get(center), "edition_id", None) for center in centers],
        "amendments": [getattr(before.get(center), "amendment_id", None) for center in centers],
    }
    with keeping_plans():
        db.session.execute(_DELIVERED, {**values, **became, "now": datetime.now(UTC)})
        tell_conflicts(rollout, [center for center in centers if conflicts.get(center)])
        if rollout.mode is Mode.AT_ONCE:
            # Nobody has told them before; whom conflicts wait for is told of those.
            others = (moved & before.keys()) - {rollout.owner_id}
            quiet = sorted(center for center in others if not conflicts.get(center))
            came_from = {center: before[center].edition_id for center in quiet}
            tell_adopted(rollout, came_from, named(rollout))
    base = push.base_of(rollout.standard_id)
    if base != rollout.standard_id:
        amendment_conflicts.look_again(base)


def tell_conflicts(rollout: Rollout, centers: Sequence[int]) -> None:
    """Tell centers that some of their own values wait for an answer now."""
    if centers:
        notices.tell(
            centers,
            "update_conflicts",
            values=named(rollout),
            to="/conflicts?state=open",
            needs="conflict.settle",
        )


def tell_announced(rollout: Rollout, centers: Sequence[int], *, due: date | None) -> None:
    """Tell centers of an edition that they adopt on a day, or if they want to."""
    offer = rollout.mode is Mode.ON_OFFER
    notices.tell(
        centers,
        "update_offered" if offer else "update_announced",
        values=named(rollout) if offer else {**named(rollout), **_when(rollout, due)},
        to=f"/updates/{rollout.id}",
        needs="update.answer",
    )


def _when(rollout: Rollout, due: date | None) -> dict[str, object]:
    """Return whose edition comes, and on which day."""
    owner = db.session.get_one(Center, rollout.owner_id)
    return {"owner": owner.name, "day": str(due)}


def hold(rollout: Rollout, centers: Sequence[int]) -> set[int]:
    """Let centers wait whose city has to answer first; return them."""
    held = amendment_conflicts.hold(
        rollout.id, rollout.standard_id, rollout.edition_id, list(centers)
    )
    if held:
        db.session.execute(
            update(Delivery)
            .where(
                Delivery.rollout_id == rollout.id,
                Delivery.center_id.in_(held),
                Delivery.state.in_(COMING),
            )
            .values(state=DeliveryState.WAITING)
        )
    return held


def deliver_one(rollout_id: int, center: int) -> DeliveryState:
    """Adopt an edition at one center, now, as that center wishes.  Needs the reach PUSH.

    Where the edition is not in force yet it is accepted, and adopted on its day.
    """
    rollout = db.session.get(Rollout, rollout_id)
    delivery = db.session.scalar(
        select(Delivery)
        .where(Delivery.rollout_id == rollout_id, Delivery.center_id == center)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if rollout is None or delivery is None or delivery.announced_at is None:
        raise NotFound(id=rollout_id)
    _refuse(rollout, delivery)
    day = today()
    if (first := in_force(rollout, day)) > day:
        delivery.state, delivery.due_on = DeliveryState.ACCEPTED, first
        db.session.flush()
        return DeliveryState.ACCEPTED
    db.session.flush()
    adopt(rollout, [center])
    db.session.refresh(delivery)
    return delivery.state


def _refuse(rollout: Rollout, delivery: Delivery) -> None:
    """Refuse an answer that comes too late, or while nothing may move."""
    if rollout.state is RolloutState.PAUSED or _withdrawn(rollout):
        raise RolloutPaused(**told(rollout))
    if rollout.state not in GOING:
        raise RolloutOver(**told(rollout))
    if delivery.state is DeliveryState.WAITING:
        raise CityToAnswer(**told(rollout), **_city_of(delivery.center_id))
    if delivery.state not in (*COMING, DeliveryState.DECLINED):
        raise NotYours(state=delivery.state.value, **told(rollout))


def _city_of(center_id: int) -> dict[str, Any]:
    """Return the city that has to answer, and whom to ask there."""
    center = db.session.get_one(Center, center_id)
    city = db.session.get_one(Center, center.path[1] if len(center.path) > 1 else center.id)
    role = say("role.city_manager")
    return {"city": city.name, "ask": say("refusal.contact", owner=city.name, role=role)}


def _withdrawn(rollout: Rollout) -> bool:
    edition = db.session.get_one(Edition, rollout.edition_id)
    return edition.state is EditionState.WITHDRAWN
