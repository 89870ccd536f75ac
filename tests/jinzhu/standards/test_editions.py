"""Editions: drafted, compared, published, and then never changed by anybody."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.standards.editions import (
    catalogue,
    comparison,
    editions,
    prepared,
    publication,
    sealed,
)
from jinzhu.standards.models import Edition, Revision

PAGE = {
    "kind": "",
    "changed": False,
    "item_type": "",
    "department": "",
    "q": "",
    "sort": "",
    "page": 1,
    "per_page": 50,
}


@pytest.fixture
def draft(province, at):
    """The next edition, being written."""
    with at("四川省", "standards_officer"):
        return editions.open_draft(province.standard_id, title="第二版")


@pytest.fixture
def officer(at):
    """The standards officer at work."""
    return lambda: at("四川省", "standards_officer")


def changes(edition_id: int) -> list[tuple[str, str]]:
    """Return (code, change) of all that an edition changes."""
    return [(row["code"], row["change"]) for row in comparison.changes(editions.find(edition_id))]


def test_a_draft_is_compared_with_the_edition_below_field_by_field(officer, draft, an_item):
    with officer():
        editions.put_many(draft, [an_item("A1", committed_limit=4), an_item("A7")])
        editions.remove(draft, "item", "A2")
        assert changes(draft) == [("A1", "changed"), ("A2", "removed"), ("A7", "added")]
        (field,) = comparison.changes(editions.find(draft))[0]["fields"]
        assert (field["field"], field["before"], field["after"]) == ("committed_limit", 10, 4)
        counted = catalogue.edition(draft)
        assert (counted["changes"], counted["entries"]) == (3, 7)


def test_saying_what_stands_already_is_no_change(officer, draft, an_item):
    with officer():
        editions.put_many(draft, [an_item("A1")])
        assert changes(draft) == []
        with pytest.raises(Invalid):
            publication.publish(draft)


def test_a_reverted_change_is_gone(officer, draft, an_item):
    with officer():
        editions.put_many(draft, [an_item("A1", committed_limit=4), an_item("A3", visit_count=0)])
        editions.revert(draft, "item", "A1")
        assert changes(draft) == [("A3", "changed")]


def test_the_list_of_a_draft_shows_the_base_with_the_changes_on_top(officer, draft, an_item):
    with officer():
        editions.put_many(draft, [an_item("A1", name="改过的名称"), an_item("A7")])
        edition = editions.find(draft)
        every = comparison.provisions(edition, {**PAGE, "kind": "item"})
        assert [row["code"] for row in every["rows"]] == ["A1", "A2", "A3", "A4", "A7", "B1"]
        touched = comparison.provisions(edition, {**PAGE, "changed": True})
        assert {row["code"]: row["change"] for row in touched["rows"]} == {
            "A1": "changed",
            "A7": "added",
        }
        found = comparison.provisions(edition, {**PAGE, "q": "改过"})
        assert [row["code"] for row in found["rows"]] == ["A1"]


def test_unchanged_provisions_keep_their_revision(officer, province, draft, an_item):
    with officer():
        before = dict(db.session.execute(select(Revision.code, Revision.id)).all())
        editions.put_many(draft, [an_item("A1", committed_limit=4)])
        published = publication.publish(draft)
        after = dict(
            db.session.execute(
                editions.entries_of(published.id).with_only_columns(Revision.code, Revision.id)
            ).all()
        )
    assert {code for code in after if after[code] != before.get(code)} == {"A1"}


def test_the_same_content_has_the_same_hash(officer, draft, an_item):
    with officer():
        first = db.session.scalars(select(Edition).where(Edition.number == 1)).one().content_hash
        editions.put_many(draft, [an_item("A1", committed_limit=4)])
        second = publication.publish(draft)
        third = editions.open_draft(second.standard_id, title="第三版")
        editions.put_many(third, [an_item("A1")])
        assert second.content_hash != first
        assert publication.publish(third).content_hash == first


def test_a_number_has_one_hash_however_it_is_written():
    said = [{"content": {"fee": [fee]}, "rules": {}, "applies": {}} for fee in (2, 2.0, 1e16)]
    said.append({"content": {"fee": [10**16]}, "rules": {}, "applies": {}})
    whole, same, large, written_out = map(prepared.content_hash, said)
    assert whole == same != large == written_out


def test_a_publication_keeps_what_follows_from_the_content(officer, draft, an_item):
    """The bounds and what lists go by: computed with the draft, and never anything else."""
    with officer():
        editions.put_many(
            draft, [an_item("A1", name="重新命名的事项", visit_count=0), an_item("A7")]
        )
        published = publication.publish(draft)
        entries = editions.entries_of(published.id)
        bounds = func.app.bounds(Revision.content, Revision.rules)
        assert not db.session.scalars(entries.where(Revision.bounds != bounds)).all()
        for revision in db.session.scalars(entries):
            parts = ("code", "content", "rules", "applies")
            found = prepared.columns({name: getattr(revision, name) for name in parts})
            assert found == {name: getattr(revision, name) for name in prepared.COLUMNS}
        assert sealed.verification(published.id)["matches"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"committed_limit": None}, "committed_limit"),
        ({"committed_limit": 30}, "committed_limit"),
        ({"item_type": "99"}, "item_type"),
        (
            {"materials": [{"code": "M1", "name": "甲"}, {"code": "M1", "name": "乙"}]},
            "materials.1.code",
        ),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_wrong_provision_is_refused_with_its_field(officer, draft, an_item, content, field):
    with officer(), pytest.raises(Invalid) as refused:
        editions.put_many(draft, [an_item("A1", **content)])
    assert refused.value.errors[0].field == f"item.A1.content.{field}"


def test_an_item_without_its_department_is_not_published(officer, draft, an_item):
    with officer():
        editions.put_many(draft, [an_item("A1", department_code="D99")])
        with pytest.raises(Invalid) as refused:
            publication.publish(draft)
        assert "A1" in refused.value.errors[0].field


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE edition SET title = 'x' WHERE number = 1",
        "DELETE FROM edition WHERE number = 1",
        "UPDATE revision SET content = '{}'",
        "DELETE FROM edition_entry",
    ],
)
def test_nothing_published_can_be_changed_by_any_statement(officer, province, statement):
    with pytest.raises(DBAPIError) as refused, officer():
        db.session.execute(text(statement))
    assert refused.value.orig.sqlstate in ("23514", "42501")


@pytest.mark.parametrize("revision", ["(SELECT max(id) FROM revision)", "0"])
def test_an_entry_names_a_revision_of_its_own_provision(officer, draft, revision):
    statement = f"""INSERT INTO edition_entry (edition_id, provision_id, revision_id)
        SELECT {draft}, min(provision_id), {revision} FROM revision"""
    with pytest.raises(IntegrityError, match="names a revision of its provision"), officer():
        db.session.execute(text(statement))


def test_a_draft_is_unknown_to_the_centers_below(officer, draft, at):
    with officer():
        assert editions.find(draft).title == "第二版"
    with at("广安区"):
        assert [e.number for e in db.session.scalars(select(Edition))] == [1]


def test_a_standard_has_one_draft_at_a_time(officer, province, draft):
    with officer(), pytest.raises(editions.DraftOpen):
        editions.open_draft(province.standard_id, title="另一个")


def test_a_provision_that_is_not_in_an_edition_is_not_found(sign_in, province, draft):
    officer = sign_in("province")
    path = f"/api/editions/{draft}/provisions/item/NONE"
    for answer in (officer.get(path), officer.send("DELETE", path)):
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
        assert answer.json["provision"] == "NONE"


def test_standards_are_searched_by_name_and_code(sign_in, province):
    officer = sign_in("province")
    for wanted, found in (("目录", 1), ("t", 1), ("别的", 0)):
        assert officer.get(f"/api/standards?q={wanted}").json["total"] == found


def test_a_taken_code_and_a_missing_one_are_told_apart(sign_in, province, draft, an_item):
    officer = sign_in("province")
    body = {"content": an_item("A1")[2]}
    path = f"/api/editions/{draft}/provisions/item"
    taken = officer.send("PUT", f"{path}/A1", json=body, headers={"If-None-Match": "*"})
    assert (taken.status_code, taken.json["code"]) == (409, "code_taken")
    missing = officer.send("PUT", f"{path}/ZZ", json=body, version=1)
    assert (missing.status_code, missing.json["code"]) == (404, "not_found")
    made = officer.send("PUT", f"{path}/ZZ", json=body, headers={"If-None-Match": "*"})
    assert (made.status_code, made.json["change"]) == (200, "added")


def test_a_standard_without_an_edition_is_unknown_below(sign_in, office):
    assert sign_in("province").get("/api/standards").json["total"] == 1
    assert sign_in("county").get("/api/standards").json["total"] == 0
    assert (
        sign_in("province").post("/api/standards", {"code": "X", "name": "  "}).status_code == 422
    )
