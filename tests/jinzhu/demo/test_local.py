"""The made-up answers of the demo's centers."""

from collections import Counter

import pytest

from jinzhu.demo import accounts, catalogue, local
from jinzhu.demo.local import PLACES, Duty, Place
from jinzhu.hierarchy import provinces
from jinzhu.identity import passwords
from jinzhu.identity.roles import ROLES
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.records.local_values import cleaned

GUANGAN, WUSHENG = PLACES[0], PLACES[1]
every_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.username)


def duties(kind: str = "item") -> list[Duty]:
    entries = catalogue.items() if kind == "item" else catalogue.departments()
    return [
        Duty(number, code, c.get("department_code", code), c.get("main_item", ""), c)
        for number, (_, code, c, _, _) in enumerate(entries, 1)
    ]


ITEMS, DEPARTMENTS = duties(), duties("department")


def answered(place: Place) -> Counter[str]:
    """Count the answers of a place by what they say."""
    counts: Counter[str] = Counter()
    for answer in local.answers(place, ITEMS):
        counts[answer.claim] += len(answer.provision_ids)
    return counts


@every_place
def test_a_place_answers_its_share_department_by_department(place):
    codes = local.answered_departments(place, ITEMS)
    part = sum(duty.department_code in codes for duty in ITEMS) / len(ITEMS)
    assert part == pytest.approx(place.share, abs=0.1)


@every_place
def test_every_duty_gets_one_answer_and_a_refusal_its_reason(place):
    answers = local.answers(place, ITEMS)
    numbers = [number for answer in answers for number in answer.provision_ids]
    assert sorted(numbers) == [duty.provision_id for duty in ITEMS]
    for answer in answers:
        assert (answer.claim == "not_offered") == bool(answer.reason)
        assert (answer.claim == "covered_by") == bool(answer.covered_by_id)


def test_most_is_offered_some_is_not_and_a_few_are_covered():
    counts = answered(GUANGAN)
    assert counts["offered"] > 1000
    assert 10 < counts["not_offered"] < 80
    assert 1 <= counts["covered_by"] <= 5


@every_place
def test_what_covers_another_is_offered_itself(place):
    answers = local.answers(place, ITEMS)
    offered = {n for a in answers if a.claim == "offered" for n in a.provision_ids}
    assert {a.covered_by_id for a in answers if a.claim == "covered_by"} <= offered


@every_place
def test_local_values_are_of_their_type_and_inside_the_bounds(place):
    for duty in ITEMS:
        values = local.of_item(place, duty)
        clean, wrong = cleaned(KINDS["item"], values)
        assert wrong == []
        assert clean == values
        assert values.get("committed_limit", 0) <= duty.content["committed_limit"]
        assert values.get("visit_count", 0) <= duty.content["visit_count"]
        codes = {material["code"] for material in duty.content["materials"]}
        assert set(values.get("materials", {}).get("drop", [])) <= codes
        assert values["consult_phone"] != values.get("complaint_phone")


@every_place
def test_a_department_has_a_leader_who_is_nobody_and_a_number_of_its_own(place):
    values = [local.of_department(place, duty) for duty in DEPARTMENTS]
    assert all(value.get("leader", "某（演示）").endswith("某（演示）") for value in values)
    assert len({value["phone"] for value in values}) == len(DEPARTMENTS)
    assert all(value["phone"].split("-")[1].startswith("555") for value in values)


def test_some_records_are_incomplete_where_a_place_is_careless():
    required = {"address", "consult_phone", "complaint_phone"}
    careful = [required <= local.of_item(GUANGAN, duty).keys() for duty in ITEMS]
    careless = [required <= local.of_item(WUSHENG, duty).keys() for duty in ITEMS]
    assert 0 < careful.count(False) < careless.count(False)


@every_place
def test_a_place_is_a_center_of_the_province_and_has_somebody_who_answers(place):
    centers = {division.code for division in provinces.tree("51")}
    people = {person.username: person for person in accounts.PEOPLE}
    assert place.code in centers
    assert place.code in {seat.center for seat in people[place.username].seats}


def test_user_names_are_unique_and_every_seat_is_a_role_at_a_real_center():
    names = [person.username for person in accounts.PEOPLE]
    centers = {division.code for division in provinces.tree("51")}
    departments = {code for _, code, _, _, _ in catalogue.departments()}
    assert len(set(names)) == len(names)
    for person in accounts.PEOPLE:
        assert "演示" in person.name
        for seat in person.seats:
            assert seat.role in ROLES
            assert seat.center in centers
            assert set(seat.departments or ()) <= departments


def test_liaisons_are_limited_to_the_department_their_name_says():
    names = {code: content["name"] for _, code, content, _, _ in catalogue.departments()}
    assert names[accounts.SOCIAL_SECURITY] == "人社局"
    assert names[accounts.PUBLIC_SECURITY] == "公安局"


def test_the_published_password_is_good_enough_for_every_account():
    for person in accounts.PEOPLE:
        assert passwords.weaknesses(accounts.PASSWORD, username=person.username) == []
