"""How many records of a center break each rule of quality, counted ahead."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

#: The rules that the counts are made by; see tests/jinzhu/standards/test_quality.py.
QUALITY_RULES = "a5779c32f913dd56"

#: Whatever could change a center's figures notes the center, and takes no lock for it.  A few are
#: named at a time, so that a push to all of them keeps nothing else that is due waiting.
TOUCHED = """
CREATE FUNCTION app.touch_quality() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO quality_touched (tenant_id) SELECT DISTINCT n.tenant_id FROM new_rows n;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION app.touch_quality() FROM PUBLIC;
CREATE FUNCTION app.due_quality_counts(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.tenant_id FROM quality_touched t GROUP BY 1 ORDER BY min(t.id) LIMIT 10 $$;
REVOKE ALL ON FUNCTION app.due_quality_counts(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_quality_counts(date) TO jinzhu_web;
CREATE POLICY touched ON quality_touched FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY clock ON quality_touched FOR SELECT TO CURRENT_USER USING (true);
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
CREATE TRIGGER touch_quality_{when} AFTER {event} ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.touch_quality();
"""
WATCHED = ("item", "adoption")
#: Centers that have something already are counted once the service runs.
FIRST = "INSERT INTO quality_touched (tenant_id) SELECT id FROM center"


def upgrade() -> None:
    op.create_table(
        "quality_count",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sums", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_quality_count_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "kind", name=op.f("pk_quality_count")),
    )
    op.create_table(
        "quality_touched",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_quality_touched_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quality_touched")),
    )
    for table in ("quality_count", "quality_touched"):
        op.execute(PROTECTED.format(table=table))
    op.execute(TOUCHED)
    for table in WATCHED:
        for event in ("INSERT", "UPDATE"):
            op.execute(NOTED.format(table=table, event=event, when=event.lower()))
    op.execute(FIRST)


def downgrade() -> None:
    for table in WATCHED:
        for event in ("insert", "update"):
            op.execute(f"DROP TRIGGER touch_quality_{event} ON {table}")
    op.execute("DROP FUNCTION app.due_quality_counts(date); DROP FUNCTION app.touch_quality()")
    op.drop_table("quality_touched")
    op.drop_table("quality_count")
