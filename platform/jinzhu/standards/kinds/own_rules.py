"""What a center says of an item of its own, as a provision: what it knows, and what it still owes.

A list that a center already has rarely tells everything a guide needs.  What is missing does not
keep an item out: the field is left open, to be filled in like any other local value.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import KINDS, Rule

ITEM = KINDS["item"]
#: Without these an item could not even be listed.
NEEDED = ("code", "name", "item_type", "department_code")
#: Said by every center itself, whatever the standard: kept as local values.
LOCAL = tuple(field.name for field in ITEM.fields if field.rules == (Rule.LOCAL,))


def rules_for(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the rules of an own item: the usual ones, and open where a value is missing."""
    owed = {
        field.name: field.rule(Rule.LOCAL, required=True)
        for field in ITEM.fields
        if field.required and field.name not in content
    }
    return {**ITEM.default_rules(), **owed}


def lenient(faults: Iterable[Fault]) -> list[Fault]:
    """Return what keeps an own item out; what is merely missing, and left open, does not."""
    return [
        fault
        for fault in faults
        if fault.rule not in ("required", "rule") or fault.field.removeprefix("content.") in NEEDED
    ]


def split(content: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part what a form holds into the provision's content and the local values."""
    given = {name: value for name, value in content.items() if value is not None}
    local = {name: given[name] for name in given if name in LOCAL}
    return {name: given[name] for name in given if name not in LOCAL}, local
