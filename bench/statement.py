"""The SQL of the list of items, as the product really sends it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from bench.province import Province
from bench.site import Site
from jinzhu.core.db import db
from jinzhu.core.tenancy import Scope
from jinzhu.core.transaction import work
from jinzhu.standards.records import listing

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with named parameters, for psycopg."""

    sql: str
    parameters: dict[str, Any]
    #: The names of the parameters that differ from request to request.
    center: tuple[str, ...]
    item_type: str
    offset: str

    def given(self, *, center: int, item_type: str, page: int) -> dict[str, Any]:
        """Return the parameters of a page of a center."""
        return {
            **self.parameters,
            **dict.fromkeys(self.center, center),
            self.item_type: item_type,
            self.offset: (page - 1) * PER_PAGE,
        }


def list_of_items(site: Site, province: Province) -> Statement:
    """Ask the product for a page, and write down the one statement it sends for it."""
    center, item_type, page = province.centers[0], "types", 4321
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, sql: str, parameters: Any, *___: Any) -> None:
        sent.append((sql, parameters))

    query = {"item_type": item_type, "page": page, "per_page": PER_PAGE, "sort": "name"}
    with site.app.app_context(), work(Scope(center)):
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            listing.page("item", query, center_id=center)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    found = [(sql, values) for sql, values in sent if item_type in _values(values)]
    return _described(*found[0], center=center, item_type=item_type, offset=(page - 1) * PER_PAGE)


def _values(parameters: Any) -> list[Any]:
    return list(parameters.values()) if isinstance(parameters, dict) else []


def _described(
    sql: str, parameters: dict[str, Any], *, center: int, item_type: str, offset: int
) -> Statement:
    def named(value: Any) -> list[str]:
        return [name for name, given in parameters.items() if given == value]

    tenants = [name for name in named(center) if "tenant" in name or "center" in name]
    return Statement(sql, dict(parameters), tuple(tenants), named(item_type)[0], named(offset)[0])
