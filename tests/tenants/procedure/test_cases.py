"""Cases: under which procedure, who acts, what is possible, and how they end."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jinzhu.core import clock
from jinzhu.core.calendar import Workdays, today
from jinzhu.core.db import db
from jinzhu.standards.models import Revision
from tenants.procedure.models import Case, CaseStep

STEPS = [
    {"code": "S1", "name": "认定", "actor": "competent_body", "limit": 10,
     "actions": ["return", "refuse", "ask"], "next": ["S2", "S3"]},
    {"code": "S2", "name": "授权", "actor": "department", "limit": 5, "next": ["S4"],
     "actions": ["return"]},
    {"code": "S3", "name": "评估", "actor": "center", "limit": 5, "next": ["S4"],
     "actions": ["return", "refuse", "ask", "delegate"]},
    {"code": "S4", "name": "生效", "actor": "center", "actions": ["return", "refuse"]},
]  # fmt: skip


def procedure(code="P1", steps=STEPS, **more):
    content = {"name": "部门进驻", "procedure_object": "department", "procedure_kind": "entry"}
    return "procedure", code, {**content, "steps": steps, **more}, {}, {"levels": ["county"]}


@pytest.fixture
def chain(province):
    """A procedure for departments, in force everywhere."""
    province.push(province.publish(procedure()))
    return province


@pytest.fixture
def county(chain, sign_in):
    """The manager of a county whose department has been claimed."""
    browser = sign_in("county")
    duties = browser.get("/api/departments/duties").json["rows"]
    ids = [row["provision_id"] for row in duties]
    answer = {"provision_ids": ids, "claim": "offered"}
    assert browser.post("/api/departments/claims", answer).status_code == 200
    browser.department = next(row["provision_id"] for row in duties if row["code"] == "D02")
    return browser


def begin(browser, **more):
    wish = {"object": "department", "subject_id": browser.department, "kind": "entry", **more}
    answer = browser.post("/api/cases", wish)
    assert answer.status_code == 201, answer.json
    return answer.json


def act(browser, case, step, action="approve", **more):
    """Act; return the whole answer."""
    wish = {"step": step, "action": action, **more}
    return browser.post(f"/api/cases/{case['id']}/acts", wish, version=case["version"])


def done(browser, case, step, action="approve", **more):
    answer = act(browser, case, step, action, **more)
    assert answer.status_code == 200, answer.json
    return answer.json


def states(case):
    return {step["code"]: step["state"] for step in case["steps"]}


def through(browser, case, *steps):
    for step in steps:
        outside = {"on_behalf": "区人民政府 2026年第3号"} if step == "S1" else {}
        case = done(browser, case, step, **outside)
    return case


def test_a_case_opens_with_its_first_step_and_its_clock(county):
    case = begin(county)
    assert case["number"] == f"{today().year}-0001"
    assert states(case) == {"S1": "open", "S2": "coming", "S3": "coming", "S4": "coming"}
    assert case["steps"][0]["due_on"] == str(Workdays().after(today(), 10))
    assert case["procedure"]["name"] == "部门进驻"
    assert [line["action"] for line in case["trace"]] == ["begin"]


@pytest.mark.parametrize("order", [("S2", "S3"), ("S3", "S2")])
def test_both_sign_in_either_order_and_then_it_is_finished(county, order):
    case = through(county, begin(county), "S1", order[0])
    assert states(case)["S4"] == "coming"
    case = through(county, case, order[1])
    assert states(case)["S4"] == "open"
    case = through(county, case, "S4")
    assert case["state"] == "finished"
    assert case["actions"] == []
    assert [line["step"] for line in case["trace"]] == ["", "S1", *order, "S4"]


def test_what_somebody_outside_decided_is_recorded_with_its_number(county):
    case = begin(county)
    refused = act(county, case, "S1")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "on_behalf"
    case = through(county, case, "S1")
    assert case["trace"][-1]["on_behalf"] == "区人民政府 2026年第3号"


@pytest.mark.parametrize(("who", "for_department"), [("county", True), ("liaison", False)])
def test_the_trace_says_where_the_center_acts_for_the_department(
    county, sign_in, who, for_department
):
    case = through(county, begin(county), "S1")
    case = done(sign_in(who), case, "S2")
    case = through(county, case, "S3")
    told = {line["step"]: line["for_department"] for line in case["trace"]}
    assert told == {"": False, "S1": False, "S2": for_department, "S3": False}


def test_sent_back_a_step_opens_in_a_new_round(county):
    case = through(county, begin(county), "S1", "S2", "S3")
    assert act(county, case, "S4", "return", target="S2").json["errors"][0]["field"] == "opinion"
    wrong = act(county, case, "S4", "return", target="S4", opinion="补盖章")
    assert wrong.json["errors"][0]["field"] == "target"
    case = done(county, case, "S4", "return", target="S2", opinion="补盖章")
    assert states(case) == {"S1": "done", "S2": "open", "S3": "done", "S4": "left"}
    assert case["steps"][1]["round"] == 2
    case = through(county, case, "S2", "S4")
    assert case["state"] == "finished"


def test_refused_it_is_over_and_can_be_begun_again(county):
    case = begin(county)
    assert act(county, case, "S1", "refuse").status_code == 422
    case = done(county, case, "S1", "refuse", opinion="不符合进驻条件")
    assert case["state"] == "refused"
    assert act(county, case, "S1").json["code"] == "case_over"
    assert begin(county)["number"].endswith("-0002")


def test_one_case_at_a_time(county):
    case = begin(county)
    wish = {"object": "department", "subject_id": county.department, "kind": "entry"}
    answer = county.post("/api/cases", wish)
    assert answer.status_code == 409
    assert case["number"] in answer.json["detail"]


def test_the_clock_stands_still_until_what_was_asked_for_is_there(county, time_machine):
    time_machine.move_to("2026-11-23 09:00+08:00")
    case = done(county, begin(county), "S1", "ask", opinion="请补充编制文件")
    assert states(case)["S1"] == "suspended"
    first = next(one for one in case["actions"] if one["action"] == "approve")
    assert not first["possible"]
    assert "补充" in first["why_not"]
    time_machine.move_to("2026-11-30 09:00+08:00")
    case = done(county, case, "S1", "answer", opinion="已补充")
    assert date.fromisoformat(case["steps"][0]["due_on"]) == date(2026, 12, 14)


def test_a_liaison_acts_for_the_own_department_and_no_further(county, sign_in):
    case = through(county, begin(county), "S1")
    liaison = sign_in("liaison")
    shown = liaison.get(f"/api/cases/{case['id']}").json
    possible = {(one["step"], one["action"]) for one in shown["actions"] if one["possible"]}
    assert ("S2", "approve") in possible
    assert ("S3", "approve") not in possible
    refused = act(liaison, shown, "S3")
    assert refused.status_code == 409
    assert "政务服务中心" in refused.json["detail"]
    assert liaison.get("/api/cases?mine=true").json["total"] == 1
    assert states(done(liaison, shown, "S2"))["S2"] == "done"
    assert liaison.get("/api/cases?mine=true").json["total"] == 0


def test_two_people_do_not_act_on_the_same_state(county):
    case = begin(county)
    through(county, case, "S1")
    assert act(county, case, "S1", on_behalf="区政府").status_code == 412


def test_running_cases_stay_with_the_revision_they_began_with(county, chain):
    case = begin(county)
    shorter = [STEPS[0] | {"limit": 2}, *STEPS[1:3], STEPS[3] | {"next": ["S5"]}]
    added = {"code": "S5", "name": "公示", "actor": "center"}
    chain.push(chain.publish(procedure(steps=[*shorter, added])))
    assert len(county.get(f"/api/cases/{case['id']}").json["steps"]) == 4
    done(county, case, "S1", "refuse", opinion="重新提出")
    again = begin(county)
    assert [step["code"] for step in again["steps"]] == ["S1", "S2", "S3", "S4", "S5"]
    assert again["steps"][0]["due_on"] == str(Workdays().after(today(), 2))
    assert again["procedure"]["edition_number"] > case["procedure"]["edition_number"]


def test_without_a_procedure_it_says_whom_to_ask(province, sign_in):
    county = sign_in("county")
    duty = county.get("/api/departments/duties").json["rows"][0]["provision_id"]
    county.post("/api/departments/claims", {"provision_ids": [duty], "claim": "offered"})
    wish = {"object": "department", "subject_id": duty, "kind": "entry"}
    answer = county.post("/api/cases", wish)
    assert (answer.status_code, answer.json["code"]) == (409, "no_procedure")


def test_strangers_neither_see_nor_move_a_case(county, sign_in):
    case = begin(county)
    neighbour = sign_in("neighbour")
    assert neighbour.get(f"/api/cases/{case['id']}").status_code == 404
    assert act(neighbour, case, "S1", on_behalf="县政府").status_code == 404
    assert neighbour.get("/api/cases").json["total"] == 0
    clerk = sign_in("clerk")
    assert clerk.get(f"/api/cases/{case['id']}").status_code == 200
    assert act(clerk, case, "S1", on_behalf="区政府").status_code == 403


def test_what_was_not_offered_cannot_enter(county):
    item = county.get("/api/items/duties").json["rows"][0]["provision_id"]
    wish = {"object": "item", "subject_id": item, "kind": "entry"}
    assert county.post("/api/cases", wish).status_code == 404


def test_cases_and_steps_in_the_database_are_what_the_page_says(county, at):
    case = through(county, begin(county), "S1")
    with at("广安区"):
        rows = db.session.scalars(select(CaseStep).where(CaseStep.case_id == case["id"])).all()
        assert {row.code: row.state.value for row in rows} == {
            "S1": "done", "S2": "open", "S3": "open"
        }  # fmt: skip
        stored = db.session.scalars(select(Case)).one()
        assert db.session.get_one(Revision, stored.revision_id).code == "P1"


WAITS = [
    {"code": "S1", "name": "公布", "actor": "center", "limit": 3, "warn": 1, "waits": True},
    {"code": "S2", "name": "确定", "actor": "department", "limit": 5, "warn": 2},
]


@pytest.fixture
def publishing(chain, county, time_machine, app):
    """A county with a case that waits for a publication; `tick` lets a day begin."""
    chain.push(chain.publish(procedure(steps=WAITS)))
    time_machine.move_to("2026-11-23 09:00+08:00")

    def tick(day):
        time_machine.move_to(f"{day} 08:00+08:00")
        with app.app_context():
            return clock.tick()

    county.tick = tick
    return county


def notices_of(browser):
    return [row["text"] for row in browser.get("/api/notices").json["rows"]]


def test_a_publication_ends_by_itself_when_its_days_are_over(publishing):
    case = begin(publishing)
    assert "公布期未满" in act(publishing, case, "S1").json["detail"]
    publishing.tick("2026-11-26")
    assert states(publishing.get(f"/api/cases/{case['id']}").json)["S1"] == "open"
    publishing.tick("2026-11-27")
    moved = publishing.get(f"/api/cases/{case['id']}").json
    assert states(moved) == {"S1": "done", "S2": "open"}
    assert moved["trace"][-1]["action"] == "time_over"
    assert moved["trace"][-1]["who"] is None


def test_an_overdue_step_is_said_once_to_those_who_act_and_those_who_run_the_center(
    publishing, sign_in
):
    case = begin(publishing)
    publishing.tick("2026-11-27")  # S2 opens, due on 2026-12-04, reminder on 2026-12-02
    liaison = sign_in("liaison")
    publishing.tick("2026-12-02")
    assert any("将于 2026-12-04 到期" in text for text in notices_of(liaison))
    assert not any("超期" in text for text in notices_of(publishing))
    for day in ("2026-12-07", "2026-12-08"):
        publishing.tick(day)
    assert sum("已超期" in text for text in notices_of(liaison)) == 1
    assert sum("已超期" in text for text in notices_of(publishing)) == 1
    listed = publishing.get("/api/cases?overdue=true").json["rows"]
    assert [row["id"] for row in listed] == [case["id"]]
    assert listed[0]["days_left"] < 0


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"mode": "somewhere"}, "facts.mode"),
        ({"mode": ["resident"]}, "facts.mode"),
        ({"effective_on": "2026-02-30"}, "facts.effective_on"),
        ({"effective_on": 7}, "facts.effective_on"),
        ({"effective_on": "2020-01-01"}, "facts.effective_on"),
        ({"effective_on": "9999-12-31"}, "facts.effective_on"),
    ],
)
def test_facts_that_mean_nothing_are_refused_when_a_case_begins(county, facts, field):
    wish = {"object": "department", "subject_id": county.department, "kind": "entry"}
    answer = county.post("/api/cases", {**wish, "facts": facts})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    told = {"mode": "proxy", "effective_on": str(today() + timedelta(30))}
    assert begin(county, facts=told)["facts"] == told
