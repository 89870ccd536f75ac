"""Halls and windows as people read them: lists, the map of a hall, a window and its history."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards.departments import departments_around
from jinzhu.workdays import opening
from tenants.hall import acts, service
from tenants.hall.models import Assigned, Assignment, DayKind, Hall, HallDay, Window, Zone

#: What a hall or window is, as sent.
HALL = ("id", "name", "department_code", "address", "phone", "floors", "closed_on", "version")
ZONE = ("id", "floor", "name", "columns", "rows", "version")
WINDOW = (
    "id", "number", "name", "phone", "hall_id", "zone_id", "x", "y", "closed_on", "version",
)  # fmt: skip


def _here(*objects: Assigned) -> ColumnElement[bool]:
    """Return whether something of these is at a window today."""
    return (
        select(Assignment.id)
        .where(
            Assignment.tenant_id == Window.tenant_id,
            Assignment.window_id == Window.id,
            Assignment.object.in_(objects),
            service.holding(),
        )
        .correlate(Window)
        .exists()
    )


def _state(name: str) -> ColumnElement[bool]:
    """Return the condition for a state of a window."""
    opened = Window.closed_on.is_(None)
    match name:
        case "closed":
            return Window.closed_on.is_not(None)
        case "free":
            return and_(opened, ~_here(*Assigned))
        case "without_department":
            return and_(opened, _here(Assigned.ITEM), ~_here(Assigned.DEPARTMENT))
        case "unplaced":
            return and_(opened, Window.zone_id.is_(None))
        case _:
            return opened


# Halls


def halls(query: Mapping[str, Any]) -> Row:
    """Return a page of halls with their figures."""
    statement: Selection = select(Hall.id, Hall).where(Hall.tenant_id == current().tenant_id)
    closed = Hall.closed_on.is_not(None)
    statement = statement.where(closed if query.get("state") == "closed" else ~closed)
    if query.get("kind"):
        statement = statement.where(Hall.kind == query["kind"])
    if query.get("q"):
        part = _part(query["q"])
        statement = statement.where(or_(Hall.name.ilike(part), Hall.address.ilike(part)))
    found = page_of(
        statement,
        query,
        sortable={"name": Hall.name_key, "kind": Hall.kind, "id": Hall.id},
        default="id",
        last=[Hall.id.asc()],
    )
    figures = _figures([row["id"] for row in found["rows"]])
    names = departments_around(current().tenant_id or 0)
    found["rows"] = [
        {**_hall(row["Hall"], names), **figures.get(row["id"], NO_FIGURES)} for row in found["rows"]
    ]
    return found


def _part(typed: str) -> str:
    part = typed.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{part}%"


def _hall(one: Hall, names: Mapping[str, str]) -> Row:
    return {
        **{name: getattr(one, name) for name in HALL},
        "kind": one.kind.value,
        "kind_label": say(f"hall_kind.{one.kind}"),
        "department_name": names.get(one.department_code, one.department_code),
    }


FIGURES = ("free", "without_department", "unplaced")
NO_FIGURES: Row = dict.fromkeys(("windows", *FIGURES), 0)


def _figures(numbers: Iterable[int]) -> dict[int, Row]:
    """Return how many windows each of these halls has, in which states."""
    counts = [func.count().filter(_state(name)).label(name) for name in FIGURES]
    rows = db.session.execute(
        select(Window.hall_id, func.count().label("windows"), *counts)
        .where(
            Window.tenant_id == current().tenant_id,
            Window.closed_on.is_(None),
            Window.hall_id.in_(list(numbers)),
        )
        .group_by(Window.hall_id)
    )
    return {row.hall_id: {name: getattr(row, name) for name in NO_FIGURES} for row in rows}


def hall_document(one: Hall) -> Row:
    """Return a hall with its zones, its figures and its opening plan."""
    days = db.session.scalars(
        select(HallDay)
        .where(
            HallDay.tenant_id == one.tenant_id,
            HallDay.hall_id == one.id,
            HallDay.day >= today(),
            HallDay.kind != DayKind.USUAL,
        )
        .order_by(HallDay.day)
    ).all()
    return {
        **_hall(one, departments_around(one.tenant_id)),
        **_figures([one.id]).get(one.id, NO_FIGURES),
        "weekly": opening.week(one.weekly),
        "days": [
            {"day": row.day, "kind": row.kind.value, "hours": row.hours, "note": row.note}
            for row in days
        ],
        "zones": _zones(one),
        "editable": may("hall.write") and one.closed_on is None,
    }


def _zones(one: Hall) -> list[Row]:
    """Return the zones of a hall, floor by floor."""
    rows = db.session.scalars(
        select(Zone).where(
            Zone.tenant_id == one.tenant_id, Zone.hall_id == one.id, Zone.closed_on.is_(None)
        )
    ).all()
    places = {floor: place for place, floor in enumerate(one.floors)}
    order = sorted(rows, key=lambda row: (places.get(row.floor, 99), row.name))
    return [{name: getattr(row, name) for name in ZONE} for row in order]


def hall_map(one: Hall) -> Row:
    """Return a hall's zones and windows with who is where, and the departments to assign."""
    rows = db.session.scalars(
        select(Window)
        .where(
            Window.tenant_id == one.tenant_id, Window.hall_id == one.id, Window.closed_on.is_(None)
        )
        .order_by(Window.number_key, Window.id)
    ).all()
    there = _there([row.id for row in rows])
    return {
        "hall": hall_document(one),
        "windows": [_window(row, there) for row in rows],
        "departments": acts.departments(),
    }


# Windows


def _there(numbers: Iterable[int]) -> dict[int, Row]:
    """Return the departments, and how many items, are at each of these windows today."""
    chosen = and_(
        Assignment.tenant_id == current().tenant_id,
        Assignment.window_id.in_(list(numbers)),
        service.lasting(),
    )
    own = Assignment.object == Assigned.DEPARTMENT
    named = db.session.execute(
        select(Assignment).where(chosen, own).order_by(Assignment.starts_on, Assignment.id)
    ).scalars()
    counts = db.session.execute(
        select(Assignment.window_id, func.count().label("items"))
        .where(chosen, ~own, service.holding())
        .group_by(Assignment.window_id)
    )
    found: dict[int, Row] = {
        row.window_id: {"departments": [], "items": row.items} for row in counts
    }
    for row in named:
        place = found.setdefault(row.window_id, {"departments": [], "items": 0})
        place["departments"].append(
            {
                "assignment_id": row.id,
                "code": row.code,
                "name": row.name,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
            }
        )
    return found


def _window(one: Window, there: Mapping[int, Row]) -> Row:
    what = there.get(one.id, {"departments": [], "items": 0})
    now = any(row["starts_on"] <= today() for row in what["departments"])
    free = not now and not what["items"]
    return {
        **{name: getattr(one, name) for name in WINDOW},
        **what,
        "kind": one.kind.value,
        "kind_label": say(f"window_kind.{one.kind}"),
        "free": free,
        "without_department": not now and not free,
    }


def windows(query: Mapping[str, Any]) -> Row:
    """Return a page of windows with what is at each."""
    statement: Selection = (
        select(
            Window.id,
            Window,
            Hall.name.label("hall_name"),
            Zone.name.label("zone_name"),
            Zone.floor,
        )
        .join(Hall, and_(Hall.tenant_id == Window.tenant_id, Hall.id == Window.hall_id))
        .outerjoin(Zone, and_(Zone.tenant_id == Window.tenant_id, Zone.id == Window.zone_id))
        .where(Window.tenant_id == current().tenant_id, *_narrowed(query))
    )
    found = page_of(
        statement,
        query,
        sortable={
            "number": Window.number_key,
            "hall": Hall.name_key,
            "kind": Window.kind,
            "floor": Zone.floor,
        },
        default="hall,number",
        last=[Window.id.asc()],
    )
    there = _there([row["id"] for row in found["rows"]])
    found["rows"] = [
        {
            **_window(row["Window"], there),
            **{name: row[name] for name in ("hall_name", "zone_name", "floor")},
        }
        for row in found["rows"]
    ]
    return found


def _narrowed(query: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Return the conditions of a list of windows."""
    conditions = [_state(query.get("state", ""))]
    for name, column in (("hall", Window.hall_id), ("zone", Window.zone_id), ("kind", Window.kind)):
        if query.get(name):
            conditions.append(column == query[name])
    if query.get("department"):
        named = and_(
            Assignment.object == Assigned.DEPARTMENT, Assignment.code == query["department"]
        )
        conditions.append(_with(named))
    if query.get("q"):
        part = _part(query["q"])
        start = part.removeprefix("%")
        conditions.append(
            or_(
                Window.number.ilike(start),
                Window.name.ilike(part),
                Window.name_initials.like(start.lower()),
                _with(or_(Assignment.name.ilike(part), Assignment.code.ilike(start))),
            )
        )
    return conditions


def _with(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether something that meets a condition is at a window, or comes to it."""
    return (
        select(Assignment.id)
        .where(
            Assignment.tenant_id == Window.tenant_id,
            Assignment.window_id == Window.id,
            service.lasting(),
            condition,
        )
        .correlate(Window)
        .exists()
    )


def window_document(one: Window) -> Row:
    """Return a window with its hall and place, its departments and its hours."""
    of_hall = service.hall(one.hall_id)
    area = service.zone(one.hall_id, one.zone_id) if one.zone_id else None
    return {
        **_window(one, _there([one.id])),
        "hall_name": of_hall.name,
        "zone_name": area.name if area else None,
        "floor": area.floor if area else None,
        "weekly": opening.week(of_hall.weekly if one.weekly is None else one.weekly),
        "own_hours": one.weekly is not None,
        "editable": may("hall.write") and one.closed_on is None,
    }


def assignments(one: Window, query: Mapping[str, Any]) -> Row:
    """Return a page of what is, was or will be at a window."""
    statement: Selection = select(
        Assignment.id,
        Assignment.object,
        Assignment.provision_id,
        Assignment.code,
        Assignment.name,
        Assignment.department_code,
        Assignment.starts_on,
        Assignment.ends_on,
        Assignment.assigned_by,
        Assignment.ended_by,
    ).where(Assignment.tenant_id == one.tenant_id, Assignment.window_id == one.id, *_of(query))
    found = page_of(
        statement,
        query,
        sortable={
            "starts_on": Assignment.starts_on,
            "ends_on": Assignment.ends_on,
            "code": Assignment.code,
            "object": Assignment.object,
        },
        default="object,-starts_on,code",
        last=[Assignment.id.asc()],
    )
    rows = found["rows"]
    people = names_of(row[name] for row in rows for name in ("assigned_by", "ended_by"))
    names = departments_around(one.tenant_id)
    for row in rows:
        row["object"] = row["object"].value
        row["department_name"] = names.get(row["department_code"], row["department_code"])
        for name in ("assigned_by", "ended_by"):
            row[name] = people.get(row[name])
    return found


def _of(query: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.get("object"):
        conditions.append(Assignment.object == query["object"])
    match query.get("when"):
        case "now":
            conditions.append(service.holding())
        case "coming":
            conditions += [Assignment.starts_on > today(), service.lasting()]
        case "lasting":
            conditions.append(service.lasting())
        case "past":
            conditions.append(~service.lasting())
    if query.get("q"):
        part = _part(query["q"])
        conditions.append(or_(Assignment.name.ilike(part), Assignment.code.ilike(part)))
    return conditions
