"""When a hall is open: its week, days that are different, holidays, and days worked for them."""

from datetime import date

import pytest

from jinzhu.core.calendar import Workdays
from jinzhu.workdays.opening import Plan, Special, Why, in_order

DAY, MORNING = [["09:00", "12:00"], ["13:30", "17:00"]], [["09:00", "12:00"]]
WEEK = {**{str(day): DAY for day in range(1, 6)}, "6": MORNING}
SPECIAL = {date(2026, 11, 25): Special((), "停电"), date(2026, 10, 1): Special(MORNING, "值班")}


def plan(weekly=WEEK, own=None):
    return Plan(weekly, Workdays(own or {}), SPECIAL)


@pytest.mark.parametrize(
    ("day", "hours", "why"),
    [
        ("2026-11-24", DAY, Why.USUAL),
        ("2026-11-28", MORNING, Why.USUAL),  # a Saturday
        ("2026-11-29", [], Why.USUAL),  # a Sunday
        ("2026-11-25", [], Why.SPECIAL),
        ("2026-10-02", [], Why.HOLIDAY),
        ("2026-10-03", [], Why.HOLIDAY),  # a Saturday among them
        ("2026-10-01", MORNING, Why.SPECIAL),
        ("2026-10-10", MORNING, Why.ADJUSTED),  # a Saturday worked for a holiday
        ("2026-09-20", DAY, Why.ADJUSTED),  # a Sunday: as on a Monday
    ],
)
def test_the_hours_of_a_day(day, hours, why):
    found = plan().on(date.fromisoformat(day))
    assert (list(found.hours), found.why) == (hours, why)


def test_a_day_that_the_province_takes_off_is_a_holiday():
    own = {date(2026, 11, 24): False, date(2026, 11, 28): False}
    assert plan(own=own).on(date(2026, 11, 24)).why is Why.HOLIDAY
    assert plan(own=own).on(date(2026, 11, 28)).why is Why.HOLIDAY


def test_what_is_different_says_why():
    assert plan().on(date(2026, 11, 25)).note == "停电"


@pytest.mark.parametrize(
    ("hours", "good"),
    [
        (DAY, True),
        ([], True),
        ([["09:00"]], False),
        ([["12:00", "09:00"]], False),
        ([["09:00", "12:00"], ["11:00", "17:00"]], False),
        ([["09:00", "09:00"]], False),
    ],
)
def test_spans_follow_one_another(hours, good):
    assert in_order(hours) is good
