"""Campaigns: cases begun together, one act in many cases, and what came of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jinzhu.core.ddl import protect

revision = "0014"
down_revision = "0013"

#: From below upwards, as they refer to one another.
TABLES = ("campaign", "campaign_item", "joint_act", "joint_act_case")
CASE_KEY = "fk_procedure_case_tenant_id_campaign_id"


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _state(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column("state", kind, server_default=values[0], nullable=False)


def _of(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.id"],
        name=f"fk_{table}_tenant_id_{column}",
    )


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


def _asked() -> list[sa.schema.SchemaItem]:
    """Return what is kept of work that somebody asked for."""
    actor = sa.text("app.actor_id()")
    return [
        sa.Column("departments", ARRAY(sa.Text()), nullable=True),
        _text("language"),
        sa.Column("asked_by", sa.BigInteger(), server_default=actor, nullable=True),
        _number("job_id"),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _campaign() -> None:
    op.create_table(
        "campaign",
        _text("name"),
        _text("object"),
        _text("kind"),
        _text("procedure_code", default=""),
        sa.Column("facts", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        _text("reason", default=""),
        *_asked(),
        *_owned("campaign"),
    )
    table = "campaign_item"
    op.create_table(
        table,
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _text("code"),
        _text("name", default=""),
        _text("department_code", default=""),
        _number("subject_id"),
        _state("outcome", "pending", "begun", "running", "refused"),
        _number("case_id"),
        _text("why", default=""),
        _text("message", default=""),
        *_owned(table),
        _of(table, "campaign_id", "campaign"),
        _of(table, "case_id", "procedure_case"),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["provision.id"], name="fk_campaign_item_subject_id"
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "campaign_id",
            "subject_id",
            name="uq_campaign_item_tenant_id_campaign_id_subject_id",
        ),
    )
    op.create_index("ix_campaign_item_state", table, ["tenant_id", "campaign_id", "state"])


def _joint_act() -> None:
    op.create_table(
        "joint_act",
        _number("campaign_id"),
        *(_text(name) for name in ("procedure_code", "procedure_name")),
        *(_text(name) for name in ("step_code", "step_name", "action")),
        *(_text(name, default="") for name in ("opinion", "on_behalf", "target_code")),
        _number("file_id"),
        *(_text(name, default="") for name in ("file_name", "document_name", "document_number")),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        *_asked(),
        *_owned("joint_act"),
        _of("joint_act", "campaign_id", "campaign"),
        _of("joint_act", "file_id", "stored_file"),
    )
    table = "joint_act_case"
    op.create_table(
        table,
        sa.Column("joint_act_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        _state("actoutcome", "pending", "done", "refused"),
        _text("message", default=""),
        *_owned(table),
        _of(table, "joint_act_id", "joint_act"),
        _of(table, "case_id", "procedure_case"),
        sa.UniqueConstraint(
            "tenant_id",
            "joint_act_id",
            "case_id",
            name="uq_joint_act_case_tenant_id_joint_act_id_case_id",
        ),
    )


def upgrade() -> None:
    _campaign()
    _joint_act()
    op.create_foreign_key(
        CASE_KEY,
        "procedure_case",
        "campaign",
        ["tenant_id", "campaign_id"],
        ["tenant_id", "id"],
    )
    op.create_index(
        "ix_procedure_case_campaign_id",
        "procedure_case",
        ["tenant_id", "campaign_id"],
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )
    for table in TABLES:
        op.execute(protect(table, own="SELECT, INSERT, UPDATE"))


def downgrade() -> None:
    op.drop_index("ix_procedure_case_campaign_id", "procedure_case")
    op.drop_constraint(CASE_KEY, "procedure_case")
    for table in reversed(TABLES):
        op.drop_table(table)
