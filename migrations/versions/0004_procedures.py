"""Procedures in course: cases, their steps and their trace; what has entered; own working days."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jinzhu.core.ddl import LOG_CHANGE, owned, protect

revision = "0004"
down_revision = "0003"


#: Who moves cases below counts by the days of whoever set them, above or below.
DAYS_FOR_A_PUSH = """
CREATE POLICY push_reads ON own_day FOR SELECT TO jinzhu_push
    USING (owner_id = ANY ((SELECT app.seen_ids())::int[]));
"""
#: Centers in which a step of a case is to be reminded of, is overdue, or is done by itself.
DUE_CASES = """
CREATE POLICY clock ON case_step FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.due_cases(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.tenant_id FROM case_step s
    WHERE s.state = 'open' AND (s.warn_on <= day AND s.told < 1
        OR s.due_on < day AND (s.waits OR s.told < 2)) $$;
REVOKE ALL ON FUNCTION app.due_cases(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_cases(date) TO jinzhu_web;
"""


def upgrade() -> None:
    op.create_table(
        "own_day",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_own_day_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_day")),
        sa.UniqueConstraint("owner_id", "day", name=op.f("uq_own_day_owner_id_day")),
    )
    op.create_table(
        "procedure_case",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_code", sa.Text(), nullable=False),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "finished",
                "refused",
                "withdrawn",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="running",
            nullable=False,
        ),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column(
            "opened_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint(
            "(state = 'running') = (ended_at IS NULL)", name=op.f("ck_procedure_case_ended")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_procedure_case_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_procedure_case_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["provision.id"], name=op.f("fk_procedure_case_subject_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_procedure_case_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_procedure_case")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_procedure_case_tenant_id_number")),
    )
    op.create_index(
        "ix_procedure_case_state",
        "procedure_case",
        ["tenant_id", "state", "opened_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_procedure_case_subject_id"), "procedure_case", ["subject_id"], unique=False
    )
    op.create_index(
        "uq_procedure_case_running",
        "procedure_case",
        ["tenant_id", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "case_act",
        sa.Column("step_code", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("on_behalf", sa.Text(), server_default="", nullable=False),
        sa.Column("target_code", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "actor_id", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("actor_name", sa.Text(), server_default="", nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["procedure_case.tenant_id", "procedure_case.id"],
            name=op.f("fk_case_act_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_case_act_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_act")),
    )
    op.create_index("ix_case_act_case_id", "case_act", ["tenant_id", "case_id", "id"], unique=False)
    op.create_table(
        "case_step",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "suspended",
                "done",
                "skipped",
                "left",
                name="stepstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("waits", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("warn_on", sa.Date(), nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("pauses", ARRAY(sa.Date()), server_default="{}", nullable=False),
        sa.Column("told", sa.Integer(), server_default="0", nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["procedure_case.tenant_id", "procedure_case.id"],
            name=op.f("fk_case_step_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_case_step_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_step")),
        sa.UniqueConstraint(
            "tenant_id",
            "case_id",
            "code",
            "round",
            name=op.f("uq_case_step_tenant_id_case_id_code_round"),
        ),
    )
    op.create_index(
        "ix_case_step_open",
        "case_step",
        ["tenant_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'suspended')"),
    )
    op.create_table(
        "entry",
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "entered",
                "suspended",
                "excluded",
                "left",
                name="entrystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "resident",
                "proxy",
                "branch",
                "standalone",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("approval", sa.Text(), server_default="", nullable=False),
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
        sa.CheckConstraint(
            "state <> 'excluded' OR reason <> ''", name=op.f("ck_entry_reason_given")
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_entry_in_order")),
        sa.ForeignKeyConstraint(["subject_id"], ["provision.id"], name=op.f("fk_entry_subject_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["procedure_case.tenant_id", "procedure_case.id"],
            name=op.f("fk_entry_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_entry_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_since", "entry", ["tenant_id", "since"], unique=False)
    op.create_index(
        "uq_entry_current",
        "entry",
        ["tenant_id", "subject_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
        postgresql_include=["state", "mode"],
    )
    op.execute(LOG_CHANGE)
    op.execute(owned("own_day", below=""))
    op.execute(DAYS_FOR_A_PUSH)
    # A superior department signs in the cases of the centers below it: it reads them and moves
    # their steps, nothing else.
    op.execute(protect("procedure_case", own="SELECT, INSERT, UPDATE", push="SELECT, UPDATE"))
    op.execute(protect("case_step", own="SELECT, INSERT, UPDATE", push="SELECT, INSERT, UPDATE"))
    op.execute(protect("case_act", own="SELECT, INSERT", push="SELECT, INSERT"))
    op.execute(protect("entry", own="SELECT, INSERT, UPDATE", push="SELECT, INSERT, UPDATE"))
    op.execute(DUE_CASES)


def downgrade() -> None:
    op.execute("DROP FUNCTION app.due_cases(date)")
    for table in ("entry", "case_act", "case_step", "procedure_case", "own_day"):
        op.drop_table(table)
