"""Halls, zones and windows: opened, changed, closed; and what others ask and tell about windows.

A hall, a zone or a window is closed only when nothing hangs on it any more, and the refusal says
how much does.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select

from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, add, db
from jinzhu.core.language import say
from jinzhu.core.pinyin import initials, sort_key
from jinzhu.core.problems import Conflict, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import in_force, models
from jinzhu.standards.models import Claim, Revision
from jinzhu.workdays import opening
from jinzhu.workdays import service as workdays
from tenants.hall.models import (
    Assigned,
    Assignment,
    DayKind,
    Hall,
    HallDay,
    HallKind,
    Window,
    WindowKind,
    Zone,
)

Place = TypeVar("Place", Hall, Zone, Window)


class StillUsed(Conflict):
    """Something hangs on what is to be closed; the detail says how much."""

    code = "still_used"


class Closed(Conflict):
    """What is closed is not changed any more."""

    code = "hall_closed"


class PlaceTaken(Conflict):
    """Two windows cannot stand at one place."""

    code = "place_taken"


def offered(kind: str) -> Selection:
    """Select what the own center offers of a kind, each with its revision in force."""
    model = models()[kind]
    return (
        in_force(model)
        .with_only_columns(
            Revision.provision_id, Revision.code, Revision.name, Revision.department_code
        )
        .where(model.tenant_id == current().tenant_id, model.claim == Claim.OFFERED)
    )


# Finding


def hall(hall_id: int, *, lock: bool = False) -> Hall:
    """Return a hall of the own center; locked, it has to be open."""
    return _found(Hall, Hall.id == hall_id, lock=lock)


def zone(hall_id: int, zone_id: int, *, lock: bool = False) -> Zone:
    """Return a zone of a hall."""
    return _found(Zone, and_(Zone.hall_id == hall_id, Zone.id == zone_id), lock=lock)


def window(window_id: int, *, lock: bool = False) -> Window:
    """Return a window of the own center; locked, it has to be open."""
    return _found(Window, Window.id == window_id, lock=lock)


def _found(model: type[Place], condition: ColumnElement[bool], *, lock: bool) -> Place:
    statement = select(model).where(model.tenant_id == current().tenant_id, condition)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    if lock and found.closed_on is not None:
        raise Closed(day=str(found.closed_on))
    return found


def lasting(day: date | None = None) -> ColumnElement[bool]:
    """Return the condition for assignments that are not over on a day, also those to come.

    One that ends on its first day was taken back before it began.
    """
    later = Assignment.ends_on > func.greatest(Assignment.starts_on, day or today())
    return or_(Assignment.ends_on.is_(None), later)


def holding(day: date | None = None) -> ColumnElement[bool]:
    """Return the condition for assignments that hold on a day."""
    return and_(Assignment.starts_on <= (day or today()), lasting(day))


# Halls


def open_hall(values: Mapping[str, Any]) -> Hall:
    """Open a hall."""
    return _write_hall(Hall(), values)


def change_hall(found: Hall, values: Mapping[str, Any]) -> None:
    """Change what is said of a hall."""
    zones = _zones_of(found)
    if lost := {one.floor for one in zones} - set(values["floors"]):
        count = sum(one.floor in lost for one in zones)
        raise invalid("floors", "hall.floor_used", floors="、".join(sorted(lost)), n=count)
    _write_hall(found, values)
    found.version += 1
    db.session.flush()


def _write_hall(found: Hall, values: Mapping[str, Any]) -> Hall:
    if len(set(values["floors"])) < len(values["floors"]):
        raise invalid("floors", "hall.floor_twice", rule="unique")
    _check_department(values)
    name = values["name"]
    if _taken(Hall.name == name, found):
        raise invalid("name", "hall.name_taken", value=name, rule="unique", name=name)
    for field in ("name", "department_code", "address", "phone", "floors"):
        setattr(found, field, values[field])
    found.kind, found.name_key = HallKind(values["kind"]), sort_key(name)
    return add(found)


def _check_department(values: Mapping[str, Any]) -> None:
    """A hall of its own belongs to a department that the center offers; no other hall does."""
    code, own = values["department_code"], values["kind"] == HallKind.STANDALONE
    if own != bool(code):
        raise invalid("department_code", "hall.department_needed" if own else "hall.department_not")
    if code and not db.session.scalar(offered("department").where(Revision.code == code)):
        raise invalid("department_code", "hall.not_offered", value=code, code=code)


def _taken(condition: ColumnElement[bool], own: Hall | Zone | Window) -> bool:
    """Say whether another open one bears a name or number already; the index keeps it so."""
    model = type(own)
    statement = select(model.id).where(
        model.tenant_id == current().tenant_id, model.closed_on.is_(None), condition
    )
    if own.id is not None:
        statement = statement.where(model.id != own.id)
    return db.session.scalar(statement.limit(1)) is not None


def close_hall(found: Hall) -> None:
    """Close a hall that has no window any more."""
    windows, departments, items = hanging(Window.hall_id == found.id)
    if windows:
        raise StillUsed(
            say("hall.still_used", name=found.name, n=windows, departments=departments, items=items)
        )
    for one in _zones_of(found):
        one.closed_on = today()
    _close(found)


def _close(found: Any) -> None:
    found.closed_on = today()
    found.version += 1
    db.session.flush()


def hanging(condition: ColumnElement[bool]) -> tuple[int, int, int]:
    """Return how many open windows there are, and how many assignments of them are not over."""
    departments, items = (
        func.count(Assignment.id).filter(Assignment.object == one) for one in Assigned
    )
    statement = (
        select(func.count(Window.id.distinct()), departments, items)
        .outerjoin(
            Assignment,
            and_(
                Assignment.tenant_id == Window.tenant_id,
                Assignment.window_id == Window.id,
                lasting(),
            ),
        )
        .where(Window.tenant_id == current().tenant_id, Window.closed_on.is_(None), condition)
    )
    found = db.session.execute(statement).one()
    return found[0], found[1], found[2]


# Zones


def _zones_of(found: Hall) -> Sequence[Zone]:
    return db.session.scalars(
        select(Zone).where(
            Zone.tenant_id == found.tenant_id, Zone.hall_id == found.id, Zone.closed_on.is_(None)
        )
    ).all()


def open_zone(found: Hall, values: Mapping[str, Any]) -> Zone:
    """Lay out a zone on a floor of a hall."""
    return _write_zone(found, Zone(hall_id=found.id), values)


def change_zone(found: Hall, one: Zone, values: Mapping[str, Any]) -> None:
    """Change a zone; no window may lose its place."""
    outside = or_(Window.x > values["columns"], Window.y > values["rows"])
    count, _, _ = hanging(and_(Window.zone_id == one.id, outside))
    if count:
        raise invalid("columns", "zone.too_small", n=count)
    _write_zone(found, one, values)
    one.version += 1
    db.session.flush()


def _write_zone(found: Hall, one: Zone, values: Mapping[str, Any]) -> Zone:
    if values["floor"] not in found.floors:
        floors = "、".join(found.floors)
        raise invalid("floor", "zone.floor", value=values["floor"], rule="choice", floors=floors)
    name = values["name"]
    if _taken(and_(Zone.hall_id == found.id, Zone.name == name), one):
        raise invalid("name", "zone.name_taken", value=name, rule="unique", name=name)
    for field in ("floor", "name", "columns", "rows"):
        setattr(one, field, values[field])
    return add(one)


def close_zone(one: Zone) -> None:
    """Give up a zone in which no window stands."""
    count, departments, items = hanging(Window.zone_id == one.id)
    if count:
        raise StillUsed(
            say("zone.still_used", name=one.name, n=count, departments=departments, items=items)
        )
    _close(one)


# Windows


def open_window(found: Hall, values: Mapping[str, Any]) -> Window:
    """Open a window in a hall; its place may be given later."""
    one = _write_window(Window(hall_id=found.id, version=0), values)
    place(one, zone_id=values["zone_id"], x=values["x"], y=values["y"])
    return one


def change_window(one: Window, values: Mapping[str, Any]) -> None:
    """Change what is said of a window."""
    department = WindowKind.DEPARTMENT
    if values["kind"] == department != one.kind:
        _, departments, _ = hanging(Window.id == one.id)
        if departments > 1:
            raise invalid("kind", "window.one_department", n=departments)
    _write_window(one, values)
    one.version += 1
    db.session.flush()


def _write_window(one: Window, values: Mapping[str, Any]) -> Window:
    number = values["number"].strip()
    if _taken(and_(Window.hall_id == one.hall_id, Window.number == number), one):
        raise invalid("number", "window.number_taken", value=number, rule="unique", name=number)
    one.kind, one.phone = WindowKind(values["kind"]), values["phone"]
    one.number, one.number_key = number, number_key(number)
    one.name, one.name_initials = values["name"], initials(values["name"])
    return add(one)


def number_key(number: str) -> str:
    """Return a number to order by as people count: A2 before A10."""
    return re.sub(r"\d+", lambda found: found[0].zfill(8), number.upper())


def place(one: Window, *, zone_id: int | None, x: int | None, y: int | None) -> None:
    """Put a window at a place of a zone of its hall, or take it away from its place.

    Raises:
        PlaceTaken: naming the window that stands there.
    """
    if zone_id is None or x is None or y is None:
        one.zone_id, one.x, one.y = None, None, None
    else:
        area = zone(one.hall_id, zone_id, lock=True)
        if not (1 <= x <= area.columns and 1 <= y <= area.rows):
            raise invalid(
                "x", "window.outside", name=area.name, columns=area.columns, rows=area.rows
            )
        _free(one, area, x, y)
        one.zone_id, one.x, one.y = area.id, x, y
    one.version += 1
    db.session.flush()


def _free(one: Window, area: Zone, x: int, y: int) -> None:
    number = db.session.scalar(
        select(Window.number).where(
            Window.tenant_id == one.tenant_id,
            Window.zone_id == area.id,
            Window.x == x,
            Window.y == y,
            Window.closed_on.is_(None),
            Window.id != one.id,
        )
    )
    if number is not None:
        raise PlaceTaken(number=number, zone=area.name)


def close_window(one: Window) -> None:
    """Close a window at which nothing is any more; its place becomes free."""
    _, departments, items = hanging(Window.id == one.id)
    if departments or items:
        raise StillUsed(
            say("window.still_used", number=one.number, departments=departments, items=items)
        )
    one.zone_id, one.x, one.y = None, None, None
    _close(one)


# The opening plan


def set_week(found: Hall, weekly: Mapping[str, opening.Hours]) -> None:
    """Say at which hours a hall is open in a week."""
    found.weekly = _checked(weekly)
    found.version += 1
    db.session.flush()


def set_own_week(one: Window, weekly: Mapping[str, opening.Hours] | None) -> None:
    """Give a window hours of its own, or those of its hall again."""
    one.weekly = None if weekly is None else _checked(weekly)
    one.version += 1
    db.session.flush()


def _checked(weekly: Mapping[str, opening.Hours]) -> dict[str, opening.Hours]:
    for weekday, hours in weekly.items():
        _check_hours(f"weekly.{weekday}", hours)
    return {weekday: hours for weekday, hours in weekly.items() if hours}


def _check_hours(field: str, hours: opening.Hours) -> None:
    if not opening.in_order(hours):
        raise invalid(field, "opening.order", value=hours, rule="order")


def set_day(found: Hall, day: date, *, kind: DayKind, hours: opening.Hours, note: str) -> None:
    """Say that a hall is closed on a day, open at other hours, or as usual after all."""
    if (kind is DayKind.HOURS) != bool(hours):
        raise invalid("hours", "opening.hours_needed" if not hours else "opening.hours_not")
    _check_hours("hours", hours)
    row = db.session.scalar(
        select(HallDay).where(
            HallDay.tenant_id == found.tenant_id, HallDay.hall_id == found.id, HallDay.day == day
        )
    )
    row = row or HallDay(hall_id=found.id, day=day)
    row.kind, row.hours, row.note = kind, [list(span) for span in hours], note
    add(row)
    found.version += 1
    db.session.flush()


def plan_of(found: Hall, first: date, last: date) -> opening.Plan:
    """Return the opening plan of a hall, with what is different from the first to the last day."""
    rows = db.session.scalars(
        select(HallDay).where(
            HallDay.tenant_id == found.tenant_id,
            HallDay.hall_id == found.id,
            HallDay.day.between(first, last),
            HallDay.kind != DayKind.USUAL,
        )
    )
    special = {row.day: opening.Special(row.hours, row.note) for row in rows}
    return opening.Plan(found.weekly, workdays.here(), special)


def month_of(found: Hall, year: int, month: int) -> list[opening.OpenDay]:
    """Return the days of a month with the hours at which a hall is open."""
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return list(plan_of(found, first, last).days(first, last))
