"""After a push to a province quality is counted anew within a few turns of the clock."""

from alembic import op

revision = "0022"
down_revision = "0021"

DUE = """
CREATE OR REPLACE FUNCTION app.due_quality_counts(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.tenant_id FROM quality_touched t GROUP BY 1 ORDER BY min(t.id) LIMIT {most} $$;
"""


def upgrade() -> None:
    """Apply the migration."""
    op.execute(DUE.format(most=60))


def downgrade() -> None:
    """Take the migration back."""
    op.execute(DUE.format(most=10))
