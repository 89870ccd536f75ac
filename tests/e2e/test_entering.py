"""A department and an item on their way in: step by step, both lines, a changed calendar."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.entering import DECIDED, an_item, offered

TAX = "BM27"
LETTER = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def county(client):
    """The manager of a county, beside the browser."""
    return client("linshui")


def dialog(page, name):
    return page.get_by_role("dialog", name=name)


def act(page, step, action, **words):
    """Press a button of the present steps, say what it asks for, and confirm."""
    steps = page.get_by_role("region", name="当前步骤")
    of_step = steps.get_by_role("listitem").filter(has=page.get_by_role("heading", name=step))
    of_step.get_by_role("button", name=action, exact=True).click()
    asked = dialog(page, f"{step}：{action}")
    for label, text in words.items():
        asked.get_by_label(re.compile(f"^{label}")).fill(text)
    asked.get_by_role("button", name=action, exact=True).click()


def attach(page, file):
    """Attach a file as the document that the present step asks for."""
    page.get_by_role("region", name="材料").get_by_role("button", name="上传材料").click()
    asked = dialog(page, "上传材料")
    asked.locator("input[type=file]").set_input_files(file)
    asked.get_by_role("button", name="上传材料").click()
    expect(asked).to_be_hidden()


def state_of(page, step):
    course = page.get_by_role("region", name="办理过程")
    return course.get_by_role("article").filter(has=page.get_by_role("heading", name=step))


def test_an_item_enters_step_by_step_and_once_it_is_sent_back(window, hands, county):
    item = an_item(county)
    page = window("linshui")
    hand = hands(page)
    page.goto(f"/items/{item['id']}")
    page.get_by_role("button", name="进驻办理").click()
    asked = dialog(page, f"进驻办理：{item['name']}")
    hand.pick("列入负面清单")
    asked.get_by_role("button", name="提出").click()
    expect(asked.get_by_text("请写明理由。")).to_be_visible()
    hand.pick("办理进驻")
    asked.get_by_role("button", name="提出").click()
    hand.said("已提出，编号")
    expect(page).to_have_url(re.compile(r"/cases/\d+$"))

    expect(state_of(page, "提出进驻意向")).to_contain_text("剩 5 个工作日")
    act(page, "提出进驻意向", "通过")
    hand.said("“提出进驻意向”：已通过")
    act(page, "组织评估", "退回")
    asked = dialog(page, "组织评估：退回")
    expect(asked.get_by_text("请写明理由或意见。")).to_be_visible()
    asked.get_by_label(re.compile("^意见")).fill("请补充设备清单")
    asked.get_by_role("button", name="退回", exact=True).click()
    expect(state_of(page, "提出进驻意向")).to_contain_text("第 2 轮")

    act(page, "提出进驻意向", "通过", 意见="已补充")
    act(page, "组织评估", "通过")
    papers = page.get_by_role("region", name="材料")
    papers.get_by_role("button", name="打印事项进驻确认表").click()
    dialog(page, "事项进驻确认表").get_by_role("button", name="附到“确定进驻”").click()
    expect(papers.get_by_role("button", name=re.compile(r"^事项进驻确认表.*\.pdf"))).to_be_visible()
    act(page, "确定进驻", "通过", 意见="同意进驻")
    expect(page.get_by_role("main")).to_contain_text("已办结")
    trace = page.get_by_role("region", name="意见和办理痕迹")
    expect(trace).to_contain_text("请补充设备清单")
    expect(trace).to_contain_text("退回到“提出进驻意向”")
    page.goto("/cases?tab=over")
    expect(hand.row(item["code"])).to_contain_text("已办结")


def test_nothing_typed_is_lost_when_somebody_else_was_quicker(window, hands, county, complaints):
    item = an_item(county)
    wish = {"object": "item", "subject_id": item["provision_id"], "kind": "entry"}
    case = county.send("POST", "/api/cases", wish)
    page = window("linshui")
    page.goto(f"/cases/{case['id']}")
    steps = page.get_by_role("region", name="当前步骤")
    steps.get_by_role("button", name="通过").click()
    asked = dialog(page, "提出进驻意向：通过")
    asked.get_by_label(re.compile("^意见")).fill("这些话不能丢")
    done = {"step": "S01", "action": "approve", "opinion": "先办了"}
    county.send("POST", f"/api/cases/{case['id']}/acts", done, version=case["version"])
    complaints.allow(412, rf"/api/cases/{case['id']}/acts$")
    asked.get_by_role("button", name="通过", exact=True).click()
    expect(asked.get_by_role("alert").filter(has_text="先办了")).to_be_visible()
    expect(asked.get_by_label(re.compile("^意见"))).to_have_value("这些话不能丢")
    expect(asked.get_by_role("button", name="通过", exact=True)).to_be_disabled()
    asked.get_by_role("button", name="取消").click()
    expect(state_of(page, "组织评估")).to_contain_text("办理中")


def test_the_superior_department_signs_beside_the_own_one(window, hands, county):
    office = offered(county, "department", code=TAX)
    wish = {"object": "department", "subject_id": office["provision_id"], "kind": "entry"}
    case = county.send("POST", "/api/cases", {**wish, "facts": {"mode": "resident"}})
    page = window("linshui")
    page.goto(f"/cases/{case['id']}")
    act(page, "认定", "通过", 决定机关=DECIDED)
    above = page.get_by_text("没有账号的，由上级中心登记它的书面答复")
    expect(above).to_be_visible()
    expect(page.get_by_text("以下 2 步同时进行，先后不限")).to_be_visible()

    line = window("tax-line")
    line.goto("/")
    line.get_by_role("link", name=re.compile("进驻待同意")).click()
    line.get_by_role("row").filter(has_text="邻水县").get_by_role("link").click()
    expect(line.get_by_role("heading", level=1)).to_contain_text("税务局")
    attach(line, {"name": "同意函.pdf", "mimeType": "application/pdf", "buffer": LETTER})
    hands(line).said("材料已上传")
    act(line, "同意进驻", "通过", 意见="同意，按条线要求配备人员")
    hands(line).said("“同意进驻”：已通过")
    expect(line.get_by_text("现在没有可以办理的步骤。")).to_be_visible()

    page.reload()
    expect(state_of(page, "同意进驻")).to_contain_text("已完成")
    trace = page.get_by_role("region", name="意见和办理痕迹")
    expect(trace.get_by_role("row").filter(has_text="同意，按条线要求配备人员")).to_contain_text(
        "四川省"
    )
    expect(state_of(page, "授权窗口")).to_contain_text("办理中")


def test_a_day_that_the_province_sets_moves_what_is_due(window, hands, county, client, until):
    item = an_item(county)
    wish = {"object": "item", "subject_id": item["provision_id"], "kind": "entry"}
    case = county.send("POST", "/api/cases", wish)
    due = case["steps"][0]["due_on"]
    worked = (
        day["day"]
        for day in county.get(f"/api/calendar?year={due[:4]}")["days"]
        if day["working"] and case["opened_on"] < day["day"] <= due
    )
    off = next(worked)
    page = window("province")
    page.goto(f"/calendar?year={off[:4]}")
    before = (date.fromisoformat(off) - timedelta(days=1)).isoformat()
    page.locator(f"#day-{before}").focus()
    page.locator(f"#day-{before}").click()
    page.get_by_role("dialog", name=before).get_by_role("button", name="取消").click()
    page.locator(f"#day-{before}").press("ArrowRight")
    expect(page.locator(f"#day-{off}")).to_be_focused()
    page.keyboard.press("Enter")
    asked = page.get_by_role("dialog", name=off)
    hands(page).pick("休息")
    asked.get_by_role("button", name="保存").click()
    expect(asked.get_by_text("请写明原因。")).to_be_visible()
    asked.get_by_label("原因").fill("停电检修")
    asked.get_by_role("button", name="保存").click()
    hands(page).said("已保存，正在重新计算到期日")
    expect(page.get_by_role("row").filter(has_text="停电检修")).to_contain_text("四川省")

    shown = window("linshui")

    def moved():
        shown.goto(f"/cases/{case['id']}")
        return shown.get_by_role("region", name="办理过程").get_by_text(due).count() == 0

    until(moved, seconds=30)
    client("province").send("DELETE", f"/api/calendar/days/{off}", None)
