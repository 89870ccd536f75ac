"""What contradicts itself in a guide: found, looked at, put right, and kept as a workbook."""

import re

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.e2e.publishing import Standard, item, offer

CODE, NAME = "E2E-QUALITY-1", "夜间经营备案（验收）"
PHONES = "咨询和投诉是同一电话"
STEPS = [
    {"code": "S1", "name": "受理", "limit": 5},
    {"code": "S2", "name": "审查", "limit": 15},
]


@pytest.fixture(scope="module")
def county(client):
    """A county whose item has one telephone for questions and complaints."""
    entry = item(CODE, NAME, visit_count=0, steps=STEPS)
    Standard(client("province2"), "E2E-QUALITY", "质量检查验收标准", entry).push()
    county = client("guangan")
    offer(county, CODE, consult_phone="0826-5550", complaint_phone="0826-5550")
    return county


def counted(text):
    return int(re.sub(r"\D", "", text))


def faulty(page):
    """Return how many items the page says to have faults."""
    term = page.get_by_role("term").filter(has_text="有差错的事项")
    return counted(term.locator("xpath=following-sibling::dd[1]").inner_text())


def test_a_finding_leads_to_its_field_and_is_gone_once_put_right(window, hands, county):
    page = window("guangan")
    hand = hands(page)
    page.goto("/quality")
    rules = page.get_by_role("region", name="按检查项")
    expect(rules.get_by_role("link", name=re.compile(PHONES))).to_be_visible()
    before = faulty(page)
    hand.choose("检查项", PHONES)
    page.get_by_label("搜索名称或编码").fill(CODE)
    row = hand.row(NAME)
    expect(row).to_contain_text("差错")
    expect(row).to_contain_text("投诉电话与咨询电话都是 0826-5550。请把投诉电话改为另一个号码。")
    expect(page).to_have_url(re.compile("q=" + CODE))
    listed = page.url

    row.get_by_role("link", name=NAME).click()
    expect(page).to_have_url(re.compile(r"/items/\d+#"))
    field = hand.field("监督投诉电话")
    expect(field).to_be_in_viewport()
    expect(field).to_contain_text("请把投诉电话改为另一个号码")
    field.get_by_role("textbox").fill("0826-5551")
    page.get_by_role("button", name="保存", exact=True).click()
    hand.said("已保存")
    expect(field).not_to_contain_text("请把投诉电话改为另一个号码")

    page.go_back()
    expect(page).to_have_url(listed)
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    expect(hand.row(NAME)).to_have_count(0)
    assert faulty(page) == before - 1


def test_a_rule_is_chosen_by_its_count_and_the_list_is_kept_as_a_workbook(window, hands, county):
    page = window("guangan")
    page.goto("/quality")
    rules = page.get_by_role("region", name="按检查项")
    first = rules.get_by_role("link").first
    name, count = first.inner_text().rsplit(maxsplit=1)
    first.click()
    found = page.get_by_role("status").filter(has_text=f"共 {counted(count)} 条")
    expect(found).to_be_attached()
    expect(first).to_have_attribute("aria-current", "true")
    with page.expect_download() as kept:
        page.get_by_role("button", name="导出 Excel").click()
    assert re.fullmatch(r"质量检查-\d{4}-\d\d-\d\d\.xlsx", kept.value.suggested_filename)
    head, *rows = CalamineWorkbook.from_path(kept.value.path()).get_sheet_by_index(0).to_python()
    assert len(rows) == counted(count)
    assert {row[head.index("检查项")] for row in rows} == {name.strip()}
    first.click()
    expect(page).to_have_url(re.compile("/quality$"))


def test_those_above_go_down_to_the_same_rows_and_change_nothing(window, county):
    figures = county.get("/api/items/quality/figures")
    page = window("guangan-city")
    page.goto("/quality/centers")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="广安区", exact=True))
    row.get_by_role("link", name="广安区", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("广安区")
    assert faulty(page) == figures["faulty"]
    page.get_by_role("table", name="检查结果").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/centers/\d+/items/\d+#"))
    expect(page.get_by_role("button", name="保存", exact=True)).to_have_count(0)


@pytest.mark.parametrize("english", [False, True])
def test_the_table_of_centers_fits_its_page_and_shows_another_rule_when_chosen(window, english):
    page = window("province-watch")
    if english:
        page.add_init_script("localStorage.setItem('jinzhu.language', 'en')")
    page.goto("/quality/centers")
    table = page.get_by_role("table").last
    expect(table).to_be_visible()
    region = page.get_by_role("region").filter(has=table)
    assert region.last.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    heads = table.get_by_role("columnheader")
    before = heads.count()
    page.get_by_role("button", name="Columns" if english else "显示列").click()
    hidden = page.locator(".columns .el-checkbox:not(.is-checked)").first
    hidden.click()
    expect(heads).to_have_count(before + 1)
