"""Own items become items of a catalogue, and what a standard gave up becomes an own item."""

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid, NotFound
from jinzhu.standards.likeness import Names
from jinzhu.standards.models import Revision
from jinzhu.standards.own import detachment, own_items, takeover, takeover_acts
from jinzhu.standards.own.detachment import AlreadyOwn, StillOffered
from jinzhu.standards.records import bulk, history, records

QUERY = {"page": 1, "per_page": 50, "sort": "", "q": "", "match": ""}
OWN = {"page": 1, "per_page": 50, "sort": "", "q": ""}
BASIC = {"item_type": "01", "legal_basis": "县文件", "statutory_limit": 30, "fee": 0}


def own(name, department="D01", **more):
    """Return an own item."""
    return {"name": name, "department_code": department, **BASIC, "visit_count": 1, **more}


def numbers():
    """Return the provision of each code."""
    return dict(map(tuple, db.session.execute(select(Revision.code, Revision.provision_id))))


@pytest.fixture
def county(at, province, an_item):
    """武胜县 with own items beside the catalogue, before it claimed anything."""
    names = {"A1": "建设工程施工许可", "A2": "企业登记", "B1": "社会保险登记"}
    entries = [
        an_item("A1", name=names["A1"], statutory_limit=20),
        an_item("A2", name=names["A2"]),
        an_item("B1", name=names["B1"], department_code="D02", item_type="20"),
    ]
    province.push(province.publish(*entries))
    with at("武胜县"):
        own_items.create(own("建设工程 施工许可", committed_limit=8, window="5号"))
        own_items.create(own("企业变更登记", committed_limit=5))
        own_items.create(own("完全不同的事", committed_limit=5))
    return "武胜县"


def test_names_alike_are_found_the_most_alike_first():
    names = Names([(1, "企业登记"), (2, "企业变更登记"), (3, "社会保险登记"), (4, "取水许可")])
    assert [like.key for like in names.like("企业变更登记（内资）")] == [2, 1]
    assert names.like("企业登记")[0].score == 1.0
    assert names.like("食品") == []


def test_each_own_item_is_shown_with_what_it_could_be(at, county):
    with at(county):
        page = takeover.page(QUERY)
        assert page["counts"] == {"code": 0, "name": 1, "alike": 1, "none": 1}
        first, second, third = page["rows"]
        assert first["sure"]
        assert first["candidates"][0]["code"] == "A1"
        assert first["candidates"][0]["claim"] == "unclaimed"
        assert second["candidates"][0]["code"] == "A2"
        assert not second["sure"]
        assert third["candidates"] == []
        assert takeover.page({**QUERY, "match": "none"})["total"] == 1
        assert takeover.page({**QUERY, "q": "变更"})["total"] == 1


def test_the_catalogue_takes_the_place_of_the_own_item_and_its_values_stay(at, county, centers):
    with at(county):
        answer = takeover_acts.take(takeover_acts.sure_pairs())
    (row,) = answer["rows"]
    assert row["code"] == "A1"
    assert set(row["taken"]) == {"承诺办结时限", "办理窗口"}
    left = {one["field"]: one for one in row["left"]}
    # Statutory limit and basis are the standard's alone.
    assert set(left) == {"statutory_limit", "legal_basis"}
    assert left["statutory_limit"]["value"] == 30
    assert left["statutory_limit"]["standard"] == 20
    assert "四川省" in left["statutory_limit"]["message"]
    with at(county):
        record = records.read("item", row["record_id"], center_id=centers[county])
        values = {one["name"]: one["effective"] for one in record["fields"]}
        assert (values["committed_limit"], values["window"]) == (8, "5号")
        assert record["claim"] == "offered"
        told = history.page("item", row["record_id"], OWN, center_id=centers[county])
        reasons = [
            change["after"]
            for entry in told["rows"]
            for change in entry["changes"]
            if change["field"] == "reason"
        ]
        assert "30" in reasons[0]
        assert own_items.page({**OWN, "item_type": "", "department": ""})["total"] == 2


def test_a_value_beyond_the_bound_stays_behind_and_is_named(at, county, centers):
    with at(county):
        number = own_items.create(own("超期事项", committed_limit=15, visit_count=0))
        pair = {"own_provision_id": number["provision_id"], "provision_id": numbers()["A2"]}
        (row,) = takeover_acts.take([pair])["rows"]
    left = {one["field"]: one for one in row["left"]}
    assert left["committed_limit"]["rule"] == "at_most"
    assert "10" in left["committed_limit"]["message"]
    with at(county):
        record = records.read("item", row["record_id"], center_id=centers[county])
        values = {one["name"]: one["effective"] for one in record["fields"]}
    assert (values["committed_limit"], values["visit_count"]) == (10, 0)


def test_values_that_stand_in_the_catalogues_item_are_not_written_over(at, county, centers):
    with at(county):
        number = numbers()["A1"]
        bulk.claim_many("item", [number], claim="offered")
        bulk.set_local_many("item", {number: {"window": "1号"}})
        takeover_acts.take(takeover_acts.sure_pairs())
        record = records.read_of_provision("item", number, center_id=centers[county])
    values = {one["name"]: one["effective"] for one in record["fields"]}
    assert (values["window"], values["committed_limit"]) == ("1号", 8)


def test_materials_come_along_as_what_is_dropped(at, county, centers):
    with at(county):
        fewer = [{"code": "M1", "name": "材料1"}, {"code": "M2", "name": "材料2"}]
        item = own_items.create(own("少交材料", committed_limit=10, materials=fewer))
        more = [*fewer, {"code": "M3", "name": "材料3"}, {"code": "X", "name": "多要的"}]
        other = own_items.create(own("多交材料", committed_limit=10, materials=more))
        found = numbers()
        rows = takeover_acts.take(
            [
                {"own_provision_id": item["provision_id"], "provision_id": found["A2"]},
                {"own_provision_id": other["provision_id"], "provision_id": found["A3"]},
            ]
        )["rows"]
        record = records.read("item", rows[0]["record_id"], center_id=centers[county])
    local = {one["name"]: one["local"] for one in record["fields"]}
    assert local["materials"] == {"drop": ["M3"]}
    assert "materials" in {one["field"] for one in rows[1]["left"]}


def test_a_wrong_pair_is_refused_and_nothing_is_taken(at, county):
    with at(county):
        mine = takeover.own()[0].provision_id
        a1 = numbers()["A1"]
        with pytest.raises(NotFound):
            takeover_acts.take([{"own_provision_id": a1, "provision_id": a1}])
        with pytest.raises(Invalid) as refused:
            takeover_acts.take([{"own_provision_id": mine, "provision_id": mine}])
        assert refused.value.errors[0].field == "pairs.0.provision_id"
        twice = [
            {"own_provision_id": one.provision_id, "provision_id": a1} for one in takeover.own()
        ]
        with pytest.raises(Invalid):
            takeover_acts.take(twice)
        assert len(takeover.own()) == 3


def test_what_the_standard_gave_up_is_kept_as_the_centers_own(at, county, province, centers):
    with at(county):
        number = numbers()["A1"]
        bulk.claim_many("item", [number], claim="offered")
        bulk.set_local_many("item", {number: {"committed_limit": 4, "window": "9号"}})
    province.push(province.publish(remove=("A1",)))
    with at(county):
        (row,) = detachment.dropped(OWN)["rows"]
        assert (row["code"], row["department_name"]) == ("A1", "审批局")
        made = detachment.detach(row["record_id"])
        assert (made["code"], made["content"]["committed_limit"]) == ("A1", 4)
        assert made["content"]["window"] == "9号"
        assert detachment.dropped(OWN)["total"] == 0
    with at("广安区"), pytest.raises(NotFound):
        detachment.detach(row["record_id"])


def test_only_what_is_not_offered_under_the_standard_can_be_detached(at, county, centers):
    with at(county):
        number = numbers()["A1"]
        bulk.claim_many("item", [number], claim="offered")
        record = records.read_of_provision("item", number, center_id=centers[county])
        with pytest.raises(StillOffered):
            detachment.detach(record["id"])
        bulk.claim_many("item", [number], claim="not_offered", reason="本地无管理对象")
        made = detachment.detach(record["id"])
        assert made["code"].startswith("LOC-")
        with pytest.raises(AlreadyOwn):
            detachment.detach(made["record_id"])
