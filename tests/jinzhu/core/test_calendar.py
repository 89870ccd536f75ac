"""Working days: what the State Council announced, what the law names, what a province sets."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jinzhu.core.calendar import Workdays

days = some.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 22), False),
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 10), True),  # a Saturday worked for it
        (date(2026, 2, 17), False),  # the Spring Festival
        (date(2027, 10, 1), False),  # a year for which nothing is announced yet
    ],
)
def test_the_public_calendar(day, worked):
    assert Workdays().is_working(day) is worked


def test_what_a_province_sets_wins():
    own = Workdays({date(2026, 11, 24): False, date(2026, 11, 22): True})
    assert not own.is_working(date(2026, 11, 24))
    assert own.is_working(date(2026, 11, 22))


def test_the_day_itself_does_not_count():
    friday = date(2026, 11, 20)
    assert Workdays().after(friday, 1) == date(2026, 11, 23)
    assert Workdays().after(friday, 0) == friday
    assert Workdays({date(2026, 11, 23): False}).after(friday, 1) == date(2026, 11, 24)


@given(days, some.integers(1, 60))
def test_counting_there_and_back_agrees(day, count):
    workdays = Workdays()
    due = workdays.after(day, count)
    assert workdays.is_working(due)
    assert workdays.between(day, due) == count
    assert workdays.between(due, day) == -count
    assert workdays.between(workdays.before(due, count), due) == count
