"""Local values that hold each by itself and not together: the steps of an item and its limit."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.db import db
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import step_limits
from jinzhu.standards.records.record_found import Found


def crossing(found: Found, wanted: Mapping[str, Any]) -> list[Fault]:
    """Return the fault of steps, or of a limit, that the other one of the record does not allow.

    Refused is what is set here; None takes what stands above, and that is allowed whatever comes of
    it (see `step_limits`).
    """
    given = [name for name in step_limits.PAIR if wanted.get(name) is not None]
    if not given:
        return []
    standard = found.revision.content
    after = _with(found, {name: wanted[name] for name in step_limits.PAIR if name in wanted})
    if step_limits.excess(after) <= step_limits.excess(standard):
        return []
    mine, other = given[0], step_limits.other(given[0])
    by = found.authority(other) if after.get(other) == standard.get(other) else None
    return [step_limits.crossed(f"local.{mine}", mine, after, value=wanted[mine], by=by)]


def _with(found: Found, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record would show with other values; None is what stands above."""
    shown = dict(found.effective)
    for name, value in wanted.items():
        standard = found.revision.content.get(name)
        shown[name] = _patched(standard, value) if isinstance(value, dict) else value
        if value is None:
            shown[name] = standard
    return shown


def _patched(standard: Any, changes: dict[str, Any]) -> Any:
    """Return a list of parts with changes to it, by the one definition of them."""
    given = (cast(literal(value, JSONB), JSONB) for value in (standard or [], changes))
    return db.session.scalar(select(func.app.patched(*given, type_=JSONB)))
