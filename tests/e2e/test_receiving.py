"""A county that cannot follow a tighter standard yet: it asks, the province decides, it holds."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

LIMIT = "承诺办结时限"
UNTIL = (date.today() + timedelta(days=90)).isoformat()


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
    dialog.get_by_label("希望豁免至").fill(UNTIL)
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
    expect(limit).to_contain_text(f"豁免至 {UNTIL}")
    expect(limit).to_contain_text(f"{conflict['local_value']} 个工作日")
    county.goto(f"/exemptions?q={conflict['code']}")
    hands(county).row(conflict["code"]).get_by_role("button", name="放弃豁免").click()
    county.get_by_role("dialog").get_by_role("button", name="放弃豁免").click()
    expect(hands(county).row(conflict["code"])).to_contain_text("已结束")


def test_an_update_is_answered_in_one_click_where_nothing_is_in_conflict(window, client):
    update = client("guangan").rows("/api/updates")[0]
    page = window("guangan")
    page.goto("/updates")
    page.get_by_role("article").first.get_by_role("link", name="查看并答复").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(update["edition"]["number"]))
    mine = update["counts"]["to_answer"] - update["counts"]["conflict"]
    at_once = page.get_by_role("button", name="无冲突的一次处理")
    at_once.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{mine} 项本地值仍在新标准允许的范围内")
    dialog.get_by_role("button", name=re.compile("^处理")).click()
    expect(at_once).to_have_count(0)
