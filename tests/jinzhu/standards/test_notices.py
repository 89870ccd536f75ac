"""Notices: told to centers, seen there by those who may act on them, read up to one."""

from dataclasses import replace

import pytest

from jinzhu.core import tenancy
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices

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
