"""What the centers below did with an edition: seen by whoever rolled it out."""

from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.standards import push
from jinzhu.standards.rollouts import rollout_base

_PROGRESS = text("""
    SELECT c.id, c.name, CASE WHEN d.state = 'announced' AND d.announced_at IS NULL
            THEN 'planned' ELSE d.state END AS state,
        coalesce(u.take, 0) AS take, coalesce(u.keep, 0) AS keep,
        coalesce(u.later, 0) AS later, coalesce(n.open, 0) AS conflicts,
        coalesce(p.postponed, 0) AS postponed, coalesce(p.exempt, 0) AS exempt
    FROM delivery d
    JOIN center c ON c.id = d.center_id
    LEFT JOIN (
        SELECT tenant_id, count(*) FILTER (WHERE answer = 'take') AS take,
            count(*) FILTER (WHERE answer = 'keep') AS keep,
            count(*) FILTER (WHERE answer = 'later') AS later
        FROM update_answer WHERE rollout_id = :rollout GROUP BY 1) u ON u.tenant_id = c.id
    LEFT JOIN (
        SELECT tenant_id, sum(open)::int AS open FROM conflict_count
        WHERE standard_id = :standard GROUP BY 1) n ON n.tenant_id = c.id
    LEFT JOIN (
        SELECT tenant_id, count(*) FILTER (WHERE reason = 'postponed') AS postponed,
            count(*) FILTER (WHERE reason = 'exempt') AS exempt
        FROM pin WHERE standard_id = :standard AND ended_at IS NULL GROUP BY 1) p
        ON p.tenant_id = c.id
    WHERE d.rollout_id = :rollout
    ORDER BY c.code
""")


def progress(rollout_id: int) -> Row:
    """Return for each center of a roll-out what it answered, and what is open there.

    Answers are those to this roll-out; conflicts, postponements and exemptions are what stands
    there now of the standard.  Needs the reach SUBTREE.
    """
    rollout = rollout_base.find(rollout_id)
    standard = push.base_of(rollout.standard_id)
    found = db.session.execute(_PROGRESS, {"rollout": rollout_id, "standard": standard})
    return {"rows": [_shape(dict(row._mapping)) for row in found]}


def _shape(row: Row) -> Row:
    return {"center": {"id": row.pop("id"), "name": row.pop("name")}, **row}
