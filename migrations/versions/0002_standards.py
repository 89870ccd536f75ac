"""Standards, editions, roll-outs, and what a center adds: items and departments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.ddl import owned, protect

revision = "0002"
down_revision = "0001"

RULES = """
-- The codes of a list of objects, or the list itself: what `subset` compares.
CREATE FUNCTION app.codes(list jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(coalesce(part -> 'code', part)), '[]')
    FROM jsonb_array_elements(list) part $$;

-- The one definition of a field rule: does this local value break it?  `bound` is the standard's
-- value.  A field without a rule, or with a fixed one, may not be set at all.
CREATE FUNCTION app.breaks(rule text, bound jsonb, value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE rule
        WHEN 'default' THEN false
        WHEN 'local' THEN false
        WHEN 'at_most' THEN CASE
            WHEN bound IS NULL THEN false
            WHEN jsonb_typeof(value) <> 'number' THEN true
            ELSE (value #>> '{}')::numeric > (bound #>> '{}')::numeric END
        WHEN 'subset' THEN bound IS NOT NULL AND NOT value <@ app.codes(bound)
        ELSE true END $$;

-- What a center shows: the standard, and on top of it the local values that are not held back.
-- A subset of a list of objects names the codes that stay.
CREATE FUNCTION app.effective(content jsonb, rules jsonb, local jsonb, held text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT content || coalesce((
        SELECT jsonb_object_agg(mine.key, CASE
            WHEN rules -> mine.key ->> 'rule' = 'subset' AND content ? mine.key THEN (
                SELECT coalesce(jsonb_agg(part ORDER BY place), '[]')
                FROM jsonb_array_elements(content -> mine.key) WITH ORDINALITY AS list (part, place)
                WHERE mine.value @> jsonb_build_array(coalesce(part -> 'code', part)))
            ELSE mine.value END)
        FROM jsonb_each(local - held) mine), '{}') $$;

-- How many required local fields are not filled in.
CREATE FUNCTION app.missing(required text[], local jsonb) RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN local ?& required THEN 0 ELSE (
        SELECT count(*)::int FROM unnest(required) field WHERE NOT local ? field) END $$;

-- The last defence: no way of writing leaves a local value outside the bound in force.
-- The lock makes writers and a push take turns: see jinzhu.standards.push.
CREATE FUNCTION app.guard_local() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    IF NEW.local = '{}' THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(7201, NEW.tenant_id);
    SELECT string_agg(mine.key, ', ') INTO wrong
    FROM adoption a
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = NEW.provision_id
    JOIN revision r ON r.id = e.revision_id
    CROSS JOIN LATERAL jsonb_each(NEW.local) mine
    WHERE a.tenant_id = NEW.tenant_id AND a.standard_id = NEW.standard_id
        AND mine.key <> ALL (NEW.held)
        AND app.breaks(r.rules -> mine.key ->> 'rule', r.content -> mine.key, mine.value);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'local values outside the bound of the standard: %', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'local_within_bounds';
    END IF;
    RETURN NEW;
END $$;
"""

IMMUTABLE = """
REVOKE UPDATE, DELETE ON revision, edition_entry, provision FROM jinzhu_web, jinzhu_push;
CREATE FUNCTION app.keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published edition is never changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_is_final';
END $$;
CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON edition FOR EACH ROW
    WHEN (OLD.state = 'published') EXECUTE FUNCTION app.keep_published();
CREATE FUNCTION app.keep_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM edition WHERE state = 'published'
               AND id IN (SELECT edition_id FROM new_rows)) THEN
        RAISE EXCEPTION 'nothing is added to a published edition'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_is_final';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_entries AFTER INSERT ON edition_entry REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.keep_entries();
"""

#: A center sees what was delivered to it; the owner of the roll-out sees all of it.
DELIVERY = """
CREATE POLICY received ON delivery FOR SELECT TO jinzhu_web
    USING (center_id = (SELECT app.tenant_id()));
CREATE POLICY superior ON delivery FOR SELECT TO jinzhu_reader
    USING (center_id = ANY ((SELECT app.read_ids())::int[]));
GRANT SELECT ON delivery TO jinzhu_reader;
"""


def upgrade() -> None:
    op.execute(RULES)
    op.create_table(
        "standard",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_standard_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
        sa.UniqueConstraint("owner_id", "code", name=op.f("uq_standard_owner_id_code")),
    )
    op.create_index(op.f("ix_standard_owner_id"), "standard", ["owner_id"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                name="editionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("base_id", sa.BigInteger(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=True),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (number IS NULL)", name=op.f("ck_edition_numbered")
        ),
        sa.ForeignKeyConstraint(["base_id"], ["edition.id"], name=op.f("fk_edition_base_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_edition_owner_id")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_edition_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("standard_id", "number", name=op.f("uq_edition_standard_id_number")),
    )
    op.create_index(op.f("ix_edition_owner_id"), "edition", ["owner_id"], unique=False)
    op.create_index(
        "uq_edition_one_draft",
        "edition",
        ["standard_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "provision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_provision_owner_id")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_provision_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
        sa.UniqueConstraint(
            "standard_id", "kind", "code", name=op.f("uq_provision_standard_id_kind_code")
        ),
    )
    op.create_index(op.f("ix_provision_owner_id"), "provision", ["owner_id"], unique=False)
    op.create_table(
        "adoption",
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("rollout_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
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
            ["edition_id"], ["edition.id"], name=op.f("fk_adoption_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_adoption_standard_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_adoption_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_adoption")),
        sa.UniqueConstraint(
            "tenant_id", "standard_id", name=op.f("uq_adoption_tenant_id_standard_id")
        ),
    )
    op.create_index(op.f("ix_adoption_edition_id"), "adoption", ["edition_id"], unique=False)
    op.create_table(
        "conflict",
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("local_value", JSONB(), nullable=False),
        sa.Column("bound", JSONB(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "settled",
                name="conflictstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column(
            "resolution",
            sa.Enum(
                "standard",
                "keep",
                "lifted",
                name="resolution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("settled_value", JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
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
            ["edition_id"], ["edition.id"], name=op.f("fk_conflict_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_conflict_provision_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_conflict_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_conflict")),
    )
    op.create_index(
        "ix_conflict_provision_id", "conflict", ["tenant_id", "provision_id"], unique=False
    )
    op.create_index(
        "uq_conflict_open",
        "conflict",
        ["tenant_id", "provision_id", "field"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "department",
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
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "claim",
            sa.Enum(
                "offered",
                "not_offered",
                "covered_by",
                name="claim",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("covered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("local", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("set_under", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("held", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.CheckConstraint(
            "(claim = 'covered_by') = (covered_by_id IS NOT NULL)",
            name=op.f("ck_department_covered_by_given"),
        ),
        sa.CheckConstraint(
            "claim <> 'not_offered' OR reason <> ''", name=op.f("ck_department_reason_given")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["provision.id"], name=op.f("fk_department_covered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_department_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_department_standard_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_department_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_department")),
        sa.UniqueConstraint(
            "tenant_id",
            "provision_id",
            name=op.f("uq_department_tenant_id_provision_id"),
            postgresql_include=["id", "standard_id", "claim"],
        ),
        info={"kind": "department"},
    )
    op.create_table(
        "draft_entry",
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("applies", JSONB(), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_draft_entry_edition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_draft_entry_owner_id")),
        sa.PrimaryKeyConstraint("edition_id", "kind", "code", name=op.f("pk_draft_entry")),
    )
    op.create_index(op.f("ix_draft_entry_owner_id"), "draft_entry", ["owner_id"], unique=False)
    op.create_table(
        "item",
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
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "claim",
            sa.Enum(
                "offered",
                "not_offered",
                "covered_by",
                name="claim",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("covered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("local", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("set_under", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("held", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.CheckConstraint(
            "(claim = 'covered_by') = (covered_by_id IS NOT NULL)",
            name=op.f("ck_item_covered_by_given"),
        ),
        sa.CheckConstraint(
            "claim <> 'not_offered' OR reason <> ''", name=op.f("ck_item_reason_given")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["provision.id"], name=op.f("fk_item_covered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_item_provision_id")
        ),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_item_standard_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_item_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_item")),
        sa.UniqueConstraint(
            "tenant_id",
            "provision_id",
            name=op.f("uq_item_tenant_id_provision_id"),
            postgresql_include=["id", "standard_id", "claim"],
        ),
        info={"kind": "item"},
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("applies", JSONB(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("name_initials", sa.Text(), nullable=False),
        sa.Column("item_type", sa.Text(), server_default="", nullable=False),
        sa.Column("department_code", sa.Text(), server_default="", nullable=False),
        sa.Column("levels", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("required_fields", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_revision_owner_id")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_revision_provision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_owner_id"), "revision", ["owner_id"], unique=False)
    op.create_index("ix_revision_provision_id", "revision", ["provision_id"], unique=False)
    op.create_index(
        "ix_revision_listed",
        "revision",
        ["id"],
        unique=False,
        postgresql_include=["owner_id", "kind", "item_type", "department_code", "name_key"],
    )
    op.create_table(
        "rollout",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), server_default="at_once", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="rolloutstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="queued",
            nullable=False,
        ),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_rollout_edition_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_rollout_owner_id")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_rollout_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollout")),
    )
    op.create_index(op.f("ix_rollout_edition_id"), "rollout", ["edition_id"], unique=False)
    op.create_index(op.f("ix_rollout_owner_id"), "rollout", ["owner_id"], unique=False)
    op.create_index(
        "uq_rollout_one_running",
        "rollout",
        ["standard_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "delivery",
        sa.Column("rollout_id", sa.BigInteger(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "adopted",
                "unchanged",
                "failed",
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="announced",
            nullable=False,
        ),
        sa.Column("conflicts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["center_id"], ["center.id"], name=op.f("fk_delivery_center_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_delivery_owner_id")),
        sa.ForeignKeyConstraint(
            ["rollout_id"], ["rollout.id"], name=op.f("fk_delivery_rollout_id")
        ),
        sa.PrimaryKeyConstraint("rollout_id", "center_id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_center_id", "delivery", ["center_id", "finished_at"], unique=False)
    op.create_table(
        "edition_entry",
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_entry_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["center.id"], name=op.f("fk_edition_entry_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_edition_entry_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_edition_entry_revision_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", "provision_id", name=op.f("pk_edition_entry")),
    )
    # ### end Alembic commands ###
    for table in ("standard", "provision", "revision", "edition_entry"):
        op.execute(owned(table, below=""))
    op.execute(owned("edition", below="state = 'published'"))
    op.execute(owned("rollout", below=""))
    op.execute(owned("draft_entry"))
    op.execute(owned("delivery"))
    op.execute(DELIVERY)
    op.execute(IMMUTABLE)
    op.execute(protect("adoption", own="SELECT", push="SELECT, INSERT, UPDATE"))
    op.execute(protect("conflict", own="SELECT, UPDATE", push="SELECT, INSERT, UPDATE"))
    for table in ("department", "item"):
        op.execute(protect(table, own="SELECT, INSERT, UPDATE", push="SELECT, UPDATE (held)"))
        op.execute(
            f"CREATE TRIGGER guard_local BEFORE INSERT OR UPDATE OF local ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION app.guard_local()"
        )


def downgrade() -> None:
    op.drop_table("edition_entry")
    op.drop_table("delivery")
    op.drop_table("rollout")
    op.drop_table("revision")
    op.drop_table("item")
    op.drop_table("draft_entry")
    op.drop_table("department")
    op.drop_table("conflict")
    op.drop_table("adoption")
    op.drop_table("provision")
    op.drop_table("edition")
    op.drop_table("standard")
    for name in (
        "guard_local()",
        "keep_entries()",
        "keep_published()",
        "missing(text[], jsonb)",
        "effective(jsonb, jsonb, jsonb, text[])",
        "breaks(text, jsonb, jsonb)",
        "codes(jsonb)",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
