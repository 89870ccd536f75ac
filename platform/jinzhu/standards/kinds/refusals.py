"""What is said to whoever breaks a field rule: the field, the bound, and whose it is."""

from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import Kind, Rule, worded
from jinzhu.standards.kinds.kind_fields import Field
from jinzhu.standards.models import Revision


def outside(
    place: str, kind: Kind, revision: Revision, value: Any, *, owner: str, edition: int
) -> Fault:
    """Return the fault of a value that breaks the rule of a field; `place` ends with its name."""
    name = place.rpartition(".")[2]
    field = kind.field(name)
    assert field is not None
    rule = revision.rules.get(name, {}).get("rule", Rule.FIXED)
    bound = revision.content.get(name)
    cell = _cell_outside(kind, field, revision, value)
    limited = rule in (Rule.AT_MOST, Rule.AT_LEAST)
    message = say(
        f"broken.{cell[0]}" if cell else f"broken.{rule}",
        label=cell[1] if cell else kind.label(name),
        bound=cell[2] if cell else worded(field, bound) if limited else "",
        owner=owner,
        edition=edition,
    )
    return Fault(place, message, value, rule)


def _cell_outside(
    kind: Kind, field: Field, revision: Revision, value: Any
) -> tuple[str, str, str] | None:
    """Return rule, name and bound of the first cell of a list that goes too far, for the words.

    Whether a value breaks its rule was decided by `app.breaks`; here only the cell is named.
    """
    if not isinstance(value, dict):
        return None
    parts = {part.get("code"): part for part in revision.content.get(field.name) or []}
    for code, cells in value.get("set", {}).items():
        for name, given in cells.items():
            column, bound = field.column(name), parts.get(code, {}).get(name)
            if column is None or bound is None or column.local is None:
                continue
            over = column.local is Rule.AT_MOST and given > bound
            if over or (column.local is Rule.AT_LEAST and given < bound):
                part = parts[code].get("name", code)
                label = f"{part} · {say(f'field.{kind.name}.{field.name}.{name}')}"
                unit = say(f"unit.{column.unit}") if column.unit else ""
                return column.local.value, label, f"{bound} {unit}".strip()
    return None
