"""A center's items over HTTP, and the handling procedures that departments confirm."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.standards.quality.quality_routes import add_quality_routes
from jinzhu.standards.record_routes import (
    add_duty_routes,
    add_record_routes,
    add_supervision_routes,
)
from jinzhu.standards.records.record_schemas import ItemRowSchema
from tenants.item import acts, reading
from tenants.item.schemas import (
    ConfirmationInSchema,
    ConfirmedSchema,
    HandlingQuery,
    HandlingRowSchema,
)

routes = Routes("items", __name__)
add_duty_routes(routes, "item")
add_record_routes(routes, "item", ItemRowSchema())
add_supervision_routes(routes, "item")
add_quality_routes(routes, "item")


@routes.on(
    "GET /handling", needs="item.read", query=HandlingQuery(), gives=rows_of(HandlingRowSchema())
)
def list_handling(query: dict[str, Any]) -> Row:
    """List the handling steps of items, those that have to be confirmed first."""
    return reading.page(query)


@routes.on(
    "POST /handling/confirmations",
    needs="item.write",
    takes=ConfirmationInSchema(),
    gives=ConfirmedSchema(),
)
def confirm_handling(values: dict[str, Any]) -> Row:
    """Confirm for the department the handling steps of items as they were seen."""
    return acts.confirm(values["rows"])
