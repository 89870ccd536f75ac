"""What a roll-out would do: where the push would move each center, found by the push itself."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from jinzhu.core.db import comparing_by_hash, db
from jinzhu.core.pages import Row
from jinzhu.standards import push
from jinzhu.standards.claims import tables
from jinzhu.standards.editions import editions, rehearsal
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.rollouts import preview_touched as touched
from jinzhu.standards.rollouts.amendment_conflicts import fitting_successors
from jinzhu.standards.rollouts.rollout_base import published
from jinzhu.standards.rollouts.rollout_centers import Chosen, Stage, chosen

MOST_LISTED = 200

_SCOPE = text("""
    WITH place AS (
        SELECT c.id, c.level, c.path, a.edition_id FROM center c
        LEFT JOIN adoption a ON a.tenant_id = c.id AND a.standard_id = :standard
        WHERE c.id = ANY (CAST(:centers AS int[]))
    ), comes_from AS (
        SELECT level, coalesce(edition_id, 0) AS before_id, count(*) AS centers,
            count(*) FILTER (WHERE edition_id = :edition) AS there
        FROM place GROUP BY 1, 2
    ), pair AS (
        SELECT f.before_id, f.level, f.centers, p.*
        FROM comes_from f
        CROSS JOIN LATERAL (
            SELECT n.provision_id AS new_provision, o.provision_id AS old_provision,
                n.revision_id AS new_id, o.revision_id AS old_id
            FROM (SELECT * FROM edition_entry WHERE edition_id = :edition) n
            FULL JOIN (SELECT * FROM edition_entry WHERE edition_id = f.before_id) o
                ON o.provision_id = n.provision_id
            WHERE n.revision_id IS DISTINCT FROM o.revision_id) p
        WHERE f.before_id <> :edition
    )
    SELECT (SELECT coalesce(sum(centers), 0) FROM comes_from) AS centers,
        (SELECT coalesce(sum(there), 0) FROM comes_from) AS already_there,
        (SELECT coalesce(sum(f.centers), 0) FROM comes_from f
            JOIN edition o ON o.id = f.before_id JOIN edition n ON n.id = :edition
            WHERE o.number > n.number) AS going_back,
        count(DISTINCT new_provision) FILTER (WHERE old_provision IS NULL) AS added,
        count(DISTINCT new_provision) FILTER (
            WHERE old_id <> new_id) AS changed,
        count(DISTINCT old_provision) FILTER (WHERE new_provision IS NULL) AS removed,
        coalesce(sum(CASE WHEN r.id IS NULL THEN 0
            WHEN r.regions = '{}' AND r.labels = '{}' THEN p.centers ELSE (
            SELECT count(*) FROM place
            WHERE coalesce(place.edition_id, 0) = p.before_id AND place.level = p.level
                AND (r.regions = '{}' OR r.regions && place.path)
                AND (r.labels = '{}' OR EXISTS (SELECT FROM center_label l
                    WHERE l.center_id = place.id AND l.label = ANY (r.labels)
                        AND l.owner_id IN (SELECT unnest(c.path) FROM edition x
                            JOIN center c ON c.id = x.owner_id WHERE x.id = :edition)))) END), 0)
            AS new_duties
    FROM pair p
    LEFT JOIN LATERAL (
        SELECT r.id, r.regions, r.labels FROM revision r
        WHERE r.id = p.new_id AND p.old_provision IS NULL AND p.level = ANY (r.levels)
        OFFSET 0) r ON true
""")

#: The local values that come into conflict, as the push finds them: counted and put in order by
#: what is short, and only those shown are looked up in the edition.
_BREAKS = """
    , breaking AS MATERIALIZED (
        SELECT tenant_id, kind, provision_id, field, value, new_bound FROM touched
        WHERE breaks AND NOT broke
    ), shown AS MATERIALIZED (
        SELECT t.*, center.code AS center_code, center.name AS center_name, p.code
        FROM breaking t
        JOIN center ON center.id = t.tenant_id
        JOIN provision p ON p.id = t.provision_id
        ORDER BY center.code, p.code, t.field LIMIT :most
    )
    SELECT (SELECT count(*) FROM breaking) AS total, t.tenant_id, t.center_name, t.kind, t.field,
        t.value, t.new_bound, t.code, r.name, r.content -> t.field AS bound
    FROM shown t
    CROSS JOIN LATERAL (
        SELECT revision_id FROM edition_entry
        WHERE edition_id = :edition AND provision_id = t.provision_id OFFSET 0) e
    CROSS JOIN LATERAL (
        SELECT name, content FROM revision WHERE id = e.revision_id OFFSET 0) r
    ORDER BY t.center_code, t.code, t.field
"""


def preview(
    edition_id: int, *, centers: Chosen | None = None, stages: Sequence[Stage] | None = None
) -> Row:
    """Return what pushing an edition to these centers would change.  Needs the reach PUSH."""
    edition = published(edition_id)
    _, places = chosen(centers, stages)
    wanted = sorted(places)
    moves = push.moves(
        standard_id=edition.standard_id,
        edition_id=edition.id,
        centers=wanted,
        successors=fitting_successors(edition.standard_id, edition.id, wanted),
    )
    conflicts, total = _conflicts(edition.id, moves)
    exemptions, exempt = touched.exemptions(moves, most=MOST_LISTED)
    values = {"standard": edition.standard_id, "edition": edition.id, "centers": wanted}
    return {
        **_scope(values),
        **touched.counts(moves),
        "conflicts_total": total,
        "conflicts": conflicts,
        "exemptions_total": exempt,
        "exemptions": exemptions,
        "cities": touched.cities(edition.standard_id, edition.id, wanted),
        "stages": [
            {"place": place, "centers": count}
            for place, count in sorted(Counter(places.values()).items())
        ],
    }


def _scope(values: dict[str, Any]) -> Row:
    """Return how many centers and provisions change, and how many duties are new."""
    scope = db.session.execute(_SCOPE, values).one()
    found = {
        "centers": int(scope.centers),
        "already_there": int(scope.already_there),
        "going_back": int(scope.going_back),
        "provisions_added": scope.added,
        "provisions_changed": scope.changed,
        "provisions_removed": scope.removed,
        "new_duties": int(scope.new_duties),
    }
    if push.base_of(values["standard"]) == values["standard"]:
        return found
    # An amendment only changes provisions that are there already.
    amended = scope.added + scope.changed + scope.removed
    nothing = dict.fromkeys(("provisions_added", "provisions_removed", "new_duties"), 0)
    return {**found, **nothing, "provisions_changed": amended}


def _conflicts(edition_id: int, moves: Sequence[push.Move]) -> tuple[list[Row], int]:
    """Return the first local values that come into conflict, and how many there are."""
    kinds = list(tables())
    values = {**push.columns(moves), "kinds": kinds, "edition": edition_id, "most": MOST_LISTED}
    with comparing_by_hash():
        found = db.session.execute(push.changed(kinds, _BREAKS), values).all()
    return [_conflict(row) for row in found], found[0].total if found else 0


def _conflict(row: Any) -> Row:
    return {
        "center": {"id": row.tenant_id, "name": row.center_name},
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "field": row.field,
        "label": KINDS[row.kind].label(row.field),
        "local_value": row.value,
        "bound": row.bound,
        "rule": (row.new_bound or {}).get("rule", "fixed"),
    }


def preview_of(edition_id: int, **chosen: Any) -> Row:
    """Return what pushing an edition would change, also before it is published.

    Needs the reach PUSH.

    Raises:
        Invalid: naming what keeps one in work from being published.
    """
    if editions.find(edition_id).number is not None:
        return preview(edition_id, **chosen)
    with rehearsal.published(editions.find_in_work(edition_id)):
        return preview(edition_id, **chosen)
