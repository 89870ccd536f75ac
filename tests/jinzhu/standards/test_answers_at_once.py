"""Two of a city who answer at the same moment, each in a transaction on a connection of its own."""

import threading

import orjson
import pytest
from sqlalchemy import func, select, text

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.standards.amendments import amendment_settlements
from jinzhu.standards.amendments.amendment_schemas import CityAnswerSchema
from jinzhu.standards.models import AmendmentConflict, Edition
from tests.jinzhu.conftest import Province
from tests.jinzhu.standards.conftest import City

OPEN = {"state": "open", "rollout_id": None, "q": "", "sort": "", "page": 1, "per_page": 50}
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted")


@pytest.fixture
def asked(begun, new_database, app_on, at_on, centers, an_item, request):
    """A city that has two fields to answer, in a database in which what is committed stays."""
    name = f"answers_{request.node.name.split('[')[-1].rstrip(']')}"
    with app_on(new_database(name, like="begun")) as app:
        at = at_on(app, centers)
        province = Province(app, at, centers)
        city = City(app, at, centers, province.standard_id)
        amended = [("A1", {"committed_limit": 8}, {}), ("A2", {"committed_limit": 7}, {})]
        city.rollout(city.amend(*amended))
        tighter = [an_item(code, committed_limit=5) for code in ("A1", "A2")]
        province.rollout(province.publish(*tighter))
        yield city


def settle(city, number, value, **seen):
    """Answer to one field as the city."""
    answer = {"take": "keep", "value": value, "reason": "提速", **seen}
    with city.at(reach=Reach.PUSH):
        amendment_settlements.settle(number, answer)


def at_once(city, first, second, superuser, until, **seen):
    """Give the second answer while the first one is not committed yet; return what it raised."""
    raised = []

    def answer():
        try:
            settle(city, *second, **seen)
        except Exception as error:
            raised.append(error)

    other = threading.Thread(target=answer)
    with city.at(reach=Reach.PUSH):
        amendment_settlements.settle(first[0], {"take": "keep", "value": first[1], "reason": "先"})
        other.start()
        with superuser.connect() as watching:
            until(lambda: watching.scalar(WAITING), seconds=20)
    other.join(20)
    return raised


def numbers(city):
    """Return the open fields of the city by the code of their item."""
    with city.at():
        return {row["code"]: row["id"] for row in amendment_settlements.page(OPEN)["rows"]}


def answers(city):
    """Return what the city has answered, by value, with the editions that carry it."""
    with city.at():
        found = select(AmendmentConflict.settled_value, AmendmentConflict.successor_id)
        return {row.settled_value: row.successor_id for row in db.session.execute(found)}


def editions_of(city):
    """Return how many editions the city has published."""
    with city.at():
        wanted = select(func.count(Edition.id)).where(
            Edition.owner_id == city.centers["广安市"], Edition.number.is_not(None)
        )
        return db.session.scalar(wanted)


@pytest.mark.parametrize("case", ["two_fields"])
def test_the_last_of_two_answers_publishes_both_and_once(asked, superuser, until, case):
    open_ones = numbers(asked)
    assert at_once(asked, (open_ones["A1"], 4), (open_ones["A2"], 3), superuser, until) == []
    carried = answers(asked)
    assert set(carried) == {4, 3}
    assert len(set(carried.values())) == 1
    assert None not in carried.values()
    assert editions_of(asked) == 2


@pytest.mark.parametrize("case", ["unseen"])
def test_of_two_answers_to_one_field_the_second_is_told_of_the_first(asked, superuser, until, case):
    number = numbers(asked)["A1"]
    found = at_once(asked, (number, 4), (number, 3), superuser, until, seen=None)
    (refused,) = found
    assert isinstance(refused, amendment_settlements.AnsweredMeanwhile)
    assert answers(asked) == {4: None, None: None}
    with asked.at():
        (row,) = amendment_settlements.page({**OPEN, "state": "settled"})["rows"]
    # As the console sends it back: what the answer said, in JSON.
    told = orjson.loads(orjson.dumps(row["settled_at"]))
    seen = CityAnswerSchema().load({"take": "keep", "seen": told})["seen"]
    settle(asked, number, 3, seen=seen)
    assert answers(asked) == {3: None, None: None}


@pytest.mark.parametrize("case", ["one_field"])
def test_who_does_not_say_what_was_seen_has_the_last_word_and_nothing_is_published_yet(
    asked, superuser, until, case
):
    number = numbers(asked)["A1"]
    assert at_once(asked, (number, 4), (number, 3), superuser, until) == []
    assert answers(asked) == {3: None, None: None}
    assert editions_of(asked) == 1


@pytest.mark.parametrize("case", ["last_field"])
def test_an_answer_after_the_last_one_is_refused_and_changes_nothing(asked, superuser, until, case):
    open_ones = numbers(asked)
    settle(asked, open_ones["A2"], 3)
    (refused,) = at_once(asked, (open_ones["A1"], 4), (open_ones["A1"], 2), superuser, until)
    assert isinstance(refused, amendment_settlements.CityAnswered)
    assert set(answers(asked)) == {4, 3}
    assert editions_of(asked) == 2
