"""Special equipment as people read it: of a department, of an item, of a whole center."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import in_force, models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Revision
from tenants.equipment import acts as acts  # what it means for an exit is said there
from tenants.equipment import service
from tenants.equipment.models import Equipment
from tenants.hall.models import Hall, Window

FIELDS = (
    "id",
    "provision_id",
    "department_code",
    "item_id",
    "kind",
    "name",
    "quantity",
    "owner",
    "serial",
    "hall_id",
    "window_id",
    "place",
    "since",
    "until",
    "remark",
    "version",
)
SORTED: dict[str, Any] = {
    "name": Equipment.name,
    "department": Equipment.department_code,
    "kind": Equipment.kind,
    "quantity": Equipment.quantity,
    "since": Equipment.since,
    "until": Equipment.until,
}


def _selected(center_id: int) -> Selection:
    """Select the equipment of a center within reach, with where it stands."""
    statement: Selection = (
        select(
            *(getattr(Equipment, name) for name in FIELDS),
            Hall.name.label("hall_name"),
            Window.number.label("window_number"),
        )
        .outerjoin(Hall, and_(Hall.tenant_id == Equipment.tenant_id, Hall.id == Equipment.hall_id))
        .outerjoin(
            Window,
            and_(Window.tenant_id == Equipment.tenant_id, Window.id == Equipment.window_id),
        )
        .where(Equipment.tenant_id == center_id)
    )
    return statement


def _worded(rows: Iterable[Row], center_id: int) -> list[Row]:
    """Put into words what equipment is, whose, for what, and where it stands."""
    rows = list(rows)
    departments = departments_around(center_id)
    items = _items({row["item_id"] for row in rows} - {None}, center_id)
    return [
        {
            **row,
            "owner": row["owner"].value,
            "kind_label": say(f"equipment.kind.{row['kind']}"),
            "owner_label": say(f"equipment.owner.{row['owner'].value}"),
            "department_name": departments.get(row["department_code"], row["department_code"]),
            "item_name": items.get(row["item_id"], ""),
            "where": where(row),
        }
        for row in rows
    ]


def where(row: Mapping[str, Any]) -> str:
    """Say where equipment stands: hall, window, and what was added in words."""
    window = say("equipment.window", number=row["window_number"]) if row["window_number"] else ""
    return " ".join(part for part in (row["hall_name"], window, row["place"]) if part)


def _items(numbers: set[int], center_id: int) -> dict[int, str]:
    """Return the names of items of a center by the numbers of their provisions."""
    if not numbers:
        return {}
    model = models()["item"]
    found = db.session.execute(
        in_force(model)
        .with_only_columns(Revision.provision_id, Revision.name)
        .where(model.tenant_id == center_id, Revision.provision_id.in_(numbers))
    )
    return {row.provision_id: row.name for row in found}


def of_department(provision_id: int, *, center_id: int) -> list[Row]:
    """Return what a department has and had at a center within reach, what is there first."""
    found = db.session.execute(
        _selected(center_id)
        .where(Equipment.provision_id == provision_id)
        .order_by(Equipment.until.desc().nulls_first(), Equipment.id)
    )
    return _worded((dict(row._mapping) for row in found), center_id)


def page(query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return a page of the special equipment of the own center that the post sees."""
    found = page_of(
        _selected(center_id).where(*_narrowed(query)),
        query,
        sortable=SORTED,
        default="department,name",
        last=[Equipment.id.asc()],
    )
    return {**found, "rows": _worded(found["rows"], center_id)}


def _narrowed(query: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    conditions = [~service.there() if query["state"] == "gone" else service.there()]
    own = current().departments
    if own is not None:
        conditions.append(Equipment.department_code.in_(own))
    columns = {
        "department": Equipment.department_code,
        "item": Equipment.item_id,
        "kind": Equipment.kind,
        "owner": Equipment.owner,
        "hall": Equipment.hall_id,
        "window": Equipment.window_id,
    }
    conditions += [column == query[name] for name, column in columns.items() if query[name]]
    typed = query["q"].strip()
    if typed:
        conditions.append(
            or_(
                Equipment.name.icontains(typed, autoescape=True),
                Equipment.place.icontains(typed, autoescape=True),
                Window.number.istartswith(typed, autoescape=True),
                Equipment.serial.istartswith(typed, autoescape=True),
            )
        )
    return conditions


def choices(subject: Revision) -> Row:
    """Return what equipment of a department can be for, and where it can stand."""
    items = db.session.execute(service.items_of(subject).order_by(Revision.code))
    halls = db.session.execute(
        select(Hall.id, Hall.name)
        .where(Hall.tenant_id == current().tenant_id, Hall.closed_on.is_(None))
        .order_by(Hall.id)
    )
    windows = db.session.execute(
        select(Window.id, Window.hall_id, Window.number, Window.name)
        .where(Window.tenant_id == current().tenant_id, Window.closed_on.is_(None))
        .order_by(Window.hall_id, Window.number_key)
    )
    return {
        "items": [{"id": one.provision_id, "code": one.code, "name": one.name} for one in items],
        "halls": [dict(one._mapping) for one in halls],
        "windows": [dict(one._mapping) for one in windows],
    }
