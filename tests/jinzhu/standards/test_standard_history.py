"""The history of a standard: every edition, what it changed, how it went out."""

import pytest

from jinzhu.core.tenancy import Reach
from jinzhu.standards import push
from jinzhu.standards.editions import editions


@pytest.fixture
def second(province, an_item):
    """A second edition, rolled out: one item changed, one new, one gone."""
    edition = province.publish(an_item("A1", committed_limit=6), an_item("A8"), remove=("A2",))
    province.rollout(edition)
    return edition


def history(browser, standard_id):
    """Read the history of a standard."""
    answer = browser.get(f"/api/standards/{standard_id}/history")
    assert answer.status_code == 200, answer.text
    return answer.json["rows"]


def test_every_edition_is_told_with_what_it_changed(province, second, sign_in):
    newest, oldest = history(sign_in("province"), province.standard_id)
    assert (newest["number"], newest["base"], oldest["number"], oldest["base"]) == (2, 1, 1, None)
    assert (newest["added"], newest["changed"], newest["removed"]) == (1, 1, 1)
    assert (oldest["added"], oldest["changed"], oldest["removed"]) == (7, 0, 0)
    assert newest["content_hash"] != oldest["content_hash"]
    assert newest["published_by"]
    (rollout,) = newest["rollouts"]
    assert (rollout["state"], rollout["reason"]) == ("done", "测试")
    assert (rollout["adopted"], rollout["total"], newest["centers"]) == (6, 6, 6)
    assert (newest["here"], oldest["here"]) == (True, False)


def test_a_county_reads_the_editions_and_which_one_it_is_on(province, second, sign_in, centers, at):
    with at("四川省", "standards_officer"):
        first = editions.find(second).base_id
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        push.adopt(
            standard_id=province.standard_id,
            edition_id=first,
            centers=[centers["广安区"]],
            rollout_id=None,
        )
    newest, oldest = history(sign_in("county"), province.standard_id)
    assert (newest["here"], oldest["here"]) == (False, True)
    assert newest["rollouts"] == []
    assert sign_in("county").get("/api/standards/999999/history").status_code == 404


def test_a_draft_is_nobodys_history(province, second, sign_in, at):
    with at("四川省", "standards_officer"):
        editions.open_draft(province.standard_id, title="明年版")
    assert len(history(sign_in("province"), province.standard_id)) == 2


def steps(browser, standard_id, code, kind="item"):
    """Read the history of a provision."""
    return browser.get(f"/api/standards/{standard_id}/provisions/{kind}/{code}/history")


def test_a_provision_is_told_edition_by_edition_field_by_field(province, second, sign_in):
    answer = steps(sign_in("county"), province.standard_id, "A1")
    assert answer.status_code == 200, answer.text
    newest, oldest = answer.json["rows"]
    assert (newest["edition"]["number"], newest["change"]["change"]) == (2, "changed")
    (changed,) = newest["change"]["fields"]
    told = (changed["field"], changed["before"], changed["after"])
    assert told == ("committed_limit", 10, 6)
    assert (oldest["edition"]["number"], oldest["change"]["change"]) == (1, "added")


def test_editions_that_leave_it_as_it_is_are_left_out(province, second, sign_in):
    province.publish(("item", "A1", *_again()))
    numbers = {
        code: [
            row["edition"]["number"]
            for row in steps(sign_in("county"), province.standard_id, code).json["rows"]
        ]
        for code in ("A1", "A2", "A3", "A8")
    }
    assert numbers == {"A1": [3, 2, 1], "A2": [2, 1], "A3": [1], "A8": [2]}
    gone = steps(sign_in("county"), province.standard_id, "A2").json["rows"][0]
    assert gone["change"]["change"] == "removed"


def _again():
    content = {
        "name": "事项A1",
        "item_type": "01",
        "department_code": "D01",
        "legal_basis": "基本目录",
        "statutory_limit": 20,
        "committed_limit": 4,
        "visit_count": 1,
        "fee": 0,
    }
    return content, {}, {"levels": ["county"]}


def test_what_no_edition_ever_had_is_not_found(province, second, sign_in):
    county = sign_in("county")
    assert steps(county, province.standard_id, "Z9").status_code == 404
    assert steps(county, province.standard_id, "A1", kind="nonsense").status_code == 404
    assert steps(county, 999_999, "A1").status_code == 404
