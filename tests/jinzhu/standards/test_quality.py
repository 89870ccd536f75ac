"""The check of quality: each rule broken and kept, and the same figures wherever they are shown."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from stdnum.cn import uscc

from jinzhu.core import clock
from jinzhu.core.db import db
from jinzhu.core.language import say, spoken
from jinzhu.standards.quality import checks, counts
from jinzhu.standards.quality.rules import ITEM_RULES

CREDIT = "11511301008778183N"
SOUND = {
    "code": "511A07001006",
    "item_type": "01",
    "case_type": "committed",
    "committed_limit": 10,
    "visit_count": 1,
    "visit_reason": "核验原件",
    "fee": 20,
    "fees": [{"code": "F1", "name": "工本费", "amount": 20, "basis": "收费目录"}],
    "steps": [
        {"code": "S1", "name": "受理", "limit": 1},
        {"code": "S2", "name": "审查", "limit": 9},
    ],
    "materials": [{"code": "M1", "name": "申请表", "form": "paper"}],
    "questions": [{"code": "Q1", "question": "要带什么？", "answer": "身份证"}],
    "handle_form": ["window", "online"],
    "online_depth": 3,
    "window": "1号窗口",
    "address": "政务服务中心一楼",
    "online_address": "https://example.cn",
    "consult_phone": "0826-5550101",
    "complaint_phone": "0826-5550900",
    "implementation_code": f"{CREDIT}3511A07001006",
}
#: For each rule what breaks it, on an item that is sound otherwise.
BREAKING = {
    "instant_with_limit": {"case_type": "instant"},
    "at_once_not_instant": {"committed_limit": 0, "steps": []},
    "visit_reason": {"visit_reason": "无"},
    "visit_reason_idle": {"visit_count": 0},
    "online_visits": {"online_depth": 4},
    "fee_basis": {"fees": [{"code": "F1", "name": "工本费", "amount": 20}]},
    "fee_idle": {"fee": 0},
    "steps_sum": {"committed_limit": 8},
    "steps_none": {"steps": []},
    "questions": {"questions": []},
    "materials_none": {"materials": []},
    "material_form": {"materials": [{"code": "M1", "name": "申请表"}]},
    "place": {"address": ""},
    "window_untold": {"window": None},
    "online_address": {"online_address": None},
    "consult_phone": {"consult_phone": None},
    "complaint_phone": {"complaint_phone": None},
    "same_phone": {"complaint_phone": "(0826) 5550101"},
    "base_code": {"code": "511602-LOC-0001", "implementation_code": None},
    "code_type": {"item_type": "09"},
    "own_code_form": {"implementation_code": "511Z07001006"},
    "own_code_credit": {"implementation_code": "11511301008778183P3511A07001006"},
    "own_code_base": {"implementation_code": f"{CREDIT}3511A07001007"},
}


def found(at, **values):
    with at("广安区"):
        return checks.of("item", {k: v for k, v in (SOUND | values).items() if v is not None})


def test_a_sound_item_has_no_findings(at):
    assert found(at) == []


@pytest.mark.parametrize("rule", ITEM_RULES, ids=lambda rule: rule.code)
def test_each_rule_finds_what_breaks_it_and_nothing_else(at, rule):
    rows = found(at, **BREAKING[rule.code])
    assert [row["rule"] for row in rows] == [rule.code]
    assert (rows[0]["field"], rows[0]["severity"]) == (rule.field, rule.severity)


def test_a_text_names_the_values_in_both_languages(at):
    assert "10 个工作日" in found(at, committed_limit=8)[0]["text"]
    assert "8 个工作日" in found(at, committed_limit=8)[0]["text"]
    with at("广安区"), spoken("en"):
        row = checks.of("item", SOUND | {"committed_limit": 8})[0]
    assert "10 working days, the committed limit is 8" in row["text"]
    assert say("quality.rule.steps_sum") != row["rule_label"]


def test_an_instant_item_is_handled_at_once(at):
    assert found(at, case_type="instant", committed_limit=0, steps=[]) == []


def test_only_permits_need_questions_and_materials(at):
    public = {"code": "512007001006", "item_type": "20", "implementation_code": None}
    assert found(at, **public, questions=[], materials=[]) == []


@pytest.mark.parametrize(
    ("code", "item_type", "rules"),
    [
        ("511A0138000000", "01", []),  # of a county of Sichuan: 14 characters
        ("51200119400102", "20", []),
        ("512B0122100004", "20", []),
        ("513A0010300000", "07", []),  # 3A stands for several types
        ("310150232004", "01", []),  # of Shanghai
        ("310150232004", "20", ["code_type"]),
        ("311002250003", "10", []),
        ("511Z0001200000", "09", ["code_type"]),
        ("Z-000147-001", "10", ["base_code"]),
        ("1J-5100-00027", "10", ["base_code"]),
        ("511A01380000", "01", []),
        ("511A013800000", "01", ["base_code"]),
    ],
)
def test_real_codes_of_other_lengths_are_codes(at, code, item_type, rules):
    more = {"code": code, "item_type": item_type, "implementation_code": None}
    assert [row["rule"] for row in found(at, **more)] == rules


def test_an_own_code_may_hold_a_longer_base_code(at):
    code = "511A0138000000"
    assert found(at, code=code, implementation_code=f"{CREDIT}3{code}") == []
    longer = found(at, implementation_code=f"{CREDIT}3{code}")
    assert [row["rule"] for row in longer] == ["own_code_base"]


def test_odd_content_breaks_no_check(at):
    odd = dict.fromkeys(SOUND, "x")
    with at("广安区"):
        assert {row["rule"] for row in checks.of("item", odd)} == {
            "base_code",
            "own_code_form",
            "same_phone",
        }


@pytest.mark.parametrize(
    "code", [CREDIT, "115113010833722043", "91110000600037341L", "91510000MA61U0000X"]
)
def test_credit_codes_are_judged_as_the_library_does(at, code):
    """GB 32100, with every other last character for comparison."""
    with at("广安区"):
        for last in "0123456789ABCDEFGHJKLMNPQRTUWXYIO":
            given = code[:-1] + last
            judged = db.session.scalar(text("SELECT app.credit_code_fits(:code)"), {"code": given})
            assert judged == uscc.is_valid(given), given


@pytest.fixture
def county(province, sign_in):
    """A county that offers everything; one item is as it should be."""
    browser = sign_in("county")
    duties = browser.get("/api/items/duties").json["rows"]
    ids = [row["provision_id"] for row in duties]
    browser.post("/api/items/claims", {"provision_ids": ids, "claim": "offered"})
    browser.records = {r["code"]: r["id"] for r in browser.get("/api/items").json["rows"]}
    return browser


def says(browser, code, **local):
    path = f"/api/items/{browser.records[code]}"
    version = browser.get(path).json["version"]
    answer = browser.send("PATCH", path, json={"local": local}, version=version)
    assert answer.status_code == 200, answer.json
    return answer.json


def listed(browser, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return browser.get(f"/api/items/quality?per_page=200&{words}").json


def test_the_record_shows_its_findings_and_loses_them_once_put_right(county):
    record = county.get(f"/api/items/{county.records['A1']}").json
    rules = {row["rule"] for row in record["findings"]}
    assert {"visit_reason", "consult_phone", "complaint_phone", "questions"} <= rules
    after = says(county, "A1", consult_phone="0826-1111", complaint_phone="0826-1111")
    rules = {row["rule"] for row in after["findings"]}
    assert "same_phone" in rules
    assert not {"consult_phone", "complaint_phone"} & rules
    after = says(county, "A1", complaint_phone="0826-2222", visit_reason="核验原件")
    assert not {"same_phone", "visit_reason"} & {row["rule"] for row in after["findings"]}


def test_findings_are_about_the_value_that_holds(county, province, an_item):
    """A value in conflict does not show, so it is not what is judged."""
    says(county, "A1", committed_limit=8)
    steps = [{"code": "S1", "name": "审查", "limit": 5}]
    province.push(province.publish(an_item("A1", committed_limit=5, steps=steps)))
    record = county.get(f"/api/items/{county.records['A1']}").json
    assert "steps_sum" not in {row["rule"] for row in record["findings"]}
    after = says(county, "A1", committed_limit=4, steps={"set": {"S1": {"limit": 3}}})
    told = next(row for row in after["findings"] if row["rule"] == "steps_sum")
    assert "3 个工作日" in told["text"]
    after = says(county, "A1", steps={"set": {"S1": {"limit": 4}}})
    assert "steps_sum" not in {row["rule"] for row in after["findings"]}


def test_what_is_not_offered_is_not_checked(county):
    before = listed(county)["total"]
    duty = county.get("/api/items/duties").json["rows"][0]
    answer = {"provision_ids": [duty["provision_id"]], "claim": "not_offered", "reason": "无"}
    county.post("/api/items/claims", answer)
    assert listed(county)["total"] < before
    path = f"/api/items/duties/{duty['provision_id']}"
    assert county.get(path).json["findings"] == []


def counted_anew(app):
    """Let the clock count what was noted, a few centers at a time."""
    with app.app_context():
        while clock.tick():
            pass


def test_list_figures_sheet_desk_and_superior_count_the_same(county, sign_in, centers, app):
    says(county, "A1", consult_phone="0826-1111", complaint_phone="0826-2222")
    counted_anew(app)
    rows = listed(county)["rows"]
    figures = county.get("/api/items/quality/figures").json
    for rule in figures["checks"]:
        assert rule["count"] == sum(row["rule"] == rule["rule"] for row in rows)
        assert rule["count"] == listed(county, rule=rule["rule"])["total"]
    faults = [row for row in rows if row["severity"] == "fault"]
    assert figures["faults"] == len(faults) == listed(county, severity="fault")["total"]
    assert figures["warnings"] == len(rows) - len(faults)
    assert figures["checked"] == 5
    assert figures["faulty"] == len({row["record_id"] for row in faults})
    records = [county.get(f"/api/items/{n}").json["findings"] for n in county.records.values()]
    assert sum(map(len, records)) == len(rows)
    sheet = CalamineWorkbook.from_filelike(BytesIO(county.get("/api/items/quality/workbook").data))
    assert len(sheet.get_sheet_by_index(0).to_python()) == len(rows) + 1
    todo = {row["code"]: row["count"] for row in county.get("/api/desk").json["todo"]}
    assert todo["items_faulty"] == figures["faulty"]
    shown = {row["code"]: row for row in county.get("/api/desk").json["figures"]}["items_sound"]
    assert (shown["value"], shown["of"]) == (5 - figures["faulty"], 5)
    city = sign_in("city")
    below = city.get("/api/items/quality/below").json
    row = next(one for one in below["rows"] if one["center"]["name"] == "广安区")
    same = ("checked", "faulty", "warned", "faults", "warnings", "checks")
    assert {name: row[name] for name in same} == figures
    of = f"/api/items/quality/figures/of/{centers['广安区']}"
    assert city.get(of).json == figures
    top = sign_in("province").get("/api/items/quality/below").json
    assert top["total"]["faults"] == figures["faults"]
    assert [one["faulty"] for one in top["rows"] if one["center"]["name"] == "广安市"] == [
        figures["faulty"]
    ]


def test_own_figures_are_never_behind_and_those_above_are_told(county, sign_in, app):
    province = sign_in("province")
    counted_anew(app)
    path, above = "/api/items/quality/figures", "/api/items/quality/below"
    before = county.get(path).json
    assert province.get(above).json["pending"] == 0
    says(county, "A1", consult_phone="0826-1111", complaint_phone="0826-2222")
    own, told = county.get(path).json, province.get(above).json
    assert own["faults"] == before["faults"] - 2
    assert (told["pending"], told["total"]["faults"]) == (1, before["faults"])
    # Narrowed, they are taken from the rows.
    assert province.get(f"{above}?department=D01").json["pending"] == 0
    counted_anew(app)
    told = province.get(above).json
    assert (told["pending"], told["total"]) == (0, own)
    assert county.get(path).json == own


def test_a_push_has_the_centers_counted_anew(county, province, sign_in, app):
    counted_anew(app)
    checked = county.get("/api/items/quality/figures").json["checked"]
    province.push(province.publish(remove=("A1",)))
    assert county.get("/api/items/quality/figures").json["checked"] == checked - 1
    above = sign_in("province").get("/api/items/quality/below").json
    assert above["pending"] > 0
    counted_anew(app)
    above = sign_in("province").get("/api/items/quality/below").json
    assert (above["pending"], above["total"]["checked"]) == (0, checked - 1)


def test_whoever_changes_a_rule_has_everything_counted_anew():
    """A migration with the new fingerprint notes all centers: see 0015."""
    told = [
        found[1]
        for file in sorted(Path("migrations/versions").glob("*.py"))
        if (found := re.search(r'^QUALITY_RULES = "(\w+)"', file.read_text("utf-8"), re.M))
    ]
    assert told[-1] == counts.fingerprint()


def test_counts_agree_with_a_plain_look_at_the_rows(county, at):
    """The same question asked in plain SQL of what each record shows."""
    says(county, "A1", visit_reason="核验原件")
    plain = """
        SELECT count(*) FROM item i
        JOIN adoption a ON a.tenant_id = i.tenant_id AND a.standard_id = i.standard_id
        JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = i.provision_id
        JOIN revision r ON r.id = e.revision_id
        WHERE i.claim = 'offered' AND (r.content ->> 'visit_count')::int > 0
            AND coalesce(i.local ->> 'visit_reason', r.content ->> 'visit_reason', '') = ''"""
    with at("广安区"):
        counted = db.session.scalar(text(plain))
    assert counted == listed(county, rule="visit_reason")["total"] == 4


def test_a_list_is_one_statement_whatever_its_length(county, sent):
    with sent() as one:
        county.get("/api/items/quality?per_page=1")
    with sent() as many:
        county.get("/api/items/quality?per_page=200")
    assert len(one) == len(many)


def test_it_is_filtered_ordered_and_paged(county):
    assert {r["department_code"] for r in listed(county, department="D02")["rows"]} == {"D02"}
    names = [row["name"] for row in listed(county, sort="-name")["rows"]]
    assert names == sorted(names, reverse=True)
    page = county.get("/api/items/quality?per_page=2&page=2").json
    assert (len(page["rows"]), page["total"]) == (2, listed(county)["total"])
    assert county.get("/api/items/quality?rule=nonsense").status_code == 422
    assert county.get("/api/items/quality?sort=secret").status_code == 422


def test_a_liaison_sees_the_own_department_alone(county, sign_in):
    liaison = sign_in("liaison")
    rows = listed(liaison)["rows"]
    assert {row["department_code"] for row in rows} == {"D02"}
    assert liaison.get("/api/items/quality/figures").json["checked"] == 1
    sheet = CalamineWorkbook.from_filelike(BytesIO(liaison.get("/api/items/quality/workbook").data))
    assert len(sheet.get_sheet_by_index(0).to_python()) == len(rows) + 1


def test_others_see_nothing_of_it(county, sign_in, centers):
    assert listed(sign_in("neighbour"))["total"] == 0
    for name in ("neighbour", "stranger", "liaison"):
        for path in ("below", f"of/{centers['广安区']}", f"figures/of/{centers['广安区']}"):
            assert sign_in(name).get(f"/api/items/quality/{path}").status_code in (403, 404)
    assert sign_in("watch").get("/api/items/quality").status_code == 403


def test_completeness_names_what_is_missing(county):
    says(county, "A1", address="一楼")
    row = next(r for r in county.get("/api/items?sort=missing").json["rows"] if r["code"] == "A1")
    assert (row["required"], row["missing"]) == (3, 2)
    assert sorted(row["lacking"]) == ["complaint_phone", "consult_phone"]
    first = county.get("/api/items?sort=missing").json["rows"][0]
    assert first["code"] == "A1"
