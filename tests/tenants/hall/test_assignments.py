"""Who is at which window: only what is offered, since when, until when, and nothing twice."""

import pytest

from jinzhu.core.calendar import today
from jinzhu.core.tenancy import Reach
from jinzhu.standards.rollouts import preview
from tenants.hall import acts
from tests.tenants.procedure.test_cases import procedure

TODAY = "2026-11-24"


@pytest.fixture(autouse=True)
def day(time_machine):
    """It is a Tuesday."""
    time_machine.move_to(f"{TODAY} 09:00+08:00")
    assert str(today()) == TODAY


def faults(answer):
    assert answer.status_code == 422, answer.json
    return {fault["field"]: fault["message"] for fault in answer.json["errors"]}


def at(browser, window, query=""):
    return browser.get(f"/api/windows/{window['id']}/assignments?{query}").json["rows"]


def end(browser, window, rows, until=TODAY):
    wish = {"ids": [row["id"] for row in rows], "until": until}
    path = f"/api/windows/{window['id']}/endings"
    return browser.post(path, wish, version=window["version"])


def test_a_department_and_all_its_items_come_to_a_window(hall, county, assign):
    window = assign(county, hall.window("1"), departments=["D01"], items_of=["D01"]).json
    assert [one["name"] for one in window["departments"]] == ["审批局"]
    assert window["items"] == 3
    rows = at(county, window, "object=item&sort=code")
    assert [row["code"] for row in rows] == ["A1", "A2", "A3"]
    assert {(row["starts_on"], row["ends_on"]) for row in rows} == {("2026-11-02", None)}
    assert rows[0]["assigned_by"] == "county"


def test_a_preview_counts_fields_windows_and_cases_of_what_changes(
    hall, county, assign, province, an_item
):
    chain = {"name": "部门进驻", "procedure_object": "item", "procedure_kind": "entry"}
    steps = [{"code": "S1", "name": "确定进驻", "actor": "center", "effects": ["enter"]}]
    entry = ("procedure", "P1", {**chain, "steps": steps}, {}, {"levels": ["county"]})
    province.push(province.publish(entry))
    for number, code in (("1", "A1"), ("2", "A1"), ("3", "B1")):
        items = [county.provisions[code]]
        assert assign(county, hall.window(number), items=items).status_code == 200
    wish = {"object": "item", "subject_id": county.provisions["A1"], "kind": "entry"}
    assert county.post("/api/cases", wish).status_code == 201
    edition = province.publish(an_item("A1", committed_limit=5, legal_basis="新法"))
    with province.at("四川省", "standards_officer", reach=Reach.PUSH):
        seen = preview.preview(edition, centers="all")
    told = ("fields_changed", "windows_touched", "cases_touched")
    assert tuple(seen[name] for name in told) == (2, 2, 1)


def test_only_what_the_center_offers_comes_to_a_window(hall, county, assign):
    window = hall.window("1")
    assert "D99" in faults(assign(county, window, departments=["D01", "D99"]))["departments.1"]
    duties = county.get("/api/items/duties").json["rows"]
    refused = next(row["provision_id"] for row in duties if row["code"] == "A4")
    assert "items.0" in faults(assign(county, window, items=[refused]))
    assert at(county, window) == []


def test_an_item_may_be_at_several_windows(hall, county, assign):
    item = county.provisions["A1"]
    for number in ("1", "2"):
        assert assign(county, hall.window(number), items=[item]).status_code == 200
    choices = county.get(f"/api/windows/{hall.map()['1']['id']}/items?q=事项A1").json["rows"]
    assert [(row["here"], row["windows"]) for row in choices] == [(True, 2)]


def test_asked_for_twice_it_is_there_once(hall, county, assign):
    window = hall.window("1")
    first = assign(county, window, departments=["D01"]).json
    again = assign(county, first, departments=["D01"], items_of=["D01"]).json
    assert len(again["departments"]) == 1
    assert (again["items"], len(at(county, window))) == (3, 4)
    assert assign(county, first, departments=["D02"]).status_code == 412


def test_a_department_window_has_one_department(hall, county, assign):
    window = assign(county, hall.window("1", "department"), departments=["D01"]).json
    assert "一个部门" in faults(assign(county, window, departments=["D02"]))["departments"]
    both = assign(county, hall.window("2", "department"), departments=["D01", "D02"])
    assert "departments" in faults(both)
    wide = assign(county, hall.window("3"), departments=["D01", "D02"]).json
    wish = {"number": "3", "kind": "department"}
    narrowed = county.send("PUT", f"/api/windows/{wide['id']}", json=wish, version=wide["version"])
    assert "2 个部门" in faults(narrowed)["kind"]


@pytest.mark.parametrize("kind", ["department", "special"])
def test_items_come_where_their_department_is(hall, county, assign, kind):
    window, item = hall.window("1", kind), county.provisions["B1"]
    assert "事项B1" in faults(assign(county, window, items=[item]))["items"]
    together = assign(county, window, departments=["D02"], items=[item]).json
    assert together["items"] == 1


@pytest.mark.parametrize("kind", ["comprehensive", "proxy"])
def test_other_windows_take_in_items_for_all(hall, county, assign, kind):
    window = assign(county, hall.window("1", kind), items=[county.provisions["B1"]]).json
    assert (window["items"], window["without_department"]) == (1, True)


def test_who_leaves_was_there_until_the_day(hall, county, assign):
    window = assign(county, hall.window("1"), departments=["D01", "D02"]).json
    gone = at(county, window, "q=D02")
    window = end(county, window, gone).json
    assert [one["code"] for one in window["departments"]] == ["D01"]
    past = at(county, window, "when=past")
    assert [(row["code"], row["ends_on"], row["ended_by"]) for row in past] == [
        ("D02", TODAY, "county")
    ]
    assert end(county, window, gone).status_code == 404  # it is over


def test_with_a_department_its_items_leave_its_window(hall, county, assign):
    own = assign(county, hall.window("1", "special"), departments=["D01"], items_of=["D01"]).json
    wide = assign(county, hall.window("2"), departments=["D01"], items_of=["D01"]).json
    for window, left in ((own, 0), (wide, 3)):
        rows = at(county, window, "object=department")
        assert end(county, window, rows).json["items"] == left


def test_what_comes_later_is_not_there_yet(hall, county, assign):
    window = assign(county, hall.window("1"), departments=["D01"], since="2026-12-01").json
    assert window["free"] is True
    assert [row["code"] for row in at(county, window, "when=coming")] == ["D01"]
    rows = at(county, window)
    assert "2026-12-01" in faults(end(county, window, rows))["until"]
    gone = end(county, window, rows, until="2026-12-01").json
    assert at(county, gone, "when=coming") == []


def test_nothing_is_at_a_window_twice_on_a_day(hall, county, assign):
    window = assign(county, hall.window("1"), departments=["D01"]).json
    window = end(county, window, at(county, window), until="2026-11-30").json
    early = assign(county, window, departments=["D01"], since="2026-11-20")
    assert "2026-11-30" in faults(early)["since"]
    again = assign(county, window, departments=["D01"], since="2026-11-30").json
    days = [(row["starts_on"], row["ends_on"]) for row in at(county, again)]
    assert days == [("2026-11-30", None), ("2026-11-02", "2026-11-30")]


def test_a_resident_department_without_a_window_is_said(hall, county, assign):
    found = next(row for row in county.get("/api/departments").json["rows"] if row["code"] == "D01")
    path, local = f"/api/departments/{found['id']}", {"local": {"presence_mode": "resident"}}
    assert county.send("PATCH", path, json=local, version=found["version"]).status_code == 200

    def unarranged():
        rows = county.get("/api/windows/departments").json["rows"]
        return {row["code"]: (row["windows"], row["unarranged"]) for row in rows}

    assert unarranged() == {"D01": (0, True), "D02": (0, False)}
    assign(county, hall.window("1"), departments=["D01"])
    assert unarranged()["D01"] == (1, False)


def test_others_ask_where_a_department_or_an_item_is(hall, county, assign, at):
    assign(county, hall.window("2"), departments=["D02"], items_of=["D02"])
    assign(county, hall.window("10"), departments=["D02"], since="2026-12-01")
    with at("广安区"):
        found = acts.windows_of_department("D02")
        assert [(one["number"], one["hall_name"]) for one in found] == [
            ("2", "政务服务大厅"),
            ("10", "政务服务大厅"),
        ]
        assert [one["number"] for one in acts.windows_of_item(county.provisions["B1"])] == ["2"]
        assert acts.windows_of_department("D01") == []
    with at("武胜县"):
        assert acts.windows_of_department("D02") == []


def test_a_department_enters_once_a_window_is_arranged(hall, county, assign, province):
    steps = [{"code": "S1", "name": "安排窗口", "actor": "center", "guards": ["window_arranged"]}]
    province.push(province.publish(procedure(steps=steps)))
    wish = {"object": "department", "subject_id": county.provisions["D02"], "kind": "entry"}
    case = county.post("/api/cases", wish).json
    path, act = f"/api/cases/{case['id']}/acts", {"step": "S1", "action": "approve"}
    refused = county.post(path, act, version=case["version"])
    assert "人社局" in faults(refused)["window"]
    assert "平面图" in faults(refused)["window"]
    assign(county, hall.window("1"), departments=["D02"])
    assert county.post(path, act, version=case["version"]).json["state"] == "finished"
