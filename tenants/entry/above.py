"""The figures of the centers below, for those above them: counted ahead, or live where touched."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import text

from jinzhu.core.calendar import today
from jinzhu.core.db import comparing_by_hash, db
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.standards import coverage
from jinzhu.standards.claims import STANDING, tables
from tenants.entry import service
from tenants.entry.models import STATES

#: What was counted ahead is taken as it is; a center that something changed at since then is
#: counted from its rows, each by itself: its lists are short, and no sum over all is sorted.
_BELOW = """
    WITH place AS MATERIALIZED (
        SELECT id, code, name, level, path, parent_id FROM center
        WHERE path @> ARRAY[CAST(:parent AS int)]
    ), touched AS MATERIALIZED (
        SELECT id FROM place p
        WHERE EXISTS (SELECT FROM entry_touched t WHERE t.tenant_id = p.id)
    ), stands AS MATERIALIZED (
        SELECT p.id AS tenant_id, a.standard_id, a.edition_id, a.merged_id,
            dense_rank() OVER (ORDER BY a.edition_id, a.merged_id) AS way,
            row_number() OVER (PARTITION BY a.edition_id, a.merged_id) AS place
        FROM place p CROSS JOIN LATERAL (
            SELECT standard_id, edition_id, merged_id FROM adoption WHERE tenant_id = p.id
            OFFSET 0) a
    ), standing AS MATERIALIZED (
        SELECT w.way, e.provision_id, coalesce({part}, '') AS part
        FROM (SELECT way, edition_id, merged_id FROM stands WHERE place = 1) w
        CROSS JOIN LATERAL (
            SELECT e.provision_id, {STANDING} AS revision_id FROM edition_entry e
            LEFT JOIN merged_entry m
                ON m.merged_id = w.merged_id AND m.provision_id = e.provision_id
            WHERE e.edition_id = w.edition_id OFFSET 0) e
        CROSS JOIN LATERAL (SELECT * FROM revision r WHERE r.id = e.revision_id OFFSET 0) r
        WHERE r.kind = :kind AND (CAST(:own AS text[]) IS NULL OR CASE r.kind
            WHEN 'department' THEN r.code ELSE r.department_code END = ANY (CAST(:own AS text[])))
    ), live AS (
        SELECT p.tenant_id, n.part, n.state, n.number FROM stands p CROSS JOIN LATERAL (
            SELECT coalesce({adjusted}, CASE WHEN t.pinned_revision_id IS NULL THEN s.part ELSE (
                    SELECT coalesce({part}, '') FROM revision r WHERE r.id = t.pinned_revision_id)
                END) AS part,
                coalesce(e.state, 'not_entered') AS state, count(*)::int AS number
            FROM (SELECT provision_id, pinned_revision_id FROM {table}
                WHERE tenant_id = p.tenant_id AND standard_id = p.standard_id
                    AND claim = 'offered' OFFSET 0) t
            JOIN standing s ON s.way = p.way AND s.provision_id = t.provision_id
            LEFT JOIN (SELECT {entry} FROM entry
                WHERE tenant_id = p.tenant_id AND until IS NULL OFFSET 0) e
                ON e.subject_id = t.provision_id
            GROUP BY 1, 2) n
        WHERE p.tenant_id IN (SELECT id FROM touched)
    ), counted AS (
        SELECT * FROM live
        UNION ALL
        SELECT p.id, c.part, c.state, c.number FROM place p CROSS JOIN LATERAL (
            SELECT part, state, number FROM entry_count
            WHERE tenant_id = p.id AND kind = :kind AND (CAST(:own AS text[]) IS NULL
                OR department_code = ANY (CAST(:own AS text[]))) OFFSET 0) c
        WHERE p.id NOT IN (SELECT id FROM touched)
    ), parts AS (
        SELECT tenant_id, part, sum(number) AS offered, {states} FROM counted GROUP BY 1, 2
    ), changed AS (
        SELECT p.tenant_id, count(*) AS changes
        FROM stands p CROSS JOIN LATERAL (
            SELECT subject_id FROM entry
            WHERE tenant_id = p.tenant_id AND since >= :first AND since < :next OFFSET 0) e
        JOIN standing s ON s.way = p.way AND s.provision_id = e.subject_id
        GROUP BY 1
    )
    SELECT p.id, p.code, p.name, p.level, p.path, p.parent_id, n.part,
        {figures}, coalesce(c.changes, 0)::int AS changes
    FROM place p LEFT JOIN parts n ON n.tenant_id = p.id
    LEFT JOIN changed c ON c.tenant_id = p.id
    ORDER BY p.code, p.level DESC, n.part
"""
_STANDING = ("offered", *STATES)
_SHOWN = (*_STANDING, "changes")


def below(kind: str, *, parent: int | None, each: bool = False) -> Row:
    """Return how what the centers below one offer stands.  Needs the reach SUBTREE.

    In all, of the center itself, of each just below it with everything under that, and by class or
    type.  With `each` every center below stands by itself.
    """
    above = parent or current().tenant_id
    assert above is not None
    center = coverage.below(above)
    rows = _counted_below(kind, center.id)
    places = {row["id"]: row for row in rows}
    figures = _by_center(rows)
    shown = [row for row in places.values() if row["id"] != center.id]
    if not each:
        shown = [row for row in shown if row["parent_id"] == center.id]
    return {
        "center": _center(places[center.id]),
        "total": service.summed(figures.values(), _SHOWN),
        "own": figures[center.id],
        "rows": [_branch(row, places, figures, each=each) for row in shown],
        "groups": _by_part(kind, rows),
    }


def _counted_below(kind: str, center_id: int) -> list[Row]:
    """Return a row for each center and class or type, and one for a center that offers nothing."""
    states = ", ".join(
        f"coalesce(sum(number) FILTER (WHERE state = '{one}'), 0) AS {one}" for one in STATES
    )
    sql = _BELOW.format(
        table=tables()[kind],
        part="r.item_type" if kind == "item" else "r.content ->> 'department_class'",
        STANDING=STANDING,
        # Of items the index of present entries has all that is asked.
        adjusted="NULL" if kind == "item" else "nullif(e.department_class, '')",
        entry="subject_id, state" + ("" if kind == "item" else ", department_class"),
        states=states,
        figures=", ".join(f"coalesce(n.{name}, 0)::int AS {name}" for name in _STANDING),
    )
    own, first = current().departments, today().replace(day=1)
    values = {
        "parent": center_id,
        "kind": kind,
        "own": None if own is None else list(own),
        "first": first,
        "next": (first + timedelta(days=32)).replace(day=1),
    }
    with comparing_by_hash():
        return [dict(row._mapping) for row in db.session.execute(text(sql), values)]


def _by_center(rows: list[Row]) -> dict[int, Row]:
    """Return the figures of each center, all its classes or types together."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["id"]].append(row)
    return {
        number: {**service.summed(own, _STANDING), "changes": own[0]["changes"]}
        for number, own in found.items()
    }


def _branch(row: Row, places: Mapping[int, Row], figures: Mapping[int, Row], *, each: bool) -> Row:
    """Return the figures of a center, with everything under it unless each stands by itself."""
    under = [number for number, one in places.items() if row["id"] in one["path"]]
    above = places.get(row["parent_id"])
    center = {
        **_center(row),
        "has_children": len(under) > 1,
        "parent": above["name"] if above else "",
    }
    chosen = [row["id"]] if each else under
    return {"center": center, **service.summed((figures[number] for number in chosen), _SHOWN)}


def _center(row: Row) -> Row:
    return {name: row[name] for name in ("id", "code", "name", "level")}


def _by_part(kind: str, rows: list[Row]) -> list[Row]:
    """Return the figures of each class or type over all centers."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["part"] is not None:
            found[row["part"]].append(row)
    return [
        {
            "group": code,
            "label": service.group_label(kind, code),
            **service.summed(found[code], _STANDING),
        }
        for code in sorted(found)
    ]
