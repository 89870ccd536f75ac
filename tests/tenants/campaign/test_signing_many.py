"""A superior department consents in many cases of many centers at once, each with its result."""

import io

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from tenants.entry.models import Entry
from tenants.procedure import workflow
from tenants.procedure.models import Case
from tests.tenants.campaign.conftest import PDF
from tests.tenants.procedure.test_cases import begin, chain, county, procedure, states, through
from tests.tenants.procedure.test_consents import STEPS, line, seats

__all__ = ["chain", "county", "line", "seats"]
ACTS = "/api/consents/acts"
PAPERED = [{**step, "document": "同意函"} if step["code"] == "S3" else step for step in STEPS]


def rows(browser, state="open"):
    return browser.get(f"/api/consents?state={state}").json["rows"]


def sign(browser, cases, file=None, **said):
    named = ",".join(f"{one['center']['id']}.{one['id']}.{one['version']}" for one in cases)
    form = {"cases": named, **said}
    if file is not None:
        form["file"] = (io.BytesIO(file), "同意函.pdf")
    return browser.send("POST", ACTS, data=form, content_type="multipart/form-data")


def offering(browser):
    """Let a county offer its departments."""
    duties = browser.get("/api/departments/duties").json["rows"]
    ids = [row["provision_id"] for row in duties]
    browser.post("/api/departments/claims", {"provision_ids": ids, "claim": "offered"})
    browser.department = next(row["provision_id"] for row in duties if row["code"] == "D02")
    return browser


@pytest.fixture
def counties(line, county, sign_in):
    """Three counties under two cities, in each of which the department waits for its superior."""
    found = [county, offering(sign_in("neighbour")), offering(sign_in("stranger"))]
    for one in found:
        one.case = through(one, begin(one), "S1")
    return found


def case_of(browser):
    return browser.get(f"/api/cases/{browser.case['id']}").json


def test_it_consents_in_the_cases_of_many_centers_at_once(line, counties):
    answer = sign(line, rows(line), opinion="同意")
    assert answer.status_code == 200, answer.json
    assert answer.json["done"] == 3
    assert rows(line) == []
    for browser in counties:
        case = case_of(browser)
        assert states(case)["S3"] == "done"
        signed = next(one for one in case["trace"] if one["step"] == "S3")
        assert (signed["who"], signed["opinion"]) == ("四川省 watch", "同意")
        told = [row["text"] for row in browser.get("/api/notices").json["rows"]]
        assert sum("上级主管部门已答复" in one for one in told) == 1


def test_what_cannot_be_signed_says_why_and_the_rest_is(line, counties):
    seen = rows(line)
    by_center = {one["center"]["name"]: one for one in seen}
    path = f"/api/consents/{by_center['广安区']['center']['id']}/{by_center['广安区']['id']}"
    version = by_center["广安区"]["version"]
    act = {"step": "S3", "action": "approve"}
    assert line.post(f"{path}/acts", act, version=version).status_code == 200
    through(counties[1], case_of(counties[1]), "S2")  # so that it is not as it was seen
    answer = sign(line, seen, opinion="同意").json
    results = {one["number"] and one["id"]: one for one in answer["rows"]}
    assert [results[one["id"]]["done"] for one in seen] == [
        one["center"]["name"] == "涪城区" for one in seen
    ]
    assert all(results[one["id"]]["message"] for one in seen if one["center"]["name"] != "涪城区")
    assert answer["done"] == 1
    assert sign(line, rows(line)).json["done"] == 1


def test_the_document_that_the_step_asks_for_comes_to_each_case(line, counties, province):
    province.push(province.publish(procedure(steps=PAPERED)))
    for browser in counties:
        withdrawn = {"step": "S3", "action": "withdraw", "opinion": "重新办理"}
        version = case_of(browser)["version"]
        path = f"/api/cases/{browser.case['id']}/acts"
        assert browser.post(path, withdrawn, version=version).status_code == 200
        browser.case = through(browser, begin(browser), "S1")
    without = sign(line, rows(line), opinion="同意").json
    assert without["done"] == 0
    assert all("同意函" in one["message"] for one in without["rows"])
    assert sign(line, rows(line), file=PDF, number="局函〔2026〕8号").json["done"] == 3
    for browser in counties:
        (paper,) = case_of(browser)["documents"]
        assert (paper["name"], paper["number"]) == ("同意函", "局函〔2026〕8号")


def test_only_what_waits_for_this_superior_is_signed(line, counties, seats, sign_in, centers):
    seen = rows(line)
    seats("watch", role_code="line_officer", departments=["D01"])
    answer = sign(sign_in("watch"), seen).json
    assert (answer["done"], {one["number"] for one in answer["rows"]}) == (0, {""})
    seats("city", role_code="line_officer", departments=["D02"])
    city = sign(sign_in("city"), seen).json
    names = {one["center"]["id"]: one["center"]["name"] for one in seen}
    assert {names[one["center_id"]] for one in city["rows"] if one["done"]} == {"广安区", "武胜县"}
    assert states(case_of(counties[2]))["S3"] == "open"
    for name in ("county", "clerk"):
        assert sign(sign_in(name), seen).status_code == 403


def test_an_own_case_is_not_signed_from_above_nor_one_without_a_superior(line, counties):
    (first, *_) = rows(line)
    own = {**first, "center": {"id": line.me["post"]["center"]["id"]}}
    assert sign(line, [own]).json["done"] == 0
    for wrong in ("", "1.2", "1.2.x", "1.2.3.4"):
        given = {"cases": wrong}
        answer = line.send("POST", ACTS, data=given, content_type="multipart/form-data")
        assert answer.status_code == 422, wrong


def test_a_post_with_the_whole_center_says_what_the_superior_wrote(line, counties, sign_in):
    city, seen = sign_in("city"), rows(line)
    near = [one for one in seen if one["center"]["name"] != "涪城区"]
    silent = sign(city, near).json
    assert silent["done"] == 0
    assert sign(city, near, on_behalf="市局函〔2026〕3号").json["done"] == 2


def test_so_many_more_take_no_more_statements_than_notices_and_centers_ask(line, counties, sent):
    seen = rows(line)
    with sent() as one:
        assert sign(line, seen[:1]).json["done"] == 1
    with sent() as two:
        assert sign(line, seen[1:]).json["done"] == 2
    assert len(two) <= len(one) + 2


def test_what_an_approval_brings_about_stands_at_the_center_of_the_case(line, counties, at):
    """A step from above has no effect; if a standard had one, it would be the center's own."""
    with at("四川省", "line_officer", reach=Reach.PUSH):
        some = db.session.scalars(select(Case).order_by(Case.id)).all()
        for case in some[:2]:
            workflow.take_effect("department", "enter", [case], at=case.tenant_id, on_behalf="")
        entries = db.session.scalars(select(Entry).order_by(Entry.case_id)).all()
        assert [(one.tenant_id, one.case_id, one.state) for one in entries] == [
            (case.tenant_id, case.id, "entered") for case in some[:2]
        ]
