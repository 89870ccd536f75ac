"""Over HTTP: what has entered, what has not, how much of what is due, and what changed."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage
from jinzhu.standards.record_routes import own_center
from tenants.entry import reading
from tenants.entry.schemas import (
    ChangeSchema,
    ChangesQuery,
    EntryQuery,
    EntryRowSchema,
    RatesQuery,
    RatesSchema,
)

routes = Routes("entries", __name__)


@routes.on("GET ", needs="procedure.read", query=EntryQuery(), gives=rows_of(EntryRowSchema()))
def list_entries(query: dict[str, Any]) -> Row:
    """List what this center offers, with how each stands; not_entered is due but not entered."""
    return reading.page(query["object"], query, center_id=own_center())


@routes.on("GET /rates", needs="procedure.read", query=RatesQuery(), gives=RatesSchema())
def read_rates(query: dict[str, Any]) -> Row:
    """Show the entry rate of this center by class or type."""
    return reading.rates(query["object"], own_center())


@routes.on(
    "GET /changes", needs="procedure.read", query=ChangesQuery(), gives=rows_of(ChangeSchema())
)
def list_changes(query: dict[str, Any]) -> Row:
    """List what began in a month."""
    return reading.changes(query, center_id=own_center())


@routes.on(
    "GET /of/<int:center_id>",
    needs="coverage.read",
    query=EntryQuery(),
    gives=rows_of(EntryRowSchema()),
    reach=Reach.SUBTREE,
)
def list_entries_below(query: dict[str, Any], center_id: int) -> Row:
    """List how what a center below this one offers stands."""
    return reading.page(query["object"], query, center_id=coverage.below(center_id).id)


@routes.on(
    "GET /rates/of/<int:center_id>",
    needs="coverage.read",
    query=RatesQuery(),
    gives=RatesSchema(),
    reach=Reach.SUBTREE,
)
def read_rates_below(query: dict[str, Any], center_id: int) -> Row:
    """Show the entry rate of a center below this one."""
    return reading.rates(query["object"], coverage.below(center_id).id)
