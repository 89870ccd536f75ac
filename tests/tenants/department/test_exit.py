"""A department that leaves: what hangs on it is shown, settled first, or ends with it."""

from datetime import timedelta

import pytest

from jinzhu.core.calendar import today
from tests.tenants.department.conftest import (
    approve,
    attached,
    begin,
    carried_out,
    chain,
    one,
    roster,
    shown,
)


def left(found):
    """Return what is left of each group."""
    return {group["name"]: group["count"] for group in found["clearance"] if group["count"]}


@pytest.fixture
def settled(county, at_window):
    """D02 has entered with its item, stands at a window, and has things of the center."""
    case = carried_out(county, "D02", "entry")
    attached(county, case, step="", name="授权委托书", valid_until=str(today() + timedelta(99)))
    carried_out(county, "B1", "entry")
    at_window("D02")
    provision = county.subjects["D02"][1]
    lines = county.post(f"/api/support/{provision}").json["rows"]
    ids = [line["id"] for line in lines if line["name"] in ("窗口工位", "叫号屏和叫号系统")]
    wish = {"ids": ids, "day": str(today())}
    assert county.post(f"/api/support/{provision}/provision", wish).json["marked"] == 2
    return county


def test_what_hangs_on_a_department_is_shown_with_when_it_is_settled(settled):
    found = shown(settled, "D02")
    assert left(found) == {"items": 1, "services": 1, "windows": 1, "powers": 1}
    when = {group["name"]: group["settled"] for group in found["clearance"]}
    assert (when["items"], when["windows"], when["halls"]) == ("first", "with", "after")
    windows = next(group for group in found["clearance"] if group["name"] == "windows")
    assert windows["detail"] == "1 项部门安排、1 项事项安排"


def test_it_does_not_leave_before_that_is_settled_and_each_group_is_named(settled):
    case = begin(settled, "D02", "exit")
    assert left(case) == {"items": 1, "services": 1, "windows": 1, "powers": 1}
    exit_of_item = begin(settled, "B1", "exit")
    refused = approve(settled, case, "S1")
    assert refused.status_code == 422
    assert [one["rule"] for one in refused.json["errors"]] == [
        "nothing_left.items",
        "nothing_left.cases",
        "nothing_left.services",
    ]
    told = " ".join(one["message"] for one in refused.json["errors"])
    assert "1 项进驻事项" in told
    assert "窗口工位" in told
    assert approve(settled, exit_of_item, "S1").json["state"] == "finished"
    provision = settled.subjects["D02"][1]
    back = settled.post(f"/api/support/{provision}/return", {"day": str(today())})
    assert back.json["marked"] == 1
    case = settled.get(f"/api/cases/{case['id']}").json
    assert approve(settled, case, "S1").status_code == 200


def test_with_the_exit_its_windows_end_on_the_effective_day(settled):
    day = str(today() + timedelta(7))
    carried_out(settled, "B1", "exit")
    provision = settled.subjects["D02"][1]
    settled.post(f"/api/support/{provision}/return", {"day": str(today())})
    carried_out(settled, "D02", "exit", facts={"effective_on": day})
    assert roster(settled)["D02"]["state"] == "left"
    window = settled.get("/api/windows").json["rows"][0]
    rows = settled.get(f"/api/windows/{window['id']}/assignments").json["rows"]
    ends = {row["object"]: row["ends_on"] for row in rows}
    # The item left at once, the department leaves in a week.
    assert ends == {"department": day, "item": str(today())}
    assert left(shown(settled, "D02")) == {"windows": 1, "powers": 1}


def test_all_windows_are_left_in_one_go_with_a_preview_in_numbers(settled):
    path = f"/api/departments/roster/{settled.subjects['D02'][1]}/windows/leaving"
    day = str(today())
    assert settled.get(f"{path}?day={day}").json == {"windows": 1, "departments": 1, "items": 1}
    found = settled.post(path, {"day": day})
    assert found.status_code == 200, found.json
    assert found.json["at_windows"] == []
    nothing = settled.get(f"{path}?day={day}").json
    assert nothing == {"windows": 0, "departments": 0, "items": 0}
    assert settled.get("/api/windows?state=free").json["total"] == 1


def test_what_was_to_come_later_is_taken_back(county, at_window):
    later = str(today() + timedelta(30))
    at_window("D02", since=later)
    path = f"/api/departments/roster/{county.subjects['D02'][1]}/windows/leaving"
    assert county.post(path, {"day": str(today())}).status_code == 200
    window = county.get("/api/windows").json["rows"][0]
    rows = county.get(f"/api/windows/{window['id']}/assignments").json["rows"]
    assert {(row["starts_on"], row["ends_on"]) for row in rows} == {(later, later)}


def test_an_adjustment_changes_mode_class_and_superior_and_leaves_the_rest(county):
    carried_out(county, "D02", "entry", facts={"mode": "proxy"})
    changed = {"department_class": "vertical", "superior": "市人社局"}
    carried_out(county, "D02", "adjustment", facts=changed)
    row = roster(county)["D02"]
    assert (row["mode"], row["department_class"], row["superior"]) == (
        "proxy",
        "vertical",
        "市人社局",
    )
    assert row["class_adjusted"]
    carried_out(county, "D02", "adjustment", facts={"mode": "branch"})
    row = roster(county)["D02"]
    assert (row["mode"], row["department_class"]) == ("branch", "vertical")
    periods = shown(county, "D02")["history"]
    assert next(one["mode_label"] for one in periods) == "分厅"
    assert len(periods) == 3


def test_an_adjusted_class_chooses_the_procedure(county, province):
    def meant(code, kind, effect, *classes):
        made = chain(code, "department", kind, one(effect))
        return (*made[:2], made[2] | {"department_class": list(classes)}, *made[3:])

    government, line = ("government",), ("dual", "vertical")
    province.push(
        province.publish(
            meant("P-GOV", "suspension", "suspend", *government),
            meant("P-LINE", "suspension", "suspend", *line),
            meant("X-LINE", "exit", "leave", *line),
            meant("E-LINE", "entry", "enter", *line),
        )
    )

    def begun(case):
        return case["procedure"]["code"]

    assert begun(carried_out(county, "D02", "entry")) == "E-DEP"
    carried_out(county, "D02", "adjustment", facts={"department_class": "vertical"})
    assert begun(carried_out(county, "D02", "suspension")) == "P-LINE"
    carried_out(county, "D02", "resumption")
    assert begun(carried_out(county, "D02", "exit")) == "X-LINE"
    assert roster(county)["D02"]["department_class"] == "vertical"
    assert begun(carried_out(county, "D02", "entry")) == "E-LINE"
    carried_out(county, "D02", "adjustment", facts={"department_class": "government"})
    assert begun(carried_out(county, "D02", "suspension")) == "P-GOV"


def test_what_an_adjustment_says_has_to_mean_something(county):
    carried_out(county, "D02", "entry")
    object_, subject = county.subjects["D02"]
    wish = {"object": object_, "subject_id": subject, "kind": "adjustment", "reason": "改革"}
    for facts, field in (
        ({"department_class": "royal"}, "facts.department_class"),
        ({"superior": "市" * 101}, "facts.superior"),
    ):
        refused = county.post("/api/cases", {**wish, "facts": facts})
        assert refused.json["errors"][0]["field"] == field


def test_suspended_it_is_resumed_as_it_was(county):
    carried_out(county, "D02", "entry", facts={"mode": "proxy"})
    carried_out(county, "D02", "suspension")
    assert roster(county, state="suspended")["D02"]["mode"] == "proxy"
    carried_out(county, "D02", "resumption")
    row = roster(county, state="entered")["D02"]
    assert row["mode"] == "proxy"
    object_, subject = county.subjects["D02"]
    wish = {"object": object_, "subject_id": subject, "kind": "resumption", "reason": "已恢复"}
    assert county.post("/api/cases", wish).status_code == 422


def test_only_who_runs_the_halls_ends_assignments(settled, sign_in):
    path = f"/api/departments/roster/{settled.subjects['D02'][1]}/windows/leaving"
    for other in ("liaison", "clerk"):
        assert sign_in(other).post(path, {"day": str(today())}).status_code == 403
    for stranger in ("neighbour", "stranger"):
        assert sign_in(stranger).post(path, {"day": str(today())}).status_code == 404
    assert left(shown(settled, "D02"))["windows"] == 1
