"""The push: one pointer for each center, and nothing else.

No content is copied, and no local value is touched: one that the new edition does not allow is in
conflict from the moment the pointer moves, because what holds is computed.  So the work depends on
the number of centers; what takes time is to tell each of them how many of its values that concerns.

    what holds = edition's revision ‖ city's amendment (a `merged` edition) ‖ pins ‖ local values

Everything here runs with the reach PUSH: the database lets it move pointers below the owner of
the standard, or its own, and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from jinzhu.core.db import db
from jinzhu.standards.claims import STANDING, tables
from jinzhu.standards.models import Standard

#: The advisory-lock class that makes a push and the writers of local values take turns;
#: the trigger app.guard_local takes it, shared, for every write.
LOCKS = 7201

_TAKE_TURNS = text("""
    SELECT pg_advisory_xact_lock(:locks, id)
    FROM (SELECT unnest(CAST(:centers AS int[])) AS id ORDER BY 1) center
""")

#: Where each center stands: on which edition, with which edition of its city's amendment on top.
_STANDING = text("""
    SELECT c.id, a.edition_id, a.merged_id, m.edition_id AS amendment_id
    FROM unnest(CAST(:centers AS int[])) c (id)
    LEFT JOIN adoption a ON a.tenant_id = c.id AND a.standard_id = :standard
    LEFT JOIN (
        SELECT o.tenant_id, o.edition_id FROM adoption o
        JOIN standard s ON s.id = o.standard_id AND s.amends_id = :standard
        WHERE o.tenant_id = ANY (CAST(:centers AS int[]))) m ON m.tenant_id = c.id
    ORDER BY c.id
""")

_MERGE = text("""
    SELECT edition_id, amendment_id, merged_id
    FROM app.merge(CAST(:editions AS bigint[]), CAST(:amendments AS bigint[]))
""")

_MOVES = """
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
    WITH {_MOVES}, way AS (
        SELECT DISTINCT old_id, old_merged_id, new_id, new_merged_id FROM goal
        WHERE (old_id, old_merged_id) IS DISTINCT FROM (new_id, new_merged_id)
            AND old_id IS NOT NULL AND new_id IS NOT NULL
    ), entry AS MATERIALIZED (
        SELECT w.*, entry.provision_id,
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
        SELECT p.old_id, p.old_merged_id, p.new_id, p.new_merged_id, p.provision_id, p.kind,
            f.field, p.old_bounds IS NOT NULL AS was_there, p.old_bounds -> f.field AS old_bound,
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
    ), hit AS MATERIALIZED (
        -- Only what changes side: what lies between the two limits.
        SELECT mine.tenant_id, d.kind, d.provision_id, d.field, mine.number, d.new_bound,
            d.old_id, d.old_merged_id, d.new_id, d.new_merged_id,
            d.sign * l.new_limit < d.sign * l.old_limit AS tighter
        FROM difference d
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
    ), concerned AS MATERIALIZED (
        SELECT d.*, mine.tenant_id FROM difference d
        CROSS JOIN LATERAL (
            SELECT mine.tenant_id FROM local_field mine
            WHERE mine.provision_id = d.provision_id AND mine.field = d.field OFFSET 0) mine
        WHERE d.how = 'list'
        UNION ALL
        SELECT d.*, g.tenant_id FROM difference d
        JOIN goal g ON g.old_id = d.old_id AND g.new_id = d.new_id
        WHERE d.how = 'other'
    ), touched AS (
        SELECT h.tenant_id, h.kind, h.provision_id, h.field, to_jsonb(h.number) AS value,
            h.new_bound, NOT h.tighter AS broke, h.tighter AS breaks
        FROM hit h
        JOIN goal g ON g.tenant_id = h.tenant_id AND g.old_id = h.old_id AND g.new_id = h.new_id
            AND g.old_merged_id IS NOT DISTINCT FROM h.old_merged_id
            AND g.new_merged_id IS NOT DISTINCT FROM h.new_merged_id
        {{others}}
    )
"""

#: OFFSET 0: each rule is tried once for a value, not once for each use of the answer.
_OTHERS = """
        UNION ALL
        (SELECT t.tenant_id, d.kind, d.provision_id, d.field, t.value, d.new_bound,
            d.was_there AND app.breaks(d.old_bound, t.value) AS broke,
            d.is_there AND app.breaks(d.new_bound, t.value) AS breaks
        FROM concerned d
        JOIN goal g ON g.tenant_id = d.tenant_id AND g.old_id = d.old_id AND g.new_id = d.new_id
            AND g.old_merged_id IS NOT DISTINCT FROM d.old_merged_id
            AND g.new_merged_id IS NOT DISTINCT FROM d.new_merged_id
        CROSS JOIN LATERAL (
            SELECT t.tenant_id, t.local -> d.field AS value FROM {table} t
            WHERE t.tenant_id = d.tenant_id AND t.provision_id = d.provision_id
                AND t.claim = 'offered' AND t.pinned_revision_id IS NULL
                AND t.local ? d.field OFFSET 0) t
        WHERE d.kind = '{kind}'
        OFFSET 0)
"""

_COUNT = """
    , counted AS (
        SELECT tenant_id, kind, count(*) FILTER (WHERE breaks AND NOT broke) AS opened,
            count(*) FILTER (WHERE broke AND NOT breaks) AS lifted
        FROM touched WHERE broke <> breaks GROUP BY tenant_id, kind
    ), kept AS (
        INSERT INTO conflict_count AS c (tenant_id, standard_id, kind, open)
        SELECT tenant_id, :standard, kind, opened - lifted FROM counted
        ON CONFLICT (tenant_id, standard_id, kind) DO UPDATE SET open = c.open + excluded.open
    )
    SELECT tenant_id, sum(opened)::int AS opened FROM counted GROUP BY 1 HAVING sum(opened) > 0
"""

_MOVE = text(f"""
    WITH {_MOVES}
    INSERT INTO adoption (tenant_id, standard_id, edition_id, merged_id, rollout_id)
    SELECT tenant_id, :standard, new_id, new_merged_id, CAST(:rollout AS bigint) FROM goal
    WHERE new_id IS NOT NULL
    ON CONFLICT (tenant_id, standard_id) DO UPDATE
        SET edition_id = excluded.edition_id, merged_id = excluded.merged_id,
            rollout_id = excluded.rollout_id, since = now()
        WHERE (adoption.edition_id, adoption.merged_id)
            IS DISTINCT FROM (excluded.edition_id, excluded.merged_id)
    RETURNING tenant_id
""")

_MOVE_AMENDMENT = text("""
    INSERT INTO adoption (tenant_id, standard_id, edition_id, rollout_id)
    SELECT c.id, e.standard_id, e.id, CAST(:rollout AS bigint)
    FROM unnest(CAST(:centers AS int[]), CAST(:amendments AS bigint[])) c (id, edition_id)
    JOIN edition e ON e.id = c.edition_id
    ON CONFLICT (tenant_id, standard_id) DO UPDATE
        SET edition_id = excluded.edition_id, rollout_id = excluded.rollout_id, since = now()
        WHERE adoption.edition_id <> excluded.edition_id
    RETURNING tenant_id
""")

#: What holds for records of which something is postponed or exempt: all of the earlier revision
#: where the whole provision is, or the one in force with some fields as they were.
_REPIN = """
    WITH wanted AS (
        SELECT p.tenant_id, p.provision_id,
            max(p.revision_id) FILTER (WHERE p.ended_at IS NULL AND p.field = '') AS whole,
            jsonb_object_agg(p.field, coalesce(to_jsonb(p.revision_id), '"exempt"'))
                FILTER (WHERE p.ended_at IS NULL AND p.field <> '') AS fields
        FROM pin p
        WHERE p.kind = :kind AND p.standard_id = :standard
            AND p.tenant_id = ANY (CAST(:centers AS int[]))
            AND (p.ended_at IS NULL OR p.provision_id = ANY (CAST(:ended AS bigint[])))
        GROUP BY 1, 2
    )
    UPDATE {table} t SET pinned_revision_id = n.revision_id
    FROM (
        SELECT t.tenant_id, t.id, coalesce(w.whole, CASE WHEN w.fields IS NOT NULL THEN
            app.derived(coalesce(m.revision_id, e.revision_id), w.fields) END) AS revision_id
        FROM wanted w
        JOIN {table} t ON t.tenant_id = w.tenant_id AND t.provision_id = w.provision_id
        JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
        LEFT JOIN edition_entry e ON e.edition_id = a.edition_id
            AND e.provision_id = t.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = t.provision_id
    ) n
    WHERE n.tenant_id = t.tenant_id AND n.id = t.id
        AND t.pinned_revision_id IS DISTINCT FROM n.revision_id
"""

#: What was put off and is said again just so, or no longer said at all, needs no putting off.
_OVERTAKEN = text(f"""
    UPDATE pin SET ended_at = now(), overtaken_by = CAST(:rollout AS bigint) FROM (
        SELECT p.tenant_id, p.id FROM pin p
        JOIN adoption a ON a.tenant_id = p.tenant_id AND a.standard_id = p.standard_id
        LEFT JOIN edition_entry e ON e.edition_id = a.edition_id
            AND e.provision_id = p.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = p.provision_id
        LEFT JOIN revision now ON now.id = {STANDING}
        LEFT JOIN revision kept ON kept.id = p.revision_id
        WHERE p.ended_at IS NULL AND p.reason = 'postponed' AND p.standard_id = :standard
            AND p.tenant_id = ANY (CAST(:centers AS int[]))
            AND (now.id IS NULL OR CASE p.field
                WHEN '' THEN (now.content, now.rules) = (kept.content, kept.rules)
                ELSE (now.content -> p.field, now.rules -> p.field)
                    IS NOT DISTINCT FROM (kept.content -> p.field, kept.rules -> p.field) END)
    ) gone WHERE pin.tenant_id = gone.tenant_id AND pin.id = gone.id
    RETURNING pin.provision_id
""")

#: Who is let off by its city follows the province's own word all the same, whatever that is now.
_FOLLOWING = text("""
    UPDATE pin SET revision_id = e.revision_id
    FROM adoption a JOIN edition_entry e ON e.edition_id = a.edition_id
    WHERE a.tenant_id = pin.tenant_id AND a.standard_id = pin.standard_id
        AND e.provision_id = pin.provision_id AND pin.ended_at IS NULL AND pin.reason = 'exempt'
        AND pin.field <> '' AND pin.revision_id <> e.revision_id
        AND pin.standard_id = :standard AND pin.tenant_id = ANY (CAST(:centers AS int[]))
""")


_ANY_PIN = text("""
    SELECT EXISTS (SELECT FROM pin WHERE standard_id = :standard AND ended_at IS NULL
        AND tenant_id = ANY (CAST(:centers AS int[])))
""")


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
    others = [_OTHERS.format(table=tables()[kind], kind=kind) for kind in kinds]
    return text(_CHANGED.format(others="".join(others)) + rest)


def base_of(standard_id: int) -> int:
    """Return the standard itself, or the one that it amends."""
    standard = db.session.get_one(Standard, standard_id)
    return standard.amends_id or standard.id


def moves(
    *,
    standard_id: int,
    edition_id: int,
    centers: Sequence[int],
    successors: Mapping[int, int] | None = None,
) -> list[Move]:
    """Return the way of each center to an edition of a standard, or of an amendment of one.

    `successors` names for editions of amendments the one that takes their place in the same move.
    """
    base = base_of(standard_id)
    standing = db.session.execute(_STANDING, {"standard": base, "centers": list(centers)}).all()
    goals = []
    for row in standing:
        upper, lower = row.edition_id, row.amendment_id
        if base == standard_id:
            upper, lower = edition_id, (successors or {}).get(lower, lower)
        else:
            lower = edition_id
        goals.append((row, upper, lower))
    merged = merged_of({(upper, lower) for _, upper, lower in goals if upper and lower})
    return [
        Move(row.id, row.edition_id, row.merged_id, upper, merged.get((upper, lower)), lower)
        for row, upper, lower in goals
    ]


def merged_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the merged edition of each pair of an edition and an amendment."""
    listed = sorted(pairs)
    if not listed:
        return {}
    values = {"editions": [pair[0] for pair in listed], "amendments": [pair[1] for pair in listed]}
    found = db.session.execute(_MERGE, values)
    return {(row.edition_id, row.amendment_id): row.merged_id for row in found}


def take_turns(centers: Sequence[int]) -> None:
    """Wait for those who write local values of these centers, and keep others waiting."""
    db.session.execute(_TAKE_TURNS, {"locks": LOCKS, "centers": list(centers)})


def adopt(
    *,
    standard_id: int,
    edition_id: int,
    centers: Sequence[int],
    rollout_id: int | None,
    successors: Mapping[int, int] | None = None,
) -> tuple[dict[int, int], set[int]]:
    """Put centers on an edition, in the present transaction.

    Returns the number of new conflicts by center, and the centers that were not on the edition
    before.  Running it twice changes nothing.
    """
    take_turns(centers)
    wanted = moves(
        standard_id=standard_id, edition_id=edition_id, centers=centers, successors=successors
    )
    base = base_of(standard_id)
    values: dict[str, Any] = {**columns(wanted), "standard": base, "rollout": rollout_id}
    conflicts = _count(values)
    moved = set(db.session.scalars(_MOVE, values))
    moved |= _move_amendments(wanted, rollout_id)
    if db.session.scalar(_ANY_PIN, values):
        repin(base, list(centers), ended=_overtaken(values))
    return conflicts, moved


def _overtaken(values: dict[str, Any]) -> list[int]:
    """Let pins go along with what is in force now; return the provisions of those that ended."""
    ended = list(db.session.scalars(_OVERTAKEN, values))
    db.session.execute(_FOLLOWING, values)
    return ended


def _count(values: dict[str, Any]) -> dict[int, int]:
    """Count by center the local values that become conflicts, and keep the sums."""
    kinds = list(tables())
    found = db.session.execute(changed(kinds, _COUNT), {**values, "kinds": kinds})
    return {row.tenant_id: row.opened for row in found}


def _move_amendments(wanted: list[Move], rollout_id: int | None) -> set[int]:
    """Point the centers that have an amendment to its edition; return those that were not there."""
    amended = [move for move in wanted if move.amendment]
    if not amended:
        return set()
    values = {
        "centers": [move.center for move in amended],
        "amendments": [move.amendment for move in amended],
        "rollout": rollout_id,
    }
    return set(db.session.scalars(_MOVE_AMENDMENT, values))


def repin(standard_id: int, centers: Sequence[int], *, ended: Sequence[int] = ()) -> None:
    """Bring the records of which something is postponed or exempt up to the edition in force.

    `ended` names the provisions whose pins have just ended.
    """
    values = {"standard": standard_id, "centers": list(centers), "ended": list(ended)}
    for kind, table in tables().items():
        db.session.execute(text(_REPIN.format(table=table)), {**values, "kind": kind})
