"""The department confirms the handling steps of its items, and again when they change."""

import pytest

STEPS = [
    {"code": "S1", "name": "受理", "limit": 2},
    {"code": "S2", "name": "审查", "limit": 8},
]


@pytest.fixture
def county(province, sign_in, an_item):
    """A county that offers three items with steps and some without."""
    entries = [an_item(code, steps=STEPS) for code in ("A1", "A2")]
    province.push(
        province.publish(
            *entries, an_item("B1", department_code="D02", item_type="20", steps=STEPS)
        )
    )
    browser = sign_in("county")
    ids = [row["provision_id"] for row in browser.get("/api/items/duties").json["rows"]]
    browser.post("/api/items/claims", {"provision_ids": ids, "claim": "offered"})
    return browser


def listed(browser, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    rows = browser.get(f"/api/items/handling?per_page=200&{words}").json["rows"]
    return {row["code"]: row for row in rows}


def confirm(browser, *rows):
    seen = [{name: row[name] for name in ("record_id", "digest")} for row in rows]
    return browser.post("/api/items/handling/confirmations", {"rows": seen})


def asked(browser):
    todo = {row["code"]: row["count"] for row in browser.get("/api/desk").json["todo"]}
    return todo.get("handling_asked", 0)


def test_the_department_confirms_and_nothing_more_is_asked(county, sign_in):
    liaison = sign_in("liaison")
    assert listed(liaison).keys() == {"B1"}
    assert asked(liaison) == 1
    row = listed(liaison)["B1"]
    assert (row["state"], [step["name"] for step in row["steps"]]) == ("open", ["受理", "审查"])
    assert confirm(liaison, row).json == {"confirmed": 1, "changed": 0}
    row = listed(county)["B1"]
    assert (row["state"], row["confirmed_by"], row["edition_number"]) == ("confirmed", "liaison", 2)
    assert asked(liaison) == 0
    assert asked(county) == 2
    assert confirm(liaison, row).json == {"confirmed": 0, "changed": 0}


def test_without_steps_there_is_nothing_to_confirm(county):
    assert {code for code, row in listed(county, state="none").items()} == {"A3", "A4"}
    assert confirm(county, listed(county)["A3"]).json == {"confirmed": 0, "changed": 0}


def test_a_later_edition_that_changes_the_steps_asks_again(county, province, an_item):
    confirm(county, *listed(county, state="asked").values())
    assert asked(county) == 0
    quicker = [
        {"code": "S1", "name": "受理", "limit": 1},
        {"code": "S2", "name": "审查", "limit": 9},
    ]
    province.push(
        province.publish(an_item("A1", steps=quicker), an_item("A2", steps=STEPS, visit_count=0))
    )
    assert listed(county, state="asked").keys() == {"A1"}
    assert listed(county)["A1"]["state"] == "stale"
    assert listed(county)["A2"]["state"] == "confirmed"


def test_the_own_word_on_a_step_asks_again_and_going_back_does_not(county):
    confirm(county, *listed(county, state="asked").values())
    path = f"/api/items/{listed(county)['A1']['record_id']}"

    def says(value):
        version = county.get(path).json["version"]
        body = {"local": {"steps": value}}
        assert county.send("PATCH", path, json=body, version=version).status_code == 200

    says({"set": {"S2": {"limit": 5}}})
    assert listed(county)["A1"]["state"] == "stale"
    says(None)
    assert listed(county)["A1"]["state"] == "confirmed"


def test_what_has_changed_since_it_was_seen_is_not_confirmed(county, province, an_item):
    seen = listed(county)["A1"]
    province.push(province.publish(an_item("A1", steps=STEPS[:1])))
    assert confirm(county, seen).json == {"confirmed": 0, "changed": 1}
    assert listed(county)["A1"]["state"] == "open"


def test_others_confirm_nothing_here(county, sign_in):
    row = listed(county)["A1"]
    for stranger in ("neighbour", "stranger", "liaison"):
        assert confirm(sign_in(stranger), row).json == {"confirmed": 0, "changed": 0}
    assert confirm(sign_in("clerk"), row).status_code == 403
    assert listed(county)["A1"]["state"] == "open"


def test_the_list_is_filtered_ordered_and_asks_the_same_whatever_its_length(county, sent):
    assert listed(county, department="D02").keys() == {"B1"}
    row = listed(county)["A2"]
    assert listed(county, record=row["record_id"]).keys() == {"A2"}
    names = [row["name"] for row in listed(county, sort="-name").values()]
    assert names == sorted(names, reverse=True)
    with sent() as one:
        county.get("/api/items/handling?per_page=1")
    with sent() as many:
        county.get("/api/items/handling?per_page=200")
    assert len(one) == len(many)
