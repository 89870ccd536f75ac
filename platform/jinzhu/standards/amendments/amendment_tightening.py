"""Tightening many provisions at once: a share of what stands above, never looser than before."""

from collections.abc import Mapping
from math import floor
from typing import Any

from jinzhu.core.db import db
from jinzhu.core.problems import invalid
from jinzhu.standards.editions import amendment_view, editions
from jinzhu.standards.kinds import KINDS, NUMBERS, Rule, step_limits


def tighten(edition_id: int, given: Mapping[str, Any]) -> int:
    """Set a field to a percentage of what stands above, where that is tighter; return how many.

    Whole numbers are rounded down, and stay at least one where there was something: nobody is made
    to promise an answer on the spot.  A committed limit goes no further down than its steps take
    together; who wants more shortens the steps.
    """
    edition = editions.find_draft(edition_id)
    field = KINDS[given["kind"]].field(given["field"])
    if field is None or field.type not in NUMBERS or Rule.AT_MOST not in field.rules:
        raise invalid("field", "amendment.not_tightened", value=given["field"], rule="at_most")
    entries: list[editions.Entry] = [
        (row.kind, row.code, {**row.own, field.name: value}, row.own_rules, {})
        for row in _standing(edition_id, field.name, given)
        if (value := max(_least(field.name, row), floor(row.above * given["percent"] / 100)))
        < row.merged
    ]
    return editions.put_many(edition.id, entries) if entries else 0


def _least(field: str, row: Any) -> int:
    """Return how far down a field may go."""
    return max(1, step_limits.total(row.shown)) if field == step_limits.LIMIT else 1


def _standing(edition_id: int, field: str, given: Mapping[str, Any]) -> list[Any]:
    """Return the provisions whose field is bound from above, with what holds now."""
    edition, ground = amendment_view.find(edition_id)
    layered = amendment_view.Layered(edition, ground)
    upper = layered.upper
    merged, _ = layered.merged
    statement = layered.select(
        upper.kind,
        upper.code,
        upper.content[field].as_float().label("above"),
        merged[field].as_float().label("merged"),
        merged.label("shown"),
        layered.content.label("own"),
        layered.rules.label("own_rules"),
    ).where(
        upper.rules[field]["rule"].as_string() == Rule.AT_MOST.value,
        upper.content[field].as_float() > 0,
    )
    query = {"amended": False, "changed": False, **given}
    return list(db.session.execute(amendment_view.narrowed(statement, layered, query)))
