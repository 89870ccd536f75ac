"""Several standards on one center: general ones and those of a line, and who writes which."""

import pytest

from jinzhu.core.problems import Invalid
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage, desk, push
from jinzhu.standards.editions import catalogue, editions, publication
from jinzhu.standards.lines import lines
from jinzhu.standards.ownership import LineAlone, NotYourLine
from jinzhu.standards.records import duties, search
from jinzhu.standards.rollouts import rollouts

QUERY = {"page": 1, "per_page": 50, "sort": "code", "q": "", "claim": ""}


@pytest.fixture
def line(at):
    """The social security line at the province, whose department is D02."""

    def opened(**more):
        return at("四川省", "line_officer", departments=("D02",), **more)

    return opened


@pytest.fixture
def line_edition(province, line, an_item):
    """A published edition of the line's own standard, with two items."""

    def made(*items):
        with line():
            standard_id = editions.create_standard(
                code="LINE", name="人社条线标准", nature="line", line="D02"
            )
            edition_id = editions.open_draft(standard_id, title="条线第一版")
            editions.put_many(edition_id, items or [an_item("L1", department_code="D02")])
            publication.publish(edition_id)
            return standard_id, edition_id

    return made


def adopt(line, standard_id, edition_id, *centers):
    """Put centers on an edition of the line's standard."""
    with line(reach=Reach.PUSH):
        push.adopt(standard_id=standard_id, edition_id=edition_id, centers=centers, rollout_id=None)


def test_a_line_writes_its_own_standard_and_its_counties_get_it(at, centers, line, line_edition):
    standard_id, edition_id = line_edition()
    adopt(line, standard_id, edition_id, centers["广安区"])
    with at("广安区"):
        owed = duties.page("item", QUERY, center_id=centers["广安区"])
        row = next(row for row in owed["rows"] if row["code"] == "L1")
        # The department stands in the general standard.
        assert row["department_name"] == "人社局"
        both = lines.reaching(centers["广安区"])["rows"]
    assert [row["nature"] for row in both] == ["general", "line"]
    assert both[1]["line"] == {"code": "D02", "name": "人社局"}
    assert both[1]["departments"] == 1
    assert both[1]["provisions"] == [{"kind": "item", "count": 1}]
    with at("武胜县"):
        assert len(lines.reaching(centers["武胜县"])["rows"]) == 1


def test_a_line_standard_binds_its_own_line_alone(at, line, province, an_item):
    with line():
        number = editions.create_standard(code="LINE", name="条线", nature="line", line="D02")
        edition_id = editions.open_draft(number, title="第一版")
        with pytest.raises(Invalid) as refused:
            editions.put_many(edition_id, [an_item("L1", department_code="D01")])
    (fault,) = refused.value.errors
    assert fault.field == "item.L1.content.department_code"
    assert "人社局" in fault.message
    assert "审批局" in fault.message


def test_only_the_line_writes_its_standard_and_only_the_office_the_others(
    at, line, line_edition, province
):
    standard_id, edition_id = line_edition()
    with at("四川省", "standards_officer"), pytest.raises(NotYourLine):
        editions.open_draft(standard_id, title="越权")
    with at("四川省", "standards_officer"), pytest.raises(NotYourLine):
        rollouts.start(edition_id, centers="all")
    with line(), pytest.raises(LineAlone):
        editions.open_draft(province.standard_id, title="越权")
    with line(), pytest.raises(LineAlone):
        editions.create_standard(code="X", name="通用")
    with line(), pytest.raises(NotYourLine):
        editions.create_standard(code="X", name="别的条线", nature="line", line="D01")
    with line():
        assert editions.open_draft(standard_id, title="下一版")


def test_a_draft_is_offered_to_whom_may_write_it_and_to_nobody_else(
    at, line, line_edition, province
):
    standard_id, _ = line_edition()
    with line():
        theirs = editions.open_draft(standard_id, title="条线下一版")
    with at("四川省", "standards_officer"):
        ours = editions.open_draft(province.standard_id, title="省下一版")
        assert [draft["id"] for draft in desk.read()["drafts"]] == [ours]
        assert (catalogue.edition(ours)["own"], catalogue.edition(theirs)["own"]) == (True, False)
    with line():
        assert [draft["id"] for draft in desk.read()["drafts"]] == [theirs]
        assert (catalogue.edition(ours)["own"], catalogue.edition(theirs)["own"]) == (False, True)


def test_a_line_that_no_general_standard_knows_is_refused(at, province):
    with at("四川省", "line_officer", departments=("D99",)), pytest.raises(Invalid) as refused:
        editions.create_standard(code="X", name="条线", nature="line", line="D99")
    assert refused.value.errors[0].field == "line"


def test_a_city_owns_a_general_standard_for_its_counties(at, centers, province, an_item):
    with at("广安市", "city_manager"):
        number = editions.create_standard(code="CITY", name="广安市标准")
        edition_id = editions.open_draft(number, title="第一版")
        editions.put_many(edition_id, [an_item("C1")])  # the department is the province's
        publication.publish(edition_id)
        job = rollouts.start(edition_id, centers="all")
    with province.app.app_context():
        rollouts.run_now(job, tenant_id=centers["广安市"])
    with at("广安区"):
        owed = duties.page("item", QUERY, center_id=centers["广安区"])["rows"]
        assert {"A1", "C1"} <= {row["code"] for row in owed}
    with at("涪城区"):
        owed = duties.page("item", QUERY, center_id=centers["涪城区"])["rows"]
        assert "C1" not in {row["code"] for row in owed}


def test_the_province_sees_which_standards_reach_a_county_and_a_stranger_does_not(
    sign_in, centers, province
):
    answer = sign_in("city").get(f"/api/centers/{centers['广安区']}/standards")
    assert answer.json["rows"][0]["name"] == "省基本目录"
    assert sign_in("county").get("/api/standards/reaching").json["total"] == 1
    assert sign_in("city").get(f"/api/centers/{centers['涪城区']}/standards").status_code == 404
    refused = sign_in("stranger").get(f"/api/centers/{centers['广安区']}/standards")
    assert refused.status_code == 403


def test_a_line_sees_of_the_counties_its_own_line_alone(at, centers, line, province):
    whole = at("四川省", "standards_officer", reach=Reach.SUBTREE)
    with whole:
        everything = coverage.figures("item", parent=centers["广安区"])["own"]
    with line(reach=Reach.SUBTREE):
        own = coverage.figures("item", parent=centers["广安区"])["own"]
        found = search.page({"q": "事项", "parent": None, "page": 1, "per_page": 10})
        assert {row["code"] for row in found["rows"]} <= {"B1"}
    assert (everything["duties"], own["duties"]) == (5, 1)


def test_another_office_does_not_stop_the_roll_out_of_a_line(at, line, line_edition, centers):
    _, edition_id = line_edition()
    with line():
        number = rollouts.start(edition_id, centers=[centers["广安区"]])
    with at("四川省", "standards_officer"), pytest.raises(NotYourLine):
        rollouts.stop(number)
    with line():
        rollouts.stop(number)
