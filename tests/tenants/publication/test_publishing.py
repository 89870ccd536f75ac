"""A publication begins with its step, shows what is planned, ends by itself or is withdrawn."""

from datetime import date

import pytest
from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.workdays import service as workdays
from tenants.procedure import jobs as cases
from tenants.publication import jobs
from tests.tenants.publication.conftest import act, answered, case_of, done, publication, receipt


def states(case):
    return {step["code"]: step["state"] for step in case["steps"]}


def test_it_begins_with_its_step_and_lasts_as_long(published):
    shown = case_of(published)["publication"]
    assert shown["number"] == "G2026-0001"
    assert (shown["from_on"], shown["until_on"]) == ("2026-11-23", "2026-11-26")
    assert shown["page"] == "/public/511602/publications/G2026-0001"
    listed = published.get("/api/publications").json["rows"]
    assert [(row["subject_code"], row["state"], row["days_left"]) for row in listed] == [
        ("A1", "running", 3)
    ]


def test_it_ends_by_itself_and_the_case_goes_on(published):
    published.tick("2026-11-26")
    assert publication(published)["state"] == "running"
    published.tick("2026-11-27")
    assert states(case_of(published)) == {"S1": "done", "S2": "done", "S3": "open"}
    shown = publication(published)
    assert (shown["state"], shown["ended_on"]) == ("over", "2026-11-27")
    assert case_of(published)["trace"][-1]["action"] == "time_over"


def test_sent_back_it_is_withdrawn_with_the_reason_and_comes_again(published, public):
    case = done(published, case_of(published), "S2", "return", target="S1", opinion="依据写错了")
    assert case["publication"]["state"] == "withdrawn"
    page = public.get(published.page).text
    assert "已撤回" in page
    assert "依据写错了" in page
    case = done(published, case, "S1")
    assert (case["publication"]["number"], case["publication"]["state"]) == (
        "G2026-0002",
        "running",
    )
    assert public.get(published.page).status_code == 200


def test_only_approving_waits_for_the_end_of_the_period(published):
    actions = {one["action"]: one for one in case_of(published)["actions"] if one["step"] == "S2"}
    assert "公布期未满" in actions["approve"]["why_not"]
    assert actions["return"]["possible"]


def test_an_objection_is_named_as_soon_as_it_is_there_with_what_it_keeps_from_happening(
    published, public
):
    def approval():
        among = case_of(published)["actions"]
        return next(one for one in among if (one["step"], one["action"]) == ("S2", "approve"))

    assert "自动完成" in approval()["why_not"]
    assert approval()["missing"] == []
    number, _ = receipt(public.object(published.form))
    assert "也不会自动完成" in approval()["why_not"]
    assert [number in fault["message"] for fault in approval()["missing"]] == [True]


def test_a_case_that_is_given_up_is_no_longer_published(published, public):
    case = act(published, case_of(published), "S2", "withdraw", opinion="暂不进驻").json
    assert (case["state"], case["publication"]["state"]) == ("withdrawn", "withdrawn")
    assert "暂不进驻" in public.get(published.page).text
    assert public.get(f"{published.form}").status_code == 409


def test_what_stood_still_is_published_as_much_longer(published):
    case = done(published, case_of(published), "S2", "ask", opinion="请补充")
    published.tick("2026-11-25")
    done(published, case, "S2", "answer", opinion="已补充")
    assert publication(published)["until_on"] == "2026-11-30"


def test_a_changed_calendar_moves_the_last_day(published, province, at):
    with at("四川省", "standards_officer"):
        workdays.set_day(date(2026, 11, 25), working=False, name="试验")
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        assert (cases.recount(), jobs.recount()) == (1, 1)
        assert jobs.recount() == 0
    assert publication(published)["until_on"] == "2026-11-27"


def test_an_open_objection_keeps_it_from_ending_and_says_its_number(published, public):
    number, _ = receipt(public.object(published.form))
    assert number == "G2026-0001-01"
    published.tick("2026-11-27")
    case = case_of(published)
    assert states(case)["S2"] == "open"
    refused = act(published, case, "S2")
    assert refused.status_code == 422
    assert number in refused.json["errors"][0]["message"]
    assert answered(published, "reject").status_code == 200
    published.tick("2026-11-28")
    assert states(case_of(published))["S2"] == "done"


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_an_objection_that_is_right_moves_the_case(published, public, sign_in, outcome):
    receipt(public.object(published.form))
    more = {"target": "S1"} if outcome == "return" else {}
    answer = answered(published, outcome, "异议成立，时限重新核定。", **more)
    assert answer.status_code == 200, answer.json
    assert answer.json["state"] == "withdrawn"
    assert answer.json["objections"][0]["state"] == "accepted"
    case = case_of(published)
    expected = {"return": ("running", "open"), "refuse": ("refused", "done")}[outcome]
    assert (case["state"], states(case)["S1"]) == expected
    assert case["trace"][-1]["action"] == outcome
    assert "G2026-0001-01" in case["trace"][-1]["opinion"]


def test_the_other_objections_lapse_when_one_is_right(published, public):
    receipt(public.object(published.form))
    number, code = receipt(public.object(published.form, said="另一条不同的意见内容"))
    assert answered(published, "refuse").status_code == 200
    shown = publication(published)["objections"]
    assert [one["state"] for one in shown] == ["accepted", "lapsed"]
    page = public.client.post("/public/511602/objection", data={"number": number, "code": code})
    assert "不再影响办理" in page.text


def test_an_answer_says_something_and_is_given_once_on_the_present_state(published, public):
    receipt(public.object(published.form))
    empty = answered(published, "reject", "  ")
    assert (empty.status_code, empty.json["errors"][0]["field"]) == (422, "answer")
    wrong = answered(published, "return", target="S3")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "target")
    assert publication(published)["objections"][0]["state"] == "open"
    shown = publication(published)
    path = f"/api/publications/{shown['id']}/objections/{shown['objections'][0]['id']}/answer"
    given = {"outcome": "reject", "answer": "不成立"}
    assert published.post(path, given, version=7).status_code == 412
    assert published.post(path, given, version=1).status_code == 200
    again = published.post(path, given, version=2)
    assert (again.status_code, again.json["code"]) == (409, "objection_closed")


def test_those_concerned_are_told_and_the_desk_says_what_waits(published, public, sign_in):
    def told(browser):
        return [row["text"] for row in browser.get("/api/notices").json["rows"]]

    receipt(public.object(published.form))
    published.tick("2026-11-23", hour=10)
    published.tick("2026-11-23", hour=11)
    assert sum("G2026-0001-01" in text for text in told(published)) == 1
    assert not any("G2026-0001-01" in text for text in told(sign_in("liaison")))
    desk = {row["code"]: row for row in published.get("/api/desk").json["todo"]}
    assert desk["objections_open"]["count"] == 1
    assert published.get("/api/publications?state=objected").json["total"] == 1
    answered(published, "refuse")
    assert "objections_open" not in {row["code"] for row in published.get("/api/desk").json["todo"]}
    assert any("异议 G2026-0001-01 成立" in text for text in told(published))


# Who may


def test_who_objects_is_masked_and_shown_in_full_with_a_reason_alone(published, public, superuser):
    receipt(public.object(published.form))
    shown = publication(published)
    one = shown["objections"][0]
    assert (one["name"], one["contact"]) == ("欧***", "138****5678")
    path = f"/api/publications/{shown['id']}/objections/{one['id']}/contact"
    refused = published.post(path, {"reason": "看"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "reason")
    full = published.post(path, {"reason": "电话核实异议内容"})
    assert full.json == {"name": "欧阳小明", "contact": "13812345678"}


def test_a_disclosure_is_in_the_change_log_and_what_was_shown_is_not(published, public, at):
    receipt(public.object(published.form))
    shown = publication(published)
    path = f"/api/publications/{shown['id']}/objections/{shown['objections'][0]['id']}/contact"
    assert published.post(path, {"reason": "电话核实异议内容"}).status_code == 200
    answered(published, "reject")
    with at("广安区"):
        log = db.session.execute(
            text("SELECT record, actor_id, action, before, after FROM change ORDER BY id DESC")
        ).all()
        stored = db.session.execute(text("SELECT name, contact FROM objection")).one()
    kept = next(row for row in log if row.record == "disclosure")
    assert kept.after["reason"] == "电话核实异议内容"
    assert kept.after["fields"] == ["name", "contact"]
    assert kept.actor_id is not None
    assert kept.action == "publications.disclose_contact"
    objection = [row for row in log if row.record == "objection"]
    assert {"state", "answer", "number"} <= set(objection[0].after)
    told = str(log)
    for secret in ("欧阳小明", "13812345678", stored.name, stored.contact, "承诺时限没有依据"):
        assert secret not in told
    assert "欧阳小明" not in stored.name + stored.contact


def test_without_the_permission_nobody_answers_or_sees_who_objects(published, public, sign_in):
    receipt(public.object(published.form))
    shown = publication(published)
    one = shown["objections"][0]
    path = f"/api/publications/{shown['id']}/objections/{one['id']}"
    clerk = sign_in("clerk")
    read = clerk.get(f"/api/publications/{shown['id']}").json
    assert (read["answerable"], read["contact_visible"]) == (False, False)
    assert read["objections"][0]["name"] == "欧***"
    given = {"outcome": "reject", "answer": "不成立"}
    assert clerk.post(f"{path}/answer", given, version=1).status_code == 403
    assert clerk.post(f"{path}/contact", {"reason": "电话核实"}).status_code == 403
    neighbour = sign_in("neighbour")
    assert neighbour.get(f"/api/publications/{shown['id']}").status_code == 404
    assert neighbour.post(f"{path}/answer", given, version=1).status_code == 404
    assert neighbour.post(f"{path}/contact", {"reason": "电话核实"}).status_code == 404
    liaison = sign_in("liaison")  # of another department
    assert liaison.get(f"/api/publications/{shown['id']}").status_code == 404
    assert liaison.get("/api/publications").json["total"] == 0


def test_a_list_asks_the_database_the_same_whatever_its_length(published, sent):
    def asked():
        with sent() as statements:
            published.get("/api/publications")
        return len(statements)

    one = asked()
    for code in ("A2",):
        published.begin(code)
    assert published.get("/api/publications").json["total"] == 2
    assert asked() == one
