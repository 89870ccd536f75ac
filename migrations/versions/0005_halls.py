"""Halls, zones and windows, and what is at which window since when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jinzhu.core.ddl import protect

revision = "0005"
down_revision = "0004"

#: From below upwards, as they refer to one another.
TABLES = ("hall", "hall_day", "hall_zone", "hall_window", "window_assignment")
OPEN = sa.text("closed_on IS NULL")


def _kind(name: str, column: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    """Return what each table of a center has."""
    return [
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
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=f"fk_{table}_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"),
    ]


def _of_hall(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("hall_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hall_id"],
            ["hall.tenant_id", "hall.id"],
            name=f"fk_{table}_tenant_id_hall_id",
        ),
    ]


def _hall() -> None:
    op.create_table(
        "hall",
        _text("name", default=None),
        _text("name_key", default=None),
        _kind("hallkind", "kind", "main", "branch", "standalone"),
        _text("department_code"),
        _text("address"),
        _text("phone"),
        sa.Column("floors", ARRAY(sa.Text()), nullable=False),
        sa.Column("weekly", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _version(),
        *_owned("hall"),
        sa.CheckConstraint(
            "(kind = 'standalone') = (department_code <> '')", name="ck_hall_department_given"
        ),
    )
    op.create_index(
        "uq_hall_name", "hall", ["tenant_id", "name"], unique=True, postgresql_where=OPEN
    )
    op.create_table(
        "hall_day",
        sa.Column("day", sa.Date(), nullable=False),
        _kind("daykind", "kind", "closed", "hours", "usual"),
        sa.Column("hours", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        _text("note"),
        *_owned("hall_day"),
        *_of_hall("hall_day"),
        sa.UniqueConstraint(
            "tenant_id", "hall_id", "day", name="uq_hall_day_tenant_id_hall_id_day"
        ),
    )


def _zone() -> None:
    op.create_table(
        "hall_zone",
        _text("floor", default=None),
        _text("name", default=None),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _version(),
        *_owned("hall_zone"),
        *_of_hall("hall_zone"),
        sa.UniqueConstraint("tenant_id", "hall_id", "id", name="uq_hall_zone_tenant_id_hall_id_id"),
        sa.CheckConstraint(
            "columns BETWEEN 1 AND 30 AND rows BETWEEN 1 AND 30", name="ck_hall_zone_size"
        ),
    )
    op.create_index(
        "uq_hall_zone_name",
        "hall_zone",
        ["tenant_id", "hall_id", "name"],
        unique=True,
        postgresql_where=OPEN,
    )


def _window() -> None:
    op.create_table(
        "hall_window",
        _text("number", default=None),
        _text("number_key", default=None),
        _text("name"),
        _text("name_initials"),
        _kind("windowkind", "kind", "comprehensive", "special", "proxy", "department"),
        _text("phone"),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("x", sa.Integer(), nullable=True),
        sa.Column("y", sa.Integer(), nullable=True),
        sa.Column("weekly", JSONB(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _version(),
        *_owned("hall_window"),
        *_of_hall("hall_window"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hall_id", "zone_id"],
            ["hall_zone.tenant_id", "hall_zone.hall_id", "hall_zone.id"],
            name="fk_hall_window_tenant_id_hall_id_zone_id",
        ),
        sa.CheckConstraint(
            "(zone_id IS NULL) = (x IS NULL) AND (x IS NULL) = (y IS NULL)",
            name="ck_hall_window_placed",
        ),
    )
    for name, columns in (
        ("uq_hall_window_number", ["tenant_id", "hall_id", "number"]),
        ("uq_hall_window_place", ["tenant_id", "zone_id", "x", "y"]),
    ):
        op.create_index(name, "hall_window", columns, unique=True, postgresql_where=OPEN)


def _assignment() -> None:
    table = "window_assignment"
    op.create_table(
        table,
        sa.Column("window_id", sa.BigInteger(), nullable=False),
        _kind("assigned", "object", "department", "item"),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        _text("code", default=None),
        _text("name", default=None),
        _text("department_code", default=None),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "assigned_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        *_owned(table),
        sa.ForeignKeyConstraint(
            ["tenant_id", "window_id"],
            ["hall_window.tenant_id", "hall_window.id"],
            name="fk_window_assignment_tenant_id_window_id",
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name="fk_window_assignment_provision_id"
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_window_assignment_order"),
    )
    op.create_index(
        "uq_window_assignment_lasting",
        table,
        ["tenant_id", "window_id", "provision_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_index("ix_window_assignment_code", table, ["tenant_id", "object", "code"])
    op.create_index("ix_window_assignment_provision_id", table, ["tenant_id", "provision_id"])


def upgrade() -> None:
    _hall()
    _zone()
    _window()
    _assignment()
    for table in TABLES:
        op.execute(protect(table, own="SELECT, INSERT, UPDATE"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
