"""Nobody below changes a part of a list that does not stand above: it would hide a later one."""

import pytest
from sqlalchemy import update

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.standards.editions import editions
from jinzhu.standards.records import bulk, local_values
from tenants.item.models import Item
from tests.jinzhu.standards.asking import number_of, own

STRANGE = {"drop": ["M99"], "set": {"M98": {"note": "x"}}}


def say(code, **local):
    """Set local values of the county."""
    return local_values.change("item", own(code).id, local, version=lambda _: None)


@pytest.fixture
def county(province, at):
    """A county that offers an item with the materials M1, M2 and M3."""
    with at("广安区"):
        bulk.claim_many("item", [number_of("A1")], claim="offered")


def test_a_center_names_only_parts_that_stand_above(county, at, shown):
    with at("广安区"):
        with pytest.raises(Invalid) as refused:
            say("A1", materials=STRANGE)
        (fault,) = refused.value.errors
        assert (fault.field, fault.value, fault.rule) == (
            "local.materials",
            ["M98", "M99"],
            "reference",
        )
        assert "M98、M99" in fault.message
        assert "四川省" in fault.message
        say("A1", materials={"drop": ["M3"], "set": {"M1": {"note": "x"}}})
    assert [part["code"] for part in shown("广安区", "A1")["materials"]["effective"]] == [
        "M1",
        "M2",
    ]


def test_what_was_stored_before_stays_and_nothing_is_added_to_it(county, at):
    with at("广安区"):
        db.session.execute(update(Item).values(local={"materials": STRANGE}))
        db.session.expire_all()
        say("A1", committed_limit=5)
        say("A1", materials={**STRANGE, "drop": ["M3", "M99"]})
        with pytest.raises(Invalid) as refused:
            say("A1", materials={"drop": ["M97", "M99"]})
        assert refused.value.errors[0].value == ["M97"]
        say("A1", materials=None)
        with pytest.raises(Invalid):
            say("A1", materials=STRANGE)


def test_what_the_city_dropped_no_longer_stands_above(county, city, at):
    city.rollout(city.amend(("A1", {"materials": {"drop": ["M2"]}}, {})))
    with at("广安区"), pytest.raises(Invalid) as refused:
        say("A1", materials={"drop": ["M2"]})
    assert "广安市" in refused.value.errors[0].message


def test_a_city_names_only_parts_that_stand_above(city):
    draft = city.begin()
    with city.at(), pytest.raises(Invalid) as refused:
        editions.put_many(draft, [("item", "A1", {"materials": STRANGE}, {}, {})])
    (fault,) = refused.value.errors
    assert (fault.field, fault.value) == ("item.A1.content.materials", ["M98", "M99"])
    assert "四川省" in fault.message
    with city.at():
        editions.put_many(draft, [("item", "A1", {"materials": {"drop": ["M3"]}}, {}, {})])


def test_what_a_city_said_before_the_part_went_it_may_say_again(city, province, an_item):
    city.rollout(city.amend(("A1", {"materials": {"drop": ["M3"]}}, {})))
    fewer = [{"code": f"M{n}", "name": f"材料{n}"} for n in (1, 2)]
    province.push(province.publish(an_item("A1", materials=fewer)))
    again = {"materials": {"drop": ["M3"]}, "committed_limit": 6}
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A1", again, {}, {})])
        with pytest.raises(Invalid):
            editions.put_many(draft, [("item", "A2", {"materials": {"drop": ["M4"]}}, {}, {})])
