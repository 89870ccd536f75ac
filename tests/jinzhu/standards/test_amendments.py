"""Amendments: a city makes the province's standard tighter, field by field, and never looser."""

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards.amendments import amendment_tightening, amendments
from jinzhu.standards.editions import amendment_view, comparison, editions, publication
from jinzhu.standards.editions.amendment_checks import NotAdopted
from jinzhu.standards.models import Edition, Revision, Standard
from jinzhu.standards.records import bulk, conflicts
from jinzhu.standards.rollouts import preview, rollouts

PAGE = {
    "kind": "",
    "amended": False,
    "changed": False,
    "item_type": "",
    "department": "",
    "q": "",
    "sort": "",
    "page": 1,
    "per_page": 50,
}
TIGHTER = ("A1", {"committed_limit": 6}, {})


def provision_id(code):
    """Return the number of a provision."""
    found = select(Revision.provision_id).where(Revision.code == code).limit(1)
    return db.session.scalars(found).one()


def offer(at, county, **local):
    """Let a county offer A1 with values of its own."""
    with at(county):
        number = provision_id("A1")
        bulk.claim_many("item", [number], claim="offered")
        bulk.set_local_many("item", {number: local})


def test_a_county_shows_what_the_city_amended_and_who_set_it(city, centers, shown):
    edition = city.amend(("A1", {"committed_limit": 6}, {"visit_count": {"rule": "fixed"}}))
    assert shown("广安区", "A1")["committed_limit"]["set_by"] == "standard"
    city.rollout(edition)
    fields = shown("广安区", "A1")
    limit = fields["committed_limit"]
    assert (limit["standard"], limit["upper"], limit["effective"]) == (6, 10, 6)
    assert (limit["set_by"], limit["set_by_name"]) == ("amendment", "广安市")
    assert limit["amended_by"] == {"id": centers["广安市"], "name": "广安市"}
    assert limit["why"].startswith(
        "广安市第 1 版规定上限为 6 个工作日，本中心可以填更小的值，不能超过。"
    )
    assert (fields["visit_count"]["rule"], fields["visit_count"]["editable"]) == ("fixed", False)
    assert fields["fee"]["set_by"] == "standard"
    assert shown("涪城区", "A1")["committed_limit"]["effective"] == 10


def test_the_city_may_not_be_looser_and_is_told_whose_bound_it_is(city):
    draft = city.begin()
    tries = [
        ({"committed_limit": 11}, {}, "content.committed_limit", "at_most"),
        ({"name": "改名"}, {}, "content.name", "fixed"),
        ({"statutory_limit": 5}, {}, "content.statutory_limit", "fixed"),
        (
            {"materials": {"add": [{"code": "X", "name": "另加"}]}},
            {},
            "content.materials",
            "subset",
        ),
        ({}, {"committed_limit": {"rule": "default"}}, "rules.committed_limit", "at_most"),
        ({"window": "3号"}, {}, "content.window", "local"),
        ({"nonsense": 1}, {}, "content.nonsense", "field"),
    ]
    for content, rules, place, rule in tries:
        with city.at(), pytest.raises(Invalid) as refused:
            editions.put_many(draft, [("item", "A1", content, rules, {})])
        (fault,) = refused.value.errors
        assert (fault.field, fault.rule) == (f"item.A1.{place}", rule)
    with city.at(), pytest.raises(Invalid) as refused:
        editions.put_many(draft, [("item", "A1", {"committed_limit": 11}, {}, {})])
    assert refused.value.errors[0].message == (
        "“承诺办结时限”不能超过四川省第 1 版规定的 10 个工作日。"
        "如需调整，请联系四川省的标准管理员。"
    )


def test_the_city_cannot_change_whom_a_provision_concerns_nor_add_one(city):
    draft = city.begin()
    for entry, place in (
        (("item", "A1", {"fee": 0}, {}, {"levels": ["city"]}), "item.A1.applies"),
        (("item", "Z9", {"fee": 0}, {}, {}), "item.Z9.code"),
        (("item", "A1", {}, {}, {}), "item.A1.content"),
    ):
        with city.at(), pytest.raises(Invalid) as refused:
            editions.put_many(draft, [entry])
        assert [fault.field for fault in refused.value.errors] == [place]
    with city.at():
        assert editions.put_many(draft, [("item", "A1", {"fee": 0}, {}, {"levels": ["county"]})])


def test_a_required_field_can_be_added_and_not_taken_away(at, city, shown):
    required = {"window": {"rule": "local", "required": True}}
    city.rollout(city.amend(("A1", {}, required)))
    assert shown("广安区", "A1")["window"]["required"]
    assert not shown("涪城区", "A1")["window"]["required"]
    draft = city.begin()
    free = {"address": {"rule": "local", "required": False}}
    with city.at(), pytest.raises(Invalid) as refused:
        editions.put_many(draft, [("item", "A1", {}, free, {})])
    assert refused.value.errors[0].field == "item.A1.rules.address"


def test_a_local_value_outside_the_citys_bound_becomes_a_conflict(at, city, shown):
    offer(at, "广安区", committed_limit=8)
    number = city.rollout(city.amend(TIGHTER))
    with city.at():
        assert rollouts.read(number)["conflicts"] == 1
    with at("广安区"):
        (conflict,) = conflicts.page({"state": "open", "kind": "", **PAGE})["rows"]
        assert (conflict["local_value"], conflict["bound"]) == (8, 6)
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 6


def test_the_preview_of_an_amendment_says_what_its_rollout_does(at, city):
    offer(at, "广安区", committed_limit=8)
    edition = city.amend(TIGHTER)
    with city.at(reach=Reach.PUSH):
        seen = preview.preview(edition, centers="all")
    assert (seen["centers"], seen["conflicts_total"], seen["new_duties"]) == (3, 1, 0)
    assert (seen["conflicts"][0]["local_value"], seen["conflicts"][0]["bound"]) == (8, 6)


def test_going_back_to_an_earlier_amendment_brings_its_values_back(city, shown):
    first = city.amend(TIGHTER)
    city.rollout(first)
    city.rollout(city.amend(("A1", {"committed_limit": 3}, {})))
    assert shown("武胜县", "A1")["committed_limit"]["effective"] == 3
    city.rollout(first)
    assert shown("武胜县", "A1")["committed_limit"]["effective"] == 6


def test_a_new_edition_from_above_goes_under_the_amendment(city, province, an_item, shown):
    city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    province.rollout(province.publish(an_item("A1", committed_limit=9, visit_count=0)))
    fields = shown("广安区", "A1")
    limit = fields["committed_limit"]
    assert (limit["effective"], limit["upper"], fields["visit_count"]["effective"]) == (6, 9, 0)


def test_what_nothing_is_left_of_is_no_amendment_any_more(at, city, shown):
    city.rollout(city.amend(TIGHTER, ("A2", {"fee": 0}, {})))
    draft = city.begin()
    with city.at():
        editions.remove(draft, "item", "A1")
        publication.publish(draft)
        assert db.session.get_one(Edition, draft).entries == 1
    city.rollout(draft)
    limit = shown("广安区", "A1")["committed_limit"]
    assert (limit["set_by"], limit["effective"]) == ("standard", 10)


def test_a_list_is_amended_part_by_part(city, shown):
    city.rollout(city.amend(("A1", {"materials": {"drop": ["M2"]}}, {})))
    materials = shown("广安区", "A1")["materials"]["effective"]
    assert [part["code"] for part in materials] == ["M1", "M3"]


def test_only_a_city_amends_and_only_what_has_arrived_from_above(at, office, city, centers):
    with at("广安区", "city_manager"), pytest.raises(amendments.NotAmendable):
        amendments.begin(office.standard_id)
    with at("四川省", "standards_officer"):
        other = editions.create_standard(code="LATER", name="未下发")
    with city.at(), pytest.raises(NotAdopted):
        amendments.begin(other)
    city.amend(TIGHTER)
    with city.at():
        own = db.session.scalars(select(Standard.id).where(Standard.amends_id.is_not(None))).one()
        with pytest.raises(amendments.NotAmendable):
            amendments.begin(own)
    with city.at(), pytest.raises(NotFound):
        amendments.begin(999_999)


def test_an_amendment_is_begun_once_and_then_opened(city):
    assert city.begin() == city.begin()
    with city.at():
        rows = amendments.listed()["rows"]
        assert [(row["standard"]["code"], row["draft"]["changes"]) for row in rows] == [("T", 0)]


def test_lists_name_the_province_s_provision_and_show_both_values(city):
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A1", {"committed_limit": 6}, {}, {})])
        page = amendment_view.provisions(draft, {**PAGE, "kind": "item"})
        assert page["total"] == 5
        (row,) = amendment_view.provisions(draft, {**PAGE, "amended": True})["rows"]
        assert (row["name"], row["department_name"], row["change"]) == ("事项A1", "审批局", "added")
        (field,) = row["fields"]
        assert (field["before"], field["after"], field["label"]) == (10, 6, "承诺办结时限")
        provision = amendment_view.provision(draft, "item", "A1")
        limit = next(f for f in provision["fields"] if f["name"] == "committed_limit")
        assert (limit["upper"], limit["value"], limit["upper_rule"]) == (10, 6, "at_most")


def test_a_comparison_shows_what_held_before_and_what_holds_then(city):
    first = city.amend(TIGHTER)
    with city.at():
        (change,) = comparison.changes(editions.find(first))
        assert (change["name"], change["change"]) == ("事项A1", "changed")
        (field,) = change["fields"]
        assert (field["before"], field["after"]) == (10, 6)
    second = city.amend(("A1", {"committed_limit": 4}, {}))
    with city.at():
        (change,) = comparison.changes(editions.find(second))
        assert [(f["before"], f["after"]) for f in change["fields"]] == [(6, 4)]
        query = {**PAGE, "changed": True}
        (row,) = comparison.provisions(editions.find(second), query)["rows"]
        assert (row["name"], row["change"], row["committed_limit"]) == ("事项A1", "changed", 4)


def test_the_hash_of_an_amendment_goes_with_its_content(city):
    first, second = city.amend(TIGHTER), city.amend(("A1", {"committed_limit": 4}, {}))
    third = city.amend(TIGHTER)
    with city.at():
        hashes = [db.session.get_one(Edition, n).content_hash for n in (first, second, third)]
    assert hashes[0] == hashes[2] != hashes[1]


def test_what_an_amendment_kept_is_checked_again_before_it_is_published(city, province, an_item):
    city.amend(TIGHTER)
    province.push(province.publish(an_item("A1", committed_limit=5)))
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A2", {"fee": 0}, {}, {})])
        with pytest.raises(Invalid) as refused:
            publication.publish(draft)
        (fault,) = refused.value.errors
        assert fault.field == "item.A1.content.committed_limit"
        assert "四川省第 2 版" in fault.message


def test_many_limits_are_tightened_at_once(city):
    draft = city.begin()
    given = {"kind": "item", "field": "committed_limit", "percent": 75}
    given |= {"item_type": "01", "department": "", "q": ""}
    with city.at():
        assert amendment_tightening.tighten(draft, given) == 3
        rows = amendment_view.provisions(draft, {**PAGE, "amended": True})["rows"]
        assert {row["code"]: row["fields"][0]["after"] for row in rows} == {
            "A1": 7,
            "A2": 7,
            "A4": 7,
        }
        assert amendment_tightening.tighten(draft, given) == 0
        with pytest.raises(Invalid):
            amendment_tightening.tighten(draft, {**given, "field": "name"})


def test_the_province_sees_which_city_amends_what(at, city, centers):
    edition = city.amend(TIGHTER, ("A2", {"fee": 0, "visit_count": 0}, {}))
    city.rollout(edition)
    with at("四川省", "standards_officer", reach=Reach.SUBTREE):
        (row,) = amendments.of_standard(city.standard_id)["rows"]
        assert row["city"] == {"id": centers["广安市"], "name": "广安市"}
        assert (row["provisions"], row["fields"], row["centers"]) == (2, 3, 3)
        said = amendments.said_below(city.standard_id, row["edition"]["id"], PAGE)
        assert [one["code"] for one in said["rows"]] == ["A1", "A2"]
    with at("绵阳市", "city_manager", reach=Reach.SUBTREE):
        assert amendments.of_standard(city.standard_id)["rows"] == []
        with pytest.raises(NotFound):
            amendments.said_below(city.standard_id, edition, PAGE)


def test_the_pages_of_an_amendment_over_http(sign_in, city):
    manager = sign_in("city")
    begun = manager.post(f"/api/standards/{city.standard_id}/amendment").json
    draft = begun["draft"]["id"]
    path = f"/api/amendments/{draft}/provisions/item/A1"
    version = manager.get(path).json["version"]
    wrong = manager.send("PUT", path, json={"content": {"committed_limit": 12}}, version=version)
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "content.committed_limit")
    right = manager.send("PUT", path, json={"content": {"committed_limit": 8}}, version=version)
    assert right.status_code == 200
    stale = manager.send("PUT", path, json={"content": {"committed_limit": 7}}, version=version)
    assert stale.status_code == 412
    listed = manager.get(f"/api/editions/{draft}/provisions?changed=true").json["rows"]
    assert [row["name"] for row in listed] == ["事项A1"]
    gone = manager.send("PUT", path, json={"content": {}}, version=right.json["version"])
    assert gone.status_code == 200
    assert manager.get(f"/api/amendments/{draft}/provisions?amended=true").json["total"] == 0
    assert manager.get("/api/amendments").json["rows"][0]["draft"]["changes"] == 0
    assert sign_in("county").post(f"/api/standards/{city.standard_id}/amendment").status_code == 403


def test_what_was_never_published_is_nothing_to_amend(at, city):
    with at("四川省", "standards_officer"):
        editions.create_standard(code="NEW", name="还没有版次的标准")
    with city.at():
        names = [row["standard"]["name"] for row in amendments.listed()["rows"]]
    assert names
    assert "还没有版次的标准" not in names
