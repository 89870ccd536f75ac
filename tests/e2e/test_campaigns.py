"""Many items enter together: chosen, previewed, begun in one job, and moved on in one act."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.entering import an_item

NAME = "第四季度事项集中进驻"


@pytest.fixture
def due(client):
    """Items that a county offers with all they need and that have not entered yet."""
    county = client("linshui")
    return [an_item(county)["name"] for _ in range(4)]


def counted(button):
    """Return the number that a button names."""
    return int(re.sub(r"\D", "", button.inner_text()))


def finished(page):
    work = page.get_by_role("region", name="处理进度")
    expect(work.get_by_text("处理完毕")).to_be_visible(timeout=60_000)
    return work


def kept(page, work):
    with page.expect_download() as file:
        work.get_by_role("button", name="下载结果").click()
    assert file.value.suggested_filename.endswith(".xlsx")


def test_due_items_are_chosen_begun_and_approved_in_one_act(window, hands, due):
    page = window("linshui", width=1366)
    hand = hands(page)
    page.goto("/campaigns")
    page.get_by_role("button", name="新建集中进驻").click()
    page.get_by_role("button", name="预览", exact=True).click()
    expect(page.get_by_text("请填写名称，便于以后查找。")).to_be_visible()
    page.get_by_label("名称", exact=True).fill(NAME)
    page.get_by_role("button", name="预览", exact=True).click()
    shown = page.get_by_role("region", name="预览")
    start = shown.get_by_role("button", name=re.compile(r"^提出 \S+ 件$"))
    expect(start).to_be_enabled()
    begin = counted(start)
    assert begin >= len(due)
    hand.tick(re.compile(due[0][:12]))
    expect(start).to_have_text(re.compile(rf"提出 {begin - 1:,} 件"))
    start.click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()

    page.goto("/items")
    page.goto("/campaigns")
    page.get_by_role("link", name=NAME).click()
    work = finished(page)
    kept(page, work)
    page.get_by_role("link", name="提出结果").click()
    expect(hand.row("已提出").first).to_be_visible()

    page.goto("/cases")
    hand.tick("选择本页全部")
    page.get_by_role("button", name=re.compile("^批量办理")).click()
    asked = page.get_by_role("dialog", name=re.compile("^批量办理"))
    asked.get_by_label(re.compile("^意见")).fill("同意，集中进驻")
    asked.get_by_role("button", name=re.compile(r"^通过 \S+ 件$")).click()
    expect(page).to_have_url(re.compile(r"/joint-acts/\d+$"))
    kept(page, finished(page))
    expect(hand.row("已办理").first).to_be_visible()
