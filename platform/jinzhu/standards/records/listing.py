"""The list of what a center offers, with the values that hold.

It is the page people look at most.  Its SQL is built once for each combination of filters, because
building it takes longer than sending it, and it reads the contents for the rows of the page alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Subquery,
    and_,
    bindparam,
    func,
    select,
)

from jinzhu.core.db import Selection
from jinzhu.core.pages import Paged, Row, paged, shown
from jinzhu.standards import words
from jinzhu.standards.claims import (
    broken,
    effective,
    filtered,
    filters,
    governed_by,
    in_force,
    lacking,
    missing,
    models,
    number,
)
from jinzhu.standards.departments import department_names
from jinzhu.standards.models import Adoption, Claim, Revision

NUMBERS = ("statutory_limit", "committed_limit", "visit_count", "fee")
TEXTS = ("department_class", "presence_mode", "phone", "window_zone", "leader")
STATES = ("incomplete", "complete", "conflict")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A list as somebody asks for it: everything of it but the values."""

    kind: str
    state: str
    sort: str
    filters: frozenset[str]
    words: words.Shape


def page(kind: str, query: dict[str, Any], *, center_id: int) -> Row:
    """Return a page of what a center offers, with the values that hold."""
    given = filters(query)
    typed = given.pop("q", "")
    asked = _Asked(
        kind, query.get("state", ""), query["sort"], frozenset(given), words.shape(typed)
    )
    values = {"center": center_id, **given, **words.values(typed)}
    return shown(_prepared(asked), query, values, shape=_shape)


@lru_cache(maxsize=512)
def _prepared(asked: _Asked) -> Paged:
    """Build the SQL of a list, with a parameter for each value; none has a default."""
    given: dict[str, Any] = {
        name: bindparam(name, expanding=name == "own_departments") for name in asked.filters
    }
    if asked.words:
        given["q"] = asked.words
    model = models()[asked.kind]
    statement = in_force(model).with_only_columns(
        model.tenant_id, model.id, Adoption.edition_id, Revision.id.label("revision_id")
    )
    statement = statement.where(
        model.tenant_id == bindparam("center"), model.claim == Claim.OFFERED
    )
    if asked.state:
        statement = statement.where(_stated(model, asked.state))
    return paged(
        filtered(statement, given),
        asked.sort,
        sortable=_sortable(asked.kind),
        default="name",
        last=[model.id.asc()],
        widened=_widened(asked.kind),
    )


def _stated(model: Any, state: str) -> ColumnElement[bool]:
    """Return the condition for a state of a record."""
    whole: ColumnElement[bool] = model.local.has_all(Revision.required_fields)
    match state:
        case "incomplete":
            return ~whole
        case "conflict":
            return func.cardinality(broken(model)) > 0
        case _:
            return and_(whole, func.cardinality(broken(model)) == 0)


def _own_values(kind: str) -> dict[str, ColumnElement[Any]]:
    """Return the values that the list shows beside what identifies a record."""
    return {
        name: effective(models()[kind], name) for name in (NUMBERS if kind == "item" else TEXTS)
    }


def _sortable(kind: str) -> dict[str, SQLColumnExpression[Any]]:
    found: dict[str, SQLColumnExpression[Any]] = {
        "name": Revision.name_key,
        "code": Revision.code,
        "department": Revision.department_code,
        "item_type": Revision.item_type,
        "missing": missing(models()[kind]),
    }
    if kind == "item":
        found |= {name: number(value) for name, value in _own_values(kind).items()}
    return found


def _widened(kind: str) -> Callable[[Subquery], Selection]:
    """Return what is shown of each row of the page."""
    model = models()[kind]

    def select_all(page: Subquery) -> Selection:
        return (
            select(
                model.id,
                model.provision_id,
                page.c.edition_id,
                Revision.code,
                Revision.name,
                Revision.item_type,
                Revision.department_code,
                *(value.label(name) for name, value in _own_values(kind).items()),
                func.cardinality(Revision.required_fields).label("required"),
                missing(model).label("missing"),
                lacking(model).label("lacking"),
                func.cardinality(broken(model)).label("conflicts"),
                _differing(model).label("differs"),
                governed_by(model).label("governed_by"),
                model.version,
            )
            .select_from(page)
            .join(model, and_(model.tenant_id == page.c.tenant_id, model.id == page.c.id))
            .join(Revision, Revision.id == page.c.revision_id)
        )

    return select_all


def _differing(model: Any) -> ColumnElement[int]:
    """Return how many values of the standard a center has replaced by its own."""
    keys = func.jsonb_object_keys(model.local).table_valued("key").render_derived()
    return (
        select(func.count())
        .select_from(keys)
        .where(Revision.content.has_key(keys.c.key))
        .correlate(model, Revision)
        .scalar_subquery()
    )


def _shape(row: Row) -> Row:
    names = department_names(row.pop("edition_id"))
    return {**row, "department_name": names.get(row["department_code"], "")}
