"""What a center provides to its departments, its own rules of evaluation, what an entry keeps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.ddl import protect

revision = "0011"
down_revision = "0010"

TABLES = ("support_template", "support_line", "evaluation_rule")


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _date(name: str) -> sa.Column[sa.Date]:
    return sa.Column(name, sa.Date(), nullable=True)


def _flag(name: str, *, default: str | None = None) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False)


def _actor(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True)


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


def _of_provision(table: str, *, nullable: bool = False) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("provision_id", sa.BigInteger(), nullable=nullable),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=f"fk_{table}_provision_id"
        ),
    ]


def _template() -> None:
    op.create_table(
        "support_template",
        sa.Column("lines", JSONB(), nullable=False),
        _version(),
        *_owned("support_template"),
        sa.UniqueConstraint("tenant_id", name="uq_support_template_tenant_id"),
    )


def _line() -> None:
    table = "support_line"
    op.create_table(
        table,
        _text("department_code", default=None),
        _text("category", default=None),
        _text("name", default=None),
        _flag("required"),
        _flag("returnable"),
        _flag("agreed", default="true"),
        _date("provided_on"),
        _text("provided_by"),
        _date("returned_on"),
        _text("remark"),
        _actor("changed_by"),
        _version(),
        *_owned(table),
        *_of_provision(table),
        sa.UniqueConstraint(
            "tenant_id", "provision_id", "name", name="uq_support_line_tenant_id_provision_id_name"
        ),
        sa.CheckConstraint("returned_on >= provided_on", name="ck_support_line_in_order"),
        sa.CheckConstraint(
            "returned_on IS NULL OR provided_on IS NOT NULL",
            name="ck_support_line_provided_before_returned",
        ),
    )
    op.create_index("ix_support_line_department_code", table, ["tenant_id", "department_code"])


def _rule() -> None:
    table = "evaluation_rule"
    op.create_table(
        table,
        _text("name", default=None),
        _text("number"),
        _date("valid_from"),
        _date("valid_until"),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        _text("file_name", default=None),
        _actor("attached_by"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        *_owned(table),
        *_of_provision(table, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name="fk_evaluation_rule_tenant_id_file_id",
        ),
        sa.CheckConstraint("valid_until >= valid_from", name="ck_evaluation_rule_in_order"),
    )
    op.create_index("ix_evaluation_rule_provision_id", table, ["tenant_id", "provision_id"])


def upgrade() -> None:
    for column in (
        _text("approval_number"),
        _date("approved_on"),
        _text("department_class"),
        _text("superior"),
    ):
        op.add_column("entry", column)
    _template()
    _line()
    _rule()
    for table in TABLES:
        op.execute(protect(table, own="SELECT, INSERT, UPDATE"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in ("superior", "department_class", "approved_on", "approval_number"):
        op.drop_column("entry", name)
