"""The pages that anybody reads: what stands on them, in which language, for how long."""

import re
from datetime import date

import pytest
from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from tests.tenants.procedure.test_cases import procedure
from tests.tenants.publication.conftest import CHAIN, STEPS, done

CENTER = "/public/511602"


@pytest.fixture
def window(hall, assign, published, stand):
    """A window with an item at it that has entered, and the address of its sign."""
    stand("D01", "A1")
    one = hall.window("3", name="综合受理")
    numbers = {"departments": ["D01"], "items": [published.provisions["A1"]]}
    answer = assign(published, one, since="2026-11-02", **numbers)
    assert answer.status_code == 200, answer.json
    return f"{CENTER}/windows/{one['id']}"


def test_a_publication_says_what_is_planned_until_when_and_where_to_object(
    published, public, hall, window
):
    page = public.get(published.page).text
    for words in (
        "拟办理事项进驻：事项A1", "G2026-0001", "2026-11-23 至 2026-11-26", "还剩 3 个工作日",
        "审批局", "行政许可", "代办", "基本目录", "20 个工作日", "金安大道1号", "3 号窗口",
    ):  # fmt: skip
        assert words in page, words


def test_it_keeps_what_it_said_when_the_record_changes(published, public):
    record = published.get("/api/items?q=A1").json["rows"][0]
    shown = published.get(f"/api/items/{record['id']}").json
    path = f"/api/items/{record['id']}"
    change = {"local": {"committed_limit": 7}}
    assert published.send("PATCH", path, json=change, version=shown["version"]).status_code == 200
    assert "10 个工作日" in public.get(published.page).text


def test_the_list_of_a_center_is_searched_and_paged(published, public):
    for code in ("A2",):
        published.begin(code)
    found = public.get(f"{CENTER}?per_page=1")
    assert "共 2 项" in found.text
    assert "第 1 页，共 2 页" in found.text
    assert "事项A2" in found.text
    assert "事项A1" in public.get(f"{CENTER}?per_page=1&page=2").text
    assert "事项A1" not in public.get(f"{CENTER}?q=A2").text
    assert "没有符合的公布" in public.get(f"{CENTER}?q=100%25").text
    for wrong in ("page=x", "page=0", "state=none", "per_page=9999", "sort=case_id"):
        assert public.get(f"{CENTER}?{wrong}").status_code == 200, wrong


def test_what_is_over_stands_in_the_other_part(published, public):
    assert "事项A1" not in public.get(f"{CENTER}?state=past").text
    published.tick("2026-11-27")
    assert "事项A1" not in public.get(CENTER).text
    past = public.get(f"{CENTER}?state=past").text
    assert "事项A1" in past
    assert "公布结束" in past


def test_a_department_says_its_class_and_nobody_of_its_people(published, public, province):
    chain = {**CHAIN, "procedure_object": "department", "name": "部门进驻"}
    province.push(province.publish(procedure(code="P2", steps=STEPS, **chain)))
    record = published.get("/api/departments?q=D01").json["rows"][0]
    path = f"/api/departments/{record['id']}"
    said = {"local": {"leader": "李局长", "phone": "0826-2330000"}}
    version = published.get(path).json["version"]
    assert published.send("PATCH", path, json=said, version=version).status_code == 200
    wish = {"object": "department", "subject_id": record["provision_id"], "kind": "entry"}
    case = done(published, published.post("/api/cases", wish).json, "S1")
    page = public.get(case["publication"]["page"]).text
    assert "拟办理部门进驻：审批局" in page
    assert "0826-2330000" in page
    assert "李局长" not in page


def test_a_page_is_there_in_english_and_keeps_the_language(published, public):
    page = public.get(f"{published.page}?lang=en").text
    assert 'lang="en"' in page
    assert "Planned: item: entry" in page
    assert f"{published.page}/objection?lang=en" in page
    header = {"Accept-Language": "en-GB"}
    assert "working days left" in public.get(published.page, headers=header).text


def test_a_page_that_has_not_changed_is_not_sent_again(published, public):
    first = public.get(published.page)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Vary"] == "Accept-Language"
    assert "Set-Cookie" not in first.headers
    again = public.get(published.page, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    published.begin("A2")
    listed = public.get(CENTER)
    assert listed.headers["ETag"] != first.headers["ETag"]


def test_somebody_who_is_signed_in_reads_the_same(published, public):
    assert published.client.get(published.page).text == public.get(published.page).text


def test_a_page_needs_no_script_and_asks_nobody_else(published, public, window):
    for path in (CENTER, published.page, published.form, f"{CENTER}/objection", window):
        page = public.get(path)
        assert "<script" not in page.text
        assert "://" not in page.text
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert len(page.data) < 16_000


def test_the_sign_of_a_window_leads_to_its_page(published, public, hall, window):
    number = window.rsplit("/", 1)[1]
    sign = published.get(f"/api/windows/{number}/sign").json
    assert sign["page_address"] == f"http://localhost{window}"
    page = public.get(window).text
    for words in ("3", "综合受理", "审批局", "事项A1", "政务服务大厅", "金安大道1号"):
        assert words in page, words


def test_a_window_tells_only_of_what_has_entered_there(published, public, hall, assign, stand):
    one = hall.window("5")
    items = [published.provisions[code] for code in ("A1", "A2", "A3")]
    wish = {"departments": ["D01"], "items": items}
    assert assign(published, one, since="2026-11-02", **wish).status_code == 200
    page, sign = f"{CENTER}/windows/{one['id']}", f"/api/windows/{one['id']}/sign"
    shown = public.get(page).text
    assert not any(name in shown for name in ("审批局", "事项A1", "事项A2"))
    assert published.get(sign).json["waiting"] == ["审批局", "事项A1", "事项A2", "事项A3"]
    stand("D01", "A1", "A2", "A3")
    stand("A2", state="suspended")
    stand("A3", state="excluded")
    shown = public.get(page).text
    for words in ("<li>审批局</li>", "<li>事项A1</li>", "<li>事项A2（暂停办理）</li>"):
        assert words in shown, words
    assert "事项A3" not in shown
    told = published.get(sign).json
    assert (told["items"], told["waiting"]) == (["事项A1", "事项A2（暂停办理）"], ["事项A3"])


def test_what_enters_on_a_day_to_come_is_told_from_that_day(published, public, hall, assign, stand):
    one = hall.window("6")
    items = [published.provisions["A1"]]
    assert assign(published, one, since="2026-11-02", items=items).status_code == 200
    stand("A1", since=date(2026, 11, 25))
    page = f"{CENTER}/windows/{one['id']}"
    assert "事项A1" not in public.get(page).text
    published.tick("2026-11-25")
    assert "事项A1" in public.get(page).text


def test_a_window_says_when_it_is_open_and_what_is_different(published, public, hall, window):
    week = {str(day): [["09:00", "12:00"], ["13:30", "17:00"]] for day in range(1, 6)}
    version = hall.get()["version"]
    path = f"/api/halls/{hall.id}"
    saved = published.send("PUT", f"{path}/plan", json={"weekly": week}, version=version)
    assert saved.status_code == 200, saved.json
    special = {"kind": "closed", "hours": [], "note": "设备检修"}
    day = f"{path}/days/2026-11-25"
    version = saved.json["version"]
    assert published.send("PUT", day, json=special, version=version).status_code == 200
    page = public.get(window).text
    assert "周一至周五 09:00–12:00, 13:30–17:00" in page
    assert "今天 09:00–12:00, 13:30–17:00" in page
    assert "2026-11-25 不开放 (设备检修)" in page


def test_a_closed_window_is_gone(published, public, hall, window):
    other = hall.window("4")
    path = f"{CENTER}/windows/{other['id']}"
    assert public.get(path).status_code == 200
    closing = f"/api/windows/{other['id']}/closing"
    assert published.post(closing, version=other["version"]).status_code == 200
    assert public.get(path).status_code == 404


def listed(answer):
    """Return what a start page says of each center it names."""
    parts = re.findall(r"<li>\n(.*?)</li>", answer.text, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", part).split() for part in parts]


def test_the_start_page_names_the_centers_that_show_something_and_how_much(published, public, hall):
    assert listed(public.get("/public")) == [
        ["广安区政务服务中心", "广安市", "正在公布", "1", "项", "办事大厅", "1", "个"]
    ]
    assert f'href="{CENTER}"' in public.get("/public").text
    published.begin("A2")
    assert listed(public.get("/public"))[0][2:5] == ["正在公布", "2", "项"]
    published.tick("2026-11-27")
    assert listed(public.get("/public")) == [
        ["广安区政务服务中心", "广安市", "办事大厅", "1", "个"]
    ]
    version = hall.get()["version"]
    path = f"/api/halls/{hall.id}/closing"
    assert published.post(path, version=version).status_code == 200
    assert "现在没有中心公开内容" in public.get("/public").text


def test_a_center_is_found_by_name_and_code_also_where_nothing_is_public(published, public):
    for typed in ("广安区", "511602"):
        assert listed(public.get(f"/public?q={typed}"))[0][0] == "广安区政务服务中心", typed
    assert "没有符合的中心" in public.get("/public?q=100%25").text
    (other, *_) = listed(public.get("/public?q=武胜"))
    assert other[2:] == ["还没有公开的内容"]
    for wrong in ("page=x", "page=0", "per_page=9999", "sort=path"):
        assert public.get(f"/public?{wrong}").status_code == 200, wrong


def test_a_stranger_learns_nothing_on_the_start_page_but_how_much_there_is(
    published, public, hall, window
):
    page = public.get("/public").text
    assert len(page) < 16_000
    for inside in (
        "事项A1", "G2026-0001", published.case["number"], "审批局", "金安大道1号", "综合受理",
        published.me["account"]["name"], "/api/", "<script",
    ):  # fmt: skip
        assert inside not in page, inside
    followed = set(re.findall(r'href="(/[^"]*)"', page))
    assert followed == {"/public", "/public?lang=en", CENTER}


def test_in_no_center_the_public_reads_no_row_of_any(published, app, hall, window):
    scope = Scope(reach=Reach.PUBLIC)
    with app.app_context(), work(scope):
        for table in ("publication", "objection", "hall", "hall_window", "window_assignment"):
            count = text(f"SELECT count(tenant_id) FROM {table}")
            assert db.session.scalar(count) == 0, table


def gone(answer):
    """Return what an answer says, without the address that was asked for."""
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    return answer.text.split("<main")[1]


def test_unknown_centers_and_unknown_numbers_get_the_same_answer(published, public, hall, window):
    number = window.rsplit("/", 1)[1]
    found = {
        gone(public.get(path))
        for path in (
            "/public/", "/public/999999", "/public/511602/nothing",
            "/public/999999/publications/G2026-0001", f"{CENTER}/publications/G2026-9999",
            "/public/511622/publications/G2026-0001", f"{CENTER}/windows/999999",
            f"/public/511622/windows/{number}", f"{CENTER}/windows/99999999999999999999",
            f"{CENTER}/publications/G2026-9999/objection", "/public/x%00y", f"{CENTER}/windows/-1",
        )
    }  # fmt: skip
    assert len(found) == 1


def test_a_list_asks_the_database_the_same_whatever_its_length(published, public, sent):
    def asked():
        with sent() as statements:
            public.get(CENTER)
        return len(statements)

    one = asked()
    published.begin("A2")
    assert asked() == one
