"""One page of a list, with its true total, in one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    Subquery,
    bindparam,
    func,
    select,
)

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


@dataclass(frozen=True, slots=True)
class Paged:
    """The SQL of a list: one page of it with the total, and the total alone."""

    page: Selection
    total: Select[int]


def paged(
    statement: Selection,
    sort: str,
    *,
    sortable: Mapping[str, SQLColumnExpression[Any]],
    default: str,
    last: Sequence[ColumnElement[Any]] = (),
    widened: Callable[[Subquery], Selection] | None = None,
) -> Paged:
    """Return a statement cut into pages.

    `last` breaks ties, so that no row is shown twice or never when pages are turned.  `widened`
    selects what costs something for the rows of the page alone: then the statement needs no more
    than the keys, and filtering and counting touch little.
    """
    order = [*ordering(sort, sortable, default), *last]
    page = (
        statement.add_columns(func.count().over().label("_total"))
        .order_by(*order)
        .limit(bindparam("_limit", type_=Integer))
        .offset(bindparam("_offset", type_=Integer))
    )
    if widened:
        rows = page.subquery("page")
        page = widened(rows).add_columns(rows.c["_total"]).order_by(*order)
    return Paged(page, select(func.count()).select_from(statement.subquery()))


def shown(
    found: Paged,
    query: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    *,
    shape: Callable[[Row], Row] | None = None,
) -> Row:
    """Return a page as {rows, total, page, per_page}; `values` are those of its parameters."""
    size, page = query["per_page"], query["page"]
    cut = {"_limit": size, "_offset": (page - 1) * size}
    result = db.session.execute(found.page, {**(values or {}), **cut})
    names = list(result.keys())
    rows = [dict(zip(names, row, strict=True)) for row in result]
    total = rows[0]["_total"] if rows else 0
    if not rows and page > 1:
        total = db.session.scalar(found.total, dict(values or {})) or 0
    for row in rows:
        del row["_total"]
    return {
        "rows": [shape(row) for row in rows] if shape else rows,
        "total": total,
        "page": page,
        "per_page": size,
    }


def page_of(
    statement: Selection,
    query: Mapping[str, Any],
    *,
    sortable: Mapping[str, SQLColumnExpression[Any]],
    default: str,
    last: Sequence[ColumnElement[Any]] = (),
    shape: Callable[[Row], Row] | None = None,
) -> Row:
    """Return the page of a statement that the query asks for."""
    found = paged(statement, query["sort"], sortable=sortable, default=default, last=last)
    return shown(found, query, shape=shape)
