"""The complete county: what every page says of it agrees, and agrees with the rows."""

import pytest

from jinzhu.core.calendar import today
from jinzhu.demo import accounts, catalogue, entries

OFFERED = """
    SELECT coalesce(e.state, 'not_entered'), count(*) FROM {0} t
    JOIN center c ON c.id = t.tenant_id AND c.code = '511602'
    JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
    JOIN edition_entry n ON n.edition_id = a.edition_id AND n.provision_id = t.provision_id
    LEFT JOIN entry e ON e.tenant_id = t.tenant_id AND e.subject_id = t.provision_id
        AND e.until IS NULL
    WHERE t.claim = 'offered' GROUP BY 1
"""


@pytest.fixture(scope="module")
def reader(built, browser_of):
    """Somebody signed in at the built demo, by user name; signed in once."""
    known = {}

    def of(username):
        if username not in known:
            known[username] = browser_of(built.app, username, accounts.PASSWORD)
        return known[username]

    return of


@pytest.fixture(scope="module")
def county(reader):
    return reader("guangan")


def total(browser, path):
    return browser.get(path).json["total"]


@pytest.mark.parametrize("kind", ["item", "department"])
def test_the_figures_of_every_page_agree_and_are_those_of_sql(built, county, reader, kind):
    rows = dict(built.rows(OFFERED.format(kind)))
    rates = county.get(f"/api/entries/rates?object={kind}").json["total"]
    states = ("entered", "not_entered", "excluded", "suspended", "left")
    assert {state: rates[state] for state in states} == {s: rows.get(s, 0) for s in states}
    assert rates["offered"] == sum(rows.values()) == total(county, f"/api/{kind}s")
    for state in states:
        assert total(county, f"/api/entries?object={kind}&state={state}") == rates[state]
    assert total(county, f"/api/entries?object={kind}&due=true") == rates["due"]
    own = next(
        row
        for row in reader("province-watch")
        .get(f"/api/entries/below?object={kind}&each=true")
        .json["rows"]
        if row["center"]["code"] == "511602" and row["center"]["level"] == "county"
    )
    assert {name: own[name] for name in (*states, "due", "rate")} == {
        name: rates[name] for name in (*states, "due", "rate")
    }
    coverage = reader("guangan-city").get(f"/api/coverage?kind={kind}").json["rows"]
    covered = next(row for row in coverage if row["center"]["code"] == "511602")
    assert covered["offered"] == rates["offered"]
    desk = {figure["code"]: figure for figure in county.get("/api/desk").json["figures"]}
    assert desk[f"{kind}s_complete"]["of"] == rates["offered"]


def test_by_type_and_by_department_come_to_the_same(county):
    by_type = county.get("/api/entries/rates?by=group").json
    by_department = county.get("/api/entries/rates?by=department").json
    assert by_type["total"] == by_department["total"]
    assert 96 <= by_type["total"]["rate"] <= 99
    assert len(by_department["groups"]) == 34


def test_all_that_a_center_has_is_found_as_often_as_it_is_listed(built, county):
    for kind, listed in (("item", "/api/items?q=许可"), ("window", "/api/windows?q=综合受理")):
        word = listed.split("=")[1]
        assert total(county, f"/api/find/all?kind={kind}&q={word}") == total(county, listed) > 0
    halls = total(county, "/api/halls")
    assert halls == len(built.rows("SELECT 1 FROM hall")) == 4
    windows = [row["windows"] for row in county.get("/api/halls").json["rows"]]
    assert sum(windows) == total(county, "/api/windows") == 68


def test_cases_stand_at_different_steps_one_overdue_one_stopped_one_sent_back(county):
    running = county.get("/api/cases?state=running&per_page=100").json
    over = total(county, "/api/cases?state=over")
    assert running["total"] + over == sum(one.place == entries.COUNTY for one in entries.CASES)
    assert {(row["object"], row["kind"]) for row in running["rows"]} >= {
        (planned.object, planned.kind) for planned in entries.CASES
    }
    assert total(county, "/api/cases?state=running&overdue=true") == 3
    steps = [
        step
        for row in running["rows"]
        for step in county.get(f"/api/cases/{row['id']}").json["steps"]
    ]
    assert any(step["state"] == "suspended" for step in steps)
    assert any(step["round"] == 2 and step["state"] == "open" for step in steps)
    waiting = county.get("/api/entries/rates").json["total"]["under_way"]
    assert waiting == total(county, "/api/entries?state=not_entered&waiting=case") > 5


def test_a_department_of_each_class_without_a_real_one_is_on_its_way_in(county, reader):
    here = county.get("/api/departments/roster?per_page=50").json["rows"]
    assert len(here) == 34
    county = reader("wusheng")
    rows = {
        row["code"]: row for row in county.get("/api/departments/roster?per_page=50").json["rows"]
    }
    for code, name, class_ in catalogue.MADE_UP:
        assert (rows[code]["name"], rows[code]["department_class"]) == (name, class_)
        assert "演示" in name
        case = county.get(f"/api/cases/{rows[code]['case']['id']}").json
        assert [step["state"] for step in case["steps"]][:2] == ["done", "open"]
        assert len(case["documents"]) == 1


def test_one_power_of_attorney_ends_soon_and_one_has_ended(county):
    rows = {
        mark: county.get(f"/api/departments/roster?mark={mark}").json["rows"]
        for mark in ("power_ending", "power_ended")
    }
    assert [row["code"] for row in rows["power_ending"]] == ["BM14"]
    assert [row["code"] for row in rows["power_ended"]] == ["BM18"]


def test_the_city_is_told_of_a_step_that_is_long_overdue(county, reader):
    (row,) = reader("guangan-city").get("/api/escalations").json["rows"]
    case = county.get(f"/api/cases/{row['id']}").json
    assert "escalate_superior" in [line["action"] for line in case["trace"]]


def test_a_step_waits_to_be_handed_on_from_somebody_who_has_left(county):
    (holder,) = county.get("/api/cases/handovers").json["holders"]
    assert (holder["steps"], holder["gone"]) == (1, 1)


def test_something_is_published_now_and_something_was(county):
    for state in ("running", "over"):
        (row,) = county.get(f"/api/publications?state={state}").json["rows"]
        page = county.get(f"/api/publications/{row['id']}").json["page"]
        assert row["subject_name"] in county.client.get(page).text


def test_anybody_finds_the_county_among_all_centers(county):
    for query in ("", "?q=guangan", "?q=gaq", "?q=广安区"):
        assert 'href="/public/511602"' in county.client.get(f"/public{query}").text, query


def test_what_was_suspended_is_resumed_or_about_to_be(county):
    for kind in ("department", "item"):
        path = f"/api/cases?object={kind}&kind=resumption"
        (done,) = county.get(f"{path}&state=over").json["rows"]
        (waiting,) = county.get(f"{path}&state=running").json["rows"]
        listed = county.get(f"/api/entries?object={kind}&state=suspended&per_page=200").json["rows"]
        suspended = {row["code"] for row in listed}
        assert done["subject_code"] not in suspended
        assert waiting["subject_code"] in suspended


def test_the_changes_of_this_month_agree_with_their_figures(county):
    month = f"{today():%Y-%m}"
    rows = county.get(f"/api/entries/changes?month={month}&per_page=200").json
    figures = county.get(f"/api/entries/changes/figures?month={month}").json["rows"]
    assert sum(row["item"] + row["department"] for row in figures) == rows["total"] > 0


def test_the_table_of_the_province_has_more_than_one_line_and_adds_up(reader):
    watch = reader("province-watch")
    found = watch.get("/api/entries/below").json
    each = watch.get("/api/entries/below?each=true").json["rows"]
    assert sum(row["entered"] > 0 for row in each) == len(entries.PLACES)
    for name in ("offered", "due", "entered", "excluded", "not_entered", "changes"):
        assert sum(row[name] for row in each) + found["own"][name] == found["total"][name]
        assert sum(row[name] for row in found["rows"]) + found["own"][name] == found["total"][name]
