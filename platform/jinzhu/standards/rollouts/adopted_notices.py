"""What a center is told when an edition came to it at once: what changed, and what is new to do.

Counted for all centers in one statement: what changed once for each edition that they come from,
new duties once for each level, and center by center only where a provision asks for the place, a
label, or whether another standard governs.  The page that it leads to counts fields: here that
would read every changed provision while the push holds its locks.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.standards import notices, push
from jinzhu.standards.claims import tables
from jinzhu.standards.models import Rollout

_COUNTED = text("""
    WITH place AS MATERIALIZED (
        SELECT c.id, c.level, c.path, coalesce(g.old_id, 0) AS old_id
        FROM unnest(CAST(:centers AS int[]), CAST(:old AS bigint[])) AS g (id, old_id)
        JOIN center c ON c.id = g.id
    ), pair AS MATERIALIZED (
        SELECT w.old_id, p.was_id, p.now_id
        FROM (SELECT DISTINCT old_id FROM place) w
        CROSS JOIN LATERAL (
            SELECT o.revision_id AS was_id, n.revision_id AS now_id
            FROM (SELECT * FROM edition_entry WHERE edition_id = :edition) n
            FULL JOIN (SELECT * FROM edition_entry WHERE edition_id = w.old_id) o
                ON o.provision_id = n.provision_id
            WHERE n.revision_id IS DISTINCT FROM o.revision_id) p
    ), changed AS (
        SELECT p.old_id, count(*) AS provisions FROM pair p
        WHERE p.was_id IS NOT NULL OR :amends
        GROUP BY 1
    ), added AS MATERIALIZED (
        SELECT p.old_id, r.provision_id, r.levels, r.regions, r.labels,
            r.regions = '{}' AND r.labels = '{}' AND NOT EXISTS (
                SELECT FROM collision x WHERE x.yielding_id = r.provision_id) AS plain
        FROM pair p JOIN revision r ON r.id = p.now_id
        WHERE p.was_id IS NULL AND NOT :amends AND r.kind = ANY (CAST(:kinds AS text[]))
    ), meant AS (
        SELECT w.old_id, w.level, count(*) AS duties
        FROM (SELECT DISTINCT old_id, level FROM place) w
        JOIN added a ON a.old_id = w.old_id AND a.plain AND w.level = ANY (a.levels)
        GROUP BY 1, 2
    )
    SELECT place.id, coalesce(changed.provisions, 0) AS provisions,
        coalesce(meant.duties, 0) + (
            SELECT count(*) FROM added a
            WHERE a.old_id = place.old_id AND NOT a.plain AND place.level = ANY (a.levels)
                AND (a.regions = '{}' OR a.regions && place.path)
                AND (a.labels = '{}' OR EXISTS (SELECT FROM center_label l
                    WHERE l.center_id = place.id AND l.label = ANY (a.labels)
                        AND l.owner_id IN (SELECT unnest(c.path) FROM edition x
                            JOIN center c ON c.id = x.owner_id WHERE x.id = :edition)))
                AND app.governing(a.provision_id, place.id) IS NULL) AS duties
    FROM place
    LEFT JOIN changed ON changed.old_id = place.old_id
    LEFT JOIN meant ON (meant.old_id, meant.level) = (place.old_id, place.level)
    ORDER BY place.id
""")


def tell_adopted(
    rollout: Rollout, came_from: Mapping[int, int | None], named: Mapping[str, Any]
) -> None:
    """Tell centers that they stand on an edition now; of each the edition that it comes from.

    Needs the reach PUSH.
    """
    if not came_from:
        return
    values = {
        "centers": list(came_from),
        "old": list(came_from.values()),
        "edition": rollout.edition_id,
        "amends": push.base_of(rollout.standard_id) != rollout.standard_id,
        "kinds": list(tables()),
    }
    told = [
        {
            "center": row.id,
            "values": {**named, "provisions": row.provisions, "duties": row.duties},
            "to": f"/updates/{rollout.id}",
            "department": "",
        }
        for row in db.session.execute(_COUNTED, values)
    ]
    notices.tell_all("update_adopted", told, needs="update.answer")
