"""Find an item by its name in every center below: which of them offer it.

A name stands once in a revision, however many centers are on it.  So the revisions in force are
searched first, a few thousand rows; then come the centers that are on one of them and offer it.
Counting goes item by item, and only the items of the page are looked up center by center.
"""

from typing import Any

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import coverage
from jinzhu.standards.claims import STANDING
from jinzhu.standards.departments import department_names
from jinzhu.standards.models import Adoption, EditionEntry, MergedEntry, Revision
from jinzhu.standards.words import found, words

_OFFERED = text(f"""
    WITH place AS MATERIALIZED (
        SELECT c.id, c.code, c.name, c.level, c.parent_id, a.edition_id,
            coalesce(a.merged_id, 0) AS merged_id
        FROM center c CROSS JOIN LATERAL (
            SELECT edition_id, merged_id FROM adoption WHERE tenant_id = c.id OFFSET 0) a
        WHERE c.path @> ARRAY[CAST(:parent AS int)]
    ), standing AS MATERIALIZED (
        -- The revisions that were found, where they are in force: in an edition, or in what a
        -- city's amendment makes of it.
        SELECT w.edition_id, w.merged_id, e.provision_id, r.id AS revision_id, r.name_key, r.code
        FROM (SELECT DISTINCT edition_id, merged_id FROM place) w
        JOIN edition_entry e ON e.edition_id = w.edition_id
        LEFT JOIN merged_entry m ON m.merged_id = w.merged_id AND m.provision_id = e.provision_id
        JOIN revision r ON r.id = {STANDING}
        WHERE r.id = ANY (CAST(:revisions AS bigint[]))
    ), offered AS MATERIALIZED (
        -- Looked up by provision: left to itself, the planner thinks so few centers are below that
        -- it would read all their items.
        SELECT w.provision_id, t.tenant_id
        FROM (SELECT DISTINCT provision_id FROM standing) w
        CROSS JOIN LATERAL (
            SELECT tenant_id FROM item
            WHERE provision_id = w.provision_id AND claim = 'offered' OFFSET 0) t
    ), counted AS MATERIALIZED (
        -- So many centers offer each, and so many rows there are up to it.
        SELECT s.revision_id, s.name_key, s.code, n.centers,
            sum(n.centers) OVER (ORDER BY s.name_key, s.code, s.revision_id) AS upto
        FROM (SELECT DISTINCT revision_id, name_key, code FROM standing) s
        JOIN (
            SELECT s.revision_id, count(*) AS centers
            FROM offered o
            JOIN place p ON p.id = o.tenant_id
            JOIN standing s ON s.provision_id = o.provision_id
                AND s.edition_id = p.edition_id AND s.merged_id = p.merged_id
            GROUP BY s.revision_id
        ) n ON n.revision_id = s.revision_id
    ), shown AS MATERIALIZED (
        SELECT *, min(upto - centers) OVER () AS before FROM counted
        WHERE upto > :offset AND upto - centers < :offset + :size
    ), hit AS (
        SELECT h.revision_id, h.name_key, h.code AS item_code, s.provision_id, s.edition_id,
            p.id, p.code, p.name, p.level, p.parent_id
        FROM shown h
        JOIN standing s ON s.revision_id = h.revision_id
        JOIN offered o ON o.provision_id = s.provision_id
        JOIN place p ON p.id = o.tenant_id AND p.edition_id = s.edition_id
            AND p.merged_id = s.merged_id
        ORDER BY h.name_key, h.code, h.revision_id, p.code, p.level DESC
        LIMIT :size OFFSET :offset - coalesce((SELECT min(before) FROM shown), 0)
    )
    SELECT whole.total, h.id, h.code, h.name, h.level, city.id AS city_id, city.name AS city_name,
        h.provision_id, h.edition_id, h.item_code, r.name AS item_name, r.item_type,
        r.department_code
    FROM (SELECT coalesce(max(upto), 0)::int AS total FROM counted) whole
    LEFT JOIN hit h ON true
    LEFT JOIN revision r ON r.id = h.revision_id
    LEFT JOIN center city ON city.id = h.parent_id
    ORDER BY h.name_key, h.item_code, h.revision_id, h.code, h.level DESC
""")


def page(query: dict[str, Any]) -> Row:
    """Return a page of the items that centers below offer under a name.  Needs reach SUBTREE.

    Without a word there is nothing to find, and nothing is counted.
    """
    parent = query["parent"] or current().tenant_id
    assert parent is not None
    top, size = coverage.below(parent), query["per_page"]
    asked = {"parent": top.id, "size": size, "offset": (query["page"] - 1) * size}
    revisions = _named(query["q"], top.id)
    rows = (
        db.session.execute(_OFFERED, {**asked, "revisions": revisions}).all() if revisions else []
    )
    return {
        "rows": [_shape(row) for row in rows if row.id is not None],
        "total": rows[0].total if rows else 0,
        "page": query["page"],
        "per_page": size,
    }


def _named(typed: str, parent: int) -> list[int]:
    """Return the revisions of items that a text finds, of those in force in a center's subtree.

    By editions in use, not by all that was ever published: that grows with every edition.
    """
    if not words(typed):
        return []
    below = select(Center.id).where(Center.path.contains([parent]))
    own = Adoption.tenant_id.in_(below)
    editions, merged = select(Adoption.edition_id).where(own), select(Adoption.merged_id).where(own)
    standing = select(EditionEntry.revision_id).where(EditionEntry.edition_id.in_(editions))
    amended = select(MergedEntry.revision_id).where(MergedEntry.merged_id.in_(merged))
    in_force = Revision.id.in_(standing.union(amended))
    named = select(Revision.id).where(Revision.kind == "item", in_force, found(typed))
    departments = current().departments
    if departments is not None:
        named = named.where(Revision.department_code.in_(departments))
    return list(db.session.scalars(named))


def _shape(row: Any) -> Row:
    names = department_names(row.edition_id)
    center = ("id", "code", "name", "level", "city_id", "city_name")
    return {
        "center": {name: getattr(row, name) for name in center},
        "provision_id": row.provision_id,
        "code": row.item_code,
        "name": row.item_name,
        "item_type": row.item_type,
        "department_name": names.get(row.department_code, ""),
    }
