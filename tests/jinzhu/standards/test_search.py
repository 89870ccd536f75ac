"""A supervisor finds which centers below offer an item, by its name."""

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk
from jinzhu.standards.words import spellings, words


def _numbers(*codes: str) -> list[int]:
    named = select(Revision.code, Revision.provision_id).where(Revision.code.in_(codes))
    return list(dict(db.session.execute(named).all()).values())


@pytest.fixture
def offer(at):
    """Let a center offer items."""

    def offered(place: str, *codes: str, claim: str = "offered") -> None:
        with at(place):
            bulk.claim_many("item", _numbers(*codes), claim=claim, reason="不办")

    return offered


@pytest.fixture
def named(province, an_item, offer):
    """Three centers offer items with names that have words in common."""
    province.rollout(
        province.publish(
            an_item("A1", name="食品经营许可（首次申请）"),
            an_item("A2", name="药品经营许可"),
            an_item("A3", name="８市经营性道路运输许可"),
            an_item("A4", name="出生登记"),
        )
    )
    offer("广安区", "A1", "A2", "A3", "A4")
    offer("武胜县", "A1", "A2")
    offer("涪城区", "A1", "A4")
    return province


def found(browser, **query):
    answer = browser.get("/api/search", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def pairs(body):
    return [(row["code"], row["center"]["name"]) for row in body["rows"]]


def test_each_center_that_offers_the_item_is_named_with_its_city(named, sign_in):
    body = found(sign_in("watch"), q="食品")
    assert pairs(body) == [("A1", "涪城区"), ("A1", "广安区"), ("A1", "武胜县")]
    assert body["total"] == 3
    assert [row["center"]["city_name"] for row in body["rows"]] == ["绵阳市", "广安市", "广安市"]


def test_what_is_not_offered_is_not_found(named, offer, sign_in):
    offer("武胜县", "A1", claim="not_offered")
    assert pairs(found(sign_in("watch"), q="食品")) == [("A1", "涪城区"), ("A1", "广安区")]


def test_every_word_must_be_found_in_whatever_order(named, sign_in):
    watch = sign_in("watch")
    assert {code for code, _ in pairs(found(watch, q="许可 经营"))} == {"A1", "A2", "A3"}
    assert {code for code, _ in pairs(found(watch, q="许可　药品"))} == {"A2"}
    assert found(watch, q="许可 登记")["total"] == 0


@pytest.mark.parametrize("typed", ["8市", "８市", "daoluyunshu", "bsjyx"])
def test_width_and_pinyin_find_the_same(named, sign_in, typed):
    named = {code for code, _ in pairs(found(sign_in("watch"), q=typed))}
    assert named == ({"A3"} if typed != "bsjyx" else set())


def test_brackets_of_either_width_find_the_name(named, sign_in):
    watch = sign_in("watch")
    for typed in ("（首次", "(首次"):
        assert found(watch, q=typed)["total"] == 3


def test_pages_together_hold_every_row_once(named, sign_in):
    watch = sign_in("watch")
    whole = found(watch, q="许可")
    assert whole["total"] == 6
    parts = [found(watch, q="许可", page=page, per_page=2) for page in (1, 2, 3)]
    assert [row for part in parts for row in part["rows"]] == whole["rows"]
    beyond = found(watch, q="许可", page=9, per_page=2)
    assert (beyond["rows"], beyond["total"]) == ([], 6)


def test_a_city_narrows_the_search(named, sign_in, centers):
    body = found(sign_in("watch"), q="食品", parent=centers["绵阳市"])
    assert pairs(body) == [("A1", "涪城区")]


def test_a_city_finds_its_own_counties_alone(named, sign_in):
    assert {name for _, name in pairs(found(sign_in("city"), q="食品"))} == {"广安区", "武胜县"}


def test_a_center_is_found_under_the_name_in_force_there(named, an_item, sign_in, centers):
    edition = named.publish(an_item("A2", name="药品零售许可"))
    named.rollout(edition, [centers["武胜县"]])
    watch = sign_in("watch")
    assert pairs(found(watch, q="药品经营")) == [("A2", "广安区")]
    assert pairs(found(watch, q="零售")) == [("A2", "武胜县")]


def test_without_a_word_nothing_is_found(named, sign_in):
    assert found(sign_in("watch"), q="　 ")["total"] == 0


def test_who_does_not_supervise_is_refused(named, sign_in, centers):
    assert sign_in("county").get("/api/search?q=食品").status_code == 403
    other = sign_in("city").get(f"/api/search?q=食品&parent={centers['绵阳市']}")
    assert other.status_code == 404


def test_words_are_cut_at_blanks_of_either_width():
    assert words("　ＡＢ　许可 8市 ") == ["AB", "许可", "8市"]
    assert spellings("许可") == ["许可"]
    assert spellings("(A)") == ["(A)", "（Ａ）"]
