"""What a department is evaluated by: the standards in force, and what the center attaches."""

import io
from datetime import timedelta

import pytest

from jinzhu.core.calendar import today
from tests.tenants.department.conftest import shown
from tests.tenants.document.conftest import PDF


def assessment(code, assessed="window", **more):
    indicators = [{"code": "A1", "name": "效率", "weight": 60}]
    indicators += [{"code": "A2", "name": "纪律", "weight": 40, "scoring": "每次扣2分"}]
    content = {"name": code, "assessed": assessed, "period": "month", "indicators": indicators}
    return "assessment", code, {**content, **more}, {}, {"levels": ["county"]}


def path(browser, code="D02"):
    return f"/api/departments/roster/{browser.subjects[code][1]}/rules"


def attach(browser, code="D02", content=PDF, file_name="考核办法.pdf", **said):
    data = {"file": (io.BytesIO(content), file_name), **said}
    return browser.send("POST", path(browser, code), data=data, content_type="multipart/form-data")


def test_the_assessments_in_force_that_concern_it_are_shown(county, province):
    entries = [assessment("W"), assessment("C", "center")]
    entries.append(assessment("V", department_class=["vertical"]))
    province.push(province.publish(*entries))
    (found,) = shown(county, "D02")["assessments"]
    assert (found["name"], found["assessed_label"], found["period_label"]) == ("W", "窗口", "每月")
    assert [(one["name"], one["weight"]) for one in found["indicators"]] == [
        ("效率", 60),
        ("纪律", 40),
    ]
    assert [one["name"] for one in shown(county, "D04")["assessments"]] == ["V", "W"]


def test_a_center_attaches_rules_of_its_own_with_a_validity(county):
    until = str(today() + timedelta(10))
    answer = attach(county, name="窗口考核细则", number="3号", valid_until=until)
    assert answer.status_code == 201, answer.json
    (rule,) = answer.json["rules"]
    assert (rule["name"], rule["state"], rule["days_left"]) == ("窗口考核细则", "in_force", 10)
    assert (rule["attached_by"], rule["for_all"]) == ("county", False)
    assert shown(county, "D01")["rules"] == []
    again = attach(county, name="窗口考核细则", number="3号", valid_until=until)
    assert len(again.json["rules"]) == 1
    sent = county.get(f"{path(county)}/{rule['id']}/content")
    assert (sent.status_code, sent.data) == (200, PDF)


def test_a_rule_for_all_stands_with_every_department(county):
    attach(county, name="考核总则", for_all="true")
    assert [one["name"] for one in shown(county, "D01")["rules"]] == ["考核总则"]


def test_a_rule_is_taken_back(county):
    number = attach(county, name="作废的办法").json["rules"][0]["id"]
    answer = county.post(f"{path(county)}/{number}/withdrawal")
    assert answer.json["rules"] == []
    assert county.post(f"{path(county)}/{number}/withdrawal").status_code == 404
    assert county.get(f"{path(county)}/{number}/content").status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "a", "valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "valid_until"),
        ({"name": "a", "content": b"<script>"}, "file"),
    ],
)
def test_what_cannot_be_taken_says_which_field(county, said, field):
    refused = attach(county, **said)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == field


def test_who_attaches_and_who_reads(county, sign_in):
    number = attach(county, name="办法").json["rules"][0]["id"]
    for other in ("liaison", "clerk"):
        browser = sign_in(other)
        browser.subjects = county.subjects
        assert browser.get(f"{path(county)}/{number}/content").status_code == 200
        assert attach(browser, name="x").status_code == 403
    neighbour = sign_in("neighbour")
    neighbour.subjects = county.subjects
    assert neighbour.get(f"{path(county)}/{number}/content").status_code == 404
    assert attach(neighbour, name="x").status_code == 404
    assert neighbour.post(f"{path(county)}/{number}/withdrawal").status_code == 404
