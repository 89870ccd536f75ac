"""Which day it is in the service hall, and which days people work.

China has one time, UTC+8, wherever the server stands.  Public holidays and the Saturdays and
Sundays that are worked for them come from a maintained library, which knows what the State Council
has announced and, for years that nothing is announced for yet, the days that the law names.  A
province's own days go on top.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import cache

from holidays import HolidayBase, country_holidays

CHINA = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
#: Fills itself year by year.
_PUBLIC: HolidayBase = country_holidays("CN")


def holiday(day: date, language: str) -> str:
    """Return the name of a public holiday in a language; '' on any other day."""
    return str(_named("en_US" if language == "en" else "zh_CN").get(day, ""))


@cache
def _named(language: str) -> HolidayBase:
    return country_holidays("CN", language=language)


def announced(year: int) -> bool:
    """Say whether the State Council has announced the days off of a year."""
    return year in _PUBLIC.special_public_holidays


#: The day that it is taken to be, where a past is written down.
_day: ContextVar[date | None] = ContextVar("day", default=None)
MORNING = time(10, tzinfo=CHINA)


def today() -> date:
    """Return today's date in China."""
    return _day.get() or datetime.now(CHINA).date()


def now() -> datetime:
    """Return the present moment; the morning of a day that it is taken to be."""
    day = _day.get()
    return datetime.combine(day, MORNING) if day else datetime.now(CHINA)


@contextmanager
def as_on(day: date) -> Iterator[None]:
    """Do something as it would have been done on an earlier day: for a past that is made up."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)


@dataclass(frozen=True, slots=True)
class Workdays:
    """Working days 工作日: the public calendar with the days that a province sets itself.

    `own` says of a day whether it is worked.
    """

    own: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Say whether people work on a day."""
        worked = self.own.get(day)
        return bool(_PUBLIC.is_working_day(day)) if worked is None else worked

    def is_holiday(self, day: date) -> bool:
        """Say whether a day is off for more than being a Saturday or Sunday."""
        if self.is_working(day):
            return False
        return day.weekday() < 5 or day in self.own or day in _PUBLIC

    def after(self, day: date, count: int) -> date:
        """Return the day on which the given number of working days have passed.

        The day itself does not count, as in the law on periods: what is asked for on a Friday with
        a limit of one working day is due on Monday.
        """
        if count < 0:
            raise ValueError("working days are counted forwards")
        while count:
            day += DAY
            count -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start`, up to and with `end`."""
        if end < start:
            return -self.between(end, start)
        return sum(
            self.is_working(start + DAY * (number + 1)) for number in range((end - start).days)
        )

    def before(self, day: date, count: int) -> date:
        """Return the latest day with the given number of working days left until a day."""
        while count:
            count -= self.is_working(day)
            day -= DAY
        return day
