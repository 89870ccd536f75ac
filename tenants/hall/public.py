"""What anybody may know of halls and windows: where they are, when they are open, who is there.

Read with the reach PUBLIC, which sees open halls and windows of one center and nothing of people.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, select

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.workdays import hours, opening
from tenants.hall import acts, service
from tenants.hall.models import Assigned, Assignment, Hall, HallKind, Window, Zone

#: So many days ahead it is said which ones are different.
AHEAD = timedelta(days=14)


def halls() -> list[Row]:
    """Return the halls of the center that is looked at, the main one first."""
    rows = db.session.scalars(
        select(Hall).where(Hall.tenant_id == current().tenant_id, Hall.closed_on.is_(None))
    ).all()
    order = sorted(rows, key=lambda row: (row.kind is not HallKind.MAIN, row.name_key, row.id))
    return [_hall(row) for row in order]


def _hall(found: Hall) -> Row:
    return {
        "name": found.name,
        "address": found.address,
        "phone": found.phone,
        "week": list(hours.of_week(found.weekly)),
        "today": _today(found, found.weekly),
    }


def contact() -> Row:
    """Return where one finds the center: its main hall, as far as it is known."""
    found = db.session.scalar(
        select(Hall)
        .where(
            Hall.tenant_id == current().tenant_id,
            Hall.closed_on.is_(None),
            Hall.kind == HallKind.MAIN,
        )
        .order_by(Hall.id)
        .limit(1)
    )
    names = ("name", "address", "phone")
    return {name: getattr(found, name) if found else "" for name in names}


def window(window_id: int) -> Row:
    """Return an open window as its page tells of it.

    Raises:
        NotFound: if the center that is looked at has no such window, or has closed it.
    """
    one = service.window(window_id)
    found = service.hall(one.hall_id)
    weekly = found.weekly if one.weekly is None else one.weekly
    names = acts.names_at(one)
    return {
        "number": one.number,
        "name": one.name,
        "kind_label": say(f"window_kind.{one.kind}"),
        "place": _place(
            found.name, service.zone(one.hall_id, one.zone_id) if one.zone_id else None
        ),
        "departments": names[Assigned.DEPARTMENT],
        "items": names[Assigned.ITEM],
        "week": list(hours.of_week(weekly)),
        "special": list(_special(found)),
        "today": _today(found, weekly),
        "hall": found.name,
        "address": found.address,
        "phone": one.phone or found.phone,
    }


def _place(hall: str, area: Zone | None) -> str:
    parts = [hall, _floor(area.floor) if area else "", area.name if area else ""]
    return " · ".join(part for part in parts if part)


def _floor(name: str) -> str:
    """Return a floor in words; what is more than a number says itself what it is."""
    return say("portal.floor", name=name) if name.isdigit() else name


def windows_of(kind: str, code: str) -> list[Row]:
    """Return the windows at which a department or an item is today."""
    rows = db.session.execute(
        select(Window.id, Window.number, Hall.name, Zone.floor, Zone.name.label("zone"))
        .join(
            Assignment,
            and_(Assignment.tenant_id == Window.tenant_id, Assignment.window_id == Window.id),
        )
        .join(Hall, and_(Hall.tenant_id == Window.tenant_id, Hall.id == Window.hall_id))
        .outerjoin(Zone, and_(Zone.tenant_id == Window.tenant_id, Zone.id == Window.zone_id))
        .where(
            Window.tenant_id == current().tenant_id,
            Assignment.object == kind,
            Assignment.code == code,
            service.holding(),
        )
        .order_by(Hall.name_key, Window.number_key)
    ).all()
    return [{"id": row.id, "words": _words(row)} for row in rows]


def _words(row: Any) -> str:
    floor = _floor(row.floor) if row.floor else ""
    number = say("portal.window", number=row.number)
    return " · ".join(part for part in (row.name, floor, row.zone or "", number) if part)


def _special(found: Hall) -> Iterator[str]:
    """Yield the days to come on which a hall keeps other hours than in its week."""
    day = today()
    for one in service.plan_of(found, day, day + AHEAD).days(day, day + AHEAD):
        if one.why is opening.Why.USUAL:
            continue
        if one.why is opening.Why.HOLIDAY and not found.weekly.get(str(one.day.isoweekday())):
            continue
        told = hours.of_day(one.hours) if one.hours else say("portal.closed")
        yield f"{one.day} {told}" + (f" ({one.note})" if one.note else "")


def _today(found: Hall, weekly: Mapping[str, opening.Hours]) -> Row | None:
    """Return the hours of today; None where a hall has not said when it is open."""
    if not weekly:
        return None
    day = today()
    usual = service.plan_of(found, day, day)
    one = opening.Plan(weekly, usual.workdays, usual.special).on(day)
    if not one.hours:
        return {"state": "closed", "words": say("portal.closed_today")}
    return {"state": "now", "words": say("portal.open_today", hours=hours.of_day(one.hours))}
