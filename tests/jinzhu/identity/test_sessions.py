"""Signing in and out: what a stranger learns, what a lock does, when a session ends."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from jinzhu.core.db import aside
from jinzhu.identity import sessions

PASSWORD = "Correct-Horse-7"
COOKIE = "jinzhu_session"


@pytest.fixture
def sql(app):
    """Run a statement beside the service, in the transaction of the test."""

    def run(statement: str, **values):
        with app.app_context(), aside() as connection:
            return connection.execute(text(statement), values)

    return run


@pytest.fixture
def client(app):
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in_as(client):
    """Try to sign in."""

    def tried(username="county", password=PASSWORD, **headers):
        given = {"username": username, "password": password}
        return client.post("/api/session", json=given, headers=headers)

    return tried


def wrong(sign_in_as, times: int) -> list[int]:
    """Try a wrong password so many times; return the answers."""
    return [sign_in_as(password="Wrong-Horse-7").status_code for _ in range(times)]


# Signing in


def test_the_right_password_opens_a_session(client, sign_in_as):
    answer = sign_in_as()
    assert answer.status_code == 200
    assert answer.json["account"]["username"] == "county"
    assert answer.json["post"]["center"]["name"] == "广安区"
    assert answer.json["post"]["role"] == {"code": "center_manager", "name": "中心管理员"}
    assert client.get("/api/me").json == answer.json


def test_spaces_around_the_name_do_not_matter(sign_in_as):
    assert sign_in_as(" county ").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, sign_in_as):
    known, unknown = sign_in_as(password="x"), sign_in_as("nobody", "x")
    assert (known.status_code, unknown.status_code) == (401, 401)
    for part in ("code", "title", "type", "detail"):
        assert known.json[part] == unknown.json[part], part
    assert set(known.json) == set(unknown.json)
    assert client.get_cookie(COOKIE) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(sign_in_as):
    (cookie,) = sign_in_as().headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"HttpOnly", "Path=/", "SameSite=Strict"}


def test_behind_https_the_cookie_is_sent_over_nothing_else(app, sign_in_as, monkeypatch):
    settings = type(app.config["SETTINGS"])
    fields = {name: getattr(app.config["SETTINGS"], name) for name in settings.__slots__}
    monkeypatch.setitem(app.config, "SETTINGS", settings(**{**fields, "secure_cookies": True}))
    assert "; Secure" in sign_in_as().headers["Set-Cookie"]


def test_only_a_hash_of_the_key_is_kept(client, sign_in_as, sql):
    sign_in_as()
    key = client.get_cookie(COOKIE).value
    (row,) = sql("SELECT * FROM sign_in").all()
    assert row.token_hash == hashlib.sha256(key.encode()).digest()
    assert len(key) >= 43
    assert key not in str(row)


def test_only_a_hash_of_the_password_is_kept(sql):
    kept = sql("SELECT password_hash FROM account").scalars().all()
    assert all(one.startswith("$argon2id$") and PASSWORD not in one for one in kept)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_cannot_sign_anybody_in(sign_in_as, site):
    answer = sign_in_as(**{"Sec-Fetch-Site": site})
    assert (answer.status_code, answer.json["code"]) == (403, "csrf")
    assert "Set-Cookie" not in answer.headers
    assert sign_in_as(**{"Sec-Fetch-Site": "same-origin"}).status_code == 200


# The lock


def test_the_fifth_wrong_password_locks_the_account(sign_in_as):
    assert wrong(sign_in_as, 5) == [401, 401, 401, 401, 423]
    right = sign_in_as()
    assert (right.status_code, right.json["code"]) == (423, "account_locked")


def test_four_wrong_passwords_do_not_lock_and_a_right_one_starts_anew(sign_in_as):
    assert wrong(sign_in_as, 4) == [401] * 4
    assert sign_in_as().status_code == 200
    assert wrong(sign_in_as, 4) == [401] * 4


def test_a_lock_opens_by_itself_after_half_an_hour(sign_in_as):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        wrong(sign_in_as, 5)
        clock.shift(timedelta(minutes=29, seconds=59))
        assert sign_in_as().status_code == 423
        clock.shift(timedelta(seconds=2))
        assert sign_in_as().status_code == 200


def test_a_lock_is_of_one_account_only(sign_in_as):
    wrong(sign_in_as, 5)
    assert sign_in_as("neighbour").status_code == 200


def test_trying_while_locked_does_not_make_the_lock_longer(sign_in_as):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        wrong(sign_in_as, 5)
        clock.shift(timedelta(minutes=29))
        wrong(sign_in_as, 5)
        clock.shift(timedelta(minutes=1, seconds=1))
        assert sign_in_as().status_code == 200


# The end of a session.  The database's own clock counts, so that the age is set there.


def aged(sql, minutes: int) -> None:
    """Let every session have been used last so many minutes ago."""
    sql("UPDATE sign_in SET last_seen_at = now() - make_interval(mins => :m)", m=minutes)


def test_a_session_ends_after_half_an_hour_without_use(client, sign_in_as, sql):
    sign_in_as()
    aged(sql, 29)
    assert client.get("/api/me").status_code == 200
    aged(sql, 31)
    answer = client.get("/api/me")
    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")


def test_each_use_begins_the_half_hour_anew(client, sign_in_as, sql):
    sign_in_as()
    aged(sql, 29)
    client.get("/api/me")
    seen = sql("SELECT now() - last_seen_at < interval '1 minute' FROM sign_in").scalar()
    assert seen


def test_a_use_a_moment_ago_is_not_written_again(client, sign_in_as, sql, sent):
    sign_in_as()
    with sent() as statements:
        client.get("/api/me")
    assert not [one for one in statements if "UPDATE sign_in" in one]


def test_a_key_that_is_none_is_nobody(client):
    client.set_cookie(COOKIE, "made-up")
    assert client.get("/api/me").status_code == 401


def test_signing_out_ends_this_session_on_the_server(app, sign_in):
    one, other = sign_in("county"), sign_in("county")
    key = one.client.get_cookie(COOKIE).value
    gone = one.send("DELETE", "/api/session")
    assert gone.status_code == 204
    assert one.client.get_cookie(COOKIE) is None
    one.client.set_cookie(COOKIE, key)
    assert one.get("/api/me").status_code == 401
    assert other.get("/api/me").status_code == 200


def test_signing_out_everywhere_ends_all_of_mine_and_nobody_elses(sign_in):
    one, other, neighbour = sign_in("county"), sign_in("county"), sign_in("neighbour")
    assert one.send("DELETE", "/api/sessions").status_code == 204
    assert one.get("/api/me").status_code == 401
    assert other.get("/api/me").status_code == 401
    assert neighbour.get("/api/me").status_code == 200


def test_every_session_has_a_token_of_its_own(sign_in):
    one, other = sign_in("county"), sign_in("county")
    assert one.token != other.token
    one.token = other.token
    assert one.send("DELETE", "/api/session").json["code"] == "csrf"


def test_the_time_between_two_writes_of_the_last_use_is_shorter_than_the_session(settings):
    assert settings.idle_minutes * 60 > sessions.TOUCH_AFTER


@pytest.mark.parametrize(("headers", "kept"), [({}, True), ({sessions.UNATTENDED: "1"}, False)])
def test_a_page_that_asks_by_itself_does_not_keep_an_absent_persons_session(
    sign_in, sql, headers, kept
):
    county = sign_in("county")
    sql("UPDATE sign_in SET last_seen_at = now() - interval '10 minutes'")
    assert county.get("/api/notices/unread", headers=headers).status_code == 200
    seen = sql("SELECT now() - last_seen_at < interval '1 minute' FROM sign_in").scalar()
    assert seen is kept
