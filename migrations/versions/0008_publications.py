"""Publications and objections, the role of the public, and who saw personal data in full."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jinzhu.core.ddl import LOG_PRIVATE, protect, published

revision = "0008"
down_revision = "0007"

#: What the public reads of a publication: not whose case it is, nor whatever comes to stand there.
PUBLICATION = (
    "tenant_id", "id", "number", "object", "kind", "subject_code", "subject_name",
    "department_code", "department_name", "content", "from_on", "until_on", "state", "ended_on",
    "reason",
)  # fmt: skip
#: What it reads of an objection: never who objects, nor in which words.
OBJECTION = (
    "tenant_id", "id", "publication_id", "number", "received_on", "state", "answer", "closed_on",
)  # fmt: skip
ASSIGNMENT = (
    "tenant_id", "id", "window_id", "object", "code", "name", "department_code", "starts_on",
    "ends_on",
)  # fmt: skip
#: Of the objections of a center; numbers are counted, and a publication ends, one after the other.
LOCKS = 7205
#: So many objections in an hour come from one address and are meant.
MOST = 5

PUBLIC = """
GRANT USAGE ON SCHEMA app, public TO jinzhu_public;
GRANT SELECT ON center TO jinzhu_public;
CREATE POLICY public ON own_day FOR SELECT TO jinzhu_public
    USING (owner_id = ANY ((SELECT app.up_ids())::int[]));
GRANT SELECT (id, owner_id, day, working) ON own_day TO jinzhu_public;
"""
NO_PUBLIC = """
DROP POLICY public ON window_assignment;
DROP POLICY public ON hall_window;
DROP POLICY public ON hall_zone;
DROP POLICY public ON hall_day;
DROP POLICY public ON hall;
DROP POLICY public ON own_day;
REVOKE SELECT ({assignment}) ON window_assignment FROM jinzhu_public;
REVOKE SELECT ON hall_window, hall_zone, hall_day, hall, center FROM jinzhu_public;
REVOKE SELECT (id, owner_id, day, working) ON own_day FROM jinzhu_public;
REVOKE USAGE ON SCHEMA app, public FROM jinzhu_public;
"""

#: The one thing that the public writes.  It says no more than a number, or why not.
OBJECT = f"""
CREATE POLICY clock ON objection FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY received ON objection FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY clock ON publication FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.object(of_number text, day date, given jsonb)
    RETURNS TABLE (number text, refused text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    about bigint;
    known text;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCKS}, app.tenant_id());
    SELECT o.number INTO known FROM objection o
    WHERE o.tenant_id = app.tenant_id() AND o.submission = given ->> 'submission';
    IF known IS NOT NULL THEN
        RETURN QUERY SELECT known, '';
        RETURN;
    END IF;
    SELECT p.id INTO about FROM publication p
    WHERE p.tenant_id = app.tenant_id() AND p.number = of_number AND p.state = 'running'
        AND day BETWEEN p.from_on AND p.until_on;
    IF about IS NULL THEN
        RETURN QUERY SELECT '', 'over';
        RETURN;
    END IF;
    IF {MOST} <= (SELECT count(*) FROM objection o WHERE o.origin = given ->> 'origin'
        AND o.created_at > now() - interval '1 hour') THEN
        RETURN QUERY SELECT '', 'too_many';
        RETURN;
    END IF;
    RETURN QUERY
    INSERT INTO objection AS o (tenant_id, publication_id, number, said, name, contact, code,
        origin, submission, received_on)
    SELECT app.tenant_id(), about,
        of_number || '-' || lpad((count(*) + 1)::text, greatest(2, length((count(*) + 1)::text)),
            '0'),
        given ->> 'said', given ->> 'name', given ->> 'contact', given ->> 'code',
        given ->> 'origin', given ->> 'submission', day
    FROM objection before
    WHERE before.tenant_id = app.tenant_id() AND before.publication_id = about
    RETURNING o.number, '';
END $$;
CREATE FUNCTION app.objection(of_number text, known_code text)
    RETURNS TABLE (number text, publication text, subject_name text, received_on date, state text,
        answer text, closed_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.number, p.number, p.subject_name, o.received_on, o.state, o.answer, o.closed_on
    FROM objection o JOIN publication p ON p.tenant_id = o.tenant_id AND p.id = o.publication_id
    WHERE o.tenant_id = app.tenant_id() AND o.number = of_number AND o.code = known_code $$;
CREATE FUNCTION app.due_objections(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT o.tenant_id FROM objection o WHERE NOT o.told $$;
REVOKE ALL ON FUNCTION app.object(text, date, jsonb), app.objection(text, text),
    app.due_objections(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.object(text, date, jsonb), app.objection(text, text)
    TO jinzhu_public;
GRANT EXECUTE ON FUNCTION app.due_objections(date) TO jinzhu_web;
"""


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _date(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


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


def _publication() -> None:
    table = "publication"
    op.create_table(
        table,
        _text("number"),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        _text("step_code"),
        sa.Column("round", sa.Integer(), nullable=False),
        _text("object"),
        _text("kind"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        _text("subject_code"),
        _text("subject_name"),
        _text("department_code"),
        _text("department_name"),
        sa.Column("content", JSONB(), nullable=False),
        _date("from_on"),
        _date("until_on"),
        _state("publicationstate", "running", "over", "withdrawn"),
        _date("ended_on", nullable=True),
        _text("reason", default=""),
        *_owned(table),
        _of(table, "case_id", "procedure_case"),
        sa.ForeignKeyConstraint(["subject_id"], ["provision.id"], name="fk_publication_subject_id"),
        sa.UniqueConstraint("tenant_id", "number", name="uq_publication_tenant_id_number"),
        sa.UniqueConstraint(
            "tenant_id",
            "case_id",
            "step_code",
            "round",
            name="uq_publication_tenant_id_case_id_step_code_round",
        ),
        sa.CheckConstraint("until_on >= from_on", name="ck_publication_in_order"),
        sa.CheckConstraint("(state = 'running') = (ended_on IS NULL)", name="ck_publication_ended"),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR reason <> ''", name="ck_publication_reason_given"
        ),
    )
    op.create_index("ix_publication_state", table, ["tenant_id", "state", "until_on"])


def _objection() -> None:
    table = "objection"
    op.create_table(
        table,
        sa.Column("publication_id", sa.BigInteger(), nullable=False),
        *(_text(name) for name in ("number", "said", "name", "contact", "code", "origin")),
        _text("submission"),
        _date("received_on"),
        _state("objectionstate", "open", "accepted", "rejected", "lapsed"),
        _text("answer", default=""),
        _date("closed_on", nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *_owned(table),
        _of(table, "publication_id", "publication"),
        sa.UniqueConstraint("tenant_id", "number", name="uq_objection_tenant_id_number"),
        sa.UniqueConstraint("tenant_id", "submission", name="uq_objection_tenant_id_submission"),
        sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="ck_objection_closed"),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'rejected') OR answer <> ''", name="ck_objection_answered"
        ),
    )
    op.create_index("ix_objection_publication_id", table, ["tenant_id", "publication_id", "state"])
    op.create_index("ix_objection_origin", table, ["origin", "created_at"])
    op.create_index(
        "ix_objection_untold", table, ["tenant_id"], postgresql_where=sa.text("NOT told")
    )


def _disclosure() -> None:
    table = "disclosure"
    op.create_table(
        table,
        _text("record"),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("fields", ARRAY(sa.Text()), nullable=False),
        _text("reason"),
        sa.Column(
            "account_id", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        *_owned(table),
        sa.CheckConstraint("reason <> ''", name="ck_disclosure_reason_given"),
    )
    op.create_index("ix_disclosure_record", table, ["tenant_id", "record", "record_id"])


def upgrade() -> None:
    op.execute(LOG_PRIVATE)
    _publication()
    _objection()
    _disclosure()
    private = ("said", "name", "contact", "code", "origin", "submission")
    # A superior department that sends a case back ends its publication; a calendar moves it.
    op.execute(protect("publication", own="SELECT, INSERT, UPDATE", push="SELECT, INSERT, UPDATE"))
    op.execute(protect("objection", own="SELECT, UPDATE", push="SELECT, UPDATE", private=private))
    op.execute(protect("disclosure", own="SELECT, INSERT"))
    op.execute(PUBLIC)
    op.execute(published("publication", columns=PUBLICATION))
    op.execute(published("objection", columns=OBJECTION))
    op.execute(OBJECT)
    for table in ("hall", "hall_zone", "hall_window"):
        op.execute(published(table, when="closed_on IS NULL"))
    op.execute(published("hall_day"))
    op.execute(published("window_assignment", columns=ASSIGNMENT))


def downgrade() -> None:
    op.execute(NO_PUBLIC.format(assignment=", ".join(ASSIGNMENT)))
    op.execute("DROP FUNCTION app.due_objections(date)")
    op.execute("DROP FUNCTION app.objection(text, text)")
    op.execute("DROP FUNCTION app.object(text, date, jsonb)")
    for table in ("disclosure", "objection", "publication"):
        op.drop_table(table)
    op.execute("DROP FUNCTION app.log_private()")
