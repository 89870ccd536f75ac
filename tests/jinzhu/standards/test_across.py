"""One provision across all centers: what is said of them is what each of them really does."""

from collections import Counter
from math import ceil
from random import Random
from urllib.parse import quote

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.standards.across import across, across_spread
from jinzhu.standards.across.across_spread import Case
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk, records

PLACES = ("四川省", "广安市", "绵阳市", "广安区", "武胜县", "涪城区")
LEVELS = {"levels": ["province", "city", "county"]}
MATERIALS = [{"code": f"M{n}", "name": f"材料{n}", "copies": 3} for n in (1, 2, 3)]
ITEM = KINDS["item"]


def number_of(code: str) -> int:
    """Return the number of a provision."""
    return db.session.scalars(select(Revision.provision_id).where(Revision.code == code)).first()


def field(body, name):
    """Return one field of a comparison."""
    return next(one for one in body["fields"] if one["name"] == name)


@pytest.fixture
def everywhere(an_item):
    """Make items that every center offers, whatever its level."""

    def made(code: str, **content):
        values = {"materials": MATERIALS, "handle_form": ["window"], "online_depth": 1}
        return *an_item(code, **{**values, **content})[:4], LEVELS

    return made


@pytest.fixture
def say(at):
    """Let a center offer A1 and say something of its own."""

    def said(place: str, code: str = "A1", **local) -> None:
        with at(place):
            bulk.claim_many("item", [number_of(code)], claim="offered")
            bulk.set_local_many("item", {number_of(code): local})

    return said


@pytest.fixture
def six(province, everywhere, say):
    """Six centers offer A1; one has half the limit of the others."""
    province.push(province.publish(everywhere("A1"), everywhere("A2")))
    for place, limit in zip(PLACES, (10, 9, 9, 8, 8, 2), strict=True):
        say(place, **({"committed_limit": limit} if limit < 10 else {}))
    return province


def compared(browser, number, **query):
    """Compare a provision over the API."""
    answer = browser.get(f"/api/comparison/item/{number}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def of_centers(browser, number, **query):
    """Read the centers one by one over the API."""
    answer = browser.get(f"/api/comparison/item/{number}/centers", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.fixture
def number(six, at):
    """The number of the provision A1."""
    with at("四川省"):
        return number_of("A1")


# The spread


def test_the_spread_of_a_number_is_told_with_its_quartiles_and_who_stands_out(number, sign_in):
    body = compared(sign_in("watch"), number)
    limit = field(body, "committed_limit")
    assert (body["offered"], body["behind"]) == (6, 0)
    assert (limit["standard"], limit["centers"], limit["differing"]) == (10, 6, 5)
    assert limit["values"] == 4
    numbers = limit["numbers"]
    assert [numbers[name] for name in ("min", "q1", "median", "q3", "max")] == [2, 8, 8, 9, 10]
    assert (numbers["low"], numbers["high"]) == (6.5, 10.5)
    assert limit["outliers"] == 1
    assert [(bar["from"], bar["centers"]) for bar in numbers["bars"]] == [
        (2, 1),
        (8, 2),
        (9, 2),
        (10, 1),
    ]


def test_the_centers_are_listed_with_what_each_does_and_the_outlier_is_marked(number, sign_in):
    watch = sign_in("watch")
    body = of_centers(watch, number, field="committed_limit", sort="value")
    assert [row["value"] for row in body["rows"]] == [2, 8, 8, 9, 9, 10]
    first, last = body["rows"][0], body["rows"][-1]
    assert (first["center"]["name"], first["center"]["city_name"]) == ("涪城区", "绵阳市")
    assert (first["outlier"], first["set_by"], first["above"]) == (True, "here", 10)
    assert (last["outlier"], last["set_by"]) == (False, "standard")
    only = of_centers(watch, number, field="committed_limit", state="outlier")
    assert [row["center"]["name"] for row in only["rows"]] == ["涪城区"]
    between = of_centers(watch, number, field="committed_limit", at_least=8, at_most=9)
    assert between["total"] == 4
    assert of_centers(watch, number, field="committed_limit", state="differs")["total"] == 5
    pages = [of_centers(watch, number, per_page=4, page=page)["rows"] for page in (1, 2)]
    assert len({row["center"]["id"] for page in pages for row in page}) == 6


def test_of_lists_it_is_told_who_drops_and_who_changes_what(number, say, sign_in):
    say("广安区", materials={"drop": ["M3"], "set": {"M1": {"copies": 1}}})
    say("武胜县", materials={"drop": ["M3", "M2"]})
    parts = field(compared(sign_in("watch"), number), "materials")
    assert (parts["differing"], parts["outliers"]) == (2, 0)
    dropped = [(one["code"], one["centers"]) for one in parts["parts"]["dropped"]]
    assert dropped == [("M3", 2), ("M2", 1)]
    (changed,) = parts["parts"]["changed"]
    assert (changed["name"], changed["column"], changed["standard"]) == ("材料1", "copies", 3)
    assert changed["values"] == [{"value": 1, "centers": 1}]
    rows = of_centers(sign_in("watch"), number, field="materials", dropped="M2")["rows"]
    assert [row["center"]["name"] for row in rows] == ["武胜县"]
    assert rows[0]["value"] == {"drop": ["M2", "M3"]}


def test_choices_are_counted_and_lead_to_their_centers(number, say, sign_in):
    say("广安区", handle_form=["window", "online"], online_depth=3, office_hours="全天")
    watch = sign_in("watch")
    body = compared(watch, number)
    shares = {one["label"]: one["centers"] for one in field(body, "handle_form")["shares"]}
    assert set(shares.values()) == {6, 1}
    assert field(body, "handle_form")["outliers"] == 1
    depth = [(one["value"], one["centers"]) for one in field(body, "online_depth")["shares"]]
    assert depth == [(1, 5), (3, 1)]
    assert field(body, "office_hours")["empty"] == 5
    for name, value in (("online_depth", "3"), ("handle_form", '["online"]')):
        found = of_centers(watch, number, field=name, value=value)
        assert [row["center"]["name"] for row in found["rows"]] == ["广安区"], name
    alone = of_centers(watch, number, field="online_depth", state="outlier")
    assert [row["center"]["name"] for row in alone["rows"]] == ["广安区"]


def test_what_is_the_same_everywhere_or_answered_by_each_is_not_compared(number, sign_in):
    names = {one["name"] for one in compared(sign_in("watch"), number)["fields"]}
    assert {"committed_limit", "materials", "fee", "bookable", "office_hours"} <= names
    assert not names & {"name", "statutory_limit", "legal_basis", "window", "address"}
    refused = sign_in("watch").get(f"/api/comparison/item/{number}/centers?field=name")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "field")


def test_a_value_in_conflict_does_not_hold_and_an_older_edition_is_told(
    six, number, everywhere, sign_in
):
    tighter = six.publish(everywhere("A1", committed_limit=8))
    six.push(tighter, "四川省", "广安市")
    body = compared(sign_in("watch"), number)
    limit = field(body, "committed_limit")
    assert (body["behind"], body["edition"]["number"], limit["standard"]) == (4, 3, 8)
    rows = of_centers(sign_in("watch"), number, field="committed_limit", sort="code")["rows"]
    found = {row["center"]["name"]: row for row in rows}
    assert (found["广安市"]["value"], found["广安市"]["conflict"]) == (8, True)
    assert (found["广安区"]["value"], found["广安区"]["edition"]) == (8, 2)


def test_a_citys_amendment_is_named_as_what_it_is(city, centers, at, sign_in):
    for place in ("广安区", "武胜县", "涪城区"):
        with at(place):
            bulk.claim_many("item", [number_of("A1")], claim="offered")
            number = number_of("A1")
    city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    rows = of_centers(sign_in("watch"), number, field="committed_limit")["rows"]
    assert {(row["center"]["name"], row["value"], row["set_by"]) for row in rows} == {
        ("广安区", 6, "amendment"),
        ("武胜县", 6, "amendment"),
        ("涪城区", 10, "standard"),
    }


def test_a_city_compares_its_own_counties_alone(number, sign_in, centers):
    city = sign_in("city")
    assert compared(city, number)["offered"] == 3
    assert compared(sign_in("watch"), number, parent=centers["绵阳市"])["offered"] == 2
    other = city.get(f"/api/comparison/item/{number}?parent={centers['绵阳市']}")
    assert other.status_code == 404
    assert sign_in("county").get(f"/api/comparison/item/{number}").status_code == 403
    assert city.get("/api/comparison/item/999999").status_code == 404


# What is counted is what there is


def naive(kind, number, centers, name):
    """Return the values of a field that hold, center by center, as each record shows them."""
    found = []
    for center in centers.values():
        record = records.read_of_provision(kind, number, center_id=center)
        if record["claim"] == "offered":
            found.append(next(f["effective"] for f in record["fields"] if f["name"] == name))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_comparison_agrees_with_every_single_record(
    six, number, everywhere, say, at, centers, seed
):
    dice = Random(seed)
    for place in PLACES:
        local = {"committed_limit": dice.randint(1, 10), "online_depth": dice.randint(1, 4)}
        if dice.random() < 0.5:
            local["materials"] = {
                "drop": dice.sample(["M1", "M2", "M3"], dice.randint(1, 2)),
            }
        say(place, **local)
    six.push(six.publish(everywhere("A1", committed_limit=dice.randint(3, 9))), *PLACES[::2])
    with at("四川省", "supervisor", reach=Reach.SUBTREE):
        body = across.read("item", number, parent=None)
        for name in ("committed_limit", "online_depth", "materials", "visit_count", "fee"):
            values = [one for one in naive("item", number, centers, name) if one is not None]
            told = field(body, name)
            assert told["centers"] == len(values)
            assert told["values"] == len({across_spread.key(value) for value in values})
            if told["numbers"]:
                ranked = [sorted(values)[ceil(len(values) * n / 4) - 1] for n in (1, 2, 3)]
                assert [told["numbers"][q] for q in ("q1", "median", "q3")] == ranked
                bars = {bar["from"]: bar["centers"] for bar in told["numbers"]["bars"]}
                assert bars == Counter(values)
        listed = naive("item", number, centers, "materials")
        codes = Counter(
            code
            for code in ("M1", "M2", "M3")
            for parts in listed
            if code not in {part["code"] for part in parts}
        )
        dropped = field(body, "materials")["parts"]["dropped"]
        assert {one["code"]: one["centers"] for one in dropped} == codes


def test_many_different_numbers_are_told_in_ranges():
    limit = ITEM.field("committed_limit")
    cases = [Case(1, 1, {}, {"committed_limit": n}) for n in range(1, 101)]
    told = across_spread.spread(ITEM, limit, 100, cases)
    assert len(told["numbers"]["bars"]) == 10
    assert sum(bar["centers"] for bar in told["numbers"]["bars"]) == 100
    assert told["outliers"] == 0


@pytest.mark.parametrize(
    ("name", "numbers", "first"),
    [
        ("committed_limit", [n + 3 for n in range(16)], (3, 4)),
        ("fee", [n * 7.5 for n in range(16)], (0, 11.99)),
        ("fee", [round(n * 0.01, 2) for n in range(16)], (0, 0.01)),
    ],
)
def test_ranges_begin_and_end_with_numbers_that_can_be(name, numbers, first):
    cases = [Case(1, 1, {}, {name: number}) for number in numbers]
    bars = across_spread.spread(ITEM, ITEM.field(name), 1, cases)["numbers"]["bars"]
    assert (bars[0]["from"], bars[0]["to"]) == first
    for bar in bars:
        within = [number for number in numbers if bar["from"] <= number <= bar["to"]]
        assert len(within) == bar["centers"]
    assert sum(bar["centers"] for bar in bars) == len(numbers)


def test_few_centers_do_not_make_an_outlier():
    limit = ITEM.field("committed_limit")
    cases = [Case(3, 1, {}, {"committed_limit": 10}), Case(1, 1, {}, {"committed_limit": 1})]
    assert across_spread.spread(ITEM, limit, 10, cases)["outliers"] == 0
    cases[0] = Case(9, 1, {}, {"committed_limit": 10})
    assert across_spread.spread(ITEM, limit, 10, cases)["outliers"] == 1


# The list


def listed(browser, query=""):
    """Return the list by code."""
    answer = browser.get(f"/api/comparison?kind=item&{query}")
    assert answer.status_code == 200, answer.text
    return {row["code"]: row for row in answer.json["rows"]}


def test_the_list_begins_with_what_most_centers_do_otherwise_than_the_standard(
    six, say, sign_in, at
):
    say("广安区", "A2", committed_limit=3, window="1号")
    with at("武胜县"):
        bulk.claim_many("item", [number_of("A2")], claim="offered")
    found = listed(sign_in("watch"))
    assert list(found)[:2] == ["A1", "A2"]
    first, second = found["A1"], found["A2"]
    assert (first["offered"], first["differing"], first["variants"]) == (6, 5, 4)
    (limit,) = first["fields"]
    assert (limit["name"], limit["unit"], limit["centers"]) == ("committed_limit", "个工作日", 5)
    assert limit["range"] == {"min": 2, "max": 10, "standard": 10}
    assert (second["offered"], second["differing"], second["variants"]) == (2, 1, 2)


def test_by_share_one_of_one_comes_before_five_of_six(six, say, sign_in):
    say("广安区", "A2", committed_limit=3)
    assert list(listed(sign_in("watch"), "sort=-share"))[:2] == ["A2", "A1"]
    assert list(listed(sign_in("watch"), "sort=-differing"))[:2] == ["A1", "A2"]


def test_a_field_without_a_difference_is_not_named_and_a_center_counts_once(six, say, sign_in):
    say("广安区", committed_limit=8, visit_count=0, materials={"drop": ["M3"]}, window="3号")
    say("武胜县", visit_count=1, materials={"drop": []})
    row = listed(sign_in("watch"))["A1"]
    told = {one["name"]: one["centers"] for one in row["fields"]}
    assert told == {"committed_limit": 5, "visit_count": 1, "materials": 1}
    assert row["differing"] == 5


@pytest.mark.parametrize("seed", range(4))
def test_the_list_says_what_the_page_of_each_provision_says(six, everywhere, say, sign_in, seed):
    dice = Random(seed)
    for place in PLACES:
        for code in ("A1", "A2"):
            say(
                place,
                code,
                committed_limit=dice.randint(1, 10),
                visit_count=dice.randint(0, 1),
                office_hours=dice.choice(["周六", "全天"]),
                window=f"{dice.randint(1, 3)}号",
                **({"materials": {"drop": ["M1"]}} if dice.random() < 0.5 else {}),
            )
    tighter = everywhere("A1", committed_limit=dice.randint(3, 9), materials=MATERIALS[:2])
    six.push(six.publish(tighter), *PLACES[::2])
    watch = sign_in("watch")
    for row in listed(watch).values():
        if row["offered"]:
            page = compared(watch, row["provision_id"])
            for name in ("offered", "differing", "variants"):
                assert row[name] == page[name], (row["code"], name)
            told = {one["name"]: one["centers"] for one in row["fields"]}
            assert told == {
                one["name"]: one["differing"] for one in page["fields"] if one["differing"]
            }
            for name, centers in told.items():
                rows = of_centers(watch, row["provision_id"], field=name, state="differs")
                assert rows["total"] == centers, (row["code"], name)


def test_what_a_city_amended_departs_from_the_standard_in_one_and_the_same_way(city, at, sign_in):
    for place in ("广安区", "武胜县", "涪城区"):
        with at(place):
            bulk.claim_many("item", [number_of("A1")], claim="offered")
    city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))

    def told(username):
        rows = sign_in(username).get("/api/comparison?q=A1").json["rows"]
        return [(row["offered"], row["differing"], row["variants"]) for row in rows]

    assert told("city") == [(2, 2, 1)]
    assert told("watch") == [(3, 2, 2)]


def test_the_list_is_searched_filtered_ordered_and_paged(six, sign_in):
    watch = sign_in("watch")

    def codes(query):
        answer = watch.get(f"/api/comparison?{query}")
        assert answer.status_code == 200, answer.text
        return [row["code"] for row in answer.json["rows"]]

    assert codes("sort=code") == ["A1", "A2", "A3", "A4", "B1"]
    assert codes("sort=-code&per_page=2&page=2") == ["A3", "A2"]
    assert codes("department=D02") == ["B1"]
    assert codes("item_type=20&sort=code") == ["A3", "B1"]
    assert codes(f"q={quote('事项a2')}") == ["A2"]
    assert set(codes("kind=department")) == {"D01", "D02"}
    assert watch.get("/api/comparison?sort=nonsense").status_code == 422
    assert watch.get("/api/comparison?kind=clause").status_code == 422


def test_the_list_takes_the_same_statements_whatever_it_shows(six, sign_in, sent):
    watch = sign_in("watch")
    watch.get("/api/comparison?per_page=1")
    with sent() as few:
        watch.get("/api/comparison?per_page=1")
    with sent() as many:
        watch.get("/api/comparison?per_page=100")
    assert len(few) == len(many)
