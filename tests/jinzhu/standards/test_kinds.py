"""Every kind of provision is described completely, in both languages, by its entry alone."""

import pytest

from jinzhu.core.language import LANGUAGES, spoken
from jinzhu.identity.roles import ROLES
from jinzhu.standards import kinds
from jinzhu.standards.claims import models
from jinzhu.standards.kinds import CHOICES, KINDS, Rule, Type
from jinzhu.standards.workbooks.workbook_cells import parted

FIELDS = [(kind, field) for kind in KINDS.values() for field in kind.fields]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_is_described_in_every_language(kind, language):
    with spoken(language):
        described = kinds.describe(kind)
    assert described["name"]
    for shown in described["fields"]:
        assert shown["label"], shown["name"]
        assert shown["group_label"], shown["name"]


def test_every_kind_has_what_editions_and_lists_ask_for():
    for kind in KINDS.values():
        for name in ("code", "name"):
            field = kind.field(name)
            assert field is not None, kind.name
            assert field.required, kind.name
            assert field.rules == (Rule.FIXED,), kind.name


def test_names_are_unique_and_groups_stand_together():
    for kind in KINDS.values():
        names = [field.name for field in kind.fields]
        assert len(set(names)) == len(names), kind.name
        groups = [field.group for field in kind.fields]
        turns = [one for one, after in zip(groups, [*groups[1:], ""], strict=True) if one != after]
        assert len(set(turns)) == len(turns), kind.name


def test_parts_are_known_by_a_code_and_only_they_have_columns():
    for kind, field in FIELDS:
        assert bool(field.columns) == (field.type is Type.PARTS), (kind.name, field.name)
        if field.columns:
            assert (field.columns[0].name, field.columns[0].required) == ("code", True)
            assert Type.PARTS not in {column.type for column in field.columns}


def test_choices_and_references_are_there():
    for kind, field in FIELDS:
        for one in (field, *field.columns):
            listed = one.type in (Type.CHOICE, Type.CHOICES, Type.GRADE)
            assert (one.choices in CHOICES) == listed, (kind.name, field.name, one.name)
        for column in field.columns:
            if column.type is Type.CODES:
                target = kind.field(column.of)
                assert target is not None
                assert target.type is Type.PARTS


def test_grades_are_numbered_from_one():
    for _, field in FIELDS:
        if field.type is Type.GRADE:
            grades = CHOICES[field.choices]
            assert grades == tuple(str(number) for number in range(1, len(grades) + 1))


def test_a_bound_is_given_only_to_what_can_be_compared():
    bounds = {
        Rule.AT_MOST: kinds.NUMBERS,
        Rule.AT_LEAST: kinds.NUMBERS,
        Rule.SUBSET: (Type.CHOICES, Type.PARTS),
        Rule.SUPERSET: (Type.CHOICES, Type.PARTS),
    }
    for kind, field in FIELDS:
        for rule in field.rules:
            assert field.type in bounds.get(rule, (field.type,)), (kind.name, field.name, rule)
        for column in field.columns:
            if column.local in bounds:
                assert column.type in kinds.NUMBERS, (kind.name, field.name, column.name)
            assert column.local in (None, Rule.AT_MOST, Rule.AT_LEAST, Rule.LOCAL)


def test_a_bound_is_told_with_its_unit_or_by_its_name():
    def told(kind: str, name: str, bound: object) -> str:
        return kinds.worded(KINDS[kind].field(name), bound)

    assert told("item", "committed_limit", 10) == "10 个工作日"
    assert told("item", "committed_limit", 0) == "0 个工作日"
    assert told("post", "education", 2) == "大专"
    assert told("item", "fee", 12.5) == "12.5 元"
    assert told("item", "committed_limit", None) == ""
    assert told("item", "handle_form", ["window"]) == ""


def test_no_owner_can_exempt():
    assert all(Rule.EXEMPT not in field.rules for _, field in FIELDS)


def test_what_centers_claim_has_a_table_and_the_rest_leaves_nothing_to_fill_in(app):
    assert sorted(kinds.CLAIMED) == list(models())
    for kind in KINDS.values():
        required = [field.name for field in kind.fields if field.local_required]
        assert kind.claimed or not required, kind.name


def test_a_role_can_be_given_every_permission_there_is():
    """A permission that is new needs its words, choice.permission.<name>."""
    assert set(CHOICES["permission"]) == {one for role in ROLES.values() for one in role}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_with_several_choices_can_be_taken_apart_again(language):
    described = [
        one for kind in KINDS.values() for field in kind.fields for one in (field, *field.columns)
    ]
    several = {one.choices for one in described if one.type is Type.CHOICES}
    with spoken(language):
        labels = [one["label"] for name in several for one in kinds.choices(name) or []]
    assert labels
    assert [label for label in labels if parted(label) != [label]] == []
