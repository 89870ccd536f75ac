"""Objections that came by telephone, by letter or in person, written down by the center."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TABLE = "objection"
CHANNEL = sa.Enum(
    "page", "phone", "letter", "visit",
    name="channel", native_enum=False, create_constraint=True, length=32,
)  # fmt: skip


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("channel", CHANNEL, server_default="page", nullable=False))
    op.add_column(TABLE, sa.Column("received_by", sa.Text(), server_default="", nullable=False))
    op.add_column(TABLE, sa.Column("recorded_by", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        "ck_objection_received", TABLE, "(channel = 'page') = (received_by = '')"
    )
    # The policy of the own center is there; who writes is checked by it.
    op.execute(f"GRANT INSERT ON {TABLE} TO jinzhu_web")


def downgrade() -> None:
    op.execute(f"REVOKE INSERT ON {TABLE} FROM jinzhu_web")
    op.drop_constraint("ck_objection_received", TABLE, type_="check")
    for column in ("recorded_by", "received_by", "channel"):
        op.drop_column(TABLE, column)
