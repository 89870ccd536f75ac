"""The services of a center to its departments over HTTP: the template, and each list."""

from typing import Any

from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.standards.record_routes import own_center
from tenants.support import reading, service
from tenants.support.schemas import (
    SupportChangeSchema,
    SupportLineInSchema,
    SupportListSchema,
    SupportMarkedSchema,
    SupportMarkSchema,
    SupportTemplateInSchema,
    SupportTemplateSchema,
)

routes = Routes("support", __name__)
READ, WRITE = "hall.read", "hall.write"
OF = "/<int:provision_id>"


def _list(provision_id: int) -> Row:
    return {"rows": reading.checklist(provision_id, center_id=own_center())}


@routes.on("GET /template", needs=READ, gives=SupportTemplateSchema())
def read_template() -> Row:
    """Show the list from which each department's begins."""
    return reading.template()


@routes.on(
    "PUT /template", needs=WRITE, takes=SupportTemplateInSchema(), gives=SupportTemplateSchema()
)
def set_template(values: dict[str, Any]) -> Row:
    """Keep a list as the center's template, on the version that was seen; 0 is the usual one."""
    check_version(service.template()["version"], reading.template)
    service.set_template(values["lines"])
    return reading.template()


@routes.on(f"POST {OF}", needs=WRITE, gives=SupportMarkedSchema(), status=201)
def begin_list(provision_id: int) -> Row:
    """Write the lines of the template into the list of a department, those it lacks."""
    marked = service.begin(service.department(provision_id))
    return {**_list(provision_id), "marked": marked}


@routes.on(
    f"POST {OF}/lines",
    needs=WRITE,
    takes=SupportLineInSchema(),
    gives=SupportListSchema(),
    status=201,
)
def add_line(values: dict[str, Any], provision_id: int) -> Row:
    """Add a line to the list of a department."""
    service.add_line(service.department(provision_id), values)
    return _list(provision_id)


@routes.on(
    f"PUT {OF}/lines/<int:line_id>",
    needs=WRITE,
    takes=SupportChangeSchema(),
    gives=SupportListSchema(),
)
def change_line(values: dict[str, Any], provision_id: int, line_id: int) -> Row:
    """Say of a line whether it is agreed, when it was provided and when it came back."""
    row = service.find(service.department(provision_id), line_id)
    check_version(row.version, lambda: reading.document(row))
    service.change(row, values)
    return _list(provision_id)


@routes.on(
    f"POST {OF}/provision", needs=WRITE, takes=SupportMarkSchema(), gives=SupportMarkedSchema()
)
def provide(values: dict[str, Any], provision_id: int) -> Row:
    """Mark lines as provided on a day."""
    subject = service.department(provision_id)
    marked = service.provide(
        subject, values["ids"], day=values["day"], by=values["by"], remark=values["remark"]
    )
    return {**_list(provision_id), "marked": marked}


@routes.on(f"POST {OF}/return", needs=WRITE, takes=SupportMarkSchema(), gives=SupportMarkedSchema())
def give_back(values: dict[str, Any], provision_id: int) -> Row:
    """Mark lines as given back on a day; without numbers, all that are to be given back."""
    subject = service.department(provision_id)
    marked = service.give_back(subject, values["ids"], day=values["day"], remark=values["remark"])
    return {**_list(provision_id), "marked": marked}
