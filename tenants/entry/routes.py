"""Over HTTP: what has entered, what has not, how much of what is due, and what changed.

Each as the center itself reads it, and as those above it do.
"""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage
from jinzhu.standards.record_routes import own_center
from tenants.entry import above, reading, service
from tenants.entry.schemas import (
    BelowQuery,
    BelowSchema,
    ChangeFiguresSchema,
    ChangeSchema,
    ChangesQuery,
    EntryQuery,
    EntryRowSchema,
    EntryStandingSchema,
    MonthQuery,
    RatesQuery,
    RatesSchema,
)

READ, WATCH = "procedure.read", "coverage.read"
routes = Routes("entries", __name__)


@routes.on("GET ", needs=READ, query=EntryQuery(), gives=rows_of(EntryRowSchema()))
def list_entries(query: dict[str, Any]) -> Row:
    """List what this center offers, with how each stands; not_entered is due but not entered."""
    return reading.page(query["object"], query, center_id=own_center())


@routes.on("GET /standing/<kind>/<int:provision_id>", needs=READ, gives=EntryStandingSchema())
def read_standing(kind: str, provision_id: int) -> Row:
    """Show how a department or an item stands to this center, and what can be begun for it."""
    if kind not in service.GROUPED_BY:
        raise NotFound(kind=kind)
    return reading.standing(kind, provision_id)


@routes.on("GET /rates", needs=READ, query=RatesQuery(), gives=RatesSchema())
def read_rates(query: dict[str, Any]) -> Row:
    """Show the entry rate of this center by class, type or department."""
    return service.rates(query["object"], own_center(), by=query["by"])


@routes.on("GET /changes", needs=READ, query=ChangesQuery(), gives=rows_of(ChangeSchema()))
def list_changes(query: dict[str, Any]) -> Row:
    """List what began in a month."""
    return reading.changes(query, center_id=own_center())


@routes.on("GET /changes/figures", needs=READ, query=MonthQuery(), gives=ChangeFiguresSchema())
def read_change_figures(query: dict[str, Any]) -> Row:
    """Show how much began in a month, by kind of change."""
    return reading.change_figures(query, center_id=own_center())


@routes.on("GET /below", needs=WATCH, query=BelowQuery(), gives=BelowSchema(), reach=Reach.SUBTREE)
def read_below(query: dict[str, Any]) -> Row:
    """Show how what the centers below offer stands: by center, by class or type, and in all."""
    return above.below(query["object"], parent=query["parent"], each=query["each"])


@routes.on(
    "GET /of/<int:center_id>",
    needs=WATCH,
    query=EntryQuery(),
    gives=rows_of(EntryRowSchema()),
    reach=Reach.SUBTREE,
)
def list_entries_below(query: dict[str, Any], center_id: int) -> Row:
    """List how what a center below this one offers stands."""
    return reading.page(query["object"], query, center_id=coverage.below(center_id).id)


@routes.on(
    "GET /rates/of/<int:center_id>",
    needs=WATCH,
    query=RatesQuery(),
    gives=RatesSchema(),
    reach=Reach.SUBTREE,
)
def read_rates_below(query: dict[str, Any], center_id: int) -> Row:
    """Show the entry rate of a center below this one."""
    return service.rates(query["object"], coverage.below(center_id).id, by=query["by"])


@routes.on(
    "GET /changes/of/<int:center_id>",
    needs=WATCH,
    query=ChangesQuery(),
    gives=rows_of(ChangeSchema()),
    reach=Reach.SUBTREE,
)
def list_changes_below(query: dict[str, Any], center_id: int) -> Row:
    """List what began in a month at a center below this one."""
    return reading.changes(query, center_id=coverage.below(center_id).id)


@routes.on(
    "GET /changes/figures/of/<int:center_id>",
    needs=WATCH,
    query=MonthQuery(),
    gives=ChangeFiguresSchema(),
    reach=Reach.SUBTREE,
)
def read_change_figures_below(query: dict[str, Any], center_id: int) -> Row:
    """Show how much began in a month at a center below this one."""
    return reading.change_figures(query, center_id=coverage.below(center_id).id)
