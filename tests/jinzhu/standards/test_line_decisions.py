"""What centers ask of a line standard: its line is told and decides, and nobody else of the owner.

And the other way round: what is asked of a general standard is not for a line.
"""

import pytest

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices, push
from jinzhu.standards.across import proposal_rows, proposals
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import Exemption, Proposal
from jinzhu.standards.ownership import LineAlone, NotYourLine
from jinzhu.standards.receiving import exemption_decisions, exemption_rows
from jinzhu.standards.records import bulk
from tests.jinzhu.standards.asking import PAGE, UNTIL, ask, number_of, own

BELL = {"unread": True, "sort": "", "page": 1, "per_page": 9}
ASKED = {"state": "", "q": "", "sort": "", "page": 1, "per_page": 9}


@pytest.fixture
def officer(at):
    """The posts of the province that write its general standards."""
    return lambda **more: at("四川省", "standards_officer", **more)


@pytest.fixture
def line(at):
    """The posts of the province's social security line."""
    return lambda **more: at("四川省", "line_officer", departments=("D02",), **more)


@pytest.fixture
def another(at):
    """The posts of another line."""
    return lambda **more: at("四川省", "line_officer", departments=("D01",), **more)


@pytest.fixture
def county(province, at, line, an_item, centers):
    """A county that offers an item of a line standard, and of the general one for that line."""
    with at("四川省", "line_officer", departments=("D02",)):
        number = editions.create_standard(code="LINE", name="条线", nature="line", line="D02")
        edition = editions.open_draft(number, title="第一版")
        editions.put_many(edition, [an_item("L1", department_code="D02")])
        publication.publish(edition)
    with line(reach=Reach.PUSH):
        push.adopt(
            standard_id=number,
            edition_id=edition,
            centers=[centers["广安区"]],
            rollout_id=None,
        )
    with at("广安区"):
        bulk.claim_many("item", [number_of("L1"), number_of("B1")], claim="offered")
        said = {"committed_limit": 3}
        bulk.set_local_many("item", {number_of("L1"): said, number_of("B1"): said})
    return centers["广安区"]


def propose(at, code):
    """Propose what the county does; return the number."""
    with at("广安区"):
        return proposals.propose("item", own(code).id, fields=[], reason="办得更快")["id"]


def told(post):
    """Return where the notices of a post lead."""
    with post():
        return [notice["to"] for notice in notices.page(BELL)["rows"]]


def decidable(post, rows):
    """Return the codes of what is offered to a post to decide."""
    with post(reach=Reach.SUBTREE):
        return [row["code"] for row in rows() if row["actions"]["decide"]]


def test_a_proposal_for_a_line_standard_is_the_lines(county, at, officer, line, another):
    number = propose(at, "L1")
    assert told(line) == ["/proposals/asked"]
    assert told(officer) == told(another) == []

    def rows():
        return proposal_rows.asked_page(ASKED)["rows"]

    assert decidable(line, rows) == ["L1"]
    assert decidable(officer, rows) == decidable(another, rows) == []
    with officer(reach=Reach.PUSH), pytest.raises(NotYourLine):
        proposals.decide(county, number, accept=False, reason="不宜")
    with line(reach=Reach.PUSH):
        answer = proposals.decide(county, number, accept=True, reason="")
        assert answer["code"] == "L1"
        assert db.session.get_one(Proposal, (county, number)).state == "accepted"


def test_a_proposal_for_a_general_standard_is_the_offices(county, at, officer, line):
    number = propose(at, "B1")
    assert (told(line), told(officer)) == ([], ["/proposals/asked"])

    def rows():
        return proposal_rows.asked_page(ASKED)["rows"]

    assert (decidable(line, rows), decidable(officer, rows)) == ([], ["B1"])
    with line(reach=Reach.PUSH), pytest.raises(LineAlone):
        proposals.decide(county, number, accept=False, reason="不宜")
    with officer(reach=Reach.PUSH):
        assert proposals.decide(county, number, accept=True, reason="")["code"] == "B1"


def test_leave_from_a_line_standard_is_the_lines_to_give(county, at, officer, line, another):
    with at("广安区"):
        number = ask("L1", "committed_limit", value=12)
    assert told(line) == ["/exemptions/asked"]
    assert told(officer) == told(another) == []

    def rows():
        return exemption_rows.asked_page(PAGE)["rows"]

    assert decidable(line, rows) == ["L1"]
    assert decidable(officer, rows) == decidable(another, rows) == []
    with officer(reach=Reach.SUBTREE):
        assert exemption_rows.asked_count() == 0
    with line(reach=Reach.SUBTREE):
        assert exemption_rows.asked_count() == 1
    with officer(reach=Reach.PUSH), pytest.raises(NotYourLine):
        exemption_decisions.decide(county, number, grant=True, expires_on=UNTIL)
    with line(reach=Reach.PUSH):
        exemption_decisions.decide(county, number, grant=True, expires_on=UNTIL)
        assert db.session.get_one(Exemption, (county, number)).state == "granted"


def test_leave_from_a_general_standard_is_the_offices_to_give(county, at, officer):
    with at("广安区"):
        number = ask("B1", "committed_limit", value=12)
    assert told(officer) == ["/exemptions/asked"]
    with officer(reach=Reach.SUBTREE):
        assert exemption_rows.asked_count() == 1
    with officer(reach=Reach.PUSH):
        exemption_decisions.decide(county, number, grant=True, expires_on=UNTIL)
