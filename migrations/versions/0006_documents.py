"""Files of a center, and the documents of cases that they are attached as."""

import sqlalchemy as sa
from alembic import op

from jinzhu.core.ddl import protect

revision = "0006"
down_revision = "0005"

#: The change log keeps what came, when and by whom; the content itself stays in its row.
LOG_FILE = """
CREATE FUNCTION app.log_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO change (tenant_id, actor_id, action, request_id, record, record_id, after)
    SELECT n.tenant_id, nullif(current_setting('app.actor_id', true), '')::bigint,
        coalesce(current_setting('app.action', true), ''),
        coalesce(current_setting('app.request_id', true), ''), TG_TABLE_NAME, n.id,
        jsonb_build_object('id', n.id, 'tenant_id', n.tenant_id, 'sha256', n.sha256,
            'type', n.type, 'size', n.size)
    FROM new_rows n;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION app.log_file() FROM PUBLIC;
DROP TRIGGER log_insert ON stored_file;
CREATE TRIGGER log_insert AFTER INSERT ON stored_file REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.log_file();
"""
DUE_DOCUMENTS = """
CREATE POLICY clock ON case_document FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.due_documents(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT d.tenant_id FROM case_document d
    WHERE d.withdrawn_at IS NULL AND d.told < 2
        AND (d.valid_until <= day OR d.told < 1 AND d.valid_until <= day + 30) $$;
REVOKE ALL ON FUNCTION app.due_documents(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_documents(date) TO jinzhu_web;
"""


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


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


def _file() -> None:
    op.create_table(
        "stored_file",
        _text("sha256"),
        _text("type"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *_owned("stored_file"),
        sa.UniqueConstraint("tenant_id", "sha256", name="uq_stored_file_tenant_id_sha256"),
        sa.CheckConstraint("size = octet_length(content)", name="ck_stored_file_whole"),
    )
    # What comes is compressed already; kept as it is, its length is known without reading it.
    op.execute("ALTER TABLE stored_file ALTER COLUMN content SET STORAGE EXTERNAL")


def _document() -> None:
    table = "case_document"
    op.create_table(
        table,
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        _text("department_code"),
        _text("step_code", default=""),
        _text("name"),
        _text("file_name"),
        _text("number", default=""),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("told", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "attached_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        *_owned(table),
        _of(table, "case_id", "procedure_case"),
        _of(table, "file_id", "stored_file"),
        sa.CheckConstraint("valid_until >= valid_from", name="ck_case_document_in_order"),
    )
    op.create_index("ix_case_document_case_id", table, ["tenant_id", "case_id"])
    op.create_index(
        "ix_case_document_department_code", table, ["tenant_id", "department_code", "name"]
    )
    op.create_index(
        "ix_case_document_ending",
        table,
        ["valid_until"],
        postgresql_where=sa.text("withdrawn_at IS NULL AND told < 2"),
    )


def upgrade() -> None:
    _file()
    _document()
    # A superior department attaches what it signs to the case of the center below.
    op.execute(protect("stored_file", own="SELECT, INSERT", push="SELECT, INSERT"))
    op.execute(
        protect("case_document", own="SELECT, INSERT, UPDATE", push="SELECT, INSERT, UPDATE")
    )
    op.execute(LOG_FILE)
    op.execute(DUE_DOCUMENTS)


def downgrade() -> None:
    op.execute("DROP FUNCTION app.due_documents(date)")
    op.drop_table("case_document")
    op.drop_table("stored_file")
    op.execute("DROP FUNCTION app.log_file()")
