"""The trace says where the center did what is the department's to do."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Apply the migration."""
    column = sa.Column("for_department", sa.Boolean(), server_default="false", nullable=False)
    op.add_column("case_act", column)


def downgrade() -> None:
    """Take the migration back."""
    op.drop_column("case_act", "for_department")
