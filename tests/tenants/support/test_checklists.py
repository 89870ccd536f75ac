"""What a center provides to a department: listed, agreed, provided, given back, and guarded."""

from datetime import timedelta

import pytest

from jinzhu.core.calendar import today
from tests.tenants.department.conftest import approve, begin, chain, county, roster

__all__ = ["county"]
TEMPLATE = "/api/support/template"
DAY = str(today())


def put(browser, path, json, version):
    return browser.send("PUT", path, json=json, version=version)


def of(browser, code="D02"):
    return f"/api/support/{browser.subjects[code][1]}"


def begun(browser):
    answer = browser.post(of(browser))
    assert answer.status_code == 201, answer.json
    return {line["name"]: line for line in answer.json["rows"]}


def provide(browser, *lines, **more):
    wish = {"ids": [line["id"] for line in lines], "day": DAY, **more}
    return browser.post(f"{of(browser)}/provision", wish)


def change(browser, line, **more):
    kept = ("required", "returnable", "agreed", "provided_on", "provided_by", "returned_on")
    wish = {name: line[name] for name in (*kept, "remark")} | more
    return put(browser, f"{of(browser)}/lines/{line['id']}", wish, line["version"])


def test_a_list_begins_with_the_usual_template(county):
    template = county.get(TEMPLATE).json
    assert (template["usual"], template["version"]) == (True, 0)
    lines = begun(county)
    assert lines.keys() == {line["name"] for line in template["lines"]}
    assert {line["state"] for line in lines.values()} == {"open"}
    assert county.post(of(county)).json["marked"] == 0


def test_a_center_keeps_a_template_of_its_own(county):
    own = [{"category": "room", "name": "工位", "required": True, "returnable": True}]
    kept = put(county, TEMPLATE, {"lines": own}, 0)
    assert kept.status_code == 200, kept.json
    assert (kept.json["usual"], kept.json["version"]) == (False, 1)
    assert put(county, TEMPLATE, {"lines": own}, 0).status_code == 412
    twice = put(county, TEMPLATE, {"lines": own * 2}, 1)
    assert twice.json["errors"][0]["field"] == "lines.1.name"
    assert begun(county).keys() == {"工位"}


def test_lines_are_added_and_told_apart_by_name(county):
    wish = {"category": "other", "name": "停车位", "required": False, "returnable": False}
    added = county.post(f"{of(county)}/lines", wish)
    assert (added.status_code, added.json["rows"][0]["category_label"]) == (201, "其他")
    assert county.post(f"{of(county)}/lines", wish).json["errors"][0]["field"] == "name"


def test_what_is_provided_says_when_and_by_whom(county):
    lines = begun(county)
    chosen = [lines["窗口工位"], lines["叫号屏和叫号系统"]]
    answer = provide(county, *chosen, remark="A01 窗口")
    assert answer.json["marked"] == 2
    line = next(one for one in answer.json["rows"] if one["name"] == "窗口工位")
    assert (line["state"], line["provided_on"], line["provided_by"]) == ("provided", DAY, "county")
    assert line["remark"] == "A01 窗口"
    assert provide(county, *chosen).json["marked"] == 0
    services = roster(county)["D02"]["services"]
    assert (services["provided"], services["out"]) == (2, 1)


def test_given_back_it_can_be_provided_again(county):
    line = begun(county)["窗口工位"]
    provide(county, line)
    path = f"{of(county)}/return"
    early = county.post(path, {"day": str(today() - timedelta(1))})
    assert early.json["errors"][0]["field"] == "day"
    assert county.post(path, {"day": DAY}).json["marked"] == 1
    assert roster(county)["D02"]["services"]["out"] == 0
    assert provide(county, line).json["marked"] == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"returned_on": DAY}, "returned_on"),
        ({"provided_on": DAY, "returned_on": "2020-01-01"}, "returned_on"),
        ({"provided_on": DAY, "agreed": False}, "agreed"),
        ({"provided_on": "soon"}, "provided_on"),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field(county, said, field):
    line = begun(county)["窗口工位"]
    refused = change(county, line, **said)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == field
    saved = change(county, line, agreed=False, remark="自带")
    assert saved.status_code == 200
    assert change(county, line, agreed=True).status_code == 412


def test_the_entry_can_wait_for_what_was_agreed(county, province):
    guarded = {"guards": ["services_provided"], "effects": ["enter"]}
    province.push(province.publish(chain("E-DEP", "department", "entry", guarded)))
    case = begin(county, "D02", "entry")
    assert "还没有开列" in approve(county, case, "S1").json["errors"][0]["message"]
    lines = begun(county)
    needed = [line for line in lines.values() if line["required"]]
    provide(county, *needed[1:])
    refused = approve(county, case, "S1").json["errors"][0]
    assert (refused["field"], refused["value"]) == ("services", 1)
    assert needed[0]["name"] in refused["message"]
    assert change(county, needed[0], agreed=False).status_code == 200
    assert approve(county, case, "S1").json["state"] == "finished"


def test_who_keeps_the_lists(county, sign_in):
    line = begun(county)["窗口工位"]
    for other in ("liaison", "clerk"):
        browser = sign_in(other)
        browser.subjects = county.subjects
        assert browser.get(TEMPLATE).status_code == 200
        assert browser.post(of(county)).status_code == 403
        assert provide(browser, line).status_code == 403
        assert put(browser, TEMPLATE, {"lines": []}, 0).status_code == 403
    neighbour = sign_in("neighbour")
    neighbour.subjects = county.subjects
    assert neighbour.post(of(county)).status_code == 404
    assert provide(neighbour, line).status_code == 404
    assert change(neighbour, line).status_code == 404
