"""A preview counts the windows at which something stands that an edition changes."""

from alembic import op

from jinzhu.core.ddl import PUSHED

revision = "0025"
down_revision = "0024"

TABLE = "window_assignment"


def upgrade() -> None:
    """Apply the migration."""
    op.execute(PUSHED.format(table=TABLE, push="SELECT"))


def downgrade() -> None:
    """Take the migration back."""
    op.execute(f"DROP POLICY push ON {TABLE}; REVOKE SELECT ON {TABLE} FROM jinzhu_push")
