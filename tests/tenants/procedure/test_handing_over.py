"""Who can be asked to act, what the lists and the desk say of it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from jinzhu import migrate
from jinzhu.core.calendar import today
from tests.tenants.procedure.test_cases import act, begin, chain, county, done, states, through
from tests.tenants.procedure.test_consents import seats

__all__ = ["chain", "county", "seats"]


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


@pytest.fixture
def handed(county, seats, sign_in):
    """A step that was handed to a colleague, who is gone soon; `seats` changes the posts."""
    seats("clerk", role_code="center_manager")
    case = through(county, begin(county), "S1")
    number = colleagues(county, case, "S3")["clerk"]
    return done(county, case, "S3", "delegate", assignee_id=number)


@pytest.fixture
def leave(app):
    """Let somebody's post end yesterday, or the account be closed; undone after the test."""
    owner, undone = migrate.owner_engine(app.config["SETTINGS"]), []

    def run(statement, **values):
        with owner.begin() as connection:
            connection.execute(text(statement), values)

    def leave(username, how="post"):
        account = "(SELECT id FROM account WHERE username = :name)"
        if how == "post":
            then = (
                f"UPDATE post SET starts_on = :first, ends_on = :last WHERE account_id = {account}"
            )
            run(then, name=username, first=today() - timedelta(9), last=today() - timedelta(1))
            undone.append(f"UPDATE post SET ends_on = NULL WHERE account_id = {account}")
        else:
            run("UPDATE account SET active = false WHERE username = :name", name=username)
            undone.append("UPDATE account SET active = true WHERE username = :name")
        leave.name = username

    yield leave
    for statement in undone:
        run(statement, name=leave.name)
    owner.dispose()


def test_handed_to_somebody_it_is_that_persons_alone(county, handed, sign_in):
    assert "转交" in possible(handed, "S3", "approve")["why_not"]
    assert possible(handed, "S3", "delegate")["possible"]
    assert county.get("/api/cases?gone=true").json["total"] == 0
    assert sign_in("clerk").get("/api/cases?mine=true").json["total"] == 1


@pytest.mark.parametrize("how", ["post", "account"])
def test_when_the_person_leaves_the_step_falls_back_to_the_post_and_is_marked(
    county, handed, leave, how
):
    leave("clerk", how)
    case = county.get(f"/api/cases/{handed['id']}").json
    step = next(one for one in case["steps"] if one["code"] == "S3")
    assert (step["assignee"], step["gone"]) == ("clerk", True)
    assert possible(case, "S3", "approve")["possible"]
    (row,) = county.get("/api/cases?gone=true").json["rows"]
    assert (row["assignee"], row["gone"]) == ("clerk", True)
    desk = {one["code"]: one["count"] for one in county.get("/api/desk").json["todo"]}
    assert desk["cases_gone"] == 1
    assert states(done(county, case, "S3"))["S3"] == "done"


def test_all_that_somebody_has_goes_to_a_colleague_and_what_does_not_fit_stays(
    county, handed, leave, sign_in
):
    leave("clerk")
    (holder,) = county.get("/api/cases/handovers").json["holders"]
    assert (holder["name"], holder["steps"], holder["gone"]) == ("clerk", 1, 1)
    liaison = sign_in("liaison").me["account"]["id"]
    wish = {"from_id": holder["id"], "to_id": liaison, "opinion": "调离"}
    answer = county.post("/api/cases/handovers", wish).json
    assert (answer["handed"], [one["step_name"] for one in answer["kept"]]) == (0, ["评估"])
    me = county.me["account"]["id"]
    answer = county.post("/api/cases/handovers", {**wish, "to_id": me}).json
    assert (answer["handed"], answer["kept"]) == (1, [])
    case = county.get(f"/api/cases/{handed['id']}").json
    assert case["version"] == handed["version"] + 1
    assert (case["trace"][-1]["action"], case["trace"][-1]["opinion"]) == ("delegate", "调离")
    assert possible(case, "S3", "approve")["possible"]
    assert any("1 步进驻办理转交给您" in row["text"] for row in notices(county))
    back = county.post("/api/cases/handovers", {"from_id": me, "to_id": None}).json
    assert back["handed"] == 1
    case = county.get(f"/api/cases/{handed['id']}").json
    assert (case["steps"][2]["assignee"], case["trace"][-1]["action"]) == (None, "hand_back")


def notices(browser):
    return browser.get("/api/notices").json["rows"]


def test_a_bulk_hand_over_names_what_is_wrong_and_is_the_managers_alone(county, handed, sign_in):
    clerk = sign_in("clerk").me["account"]["id"]
    for to_id in (clerk, 999_999, sign_in("neighbour").me["account"]["id"]):
        refused = county.post("/api/cases/handovers", {"from_id": clerk, "to_id": to_id})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "to_id")
    assert county.post("/api/cases/handovers", {"from_id": 999_999}).status_code == 404
    neighbour = sign_in("neighbour")
    assert neighbour.post("/api/cases/handovers", {"from_id": clerk}).status_code == 404
    assert neighbour.get("/api/cases/handovers").json["holders"] == []
    assert sign_in("liaison").get("/api/cases/handovers").status_code == 403


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


def test_every_count_is_that_of_its_list(county, handed, leave, sign_in):
    leave("clerk")
    asked = done(county, handed, "S3", "ask", opinion="请补充编制文件")
    for browser in (county, sign_in("liaison")):
        counts = browser.get("/api/cases/counts").json
        for name, count in counts.items():
            query = "" if name == "running" else f"&{name}=true"
            listed = browser.get(f"/api/cases?state=running{query}").json
            assert (name, len(listed["rows"])) == (name, listed["total"])
            assert (name, count) == (name, listed["total"])
    assert county.get("/api/cases/counts").json["awaited"] == 0  # the own department still acts
    (row,) = county.get("/api/cases?mine=true&sort=-since").json["rows"]
    assert (row["id"], row["step_state"]) == (asked["id"], "open")


def test_what_is_late_stands_on_the_desk(county, time_machine):
    time_machine.move_to("2026-11-23 09:00+08:00")
    begin(county)
    time_machine.move_to("2026-12-21 09:00+08:00")
    rows = {row["code"]: row for row in county.get("/api/desk").json["todo"]}
    late = rows["cases_overdue"]
    assert late["count"] == 1
    assert county.get(late["to"].replace("/cases", "/api/cases")).json["total"] == 1


def test_what_somebody_asked_for_lies_with_others_until_it_is_their_turn(county, sign_in):
    liaison = sign_in("liaison")
    liaison.department = county.department
    case = begin(liaison)
    (row,) = liaison.get("/api/cases?awaited=true").json["rows"]
    assert (row["id"], row["actor"]) == (case["id"], "competent_body")
    assert liaison.get("/api/cases/counts").json["awaited"] == 1
    through(county, case, "S1")
    assert liaison.get("/api/cases?awaited=true").json["total"] == 0
    assert county.get("/api/cases?awaited=true").json["total"] == 0
