"""What is said to whoever breaks a field rule: the field, the bound, and whose it is."""

from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import Kind, Rule
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
    unit = say(f"unit.{field.unit}") if field.unit else ""
    message = say(
        f"broken.{rule}",
        label=kind.label(name),
        bound=f"{bound} {unit}".strip() if rule in (Rule.AT_MOST, Rule.AT_LEAST) else "",
        owner=owner,
        edition=edition,
    )
    return Fault(place, message, value, rule)
