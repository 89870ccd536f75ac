"""Halls and their zones: opened, changed, closed when nothing hangs on them."""

import pytest


def faults(answer):
    assert answer.status_code == 422, answer.json
    return {fault["field"]: fault["message"] for fault in answer.json["errors"]}


def hall_wish(**more):
    return {"name": "城南分厅", "kind": "branch", "floors": ["1"], **more}


def test_a_hall_is_opened_and_stands_in_the_list_with_its_figures(hall):
    hall.window("1")
    listed = hall.browser.get("/api/halls").json
    assert listed["total"] == 1
    row = listed["rows"][0]
    assert (row["name"], row["kind_label"]) == ("政务服务大厅", "主大厅")
    assert (row["windows"], row["free"], row["unplaced"]) == (1, 1, 1)
    document = hall.get()
    assert [zone["name"] for zone in document["zones"]] == ["A区", "B区"]
    assert document["editable"] is True


def test_the_name_of_a_hall_is_its_own(hall, county):
    assert (
        "政务服务大厅" in faults(county.post("/api/halls", hall_wish(name="政务服务大厅")))["name"]
    )
    assert county.post("/api/halls", hall_wish()).status_code == 201


def test_a_hall_of_a_department_names_one_that_is_offered_and_no_other_hall_does(county):
    alone = {"kind": "standalone", "name": "不动产大厅"}
    assert "department_code" in faults(county.post("/api/halls", hall_wish(**alone)))
    alone["department_code"] = "D99"
    assert "D99" in faults(county.post("/api/halls", hall_wish(**alone)))["department_code"]
    alone["department_code"] = "D02"
    made = county.post("/api/halls", hall_wish(**alone)).json
    assert made["department_name"] == "人社局"
    wrong = county.post("/api/halls", hall_wish(department_code="D02"))
    assert "department_code" in faults(wrong)


def test_a_hall_is_changed_on_the_version_that_was_seen(hall):
    path, version = f"/api/halls/{hall.id}", hall.get()["version"]
    wish = hall_wish(name="新大厅", kind="main", floors=["1", "2", "3"])
    changed = hall.browser.send("PUT", path, json=wish, version=version)
    assert changed.json["floors"] == ["1", "2", "3"]
    assert changed.headers["ETag"] == f'"{version + 1}"'
    late = hall.browser.send("PUT", path, json=wish, version=version)
    assert late.status_code == 412
    assert late.json["current"]["name"] == "新大厅"
    assert hall.browser.send("PUT", path, json=wish).status_code == 428


def test_a_floor_with_zones_is_not_taken_away(hall):
    wish = hall_wish(name="政务服务大厅", floors=["1"])
    path, version = f"/api/halls/{hall.id}", hall.get()["version"]
    answer = hall.browser.send("PUT", path, json=wish, version=version)
    assert "1 个区域" in faults(answer)["floors"]
    twice = hall.browser.send(
        "PUT", path, json={**wish, "floors": ["1", "2", "2"]}, version=version
    )
    assert "两次" in faults(twice)["floors"]


def test_a_hall_is_closed_when_it_has_no_window_and_the_refusal_says_how_many(hall, assign):
    window = hall.window("1")
    window = assign(hall.browser, window, departments=["D02"], items_of=["D02"]).json
    path, version = f"/api/halls/{hall.id}/closing", hall.get()["version"]
    refused = hall.browser.post(path, version=version)
    assert (refused.status_code, refused.json["code"]) == (409, "still_used")
    assert "1 个窗口" in refused.json["detail"]
    assert "1 个部门、1 个事项" in refused.json["detail"]
    there = hall.browser.get(f"/api/windows/{window['id']}/assignments").json["rows"]
    ending = {"ids": [row["id"] for row in there], "until": "2026-11-23"}
    at = f"/api/windows/{window['id']}"
    window = hall.browser.post(f"{at}/endings", ending, version=window["version"]).json
    closed = hall.browser.post(f"{at}/closing", version=window["version"])
    assert closed.status_code == 200, closed.json
    assert hall.browser.post(path, version=version).json["closed_on"]
    assert hall.browser.get("/api/halls").json["total"] == 0
    assert hall.browser.get("/api/halls?state=closed").json["total"] == 1
    again = hall.browser.post(f"/api/halls/{hall.id}/windows", {"number": "2", "kind": "proxy"})
    assert (again.status_code, again.json["code"]) == (409, "hall_closed")


@pytest.fixture
def zone(hall):
    """Change a zone of the hall; return the answer."""

    def change(name, /, **more):
        found = next(one for one in hall.get()["zones"] if one["name"] == name)
        path = f"/api/halls/{hall.id}/zones/{found['id']}"
        wish = {key: found[key] for key in ("floor", "name", "columns", "rows")}
        return hall.browser.send("PUT", path, json=wish | more, version=found["version"])

    return change


def test_a_zone_is_never_too_small_for_its_windows(hall, zone):
    hall.window("1", zone_id=hall.zones["A区"], x=4, y=1)
    assert "1 个窗口" in faults(zone("A区", columns=3))["columns"]
    assert zone("A区", columns=6, floor="2").status_code == 200
    assert "3" in faults(zone("A区", floor="3"))["floor"]
    assert "B区" in faults(zone("A区", name="B区"))["name"]


def test_a_zone_with_windows_is_not_given_up(hall, zone):
    window = hall.window("1", zone_id=hall.zones["A区"], x=1, y=1)
    path = f"/api/halls/{hall.id}/zones/{hall.zones['A区']}/closing"
    refused = hall.browser.post(path, version=1)
    assert refused.json["code"] == "still_used"
    assert "1 个窗口" in refused.json["detail"]
    at = f"/api/windows/{window['id']}/place"
    assert hall.browser.send("PUT", at, json={}, version=window["version"]).status_code == 200
    assert hall.browser.post(path, version=1).status_code == 200
    assert [one["name"] for one in hall.get()["zones"]] == ["B区"]


def test_the_week_and_the_days_that_are_different(hall):
    at = f"/api/halls/{hall.id}"
    usual = [["09:00", "12:00"], ["13:30", "17:00"]]
    week = {"weekly": {"1": usual, "2": usual, "3": usual, "4": usual, "5": usual}}
    document = hall.browser.send("PUT", f"{at}/plan", json=week, version=1).json
    assert document["weekly"]["1"] == usual
    assert document["weekly"]["7"] == []
    late = {"kind": "hours", "hours": [["10:00", "12:00"]], "note": "停电检修"}
    path = f"{at}/days/2099-11-24"
    document = hall.browser.send("PUT", path, json=late, version=document["version"]).json
    assert [(one["day"], one["kind"]) for one in document["days"]] == [("2099-11-24", "hours")]
    month = hall.browser.get(f"{at}/calendar?year=2099&month=11").json["days"]
    assert len(month) == 30
    assert month[23] == {
        "day": "2099-11-24",
        "hours": [["10:00", "12:00"]],
        "why": "special",
        "why_label": "特别安排",
        "note": "停电检修",
    }
    back = {"kind": "usual"}
    document = hall.browser.send("PUT", path, json=back, version=document["version"]).json
    assert document["days"] == []
    october = hall.browser.get(f"{at}/calendar?year=2026&month=10").json["days"]
    assert (october[0]["why"], october[0]["hours"]) == ("holiday", [])
    assert october[11]["hours"] == usual


def test_wrong_hours_are_named(hall):
    at = f"/api/halls/{hall.id}"
    wrong = {"weekly": {"2": [["12:00", "09:00"]]}}
    assert "weekly.2" in faults(hall.browser.send("PUT", f"{at}/plan", json=wrong, version=1))
    wrong = {"weekly": {"2": [["9", "12:00"]]}}
    assert hall.browser.send("PUT", f"{at}/plan", json=wrong, version=1).status_code == 422
    day = hall.browser.send("PUT", f"{at}/days/2099-11-24", json={"kind": "hours"}, version=1)
    assert "hours" in faults(day)
    bad = hall.browser.send("PUT", f"{at}/days/morgen", json={"kind": "closed"}, version=1)
    assert bad.status_code == 404


def test_others_neither_see_nor_change_a_hall(hall, sign_in):
    neighbour, clerk = sign_in("neighbour"), sign_in("clerk")
    assert neighbour.get("/api/halls").json["total"] == 0
    for path in ("", "/map", "/calendar?year=2026&month=11"):
        assert neighbour.get(f"/api/halls/{hall.id}{path}").status_code == 404
        assert clerk.get(f"/api/halls/{hall.id}{path}").status_code == 200
    assert neighbour.post(f"/api/halls/{hall.id}/closing", version=1).status_code == 404
    assert clerk.post(f"/api/halls/{hall.id}/closing", version=1).status_code == 403
    assert clerk.get(f"/api/halls/{hall.id}").json["editable"] is False
