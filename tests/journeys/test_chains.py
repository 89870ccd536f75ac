"""Every chain of the demo as it ships, from the first step to the last, with real documents."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from jinzhu.core import clock
from jinzhu.core.calendar import Workdays, today
from tests.journeys.conftest import Demo, Json
from tests.journeys.town import (
    ADDED,
    CLERK,
    DECIDED,
    HOME,
    LIAISON,
    OUTSIDE,
    PROFESSIONAL,
    UTILITY,
    Town,
    Walk,
    named,
    next_edition,
    put,
    seat,
    states,
)

WINDOW, FORCE = "安排窗口", "进驻生效"


@dataclass(frozen=True)
class Story:
    """A chain as it is told: whom it is about, the steps in the order of this telling, its end."""

    code: str
    steps: tuple[str, ...]
    mode: str = "resident"
    skipped: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


STANDALONE = ("批准单独设立大厅",)
DEPARTMENTS = {
    "government": Story("BM04", ("认定", "授权窗口", WINDOW, FORCE), skipped=STANDALONE),
    "government by proxy": Story(
        "BM03", ("认定", "授权窗口", FORCE), "proxy", (*STANDALONE, WINDOW)
    ),
    "government with a hall of its own": Story(
        "BM12", ("认定", *STANDALONE, "授权窗口", WINDOW, FORCE), "standalone"
    ),
    "professional": Story(
        PROFESSIONAL, ("提出申请", "评估", "签订协议", WINDOW, FORCE), skipped=STANDALONE
    ),
    "utility": Story(UTILITY, ("提出建议", "同意进驻", WINDOW, FORCE), skipped=STANDALONE),
    "other": Story("BM34", ("提出申请", "评估", "批准", WINDOW, FORCE), skipped=STANDALONE),
    "trading": Story("BM31", ("决定合署办公", "签订统一管理协议", WINDOW, "合署生效"), "branch"),
    "dual, own line first": Story(
        "BM29", ("认定", "授权窗口", "同意进驻", WINDOW, FORCE), skipped=STANDALONE
    ),
    "dual, superior first": Story(
        "BM05", ("认定", "同意进驻", "授权窗口", WINDOW, FORCE), skipped=STANDALONE
    ),
    "vertical, own line first": Story(
        "BM28", ("认定", "授权窗口", "同意进驻", WINDOW, FORCE), skipped=STANDALONE
    ),
    "vertical, superior first, with a hall of its own": Story(
        "BM27", ("认定", "同意进驻", "授权窗口", *STANDALONE, WINDOW, FORCE), "standalone"
    ),
}


@pytest.fixture(scope="module")
def town(servers: Any, demo_built: str, new_database: Any, app_on: Any) -> Iterator[Town]:
    """A county to which the province has brought a department of every class."""
    settings = new_database("journey_chains", like=demo_built)
    with app_on(settings) as app:
        demo = Demo(app, "")
        codes = [story.code for story in DEPARTMENTS.values()]
        seat(app, LIAISON, "department_liaison", [*codes, "BM06", HOME])
        seat(app, CLERK, "clerk")
        town = Town(demo)
        with next_edition(demo, town["province"], town.manager.center) as draft:
            for code, (name, class_) in ADDED.items():
                about = {"code": code, "name": name, "department_class": class_}
                content = {**about, "entry_force": "may", "presence_mode": "resident"}
                put(town["province"], draft, "department", code, content)
        enter(town, "department", HOME, mode="proxy")
        yield town


def told(case: Json) -> list[tuple[str, str]]:
    """Return the trace without what was attached."""
    lines = [(line["action"], line["step_name"]) for line in case["trace"]]
    return [line for line in lines if line[0] != "attach"]


@pytest.mark.parametrize("name", DEPARTMENTS)
def test_a_department_enters_by_the_chain_of_its_class(town, name):
    story = DEPARTMENTS[name]
    begun = town.begin("department", story.code, facts={"mode": story.mode})
    walk = Walk(town, begun)
    case = walk.through(*story.steps)
    assert case["state"] == "finished"
    assert case["actions"] == []
    expected = dict.fromkeys(story.steps, "done") | dict.fromkeys(story.skipped, "skipped")
    assert states(case) == expected
    assert told(case) == [("begin", ""), *(("approve", step) for step in story.steps)]
    check_who(town, case)
    stands = town.standing("department", story.code)
    assert (stands["state"], stands["mode"], stands["since"]) == (
        "entered",
        story.mode,
        str(today()),
    )


def check_who(town: Town, case: Json) -> None:
    """See that the trace names who acted, and whose decision was recorded."""
    actors = {step["name"]: step["actor"] for step in case["steps"]}
    for line in case["trace"]:
        if line["action"] != "approve":
            continue
        actor = actors[line["step_name"]]
        if actor in OUTSIDE:
            assert line["on_behalf"] == DECIDED
        if actor == "department":
            assert line["who"] == LIAISON
        if actor == "superior":
            assert line["who"].split()[0] in ("四川省", "广安市")
        assert line["opinion"] == f"同意{line['step_name']}"


def test_only_one_line_of_two_has_signed_and_it_waits_for_the_other(town):
    walk = Walk(town, town.begin("department", "BM30", facts={"mode": "proxy"}))
    walk.act("认定")
    walk.attach(named(walk.read(), "同意进驻"))
    case = walk.act("同意进驻")
    assert states(case)["授权窗口"] == "open"
    assert states(case)[FORCE] == "coming"
    assert town.standing("department", "BM30")["state"] == "not_entered"


def test_an_item_that_is_a_service_enters_after_its_assessment(town):
    code = town.item("20")
    walk = Walk(town, town.begin("item", code))
    case = walk.through("提出进驻意向", "组织评估", "确定进驻")
    assert case["state"] == "finished"
    assert town.standing("item", code)["state"] == "entered"


def test_an_item_that_is_a_permit_is_published_for_its_days_and_then_fixed(town, time_machine):
    code = town.item("01")
    walk = Walk(town, town.begin("item", code))
    case = walk.through("提出", "认定")
    published = named(case, "向社会公布")
    walk.check_clock(published)
    early = walk.send(published, "approve")
    assert (early.status_code, "公布期未满" in early.json["detail"]) == (409, True)
    over = Workdays().after(today(), published["limit"] + 1)
    time_machine.move_to(f"{over} 08:00+08:00")
    with town.demo.app.app_context():
        clock.tick()
    case = walk.read()
    assert (states(case)["向社会公布"], case["trace"][-1]["action"]) == ("done", "time_over")
    assert walk.through("确定进驻")["state"] == "finished"
    assert town.standing("item", code)["state"] == "entered"


def test_a_department_changes_pauses_comes_back_and_leaves_once_its_items_have(town):
    early = Walk(town, town.begin("item", town.item("20", "BM06")))
    early.through("提出进驻意向", "组织评估")
    assert "department" in early.missing(named(early.read(), "确定进驻"))
    enter(town, "department", "BM06", mode="proxy")
    assert early.through("确定进驻")["state"] == "finished"
    code = early.case["subject"]["code"]

    facts, reason = {"mode": "branch"}, "办公场所搬迁"
    changed = town.begin("department", "BM06", "adjustment", facts=facts, reason=reason)
    Walk(town, changed).through("提出调整", "审核", WINDOW, "调整生效")
    stands = town.standing("department", "BM06")
    assert (stands["state"], stands["mode"], stands["reason"]) == ("entered", "branch", reason)
    paused = town.begin("department", "BM06", "suspension", reason="系统升级")
    Walk(town, paused).through("提出暂停并说明原因", "审核", "暂停生效")
    assert town.standing("department", "BM06")["state"] == "suspended"
    assert town.standing("item", code)["state"] == "suspended"
    enter(town, "department", "BM06", mode="proxy")
    assert town.standing("item", code)["state"] == "entered"

    leaving = Walk(town, town.begin("department", "BM06", "exit", reason="机构撤并"))
    leaving.through("提出退出并说明原因", "审核")
    handing = named(leaving.read(), "办理交接")
    leaving.attach(handing)
    assert leaving.missing(handing) == {"subject"}  # an item of it is still in
    out = Walk(town, town.begin("item", code, "exit", reason="事项划转"))
    assert out.through("提出退出并说明原因", "审核", "办理交接", "退出生效")["state"] == "finished"
    assert leaving.missing(handing) == set()
    leaving.act("办理交接")
    assert leaving.through("退出生效")["state"] == "finished"
    assert town.standing("department", "BM06")["state"] == "left"
    assert town.standing("item", code)["state"] == "left"


ENTRIES = {
    "department": ("认定", "授权窗口", FORCE),
    "item": ("提出进驻意向", "组织评估", "确定进驻"),
}


def enter(town: Town, kind: str, code: str, **facts: str) -> None:
    """Let something in the ordinary way."""
    walk = Walk(town, town.begin(kind, code, facts=facts))
    assert walk.through(*ENTRIES[kind])["state"] == "finished"


def test_an_item_changes_and_pauses(town):
    code = town.item("20")
    enter(town, "item", code)
    changed = town.begin("item", code, "adjustment", reason="法律修改", facts={"mode": "proxy"})
    assert Walk(town, changed).through("提出调整", "审核", "调整生效")["state"] == "finished"
    assert town.standing("item", code)["mode"] == "proxy"
    paused = town.begin("item", code, "suspension", reason="设备维修")
    Walk(town, paused).through("提出暂停并说明原因", "审核", "暂停生效")
    assert town.standing("item", code)["state"] == "suspended"


def test_an_item_on_the_negative_list_has_its_reason_and_who_approved(town):
    code = town.item("20")
    case = town.begin("item", code, "negative_list", reason="涉及国家秘密")
    case = Walk(town, case).through("提出并说明原因", "审核", "批准")
    stands = town.standing("item", code)
    assert (case["state"], stands["state"]) == ("finished", "excluded")
    assert (stands["reason"], stands["approval"]) == ("涉及国家秘密", DECIDED)


def test_sent_back_it_goes_on_from_there_in_a_second_round(town):
    code = town.item("20")
    walk = Walk(town, town.begin("item", code))
    walk.through("提出进驻意向")
    silent = walk.send(named(walk.case, "组织评估"), "return", target="S01")
    assert silent.json["errors"][0]["field"] == "opinion"
    case = walk.act("组织评估", "return", target="S01", opinion="请补充设备清单")
    assert (named(case, "提出进驻意向")["state"], named(case, "提出进驻意向")["round"]) == (
        "open",
        2,
    )
    assert states(case)["组织评估"] == "left"
    case = walk.through("提出进驻意向", "组织评估", "确定进驻")
    assert case["state"] == "finished"
    (back,) = [line for line in case["trace"] if line["action"] == "return"]
    assert (back["target_name"], back["opinion"]) == ("提出进驻意向", "请补充设备清单")


@pytest.mark.parametrize(("action", "end"), [("refuse", "refused"), ("withdraw", "withdrawn")])
def test_what_ends_early_changes_nothing_and_can_be_begun_again(town, action, end):
    code = town.item("20")
    walk = Walk(town, town.begin("item", code))
    walk.through("提出进驻意向")
    case = walk.act("组织评估", action, opinion="条件不具备")
    assert (case["state"], case["actions"]) == (end, [])
    assert town.standing("item", code)["state"] == "not_entered"
    over = walk.send(named(case, "组织评估"), "approve")
    assert over.json["code"] == "case_over"
    assert town.begin("item", code)["number"] != case["number"]


def test_asked_for_more_the_clock_stands_and_goes_on_with_what_was_left(town, time_machine):
    code, start, days = town.item("20"), today(), Workdays()
    walk = Walk(town, town.begin("item", code))
    walk.through("提出进驻意向")
    limit = named(walk.case, "组织评估")["limit"]
    asked_on = days.after(start, 2)
    time_machine.move_to(f"{asked_on} 09:00+08:00")
    case = walk.act("组织评估", "ask", opinion="请补充情况说明")
    step = named(case, "组织评估")
    assert (step["state"], step["days_left"]) == ("suspended", None)
    mine = town[LIAISON].get("/api/cases?mine=true&per_page=200")["rows"]
    assert (case["id"], "suspended") in {(row["id"], row["step_state"]) for row in mine}
    answered_on = days.after(asked_on, 7)
    time_machine.move_to(f"{answered_on} 09:00+08:00")
    wish = {"step": step["code"], "action": "answer", "opinion": "已补充"}
    path = f"/api/cases/{case['id']}"
    town[LIAISON].do("POST", f"{path}/acts", wish, version=walk.read()["version"])
    step = named(walk.read(), "组织评估")
    assert step["due_on"] == str(days.after(answered_on, limit - 2))
    assert step["days_left"] == limit - 2


def test_a_step_handed_to_a_colleague_is_that_persons_alone(town):
    seat(town.demo.app, "linshui-second", "center_manager")
    second = town["linshui-second"]
    walk = Walk(town, town.begin("item", town.item("20")))
    walk.through("提出进驻意向")
    path = f"/api/cases/{walk.case['id']}"
    known = town.manager.get(f"{path}/colleagues?step=S02")["rows"]
    number = next(one["id"] for one in known if one["name"] == "linshui-second")
    case = walk.act("组织评估", "delegate", assignee_id=number)
    assert named(case, "组织评估")["assignee"] == "linshui-second"
    refused = walk.send(named(case, "组织评估"), "approve")
    assert (refused.status_code, "转交" in refused.json["detail"]) == (409, True)
    wish = {"step": "S02", "action": "approve"}
    second.do("POST", f"{path}/acts", wish, version=walk.read()["version"])
    assert states(walk.read())["组织评估"] == "done"


def test_a_late_step_is_warned_of_said_to_be_late_and_told_further_up(town):
    walk = Walk(town, town.begin("item", town.item("20")))
    step = named(walk.case, "提出进驻意向")
    days, due = Workdays(), Workdays().after(today(), step["limit"])

    def tick(day: Any) -> list[str]:
        with town.demo.app.app_context():
            clock.tick(day)
        return [line["action"] for line in walk.read()["trace"]]

    def notices(username: str) -> list[str]:
        rows = town[username].get("/api/notices?per_page=200")["rows"]
        return [row["text"] for row in rows if walk.case["number"] in row["text"]]

    assert tick(days.before(due, 2) - timedelta(1)) == ["begin"]
    assert tick(days.before(due, 2)) == ["begin"]
    assert ["到期" in text for text in notices(LIAISON)] == [True]
    assert tick(due) == ["begin"]
    late = days.after(due, 1)
    assert tick(late) == tick(late) == ["begin", "overdue"]
    assert sum("已超期（" in text for text in notices(LIAISON)) == 1
    up = days.after(due, step["escalate_after"])
    assert tick(days.before(up, 1)) == ["begin", "overdue"]
    assert tick(up) == tick(days.after(up, 3)) == ["begin", "overdue", "escalate_manager"]
    assert sum("督促办理" in text for text in notices("linshui")) == 1
    assert named(walk.read(), "提出进驻意向")["escalated_on"] == str(up)
    listed = town.manager.get("/api/cases?escalated=true&per_page=200")["rows"]
    assert walk.case["id"] in {row["id"] for row in listed}
    walk.act("提出进驻意向", opinion="补办")
    listed = town.manager.get("/api/cases?escalated=true&per_page=200")["rows"]
    assert walk.case["id"] not in {row["id"] for row in listed}


def test_the_province_changes_a_chain_new_cases_follow_and_running_ones_do_not(town):
    running = Walk(town, town.begin("item", town.item("20")))
    office = town["province"]
    with next_edition(town.demo, office, town.manager.center) as draft:
        path = f"/api/editions/{draft}/provisions/procedure/ITEM-SERVICE"
        content = office.get(path)["content"]
        first, second, third = content["steps"]
        shorter = {**second, "limit": 7}
        heard = {"code": "S04", "name": "听取群众意见", "actor": "center", "limit": 4}
        put(office, draft, "procedure", "ITEM-SERVICE", {
            **content, "steps": [first, shorter, heard, third],
        })  # fmt: skip
    new = Walk(town, town.begin("item", town.item("20")))
    assert [step["name"] for step in new.case["steps"]] == [
        "提出进驻意向", "组织评估", "听取群众意见", "确定进驻",
    ]  # fmt: skip
    assert named(new.case, "组织评估")["limit"] == 7
    case = new.through("提出进驻意向", "组织评估", "听取群众意见", "确定进驻")
    assert case["state"] == "finished"

    assert named(running.read(), "组织评估")["limit"] == 15
    assert "听取群众意见" not in states(running.case)
    done = running.through("提出进驻意向", "组织评估", "确定进驻")
    assert done["state"] == "finished"
    assert done["procedure"]["edition_number"] < case["procedure"]["edition_number"]
