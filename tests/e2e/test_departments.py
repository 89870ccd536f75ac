"""A county looks through its roster, keeps a list of services, and lets a department leave."""

import re

import pytest
from playwright.sync_api import expect

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def office(client):
    """The manager of a county, and a department of it that has no list yet."""
    county = client("guangan")
    found = county.rows("/api/departments/roster?q=统计局")[0]
    return county, found


def test_the_roster_leads_from_a_figure_to_its_departments(window, client):
    county = client("guangan")
    figures = county.get("/api/departments/roster/figures")
    page = window("guangan")
    page.goto("/roster")
    tiles = page.get_by_role("list", name="部门名册的数字")
    expect(tiles.get_by_role("link").first).to_contain_text(str(figures["total"]))
    tiles.get_by_role("link", name=re.compile("应当进驻")).click()
    expect(page).to_have_url(re.compile("force=shall"))
    expect(page.get_by_role("status").filter(has_text=str(figures["shall"])).first).to_be_attached()
    tiles.get_by_role("link", name=re.compile("单独设立大厅")).click()
    expect(page.get_by_role("link", name="税务局", exact=True)).to_be_visible()
    page.get_by_role("link", name="税务局", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="税务局")).to_be_visible()
    expect(page.get_by_text("广安区办税服务厅").first).to_be_visible()


def test_a_list_of_services_is_begun_and_marked(window, office, hands):
    _, found = office
    page = window("guangan")
    page.goto(f"/roster/{found['provision_id']}")
    page.get_by_role("button", name="按模板开列清单").click()
    hands(page).said("已开列")
    services = page.get_by_role("region", name="服务保障").last
    hands(page).tick("选择本页全部")
    page.get_by_role("button", name=re.compile("已提供（17）")).click()
    dialog = page.get_by_role("dialog", name="17 项已提供")
    dialog.get_by_role("button", name="保存").click()
    hands(page).said("已登记 17 项")
    expect(services.get_by_text("已提供", exact=True).first).to_be_visible()


def test_what_cannot_be_is_said_at_the_field_and_nothing_typed_is_lost(
    window, office, hands, complaints
):
    complaints.allow(422, r"/lines/\d+$")
    county, found = office
    path = f"/api/support/{found['provision_id']}"
    lines = county.send("POST", path, {})["rows"]
    assert "窗口标识牌" in {line["name"] for line in lines}
    page = window("guangan")
    page.goto(f"/roster/{found['provision_id']}")
    page.get_by_role("button", name="修改“窗口标识牌”").click()
    dialog = page.get_by_role("dialog", name="窗口标识牌")
    for label, day in (("提供日期", "2026-11-02"), ("归还日期", "2026-11-01")):
        dialog.get_by_label(label).fill(day)
        dialog.get_by_label(label).press("Enter")
    dialog.get_by_label("说明").fill("铜牌")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_text("归还日期不能早于提供日期").first).to_be_visible()
    expect(dialog.get_by_label("说明")).to_have_value("铜牌")


def test_special_equipment_is_noted_listed_and_all_taken_away(window, office, hands):
    _, found = office
    page = window("guangan")
    page.goto(f"/roster/{found['provision_id']}")
    page.get_by_role("button", name="登记设备").click()
    dialog = page.get_by_role("dialog", name="登记设备")
    dialog.get_by_label("名称").fill("统计数据自助查询机")
    dialog.get_by_label("备注").fill("临时借用")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert").filter(has_text="请选择大厅或窗口")).to_be_visible()
    expect(dialog.get_by_label("备注")).to_have_value("临时借用")
    dialog.get_by_label("位置说明").fill("1楼自助服务区")
    dialog.get_by_role("button", name="保存").click()
    hands(page).said("已保存")
    page.goto("/equipment?q=统计数据")
    row = page.get_by_role("row").filter(has_text="统计数据自助查询机")
    expect(row).to_contain_text("1楼自助服务区")
    row.get_by_role("link", name="统计局").click()
    page.get_by_role("button", name="全部撤走").click()
    dialog = page.get_by_role("dialog", name="撤走专用设施设备")
    expect(dialog.get_by_text("将登记 1 种、共 1 台（套）设备已撤走")).to_be_visible()
    dialog.get_by_role("button", name="保存").click()
    hands(page).said("已登记撤走 1 种")
    expect(page.get_by_role("button", name="全部撤走")).to_have_count(0)


def test_a_rule_of_evaluation_is_attached_and_taken_back(window, office, hands):
    _, found = office
    page = window("guangan")
    page.goto(f"/roster/{found['provision_id']}")
    page.get_by_role("button", name="附上评价规范").click()
    dialog = page.get_by_role("dialog", name="附上评价规范")
    file = {"name": "窗口考核细则.pdf", "mimeType": "application/pdf", "buffer": PDF}
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.get_by_label("名称")).to_have_value("窗口考核细则")
    dialog.get_by_role("button", name="上传").click()
    hands(page).said("已附上")
    page.get_by_role("strong").filter(has_text="窗口月考核").click()
    expect(page.get_by_role("columnheader", name="指标").first).to_be_visible()
    page.get_by_role("button", name=re.compile("撤回.*窗口考核细则")).click()
    hands(page).said("已撤回")


def test_a_department_leaves_all_its_windows_with_a_preview(window, office, hands):
    _, found = office
    page = window("guangan")
    page.goto(f"/roster/{found['provision_id']}")
    page.get_by_role("button", name="撤出全部窗口").click()
    dialog = page.get_by_role("dialog", name=re.compile("撤出全部窗口"))
    expect(
        dialog.get_by_text(re.compile("将撤出 4 个窗口：4 项部门安排、1 项事项安排"))
    ).to_be_visible()
    dialog.get_by_role("button", name="撤出全部窗口").click()
    hands(page).said("已撤出")
    expect(page.get_by_role("button", name="撤出全部窗口")).to_have_count(0)


def test_the_superior_sees_who_is_missing_where(window, client):
    watch = client("guangan-city")
    county = next(one for one in watch.rows("/api/departments/roster/centers?q=广安区"))
    page = window("guangan-city")
    page.goto("/rosters?q=广安区")
    row = page.get_by_role("row").filter(has_text="广安区")
    expect(row.get_by_role("link", name=str(county["departments"])).first).to_be_visible()
    row.get_by_role("link", name="广安区").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("广安区"))).to_be_visible()
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="服务保障", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="附上评价规范")).to_have_count(0)


def test_the_template_is_the_usual_one_until_it_is_saved(window, hands):
    page = window("yuechi")
    page.goto("/roster/services")
    expect(page.get_by_text("现在用的是默认清单")).to_be_visible()
    page.get_by_role("button", name="增加一项").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").filter(has_text="请填写")).to_be_visible()
    page.get_by_role("textbox", name="内容").last.fill("母婴室")
    page.get_by_role("button", name="保存").click()
    hands(page).said("已保存")
    expect(page.get_by_text("现在用的是默认清单")).to_have_count(0)
