"""A center's departments over HTTP."""

from jinzhu.core.http import Routes
from jinzhu.standards.record_routes import (
    add_duty_routes,
    add_record_routes,
    add_supervision_routes,
)
from jinzhu.standards.records.record_schemas import DepartmentRowSchema

routes = Routes("departments", __name__)
add_duty_routes(routes, "department")
add_record_routes(routes, "department", DepartmentRowSchema())
add_supervision_routes(routes, "department")
