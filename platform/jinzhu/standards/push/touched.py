"""What a push touches: the local values that a move between editions puts in conflict, or out.

The same statement counts them when centers adopt, and lists them in a preview.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import TextClause, text

from jinzhu.standards.claims import tables

MOVES = """
    goal AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:centers AS int[]), CAST(:old AS bigint[]),
            CAST(:old_merged AS bigint[]), CAST(:new AS bigint[]), CAST(:new_merged AS bigint[]))
            AS g (tenant_id, old_id, old_merged_id, new_id, new_merged_id)
    )
"""

#: The fields whose bound an edition changes, once for each way from one edition to another, and
#: from there the local values that are on the wrong side now, or on the right one again.  What
#: could be many rows is looked up by key: the planner takes each list for hundreds of times longer
#: than it is, and would read every revision, or every record of the country, to find a few.
_CHANGED = f"""
    WITH {MOVES}, going AS MATERIALIZED (
        SELECT *, dense_rank() OVER (
            ORDER BY old_id, old_merged_id, new_id, new_merged_id)::int AS way
        FROM goal
        WHERE (old_id, old_merged_id) IS DISTINCT FROM (new_id, new_merged_id)
            AND old_id IS NOT NULL AND new_id IS NOT NULL
    ), way AS (
        SELECT DISTINCT way, old_id, old_merged_id, new_id, new_merged_id FROM going
    ), entry AS MATERIALIZED (
        SELECT w.way, entry.provision_id,
            CASE WHEN entry.new_id IS NOT NULL
                THEN coalesce(nm.revision_id, entry.new_id) END AS now_id,
            CASE WHEN entry.old_id IS NOT NULL
                THEN coalesce(om.revision_id, entry.old_id) END AS was_id
        FROM way w
        CROSS JOIN LATERAL (
            SELECT provision_id, n.revision_id AS new_id, o.revision_id AS old_id
            FROM (SELECT provision_id, revision_id FROM edition_entry
                WHERE edition_id = w.new_id) n
            FULL JOIN (SELECT provision_id, revision_id FROM edition_entry
                WHERE edition_id = w.old_id) o USING (provision_id)
        ) entry
        LEFT JOIN merged_entry nm ON nm.merged_id = w.new_merged_id
            AND nm.provision_id = entry.provision_id
        LEFT JOIN merged_entry om ON om.merged_id = w.old_merged_id
            AND om.provision_id = entry.provision_id
    ), pair AS MATERIALIZED (
        -- `|| '{{{{}}}}'` unpacks what is stored once, instead of once for each field.
        SELECT e.*, coalesce(now.kind, was.kind) AS kind, was.bounds AS old_bounds,
            now.bounds AS new_bounds,
            CASE WHEN now.id IS NULL THEN was.rules WHEN was.id IS NULL THEN now.rules
                ELSE was.bounds || now.bounds END AS fields
        FROM entry e
        LEFT JOIN LATERAL (SELECT r.id, r.kind, r.rules, r.bounds || '{{{{}}}}' AS bounds
            FROM revision r WHERE r.id = e.now_id OFFSET 0) now ON true
        LEFT JOIN LATERAL (SELECT r.id, r.kind, r.rules, r.bounds || '{{{{}}}}' AS bounds
            FROM revision r WHERE r.id = e.was_id OFFSET 0) was ON true
        WHERE e.now_id IS DISTINCT FROM e.was_id
            AND coalesce(now.kind, was.kind) = ANY (CAST(:kinds AS text[]))
            AND now.bounds IS DISTINCT FROM was.bounds
    ), difference AS MATERIALIZED (
        SELECT p.way, p.provision_id, p.kind, f.field,
            p.old_bounds IS NOT NULL AS was_there, p.old_bounds -> f.field AS old_bound,
            p.new_bounds IS NOT NULL AS is_there, p.new_bounds -> f.field AS new_bound,
            -- How the values concerned are found: a limit that moves, a list whose codes change, or
            -- something else, for which the record itself has to be looked at.
            CASE WHEN o.rule = n.rule AND o.type = 'number' AND n.type = 'number' THEN 'number'
                WHEN o.rule = n.rule AND n.rule IN ('subset', 'superset') THEN 'list'
                ELSE 'other' END AS how,
            CASE n.rule WHEN 'at_least' THEN -1 ELSE 1 END AS sign
        FROM pair p
        CROSS JOIN LATERAL jsonb_object_keys(p.fields) f (field)
        CROSS JOIN LATERAL (SELECT p.old_bounds -> f.field ->> 'rule' AS rule,
            jsonb_typeof(p.old_bounds -> f.field -> 'bound') AS type) o
        CROSS JOIN LATERAL (SELECT p.new_bounds -> f.field ->> 'rule' AS rule,
            jsonb_typeof(p.new_bounds -> f.field -> 'bound') AS type) n
        WHERE p.old_bounds IS NULL OR p.new_bounds IS NULL
            OR p.old_bounds -> f.field IS DISTINCT FROM p.new_bounds -> f.field
    ), hit AS (
        -- Only what changes side: what lies between the two limits.
        SELECT mine.tenant_id, d.kind, d.provision_id, d.field, mine.number, d.new_bound, d.way,
            d.sign * l.new_limit < d.sign * l.old_limit AS tighter
        FROM difference d
        -- One row, which the planner takes for a hundred: it would sort thousands to count them.
        CROSS JOIN jsonb_array_elements('[0]')
        CROSS JOIN LATERAL (SELECT (d.old_bound ->> 'bound')::float8 AS old_limit,
            (d.new_bound ->> 'bound')::float8 AS new_limit OFFSET 0) l
        CROSS JOIN LATERAL (
            SELECT mine.tenant_id, mine.number FROM local_field mine
            WHERE mine.provision_id = d.provision_id AND mine.field = d.field
                AND mine.number >= least(l.old_limit, l.new_limit)
                AND mine.number <= greatest(l.old_limit, l.new_limit) OFFSET 0
        ) mine
        WHERE d.how = 'number' AND (d.sign * mine.number > d.sign * l.old_limit)
            <> (d.sign * mine.number > d.sign * l.new_limit)
        OFFSET 0
    ), concerned AS MATERIALIZED (
        SELECT d.*, mine.tenant_id FROM difference d
        CROSS JOIN LATERAL (
            SELECT mine.tenant_id FROM local_field mine
            WHERE mine.provision_id = d.provision_id AND mine.field = d.field OFFSET 0) mine
        WHERE d.how = 'list'
        UNION ALL
        SELECT d.*, g.tenant_id FROM difference d JOIN going g USING (way)
        WHERE d.how = 'other'
    ), otherwise AS (
        {{others}}
    )
"""

#: Each value with what the move does to it.
_EACH = """
    , touched AS (
        SELECT h.tenant_id, h.kind, h.provision_id, h.field, to_jsonb(h.number) AS value,
            h.new_bound, NOT h.tighter AS broke, h.tighter AS breaks
        FROM hit h JOIN going g USING (tenant_id, way)
        UNION ALL
        SELECT * FROM otherwise
    )
"""
#: How many by center and kind; of limits that move there can be many, and they are counted first.
_SUMS = """
    , counted AS (
        SELECT tenant_id, kind, sum(opened)::int AS opened, sum(lifted)::int AS lifted FROM (
            SELECT h.tenant_id, h.kind, h.opened, h.lifted FROM (
                SELECT tenant_id, way, kind, count(*) FILTER (WHERE tighter) AS opened,
                    count(*) FILTER (WHERE NOT tighter) AS lifted
                FROM hit GROUP BY 1, 2, 3) h
            JOIN going g USING (tenant_id, way)
            UNION ALL
            SELECT tenant_id, kind, count(*) FILTER (WHERE breaks AND NOT broke),
                count(*) FILTER (WHERE broke AND NOT breaks)
            FROM otherwise WHERE broke <> breaks GROUP BY 1, 2) part
        GROUP BY 1, 2
    )
"""

#: OFFSET 0: each rule is tried once for a value, not once for each use of the answer.
_OTHERS = """
        (SELECT t.tenant_id, d.kind, d.provision_id, d.field, t.value, d.new_bound,
            d.was_there AND app.breaks(d.old_bound, t.value) AS broke,
            d.is_there AND app.breaks(d.new_bound, t.value) AS breaks
        FROM concerned d JOIN going g USING (tenant_id, way)
        CROSS JOIN LATERAL (
            SELECT t.tenant_id, t.local -> d.field AS value FROM {table} t
            WHERE t.tenant_id = d.tenant_id AND t.provision_id = d.provision_id
                AND t.claim = 'offered' AND t.pinned_revision_id IS NULL
                AND t.local ? d.field OFFSET 0) t
        WHERE d.kind = '{kind}'
        OFFSET 0)
"""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a center comes from and goes to: edition and amended edition."""

    center: int
    old: int | None
    old_merged: int | None
    new: int | None
    new_merged: int | None
    amendment: int | None = None


def columns(moves: Iterable[Move]) -> dict[str, list[int | None]]:
    """Return moves as the arrays that the statements take."""
    listed = list(moves)
    return {
        "centers": [move.center for move in listed],
        "old": [move.old for move in listed],
        "old_merged": [move.old_merged for move in listed],
        "new": [move.new for move in listed],
        "new_merged": [move.new_merged for move in listed],
    }


def changed(kinds: Iterable[str], rest: str) -> TextClause:
    """Return the SQL that finds the local values that a move puts in or out of conflict.

    It gives `touched` with tenant_id, kind, provision_id, field, value, new_bound, broke, breaks to
    the ending, and takes `kinds` beside the moves.
    """
    return text(_found(kinds) + _EACH + rest)


def counted(kinds: Iterable[str], rest: str) -> TextClause:
    """Return the SQL that counts them: `counted` with tenant_id, kind, opened, lifted."""
    return text(_found(kinds) + _SUMS + rest)


def _found(kinds: Iterable[str]) -> str:
    others = [_OTHERS.format(table=tables()[kind], kind=kind) for kind in kinds]
    return _CHANGED.format(others=" UNION ALL ".join(others))
