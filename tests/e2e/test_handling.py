"""The department confirms how its items are handled, and again when a step has changed."""

import pytest
from playwright.sync_api import expect

from tests.e2e.publishing import Standard, item, offer, record

OPEN, STALE, CONFIRMED = "未确认", "环节已变，须重新确认", "已确认"
CODES = ("E2E-HANDLING-1", "E2E-HANDLING-2")
NAMES = ("灵活就业登记（验收）", "失业金核定（验收）")
OFFICE = "BM09"
STEPS = [
    {"code": "S1", "name": "受理", "limit": 5},
    {"code": "S2", "name": "审查", "limit": 15},
]


@pytest.fixture(scope="module")
def county(client):
    """A county with two items of the liaison's department."""
    entries = [
        item(code, name, department_code=OFFICE, steps=STEPS)
        for code, name in zip(CODES, NAMES, strict=True)
    ]
    Standard(client("province2"), "E2E-HANDLING", "办理程序验收标准", *entries).push()
    county = client("guangan")
    for code in CODES:
        offer(county, code)
    return county


def says(county, code, steps):
    """Let the county say something of its own on the steps of an item."""
    found = record(county, code)
    body = {"local": {"steps": {"set": steps}}}
    county.send("PATCH", f"/api/items/{found['id']}", body, version=found["version"])


def look(page, hand, code, name):
    """Find an item in the list; return its row."""
    page.goto(f"/handling?q={code}")
    row = hand.row(name)
    expect(row).to_be_visible()
    return row


def confirm(page, hand, name):
    hand.tick(name)
    page.get_by_role("button", name="确认 1 项的办理程序").click()


def test_the_desk_asks_the_department_which_confirms_and_again_after_a_change(
    window, hands, county
):
    code, name = CODES[0], NAMES[0]
    page = window("guangan-social")
    hand = hands(page)
    page.goto("/")
    todo = page.get_by_role("region", name="待办")
    todo.get_by_role("link", name="办理程序待确认").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("办理程序")
    row = look(page, hand, code, name)
    expect(row).to_contain_text(OPEN)
    expect(row).to_contain_text("受理（5 个工作日） → 审查（15 个工作日）")
    confirm(page, hand, name)
    hand.said("已确认 1 项")
    expect(row).to_contain_text(CONFIRMED)
    expect(row).to_contain_text("广安区人社局联络员")
    expect(row).to_contain_text("按第 1 版确认")

    says(county, code, {"S2": {"limit": 10}})
    row = look(page, hand, code, name)
    expect(row).to_contain_text(STALE)
    expect(row).to_contain_text("审查（10 个工作日）")
    confirm(page, hand, name)
    hand.said("已确认 1 项")
    hand.choose("状态", "须确认")
    expect(hand.row(name)).to_have_count(0)


def test_what_changes_while_somebody_looks_is_not_confirmed_unseen(window, hands, county):
    code, name = CODES[1], NAMES[1]
    page = window("guangan-social")
    hand = hands(page)
    row = look(page, hand, code, name)
    says(county, code, {"S1": {"limit": 3}})
    confirm(page, hand, name)
    hand.said("已确认 0 项；另有 1 项的环节刚刚变化")
    expect(row).to_contain_text(OPEN)
    expect(row).to_contain_text("受理（3 个工作日）")
    confirm(page, hand, name)
    hand.said("已确认 1 项")
    expect(row).to_contain_text(CONFIRMED)


def test_who_only_reads_is_offered_no_confirmation(window, hands, county):
    page = window("clerk")
    row = look(page, hands(page), CODES[0], NAMES[0])
    expect(row.get_by_role("checkbox")).to_have_count(0)
