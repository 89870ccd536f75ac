"""From which provisions the centers below depart most 同事不同标.

A center departs where in a field that can be compared it does otherwise than the newest edition in
force says; the page of one provision counts the same.  Centers that say the same are looked at
once, and only the provisions of the page are told field by field.
"""

from collections import Counter
from typing import Any

from sqlalchemy import func, select, text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import invalid
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import coverage, words
from jinzhu.standards.across.across import COMPARED
from jinzhu.standards.across.across_spread import MEASURED
from jinzhu.standards.claims import departments_of_post, filtered, tables
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds import KINDS, Field, Kind, Type, describe_field
from jinzhu.standards.models import (
    Adoption,
    Edition,
    EditionEntry,
    Nature,
    Revision,
    Standard,
)

ORDERS = ("differing", "share", "variants", "offered", "name", "code")
USUAL = "-differing,name"
#: What is counted of a provision, as the SQL below orders by it.
_SHARE = "differing::numeric / nullif(offered, 0)"

#: A center differs where what holds there is not what the newest standard says: because it says so
#: itself, because its city amended it, or because it is still on an older edition.  What all say
#: alike under one revision is looked at once; who adds nothing to the newest one cannot differ.
_COUNTED = """
    WITH place AS MATERIALIZED (
        SELECT a.tenant_id, a.standard_id, a.edition_id, a.merged_id FROM center c
        JOIN adoption a ON a.tenant_id = c.id
        WHERE c.path @> ARRAY[CAST(:parent AS int)]
    ), listed AS MATERIALIZED (
        SELECT l.provision_id, l.newest_id, l.place
        FROM unnest(CAST(:provisions AS bigint[]), CAST(:newest AS bigint[]))
            WITH ORDINALITY AS l (provision_id, newest_id, place)
    ), compared AS MATERIALIZED (
        SELECT l.provision_id, l.newest_id, ARRAY(
            SELECT f.key FROM jsonb_each(r.rules) f
            WHERE f.value ->> 'rule' NOT IN ('fixed', 'local') AND (
                f.key = ANY (CAST(:compared AS text[]))
                OR f.key = ANY (CAST(:texts AS text[])) AND f.value ->> 'rule' = 'default')
            ) AS names
        FROM listed l JOIN revision r ON r.id = l.newest_id
    ), apart AS MATERIALIZED (
        SELECT ARRAY(SELECT f FROM unnest(CAST(:fields AS text[])) f
            WHERE NOT EXISTS (SELECT FROM compared c WHERE f = ANY (c.names))) AS names
    ), held AS MATERIALIZED (
        SELECT t.provision_id, t.standard_id, p.edition_id, p.merged_id, t.pinned_revision_id,
            t.local - (SELECT names FROM apart) AS said, count(*) AS centers
        FROM place p
        JOIN {table} t ON t.tenant_id = p.tenant_id AND t.standard_id = p.standard_id
            AND t.claim = 'offered' AND t.provision_id = ANY (CAST(:provisions AS bigint[]))
        GROUP BY 1, 2, 3, 4, 5, 6
    ), alike AS MATERIALIZED (
        SELECT h.provision_id, h.said, sum(h.centers) AS centers,
            coalesce(h.pinned_revision_id, m.revision_id, e.revision_id) AS revision_id
        FROM held h
        JOIN edition_entry e ON e.edition_id = h.edition_id AND e.provision_id = h.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = h.merged_id AND m.provision_id = h.provision_id
        GROUP BY h.provision_id, h.said, 4
    ), norm AS MATERIALIZED (
        SELECT c.provision_id, c.newest_id, c.names, (
            SELECT coalesce(jsonb_object_agg(f.key, f.value), '{{}}')
            FROM jsonb_each(r.content) f WHERE f.key = ANY (c.names)) AS content
        FROM compared c JOIN revision r ON r.id = c.newest_id
    ), stated AS MATERIALIZED (
        SELECT n.provision_id, r.id AS revision_id, r.bounds, n.names, n.content AS norm,
            CASE r.id WHEN n.newest_id THEN n.content ELSE (
                SELECT coalesce(jsonb_object_agg(f.key, f.value), '{{}}')
                FROM jsonb_each(r.content) f WHERE f.key = ANY (n.names)) END AS content
        FROM norm n
        JOIN (SELECT DISTINCT provision_id, revision_id FROM alike) one USING (provision_id)
        JOIN revision r ON r.id = one.revision_id
    ), way AS MATERIALIZED (
        SELECT a.provision_id, a.centers, s.norm, s.names, CASE
            WHEN a.said = '{{}}' THEN s.content ELSE app.effective(s.content, s.bounds, (
                SELECT coalesce(jsonb_object_agg(mine.key, mine.value), '{{}}')
                FROM jsonb_each(a.said) mine WHERE mine.key = ANY (s.names))) END AS holds
        FROM alike a JOIN stated s USING (provision_id, revision_id)
    ), told AS MATERIALIZED (
        SELECT provision_id, centers, holds, norm, CASE WHEN holds = norm THEN '{{}}' ELSE ARRAY(
            SELECT f FROM unnest(names) f
            WHERE holds ? f AND (holds -> f) IS DISTINCT FROM (norm -> f)) END AS differs
        FROM way
    ), counted AS (
        SELECT provision_id, sum(centers) AS offered, count(DISTINCT holds) AS variants,
            coalesce(sum(centers) FILTER (WHERE differs <> '{{}}'), 0) AS differing
        FROM told GROUP BY 1
    ), shown AS (
        SELECT l.provision_id, l.place, coalesce(c.offered, 0)::int AS offered,
            coalesce(c.differing, 0)::int AS differing, coalesce(c.variants, 0)::int AS variants
        FROM listed l LEFT JOIN counted c USING (provision_id)
        ORDER BY {order}, l.place LIMIT :size OFFSET :skip
    )
    SELECT s.provision_id, s.offered, s.differing, s.variants, (
        SELECT coalesce(jsonb_agg(jsonb_build_object('centers', t.centers, 'differs', t.differs,
            'holds', (SELECT coalesce(jsonb_object_agg(f, t.holds -> f), '{{}}')
                FROM unnest(CAST(:measured AS text[])) f WHERE t.holds ? f),
            'norm', (SELECT coalesce(jsonb_object_agg(f, t.norm -> f), '{{}}')
                FROM unnest(CAST(:measured AS text[])) f WHERE t.norm ? f))), '[]')
        FROM told t WHERE t.provision_id = s.provision_id) AS ways
    FROM shown s ORDER BY {order}, s.place
"""


def page(query: dict[str, Any]) -> Row:
    """Return a page of provisions by how many centers depart from them.  Needs reach SUBTREE."""
    kind = KINDS[query["kind"]]
    top = coverage.below(query["parent"] or current().tenant_id or 0)
    size = query["per_page"]
    order, by_count = _order(query["sort"])
    listed = {row.provision_id: row for row in _listed(kind, query, top, order)}
    values = {
        "parent": top.id,
        "provisions": list(listed),
        "newest": [row.newest_id for row in listed.values()],
        "fields": [field.name for field in kind.fields],
        "compared": [field.name for field in kind.fields if field.type in COMPARED],
        "texts": [field.name for field in kind.fields if field.type is Type.TEXT],
        "measured": [field.name for field in kind.fields if field.type in MEASURED],
        "size": size,
        "skip": (query["page"] - 1) * size,
    }
    statement = text(_COUNTED.format(table=tables()[kind.name], order=by_count))
    found = db.session.execute(statement, values).all() if listed else []
    return {
        "rows": [_shape(kind, row, listed[row.provision_id]) for row in found],
        "total": len(listed),
        "page": query["page"],
        "per_page": size,
    }


def _order(sort: str) -> tuple[Any, str]:
    """Return the order of the provisions, and that of what is counted of them, which comes first.

    Of names and codes the database orders once; the rest keeps that order.
    """
    name = (sort or USUAL).split(",")[0]
    if name.removeprefix("-") not in ORDERS:
        raise invalid("sort", "rule.sort", value=name, allowed=", ".join(ORDERS))
    falling, plain = name.startswith("-"), name.removeprefix("-")
    if plain in ("name", "code"):
        column = Revision.name_key if plain == "name" else Revision.code
        return column.desc() if falling else column.asc(), "place"
    turn = "DESC NULLS LAST" if falling else "ASC NULLS LAST"
    # Among as many centers the greater share comes first, and the other way round.
    by = {"differing": ("differing", _SHARE), "share": (_SHARE, "differing")}
    return Revision.name_key.asc(), ", ".join(f"{one} {turn}" for one in by.get(plain, (plain,)))


def _listed(kind: Kind, query: dict[str, Any], top: Center, order: Any) -> Any:
    """Return the provisions of the newest edition in force below, narrowed by the filters."""
    newest = (
        select(func.max(Edition.number).label("number"), Edition.standard_id)
        .join(Adoption, Adoption.edition_id == Edition.id)
        .join(Center, Center.id == Adoption.tenant_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(Center.path.contains([top.id]), Standard.nature != Nature.AMENDMENT)
        .group_by(Edition.standard_id)
        .subquery()
    )
    statement = (
        select(
            Revision.provision_id,
            Revision.id.label("newest_id"),
            Edition.id.label("edition_id"),
            Revision.code,
            Revision.name,
            Revision.item_type,
            Revision.department_code,
        )
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .join(
            newest,
            (newest.c.standard_id == Edition.standard_id) & (newest.c.number == Edition.number),
        )
        .where(Revision.kind == kind.name, words.found(query["q"]))
        .order_by(order, Revision.provision_id)
    )
    own = departments_of_post()
    given = {name: query[name] for name in ("item_type", "department") if query[name]}
    return db.session.execute(filtered(statement if own is None else statement.where(own), given))


def _shape(kind: Kind, row: Any, named: Any) -> Row:
    names = department_names(named.edition_id)
    return {
        "provision_id": row.provision_id,
        "kind": kind.name,
        "code": named.code,
        "name": named.name,
        "item_type": named.item_type,
        "department_name": names.get(named.department_code, ""),
        "offered": row.offered,
        "differing": row.differing,
        "variants": row.variants,
        "fields": _fields(kind, row.ways),
    }


def _fields(kind: Kind, ways: list[Row]) -> list[Row]:
    """Return in which fields centers depart from the standard, how many, and how far."""
    counted: Counter[str] = Counter()
    for way in ways:
        counted.update(dict.fromkeys(way["differs"], way["centers"]))
    found = [field for field in kind.fields if counted[field.name]]
    return [
        {
            **describe_field(kind, field),
            "centers": counted[field.name],
            "range": _range(field, ways),
        }
        for field in sorted(found, key=lambda field: -counted[field.name])
    ]


def _range(field: Field, ways: list[Row]) -> Row | None:
    """Return the smallest and the greatest number that holds anywhere, and the standard's."""
    held = [value for way in ways if (value := way["holds"].get(field.name)) is not None]
    if field.type not in MEASURED or not held:
        return None
    return {"min": min(held), "max": max(held), "standard": ways[0]["norm"].get(field.name)}
