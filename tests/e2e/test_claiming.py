"""A county that has answered nothing yet: it claims, and fills in what only it knows."""

import re

import pytest
from playwright.sync_api import expect

REASON = "依据《四川省权责清单》，该事项由市级行使"


@pytest.fixture
def page(window):
    """The claims of a county that is still open."""
    page = window("linshui")
    page.goto("/duties")
    return page


@pytest.fixture
def hand(page, hands):
    """Somebody at that page."""
    return hands(page)


def open_duties(client, department, *, least):
    """Return duties of a department that nobody has answered yet."""
    rows = client.rows(
        f"/api/items/duties?claim=unclaimed&department={department}&sort=code&per_page=200"
    )
    assert len(rows) >= least
    return rows


def find(page, duty):
    """Leave only one duty in the list."""
    page.get_by_label("搜索名称或编码").fill(duty["code"])
    expect(page.get_by_text("第 1–1 条，共 1 条")).to_be_visible()


def start_claiming(page, hand, duty):
    find(page, duty)
    hand.tick(f"选择：{duty['name']}")
    page.get_by_role("button", name="认领（1）").click()
    return page.get_by_role("dialog", name="认领 1 项")


def test_rows_are_chosen_one_by_one_or_all_that_match_and_offered(page, hand, client):
    duties = open_duties(client("linshui"), "BM12", least=21)
    many = len(duties)
    hand.choose("部门", "住建局")
    expect(page.get_by_text(f"第 1–20 条，共 {many} 条")).to_be_visible()
    for box in page.get_by_role("checkbox", name=re.compile("^选择：")).all()[:3]:
        box.locator("xpath=ancestor::label").click()
    page.get_by_role("button", name="认领（3）").click()
    page.get_by_role("dialog").get_by_role("button", name="确认：3 项提供").click()
    hand.said("认领 3 项，未变 0 项")

    hand.tick("选择本页全部")
    page.get_by_role("button", name=f"选择全部 {many} 条").click()
    page.get_by_role("button", name=f"认领（{many}）").click()
    expect(page.get_by_role("dialog")).to_contain_text("另有 3 项已有答复，保持不变")
    page.get_by_role("dialog").get_by_role("button", name=f"确认：{many - 3} 项提供").click()
    hand.said(f"认领 {many - 3} 项，未变 0 项")
    hand.choose("认领状态", "未认领")
    expect(page.get_by_text("没有符合条件的记录").first).to_be_visible()


def test_not_offering_an_item_needs_the_legal_reason(page, hand, client):
    duty = open_duties(client("linshui"), "BM05", least=1)[0]
    dialog = start_claiming(page, hand, duty)
    hand.pick("不提供")
    submit = dialog.get_by_role("button", name="确认：1 项不提供")
    submit.click()
    expect(dialog.get_by_role("alert").filter(has_text="须写明法定理由")).to_be_visible()
    dialog.get_by_role("textbox", name="法定理由").fill(REASON)
    submit.click()
    hand.said("认领 1 项")
    expect(hand.row(duty["code"])).to_contain_text("不提供")
    expect(hand.row(duty["code"])).to_contain_text(REASON)


def test_an_item_is_covered_by_another_that_is_found_by_its_name(page, hand, client):
    county = client("linshui")
    covering, covered = open_duties(county, "BM24", least=2)[:2]
    offered = {"provision_ids": [covering["provision_id"]], "claim": "offered"}
    county.send("POST", "/api/items/claims", offered)

    dialog = start_claiming(page, hand, covered)
    hand.pick("由其他事项覆盖")
    submit = dialog.get_by_role("button", name="确认：1 项由其他事项覆盖")
    submit.click()
    expect(dialog.get_by_role("alert").filter(has_text="请选择覆盖它的事项")).to_be_visible()
    dialog.get_by_role("combobox", name="由以下覆盖").fill(covering["name"])
    page.get_by_role("option", name=re.compile(re.escape(covering["name"]))).first.click()
    submit.click()
    hand.said("认领 1 项")
    expect(hand.row(covered["code"])).to_contain_text("由其他事项覆盖")
    expect(hand.row(covered["code"])).to_contain_text(covering["name"])


def test_a_wrong_telephone_number_is_said_at_its_field_and_nothing_typed_is_lost(
    page, hand, client, complaints
):
    county = client("linshui")
    duty = open_duties(county, "BM18", least=1)[0]
    offered = {"provision_ids": [duty["provision_id"]], "claim": "offered"}
    county.send("POST", "/api/items/claims", offered)
    complaints.allow(422, r"/api/items/\d+$")

    find(page, duty)
    page.get_by_role("link", name=duty["name"], exact=True).click()
    expect(page.get_by_text("已填 0 / 3")).to_be_visible()
    address, consult, complain = (
        page.get_by_role("textbox", name=name) for name in ("办理地点", "咨询电话", "监督投诉电话")
    )
    address.fill("邻水县政务服务中心二楼")
    consult.fill("12")
    complain.fill("0826-5550900")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(hand.field("咨询电话").get_by_role("alert")).not_to_be_empty()
    expect(consult).to_have_attribute("aria-invalid", "true")
    expect(hand.field("办理地点").get_by_role("alert")).to_have_count(0)
    expect(address).to_have_value("邻水县政务服务中心二楼")
    expect(complain).to_have_value("0826-5550900")

    consult.fill("0826-5550118")
    page.get_by_role("button", name="保存", exact=True).click()
    hand.said("已保存")
    expect(page.get_by_text("已填 3 / 3")).to_be_visible()
    page.get_by_role("navigation", name="所在位置").get_by_role("link", name="事项").click()
    page.get_by_label("搜索名称或编码").fill(duty["code"])
    expect(hand.row(duty["code"])).to_contain_text("完整")
