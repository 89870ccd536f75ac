"""What a city's answers come to: the edition of its amendment that carries them.

It is made when the last answer to a roll-out is given, or when the roll-out begins and all were
given ahead of it.
"""

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.core.transaction import on_behalf_of
from jinzhu.standards import notices
from jinzhu.standards.editions import amendment_successors
from jinzhu.standards.models import AmendmentConflict, Edition, Standard


def conclude(rollouts: Iterable[int | None]) -> None:
    """Publish the own amendment that carries the answers, where the last one has been given.

    What is answered ahead of a roll-out waits for it.
    """
    for rollout_id in sorted(number for number in rollouts if number is not None):
        conflicts = db.session.scalars(
            select(AmendmentConflict)
            .where(
                AmendmentConflict.tenant_id == current().tenant_id,
                AmendmentConflict.rollout_id == rollout_id,
            )
            .order_by(AmendmentConflict.id)
        ).all()
        answered = [conflict for conflict in conflicts if conflict.resolution]
        carried = all(conflict.successor_id for conflict in answered)
        if not carried and all(conflict.settled_at for conflict in conflicts):
            newest = amendment_successors.publish(rollout_id, answered)
            _tell_settled(answered[0], newest)


def conclude_complete(rollout_id: int) -> None:
    """Do so for the cities below that have answered all, and of which nothing came of it yet.

    Needs the reach PUSH.  The edition is published in the name of who gave the last answer.
    """
    resolved = AmendmentConflict.resolution.is_not(None)
    complete = (
        select(AmendmentConflict.tenant_id)
        .where(AmendmentConflict.rollout_id == rollout_id)
        .group_by(AmendmentConflict.tenant_id)
        .having(
            func.bool_and(AmendmentConflict.settled_at.is_not(None)),
            func.bool_or(resolved),
            func.bool_and(or_(~resolved, AmendmentConflict.successor_id.is_(None))),
        )
        .order_by(AmendmentConflict.tenant_id)
    )
    for city_id in db.session.scalars(complete).all():
        with on_behalf_of(city_id, actor_id=_last_to_answer(rollout_id, city_id)):
            conclude([rollout_id])


def _last_to_answer(rollout_id: int, city_id: int) -> int | None:
    return db.session.scalar(
        select(AmendmentConflict.settled_by)
        .where(
            AmendmentConflict.tenant_id == city_id,
            AmendmentConflict.rollout_id == rollout_id,
            AmendmentConflict.resolution.is_not(None),
        )
        .order_by(AmendmentConflict.settled_at.desc(), AmendmentConflict.id)
        .limit(1)
    )


def _tell_settled(conflict: AmendmentConflict, newest: Edition) -> None:
    standard = db.session.get_one(Standard, conflict.standard_id)
    edition = db.session.get_one(Edition, conflict.edition_id)
    notices.tell(
        [conflict.tenant_id],
        "amendment_settled",
        values={
            "standard": standard.name,
            "edition": edition.number,
            "number": newest.number,
        },
        to=f"/editions/{newest.id}",
        needs="amendment.settle",
    )
