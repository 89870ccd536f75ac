"""An edition of an amendment as the city's answer, where an edition from above waits for one.

What the city publishes while its centers wait, and what leaves nothing that the edition from above
does not allow, says all there is to say: the centers go to both in one step, without anybody
answering field by field.
"""

from sqlalchemy import func, select, text, update

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.standards.models import AmendmentConflict, Edition, Standard

#: Of what the city amended nothing is outside: whatever its centers stand on, it is the next one.
_ANSWERS = text("""
    SELECT NOT EXISTS (
        SELECT FROM edition_entry lower
        JOIN edition_entry upper ON upper.edition_id = :upper
            AND upper.provision_id = lower.provision_id
        JOIN revision a ON a.id = lower.revision_id
        JOIN revision r ON r.id = upper.revision_id
        WHERE lower.edition_id = :edition AND app.broken(r.bounds, a.content) <> '{}'
    )
""")


def look(edition: Edition) -> None:
    """Take an edition that is being published for the answer that somebody waits for, if it is."""
    standard = db.session.get_one(Standard, edition.standard_id)
    waiting = (
        select(AmendmentConflict.rollout_id, AmendmentConflict.edition_id)
        .where(
            AmendmentConflict.tenant_id == current().tenant_id,
            AmendmentConflict.standard_id == standard.amends_id,
            AmendmentConflict.settled_at.is_(None),
            AmendmentConflict.rollout_id.is_not(None),
        )
        .order_by(AmendmentConflict.rollout_id.desc())
        .limit(1)
    )
    for rollout_id, upper_id in db.session.execute(waiting).all():
        if _answers(edition, upper_id):
            edition.for_rollout_id = rollout_id
            _settle(rollout_id, edition.id)


def _answers(edition: Edition, upper_id: int) -> bool:
    """Return whether an edition leaves nothing open that the one from above asks."""
    values = {"edition": edition.id, "upper": upper_id}
    with reaching(Reach.PUSH):
        return bool(db.session.scalar(_ANSWERS, values))


def _settle(rollout_id: int | None, edition_id: int) -> None:
    own = (
        AmendmentConflict.tenant_id == current().tenant_id,
        AmendmentConflict.rollout_id == rollout_id,
    )
    open_ones = update(AmendmentConflict).where(*own, AmendmentConflict.settled_at.is_(None))
    db.session.execute(
        open_ones.values(settled_at=func.now(), settled_by=current().actor_id),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(
        update(AmendmentConflict).where(*own).values(successor_id=edition_id),
        execution_options={"synchronize_session": False},
    )
    db.session.flush()
