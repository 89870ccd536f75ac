"""Coverage: how far the centers below have answered their duties."""

from typing import Any

from sqlalchemy import text

from jinzhu.core.db import comparing_by_hash, db
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import STANDING, tables

FIGURES = ("duties", "offered", "not_offered", "covered", "open", "incomplete", "conflicts")

#: Duties are counted once for each edition and level, never per center; those that hold in some
#: places or for some labels alone, or yield where another standard reaches, center by center.
#: Claims are counted once per row.  What a center offers of its own is no duty.
#:
#: A `way` is an edition with an edition of an amendment on top, or none.  OFFSET 0 keeps each list
#: as it is: centers and revisions are looked up by their keys, and only short rows are summed up.
_COUNT = """
    WITH place AS MATERIALIZED (
        SELECT id, code, name, level, path, parent_id FROM center
        WHERE path @> ARRAY[CAST(:parent AS int)]
    ), stands AS MATERIALIZED (
        SELECT p.id AS tenant_id, p.level, p.path, a.standard_id, a.edition_id, a.merged_id,
            dense_rank() OVER (ORDER BY a.edition_id, a.merged_id) AS way,
            row_number() OVER (PARTITION BY a.edition_id, a.merged_id) AS place
        FROM place p CROSS JOIN LATERAL (
            SELECT a.standard_id, a.edition_id, a.merged_id FROM adoption a
            WHERE a.tenant_id = p.id
                AND a.standard_id NOT IN (SELECT id FROM standard WHERE nature = 'own')
            OFFSET 0) a
    ), standing AS MATERIALIZED (
        SELECT w.way, w.above, e.provision_id, r.levels, r.regions, r.labels, r.required_fields,
            CASE WHEN CAST(:own AS text[]) IS NOT NULL THEN r.bounds END AS bounds,
            EXISTS (SELECT FROM collision c WHERE c.yielding_id = e.provision_id) AS yields
        FROM (SELECT p.way, p.edition_id, p.merged_id, o.path AS above FROM stands p
            JOIN standard s ON s.id = p.standard_id JOIN center o ON o.id = s.owner_id
            WHERE p.place = 1) w
        CROSS JOIN LATERAL (
            SELECT e.provision_id, {STANDING} AS revision_id FROM edition_entry e
            LEFT JOIN merged_entry m
                ON m.merged_id = w.merged_id AND m.provision_id = e.provision_id
            WHERE e.edition_id = w.edition_id OFFSET 0) e
        CROSS JOIN LATERAL (SELECT * FROM revision r WHERE r.id = e.revision_id OFFSET 0) r
        WHERE r.kind = :kind AND (CAST(:own AS text[]) IS NULL OR CASE r.kind
            WHEN 'department' THEN r.code ELSE r.department_code END = ANY (CAST(:own AS text[])))
    ), anywhere AS (
        SELECT way, level, count(*) AS duties
        FROM standing CROSS JOIN LATERAL unnest(levels) level
        WHERE regions = '{{}}' AND labels = '{{}}' AND NOT yields GROUP BY 1, 2
    ), somewhere AS MATERIALIZED (
        SELECT p.tenant_id, s.provision_id FROM standing s
        JOIN stands p ON p.way = s.way AND p.level = ANY (s.levels)
        WHERE (s.regions <> '{{}}' OR s.labels <> '{{}}' OR s.yields)
            AND (NOT s.yields OR app.governing(s.provision_id, p.tenant_id) IS NULL)
            AND (s.regions = '{{}}' OR s.regions && p.path)
            AND (s.labels = '{{}}' OR EXISTS (SELECT FROM center_label l
                WHERE l.center_id = p.tenant_id AND l.owner_id = ANY (s.above)
                    AND l.label = ANY (s.labels)))
    ), owed AS (
        SELECT tenant_id, sum(duties) AS duties FROM (
            SELECT p.tenant_id, d.duties
            FROM stands p JOIN anywhere d ON d.way = p.way AND d.level = p.level
            UNION ALL SELECT tenant_id, count(*) FROM somewhere GROUP BY 1) part
        GROUP BY 1
    ), answer AS (
        SELECT t.tenant_id, t.claim,
            t.claim = 'offered' AND NOT t.local ?& r.required_fields AS incomplete,
            t.level = ANY (r.levels) AND (
                (r.regions = '{{}}' AND r.labels = '{{}}' AND NOT r.yields)
                OR (t.tenant_id, t.provision_id) IN (SELECT tenant_id, provision_id FROM somewhere)
            ) AS due,
            CASE WHEN r.bounds IS NOT NULL AND t.claim = 'offered'
                THEN cardinality(app.broken(r.bounds, t.local)) END AS conflicts
        FROM (
            SELECT p.tenant_id, p.level, p.way, t.provision_id, t.claim, t.local
            FROM stands p CROSS JOIN LATERAL (
                SELECT t.provision_id, t.claim, t.local FROM {table} t
                WHERE t.tenant_id = p.tenant_id AND t.standard_id = p.standard_id OFFSET 0) t
            OFFSET 0) t
        JOIN standing r ON r.way = t.way AND r.provision_id = t.provision_id
        OFFSET 0
    ), answered AS (
        SELECT tenant_id,
            count(*) FILTER (WHERE due AND claim = 'offered') AS offered,
            count(*) FILTER (WHERE due AND claim = 'not_offered') AS not_offered,
            count(*) FILTER (WHERE due AND claim = 'covered_by') AS covered,
            count(*) FILTER (WHERE due AND incomplete) AS incomplete,
            sum(conflicts) AS conflicts
        FROM answer GROUP BY 1
    ), broken AS (
        -- The sums are of the whole center: for a line its own are counted.
        SELECT c.tenant_id, sum(c.open) AS conflicts
        FROM conflict_count c JOIN place p ON p.id = c.tenant_id
        WHERE c.kind = :kind AND CAST(:own AS text[]) IS NULL GROUP BY 1
    )
    SELECT p.id, p.code, p.name, p.level, p.path, p.parent_id,
        coalesce(o.duties, 0)::int AS duties, coalesce(w.offered, 0)::int AS offered,
        coalesce(w.not_offered, 0)::int AS not_offered, coalesce(w.covered, 0)::int AS covered,
        coalesce(w.incomplete, 0)::int AS incomplete,
        coalesce(b.conflicts, w.conflicts, 0)::int AS conflicts
    FROM place p LEFT JOIN owed o ON o.tenant_id = p.id LEFT JOIN answered w ON w.tenant_id = p.id
    LEFT JOIN broken b ON b.tenant_id = p.id
    ORDER BY p.code, p.level DESC
"""


def below(center_id: int) -> Center:
    """Return a center of the own subtree, or the same answer as for one that is not there."""
    center = db.session.get(Center, center_id)
    if center is None or current().tenant_id not in center.path:
        raise NotFound(id=center_id)
    return center


def figures(kind: str, *, parent: int | None) -> Row:
    """Return the coverage of a center's subtree: in all, its own, and by center just below."""
    parent_id = parent or current().tenant_id
    assert parent_id is not None
    center = below(parent_id)
    statement = text(_COUNT.format(table=tables()[kind], STANDING=STANDING))
    own = current().departments
    values = {"parent": center.id, "kind": kind, "own": None if own is None else list(own)}
    with comparing_by_hash():
        counted = [_figures(row) for row in db.session.execute(statement, values)]
    depth = len(center.path)
    rows = [_summed(row, counted, depth) for row in counted if row["parent_id"] == center.id]
    return {
        "center": _center(next(row for row in counted if row["id"] == center.id)),
        "total": _sum(counted),
        "own": _sum([row for row in counted if row["id"] == center.id]),
        "rows": rows,
    }


def _figures(row: Any) -> Row:
    answered = row.offered + row.not_offered + row.covered
    return {**row._mapping, "open": row.duties - answered}


def _sum(rows: list[Row]) -> Row:
    return {name: sum(row[name] for row in rows) for name in FIGURES}


def _center(row: Row) -> Row:
    return {name: row[name] for name in ("id", "code", "name", "level")}


def _summed(row: Row, counted: list[Row], depth: int) -> Row:
    """Return the figures of a center just below with everything under it."""
    branch = [
        one for one in counted if len(one["path"]) > depth and one["path"][depth] == row["id"]
    ]
    return {"center": {**_center(row), "has_children": len(branch) > 1}, **_sum(branch)}
