"""One page of a list, with its true total, in one statement."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, func, select

from jinzhu.core.db import Selection, db
from jinzhu.core.problems import invalid

Row = dict[str, Any]


def ordering(
    sort: str, allowed: Mapping[str, SQLColumnExpression[Any]], default: str
) -> list[ColumnElement[Any]]:
    """Turn `name,-code` into an order; only declared fields may be asked for."""
    order: list[ColumnElement[Any]] = []
    for part in (sort or default).split(","):
        name = part.strip()
        column = allowed.get(name.removeprefix("-"))
        if column is None:
            raise invalid("sort", "rule.sort", value=name, allowed=", ".join(allowed))
        order.append(column.desc().nulls_last() if name.startswith("-") else column.asc())
    return order


def page_of(
    statement: Selection,
    query: Mapping[str, Any],
    *,
    sortable: Mapping[str, SQLColumnExpression[Any]],
    default: str,
    last: Sequence[ColumnElement[Any]] = (),
    widened: Callable[[Subquery], Selection] | None = None,
    shape: Callable[[Row], Row] | None = None,
) -> Row:
    """Return the page of a statement as {rows, total, page, per_page}.

    `last` breaks ties, so that no row is shown twice or never when pages are turned.  `widened`
    selects what costs something for the rows of the page alone: then the statement needs no more
    than the keys, and filtering and counting touch little.
    """
    size, page = query["per_page"], query["page"]
    order = [*ordering(query["sort"], sortable, default), *last]
    paged = (
        statement.add_columns(func.count().over().label("_total"))
        .order_by(*order)
        .limit(size)
        .offset((page - 1) * size)
    )
    if widened:
        shown = paged.subquery("shown")
        paged = widened(shown).add_columns(shown.c["_total"]).order_by(*order)
    found = [dict(row._mapping) for row in db.session.execute(paged)]
    total = found[0]["_total"] if found else 0
    if not found and page > 1:
        total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    for row in found:
        del row["_total"]
    return {
        "rows": [shape(row) for row in found] if shape else found,
        "total": total,
        "page": page,
        "per_page": size,
    }
