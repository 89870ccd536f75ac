"""What becomes of items on which day, and the handling steps that departments have confirmed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jinzhu.core.ddl import protect

revision = "0010"
down_revision = "0009"

CHANGES = (
    "new_law", "merged", "split", "handed_down", "taken_up", "cancelled", "dropped", "kept",
)  # fmt: skip
DUE_ADJUSTMENTS = """
CREATE POLICY clock ON adjustment FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.due_adjustments(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT a.tenant_id FROM adjustment a
    WHERE a.state = 'planned' AND a.effective_on <= day $$;
REVOKE ALL ON FUNCTION app.due_adjustments(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_adjustments(date) TO jinzhu_web;
"""


def _kind(name: str, column: str, *values: str, default: str | None = None) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, server_default=default, nullable=False)


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


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


def _adjustment() -> None:
    table = "adjustment"
    op.create_table(
        table,
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        _text("code"),
        _text("name"),
        _text("department_code"),
        _kind("change", "change", *CHANGES),
        _text("basis"),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("successors", ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        _text("to_center", default=""),
        _text("reason", default=""),
        _kind("adjustmentstate", "state", "planned", "done", "withdrawn", default="planned"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        _text("withdrawal", default=""),
        *_owned(table),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["procedure_case.tenant_id", "procedure_case.id"],
            name="fk_adjustment_tenant_id_case_id",
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["provision.id"], name="fk_adjustment_subject_id"),
        sa.CheckConstraint("basis <> ''", name="ck_adjustment_basis_given"),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="ck_adjustment_withdrawn"
        ),
    )
    op.create_index(
        "uq_adjustment_planned",
        table,
        ["tenant_id", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index("ix_adjustment_subject_id", table, ["tenant_id", "subject_id"])
    op.create_index("ix_adjustment_successors", table, ["successors"], postgresql_using="gin")


def _confirmation() -> None:
    table = "handling_confirmation"
    op.create_table(
        table,
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "confirmed_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        *_owned(table),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name="fk_handling_confirmation_provision_id"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name="fk_handling_confirmation_edition_id"
        ),
    )
    op.create_index(
        "ix_handling_confirmation_provision_id", table, ["tenant_id", "provision_id", "id"]
    )


def upgrade() -> None:
    _adjustment()
    _confirmation()
    op.execute(protect("adjustment", own="SELECT, INSERT, UPDATE"))
    op.execute(protect("handling_confirmation", own="SELECT, INSERT"))
    op.execute(DUE_ADJUSTMENTS)


def downgrade() -> None:
    op.execute("DROP FUNCTION app.due_adjustments(date)")
    op.drop_table("handling_confirmation")
    op.drop_table("adjustment")
