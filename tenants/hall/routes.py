"""Halls and windows over HTTP: each change names the version that it was made on."""

from datetime import date
from typing import Any

from jinzhu.core.http import Routes, check_version
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.schema import rows_of
from jinzhu.files import sending
from jinzhu.prints.typeset import PDF
from tenants.hall import acts, papers, reading, service, workflow
from tenants.hall.models import DayKind, Hall, Window
from tenants.hall.schemas import (
    AssignInSchema,
    AssignmentQuery,
    AssignmentRowSchema,
    ClosingInSchema,
    EndInSchema,
    HallDayInSchema,
    HallInSchema,
    HallMapSchema,
    HallQuery,
    HallRowSchema,
    HallSchema,
    ItemChoiceQuery,
    ItemChoiceSchema,
    MonthQuery,
    MonthSchema,
    OwnPlanInSchema,
    PlaceInSchema,
    PlanInSchema,
    SignSchema,
    WindowChangeSchema,
    WindowDepartmentsSchema,
    WindowInSchema,
    WindowQuery,
    WindowRowSchema,
    WindowSchema,
    ZoneInSchema,
)

routes = Routes("halls", __name__, prefix="/api")
READ, WRITE = "hall.read", "hall.write"


def _hall(hall_id: int) -> Hall:
    """Return a hall to change, if it stands as whoever changes it has seen it."""
    found = service.hall(hall_id, lock=True)
    check_version(found.version, lambda: reading.hall_document(found))
    return found


def _window(window_id: int) -> Window:
    found = service.window(window_id, lock=True)
    check_version(found.version, lambda: reading.window_document(found))
    return found


@routes.on("GET /halls", needs=READ, query=HallQuery(), gives=rows_of(HallRowSchema()))
def list_halls(query: dict[str, Any]) -> Row:
    """List the halls of this center with how many windows each has."""
    return reading.halls(query)


@routes.on("POST /halls", needs=WRITE, takes=HallInSchema(), gives=HallSchema(), status=201)
def open_hall(values: dict[str, Any]) -> Row:
    """Open a hall."""
    return reading.hall_document(service.open_hall(values))


@routes.on("GET /halls/<int:hall_id>", needs=READ, gives=HallSchema())
def read_hall(hall_id: int) -> Row:
    """Show a hall with its zones and its opening plan."""
    return reading.hall_document(service.hall(hall_id))


@routes.on("PUT /halls/<int:hall_id>", needs=WRITE, takes=HallInSchema(), gives=HallSchema())
def change_hall(values: dict[str, Any], hall_id: int) -> Row:
    """Change what is said of a hall."""
    found = _hall(hall_id)
    service.change_hall(found, values)
    return reading.hall_document(found)


@routes.on(
    "POST /halls/<int:hall_id>/closing", needs=WRITE, takes=ClosingInSchema(), gives=HallSchema()
)
def close_hall(values: dict[str, Any], hall_id: int) -> Row:
    """Close a hall that has no window any more, and settle what else stands in it."""
    found = _hall(hall_id)
    service.close_hall(found)
    workflow.clear(workflow.Place(found.id), values)
    return reading.hall_document(found)


@routes.on("GET /halls/<int:hall_id>/map", needs=READ, gives=HallMapSchema())
def read_map(hall_id: int) -> Row:
    """Show the zones and windows of a hall with who is where."""
    return reading.hall_map(service.hall(hall_id))


@routes.on("PUT /halls/<int:hall_id>/plan", needs=WRITE, takes=PlanInSchema(), gives=HallSchema())
def set_plan(values: dict[str, Any], hall_id: int) -> Row:
    """Say at which hours of the week a hall is open."""
    found = _hall(hall_id)
    service.set_week(found, values["weekly"])
    return reading.hall_document(found)


@routes.on(
    "PUT /halls/<int:hall_id>/days/<string:day>",
    needs=WRITE,
    takes=HallDayInSchema(),
    gives=HallSchema(),
)
def set_day(values: dict[str, Any], hall_id: int, day: str) -> Row:
    """Say that a hall is closed on a day, open at other hours, or as usual after all."""
    found = _hall(hall_id)
    kind = DayKind(values["kind"])
    service.set_day(found, _day(day), kind=kind, hours=values["hours"], note=values["note"])
    return reading.hall_document(found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


@routes.on("GET /halls/<int:hall_id>/calendar", needs=READ, query=MonthQuery(), gives=MonthSchema())
def read_calendar(query: dict[str, Any], hall_id: int) -> Row:
    """Show on which days of a month a hall is open, at which hours and why."""
    days = service.month_of(service.hall(hall_id), query["year"], query["month"])
    return {
        "days": [
            {
                "day": one.day,
                "hours": [list(span) for span in one.hours],
                "why": one.why.value,
                "why_label": say(f"opening.why.{one.why}"),
                "note": one.note,
            }
            for one in days
        ]
    }


@routes.on(
    "POST /halls/<int:hall_id>/zones",
    needs=WRITE,
    takes=ZoneInSchema(),
    gives=HallSchema(),
    status=201,
)
def open_zone(values: dict[str, Any], hall_id: int) -> Row:
    """Lay out a zone on a floor of a hall."""
    found = service.hall(hall_id, lock=True)
    service.open_zone(found, values)
    return reading.hall_document(found)


@routes.on(
    "PUT /halls/<int:hall_id>/zones/<int:zone_id>",
    needs=WRITE,
    takes=ZoneInSchema(),
    gives=HallSchema(),
)
def change_zone(values: dict[str, Any], hall_id: int, zone_id: int) -> Row:
    """Change the name, the floor or the size of a zone."""
    found, one = service.hall(hall_id, lock=True), service.zone(hall_id, zone_id, lock=True)
    check_version(one.version, lambda: reading.hall_document(found))
    service.change_zone(found, one, values)
    return reading.hall_document(found)


@routes.on("POST /halls/<int:hall_id>/zones/<int:zone_id>/closing", needs=WRITE, gives=HallSchema())
def close_zone(hall_id: int, zone_id: int) -> Row:
    """Give up a zone in which no window stands."""
    found, one = service.hall(hall_id, lock=True), service.zone(hall_id, zone_id, lock=True)
    check_version(one.version, lambda: reading.hall_document(found))
    service.close_zone(one)
    return reading.hall_document(found)


@routes.on(
    "POST /halls/<int:hall_id>/windows",
    needs=WRITE,
    takes=WindowInSchema(),
    gives=WindowSchema(),
    status=201,
)
def open_window(values: dict[str, Any], hall_id: int) -> Row:
    """Open a window in a hall."""
    found = service.hall(hall_id, lock=True)
    return reading.window_document(service.open_window(found, values))


@routes.on("GET /windows", needs=READ, query=WindowQuery(), gives=rows_of(WindowRowSchema()))
def list_windows(query: dict[str, Any]) -> Row:
    """List the windows of all halls with what is at each."""
    return reading.windows(query)


@routes.on("GET /windows/departments", needs=READ, gives=WindowDepartmentsSchema())
def list_departments() -> Row:
    """List the departments that this center offers with how many windows each has."""
    return {"rows": acts.departments()}


@routes.on("GET /windows/<int:window_id>", needs=READ, gives=WindowSchema())
def read_window(window_id: int) -> Row:
    """Show a window with its place, its departments and its hours."""
    return reading.window_document(service.window(window_id))


@routes.on(
    "PUT /windows/<int:window_id>", needs=WRITE, takes=WindowChangeSchema(), gives=WindowSchema()
)
def change_window(values: dict[str, Any], window_id: int) -> Row:
    """Change the number, the name or the kind of a window."""
    found = _window(window_id)
    service.change_window(found, values)
    return reading.window_document(found)


@routes.on(
    "PUT /windows/<int:window_id>/place", needs=WRITE, takes=PlaceInSchema(), gives=WindowSchema()
)
def place_window(values: dict[str, Any], window_id: int) -> Row:
    """Put a window at a place of a zone, or take it away from its place."""
    found = _window(window_id)
    service.place(found, **values)
    return reading.window_document(found)


@routes.on(
    "PUT /windows/<int:window_id>/plan", needs=WRITE, takes=OwnPlanInSchema(), gives=WindowSchema()
)
def set_own_plan(values: dict[str, Any], window_id: int) -> Row:
    """Give a window hours of its own, or those of its hall again."""
    found = _window(window_id)
    service.set_own_week(found, values["weekly"])
    return reading.window_document(found)


@routes.on(
    "POST /windows/<int:window_id>/closing",
    needs=WRITE,
    takes=ClosingInSchema(),
    gives=WindowSchema(),
)
def close_window(values: dict[str, Any], window_id: int) -> Row:
    """Close a window at which nobody is any more, and settle what else stands there."""
    found = _window(window_id)
    service.close_window(found)
    workflow.clear(workflow.Place(found.hall_id, found.id), values)
    return reading.window_document(found)


@routes.on(
    "GET /windows/<int:window_id>/assignments",
    needs=READ,
    query=AssignmentQuery(),
    gives=rows_of(AssignmentRowSchema()),
)
def list_assignments(query: dict[str, Any], window_id: int) -> Row:
    """List what is at a window, was there, or comes to it."""
    return reading.assignments(service.window(window_id), query)


@routes.on(
    "POST /windows/<int:window_id>/assignments",
    needs=WRITE,
    takes=AssignInSchema(),
    gives=WindowSchema(),
)
def assign(values: dict[str, Any], window_id: int) -> Row:
    """Let departments and items come to a window from a day on."""
    found = _window(window_id)
    acts.assign(found.id, **values)
    return reading.window_document(found)


@routes.on(
    "POST /windows/<int:window_id>/endings",
    needs=WRITE,
    takes=EndInSchema(),
    gives=WindowSchema(),
)
def end_assignments(values: dict[str, Any], window_id: int) -> Row:
    """Let departments and items leave a window on a day."""
    found = _window(window_id)
    acts.end(found.id, values["ids"], until=values["until"])
    return reading.window_document(found)


@routes.on(
    "GET /windows/<int:window_id>/items",
    needs=WRITE,
    query=ItemChoiceQuery(),
    gives=rows_of(ItemChoiceSchema()),
)
def list_item_choices(query: dict[str, Any], window_id: int) -> Row:
    """List the items that may come to a window."""
    return acts.item_choices(service.window(window_id), query)


@routes.on("GET /windows/<int:window_id>/sign", needs=READ, gives=SignSchema())
def read_sign(window_id: int) -> Row:
    """Show what stands on the sign of a window, with its QR code."""
    return papers.sign(service.window(window_id))


@routes.on("GET /windows/<int:window_id>/sign/pdf", needs=READ)
def print_sign(window_id: int) -> Any:
    """Print the sign of a window as PDF."""
    content, name = papers.printed(service.window(window_id))
    return sending.as_file(content, PDF, name)
