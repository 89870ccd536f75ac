"""A step that is overdue for long is told further up: once, to whom the procedure names."""

import pytest

from jinzhu.core import clock
from tests.tenants.procedure.test_cases import (
    begin,
    chain,
    county,
    done,
    procedure,
    states,
    through,
)

__all__ = ["chain", "county"]
#: Begun on Monday 23 November 2026: due on the 30th, overdue from 1 December on.
MONDAY, DUE, THIRD = "2026-11-23", "2026-11-30", "2026-12-03"
STEP = {"code": "S1", "name": "审核", "actor": "center", "limit": 5, "escalate_after": 3}
LAST = {"code": "S2", "name": "生效", "actor": "center"}


@pytest.fixture
def late(chain, county, time_machine, app):
    """Begin a case under a chain whose first step is as said; `tick` lets days come."""

    def late(**more):
        steps = [{**STEP, "actions": ["ask", "delegate"], **more}, LAST]
        chain.push(chain.publish(procedure(steps=steps)))
        time_machine.move_to(f"{MONDAY} 09:00+08:00")
        return begin(county)

    def tick(*days):
        for day in days:
            time_machine.move_to(f"{day} 08:00+08:00")
            with app.app_context():
                clock.tick()

    late.tick = tick
    return late


def told(browser, words="请督促办理"):
    return [row for row in browser.get("/api/notices").json["rows"] if words in row["text"]]


def trace(browser, case):
    return [line["action"] for line in browser.get(f"/api/cases/{case['id']}").json["trace"]]


def desk(browser):
    return {one["code"]: one for one in browser.get("/api/desk").json["todo"]}


@pytest.mark.parametrize(
    ("said", "receiver", "username"),
    [
        ({"actor": "department"}, "manager", "county"),
        ({}, "superior", "city"),
        ({"escalate_to": "manager"}, "manager", "county"),
        ({"escalate_to": "leader"}, "leader", "liaison"),
        ({"actor": "department", "escalate_to": "superior"}, "superior", "city"),
    ],
)
def test_it_is_told_once_to_whom_the_step_names_or_to_who_is_one_above(
    late, county, sign_in, said, receiver, username
):
    case = late(**said)
    person = sign_in(username)
    late.tick("2026-12-01", "2026-12-02")
    assert told(person) == []
    late.tick(THIRD, THIRD, "2026-12-04", "2026-12-11")
    (notice,) = told(person)
    assert f"应于 {DUE} 前办完，已超期 3 个工作日" in notice["text"]
    assert trace(county, case) == ["begin", "overdue", f"escalate_{receiver}"]
    assert case["steps"][0]["receiver_label"]
    entry = desk(person)["escalations_open" if receiver == "superior" else "cases_escalated"]
    assert entry["count"] == 1
    listed = person.get(f"/api{entry['to'].replace('tab=escalated', 'escalated=true')}").json
    assert [row["id"] for row in listed["rows"]] == [case["id"]]
    assert listed["rows"][0]["escalated_on"] == THIRD


def test_the_superior_center_sees_the_case_and_says_something_to_it(late, county, sign_in):
    case = late()
    late.tick(THIRD)
    city = sign_in("city")
    path = f"/api/escalations/{county.me['post']['center']['id']}/{case['id']}"
    assert told(city)[0]["to"] == path.removeprefix("/api")
    shown = city.get(path).json
    assert (shown["center"]["name"], shown["actions"]) == ("广安区", [])
    silent = city.post(f"{path}/words", {"opinion": " "})
    assert silent.json["errors"][0]["field"] == "opinion"
    shown = city.post(f"{path}/words", {"opinion": "请于三日内办结"}).json
    assert shown["trace"][-1]["who"] == "广安市 city"
    assert told(county, "请于三日内办结")[0]["to"] == f"/cases/{case['id']}"
    assert trace(county, case)[-1] == "urge"


def test_nobody_else_sees_it_and_nobody_before_it_was_told(late, county, sign_in):
    case = late()
    path = f"/api/escalations/{county.me['post']['center']['id']}/{case['id']}"
    city = sign_in("city")
    late.tick("2026-12-01")
    assert city.get(path).status_code == 404
    late.tick(THIRD)
    assert city.get(path).status_code == 200
    for stranger, status in (("watch", 404), ("neighbour", 403), ("county", 403), ("clerk", 403)):
        assert sign_in(stranger).get(path).status_code == status
        words = sign_in(stranger).post(f"{path}/words", {"opinion": "快办"})
        assert words.status_code == status
    assert sign_in("watch").get("/api/escalations").json["total"] == 0


def test_what_is_done_is_no_longer_listed_and_what_stands_still_is_not_told(
    late, county, sign_in, time_machine
):
    case = late()
    late.tick(THIRD)
    city = sign_in("city")
    assert city.get("/api/escalations").json["total"] == 1
    case = county.get(f"/api/cases/{case['id']}").json
    assert states(through(county, case, "S1"))["S1"] == "done"
    assert city.get("/api/escalations").json["total"] == 0
    assert "escalations_open" not in desk(city)


def test_asked_for_more_it_is_not_told_meanwhile_and_later_by_what_is_left(late, county, sign_in):
    case = late()
    late.tick("2026-11-24")
    case = done(county, county.get(f"/api/cases/{case['id']}").json, "S1", "ask", opinion="请补充")
    late.tick("2026-12-14")
    assert told(sign_in("city")) == []
    case = county.get(f"/api/cases/{case['id']}").json
    done(county, case, "S1", "answer", opinion="已补充")  # four days were left: due on the 18th
    late.tick("2026-12-22")
    assert told(sign_in("city")) == []
    late.tick("2026-12-23")
    assert len(told(sign_in("city"))) == 1


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"limit": None}, "limit"),
        ({"escalate_after": 0}, "escalate_after"),
        ({"escalate_after": None, "escalate_to": "manager"}, "escalate_after"),
        ({"escalate_to": "mayor"}, "escalate_to"),
    ],
)
def test_a_procedure_that_cannot_escalate_as_it_says_is_not_written(
    province, sign_in, said, column
):
    office = sign_in("province")
    kind, code, content, _, applies = procedure(steps=[{**STEP, **said}, LAST])
    draft = office.post(f"/api/standards/{province.standard_id}/editions", {"title": "x"}).json
    answer = office.send(
        "PUT",
        f"/api/editions/{draft['id']}/provisions/{kind}/{code}",
        json={"content": content, "rules": {}, "applies": applies},
        headers={"If-None-Match": "*"},
    )
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"][0]["field"] == f"content.steps.0.{column}"
