"""Which provisions are done most differently by the centers below 同事不同标.

What centers say of their own in the fields that can be compared is counted way by way: all that
say the same are one, and those differ that do otherwise than the most.  Only the provisions of the
page are looked at field by field.
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
from jinzhu.standards.kinds import KINDS, Field, Kind, Rule
from jinzhu.standards.models import (
    Adoption,
    Edition,
    EditionEntry,
    Nature,
    Revision,
    Standard,
)

ORDERS = ("differing", "variants", "offered", "name", "code")
USUAL = "-differing,name"

#: A city's amendment is a difference for its counties, though they say nothing of their own.
_COUNTED = """
    WITH place AS MATERIALIZED (
        SELECT a.tenant_id, a.standard_id, a.edition_id, a.merged_id FROM center c
        JOIN adoption a ON a.tenant_id = c.id
        WHERE c.path @> ARRAY[CAST(:parent AS int)]
    ), listed AS MATERIALIZED (
        SELECT l.provision_id, l.place FROM unnest(CAST(:provisions AS bigint[]))
            WITH ORDINALITY AS l (provision_id, place)
    ), held AS MATERIALIZED (
        SELECT t.provision_id, t.standard_id, p.edition_id, p.merged_id, t.pinned_revision_id,
            t.local - CAST(:apart AS text[]) AS said, count(*) AS centers
        FROM place p
        JOIN {table} t ON t.tenant_id = p.tenant_id AND t.standard_id = p.standard_id
            AND t.claim = 'offered' AND t.provision_id = ANY (CAST(:provisions AS bigint[]))
        GROUP BY 1, 2, 3, 4, 5, 6
    ), alike AS MATERIALIZED (
        SELECT h.provision_id, h.said, h.centers,
            coalesce(h.pinned_revision_id, m.revision_id, e.revision_id) AS revision_id,
            coalesce(h.pinned_revision_id, m.revision_id) IS NOT NULL AS amended
        FROM held h
        JOIN edition_entry e ON e.edition_id = h.edition_id AND e.provision_id = h.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = h.merged_id AND m.provision_id = h.provision_id
    ), way AS (
        SELECT provision_id, sum(centers) AS centers FROM alike
        GROUP BY provision_id, said, CASE WHEN amended THEN revision_id END
    ), counted AS (
        SELECT provision_id, sum(centers) AS offered, sum(centers) - max(centers) AS differing,
            count(*) AS variants
        FROM way GROUP BY 1
    ), shown AS (
        SELECT l.provision_id, l.place, coalesce(c.offered, 0)::int AS offered,
            coalesce(c.differing, 0)::int AS differing, coalesce(c.variants, 0)::int AS variants
        FROM listed l LEFT JOIN counted c USING (provision_id)
        ORDER BY {order}, l.place LIMIT :size OFFSET :skip
    )
    SELECT s.provision_id, s.offered, s.differing, s.variants, (
        SELECT coalesce(jsonb_agg(jsonb_build_object('centers', a.centers, 'said',
            a.said - app.broken(r.bounds, a.said), 'stated', (
                SELECT coalesce(jsonb_object_agg(f, r.content -> f), '{{}}')
                FROM unnest(CAST(:measured AS text[])) f WHERE r.content ? f))), '[]')
        FROM alike a JOIN revision r ON r.id = a.revision_id
        WHERE a.provision_id = s.provision_id) AS ways
    FROM shown s ORDER BY {order}, s.place
"""


def page(query: dict[str, Any]) -> Row:
    """Return a page of provisions by how differently centers do them.  Needs reach SUBTREE."""
    kind = KINDS[query["kind"]]
    top = coverage.below(query["parent"] or current().tenant_id or 0)
    size, compared = query["per_page"], _compared(kind)
    order, by_count = _order(query["sort"])
    listed = {row.provision_id: row for row in _listed(kind, query, top, order)}
    values = {
        "parent": top.id,
        "provisions": list(listed),
        "apart": [field.name for field in kind.fields if field not in compared],
        "measured": [field.name for field in compared if field.type in MEASURED],
        "size": size,
        "skip": (query["page"] - 1) * size,
    }
    statement = text(_COUNTED.format(table=tables()[kind.name], order=by_count))
    found = db.session.execute(statement, values).all() if listed else []
    return {
        "rows": [_shape(kind, compared, row, listed[row.provision_id]) for row in found],
        "total": len(listed),
        "page": query["page"],
        "per_page": size,
    }


def _compared(kind: Kind) -> list[Field]:
    """Return the fields whose difference counts; where each answers for itself there is none."""
    return [
        field
        for field in kind.fields
        if field.type in COMPARED and field.rules[0] not in (Rule.LOCAL, Rule.FIXED)
    ]


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
    return Revision.name_key.asc(), f"{plain} {'DESC' if falling else 'ASC'}"


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


def _shape(kind: Kind, compared: list[Field], row: Any, named: Any) -> Row:
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
        "fields": _fields(kind, compared, row.ways),
        "ranges": [one for field in compared if (one := _range(kind, field, row.ways))],
    }


def _fields(kind: Kind, compared: list[Field], ways: list[Row]) -> list[Row]:
    """Return in which fields centers say something of their own, and how many do."""
    counted: Counter[str] = Counter()
    for way in ways:
        counted.update(dict.fromkeys(way["said"], way["centers"]))
    return [
        {"field": field.name, "label": kind.label(field.name), "centers": counted[field.name]}
        for field in compared
        if counted[field.name]
    ]


def _range(kind: Kind, field: Field, ways: list[Row]) -> Row | None:
    """Return the smallest and the greatest number that holds anywhere, where they differ."""
    if field.type not in MEASURED:
        return None
    found = [way["said"].get(field.name, way["stated"].get(field.name)) for way in ways]
    held = [value for value in found if value is not None]
    if len(set(held)) < 2:
        return None
    return {
        "field": field.name,
        "label": kind.label(field.name),
        "min": min(held),
        "max": max(held),
    }
