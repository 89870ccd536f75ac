"""What the changes of an edition meet below, whom a provision concerns, and what is sealed."""

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage, notices
from jinzhu.standards.editions import (
    audience,
    catalogue,
    comparison,
    editions,
    impact,
    labels,
    publication,
    sealed,
)
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk, duties
from jinzhu.standards.rollouts import preview

PAGE = {"q": "", "sort": "", "page": 1, "per_page": 20}
TOUCHED = {**PAGE, "against": None, "breaking": False}


@pytest.fixture
def answered(province, at):
    """Two counties that offer A1, one with 8 days of its own and one with 6."""
    for county, days in (("广安区", 8), ("武胜县", 6)):
        with at(county):
            found = db.session.scalar(select(Revision.provision_id).where(Revision.code == "A1"))
            bulk.claim_many("item", [found], claim="offered")
            bulk.set_local_many("item", {found: {"committed_limit": days}})
    return province


@pytest.fixture
def drafted(answered, at, an_item):
    """A draft that promises 7 days instead of 10."""
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(answered.standard_id, title="第二版")
        editions.put_many(draft, [an_item("A1", committed_limit=7, name="新名称")])
    return draft


@pytest.fixture
def above(at):
    """The province looking down."""
    return lambda: at("四川省", "standards_officer", reach=Reach.PUSH)


def test_a_draft_says_how_many_centers_it_touches_and_whose_values_it_would_break(drafted, above):
    with above():
        found = impact.of_edition(drafted, None)
        assert found["provisions"] == [{"kind": "item", "code": "A1", "offered": 2}]
        fields = {row["field"]: (row["centers_own"], row["breaking"]) for row in found["fields"]}
        assert fields == {"committed_limit": (2, 1), "name": (0, 0)}


def test_each_number_leads_to_its_centers(drafted, above):
    with above():
        asked = (drafted, "item", "A1", "committed_limit")
        rows = impact.centers(*asked, TOUCHED)["rows"]
        assert [(r["center"]["name"], r["value"], r["breaks"]) for r in rows] == [
            ("广安区", 8, True),
            ("武胜县", 6, False),
        ]
        assert impact.centers(*asked, {**TOUCHED, "breaking": True})["total"] == 1


def test_what_would_break_is_what_the_push_finds(drafted, above, at, answered):
    with above():
        (field,) = [r for r in impact.of_edition(drafted, None)["fields"] if r["breaking"]]
    with at("四川省", "standards_officer"):
        publication.publish(drafted)
    with above():
        again = impact.of_edition(drafted, None)["fields"]
        assert field in again
    assert answered.push(drafted) == {answered.centers["广安区"]: field["breaking"]}


def test_only_the_owner_asks_for_it(drafted, answered, at):
    with at("广安市", "city_manager", reach=Reach.PUSH), pytest.raises(NotFound):
        impact.of_edition(drafted, None)


def test_any_two_editions_of_a_standard_are_compared(answered, at, an_item):
    second = answered.publish(an_item("A1", committed_limit=7), remove=("A4",))
    third = answered.publish(an_item("A1", committed_limit=5), an_item("A9"))
    with at("四川省", "standards_officer"):
        first = editions.find(second).base_id
        rows = comparison.changes(*comparison.compared(third, first))
        told = [(row["code"], row["change"]) for row in rows]
        assert told == [("A1", "changed"), ("A4", "removed"), ("A9", "added")]
        (field,) = rows[0]["fields"]
        assert (field["before"], field["after"]) == (10, 5)


def test_a_draft_is_compared_with_any_edition(answered, at, an_item):
    second = answered.publish(an_item("A1", committed_limit=7), an_item("A2", visit_count=0))
    with at("四川省", "standards_officer"):
        first = editions.find(second).base_id
        draft = editions.open_draft(answered.standard_id, title="第三版")
        editions.put_many(draft, [an_item("A1"), an_item("A3", fee=0, visit_count=0)])
        rows = comparison.changes(*comparison.compared(draft, first))
        # A1 is again as it was in the first edition.
        assert [row["code"] for row in rows] == ["A2", "A3"]


def test_editions_of_different_standards_are_not_compared(answered, at):
    with at("四川省", "standards_officer"):
        other = editions.open_draft(editions.create_standard(code="U", name="另一个"), title="一")
        mine = catalogue.editions_of(answered.standard_id, PAGE)["rows"][0]["id"]
        with pytest.raises(Invalid) as refused:
            comparison.compared(mine, other)
        assert refused.value.errors[0].field == "against"


def test_an_edition_shows_that_it_is_what_was_published(province, at):
    with at("广安区"):
        edition = catalogue.standards(PAGE)["rows"][0]["latest"]["id"]
        found = sealed.verification(edition)
        assert found["matches"]
        assert found["recorded"] == found["computed"]
        assert (found["entries"], found["differing"]) == (7, [])


def test_a_withdrawn_edition_says_why_and_tells_those_on_it(province, at, centers):
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        edition = editions.latest(province.standard_id)
        number = edition.id
        sealed.withdraw(edition, reason="依据已废止")
    with at("四川省", "standards_officer"):
        shown = catalogue.edition(number)
        assert (shown["state"], shown["withdrawal_reason"]) == ("withdrawn", "依据已废止")
        assert editions.latest(province.standard_id) is None
        assert catalogue.standard(province.standard_id)["latest"] is None
    with at("广安区"):
        told = notices.page({**PAGE, "unread": False})["rows"][0]["text"]
        assert "依据已废止" in told
        assert "四川省下发新的版次时会再通知" in told
    with at("四川省", "standards_officer", reach=Reach.SUBTREE):
        assert sealed.centers_on(number, PAGE)["total"] == len(centers)


def test_nothing_else_of_a_withdrawn_edition_changes(province, sign_in):
    office = sign_in("province")
    number = office.get(f"/api/standards/{province.standard_id}").json["latest"]["id"]
    path = f"/api/editions/{number}"
    answer = office.post(f"{path}/withdrawal", {"reason": " "}, version=2)
    assert answer.status_code == 422
    version = office.get(path).json["version"]
    answer = office.post(f"{path}/withdrawal", {"reason": "有误"}, version=version)
    assert answer.status_code == 204, answer.text
    again = office.post(f"{path}/withdrawal", {"reason": "有误"}, version=version + 1)
    assert (again.status_code, again.json["code"]) == (409, "not_sealed")


def test_a_draft_has_no_check_value_yet_and_says_no_more(province, at, sign_in):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(province.standard_id, title="草稿")
    answer = sign_in("province").get(f"/api/editions/{draft}/verification")
    assert (answer.status_code, answer.json["code"]) == (409, "not_sealed_yet")
    assert "撤回" not in answer.json["detail"]


@pytest.fixture
def labelled(province, at, centers):
    """Two counties that the province calls pilots."""
    with at("四川省", "standards_officer"):
        labels.put_many("试点", chosen=[centers["广安市"]], below=True, on=True)
        labels.put_on(centers["广安市"], ["山区"])
    return province


def test_labels_are_put_on_a_city_with_its_counties_and_one_by_one(labelled, at, centers):
    with at("四川省", "standards_officer"):
        page = labels.centers({**PAGE, "label": "", "parent": None})
        told = {row["name"]: row["labels"] for row in page["rows"] if row["labels"]}
        assert told == {"广安市": ["山区"], "广安区": ["试点"], "武胜县": ["试点"]}
        assert [(row["label"], row["centers"]) for row in labels.labels()] == [
            ("山区", 1),
            ("试点", 2),
        ]
        labels.put_many("试点", chosen=[centers["武胜县"]], below=False, on=False)
        assert labels.centers({**PAGE, "label": "试点", "parent": None})["total"] == 1


def test_no_label_is_put_on_a_center_of_somebody_else(labelled, at, centers):
    with at("广安市", "city_manager"):
        with pytest.raises(NotFound):
            labels.put_on(centers["涪城区"], ["我的"])
        assert labels.put_many("我的", chosen=[centers["涪城区"]], below=True, on=True) == 0


def test_who_is_concerned_is_counted_by_level_place_and_label(labelled, at, centers):
    owner = centers["四川省"]
    with at("四川省", "standards_officer"):
        assert audience.size(owner, {"levels": ["county"]}) == 3
        assert audience.size(owner, {"levels": ["county"], "regions": [centers["绵阳市"]]}) == 1
        assert audience.size(owner, {"levels": ["county"], "labels": ["试点"]}) == 2
        assert audience.size(owner, {"levels": ["city", "county"], "labels": ["山区"]}) == 1


def put(edition_id: int, entry, **applies):
    """Write a provision for some."""
    kind, code, content, rules, _ = entry
    editions.put_many(edition_id, [(kind, code, content, rules, applies)])


def test_an_unknown_label_or_place_is_named(labelled, at, an_item, centers):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(labelled.standard_id, title="第二版")
        with pytest.raises(Invalid) as refused:
            put(draft, an_item("A1"), levels=["county"], labels=["试点", "没有"], regions=[999])
        told = {fault.field: fault.value for fault in refused.value.errors}
        assert told == {"item.A1.applies.labels": "没有", "item.A1.applies.regions": 999}
        put(draft, an_item("A1"), levels=["county"], labels=["试点"], regions=[centers["广安市"]])
        (row,) = comparison.changes(editions.find(draft))
        told = [(one["name"], one["before"], one["after"]) for one in row["narrowing"]]
        assert told == [("regions", [], ["广安市"]), ("labels", [], ["试点"])]


def test_an_item_for_other_classes_than_its_departments_is_not_published(labelled, at, an_item):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(labelled.standard_id, title="第二版")
        put(draft, an_item("A1"), levels=["county"], classes=["vertical"])
        with pytest.raises(Invalid) as refused:
            publication.publish(draft)
        assert [fault.field for fault in refused.value.errors] == ["item.A1.applies.classes"]
        put(draft, an_item("A1"), levels=["county"], classes=["vertical", "government"])
        publication.publish(draft)


def test_a_label_that_is_in_use_says_so(labelled, at, an_item):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(labelled.standard_id, title="第二版")
        put(draft, an_item("A1"), levels=["county"], labels=["试点"])
        publication.publish(draft)
        told = {row["label"]: row["provisions"] for row in labels.labels()}
        assert told == {"山区": 0, "试点": 1}


def test_the_number_concerned_is_asked_for_while_writing(labelled, sign_in, at):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(labelled.standard_id, title="第二版")
    office = sign_in("province")
    path = f"/api/editions/{draft}/audience"
    asked = office.get(path, query_string={"levels": "city,county", "labels": "试点"})
    assert asked.json == {"centers": 2, "of": 6}
    assert office.get(path, query_string={"regions": "x"}).status_code == 422


@pytest.fixture
def narrowed(labelled, at, centers, an_item):
    """An edition with an item for pilots, of which a city calls one county more than its province.

    The province calls the counties of one city pilots, the other city its own county.
    """
    with at("绵阳市", "city_manager"):
        labels.put_on(centers["涪城区"], ["试点"])
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(labelled.standard_id, title="第二版")
        put(draft, an_item("P1"), levels=["county"], labels=["试点"])
        publication.publish(draft)
    return draft


def test_a_label_of_somebody_below_the_owner_decides_nothing(narrowed, labelled, at, centers):
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        seen = preview.preview(narrowed, centers="all")
        assert seen["new_duties"] == 2
    labelled.push(narrowed)
    asked = {"claim": "", "item_type": "", "department": "", **PAGE, "q": "P1"}
    for county, number in (("广安区", 1), ("涪城区", 0)):
        with at(county):
            assert duties.page("item", asked, center_id=centers[county])["total"] == number
    with at("四川省", "standards_officer", reach=Reach.SUBTREE):
        found = coverage.figures("item", parent=None)
        assert audience.size(centers["四川省"], {"levels": ["county"], "labels": ["试点"]}) == 2
    assert found["total"]["duties"] == 5 * 3 + 2
