"""Reminders by mail: an address is given and confirmed, a time chosen, and what waits arrives."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from jinzhu.core.calendar import CHINA, today

ADDRESS = "zhang.san@example.gov.cn"


@pytest.fixture
def working_day(client):
    """Let today be a day on which people work, whatever it is."""
    province, day = client("province2"), str(today())
    days = province.get(f"/api/calendar?year={day[:4]}")["days"]
    off = not next(one["working"] for one in days if one["day"] == day)
    path = f"/api/calendar/days/{day}"
    if off:
        province.send("PUT", path, {"working": True, "name": "调休上班"})
    yield
    if off:
        province.send("DELETE", path, None)


def link(mailbox, act):
    """Return the link of the newest letter that leads to an act."""
    found = re.search(rf"https?://\S+/public/mail/{act}/\S+", mailbox.text_of())
    assert found
    return found[0]


def test_an_address_is_given_and_confirmed_a_time_chosen_and_what_waits_arrives(
    window, hands, client, mailbox, until, working_day
):
    page = window("guangan")
    hand = hands(page)
    page.goto("/")
    page.get_by_role("button", name=re.compile("^账号：")).click()
    page.get_by_role("link", name="邮件提醒").click()
    expect(page.get_by_role("heading", name="邮件提醒")).to_be_visible()
    send = page.get_by_role("button", name="发送确认邮件")
    expect(send).to_be_disabled()
    page.get_by_role("textbox", name="邮箱", exact=True).fill(ADDRESS)
    send.click()
    hand.said("确认邮件已在发送")
    expect(page.get_by_text("z***@example.gov.cn")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("zhang.san")

    until(lambda: mailbox.letters, seconds=30)
    assert mailbox.letters[-1]["To"] == ADDRESS
    phone = window(width=390)
    phone.goto(link(mailbox, "confirmation"))
    phone.get_by_role("button", name="确认", exact=True).click()
    expect(phone.get_by_role("heading", name="邮箱已确认")).to_be_visible()
    expect(page.get_by_text("已确认", exact=True)).to_be_visible()

    hand.pick("每个工作日")
    page.get_by_role("combobox", name="几点寄").press("ArrowDown")
    page.get_by_role("option", name=f"{datetime.now(CHINA).hour:02}:00").click()
    page.get_by_role("button", name="保存").click()
    hand.said("已保存")
    until(lambda: len(mailbox.letters) == 2, seconds=60)
    told = mailbox.text_of()
    for row in client("guangan").rows("/api/cases?mine=true&state=running&sort=due_on,-number")[:3]:
        assert row["number"] in told
        assert f"/cases/{row['id']}" in told
    page.reload()
    expect(page.get_by_text("已寄出")).to_be_visible()

    phone.goto(link(mailbox, "stop"))
    phone.get_by_role("button", name="不再接收").click()
    expect(phone.get_by_role("heading", name="已停止寄送")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="不寄")).to_be_checked()


def test_what_is_no_address_is_said_at_its_field_and_stays_typed(window, complaints):
    complaints.allow(422, r"/api/me/digest/address$")
    page = window("wusheng")
    page.goto("/mail")
    box = page.get_by_role("textbox", name="邮箱", exact=True)
    box.fill("zhang@example")
    page.get_by_role("button", name="发送确认邮件").click()
    expect(page.get_by_role("alert").filter(has_text="不是邮箱地址")).to_be_visible()
    expect(box).to_have_value("zhang@example")
    expect(box).to_have_attribute("aria-invalid", "true")
