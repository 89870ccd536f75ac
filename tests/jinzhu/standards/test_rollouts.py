"""Roll-outs: one delivery for each center, complete once; the preview says it beforehand."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.problems import Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage
from jinzhu.standards.editions import editions, publication, sealed
from jinzhu.standards.models import Adoption, Edition, Exemption, Revision
from jinzhu.standards.records import bulk, conflicts
from jinzhu.standards.rollouts import preview, rollouts

PAGE = {"state": "", "q": "", "sort": "", "page": 1, "per_page": 50}


@pytest.fixture
def officer(at):
    """The standards officer at work."""
    return lambda **more: at("四川省", "standards_officer", **more)


@pytest.fixture
def second(province, at, an_item):
    """A tighter edition, while a county holds a value that it would not allow."""
    with at("广安区"):
        numbers = db.session.scalars(select(Revision.provision_id).where(Revision.kind == "item"))
        wanted = list(numbers)
        bulk.claim_many("item", wanted, claim="offered")
        bulk.set_local_many("item", {wanted[0]: {"committed_limit": 9}})
    tighter = [an_item(code, committed_limit=6) for code in ("A1", "A2")]
    return province.publish(*tighter, an_item("A8"))


def counts(rollout: dict[str, Any]) -> dict[str, int]:
    """Return the deliveries of a roll-out by state, without the empty ones."""
    return {state: n for state, n in rollout["counts"].items() if n}


def test_a_rollout_reaches_every_center_once(officer, province, second, centers):
    number = province.rollout(second)
    with officer():
        shown = rollouts.read(number)
        assert shown["state"] == "done"
        assert counts(shown) == {"adopted": 6}
        assert shown["conflicts"] == 1
        assert (shown["job"]["done"], shown["job"]["total"]) == (6, 6)
    again = province.rollout(second)
    with officer():
        assert counts(rollouts.read(again)) == {"unchanged": 6}
        assert rollouts.read(again)["conflicts"] == 0


def test_chosen_centers_only(officer, at, province, second, centers):
    number = province.rollout(second, [centers["广安区"]])
    with officer():
        rows = rollouts.deliveries(number, PAGE)["rows"]
        assert [(row["center"]["name"], row["state"]) for row in rows] == [("广安区", "adopted")]
    with at("武胜县"):
        assert db.session.scalars(select(Adoption.edition_id)).one() != second


def test_the_preview_says_what_the_rollout_then_does(officer, at, province, second, centers):
    with officer(reach=Reach.PUSH):
        seen = preview.preview(second, centers="all")
    assert (seen["centers"], seen["already_there"]) == (6, 0)
    assert (seen["provisions_added"], seen["provisions_changed"]) == (1, 2)
    assert seen["new_duties"] == 3
    (broken,) = seen["conflicts"]
    assert (broken["center"]["name"], broken["local_value"], broken["bound"]) == ("广安区", 9, 6)
    with at("广安区"):
        assert conflicts.open_count() == 0
    number = province.rollout(second)
    with officer():
        assert rollouts.read(number)["conflicts"] == seen["conflicts_total"]


def test_a_center_that_is_not_below_cannot_be_chosen(officer, second, centers):
    for chosen in ([], [999_999], [centers["广安区"], 999_999]):
        with officer(), pytest.raises(Invalid):
            rollouts.start(second, centers=chosen)


def test_two_clicks_start_one_rollout(officer, second):
    with officer():
        rollouts.start(second, centers="all")
        with pytest.raises(rollouts.RolloutRunning):
            rollouts.start(second, centers="all")


def test_a_county_cannot_roll_out(at, second):
    with at("广安区"), pytest.raises(NotFound):
        rollouts.start(second, centers="all")


def test_coverage_counts_what_is_answered_open_and_in_conflict(officer, province, second, centers):
    province.rollout(second)
    with officer(reach=Reach.SUBTREE):
        seen = coverage.figures("item", parent=None)
        city = coverage.figures("item", parent=centers["广安市"])
    assert seen["total"]["duties"] == 18
    assert (seen["total"]["offered"], seen["total"]["open"]) == (5, 13)
    assert (seen["total"]["conflicts"], seen["total"]["incomplete"]) == (1, 5)
    by_city = {row["center"]["name"]: row["offered"] for row in seen["rows"]}
    assert by_city == {"广安市": 5, "绵阳市": 0}
    assert {row["center"]["name"]: row["open"] for row in city["rows"]} == {
        "广安区": 1,
        "武胜县": 6,
    }


def test_a_city_does_not_see_the_coverage_of_another(at, province, centers):
    with at("广安市", "city_manager", reach=Reach.SUBTREE), pytest.raises(NotFound):
        coverage.figures("item", parent=centers["绵阳市"])


def test_going_back_to_an_older_edition_is_said_and_needs_a_reason(officer, province, second):
    with officer():
        first = db.session.scalars(select(Edition.id).where(Edition.number == 1)).one()
    province.rollout(second)
    with officer(reach=Reach.PUSH):
        assert preview.preview(first, centers="all")["going_back"] == 6
        assert preview.preview(second, centers="all")["going_back"] == 0
    with officer(), pytest.raises(Invalid) as refused:
        rollouts.start(first, centers="all", reason=" ")
    assert refused.value.errors[0].field == "reason"
    with officer():
        assert rollouts.start(first, centers="all", reason="材料精简有误")


def test_a_step_forward_needs_no_reason_though_a_newer_edition_stands(
    officer, province, second, an_item
):
    province.publish(an_item("A1", visit_count=0))
    with officer():
        assert rollouts.start(second, centers="all")


def test_an_edition_waits_for_its_day(officer, province, an_item):
    with officer():
        draft = editions.open_draft(province.standard_id, title="明年版")
        editions.put_many(draft, [an_item("A1", visit_count=0)])
        with pytest.raises(Invalid):
            publication.publish(draft, effective_on=today() - timedelta(days=1))
    with officer():
        publication.publish(draft, effective_on=today() + timedelta(days=2))
        number = rollouts.start(draft, centers="all")
        shown = rollouts.read(number)
    assert (shown["state"], shown["job"]) == ("scheduled", None)
    assert shown["starts_on"] == today() + timedelta(days=2)
    assert shown["waits_for"] == [f"{today() + timedelta(days=2)} 自动开始"]


def test_an_edition_is_not_in_force_before_the_one_it_is_made_of(officer, province, an_item):
    day = today() + timedelta(days=30)

    def write(code, **effective):
        with officer():
            draft = editions.open_draft(province.standard_id, title="新版")
            editions.put_many(draft, [an_item(code, visit_count=0)])
            return publication.publish(draft, **effective).effective_on, draft

    effective_on, first = write("A1", effective_on=day)
    assert effective_on == day
    with pytest.raises(Invalid) as refused:
        write("A2", effective_on=day - timedelta(days=1))
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == ("effective_on", "predecessor")
    assert fault.message == f"不能早于第 2 版的施行日期 {day}：这一版包含了第 2 版的内容"
    effective_on, third = write("A2")
    assert effective_on == day
    with officer():
        draft = editions.open_draft(province.standard_id, title="新版")
        editions.put_many(draft, [an_item("A3", visit_count=0)])
    with officer(reach=Reach.PUSH):
        for number in (third, first):
            sealed.withdraw(editions.find(number), reason="有误")
    with officer():
        assert publication.publish(draft).effective_on == today()


def test_the_preview_counts_records_exemptions_and_cities(officer, at, province, second, centers):
    with at("广安区"):
        known = select(Revision.provision_id).where(Revision.code == "A2")
        add(
            Exemption(
                standard_id=province.standard_id,
                provision_id=db.session.scalars(known.limit(1)).one(),
                kind="item",
                field="committed_limit",
                category="waiver",
                reason="设备检修",
                edition_id=db.session.scalars(select(Adoption.edition_id)).one(),
                wanted_until=today() + timedelta(days=30),
                decider_id=centers["四川省"],
            )
        )
        number = db.session.scalars(select(Exemption.id)).one()
    with officer(reach=Reach.PUSH):
        assert preview.preview(second, centers="all")["exemptions_total"] == 0
        exemption = db.session.scalars(select(Exemption).where(Exemption.id == number)).one()
        exemption.state, exemption.expires_on = "granted", today() + timedelta(days=30)
    with officer(reach=Reach.PUSH):
        seen = preview.preview(second, centers="all")
    assert (seen["records_touched"], seen["cities"]) == (2, [])
    (exempt,) = seen["exemptions"]
    assert (exempt["center"]["name"], exempt["code"]) == ("广安区", "A2")
    assert seen["stages"] == [{"place": 1, "centers": 6}]


def test_a_duty_that_is_narrowed_to_a_place_is_new_only_there(officer, province, an_item, centers):
    kind, code, content, rules, _ = an_item("A9")
    narrow = {"levels": ["county"], "regions": [centers["广安市"]]}
    edition = province.publish((kind, code, content, rules, narrow))
    with officer(reach=Reach.PUSH):
        assert preview.preview(edition, centers="all")["new_duties"] == 2
