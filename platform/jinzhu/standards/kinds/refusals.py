"""What is said to whoever breaks a rule from above: the bound, whose it is, and whom to ask."""

from dataclasses import dataclass
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import Kind, Rule, worded
from jinzhu.standards.kinds.kind_fields import Field
from jinzhu.standards.models import Revision

#: Who writes the standards of a center on each level, and so answers questions about them.
OFFICES = {"province": "standards_officer", "city": "city_manager", "county": "center_manager"}
LINE_OFFICE = "line_officer"
#: The field that bounds a committed limit whatever the rule of that is; see `app.bounds`.
LAW = "statutory_limit"


@dataclass(frozen=True, slots=True)
class Authority:
    """Whose rule it is: the owner of the standard, or the city that amended it."""

    owner: str
    level: str
    #: The owner's edition that says so.
    edition: int
    #: Of a line standard: the department whose line it binds.
    line: str = ""

    @property
    def contact(self) -> str:
        """Return whom to ask: the office at the owner that writes the standard."""
        role = say(f"role.{LINE_OFFICE if self.line else OFFICES[self.level]}")
        return say(
            "refusal.line_contact" if self.line else "refusal.contact",
            owner=self.owner,
            role=role,
            line=self.line,
        )

    def document(self, *, bound: Any = None, exempt: bool = False) -> dict[str, Any]:
        """Return whose rule refuses, as sent with the refusal."""
        return {
            "owner": self.owner,
            "edition": self.edition,
            "contact": self.contact,
            "bound": bound,
            "exemption": exempt,
        }


def refused(
    place: str,
    told: str,
    *,
    by: Authority,
    value: Any = None,
    rule: str = "",
    bound: Any = None,
    exempt: bool = False,
) -> Fault:
    """Return the fault of whatever a standard refuses, with whom to ask.

    `told` ends without a stop; `exempt` says that leave not to follow the rule can be asked
    for, which the same office decides.
    """
    message = say("refusal.exempt" if exempt else "refusal.change", told=told, contact=by.contact)
    return Fault(place, message, value, rule, by.document(bound=bound, exempt=exempt))


def outside(
    place: str, kind: Kind, revision: Revision, value: Any, *, by: Authority, exempt: bool = False
) -> Fault:
    """Return the fault of a value that breaks the rule of a field; `place` ends with its name."""
    name = place.rpartition(".")[2]
    rule = revision.rules.get(name, {}).get("rule", Rule.FIXED)
    if binding(revision, name, value) != name:
        return unlawful(place, kind, name, value, bound=revision.content[LAW], by=by)
    bound = revision.content.get(name)
    return breaking(place, kind, name, value, rule=rule, bound=bound, by=by, exempt=exempt)


def binding(revision: Revision, name: str, value: Any) -> str:
    """Return the field whose rule a value of another breaks first: the law, or its own.

    Where its owner leaves a limit open, or let off from it, the statutory one still binds.
    """
    rule = revision.rules.get(name, {})
    law, granted = revision.bounds.get(name, {}).get("law"), rule.get("granted")
    lawful = law is None or not isinstance(value, int | float) or value <= law
    nearer = isinstance(granted, int | float) and law is not None and granted <= law
    return name if lawful or nearer else LAW


def unlawful(place: str, kind: Kind, name: str, value: Any, *, bound: Any, by: Authority) -> Fault:
    """Return the fault of a limit longer than the law allows, from which nobody lets off."""
    field = kind.field(LAW)
    assert field is not None
    told = say(
        "broken.law",
        label=kind.label(name),
        bound=worded(field, bound),
        owner=by.owner,
        edition=by.edition,
    )
    return refused(place, told, by=by, value=value, rule=Rule.AT_MOST, bound=bound)


def breaking(
    place: str,
    kind: Kind,
    name: str,
    value: Any,
    *,
    rule: str,
    bound: Any,
    by: Authority,
    exempt: bool = False,
) -> Fault:
    """Return the fault of a value that breaks a rule with its bound."""
    field = kind.field(name)
    assert field is not None
    cell = _cell_outside(kind, field, bound, value)
    limited = rule in (Rule.AT_MOST, Rule.AT_LEAST)
    told = say(
        f"broken.{cell[0]}" if cell else f"broken.{rule}",
        label=cell[1] if cell else kind.label(name),
        bound=cell[2] if cell else worded(field, bound) if limited else "",
        owner=by.owner,
        edition=by.edition,
    )
    leave = exempt and not uniform(field)
    return refused(place, told, by=by, value=value, rule=rule, bound=bound, exempt=leave)


def settled(place: str, told: str, value: Any, *, bound: Any, by: Authority, field: Field) -> Fault:
    """Return the fault of a change to a cell that the owner of a list has settled."""
    whose = say("refusal.settled", told=told, owner=by.owner, edition=by.edition)
    leave = not uniform(field)
    return refused(place, whose, by=by, value=value, rule=Rule.FIXED, bound=bound, exempt=leave)


def uniform(field: Field) -> bool:
    """Say whether a field is one that no owner may leave open: what a thing is, and its law.

    Names, codes, types, departments, legal limits are the same everywhere, or nobody could tell
    whether two centers speak of the same thing.
    """
    return field.rules == (Rule.FIXED,)


def _cell_outside(kind: Kind, field: Field, listed: Any, value: Any) -> tuple[str, str, str] | None:
    """Return rule, name and bound of the first cell of a list that goes too far, for the words.

    Whether a value breaks its rule was decided by `app.breaks`; here only the cell is named.
    """
    if not isinstance(value, dict):
        return None
    parts = {part.get("code"): part for part in listed or []}
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
