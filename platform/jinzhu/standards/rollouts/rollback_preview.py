"""What a roll-back would change, center by center and field by field: the way back, thrown away.

Listed are the records that a center offers, and what of the standard concerns it beside records.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.standards import push
from jinzhu.standards.claims import tables
from jinzhu.standards.kinds import KINDS, describe_field
from jinzhu.standards.models import Adoption, Delivery, Rollout
from jinzhu.standards.rollouts import rollout_back
from jinzhu.standards.rollouts.preview_touched import WAYS
from jinzhu.standards.rollouts.rollout_centers import Chosen

#: The record of a center on a provision, of whatever kind: one of these finds it by its key.
_RECORD = """
    SELECT t.local, t.pinned_revision_id FROM {table} t WHERE t.tenant_id = p.tenant_id
        AND t.provision_id = p.provision_id AND t.claim = 'offered'
"""
_LISTED = """
    , listed AS (
        SELECT p.tenant_id, p.provision_id, center.code AS center_code, center.name AS center_name,
            provision.kind, provision.code, r.name
        FROM hit p
        JOIN provision ON provision.id = p.provision_id
        JOIN center ON center.id = p.tenant_id
        JOIN revision r ON r.id = CASE WHEN p.now_id IS NULL THEN p.was_id ELSE p.now_id END
        LEFT JOIN LATERAL ({records} LIMIT 1) t ON true
        WHERE CASE WHEN provision.kind = ANY (CAST(:kinds AS text[])) THEN t.local IS NOT NULL
            ELSE center.level = ANY (r.levels) END
    )
    SELECT *, count(*) OVER () AS total FROM listed
    ORDER BY center_code, tenant_id, kind, code LIMIT :limit OFFSET :offset
"""
_SHOWN = """
    SELECT p.place, r.rules,
        app.effective(r.content, r.bounds, coalesce(t.local, '{{}}')) AS content
    FROM unnest(CAST(:centers AS int[]), CAST(:provisions AS bigint[])) WITH ORDINALITY
        AS p (tenant_id, provision_id, place)
    JOIN adoption a ON a.tenant_id = p.tenant_id AND a.standard_id = :standard
    LEFT JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = p.provision_id
    LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = p.provision_id
    LEFT JOIN LATERAL ({records} LIMIT 1) t ON true
    JOIN revision r ON r.id = CASE
        WHEN e.provision_id IS NULL THEN NULL
        WHEN t.pinned_revision_id IS NOT NULL THEN t.pinned_revision_id
        WHEN m.revision_id IS NOT NULL THEN m.revision_id ELSE e.revision_id END
"""


def _statement(sql: str, *, before: str = "") -> Any:
    records = " UNION ALL ".join(_RECORD.format(table=table) for table in tables().values())
    return text(before + sql.format(records=records))


def preview(rollout: Rollout, *, centers: Chosen, page: int, per_page: int) -> Row:
    """Return a page of what going back would change.  Needs the reach PUSH.

    Raises:
        Invalid: naming each chosen center that cannot go back, as the way back itself does.
    """
    number, standard_id = rollout.id, push.base_of(rollout.standard_id)
    savepoint = db.session.begin_nested()
    try:
        stood = _standing(number, standard_id)
        rollout_back.back(number, centers=centers, reason="")
        moves = _moves(stood, _standing(number, standard_id))
        listed = _listed(moves, page=page, per_page=per_page)
        after = _shown(standard_id, listed)
    finally:
        savepoint.rollback()
    before = _shown(standard_id, listed)
    rows = [_row(one, before.get(n), after.get(n)) for n, one in enumerate(listed, 1)]
    total = listed[0].total if listed else 0
    return {"rows": rows, "total": total, "page": page, "per_page": per_page}


def _standing(rollout_id: int, standard_id: int) -> dict[int, tuple[int, int | None]]:
    """Return the edition and the merged edition of each center of the roll-out."""
    found = db.session.execute(
        select(Adoption.tenant_id, Adoption.edition_id, Adoption.merged_id)
        .join(Delivery, Delivery.center_id == Adoption.tenant_id)
        .where(Delivery.rollout_id == rollout_id, Adoption.standard_id == standard_id)
    )
    return {row.tenant_id: (row.edition_id, row.merged_id) for row in found}


def _moves(
    before: Mapping[int, tuple[int, int | None]], after: Mapping[int, tuple[int, int | None]]
) -> list[push.Move]:
    return [push.Move(center, *before[center], *after[center]) for center in sorted(before)]


def _listed(moves: Sequence[push.Move], *, page: int, per_page: int) -> Sequence[Any]:
    values = {
        **push.columns(moves),
        "kinds": list(tables()),
        "limit": per_page,
        "offset": (page - 1) * per_page,
    }
    return db.session.execute(_statement(_LISTED, before=WAYS), values).all()


def _shown(standard_id: int, listed: Sequence[Any]) -> dict[int, Any]:
    """Return what holds of each now, by its place; nothing where there is no such provision."""
    values = {
        "standard": standard_id,
        "centers": [one.tenant_id for one in listed],
        "provisions": [one.provision_id for one in listed],
    }
    return {row.place: row for row in db.session.execute(_statement(_SHOWN), values)}


def _row(one: Any, before: Any, after: Any) -> Row:
    change = "changed" if before and after else "removed" if before else "added"
    return {
        "center": {"id": one.tenant_id, "name": one.center_name},
        "kind": one.kind,
        "code": one.code,
        "title": one.name,
        "change": change,
        "fields": _fields(one.kind, before, after) if change == "changed" else [],
    }


def _fields(kind_name: str, before: Any, after: Any) -> list[Row]:
    """Return the fields whose value or rule would be another one."""
    kind = KINDS[kind_name]
    found = []
    for field in kind.fields:
        values = [side.content.get(field.name) for side in (before, after)]
        rules = [side.rules.get(field.name, {}).get("rule") for side in (before, after)]
        if values[0] != values[1] or rules[0] != rules[1]:
            told = {"before": values[0], "after": values[1]}
            ruled = {"rule_before": rules[0], "rule_after": rules[1]}
            found.append({**describe_field(kind, field), **told, **ruled})
    return found
