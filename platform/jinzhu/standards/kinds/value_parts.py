"""Lists of parts: as they stand in a standard, and the changes a lower level makes to them.

Everything goes by the code of a part, never by its place, so that a part which a new edition adds
comes through to those who dropped, changed or added others.
"""

from collections.abc import Mapping
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds.kind_fields import Column, Field, Rule, Type
from jinzhu.standards.kinds.value_types import MOST_PARTS, Wrong, blank, code, codes, single

DROP, ADD, SET = "drop", "add", "set"
#: Under these rules a lower level may change every column of a part but its code.
OPEN = (Rule.DEFAULT, Rule.LOCAL, Rule.EXEMPT)


def _cell(column: Column, value: Any, place: str, wrong: list[Fault]) -> Any:
    """Return the value of a cell; note what is wrong with it, and where it stands."""
    try:
        return single(column, value)
    except Wrong as error:
        wrong.append(Fault(f"{place}.{column.name}", str(error), value, column.type.value))
        return None


def _part(field: Field, part: Mapping[str, Any], place: str, wrong: list[Fault]) -> dict[str, Any]:
    clean = {}
    for column in field.columns:
        value = part.get(column.name)
        if blank(value):
            if column.required:
                wrong.append(Fault(f"{place}.{column.name}", say("value.cell"), rule="required"))
            continue
        clean[column.name] = _cell(column, value, place, wrong)
    for name in part.keys() - {column.name for column in field.columns}:
        wrong.append(Fault(f"{place}.{name}", say("value.unknown_column"), rule="field"))
    return clean


def _listed(field: Field, value: Any, place: str, wrong: list[Fault]) -> list[dict[str, Any]]:
    """Return whole parts made clean, each known by a code of its own."""
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise Wrong(say("value.list"))
    if len(value) > MOST_PARTS:
        raise Wrong(say("value.too_many", most=MOST_PARTS))
    clean: list[dict[str, Any]] = []
    known: set[str] = set()
    for number, part in enumerate(value):
        made = _part(field, part, f"{place}{number}", wrong)
        own = made.get("code")
        if own is not None and own in known:
            wrong.append(
                Fault(f"{place}{number}.code", say("value.twice", code=own), own, "unique")
            )
        known.add(own or "")
        clean.append(made)
    return clean


def _refuse(wrong: list[Fault]) -> None:
    if wrong:
        raise Wrong(wrong[0].message, cells=wrong)


def of_standard(field: Field, value: Any) -> list[dict[str, Any]]:
    """Return the parts as they stand in a provision.

    Raises:
        Wrong: naming every cell that its type does not allow, by place and column.
    """
    wrong: list[Fault] = []
    clean = _listed(field, value, "", wrong)
    _refuse(wrong)
    return clean


def of_local(field: Field, value: Any, rule: Rule | None) -> dict[str, Any] | None:
    """Return a change of parts made clean: dropped, added, set; None if nothing is left.

    Without a rule only the types are checked; the bound is checked where it is known.

    Raises:
        Wrong: naming every cell that the rule or its type does not allow.
    """
    if not isinstance(value, dict) or value.keys() - {DROP, ADD, SET}:
        raise Wrong(say("value.changes"))
    wrong: list[Fault] = []
    dropped = sorted(codes(value.get(DROP) or []))
    added = _listed(field, value.get(ADD) or [], f"{ADD}.", wrong)
    changed = _changed(field, value.get(SET) or {}, rule, wrong)
    named = [*dropped, *(part["code"] for part in added if part.get("code")), *changed]
    for own in sorted({one for one in named if named.count(one) > 1}):
        place = f"{SET}.{own}" if own in changed else DROP
        wrong.append(Fault(place, say("value.both", code=own), own, "unique"))
    _refuse(wrong)
    clean = {DROP: dropped, ADD: added, SET: changed}
    return {name: made for name, made in clean.items() if made} or None


def _changed(
    field: Field, value: Any, rule: Rule | None, wrong: list[Fault]
) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(part, dict) for part in value.values()):
        raise Wrong(say("value.changes"))
    if len(value) > MOST_PARTS:
        raise Wrong(say("value.too_many", most=MOST_PARTS))
    made = {}
    for own, cells in value.items():
        clean = {
            name: _set(field, name, cell, f"{SET}.{own}", rule, wrong)
            for name, cell in sorted(cells.items())
            if not blank(cell)
        }
        if clean:
            made[code(own)] = clean
    return dict(sorted(made.items()))


def _set(
    field: Field, name: str, value: Any, place: str, rule: Rule | None, wrong: list[Fault]
) -> Any:
    """Return what a lower level sets in a column of a part of the standard."""
    column = field.column(name)
    if column is None:
        wrong.append(Fault(f"{place}.{name}", say("value.unknown_column"), value, "field"))
        return None
    if not may_set(field, column, rule):
        wrong.append(Fault(f"{place}.{name}", say("value.column_fixed"), value, Rule.FIXED.value))
        return None
    return _cell(column, value, place, wrong)


def may_set(field: Field, column: Column, rule: Rule | None) -> bool:
    """Say whether a lower level may set a column of a part of the standard at all."""
    if column.name == "code":
        return False
    if rule is None:
        return column.local is not None or any(one in OPEN for one in field.rules)
    return column.local is not None or rule in OPEN


def unknown_codes(field: Field, content: Mapping[str, Any]) -> list[Fault]:
    """Name the cells that refer to parts which the provision does not have."""
    wrong = []
    for column in field.columns:
        if column.type is not Type.CODES:
            continue
        known = {part["code"] for part in content.get(column.of, [])}
        for number, part in enumerate(content.get(field.name, [])):
            lost = [one for one in part.get(column.name, []) if one not in known]
            if lost:
                place = f"content.{field.name}.{number}.{column.name}"
                message = say("value.no_such_part", codes="、".join(lost))
                wrong.append(Fault(place, message, lost, "reference"))
    return wrong
