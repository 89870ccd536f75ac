"""What each post sees, and what it meets where it has no business."""

import re

from playwright.sync_api import expect


def test_a_liaison_sees_the_own_department_only(window, client, complaints):
    complaints.allow(404, r"/api/items/\d+$")
    liaison, center = client("guangan-social"), client("guangan")
    page = window("guangan-social")
    page.goto("/duties?per_page=200")
    own = liaison.get("/api/items/duties")["total"]
    everything = center.get("/api/items/duties")["total"]
    assert 0 < own < everything
    expect(page.get_by_text(f"共 {own} 条").last).to_be_visible()
    departments = page.get_by_role("table").locator("tbody tr td:nth-child(5)")
    expect(departments).to_have_count(own)
    assert set(departments.all_inner_texts()) == {"人社局"}

    page.goto("/departments")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").nth(1)).to_contain_text("人社局")

    foreign = center.rows("/api/items?department=BM05")[0]
    page.goto(f"/items/{foreign['id']}")
    expect(page.get_by_role("alert")).to_contain_text("没有这条记录")
    expect(page.get_by_role("main")).not_to_contain_text(foreign["name"])


def test_a_clerk_reads_everything_of_the_center_and_writes_nothing(window, client):
    record = client("clerk").rows("/api/items")[0]
    page = window("clerk")
    page.goto("/duties")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("^选择"))).to_have_count(0)
    page.goto(f"/items/{record['id']}")
    expect(page.get_by_role("heading", name=record["name"])).to_be_visible()
    expect(page.get_by_role("button", name="变更记录")).to_be_visible()
    expect(page.get_by_role("button", name="更改认领")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("textbox")).to_have_count(0)
    page.goto("/conflicts")
    expect(page.get_by_role("heading", name="冲突")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("采用标准|保留本地"))).to_have_count(0)


def test_a_county_meets_a_proper_page_where_it_has_no_business(window, client, complaints):
    complaints.allow(404, r"/api/(editions|items)/\d+")
    province = client("province2")
    made = province.send("POST", "/api/standards", {"code": "E2E-DRAFT", "name": "尚未公开的标准"})
    path = f"/api/standards/{made['id']}/editions"
    draft = province.send("POST", path, {"title": "还没有发布的草案"})
    foreign = client("guangan").rows("/api/items")[0]

    page = window("wusheng")
    for address, secret in [
        (f"/editions/{draft['id']}", "还没有发布的草案"),
        (f"/items/{foreign['id']}", foreign["name"]),
    ]:
        page.goto(address)
        expect(page.get_by_role("alert")).to_contain_text("没有这条记录")
        expect(page.get_by_role("main")).not_to_contain_text(secret)
    for address in ("/coverage", "/rollouts", f"/centers/1/items/{foreign['provision_id']}"):
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("当前岗位不能打开此页面")
    page.goto("/nowhere")
    expect(page.get_by_role("main")).to_contain_text("没有这个页面")
    page.get_by_role("link", name="回到工作台").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_standards_are_found_by_name_and_by_code(window, client):
    province = client("province2")
    province.send("POST", "/api/standards", {"code": "E2E-FOUND", "name": "窗口服务规范"})
    page = window("province2")
    page.goto("/standards")
    for words, found, other in [
        ("窗口服务", "窗口服务规范", "四川省政务服务事项基本目录"),
        ("SC-CATA", "四川省政务服务事项基本目录", "窗口服务规范"),
    ]:
        page.get_by_label("搜索名称或编码").fill(words)
        expect(page.get_by_text("第 1–1 条，共 1 条")).to_be_visible()
        expect(page.get_by_role("link", name=found)).to_be_visible()
        expect(page.get_by_role("link", name=other)).to_have_count(0)
