"""What is postponed or exempt, as a push leaves it: kept as it was, or overtaken by the edition."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.standards.claims import STANDING, tables

#: What holds for records of which something is postponed or exempt: all of the earlier revision
#: where the whole provision is, or the one in force with some fields as they were, or let off.
_REPIN = """
    WITH wanted AS (
        SELECT p.tenant_id, p.provision_id,
            max(p.revision_id) FILTER (WHERE p.ended_at IS NULL AND p.field = '') AS whole,
            jsonb_object_agg(p.field, CASE WHEN x.id IS NULL THEN to_jsonb(p.revision_id)
                ELSE jsonb_build_object('granted', x.value, 'by', x.decider_id, 'until', p.until)
                END) FILTER (WHERE p.ended_at IS NULL AND p.field <> '') AS fields
        FROM pin p
        LEFT JOIN exemption x ON x.tenant_id = p.tenant_id AND x.id = p.exemption_id
        WHERE p.kind = :kind AND p.standard_id = :standard
            AND p.tenant_id = ANY (CAST(:centers AS int[]))
            AND (p.ended_at IS NULL OR p.provision_id = ANY (CAST(:ended AS bigint[])))
        GROUP BY 1, 2
    )
    UPDATE {table} t SET pinned_revision_id = n.revision_id
    FROM (
        SELECT t.tenant_id, t.id, coalesce(w.whole, CASE WHEN w.fields IS NOT NULL THEN
            app.derived(coalesce(m.revision_id, e.revision_id), w.fields) END) AS revision_id
        FROM wanted w
        JOIN {table} t ON t.tenant_id = w.tenant_id AND t.provision_id = w.provision_id
        JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
        LEFT JOIN edition_entry e ON e.edition_id = a.edition_id
            AND e.provision_id = t.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = t.provision_id
    ) n
    WHERE n.tenant_id = t.tenant_id AND n.id = t.id
        AND t.pinned_revision_id IS DISTINCT FROM n.revision_id
"""

#: What was put off and is said again just so, or no longer said at all, needs no putting off.
_OVERTAKEN = text(f"""
    UPDATE pin SET ended_at = now(), overtaken_by = CAST(:rollout AS bigint) FROM (
        SELECT p.tenant_id, p.id FROM pin p
        JOIN adoption a ON a.tenant_id = p.tenant_id AND a.standard_id = p.standard_id
        LEFT JOIN edition_entry e ON e.edition_id = a.edition_id
            AND e.provision_id = p.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = p.provision_id
        LEFT JOIN revision now ON now.id = {STANDING}
        LEFT JOIN revision kept ON kept.id = p.revision_id
        WHERE p.ended_at IS NULL AND p.reason = 'postponed' AND p.standard_id = :standard
            AND p.tenant_id = ANY (CAST(:centers AS int[]))
            AND (now.id IS NULL OR CASE p.field
                WHEN '' THEN (now.content, now.rules) = (kept.content, kept.rules)
                ELSE (now.content -> p.field, now.rules -> p.field)
                    IS NOT DISTINCT FROM (kept.content -> p.field, kept.rules -> p.field) END)
    ) gone WHERE pin.tenant_id = gone.tenant_id AND pin.id = gone.id
    RETURNING pin.provision_id
""")

_ANY_PIN = text("""
    SELECT EXISTS (SELECT FROM pin WHERE standard_id = :standard AND ended_at IS NULL
        AND tenant_id = ANY (CAST(:centers AS int[])))
""")


def follow(values: dict[str, Any]) -> None:
    """Let pins go along with what is in force now; `values` are those of a push."""
    if not db.session.scalar(_ANY_PIN, values):
        return
    ended = list(db.session.scalars(_OVERTAKEN, values))
    repin(values["standard"], values["centers"], ended=ended)


def repin(standard_id: int, centers: Sequence[int], *, ended: Sequence[int] = ()) -> None:
    """Bring the records of which something is postponed or exempt up to the edition in force.

    `ended` names the provisions whose pins have just ended.
    """
    values = {"standard": standard_id, "centers": list(centers), "ended": list(ended)}
    for kind, table in tables().items():
        db.session.execute(text(_REPIN.format(table=table)), {**values, "kind": kind})
