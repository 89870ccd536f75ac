"""Each chain in the browser, by the accounts that act: the center, both lines, the center above."""

import re
from dataclasses import dataclass

import psycopg
import pytest
from playwright.sync_api import expect

from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import SUPERUSER, Postgres
from tests.e2e.entering import DECIDED, PDF, an_item, offered
from tests.e2e.publishing import Standard
from tests.e2e.test_entering import act, state_of

COUNTY, CITY, TAX = "linshui", "guangan-city", "BM27"
UTILITY, PROFESSIONAL = "BM81", "BM82"
#: Of the classes that the demo has no department of.
ADDED = {
    UTILITY: ("自来水公司（验收）", "utility"),
    PROFESSIONAL: ("公证处（验收）", "professional"),
}


@dataclass(frozen=True)
class Story:
    """What enters, changes or leaves, and the steps in the order in which they are done."""

    code: str
    steps: str
    mode: str = "resident"


STORIES = {
    "government": Story("BM15", "认定 授权窗口 安排窗口 进驻生效"),
    "a hall of its own": Story(
        "BM16", "认定 批准单独设立大厅 授权窗口 安排窗口 进驻生效", "standalone"
    ),
    "professional": Story(PROFESSIONAL, "提出申请 评估 签订协议 安排窗口 进驻生效"),
    "utility": Story(UTILITY, "提出建议 同意进驻 安排窗口 进驻生效"),
    "other": Story("BM33", "提出申请 评估 批准 进驻生效", "proxy"),
    "trading": Story("BM31", "决定合署办公 签订统一管理协议 安排窗口 合署生效", "branch"),
    "dual, own line first": Story("BM29", "认定 授权窗口 同意进驻 进驻生效", "proxy"),
    "vertical, superior first": Story("BM28", "认定 同意进驻 授权窗口 进驻生效", "proxy"),
}


@pytest.fixture
def county(client):
    """The manager of a county, beside the browser."""
    return client(COUNTY)


@pytest.fixture(scope="module")
def classes(client):
    """The province has departments of all classes."""
    entries = [
        ("department", code, {"code": code, "name": name, "department_class": class_,
                              "entry_force": "may", "presence_mode": "resident"})
        for code, (name, class_) in ADDED.items()
    ]  # fmt: skip
    Standard(client("province"), "E2E-CLASSES", "验收用部门名录", *entries).push()


def begin(county, kind, code, what="entry", **more):
    """Begin a case over the API about something that the county offers."""
    subject = offered(county, kind, code=code)
    wish = {"object": kind, "subject_id": subject["provision_id"], "kind": what, **more}
    return county.send("POST", "/api/cases", wish)


def arrange(county, department, mode):
    """Give a department a window where its mode of presence wants one, as another page does."""
    kind = mode if mode in ("branch", "standalone") else "main"
    own = department if kind == "standalone" else ""
    halls = [hall for hall in county.rows("/api/halls") if hall["kind"] == kind and not own]
    about = {"name": f"验收大厅{kind}", "kind": kind, "floors": ["1"], "department_code": own}
    hall = halls[0] if halls else county.send("POST", "/api/halls", about)
    number = {"number": f"W{department}", "kind": "comprehensive"}
    found = county.send("POST", f"/api/halls/{hall['id']}/windows", number)
    since = {"since": "2026-01-01", "departments": [department]}
    path = f"/api/windows/{found['id']}/assignments"
    county.send("POST", path, since, version=found["version"])


class Walk:
    """A case in the windows of those who act in it."""

    def __init__(self, window, county, case):
        self.window, self.county, self.case = window, county, case
        self.own = f"/cases/{case['id']}"
        self.pages = {}

    def at(self, step):
        """Open the case where a step is done."""
        username, path = COUNTY, self.own
        if step["actor"] == "superior":
            username = "tax-line" if self.case["department_code"] == TAX else CITY
            path = f"/consents/{self.county.me['post']['center']['id']}/{self.case['id']}"
        if username not in self.pages:
            self.pages[username] = self.window(username)
        self.pages[username].goto(path)
        return self.pages[username]

    def step(self, name):
        found = self.county.get(f"/api/cases/{self.case['id']}")["steps"]
        return next(one for one in found if one["name"] == name)

    def done(self, name):
        """Do a step: attach what it asks for, say whose decision it is, and approve."""
        step = self.step(name)
        if name == "安排窗口":
            mode = self.case["facts"].get("mode") or "resident"
            arrange(self.county, self.case["department_code"], mode)
        page = self.at(step)
        if step["document"]:
            self.paper(page, step["document"])
        outside = step["actor"] in ("competent_body", "government", "applicant", "superior")
        act(page, name, "通过", **({"决定机关": DECIDED} if outside else {}))
        done = page.locator(".el-message").filter(has_text=f"“{name}”：已通过").last
        expect(done).to_be_visible()
        return page

    def paper(self, page, name):
        """Attach a document with number and days; a power of attorney says until when it holds."""
        papers = page.get_by_role("region", name="材料")
        papers.get_by_role("button", name="上传材料", exact=True).click()
        asked = page.get_by_role("dialog", name="上传材料")
        asked.get_by_label(re.compile(f"^{name}")).locator("xpath=ancestor::label").click()
        asked.get_by_label(re.compile("^生效日期")).fill("2026-01-01")
        asked.get_by_label(re.compile("^到期日期")).fill("2099-12-31")
        asked.get_by_label("文号").fill("邻府〔2026〕12号")
        file = {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": PDF}
        asked.locator("input[type=file]").set_input_files(file)
        asked.get_by_role("button", name="上传材料", exact=True).click()
        expect(asked).to_be_hidden()


@pytest.mark.parametrize("name", STORIES)
def test_a_department_goes_through_the_chain_of_its_class(window, county, classes, name):
    story = STORIES[name]
    case = begin(county, "department", story.code, facts={"mode": story.mode})
    walk = Walk(window, county, case)
    for step in story.steps.split():
        walk.done(step)
    page = walk.at({"actor": "center"})
    expect(page.get_by_role("main")).to_contain_text("已办结")
    expect(state_of(page, story.steps.split()[-1])).to_contain_text("已完成")
    page.goto("/cases?tab=over")
    expect(page.get_by_role("row").filter(has_text=case["number"])).to_contain_text("已办结")


LIVES = {
    "adjustment": "提出调整 审核 调整生效",
    "suspension": "提出暂停并说明原因 审核 暂停生效",
    "resumption": "提出恢复 审核 恢复生效",
    "exit": "提出退出并说明原因 审核 办理交接 退出生效",
}


def test_an_item_enters_changes_pauses_and_leaves(window, county):
    item = an_item(county)
    entering = Walk(window, county, begin(county, "item", item["code"]))
    for step in ("提出进驻意向", "组织评估", "确定进驻"):
        entering.done(step)
    for kind, steps in LIVES.items():
        case = begin(county, "item", item["code"], kind, reason="法律修改")
        walk = Walk(window, county, case)
        walk.pages = entering.pages
        for step in steps.split():
            page = walk.done(step)
        expect(page.get_by_role("main")).to_contain_text("已办结")
        expect(page.get_by_role("region", name="办理内容")).to_contain_text("法律修改")


def test_an_item_goes_on_the_negative_list(window, county):
    item = an_item(county)
    case = begin(county, "item", item["code"], "negative_list", reason="涉及国家秘密")
    walk = Walk(window, county, case)
    for step in ("提出并说明原因", "审核", "批准"):
        page = walk.done(step)
    trace = page.get_by_role("region", name="意见和办理痕迹")
    expect(trace).to_contain_text(f"依据：{DECIDED}")
    page.goto(f"/items/{item['id']}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_what_is_not_approved_is_over_and_says_why(window, county):
    item = an_item(county)
    walk = Walk(window, county, begin(county, "item", item["code"]))
    page = walk.done("提出进驻意向")
    act(page, "组织评估", "不予通过", 意见="场地不具备条件")
    expect(page.get_by_role("main")).to_contain_text("不予通过")
    expect(page.get_by_role("region", name="意见和办理痕迹")).to_contain_text("场地不具备条件")
    expect(page.get_by_role("region", name="当前步骤")).to_be_hidden()


def test_what_is_long_overdue_is_told_further_up_and_the_city_urges(
    window, hands, county, folder, until
):
    item = an_item(county)
    walk = Walk(window, county, begin(county, "item", item["code"]))
    page = walk.done("提出进驻意向")
    weeks_pass(folder, walk.case["id"])
    until(lambda: walk.step("组织评估")["escalated_on"], seconds=30)
    page.goto("/cases?tab=overdue")
    row = page.get_by_role("row").filter(has_text=walk.case["number"])
    expect(row).to_contain_text("已上报")
    expect(row).to_contain_text(re.compile(r"超期 \d+ 个工作日"))

    city = window(CITY)
    city.goto("/")
    city.get_by_role("link", name=re.compile("下级超期待督办")).click()
    city.get_by_role("row").filter(has_text=item["name"]).get_by_role("link").click()
    expect(state_of(city, "组织评估")).to_contain_text("已报上级中心")
    city.get_by_role("button", name="督办").click()
    asked = city.get_by_role("dialog", name=re.compile("^督办"))
    asked.get_by_role("button", name="督办").click()
    expect(asked.get_by_text("请写明理由或意见。")).to_be_visible()
    asked.get_by_label(re.compile("^督办意见")).fill("请于本周内完成评估")
    asked.get_by_role("button", name="督办").click()
    hands(city).said("已通知邻水县")
    page.goto(walk.own)
    trace = page.get_by_role("region", name="意见和办理痕迹")
    expect(trace).to_contain_text("请于本周内完成评估")
    walk.done("组织评估")
    city.goto("/escalations")
    expect(city.get_by_role("row").filter(has_text=item["name"])).to_have_count(0)


def weeks_pass(folder, case_id):
    """Let the open step of a case have been opened four weeks earlier."""
    server = Postgres(DataFolder(folder / "var"))
    server.port = int((server.data / "postmaster.pid").read_text("utf-8").splitlines()[3])
    url = server.url(SUPERUSER)
    moved = ", ".join(
        f"{name} = {name} - 28" for name in ("opened_on", "due_on", "warn_on", "escalate_on")
    )
    with psycopg.connect(url) as connection:
        connection.execute(
            f"UPDATE case_step SET {moved} WHERE case_id = %s AND state = 'open'", (case_id,)
        )


def test_all_that_somebody_has_is_handed_over_at_once(window, hands, county):
    item = an_item(county)
    case = begin(county, "item", item["code"])
    me = county.me["account"]
    handed = {"step": "S01", "action": "delegate", "assignee_id": me["id"]}
    path = f"/api/cases/{case['id']}/acts"
    if not any(one["action"] == "delegate" for one in case["actions"]):
        done = {"step": "S01", "action": "approve"}
        case = county.send("POST", path, done, version=case["version"])
        handed["step"] = "S02"
    county.send("POST", path, handed, version=case["version"])
    page = window(COUNTY)
    page.goto("/cases?tab=running")
    row = page.get_by_role("row").filter(has_text=case["number"])
    expect(row).to_contain_text(me["name"])
    page.get_by_role("button", name="批量转交").click()
    asked = page.get_by_role("dialog", name="批量转交")
    asked.get_by_role("button", name="转交", exact=True).click()
    expect(asked.get_by_text("请选择从谁手上转出。")).to_be_visible()
    asked.get_by_role("radio").first.check()
    asked.get_by_role("button", name="转交", exact=True).click()
    hands(page).said("已转交")
    expect(row).not_to_contain_text(me["name"])


def test_the_desk_says_what_waits_since_when_and_with_whom(window, county):
    item = an_item(county)
    case = begin(county, "item", item["code"])
    page = window(COUNTY)
    page.goto("/")
    mine = page.get_by_role("region", name="待我办理的进驻").first
    count = county.get("/api/cases/counts")["mine"]
    mine.get_by_role("link", name=f"全部 {count} 件").click()
    row = page.get_by_role("row").filter(has_text=case["number"])
    expect(row).to_contain_text("部门")
    expect(row).to_contain_text(case["opened_on"])
