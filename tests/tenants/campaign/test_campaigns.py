"""Campaigns: what is chosen and why not, begun once whatever happens, and told once to each."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import text

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.standards.own import own_sheet
from tenants.campaign import jobs as work_of
from tests.tenants.campaign.conftest import CHOICE, PDF, cases_of


def preview(browser, **wish):
    answer = browser.post("/api/campaigns/preview", {**CHOICE, **wish})
    assert answer.status_code == 200, answer.json
    return answer.json


def outcome(shown):
    return {name: shown[name] for name in ("total", "begin", "running", "refused")}


def test_a_preview_says_how_many_begin_and_under_which_procedure(county):
    shown = preview(county)
    assert outcome(shown) == {"total": 65, "begin": 65, "running": 0, "refused": 0}
    assert shown["departments"] == 2
    assert {row["name"]: row["count"] for row in shown["procedures"]} == {
        "E-PERMIT": 63,
        "E-ITEM": 2,
    }
    assert county.get("/api/cases").json["total"] == 0


def test_filters_narrow_what_is_chosen(county):
    assert preview(county, item_type="20")["total"] == 2
    assert preview(county, departments=["D01"])["total"] == 24
    left_out = [county.subjects["A1"], county.subjects["A2"]]
    assert preview(county, without=left_out)["total"] == 63
    nothing = county.post("/api/campaigns/preview", {**CHOICE, "q": "没有这样的事项"})
    assert (nothing.status_code, nothing.json["errors"][0]["field"]) == (422, "object")


def test_a_campaign_begins_all_its_cases_in_one_job(county, start):
    campaign = start()
    assert campaign["job"]["state"] == "done"
    assert (campaign["job"]["done"], campaign["job"]["total"]) == (65, 65)
    assert campaign["counts"]["begun"] == 65
    rows = cases_of(county, campaign)
    assert len(rows) == 65
    numbers = [int(row["number"].split("-")[1]) for row in rows]
    assert numbers == list(range(1, 66))
    assert {row["step_name"] for row in rows} == {"提出", "确定进驻"}
    shown = county.get(f"/api/cases/{rows[0]['id']}").json
    assert [line["action"] for line in shown["trace"]] == ["begin"]
    assert shown["steps"][0]["due_on"] is not None


def test_a_case_of_a_campaign_is_the_same_as_one_begun_alone(county, start):
    facts = {"mode": "proxy", "effective_on": str(today() + timedelta(30))}
    campaign = start(codes=[{"row": 1, "code": "A1"}], facts=facts, reason="三集中")
    (row,) = cases_of(county, campaign)
    wish = {"object": "item", "subject_id": county.subjects["A2"], "kind": "entry"}
    alone = county.post("/api/cases", {**wish, "facts": facts, "reason": "三集中"}).json
    many = county.get(f"/api/cases/{row['id']}").json
    differ = {"id", "number", "subject", "trace"}
    assert {k: v for k, v in many.items() if k not in differ} == {
        k: v for k, v in alone.items() if k not in differ
    }


def test_listed_codes_that_cannot_be_begun_are_kept_with_the_reason(county, start):
    county.post(
        "/api/cases", {"object": "item", "subject_id": county.subjects["A2"], "kind": "entry"}
    )
    codes = ["A1", "A2", "无此编码", "A1"]
    listed = [{"row": number, "code": code} for number, code in enumerate(codes, 2)]
    shown = preview(county, codes=listed, state="")
    assert outcome(shown) == {"total": 4, "begin": 1, "running": 2, "refused": 1}
    assert {row["label"] for row in shown["reasons"]} == {
        "已有正在办理的", "没有找到编码", "清单中重复"
    }  # fmt: skip
    campaign = start(codes=listed, state="")
    rows = county.get(f"/api/campaigns/{campaign['id']}/items").json["rows"]
    assert [(row["place"], row["state"]) for row in rows] == [
        (2, "begun"), (3, "running"), (4, "refused"), (5, "running")
    ]  # fmt: skip
    assert "0001" in rows[1]["message"]


def test_what_was_refused_is_begun_again_without_touching_the_rest(county, start, work):
    listed = [{"row": 1, "code": "A1"}, {"row": 2, "code": "B1"}]
    gone = {"provision_ids": [county.subjects["B1"]], "claim": "not_offered", "reason": "无此业务"}
    county.post("/api/items/claims", gone)
    campaign = start(codes=listed)
    assert campaign["actions"] == {"stop": False, "again": True}
    before = cases_of(county, campaign)
    county.post("/api/items/claims", {"provision_ids": [county.subjects["B1"]], "claim": "offered"})
    again = county.post(f"/api/campaigns/{campaign['id']}/again")
    work(again.json)
    rows = cases_of(county, campaign)
    assert [row["subject_code"] for row in rows] == ["A1", "B1"]
    assert rows[0] == before[0]
    nothing = county.post(f"/api/campaigns/{campaign['id']}/again")
    assert nothing.status_code == 422


def test_what_does_not_fit_how_it_stands_is_refused_in_the_words_of_a_single_case(county):
    subject = {"object": "item", "subject_id": county.subjects["A1"], "kind": "exit"}
    alone = county.post("/api/cases", {**subject, "reason": "机构改革"})
    shown = preview(county, kind="exit", reason="机构改革", codes=[{"row": 1, "code": "A1"}])
    assert shown["rows"][0]["message"] == alone.json["errors"][0]["message"]
    assert shown["reasons"][0]["label"] == "现在的进驻状态不适用"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"kind": "exit"}, "reason"),
        ({"facts": {"mode": "somewhere"}}, "facts.mode"),
        ({"name": ""}, "name"),
    ],
)
def test_what_makes_no_sense_is_said_at_the_field(county, wish, field):
    answer = county.post("/api/campaigns", {"name": "集中进驻", **CHOICE, **wish})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_all_that_is_here_of_a_department_leaves_in_one_campaign(county, start, joint):
    entered = start(departments=["D02"], q="M00")
    decided = {"on_behalf": "编办〔2026〕3号", "file": PDF}
    for step, said in (("S1", {}), ("S2", decided), ("S3", {})):
        joint(cases_of(county, entered), step, **said)
    wish = {"object": "item", "subject_id": county.subjects["M001"], "kind": "suspension"}
    case = county.post("/api/cases", {**wish, "reason": "系统升级"}).json
    act = {"step": "S1", "action": "approve"}
    path = f"/api/cases/{case['id']}/acts"
    assert county.post(path, act, version=case["version"]).json["state"] == "finished"
    leaving = {"kind": "exit", "state": "here", "departments": ["D02"], "reason": "机构改革"}
    left = start(name="D02全部事项退出", **leaving)
    here = {row["subject_code"] for row in cases_of(county, left)}
    assert here == {row["subject_code"] for row in cases_of(county, entered)}
    assert "M001" in here
    assert left["counts"]["begun"] == left["counts"]["total"] == len(here)
    department = county.get(f"/api/departments/roster/{county.subjects['D02']}").json
    hanging = {one["name"]: one["count"] for one in department["clearance"]}
    assert (hanging["items"], hanging["cases"]) == (len(here), len(here))
    joint(cases_of(county, left), "S1", procedure="X-ITEM")
    department = county.get(f"/api/departments/roster/{county.subjects['D02']}").json
    hanging = {one["name"]: one["count"] for one in department["clearance"]}
    assert (hanging["items"], hanging["cases"]) == (0, 0)


def sheet(text_, name="a.csv"):
    file = (io.BytesIO(text_.encode()), name)
    return {"data": {"file": file}, "content_type": "multipart/form-data"}


def test_a_list_is_read_from_its_column_of_codes(county):
    given = "广安区进驻事项,,\n序号,事项编码,名称\n1,A1,甲\n2,,乙\n3,A2,丙\n"
    answer = county.send("POST", "/api/campaigns/codes", **sheet(given))
    assert answer.json["rows"] == [{"row": 3, "code": "A1"}, {"row": 5, "code": "A2"}]
    alone = county.send("POST", "/api/campaigns/codes", **sheet("A1\nA3\n"))
    assert [row["code"] for row in alone.json["rows"]] == ["A1", "A3"]
    none = county.send("POST", "/api/campaigns/codes", **sheet("名称,部门\n甲,乙\n"))
    assert (none.status_code, none.json["errors"][0]["field"]) == (422, "file")


def test_so_many_more_take_no_more_statements(county, start, work, sent):
    def counted(first, last):
        codes = [{"row": n, "code": f"M{n:03}"} for n in range(first, last)]
        campaign = start(run=False, codes=codes)
        with sent() as statements:
            work(campaign)
        return statements

    few, most = counted(1, 3), counted(3, 50)
    assert len(most) == len(few) < 60
    for table in ("procedure_case", "case_step", "case_act"):
        assert sum(one.startswith(f"INSERT INTO {table} ") for one in most) == 1


def test_everybody_concerned_is_told_once(county, start, sign_in):
    start()
    for name in ("county", "liaison"):
        told = [row["text"] for row in sign_in(name).get("/api/notices").json["rows"]]
        assert [one for one in told if "集中进驻" in one] == [
            "集中进驻“集中进驻”已提出 65 件，没有提出 0 件"
        ]
    assert sign_in("clerk").get("/api/notices").json["total"] == 0


def test_a_liaison_sees_and_begins_the_own_department_alone(county, start, sign_in):
    liaison = sign_in("liaison")
    assert preview(liaison)["total"] == 41
    foreign = preview(liaison, codes=[{"row": 1, "code": "A1"}])
    assert foreign["refused"] == 1
    own = start(liaison, q="M002")
    assert own["counts"]["begun"] == 1
    whole = start()
    seen = liaison.get(f"/api/campaigns/{whole['id']}").json
    assert (seen["counts"]["total"], whole["counts"]["total"]) == (41, 65)
    assert {row["department_code"] for row in seen["departments"]} == {"D02"}
    assert seen["actions"] == {"stop": False, "again": False}
    assert liaison.post(f"/api/campaigns/{whole['id']}/again").json["code"] == "not_leading"


def test_strangers_see_nothing_of_it_and_a_clerk_only_looks(county, start, sign_in):
    campaign = start()
    for path in ("", "/items", "/results"):
        found = sign_in("neighbour").get(f"/api/campaigns/{campaign['id']}{path}")
        assert found.status_code == 404
    clerk = sign_in("clerk")
    assert clerk.get(f"/api/campaigns/{campaign['id']}").json["counts"]["begun"] == 65
    assert clerk.post("/api/campaigns", {"name": "x", **CHOICE}).status_code == 403
    assert clerk.post(f"/api/campaigns/{campaign['id']}/stop").status_code == 403


def test_stopped_it_goes_on_with_what_is_left(county, start, work):
    campaign = start(run=False)
    assert campaign["actions"] == {"stop": True, "again": False}
    busy = county.post(f"/api/campaigns/{campaign['id']}/again")
    assert busy.json["code"] == "still_running"
    county.post(f"/api/campaigns/{campaign['id']}/stop")
    work(campaign)
    stopped = county.get(f"/api/campaigns/{campaign['id']}").json
    assert (stopped["job"]["state"], stopped["counts"]["begun"]) == ("cancelled", 0)
    work(county.post(f"/api/campaigns/{campaign['id']}/again").json)
    assert county.get(f"/api/campaigns/{campaign['id']}").json["counts"]["begun"] == 65


def test_the_page_says_how_far_each_department_and_step_is(county, start, time_machine):
    time_machine.move_to("2026-11-23 09:00+08:00")
    campaign = start()
    assert {row["department_code"]: row["begun"] for row in campaign["departments"]} == {
        "D01": 24,
        "D02": 41,
    }
    assert [(row["step_name"], row["count"]) for row in campaign["steps"]] == [
        ("提出", 63),
        ("确定进驻", 2),
    ]
    assert campaign["counts"]["overdue"] == 0
    time_machine.move_to("2026-12-02 09:00+08:00")
    late = county.get(f"/api/campaigns/{campaign['id']}").json
    assert late["counts"]["overdue"] == 63
    assert len(cases_of(county, campaign, step="提出", overdue="true")) == 63


def test_the_result_is_a_workbook_without_formulas(county, start):
    campaign = start(name="=1+1", codes=[{"row": 1, "code": "A1"}, {"row": 2, "code": "=A9"}])
    answer = county.get(f"/api/campaigns/{campaign['id']}/results")
    rows = [cells for _, cells in own_sheet.lines(answer.data)]
    assert rows[0] == ["行号", "编码", "名称", "部门", "结果", "编号", "原因"]
    assert rows[1][1:5] == ["A1", "事项A1", "审批局", "已提出"]
    assert (rows[2][1], rows[2][4]) == ("=A9", "没有提出")


def test_a_row_that_was_done_is_not_done_again_by_the_next_worker(county, start, work, at):
    campaign = start()
    with at("广安区"):
        db.session.execute(text("UPDATE job SET state = 'running'"))
    work(campaign)
    assert len(cases_of(county, campaign)) == 65
    assert work_of.CHUNK < 65
