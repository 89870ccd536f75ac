"""One act in many cases: what a single case would refuse it refuses, and the others go on."""

import pytest

from tests.tenants.campaign.conftest import PDF, ask, cases_of, results

DECIDED = "区审批局 2026年第7号 2026-11-20"
HALF = {"q": "M00"}


def offer(browser, cases):
    answer = browser.post("/api/joint-acts/offer", {"cases": [row["id"] for row in cases]})
    assert answer.status_code == 200, answer.json
    return answer.json["rows"]


@pytest.fixture
def begun(county, start):
    """Nine permits that were begun together, in their first step."""
    campaign = start(**HALF)
    return cases_of(county, campaign)


def states(browser, cases):
    found = [browser.get(f"/api/cases/{row['id']}").json for row in cases]
    return [{step["code"]: step["state"] for step in one["steps"]} for one in found]


def test_the_offer_says_in_which_steps_the_cases_stand(county, start):
    both = cases_of(county, start())
    first, second = offer(county, both)
    assert (first["procedure"], first["step"], first["count"]) == ("E-PERMIT", "S1", 63)
    assert (second["procedure_name"], second["step_name"], second["count"]) == (
        "E-ITEM", "确定进驻", 2
    )  # fmt: skip
    assert [(one["action"], one["possible"]) for one in first["actions"]] == [("approve", 63)]


def test_one_opinion_moves_them_all_on_as_it_would_one(county, begun, joint):
    acted = joint(begun[:8], "S1", opinion="材料齐全")
    assert (acted["counts"]["done"], acted["job"]["state"]) == (8, "done")
    alone = county.get(f"/api/cases/{begun[8]['id']}").json
    wish = {"step": "S1", "action": "approve", "opinion": "材料齐全"}
    path = f"/api/cases/{alone['id']}/acts"
    alone = county.post(path, wish, version=alone["version"]).json
    many = county.get(f"/api/cases/{begun[0]['id']}").json
    differ = {"id", "number", "subject", "trace", "department_code", "department_name", "steps"}
    assert {k: v for k, v in many.items() if k not in differ} == {
        k: v for k, v in alone.items() if k not in differ
    }
    for one, other in zip(many["steps"], alone["steps"], strict=True):
        assert {**one, "closed_at": 0} == {**other, "closed_at": 0}
    assert [line["opinion"] for line in many["trace"]] == ["", "材料齐全"]


def test_a_missing_document_is_refused_in_the_words_of_a_single_case(county, begun, joint):
    joint(begun, "S1")
    shown = offer(county, begun)[0]
    assert (shown["needs_on_behalf"], shown["document"]) == (True, "认定意见")
    assert [one["count"] for one in shown["reasons"]] == [9]
    acted = joint(begun, "S2", on_behalf=DECIDED)
    assert acted["counts"] == {"pending": 0, "done": 0, "refused": 9, "total": 9}
    alone = county.get(f"/api/cases/{begun[0]['id']}").json
    wish = {"step": "S2", "action": "approve", "on_behalf": DECIDED}
    path = f"/api/cases/{alone['id']}/acts"
    refused = county.post(path, wish, version=alone["version"]).json
    words = {row["message"] for row in results(county, acted)}
    assert words == {refused["errors"][0]["message"]}


def test_one_decision_with_its_document_determines_them_all(county, begun, joint, superuser, at):
    joint(begun, "S1")
    acted = joint(begun, "S2", on_behalf=DECIDED, file=PDF, number="2026年第7号")
    assert acted["counts"]["done"] == 9
    assert (acted["file_name"], acted["document_number"]) == ("认定.pdf", "2026年第7号")
    shown = county.get(f"/api/cases/{begun[4]['id']}").json
    assert [paper["name"] for paper in shown["documents"]] == ["认定意见"]
    assert not shown["documents"][0]["removable"]
    assert [line["action"] for line in shown["trace"]] == ["begin", "approve", "attach", "approve"]
    done = joint(begun, "S3")
    assert done["counts"]["done"] == 9
    entered = county.get("/api/entries?state=entered").json["rows"]
    assert len(entered) == 9
    assert {row["approval"] for row in entered} == {DECIDED}


def test_a_file_is_stored_once_for_all_and_in_few_statements(county, begun, work, joint, sent):
    joint(begun, "S1")
    few = ask(county, begun[:2], "S2", on_behalf=DECIDED, file=PDF).json
    most = ask(county, begun[2:], "S2", on_behalf=DECIDED, file=PDF).json
    counts = []
    for asked in (few, most):
        with sent() as statements:
            work(asked)
        counts.append(len(statements))
        for table in ("case_document", "case_step"):
            assert sum(one.startswith(f"INSERT INTO {table} ") for one in statements) == 1
    assert counts[0] == counts[1] < 60
    files = {
        county.get(f"/api/cases/{row['id']}").json["documents"][0]["file_name"] for row in begun
    }
    assert files == {"认定.pdf"}


def test_sent_back_together_they_open_in_a_new_round(county, begun, joint):
    joint(begun, "S1")
    assert ask(county, begun, "S2", "return", target="S1").json["errors"][0]["field"] == "opinion"
    wrong = ask(county, begun, "S2", "return", target="S3", opinion="补充")
    assert wrong.json["errors"][0]["field"] == "target"
    joint(begun, "S2", action="return", target="S1", opinion="请补充依据")
    assert states(county, begun[:1]) == [{"S1": "open", "S2": "left", "S3": "coming"}]
    assert county.get(f"/api/cases/{begun[0]['id']}").json["steps"][0]["round"] == 2


def test_refused_together_they_are_over(county, begun, joint):
    joint(begun, "S1")
    joint(begun, "S2", action="refuse", opinion="不符合进驻条件")
    rows = [county.get(f"/api/cases/{row['id']}").json for row in begun]
    assert {row["state"] for row in rows} == {"refused"}


def test_what_stands_elsewhere_is_left_and_the_others_go_on(county, begun, work):
    asked = ask(county, begun, "S1").json
    first = county.get(f"/api/cases/{begun[0]['id']}").json
    wish = {"step": "S1", "action": "approve"}
    county.post(f"/api/cases/{first['id']}/acts", wish, version=first["version"])
    work(asked)
    rows = results(county, asked, state="refused")
    assert [row["case_id"] for row in rows] == [begun[0]["id"]]
    assert "刷新" in rows[0]["message"]
    assert len(results(county, asked, state="done")) == 8


def test_what_was_refused_is_tried_again_alone(county, begun, joint, work):
    joint(begun, "S1")
    acted = joint(begun, "S2", on_behalf=DECIDED)
    again = county.post(f"/api/joint-acts/{acted['id']}/again").json
    work(again)
    assert county.get(f"/api/joint-acts/{acted['id']}").json["counts"]["refused"] == 9


def test_who_asked_is_told_once(county, begun, joint):
    joint(begun, "S1")
    told = [row["text"] for row in county.get("/api/notices").json["rows"]]
    assert "批量办理“提出：通过”已完成 9 件，没有办理 0 件" in told


def test_a_liaison_acts_for_the_own_department_alone(county, begun, joint, sign_in):
    liaison = sign_in("liaison")
    (shown,) = offer(liaison, begun)
    own = [row for row in begun if row["department_code"] == "D02"]
    assert shown["count"] == len(own) < len(begun)
    joint(begun, "S1", browser=liaison)
    moved = [one["S1"] for one in states(county, begun)]
    assert moved.count("done") == len(own)
    (shown,) = offer(liaison, own)
    assert shown["actions"][0]["possible"] == 0
    assert "政务服务中心" in shown["reasons"][0]["message"]
    refused = joint(own, "S2", browser=liaison, on_behalf=DECIDED, file=PDF)
    assert refused["counts"]["refused"] == len(own)
    assert county.get(f"/api/cases/{own[0]['id']}").json["documents"] == []


def test_strangers_find_no_cases_to_act_in(county, begun, sign_in):
    neighbour = sign_in("neighbour")
    assert offer(neighbour, begun) == []
    assert ask(neighbour, begun, "S1").status_code == 404
    assert ask(sign_in("clerk"), begun, "S1").status_code == 403
    wrong = ask(county, [{"id": "x"}], "S1")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "cases")


def test_a_document_that_the_scanner_would_not_take_is_said_at_the_file(county, begun, joint):
    joint(begun, "S1")
    answer = ask(county, begun, "S2", on_behalf=DECIDED, file=b"MZ not a document")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")
