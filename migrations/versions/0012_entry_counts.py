"""How much stands in which state at each center, counted ahead for those above it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

#: Whatever could change a center's figures notes the center, and takes no lock for it.  Until it is
#: counted again its figures are taken from its rows.
TOUCHED = """
CREATE FUNCTION app.touch_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO entry_touched (tenant_id) SELECT DISTINCT n.tenant_id FROM new_rows n;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION app.touch_entries() FROM PUBLIC;
CREATE FUNCTION app.due_entry_counts(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT t.tenant_id FROM entry_touched t ORDER BY 1 $$;
REVOKE ALL ON FUNCTION app.due_entry_counts(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_entry_counts(date) TO jinzhu_web;
CREATE POLICY touched ON entry_touched FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY clock ON entry_touched FOR SELECT TO CURRENT_USER USING (true);
"""
PROTECTED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON {table} TO jinzhu_web USING (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY superior ON {table} FOR SELECT TO jinzhu_reader
    USING (tenant_id = ANY ((SELECT app.read_ids())::int[]));
GRANT SELECT, INSERT, DELETE ON {table} TO jinzhu_web;
GRANT SELECT ON {table} TO jinzhu_reader;
"""
NOTED = """
CREATE TRIGGER touch_{when} AFTER {event} ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.touch_entries();
"""
WATCHED = ("entry", "item", "department", "adoption")
#: Centers that have something already are counted once the service runs.
FIRST = "INSERT INTO entry_touched (tenant_id) SELECT id FROM center"


def upgrade() -> None:
    op.create_table(
        "entry_count",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_entry_count_tenant_id")
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "kind", "department_code", "part", "state", name=op.f("pk_entry_count")
        ),
    )
    op.create_table(
        "entry_touched",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_entry_touched_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_entry_touched")),
    )
    for table in ("entry_count", "entry_touched"):
        op.execute(PROTECTED.format(table=table))
    op.execute(TOUCHED)
    for table in WATCHED:
        for event in ("INSERT", "UPDATE"):
            op.execute(NOTED.format(table=table, event=event, when=event.lower()))
    op.execute(FIRST)


def downgrade() -> None:
    for table in WATCHED:
        for event in ("insert", "update"):
            op.execute(f"DROP TRIGGER touch_{event} ON {table}")
    op.execute("DROP FUNCTION app.due_entry_counts(date); DROP FUNCTION app.touch_entries()")
    op.drop_table("entry_touched")
    op.drop_table("entry_count")
