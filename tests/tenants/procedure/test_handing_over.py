"""Who can be asked to act, what the lists and the desk say of it."""

from sqlalchemy import select

from jinzhu.core.db import db
from tenants.procedure.models import CaseStep
from tests.tenants.procedure.test_cases import act, begin, chain, county, done, states, through

__all__ = ["chain", "county"]


def possible(case, step, action):
    return next(o for o in case["actions"] if (o["step"], o["action"]) == (step, action))


def colleagues(browser, case, step):
    answer = browser.get(f"/api/cases/{case['id']}/colleagues?step={step}")
    assert answer.status_code == 200, answer.json
    return {row["name"]: row["id"] for row in answer.json["rows"]}


def test_a_step_is_handed_to_somebody_who_may_act_in_it_and_to_nobody_else(county, sign_in):
    case = through(county, begin(county), "S1")
    known = colleagues(county, case, "S3")
    assert set(known) == {"county"}  # the liaison decides nothing, the clerk only reads
    assert set(colleagues(county, case, "S2")) == {"county", "liaison"}
    for wrong in (None, 999_999, sign_in("neighbour").me["account"]["id"]):
        refused = act(county, case, "S3", "delegate", assignee_id=wrong)
        assert refused.json["errors"][0]["field"] == "assignee_id"
    case = done(county, case, "S3", "delegate", assignee_id=known["county"])
    assert next(s for s in case["steps"] if s["code"] == "S3")["assignee"] == "county"


def test_the_names_of_colleagues_are_told_for_open_steps_of_cases_one_sees(county, sign_in):
    case = begin(county)
    closed = county.get(f"/api/cases/{case['id']}/colleagues?step=S4")
    assert (closed.status_code, closed.json["code"]) == (409, "act_not_possible")
    address = f"/api/cases/{case['id']}/colleagues?step=S1"
    assert sign_in("neighbour").get(address).status_code == 404
    assert sign_in("clerk").get(address).status_code == 403


def test_what_was_handed_to_somebody_who_is_away_is_handed_on(county, sign_in, at):
    case = through(county, begin(county), "S1")
    other = sign_in("neighbour").me["account"]["id"]
    with at("广安区"):  # as after somebody has left the center
        step = db.session.scalars(select(CaseStep).where(CaseStep.code == "S3")).one()
        step.assignee_id = other
    case = county.get(f"/api/cases/{case['id']}").json
    assert "转交" in possible(case, "S3", "approve")["why_not"]
    assert possible(case, "S3", "delegate")["possible"]
    me = county.me["account"]["id"]
    case = done(county, case, "S3", "delegate", assignee_id=me)
    assert possible(case, "S3", "approve")["possible"]


def test_lists_by_what_they_are_about_and_by_who_began_them(county, sign_in):
    case = begin(county)
    assert county.get(f"/api/cases?subject={county.department}").json["total"] == 1
    assert county.get("/api/cases?subject=1").json["total"] == 0
    assert county.get("/api/cases?begun=true").json["total"] == 1
    assert sign_in("liaison").get("/api/cases?begun=true").json["total"] == 0
    assert county.get("/api/cases?state=over").json["total"] == 0
    done(county, case, "S1", "withdraw", opinion="暂不进驻")
    assert county.get("/api/cases?state=over").json["total"] == 1


def test_the_desk_says_what_waits_for_me_and_what_i_wait_for(county, sign_in):
    def desk(browser, section):
        rows = browser.get("/api/desk").json[section]
        return {row["code"]: row["count"] for row in rows if row["code"].startswith("cases_")}

    case = begin(county)
    liaison = sign_in("liaison")
    assert desk(county, "todo") == {"cases_waiting": 1}
    assert desk(county, "awaited") == {"cases_begun": 1}
    assert desk(liaison, "todo") == desk(liaison, "awaited") == {}
    through(county, case, "S1")
    assert desk(liaison, "todo") == {"cases_waiting": 1}
    assert states(county.get(f"/api/cases/{case['id']}").json)["S2"] == "open"
    assert desk(sign_in("clerk"), "todo") == {}


def test_what_is_late_stands_on_the_desk(county, time_machine):
    time_machine.move_to("2026-11-23 09:00+08:00")
    begin(county)
    time_machine.move_to("2026-12-21 09:00+08:00")
    rows = {row["code"]: row for row in county.get("/api/desk").json["todo"]}
    late = rows["cases_overdue"]
    assert late["count"] == 1
    assert county.get(late["to"].replace("/cases", "/api/cases")).json["total"] == 1
