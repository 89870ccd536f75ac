"""Whether an edition is published only after somebody else has approved it.

The rule of a standard holds for what was begun under it, also where it was lifted since: else
whoever writes a draft would lift it, and publish alone.
"""

from collections.abc import Iterable

from sqlalchemy import select

from jinzhu.core.db import add, db
from jinzhu.standards.models import Edition, ReviewAct, ReviewEvent, Standard


def bound(edition: Edition, standard: Standard) -> bool:
    """Return whether an edition in work needs an approval."""
    return standard.reviewed or edition.id in begun_under([edition.id])


def begun_under(in_work: Iterable[int]) -> set[int]:
    """Return those editions in work that were there when the rule of their standard was lifted."""
    wanted = list(in_work)
    if not wanted:
        return set()
    kept = select(ReviewEvent.edition_id).where(
        ReviewEvent.edition_id.in_(wanted), ReviewEvent.act == ReviewAct.REQUIRED
    )
    return {number for number in db.session.scalars(kept) if number}


def keep_for(standard: Standard) -> None:
    """Write down that what is in work needs an approval, as the rule of its standard is lifted."""
    # A standard has one edition in work at a time.
    number = db.session.scalar(
        select(Edition.id).where(Edition.standard_id == standard.id, Edition.in_work())
    )
    if number and not begun_under([number]):
        add(ReviewEvent(standard_id=standard.id, edition_id=number, act=ReviewAct.REQUIRED))
