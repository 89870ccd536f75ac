"""Special equipment: brought in for a department or an item, moved, taken away, and guarded."""

from datetime import timedelta

import pytest

from jinzhu.core.calendar import today
from tests.tenants.department.conftest import (
    approve,
    begin,
    carried_out,
    county,
    shown,
)
from tests.tenants.hall.conftest import open_hall

__all__ = ["county"]
LIST = "/api/equipment"
DAY = str(today())
PRINTER = {
    "kind": "self_service",
    "name": "不动产自助打印机",
    "quantity": 2,
    "owner": "department",
    "serial": "BDC-01",
    "place": "自助服务区",
    "since": DAY,
}


def of(browser, code="D02"):
    return f"{LIST}/{browser.subjects[code][1]}"


def bring(browser, code="D02", **more):
    return browser.post(of(browser, code), {**PRINTER, **more})


def brought(browser, code="D02", **more):
    answer = bring(browser, code, **more)
    assert answer.status_code == 201, answer.json
    return max(answer.json["rows"], key=lambda row: row["id"])


def change(browser, row, **more):
    kept = ("item_id", "hall_id", "window_id", "remark", "until", *PRINTER)
    wish = {name: row[name] for name in kept} | more
    path = f"{of(browser)}/{row['id']}"
    return browser.send("PUT", path, json=wish, version=row["version"])


def remove(browser, *rows, **more):
    wish = {"ids": [row["id"] for row in rows], "day": DAY, **more}
    return browser.post(f"{of(browser)}/removal", wish)


def faults(answer):
    assert answer.status_code == 422, answer.json
    return {one["field"] for one in answer.json["errors"]}


def test_what_is_brought_says_what_whose_and_where_it_is(county):
    hall = open_hall(county)
    window = hall.window("1")
    item = county.subjects["B1"][1]
    row = brought(county, window_id=window["id"], item_id=item, place="左侧")
    assert (row["kind_label"], row["owner_label"]) == ("自助服务终端", "部门")
    assert row["where"] == "政务服务大厅 1 号窗口 左侧"
    assert row["hall_id"] == hall.id
    assert row["item_name"]
    found = shown(county, "D02")["equipment"]
    assert [one["id"] for one in found] == [row["id"]]
    assert county.get(f"{LIST}?item={item}").json["total"] == 1
    assert county.get(f"{LIST}?item={county.subjects['D02'][1]}").json["total"] == 0


def test_what_can_be_chosen_is_of_the_department_and_open(county):
    hall = open_hall(county)
    window = hall.window("1")
    found = county.get(f"{of(county)}/choices").json
    assert [one["id"] for one in found["items"]] == [county.subjects["B1"][1]]
    assert [one["name"] for one in found["halls"]] == ["政务服务大厅"]
    assert [one["number"] for one in found["windows"]] == ["1"]
    closed = county.post(f"/api/windows/{window['id']}/closing", version=window["version"])
    assert closed.status_code == 200, closed.json
    assert county.get(f"{of(county)}/choices").json["windows"] == []
    assert faults(bring(county, window_id=window["id"])) == {"window_id"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "toy"}, "kind"),
        ({"owner": "nobody"}, "owner"),
        ({"quantity": 0}, "quantity"),
        ({"since": str(today() + timedelta(1))}, "since"),
        ({"place": " "}, "place"),
        ({"hall_id": 999}, "hall_id"),
        ({"window_id": 999}, "window_id"),
        ({"item_id": 999}, "item_id"),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field(county, said, field):
    assert field in faults(bring(county, **said))
    assert county.get(LIST).json["total"] == 0
    assert bring(county).status_code == 201


def test_an_item_of_another_department_is_no_choice(county):
    assert faults(bring(county, item_id=county.subjects["A1"][1])) == {"item_id"}


def test_a_number_stands_once_in_a_department_as_long_as_it_is_there(county):
    row = brought(county)
    assert faults(bring(county)) == {"serial"}
    assert bring(county, code="D01").status_code == 201
    assert remove(county, row).json["marked"] == 1
    again = brought(county)
    gone = next(one for one in shown(county, "D02")["equipment"] if one["until"])
    assert faults(change(county, gone, until=None)) == {"serial"}
    assert change(county, again, quantity=3).status_code == 200


def test_it_is_changed_on_the_version_that_was_seen(county):
    row = brought(county)
    changed = change(county, row, quantity=3, owner="center", remark="中心采购")
    assert changed.status_code == 200, changed.json
    (now,) = changed.json["rows"]
    assert (now["quantity"], now["owner_label"], now["version"]) == (3, "中心", 2)
    assert change(county, row, quantity=4).status_code == 412
    yesterday = str(today() - timedelta(1))
    assert faults(change(county, now, until=yesterday)) == {"until"}
    assert faults(change(county, now, until=str(today() + timedelta(1)))) == {"until"}


def test_it_is_taken_away_on_a_day_and_stays_in_the_list_of_what_is_gone(county):
    first, other = brought(county), brought(county, serial="BDC-02", name="评价器")
    early = remove(county, first, day=str(today() - timedelta(1)))
    assert faults(early) == {"day"}
    assert faults(remove(county, first, day=str(today() + timedelta(1)))) == {"day"}
    assert remove(county, first, remark="已报废").json["marked"] == 1
    assert remove(county, first).json["marked"] == 0
    (gone,) = county.get(f"{LIST}?state=gone").json["rows"]
    assert (gone["id"], gone["until"], gone["remark"]) == (first["id"], DAY, "已报废")
    (there,) = county.get(LIST).json["rows"]
    assert there["id"] == other["id"]
    assert change(county, gone, until=None).status_code == 200
    assert county.get(LIST).json["total"] == 2


def test_the_list_of_the_center_is_searched_filtered_and_ordered(county):
    hall = open_hall(county)
    brought(county)
    brought(county, "D01", name="照相设备", kind="capture", owner="center", hall_id=hall.id)
    for asked, names in (
        ("q=打印", ["不动产自助打印机"]),
        ("q=bdc", ["照相设备", "不动产自助打印机"]),
        ("q=%25", []),
        ("kind=capture", ["照相设备"]),
        ("owner=department", ["不动产自助打印机"]),
        ("department=D01", ["照相设备"]),
        (f"hall={hall.id}", ["照相设备"]),
        ("sort=-department", ["不动产自助打印机", "照相设备"]),
    ):
        rows = county.get(f"{LIST}?{asked}").json["rows"]
        assert [row["name"] for row in rows] == names, asked
    assert county.get(f"{LIST}?kind=toy").status_code == 422


def test_a_department_does_not_leave_before_its_equipment_is_taken_away(county):
    carried_out(county, "D02", "entry")
    brought(county)
    brought(county, serial="", name="评价器", quantity=1)
    left = {one["name"]: one for one in shown(county, "D02")["clearance"]}
    assert (left["equipment"]["count"], left["equipment"]["settled"]) == (3, "first")
    case = begin(county, "D02", "exit")
    refused = approve(county, case, "S1")
    (fault,) = refused.json["errors"]
    assert (fault["rule"], fault["value"]) == ("nothing_left.equipment", 3)
    assert "不动产自助打印机 2 台" in fault["message"]
    assert remove(county).json["marked"] == 2
    case = county.get(f"/api/cases/{case['id']}").json
    assert approve(county, case, "S1").status_code == 200


def test_an_item_does_not_leave_before_its_own_equipment_is_settled(county):
    carried_out(county, "B1", "entry")
    item = county.subjects["B1"][1]
    row = brought(county, item_id=item)
    brought(county, serial="", name="评价器")  # of the department, and for no item alone
    case = begin(county, "B1", "exit")
    left = {one["name"]: (one["count"], one["settled"]) for one in case["clearance"]}
    assert left == {"equipment": (2, "first"), "windows": (0, "with")}
    refused = approve(county, case, "S1")
    (fault,) = refused.json["errors"]
    assert (fault["rule"], fault["value"]) == ("nothing_left.equipment", 2)
    assert "不动产自助打印机 2 台" in fault["message"]
    assert change(county, row, item_id=None).status_code == 200
    case = county.get(f"/api/cases/{case['id']}").json
    assert approve(county, case, "S1").status_code == 200


def close(browser, path, **wish):
    version = browser.get(path).json["version"]
    return browser.post(f"{path}/closing", wish, version=version)


def test_a_window_is_closed_once_it_is_said_what_becomes_of_its_equipment(county):
    hall = open_hall(county)
    first, other = hall.window("1"), hall.window("2")
    moved, away = f"/api/windows/{first['id']}", f"/api/windows/{other['id']}"
    brought(county, window_id=first["id"])
    brought(county, "D01", window_id=other["id"])
    assert county.get(f"{LIST}?window={first['id']}").json["total"] == 1
    refused = close(county, moved)
    (fault,) = refused.json["errors"]
    assert (refused.status_code, fault["field"], fault["value"]) == (422, "equipment", 2)
    assert "不动产自助打印机 2 台" in fault["message"]
    assert faults(close(county, moved, equipment="moved")) == {"hall_id"}
    assert faults(close(county, moved, equipment="moved", window_id=first["id"])) == {"window_id"}
    assert county.get(moved).json["closed_on"] is None
    assert close(county, moved, equipment="moved", hall_id=hall.id).status_code == 200
    assert close(county, away, equipment="away").status_code == 200
    (there,) = county.get(LIST).json["rows"]
    assert (there["hall_id"], there["window_id"], there["version"]) == (hall.id, None, 2)
    (gone,) = county.get(f"{LIST}?state=gone").json["rows"]
    assert (gone["department_code"], gone["until"]) == ("D01", DAY)


def test_a_hall_is_closed_once_it_is_said_what_becomes_of_its_equipment(county):
    hall = open_hall(county)
    branch = open_hall(county, name="分厅")
    window = branch.window("9")
    brought(county, hall_id=hall.id)
    path = f"/api/halls/{hall.id}"
    assert faults(close(county, path)) == {"equipment"}
    assert faults(close(county, path, equipment="moved", hall_id=hall.id)) == {"hall_id"}
    closed = close(county, path, equipment="moved", window_id=window["id"])
    assert closed.status_code == 200, closed.json
    (there,) = county.get(LIST).json["rows"]
    assert (there["hall_id"], there["window_id"]) == (branch.id, window["id"])


def test_a_place_without_equipment_is_closed_without_a_word(county):
    hall = open_hall(county)
    row = brought(county, hall_id=hall.id)
    assert remove(county, row).json["marked"] == 1
    assert close(county, f"/api/halls/{hall.id}").status_code == 200


def test_who_keeps_it_and_who_sees_it(county, sign_in):
    own, other = brought(county, "D01"), brought(county)
    liaison = sign_in("liaison")
    seen = liaison.get(LIST).json["rows"]
    assert {row["department_code"] for row in seen} <= {"D01", "D02"}
    assert len(seen) == 1
    hidden = other if seen[0]["id"] == own["id"] else own
    assert liaison.get(f"{LIST}/{hidden['provision_id']}/choices").status_code == 404
    for name in ("liaison", "clerk"):
        browser = sign_in(name)
        browser.subjects = county.subjects
        assert bring(browser).status_code == 403
        assert change(browser, other).status_code == 403
        assert remove(browser, other).status_code == 403
    neighbour = sign_in("neighbour")
    neighbour.subjects = county.subjects
    assert neighbour.get(LIST).json["total"] == 0
    assert bring(neighbour).status_code == 404
    assert change(neighbour, other).status_code == 404
    assert remove(neighbour, other).status_code == 404
    assert county.get(LIST).json["total"] == 2


def test_the_list_asks_the_database_as_often_for_many_as_for_one(county, sent):
    brought(county)
    with sent() as one:
        county.get(LIST)
    for number in range(2, 9):
        brought(county, serial=f"BDC-{number}")
    with sent() as many:
        county.get(LIST)
    assert len(many) == len(one)
