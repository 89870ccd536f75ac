"""Where stands what: figures with their rows, changes of a month, the table above, one search."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def rates(client):
    """The figures of the complete county, beside the browser."""
    return client("guangan").get("/api/entries/rates")["total"]


def counted(text):
    return int(re.sub(r"\D", "", text))


def test_a_figure_leads_to_exactly_its_rows_and_a_case_begins_there(window, rates):
    page = window("guangan")
    page.goto("/entries")
    panel = page.get_by_role("region", name="进驻率")
    expect(panel).to_contain_text(f"{rates['rate']} %")
    panel.get_by_role("button", name="口径").click()
    expect(panel).to_contain_text("应进 = 本中心提供的")
    panel.locator("dl").get_by_role("link", name=str(rates["not_entered"]), exact=True).click()
    expect(page).to_have_url(re.compile("state=not_entered"))
    expect(
        page.get_by_role("status").filter(has_text=f"共 {rates['not_entered']} 条")
    ).to_be_attached()
    expect(page.get_by_role("table", name="进驻清单")).to_contain_text("部门（待提出）")
    page.get_by_role("button", name=re.compile("^办理：")).first.click()
    expect(page.get_by_role("dialog")).to_contain_text("进驻")


def test_the_negative_list_and_the_changes_say_why_and_who(window):
    page = window("guangan")
    page.goto("/entries?state=excluded")
    expect(page.get_by_role("table", name="进驻清单")).to_contain_text("府函〔2026〕12号")
    page.get_by_role("link", name="当月变动").click()
    expect(page.get_by_role("table", name="当月变动")).to_contain_text("广安区中心管理岗")
    page.get_by_role("button", name="上个月").click()
    expect(page).to_have_url(re.compile(r"month=20\d\d-\d\d"))


def test_those_above_go_from_the_province_to_the_rows_of_a_county(window, rates):
    page = window("province-watch")
    page.goto("/entry-rates")
    page.get_by_role("link", name="广安市", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="广安区", exact=True))
    row.get_by_role("link", name=str(rates["not_entered"]), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("广安区")
    expect(
        page.get_by_role("status").filter(has_text=f"共 {rates['not_entered']} 条")
    ).to_be_attached()
    expect(page.get_by_role("button", name=re.compile("^办理："))).to_have_count(0)


def test_the_search_is_reached_used_and_left_with_the_keyboard(window):
    page = window("guangan")
    page.goto("/entries")
    expect(page.get_by_role("region", name="进驻率")).to_be_visible()
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="搜索事项、部门、窗口、大厅和办理")
    expect(box).to_be_focused()
    page.keyboard.type("失业")
    results = page.get_by_role("listbox", name="搜索结果")
    # The way to all results is there at once; what was found comes before it.
    expect(results.get_by_role("option").first).to_contain_text("人社局")
    page.keyboard.press("ArrowDown")
    expect(results.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/(items|cases)/\d+$"))
    page.keyboard.press("/")
    page.keyboard.type("没有这样的")
    expect(results).to_contain_text("没有找到")
    page.keyboard.press("Escape")
    expect(results).to_be_hidden()
