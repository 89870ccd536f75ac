"""When a place is open: the hours of its week, the days that are different, and public holidays.

On a holiday it is closed.  On a Saturday or Sunday that is worked for a holiday, it keeps the hours
that it has on such a day anyway, else those of a Monday.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from jinzhu.core.calendar import DAY, Workdays

#: Spans of a day: [["09:00", "12:00"], ["13:30", "17:00"]].
Hours = Sequence[Sequence[str]]
MONDAY = "1"
WEEK = ("1", "2", "3", "4", "5", "6", "7")


class Why(StrEnum):
    """What decides over the hours of a day."""

    USUAL = "usual"
    #: Worked for a holiday.
    ADJUSTED = "adjusted"
    HOLIDAY = "holiday"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Special:
    """A day that is different; without hours it is closed."""

    hours: Hours
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day with its hours; none where it is closed."""

    day: date
    hours: Hours
    why: Why
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The opening plan of a place."""

    weekly: Mapping[str, Hours]
    workdays: Workdays
    special: Mapping[date, Special] = field(default_factory=dict)

    def on(self, day: date) -> OpenDay:
        """Return the hours of a day, and what decides over them."""
        special = self.special.get(day)
        if special is not None:
            return OpenDay(day, special.hours, Why.SPECIAL, special.note)
        if self.workdays.is_holiday(day):
            return OpenDay(day, (), Why.HOLIDAY)
        hours = self.weekly.get(str(day.isoweekday()), ())
        if day.weekday() >= 5 and self.workdays.is_working(day):
            return OpenDay(day, hours or self.weekly.get(MONDAY, ()), Why.ADJUSTED)
        return OpenDay(day, hours, Why.USUAL)

    def days(self, first: date, last: date) -> Iterator[OpenDay]:
        """Return each day from the first to the last."""
        while first <= last:
            yield self.on(first)
            first += DAY


def week(weekly: Mapping[str, Hours]) -> dict[str, Hours]:
    """Return the hours of every day of a week."""
    return {day: weekly.get(day, []) for day in WEEK}


def in_order(hours: Hours) -> bool:
    """Say whether each span ends after it begins, and before the next one begins."""
    times = [moment for span in hours for moment in span]
    return all(len(span) == 2 for span in hours) and all(a < b for a, b in pairwise(times))
