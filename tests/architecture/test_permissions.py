"""Every route says what it needs, and a change of who may do what is seen in the review.

`permissions.txt` is written anew by
`WRITE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/architecture/test_permissions.py`.
"""

import os
from pathlib import Path

from jinzhu.core import access
from jinzhu.core.http import ROUTES
from jinzhu.core.language import knows
from jinzhu.identity.roles import ROLES

SNAPSHOT = Path(__file__).with_name("permissions.txt")
#: Pages for a browser, without anybody's data: the console, the API's documentation, its document.
PAGES = {"console", "documentation", "api-docs.openapi_json"}
WORDS = {access.ANYONE: "(anyone)", access.SIGNED_IN: "(signed in)"}


def lines(app) -> list[str]:
    """Return one line for each route and one for each role."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PAGES:
            continue
        route = ROUTES[rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            notes = [route.reach.value] * (route.reach.value != "own") + ["early"] * route.early
            needs = WORDS.get(route.needs, route.needs)
            found.append(f"{method:<6} {rule.rule} : {' '.join([needs, *notes])}")
    found.sort(key=lambda line: line.split()[1::-1])
    roles = [f"{code}: {' '.join(sorted(set(held)))}" for code, held in sorted(ROLES.items())]
    return [*found, "", *roles]


def test_every_address_has_a_route_with_a_permission_or_is_a_page(declared):
    endpoints = {rule.endpoint for rule in declared.url_map.iter_rules()}
    assert endpoints - PAGES == set(ROUTES)
    assert endpoints >= PAGES


def test_who_may_do_what_is_as_reviewed(declared):
    now = lines(declared)
    if os.environ.get("WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text("\n".join(now) + "\n", encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8").splitlines() == now


def test_every_permission_is_held_by_somebody_and_asked_for_by_something(declared):
    held = {permission for role in ROLES.values() for permission in role}
    assert held == access.DECLARED


def test_every_permission_has_words_for_whoever_is_refused(declared):
    assert [one for one in sorted(access.DECLARED) if not knows(f"choice.permission.{one}")] == []
