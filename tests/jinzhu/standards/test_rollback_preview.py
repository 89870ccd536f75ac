"""Before centers go back it is shown what changes, by the way back itself, and nothing is done."""

import pytest
from sqlalchemy import func, select

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.standards.models import Adoption, Notice, Revision
from jinzhu.standards.records import bulk, local_values
from jinzhu.standards.rollouts import rollout_back
from tenants.item.models import Item


@pytest.fixture
def offered(province, at):
    """Two counties that offer A1 and A2; the first promises less in A2 than anybody asks."""
    for county in ("广安区", "涪城区"):
        with at(county):
            wanted = select(Revision.provision_id).where(Revision.code.in_(["A1", "A2"]))
            bulk.claim_many("item", list(db.session.scalars(wanted)), claim="offered")
    with at("广安区"):
        known = select(Item.id).join(Revision, Revision.provision_id == Item.provision_id)
        record = db.session.scalars(known.where(Revision.code == "A2")).one()
        local_values.change("item", record, {"committed_limit": 2}, version=lambda _: None)


@pytest.fixture
def rolled_out(offered, province, an_item):
    """A roll-out of an edition that changes A1 and A2, drops A4 and brings A9."""
    edition = province.publish(
        an_item("A1", committed_limit=6, visit_count=0),
        an_item("A2", committed_limit=6),
        an_item("A9"),
        remove=("A4",),
    )
    return province.rollout(edition)


@pytest.fixture
def foresee(sign_in, rolled_out):
    """Ask what going back would change, as the page does."""
    office = sign_in("province")

    def asked(centers="all", **more):
        body = {"centers": centers, **more}
        return office.post(f"/api/rollouts/{rolled_out}/rollback/preview", body)

    return asked


def test_each_center_and_field_is_shown_as_it_is_and_as_it_will_be(foresee):
    found = foresee().json
    by = {(row["center"]["name"], row["code"]): row for row in found["rows"]}
    assert set(by) == {(name, code) for name in ("广安区", "涪城区") for code in ("A1", "A2")}
    assert found["total"] == 4
    one = by["涪城区", "A1"]
    assert (one["title"], one["change"]) == ("事项A1", "changed")
    fields = {field["name"]: (field["before"], field["after"]) for field in one["fields"]}
    assert fields == {"committed_limit": (6, 10), "visit_count": (0, 1)}
    assert by["广安区", "A2"]["fields"] == []


def test_it_is_read_page_by_page_and_for_chosen_centers(foresee, centers):
    pages = [foresee(page=page, per_page=3).json for page in (1, 2)]
    assert [len(one["rows"]) for one in pages] == [3, 1]
    assert {one["total"] for one in pages} == {4}
    chosen = foresee([centers["涪城区"]]).json
    assert {row["center"]["name"] for row in chosen["rows"]} == {"涪城区"}
    refused = foresee([10**6])
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "centers")


def test_nothing_is_done_and_then_exactly_that_is_done(foresee, rolled_out, at, shown):
    def told():
        with at("广安区"):
            return db.session.scalar(select(func.count()).select_from(Notice))

    def standing():
        with at("四川省", "standards_officer", reach=Reach.SUBTREE):
            rows = db.session.execute(select(Adoption.tenant_id, Adoption.edition_id))
            return sorted(map(tuple, rows))

    before = told(), standing()
    rows = foresee().json["rows"]
    assert (told(), standing()) == before
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        rollout_back.back(rolled_out, centers="all", reason="有误")
    for row in rows:
        now = shown(row["center"]["name"], row["code"])
        for field in row["fields"]:
            assert now[field["name"]]["effective"] == field["after"]


def test_a_provision_that_is_new_goes_and_one_that_was_dropped_comes_back(foresee, at):
    with at("涪城区"):
        wanted = select(Revision.provision_id).where(Revision.code == "A9")
        bulk.claim_many("item", [db.session.scalars(wanted).one()], claim="offered")
    by = {row["code"]: row["change"] for row in foresee().json["rows"]}
    assert by["A9"] == "removed"


def test_only_who_may_roll_out_looks(rolled_out, sign_in):
    path = f"/api/rollouts/{rolled_out}/rollback/preview"
    for name, status in (("watch", 403), ("county", 403), ("city", 404)):
        assert sign_in(name).post(path, {"centers": "all"}).status_code == status, name
