"""The steps of an item and its committed limit, which bind each other.

Each may stand inside its own bound while both together cannot be: three steps of four days are no
promise of ten.  Whoever sets one of the two below the province makes them fit, or is refused with
the other one, and whose it is.

What comes from above is never refused: neither a push, nor taking the standard's value.  What then
no longer fits is a fault at the field (`steps_sum`, see quality) and no conflict, because either
of the two could give way, and only its center can say which.
"""

from collections.abc import Mapping
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds.kind_fields import Rule
from jinzhu.standards.kinds.refusals import Authority, refused

STEPS, LIMIT = "steps", "committed_limit"
PAIR = (STEPS, LIMIT)
RULES = {STEPS: Rule.AT_MOST, LIMIT: Rule.AT_LEAST}

Content = Mapping[str, Any]


def total(content: Content) -> int:
    """Return how many working days the steps take together."""
    return sum(step.get("limit") or 0 for step in content.get(STEPS) or [])


def excess(content: Content) -> int:
    """Return by how many working days the steps exceed the committed limit."""
    limit = content.get(LIMIT)
    return 0 if limit is None else max(0, total(content) - limit)


def other(field: str) -> str:
    """Return the field that binds this one."""
    return LIMIT if field == STEPS else STEPS


def crossed(place: str, field: str, content: Content, *, value: Any, by: Authority | None) -> Fault:
    """Return the fault of steps and limit that do not fit, told of the one that was given.

    `by` is whose the other one is; None where that is set here as well.
    """
    days = {"total": total(content), "bound": content[LIMIT]}
    if by is None:
        return Fault(place, say(f"crossed.here.{field}", **days), value, RULES[field].value)
    told = say(f"crossed.{field}", **days, owner=by.owner, edition=by.edition)
    bound = days["bound" if field == STEPS else "total"]
    return refused(place, told, by=by, value=value, rule=RULES[field], bound=bound)
