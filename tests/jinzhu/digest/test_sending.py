"""The digest: what waits, for who wants it, once for its day, and never more than they may see."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from jinzhu import migrate
from jinzhu.core import calendar, jobs
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import sentences
from jinzhu.digest import jobs as letters
from jinzhu.standards import desk, notices
from jinzhu.workdays import service as workdays
from tests.jinzhu.digest.conftest import ADDRESS, DAILY
from tests.tenants.procedure.test_cases import begin, through

pytestmark = pytest.mark.usefixtures("working_day")
DESK = Path(__file__).parents[3] / "frontend/src/locales/zh-CN/desk.ts"
#: What a notice is filled in with that nobody typed in the moment.
PLAIN = {
    *("act", "begun", "by", "case", "center", "conflicts", "count", "day", "days", "document"),
    *("duties", "provisions"),
    *("done", "edition", "fields", "kind", "label", "n", "name", "number", "owner", "place"),
    *("refused", "rest", "standard", "step", "title", "to", "until", "wanted"),
}


@pytest.fixture
def late(county, sql):
    """Make a case of the county whose step is overdue; beside it one that is not."""
    case = through(county, begin(county), "S1")
    sql(
        "UPDATE case_step SET due_on = :day WHERE state = 'open' AND code = 'S3'",
        day=today() - timedelta(days=3),
    )
    return case


def states(sql):
    rows = sql("SELECT purpose, state, attempts FROM digest_letter ORDER BY id").all()
    return [(row.state, row.attempts) for row in rows if row.purpose == "digest"]


# What it tells


def test_what_waits_comes_with_number_days_and_link_and_what_is_late_says_so(
    county, late, wants, ring, box
):
    shown = wants(county)
    assert (shown.state, shown.frequency) == ("confirmed", "daily")
    assert ring() == 1
    letter, (told, page) = box.letters[-1], (box.text_of(), box.page_of())
    assert letter["Subject"] == f"广安区待办提醒（{today()}）：待办 1 件，逾期 1 件"
    for part in (told, page):
        assert late["number"] in part
        assert f"{today() - timedelta(days=3)} 前办结" in part
        assert f"{ADDRESS}/cases/{late['id']}" in part
        assert "已超期" in part
        assert "人社局 · 进驻" in part
    assert "待我办理：1 件，其中已超期 1 件" in told
    assert re.search(
        rf"^- \[已超期\] {late['number']} .*\s+^  评估 .* 前办结\s+^  https", told, re.M
    )
    assert "<script" not in page
    assert not re.search(r"<img|src=|@import|url\(", page)
    assert letter["List-Unsubscribe"].startswith(f"<{ADDRESS}/public/mail/stop/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_stands_on_the_desk_stands_in_the_letter_and_nothing_else(
    county, late, wants, ring, box
):
    wants(county)
    ring()
    covered = {code for one in desk.LISTINGS["todo"] for code in one.covers}
    said = sentences("zh-CN")
    found = county.get("/api/desk").json["todo"]
    expected = {
        f"- {said['digest.todo.' + one['code']]}: {one['count']}"
        for one in found
        if one["code"] not in covered
    }
    told = {line for line in box.text_of().splitlines() if re.match(r"- .*: \d+$", line)}
    assert told == expected != set()


def test_it_speaks_the_language_that_was_chosen(county, late, wants, ring, box):
    wants(county, language="en")
    ring()
    assert box.letters[-1]["Subject"].startswith("Reminder of 广安区")
    assert "Waiting for me: 1, overdue: 1" in box.text_of()
    assert "待我办理" not in box.text_of()


def test_every_entry_of_the_desk_can_be_told_in_a_letter():
    block = re.search(r"todoName: \{(.*?)\n  \}", DESK.read_text("utf-8"), re.S)
    assert block
    names = set(re.findall(r"^    (\w+):", block[1], re.M)) - {"rollout_running"}
    covered = {code for found in desk.LISTINGS.values() for one in found for code in one.covers}
    told = {key.split(".")[-1] for key in sentences("zh-CN") if key.startswith("digest.todo.")}
    assert covered <= names
    assert told == names - covered


def test_a_notice_leaves_the_service_without_what_somebody_typed(
    county, late, wants, ring, box, at
):
    with at("广安区"):
        center = db.session.scalar(text("SELECT app.tenant_id()"))
        notices.tell(
            [center],
            "edition_withdrawn",
            values={"standard": "省标准", "number": 3, "reason": "张三投诉", "owner": "四川省"},
            to="/editions/3",
            needs="",
        )
    wants(county)
    ring()
    assert "《省标准》第3版已撤回" in box.text_of()
    assert "张三" not in box.text_of() + box.page_of()
    assert "张三投诉" in str(county.get("/api/notices").json)


def test_whatever_fills_in_a_notice_is_known_to_be_typed_or_not():
    told = [text for key, text in sentences("zh-CN").items() if key.startswith("notice.")]
    blanks = {name for one in told for name in re.findall(r"\{(\w+)\}", one)}
    assert blanks - PLAIN == notices.TYPED


def test_a_post_for_a_department_is_told_of_nothing_else(county, late, wants, ring, box, sign_in):
    begin(county, subject_id=county_other(county))
    liaison = sign_in("liaison")
    wants(liaison, "li@example.gov.cn")
    ring()
    own = {row["number"] for row in liaison.get("/api/cases?mine=true&state=running").json["rows"]}
    everything = {row["number"] for row in county.get("/api/cases").json["rows"]}
    told = set(re.findall(r"\d{4}-\d{4}(?= )", box.text_of()))
    assert told == own
    assert own < everything


def county_other(county):
    duties = county.get("/api/departments").json["rows"]
    return next(row["provision_id"] for row in duties if row["code"] == "D01")


# When it comes


def test_where_nothing_waits_nothing_is_sent(late, wants, ring, box, sign_in, sql):
    clerk = sign_in("clerk")
    wants(clerk)
    box.letters.clear()
    assert ring() == 1
    assert (box.letters, states(sql)) == ([], [("empty", 0)])


def test_it_comes_once_for_its_day(county, late, wants, ring, box, sql):
    wants(county)
    box.letters.clear()
    assert [ring(), ring()] == [1, 0]
    county.send("PUT", "/api/me/digest", json={**DAILY, "frequency": "weekly"})
    county.send("PUT", "/api/me/digest", json=DAILY)
    sql("UPDATE digest SET looked_on = NULL")
    ring()
    assert (len(box.letters), states(sql)) == (1, [("sent", 1)])


def test_on_a_day_off_nothing_comes_and_it_is_not_made_up_for(county, late, wants, ring, box, at):
    wants(county)
    box.letters.clear()
    day = today()
    with at("四川省", "standards_officer"):
        _off(day)
    assert (ring(), box.letters) == (0, [])


def _off(day):
    if workdays.PUBLIC.is_working(day):
        workdays.set_day(day, working=False, name="测试")
    else:
        workdays.unset_day(day)


def test_before_its_hour_nothing_comes(county, late, wants, box, at, posting):
    wants(county, hour=11)
    box.letters.clear()
    for hour, found in ((10, 0), (11, 1)):
        with at("广安区", actor_id=None):
            _begin_at(hour)
            written = text("SELECT count(*) FROM digest_letter WHERE purpose = 'digest'")
            assert db.session.scalar(written) == found


def _begin_at(hour):
    morning, calendar.MORNING = calendar.MORNING, calendar.MORNING.replace(hour=hour)
    try:
        with calendar.as_on(today()):
            letters.begin(day=today())
    finally:
        calendar.MORNING = morning


def test_who_wants_none_or_has_not_confirmed_gets_none(county, late, wants, ring, box):
    wants(county, frequency="off")
    county.send("PUT", "/api/me/digest/address", json={"address": "new@example.gov.cn"})
    county.send("PUT", "/api/me/digest", json=DAILY)
    box.letters.clear()
    ring()
    assert [one["Subject"] for one in box.letters] == ["请确认接收待办提醒的邮箱"]


def test_who_has_no_post_any_more_gets_none(county, late, wants, ring, box, sql, seats_end):
    wants(county)
    box.letters.clear()
    seats_end("county")
    ring()
    assert (box.letters, states(sql)) == ([], [("empty", 0)])


@pytest.fixture
def seats_end(app):
    """End the posts of somebody until the test is over."""
    owner = migrate.owner_engine(app.config["SETTINGS"])
    change = text("""UPDATE post SET starts_on = :begin, ends_on = :end
        WHERE account_id = (SELECT id FROM account WHERE username = :name)""")
    ended = []

    def end(name):
        with owner.begin() as connection:
            last = today() - timedelta(days=1)
            connection.execute(change, {"begin": last, "end": last, "name": name})
        ended.append(name)

    yield end
    with owner.begin() as connection:
        for name in ended:
            connection.execute(change, {"begin": today(), "end": None, "name": name})
    owner.dispose()


def test_without_a_mail_server_nothing_is_tried(
    county, late, wants, ring, box, posting, monkeypatch
):
    wants(county)
    box.letters.clear()
    settings = replace(posting.config["SETTINGS"], mail=None)
    monkeypatch.setitem(posting.config, "SETTINGS", settings)
    assert (ring(), box.letters) == (0, [])
    assert county.get("/api/me/digest").json["configured"] is False


# What the mail server says


def test_an_address_that_is_refused_gets_nothing_more_and_the_page_says_so(
    county, late, wants, ring, box, sql
):
    wants(county)
    box.recipient = "550 5.1.1 no such user"
    ring()
    shown = county.get("/api/me/digest").json
    assert (shown["state"], shown["next_on"]) == ("refused", None)
    assert (shown["last"]["state"], shown["last"]["code"]) == ("failed", "550")
    box.recipient = "250 OK"
    box.letters.clear()
    sql("UPDATE digest SET looked_on = NULL")
    assert (ring(today() + timedelta(days=1)), box.letters) == (0, [])


def test_what_is_not_taken_for_now_is_sent_later_once(county, late, wants, ring, box, sql):
    wants(county)
    box.letters.clear()
    box.recipient = "450 4.2.1 try later"
    ring()
    assert states(sql) == [("waiting", 1)]
    assert ring() == 0
    box.recipient = "250 OK"
    sql("UPDATE digest_letter SET try_after = now() WHERE state = 'waiting'")
    assert (ring(), ring(), len(box.letters)) == (1, 0, 1)
    assert states(sql) == [("sent", 2)]


def test_what_is_never_taken_is_given_up(county, late, wants, ring, box, sql):
    wants(county)
    box.letters.clear()
    box.recipient = "450 4.2.1 try later"
    most = len(letters.TRIED_AGAIN) + 1
    for _ in range(most + 2):
        ring()
        sql("UPDATE digest_letter SET try_after = now() WHERE state = 'waiting'")
    assert (states(sql), box.letters) == ([("failed", most)], [])


def test_what_was_not_sent_on_its_day_is_not_sent_the_next(county, late, wants, ring, box, sql):
    wants(county)
    box.recipient = "450 4.2.1 try later"
    ring()
    box.recipient = "250 OK"
    sql("UPDATE digest SET frequency = 'off'")
    sql("UPDATE digest_letter SET try_after = now() WHERE state = 'waiting'")
    box.letters.clear()
    ring(today() + timedelta(days=1))
    assert (states(sql), box.letters) == ([("failed", 1)], [])


def test_one_is_refused_and_the_others_get_theirs(county, late, wants, ring, box, sign_in, sql):
    wants(county)
    wants(sign_in("liaison"), "li@example.gov.cn")
    box.letters.clear()
    box.content = "554 5.6.0 not this"
    ring()
    assert states(sql) == [("failed", 1), ("failed", 1)]
    assert county.get("/api/me/digest").json["state"] == "confirmed"


# Ending it


def test_one_click_ends_it_without_signing_in(county, late, wants, ring, box, link, posting, sql):
    wants(county)
    ring()
    stop, stranger = link("stop"), posting.test_client()
    assert stop in box.page_of().replace("&amp;", "&")
    assert "不再接收" in stranger.get(stop).text
    assert county.get("/api/me/digest").json["frequency"] == "daily"
    once = stranger.post(stop, data={"List-Unsubscribe": "One-Click"})
    again = stranger.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert (once.status_code, again.status_code) == (200, 200)
    assert county.get("/api/me/digest").json["frequency"] == "off"
    sql("UPDATE digest SET looked_on = NULL")
    box.letters.clear()
    assert (ring(), box.letters) == (0, [])


def test_what_was_written_before_is_not_sent_after_it_was_ended(
    county, late, wants, posting, box, sending, sql, at
):
    wants(county)
    box.letters.clear()
    with at("广安区", actor_id=None):
        letters.begin(day=today())
    county.send("PUT", "/api/me/digest", json={**DAILY, "frequency": "off"})
    assert sending() == 1
    assert (box.letters, states(sql)) == ([], [("empty", 0)])


def test_a_job_that_is_stopped_leaves_nothing_open(county, late, wants, box, sending, sql, at):
    wants(county)
    box.letters.clear()
    with at("广安区", actor_id=None):
        letters.begin(day=today())
        number = db.session.scalar(text("SELECT max(id) FROM job"))
        jobs.cancel(number)
    sending()
    assert (box.letters, states(sql)) == ([], [("failed", 0)])
