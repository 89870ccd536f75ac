"""Documents of a case in the browser: attached, refused, looked at, printed; and their expiry."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from jinzhu.core.calendar import today

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
POWER = "授权委托书"
HOUSING = "BM22"


def file(name, content=PDF):
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


@pytest.fixture
def case(client):
    """A county's department that is to authorise its window."""
    county = client("linshui")
    duties = county.rows("/api/departments/duties?claim=unclaimed&per_page=200")
    wanted = [row["provision_id"] for row in duties if row["code"] == HOUSING]
    if wanted:
        given = {"provision_ids": wanted, "claim": "offered"}
        county.send("POST", "/api/departments/claims", given)
    office = county.rows(f"/api/departments?q={HOUSING}")[0]
    facts = {"mode": "resident", "effective_on": str(today() + timedelta(30))}
    wish = {"object": "department", "subject_id": office["provision_id"], "kind": "entry"}
    case = county.send("POST", "/api/cases", {**wish, "facts": facts})
    done = {"step": "S01", "action": "approve", "on_behalf": "县政府 2026年第5号"}
    acted = county.send("POST", f"/api/cases/{case['id']}/acts", done, version=case["version"])
    acted["office"] = office["id"]
    yield acted
    now = county.get(f"/api/cases/{case['id']}")
    if now["state"] == "running":
        step = next(one["step"] for one in now["actions"] if one["action"] == "withdraw")
        over = {"step": step, "action": "withdraw", "opinion": "测试结束"}
        county.send("POST", f"/api/cases/{case['id']}/acts", over, version=now["version"])


def test_a_power_of_attorney_is_attached_and_the_step_goes_on(window, hands, case, complaints):
    page = window("linshui")
    page.goto(f"/cases/{case['id']}")
    steps = page.get_by_role("region", name="当前步骤")
    expect(steps.get_by_role("button", name="通过")).to_be_disabled()
    expect(steps).to_contain_text("请先上传授权委托书，并填写有效期")

    papers = page.get_by_role("region", name="材料")
    papers.get_by_role("button", name="上传材料").click()
    asked = page.get_by_role("dialog", name="上传材料")
    expect(asked.get_by_label(re.compile(f"^{POWER}"))).to_be_checked()
    wrong = file("改名的网页.pdf", b"<html><script>alert(1)</script></html>")
    asked.locator("input[type=file]").set_input_files([file("委托书.pdf"), wrong])
    asked.get_by_role("button", name="上传材料").click()
    expect(asked.get_by_text("请填写授权委托书的到期日期。")).to_be_visible()

    last = today() + timedelta(365)
    asked.get_by_label("到期日期（必填）").fill(str(last))
    asked.get_by_label("文号").fill("县房管〔2026〕7号")
    complaints.allow(422, rf"/api/cases/{case['id']}/documents$")
    asked.get_by_role("button", name="上传材料").click()
    expect(asked.get_by_text("不能识别或不接受这种文件")).to_be_visible()
    expect(asked.get_by_text("委托书.pdf", exact=True)).to_be_hidden()
    expect(asked.get_by_label("文号")).to_have_value("县房管〔2026〕7号")
    asked.get_by_role("button", name="取消").click()

    expect(papers).to_contain_text(f"有效至 {last}")
    expect(papers).to_contain_text("文号：县房管〔2026〕7号")
    expect(steps.get_by_role("button", name="通过")).to_be_enabled()
    page.goto(f"/departments/{case['office']}")
    expect(page.get_by_role("main")).to_contain_text(f"有效至 {last}")
    page.get_by_role("link", name=POWER).click()
    expect(page).to_have_url(re.compile(rf"/cases/{case['id']}$"))


def test_what_was_attached_by_mistake_is_taken_back(window, hands, case):
    page = window("linshui")
    page.goto(f"/cases/{case['id']}")
    papers = page.get_by_role("region", name="材料")
    papers.get_by_role("button", name="上传材料").click()
    asked = page.get_by_role("dialog", name="上传材料")
    asked.get_by_text("其他材料").click()
    asked.get_by_label("材料名称").fill("会议纪要")
    asked.locator("input[type=file]").set_input_files(file("纪要.pdf"))
    asked.get_by_role("button", name="上传材料").click()
    hands(page).said("材料已上传")
    expect(asked).to_be_hidden()
    papers.get_by_role("button", name="撤回 纪要.pdf").click()
    hands(page).said("材料已撤回")
    expect(papers.get_by_role("button", name="纪要.pdf", exact=True)).to_be_hidden()


def test_a_paper_that_has_ended_is_said_to_have_before_it_is_attached(window, hands, case):
    page = window("linshui")
    page.goto(f"/cases/{case['id']}")
    papers = page.get_by_role("region", name="材料")
    papers.get_by_role("button", name="上传材料").click()
    asked = page.get_by_role("dialog", name="上传材料")
    asked.get_by_text("其他材料").click()
    asked.get_by_label("材料名称").fill("旧协议")
    asked.get_by_label("到期日期").fill("2020-01-31")
    asked.get_by_label("文号").fill("旧〔2019〕1号")
    expect(asked.get_by_text("到期日期 2020-01-31 已过")).to_be_visible()
    expect(asked.get_by_label("材料名称")).to_have_value("旧协议")
    asked.locator("input[type=file]").set_input_files(file("旧协议.pdf"))
    asked.get_by_role("button", name="已过期，仍要上传").click()
    hands(page).said("材料已上传")
    expect(papers.get_by_text("已于 2020-01-31 到期")).to_be_visible()
    papers.get_by_role("button", name="撤回 旧协议.pdf").click()
    hands(page).said("材料已撤回")


def test_a_form_is_looked_at_and_kept(window, case):
    page = window("linshui")
    page.goto(f"/cases/{case['id']}")
    papers = page.get_by_role("region", name="材料")
    papers.get_by_role("button", name=f"打印{POWER}").click()
    seen = page.get_by_role("dialog", name=POWER)
    expect(seen.locator("iframe")).to_be_visible()
    with page.expect_download() as kept:
        seen.get_by_role("button", name="下载").click()
    assert kept.value.suggested_filename == f"{POWER} {case['number']}.pdf"
    assert kept.value.path().read_bytes().startswith(b"%PDF-")
