"""The law bounds a limit that its owner leaves open or lets off from; what was let off has a bound.

A committed limit with the rule `default`, or exempt, carries the statutory limit as `law`: a value
beyond it is in conflict, as one beyond any other bound.  What was exempt before 0020 holds as far
as was granted from now on, and where a request named no value, as far as the center's own went.
"""

from pathlib import Path
from runpy import run_path

from alembic import op

revision = "0024"
down_revision = "0023"

BEFORE = run_path(str(Path(__file__).with_name("0020_bounded_exemptions.py")))

#: One more case each in functions that are otherwise as they were.
OPEN_RULE = """            OR content -> field.key IS NULL THEN field.value
"""
OPEN_LIMIT = """            OR content -> field.key IS NULL THEN field.value
            || CASE WHEN field.key = 'committed_limit'
                AND jsonb_typeof(content -> 'statutory_limit') = 'number'
                THEN jsonb_build_object('law', content -> 'statutory_limit') ELSE '{}' END
"""
BY_RULE = "SELECT CASE bound ->> 'rule'"
BY_LAW = """SELECT CASE WHEN bound ? 'law' AND jsonb_typeof(value) = 'number'
        AND value > bound -> 'law' THEN true ELSE CASE bound ->> 'rule'"""
LAST, LAST_BY_LAW = "ELSE true END $$;", "ELSE true END END $$;"

#: The tables whose rows this migration reads or moves, also by their triggers; the owner itself is
#: bound by their policies.
MOVED = (
    "adoption", "conflict_count", "department", "draft_entry", "edition", "edition_entry",
    "exemption", "item", "local_field", "merged_entry", "pin", "revision",
)  # fmt: skip
CLAIMED = ("item", "department")

#: The bounds that come out differently, and by how much the conflicts then do.
RECOUNT = """
WITH differing AS MATERIALIZED (
    SELECT id, bounds AS old, app.bounds(content, rules) AS new FROM revision
    WHERE kind = 'item' AND rules -> 'committed_limit' ->> 'rule' IN ('default', 'exempt')
), counted AS (
    SELECT t.tenant_id, t.standard_id,
        sum(cardinality(app.broken(d.new, t.local)) - cardinality(app.broken(d.old, t.local))) AS n
    FROM item t
    JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = t.provision_id
    LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = t.provision_id
    JOIN differing d ON d.id = CASE WHEN t.pinned_revision_id IS NOT NULL
        THEN t.pinned_revision_id WHEN m.revision_id IS NOT NULL THEN m.revision_id
        ELSE e.revision_id END
    WHERE t.claim = 'offered' AND t.local <> '{}' GROUP BY 1, 2
)
INSERT INTO conflict_count AS c (tenant_id, standard_id, kind, open)
SELECT tenant_id, standard_id, 'item', n FROM counted WHERE n <> 0
ON CONFLICT (tenant_id, standard_id, kind) DO UPDATE SET open = c.open + excluded.open;
UPDATE revision SET bounds = app.bounds(content, rules)
WHERE kind = 'item' AND rules -> 'committed_limit' ->> 'rule' IN ('default', 'exempt');
UPDATE draft_entry SET content = content
WHERE kind = 'item' AND rules -> 'committed_limit' ->> 'rule' IN ('default', 'exempt');
"""
#: What a request did not name is what the center had of its own.
GRANTED = """
UPDATE exemption x SET value = t.local -> x.field FROM {table} t
WHERE x.state = 'granted' AND x.field <> '' AND x.value IS NULL AND x.kind = '{table}'
    AND t.tenant_id = x.tenant_id AND t.provision_id = x.provision_id AND t.local ? x.field
"""
#: As a push does it (see push/pinned.py), for what is exempt alone; triggers count the conflicts.
REPIN = """
WITH let_off AS (
    SELECT p.tenant_id, p.provision_id,
        jsonb_object_agg(p.field, CASE WHEN x.id IS NULL THEN to_jsonb(p.revision_id)
            ELSE jsonb_build_object('granted', x.value, 'by', x.decider_id, 'until', p.until)
            END) AS fields
    FROM pin p
    LEFT JOIN exemption x ON x.tenant_id = p.tenant_id AND x.id = p.exemption_id
    WHERE p.kind = '{table}' AND p.ended_at IS NULL
    GROUP BY 1, 2 HAVING bool_and(p.field <> '') AND bool_or(x.id IS NOT NULL)
)
UPDATE {table} t SET pinned_revision_id = n.revision_id
FROM (
    SELECT t.tenant_id, t.id,
        app.derived(coalesce(m.revision_id, e.revision_id), l.fields) AS revision_id
    FROM let_off l
    JOIN {table} t ON t.tenant_id = l.tenant_id AND t.provision_id = l.provision_id
    JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = t.provision_id
    LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = t.provision_id
) n
WHERE n.tenant_id = t.tenant_id AND n.id = t.id
    AND t.pinned_revision_id IS DISTINCT FROM n.revision_id
"""


def _replaced(source: str, *changes: tuple[str, str]) -> str:
    """Return a function with some of its words in place of others, each of which it must have."""
    for old, new in changes:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def _breaks() -> str:
    return str(BEFORE["_function"]("RULES", "breaks").replace(BEFORE["FREE"], BEFORE["BOUNDED"]))


def _bounds() -> str:
    return str(BEFORE["_function"]("RULES", "bounds"))


def _freely(*statements: str) -> None:
    """Carry out statements on the rows of all centers, past the boundary and past what guards."""
    for table in MOVED:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in ("draft_entry", "exemption"):
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        op.execute(statement)
    for table in ("draft_entry", "exemption"):
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table in MOVED:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def upgrade() -> None:
    op.execute(_replaced(_bounds(), (OPEN_RULE, OPEN_LIMIT)))
    op.execute(_replaced(_breaks(), (BY_RULE, BY_LAW), (LAST, LAST_BY_LAW)))
    _freely(
        RECOUNT,
        *(GRANTED.format(table=table) for table in CLAIMED),
        *(REPIN.format(table=table) for table in CLAIMED),
    )


def downgrade() -> None:
    op.execute(_bounds())
    _freely(RECOUNT)
    op.execute(_breaks())
