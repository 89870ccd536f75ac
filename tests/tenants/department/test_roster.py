"""The roster: who shall enter and has not, and how each department stands."""

from datetime import timedelta

import pytest

from jinzhu.core.calendar import today
from tenants.department.workflow import credit_fault
from tests.tenants.department.conftest import (
    approve,
    attached,
    begin,
    carried_out,
    claim,
    roster,
    shown,
)
from tests.tenants.hall.conftest import open_hall

FIGURES = "/api/departments/roster/figures"


def test_every_department_that_the_standard_names_is_in_it(county):
    rows = roster(county)
    assert list(rows) == ["D02", "D01", "D04", "D03"]  # by class, then by name
    assert (rows["D03"]["force_label"], rows["D03"]["claim"]) == ("由政府建议进驻", "unclaimed")
    assert rows["D01"]["items"]["offered"] == 4
    assert (rows["D01"]["state_label"], rows["D03"]["state_label"]) == ("应进未进", "未进驻")


def test_who_shall_enter_and_has_not_is_missing_until_a_reason_is_given(county):
    assert roster(county, mark="missing").keys() == {"D01", "D02"}
    carried_out(county, "D01", "entry")
    assert roster(county, mark="missing").keys() == {"D02"}
    claim(county, "D02", "not_offered", reason="本级没有设立")
    assert roster(county, mark="missing").keys() == set()


def test_who_was_proposed_is_unanswered_until_it_comes_or_says_no(county):
    assert roster(county, mark="unanswered").keys() == {"D03"}
    claim(county, "D03")
    assert roster(county, mark="unanswered").keys() == {"D03"}
    carried_out(county, "D03", "entry")
    assert roster(county, mark="unanswered") == {}


def test_each_figure_has_exactly_its_rows(county, at_window):
    carried_out(county, "D02", "entry")
    at_window("D02")
    claim(county, "D04")
    begin(county, "D01", "entry")
    figures = county.get(FIGURES).json
    assert (figures["total"], figures["shall"], figures["entered"]) == (4, 2, 1)
    for mark in ("missing", "unanswered", "standalone", "running", "credit_code", "power_ended"):
        assert figures[mark] == len(roster(county, mark=mark)), mark
    for force in ("shall", "may", "proposed"):
        assert figures[force] == len(roster(county, force=force)), force
    assert figures["entered"] == len(roster(county, state="entered"))


def test_windows_items_and_the_running_case_stand_beside_it(county, at_window):
    at_window("D01")
    at_window("D01", "2")
    carried_out(county, "A1", "entry")
    case = begin(county, "D01", "entry")
    row = roster(county)["D01"]
    assert row["windows"] == {"count": 2, "halls": ["政务服务大厅"]}
    counts = row["items"]
    assert (counts["offered"], counts["due"], counts["entered"]) == (4, 4, 1)
    assert (row["case"]["id"], row["case"]["kind_label"]) == (case["id"], "进驻")
    assert [one["items"] for one in shown(county, "D01")["at_windows"]] == [4, 4]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"q": "人社"}, {"D02"}),
        ({"q": "D0"}, {"D01", "D02", "D03", "D04"}),
        ({"q": "gsgs"}, {"D03"}),
        ({"class": "vertical"}, {"D04"}),
        ({"force": "may"}, {"D04"}),
        ({"claim": "unclaimed"}, {"D03", "D04"}),
        ({"mode": "standalone"}, {"D04"}),
        ({"state": "entered"}, set()),
    ],
)
def test_it_is_searched_and_filtered(county, query, codes):
    assert roster(county, **query).keys() == codes


def test_it_is_ordered_and_cut_into_pages(county):
    assert list(roster(county, sort="-code")) == ["D04", "D03", "D02", "D01"]
    assert next(iter(roster(county, sort="-items,code"))) == "D01"
    page = county.get("/api/departments/roster?sort=code&per_page=3&page=2").json
    assert ([row["code"] for row in page["rows"]], page["total"]) == (["D04"], 4)
    refused = county.get("/api/departments/roster?sort=colour")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "sort")


def test_a_roster_asks_as_often_for_many_as_for_few(county, at_window, sent):
    county.get("/api/departments/roster")
    with sent() as few:
        county.get("/api/departments/roster")
    at_window("D01")
    at_window("D02", "2")
    for code in ("D01", "D02"):
        carried_out(county, code, "entry")
    with sent() as many:
        county.get("/api/departments/roster")
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("11511301MB1549994W", ""),
        ("11511301mb1549994w", ""),
        ("", ""),
        ("12511301452260997J", ""),
        ("11511301MB1549994X", "校验位"),
        ("115113016823646", "15 位"),
        ("1151130X6823646795", "字符"),
    ],
)
def test_a_credit_code_is_checked_and_the_reason_is_told(app, code, told):
    with app.test_request_context():
        found = credit_fault(code)
    assert (told in found) if told else found == ""


def test_a_wrong_credit_code_is_a_warning_and_never_refused(county):
    record = county.get("/api/departments?q=D01").json["rows"][0]
    wish = {"local": {"credit_code": "115113016823646", "leader": "张某", "phone": "0826-2222222"}}
    path = f"/api/departments/{record['id']}"
    saved = county.send("PATCH", path, json=wish, version=record["version"])
    assert saved.status_code == 200, saved.json
    assert "15 位" in roster(county, mark="credit_code")["D01"]["credit_fault"]


def test_contacts_and_who_holds_what_are_told(county):
    record = county.get("/api/departments?q=D02").json["rows"][0]
    people = [{"code": "C1", "name": "张某", "duty": "窗口业务", "phone": "0826-2222222"}]
    local = {"contacts": {"add": people}, "superior": "市人社局", "business_held": "line"}
    path = f"/api/departments/{record['id']}"
    saved = county.send("PATCH", path, json={"local": local}, version=record["version"])
    assert saved.status_code == 200, saved.json
    found = shown(county, "D02")
    assert found["contacts"] == people
    assert (found["superior"], found["business_held_label"]) == ("市人社局", "条（上级主管部门）")
    assert found["personnel_held_label"] == ""


def test_a_power_of_attorney_that_has_ended_is_marked(county):
    case = carried_out(county, "D02", "entry")
    until = str(today() - timedelta(1))
    attached(county, case, step="", name="授权委托书", valid_until=until)
    row = roster(county, mark="power_ended")["D02"]
    assert (row["power"]["state"], row["power"]["days_left"]) == ("ended", -1)
    renewed = str(today() + timedelta(20))
    attached(county, case, step="", name="授权委托书", valid_until=renewed)
    assert roster(county, mark="power_ended") == {}
    assert roster(county, mark="power_ending")["D02"]["power"]["days_left"] == 20


def test_an_approval_that_is_still_to_come_approves_nothing_and_no_hall_counts_yet(county):
    claim(county, "D04")
    open_hall(county, name="办税厅", kind="standalone", department_code="D04")
    assert roster(county, mark="standalone") == {}
    case = begin(county, "D04", "entry", facts={"mode": "standalone"})
    ahead = str(today() + timedelta(30))
    case = attached(county, case, "S1", number="广区府函〔2026〕3号", valid_from=ahead)
    refused = approve(county, case, "S1", on_behalf="区人民政府")
    assert refused.status_code == 422
    assert f"批准日期 {ahead} 晚于今天" in refused.json["errors"][0]["message"]


def test_a_hall_of_its_own_needs_number_and_day_of_the_approval(county):
    claim(county, "D04")
    case = begin(county, "D04", "entry", facts={"mode": "standalone"})
    on_behalf = "区人民政府"
    refused = approve(county, case, "S1", on_behalf=on_behalf)
    assert "文号" in refused.json["errors"][0]["message"]
    attached(county, case, "S1")
    assert approve(county, case, "S1", on_behalf=on_behalf).status_code in (412, 422)
    case = attached(
        county,
        case,
        "S1",
        number="广区府函〔2026〕3号",
        valid_from="2026-11-02",
        file_name="批复.pdf",
    )
    case = approve(county, case, "S1", on_behalf=on_behalf).json
    assert approve(county, case, "S2").json["state"] == "finished"
    hall = open_hall(county, name="办税厅", kind="standalone", department_code="D04")
    row = roster(county, mark="standalone")["D04"]
    assert (row["approval_number"], row["approved_on"]) == ("广区府函〔2026〕3号", "2026-11-02")
    assert (row["approval"], row["hall"]["id"]) == (on_behalf, hall.id)
    assert roster(county, mark="unapproved") == {}
    rates = county.get("/api/entries/rates?object=department").json["total"]
    assert rates["entered"] == 1  # counted like the rest


def test_who_sees_a_roster(county, sign_in, centers):
    own = county.subjects["D02"][1]
    other = county.subjects["D01"][1]
    liaison = sign_in("liaison")
    assert roster(liaison).keys() == {"D02"}
    assert liaison.get(FIGURES).json["total"] == 1
    assert liaison.get(f"/api/departments/roster/{own}").status_code == 200
    assert liaison.get(f"/api/departments/roster/{other}").status_code == 404
    below = f"/api/departments/roster/of/{centers['广安区']}"
    for path in (below, f"{below}/figures", f"{below}/{own}"):
        assert sign_in("city").get(path).status_code == 200
        assert sign_in("watch").get(path).status_code == 200
        for stranger in ("stranger", "neighbour", "clerk"):
            assert sign_in(stranger).get(path).status_code in (403, 404)
    assert roster(sign_in("clerk")).keys() == {"D01", "D02", "D03", "D04"}


def test_a_superior_sees_the_figures_of_each_center_and_they_agree(county, sign_in, centers):
    carried_out(county, "D01", "entry")
    claim(county, "D04")
    watch = sign_in("watch")
    found = watch.get("/api/departments/roster/centers?sort=code").json
    rows = {row["name"]: row for row in found["rows"]}
    assert rows.keys() == {"广安市", "广安区", "武胜县", "绵阳市", "涪城区"}
    for name in ("广安区", "武胜县"):
        figures = watch.get(f"/api/departments/roster/of/{centers[name]}/figures").json
        for mark in ("shall", "entered", "missing", "unanswered", "standalone", "power_ended"):
            assert rows[name][mark] == figures[mark], (name, mark)
        assert rows[name]["departments"] == figures["total"]
    assert rows["广安区"]["missing"] == 1
    assert found["sums"]["missing"] == sum(row["missing"] for row in found["rows"]) == 5
    city = watch.get(f"/api/departments/roster/centers?parent={centers['广安市']}").json
    assert [row["name"] for row in city["rows"]] == ["广安市", "广安区", "武胜县"]
    below = sign_in("city").get("/api/departments/roster/centers").json
    assert [row["name"] for row in below["rows"]] == ["广安区", "武胜县"]
    assert sign_in("county").get("/api/departments/roster/centers").status_code == 403
