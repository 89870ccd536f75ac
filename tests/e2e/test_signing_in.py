"""Who comes in, as whom, and how one leaves again."""

import re

from playwright.sync_api import expect

PASSWORD = "Jinzhu-2026-demo"
NEW_PASSWORD = "Ganjiang-2027-new"


def try_password(page, username, password):
    page.get_by_label("账号", exact=True).fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def open_menu(page):
    page.get_by_role("button", name=re.compile("^账号：")).click()


def test_a_wrong_password_says_how_often_one_may_still_try_and_the_fifth_locks(window, complaints):
    complaints.allow(401, r"/api/session$")
    complaints.allow(423, r"/api/session$")
    page = window()
    page.goto("/items?state=incomplete")
    refusal = page.get_by_role("alert")
    for left in (4, 3, 2, 1):
        try_password(page, "shuangliu", "not the password")
        expect(refusal).to_contain_text(f"还可尝试 {left} 次")
        expect(page.get_by_label("账号", exact=True)).to_have_value("shuangliu")
    try_password(page, "shuangliu", "not the password")
    expect(refusal).to_contain_text("账号锁定至")
    try_password(page, "shuangliu", PASSWORD)
    expect(refusal).to_contain_text("账号锁定至")
    expect(page.get_by_role("navigation", name="主导航")).to_have_count(0)


def test_one_comes_to_the_page_one_had_asked_for(window):
    page = window()
    page.goto("/items?state=incomplete")
    try_password(page, "jinjiang", PASSWORD)
    expect(page).to_have_url(re.compile(r"/items\?state=incomplete$"))
    expect(page.get_by_role("heading", name="事项", exact=True)).to_be_visible()


def test_a_newcomer_chooses_a_password_of_their_own_first(window):
    page = window()
    page.goto("/")
    try_password(page, "newcomer", PASSWORD)
    expect(page.get_by_text("首次登录须先修改初始密码")).to_be_visible()
    page.goto("/items")
    expect(page.get_by_role("heading", name="修改密码")).to_be_visible()

    rules = page.get_by_role("listitem")
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill("short")
    page.get_by_label("再次输入新密码").fill("shorter")
    page.get_by_role("button", name="修改密码").click()
    for rule in ("不少于 10 个字符", "至少三类", "两次输入一致"):
        expect(rules.filter(has_text=rule)).to_contain_text("未满足")
    page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("再次输入新密码").fill(NEW_PASSWORD)
    for rule in ("不少于 10 个字符", "至少三类", "两次输入一致"):
        expect(rules.filter(has_text=rule)).to_contain_text("已满足")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()

    open_menu(page)
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.goto("/")
    try_password(page, "newcomer", NEW_PASSWORD)
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_signing_out_everywhere_ends_the_other_browser_too(window, complaints):
    complaints.allow(401, r"/api/(items|departments|kinds)")
    here, there = window("fucheng"), window("fucheng")
    here.goto("/")
    there.goto("/")
    expect(there.get_by_role("heading", name="工作台")).to_be_visible()
    there.wait_for_load_state("networkidle")  # what the desk asks for is answered before

    open_menu(here)
    here.get_by_role("button", name="在所有设备上退出").click()
    dialog = here.get_by_role("dialog", name="在所有设备上退出")
    dialog.get_by_role("button", name="在所有设备上退出").click()
    expect(here.get_by_role("heading", name="登录")).to_be_visible()

    navigation = there.get_by_role("navigation", name="主导航")
    navigation.get_by_role("link", name="事项", exact=True).click()
    expired = there.get_by_role("dialog", name="登录已过期")
    expect(expired).to_be_visible()
    expired.get_by_role("button", name="换账号登录").click()
    expect(there.get_by_role("heading", name="登录")).to_be_visible()


def test_a_person_with_two_posts_changes_from_one_to_the_other(window):
    page = window("two-posts")
    page.goto("/duties")
    expect(page.get_by_role("banner")).to_contain_text("华蓥市")
    expect(page.get_by_role("checkbox", name="选择本页全部")).to_have_count(1)

    open_menu(page)
    page.get_by_role("button", name=re.compile("广安市 · ")).click()
    expect(page.get_by_role("banner")).to_contain_text("广安市")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="认领").click()
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    expect(page.get_by_role("checkbox", name="选择本页全部")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text("广安市")
