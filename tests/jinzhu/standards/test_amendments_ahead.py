"""An edition that collides with an amendment: the city is told when it is published, not later."""

import pytest
from sqlalchemy import select, text

from jinzhu.core import clock
from jinzhu.core.db import db
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices
from jinzhu.standards.amendments import amendment_settlements
from jinzhu.standards.editions import editions
from jinzhu.standards.models import Adoption, Delivery, Edition, Mode
from jinzhu.standards.rollouts import preview_touched, rollouts

PAGE = {"rollout_id": None, "q": "", "sort": "", "page": 1, "per_page": 50}


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
def officer(sign_in):
    """Somebody of the province's officer."""
    return sign_in("province")


@pytest.fixture
def publish(province, officer, at):
    """Write the next edition of the province, and publish it as the page does."""

    def published(*entries):
        with at("四川省", "standards_officer"):
            draft = editions.open_draft(province.standard_id, title="新版")
            editions.put_many(draft, entries)
        return sealed(officer, draft)

    return published


def sealed(browser, draft):
    version = browser.get(f"/api/editions/{draft}").json["version"]
    path = f"/api/editions/{draft}/publication"
    answer = browser.send("POST", path, json={}, version=version)
    assert answer.status_code == 200, answer.text
    return draft


@pytest.fixture
def tighter(publish, an_item, amended):
    """A published edition of the province that allows less than the city said."""
    return publish(
        an_item("A1", committed_limit=5), an_item("A2", committed_limit=5), an_item("A9")
    )


@pytest.fixture
def goes_to(province):
    """Roll an edition out to everybody; return what became of it at 广安区."""

    def rolled(edition_id):
        number = province.rollout(edition_id)
        return number, state(province, number)

    return rolled


def state(province, number):
    with province.at("四川省", "standards_officer"):
        wanted = select(Delivery.state).where(
            Delivery.rollout_id == number, Delivery.center_id == province.centers["广安区"]
        )
        return db.session.scalars(wanted).one().value


def asked(city, state="open"):
    """Return the conflicts of the city by the code of the item."""
    with city.at():
        found = amendment_settlements.page({**PAGE, "state": state})["rows"]
        return {row["code"]: row for row in found}


def settle(city, conflict, **answer):
    with city.at(reach=Reach.PUSH):
        return amendment_settlements.settle(conflict["id"], answer)


def told(city):
    with city.at():
        query = {"unread": False, "sort": "", "page": 1, "per_page": 50, "q": ""}
        return [row["text"] for row in notices.page(query)["rows"]]


def test_the_city_is_told_at_the_publication_and_its_counties_are_not_touched(
    city, tighter, at, province
):
    found = asked(city)
    assert set(found) == {"A1", "A2"}
    one = found["A1"]
    assert (one["value"], one["bound"], one["rule"], one["rollout_id"]) == (8, 5, "at_most", None)
    assert one["edition"]["id"] == tighter
    assert one["changeable"]
    assert "第2版已发布" in told(city)[0]
    assert "2 处冲突" in told(city)[0]
    with at("广安区"):
        adopted = select(Adoption.edition_id).where(Adoption.standard_id == province.standard_id)
        assert db.session.scalars(adopted).one() != tighter


def test_what_is_answered_ahead_takes_effect_with_the_roll_out_and_nobody_waits(
    city, tighter, goes_to, shown
):
    found = asked(city)
    settle(city, found["A1"], take="standard")
    answered = settle(city, found["A2"], take="keep", value=4, reason="市里承诺四天")
    assert (answered["successor_id"], answered["changeable"]) == (None, True)
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 8
    _, became = goes_to(tighter)
    assert became == "adopted"
    a1, a2 = shown("广安区", "A1"), shown("广安区", "A2")
    assert (a1["committed_limit"]["effective"], a1["committed_limit"]["set_by"]) == (5, "standard")
    assert (a2["committed_limit"]["effective"], a2["committed_limit"]["set_by"]) == (4, "amendment")
    assert (a2["fee"]["effective"], a2["fee"]["set_by"]) == (0, "amendment")
    successor = asked(city, "settled")["A2"]["successor_id"]
    with city.at():
        assert db.session.get_one(Edition, successor).against_id == tighter
        assert not asked(city, "settled")["A2"]["changeable"]


def test_the_edition_made_of_the_answers_is_published_by_who_gave_them(city, tighter, goes_to):
    for one in asked(city).values():
        with city.at(reach=Reach.PUSH, actor_id=3):
            amendment_settlements.settle(one["id"], {"take": "standard"})
    goes_to(tighter)
    with city.at():
        successor = asked(city, "settled")["A1"]["successor_id"]
        assert db.session.get_one(Edition, successor).published_by == 3


def test_where_only_some_are_answered_the_counties_wait_for_the_rest(
    city, tighter, goes_to, province, app
):
    found = asked(city)
    settle(city, found["A1"], take="standard")
    number, became = goes_to(tighter)
    assert became == "waiting"
    assert "1 处冲突" in told(city)[0]
    (left,) = asked(city).values()
    assert (left["code"], left["rollout_id"]) == ("A2", number)
    settle(city, left, take="standard")
    with app.app_context():
        clock.tick()
        rollouts.run_now(number, tenant_id=province.centers["四川省"])
    assert state(province, number) == "adopted"


def test_an_answer_can_be_changed_until_the_roll_out(city, tighter, goes_to, shown):
    for one in asked(city).values():
        settle(city, one, take="standard")
    changed = settle(city, asked(city, "settled")["A1"], take="keep", value=3, reason="更快")
    assert (changed["resolution"], changed["settled_value"]) == ("keep", 3)
    goes_to(tighter)
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 3
    with pytest.raises(amendment_settlements.CityAnswered):
        settle(city, changed, take="standard")


def withdraw(officer, edition):
    version = officer.get(f"/api/editions/{edition}").json["version"]
    path = f"/api/editions/{edition}/withdrawal"
    answer = officer.send("POST", path, json={"reason": "有误"}, version=version)
    assert answer.status_code == 204, answer.text


def newest(city):
    """Return the newest edition of the city's amendment."""
    with city.at():
        wanted = select(Edition).where(
            Edition.state == "published", Edition.owner_id == city.centers["广安市"]
        )
        return db.session.scalars(wanted.order_by(Edition.number.desc())).first().id


def test_what_a_stopped_roll_out_asked_is_asked_ahead_again_and_taken_by_the_next(
    city, tighter, goes_to, province, shown
):
    number, became = goes_to(tighter)
    assert became == "waiting"
    assert {one["rollout_id"] for one in asked(city).values()} == {number}
    with province.at("四川省", "standards_officer"):
        rollouts.stop(number)
    found = asked(city)
    assert {(one["rollout_id"], one["changeable"]) for one in found.values()} == {(None, True)}
    assert [settle(city, one, take="standard")["successor_id"] for one in found.values()] == [
        None,
        None,
    ]
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 8
    assert goes_to(tighter)[1] == "adopted"
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 5


def test_a_withdrawn_edition_takes_back_what_its_stopped_roll_out_asked(
    city, tighter, goes_to, province, officer, amended
):
    found = {**asked(city)}
    number, _ = goes_to(tighter)
    settle(city, asked(city)["A1"], take="standard")
    assert officer.post(f"/api/rollouts/{number}/stop").status_code == 200
    withdraw(officer, tighter)
    assert asked(city) == {}
    assert "第2版已撤回" in told(city)[0]
    assert "2 处冲突" in told(city)[0]
    with pytest.raises(amendment_settlements.NoLongerAsked):
        settle(city, found["A2"], take="standard")
    assert newest(city) == amended


def test_what_carries_answers_to_a_withdrawn_edition_goes_with_it(
    city, tighter, province, officer, amended
):
    with province.at("四川省", "standards_officer"):
        number = rollouts.start(tighter, centers="all", mode=Mode.WITH_NOTICE)
    with city.app.app_context():
        rollouts.run_now(number, tenant_id=province.centers["四川省"])
    for one in asked(city).values():
        settle(city, one, take="standard")
    assert newest(city) != amended
    assert officer.post(f"/api/rollouts/{number}/stop").status_code == 200
    withdraw(officer, tighter)
    assert newest(city) == amended


def test_nobody_answers_an_edition_that_was_withdrawn(city, tighter, at, amended):
    with at("四川省", "standards_officer"):
        gone = text("UPDATE edition SET state = 'withdrawn' WHERE id = :id")
        db.session.execute(gone, {"id": tighter})
    one = asked(city)["A1"]
    assert not one["changeable"]
    with pytest.raises(amendment_settlements.NoLongerAsked):
        settle(city, one, take="standard")
    with city.at(reach=Reach.PUSH):
        assert amendment_settlements.take_standard(None) == 0


def test_a_withdrawn_edition_takes_back_what_it_asked(city, tighter, officer):
    found = asked(city)
    settle(city, found["A1"], take="standard")
    withdraw(officer, tighter)
    assert asked(city) == {}
    assert {row["state"] for row in asked(city, "settled").values()} == {"lifted"}
    assert "第2版已撤回" in told(city)[0]
    with pytest.raises(amendment_settlements.NoLongerAsked):
        settle(city, found["A1"], take="standard")


def test_the_next_edition_asks_again_only_what_it_asks_otherwise(
    city, tighter, publish, an_item, goes_to, shown
):
    for one in asked(city).values():
        settle(city, one, take="keep", value=4, reason="四天")
    third = publish(an_item("A2", committed_limit=3))
    (left,) = asked(city).values()
    assert (left["code"], left["bound"], left["edition"]["id"]) == ("A2", 3, third)
    kept = [one for one in asked(city, "settled").values() if one["state"] == "settled"]
    assert [(one["code"], one["settled_value"]) for one in kept] == [("A1", 4)]
    settle(city, left, take="standard")
    _, became = goes_to(third)
    assert became == "adopted"
    assert shown("广安区", "A1")["committed_limit"]["effective"] == 4
    assert shown("广安区", "A2")["committed_limit"]["effective"] == 3


def test_what_the_city_amends_otherwise_meanwhile_needs_no_answer(city, tighter):
    settle(city, asked(city)["A1"], take="standard")
    city.rollout(
        city.amend(
            ("A1", {"committed_limit": 5}, {}),
            ("A2", {"committed_limit": 5, "fee": 0}, {}),
        )
    )
    assert asked(city) == {}
    assert {row["state"] for row in asked(city, "settled").values()} == {"lifted"}


def test_a_city_that_amends_something_new_is_told_of_the_edition_on_its_way(
    city, tighter, publish, an_item, sign_in
):
    publish(an_item("A3", item_type="20", committed_limit=6))
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A3", {"committed_limit": 9}, {}, {})])
    sealed(sign_in("city"), draft)
    assert asked(city)["A3"]["value"] == 9


def test_a_preview_names_only_the_cities_that_have_still_to_answer(city, tighter, at, centers):
    def waiting():
        with at("四川省", "standards_officer", reach=Reach.PUSH):
            wanted = preview_touched.cities(city.standard_id, tighter, list(centers.values()))
            return [(one["city"]["name"], one["fields"]) for one in wanted]

    assert waiting() == [("广安市", 2)]
    found = asked(city)
    settle(city, found["A1"], take="standard")
    assert waiting() == [("广安市", 1)]
    settle(city, found["A2"], take="standard")
    assert waiting() == []


def test_the_province_sees_who_has_still_to_answer_ahead(city, tighter, officer):
    path = f"/api/standards/{city.standard_id}/amendments"
    (row,) = officer.get(path).json["rows"]
    assert (row["ahead"], row["conflicts"], row["rollout_id"]) == (2, 0, None)


def test_nobody_else_sees_what_a_city_is_asked_or_answers_it(city, tighter, sign_in, at):
    path = "/api/amendment_conflicts"
    assert sign_in("city").get(path).json["total"] == 2
    assert sign_in("county").get(path).status_code == 403
    one = asked(city)["A1"]
    with at("绵阳市", "city_manager", reach=Reach.PUSH):
        assert amendment_settlements.page({**PAGE, "state": ""})["total"] == 0
        with pytest.raises(NotFound):
            amendment_settlements.settle(one["id"], {"take": "standard"})


def test_where_nobody_amends_one_look_is_all(publish, an_item, sent):
    with sent() as statements:
        publish(an_item("A1", committed_limit=5))
    asking = [one for one in statements if "amendment_conflict" in one]
    assert asking == []
