"""The digest by mail: who wants it, each letter, and what its links do without signing in."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

#: So late it is in the service hall.
HOUR = "extract(hour FROM now() AT TIME ZONE interval '8 hours')"
TODAY = "(now() AT TIME ZONE interval '8 hours')::date"

#: A person sees what is the own; the clock and its jobs, where nobody acts, what is the center's.
PROTECT = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON {table} TO jinzhu_web USING (tenant_id = (SELECT app.tenant_id())
    AND account_id = coalesce((SELECT app.actor_id()), account_id));
CREATE POLICY clock ON {table} FOR SELECT TO CURRENT_USER USING (true);
GRANT {rights} ON {table} TO jinzhu_web;
"""

DUE = f"""
CREATE FUNCTION app.due_digests(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.tenant_id FROM digest d WHERE d.frequency <> 'off' AND d.state = 'confirmed'
        AND d.hour <= {HOUR} AND (d.looked_on IS NULL OR d.looked_on < day)
    UNION SELECT l.tenant_id FROM digest_letter l
    WHERE l.state = 'waiting' AND l.try_after <= now() $$;
REVOKE ALL ON FUNCTION app.due_digests(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_digests(date) TO jinzhu_web;
"""

#: What the links in letters do: whoever has the token may, and is told the center and no more.
LINKS = f"""
CREATE POLICY received ON digest FOR UPDATE TO CURRENT_USER USING (true);
CREATE FUNCTION app.digest_link(given text) RETURNS TABLE (center text, wanted boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.name, d.frequency <> 'off' FROM digest d JOIN center c ON c.id = d.tenant_id
    WHERE given <> ''
        AND (d.confirm_hash = given AND d.confirm_until > now() OR d.stop_hash = given) $$;
CREATE FUNCTION app.confirm_digest(given text) RETURNS TABLE (center text, wanted boolean)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE digest d SET state = 'confirmed', confirm_hash = '', confirm_until = NULL,
        changed_at = now(),
        looked_on = CASE WHEN d.hour < {HOUR} THEN {TODAY} ELSE d.looked_on END
    FROM center c WHERE c.id = d.tenant_id AND given <> '' AND d.confirm_hash = given
        AND d.confirm_until > now() AND d.state = 'asked'
    RETURNING c.name, d.frequency <> 'off' $$;
CREATE FUNCTION app.stop_digest(given text) RETURNS TABLE (center text)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE digest d SET frequency = 'off', changed_at = now() FROM center c
    WHERE c.id = d.tenant_id AND given <> '' AND d.stop_hash = given RETURNING c.name $$;
REVOKE ALL ON FUNCTION app.digest_link(text), app.confirm_digest(text), app.stop_digest(text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.digest_link(text), app.confirm_digest(text), app.stop_digest(text)
    TO jinzhu_public;
"""


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _time(name: str, *, now: bool = True) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)


def _choice(
    column: str, name: str, *values: str, default: str | None = None, length: int = 32
) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=length)
    return sa.Column(column, kind, server_default=default, nullable=False)


def _tenant() -> sa.Column[int]:
    return sa.Column(
        "tenant_id",
        sa.Integer(),
        server_default=sa.text("app.tenant_id()"),
        autoincrement=False,
        nullable=False,
    )


def _account() -> sa.Column[int]:
    return sa.Column(
        "account_id",
        sa.BigInteger(),
        server_default=sa.text("app.actor_id()"),
        autoincrement=False,
        nullable=False,
    )


def _digest() -> None:
    op.create_table(
        "digest",
        _tenant(),
        _account(),
        _text("address"),
        _choice("state", "addressstate", "none", "asked", "confirmed", "refused", default="none"),
        _text("seed"),
        _text("confirm_hash"),
        _time("confirm_until", now=False),
        _text("stop_hash"),
        _choice("frequency", "frequency", "off", "daily", "weekly", default="off"),
        sa.Column("hour", sa.Integer(), server_default="8", nullable=False),
        _text("language", default="zh-CN"),
        sa.Column("looked_on", sa.Date(), nullable=True),
        _time("changed_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name="fk_digest_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", name="pk_digest"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_digest_hour")),
        sa.CheckConstraint("(state = 'none') = (address = '')", name=op.f("ck_digest_address")),
        sa.CheckConstraint(
            "(confirm_hash = '') = (confirm_until IS NULL)", name=op.f("ck_digest_asked")
        ),
    )
    for name, columns, where in (
        ("confirm", ["confirm_hash"], "confirm_hash <> ''"),
        ("stop", ["stop_hash"], "stop_hash <> ''"),
        ("wanted", ["tenant_id"], "frequency <> 'off'"),
    ):
        op.create_index(f"ix_digest_{name}", "digest", columns, postgresql_where=sa.text(where))


def _letter() -> None:
    table = "digest_letter"
    states = ("waiting", "queued", "sending", "sent", "empty", "failed", "unclear")
    op.create_table(
        table,
        _tenant(),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _account(),
        _choice("purpose", "purpose", "confirmation", "digest"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("seed", default=None),
        _choice("state", "letterstate", *states, default="waiting"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _time("try_after"),
        _text("batch"),
        _text("code"),
        _time("created_at"),
        _time("ended_at", now=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=f"fk_{table}_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["digest.tenant_id", "digest.account_id"],
            name=f"fk_{table}_tenant_id_account_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"),
    )
    op.create_index(
        "uq_digest_letter_day",
        table,
        ["tenant_id", "account_id", "day"],
        unique=True,
        postgresql_where=sa.text("purpose = 'digest'"),
    )
    op.create_index("ix_digest_letter_batch", table, ["tenant_id", "batch", "state"])
    op.create_index(
        "ix_digest_letter_waiting",
        table,
        ["try_after"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def upgrade() -> None:
    _digest()
    _letter()
    op.execute(PROTECT.format(table="digest", rights="SELECT, INSERT, UPDATE"))
    op.execute(PROTECT.format(table="digest_letter", rights="SELECT, INSERT, UPDATE, DELETE"))
    op.execute(DUE)
    op.execute(LINKS)


def downgrade() -> None:
    for name in ("stop_digest(text)", "confirm_digest(text)", "digest_link(text)"):
        op.execute(f"DROP FUNCTION app.{name}")
    op.execute("DROP FUNCTION app.due_digests(date)")
    op.drop_table("digest_letter")
    op.drop_table("digest")
