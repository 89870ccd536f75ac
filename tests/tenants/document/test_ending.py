"""Who is told that a document ends, when, and when nobody is."""

from datetime import date, timedelta

import pytest

from jinzhu.core import clock
from tests.tenants.document.conftest import POWER, attached
from tests.tenants.procedure.test_cases import act, begin, done

LAST = date(2026, 12, 31)
START = "2026-11-24 09:00+08:00"


@pytest.fixture
def case(asked, county, time_machine):
    """A case with a power of attorney that ends with the year."""
    time_machine.move_to(START)
    case = done(county, begin(county), "S1")
    return attached(county, case, valid_until=str(LAST))


@pytest.fixture
def told(app, sign_in):
    """Let a day come; return what the manager and the liaison have been told of documents."""

    def of(day):
        with app.app_context():
            clock.tick(day)
        return [
            [
                row["text"]
                for row in sign_in(name).get("/api/notices").json["rows"]
                if POWER in row["text"]
            ]
            for name in ("county", "liaison")
        ]

    return of


def test_the_center_and_the_department_are_told_a_month_before_and_on_the_day(case, told):
    assert told(LAST - timedelta(31)) == [[], []]
    soon = f"“人社局”的{POWER}（{case['number']}）将于 2026-12-31 到期，请提前更换。"
    for day in (LAST - timedelta(30), LAST - timedelta(29)):  # once
        assert told(day) == [[soon], [soon]]
    for day in (LAST, LAST + timedelta(1)):
        (manager, liaison) = told(day)
        assert manager == liaison
        assert len(manager) == 2
        assert "于 2026-12-31 到期，请尽快更换" in manager[0]


def test_after_days_without_service_they_are_told_once_that_it_has_ended(case, told):
    (manager, _) = told(LAST + timedelta(3))
    assert len(manager) == 1


def test_where_a_new_one_is_there_nobody_is_told_of_the_old_one(county, case, told):
    attached(county, case, valid_until="2027-12-31")
    assert told(LAST) == [[], []]


def test_of_a_case_that_came_to_nothing_nobody_is_told(county, case, told):
    assert act(county, case, "S2", "withdraw", opinion="不办了").status_code == 200
    assert told(LAST) == [[], []]


def test_taken_back_it_does_not_end(county, case, told):
    (one,) = case["documents"]
    county.post(f"/api/cases/{case['id']}/documents/{one['id']}/withdrawal")
    assert told(LAST) == [[], []]
