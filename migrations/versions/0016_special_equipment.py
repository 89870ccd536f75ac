"""Special equipment of departments and items: what it is, whose, where it stands, since when."""

import sqlalchemy as sa
from alembic import op

from jinzhu.core.ddl import protect

revision = "0016"
down_revision = "0015"

TABLE = "special_equipment"
OWNER = sa.Enum(
    "department", "center", name="owner", native_enum=False, create_constraint=True, length=32
)


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _references() -> list[sa.schema.SchemaItem]:
    """Return what equipment refers to: its department, its item, its hall and its window."""
    whole = [
        sa.ForeignKeyConstraint([name], ["provision.id"], name=f"fk_{TABLE}_{name}")
        for name in ("provision_id", "item_id")
    ]
    composite = [
        sa.ForeignKeyConstraint(
            ["tenant_id", name],
            [f"{table}.tenant_id", f"{table}.id"],
            name=f"fk_{TABLE}_tenant_id_{name}",
        )
        for name, table in (("hall_id", "hall"), ("window_id", "hall_window"))
    ]
    center = sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=f"fk_{TABLE}_tenant_id")
    return [center, *whole, *composite]


def upgrade() -> None:
    op.create_table(
        TABLE,
        _number("provision_id", nullable=False),
        _text("department_code", default=None),
        _number("item_id"),
        _text("kind", default=None),
        _text("name", default=None),
        sa.Column("quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("owner", OWNER, nullable=False),
        _text("serial"),
        _number("hall_id"),
        _number("window_id"),
        _text("place"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        _text("remark"),
        sa.Column(
            "changed_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        *_references(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{TABLE}"),
        sa.CheckConstraint("quantity > 0", name=f"ck_{TABLE}_some"),
        sa.CheckConstraint("until >= since", name=f"ck_{TABLE}_in_order"),
        sa.CheckConstraint(
            "hall_id IS NOT NULL OR window_id IS NULL", name=f"ck_{TABLE}_hall_of_window"
        ),
    )
    op.create_index(f"ix_{TABLE}_department_code", TABLE, ["tenant_id", "department_code"])
    op.create_index(
        f"uq_{TABLE}_serial",
        TABLE,
        ["tenant_id", "department_code", "serial"],
        unique=True,
        postgresql_where=sa.text("serial <> '' AND until IS NULL"),
    )
    op.execute(protect(TABLE, own="SELECT, INSERT, UPDATE"))


def downgrade() -> None:
    op.drop_table(TABLE)
