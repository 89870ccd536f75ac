"""Working days of a center: the public calendar, with what those above it and itself set."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from jinzhu.core import language
from jinzhu.core.calendar import Workdays, announced, holiday
from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.workdays.models import OwnDay

PUBLIC = Workdays()
_read: WeakKeyDictionary[Any, dict[int, Workdays]] = WeakKeyDictionary()


def here() -> Workdays:
    """Return the working days of the own center."""
    return of(current().tenant_id or 0)


def of(center_id: int) -> Workdays:
    """Return the working days of a center, read once in a transaction."""
    return of_all([center_id])[center_id]


def of_all(centers: Iterable[int]) -> dict[int, Workdays]:
    """Return the working days of centers; where several set the same day, the nearest does."""
    db.session.connection()  # begins the transaction, where none has begun
    known = _read.setdefault(db.session().get_transaction(), {})
    wanted = set(centers)
    if missing := wanted - known.keys():
        known |= _read_own(missing)
    return {center: known[center] for center in wanted}


def _read_own(centers: set[int]) -> dict[int, Workdays]:
    rows = db.session.execute(
        select(Center.id, OwnDay.day, OwnDay.working)
        .join(OwnDay, OwnDay.owner_id == func.any(Center.path))
        .where(Center.id.in_(centers))
        .order_by(func.array_position(Center.path, OwnDay.owner_id))
    )
    own: dict[int, dict[date, bool]] = {center: {} for center in centers}
    for row in rows:
        own[row.id][row.day] = row.working
    # Most centers have the same days: they share one calendar, and what is counted by it.
    shared: dict[frozenset[tuple[date, bool]], Workdays] = {}
    return {
        center: shared.setdefault(frozenset(days.items()), Workdays(days))
        for center, days in own.items()
    }


def year(number: int) -> Row:
    """Return the days of a year as the own center works them, and who says so."""
    days, own = here(), _own_of(number)
    first, last = date(number, 1, 1), date(number, 12, 31)
    every = [first + timedelta(place) for place in range((last - first).days + 1)]
    return {
        "year": number,
        "announced": announced(number),
        "days": [_day(day, days, own.get(day)) for day in every],
    }


def _own_of(number: int) -> dict[date, Row]:
    rows = db.session.execute(
        select(OwnDay.day, OwnDay.name, OwnDay.owner_id, Center.name.label("owner"))
        .join(Center, Center.id == OwnDay.owner_id)
        .where(
            OwnDay.owner_id.in_(_path()),
            OwnDay.day.between(date(number, 1, 1), date(number, 12, 31)),
        )
        .order_by(func.cardinality(Center.path))
    )
    return {row.day: dict(row._mapping) for row in rows}


def _path() -> Any:
    return select(func.unnest(Center.path)).where(Center.id == current().tenant_id)


def _day(day: date, days: Workdays, own: Row | None) -> Row:
    return {
        "day": day,
        "working": days.is_working(day),
        "public": PUBLIC.is_working(day),
        "holiday": holiday(day, language.current()),
        "own": own
        and {
            "name": own["name"],
            "owner": own["owner"],
            "here": own["owner_id"] == current().tenant_id,
        },
    }


def set_day(day: date, *, working: bool, name: str) -> None:
    """Say that the own center and all below it work on a day, or do not.

    Raises:
        Invalid: if nothing says why, or people work on it, or do not, without this.
    """
    if not name.strip():
        raise invalid("name", "calendar.name_needed", rule="required")
    if working == _without_own(day):
        raise invalid(
            "working",
            "calendar.works_anyway" if working else "calendar.off_anyway",
            value=working,
            rule="different",
            day=day,
        )
    values = {"working": working, "name": name.strip()}
    statement = insert(OwnDay).values(day=day, **values)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["owner_id", "day"], set_=values)
    )
    _read.clear()


def _without_own(day: date) -> bool:
    """Say whether people would work on a day if the own center had not set it."""
    above = db.session.scalar(
        select(OwnDay.working)
        .join(Center, Center.id == OwnDay.owner_id)
        .where(
            OwnDay.day == day,
            OwnDay.owner_id != current().tenant_id,
            OwnDay.owner_id.in_(_path()),
        )
        .order_by(func.cardinality(Center.path).desc())
        .limit(1)
    )
    return PUBLIC.is_working(day) if above is None else above


def unset_day(day: date) -> None:
    """Leave a day to the public calendar, or to those above, again."""
    row = db.session.scalar(
        select(OwnDay).where(OwnDay.owner_id == current().tenant_id, OwnDay.day == day)
    )
    if row is None:
        raise NotFound(id=str(day))
    db.session.delete(row)
    db.session.flush()
    _read.clear()
