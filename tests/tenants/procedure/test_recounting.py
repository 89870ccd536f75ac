"""A changed calendar: the clocks of open steps are counted anew, and nothing else moves."""

import pytest
from sqlalchemy import select, text

from jinzhu.core import clock, jobs
from jinzhu.core.db import db
from jinzhu.core.models import JobRow
from tests.tenants.procedure.test_cases import begin, chain, county, done, procedure, through

__all__ = ["chain", "county"]
STEPS = [
    {"code": "S1", "name": "审核", "actor": "center", "limit": 5, "warn": 2,
     "actions": ["return", "refuse", "ask"]},
    {"code": "S2", "name": "生效", "actor": "center", "limit": 3},
]  # fmt: skip


@pytest.fixture
def counting(chain, county, sign_in, app, at, time_machine, centers):
    """A county with a case begun on Monday; `days` sets days and runs what follows from them."""
    chain.push(chain.publish(procedure(steps=STEPS)))
    time_machine.move_to("2026-11-23 09:00+08:00")
    province = sign_in("province")

    def run():
        wanted = select(JobRow.id).where(JobRow.state == "queued")
        with at("四川省", "standards_officer"):
            waiting = db.session.scalars(wanted).all()
        with app.app_context():
            for number in waiting:
                jobs.run(centers["四川省"], number)
        return len(waiting)

    def days(*given, working=False):
        for day in given:
            wish = {"working": working, "name": "停电检修"}
            answer = province.send("PUT", f"/api/calendar/days/{day}", json=wish)
            assert answer.status_code == 200, answer.json
        run()

    def unset(day):
        assert province.send("DELETE", f"/api/calendar/days/{day}").status_code == 200
        run()

    county.at, county.days, county.unset, county.run = at, days, unset, run
    return county


def clock_of(browser, case, code="S1"):
    with browser.at("广安区"):
        row = db.session.execute(
            text(
                "SELECT due_on, warn_on, told FROM case_step"
                " WHERE case_id = :id AND code = :code ORDER BY round DESC LIMIT 1"
            ),
            {"id": case["id"], "code": code},
        ).one()
    return str(row.due_on), str(row.warn_on), row.told


def test_a_day_off_moves_what_is_open_and_going_back_moves_it_back(counting):
    case = begin(counting)
    assert clock_of(counting, case) == ("2026-11-30", "2026-11-26", 0)
    counting.days("2026-11-25")
    assert clock_of(counting, case) == ("2026-12-01", "2026-11-29", 0)
    counting.unset("2026-11-25")
    assert clock_of(counting, case) == ("2026-11-30", "2026-11-26", 0)
    assert counting.run() == 0


def test_a_saturday_worked_brings_it_forward_and_what_is_done_stays(counting):
    case = through(counting, begin(counting), "S1")
    assert clock_of(counting, case, "S2")[0] == "2026-11-26"
    counting.days("2026-11-28", "2026-11-29", working=True)
    assert clock_of(counting, case)[0] == "2026-11-30"
    assert clock_of(counting, case, "S2")[0] == "2026-11-26"
    assert begin_again_due(counting, case) == "2026-11-28"


def begin_again_due(browser, case):
    done(browser, case, "S2", "withdraw", opinion="重新提出")
    return begin(browser)["steps"][0]["due_on"]


def test_the_time_that_a_step_waited_is_not_counted_by_the_new_calendar_either(
    counting, time_machine
):
    case = begin(counting)  # Monday 23rd: five days
    time_machine.move_to("2026-11-24 09:00+08:00")
    case = done(counting, case, "S1", "ask", opinion="请补充")  # four are left
    time_machine.move_to("2026-12-01 09:00+08:00")
    case = done(counting, case, "S1", "answer", opinion="已补充")
    assert clock_of(counting, case)[0] == "2026-12-07"
    counting.days("2026-11-26")  # while it waited: nothing changes
    assert clock_of(counting, case)[0] == "2026-12-07"
    counting.days("2026-12-03")
    assert clock_of(counting, case)[0] == "2026-12-08"


def test_a_step_that_waits_keeps_what_was_left(counting, time_machine):
    case = begin(counting)
    time_machine.move_to("2026-11-24 09:00+08:00")
    case = done(counting, case, "S1", "ask", opinion="请补充")
    counting.days("2026-11-26")
    time_machine.move_to("2026-12-01 09:00+08:00")
    case = done(counting, case, "S1", "answer", opinion="已补充")
    assert clock_of(counting, case)[0] == "2026-12-07"


def test_who_was_told_is_told_again_once_it_is_late_anew(counting, time_machine, app):
    case = begin(counting)
    time_machine.move_to("2026-12-01 09:00+08:00")
    with app.app_context():
        clock.tick()
    assert clock_of(counting, case)[2] == 2
    counting.days("2026-11-25", "2026-11-26", "2026-11-27")
    assert clock_of(counting, case) == ("2026-12-03", "2026-12-01", 1)
    time_machine.move_to("2026-12-04 09:00+08:00")
    with app.app_context():
        clock.tick()
    told = [row["text"] for row in counting.get("/api/notices").json["rows"]]
    assert sum("已超期" in text for text in told) == 2


def test_many_cases_are_put_right_in_a_few_statements(counting, sent):
    begin(counting)
    with sent() as statements:
        counting.days("2026-11-25")
    assert sum("UPDATE case_step" in one for one in statements) == 1
