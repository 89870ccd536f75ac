"""Rollback 回退: centers go back to the edition they came from; local work done since stays.

A pointer per center, moved in one transaction: all of them go back, or none.  What came with the
edition goes with it: the city's answers to it, and the end of what it said again just so.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.orm import aliased

from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, Fault, Invalid
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices, push
from jinzhu.standards.editions import amendment_successors
from jinzhu.standards.models import (
    Adoption,
    Delivery,
    DeliveryState,
    Edition,
    Merged,
    Rollout,
)
from jinzhu.standards.rollouts.rollout_base import BUSY, RolloutRunning, to_act_on, told
from jinzhu.standards.rollouts.rollout_centers import Chosen
from jinzhu.standards.rollouts.rollout_deliver import named, tell_conflicts

#: From where to where: the edition, and (answers to the edition above, what they answered from).
Way = tuple[int, tuple[tuple[int, int], ...]]

_BACK = text("""
    UPDATE delivery SET state = 'rolled_back', reason = :reason, conflicts = 0,
        finished_at = now()
    WHERE rollout_id = :rollout AND center_id = ANY (CAST(:centers AS int[]))
""")
#: What was put off when the edition came, and said no more than it did, is put off again: beside
#: what has ended, so that the past stays as it was.
_PUT_OFF_AGAIN = text("""
    INSERT INTO pin (tenant_id, standard_id, provision_id, kind, field, reason, revision_id, until,
        exemption_id, rollout_id)
    SELECT DISTINCT ON (tenant_id, provision_id, field) tenant_id, standard_id, provision_id, kind,
        field, reason, revision_id, until, exemption_id, rollout_id
    FROM pin
    WHERE overtaken_by = :rollout AND tenant_id = ANY (CAST(:centers AS int[]))
        AND standard_id = :standard AND until > :today
    ORDER BY tenant_id, provision_id, field, id DESC
    ON CONFLICT DO NOTHING
""")


def _adopted(rollout: Rollout) -> Selection:
    """Select the centers that adopted the edition in this roll-out, with where each stands now."""
    return (
        select(Delivery.center_id, Delivery.from_edition_id, Adoption.edition_id)
        .outerjoin(
            Adoption,
            and_(
                Adoption.tenant_id == Delivery.center_id,
                Adoption.standard_id == rollout.standard_id,
            ),
        )
        .where(Delivery.rollout_id == rollout.id, Delivery.state == DeliveryState.ADOPTED)
    )


def _can_return(rollout: Rollout) -> ColumnElement[bool]:
    """Return whether a center came from somewhere, and has not gone further since."""
    return and_(Delivery.from_edition_id.is_not(None), Adoption.edition_id == rollout.edition_id)


def figures(rollout: Rollout) -> dict[str, int]:
    """Return how many centers can go back, and how many have nowhere to go.  Needs PUSH."""
    row = db.session.execute(
        _adopted(rollout).with_only_columns(
            func.count().filter(_can_return(rollout)).label("possible"),
            func.count().filter(Delivery.from_edition_id.is_(None)).label("first"),
            func.count().label("adopted"),
        )
    ).one()
    return {
        "possible": row.possible,
        "first": row.first,
        "moved_on": row.adopted - row.possible - row.first,
    }


def back(rollout_id: int, *, centers: Chosen, reason: str) -> Rollout:
    """Take centers back to the edition they were on before.  Needs the reach PUSH.

    Raises:
        RolloutRunning: while a job is at it; it has to be paused or stopped first.
        Invalid: naming each chosen center that cannot go back, and why.
    """
    rollout = to_act_on(rollout_id)
    if rollout.state in BUSY:
        raise RolloutRunning(**told(rollout))
    ways = _returning(rollout, centers)
    for (edition_id, amendments), returning in sorted(ways.items()):
        _return(rollout, edition_id, dict(amendments), returning, reason.strip())
    returned = [center for returning in ways.values() for center in returning]
    amendment_successors.take_back(rollout, returned, reason=reason.strip())
    return rollout


def _returning(rollout: Rollout, centers: Chosen) -> dict[Way, list[int]]:
    """Return the centers that go back, by the way they go."""
    statement = _with_answers(_adopted(rollout), rollout)
    if centers != "all":
        _refuse(rollout, centers)
        statement = statement.where(Delivery.center_id.in_(centers))
    rows = db.session.execute(
        statement.where(_can_return(rollout))
        .order_by(Delivery.center_id)
        .with_for_update(of=Delivery)
    ).all()
    if not rows:
        raise Conflict(say("rollout.nobody_to_return"))
    ways = defaultdict(list)
    for row in rows:
        amendments = ((row.answers_id, row.from_amendment_id),) if row.answers_id else ()
        ways[row.from_edition_id, amendments].append(row.center_id)
    return dict(ways)


def _with_answers(statement: Selection, rollout: Rollout) -> Selection:
    """Add the edition of the city's amendment that came with the edition, where it still stands.

    What the city has rolled out itself, before or since, stays: it did not come with the edition.
    """
    along = aliased(Adoption)
    return (
        statement.outerjoin(Merged, Merged.id == Adoption.merged_id)
        .outerjoin(
            along,
            and_(
                along.tenant_id == Delivery.center_id,
                along.edition_id == Merged.amendment_id,
                along.edition_id != Delivery.from_amendment_id,
                along.rollout_id == rollout.id,
            ),
        )
        .add_columns(Delivery.from_amendment_id, along.edition_id.label("answers_id"))
    )


def _refuse(rollout: Rollout, centers: Sequence[int]) -> None:
    """Refuse where one of the chosen cannot go back, with the reason for each."""
    rows = db.session.execute(
        select(Center.id, Center.name, Delivery.state, Delivery.from_edition_id)
        .add_columns(func.coalesce(_can_return(rollout), False).label("can"))
        .select_from(Delivery)
        .join(Center, Center.id == Delivery.center_id)
        .outerjoin(
            Adoption,
            and_(
                Adoption.tenant_id == Delivery.center_id,
                Adoption.standard_id == rollout.standard_id,
            ),
        )
        .where(Delivery.rollout_id == rollout.id, Delivery.center_id.in_(centers))
    ).all()
    wrong = [_why(row) for row in rows if not (row.can and row.state == DeliveryState.ADOPTED)]
    if strangers := sorted(set(centers) - {row.id for row in rows}):
        wrong.append(Fault("centers", say("rollout.not_in_it"), strangers, "delivery"))
    if wrong or not rows:
        raise Invalid(errors=wrong or [Fault("centers", say("rollout.centers"), [], "delivery")])


def _why(row: Any) -> Fault:
    """Say why a center cannot go back."""
    if row.state != DeliveryState.ADOPTED:
        message = say("rollout.not_adopted", center=row.name)
    elif row.from_edition_id is None:
        message = say("rollout.first_adoption", center=row.name)
    else:
        message = say("rollout.moved_on", center=row.name)
    return Fault("centers", message, row.id, "from")


def _return(
    rollout: Rollout,
    edition_id: int,
    amendments: Mapping[int, int],
    centers: list[int],
    reason: str,
) -> None:
    """Put centers back on an edition, and tell them why."""
    values = {"rollout": rollout.id, "centers": centers}
    again = {**values, "standard": rollout.standard_id, "today": today()}
    push.take_turns(centers)
    db.session.execute(_PUT_OFF_AGAIN, again)
    conflicts, _ = push.adopt(
        standard_id=rollout.standard_id,
        edition_id=edition_id,
        centers=centers,
        rollout_id=rollout.id,
        successors=amendments,
    )
    db.session.execute(_BACK, {**values, "reason": reason})
    to = db.session.get_one(Edition, edition_id)
    notices.tell(
        centers,
        "update_rolled_back",
        values={**named(rollout), "to": to.number, "reason": reason},
        to=f"/updates/{rollout.id}",
        needs="update.answer",
    )
    tell_conflicts(rollout, [center for center in centers if conflicts.get(center)])
