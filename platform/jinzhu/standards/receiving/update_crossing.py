"""Answers that hold each by itself and not beside the rest of the record: steps and their limit."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault
from jinzhu.standards.claims import tables
from jinzhu.standards.kinds import step_limits
from jinzhu.standards.receiving import update_whose
from jinzhu.standards.receiving.update_ways import Way
from jinzhu.standards.records.local_batch import as_json

#: What records show with some answers, and what stands above them.
_TOGETHER = """
    SELECT g.number, r.content AS standard,
        app.effective(r.content, r.bounds, said.local) AS after, said.local
    FROM jsonb_to_recordset(CAST(:given AS jsonb))
        AS g (number bigint, revision_id bigint, gone text[], given jsonb)
    JOIN {table} t ON t.tenant_id = app.tenant_id() AND t.provision_id = g.number
    JOIN revision r ON r.id = coalesce(t.pinned_revision_id, g.revision_id)
    CROSS JOIN LATERAL (SELECT (t.local - g.gone) || g.given AS local) said
"""

#: An answer, and the row of the update that it answers to.
Pair = tuple[Row, Row]


def crossing(keep: Sequence[Pair], take: Sequence[Pair], way: Way) -> dict[int, Fault]:
    """Return, by the place of what would be kept, the fault of what the other does not allow.

    What is taken is not refused, whatever comes of it; see `step_limits`.
    """
    crossed = _crossed(keep, take)
    places = [
        place
        for place, (_, row) in enumerate(keep)
        if row["provision_id"] in crossed and row["field"] in step_limits.PAIR
    ]
    others = [
        {"revision_id": row["new_id"], "field": step_limits.other(row["field"])}
        for row in (keep[place][1] for place in places)
    ]
    owners = update_whose.owners(others, way)
    faults = {}
    for number, place in enumerate(places):
        one, row = keep[place]
        found = crossed[row["provision_id"]]
        by = None if others[number]["field"] in found.local else owners[number]
        value = one["value"]
        faults[place] = step_limits.crossed("value", row["field"], found.after, value=value, by=by)
    return faults


def _crossed(keep: Sequence[Pair], take: Sequence[Pair]) -> Mapping[int, Any]:
    """Return by provision the records whose steps and limit would not fit."""
    changes: dict[int, Row] = {}
    for one, row in keep:
        if row["kind"] == "item" and row["field"] in step_limits.PAIR:
            change = changes.setdefault(row["provision_id"], _change(row))
            change["given"][row["field"]] = one["value"]
    for _, row in take:
        if row["provision_id"] in changes:
            changes[row["provision_id"]]["gone"].append(row["field"])
    if not changes:
        return {}
    statement = text(_TOGETHER.format(table=tables()["item"]))
    found = db.session.execute(statement, {"given": as_json(list(changes.values()))})
    return {
        row.number: row
        for row in found
        if step_limits.excess(row.after) > step_limits.excess(row.standard)
    }


def _change(row: Row) -> Row:
    return {
        "number": row["provision_id"],
        "revision_id": row["new_id"],
        "gone": [],
        "given": {},
    }
