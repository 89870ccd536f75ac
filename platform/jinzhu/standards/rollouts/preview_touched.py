"""What else a roll-out touches: published records, exemptions in force, cities' amendments.

Found from the moves of the push itself, so that it is what the push would do.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.standards import push
from jinzhu.standards.claims import tables
from jinzhu.standards.editions.amendment_fitting import fitting
from jinzhu.standards.kinds import KINDS

#: The provisions that each way from one edition to another changes.
WAYS = """
    WITH goal AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:centers AS int[]), CAST(:old AS bigint[]),
            CAST(:old_merged AS bigint[]), CAST(:new AS bigint[]), CAST(:new_merged AS bigint[]))
            AS g (tenant_id, old_id, old_merged_id, new_id, new_merged_id)
    ), way AS (
        SELECT old_id, old_merged_id, new_id, new_merged_id, array_agg(tenant_id) AS centers
        FROM goal WHERE (old_id, old_merged_id) IS DISTINCT FROM (new_id, new_merged_id)
        GROUP BY 1, 2, 3, 4
    ), touched AS MATERIALIZED (
        SELECT w.*, e.provision_id, e.now_id, e.was_id
        FROM way w
        CROSS JOIN LATERAL (
            SELECT provision_id, n.revision_id AS now_id, o.revision_id AS was_id
            FROM (SELECT x.provision_id, coalesce(m.revision_id, x.revision_id) AS revision_id
                FROM edition_entry x LEFT JOIN merged_entry m ON m.merged_id = w.new_merged_id
                    AND m.provision_id = x.provision_id
                WHERE x.edition_id = w.new_id) n
            FULL JOIN (SELECT x.provision_id, coalesce(m.revision_id, x.revision_id) AS revision_id
                FROM edition_entry x LEFT JOIN merged_entry m ON m.merged_id = w.old_merged_id
                    AND m.provision_id = x.provision_id
                WHERE x.edition_id = w.old_id) o USING (provision_id)
        ) e
        WHERE e.now_id IS DISTINCT FROM e.was_id
    ), hit AS NOT MATERIALIZED (
        SELECT g.tenant_id, t.provision_id, t.now_id, t.was_id
        FROM goal g JOIN touched t ON t.new_id = g.new_id
            AND t.old_id IS NOT DISTINCT FROM g.old_id
            AND t.old_merged_id IS NOT DISTINCT FROM g.old_merged_id
            AND t.new_merged_id IS NOT DISTINCT FROM g.new_merged_id
    )
"""
#: A provision's records stand side by side: looked up once for all centers that go the same way.
_RECORDS = """
    (SELECT coalesce(sum(offering.records), 0)::int FROM touched t CROSS JOIN LATERAL (
        SELECT count(*) AS records FROM {table} x
        WHERE x.provision_id = t.provision_id AND x.tenant_id = ANY (t.centers)
            AND x.claim = 'offered') offering)
"""
_EXEMPTIONS = text(
    WAYS
    + """
    SELECT count(*) OVER () AS total, x.tenant_id, center.name AS center_name, x.kind, x.field,
        x.expires_on, p.code, coalesce(r.name, p.code) AS name
    FROM hit
    JOIN exemption x ON x.tenant_id = hit.tenant_id AND x.provision_id = hit.provision_id
        AND x.state = 'granted'
    JOIN provision p ON p.id = x.provision_id
    JOIN center ON center.id = x.tenant_id
    LEFT JOIN revision r ON r.id = hit.now_id
    ORDER BY center.code, p.code, x.field LIMIT :most
"""
)

#: The cities' amendments that the centers stand on, and of each the fields that break the edition
#: and that the city has not answered ahead, nor by an edition that fits.
_CITIES = text(f"""
    WITH standing AS (
        SELECT m.edition_id, s.owner_id, count(*) AS centers
        FROM adoption m
        JOIN standard s ON s.id = m.standard_id AND s.amends_id = :standard
        JOIN adoption a ON a.tenant_id = m.tenant_id AND a.standard_id = :standard
            AND a.edition_id <> :edition
        WHERE m.tenant_id = ANY (CAST(:centers AS int[]))
        GROUP BY 1, 2
    ), broken AS (
        SELECT s.edition_id, s.owner_id, s.centers, count(wrong.field) AS fields
        FROM (SELECT * FROM standing o WHERE NOT EXISTS ({fitting("o.edition_id")})) s
        JOIN edition_entry l ON l.edition_id = s.edition_id
        JOIN revision lower ON lower.id = l.revision_id
        JOIN edition_entry u ON u.edition_id = :edition AND u.provision_id = l.provision_id
        JOIN revision upper ON upper.id = u.revision_id
        CROSS JOIN LATERAL unnest(app.broken(upper.bounds, lower.content)) wrong (field)
        WHERE NOT EXISTS (SELECT FROM amendment_conflict k WHERE k.tenant_id = s.owner_id
            AND k.edition_id = :edition AND k.rollout_id IS NULL AND k.resolution IS NOT NULL
            AND k.provision_id = l.provision_id AND k.field = wrong.field)
        GROUP BY 1, 2, 3
    )
    SELECT c.id, c.name, sum(b.centers) AS centers, sum(b.fields) AS fields
    FROM broken b JOIN center c ON c.id = b.owner_id
    GROUP BY c.id, c.name, c.code ORDER BY c.code
""")


#: What a record type keeps on provisions, by name: what of it stands on those in `hit`.
BESIDES: dict[str, str] = {}
#: A field that says something else, by provision; who amends has many revisions of one.
_FIELDS = """
    SELECT DISTINCT t.provision_id, said.key FROM touched t
    JOIN revision was ON was.id = t.was_id
    JOIN revision now ON now.id = t.now_id
    CROSS JOIN LATERAL (
        SELECT key FROM jsonb_each(now.content) n
        WHERE was.content -> n.key IS DISTINCT FROM n.value
        UNION ALL
        SELECT key FROM jsonb_object_keys(was.content) key WHERE NOT now.content ? key) said
"""


def counts(moves: Sequence[push.Move]) -> Row:
    """Return how many fields change, how many records that centers offer, and what else is touched.

    In one statement, so that what changes is found once.
    """
    parts = {"fields_changed": _FIELDS, **BESIDES}
    counted = [f"(SELECT count(*) FROM ({sql}) x) AS {name}" for name, sql in parts.items()]
    shown = " + ".join(_RECORDS.format(table=table) for table in tables().values())
    sql = f"{WAYS} SELECT {shown} AS records_touched, {', '.join(counted)}"
    return dict(db.session.execute(text(sql), push.columns(moves)).one()._mapping)


def exemptions(moves: Sequence[push.Move], *, most: int) -> tuple[list[Row], int]:
    """Return the first exemptions in force for what changes, and how many there are."""
    rows = db.session.execute(_EXEMPTIONS, {**push.columns(moves), "most": most}).all()
    return [_exemption(row) for row in rows], rows[0].total if rows else 0


def _exemption(row: Any) -> Row:
    return {
        "center": {"id": row.tenant_id, "name": row.center_name},
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "field": row.field,
        "label": KINDS[row.kind].label(row.field) if row.field else "",
        "expires_on": row.expires_on,
    }


def cities(standard_id: int, edition_id: int, centers: Sequence[int]) -> list[Row]:
    """Return the cities that would have to answer first, with their centers and fields."""
    values = {"standard": standard_id, "edition": edition_id, "centers": list(centers)}
    return [
        {
            "city": {"id": row.id, "name": row.name},
            "centers": int(row.centers),
            "fields": int(row.fields),
        }
        for row in db.session.execute(_CITIES, values)
    ]
