"""Nobody learns from a sign-in whether there is an account of a name."""

import pytest

from jinzhu.identity import passwords


@pytest.fixture
def answers(app):
    """Give a name five wrong passwords and return what was answered."""
    client = app.test_client()

    def given(username: str) -> list[tuple[int, object]]:
        body = {"username": username, "password": "wrong"}
        sent = [client.post("/api/session", json=body) for _ in range(6)]
        return [(answer.status_code, answer.json.get("attempts_left")) for answer in sent]

    return given


def test_an_unknown_name_is_counted_and_locked_like_any_other(answers):
    known = answers("county")
    assert known == [(401, 4), (401, 3), (401, 2), (401, 1), (423, None), (423, None)]
    assert answers("nobody-of-this-name") == known


def test_to_compare_with_nobodys_password_costs_what_any_other_comparison_does():
    cost = slice(0, 4)  # the procedure, its version and what it takes
    assert passwords.NOBODYS.split("$")[cost] == passwords.protect("any").split("$")[cost]
    assert not passwords.matches(passwords.NOBODYS, "any")
