"""On which days a digest is due: working days, or the first one of each week."""

from datetime import date, datetime

from jinzhu.core.calendar import DAY, Workdays
from jinzhu.digest.models import Frequency

#: No break is longer than this, in days.
LOOKED_AHEAD = 60


def due_on(day: date, frequency: Frequency, days: Workdays) -> bool:
    """Say whether a digest is due on a day."""
    if frequency is Frequency.OFF or not days.is_working(day):
        return False
    earlier = [day - DAY * back for back in range(1, day.weekday() + 1)]
    return frequency is Frequency.DAILY or not any(map(days.is_working, earlier))


def first_day(moment: datetime, hour: int, *, looked_on: date | None) -> date:
    """Return the first day on which it can still be looked whether a digest is due."""
    day = moment.date()
    passed = hour < moment.hour or (looked_on is not None and looked_on >= day)
    return day + DAY if passed else day


def upcoming(begin: date, frequency: Frequency, days: Workdays) -> date | None:
    """Return the first day from `begin` on which a digest is due; None if it is off."""
    ahead = (begin + DAY * number for number in range(LOOKED_AHEAD))
    return next((day for day in ahead if due_on(day, frequency, days)), None)
