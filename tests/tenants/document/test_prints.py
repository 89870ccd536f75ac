"""The forms that are printed of a case: what stands on them, and the fonts they carry."""

import io

import pytest
from pypdf import PdfReader

from tests.tenants.document.conftest import STEPS, attached
from tests.tenants.procedure.test_cases import begin, done, procedure

ENTER = [{"code": "S1", "name": "确定进驻", "actor": "center", "document": "事项进驻确认表"}]
LEAVE = [{"code": "S1", "name": "退出生效", "actor": "center", "document": "退出通知书"}]
FACTS = {"mode": "resident", "effective_on": "2026-12-01"}


@pytest.fixture(autouse=True)
def day(time_machine):
    """It is a Monday before the day on which what is printed holds."""
    time_machine.move_to("2026-11-23 09:00+08:00")


def item_chain(code, kind, steps):
    return procedure(code, steps, procedure_object="item", procedure_kind=kind)


@pytest.fixture
def county(chain, sign_in):
    """A county that offers a department and an item, with chains for both."""
    entered = {"effects": ["enter"]}
    chain.push(
        chain.publish(
            procedure(steps=STEPS),
            item_chain("P2", "entry", [ENTER[0] | entered]),
            item_chain("P3", "exit", LEAVE),
        )
    )
    browser = sign_in("county")
    for kind, wanted in (("department", "D02"), ("item", "B1")):
        duties = browser.get(f"/api/{kind}s/duties").json["rows"]
        ids = [row["provision_id"] for row in duties]
        browser.post(f"/api/{kind}s/claims", {"provision_ids": ids, "claim": "offered"})
        number = next(row["provision_id"] for row in duties if row["code"] == wanted)
        setattr(browser, kind, number)
    return browser


def begin_item(browser, kind="entry", **more):
    wish = {"object": "item", "subject_id": browser.item, "kind": kind, **more}
    answer = browser.post("/api/cases", wish)
    assert answer.status_code == 201, answer.json
    return answer.json


def printed(browser, case, form):
    answer = browser.get(f"/api/cases/{case['id']}/prints/{form}")
    assert answer.status_code == 200, answer.json
    assert answer.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(answer.data))


def words(reader):
    """Return the text of a PDF without the breaks of its lines."""
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def forms(browser, case):
    rows = browser.get(f"/api/cases/{case['id']}/prints").json["rows"]
    return {row["form"]: row["step"] for row in rows}


def authorised(browser):
    """Return a case that has come to the step in which the notice is issued."""
    return authorised_from(browser, begin(browser, facts=FACTS))


def authorised_from(browser, case):
    case = done(browser, case, "S1")
    return done(browser, attached(browser, case, valid_until="2099-12-31"), "S2")


def test_a_power_of_attorney_names_who_authorises_whom(county):
    case = begin(county, facts=FACTS)
    text = words(printed(county, case, "power_of_attorney"))
    for part in ("授权委托书", "人社局", "D02", case["number"], "2026年12月1日", "法定代表人"):
        assert part in text
    assert f"{county.me['post']['center']['name']}政务服务中心" in text


def test_a_notice_of_entry_says_by_which_procedure_and_decision(county):
    text = words(printed(county, authorised(county), "entry_notice"))
    for part in ("进驻通知书", "人社局", "部门进驻", "省基本目录", "2026年12月1日"):
        assert part in text


def test_a_notice_without_a_day_of_its_own_names_the_one_on_which_it_holds(county, time_machine):
    case = begin_item(county)
    case = county.post(f"/api/cases/{case['id']}/prints/item_form/attachment").json
    assert "2026年11月23日" in words(printed(county, case, "item_form"))
    done(county, case, "S1")
    time_machine.move_to("2026-11-30 09:00+08:00")
    assert "2026年11月23日" in words(printed(county, case, "entry_notice"))


def test_the_form_of_an_item_says_what_is_in_force_and_who_approved(county):
    case = begin_item(county, facts=FACTS)
    case = county.post(f"/api/cases/{case['id']}/prints/item_form/attachment").json
    case = done(county, case, "S1", opinion="材料齐全")
    text = words(printed(county, case, "item_form"))
    for part in ("事项进驻确认表", "事项B1", "人社局", "20个工作日", "10个工作日", "材料齐全"):
        assert part in text


def test_a_notice_of_exit_says_why(county):
    case = begin_item(county)
    case = county.post(f"/api/cases/{case['id']}/prints/item_form/attachment").json
    done(county, case, "S1")
    leaving = begin_item(county, "exit", reason="职能划转到省级")
    text = words(printed(county, leaving, "exit_notice"))
    for part in ("退出通知书", "事项B1", "职能划转到省级"):
        assert part in text


@pytest.mark.parametrize("form", ["power_of_attorney", "entry_notice"])
def test_the_fonts_are_in_the_file(county, form):
    reader = printed(county, authorised(county), form)
    for page in reader.pages:
        fonts = page["/Resources"]["/Font"]
        assert fonts
        for font in fonts.values():
            (below,) = font.get_object()["/DescendantFonts"]
            described = below.get_object()["/FontDescriptor"].get_object()
            assert "SC" in described["/FontName"]
            assert {"/FontFile2", "/FontFile3"} & set(described)


def test_a_name_is_printed_as_it_is_and_is_no_markup(county):
    case = begin_item(county)
    reason = '#panic() $x$ *b* <a> "引号" \\ [括号]'
    done(county, county.post(f"/api/cases/{case['id']}/prints/item_form/attachment").json, "S1")
    leaving = begin_item(county, "exit", reason=reason)
    text = words(printed(county, leaving, "exit_notice"))
    assert "".join(reason.split()) in text


def test_each_kind_of_case_has_its_forms(county):
    department = begin(county)
    assert forms(county, department) == {"power_of_attorney": "", "entry_notice": "S3"}
    item = begin_item(county)
    assert forms(county, item) == {"entry_notice": "", "item_form": "S1"}
    for case, form in ((department, "item_form"), (item, "exit_notice"), (item, "other")):
        assert county.get(f"/api/cases/{case['id']}/prints/{form}").status_code == 404


def test_what_the_center_issues_is_attached_to_the_step_that_asks_for_it(county):
    case = begin_item(county)
    answer = county.post(f"/api/cases/{case['id']}/prints/item_form/attachment")
    assert answer.status_code == 201
    (one,) = answer.json["documents"]
    assert (one["name"], one["number"]) == ("事项进驻确认表", case["number"])
    assert one["media_type"] == "application/pdf"
    assert done(county, answer.json, "S1")["state"] == "finished"


def test_before_its_step_nothing_is_issued(county):
    case = begin(county)
    path = f"/api/cases/{case['id']}/prints"
    rows = {row["form"]: row["why_not"] for row in county.get(path).json["rows"]}
    assert rows == {
        "power_of_attorney": "",
        "entry_notice": "这件还没有办到“生效”，不能打印“进驻通知书”",
    }
    for answer in (
        county.get(f"{path}/entry_notice"),
        county.post(f"{path}/entry_notice/attachment"),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "not_decided")
        assert "还没有办到“生效”" in answer.json["detail"]
    assert printed(county, authorised_from(county, case), "entry_notice")


def test_of_what_came_to_nothing_there_is_no_notice(county):
    case = begin_item(county)
    act = {"step": "S1", "action": "withdraw", "opinion": "不办了"}
    path = f"/api/cases/{case['id']}"
    assert county.post(f"{path}/acts", act, version=case["version"]).status_code == 200
    assert county.get(f"{path}/prints/item_form").json["code"] == "not_decided"


def test_what_a_department_signs_is_not_attached_unsigned(county):
    case = begin(county)
    answer = county.post(f"/api/cases/{case['id']}/prints/power_of_attorney/attachment")
    assert answer.status_code == 404


def test_the_notice_is_attached_where_the_case_stands(county):
    case = authorised(county)
    case = county.post(f"/api/cases/{case['id']}/prints/entry_notice/attachment").json
    assert done(county, case, "S3")["state"] == "finished"


def test_a_print_is_for_who_sees_the_case(county, sign_in):
    case = begin(county)
    path = f"/api/cases/{case['id']}/prints"
    assert sign_in("clerk").get(f"{path}/power_of_attorney").status_code == 200
    assert sign_in("liaison").post(f"{path}/entry_notice/attachment").status_code == 403
    neighbour = sign_in("neighbour")
    assert neighbour.get(path).status_code == 404
    assert neighbour.get(f"{path}/entry_notice").status_code == 404
    assert neighbour.post(f"{path}/entry_notice/attachment").status_code == 404
