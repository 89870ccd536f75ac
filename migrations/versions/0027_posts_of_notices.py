"""A notice says which posts of a center it is for: of a line, or for the whole of it."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.execute("ALTER TABLE notice ADD COLUMN posts text NOT NULL DEFAULT ''")


def downgrade() -> None:
    op.execute("ALTER TABLE notice DROP COLUMN posts")
