"""How items and departments of a center are found: by name, code or pinyin."""

from collections.abc import Mapping
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards import words
from jinzhu.standards.claims import models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.finding import found_by, hit
from jinzhu.standards.models import Revision
from tenants.entry import service


@found_by("item", needs="item.read")
def items(query: Mapping[str, Any]) -> Row:
    """Find the items that the own center offers."""
    return _records("item", query)


@found_by("department", needs="department.read")
def departments(query: Mapping[str, Any]) -> Row:
    """Find the departments that the own center offers."""
    return _records("department", query)


def _records(kind: str, query: Mapping[str, Any]) -> Row:
    model, center = models()[kind], current().tenant_id or 0
    statement = service.offered(kind, center).where(words.found(query["q"]))
    names = departments_around(center)

    def shape(row: Row) -> Row:
        code = row["department_code"]
        return hit(
            row["id"],
            row["name"],
            code=row["code"],
            detail=(names.get(code) or code) if kind == "item" else "",
            state=say(f"entry_state.{row['state']}"),
            to=f"/{kind}s/{row['id']}",
        )

    return page_of(
        statement.with_only_columns(
            model.id,
            Revision.code,
            Revision.name,
            service.department(kind).label("department_code"),
            service.state().label("state"),
        ),
        query,
        sortable={
            "best": words.nearness(query["q"], name=Revision.name, code=Revision.code),
            "name": Revision.name_key,
        },
        default="best,name",
        last=[Revision.provision_id.asc()],
        shape=shape,
    )
