"""Duties: nothing is created in advance, every provision that applies wants one answer."""

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.standards.models import Revision
from jinzhu.standards.records import duties
from tenants.item.models import Item

ALL = {"claim": "", "q": "", "sort": "code", "page": 1, "per_page": 50}
OFFER = {"claim": "offered", "provision_ids": []}


def numbers(*codes: str) -> list[int]:
    """Return the numbers of provisions."""
    found = select(Revision.provision_id).where(Revision.code.in_(codes)).order_by(Revision.code)
    return list(db.session.scalars(found))


def answers(center_id: int) -> dict[str, str]:
    """Return the answer to each duty by code."""
    return {
        row["code"]: row["claim"] for row in duties.page("item", ALL, center_id=center_id)["rows"]
    }


def test_every_provision_of_the_level_is_a_duty_of_each_county(province, at, centers):
    with at("武胜县"):
        assert answers(centers["武胜县"]) == dict.fromkeys(
            ["A1", "A2", "A3", "A4", "B1"], "unclaimed"
        )
        assert db.session.scalars(select(Item)).all() == []
    with at("广安市", "city_manager"):
        assert answers(centers["广安市"]) == {}


def test_many_duties_are_answered_at_once_and_again_without_change(province, at, centers):
    with at("广安区"):
        answer = {**OFFER, "provision_ids": numbers("A1", "A2")}
        assert duties.claim("item", answer) == {
            "claimed": 2,
            "unchanged": 0,
            "refused": 0,
            "rows": [],
        }
        assert duties.claim("item", answer)["unchanged"] == 2
        assert answers(centers["广安区"])["A1"] == "offered"
    with at("武胜县"):
        assert set(answers(centers["武胜县"]).values()) == {"unclaimed"}


def test_all_that_match_a_filter_are_answered(province, at, centers):
    with at("广安区"):
        result = duties.claim(
            "item", {"claim": "offered", "all_matching": {"claim": "unclaimed", "item_type": "20"}}
        )
        assert result["claimed"] == 2
        given = answers(centers["广安区"])
        assert [code for code, claim in given.items() if claim == "offered"] == ["A3", "B1"]


def test_not_offered_needs_a_reason(province, at, centers):
    with at("广安区"):
        one = {"claim": "not_offered", "provision_ids": numbers("A1")}
        with pytest.raises(Invalid) as refused:
            duties.claim("item", {**one, "reason": "  "})
        assert refused.value.errors[0].field == "reason"
        assert duties.claim("item", {**one, "reason": "由市级行使"})["claimed"] == 1
        assert answers(centers["广安区"])["A1"] == "not_offered"


def test_covered_by_names_another_duty(province, at, centers):
    with at("广安区"):
        first, second = numbers("A1", "A2")
        answer = {"claim": "covered_by", "provision_ids": [first, second]}
        with pytest.raises(Invalid):
            duties.claim("item", {**answer, "covered_by_id": 999_999})
        with pytest.raises(Invalid):
            duties.claim("item", {**answer, "covered_by_id": second})
        duties.claim("item", {**OFFER, "provision_ids": [second]})
        result = duties.claim("item", {**answer, "covered_by_id": second})
        assert (result["claimed"], result["refused"]) == (1, 1)
        row = next(
            r
            for r in duties.page("item", ALL, center_id=centers["广安区"])["rows"]
            if r["code"] == "A1"
        )
        assert row["covered_by"] == {"provision_id": second, "name": "事项A2"}


def test_what_is_no_duty_here_is_refused_and_the_others_go_on(province, at, centers):
    with at("广安区"):
        result = duties.claim(
            "item", {**OFFER, "provision_ids": [*numbers("A1"), *numbers("D01"), 999_999]}
        )
        assert (result["claimed"], result["refused"]) == (1, 2)
        assert all(row["message"] for row in result["rows"])


def test_a_liaison_answers_for_the_own_department_only(province, at, centers):
    with at("广安区", "department_liaison", departments=("D02",)):
        assert list(answers(centers["广安区"])) == ["B1"]
        result = duties.claim("item", {**OFFER, "provision_ids": numbers("A1", "B1")})
        assert (result["claimed"], result["refused"]) == (1, 1)
    with at("广安区"):
        given = answers(centers["广安区"])
        assert (given["A1"], given["B1"]) == ("unclaimed", "offered")


def test_a_new_edition_brings_new_duties_and_takes_old_ones_away(province, at, centers, an_item):
    province.push(province.publish(an_item("A9"), remove=("A4",)))
    with at("广安区"):
        assert sorted(answers(centers["广安区"])) == ["A1", "A2", "A3", "A9", "B1"]


def test_what_covers_another_stays_offered(province, at, centers):
    with at("广安区"):
        first, second = numbers("A1", "A2")
        duties.claim("item", {**OFFER, "provision_ids": [first, second]})
        covered = {"claim": "covered_by", "provision_ids": [first], "covered_by_id": second}
        duties.claim("item", covered)
        refusing = {"claim": "not_offered", "provision_ids": [second], "reason": "由市级行使"}
        assert duties.claim("item", refusing)["refused"] == 1
        back = {"claim": "covered_by", "provision_ids": [second], "covered_by_id": first}
        with pytest.raises(Invalid):
            duties.claim("item", back)
        duties.claim("item", {**OFFER, "provision_ids": [first]})
        assert duties.claim("item", refusing)["claimed"] == 1


def test_all_that_match_leaves_standing_answers_alone(province, at, centers):
    with at("广安区"):
        one = {"claim": "not_offered", "provision_ids": numbers("A1"), "reason": "由市级行使"}
        duties.claim("item", one)
        assert duties.claim("item", {"claim": "offered", "all_matching": {}})["claimed"] == 4
        assert answers(centers["广安区"])["A1"] == "not_offered"
        named = {"claim": "offered", "all_matching": {"claim": "not_offered"}}
        assert duties.claim("item", named)["claimed"] == 1


@pytest.mark.parametrize("both", [{}, {"provision_ids": [1], "all_matching": {}}])
def test_a_claim_names_duties_or_a_filter(province, at, both):
    with at("广安区"), pytest.raises(Invalid):
        duties.claim("item", {"claim": "offered", **both})


def test_a_duty_can_be_read_before_it_is_answered(sign_in, province, at):
    with at("广安区"):
        (number,) = numbers("A1")
    shown = sign_in("county").get(f"/api/items/duties/{number}").json
    assert (shown["id"], shown["claim"], shown["actions"]["edit"]) == (None, "unclaimed", False)
    limit = next(part for part in shown["fields"] if part["name"] == "committed_limit")
    assert (limit["standard"], limit["local"], limit["effective"]) == (10, None, 10)
    assert sign_in("liaison").get(f"/api/items/duties/{number}").status_code == 404
