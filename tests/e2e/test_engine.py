"""From the office down: a city's own layer, stages with a gate, and the way back."""

import re

from playwright.sync_api import expect

from tests.e2e.publishing import Standard, item, offer, post, record, value

LIMIT = "承诺办结时限"


def keep_in_draft(page, hands, label, content):
    page.get_by_role("textbox", name=label).fill(content)
    page.get_by_role("button", name="保存到草稿").click()
    hands.said("已保存")
    expect(page.get_by_role("region", name="未保存的修改")).to_have_count(0)
    page.get_by_role("navigation", name="所在位置").get_by_role("link").last.click()


def publish(page, hands, number):
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="确认发布").click()
    hands.said(f"第 {number} 版已发布")


def foresee(page):
    """Go through the ways and days of a roll-out to its figures."""
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="预览影响").click()
    expect(page.get_by_role("term").filter(has_text="将产生冲突")).to_be_visible()


def tile(page, name):
    """Return the figure beside a name."""
    term = page.get_by_role("term").filter(has_text=re.compile(f"^{name}$"))
    return term.locator("xpath=following-sibling::dd[1]")


def test_a_city_asks_for_more_and_its_county_sees_whose_value_holds(window, client, hands):
    code, county = "E2E-CITY-1", client("guangan")
    standard = Standard(
        client("province2"), "E2E-CITY", "城市提速验收标准", item(code, "临时占道核准（验收甲）")
    )
    standard.push()
    offer(county, code)

    page = window("guangan-city")
    hand = hands(page)
    page.goto("/amendments")
    hand.row(standard.code).get_by_role("button", name="开始修订").click()
    page.get_by_role("link", name="临时占道核准（验收甲）").click()
    limit = page.get_by_role("textbox", name=LIMIT)
    limit.fill("25")
    page.get_by_role("button", name="保存", exact=True).click()
    refusal = page.get_by_role("row").filter(has=limit).get_by_role("alert")
    expect(refusal).to_contain_text("不得超过 20")
    expect(limit).to_have_value("25")
    limit.fill("15")
    page.get_by_role("button", name="保存", exact=True).click()
    hand.said("已保存")
    page.get_by_role("navigation", name="所在位置").get_by_role("link").last.click()
    publish(page, hand, 1)
    page.get_by_role("button", name="下发", exact=True).click()
    foresee(page)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("下发说明").fill("全市收紧承诺时限")
    page.get_by_role("button", name=re.compile(r"^下发到 \d+ 个中心")).click()
    expect(page.get_by_role("button", name=re.compile(r"^广安区\s*：\s*已采用"))).to_be_visible()

    page = window("guangan")
    page.goto(f"/items/{record(county, code)['id']}")
    cells = hands(page).field(LIMIT).get_by_role("cell")
    expect(cells.nth(0)).to_contain_text("15 个工作日")
    expect(cells.nth(0)).to_contain_text("广安市修订；四川省规定：20 个工作日")
    expect(cells.nth(2)).to_contain_text(re.compile("15 个工作日\\s*广安市"))
    own = cells.nth(1).get_by_role("textbox")
    own.fill("18")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(cells.nth(1).get_by_role("alert")).to_contain_text("不得超过 15")
    own.fill("12")
    page.get_by_role("button", name="保存", exact=True).click()
    hands(page).said("已保存")
    expect(cells.nth(2)).to_contain_text("12 个工作日")
    expect(cells.nth(2)).to_contain_text("本中心")


def write_the_next_edition(page, hands, standard):
    """Tighten an item and a requirement on people, and read both in the comparison."""
    page.goto(f"/standards/{standard.id}")
    page.get_by_role("button", name="开始新草稿").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="版次名称").fill("第二年")
    dialog.get_by_role("button", name="开始新草稿").click()
    page.get_by_role("link", name="夜间施工核准（验收乙）").click()
    keep_in_draft(page, hands, LIMIT, "10")
    page.get_by_role("link", name="窗口岗位要求").click()
    page.get_by_role("link", name="综合窗口人员（验收乙）").click()
    keep_in_draft(page, hands, "年龄上限", "40")
    page.get_by_role("link", name=re.compile("^改动对比")).click()
    for code, words in [("E2E-STAGE-1", r"20 个工作日\s*→\s*10 个工作日"), ("E2E-STAGE-P", "40")]:
        entry = page.get_by_role("article").filter(has_text=code)
        expect(entry).to_contain_text(re.compile(words))


def plan_two_stages(page):
    """Let two counties go first; all others wait for somebody's word."""
    page.get_by_role("button", name="增加一个阶段").click()
    first, rest = (page.get_by_role("region", name=f"第 {n} 阶段") for n in (1, 2))
    first.get_by_text("选择中心", exact=True).click()
    for name in ("锦江区", "广安区"):
        first.get_by_role("textbox", name="搜索中心名称或代码").fill(name)
        first.get_by_role("checkbox", name=name).locator("xpath=ancestor::label").click()
    expect(first.get_by_role("status")).to_contain_text("已选 2 / 205")
    expect(rest.get_by_role("checkbox", name="由人放行")).to_be_checked()
    expect(rest.get_by_role("radio", name="其余全部中心")).to_be_checked()


def test_pilots_go_first_and_the_others_when_somebody_opens_the_gate(window, client, hands):
    office, county, other = client("province2"), client("guangan"), client("wusheng")
    standard = Standard(
        office,
        "E2E-STAGE",
        "分段下发验收标准",
        item("E2E-STAGE-1", "夜间施工核准（验收乙）"),
        post("E2E-STAGE-P", "综合窗口人员（验收乙）", max_age=45),
    )
    standard.push()
    offer(county, "E2E-STAGE-1", committed_limit=15)
    offer(other, "E2E-STAGE-1", committed_limit=8)

    page = window("province2")
    hand = hands(page)
    write_the_next_edition(page, hand, standard)
    publish(page, hand, 2)
    page.get_by_role("button", name="下发", exact=True).click()
    plan_two_stages(page)
    foresee(page)
    expect(page.get_by_role("list").filter(has_text="2 个中心")).to_contain_text("203 个中心")
    broken = page.get_by_role("row").filter(has_text="验收乙")
    expect(broken).to_have_count(1)
    expect(broken).to_contain_text(re.compile("广安区.*15 个工作日.*10 个工作日", re.DOTALL))
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("下发说明").fill("先试点，再全省")
    page.get_by_role("button", name="下发到 205 个中心").click()

    progress = page.get_by_role("progressbar", name="进度")
    expect(progress).to_have_attribute("aria-valuenow", "2", timeout=30_000)
    for name, state in [("锦江区", "已采用"), ("广安区", "已采用"), ("武胜县", "未轮到")]:
        cell = page.get_by_role("button", name=re.compile(rf"^{name}\s*：\s*{state}"))
        expect(cell).to_be_visible()
    assert value(county, "E2E-STAGE-1", "committed_limit")["effective"] == 10
    assert value(other, "E2E-STAGE-1", "committed_limit")["standard"] == 20

    page.get_by_role("button", name="放行").click()
    gate = page.get_by_role("dialog", name=re.compile("^放行"))
    expect(gate).to_contain_text("203 个中心")
    gate.get_by_role("textbox", name="依据（选填）").fill("试点一周，无异常")
    gate.get_by_role("button", name="放行").click()
    expect(progress).to_have_attribute("aria-valuenow", "205", timeout=60_000)
    expect(page.get_by_role("list", name="阶段")).to_contain_text("试点一周，无异常")
    expect(page.get_by_role("button", name=re.compile(r"^武胜县\s*：\s*已采用"))).to_be_visible()
    assert value(other, "E2E-STAGE-1", "committed_limit")["standard"] == 10


def test_one_city_goes_back_and_loses_nothing_of_its_own(window, client, hands):
    county, elsewhere = client("guangan"), client("jinjiang")
    code = "E2E-BACK-1"
    standard = Standard(
        client("province2"), "E2E-BACK", "回退验收标准", item(code, "户外展销核准（验收丙）")
    )
    standard.push()
    for one in (county, elsewhere):
        offer(one, code)
    entry = item(code, "户外展销核准（验收丙）", committed_limit=10)
    standard.publish("第二年", entry)
    rollout = standard.push()
    found = record(county, code)
    local = {"window": "二楼 8 号", "committed_limit": 9}
    county.send("PATCH", f"/api/items/{found['id']}", {"local": local}, version=found["version"])

    page = window("province2")
    page.goto(f"/rollouts/{rollout}")
    page.get_by_role("button", name="回退", exact=True).click()
    dialog = page.get_by_role("dialog", name="回退")
    dialog.get_by_text("选择中心", exact=True).click()
    dialog.get_by_role("textbox", name="搜索中心名称或代码").fill("广安市")
    boxes = dialog.get_by_role("checkbox", name=re.compile("回退到第 1 版"))
    expect(boxes).to_have_count(7)
    for box in boxes.all():
        box.locator("xpath=ancestor::label").click()
    submit = dialog.get_by_role("button", name="回退 7 个中心")
    expect(submit).to_be_disabled()
    dialog.get_by_role("textbox", name="回退理由").fill("系统切换，暂缓两个月")
    submit.click()
    back = page.get_by_role("button", name=re.compile(r"^广安区\s*：\s*已回退"))
    expect(back).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"^锦江区\s*：\s*已采用"))).to_be_visible()
    back.click()
    expect(page.get_by_role("tooltip").filter(has_text="广安区")).to_contain_text(
        "系统切换，暂缓两个月"
    )
    assert value(elsewhere, code, "committed_limit")["standard"] == 10

    page = window("guangan")
    page.goto(f"/items/{found['id']}")
    cells = hands(page).field(LIMIT).get_by_role("cell")
    expect(cells.nth(0)).to_contain_text("20 个工作日")
    expect(cells.nth(2)).to_contain_text("9 个工作日")
    expect(page.get_by_role("textbox", name="办理窗口")).to_have_value("二楼 8 号")
