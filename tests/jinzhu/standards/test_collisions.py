"""Where two standards say something of the same thing: found, chosen by both, never silent."""

import pytest
from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage, notices, push
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.likeness import plain
from jinzhu.standards.lines import collision_choices, collision_rows
from jinzhu.standards.lines.collision_choices import NotYourSide
from jinzhu.standards.lines.collisions import PLAIN
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk, duties, listing, records

LIST = {"page": 1, "per_page": 50, "sort": "", "q": "", "state": "", "kind": "", "mine": False}
DUTIES = {"page": 1, "per_page": 50, "sort": "code", "q": "", "claim": ""}


@pytest.fixture
def line(at):
    """The line D02 at the province."""

    def opened(**more):
        return at("四川省", "line_officer", departments=("D02",), **more)

    return opened


@pytest.fixture
def line_standard(province, line):
    """The line's standard, to publish editions of."""

    class LineStandard:
        def __init__(self):
            with line():
                self.id = editions.create_standard(
                    code="LINE", name="人社条线标准", nature="line", line="D02"
                )

        def publish(self, *entries):
            with line():
                edition_id = editions.open_draft(self.id, title="条线")
                editions.put_many(edition_id, entries)
                publication.publish(edition_id)
                return edition_id

        def push(self, edition_id, *centers):
            with line(reach=Reach.PUSH):
                push.adopt(
                    standard_id=self.id, edition_id=edition_id, centers=centers, rollout_id=None
                )

    return LineStandard()


@pytest.fixture
def collision(at, line_standard, an_item, centers):
    """B1 of the province and B1 of the line, both at 广安区; only the province's at 武胜县."""
    edition_id = line_standard.publish(an_item("B1", department_code="D02", committed_limit=3))
    line_standard.push(edition_id, centers["广安区"])
    with at("四川省", "standards_officer"):
        return collision_rows.page(LIST)["rows"][0]["id"]


def choose(opened, collision_id, governs):
    """Let a side choose."""
    with opened:
        return collision_choices.choose([collision_id], governs=governs, reason="以专项为准")


def settle(at, line, collision_id, governs="second"):
    """Let both sides choose alike."""
    choose(at("四川省", "standards_officer"), collision_id, governs)
    choose(line(), collision_id, governs)


def codes(at, center, centers):
    """Return what a center owes, each code as often as it is owed."""
    with at(center):
        page = duties.page("item", DUTIES, center_id=centers[center])
        return sorted(row["code"] for row in page["rows"])


def test_the_same_code_in_two_standards_is_found_at_publication(at, line, collision, centers):
    with at("四川省", "standards_officer"):
        (row,) = collision_rows.page(LIST)["rows"]
        assert collision_rows.open_count() == 1
        told = notices.page({"page": 1, "per_page": 5, "sort": "", "unread": False})
    assert row["state"] == "open"
    assert row["found_by"] == "code"
    assert (row["first"]["mine"], row["second"]["mine"]) == (True, False)
    assert row["second"]["department_name"] == "人社局"
    assert "人社条线标准" in told["rows"][0]["text"]
    with line():
        (row,) = collision_rows.page(LIST)["rows"]
        assert (row["first"]["mine"], row["second"]["mine"]) == (False, True)
    # Nothing is decided: both hold.
    assert codes(at, "广安区", centers).count("B1") == 2


def test_an_item_of_the_same_name_in_the_same_department_is_suggested(
    at, line_standard, province, an_item
):
    province.publish(an_item("B2", department_code="D02", name="社保卡（补换）申领"))
    line_standard.publish(
        an_item("L2", department_code="D02", name="社保卡(补换) 申领"),
        an_item("L3", department_code="D02", name="另一件事"),
    )
    with at("四川省", "standards_officer"):
        (row,) = collision_rows.page(LIST)["rows"]
    assert row["found_by"] == "name"
    assert (row["first"]["code"], row["second"]["code"]) == ("B2", "L2")


def test_a_name_is_compared_alike_in_sql_and_here(at, province):
    names = [
        "企业投资项目备案（技术改造）（市级/县级）",
        "８市 A—b",
        "“一件事”、《办法》…",
        "a-b_c.d",
    ]
    with at("四川省", "standards_officer"):
        statement = text(f"SELECT {PLAIN} FROM unnest(CAST(:names AS text[])) r (name)")
        found = db.session.scalars(statement, {"names": names}).all()
    assert found == [plain(name) for name in names]


def test_both_sides_choosing_alike_lets_the_other_one_yield(at, line, collision, centers):
    assert choose(at("四川省", "standards_officer"), collision, "second")["settled"] == 0
    assert codes(at, "广安区", centers).count("B1") == 2
    assert choose(line(), collision, "second")["settled"] == 1
    assert codes(at, "广安区", centers).count("B1") == 1
    with line():
        row = collision_rows.read(collision)
    assert (row["state"], row["governs"]) == ("settled", "second")
    assert [entry["event"] for entry in row["record"]] == ["settled", "said", "said"]
    limits = next(one for one in row["fields"] if one["name"] == "committed_limit")
    assert (limits["first"], limits["second"], limits["differs"]) == (10, 3, True)


def test_where_the_governing_standard_does_not_reach_nothing_yields(at, line, collision, centers):
    before = codes(at, "武胜县", centers)
    settle(at, line, collision)
    assert codes(at, "武胜县", centers) == before
    with at("四川省", "standards_officer", reach=Reach.SUBTREE):
        figures = coverage.figures("item", parent=centers["广安市"])
    owed = {row["center"]["name"]: row["duties"] for row in figures["rows"]}
    assert owed == {"广安区": 5, "武胜县": 5}


def test_differing_choices_stay_open_and_show_both(at, line, collision):
    choose(at("四川省", "standards_officer"), collision, "first")
    choose(line(), collision, "second")
    with line():
        row = collision_rows.read(collision)
        assert collision_rows.open_count() == 1
    assert row["state"] == "differing"
    assert (row["first"]["says"]["governs"], row["second"]["says"]["governs"]) == (
        "first",
        "second",
    )
    choose(line(), collision, "first")
    with line():
        assert collision_rows.read(collision)["state"] == "settled"
        assert collision_rows.open_count() == 0


def test_a_new_edition_that_changes_the_provision_opens_it_again(
    at, line, collision, line_standard, an_item, province
):
    settle(at, line, collision)
    province.publish(an_item("A1", committed_limit=9))  # something else
    with line():
        assert collision_rows.read(collision)["state"] == "settled"
    line_standard.publish(an_item("B1", department_code="D02", committed_limit=2))
    with line():
        row = collision_rows.read(collision)
    assert row["state"] == "open"
    assert row["record"][0]["event"] == "reopened"
    assert row["record"][0]["standard"] == "人社条线标准"


def test_a_provision_that_yields_says_which_standard_governs(at, line, collision, centers):
    with at("广安区"):
        found = db.session.execute(
            select(Revision.provision_id, Revision.content["committed_limit"]).where(
                Revision.code == "B1"
            )
        )
        number = next(row[0] for row in found if row[1] == 10)
        bulk.claim_many("item", [number], claim="offered")
    settle(at, line, collision)
    with at("广安区"):
        rows = listing.page("item", {**DUTIES, "state": ""}, center_id=centers["广安区"])["rows"]
        (row,) = [row for row in rows if row["code"] == "B1"]
        assert row["governed_by"] == "人社条线标准"
        record = records.read("item", row["id"], center_id=centers["广安区"])
        assert record["governed_by"]["standard"] == "人社条线标准"
        # Also where it was never answered, its page is still there.
        page = records.read_of_provision("item", number, center_id=centers["广安区"])
        assert page["governed_by"]


def test_who_is_no_side_reads_what_binds_it_and_settles_nothing(at, collision, centers):
    with at("广安区"):
        (row,) = collision_rows.page(LIST)["rows"]
        assert (row["first"]["mine"], row["second"]["mine"]) == (False, False)
        with pytest.raises(NotFound):
            collision_choices.choose([collision], governs="first", reason="x")
    with at("武胜县"):
        assert collision_rows.page(LIST)["rows"] == []
    other = at("四川省", "line_officer", departments=("D01",))
    with other, pytest.raises(NotYourSide):
        collision_choices.choose([collision], governs="first", reason="x")
    with at("四川省", "standards_officer"), pytest.raises(Invalid):
        collision_choices.choose([collision], governs="first", reason=" ")


def test_a_city_and_the_province_settle_between_them(at, province, an_item, centers):
    with at("广安市", "city_manager"):
        number = editions.create_standard(code="CITY", name="广安市标准")
        edition_id = editions.open_draft(number, title="第一版")
        editions.put_many(edition_id, [an_item("A1", committed_limit=2)])
        publication.publish(edition_id)
        (row,) = collision_rows.page(LIST)["rows"]
        collision_choices.choose([row["id"]], governs="first", reason="全省统一")
    with at("绵阳市", "city_manager"):
        assert collision_rows.page(LIST)["rows"] == []
    with at("四川省", "standards_officer"):
        (row,) = collision_rows.page(LIST)["rows"]
        assert row["first"]["owner"]["name"] == "四川省"
        given = collision_choices.choose([row["id"]], governs="first", reason="全省统一")
    assert given == {"chosen": 1, "settled": 1}
