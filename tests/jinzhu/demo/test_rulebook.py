"""The kinds of the demo's standard besides departments and items."""

from collections import Counter

import pytest

from jinzhu.demo import chains, guide_rest, rulebook
from jinzhu.standards.kinds import CLAIMED, KINDS, values

ENTRIES = rulebook.entries()


def one(code: str) -> dict:
    (found,) = [content for _, own, content, _, _ in ENTRIES if own == code]
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry[0]} {entry[1]}")
def test_every_provision_is_valid_and_says_where_it_comes_from(entry):
    kind, code, content, rules, applies = entry
    clean, wrong = values.content(KINDS[kind], content)
    assert wrong == []
    assert clean == content
    assert content["code"] == code
    assert (rules, bool(applies["levels"])) == ({}, True)
    assert content["source"].strip()


def test_every_kind_that_nobody_claims_is_there_and_codes_are_unique():
    assert {kind for kind, *_ in ENTRIES} == KINDS.keys() - set(CLAIMED)
    assert max(Counter((kind, code) for kind, code, *_ in ENTRIES).values()) == 1


def test_the_numbers_are_those_of_published_measures():
    staff, head = one("POST-STAFF"), one("POST-HEAD")
    assert (staff["max_age"], staff["education"], staff["experience_years"]) == (50, 2, 3)
    assert (staff["notice_days"], staff["replacement_days"]) == (7, 7)
    assert (head["rank"], head["head_from_staff"], head["max_stay_months"]) == (2, 2, 60)
    assert staff["source"] == (
        "参照阿坝州（四川）、贵阳市、绥阳县（贵州）等地公开的窗口人员管理规定（演示）"
    )
    assert "same" not in staff["source"]


def test_weights_are_read_off_the_schemes():
    flag = one("ASSESS-FLAG")["indicators"]
    assert [(part["name"], part["weight"]) for part in flag][:2] == [
        ("窗口效能考核", 30),
        ("窗口工作人员考核", 30),
    ]
    assert [part["weight"] for part in one("ASSESS-YEAR")["shares"]] == [80, 20]


def test_every_class_of_departments_has_a_chain_of_its_own():
    entering = [
        content
        for _, _, content, _, _ in chains.entries()
        if (content["procedure_object"], content["procedure_kind"]) == ("department", "entry")
    ]
    classes = [one for content in entering for one in content["department_class"]]
    assert sorted(classes) == sorted(
        ["government", "professional", "dual", "vertical", "utility", "other", "trading"]
    )


def test_a_made_up_guide_follows_its_limit_and_fee():
    content = {
        "committed_limit": 5,
        "handle_form": ["window"],
        "visit_count": 1,
        "fee": 20,
        "materials": [{"code": "M01"}, {"code": "M02"}],
    }
    rest = guide_rest.of(content)
    assert sum(step["limit"] for step in rest["steps"]) == 5
    assert [fee["amount"] for fee in rest["fees"]] == [20]
    assert [scenario["materials"] for scenario in rest["scenarios"]] == [["M01"], ["M01", "M02"]]
    at_once = guide_rest.of({**content, "committed_limit": 0, "fee": 0})
    assert (at_once["case_type"], at_once["steps"], at_once["fees"]) == ("instant", [], [])
