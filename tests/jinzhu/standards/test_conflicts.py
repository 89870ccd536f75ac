"""A new edition that tightens a bound: nothing is lost, the standard holds until we answer."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from jinzhu.core.db import db
from jinzhu.core.problems import Conflict as NotPossible
from jinzhu.core.problems import Invalid
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk, conflicts, local_values, records
from tenants.item.models import Item

OPEN = {"state": "open", "kind": "", "q": "", "sort": "", "page": 1, "per_page": 20}
#: What a center asks for less, and two copies where the standard says nothing of copies.
LIGHTER = {"drop": ["M3"], "set": {"M1": {"copies": 2}}}


def number_of(code: str) -> int:
    """Return the number of a provision."""
    return db.session.scalars(select(Revision.provision_id).where(Revision.code == code)).first()


def own(code: str) -> Item:
    """Return the own row on a provision."""
    return db.session.scalars(select(Item).where(Item.provision_id == number_of(code))).one()


def field(record: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one field of a record."""
    return next(part for part in record["fields"] if part["name"] == name)


def change(code: str, **values: Any) -> dict[str, Any]:
    """Set local values."""
    return local_values.change("item", own(code).id, values, version=lambda _: None)


@pytest.fixture
def county(province, at, centers):
    """A county that offers two items, with limits of its own."""
    with at("广安区"):
        bulk.claim_many("item", [number_of("A1"), number_of("A2")], claim="offered")
        change("A1", committed_limit=8, materials=LIGHTER)
        change("A2", committed_limit=3)
    return centers["广安区"]


def test_a_local_value_inside_the_bound_holds(county, at):
    with at("广安区"):
        shown = records.read("item", own("A1").id, center_id=county)
    limit, materials = field(shown, "committed_limit"), field(shown, "materials")
    assert (limit["standard"], limit["local"], limit["effective"]) == (10, 8, 8)
    assert limit["set_by"] == "here"
    assert limit["set_under"]["number"] == 1
    assert [part["code"] for part in materials["effective"]] == ["M1", "M2"]


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("committed_limit", 11, "at_most"),
        ("materials", {"add": [{"code": "M9", "name": "更多"}]}, "subset"),
        ("name", "别的名字", "fixed"),
        ("committed_limit", "三天", "integer"),
        ("committed_limit", -1, "integer"),
        ("consult_phone", "打电话", "phone"),
        ("nonsense", 1, "field"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_by_name(county, at, name, value, rule):
    with at("广安区"), pytest.raises(Invalid) as refused:
        change("A1", **{name: value})
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == (f"local.{name}", rule)
    with at("广安区"):
        assert own("A1").local == {"committed_limit": 8, "materials": LIGHTER}


def test_the_refusal_names_the_bound_and_its_owner(county, at):
    with at("广安区"), pytest.raises(Invalid) as refused:
        change("A1", committed_limit=11)
    assert "四川省" in refused.value.errors[0].message
    assert "10" in refused.value.errors[0].message


def test_the_database_refuses_what_the_service_would_let_through(county, at):
    with at("广安区"):
        row = own("A1")
        row.local = {"committed_limit": 99}
        with pytest.raises(IntegrityError, match="outside the bound"):
            db.session.flush()
        db.session.rollback()


def test_a_tighter_edition_opens_a_conflict_and_the_standard_holds_meanwhile(
    county, province, at, an_item
):
    edition = province.publish(an_item("A1", committed_limit=5))
    assert province.push(edition) == {county: 1}
    with at("广安区"):
        shown = field(records.read("item", own("A1").id, center_id=county), "committed_limit")
        assert (shown["standard"], shown["local"], shown["effective"]) == (5, 8, 5)
        assert shown["conflict"]["bound"] == 5
        assert shown["set_by"] == "standard"


def test_pushing_twice_changes_nothing(county, province, at, an_item):
    edition = province.publish(an_item("A1", committed_limit=5))
    province.push(edition)
    with at("广安区"):
        before = own("A1").updated_at, conflicts.open_count()
    assert province.push(edition) == {}
    with at("广安区"):
        assert (own("A1").updated_at, conflicts.open_count()) == before


def test_taking_the_standard_drops_the_local_value(county, province, at, an_item):
    province.push(province.publish(an_item("A1", committed_limit=5)))
    with at("广安区"):
        (row,) = conflicts.page(OPEN)["rows"]
        settled = conflicts.settle(row["id"], {"take": "standard"}, may_write=lambda _: None)
        assert (settled["state"], settled["resolution"]) == ("settled", "standard")
        assert own("A1").local == {"materials": LIGHTER}
        assert conflicts.open_count() == 0


def test_keeping_mine_needs_a_value_inside_the_bound_and_a_reason(county, province, at, an_item):
    province.push(province.publish(an_item("A1", committed_limit=5)))
    with at("广安区"):
        number = conflicts.page(OPEN)["rows"][0]["id"]
    for answer in (
        {"take": "keep", "value": 6, "reason": "人手不足"},
        {"take": "keep", "value": 4, "reason": ""},
        {"take": "keep", "value": None, "reason": "人手不足"},
    ):
        with at("广安区"), pytest.raises(Invalid):
            conflicts.settle(number, answer, may_write=lambda _: None)
    with at("广安区"):
        answer = {"take": "keep", "value": 4, "reason": "窗口只有两人"}
        settled = conflicts.settle(number, answer, may_write=lambda _: None)
        assert (settled["settled_value"], settled["reason"]) == (4, "窗口只有两人")
        assert own("A1").local["committed_limit"] == 4


def test_the_same_answer_twice_is_harmless_and_another_is_refused(county, province, at, an_item):
    province.push(province.publish(an_item("A1", committed_limit=5)))
    with at("广安区"):
        number = conflicts.page(OPEN)["rows"][0]["id"]
        first = conflicts.settle(number, {"take": "standard"}, may_write=lambda _: None)
        assert conflicts.settle(number, {"take": "standard"}, may_write=lambda _: None) == first
    keep = {"take": "keep", "value": 4, "reason": "窗口只有两人"}
    with at("广安区"), pytest.raises(NotPossible):
        conflicts.settle(number, keep, may_write=lambda _: None)


def test_blanks_are_no_value(county, at):
    with at("广安区"):
        change("A1", address="二楼")
        shown = change("A1", address="   ")
        assert field(shown, "address")["missing"]
        assert "address" not in own("A1").local


def test_the_standard_for_all_settles_every_open_conflict(county, province, at, an_item):
    edition = province.publish(
        an_item("A1", committed_limit=5, materials=[{"code": "M1", "name": "材料1", "copies": 1}]),
        an_item("A2", committed_limit=1),
    )
    assert province.push(edition) == {county: 3}
    with at("广安区"):
        assert conflicts.take_standard(None, may_write=lambda _: None) == 3
        assert conflicts.open_count() == 0
        assert own("A1").local == {}
        assert (own("A2").local, own("A2").set_under) == ({}, {})


def test_a_dropped_material_keeps_its_name_in_the_conflict(county, province, at, an_item):
    fewer = [{"code": "M1", "name": "新名称", "copies": 1}]
    province.push(province.publish(an_item("A1", materials=fewer)))
    with at("广安区"):
        (row,) = conflicts.page(OPEN)["rows"]
        assert row["part_names"] == {"M1": "新名称", "M2": "材料2", "M3": "材料3"}


def test_going_back_restores_the_local_value(county, province, at, an_item):
    first = 1
    with at("四川省", "standards_officer"):
        first = db.session.scalars(
            select(records.Edition.id).where(records.Edition.number == 1)
        ).one()
    province.push(province.publish(an_item("A1", committed_limit=5)))
    province.push(first)
    with at("广安区"):
        shown = field(records.read("item", own("A1").id, center_id=county), "committed_limit")
        assert (shown["local"], shown["effective"], shown["conflict"]) == (8, 8, None)
        assert conflicts.open_count() == 0


def test_a_removed_provision_takes_its_conflict_with_it(county, province, at, an_item):
    province.push(province.publish(an_item("A1", committed_limit=5)))
    province.push(province.publish(remove=("A1",)))
    with at("广安区"):
        assert conflicts.open_count() == 0
        assert own("A1").local["committed_limit"] == 8


def test_the_conflict_of_one_county_is_unknown_to_another(county, province, at, an_item):
    province.push(province.publish(an_item("A1", committed_limit=5)))
    with at("武胜县"):
        assert conflicts.page(OPEN)["total"] == 0
