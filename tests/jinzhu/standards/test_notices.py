"""Notices: told to centers, seen there by those who may act on them, read up to one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from jinzhu.core import tenancy
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk
from tenants.item.models import Item

PAGE = {"unread": False, "q": "", "sort": "", "page": 1, "per_page": 20}
WITHDRAWN = {"standard": "省基本目录", "number": 2, "reason": "依据已废止", "owner": "四川省"}


def tell(*centers: int, needs: str = "item.write", department: str = "") -> None:
    """Tell centers that an edition was withdrawn."""
    notices.tell(
        centers,
        "edition_withdrawn",
        values=WITHDRAWN,
        to="/editions/2",
        needs=needs,
        department=department,
    )


def texts() -> list[str]:
    """Return what the present post is told."""
    return [row["text"] for row in notices.page(PAGE)["rows"]]


@pytest.fixture
def told(at, centers):
    """Two counties that the province has told something."""
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        tell(centers["广安区"], centers["武胜县"])
    return "广安区"


def test_those_below_are_told_in_words_with_the_page_that_deals_with_it(told, at):
    with at(told):
        (row,) = notices.page(PAGE)["rows"]
        assert row["text"] == (
            "《省基本目录》第2版已撤回：依据已废止。本中心仍按这一版执行，"
            "已填写的内容不变，不用处理；四川省下发新的版次时会再通知。"
        )
        assert (row["to"], row["unread"], notices.unread()) == ("/editions/2", True, 1)
    with at("涪城区"):
        assert texts() == []


def test_only_who_may_act_on_it_sees_it(told, at):
    with at(told, "clerk"):
        assert (texts(), notices.unread()) == ([], 0)


def test_a_notice_about_a_department_is_for_its_people_and_for_the_whole_center(at, centers):
    with at("广安区"):
        tell(centers["广安区"], department="D01")
        assert len(texts()) == 1
    with at("广安区", departments=("D02",)):
        assert texts() == []
    with at("广安区", departments=("D01",)):
        assert len(texts()) == 1


def test_what_is_read_stays_read_and_new_ones_come_first(told, at, centers):
    with at(told):
        first = notices.page(PAGE)["rows"][0]["id"]
        notices.read(first)
        assert notices.unread() == 0
        tell(centers[told])
        notices.read(1)
        assert [row["unread"] for row in notices.page(PAGE)["rows"]] == [True, False]
        assert notices.page({**PAGE, "unread": True})["total"] == 1
        scope = replace(tenancy.current(), actor_id=2)
    with at(told) as _, tenancy.entered(scope):
        assert notices.unread() == 2


def test_a_notice_that_cannot_be_written_is_not_told(at, centers):
    with at("广安区"):
        with pytest.raises(KeyError):
            notices.tell(
                [centers["广安区"]], "edition_withdrawn", values={}, to="/", needs="item.write"
            )
        assert texts() == []


def test_the_bell_counts_over_http(told, sign_in):
    county = sign_in("county")
    assert county.get("/api/notices/unread").json == {"unread": 1, "most": 100}
    newest = county.get("/api/notices").json["rows"][0]["id"]
    answer = county.post("/api/notices/read", {"upto": newest})
    assert answer.json == {"unread": 0, "most": 100}
    assert sign_in("clerk").get("/api/notices").json["total"] == 0


# Upwards: who decides, and who rolls out, is told of what is asked and answered below


@pytest.fixture
def offering(province, at):
    """The record of A1 that 广安区 offers."""
    with at("广安区"):
        number = select(Revision.provision_id).where(Revision.code == "A1").limit(1)
        bulk.claim_many("item", [db.session.scalars(number).one()], claim="offered")
        return db.session.scalars(select(Item.id)).one()


def heard(browser):
    """Return what somebody is told, with the page that deals with it."""
    return [(row["text"], row["to"]) for row in browser.get("/api/notices").json["rows"]]


def ask_exemption(browser, record, value):
    """Ask to be let off the committed limit."""
    wish = {
        "kind": "item",
        "record_id": record,
        "field": "committed_limit",
        "category": "waiver",
        "reason": "系统改造",
        "value": value,
        "wanted_until": str(today() + timedelta(days=30)),
    }
    return browser.post("/api/exemptions", wish)


def test_whoever_decides_an_exemption_is_told_that_it_is_asked_and_who_asked_of_the_answer(
    offering, sign_in, centers
):
    county, province = sign_in("county"), sign_in("province")
    answer = ask_exemption(county, offering, 12)
    assert answer.status_code == 201, answer.text
    told = "广安区申请豁免“事项A1”的承诺办结时限，请审批。"
    assert (told, "/exemptions/asked") in heard(province)
    for other in ("city", "watch", "neighbour", "county"):
        assert told not in dict(heard(sign_in(other)))
    number = answer.json["id"]
    path = f"/api/exemptions/of/{centers['广安区']}/{number}/decision"
    assert province.post(path, {"grant": False, "reason": "不成立"}).status_code in (200, 204)
    assert heard(county)[0][1] == "/exemptions"


def test_what_the_city_amended_is_asked_of_the_city(city, offering, sign_in):
    city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    assert ask_exemption(sign_in("county"), offering, 8).status_code == 201
    assert heard(sign_in("city"))[0][1] == "/exemptions/asked"
    assert "/exemptions/asked" not in {to for _, to in heard(sign_in("province"))}


def test_the_owner_is_told_of_a_proposal_and_the_center_of_the_decision(
    offering, sign_in, at, centers
):
    with at("广安区"):
        number = db.session.scalars(select(Item.provision_id)).one()
        bulk.set_local_many("item", {number: {"committed_limit": 3}})
    county, province = sign_in("county"), sign_in("province")
    given = {"fields": ["committed_limit"], "reason": "群众少等"}
    made = county.post(f"/api/items/{offering}/proposal", given)
    assert made.status_code == 201, made.text
    told = ("广安区建议把本地做法写进“事项A1”的标准：群众少等", "/proposals/asked")
    assert told in heard(province)
    assert told not in heard(sign_in("watch"))
    path = f"/api/proposals/of/{centers['广安区']}/{made.json['id']}/decision"
    assert province.post(path, {"accept": False, "reason": "条件不一"}).status_code == 200
    assert heard(county)[0] == ("“事项A1”的建议未被采纳：条件不一", "/proposals")


def test_a_center_cannot_tell_others_than_those_above_it(province, at, centers):
    with at("广安区"):
        tell(centers["四川省"], centers["广安市"])
    for stranger in ("武胜县", "绵阳市"):
        with pytest.raises(ProgrammingError), at("广安区"):
            tell(centers[stranger])
