"""The public is told of windows only what has entered: it reads how things stand there, no more."""

from alembic import op

from jinzhu.core.ddl import published

revision = "0021"
down_revision = "0020"

#: Neither why, nor who decided, nor under which case.
ENTRY = ("tenant_id", "id", "subject_id", "state", "since", "until")


def upgrade() -> None:
    """Apply the migration."""
    op.execute(published("entry", columns=ENTRY))
    op.execute("GRANT SELECT (provision_id) ON window_assignment TO jinzhu_public")


def downgrade() -> None:
    """Take the migration back."""
    op.execute("REVOKE SELECT (provision_id) ON window_assignment FROM jinzhu_public")
    op.execute(f"REVOKE SELECT ({', '.join(ENTRY)}) ON entry FROM jinzhu_public")
    op.execute("DROP POLICY public ON entry")
