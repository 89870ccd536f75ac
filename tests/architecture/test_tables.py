"""Every table stands behind the boundary between centers; PostgreSQL itself is asked."""

import pytest
from sqlalchemy import Connection, text

from jinzhu.app import documented_app
from jinzhu.core.db import Base, TenantOwned
from jinzhu.core.ddl import protect
from jinzhu.standards.models import Owned

documented_app()
MODELS = [mapper.class_ for mapper in Base.registry.mappers]
TABLES = {model.__tablename__: model for model in MODELS}
OWNED_BY_TENANT = sorted(t for t, model in TABLES.items() if issubclass(model, TenantOwned))
WITH_TENANT = sorted({t for t, m in TABLES.items() if "tenant_id" in m.__table__.c} | {"change"})
SHARED = sorted(t for t, m in TABLES.items() if issubclass(m, Owned) or "owner_id" in m.__table__.c)
#: Rows that belong to no center: the tree itself, and who may sign in.  Nothing else may be open.
OPEN = {"center", "account", "role", "sign_in", "sign_in_failure", "alembic_version"}
ROLES = ("jinzhu_web", "jinzhu_reader", "jinzhu_push", "jinzhu_public")

PROTECTION = text("""
    SELECT relrowsecurity AND relforcerowsecurity AS protected,
        array(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid) AS policies,
        array(SELECT tgname::text FROM pg_trigger WHERE tgrelid = c.oid) AS triggers
    FROM pg_class c WHERE c.oid = to_regclass(:table)
""")
FOREIGN_KEYS = text("""
    WITH tenant AS (
        SELECT attrelid, attnum FROM pg_attribute WHERE attname = 'tenant_id' AND attnum > 0)
    SELECT k.conname::text FROM pg_constraint k
    JOIN tenant here ON here.attrelid = k.conrelid
    JOIN tenant there ON there.attrelid = k.confrelid
    WHERE k.contype = 'f' AND (k.conkey[1] <> here.attnum OR k.confkey[1] <> there.attnum)
""")
UNIQUE = text("""
    SELECT i.indexrelid::regclass::text FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'tenant_id' AND a.attnum > 0
    WHERE i.indisunique AND i.indrelid::regclass::text NOT LIKE 'pg_%' AND i.indkey[0] <> a.attnum
""")


def protection(tables: Connection, table: str):
    """Return how a table is protected."""
    return tables.execute(PROTECTION, {"table": table}).one()


def test_every_table_is_either_protected_or_known_to_be_open(tables):
    found = tables.scalars(
        text("""SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relkind IN ('r', 'p', 'v', 'm') AND NOT (relrowsecurity AND relforcerowsecurity)""")
    )
    assert set(found) == OPEN


@pytest.mark.parametrize("table", OWNED_BY_TENANT)
def test_a_tenant_table_has_its_policies_and_is_in_the_change_log(tables, table):
    found = protection(tables, table)
    assert found.protected
    may = {"own", "superior", "push", "clock", "asked", "counted", "upward"}
    may |= {"public", "received"}
    assert {"own", "superior"} <= set(found.policies) <= may
    assert {"log_insert", "log_update", "log_delete"} <= set(found.triggers)


@pytest.mark.parametrize("table", sorted({*WITH_TENANT, *SHARED}))
def test_a_row_with_a_center_is_behind_row_security(tables, table):
    found = protection(tables, table)
    assert found.protected
    assert "own" in found.policies


def test_a_table_that_is_not_protected_would_be_noticed(tables):
    tables.execute(text("CREATE TABLE bare (tenant_id int, id int)"))
    assert not protection(tables, "bare").protected
    tables.exec_driver_sql(protect("bare"))
    found = protection(tables, "bare")
    assert found.protected
    assert {"own", "superior"} == set(found.policies)


def test_the_clock_only_looks_and_acts_as_the_owner_of_the_tables(tables):
    """It finds what is due in all centers, in functions that tell nothing but numbers."""
    found = tables.execute(
        text("""SELECT p.polcmd, p.polroles = ARRAY[c.relowner] AS owner
            FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
            WHERE p.polname IN ('clock', 'counted')""")
    ).all()
    assert {tuple(row) for row in found} == {("r", True)}


def test_no_policy_speaks_to_everybody(tables):
    assert not tables.scalars(text("SELECT polname FROM pg_policy WHERE 0 = ANY (polroles)")).all()


def test_a_superior_reads_and_never_writes(tables):
    writing = tables.scalars(
        text("""SELECT polrelid::regclass::text FROM pg_policy
            WHERE 'jinzhu_reader'::regrole = ANY (polroles) AND polcmd <> 'r'""")
    )
    assert writing.all() == []
    rights = tables.scalars(
        text("""SELECT privilege_type FROM information_schema.role_table_grants
            WHERE grantee = 'jinzhu_reader'""")
    )
    assert set(rights) == {"SELECT"}


#: What anybody may read, and all that may be read of it; a new line here is a decision.
PUBLIC = {
    "center": "*",
    "own_day": "id owner_id day working",
    "hall": "*",
    "hall_day": "*",
    "hall_zone": "*",
    "hall_window": "*",
    "window_assignment": "tenant_id id window_id object provision_id code name department_code "
    "starts_on ends_on",
    "entry": "tenant_id id subject_id state since until",
    "publication": "tenant_id id number object kind subject_code subject_name department_code "
    "department_name content from_on until_on state ended_on reason",
    "objection": "tenant_id id publication_id number received_on state answer closed_on",
}
READABLE = text("""
    SELECT c.relname::text AS name, a.attname::text AS column,
        has_column_privilege('jinzhu_public', c.oid, a.attnum, 'SELECT') AS seen,
        has_table_privilege('jinzhu_public', c.oid, 'SELECT') AS whole
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND NOT a.attisdropped
""")


def test_the_public_reads_what_is_named_here_and_writes_nothing(tables):
    seen: dict[str, set[str]] = {}
    for row in tables.execute(READABLE):
        if row.seen:
            seen.setdefault(row.name, set()).add("*" if row.whole else row.column)
    assert {name: set(columns.split()) for name, columns in PUBLIC.items()} == seen
    rights = tables.scalars(
        text("""SELECT privilege_type FROM information_schema.role_column_grants
            WHERE grantee = 'jinzhu_public' UNION SELECT privilege_type
            FROM information_schema.role_table_grants WHERE grantee = 'jinzhu_public'""")
    )
    assert set(rights) == {"SELECT"}


def test_the_public_is_spoken_to_by_policies_of_its_own_alone(tables):
    found = tables.execute(
        text("""SELECT polname::text, polcmd, cardinality(polroles) FROM pg_policy
            WHERE 'jinzhu_public'::regrole = ANY (polroles)""")
    ).all()
    assert {tuple(row) for row in found} == {("public", "r", 1)}


def test_the_public_calls_functions_that_act_for_it_and_are_named_here(tables):
    found = tables.scalars(
        text("""SELECT proname::text FROM pg_proc
            WHERE prosecdef AND pronamespace = 'app'::regnamespace
            AND has_function_privilege('jinzhu_public', oid, 'EXECUTE')""")
    )
    assert set(found) == {
        "object",
        "objection",
        "publishing",
        "digest_link",
        "confirm_digest",
        "stop_digest",
    }


def test_what_is_private_is_not_in_the_change_log(tables):
    found = tables.execute(
        text("""SELECT tgrelid::regclass::text AS name, encode(tgargs, 'escape') AS told
            FROM pg_trigger WHERE tgfoid = 'app.log_private()'::regprocedure""")
    ).all()
    private = {row.name: set(row.told.split("\\000")) - {""} for row in found}
    assert private == {"objection": {"said", "name", "contact", "code", "origin", "submission"}}
    assert len(found) == 3


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_the_service_owns_nothing_and_bypasses_nothing(tables, role):
    row = tables.execute(
        text("""SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
            (SELECT count(*) FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o') AS owned
            FROM pg_roles r WHERE rolname = :role"""),
        {"role": role},
    ).one()
    assert list(row) == [False, False, False, False, False, 0]


@pytest.mark.parametrize("role", ROLES)
def test_the_change_log_is_read_and_never_written(tables, role):
    for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
        held = text("SELECT has_table_privilege(:role, 'change', :right)")
        assert not tables.scalar(held, {"role": role, "right": right}), right


@pytest.mark.parametrize("table", OWNED_BY_TENANT)
def test_no_center_deletes_a_record(tables, table):
    for role in ROLES:
        held = text("SELECT has_table_privilege(:role, :table, 'DELETE, TRUNCATE')")
        assert not tables.scalar(held, {"role": role, "table": table})


def test_a_push_may_pin_a_record_and_not_write_what_it_says(tables):
    held = text("SELECT has_column_privilege('jinzhu_push', :table, :column, 'UPDATE')")
    for table in ("item", "department"):
        may = {
            column.name
            for column in TABLES[table].__table__.c
            if tables.scalar(held, {"table": table, "column": column.name})
        }
        assert may == {"pinned_revision_id"}


def test_a_function_with_the_owners_rights_is_closed_and_knows_its_schema(tables):
    found = tables.execute(
        text("""SELECT p.oid::regprocedure::text AS name, p.proconfig AS settings,
            has_function_privilege('public', p.oid, 'EXECUTE') AS open
            FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'app'::regnamespace""")
    ).all()
    assert len(found) >= 4
    for row in found:
        assert "search_path=public, pg_temp" in row.settings, row.name
        assert not row.open, row.name


def test_the_change_log_never_compares_every_pair_of_rows(tables):
    """A session keeps the plan of its first, small change; a later one may hold many rows."""
    settings = tables.scalar(
        text("SELECT proconfig FROM pg_proc WHERE oid = 'app.log_change()'::regprocedure")
    )
    assert "enable_nestloop=off" in settings


def test_a_key_between_tenant_tables_begins_with_the_center(tables):
    assert tables.scalars(FOREIGN_KEYS).all() == []


def test_a_key_without_the_center_would_be_noticed(tables):
    tables.execute(
        text("""CREATE TABLE part (tenant_id int, id bigint UNIQUE, PRIMARY KEY (tenant_id, id));
            CREATE TABLE good (tenant_id int, part_id bigint,
                CONSTRAINT composite FOREIGN KEY (tenant_id, part_id) REFERENCES part);
            CREATE TABLE bad (tenant_id int, part_id bigint,
                CONSTRAINT simple FOREIGN KEY (part_id) REFERENCES part (id))""")
    )
    assert tables.scalars(FOREIGN_KEYS).all() == ["simple"]
    assert tables.scalars(UNIQUE).all() == ["part_id_key"]


def test_what_is_unique_is_unique_in_a_center(tables):
    assert tables.scalars(UNIQUE).all() == []
