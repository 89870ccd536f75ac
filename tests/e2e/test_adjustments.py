"""What becomes of items: planned in a case, given up or carried out on its day, and followed up."""

import re
from datetime import date, timedelta

import psycopg
import pytest
from playwright.sync_api import expect

from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import SUPERUSER, Postgres
from tests.e2e.entering import LOCAL, settled
from tests.e2e.publishing import Standard, item, offer
from tests.e2e.test_chains import COUNTY, PDF, Walk
from tests.e2e.test_entering import dialog
from tests.e2e.test_pages import today

BASIS = "川府发〔2026〕18号"
NAMES = {
    "E2E-ADJUST-1": "网吧筹建核准（验收）",
    "E2E-ADJUST-2": "上网服务场所核准（验收）",
    "E2E-ADJUST-3": "临时演出备案（验收）",
    "E2E-ADJUST-4": "旧货经营备案（验收）",
}
MERGED, INTO, CANCELLED, DROPPED = NAMES
STEPS = ("提出退出并说明原因", "审核", "办理交接", "退出生效")


@pytest.fixture(scope="module")
def standard(client):
    """A standard of four items, rolled out to everybody."""
    entries = [item(code, name, visit_count=0) for code, name in NAMES.items()]
    made = Standard(client("province2"), "E2E-ADJUST", "动态调整验收标准", *entries)
    made.push()
    return made


@pytest.fixture(scope="module")
def county(client, standard):
    """A county that offers them all, with what they need; their department is in."""
    county = client(COUNTY)
    settled(county, "BM26")
    for code in NAMES:
        offer(county, code, **LOCAL)
    return county


def subject(county, code):
    """Return the record of an item by its exact code."""
    return next(row for row in county.rows(f"/api/items?q={code}") if row["code"] == code)


def begin(county, code, kind, **facts):
    """Begin a case over the API."""
    wish = {"object": "item", "subject_id": subject(county, code)["provision_id"], "kind": kind}
    return county.send("POST", "/api/cases", {**wish, "reason": "法律修改", "facts": facts})


def attach(county, path, step):
    """Attach to a step the document that it asks for."""
    answer = county.asking.post(
        f"{path}/documents",
        headers={"X-CSRF-Token": county.me["csrf_token"]},
        multipart={
            "step": step["code"],
            "valid_from": "2026-01-01",
            "file": {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": PDF},
        },
    )
    assert answer.ok, answer.text()


def carried_out(county, case):
    """Approve all steps of a case over the API."""
    path = f"/api/cases/{case['id']}"
    while case["state"] == "running":
        step = next(one for one in case["steps"] if one["state"] == "open")
        if step["document"]:
            attach(county, path, step)
            case = county.get(path)
        act = {"step": step["code"], "action": "approve"}
        case = county.send("POST", f"{path}/acts", act, version=case["version"])
    assert case["state"] == "finished", case
    return case


def stands(county, code):
    """Return where an item stands, or nothing where it is not to enter."""
    rows = county.rows(f"/api/entries?q={code}")
    return next((row["state"] for row in rows if row["code"] == code), None)


def days_pass(folder, days):
    """Let what is planned have been planned for days earlier."""
    server = Postgres(DataFolder(folder / "var"))
    server.port = int((server.data / "postmaster.pid").read_text("utf-8").splitlines()[3])
    with psycopg.connect(server.url(SUPERUSER)) as connection:
        connection.execute(
            "UPDATE adjustment SET effective_on = effective_on - %s WHERE state = 'planned'",
            (days,),
        )


def ask_for_the_merger(page, hand, day):
    """Say in the dialog of the item that it is merged into another one on a day."""
    page.get_by_role("button", name="进驻办理").click()
    asked = dialog(page, f"进驻办理：{NAMES[MERGED]}")
    hand.pick("退出")
    hand.pick("合并")
    asked.get_by_label(re.compile("^理由")).fill("两项合一")
    asked.get_by_role("button", name="提出").click()
    return asked


def test_a_merger_is_decided_waits_for_its_day_and_its_successor_is_due(
    window, hands, county, folder, until, complaints
):
    carried_out(county, begin(county, MERGED, "entry"))
    day = str(date.fromisoformat(today()) + timedelta(days=3))
    page = window(COUNTY)
    hand = hands(page)
    page.goto(f"/items/{subject(county, MERGED)['id']}")
    complaints.allow(422, r"/api/cases$")
    asked = ask_for_the_merger(page, hand, day)
    expect(asked.get_by_role("alert")).not_to_have_count(0)
    asked.get_by_label("依据文件和文号").fill(BASIS)
    asked.get_by_role("combobox", name="并入哪个事项（必填）").fill(INTO)
    page.get_by_role("option", name=NAMES[INTO]).click()
    asked.get_by_label("生效日期（必填）").fill(day)
    asked.get_by_label("生效日期（必填）").press("Enter")
    expect(asked.get_by_label(re.compile("^理由"))).to_have_value("两项合一")
    asked.get_by_role("button", name="提出").click()
    expect(page).to_have_url(re.compile(r"/cases/\d+$"))
    case = county.get(f"/api/cases/{page.url.rsplit('/', 1)[1]}")
    walk = Walk(window, county, case)
    walk.pages[COUNTY] = page
    for step in STEPS:
        walk.done(step)

    page.goto("/adjustments")
    row = hand.row(NAMES[MERGED])
    expect(row).to_contain_text(day)
    expect(row).to_contain_text(f"并入“{NAMES[INTO]}”，自 {day} 起（{BASIS}）")
    assert stands(county, MERGED) == "entered"
    days_pass(folder, 3)
    until(lambda: stands(county, MERGED) is None, seconds=30)
    page.get_by_role("link", name="已生效").click()
    expect(hand.row(NAMES[MERGED])).to_contain_text("合并")
    hand.row(NAMES[MERGED]).get_by_role("link", name="查看办理过程").click()
    expect(page).to_have_url(re.compile(rf"/cases/{case['id']}$"))

    page.goto("/")
    page.get_by_role("link", name="承接事项未进驻").click()
    row = hand.row(NAMES[MERGED])
    expect(row).to_contain_text("应进未进")
    row.get_by_role("link", name=NAMES[INTO], exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(f"并入“{NAMES[INTO]}”")
    carried_out(county, begin(county, INTO, "entry"))
    page.goto("/adjustments?tab=due")
    expect(page.get_by_role("status").filter(has_text="共 0 条")).to_be_attached()
    expect(hand.row(NAMES[MERGED])).to_have_count(0)


def test_what_is_planned_is_given_up_with_a_reason_and_the_item_stays(
    window, hands, county, folder
):
    carried_out(county, begin(county, CANCELLED, "entry"))
    day = str(date.fromisoformat(today()) + timedelta(days=5))
    facts = {"change": "cancelled", "basis": BASIS, "effective_on": day}
    carried_out(county, begin(county, CANCELLED, "exit", **facts))
    page = window(COUNTY)
    hand = hands(page)
    page.goto("/adjustments")
    hand.row(NAMES[CANCELLED]).get_by_role("button", name="撤销").click()
    asked = dialog(page, f"撤销调整：{NAMES[CANCELLED]}")
    asked.get_by_role("button", name="撤销").click()
    expect(asked.get_by_text("请写明理由。")).to_be_visible()
    asked.get_by_role("textbox").fill("文件暂缓执行")
    asked.get_by_role("button", name="撤销").click()
    hand.said("已撤销")
    expect(hand.row(NAMES[CANCELLED])).to_have_count(0)
    page.get_by_role("link", name="已撤销").click()
    expect(hand.row(NAMES[CANCELLED])).to_contain_text("撤销原因：文件暂缓执行")
    assert stands(county, CANCELLED) == "entered"


def test_what_the_standard_gives_up_leaves_on_a_named_basis(window, hands, county, standard):
    carried_out(county, begin(county, DROPPED, "entry"))
    path = f"/api/standards/{standard.id}/editions"
    draft = standard.office.send("POST", path, {"title": "第二年"})
    where = f"/api/editions/{draft['id']}"
    provision = f"{where}/provisions/item/{DROPPED}"
    version = standard.office.get(provision)["version"]
    standard.office.send("DELETE", provision, None, version=version)
    version = standard.office.get(where)["version"]
    standard.office.send("POST", f"{where}/publication", {}, version=version)
    standard.edition = draft["id"]
    standard.push()

    page = window(COUNTY)
    hand = hands(page)
    page.goto("/adjustments?tab=given_up")
    row = hand.row(NAMES[DROPPED])
    expect(row).to_contain_text(standard.name)
    row.get_by_role("button", name="办理退出").click()
    asked = dialog(page, f"办理退出：{NAMES[DROPPED]}")
    asked.get_by_role("button", name="办理退出").click()
    expect(asked.get_by_text("请写明依据文件和文号。")).to_be_visible()
    asked.get_by_role("textbox").fill(BASIS)
    asked.get_by_role("button", name="办理退出").click()
    hand.said("已退出")
    expect(row).to_have_count(0)
    page.get_by_role("link", name="已生效").click()
    expect(hand.row(NAMES[DROPPED])).to_contain_text("标准不再有此事项")
