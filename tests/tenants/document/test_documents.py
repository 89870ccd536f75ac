"""Documents of cases: attached, asked for by steps, read by who sees the case, taken back."""

from datetime import timedelta

import pytest

from jinzhu.core.calendar import today
from tests.tenants.document.conftest import PDF, POWER, attach, attached
from tests.tenants.procedure.test_cases import act, begin, done, states

NEXT_YEAR = str(today() + timedelta(365))


@pytest.fixture
def case(asked, county):
    """A case in which the department is to authorise its window."""
    return done(county, begin(county), "S1")


def missing(case, step="S2"):
    """Return what stands in the way of a step."""
    (found,) = [
        one for one in case["actions"] if one["step"] == step and one["action"] == "approve"
    ]
    return [fault["message"] for fault in found["missing"]]


def test_a_step_that_names_a_document_waits_for_it(county, case):
    assert missing(case) == ["请先上传授权委托书，并填写有效期"]
    refused = act(county, case, "S2")
    assert refused.status_code == 422
    assert {one["field"] for one in refused.json["errors"]} == {"document"}
    case = attached(county, case, valid_until=NEXT_YEAR, number="区审批〔2026〕3号")
    assert missing(case) == []
    assert states(done(county, case, "S2"))["S3"] == "open"


def test_what_a_step_asks_for_is_asked_for_once_and_by_name(county, case):
    case = done(county, attached(county, case, valid_until=NEXT_YEAR), "S2")
    assert missing(case, "S3") == ["请先上传“进驻通知书”"]
    case = attached(county, case, "S3", name="附件")
    assert missing(case, "S3") == ["请先上传“进驻通知书”"]
    case = attached(county, case, "S3")
    assert done(county, case, "S3")["state"] == "finished"


def test_a_case_lists_its_documents_with_how_they_stand(county, case):
    begins = str(today())
    found = attached(county, case, valid_from=begins, valid_until=NEXT_YEAR, number="3号")
    (one,) = found["documents"]
    assert (one["step"], one["name"], one["number"]) == ("S2", POWER, "3号")
    assert (one["state"], one["days_left"]) == ("in_force", 365)
    assert (one["media_type"], one["size"], one["shown"]) == ("application/pdf", len(PDF), True)
    assert (one["file_name"], one["attached_by"]) == ("委托书.pdf", "county")
    assert found["trace"][-1]["action"] == "attach"
    assert "委托书.pdf" in found["trace"][-1]["opinion"]


def test_a_document_beside_the_steps_has_a_name_of_its_own(county, case):
    refused = attach(county, case, step="")
    assert refused.json["errors"][0]["field"] == "name"
    found = attached(county, case, step="", name="会议纪要")
    assert [one["name"] for one in found["documents"]] == ["会议纪要"]
    assert missing(found) != []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "valid_until"),
        ({"valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "valid_until"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"valid_until": "2099-01-01", "step": "S9"}, "step"),
        ({"valid_until": "2099-01-01", "file_name": "委托书.png"}, "file"),
        ({"valid_until": "2099-01-01", "content": b"<script>"}, "file"),
    ],
)
def test_what_cannot_be_taken_says_which_field_and_why(county, case, said, field):
    refused = attach(county, case, **said)
    assert refused.status_code == 422, refused.json
    assert refused.json["errors"][0]["field"] == field
    assert refused.json["errors"][0]["message"]
    assert county.get(f"/api/cases/{case['id']}").json["documents"] == []


def test_without_a_file_it_asks_for_one(county, case):
    path = f"/api/cases/{case['id']}/documents"
    refused = county.send("POST", path, data={"step": "S2"}, content_type="multipart/form-data")
    assert refused.json["errors"][0]["field"] == "file"


def test_a_power_of_attorney_holds_from_its_first_to_its_last_day(county, case, time_machine):
    time_machine.move_to("2026-11-23 09:00+08:00")
    found = attached(county, case, valid_from="2026-11-24", valid_until="2026-11-25")
    assert missing(found) == ["授权委托书自 2026-11-24 起生效，现在还不能办理"]
    path = f"/api/cases/{case['id']}"
    for day in ("24", "25"):
        time_machine.move_to(f"2026-11-{day} 09:00+08:00")
        assert missing(county.get(path).json) == []
    time_machine.move_to("2026-11-26 09:00+08:00")
    assert missing(county.get(path).json) == [
        "授权委托书已于 2026-11-25 到期，请上传新的授权委托书"
    ]
    assert missing(attached(county, case, valid_until="2027-11-25")) == []


def test_sent_twice_it_is_there_once(county, case):
    attached(county, case, valid_until=NEXT_YEAR)
    again = attached(county, case, valid_until=NEXT_YEAR)
    assert len(again["documents"]) == 1
    assert len(attached(county, case, valid_until=NEXT_YEAR, number="2")["documents"]) == 2


def test_it_is_sent_so_that_a_browser_runs_nothing_of_it(county, case):
    (one,) = attached(county, case, valid_until=NEXT_YEAR)["documents"]
    answer = county.get(f"/api/cases/{case['id']}/documents/{one['id']}/content")
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5")
    assert "no-store" in answer.headers["Cache-Control"]


def test_taken_back_it_is_no_longer_there_and_the_trace_says_so(county, case):
    (one,) = attached(county, case, valid_until=NEXT_YEAR)["documents"]
    assert one["removable"]
    path = f"/api/cases/{case['id']}/documents/{one['id']}"
    found = county.post(f"{path}/withdrawal").json
    assert found["documents"] == []
    assert [line["action"] for line in found["trace"]][-2:] == ["attach", "detach"]
    assert missing(found) != []
    assert county.get(f"{path}/content").status_code == 404
    assert county.post(f"{path}/withdrawal").status_code == 404


def test_what_a_step_was_approved_on_stays(county, case):
    case = done(county, attached(county, case, valid_until=NEXT_YEAR), "S2")
    (one,) = case["documents"]
    assert not one["removable"]
    refused = county.post(f"/api/cases/{case['id']}/documents/{one['id']}/withdrawal")
    assert (refused.status_code, refused.json["code"]) == (409, "document_kept")


def test_to_a_case_that_was_refused_nothing_is_attached(county, case):
    last = next(one for one in case["actions"] if one["action"] == "withdraw")["step"]
    over = done(county, case, last, "withdraw", opinion="不办了")
    refused = attach(county, over, valid_until=NEXT_YEAR)
    assert (refused.status_code, refused.json["code"]) == (409, "case_over")


def test_a_department_attaches_in_its_own_cases_and_nobody_else_reaches_them(county, case, sign_in):
    liaison = sign_in("liaison")
    (one,) = attached(liaison, case, valid_until=NEXT_YEAR)["documents"]
    path = f"/api/cases/{case['id']}/documents/{one['id']}"
    clerk = sign_in("clerk")
    assert clerk.get(f"{path}/content").status_code == 200
    assert clerk.post(f"{path}/withdrawal").status_code == 403
    assert attach(clerk, case, valid_until=NEXT_YEAR).status_code == 403
    neighbour = sign_in("neighbour")
    assert neighbour.get(f"{path}/content").status_code == 404
    assert neighbour.post(f"{path}/withdrawal").status_code == 404
    assert attach(neighbour, case, valid_until=NEXT_YEAR).status_code == 404


def test_the_documents_of_a_center_are_found_by_department_and_name(county, case, sign_in):
    attached(county, case, valid_until=NEXT_YEAR)
    attached(county, case, step="", name="会议纪要")
    for query in ("department=D02&power=true", f"name={POWER}"):
        (row,) = county.get(f"/api/documents?{query}").json["rows"]
    assert (row["case_number"], row["state"]) == (case["number"], "in_force")
    assert county.get("/api/documents").json["total"] == 2
    assert county.get("/api/documents?state=in_force").json["total"] == 2
    assert county.get("/api/documents?state=ended").json["total"] == 0
    assert county.get("/api/documents?department=D01").json["total"] == 0
    assert sign_in("liaison").get("/api/documents").json["total"] == 2
    assert sign_in("neighbour").get("/api/documents").json["total"] == 0


def test_a_list_of_documents_asks_as_often_for_many_as_for_one(county, case, sent):
    attached(county, case, valid_until=NEXT_YEAR)
    path = f"/api/cases/{case['id']}"
    county.get(path)
    with sent() as few:
        county.get(path)
    for number in range(5):
        attached(county, case, step="", name=f"附件{number}")
    with sent() as many:
        assert len(county.get(path).json["documents"]) == 6
    assert len(many) == len(few)
