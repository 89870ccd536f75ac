"""An edition that an amendment collides with: the city answers, then its counties are touched."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.problems import Conflict, Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices
from jinzhu.standards.amendments import amendment_settlements, amendments
from jinzhu.standards.editions import (
    catalogue,
    editions,
    publication,
    review_rules,
    reviews,
    sealed,
)
from jinzhu.standards.models import Adoption, Delivery, Edition, Revision, Standard
from jinzhu.standards.receiving import updates
from jinzhu.standards.records import bulk, history, time_travel
from jinzhu.standards.rollouts import (
    amendment_conflicts,
    city_answers,
    preview_touched,
    rollout_back,
    rollout_base,
    rollouts,
)
from tenants.item.models import Item

OPEN = {"state": "open", "rollout_id": None, "q": "", "sort": "", "page": 1, "per_page": 50}
MINE = ("广安市", "广安区", "武胜县")


@pytest.fixture
def amended(city):
    """The city's first amendment, in force in its centers: two items with a promise of its own."""
    edition = city.amend(
        ("A1", {"committed_limit": 8}, {"committed_limit": {"rule": "fixed"}}),
        ("A2", {"committed_limit": 7, "fee": 0}, {}),
    )
    city.rollout(edition)
    return edition


@pytest.fixture
def tighter(province, an_item):
    """An edition of the province that allows less than the city said."""
    return province.publish(
        an_item("A1", committed_limit=5), an_item("A2", committed_limit=5), an_item("A9")
    )


@pytest.fixture
def states(at, centers):
    """Return what became of a roll-out at each center, by name."""

    def read(number):
        names = {number: name for name, number in centers.items()}
        with at("四川省", "standards_officer"):
            rows = db.session.execute(
                select(Delivery.center_id, Delivery.state).where(Delivery.rollout_id == number)
            )
            return {names[center]: state.value for center, state in rows}

    return read


@pytest.fixture
def standing(at, province):
    """Return the edition and the merged edition a center is on."""

    def read(name):
        with at(name):
            row = db.session.execute(
                select(Adoption.edition_id, Adoption.merged_id).where(
                    Adoption.standard_id == province.standard_id
                )
            ).one()
            return tuple(row)

    return read


@pytest.fixture
def goes_on(app, province, centers):
    """Let the clock find what can go on, and the job of the roll-out do it."""

    def go(number):
        with app.app_context():
            clock.tick()
            rollouts.run_now(number, tenant_id=centers["四川省"])

    return go


def rows(city):
    """Return the open conflicts of the city by code and field."""
    with city.at():
        found = amendment_settlements.page(OPEN)["rows"]
        return {(row["code"], row["name"]): row for row in found}


def settle(city, conflict, **answer):
    """Answer one as the city."""
    with city.at(reach=Reach.PUSH):
        return amendment_settlements.settle(conflict["id"], answer)


def test_the_citys_centers_wait_and_all_others_go_on(
    province, city, amended, tighter, states, standing
):
    before = standing("广安区")
    number = province.rollout(tighter)
    found = states(number)
    assert {name: found[name] for name in MINE} == dict.fromkeys(MINE, "waiting")
    assert {found[name] for name in ("四川省", "绵阳市", "涪城区")} == {"adopted"}
    assert standing("广安区") == before
    conflicts = rows(city)
    assert set(conflicts) == {("A1", "committed_limit"), ("A2", "committed_limit")}
    first = conflicts["A1", "committed_limit"]
    assert (first["value"], first["bound"], first["rule"]) == (8, 5, "at_most")
    assert first["title"] == "事项A1"
    with city.at():
        told = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 20, "q": ""})
        assert any("2 处冲突" in row["text"] for row in told["rows"])


def test_when_all_is_answered_the_counties_go_straight_to_the_result(
    province, city, amended, tighter, states, goes_on, shown
):
    number = province.rollout(tighter)
    conflicts = rows(city)
    settle(city, conflicts["A1", "committed_limit"], take="standard")
    goes_on(number)
    assert states(number)["广安区"] == "waiting"
    answered = settle(
        city, conflicts["A2", "committed_limit"], take="keep", value=4, reason="市里承诺四天"
    )
    assert answered["successor_id"]
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}
    with city.at():
        successor = db.session.get_one(Edition, answered["successor_id"])
        assert (successor.number, successor.base_id, successor.against_id) == (2, amended, tighter)
        assert (successor.entries, successor.changes) == (1, 2)
        assert catalogue.edition(successor.id)["adopted_centers"] == 3
    a1, a2 = shown("广安区", "A1"), shown("广安区", "A2")
    assert (a1["committed_limit"]["effective"], a1["committed_limit"]["set_by"]) == (5, "standard")
    assert a1["committed_limit"]["rule"] == "at_most"
    assert (a2["committed_limit"]["effective"], a2["committed_limit"]["set_by"]) == (4, "amendment")
    assert (a2["fee"]["effective"], a2["fee"]["set_by"]) == (0, "amendment")


def test_a_value_kept_has_to_be_inside_the_new_bound_with_a_reason(
    province, city, amended, tighter
):
    province.rollout(tighter)
    conflict = rows(city)["A1", "committed_limit"]
    for answer, place in (
        ({"value": 6, "reason": "原因"}, "value"),
        ({"value": None, "reason": "原因"}, "value"),
        ({"value": "很快", "reason": "原因"}, "value"),
        ({"value": 4, "reason": " "}, "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            settle(city, conflict, take="keep", **answer)
        assert [fault.field for fault in refused.value.errors] == [place]
    with pytest.raises(Invalid) as refused:
        settle(city, conflict, take="keep", value=6, reason="原因")
    assert "四川省第 2 版规定的 5 个工作日" in refused.value.errors[0].message


def test_a_field_that_the_province_fixes_can_only_be_taken(province, city, amended, an_item):
    kind, code, content, _, applies = an_item("A1", committed_limit=9)
    fixed = (kind, code, content, {"committed_limit": {"rule": "fixed"}}, applies)
    province.rollout(province.publish(fixed))
    conflict = rows(city)["A1", "committed_limit"]
    assert conflict["rule"] == "fixed"
    with pytest.raises(Invalid) as refused:
        settle(city, conflict, take="keep", value=8, reason="原因")
    assert refused.value.errors[0].rule == "fixed"


def test_an_answer_can_be_changed_until_the_last_is_given(province, city, amended, tighter):
    province.rollout(tighter)
    found = rows(city)
    first, last = found["A1", "committed_limit"], found["A2", "committed_limit"]
    assert settle(city, first, take="standard")["state"] == "settled"
    again = settle(city, first, take="keep", value=3, reason="三天")
    assert (again["resolution"], again["settled_value"]) == ("keep", 3)
    settle(city, last, take="standard")
    with pytest.raises(amendment_settlements.CityAnswered):
        settle(city, first, take="standard")


def test_the_standards_values_are_taken_for_all_at_once(
    province, city, amended, tighter, states, goes_on, shown
):
    number = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        assert amendment_settlements.take_standard(None) == 2
        assert amendment_settlements.take_standard(None) == 0
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}
    assert shown("广安区", "A2")["committed_limit"]["effective"] == 5
    assert shown("广安区", "A2")["fee"]["set_by"] == "amendment"


def test_the_province_need_not_wait_for_ever(
    province, city, amended, tighter, states, goes_on, shown, at, centers
):
    number = province.rollout(tighter)
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        rollout = rollout_base.find(number)
        with pytest.raises(Invalid):
            amendment_settlements.release(rollout, centers["广安市"], reason=" ")
        assert amendment_settlements.release(rollout, centers["广安市"], reason="已催三次") == 2
        with pytest.raises(Conflict):
            amendment_settlements.release(rollout, centers["广安市"], reason="再次")
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}
    limit = shown("广安区", "A1")["committed_limit"]
    assert (limit["effective"], limit["rule"]) == (5, "at_most")
    with city.at():
        (row, _) = amendment_settlements.page({**OPEN, "state": ""})["rows"]
        assert (row["state"], row["reason"]) == ("released", "已催三次")


def test_what_the_city_has_answered_holds_when_the_province_waits_no_longer(
    province, city, amended, tighter, states, goes_on, shown, at, centers
):
    number = province.rollout(tighter)
    answered = rows(city)["A2", "committed_limit"]
    settle(city, answered, take="keep", value=4, reason="市里承诺四天")
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        rollout = rollout_base.find(number)
        assert amendment_settlements.release(rollout, centers["广安市"], reason="已催三次") == 1
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}
    kept, released = shown("广安区", "A2"), shown("广安区", "A1")
    limit = kept["committed_limit"]
    assert (limit["effective"], limit["set_by"]) == (4, "amendment")
    assert (kept["fee"]["effective"], kept["fee"]["set_by"]) == (0, "amendment")
    assert released["committed_limit"]["effective"] == 5
    with city.at():
        found = {
            (row["code"], row["state"]): row["successor_id"]
            for row in amendment_settlements.page({**OPEN, "state": ""})["rows"]
        }
        assert found["A2", "settled"]
        assert ("A1", "released") in found


def test_what_the_city_publishes_meanwhile_lifts_its_conflicts(
    province, city, amended, tighter, states, goes_on
):
    number = province.rollout(tighter)
    edition = city.amend(
        ("A1", {"committed_limit": 5}, {}), ("A2", {"committed_limit": 5, "fee": 0}, {})
    )
    city.rollout(edition)
    with city.at(reach=Reach.PUSH):
        held = amendment_conflicts.hold(
            number, province.standard_id, tighter, [city.centers["广安区"]]
        )
    assert held == set()
    assert rows(city) == {}
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}


def test_asking_twice_writes_and_tells_once(province, city, amended, tighter, at, centers):
    number = province.rollout(tighter)
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        again = amendment_conflicts.hold(
            number, province.standard_id, tighter, list(centers.values())
        )
    assert again == {centers[name] for name in MINE}
    with city.at():
        told = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 20, "q": ""})
        assert sum("冲突" in row["text"] for row in told["rows"]) == 1
    assert len(rows(city)) == 2


def test_a_county_that_takes_the_edition_itself_waits_for_its_city(
    province, city, amended, tighter, at, centers
):
    number = province.rollout(tighter, [centers["涪城区"]])
    with at("广安区", reach=Reach.PUSH):
        held = amendment_conflicts.hold(number, province.standard_id, tighter, [centers["广安区"]])
    assert held == {centers["广安区"]}
    assert rows(city) == {}


def test_a_draft_of_the_city_goes_on_top_of_the_answers(province, city, amended, tighter):
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A3", {"committed_limit": 2}, {}, {})])
    province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    with city.at():
        (row,) = amendments.listed()["rows"]
        assert (row["latest"]["number"], row["latest"]["entries"]) == (2, 1)
        assert (row["draft"]["id"], row["draft"]["changes"], row["draft"]["entries"]) == (
            draft,
            1,
            2,
        )
        assert db.session.get_one(Edition, draft).base_id == row["latest"]["id"]


def test_what_a_city_has_under_review_is_sent_back_when_the_answers_change_its_ground(
    province, city, amended, tighter
):
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A3", {"committed_limit": 2}, {}, {})])
        standard_id = editions.find(draft).standard_id
        review_rules.require(standard_id, reviewed=True, version=1)
        reviews.submit(draft, version=editions.find(draft).version)
    province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    with city.at():
        assert editions.find(draft).state == "draft"
        *_, last = review_rules.of_edition(draft)["rows"]
        assert (last["act"], "重新审查" in last["note"]) == ("returned", True)


def test_each_edition_of_an_amendment_that_somebody_is_on_has_its_own_successor(
    province, city, amended, tighter, goes_on, shown, centers
):
    newer = city.amend(("A1", {"committed_limit": 7, "visit_count": 0}, {}))
    city.rollout(newer, [centers["武胜县"]])
    number = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
        successors = amendment_conflicts.successors(number)
    assert set(successors) == {amended, newer}
    goes_on(number)
    assert shown("广安区", "A1")["visit_count"]["set_by"] == "standard"
    assert shown("武胜县", "A1")["visit_count"]["set_by"] == "amendment"
    with city.at():
        newest = db.session.scalars(
            select(Edition.id)
            .join(Standard, Standard.id == Edition.standard_id)
            .where(Standard.amends_id == city.standard_id)
            .order_by(Edition.number.desc())
        ).first()
        assert newest == successors[newer]


def test_another_city_neither_sees_nor_answers(province, city, amended, tighter, at, sign_in):
    province.rollout(tighter)
    conflict = rows(city)["A1", "committed_limit"]
    with at("绵阳市", "city_manager"):
        assert amendment_settlements.page(OPEN)["rows"] == []
    with at("绵阳市", "city_manager", reach=Reach.PUSH), pytest.raises(NotFound):
        amendment_settlements.settle(conflict["id"], {"take": "standard"})
    manager = sign_in("city")
    path = f"/api/amendment_conflicts/{conflict['id']}/settlement"
    assert manager.post(path, {"take": "standard"}).json["state"] == "settled"
    assert manager.post("/api/amendment_conflicts/settlements", {}).status_code == 422
    everything = {"ids": None}
    path = "/api/amendment_conflicts/settlements"
    assert manager.post(path, everything).json == {"settled": 1}
    assert manager.get("/api/amendment_conflicts").json["total"] == 2
    assert sign_in("county").post(path, {"take": "standard"}).status_code == 403


def test_an_amendment_that_was_withdrawn_has_a_successor_all_the_same(
    province, city, amended, tighter, goes_on, shown
):
    with city.at():
        sealed.withdraw(editions.find(amended), reason="有误")
    number = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        assert amendment_settlements.take_standard(None) == 2
    goes_on(number)
    assert shown("广安区", "A2")["fee"]["set_by"] == "amendment"
    assert shown("广安区", "A2")["committed_limit"]["set_by"] == "standard"


def test_a_fitting_edition_of_the_city_is_its_answer(
    province, city, amended, tighter, states, goes_on, shown, go_back
):
    before = shown("广安区", "A1")
    number = province.rollout(tighter)
    city.amend(("A1", {"committed_limit": 5}, {}), ("A2", {"committed_limit": 5, "fee": 0}, {}))
    assert rows(city) == {}
    assert states(number)["广安区"] == "waiting"
    assert shown("广安区", "A1") == before
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}
    limit = shown("广安区", "A1")["committed_limit"]
    assert (limit["effective"], limit["set_by"]) == (5, "amendment")
    go_back(number)
    assert shown("广安区", "A1") == before


def test_an_edition_of_the_city_that_does_not_fit_answers_nothing(
    province, city, amended, tighter, states
):
    number = province.rollout(tighter)
    city.amend(("A1", {"committed_limit": 5}, {}), ("A2", {"committed_limit": 6, "fee": 0}, {}))
    assert len(rows(city)) == 2
    assert states(number)["广安区"] == "waiting"


def test_what_the_city_has_published_and_fits_is_asked_for_no_more(
    province, city, amended, tighter, states, standing, shown, centers, at, go_back
):
    before = standing("广安区")
    with at("广安区"):
        item = select(Revision.provision_id).where(Revision.code == "A1").limit(1)
        bulk.claim_many("item", [db.session.scalars(item).one()], claim="offered")
    newer = city.amend(
        ("A1", {"committed_limit": 5}, {}), ("A2", {"committed_limit": 5, "fee": 0}, {})
    )
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        assert preview_touched.cities(city.standard_id, tighter, list(centers.values())) == []
    number = province.rollout(tighter)
    assert rows(city) == {}
    assert set(states(number).values()) == {"adopted"}
    limit = shown("广安区", "A1")["committed_limit"]
    assert (limit["effective"], limit["set_by"]) == (5, "amendment")
    assert editions_of(city) == [amended, newer]
    with at("广安区"):
        came = updates.page_of_rows(number, {**OPEN, "state": ""})["rows"]
    assert ("committed_limit", 8, 5) in {
        (row["field"], row["old_value"], row["new_value"]) for row in came
    }
    go_back(number)
    assert standing("广安区") == before


def test_what_the_city_has_published_and_does_not_fit_is_asked_for(
    province, city, amended, tighter, states
):
    city.amend(("A1", {"committed_limit": 5}, {}), ("A2", {"committed_limit": 6, "fee": 0}, {}))
    number = province.rollout(tighter)
    assert states(number)["广安区"] == "waiting"


def test_what_the_city_has_replaced_itself_does_not_come_back_because_it_fits(
    province, city, amended, tighter, states, goes_on, shown
):
    city.amend(("A1", {"committed_limit": 5}, {}), ("A2", {"committed_limit": 4, "fee": 0}, {}))
    city.amend(("A1", {"committed_limit": 7}, {}), ("A2", {"committed_limit": 4, "fee": 0}, {}))
    number = province.rollout(tighter)
    assert states(number)["广安区"] == "waiting"
    assert set(rows(city)) == {("A1", "committed_limit"), ("A2", "committed_limit")}
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}
    assert shown("广安区", "A1")["committed_limit"]["set_by"] == "standard"


def test_what_is_not_in_force_yet_comes_to_nobody(province, city, amended, tighter, states):
    draft = city.begin()
    with city.at():
        entries = [("A1", {"committed_limit": 5}), ("A2", {"committed_limit": 5})]
        editions.put_many(draft, [("item", code, said, {}, {}) for code, said in entries])
        publication.publish(draft, effective_on=today() + timedelta(days=9))
    number = province.rollout(tighter)
    assert states(number)["广安区"] == "waiting"
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
        (row,) = amendments.listed()["rows"]
        assert row["latest"]["id"] == amendment_conflicts.successors(number)[draft]


def test_a_roll_out_after_a_county_went_back_takes_up_the_citys_answers(
    province, city, amended, tighter, goes_on, states, shown, standing, go_back, centers
):
    before = standing("广安区")
    number = answered(province, city, tighter, goes_on)
    after, told = standing("广安区"), editions_of(city)
    go_back(number, [centers["广安区"]])
    assert standing("广安区") == before
    again = province.rollout(tighter, [centers["广安区"]])
    assert states(again) == {"广安区": "adopted"}
    assert (rows(city), standing("广安区")) == ({}, after)
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 5
    assert editions_of(city) == told
    go_back(again)
    assert standing("广安区") == before


def test_an_answer_that_comes_too_late_publishes_nothing_more(province, city, amended, tighter):
    number = province.rollout(tighter)
    found = list(rows(city).values())
    for one in found:
        settle(city, one, take="standard")
    for one in found:
        with pytest.raises(amendment_settlements.CityAnswered):
            settle(city, one, take="standard")
    with city.at(reach=Reach.PUSH):
        city_answers.conclude([number])
    assert len(editions_of(city)) == 2


def editions_of(city):
    """Return the editions of the city's amendment that are published."""
    with city.at():
        wanted = (
            select(Edition.id)
            .join(Standard, Standard.id == Edition.standard_id)
            .where(Standard.amends_id == city.standard_id, Edition.state == "published")
        )
        return list(db.session.scalars(wanted.order_by(Edition.number)))


def test_an_edition_that_answers_where_others_stand_elsewhere_is_the_only_one(
    province, city, amended, tighter, states, goes_on, centers
):
    newer = city.amend(("A1", {"committed_limit": 7}, {}))
    city.rollout(newer, [centers["武胜县"]])
    number = province.rollout(tighter)
    last = city.amend(
        ("A1", {"committed_limit": 5}, {}), ("A2", {"committed_limit": 5, "fee": 0}, {})
    )
    assert rows(city) == {}
    goes_on(number)
    assert set(states(number).values()) == {"adopted"}
    assert editions_of(city) == [amended, newer, last]


def test_a_delivery_says_whom_it_waits_for_and_what_the_center_stands_on(
    province, city, amended, tighter, at, goes_on
):
    number = province.rollout(tighter)

    def told():
        with at("四川省", "standards_officer"):
            found = rollouts.deliveries(number, {**OPEN, "state": "", "stage": None, "city": None})
            return {row["center"]["name"]: row for row in found["rows"]}

    row = told()["广安区"]
    assert (row["state"], row["from_number"]) == ("waiting", 1)
    assert row["waits_for"].startswith("等广安市处理本市修订与新版的冲突，还有 2 处")
    assert (told()["涪城区"]["waits_for"], told()["涪城区"]["from_number"]) == (None, 1)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    assert told()["广安区"]["waits_for"] == "所属市已经答复，后台马上处理"
    goes_on(number)
    assert (told()["广安区"]["waits_for"], told()["广安区"]["from_number"]) == (None, 1)


# Back again


@pytest.fixture
def go_back(at):
    """Take the centers of a roll-out back."""

    def went(number, centers="all"):
        with at("四川省", "standards_officer", reach=Reach.PUSH):
            rollout_back.back(number, centers=centers, reason="省里有误")

    return went


def test_going_back_takes_the_answers_of_the_city_back_too(
    province, city, amended, tighter, goes_on, shown, standing, go_back
):
    before = {name: (standing(name), shown(name, "A1"), shown(name, "A2")) for name in MINE[1:]}
    number = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    goes_on(number)
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 5
    go_back(number)
    after = {name: (standing(name), shown(name, "A1"), shown(name, "A2")) for name in MINE[1:]}
    assert after == before
    assert after["广安区"][1]["committed_limit"]["effective"] == 8


def test_going_back_leaves_what_the_city_has_done_itself(
    province, city, amended, tighter, goes_on, shown, go_back, centers
):
    number = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    goes_on(number)
    city.rollout(city.amend(("A1", {"committed_limit": 3}, {})), [centers["武胜县"]])
    go_back(number)
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 8
    assert shown("武胜县", "A1")["committed_limit"]["effective"] == 3


def test_who_had_the_answers_before_the_edition_keeps_them(
    province, city, amended, tighter, goes_on, shown, go_back, centers
):
    number = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
        successor = amendment_conflicts.successors(number)[amended]
    city.rollout(successor, [centers["武胜县"]])
    before = shown("武胜县", "A1")
    goes_on(number)
    go_back(number)
    assert shown("武胜县", "A1") == before
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 8


def test_the_history_tells_what_came_along_and_why_it_went_back(
    province, city, amended, tighter, goes_on, go_back, at, centers
):
    with at("广安区"):
        number = select(Revision.provision_id).where(Revision.code == "A1").limit(1)
        bulk.claim_many("item", [db.session.scalars(number).one()], claim="offered")
    rollout = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    goes_on(rollout)
    with at("广安区"):
        came = updates.page_of_rows(rollout, {**OPEN, "state": ""})["rows"]
    assert [(row["field"], row["old_value"], row["new_value"]) for row in came] == [
        ("committed_limit", 8, 5)
    ]
    go_back(rollout)
    with at("广安区"):
        record = db.session.scalars(select(Item.id)).one()
        page = history.page(
            "item", record, {"page": 1, "per_page": 50}, center_id=centers["广安区"]
        )
    told = [
        (
            row["action"],
            (row["from_edition"] or {}).get("number"),
            row["edition"]["number"],
            (row["rollout"] or {}).get("reason"),
            {one["field"]: (one["before"], one["after"]) for one in row["changes"]},
        )
        for row in page["rows"][:4]
    ]
    limit = "committed_limit"
    assert told == [
        ("amended", 2, 1, "省里有误", {limit: (None, 8)}),
        ("rolled_back", 2, 1, "省里有误", {limit: (5, 10)}),
        ("amended", 1, 2, "测试", {limit: (8, None)}),
        ("adopted", 1, 2, "测试", {limit: (10, 5)}),
    ]
    with at("广安区"):
        then = time_travel.read("item", record, today())
    because = {field["name"]: field["because"] for field in then["fields"]}
    assert because["legal_basis"] == f"{today()} 回退到第 1 版；原因：省里有误"
    assert because[limit] == f"{today()} 起执行广安市修订第 1 版；原因：省里有误"
    assert page["total"] == len(page["rows"])


def answered(province, city, tighter, goes_on):
    """Roll the edition out, with the standard's values as the city's answer; return the number."""
    number = province.rollout(tighter)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.take_standard(None)
    goes_on(number)
    return number


def test_after_going_back_a_draft_stands_on_what_is_in_force_again(
    province, city, amended, tighter, goes_on, shown, go_back
):
    number = answered(province, city, tighter, goes_on)
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A3", {"committed_limit": 2}, {}, {})])
    go_back(number)
    with city.at():
        edition = editions.find(draft)
        assert (edition.base_id, edition.changes, edition.entries) == (amended, 1, 3)
        publication.publish(draft)
    city.rollout(draft)
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 8
    assert shown("广安区", "A2")["committed_limit"]["effective"] == 7
    assert shown("广安区", "A3")["committed_limit"]["effective"] == 2


def test_after_going_back_the_next_draft_begins_with_what_is_in_force_again(
    province, city, amended, tighter, goes_on, go_back
):
    newer = city.amend(("A3", {"committed_limit": 2}, {}))
    number = answered(province, city, tighter, goes_on)
    go_back(number)
    draft = city.begin()
    with city.at():
        assert editions.find(draft).base_id == newer
        (row,) = amendments.listed()["rows"]
        assert row["latest"]["id"] == newer
        successor = db.session.get_one(
            Edition, amendment_conflicts.successors(number)[amended], populate_existing=True
        )
        assert successor.state == "withdrawn"
        assert successor.withdrawal_reason == "四川省第 2 版已回退，按它作的调整随之撤回：省里有误"


def test_a_draft_under_review_is_sent_back_when_the_edition_goes_back(
    province, city, amended, tighter, goes_on, go_back
):
    number = answered(province, city, tighter, goes_on)
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A3", {"committed_limit": 2}, {}, {})])
        review_rules.require(editions.find(draft).standard_id, reviewed=True, version=1)
        reviews.submit(draft, version=editions.find(draft).version)
    go_back(number)
    with city.at():
        assert editions.find(draft).state == "draft"
        *_, last = review_rules.of_edition(draft)["rows"]
        assert (last["act"], last["note"]) == (
            "returned",
            "上级标准回退后，修订已改以第 1 版的内容为底稿，须重新审查。",
        )


def test_the_answers_stay_where_only_a_county_goes_back(
    province, city, amended, tighter, goes_on, go_back, centers
):
    number = answered(province, city, tighter, goes_on)
    go_back(number, [centers["武胜县"]])
    with city.at():
        (row,) = amendments.listed()["rows"]
        assert (row["latest"]["number"], row["latest"]["centers"]) == (2, 2)
    go_back(number)
    with city.at():
        (row,) = amendments.listed()["rows"]
        assert (row["latest"]["id"], row["latest"]["centers"]) == (amended, 3)


def test_what_the_city_wrote_itself_as_its_answer_is_not_withdrawn(
    province, city, amended, tighter, goes_on, go_back
):
    number = province.rollout(tighter)
    written = city.amend(
        ("A1", {"committed_limit": 5}, {}),
        ("A2", {"committed_limit": 5, "fee": 0}, {}),
        ("A3", {"committed_limit": 2}, {}),
    )
    goes_on(number)
    go_back(number)
    with city.at():
        (row,) = amendments.listed()["rows"]
        assert row["latest"]["id"] == written
