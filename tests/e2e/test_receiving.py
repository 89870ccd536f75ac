"""What comes down, and the county's answer to it: take, keep, later, or leave not to follow."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.e2e.publishing import Standard, item, offer, record, value

LIMIT = "承诺办结时限"


def day(ahead):
    """Return a day to come as it is written."""
    return (date.today() + timedelta(days=ahead)).isoformat()


def open_update(page, standard):
    page.goto("/updates")
    page.get_by_role("link", name=f"{standard.name} · 第 2 版").click()


def choose_day(dialog, label, ahead):
    field = dialog.get_by_label(label)
    field.fill(day(ahead))
    field.press("Enter")


def test_an_edition_is_answered_field_by_field_and_the_rest_in_one_go(
    window, client, hands, complaints
):
    office, county = client("province2"), client("guangan")
    names = [f"E2E-TAKE-{n}" for n in range(1, 5)]
    items = {code: f"揭牌备案（验收丁{code[-1]}）" for code in names}
    standard = Standard(
        office, "E2E-TAKE", "逐项答复验收标准", *[item(code, name) for code, name in items.items()]
    )
    standard.push()
    for code, limit in zip(names, (18, 17, 9, None), strict=True):
        offer(county, code, **({"committed_limit": limit} if limit else {}))
    tighter = [item(code, name, committed_limit=15) for code, name in items.items()]
    standard.publish("第二年", *tighter)
    standard.push()

    page = window("guangan")
    hand = hands(page)
    open_update(page, standard)
    expect(page.get_by_text("待答复 3 项")).to_be_visible()
    expect(hand.row(names[0])).to_contain_text("冲突")
    expect(hand.row(names[2])).to_contain_text("与标准不同")
    expect(hand.row(names[3])).to_contain_text("跟随标准")

    page.get_by_role("button", name="无冲突的一次处理…").click()
    dialog = page.get_by_role("dialog", name="一次处理无冲突的内容")
    expect(dialog).to_contain_text("2 项冲突不受影响")
    dialog.get_by_role("button", name="处理 1 项").click()
    hand.said("已处理 1 项；还有 2 项冲突待答复")

    hand.row(names[0]).get_by_role("button", name="采用标准").click()
    hand.said("已答复 1 项")
    expect(hand.row(names[0])).to_contain_text("已采用标准")
    hand.row(names[1]).get_by_role("button", name="保留本地…").click()
    dialog = page.get_by_role("dialog", name=re.compile("^保留本地值"))
    dialog.get_by_role("textbox", name=LIMIT).fill("16")
    dialog.get_by_role("textbox", name="理由").fill("两名窗口人员轮训，逐步压缩")
    dialog.get_by_role("button", name="保留此值").click()
    expect(dialog.get_by_role("alert").filter(has_text="不得超过 15")).to_be_visible()
    dialog.get_by_role("textbox", name=LIMIT).fill("14")
    dialog.get_by_role("button", name="保留此值").click()
    expect(hand.row(names[1])).to_contain_text("保留 14 个工作日")
    expect(hand.row(names[1])).to_contain_text("两名窗口人员轮训，逐步压缩")
    expect(page.get_by_text("已全部答复")).to_be_visible()

    page.goto(f"/conflicts?q={names[0][:-2]}")
    expect(page.get_by_text("没有符合条件的记录").first).to_be_visible()
    kept = [value(county, code, "committed_limit") for code in names]
    assert [(one["local"], one["effective"]) for one in kept] == [
        (None, 15),
        (14, 14),
        (9, 9),
        (None, 15),
    ]


def test_leave_not_to_follow_is_asked_for_granted_and_shown_with_its_end(window, client, hands):
    code, county = "E2E-LEAVE-1", client("guangan")
    standard = Standard(
        client("province2"), "E2E-LEAVE", "豁免验收标准", item(code, "古树移植核准（验收戊）")
    )
    standard.push()
    offer(county, code)
    until = day(90)

    page = window("guangan")
    hand = hands(page)
    page.goto(f"/items/{record(county, code)['id']}")
    page.get_by_role("button", name=f"可以怎样修改：{LIMIT}").click()
    page.get_by_role("tooltip").get_by_role("button", name="申请豁免").click()
    dialog = page.get_by_role("dialog", name=re.compile("^申请豁免"))
    dialog.get_by_role("textbox", name=LIMIT).fill("25")
    choose_day(dialog, "希望豁免至", 90)
    dialog.get_by_role("button", name="提交申请").click()
    expect(dialog.get_by_role("alert").filter(has_text="请写明理由")).to_be_visible()
    dialog.get_by_role("textbox", name="理由").fill("林业专家每月只来一次")
    dialog.get_by_role("button", name="提交申请").click()
    hand.said("申请已提交")
    expect(hand.field(LIMIT)).to_contain_text("豁免申请中")
    assert value(county, code, "committed_limit")["effective"] == 20

    office = window("province2")
    office.goto("/exemptions/asked")
    row = hands(office).row(code)
    expect(row).to_contain_text("林业专家每月只来一次")
    row.get_by_role("button", name="审批…").click()
    dialog = office.get_by_role("dialog", name=re.compile("^审批豁免"))
    expect(dialog).to_contain_text("25 个工作日")
    dialog.get_by_role("button", name="同意豁免").click()
    hands(office).said("已同意")

    page.reload()
    expect(hand.field(LIMIT)).to_contain_text("25 个工作日")
    page.get_by_role("link", name=f"豁免至 {until}").click()
    expect(hand.row(code)).to_contain_text("已同意")
    expect(hand.row(code)).to_contain_text(until)


def test_what_is_announced_can_wait_until_the_last_day_and_no_longer(window, client, hands):
    code, county = "E2E-WAIT-1", client("guangan")
    name = "船舶停靠核准（验收己）"
    standard = Standard(client("province2"), "E2E-WAIT", "预告验收标准", item(code, name))
    standard.push()
    offer(county, code)
    standard.publish("第二年", item(code, name, committed_limit=10))
    standard.push(mode="with_notice", notice_days=20, deadline=day(60))

    page = window("guangan")
    hand = hands(page)
    open_update(page, standard)
    expect(page.get_by_text(f"最晚可延期到 {day(60)}")).to_be_visible()
    page.get_by_role("button", name="延期…").first.click()
    dialog = page.get_by_role("dialog", name="延期采用第 2 版")
    dialog.get_by_role("textbox", name="理由").fill("叫号系统下月更新")
    choose_day(dialog, "延期到", 61)
    dialog.get_by_role("button", name="延期", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text=day(60))).to_be_visible()
    choose_day(dialog, "延期到", 45)
    dialog.get_by_role("button", name="延期", exact=True).click()
    hand.said("已答复")
    expect(page.get_by_text(f"延期到 {day(45)} 生效")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("叫号系统下月更新")
    assert value(county, code, "committed_limit")["standard"] == 20

    page.get_by_role("button", name="立即采用").click()
    page.get_by_role("dialog").get_by_role("button", name="立即采用").click()
    expect(page.get_by_text("已采用", exact=True)).to_be_visible()
    assert value(county, code, "committed_limit")["standard"] == 10


def conflict_of_a_limit(county):
    """Find a conflict over the committed limit, which demo counties have."""
    rows = county.rows("/api/conflicts?per_page=100")
    return next(row for row in rows if row["field"] == "committed_limit")


def ask(page, hands, conflict):
    """Ask for leave; a request without a reason stays where it is."""
    page.goto(f"/conflicts?q={conflict['code']}")
    hands.row(conflict["code"]).get_by_role("button", name="申请豁免").click()
    dialog = page.get_by_role("dialog", name=re.compile("^申请豁免"))
    send = dialog.get_by_role("button", name="提交申请")
    dialog.get_by_label("希望豁免至").fill(day(90))
    dialog.get_by_label("希望豁免至").press("Enter")
    send.click()
    expect(dialog.get_by_text("请写明理由。")).to_be_visible()
    dialog.get_by_role("textbox", name="理由").fill("窗口只有两人")
    send.click()
    hands.said("申请已提交")


def grant(page, hands, conflict):
    """Read the request with what stands around it, and grant it."""
    page.goto(f"/exemptions/asked?q={conflict['code']}")
    row = hands.row(conflict["code"])
    expect(row).to_contain_text("广安区")
    expect(row).to_contain_text("窗口只有两人")
    row.get_by_role("button", name="审批").click()
    page.get_by_role("dialog").get_by_role("button", name="同意豁免").click()
    hands.said("已同意")


def test_what_cannot_be_followed_yet_is_asked_for_granted_and_shown(window, client, hands):
    conflict = conflict_of_a_limit(client("guangan"))
    county, province = window("guangan"), window("province")
    ask(county, hands(county), conflict)
    grant(province, hands(province), conflict)
    county.goto(f"/items/{conflict['record_id']}")
    limit = hands(county).field(LIMIT)
    expect(limit).to_contain_text(f"豁免至 {day(90)}")
    expect(limit).to_contain_text(f"{conflict['local_value']} 个工作日")
    county.goto(f"/exemptions?q={conflict['code']}")
    hands(county).row(conflict["code"]).get_by_role("button", name="放弃豁免").click()
    county.get_by_role("dialog").get_by_role("button", name="放弃豁免").click()
    expect(hands(county).row(conflict["code"])).to_contain_text("已结束")


def test_an_update_is_answered_in_one_click_where_nothing_is_in_conflict(window, client):
    rows = client("guangan").rows("/api/updates")
    update = next(one for one in rows if one["counts"]["to_answer"] > one["counts"]["conflict"])
    page = window("guangan")
    page.goto("/updates")
    page.locator(f'a[href="/updates/{update["rollout_id"]}"]').last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(update["edition"]["number"]))
    mine = update["counts"]["to_answer"] - update["counts"]["conflict"]
    at_once = page.get_by_role("button", name="无冲突的一次处理")
    at_once.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{mine} 项本地值仍在新标准允许的范围内")
    dialog.get_by_role("button", name=re.compile("^处理")).click()
    expect(at_once).to_have_count(0)
