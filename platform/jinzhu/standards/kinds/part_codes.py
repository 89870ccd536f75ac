"""Which parts of a list a lower level may name: those that stand above, or that it named before.

A change to a part that nobody has would wait unseen until a later edition brings such a part, and
hide it then.  What was stored before the part went, or before anybody looked, stays as it is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import refusals
from jinzhu.standards.kinds.kind_fields import Kind
from jinzhu.standards.kinds.value_parts import DROP, SET

#: What the reader is told the rule is.
REFERENCE = "reference"


def unknown(value: Any, listed: Any, before: Iterable[Any] = ()) -> list[str]:
    """Return the codes that a change drops or sets, and that no part of the list above has.

    `before` are changes that were stored already: whatever these name may be named again.
    """
    named = _named(value)
    if not named:
        return []
    known = {part["code"] for part in listed or []}
    return sorted(named - known.union(*map(_named, before)))


def _named(change: Any) -> set[str]:
    if not isinstance(change, Mapping):
        return set()
    return {*change.get(DROP, ()), *change.get(SET, ())}


def fault(place: str, kind: Kind, name: str, codes: list[str], *, by: refusals.Authority) -> Fault:
    """Return the fault of a change that names parts which do not stand above."""
    told = say(
        "broken.reference",
        label=kind.label(name),
        owner=by.owner,
        edition=by.edition,
        codes="、".join(codes),
    )
    return refusals.refused(place, told, by=by, value=codes, rule=REFERENCE)
