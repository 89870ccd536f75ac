"""Values of fields: what may stand in a provision, and what a lower level may write itself.

Here a value is made clean and checked against its type.  Whether a local value stays inside the
bound of the standard is decided in one other place, the SQL function `app.breaks`.
"""

from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import value_checks, value_parts
from jinzhu.standards.kinds.kind_fields import Field, Kind, Rule, Type
from jinzhu.standards.kinds.value_types import Wrong, blank, single

__all__ = ["Wrong", "content", "faults", "of_local", "of_standard", "rules"]


def of_standard(field: Field, value: Any) -> Any:
    """Return the value as it stands in a provision.

    Raises:
        Wrong: if the type of the field does not allow it.
    """
    return (
        value_parts.of_standard(field, value) if field.type is Type.PARTS else single(field, value)
    )


def of_local(field: Field, value: Any, *, rule: Rule | None = None) -> Any:
    """Return a local value made clean; None where there is nothing of one's own.

    Of a list of parts a lower level says what it changes: `{"drop": [code, …], "add": [part, …],
    "set": {code: {column: value}}}`.

    Raises:
        Wrong: if the type of the field, or the rule for a column, does not allow it.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if field.type is Type.PARTS:
        return value_parts.of_local(field, value, rule)
    return single(field, value)


def faults(place: str, field: Field, value: Any, error: Wrong) -> list[Fault]:
    """Return what is wrong with a value, each wrong cell of a list by its own place."""
    if not error.cells:
        return [Fault(place, str(error), value, field.type.value)]
    return [f.at(f"{place}.{f.field}") for f in error.cells]


def content(kind: Kind, given: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return a provision's content made clean, and what is wrong with it."""
    clean: dict[str, Any] = {}
    wrong = [
        Fault(f"content.{name}", say("value.unknown_field"), rule="field")
        for name in given
        if kind.field(name) is None
    ]
    for field in kind.fields:
        value = given.get(field.name)
        if blank(value):
            if field.required:
                text = say("value.required", label=kind.label(field.name))
                wrong.append(Fault(f"content.{field.name}", text, rule="required"))
            continue
        try:
            clean[field.name] = of_standard(field, value)
        except Wrong as error:
            wrong += faults(f"content.{field.name}", field, value, error)
    together = value_checks.together(kind, clean) + value_checks.whole(kind, clean)
    return clean, wrong + together


def rules(kind: Kind, given: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return a rule for each field, the default where none is given, and what is wrong."""
    clean, wrong = kind.default_rules(), []
    for name, rule in given.items():
        field = kind.field(name)
        if field is None:
            wrong.append(Fault(f"rules.{name}", say("value.unknown_field"), rule="field"))
            continue
        try:
            clean[name] = _rule(field, rule)
        except Wrong as error:
            wrong.append(Fault(f"rules.{name}", str(error), rule, "rule"))
    return clean, wrong


def _rule(field: Field, given: Any) -> dict[str, Any]:
    """Return a rule as it is stored; how a column is bound follows from the kind alone."""
    chosen = next(
        (rule for rule in field.rules if isinstance(given, dict) and given.get("rule") == rule),
        None,
    )
    if chosen is None:
        allowed = "、".join(say(f"rule.{rule}") for rule in field.rules)
        raise Wrong(say("value.rule", allowed=allowed))
    required = given.get("required", False)
    clean = field.rule(chosen, required=required)
    if not isinstance(required, bool) or (required and chosen is not Rule.LOCAL):
        raise Wrong(say("value.rule_required"))
    if given.get("columns", field.column_rules) != field.column_rules:
        raise Wrong(say("value.rule_columns"))
    if unknown := sorted(given.keys() - {"rule", "required", "columns"}):
        raise Wrong(say("value.rule_unknown", names="、".join(unknown)))
    return clean
