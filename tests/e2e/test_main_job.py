"""The main job on the real list: a standard is tightened, pushed to 205 centers, and answered."""

import re

from playwright.sync_api import expect

from tests.e2e.publishing import value

STANDARD = "四川省政务服务事项基本目录"
LIMIT = "承诺办结时限"


def item_with_an_own_limit(county):
    """Find an item for which the county promises a shorter time than the standard asks."""
    rows = county.rows("/api/items?per_page=200&sort=name")
    for row in rows:
        if row["differs"] and not row["conflicts"] and row["committed_limit"] >= 3:
            record = county.get(f"/api/items/{row['id']}")
            limit = next(one for one in record["fields"] if one["name"] == "committed_limit")
            if limit["local"] is not None and not row["missing"]:
                return row, limit["standard"], limit["local"]
    raise AssertionError("the demo has no item with a shorter limit of its own")


def enter(page, username):
    """Sign in at the form, as everybody does in the morning."""
    page.goto("/")
    page.get_by_label("账号", exact=True).fill(username)
    page.get_by_label("密码", exact=True).fill("Jinzhu-2026-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def tighten_in_the_draft(page, hands, item, before, after):
    """Write a shorter limit into the draft that is open, and read it in the comparison."""
    drafts = page.get_by_role("region", name="编制中的版次")
    drafts.get_by_role("link", name=re.compile(STANDARD)).click()
    page.get_by_label("搜索名称或编码").fill(item["code"])
    page.get_by_role("link", name=item["name"], exact=True).click()
    page.get_by_role("textbox", name=LIMIT).fill(str(after))
    # What the steps take together may not be more: the longest of the three gives way.
    page.get_by_role("textbox", name="审查 时限").fill(str(after - 2))
    page.get_by_role("button", name="保存到草稿").click()
    hands.said("已保存")
    page.get_by_role("navigation", name="所在位置").get_by_role("link").last.click()
    page.get_by_role("link", name=re.compile("^改动对比")).click()
    entry = page.get_by_role("article").filter(has_text=item["code"])
    expect(entry).to_contain_text(
        re.compile(rf"{LIMIT}\s*{before} 个工作日\s*→\s*{after} 个工作日")
    )


def hand_in_and_approve(author, reviewer, hands):
    """Hand the draft in; somebody else sends it back once, and approves it then."""
    progress = author.get_by_role("region", name="审查进度")
    expect(author.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    hand_in(author, hands)
    expect(progress).to_contain_text("须由另一人审查")
    expect(progress.get_by_role("button", name="审查通过")).to_have_count(0)
    expect(author.get_by_role("button", name="删除草稿")).to_have_count(0)

    reviewer.reload()
    todo = reviewer.get_by_role("region", name="待办")
    todo.get_by_role("link", name=re.compile("版次待审查")).click()
    preview(reviewer)
    decide(reviewer, hands, "退回修改", "请核对环节时限", "已退回修改")
    author.reload()
    expect(progress).to_contain_text("退回修改：请核对环节时限")
    hand_in(author, hands)
    reviewer.reload()
    decide(reviewer, hands, "审查通过", "同意", "审查已通过")
    author.reload()
    expect(progress).to_contain_text("审查已通过")
    expect(progress.get_by_text("省标准处复核岗（演示）").first).to_be_visible()


def preview(page):
    """See before it is published what the edition would do, and go back to it."""
    page.get_by_role("button", name="预览影响", exact=True).click()
    figures = page.get_by_role("region", name="预览影响")
    expect(figures.get_by_role("term").filter(has_text="将产生冲突")).to_be_visible()
    page.get_by_role("navigation", name="所在位置").get_by_role("link").last.click()


def hand_in(page, hands):
    page.get_by_role("button", name="提交审查", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("^提交审查"))
    dialog.get_by_role("button", name="提交审查").click()
    hands(page).said("已提交审查")


def decide(page, hands, name, said, told):
    page.get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile(f"^{name}"))
    dialog.get_by_role("textbox").fill(said)
    dialog.get_by_role("button", name=name).click()
    hands(page).said(told)


def publish(page, hands):
    page.get_by_role("button", name="发布", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("^发布"))
    expect(dialog).to_contain_text("发布后内容不能再修改")
    dialog.get_by_role("button", name="确认发布").click()
    hands.said("版已发布")
    expect(page.get_by_role("button", name="删除草稿")).to_have_count(0)


def push_to_all(page, item, local, bound):
    """Say to whom and how, see in numbers what a push does, and push."""
    page.get_by_role("button", name="下发", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile(STANDARD))).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("radio", name=re.compile("^统一下发"))).to_be_checked()
    page.get_by_role("button", name="预览影响").click()
    expect(page.get_by_role("term").filter(has_text="将产生冲突")).to_be_visible()
    broken = page.get_by_role("row").filter(has_text=item["name"]).filter(has_text="广安区")
    broken = broken.filter(has_text="承诺办结时限")
    expect(broken).to_contain_text(f"{local} 个工作日")
    expect(broken).to_contain_text(f"{bound} 个工作日")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("下发说明").fill("压缩承诺时限")
    page.get_by_role("button", name="下发到 205 个中心").click()
    progress = page.get_by_role("progressbar", name="进度")
    expect(progress).to_have_attribute("aria-valuenow", "205", timeout=60_000)
    expect(progress).to_have_attribute("aria-valuemax", "205")
    expect(page.get_by_role("button", name=re.compile(r"^广安区\s*：\s*已采用"))).to_be_visible()


def answer_the_conflict(page, hands, item, bound):
    """Try to keep too much, then less than the steps take; then keep what fits both."""
    page.get_by_role("link", name=re.compile("冲突待处理")).click()
    page.get_by_label("搜索名称或编码").fill(item["code"])
    row = hands.row(item["code"]).filter(has_text="承诺办结时限")
    expect(row).to_contain_text(f"{bound} 个工作日")
    row.get_by_role("button", name="保留本地").click()
    dialog = page.get_by_role("dialog", name=re.compile("^保留本地值"))
    value = dialog.get_by_role("textbox", name=LIMIT)
    reason = dialog.get_by_role("textbox", name="理由")
    keep = dialog.get_by_role("button", name="保留此值")
    value.fill(str(bound + 1))
    reason.fill("本区窗口人员不足，逐步压缩")
    keep.click()
    expect(dialog.get_by_role("alert").filter(has_text=f"不得超过 {bound}")).to_be_visible()
    expect(value).to_have_value(str(bound + 1))
    expect(reason).to_have_value("本区窗口人员不足，逐步压缩")
    value.fill(str(bound - 1))
    keep.click()
    expect(dialog.get_by_text("承诺时限不能少于各环节时限的合计")).to_be_visible()
    value.fill(str(bound))
    keep.click()
    hands.said("已处理")
    expect(row).to_have_count(0)


def read_the_record(page, hands, item, local, bound):
    """Read standard, here and effective, why a field is locked, and what has happened."""
    page.get_by_role("navigation", name="主导航").get_by_role(
        "link", name="事项", exact=True
    ).click()
    page.get_by_label("搜索名称或编码").fill(item["code"])
    page.get_by_role("link", name=item["name"], exact=True).click()
    limit = hands.field(LIMIT)
    cells = limit.get_by_role("cell")
    expect(cells.nth(0)).to_have_text(f"{bound} 个工作日")
    expect(cells.nth(1).get_by_role("textbox")).to_have_value(str(bound))
    expect(cells.nth(2)).to_contain_text(f"{bound} 个工作日")
    expect(cells.nth(2)).to_contain_text("本中心")
    page.get_by_role("button", name="为什么不能修改：法定办结时限").click()
    why = page.get_by_role("tooltip").filter(has_text="统一规定")
    expect(why).to_be_visible()
    page.get_by_role("button", name="变更记录").click()
    newest = page.get_by_role("dialog", name="变更记录").get_by_role("listitem").first
    expect(newest).to_contain_text("处理冲突")
    expect(newest).to_contain_text(
        re.compile(rf"{LIMIT}\s*{local} 个工作日\s*→\s*{bound} 个工作日")
    )


def figures(row):
    """Read a row of the coverage: duties, open, incomplete, conflicts."""
    return [whole(cell) for cell in row.get_by_role("cell").all()[3:]]


def whole(place):
    """Read a number as it is written for people."""
    return int(place.inner_text().replace(",", ""))


def coverage_agrees(page, county):
    """Drill down to the county; its figures are those the county has itself."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="认领覆盖").click()
    page.get_by_role("link", name="广安市", exact=True).click()
    expect(page.get_by_role("heading", name="认领覆盖：广安市")).to_be_visible()
    body = page.get_by_role("row").filter(has=page.get_by_role("link"))
    below = [figures(row) for row in body.all()]
    region = page.get_by_role("region", name="合计")
    labels = [text.strip() for text in region.get_by_role("term").all_inner_texts()]
    totals = dict(zip(labels, map(whole, region.get_by_role("definition").all()), strict=True))
    shown = [totals[label] for label in ("应认领", "未认领", "待补充", "冲突")]
    assert shown == [sum(column) for column in zip(*below, strict=True)]
    own = {one["code"]: one for one in county.get("/api/desk")["figures"]}
    claimed, complete = own["items_claimed"], own["items_complete"]
    duties, still_open, incomplete, conflicts = figures(body.filter(has_text="广安区"))
    assert duties == claimed["of"]
    assert still_open == claimed["of"] - claimed["value"]
    assert incomplete == complete["of"] - complete["value"]
    assert conflicts == county.get("/api/conflicts?state=open&kind=item")["total"]


def test_a_tightened_standard_reaches_every_center_and_the_county_answers(
    window, hands, client, complaints
):
    complaints.allow(422, r"/settlement$")
    county = client("guangan")
    item, standard, local = item_with_an_own_limit(county)
    bound = local - 1

    province = window()
    enter(province, "province")
    tighten_in_the_draft(province, hands(province), item, standard, bound)
    reviewer = window()
    enter(reviewer, "province2")
    hand_in_and_approve(province, reviewer, hands)
    publish(province, hands(province))
    push_to_all(province, item, local, bound)

    clerk = window()
    enter(clerk, "guangan")
    answer_the_conflict(clerk, hands(clerk), item, bound)
    read_the_record(clerk, hands(clerk), item, local, bound)

    coverage_agrees(province, county)

    (newest, *_) = client("province").rows("/api/rollouts")
    reached = {state: number for state, number in newest["counts"].items() if number}
    assert (newest["state"], reached) == ("done", {"adopted": 205})
    limit = value(county, item["code"], "committed_limit")
    assert (limit["standard"], limit["local"], limit["conflict"]) == (bound, bound, None)
