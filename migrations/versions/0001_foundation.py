"""The boundary, the tree of centers, accounts and posts, jobs, the change log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.ddl import CHANGE_LOG, FUNCTIONS, LOG_CHANGE

revision = "0001"
down_revision = None

TREE = """
GRANT SELECT ON center TO jinzhu_web, jinzhu_reader, jinzhu_push;

-- The subtree comes from the database, not from the service: only the number of the center is set.
CREATE FUNCTION app.read_ids() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array(SELECT id FROM public.center WHERE path @> ARRAY[app.tenant_id()]) $$;
-- From the province down to the own center: whose standards reach it.
CREATE FUNCTION app.up_ids() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT path FROM public.center WHERE id = app.tenant_id() $$;
CREATE FUNCTION app.seen_ids() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT app.up_ids() || app.read_ids() $$;
"""

IDENTITY = """
GRANT SELECT ON role, account TO jinzhu_web;
GRANT UPDATE (password_hash, must_change_password, password_changed_at) ON account TO jinzhu_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_failure TO jinzhu_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in TO jinzhu_web;
GRANT SELECT ON post TO jinzhu_web;
ALTER TABLE post ENABLE ROW LEVEL SECURITY;
ALTER TABLE post FORCE ROW LEVEL SECURITY;
-- One's own posts, and those at the own center.
CREATE POLICY own ON post TO jinzhu_web USING (
    account_id = (SELECT app.actor_id()) OR center_id = (SELECT app.tenant_id()));
CREATE POLICY owner ON post TO CURRENT_USER USING (true);

-- From the hash of a session's key to a scope, before there is one.
CREATE FUNCTION app.identify(token bytea, idle_minutes int) RETURNS TABLE (
    account_id bigint, post_id bigint, center_id int, permissions text[], departments text[],
    csrf_token text, must_change_password boolean, idle_seconds int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, p.id, p.center_id, r.permissions, p.departments, s.csrf_token,
        a.must_change_password, extract(epoch FROM now() - s.last_seen_at)::int
    FROM sign_in s
    JOIN account a ON a.id = s.account_id AND a.active
    JOIN post p ON p.id = s.post_id AND p.account_id = a.id
        AND p.starts_on <= current_date AND coalesce(p.ends_on, 'infinity') >= current_date
    JOIN role r ON r.code = p.role_code
    WHERE s.token_hash = token AND s.last_seen_at > now() - make_interval(mins => idle_minutes) $$;
REVOKE ALL ON FUNCTION app.identify(bytea, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.identify(bytea, int) TO jinzhu_web;

-- A name for a number in a change log; nothing else of an account is told.
CREATE FUNCTION app.names(ids bigint[]) RETURNS TABLE (id bigint, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.name FROM account a WHERE a.id = ANY (ids) $$;
REVOKE ALL ON FUNCTION app.names(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.names(bigint[]) TO jinzhu_web, jinzhu_reader;
"""

JOBS = """
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON job TO jinzhu_web, jinzhu_push USING (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY owner ON job FOR SELECT TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE ON job TO jinzhu_web;
GRANT SELECT, UPDATE ON job TO jinzhu_push;

-- For the sweeper: which jobs of all centers are not over.  Their numbers, not their content.
CREATE FUNCTION app.open_jobs() RETURNS TABLE (tenant_id int, id bigint, state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT j.tenant_id, j.id, j.state FROM job j
    WHERE j.state = 'running'
       OR (j.state = 'queued' AND j.created_at < now() - interval '2 seconds') $$;
REVOKE ALL ON FUNCTION app.open_jobs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.open_jobs() TO jinzhu_web;
"""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "center",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "city",
                "county",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("development_zone", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["center.id"], name=op.f("fk_center_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_center")),
        sa.UniqueConstraint("code", "level", name=op.f("uq_center_code_level")),
    )
    op.create_index(op.f("ix_center_parent_id"), "center", ["parent_id"], unique=False)
    op.create_index("ix_center_path", "center", ["path"], unique=False, postgresql_using="gin")
    op.create_table(
        "job",
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
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="queued",
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("permissions", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_waiting",
        "job",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "role",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("permissions", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_role")),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column("departments", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("starts_on", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_post_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_post_account_id")),
        sa.ForeignKeyConstraint(["center_id"], ["center.id"], name=op.f("fk_post_center_id")),
        sa.ForeignKeyConstraint(["role_code"], ["role.code"], name=op.f("fk_post_role_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index(op.f("ix_post_account_id"), "post", ["account_id"], unique=False)
    op.create_index(op.f("ix_post_center_id"), "post", ["center_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("agent", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sign_in_post_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.execute(TREE)
    op.execute(IDENTITY)
    op.execute(JOBS)
    op.execute(CHANGE_LOG)
    op.execute(LOG_CHANGE)


def downgrade() -> None:
    op.execute("DROP TABLE change")
    op.drop_table("sign_in")
    op.drop_table("post")
    op.drop_table("role")
    op.drop_table("job")
    op.drop_table("center")
    op.drop_table("sign_in_failure")
    op.drop_table("account")
    op.execute("DROP SCHEMA app CASCADE")
