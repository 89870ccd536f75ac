"""How far an exemption goes: what was approved, the law, and what the city or the province says."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.problems import Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards.claims import effective, in_force
from jinzhu.standards.receiving import exemption_decisions, exemption_rows
from jinzhu.standards.records import (
    bulk,
    conflicts,
    listing,
    local_values,
    time_travel,
)
from jinzhu.standards.rollouts import rollout_back
from tenants.item.models import Item
from tests.jinzhu.standards.asking import PAGE, UNTIL, ask, number_of, own, shown


@pytest.fixture
def county(bound_county):
    """A county whose value a tighter edition no longer allows."""
    return bound_county


@pytest.fixture
def amended(city, province, at, centers, an_item):
    """A county whose value the province allows, and its city does not."""
    with at("广安区"):
        bulk.claim_many("item", [number_of("A1")], claim="offered")
        bulk.set_local_many("item", {number_of("A1"): {"committed_limit": 8}})
    city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    return centers["广安区"]


def test_a_city_lets_off_from_its_own_rule_and_no_further(amended, province, at, an_item):
    with at("广安区"):
        assert shown("A1", "committed_limit", amended)["effective"] == 6
        number = ask("A1", "committed_limit")
    with at("四川省", "standards_officer", reach=Reach.PUSH), pytest.raises(NotFound):
        exemption_decisions.decide(amended, number, grant=True, expires_on=UNTIL)
    with at("广安市", "city_manager", reach=Reach.PUSH):
        exemption_decisions.decide(amended, number, grant=True, expires_on=UNTIL)
    with at("广安区"):
        field = shown("A1", "committed_limit", amended)
        assert (field["effective"], field["rule"], field["standard"]) == (8, "exempt", 6)
        with pytest.raises(Invalid):
            local_values.change(
                "item", own("A1").id, {"committed_limit": 11}, version=lambda _: None
            )
    province.push(province.publish(an_item("A1", committed_limit=7)))
    with at("广安区"):
        field = shown("A1", "committed_limit", amended)
        assert (field["effective"], field["standard"], field["pin"]["until"]) == (6, 6, UNTIL)
        assert conflicts.open_count() == 1


def test_what_the_city_demands_stays_where_the_province_lets_off(amended, province, at, an_item):
    province.push(province.publish(an_item("A1", committed_limit=5, legal_basis="新法")))
    with at("广安区"):
        number = ask("A1", "")
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        exemption_decisions.decide(amended, number, grant=True, expires_on=UNTIL)
    with at("广安区"):
        assert shown("A1", "legal_basis", amended)["effective"] == "基本目录"
        limit = shown("A1", "committed_limit", amended)
        assert (limit["effective"], limit["standard"], limit["upper"]) == (6, 6, 10)
        assert limit["amended_by"]["name"] == "广安市"
        assert limit["conflict"] is not None  # its own 8 days are more than the city's 6


def test_what_the_province_does_not_allow_either_is_the_provinces_to_decide(amended, at):
    with at("广安区"):
        ask("A1", "committed_limit", value=12)
        (row,) = exemption_rows.own_page(PAGE)["rows"]
        assert row["decider"]["name"] == "四川省"


def set_limit(value: int | None) -> None:
    """Set the own committed limit."""
    local_values.change("item", own("A1").id, {"committed_limit": value}, version=lambda _: None)


@pytest.fixture
def granted(county, at, decide):
    """A county that may take 6 days where the standard allows 5."""
    with at("广安区"):
        number = ask("A1", "committed_limit", value=6)
    decide(number)
    return number


@pytest.mark.parametrize("value", [7, 20, 61])
def test_what_was_approved_is_the_bound(granted, county, at, value):
    with at("广安区"):
        with pytest.raises(Invalid) as refused:
            set_limit(value)
        (fault,) = refused.value.errors
        assert (fault.field, fault.rule, fault.value) == ("local.committed_limit", "exempt", value)
        for said in ("四川省", UNTIL.isoformat(), "6"):
            assert said in fault.message
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(
                text(
                    "UPDATE item SET local = jsonb_build_object('committed_limit', :value ::int)"
                    " WHERE id = :id"
                ).bindparams(value=value, id=own("A1").id)
            )
        for inside in (3, 6):
            set_limit(inside)
            assert shown("A1", "committed_limit", county)["effective"] == inside


def test_the_record_says_what_stands_above_and_beside_it_what_was_approved(granted, county, at):
    with at("广安区"):
        field = shown("A1", "committed_limit", county)
        assert (field["standard"], field["bound"], field["rule"]) == (5, 5, "exempt")
        assert (field["pin"]["value"], field["pin"]["granted_by"]) == (6, "四川省")
        for said in ("上限为 5", "四川省已同意", UNTIL.isoformat(), "批准的是 6"):
            assert said in field["why"]


def test_the_law_holds_whatever_was_approved(granted, province, at, an_item):
    province.push(province.publish(an_item("A1", committed_limit=2, statutory_limit=4)))
    with at("广安区"):
        with pytest.raises(Invalid) as refused:
            set_limit(5)
        (fault,) = refused.value.errors
        assert fault.field == "local.committed_limit"
        assert "4" in fault.message
        set_limit(4)


def test_of_a_fixed_field_only_the_approved_value_holds(county, province, at, decide, an_item):
    kind, code, content, _, applies = an_item("A1", committed_limit=5)
    fixed = {"committed_limit": {"rule": "fixed"}}
    province.push(province.publish((kind, code, content, fixed, applies)))
    with at("广安区"):
        number = ask("A1", "committed_limit", value=7)
    decide(number)
    with at("广安区"):
        assert shown("A1", "committed_limit", county)["effective"] == 7
        for other in (6, 8):
            with pytest.raises(Invalid):
                set_limit(other)
        set_limit(None)
        set_limit(7)


def test_of_a_list_only_what_was_approved_is_added(county, at, decide):
    given = {"add": [{"code": "M9", "name": "另加"}]}
    with at("广安区"):
        number = ask("A1", "materials", value=given)
    decide(number)
    more = {"add": [*given["add"], {"code": "M10", "name": "又加"}]}
    with at("广安区"):
        for value, holds in ((more, False), ({**given, "drop": ["M1"]}, True), (given, True)):
            change = {"materials": value}
            if holds:
                local_values.change("item", own("A1").id, change, version=lambda _: None)
                continue
            with pytest.raises(Invalid) as refused:
                local_values.change("item", own("A1").id, change, version=lambda _: None)
            assert UNTIL.isoformat() in refused.value.errors[0].message


def test_who_asks_says_what_it_would_have_instead(county, at):
    with at("广安区"), pytest.raises(Invalid) as refused:
        ask("A1", "visit_count")
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == ("value", "required")


def limit_of(center: int) -> tuple[Any, ...]:
    """Return what a record says of its limit: of the layers, and of the exemption beside them."""
    field = shown("A1", "committed_limit", center)
    return (
        field["standard"], field["bound"], field["upper"], field["amended_by"]["name"],
        field["pin"]["value"], field["pin"]["granted_by"],
    )  # fmt: skip


def test_a_citys_leave_stands_beside_its_rule_also_after_going_back(city, province, at, centers):
    county = centers["广安区"]
    with at("广安区"):
        bulk.claim_many("item", [number_of("A1")], claim="offered")
    city.rollout(city.amend(("A1", {"committed_limit": 8}, {})))
    second = city.rollout(city.amend(("A1", {"committed_limit": 5}, {})))
    with at("广安区"):
        number = ask("A1", "committed_limit", value=7)
    with at("广安市", "city_manager", reach=Reach.PUSH):
        exemption_decisions.decide(county, number, grant=True, expires_on=UNTIL)
    for standing, edition in ((5, 2), (8, 1)):
        with at("广安区"):
            assert limit_of(county) == (standing, standing, 10, "广安市", 7, "广安市")
            field = shown("A1", "committed_limit", county)
            assert f"广安市第 {edition} 版规定上限为 {standing}" in field["why"]
            then = time_travel.read("item", own("A1").id, today())["fields"]
            (past,) = [one for one in then if one["name"] == "committed_limit"]
            for name in ("standard", "bound", "upper", "amended_by", "effective", "rule"):
                assert past[name] == field[name]
            assert (past["pin"]["value"], past["pin"]["granted_by"]) == (7, "广安市")
            with pytest.raises(Invalid) as refused:
                set_limit(8)
            for said in ("广安市", UNTIL.isoformat(), "7"):
                assert said in refused.value.errors[0].message
            set_limit(7)
        if edition == 2:
            with at("广安市", "city_manager", reach=Reach.PUSH):
                rollout_back.back(second, centers=[county], reason="材料有误")
            with city.app.app_context():
                clock.tick()


def listed(code: str, center: int) -> dict[str, Any]:
    """Return the row of a record in the list of what a center offers."""
    query = {"q": "", "sort": "", "page": 1, "per_page": 50}
    rows = listing.page("item", query, center_id=center)["rows"]
    return next(row for row in rows if row["code"] == code)


@pytest.mark.parametrize(
    ("field", "value"),
    [("committed_limit", 8), ("committed_limit", 7), ("visit_count", 2), ("", None)],
)
def test_the_list_shows_what_the_record_shows(county, at, decide, field, value):
    with at("广安区"):
        number = ask("A1", field, value=value)
    decide(number)
    with at("广安区"):
        row = listed("A1", county)
        for name in ("statutory_limit", "committed_limit", "visit_count", "fee"):
            assert row[name] == shown("A1", name, county)["effective"]
        assert row["name"] == shown("A1", "name", county)["effective"]


def test_a_list_that_is_changed_by_leave_holds_wherever_it_is_read(county, at, decide):
    given = {"add": [{"code": "M9", "name": "另加"}], "drop": ["M1"]}
    with at("广安区"):
        number = ask("A1", "materials", value=given)
    decide(number)
    with at("广安区"):
        codes = [part["code"] for part in shown("A1", "materials", county)["effective"]]
        rows = in_force(Item).with_only_columns(effective(Item, "materials"))
        value = db.session.scalars(rows.where(Item.provision_id == number_of("A1"))).one()
    assert codes == ["M2", "M3", "M9"] == [part["code"] for part in value]
