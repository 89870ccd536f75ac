"""Rollback 回退: centers go back to the edition they came from; local work done since stays.

A pointer per center, moved in one transaction: all of them go back, or none.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, Fault, Invalid
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices, push
from jinzhu.standards.models import (
    Adoption,
    Delivery,
    DeliveryState,
    Edition,
    Rollout,
)
from jinzhu.standards.rollouts.rollout_base import BUSY, RolloutRunning, to_act_on
from jinzhu.standards.rollouts.rollout_centers import Chosen
from jinzhu.standards.rollouts.rollout_deliver import named, tell_conflicts

_BACK = text("""
    UPDATE delivery SET state = 'rolled_back', reason = :reason, conflicts = 0,
        finished_at = now()
    WHERE rollout_id = :rollout AND center_id = ANY (CAST(:centers AS int[]))
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
        raise RolloutRunning(rollout_id=rollout.id)
    returning = _returning(rollout, centers)
    for edition_id in sorted(set(returning.values())):
        chosen = sorted(center for center, old in returning.items() if old == edition_id)
        _return(rollout, edition_id, chosen, reason.strip())
    return rollout


def _returning(rollout: Rollout, centers: Chosen) -> dict[int, int]:
    """Return for each center that goes back the edition it goes to."""
    statement = _adopted(rollout)
    if centers != "all":
        _refuse(rollout, centers)
        statement = statement.where(Delivery.center_id.in_(centers))
    rows = db.session.execute(
        statement.where(_can_return(rollout)).with_for_update(of=Delivery)
    ).all()
    if not rows:
        raise Conflict(say("rollout.nobody_to_return"))
    return {row.center_id: row.from_edition_id for row in rows}


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


def _return(rollout: Rollout, edition_id: int, centers: list[int], reason: str) -> None:
    """Put centers back on an edition, and tell them why."""
    conflicts, _ = push.adopt(
        standard_id=rollout.standard_id,
        edition_id=edition_id,
        centers=centers,
        rollout_id=rollout.id,
    )
    db.session.execute(_BACK, {"rollout": rollout.id, "centers": centers, "reason": reason})
    to = db.session.get_one(Edition, edition_id)
    notices.tell(
        centers,
        "update_rolled_back",
        values={**named(rollout), "to": to.number, "reason": reason},
        to=f"/updates/{rollout.id}",
        needs="update.answer",
    )
    tell_conflicts(rollout, [center for center in centers if conflicts.get(center)])
