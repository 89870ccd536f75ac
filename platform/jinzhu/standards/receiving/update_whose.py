"""What an edition brings for a field, and whose word that is: its owner's, or the city's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds.refusals import Authority
from jinzhu.standards.receiving.update_ways import Way
from jinzhu.standards.records.local_batch import as_json

_WHOSE = """
    SELECT g.place, r.content -> 'statutory_limit' AS law, r.content -> g.field AS bound,
        coalesce(r.rules -> g.field ->> 'rule', 'fixed') AS rule,
        coalesce(city.name, owner.name) AS owner, coalesce(city.level, owner.level) AS level,
        CASE WHEN city.id IS NULL THEN s.line ELSE '' END AS line,
        CASE WHEN city.id IS NULL THEN e.number ELSE ae.number END AS edition
    FROM jsonb_to_recordset(CAST(:given AS jsonb))
        AS g (place int, revision_id bigint, field text, value jsonb)
    JOIN revision r ON r.id = g.revision_id
    JOIN provision p ON p.id = r.provision_id
    JOIN standard s ON s.id = p.standard_id
    JOIN center owner ON owner.id = s.owner_id
    JOIN edition e ON e.id = :edition
    LEFT JOIN merged m ON m.id = :merged
    LEFT JOIN edition ae ON ae.id = m.amendment_id
    LEFT JOIN revision am ON am.id = (r.layers ->> 'amendment')::bigint
        AND (am.content ? g.field OR am.rules ? g.field)
    LEFT JOIN center city ON city.id = am.owner_id
"""
_BROKEN = text(f"{_WHOSE} WHERE app.breaks(r.bounds -> g.field, g.value)")
_ANY = text(_WHOSE)


def broken(given: Sequence[Row], way: Way) -> dict[int, Any]:
    """Return by place the values that break the rule that an edition brings, with whose it is."""
    return _found(_BROKEN, given, way)


def owners(given: Sequence[Row], way: Way) -> dict[int, Authority]:
    """Return by place whose word a field of an edition is."""
    return {place: authority(way, row) for place, row in _found(_ANY, given, way).items()}


def _found(statement: TextClause, given: Sequence[Row], way: Way) -> dict[int, Any]:
    if not given:
        return {}
    listed = as_json([{**row, "place": place} for place, row in enumerate(given)])
    values = {"given": listed, "edition": way.new, "merged": way.new_merged}
    return {row.place: row for row in db.session.execute(statement, values)}


def authority(way: Way, found: Any) -> Authority:
    """Return whom to ask about a field that was found."""
    line = found.line and department_names(way.new).get(found.line)
    return Authority(found.owner, found.level, found.edition, line or found.line)
