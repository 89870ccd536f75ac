"""The history of a record: who changed what, when, and under which edition."""

from typing import Any

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.kinds import KINDS, Kind
from jinzhu.standards.models import Edition

_CHANGES = text("""
    SELECT at, actor_id, action, before, after, count(*) OVER () AS total FROM change
    WHERE tenant_id = :tenant AND record = :record AND record_id = :id
    ORDER BY id DESC LIMIT :size OFFSET :skip
""")
#: Columns of a row whose change is told, besides the local values.
TOLD = ("claim", "reason", "covered_by_id", "pinned_revision_id")


def page(kind: str, record_id: int, query: dict[str, Any], *, center_id: int) -> Row:
    """Return the changes of a record, the newest first."""
    model = models()[kind]
    visible = (
        in_force(model)
        .with_only_columns(model.id)
        .where(model.id == record_id, model.tenant_id == center_id)
    )
    own = departments_of_post()
    if db.session.scalar(visible if own is None else visible.where(own)) is None:
        raise NotFound(id=record_id)
    size = query["per_page"]
    found = db.session.execute(
        _CHANGES,
        {
            "tenant": center_id,
            "record": model.__tablename__,
            "id": record_id,
            "size": size,
            "skip": (query["page"] - 1) * size,
        },
    ).all()
    people = names_of(row.actor_id for row in found)
    numbers = _edition_numbers(found)
    return {
        "rows": [_told(KINDS[kind], row, people, numbers) for row in found],
        "total": found[0].total if found else 0,
        "page": query["page"],
        "per_page": size,
    }


def _edition_numbers(found: Any) -> dict[int, int | None]:
    numbers = {
        mark["edition"]
        for row in found
        for mark in ((row.after or {}).get("set_under") or {}).values()
    }
    rows = db.session.execute(select(Edition.id, Edition.number).where(Edition.id.in_(numbers)))
    return {row.id: row.number for row in rows}


def _told(kind: Kind, row: Any, people: dict[int | None, str], numbers: dict[int, Any]) -> Row:
    before, after = row.before or {}, row.after or {}
    changes = _values(kind, before.get("local") or {}, after.get("local") or {})
    changes += [
        {
            "field": name,
            "label": say(f"history.{name}"),
            "before": before.get(name) or None,
            "after": after.get(name) or None,
        }
        for name in TOLD
        if (before.get(name) or None) != (after.get(name) or None)
    ]
    marks = after.get("set_under") or {}
    editions = [numbers.get(marks[c["field"]]["edition"]) for c in changes if c["field"] in marks]
    action = row.action if row.before is not None else "created"
    return {
        "at": row.at,
        "actor": people.get(row.actor_id, say("history.system")),
        "action": action,
        "changes": changes,
        "edition": {"number": editions[0]} if editions else None,
    }


def _values(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    return [
        {
            "field": field.name,
            "label": kind.label(field.name),
            "before": before.get(field.name),
            "after": after.get(field.name),
        }
        for field in kind.fields
        if before.get(field.name) != after.get(field.name)
    ]
