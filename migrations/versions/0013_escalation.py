"""Escalation: whom a step is told to when it has been overdue for long, and when it was."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

#: Centers in which a step is to be reminded of, is overdue, is told further up, or done by itself.
DUE_CASES = """
CREATE OR REPLACE FUNCTION app.due_cases(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.tenant_id FROM case_step s
    WHERE s.state = 'open' AND (s.warn_on <= day AND s.told < 1
        OR s.due_on < day AND (s.waits OR s.told < 2{more})) $$;
"""


def upgrade() -> None:
    op.add_column("case_step", sa.Column("escalate_on", sa.Date(), nullable=True))
    op.add_column(
        "case_step", sa.Column("escalate_to", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("case_step", sa.Column("escalated_on", sa.Date(), nullable=True))
    op.execute(DUE_CASES.format(more=" OR s.told < 3 AND s.escalate_on <= day"))


def downgrade() -> None:
    op.execute(DUE_CASES.format(more=""))
    for column in ("escalated_on", "escalate_to", "escalate_on"):
        op.drop_column("case_step", column)
