"""What happens in a hall: sessions end, two people save at once, the network is slow."""

import re

import pytest
from playwright.sync_api import expect

PASSWORD = "Jinzhu-2026-demo"


def some_item(client, *, place=0):
    """Return an item of a center that is offered and complete."""
    row = client.rows("/api/items?state=complete&sort=code")[place]
    return client.get(f"/api/items/{row['id']}")


def local(client, record, name):
    """Return what stands in a field of a record now."""
    fields = client.get(f"/api/items/{record['id']}")["fields"]
    return next(field["local"] for field in fields if field["name"] == name)


@pytest.fixture
def save():
    """The button that stores a record."""
    return lambda page: page.get_by_role("button", name="保存", exact=True)


def test_what_was_typed_is_saved_after_signing_in_again(window, client, hands, save, complaints):
    complaints.allow(401, r"/api/items/\d+$")
    record = some_item(client("yuechi"))
    page = window("yuechi")
    page.goto(f"/items/{record['id']}")
    page.get_by_role("textbox", name="办理窗口").fill("三楼 C 区 7 号")
    client("yuechi").send("DELETE", "/api/sessions", None)

    save(page).click()
    dialog = page.get_by_role("dialog", name="登录已过期")
    expect(dialog).to_contain_text("yuechi")
    dialog.get_by_label("密码", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="继续工作").click()
    hands(page).said("已保存")
    expect(dialog).to_be_hidden()
    assert local(client("yuechi"), record, "window") == "三楼 C 区 7 号"


def test_a_tab_that_was_closed_by_accident_gives_back_what_was_typed(window, client, hands):
    record = some_item(client("yuechi"), place=1)
    page = window("yuechi")
    page.goto(f"/items/{record['id']}")
    page.get_by_role("textbox", name="办理窗口").fill("四楼 D 区 9 号")
    page.reload()
    expect(page.get_by_text(re.compile("已恢复 .* 未保存的 1 处修改"))).to_be_visible()
    expect(page.get_by_role("textbox", name="办理窗口")).to_have_value("四楼 D 区 9 号")
    page.get_by_role("button", name="放弃修改").first.click()
    expect(page.get_by_role("textbox", name="办理窗口")).not_to_have_value("四楼 D 区 9 号")


@pytest.mark.parametrize(
    ("place", "choice", "button", "kept"),
    [
        (0, "我填写的", "保存我选的 1 项", "我的窗口"),
        (1, "已保存的", "采用对方的", "对方的窗口"),
    ],
    ids=["mine", "theirs"],
)
def test_two_people_at_one_record_choose_what_stays(
    window, client, hands, save, complaints, place, choice, button, kept
):
    complaints.allow(412, r"/api/items/\d+$")
    colleague = client("wusheng")
    record = some_item(colleague, place=place)
    page = window("wusheng")
    page.goto(f"/items/{record['id']}")
    page.get_by_role("textbox", name="办理窗口").fill("我的窗口")
    values = {"window": "对方的窗口", "office_hours": f"工作日 8:30—17:30（{choice}）"}
    version = record["version"]
    colleague.send("PATCH", f"/api/items/{record['id']}", {"local": values}, version=version)

    save(page).click()
    dialog = page.get_by_role("dialog", name="其他人已修改")
    expect(dialog.get_by_role("row").filter(has_text="办理窗口")).to_contain_text("对方的窗口")
    expect(dialog.get_by_role("row").filter(has_text="办理窗口")).to_contain_text("我的窗口")
    expect(dialog).to_contain_text("对方还修改了：办公时间")
    hands(page).pick(f"办理窗口 {choice}")
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("textbox", name="办理窗口")).to_have_value(kept)
    expect(page.get_by_role("region", name="未保存的修改")).to_have_count(0)
    assert local(colleague, record, "window") == kept
    assert local(colleague, record, "office_hours") == values["office_hours"]


def test_a_double_click_on_save_stores_once(window, client, hands, save):
    colleague = client("qianfeng")
    record = some_item(colleague)
    before = colleague.get(f"/api/items/{record['id']}/history")["total"]
    sent = []
    page = window("qianfeng")
    page.on("request", lambda one: sent.append(one.url) if one.method == "PATCH" else None)
    page.goto(f"/items/{record['id']}")
    page.get_by_role("textbox", name="办理窗口").fill("双击窗口")
    save(page).dblclick()
    hands(page).said("已保存")
    assert len(sent) == 1
    assert colleague.get(f"/api/items/{record['id']}/history")["total"] == before + 1


def test_on_a_slow_network_the_button_waits_and_nothing_is_sent_twice(window, client, hands, save):
    record = some_item(client("qianfeng"), place=1)
    held = []
    page = window("qianfeng")
    page.route(
        "**/api/items/*",
        lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_(),
    )
    page.goto(f"/items/{record['id']}")
    page.get_by_role("textbox", name="办理窗口").fill("慢网窗口")
    with page.expect_request(lambda request: request.method == "PATCH"):
        save(page).click()
    expect(save(page)).to_be_disabled()
    save(page).click(force=True)
    page.get_by_role("textbox", name="办理窗口").press("Enter")
    expect(page.get_by_role("textbox", name="办理窗口")).to_have_value("慢网窗口")
    assert len(held) == 1
    held[0].continue_()
    hands(page).said("已保存")
    assert len(held) == 1


def test_without_a_network_what_was_typed_stays_and_is_saved_later(
    window, client, hands, save, complaints
):
    complaints.allow(502, r"/api/items/\d+$")
    record = some_item(client("qianfeng"), place=2)
    page = window("qianfeng")
    page.goto(f"/items/{record['id']}")
    window_field = page.get_by_role("textbox", name="办理窗口")
    window_field.fill("断网窗口")
    page.route("**/api/items/*", lambda route: route.fulfill(status=502, body="bad gateway"))
    save(page).click()
    expect(page.get_by_role("alert").filter(has_text="请检查网络后重试")).to_be_visible()
    expect(window_field).to_have_value("断网窗口")
    page.unroute("**/api/items/*")
    save(page).click()
    hands(page).said("已保存")


def test_the_back_button_returns_to_the_same_list(window, hands):
    page = window("jinjiang")
    page.goto("/items")
    hands(page).choose("状态", "完整")
    hands(page).choose("部门", "行政审批局")
    expect(page.get_by_text("第 1–20 条")).to_be_visible()
    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_text("第 21–40 条")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    address = page.url
    first = page.get_by_role("row").nth(1).get_by_role("link")
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.go_back()
    expect(page).to_have_url(address)
    expect(page.get_by_text("第 21–40 条")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text(name)
    expect(page.get_by_role("main").get_by_role("search")).to_contain_text("完整")


def test_the_other_language_changes_pages_values_and_errors(window, client, complaints):
    complaints.allow(422, r"/api/items/\d+$")
    record = some_item(client("jinjiang"))
    page = window("jinjiang")
    page.goto(f"/items/{record['id']}")
    expect(page.get_by_role("rowheader", name=re.compile("^咨询电话"))).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Work desk")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Offered")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    phone = page.get_by_role("textbox", name="Phone for questions")
    phone.fill("12")
    page.get_by_role("button", name="Save", exact=True).click()
    refusal = page.get_by_role("row").filter(has=phone).get_by_role("alert")
    expect(refusal).to_have_text(re.compile(r"^[\x20-\x7e“”’]+$"))
    page.reload()
    expect(page.get_by_role("link", name="Work desk")).to_be_visible()
    expect(page.get_by_role("banner")).not_to_contain_text("中心管理员")
