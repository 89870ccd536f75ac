"""An address is asked by mail first; its links do one thing each, once, without signing in."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from jinzhu.core.calendar import Workdays
from jinzhu.core.db import db
from jinzhu.digest import service, timing
from jinzhu.digest.models import Frequency
from tests.jinzhu.digest.conftest import ADDRESS, DAILY, MINE


def give(browser, address=MINE):
    return browser.send("PUT", "/api/me/digest/address", json={"address": address})


@pytest.fixture
def person(posting, sign_in):
    """The manager of a county."""
    return sign_in("county")


def shown(browser):
    return browser.get("/api/me/digest").json


def test_at_first_nothing_is_wanted(person):
    found = shown(person)
    assert (found["configured"], found["state"], found["address"]) == (True, "none", "")
    assert (found["frequency"], found["next_on"], found["last"]) == ("off", None, None)
    assert found["center"] == "广安区"


def test_an_address_is_asked_first_and_confirmed_by_the_link(person, posting, sending, box, link):
    answer = give(person)
    assert (answer.status_code, answer.json.get("state")) == (200, "asked"), answer.text
    assert answer.json["address"] == "z***@example.gov.cn"
    assert sending() == 1
    assert box.receivers == [MINE]
    assert "广安区" in box.text_of()
    assert ADDRESS + link("confirmation") in box.page_of()
    stranger = posting.test_client()
    for _ in range(2):  # a mail program looks before its reader does
        page = stranger.get(link("confirmation"))
        assert (page.status_code, "确认邮箱" in page.text) == (200, True)
    assert shown(person)["state"] == "asked"
    assert "还没有选择" in stranger.post(link("confirmation")).text
    assert shown(person)["state"] == "confirmed"
    assert shown(person)["last"]["state"] == "sent"


def test_a_link_confirms_once(person, posting, sending, link):
    give(person)
    sending()
    stranger = posting.test_client()
    assert stranger.post(link("confirmation")).status_code == 200
    again = stranger.post(link("confirmation"))
    assert (again.status_code, "链接已失效" in again.text) == (404, True)
    assert shown(person)["state"] == "confirmed"


def test_a_link_is_good_for_two_days(person, posting, sending, link, sql):
    give(person)
    sending()
    sql("UPDATE digest SET confirm_until = now() - interval '1 second'")
    assert posting.test_client().post(link("confirmation")).status_code == 404
    assert shown(person)["state"] == "asked"
    assert timedelta(days=2) == service.GOOD_FOR


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "%00"])
def test_a_made_up_link_does_nothing(person, posting, token):
    give(person)
    for act in ("confirmation", "stop"):
        for method in ("GET", "POST"):
            path = f"/public/mail/{act}/{token}"
            assert posting.test_client().open(path, method=method).status_code in (404, 405)
    assert shown(person)["state"] == "asked"


def test_another_address_is_asked_anew_and_the_links_of_the_first_are_dead(
    person, posting, sending, link, box
):
    give(person)
    sending()
    first = link("confirmation")
    give(person, "li.si@example.gov.cn")
    sending()
    assert box.receivers == [MINE, "li.si@example.gov.cn"]
    stranger = posting.test_client()
    assert stranger.post(first).status_code == 404
    assert stranger.post(link("confirmation")).status_code == 200
    assert shown(person)["address"] == "l***@example.gov.cn"


def test_what_asks_can_be_sent_again_some_times_a_day(person, sending, box):
    give(person)
    for _ in range(service.MOST_ASKED - 1):
        assert person.post("/api/me/digest/confirmation").status_code == 200
    for answer in (person.post("/api/me/digest/confirmation"), give(person)):
        assert (answer.status_code, answer.json["code"]) == (429, "asked_too_often")
    sending()
    # Those before the last have another link, and are not worth sending any more.
    assert len(box.letters) == 1


def test_there_is_nothing_to_confirm_without_an_address_or_once_it_is(
    person, posting, sending, link
):
    assert person.post("/api/me/digest/confirmation").json["code"] == "nothing_to_confirm"
    give(person)
    sending()
    posting.test_client().post(link("confirmation"))
    assert person.post("/api/me/digest/confirmation").json["code"] == "nothing_to_confirm"


WRONG = ["", "zhang", "zhang@", "@example.cn", "zhang@example", "a b@example.cn", "张@example.cn",
         "a@example.cn\nBcc: b@example.cn", "a@example.cn,b@example.cn", f"{'a' * 65}@example.cn",
         f"a@{'b.' * 120}cn"]  # fmt: skip


@pytest.mark.parametrize("address", WRONG)
def test_what_is_no_address_is_refused_by_name(person, address, box, sending):
    answer = give(person, address)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["address"]
    assert shown(person)["state"] == "none"
    assert (sending(), box.letters) == (0, [])


def test_it_is_chosen_when_with_an_address_only(person):
    answer = person.send("PUT", "/api/me/digest", json=DAILY)
    assert (answer.status_code, answer.json["code"]) == (409, "no_mail_address")
    off = person.send("PUT", "/api/me/digest", json={**DAILY, "frequency": "off"})
    assert (off.status_code, off.json["frequency"]) == (200, "off")


@pytest.mark.parametrize(
    ("name", "value"), [("frequency", "hourly"), ("hour", 24), ("hour", -1), ("language", "de")]
)
def test_a_choice_outside_the_choices_is_refused_by_name(person, name, value):
    give(person)
    answer = person.send("PUT", "/api/me/digest", json={**DAILY, name: value})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [name]


def test_the_address_is_sealed_and_of_a_link_a_hash_is_kept(person, sending, link, sql, posting):
    give(person)
    sending()
    token = link("confirmation").split("/")[-1].split("?")[0]
    stored = sql("SELECT to_jsonb(d)::text AS row FROM digest d").scalar()
    letters = sql("SELECT string_agg(to_jsonb(l)::text, '') FROM digest_letter l").scalar()
    jobs = sql("SELECT string_agg(to_jsonb(j)::text, '') FROM job j").scalar()
    for kept in (stored, letters, jobs):
        assert kept
        assert "zhang.san" not in kept
        assert token not in kept


def test_a_forgotten_address_leaves_nothing_and_its_links_are_dead(
    person, posting, sending, link, sql
):
    give(person)
    sending()
    assert person.send("DELETE", "/api/me/digest/address").json["state"] == "none"
    assert posting.test_client().post(link("confirmation")).status_code == 404
    row = sql("SELECT address, seed, confirm_hash, stop_hash, frequency FROM digest").one()
    assert tuple(row) == ("", "", "", "", "off")
    assert person.send("DELETE", "/api/me/digest/address").status_code == 200


# Who sees what


def test_what_somebody_wants_is_seen_by_nobody_else(person, sign_in):
    give(person)
    for other in ("clerk", "liaison", "neighbour", "city", "province"):
        assert shown(sign_in(other))["state"] == "none"
    colleague = sign_in("clerk")
    give(colleague, "wang@example.gov.cn")
    colleague.send("DELETE", "/api/me/digest/address")
    assert shown(person)["state"] == "asked"


@pytest.mark.parametrize("table", ["digest", "digest_letter"])
def test_the_database_keeps_people_apart(person, at, table):
    """Somebody sees the own rows; the clock, where nobody acts, those of its center."""
    give(person)
    me = person.me["account"]["id"]
    count = text(f"SELECT count(*) FROM {table}")
    seen = {}
    for name, center, actor in [
        ("mine", "广安区", me),
        ("colleague", "广安区", me + 1000),
        ("clock", "广安区", None),
        ("neighbour", "武胜县", None),
        ("same person elsewhere", "武胜县", me),
    ]:
        with at(center, actor_id=actor):
            seen[name] = db.session.scalar(count)
    assert seen == {
        "mine": 1, "colleague": 0, "clock": 1, "neighbour": 0, "same person elsewhere": 0,
    }  # fmt: skip


def test_an_installation_without_a_mail_server_says_so_and_takes_nothing(app, sign_in):
    person = sign_in("county")
    assert shown(person)["configured"] is False
    for answer in (give(person), person.post("/api/me/digest/confirmation")):
        assert (answer.status_code, answer.json["code"]) == (409, "mail_not_configured")
    assert shown(person)["state"] == "none"


# Days


def test_a_week_begins_with_its_first_working_day():
    monday = date(2026, 11, 23)
    days = Workdays({monday: False})
    assert [timing.due_on(monday + timedelta(n), Frequency.WEEKLY, days) for n in range(7)] == [
        False, True, False, False, False, False, False,
    ]  # fmt: skip
    assert [timing.due_on(monday + timedelta(n), Frequency.DAILY, days) for n in range(7)] == [
        False, True, True, True, True, False, False,
    ]  # fmt: skip
    assert not timing.due_on(monday, Frequency.OFF, Workdays())
    assert timing.upcoming(monday, Frequency.WEEKLY, days) == monday + timedelta(1)
