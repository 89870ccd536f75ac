"""The names of departments in an edition, read once: what is published never changes.

A line standard and a center's own catalogue name departments that stand in the general standards
around them; those are read once in a transaction.
"""

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.standards.models import EditionEntry, Revision

#: The departments of the newest edition of each general standard of a center and those above it;
#: where several name one, the uppermost does.
_AROUND = text("""
    SELECT DISTINCT ON (r.code) r.code, r.name
    FROM center c
    JOIN standard s ON s.owner_id = ANY (c.path) AND s.nature = 'general'
        AND s.id <> :without
    JOIN LATERAL (
        SELECT id FROM edition WHERE standard_id = s.id AND state = 'published'
        ORDER BY number DESC LIMIT 1) e ON true
    JOIN edition_entry n ON n.edition_id = e.id
    JOIN revision r ON r.id = n.revision_id AND r.kind = 'department'
    WHERE c.id = :center
    ORDER BY r.code, array_position(c.path, s.owner_id), s.id
""")
_OWNER = text("SELECT owner_id FROM edition WHERE id = :edition")
_read: WeakKeyDictionary[Any, dict[tuple[int, int], dict[str, str]]] = WeakKeyDictionary()


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
    if not edition_id:
        return {}
    try:
        return _names(edition_id)
    except _NotYet:
        return departments_around(db.session.scalar(_OWNER, {"edition": edition_id}) or 0)


def departments_around(center_id: int, *, without: int = 0) -> dict[str, str]:
    """Return the departments that the general standards of a center and those above it know.

    `without` names a standard to leave out: its own departments are what is being changed.
    """
    db.session.connection()  # begins the transaction, where none has begun
    known = _read.setdefault(db.session().get_transaction(), {})
    asked = center_id, without
    if asked not in known:
        rows = db.session.execute(_AROUND, {"center": center_id, "without": without})
        known[asked] = {row.code: row.name for row in rows}
    return known[asked]
