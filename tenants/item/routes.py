"""A center's items over HTTP."""

from jinzhu.core.http import Routes
from jinzhu.standards.record_routes import (
    add_duty_routes,
    add_record_routes,
    add_supervision_routes,
)
from jinzhu.standards.records.record_schemas import ItemRowSchema

routes = Routes("items", __name__)
add_duty_routes(routes, "item")
add_record_routes(routes, "item", ItemRowSchema())
add_supervision_routes(routes, "item")
