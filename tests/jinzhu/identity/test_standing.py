"""What a person may do hangs on the posts of today; an account alone opens nothing.

On a database of its own, because what the office changes has to be committed before it counts.
"""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from jinzhu import migrate

PASSWORD = "Correct-Horse-7"
NEW = "Battery-Staple-9"
NAMES = count(1)


@pytest.fixture(scope="module")
def place(new_province, app_on):
    """A service of our own, on which everything stays."""
    settings = new_province("identity")
    with app_on(settings) as app:
        yield app


@pytest.fixture(scope="module")
def office(place):
    """What the office does to accounts and posts, as the owner of the tables."""
    engine = migrate.owner_engine(place.config["SETTINGS"])

    def run(statement: str, **values):
        with engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return found.all() if found.returns_rows else []

    yield run
    engine.dispose()


@pytest.fixture(scope="module")
def hashed(office):
    """What is kept of the password."""
    return office("SELECT password_hash FROM account WHERE username = 'county'")[0][0]


@pytest.fixture
def person(office, hashed):
    """Make a person with posts: (center, role, first day, last day) with days from today."""

    def made(*posts, must_change: bool = False) -> str:
        username = f"person{next(NAMES)}"
        office(
            """INSERT INTO account (username, name, password_hash, must_change_password)
            VALUES (:username, :username, :hashed, :must_change)""",
            username=username,
            hashed=hashed,
            must_change=must_change,
        )
        for center, role, *days in posts or [("广安区", "clerk")]:
            first, last = days or (timedelta(0), None)
            office(
                """INSERT INTO post (account_id, center_id, role_code, starts_on, ends_on)
                SELECT a.id, c.id, :role, current_date + :first,
                    (current_date + CAST(:last AS interval))::date
                FROM account a, center c WHERE a.username = :username AND c.name = :center""",
                username=username,
                center=center,
                role=role,
                first=first,
                last=last,
            )
        return username

    return made


@pytest.fixture
def browse(place):
    """Open a browser, sign in, and return a way to ask."""

    def opened(username: str, password: str = PASSWORD):
        client = place.test_client()
        answer = client.post("/api/session", json={"username": username, "password": password})

        def ask(method: str, path: str, json=None):
            headers = {"X-CSRF-Token": (answer.json or {}).get("csrf_token", "")}
            return client.open(path, method=method, json=json, headers=headers)

        ask.answer = answer
        return ask

    return opened


# Posts


def test_a_person_with_two_posts_acts_at_one_at_a_time(person, browse):
    ask = browse(person(("广安区", "center_manager"), ("广安市", "clerk")))
    me = ask("GET", "/api/me").json
    assert [post["center"]["name"] for post in me["posts"]] == ["广安区", "广安市"]
    assert me["post"] == me["posts"][0]
    assert "item.claim" in me["permissions"]

    changed = ask("PUT", "/api/me/post", {"post_id": me["posts"][1]["id"]})
    assert changed.status_code == 200
    assert changed.json["post"]["center"]["name"] == "广安市"
    assert "item.claim" not in changed.json["permissions"]
    now = ask("GET", "/api/me").json
    assert (now["post"], now["permissions"]) == (changed.json["post"], changed.json["permissions"])
    assert ask("POST", "/api/items/claims", {"claim": "offered"}).status_code == 403


def test_the_post_of_another_session_stays(person, browse):
    username = person(("广安区", "center_manager"), ("广安市", "clerk"))
    one, other = browse(username), browse(username)
    second = one("GET", "/api/me").json["posts"][1]["id"]
    one("PUT", "/api/me/post", {"post_id": second})
    assert other("GET", "/api/me").json["post"]["center"]["name"] == "广安区"


def test_nobody_acts_at_somebody_elses_post(person, browse):
    ask = browse(person(("广安区", "clerk")))
    mine = ask("GET", "/api/me").json["post"]
    theirs = browse(person(("广安区", "center_manager")))("GET", "/api/me").json["post"]["id"]
    for number in (theirs, 10**6):
        answer = ask("PUT", "/api/me/post", {"post_id": number})
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert ask("GET", "/api/me").json["post"] == mine


YESTERDAY, TODAY, TOMORROW = timedelta(-1), timedelta(0), timedelta(1)


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (YESTERDAY, None, True),
        (TODAY, TODAY, True),
        (YESTERDAY, TOMORROW, True),
        (TOMORROW, None, False),
        (timedelta(-9), YESTERDAY, False),
    ],
)
def test_a_post_counts_from_its_first_day_to_its_last(person, browse, first, last, holds):
    answer = browse(person(("广安区", "clerk", first, last))).answer
    assert answer.status_code == (200 if holds else 403)
    assert answer.json.get("code") == (None if holds else "no_post")


def test_a_post_that_has_ended_is_not_offered_beside_one_that_holds(person, browse):
    ended = ("广安区", "center_manager", timedelta(-9), YESTERDAY)
    me = browse(person(ended, ("广安市", "clerk")))("GET", "/api/me").json
    assert [post["center"]["name"] for post in me["posts"]] == ["广安市"]


def test_a_session_ends_with_its_post(person, browse, office):
    username = person(("广安区", "clerk"))
    ask = browse(username)
    assert ask("GET", "/api/me").status_code == 200
    office(
        """UPDATE post SET starts_on = current_date - 9, ends_on = current_date - 1
        WHERE account_id = (SELECT id FROM account WHERE username = :username)""",
        username=username,
    )
    assert ask("GET", "/api/me").status_code == 401


def test_an_inactive_account_signs_in_no_more_and_its_sessions_end(person, browse, office):
    username, other = person(), person()
    ask, beside = browse(username), browse(other)
    assert ask("GET", "/api/me").status_code == 200
    office("UPDATE account SET active = false WHERE username = :username", username=username)
    assert ask("GET", "/api/me").status_code == 401
    assert browse(username).answer.json["code"] == "wrong_credentials"
    assert beside("GET", "/api/me").status_code == 200


# Passwords


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("Short-7", "length"),
        ("alllowercaseletters", "classes"),
        ("lowercase-and-signs", "classes"),
        ("x" * 201 + "A7", "length"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(person, browse, new, rule):
    ask = browse(person())
    answer = ask("PUT", "/api/me/password", {"current": PASSWORD, "new": new})
    assert answer.status_code == 422
    faults = answer.json["errors"]
    assert [(fault["field"], fault["rule"]) for fault in faults] == [("new", rule)]
    assert new not in answer.text


def test_a_password_with_the_own_name_in_it_is_refused(person, browse):
    username = person()
    ask = browse(username)
    given = {"current": PASSWORD, "new": f"{username.upper()}-secret-7"}
    answer = ask("PUT", "/api/me/password", given)
    assert [fault["rule"] for fault in answer.json["errors"]] == ["username"]


def test_a_new_password_is_a_different_one(person, browse):
    ask = browse(person())
    answer = ask("PUT", "/api/me/password", {"current": PASSWORD, "new": PASSWORD})
    assert [fault["rule"] for fault in answer.json["errors"]] == ["differs"]


def test_who_changes_a_password_must_know_the_present_one(person, browse):
    username = person()
    ask = browse(username)
    answer = ask("PUT", "/api/me/password", {"current": "Wrong-Horse-7", "new": NEW})
    assert [fault["field"] for fault in answer.json["errors"]] == ["current"]
    assert browse(username, NEW).answer.status_code == 401


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(person, browse):
    username = person()
    one, other = browse(username), browse(username)
    answer = one("PUT", "/api/me/password", {"current": PASSWORD, "new": NEW})
    assert answer.status_code == 204
    assert one("GET", "/api/me").status_code == 200
    assert other("GET", "/api/me").status_code == 401
    assert browse(username).answer.status_code == 401
    assert browse(username, NEW).answer.status_code == 200


def test_a_password_is_kept_as_expensive_as_rfc_9106_wants_it(person, browse, office):
    username = person()
    browse(username)("PUT", "/api/me/password", {"current": PASSWORD, "new": NEW})
    kept = "SELECT password_hash FROM account WHERE username = :username"
    ((hashed,),) = office(kept, username=username)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_the_first_password_must_be_changed_before_anything_else(person, browse):
    username = person(must_change=True)
    ask = browse(username)
    assert ask.answer.json["must_change_password"] is True
    shut = ask("GET", "/api/items")
    assert (shut.status_code, shut.json["code"]) == (403, "password_change_required")
    assert ask("GET", "/api/me").status_code == 200
    ask("PUT", "/api/me/password", {"current": PASSWORD, "new": NEW})
    assert ask("GET", "/api/items").status_code == 200
    assert ask("GET", "/api/me").json["must_change_password"] is False
