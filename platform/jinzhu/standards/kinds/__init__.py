"""The kinds of provision, each described by its fields.

A page, a schema, a check and an export are made from this description; a new kind is one entry
here.  Labels, units and choices are words in the locale files.
"""

from typing import Any

from jinzhu.core.language import knows, say
from jinzhu.standards.kinds.kind_choices import CHOICES
from jinzhu.standards.kinds.kind_entry import DEPARTMENT, POST
from jinzhu.standards.kinds.kind_fields import NUMBERS, Column, Field, Kind, Rule, Type
from jinzhu.standards.kinds.kind_item import ITEM
from jinzhu.standards.kinds.kind_procedure import PROCEDURE
from jinzhu.standards.kinds.kind_watch import ASSESSMENT, CLAUSE, REPORT, ROLE

__all__ = [
    "CHOICES",
    "CLAIMED",
    "KINDS",
    "NUMBERS",
    "Column",
    "Field",
    "Kind",
    "Rule",
    "Type",
    "choices",
    "describe",
    "describe_field",
    "worded",
]

KINDS = {
    kind.name: kind
    for kind in (ITEM, DEPARTMENT, POST, PROCEDURE, ASSESSMENT, REPORT, ROLE, CLAUSE)
}
CLAIMED = [kind.name for kind in KINDS.values() if kind.claimed]


def choices(name: str) -> list[dict[str, str]] | None:
    """Return a list of choices with their words."""
    if not name:
        return None
    return [{"code": code, "label": say(f"choice.{name}.{code}")} for code in CHOICES[name]]


def _unit(name: str) -> str:
    return say(f"unit.{name}") if name else ""


def worded(field: Field, value: Any) -> str:
    """Return a bound as a sentence tells it: with its unit, or by its name; '' for a list."""
    if value is None or field.type not in NUMBERS:
        return ""
    if field.type is Type.GRADE:
        return say(f"choice.{field.choices}.{value}")
    unit = "%" if field.type is Type.PERCENT else _unit(field.unit)
    return f"{value} {unit}".strip()


def _column(kind: Kind, field: Field, column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": say(f"field.{kind.name}.{field.name}.{column.name}"),
        "type": column.type.value,
        "unit": _unit(column.unit),
        "choices": choices(column.choices),
        "required": column.required,
        "local": column.local.value if column.local else None,
        "of": column.of,
    }


def describe_field(kind: Kind, field: Field) -> dict[str, Any]:
    """Return what a page needs to show and edit a field."""
    hint = f"help.{kind.name}.{field.name}"
    return {
        "name": field.name,
        "label": kind.label(field.name),
        "group": field.group,
        "group_label": say(f"group.{field.group}"),
        "type": field.type.value,
        "unit": _unit(field.unit),
        "help": say(hint) if knows(hint) else "",
        "choices": choices(field.choices),
        "columns": [_column(kind, field, column) for column in field.columns] or None,
    }


def describe(kind: Kind) -> dict[str, Any]:
    """Return a kind with its fields and the rules each may be given."""
    return {
        "kind": kind.name,
        "name": say(f"kind.{kind.name}"),
        "claimed": kind.claimed,
        "fields": [
            {
                **describe_field(kind, field),
                "rules": [rule.value for rule in field.rules],
                "default_rule": field.default_rule,
                "required": field.required,
            }
            for field in kind.fields
        ],
    }
