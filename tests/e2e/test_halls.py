"""A county lays out its hall: with the mouse, with the keyboard, and beside a colleague."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def hall(client, request):
    """A hall of a county with a zone of two rows, and two windows that have no place yet."""
    county = client("guangan")
    wish = {"name": f"大厅 {request.node.name}", "kind": "main", "floors": ["1", "2"]}
    made = county.send("POST", "/api/halls", wish)
    zone = {"floor": "1", "name": "A区", "columns": 4, "rows": 2}
    county.send("POST", f"/api/halls/{made['id']}/zones", zone)
    for number in ("1", "2"):
        wish = {"number": number, "kind": "comprehensive"}
        county.send("POST", f"/api/halls/{made['id']}/windows", wish)
    return made["id"]


def place(page, x, y):
    """Return a place of the zone, whatever stands there."""
    return page.get_by_role("button", name=re.compile(rf"A区 第 {y} 行第 {x} 列"))


def waiting(page):
    return page.get_by_role("region", name="未放到平面图上的窗口").get_by_role("button")


def test_windows_are_placed_and_departments_assigned_with_the_mouse(window, hall):
    page = window("guangan")
    page.goto(f"/halls/{hall}")
    waiting(page).first.drag_to(place(page, 2, 1))
    expect(place(page, 2, 1)).to_have_accessible_name(re.compile("1 号窗口，综合窗口，空闲"))
    chip = page.get_by_role("listitem").filter(has_text="人社局")
    chip.drag_to(place(page, 2, 1))
    expect(place(page, 2, 1)).to_have_accessible_name(re.compile("人社局，0 个事项"))
    place(page, 2, 1).drag_to(page.get_by_role("region", name="未放到平面图上的窗口"))
    expect(waiting(page)).to_have_count(2)


def test_everything_on_the_map_is_done_with_the_keyboard(window, hall, hands):
    page = window("guangan")
    page.goto(f"/halls/{hall}")
    waiting(page).first.focus()
    page.keyboard.press("Space")
    place(page, 1, 1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(place(page, 2, 1)).to_have_accessible_name(re.compile("1 号窗口"))
    expect(place(page, 2, 1)).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="指派到 1 号窗口")
    dialog.get_by_role("combobox", name="部门").focus()
    page.keyboard.type("民政局")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    dialog.get_by_role("button", name="指派", exact=True).focus()
    page.keyboard.press("Enter")
    hands(page).said("已指派")
    expect(place(page, 2, 1)).to_have_accessible_name(re.compile(r"民政局，[1-9]\d* 个事项"))


def test_what_a_colleague_was_quicker_with_is_offered_again(window, client, hall, complaints):
    complaints.allow(412, r"/place$")
    page, colleague = window("guangan"), client("guangan")
    page.goto(f"/halls/{hall}")
    expect(waiting(page)).to_have_count(2)
    first = colleague.rows(f"/api/windows?hall={hall}")[0]
    wish = {"number": "1", "name": "社保", "kind": "special"}
    colleague.send("PUT", f"/api/windows/{first['id']}", wish, version=first["version"])
    waiting(page).first.drag_to(place(page, 3, 2))
    expect(page.get_by_text("移动 1 号窗口没有做成")).to_be_visible()
    page.get_by_role("button", name="再做一次").click()
    expect(place(page, 3, 2)).to_have_accessible_name(re.compile("1 号窗口，专窗"))


def test_a_window_that_is_used_is_not_closed_and_has_a_sign(
    window, client, hall, hands, complaints
):
    complaints.allow(409, r"/closing$")
    county = client("guangan")
    first = county.rows(f"/api/windows?hall={hall}")[0]
    code = county.rows("/api/departments")[0]["code"]
    wish = {"departments": [code], "items_of": [code], "since": "2026-01-01"}
    path = f"/api/windows/{first['id']}"
    county.send("POST", f"{path}/assignments", wish, version=first["version"])
    page = window("guangan")
    page.goto(f"/windows/{first['id']}")
    page.get_by_role("button", name="停用窗口").click()
    dialog = page.get_by_role("dialog", name="停用窗口")
    dialog.get_by_role("button", name="停用窗口").click()
    expect(dialog.get_by_role("alert").filter(has_text="1 号窗口还安排着 1 个部门")).to_be_visible()
    dialog.get_by_role("button", name="取消").click()
    hands(page).tick("选择本页全部")
    page.get_by_role("button", name="撤出").click()
    page.get_by_role("dialog").get_by_role("button", name="撤出").click()
    hands(page).said("已撤出")
    page.get_by_role("button", name="窗口牌").click()
    expect(page.get_by_role("img", name=re.compile("二维码"))).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("button", name="打印（PDF）").click()
    assert kept.value.suggested_filename == f"窗口牌 {first['number']}.pdf"
