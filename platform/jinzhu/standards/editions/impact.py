"""What the changes of an edition meet below: centers that offer it, and their own values.

Found by the push's own rule, `app.breaks`, also for a draft that nobody has published yet.  Asked
with the reach PUSH: nothing but it sees a draft and the centers below together.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Boolean, ColumnElement, and_, cast, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from jinzhu.core.db import db
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import push
from jinzhu.standards.claims import models, tables
from jinzhu.standards.editions import comparison
from jinzhu.standards.editions.comparison import NOTHING, Pair
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Adoption, Claim, Edition

#: For each changed provision ('') how many centers offer it, and for each changed field how many of
#: these have a value of their own, and how many of the values the edition would not allow.
_IMPACT = """
    WITH change AS MATERIALIZED (
        SELECT g.provision_id, g.code, g.removed, app.bounds(g.content, g.rules) AS bounds,
            ARRAY(SELECT jsonb_array_elements_text(g.fields)) AS fields
        FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS g (
            provision_id bigint, code text, removed boolean, content jsonb, rules jsonb,
            fields jsonb)
    ), place AS MATERIALIZED (
        SELECT tenant_id FROM adoption WHERE standard_id = :standard
    )
    SELECT c.code, f.field, count(*) FILTER (WHERE f.field = '' OR t.local ? f.field) AS centers,
        count(*) FILTER (WHERE t.local ? f.field AND NOT c.removed
            AND t.pinned_revision_id IS NULL
            AND app.breaks(c.bounds -> f.field, t.local -> f.field)) AS breaking
    FROM change c CROSS JOIN place p
    JOIN {table} t ON t.tenant_id = p.tenant_id AND t.provision_id = c.provision_id
    CROSS JOIN LATERAL unnest(c.fields || ARRAY['']) AS f (field)
    WHERE t.claim = 'offered' GROUP BY 1, 2
"""


def _own(edition_id: int, against_id: int | None) -> tuple[Edition, Edition | None]:
    """Return an edition of the own center, and the one to compare it with."""
    edition, against = comparison.compared(edition_id, against_id)
    if edition.owner_id != current().tenant_id:
        raise NotFound(id=edition_id)
    return edition, against


def of_edition(edition_id: int, against_id: int | None) -> Row:
    """Return what the changes of an edition meet in the centers below.  Needs the reach PUSH."""
    edition, against = _own(edition_id, against_id)
    found = [pair for pair in comparison.pairs(edition, against) if pair.provision_id]
    standard = push.base_of(edition.standard_id)
    provisions, fields = [], []
    for kind, table in tables().items():
        listed = [_change(pair) for pair in found if pair.kind == kind]
        if not listed:
            continue
        statement = text(_IMPACT.format(table=table))
        values = {"changes": orjson.dumps(listed).decode(), "standard": standard}
        for row in db.session.execute(statement, values):
            named = {"kind": kind, "code": row.code}
            if row.field == "":
                provisions.append({**named, "offered": row.centers})
            else:
                numbers = {"centers_own": row.centers, "breaking": row.breaking}
                fields.append({**named, "field": row.field, **numbers})
    placed = select(func.count()).where(Adoption.standard_id == standard)
    return {
        "provisions": provisions,
        "fields": fields,
        "centers": db.session.scalar(placed) or 0,
    }


def _change(pair: Pair) -> Row:
    before, after = pair.before or NOTHING, pair.after or NOTHING
    return {
        "provision_id": pair.provision_id,
        "code": pair.code,
        "removed": pair.after is None,
        "content": after["content"],
        "rules": after["rules"],
        "fields": comparison.changed_fields(KINDS[pair.kind], before, after),
    }


def _pair(edition: Edition, against: Edition | None, kind: str, code: str) -> Pair:
    for pair in comparison.pairs(edition, against):
        if (pair.kind, pair.code) == (kind, code) and pair.provision_id:
            return pair
    raise NotFound(kind=kind, provision=code)


def centers(edition_id: int, kind: str, code: str, field: str, query: Mapping[str, Any]) -> Row:
    """Return a page of the centers with a value of their own on a changed field."""
    edition, against = _own(edition_id, query["against"])
    if kind not in models() or KINDS[kind].field(field) is None:
        raise NotFound(kind=kind, field=field)
    pair, model, city = _pair(edition, against, kind, code), models()[kind], aliased(Center)
    breaks = _breaks(pair, model, field)
    statement = (
        select(
            Center.id,
            Center.code,
            Center.name,
            city.name.label("city_name"),
            model.provision_id,
            model.local[field].label("value"),
            breaks.label("breaks"),
        )
        .join(model, model.tenant_id == Center.id)
        .join(
            Adoption,
            and_(
                Adoption.tenant_id == Center.id,
                Adoption.standard_id == push.base_of(edition.standard_id),
            ),
        )
        .outerjoin(city, city.id == Center.parent_id)
        .where(
            model.provision_id == pair.provision_id,
            model.claim == Claim.OFFERED,
            model.local.has_key(field),
        )
    )
    if query["breaking"]:
        statement = statement.where(breaks)
    sortable = {"code": Center.code, "name": Center.name_key, "value": model.local[field]}
    last = [Center.id.asc()]
    return page_of(statement, query, sortable=sortable, default="code", last=last, shape=_touched)


def _breaks(pair: Pair, model: Any, field: str) -> ColumnElement[bool]:
    """Return whether a local value is outside what the edition allows."""
    if pair.after is None:
        return cast(False, Boolean)
    part = pair.after
    bounds = func.app.bounds(cast(part["content"], JSONB), cast(part["rules"], JSONB), type_=JSONB)
    return and_(
        model.pinned_revision_id.is_(None),
        func.app.breaks(bounds[field], model.local[field], type_=Boolean),
    )


def _touched(row: Row) -> Row:
    named = ("id", "code", "name", "city_name")
    return {
        "center": {name: row[name] for name in named},
        **{name: row[name] for name in ("provision_id", "value", "breaks")},
    }
