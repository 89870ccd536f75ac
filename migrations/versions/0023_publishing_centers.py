"""Which centers publish something now and have halls: two numbers of each, for anybody."""

from alembic import op

revision = "0023"
down_revision = "0022"

PUBLISHING = """
CREATE POLICY counted ON hall FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.publishing(day date)
    RETURNS TABLE (center_id int, publications bigint, halls bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(p.tenant_id, h.tenant_id), coalesce(p.number, 0), coalesce(h.number, 0)
    FROM (SELECT tenant_id, count(*) AS number FROM publication
        WHERE state = 'running' AND until_on >= day GROUP BY 1) p
    FULL JOIN (SELECT tenant_id, count(*) AS number FROM hall
        WHERE closed_on IS NULL GROUP BY 1) h ON h.tenant_id = p.tenant_id $$;
REVOKE ALL ON FUNCTION app.publishing(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.publishing(date) TO jinzhu_public;
"""


def upgrade() -> None:
    op.execute(PUBLISHING)


def downgrade() -> None:
    op.execute("DROP FUNCTION app.publishing(date)")
    op.execute("DROP POLICY counted ON hall")
