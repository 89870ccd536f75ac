"""Special equipment over HTTP: the list of a center, and what is kept of each department."""

from typing import Any

from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.standards.record_routes import own_center
from tenants.equipment import reading, service
from tenants.equipment.schemas import (
    EquipmentChangeSchema,
    EquipmentChoicesSchema,
    EquipmentInSchema,
    EquipmentListSchema,
    EquipmentQuery,
    EquipmentRemovalSchema,
    EquipmentRemovedSchema,
    EquipmentSchema,
)
from tenants.support.service import department

routes = Routes("equipment", __name__)
READ, WRITE = "hall.read", "hall.write"
OF = "/<int:provision_id>"


def _list(provision_id: int) -> Row:
    return {"rows": reading.of_department(provision_id, center_id=own_center())}


@routes.on("GET ", needs=READ, query=EquipmentQuery(), gives=rows_of(EquipmentSchema()))
def list_equipment(query: dict[str, Any]) -> Row:
    """List the special equipment of this center, or what was taken away."""
    return reading.page(query, center_id=own_center())


@routes.on(f"GET {OF}/choices", needs=READ, gives=EquipmentChoicesSchema())
def read_choices(provision_id: int) -> Row:
    """Show what equipment of a department can be for, and where it can stand."""
    return reading.choices(department(provision_id))


@routes.on(
    f"POST {OF}", needs=WRITE, takes=EquipmentInSchema(), gives=EquipmentListSchema(), status=201
)
def bring_equipment(values: dict[str, Any], provision_id: int) -> Row:
    """Note equipment that came for a department."""
    service.bring(department(provision_id), values)
    return _list(provision_id)


@routes.on(
    f"PUT {OF}/<int:equipment_id>",
    needs=WRITE,
    takes=EquipmentChangeSchema(),
    gives=EquipmentListSchema(),
)
def change_equipment(values: dict[str, Any], provision_id: int, equipment_id: int) -> Row:
    """Change what is said of equipment, on the version that was seen."""
    subject = department(provision_id)
    row = service.find(subject, equipment_id)
    check_version(row.version, lambda: _list(provision_id))
    service.change(subject, row, values)
    return _list(provision_id)


@routes.on(
    f"POST {OF}/removal",
    needs=WRITE,
    takes=EquipmentRemovalSchema(),
    gives=EquipmentRemovedSchema(),
)
def take_equipment_away(values: dict[str, Any], provision_id: int) -> Row:
    """Note the day on which equipment was taken away; without numbers, all of the department."""
    subject = department(provision_id)
    marked = service.take_away(subject, values["ids"], day=values["day"], remark=values["remark"])
    return {**_list(provision_id), "marked": marked}
