"""The names of departments in an edition, read once: what is published never changes."""

from functools import lru_cache

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.standards.models import EditionEntry, Revision


class _NotYet(Exception):
    """The edition is not visible here; nothing may be remembered of it."""


@lru_cache(maxsize=256)
def _names(edition_id: int) -> dict[str, str]:
    rows = db.session.execute(
        select(Revision.code, Revision.name)
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .where(EditionEntry.edition_id == edition_id, Revision.kind == "department")
    ).all()
    if not rows:
        raise _NotYet
    return {row.code: row.name for row in rows}


def department_names(edition_id: int | None) -> dict[str, str]:
    """Return the name of each department of a published edition by its code.

    For editions that the caller has already been given rows of: the boundary was passed there.
    """
    try:
        return _names(edition_id) if edition_id else {}
    except _NotYet:
        return {}
