"""Working days of a center: the public calendar, with what those above it and itself set."""

from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

from jinzhu.core.calendar import Workdays
from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.workdays.models import OwnDay

_read: WeakKeyDictionary[Any, dict[int, Workdays]] = WeakKeyDictionary()


def here() -> Workdays:
    """Return the working days of the own center."""
    return of(current().tenant_id or 0)


def of(center_id: int) -> Workdays:
    """Return the working days of a center, read once in a transaction.

    Where several set the same day, the one nearest to the center does.
    """
    db.session.connection()  # begins the transaction, where none has begun
    known = _read.setdefault(db.session().get_transaction(), {})
    if center_id not in known:
        place = func.array_position(Center.path, OwnDay.owner_id)
        rows = db.session.execute(
            select(OwnDay.day, OwnDay.working)
            .join(Center, OwnDay.owner_id == func.any(Center.path))
            .where(Center.id == center_id)
            .order_by(place)
        )
        own: dict[date, bool] = {row.day: row.working for row in rows}
        known[center_id] = Workdays(own)
    return known[center_id]
