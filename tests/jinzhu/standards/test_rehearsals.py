"""A draft is previewed by publishing it for a moment: the figures are those of the push itself."""

import pytest
from sqlalchemy import func, select

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards.editions import editions, publication, review_rules, reviews
from jinzhu.standards.models import (
    DraftEntry,
    Edition,
    EditionEntry,
    Notice,
    Provision,
    Revision,
)
from jinzhu.standards.records import bulk, conflicts
from jinzhu.standards.rollouts import preview

ALL = {"centers": "all"}


@pytest.fixture
def officer(at):
    return lambda **more: at("四川省", "standards_officer", **more)


@pytest.fixture
def draft(province, an_item, officer, at):
    """A draft that takes from a county what it promises, and brings something new."""
    with at("广安区"):
        number = db.session.scalars(
            select(Revision.provision_id).where(Revision.code == "A1")
        ).one()
        bulk.claim_many("item", [number], claim="offered")
        bulk.set_local_many("item", {number: {"committed_limit": 9}})
    with officer():
        draft = editions.open_draft(province.standard_id, title="新版")
        editions.put_many(draft, [an_item("A1", committed_limit=6), an_item("N1")])
        editions.remove(draft, "item", "A4")
        return draft


def standing():
    """Return what is in the tables that a publication writes."""
    tables = (DraftEntry, EditionEntry, Provision, Revision, Edition, Notice)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


def look(officer, draft):
    with officer(reach=Reach.PUSH):
        return preview.preview_of(draft, **ALL)


def test_a_draft_is_previewed_as_the_edition_that_it_becomes(officer, province, draft, at):
    before = look(officer, draft)
    assert (before["provisions_added"], before["provisions_removed"]) == (1, 1)
    (broken,) = before["conflicts"]
    assert (broken["center"]["name"], broken["local_value"], broken["bound"]) == ("广安区", 9, 6)
    with officer():
        publication.publish(draft)
    assert look(officer, draft) == before
    with at("广安区"):
        assert conflicts.open_count() == 0
    number = province.rollout(draft)
    with at("广安区"):
        assert conflicts.open_count() == before["conflicts_total"]
    assert number


def test_nothing_of_it_has_happened(officer, draft):
    with officer():
        edition = editions.find(draft)
        before = standing(), edition.state, edition.version, edition.number, edition.entries
    look(officer, draft)
    with officer():
        edition = editions.find_draft(draft)
        after = standing(), edition.state, edition.version, edition.number, edition.entries
        assert after == before
        editions.remove(draft, "item", "N1")


def test_in_review_and_approved_it_is_the_same(officer, province, draft, at):
    before = look(officer, draft)
    with officer():
        review_rules.require(province.standard_id, reviewed=True, version=1)
        reviews.submit(draft, version=editions.find(draft).version)
    assert look(officer, draft) == before
    with at("四川省", "standards_officer", actor_id=2):
        reviews.approve(draft, version=editions.find(draft).version)
    assert look(officer, draft) == before


def test_what_could_not_be_published_cannot_be_previewed_and_says_why(officer, draft, an_item):
    with officer():
        editions.put_many(draft, [an_item("A9", department_code="D99")])
    with pytest.raises(Invalid) as refused:
        look(officer, draft)
    assert [fault.field for fault in refused.value.errors] == ["item.A9.content.department_code"]


def test_the_draft_of_somebody_else_is_not_there(at, draft):
    with pytest.raises(NotFound), at("广安市", "city_manager", reach=Reach.PUSH):
        preview.preview_of(draft, **ALL)


def test_the_draft_of_an_amendment_is_previewed_as_well(city, at, draft):
    amendment = city.begin()
    with city.at():
        editions.put_many(amendment, [("item", "A1", {"committed_limit": 6}, {}, {})])
    with city.at(reach=Reach.PUSH):
        before = preview.preview_of(amendment, **ALL)
    assert (before["centers"], before["provisions_changed"], before["conflicts_total"]) == (3, 1, 1)
    with city.at():
        publication.publish(amendment)
    with city.at(reach=Reach.PUSH):
        assert preview.preview_of(amendment, **ALL) == before
