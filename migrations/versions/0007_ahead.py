"""Conflicts of amendments ahead of a roll-out; whom to ask; the rule of review is lifted by two."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

#: Who at the own center may do something, with names; above it, only in which role.
HOLDERS = """
CREATE FUNCTION app.holders(permission text)
    RETURNS TABLE (center_id int, role_code text, account_id bigint, name text, departments text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT p.center_id, p.role_code, own.id, own.name,
        CASE WHEN own.id IS NOT NULL THEN p.departments END
    FROM center me
    JOIN post p ON p.center_id = ANY (me.path)
    JOIN role r ON r.code = p.role_code AND r.permissions @> ARRAY[permission]
    JOIN account a ON a.id = p.account_id AND a.active
    LEFT JOIN account own ON own.id = a.id AND p.center_id = me.id
    WHERE me.id = app.tenant_id() AND p.starts_on <= current_date
        AND coalesce(p.ends_on, 'infinity') >= current_date $$;
REVOKE ALL ON FUNCTION app.holders(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.holders(text) TO jinzhu_web, jinzhu_reader, jinzhu_push;
"""
AHEAD = "rollout_id IS NULL AND (settled_at IS NULL OR resolution IS NOT NULL)"
ACTS = ("required", "not_required", "submitted", "taken_back", "returned", "approved")
NEW_ACTS = ("lift_asked", "lift_dropped")


def _acts(*acts: str) -> None:
    """Say which steps of a review there are."""
    name, listed = op.f("ck_review_event_reviewact"), ", ".join(f"'{act}'" for act in acts)
    op.drop_constraint(name, "review_event")
    op.create_check_constraint(name, "review_event", f"act IN ({listed})")


def _delete(table: str, which: str) -> None:
    """Delete rows of all centers, past the boundary, which holds for the owner too."""
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"DELETE FROM {table} WHERE {which}")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def upgrade() -> None:
    op.alter_column("amendment_conflict", "rollout_id", nullable=True)
    op.create_index(
        "uq_amendment_conflict_ahead",
        "amendment_conflict",
        ["tenant_id", "edition_id", "provision_id", "field"],
        unique=True,
        postgresql_where=sa.text(AHEAD),
    )
    _acts(*ACTS, *NEW_ACTS)
    op.execute(HOLDERS)


def downgrade() -> None:
    op.execute("DROP FUNCTION app.holders(text)")
    _delete("review_event", "act IN ('lift_asked', 'lift_dropped')")
    _acts(*ACTS)
    op.drop_index("uq_amendment_conflict_ahead", table_name="amendment_conflict")
    _delete("amendment_conflict", "rollout_id IS NULL")
    op.alter_column("amendment_conflict", "rollout_id", nullable=False)
