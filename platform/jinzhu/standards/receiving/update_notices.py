"""What the owner of a roll-out is told of the answers below: put off, declined, kept otherwise.

Of single fields it is told once for each center and kind of answer; the board has the rest.
"""

from datetime import date
from typing import Any

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices
from jinzhu.standards.models import Answer, Rollout, UpdateAnswer
from jinzhu.standards.rollouts.rollout_deliver import named


def tell_postponed(rollout: Rollout, *, until: date, reason: str) -> None:
    """Tell that the own center puts the whole edition off."""
    _tell(rollout, "answer_postponed", until=until, reason=reason.strip())


def tell_declined(rollout: Rollout, *, reason: str) -> None:
    """Tell that the own center does not take what was offered."""
    _tell(rollout, "answer_declined", reason=reason.strip())


def tell_answers(rollout_id: int, *, kept: int, later: int) -> None:
    """Tell that the own center begins to keep fields, or to put them off; before it is written."""
    given = {Answer.KEEP: kept, Answer.LATER: later}
    wanted = [answer for answer, count in given.items() if count]
    if not wanted:
        return
    before = select(UpdateAnswer.answer).where(
        UpdateAnswer.tenant_id == current().tenant_id,
        UpdateAnswer.rollout_id == rollout_id,
        UpdateAnswer.answer.in_(wanted),
    )
    known = set(db.session.scalars(before.distinct()))
    rollout = db.session.get_one(Rollout, rollout_id)
    if kept and Answer.KEEP not in known:
        _tell(rollout, "answer_kept", count=kept)
    if later and Answer.LATER not in known:
        _tell(rollout, "answer_later", count=later)


def _tell(rollout: Rollout, code: str, **values: Any) -> None:
    center = db.session.get_one(Center, current().tenant_id)
    if rollout.owner_id == center.id:
        return
    notices.tell(
        [rollout.owner_id],
        code,
        values={**named(rollout), "center": center.name, **values},
        to=f"/rollouts/{rollout.id}",
        needs="rollout.read",
    )
