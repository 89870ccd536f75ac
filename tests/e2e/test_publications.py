"""Publication in the browser: what anybody reads, how anybody objects, what the center answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.test_pages import faults

PLACE = "/public/511623"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DECIDED = "邻水县人民政府 2026年第12号 2026-11-20"
SAID = "该事项的承诺时限没有依据，请重新核定。"


@pytest.fixture
def published(client):
    """An item of a county that is published now: the manager, the item, the case."""
    county = client("linshui")
    duties = county.rows("/api/items/duties?claim=unclaimed&item_type=01&sort=code&per_page=5")
    given = {"provision_ids": [duties[0]["provision_id"]], "claim": "offered"}
    county.send("POST", "/api/items/claims", given)
    item = county.rows(f"/api/items?q={duties[0]['code']}")[0]
    local = {"address": "鼎屏镇中兴街1号", "consult_phone": "0826-3230000"}
    local["complaint_phone"] = "0826-12345"
    version = county.get(f"/api/items/{item['id']}")["version"]
    county.send("PATCH", f"/api/items/{item['id']}", {"local": local}, version=version)
    wish = {"object": "item", "subject_id": item["provision_id"], "kind": "entry"}
    case = county.send("POST", "/api/cases", {**wish, "facts": {"mode": "proxy"}})
    for step, words in (("S01", {}), ("S02", {"on_behalf": DECIDED})):
        done = {"step": step, "action": "approve", **words}
        path = f"/api/cases/{case['id']}/acts"
        case = county.send("POST", path, done, version=case["version"])
    return case


@pytest.mark.parametrize("width", [360, 1280])
def test_anybody_finds_a_center_that_publishes_something(window, published, width):
    page = window(width=width)
    page.goto("/")
    page.get_by_role("link", name="公布和办事大厅（不用登录）").click()
    page.get_by_role("searchbox").fill("linshui")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text(re.compile(r"正在公布 \d+ 项"))).to_be_visible()
    assert page.evaluate(WIDER) <= 0
    assert faults(page) == []
    page.get_by_role("link", name="邻水县政务服务中心").click()
    expect(page).to_have_url(re.compile(f"{PLACE}$"))
    page.get_by_role("link", name="← 各地政务服务中心").click()
    expect(page.get_by_role("link", name="广安区政务服务中心")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_anybody_reads_a_publication_without_signing_in(window, published, width):
    page = window(width=width)
    page.goto(PLACE)
    name = published["subject"]["name"]
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name=name, exact=True).first.click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("个工作日")
    expect(main).to_contain_text("鼎屏镇中兴街1号")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="How to object")).to_be_visible()
    page.get_by_role("link", name="Object", exact=True).first.click()
    expect(page.get_by_role("heading", name="Object", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []


def test_an_objection_is_made_answered_and_its_answer_read(window, hands, published, complaints):
    page = window()
    page.goto(published["publication"]["page"])
    page.get_by_role("link", name="提出异议").first.click()
    page.get_by_label("异议内容和理由").fill(SAID)
    complaints.allow(422, "/objection$")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写姓名或单位名称")
    expect(page.get_by_label("异议内容和理由")).to_have_value(SAID)
    page.get_by_label("您的姓名或单位名称").fill("欧阳小明")
    page.get_by_label("电话、电子邮箱或通讯地址").fill("13812345678")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("heading", name="异议已收到")).to_be_visible()
    number, code = (page.locator(f"#{name}").inner_text() for name in ("receipt", "code"))

    desk = window("linshui")
    desk.goto("/publications?tab=objected")
    hands(desk).row(published["publication"]["number"]).get_by_role("link").first.click()
    card = desk.get_by_role("article", name=number)
    expect(card).to_contain_text("欧***")
    card.get_by_role("button", name="查看完整联系方式").click()
    asked = desk.get_by_role("dialog", name=f"查看 {number} 的异议人")
    asked.get_by_role("button", name="查看").click()
    expect(asked.get_by_text("请写明理由，至少 4 个字。")).to_be_visible()
    asked.get_by_label("查看的理由").fill("电话核实异议内容")
    asked.get_by_role("button", name="查看").click()
    expect(asked).to_contain_text("13812345678")
    asked.locator("footer").get_by_role("button", name="关闭").click()
    card.get_by_role("button", name="答复").click()
    asked = desk.get_by_role("dialog", name=f"答复异议 {number}")
    asked.get_by_role("button", name="答复：不成立").click()
    expect(asked.get_by_text("请写明答复。")).to_be_visible()
    asked.get_by_label(re.compile("^答复（必填）")).fill("核实后，承诺时限有文件为依据。")
    asked.get_by_role("button", name="答复：不成立").click()
    hands(desk).said("已答复，异议不成立")
    expect(card).to_contain_text("异议不成立")
    desk.goto(f"/cases/{published['id']}")
    panel = desk.get_by_role("region", name="向社会公布")
    expect(panel).to_contain_text("1 条异议，已办结")
    assert faults(desk) == []

    page.goto(f"{PLACE}/objection")
    page.get_by_label("回执编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("main")).to_contain_text("核实后，承诺时限有文件为依据。")
    assert faults(page) == []


def test_the_code_on_the_sign_of_a_window_opens_its_page(window, client):
    county = client("guangan")
    one = county.rows("/api/windows?per_page=1")[0]
    address = county.get(f"/api/windows/{one['id']}/sign")["page_address"]
    page = window(width=360)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text(one["number"])
    expect(page.get_by_role("heading", name="开放时间")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults(page) == []
