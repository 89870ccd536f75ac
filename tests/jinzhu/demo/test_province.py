"""The demo province in the database: everything there, once, whatever interrupts the start."""

from collections import Counter

import pytest
from sqlalchemy import text

from jinzhu.demo import accounts, province
from jinzhu.hierarchy import provinces
from jinzhu.identity import passwords
from jinzhu.standards.editions import publication
from jinzhu.standards.records import bulk
from jinzhu.standards.rollouts import rollouts

IN_FORCE = """
    SELECT c.code, i.claim, count(*) FROM item i JOIN center c ON c.id = i.tenant_id
    JOIN adoption a ON a.tenant_id = i.tenant_id AND a.standard_id = i.standard_id
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = i.provision_id
    GROUP BY 1, 2
"""
ANSWERS = """
    SELECT c.code, p.kind, p.code, o.claim, o.reason, o.local, o.version FROM (
        SELECT tenant_id, provision_id, claim, reason, local, version FROM item
        UNION ALL
        SELECT tenant_id, provision_id, claim, reason, local, version FROM department) o
    JOIN center c ON c.id = o.tenant_id JOIN provision p ON p.id = o.provision_id ORDER BY 1, 2, 3
"""
EDITIONS = "SELECT number, state, entries, changes, content_hash FROM edition ORDER BY id"
CONFLICTS = """
    SELECT c.code, r.code, k.field, i.local -> k.field, r.content -> k.field FROM item i
    JOIN center c ON c.id = i.tenant_id
    JOIN adoption a ON a.tenant_id = i.tenant_id AND a.standard_id = i.standard_id
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = i.provision_id
    JOIN revision r ON r.id = e.revision_id
    CROSS JOIN unnest(app.broken(r.bounds, i.local)) k (field)
    WHERE i.claim = 'offered' ORDER BY 1, 2, 3
"""


@pytest.fixture(scope="module")
def answers(built):
    """Count the answers to items in force by center and claim."""
    return {(code, claim): count for code, claim, count in built.rows(IN_FORCE)}


def total(answers, center):
    return sum(count for (code, _), count in answers.items() if code == center)


def test_two_editions_are_published_and_the_third_is_a_draft(built):
    found = [row[:3] for row in built.rows(EDITIONS)]
    of_province = [(1, "published", 1209), (2, "published", 1209), (None, "draft", 1209)]
    of_line_and_county = [(1, "published", 2), (1, "published", 3)]
    of_city = [(1, "published", 24), (None, "draft", 27)]
    assert found == [*of_province, *of_city, *of_line_and_county]


def test_the_province_has_its_editions_reviewed_from_here_on(built):
    query = "SELECT nature, reviewed FROM standard WHERE reviewed"
    assert built.rows(query) == [("general", True)]


def test_every_center_of_the_province_is_on_the_second_edition(built):
    query = """SELECT amends_id IS NOT NULL, number, count(*) FROM adoption
        JOIN edition e ON e.id = edition_id JOIN standard s ON s.id = e.standard_id
        GROUP BY 1, 2 ORDER BY 1, 2"""
    # Five counties are on the edition of a line, one of them on its own as well.
    assert built.rows(query) == [(False, 1, 6), (False, 2, 205), (True, 1, 7)]
    assert built.rows("SELECT state, count(*) FROM delivery GROUP BY 1") == [("adopted", 422)]


def test_a_city_promises_more_than_the_province_asks_and_breaks_no_word_of_its_counties(built):
    query = """
        SELECT c.code, count(*), bool_and(r.content -> 'committed_limit'
            < b.content -> 'committed_limit') FROM adoption a
        JOIN center c ON c.id = a.tenant_id JOIN merged_entry m ON m.merged_id = a.merged_id
        JOIN revision r ON r.id = m.revision_id
        JOIN revision b ON b.id = (r.layers -> 'base')::bigint GROUP BY 1 ORDER BY 1
    """
    found = built.rows(query)
    assert {row[1:] for row in found} == {(24, True)}
    assert len(found) == 7
    assert all(code.startswith("5116") for code, *_ in found)


def test_guangan_has_answered_all_1135_items_in_every_way_there_is(answers):
    assert total(answers, "511602") == 1135
    assert answers["511602", "offered"] > 1000
    assert answers["511602", "not_offered"] > 10
    assert answers["511602", "covered_by"] == 5


def test_some_counties_are_half_way_and_others_have_not_begun(answers):
    assert all(200 < total(answers, county) < 1135 for county in ("511622", "511621", "510104"))
    assert total(answers, "511623") == 0


def test_all_34_departments_are_offered_in_guangan(built):
    query = """SELECT claim, count(*) FROM department JOIN center c ON c.id = tenant_id
        WHERE c.code = '511602' GROUP BY 1"""
    assert built.rows(query) == [("offered", 34)]


def test_a_few_counties_have_open_conflicts_and_guangan_is_one_of_them(built):
    query = """SELECT c.code, sum(open)::int FROM conflict_count
        JOIN center c ON c.id = tenant_id WHERE open > 0 GROUP BY 1"""
    found = dict(built.rows(query))
    assert found == Counter(row[0] for row in built.rows(CONFLICTS))
    assert 3 <= len(found) <= 8
    assert 3 <= found["511602"] <= 20


def test_the_change_log_says_who_answered(built):
    query = """SELECT DISTINCT a.username FROM change k JOIN center c ON c.id = k.tenant_id
        LEFT JOIN account a ON a.id = k.actor_id
        WHERE c.code = '511622' AND k.record = 'item' AND k.action = 'demo'"""
    assert built.rows(query) == [("wusheng",)]


def test_building_again_changes_nothing(built):
    before = built.rows(ANSWERS)
    assert built.build() is False
    assert built.rows(ANSWERS) == before


def test_the_accounts_are_listed_with_their_center_and_posts(built):
    with built.owner() as owner:
        found = {account["username"]: account for account in accounts.listing(owner)}
    assert list(found) == [person.username for person in accounts.PEOPLE]
    assert found["guangan"]["center"] == {"code": "511602", "name": "广安区", "level": "county"}
    assert found["guangan-social"]["posts"] == [
        {"role": "department_liaison", "center_code": "511602", "departments": ["BM09"]}
    ]
    assert len(found["two-posts"]["posts"]) == 2
    assert [post["center_code"] for post in found[accounts.GONE]["posts"]] == ["511622"]
    assert [name for name, one in found.items() if one["must_change_password"]] == ["newcomer"]


def test_somebody_can_sign_in_with_the_listed_password(built):
    with built.owner() as owner:
        (one, *_) = accounts.listing(owner)
        query = text("SELECT password_hash FROM account WHERE username = :username")
        stored = owner.scalar(query, one)
    assert passwords.matches(stored, one["password"])


def test_a_password_that_was_changed_is_no_longer_listed(built):
    with built.owner() as owner:
        change = "UPDATE account SET password_changed_at = now() WHERE username = 'clerk'"
        owner.execute(text(change))
        found = {account["username"]: account["password"] for account in accounts.listing(owner)}
        owner.rollback()
    assert (found["clerk"], found["guangan"]) == ("", accounts.PASSWORD)


class Killed(Exception):
    """The process ends here."""


def killed_at(monkeypatch, module, name, call):
    """Let one function end the process at its n-th call, once."""
    whole, calls = getattr(module, name), iter(range(1, 1000))

    def killed(*args, **kwargs):
        if next(calls) == call:
            monkeypatch.setattr(module, name, whole)
            raise Killed
        return whole(*args, **kwargs)

    monkeypatch.setattr(module, name, killed)


def test_a_start_interrupted_again_and_again_ends_as_one_that_was_not(built, unbuilt, monkeypatch):
    demo = unbuilt("demo_interrupted")
    for module, name, call in [
        (publication, "publish", 1),
        (rollouts, "run_now", 1),
        (bulk, "set_local_many", 2),
        (bulk, "claim_many", 12),
        (publication, "publish", 1),
        (rollouts, "start", 1),
        (accounts, "open_all", 1),
    ]:
        killed_at(monkeypatch, module, name, call)
        with pytest.raises(Killed):
            demo.build()
        with demo.owner() as owner:
            assert {account["password"] for account in accounts.listing(owner)} == {""}
    assert demo.build() is True
    assert demo.build() is False
    for query in (EDITIONS, ANSWERS, CONFLICTS):
        assert demo.rows(query) == built.rows(query)


def test_a_province_that_is_not_the_demos_own_is_left_alone(unbuilt):
    demo = unbuilt("demo_foreign")
    with demo.owner() as owner:
        assert province.needed(owner) is True
        provinces.create(owner, "37")
        assert province.needed(owner) is False
    assert demo.build() is False
    assert demo.rows("SELECT count(*) FROM account") == [(0,)]
    assert demo.rows("SELECT count(*) FROM standard") == [(0,)]
