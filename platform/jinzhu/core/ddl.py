"""What a migration does to each table that a center owns: the boundary and the change log.

Two policies, never OR-ed on one role: the service itself reads and writes the rows of one
center; a superior reads its subtree as another role, entered by SET LOCAL ROLE.
"""

from collections.abc import Sequence
from typing import Literal

Push = Literal["", "SELECT", "SELECT, INSERT", "SELECT, UPDATE", "SELECT, INSERT, UPDATE"]

ROLES = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jinzhu_reader') THEN
        CREATE ROLE jinzhu_reader NOLOGIN NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jinzhu_push') THEN
        CREATE ROLE jinzhu_push NOLOGIN NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jinzhu_public') THEN
        CREATE ROLE jinzhu_public NOLOGIN NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jinzhu_web') THEN
        CREATE ROLE jinzhu_web LOGIN NOINHERIT NOBYPASSRLS;
    END IF;
    -- A policy of the reader also applies to every role that inherits it, and both would be
    -- OR-ed: the service would read its whole subtree all the time.  So it may enter the role,
    -- and inherits nothing of it.
    IF pg_has_role('jinzhu_web', 'jinzhu_reader', 'MEMBER')
        AND pg_has_role('jinzhu_web', 'jinzhu_push', 'MEMBER')
        AND pg_has_role('jinzhu_web', 'jinzhu_public', 'MEMBER') THEN
        NULL;
    ELSIF current_setting('server_version_num')::int >= 160000 THEN
        -- As text: PostgreSQL 15 would not even read it.
        EXECUTE 'GRANT jinzhu_reader, jinzhu_push, jinzhu_public TO jinzhu_web '
            'WITH INHERIT FALSE, SET TRUE';
    ELSE
        GRANT jinzhu_reader, jinzhu_push, jinzhu_public TO jinzhu_web;
    END IF;
END $$;
"""

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS app;
GRANT USAGE ON SCHEMA app, public TO jinzhu_web, jinzhu_reader, jinzhu_push;

-- After a transaction that used SET LOCAL the setting is '' (not NULL) on that connection: nullif.
CREATE FUNCTION app.tenant_id() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::int $$;
CREATE FUNCTION app.actor_id() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.actor_id', true), '')::bigint $$;
"""

CHANGE_LOG = """
CREATE TABLE change (
    tenant_id int NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_id bigint,
    action text NOT NULL DEFAULT '',
    request_id text NOT NULL DEFAULT '',
    record text NOT NULL,
    record_id bigint NOT NULL,
    before jsonb,
    after jsonb,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_change_record ON change (tenant_id, record, record_id, id);
ALTER TABLE change ENABLE ROW LEVEL SECURITY;
ALTER TABLE change FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON change FOR SELECT TO jinzhu_web USING (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY superior ON change FOR SELECT TO jinzhu_reader
    USING (tenant_id = ANY ((SELECT app.read_ids())::int[]));
-- Only the trigger writes, as the owner; nobody changes or deletes.
CREATE POLICY written ON change FOR INSERT TO CURRENT_USER WITH CHECK (true);
GRANT SELECT ON change TO jinzhu_web, jinzhu_reader;
"""

#: Made anew by a later migration; a table may have columns of the same names as its variables.
LOG_CHANGE = """
-- One statement, one insert, whatever the number of rows.  A session keeps the plan of its first
-- change, often of one row; a nested loop would then compare every pair of a later change of many.
CREATE OR REPLACE FUNCTION app.log_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET enable_nestloop = off AS $$
#variable_conflict use_variable
DECLARE
    actor bigint := nullif(current_setting('app.actor_id', true), '')::bigint;
    action text := coalesce(current_setting('app.action', true), '');
    request text := coalesce(current_setting('app.request_id', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO change (tenant_id, actor_id, action, request_id, record, record_id, after)
        SELECT n.tenant_id, actor, action, request, TG_TABLE_NAME, n.id, to_jsonb(n)
        FROM new_rows n;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO change (tenant_id, actor_id, action, request_id, record, record_id,
            before, after)
        SELECT n.tenant_id, actor, action, request, TG_TABLE_NAME, n.id, to_jsonb(o), to_jsonb(n)
        FROM new_rows n JOIN old_rows o ON o.tenant_id = n.tenant_id AND o.id = n.id;
    ELSE
        INSERT INTO change (tenant_id, actor_id, action, request_id, record, record_id, before)
        SELECT o.tenant_id, actor, action, request, TG_TABLE_NAME, o.id, to_jsonb(o)
        FROM old_rows o;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION app.log_change() FROM PUBLIC;
"""

#: The change log of a table with personal data: that something changed, and not what it was.
LOG_PRIVATE = """
CREATE FUNCTION app.log_private() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET enable_nestloop = off AS $$
#variable_conflict use_variable
DECLARE
    actor bigint := nullif(current_setting('app.actor_id', true), '')::bigint;
    action text := coalesce(current_setting('app.action', true), '');
    request text := coalesce(current_setting('app.request_id', true), '');
    private text[] := TG_ARGV;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO change (tenant_id, actor_id, action, request_id, record, record_id, after)
        SELECT n.tenant_id, actor, action, request, TG_TABLE_NAME, n.id, to_jsonb(n) - private
        FROM new_rows n;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO change (tenant_id, actor_id, action, request_id, record, record_id,
            before, after)
        SELECT n.tenant_id, actor, action, request, TG_TABLE_NAME, n.id,
            to_jsonb(o) - private, to_jsonb(n) - private
        FROM new_rows n JOIN old_rows o ON o.tenant_id = n.tenant_id AND o.id = n.id;
    ELSE
        INSERT INTO change (tenant_id, actor_id, action, request_id, record, record_id, before)
        SELECT o.tenant_id, actor, action, request, TG_TABLE_NAME, o.id, to_jsonb(o) - private
        FROM old_rows o;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION app.log_private() FROM PUBLIC;
"""

PROTECT = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON {table} TO jinzhu_web USING (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY superior ON {table} FOR SELECT TO jinzhu_reader
    USING (tenant_id = ANY ((SELECT app.read_ids())::int[]));
GRANT {own} ON {table} TO jinzhu_web;
GRANT SELECT ON {table} TO jinzhu_reader;
CREATE TRIGGER log_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.log_change();
CREATE TRIGGER log_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows
    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.log_change();
CREATE TRIGGER log_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.log_change();
"""

#: A hashed list and not `= ANY (array)`, which PostgreSQL sorts anew for each row it looks up by
#: key; a push looks up one for each center and changed provision.
PUSHED = """
CREATE POLICY push ON {table} TO jinzhu_push USING (tenant_id IN (
    SELECT id FROM public.center WHERE path @> ARRAY[(SELECT app.tenant_id())]));
GRANT {push} ON {table} TO jinzhu_push;
"""

#: What anybody may read.  The public is a role of its own, which no other policy speaks to.
PUBLISHED = """
CREATE POLICY public ON {table} FOR SELECT TO jinzhu_public
    USING (tenant_id = (SELECT app.tenant_id()){when});
GRANT SELECT{seen} ON {table} TO jinzhu_public;
"""

#: A shared table whose rows have an owner center: the owner writes, those below it read.
OWNED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON {table} TO jinzhu_web, jinzhu_push
    USING (owner_id = (SELECT app.tenant_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO jinzhu_web;
GRANT SELECT, INSERT, UPDATE ON {table} TO jinzhu_push;
"""
BELOW = """
CREATE POLICY below ON {table} FOR SELECT TO jinzhu_web
    USING (owner_id = ANY ((SELECT app.up_ids())::int[]){when});
CREATE POLICY superior ON {table} FOR SELECT TO jinzhu_reader
    USING (owner_id = ANY ((SELECT app.seen_ids())::int[]){when});
GRANT SELECT ON {table} TO jinzhu_reader;
"""


def protect(
    table: str,
    *,
    own: str = "SELECT, INSERT, UPDATE, DELETE",
    push: Push = "",
    private: Sequence[str] = (),
) -> str:
    """Return the SQL that puts a table behind the boundary and into the change log.

    `push` names what a roll-out may do with the rows of the centers below its owner; `private`
    the columns that the change log tells nothing of, since nothing in it can be taken back.
    """
    sql = PROTECT.format(table=table, own=own)
    if private:
        names = ", ".join(f"'{name}'" for name in private)
        sql = sql.replace("app.log_change()", f"app.log_private({names})")
    return sql + PUSHED.format(table=table, push=push) if push else sql


def published(table: str, *, columns: Sequence[str] = (), when: str = "") -> str:
    """Return the SQL that lets the public read rows of the center it looks at.

    `columns` are those that it sees, else all; `when` is a condition on the row.
    """
    seen = f" ({', '.join(columns)})" if columns else ""
    return PUBLISHED.format(table=table, seen=seen, when=f" AND {when}" if when else "")


def owned(table: str, *, below: str | None = None) -> str:
    """Return the SQL for a shared table with an owner.

    `below` is None where only the owner sees the rows, '' where those below it see them all,
    or a condition on the row.
    """
    sql = OWNED.format(table=table)
    if below is None:
        return sql
    return sql + BELOW.format(table=table, when=f" AND {below}" if below else "")
