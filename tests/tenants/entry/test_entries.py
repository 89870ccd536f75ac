"""What has entered: changed by cases alone, and the same in every list and figure."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db

ENTER = [{"code": "S1", "name": "确定进驻", "actor": "center", "effects": ["enter"]}]


def chain(code, object_, kind, steps):
    content = {"name": code, "procedure_object": object_, "procedure_kind": kind, "steps": steps}
    return "procedure", code, content, {}, {"levels": ["county"]}


def one(name, effect, **more):
    return [{"code": "S1", "name": name, "actor": "center", "effects": [effect], **more}]


CHAINS = [
    chain("E-DEP", "department", "entry", ENTER),
    chain("E-ITEM", "item", "entry", ENTER),
    chain("X-ITEM", "item", "exit", one("退出", "leave")),
    chain("X-DEP", "department", "exit", one("退出", "leave", guards=["nothing_left"])),
    chain("P-ITEM", "item", "suspension", one("暂停", "suspend")),
    chain("A-ITEM", "item", "adjustment", one("调整", "adjust")),
    chain("A-DEP", "department", "adjustment", one("调整", "adjust")),
    chain("P-DEP", "department", "suspension", one("暂停", "suspend")),
    chain("R-DEP", "department", "resumption", one("恢复", "resume")),
    chain("R-ITEM", "item", "resumption", one("恢复", "resume", guards=["department_entered"])),
    chain(
        "N-ITEM",
        "item",
        "negative_list",
        [{"code": "S1", "name": "批准", "actor": "government", "effects": ["exclude"]}],
    ),
]


@pytest.fixture
def county(province, sign_in):
    """A county that offers everything, under procedures of one step each."""
    province.push(province.publish(*CHAINS))
    browser = sign_in("county")
    browser.subjects = {}
    for kind in ("department", "item"):
        duties = browser.get(f"/api/{kind}s/duties").json["rows"]
        browser.subjects |= {row["code"]: (kind, row["provision_id"]) for row in duties}
        ids = [row["provision_id"] for row in duties]
        browser.post(f"/api/{kind}s/claims", {"provision_ids": ids, "claim": "offered"})
    return browser


def begin(browser, code, kind, **more):
    object_, subject = browser.subjects[code]
    wish = {"object": object_, "subject_id": subject, "kind": kind, **more}
    return browser.post("/api/cases", wish)


def carried_out(browser, code, kind, **more):
    """Begin a case and approve its only step."""
    on_behalf = "区政府 2026年第9号" if kind == "negative_list" else ""
    answer = begin(browser, code, kind, **more)
    assert answer.status_code == 201, answer.json
    act = {"step": "S1", "action": "approve", "on_behalf": on_behalf}
    path = f"/api/cases/{answer.json['id']}/acts"
    return browser.post(path, act, version=answer.json["version"])


def listed(browser, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return {row["code"]: row for row in browser.get(f"/api/entries?{words}").json["rows"]}


def test_before_anything_has_entered_everything_offered_is_due(county):
    assert {row["state"] for row in listed(county).values()} == {"not_entered"}
    total = county.get("/api/entries/rates").json["total"]
    assert (total["offered"], total["due"], total["not_entered"], total["rate"]) == (5, 5, 5, 0)


def test_a_finished_case_lets_an_item_enter_in_the_mode_it_was_begun_with(county):
    facts = {"mode": "proxy", "effective_on": str(today() + timedelta(days=3))}
    assert carried_out(county, "A1", "entry", facts=facts).json["state"] == "finished"
    row = listed(county)["A1"]
    assert (row["state"], row["mode"], row["since"]) == ("entered", "proxy", facts["effective_on"])
    assert listed(county, state="entered").keys() == {"A1"}
    assert listed(county, state="not_entered").keys() == {"A2", "A3", "A4", "B1"}


def test_the_figures_agree_with_the_lists_and_with_the_rows(county, at):
    carried_out(county, "A1", "entry")
    carried_out(county, "A3", "entry")
    carried_out(county, "A2", "negative_list", reason="涉密")
    rates = county.get("/api/entries/rates").json
    total = rates["total"]
    assert (total["offered"], total["due"], total["entered"], total["rate"]) == (5, 4, 2, 50.0)
    for state in ("entered", "excluded", "not_entered", "suspended", "left"):
        assert total[state] == len(listed(county, state=state))
        assert total[state] == sum(group[state] for group in rates["groups"])
    with at("广安区"):
        stored = "SELECT count(*) FROM entry WHERE until IS NULL AND state = 'entered'"
        assert db.session.scalar(text(stored)) == total["entered"]


def test_the_negative_list_keeps_its_reason_and_who_approved(county):
    assert begin(county, "A2", "negative_list").json["errors"][0]["field"] == "reason"
    carried_out(county, "A2", "negative_list", reason="涉密")
    row = listed(county, state="excluded")["A2"]
    assert (row["reason"], row["approval"]) == ("涉密", "区政府 2026年第9号")


def test_what_makes_no_sense_is_not_begun(county):
    refused = begin(county, "A1", "exit", reason="取消")
    assert refused.status_code == 422
    assert "应进未进" in refused.json["errors"][0]["message"]
    carried_out(county, "A1", "entry")
    again = begin(county, "A1", "entry")
    assert "已进驻" in again.json["errors"][0]["message"]
    assert carried_out(county, "A1", "exit", reason="取消").json["state"] == "finished"
    assert listed(county)["A1"]["state"] == "left"
    assert carried_out(county, "A1", "entry").json["state"] == "finished"


def test_suspended_it_comes_back_with_a_new_entry(county):
    carried_out(county, "A1", "entry", facts={"mode": "proxy"})
    carried_out(county, "A1", "suspension", reason="系统改造")
    row = listed(county)["A1"]
    assert (row["state"], row["mode"]) == ("suspended", "proxy")
    carried_out(county, "A1", "entry", facts={"mode": "resident"})
    assert listed(county)["A1"]["state"] == "entered"
    changed = county.get(f"/api/entries/changes?month={today():%Y-%m}&sort=-since").json
    assert [row["state"] for row in changed["rows"]] == ["entered", "suspended", "entered"]


def test_a_department_does_not_leave_while_items_of_it_are_in(county):
    carried_out(county, "D02", "entry")
    carried_out(county, "B1", "entry")
    refused = carried_out(county, "D02", "exit", reason="机构改革")
    assert refused.status_code == 422
    assert "1 项进驻事项" in refused.json["errors"][0]["message"]
    carried_out(county, "B1", "exit", reason="划转")
    case = county.get("/api/cases?state=running").json["rows"][0]
    act = {"step": "S1", "action": "approve"}
    path = f"/api/cases/{case['id']}"
    version = county.get(path).json["version"]
    assert county.post(f"{path}/acts", act, version=version).json["state"] == "finished"
    assert listed(county, object="department")["D02"]["state"] == "left"


def test_items_pause_with_their_department_and_come_back_with_it(county):
    for code in ("D01", "A1", "A2", "A3"):
        carried_out(county, code, "entry", facts={"mode": "proxy"} if code == "A1" else {})
    carried_out(county, "A2", "suspension", reason="系统改造")
    carried_out(county, "D01", "suspension", reason="搬迁")
    rows = listed(county)
    assert [rows[code]["state"] for code in ("A1", "A2", "A3")] == ["suspended"] * 3
    assert (rows["A1"]["mode"], rows["A1"]["reason"]) == ("proxy", "搬迁")
    refused = carried_out(county, "A2", "resumption")
    assert refused.status_code == 422
    assert "“审批局”现在是“已暂停”" in refused.json["errors"][0]["message"]
    carried_out(county, "D01", "resumption")
    rows = listed(county)
    states = [rows[code]["state"] for code in ("A1", "A2", "A3")]
    assert states == ["entered", "suspended", "entered"]
    assert rows["A1"]["mode"] == "proxy"


def standing(browser, code):
    kind, provision = browser.subjects[code]
    return browser.get(f"/api/entries/standing/{kind}/{provision}")


def test_what_can_be_begun_follows_from_how_it_stands(county, sign_in):
    assert standing(county, "A1").json["kinds"] == ["entry", "negative_list"]
    assert standing(county, "D01").json["kinds"] == ["entry"]
    carried_out(county, "A1", "entry", facts={"mode": "proxy"})
    shown = standing(county, "A1").json
    assert (shown["state_label"], shown["mode"], shown["since"]) == (
        "已进驻",
        "proxy",
        str(today()),
    )
    assert shown["kinds"] == ["adjustment", "suspension", "exit"]
    liaison = sign_in("liaison")
    liaison.subjects = county.subjects
    assert standing(liaison, "B1").status_code == 200
    assert standing(liaison, "A1").status_code == 404
    assert county.get("/api/entries/standing/post/1").status_code == 404


def test_a_department_is_counted_in_the_class_it_was_put_into(county, sign_in):
    def classes(rates):
        return {row["group"]: row["entered"] for row in rates["groups"]}

    carried_out(county, "D01", "entry")
    path = "/api/entries/rates?object=department"
    assert classes(county.get(path).json)["government"] == 1
    changed = {"department_class": "dual"}
    carried_out(county, "D01", "adjustment", reason="改革", facts=changed)
    shown = classes(county.get(path).json)
    assert (shown["dual"], shown["government"]) == (1, 0)
    assert listed(county, object="department", group="dual").keys() == {"D01"}
    above = below(sign_in("province"), object="department")["groups"]
    assert {row["group"]: row["offered"] for row in above}["dual"] == 1


def test_an_adjustment_of_a_department_that_changes_nothing_is_refused(county):
    carried_out(county, "D01", "entry", facts={"mode": "proxy"})
    for facts in ({}, {"mode": "proxy"}, {"department_class": "government", "superior": ""}):
        refused = begin(county, "D01", "adjustment", reason="改革", facts=facts)
        assert refused.status_code == 422, facts
        assert refused.json["errors"][0]["message"].startswith("没有要调整的内容：“审批局”")
    changed = begin(county, "D01", "adjustment", reason="改革", facts={"mode": "branch"})
    assert changed.status_code == 201


def test_a_running_case_stands_in_the_list(county):
    case = begin(county, "A1", "entry").json
    assert listed(county)["A1"]["case_id"] == case["id"]
    assert listed(county)["A2"]["case_id"] is None


def test_a_liaison_sees_the_own_department_and_a_superior_those_below(county, sign_in, centers):
    carried_out(county, "A1", "entry")
    assert listed(sign_in("liaison")).keys() == {"B1"}
    path = f"/api/entries/of/{centers['广安区']}?state=entered"
    assert [row["code"] for row in sign_in("city").get(path).json["rows"]] == ["A1"]
    rates = f"/api/entries/rates/of/{centers['广安区']}"
    assert sign_in("province").get(rates).json["total"]["entered"] == 1
    for stranger in ("stranger", "neighbour"):
        assert sign_in(stranger).get(path).status_code in (403, 404)
        assert sign_in(stranger).get(rates).status_code in (403, 404)


def below(browser, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return browser.get(f"/api/entries/below?{words}").json


def test_each_figure_leads_to_exactly_its_rows(county):
    carried_out(county, "D01", "entry", facts={"mode": "branch"})
    carried_out(county, "A1", "entry")
    carried_out(county, "A2", "negative_list", reason="涉密")
    begin(county, "A3", "entry")
    for by in ("group", "department"):
        rates = county.get(f"/api/entries/rates?by={by}").json
        for group in [*rates["groups"], rates["total"]]:
            narrowed = {by: group["group"]} if group["group"] else {}
            for figure, filters in {
                "offered": {},
                "due": {"due": "true"},
                "entered": {"state": "entered"},
                "branch": {"mode": "branch"},
                "excluded": {"state": "excluded"},
                "not_entered": {"state": "not_entered"},
                "under_way": {"state": "not_entered", "waiting": "case"},
            }.items():
                assert group[figure] == len(listed(county, **narrowed, **filters)), (by, figure)
    assert rates["total"]["under_way"] == 1


def test_an_item_is_present_as_its_department_is(county):
    carried_out(county, "D01", "entry", facts={"mode": "branch"})
    carried_out(county, "A1", "entry")
    carried_out(county, "A3", "entry", facts={"mode": "proxy"})
    carried_out(county, "A3", "adjustment", reason="改窗口")
    assert {code: row["mode"] for code, row in listed(county, state="entered").items()} == {
        "A1": "branch",
        "A3": "proxy",
    }


def test_what_is_due_says_whom_it_waits_for_and_since_when(county):
    begin(county, "A1", "entry")
    waits = listed(county, state="not_entered")
    assert (waits["A1"]["waits_for"], waits["A1"]["step_name"]) == ("政务服务中心", "确定进驻")
    assert waits["A2"]["waits_for"] == "部门（待提出）"
    assert {row["waiting_since"] for row in waits.values()} == {str(today())}
    assert waits["A2"]["case_id"] is None


def test_the_changes_of_a_month_say_what_they_mean_who_and_under_which_case(county):
    carried_out(county, "A1", "entry")
    carried_out(county, "A1", "adjustment", reason="改窗口")
    carried_out(county, "A1", "suspension", reason="系统改造")
    carried_out(county, "A1", "entry")
    carried_out(county, "A2", "negative_list", reason="涉密")
    carried_out(county, "D02", "entry")
    rows = county.get(f"/api/entries/changes?month={today():%Y-%m}").json["rows"]
    told = [(row["code"], row["change"]) for row in reversed(rows) if row["object"] == "item"]
    assert told == [
        ("A1", "entered"),
        ("A1", "adjusted"),
        ("A1", "suspended"),
        ("A1", "resumed"),
        ("A2", "excluded"),
    ]
    assert {row["who"] for row in rows} == {"county"}
    assert [row["case_number"][5:] for row in reversed(rows)] == [f"000{n}" for n in range(1, 7)]
    figures = county.get("/api/entries/changes/figures").json
    counted = {row["change"]: (row["item"], row["department"]) for row in figures["rows"]}
    assert counted["entered"] == (1, 1)
    assert sum(map(sum, counted.values())) == len(rows)
    found = county.get("/api/entries/changes?change=excluded&object=item").json["rows"]
    assert [row["code"] for row in found] == ["A2"]
    assert county.get("/api/entries/changes?month=2026-13").status_code == 422


def test_the_sums_of_those_above_agree_with_each_center(county, sign_in, centers):
    carried_out(county, "A1", "entry")
    carried_out(county, "A2", "negative_list", reason="涉密")
    province, city = sign_in("province"), sign_in("city")
    whole = below(province)
    assert [row["center"]["name"] for row in whole["rows"]] == ["绵阳市", "广安市"]
    total = whole["total"]
    assert (total["offered"], total["due"], total["entered"], total["rate"]) == (5, 4, 1, 25.0)
    assert total["changes"] == 2
    each = below(province, each="true")["rows"]
    for name in ("offered", "due", "entered", "excluded", "not_entered", "changes"):
        assert sum(row[name] for row in each) == total[name]
        assert sum(row[name] for row in whole["rows"]) + whole["own"][name] == total[name]
    own = {row["center"]["name"]: row for row in below(city)["rows"]}["广安区"]
    rates = province.get(f"/api/entries/rates/of/{centers['广安区']}").json["total"]
    assert {name: own[name] for name in ("due", "entered", "rate")} == {
        name: rates[name] for name in ("due", "entered", "rate")
    }
    groups = {row["group"]: row["offered"] for row in whole["groups"]}
    assert groups == {"01": 3, "20": 2}


def counted_anew(app):
    """Let the clock count what was noted; return how much it did."""
    with app.app_context():
        return clock.tick()


def test_counted_ahead_the_figures_are_the_same_and_never_behind(county, sign_in, at, app):
    carried_out(county, "A1", "entry")
    province = sign_in("province")
    live = below(province), below(province, object="department")
    assert counted_anew(app) >= 1
    with at("广安区"):
        assert db.session.scalar(text("SELECT count(*) FROM entry_touched")) == 0
        assert db.session.scalar(text("SELECT sum(number) FROM entry_count")) == 7
    assert (below(province), below(province, object="department")) == live
    carried_out(county, "A3", "entry")
    assert below(province)["total"]["entered"] == 2
    counted_anew(app)
    assert below(province)["total"]["entered"] == 2


def test_a_push_that_takes_an_item_away_takes_it_out_of_the_figures(county, province, sign_in, app):
    carried_out(county, "A1", "entry")
    counted_anew(app)
    province.push(province.publish(remove=("A1",)))
    figures = below(sign_in("province"))["total"]
    assert (figures["offered"], figures["entered"]) == (4, 0)
    assert county.get("/api/entries/rates").json["total"]["offered"] == 4


def test_who_is_above_nothing_has_no_figures_of_others(county, sign_in, centers):
    carried_out(county, "A1", "entry")
    assert county.get("/api/entries/below").status_code == 403
    elsewhere = f"/api/entries/below?parent={centers['绵阳市']}"
    assert sign_in("city").get(elsewhere).status_code == 404
    for path in ("changes", "changes/figures"):
        address = f"/api/entries/{path}/of/{centers['广安区']}"
        assert sign_in("city").get(address).status_code == 200
        assert sign_in("stranger").get(address).status_code in (403, 404)
