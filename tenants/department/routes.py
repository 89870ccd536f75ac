"""A center's departments over HTTP: the records, the roster, and everything of one on one page."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.files import sending
from jinzhu.standards import coverage
from jinzhu.standards.record_routes import (
    add_duty_routes,
    add_record_routes,
    add_supervision_routes,
    own_center,
)
from jinzhu.standards.records.record_schemas import DepartmentRowSchema
from tenants.department import acts, reading
from tenants.department.schemas import (
    DayQuery,
    DepartmentSchema,
    EvaluationRuleInSchema,
    LeaveWindowsSchema,
    LeavingWindowsSchema,
    RosterCentersQuery,
    RosterCentersSchema,
    RosterFiguresSchema,
    RosterQuery,
    RosterRowSchema,
)
from tenants.support import service as support

routes = Routes("departments", __name__)
add_duty_routes(routes, "department")
add_record_routes(routes, "department", DepartmentRowSchema())
add_supervision_routes(routes, "department")

READ, WRITE = "department.read", "department.write"
ONE = "/roster/<int:provision_id>"
BELOW = "/roster/of/<int:center_id>"
LIST = rows_of(RosterRowSchema())


@routes.on("GET /roster", needs=READ, query=RosterQuery(), gives=LIST)
def list_roster(query: dict[str, Any]) -> Row:
    """List every department that the standards name for this center, with how it stands."""
    return reading.page(own_center(), query)


@routes.on("GET /roster/figures", needs=READ, gives=RosterFiguresSchema())
def read_figures() -> Row:
    """Count the departments of this center; each number has exactly its rows in the list."""
    return reading.figures(own_center())


@routes.on(f"GET {ONE}", needs=READ, gives=DepartmentSchema())
def read_department(provision_id: int) -> Row:
    """Show everything of one department."""
    return reading.document(own_center(), provision_id)


@routes.on(
    f"POST {ONE}/rules",
    needs=WRITE,
    form=EvaluationRuleInSchema(),
    gives=DepartmentSchema(),
    status=201,
)
def attach_rule(values: dict[str, Any], provision_id: int) -> Row:
    """Attach a rule of evaluation (multipart, part `file`); the answer is the department."""
    acts.attach_rule(support.department(provision_id), values, *sending.received())
    return reading.document(own_center(), provision_id)


@routes.on(f"GET {ONE}/rules/<int:rule_id>/content", needs=READ)
def download_rule(provision_id: int, rule_id: int) -> Any:
    """Download the file of a rule of evaluation."""
    rule = acts.find_rule(support.department(provision_id), rule_id)
    return sending.sent(acts.file_of(rule), rule.file_name)


@routes.on(f"POST {ONE}/rules/<int:rule_id>/withdrawal", needs=WRITE, gives=DepartmentSchema())
def withdraw_rule(provision_id: int, rule_id: int) -> Row:
    """Take back a rule of evaluation that the center has attached."""
    acts.withdraw_rule(support.department(provision_id), rule_id)
    return reading.document(own_center(), provision_id)


@routes.on(f"GET {ONE}/windows/leaving", needs=READ, query=DayQuery(), gives=LeavingWindowsSchema())
def preview_leaving(query: dict[str, Any], provision_id: int) -> Row:
    """Say in numbers what ends if the department leaves all its windows on a day."""
    return reading.windows_preview(support.department(provision_id).code, query["day"])


@routes.on(
    f"POST {ONE}/windows/leaving",
    needs="hall.write",
    takes=LeaveWindowsSchema(),
    gives=DepartmentSchema(),
)
def leave_windows(values: dict[str, Any], provision_id: int) -> Row:
    """Let the department and its items leave all their windows on a day."""
    acts.end_assignments(support.department(provision_id).code, values["day"])
    return reading.document(own_center(), provision_id)


@routes.on(
    "GET /roster/centers",
    needs="coverage.read",
    query=RosterCentersQuery(),
    gives=RosterCentersSchema(),
    reach=Reach.SUBTREE,
)
def list_centers(query: dict[str, Any]) -> Row:
    """List the centers below with the figures of their rosters."""
    return reading.centers(query)


@routes.on(
    f"GET {BELOW}",
    needs="coverage.read",
    query=RosterQuery(),
    gives=LIST,
    reach=Reach.SUBTREE,
)
def list_roster_below(query: dict[str, Any], center_id: int) -> Row:
    """List the departments of a center below this one."""
    return reading.page(coverage.below(center_id).id, query)


@routes.on(
    f"GET {BELOW}/figures",
    needs="coverage.read",
    gives=RosterFiguresSchema(),
    reach=Reach.SUBTREE,
)
def read_figures_below(center_id: int) -> Row:
    """Count the departments of a center below this one."""
    return reading.figures(coverage.below(center_id).id)


@routes.on(
    f"GET {BELOW}/<int:provision_id>",
    needs="coverage.read",
    gives=DepartmentSchema(),
    reach=Reach.SUBTREE,
)
def read_department_below(center_id: int, provision_id: int) -> Row:
    """Show everything of one department of a center below this one."""
    return reading.document(coverage.below(center_id).id, provision_id)
