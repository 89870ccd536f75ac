"""One page of a list, with its true total, in one statement."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select

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
    shape: Callable[[Row], Row] | None = None,
) -> Row:
    """Return the page of a statement as {rows, total, page, per_page}.

    `last` breaks ties, so that no row is shown twice or never when pages are turned.
    """
    size, page = query["per_page"], query["page"]
    paged = (
        statement.add_columns(func.count().over().label("_total"))
        .order_by(*ordering(query["sort"], sortable, default), *last)
        .limit(size)
        .offset((page - 1) * size)
    )
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
