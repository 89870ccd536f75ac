"""Handling procedures 办理程序 as people read them: which steps hold, who confirmed them when."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from jinzhu.core.access import may
from jinzhu.core.db import Selection, db
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards import desk
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Edition
from tenants.item.service import ASKED, STATES, handled

_TEXTS = ARRAY(Text)


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of items with their steps; what has to be confirmed stands first."""
    rows = handled(query).subquery("handled")
    statement: Selection = select(rows, Edition.number.label("edition_number")).outerjoin(
        Edition, Edition.id == rows.c.edition_id
    )
    if query.get("state") == "asked":
        statement = statement.where(rows.c.state.in_(ASKED))
    elif query.get("state"):
        statement = statement.where(rows.c.state == query["state"])
    if query.get("record"):
        statement = statement.where(rows.c.record_id == query["record"])
    found = page_of(
        statement,
        query,
        sortable={
            "name": rows.c.name_key,
            "department": rows.c.department_code,
            "state": func.array_position(cast(list(STATES), _TEXTS), rows.c.state),
            "confirmed_at": rows.c.confirmed_at,
        },
        default="state,department,name",
        last=[rows.c.record_id.asc()],
    )
    names = departments_around(current().tenant_id or 0)
    people = names_of(row["confirmed_by"] for row in found["rows"])
    for row in found["rows"]:
        row["department_name"] = names.get(row["department_code"], row["department_code"])
        row["confirmed_by"] = people.get(row["confirmed_by"])
        for name in ("name_key", "edition_id", "now_under"):
            del row[name]
    return found


@desk.waits("todo")
def _on_desk() -> list[Row]:
    """Return for how many items the department has to confirm the steps."""
    if not may("item.write"):
        return []
    rows = handled({}).subquery("handled")
    asked = select(func.count()).select_from(rows).where(rows.c.state.in_(ASKED))
    return [desk.entry("handling_asked", db.session.scalar(asked) or 0, "/handling?state=asked")]
