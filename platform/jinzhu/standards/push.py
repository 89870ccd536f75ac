"""The push: one pointer for each center, and the local values that the edition no longer allows.

No content is copied.  The work depends on the number of centers and of local values on fields that
changed, not on the size of the standard.  Everything here runs with the reach PUSH: the database
lets it move pointers and open conflicts below the owner of the standard, and nothing else.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, text

from jinzhu.core.db import db
from jinzhu.standards.claims import tables

#: The advisory-lock class that makes a push and the writers of local values take turns;
#: the trigger app.guard_local takes it, shared, for every write.
LOCKS = 7201

_TAKE_TURNS = text("""
    SELECT pg_advisory_xact_lock(:locks, id)
    FROM (SELECT unnest(CAST(:centers AS int[])) AS id ORDER BY 1) center
""")

_COMPARE = """
    WITH before AS (
        SELECT DISTINCT edition_id FROM adoption
        WHERE tenant_id = ANY (CAST(:centers AS int[])) AND standard_id = :standard
            AND edition_id <> :edition
    ), contested AS MATERIALIZED (
        SELECT DISTINCT provision_id, field FROM conflict
        WHERE tenant_id = ANY (CAST(:centers AS int[])) AND state = 'open'
    ), pair AS (
        -- Each changed provision in the new edition and in the one a center comes from.
        -- `|| '{{}}'` unpacks what is stored once, instead of once for each field.
        SELECT b.edition_id AS before_id, n.provision_id, r.content || '{{}}' AS content,
            r.rules || '{{}}' AS rules, w.content || '{{}}' AS old_content,
            w.rules || '{{}}' AS old_rules
        FROM before b
        JOIN edition_entry n ON n.edition_id = :edition
        JOIN revision r ON r.id = n.revision_id AND r.kind = :kind
        LEFT JOIN edition_entry o ON o.edition_id = b.edition_id AND o.provision_id = n.provision_id
        LEFT JOIN revision w ON w.id = o.revision_id
        WHERE o.revision_id IS DISTINCT FROM n.revision_id OFFSET 0
    ), difference AS MATERIALIZED (
        -- Fields whose rule or value the edition changes, for each edition a center comes from.
        -- Where a field was fixed and stays so, nobody can have a value but one held back so far.
        SELECT p.before_id, p.provision_id, f.field, p.rules -> f.field ->> 'rule' AS rule,
            p.content -> f.field AS bound
        FROM pair p CROSS JOIN LATERAL jsonb_object_keys(p.rules) f (field)
        WHERE (p.rules -> f.field IS DISTINCT FROM p.old_rules -> f.field
               OR p.content -> f.field IS DISTINCT FROM p.old_content -> f.field)
            AND (p.rules -> f.field ->> 'rule' IS DISTINCT FROM 'fixed'
                 OR p.old_rules -> f.field ->> 'rule' IS DISTINCT FROM 'fixed'
                 OR (p.provision_id, f.field) IN (SELECT provision_id, field FROM contested))
    ), affected AS MATERIALIZED (
        -- Local values that the edition forbids, and those held back so far that it allows.
        SELECT t.tenant_id, t.id, t.provision_id, d.field, d.rule, d.bound, v.value, b.breaks
        FROM difference d
        JOIN adoption a ON a.standard_id = :standard AND a.edition_id = d.before_id
            AND a.tenant_id = ANY (CAST(:centers AS int[]))
        JOIN {table} t ON t.tenant_id = a.tenant_id AND t.provision_id = d.provision_id
        CROSS JOIN LATERAL (SELECT t.local -> d.field AS value) v
        CROSS JOIN LATERAL (SELECT app.breaks(d.rule, d.bound, v.value) AS breaks) b
        WHERE v.value IS NOT NULL AND (b.breaks OR d.field = ANY (t.held))
    ), opened AS (
        INSERT INTO conflict (tenant_id, provision_id, kind, field, rule, local_value, bound,
            edition_id)
        SELECT tenant_id, provision_id, :kind, field, coalesce(rule, 'fixed'), value,
            coalesce(bound, 'null'), :edition
        FROM affected WHERE breaks
        ON CONFLICT (tenant_id, provision_id, field) WHERE state = 'open' DO UPDATE
            SET rule = excluded.rule, bound = excluded.bound, local_value = excluded.local_value,
                edition_id = excluded.edition_id
        RETURNING tenant_id
    ), lifted AS (
        -- Looked up by key and changed by place: a join with conflicts goes over every pair where
        -- the planner does not know yet how many are open.
        UPDATE conflict SET state = 'settled', resolution = 'lifted', settled_at = now()
        WHERE ctid = ANY (ARRAY(
            SELECT o.ctid FROM affected f
            CROSS JOIN LATERAL (
                SELECT ctid FROM conflict o
                WHERE o.state = 'open' AND o.tenant_id = f.tenant_id
                    AND o.provision_id = f.provision_id AND o.field = f.field OFFSET 0) o
            WHERE NOT f.breaks))
    ), held AS (
        UPDATE {table} t SET held = array(
            SELECT DISTINCT name FROM unnest(t.held || g.broken) name
            WHERE name <> ALL (g.allowed) ORDER BY name)
        FROM (
            SELECT tenant_id, id,
                coalesce(array_agg(field) FILTER (WHERE breaks), '{{}}') AS broken,
                coalesce(array_agg(field) FILTER (WHERE NOT breaks), '{{}}') AS allowed
            FROM affected GROUP BY tenant_id, id
        ) g
        WHERE t.tenant_id = g.tenant_id AND t.id = g.id
            AND (NOT g.broken <@ t.held OR g.allowed && t.held)
    )
    SELECT tenant_id, count(*) AS conflicts FROM opened GROUP BY tenant_id
"""

_FORGET_REMOVED = text("""
    WITH removed AS MATERIALIZED (
        SELECT o.edition_id, o.provision_id FROM edition_entry o
        WHERE o.edition_id IN (
                SELECT edition_id FROM adoption
                WHERE tenant_id = ANY (CAST(:centers AS int[])) AND standard_id = :standard)
            AND o.provision_id NOT IN (
                SELECT provision_id FROM edition_entry WHERE edition_id = :edition)
    )
    UPDATE conflict SET state = 'settled', resolution = 'lifted', settled_at = now()
    WHERE ctid = ANY (ARRAY(
        SELECT o.ctid FROM removed r
        JOIN adoption a ON a.edition_id = r.edition_id AND a.standard_id = :standard
            AND a.tenant_id = ANY (CAST(:centers AS int[]))
        CROSS JOIN LATERAL (
            SELECT ctid FROM conflict o
            WHERE o.state = 'open' AND o.tenant_id = a.tenant_id
                AND o.provision_id = r.provision_id OFFSET 0) o))
""")

_MOVE = text("""
    INSERT INTO adoption (tenant_id, standard_id, edition_id, rollout_id)
    SELECT id, :standard, :edition, CAST(:rollout AS bigint)
    FROM unnest(CAST(:centers AS int[])) center (id)
    ON CONFLICT (tenant_id, standard_id) DO UPDATE
        SET edition_id = excluded.edition_id, rollout_id = excluded.rollout_id, since = now()
        WHERE adoption.edition_id <> excluded.edition_id
    RETURNING tenant_id
""")


def _compare(table: str) -> TextClause:
    return text(_COMPARE.format(table=table))


def adopt(
    *, standard_id: int, edition_id: int, centers: Sequence[int], rollout_id: int | None
) -> tuple[dict[int, int], set[int]]:
    """Put centers on an edition, in the present transaction.

    Returns the number of new conflicts by center, and the centers that were not on the edition
    before.  Running it twice changes nothing.
    """
    values: dict[str, Any] = {
        "standard": standard_id,
        "edition": edition_id,
        "centers": list(centers),
        "rollout": rollout_id,
    }
    db.session.execute(_TAKE_TURNS, {"locks": LOCKS, "centers": list(centers)})
    conflicts: dict[int, int] = {}
    for kind, table in tables().items():
        for center, count in db.session.execute(_compare(table), {**values, "kind": kind}):
            conflicts[center] = conflicts.get(center, 0) + count
    db.session.execute(_FORGET_REMOVED, values)
    moved = set(db.session.scalars(_MOVE, values))
    return conflicts, moved
