"""The boundary between centers, tried with SQL as the service itself could send it.

What the service never asks for is asked for here: PostgreSQL must refuse or find nothing.
"""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from jinzhu.config import sqlalchemy_url
from jinzhu.core import guard
from jinzhu.core.db import db
from jinzhu.core.ddl import protect
from jinzhu.core.guard import StartRefused
from jinzhu.core.tenancy import NOBODY, Reach, Scope, statements
from jinzhu.core.transaction import work
from jinzhu.standards.editions import editions
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk

TENANT = ["adoption", "change", "department", "exemption", "item", "job", "notice", "pin"]
TENANT += ["proposal", "settlement", "update_answer"]
#: The job of a roll-out belongs to the province, and has nothing of a county in it.
RECORDS = [table for table in TENANT if table != "job"]
SHARED = ["delivery", "draft_entry", "edition", "edition_entry", "provision", "revision"]
SHARED += ["rollout", "rollout_stage", "standard"]
#: What a center writes beside its records, by hand here; the rules are tested with the services.
BESIDE = """
    INSERT INTO settlement (standard_id, provision_id, kind, field, rule, local_value, edition_id,
        resolution, opened_at)
    SELECT standard_id, :item, 'item', 'fee', 'at_most', '1', edition_id, 'standard', now()
    FROM adoption;
    INSERT INTO exemption (standard_id, provision_id, kind, field, category, reason, edition_id,
        wanted_until, decider_id)
    SELECT standard_id, :item, 'item', 'fee', 'waiver', 'x', edition_id, '2099-01-01', 1
    FROM adoption;
    INSERT INTO proposal (standard_id, provision_id, kind, values, reason, decider_id)
    SELECT standard_id, :item, 'item', '{}', 'x', 1 FROM adoption;
    INSERT INTO pin (standard_id, provision_id, kind, field, reason, until)
    SELECT standard_id, :item, 'item', 'fee', 'exempt', '2099-01-01' FROM adoption;
    INSERT INTO update_answer (standard_id, provision_id, kind, field, rollout_id, answer)
    SELECT standard_id, :item, 'item', 'fee', max(rollout_id), 'take' FROM adoption
    GROUP BY standard_id;
    INSERT INTO notice (code, "to", needs) VALUES ('x', '/', 'item.read')
"""
DENIED = "42501"
ROOT = Path(__file__).parents[3]


def count(table: str, where: str = "true", **values) -> int:
    """Return how many rows are seen."""
    return db.session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"), values)


def refused(statement: str, **values) -> str | None:
    """Try a statement and undo it; return why PostgreSQL refused it, or None if it did not."""
    trial = db.session.begin_nested()
    try:
        db.session.execute(text(statement), values)
    except DBAPIError as error:
        return error.orig.sqlstate
    finally:
        if trial.is_active:
            trial.rollback()
    return None


def touched(statement: str, **values) -> int:
    """Return how many rows a statement writes, and undo it; 0 where it is refused outright."""
    if refused(statement, **values) == DENIED:
        return 0
    trial = db.session.begin_nested()
    rows = db.session.execute(text(statement), values).rowcount
    trial.rollback()
    return rows


@pytest.fixture
def furnished(province, an_item, at, centers):
    """Rows in every table: two counties with local values, conflicts, a roll-out, a draft."""
    for county in ("广安区", "武胜县"):
        with at(county):
            kinds = select(Revision.kind, Revision.provision_id).distinct()
            for kind, number in db.session.execute(kinds).all():
                bulk.claim_many(kind, [number], claim="offered")
            item = db.session.scalars(
                select(Revision.provision_id).where(Revision.code == "A1")
            ).one()
            bulk.set_local_many("item", {item: {"committed_limit": 8}})
    province.rollout(province.publish(an_item("A1", committed_limit=5), an_item("C1")))
    for county in ("广安区", "武胜县"):
        with at(county):
            for statement in BESIDE.split(";"):
                db.session.execute(text(statement), {"item": item})
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(province.standard_id, title="草案")
        editions.put_many(draft, [an_item("A9")])
    return centers


def none(tables):
    """Return the answer in which nothing is found in any of these tables."""
    return dict.fromkeys(tables, 0)


# Without a scope, and at another center


def test_without_a_scope_nothing_is_read_and_with_one_something_is(furnished, app, at):
    with at("广安区"):
        assert all(count(table) > 0 for table in RECORDS)
    with at("四川省", "standards_officer"):
        assert all(count(table) > 0 for table in ["job", *SHARED])
    with app.app_context(), work(NOBODY):
        assert {table: count(table) for table in TENANT + SHARED} == none(TENANT + SHARED)


def test_without_a_scope_nothing_is_written(furnished, app):
    with app.app_context(), work(NOBODY):
        for table in TENANT + SHARED:
            column = "tenant_id" if table in TENANT else "owner_id"
            assert touched(f"DELETE FROM {table}") == 0
            assert touched(f"UPDATE {table} SET {column} = {column}") == 0
            assert refused(f"INSERT INTO {table} DEFAULT VALUES") is not None


def test_a_neighbours_rows_are_not_there(furnished, at):
    values = {"theirs": furnished["广安区"]}
    theirs = "tenant_id = :theirs"
    with at("广安区"):
        assert all(count(table, theirs, **values) > 0 for table in RECORDS)
    with at("武胜县"):
        assert all(count(table) > 0 for table in RECORDS)
        assert {table: count(table, theirs, **values) for table in RECORDS} == none(RECORDS)
        for table in RECORDS:
            same = f"UPDATE {table} SET tenant_id = tenant_id WHERE {theirs}"
            assert touched(same, **values) == 0, table
            assert touched(f"DELETE FROM {table} WHERE {theirs}", **values) == 0, table


def row_of(table: str) -> str:
    """Return a row that is seen, as JSON, with a number of its own."""
    row = f"SELECT (to_jsonb(t) || jsonb_build_object('id', -1))::text FROM {table} t LIMIT 1"
    return db.session.scalar(text(row))


def test_a_row_cannot_be_planted_at_a_neighbour(furnished, at):
    with at("广安区"):
        rows = {table: row_of(table) for table in RECORDS}
    with at("四川省"):
        rows["job"] = row_of("job")
    with at("武胜县"):
        for table, row in rows.items():
            planting = f"""INSERT INTO {table} OVERRIDING SYSTEM VALUE
                SELECT * FROM jsonb_populate_record(NULL::{table}, CAST(:row AS jsonb))"""
            assert refused(planting, row=row) == DENIED, table


def test_a_row_cannot_be_moved_to_another_center(furnished, at):
    for place, tables in (("广安区", RECORDS), ("四川省", ["job"])):
        with at(place):
            for table in tables:
                moving = f"UPDATE {table} SET tenant_id = :there"
                assert refused(moving, there=furnished["武胜县"]) == DENIED, table


def test_an_own_row_can_be_changed_with_the_same_words(furnished, at):
    with at("广安区"):
        assert touched("UPDATE item SET tenant_id = tenant_id") > 0
        assert touched("UPDATE exemption SET reason = 'y'") > 0
        assert touched("DELETE FROM item") == 0


def test_what_a_center_owns_is_not_written_from_below(furnished, at):
    with at("广安区"):
        for table in SHARED:
            # A center answers to its own delivery, and to no other.
            own = 1 if table == "delivery" else 0
            assert touched(f"UPDATE {table} SET owner_id = owner_id") == own, table
            assert touched(f"DELETE FROM {table}") == 0, table
        for column in ("owner_id", "center_id", "rollout_id"):
            assert refused(f"UPDATE delivery SET {column} = {column} + 1") is not None, column


def test_a_draft_is_seen_by_its_owner_only(furnished, at):
    with at("四川省", "standards_officer"):
        assert (count("draft_entry"), count("edition", "state = 'draft'")) == (1, 1)
    with at("广安区"):
        assert (count("draft_entry"), count("edition", "state = 'draft'")) == (0, 0)
        assert count("edition", "state = 'published'") == 2


def test_a_center_sees_its_own_delivery_and_no_other(furnished, at):
    with at("四川省", "standards_officer"):
        assert count("delivery") == len(furnished)
    with at("广安区"):
        assert db.session.scalars(text("SELECT center_id FROM delivery")).all() == [
            furnished["广安区"]
        ]


def test_the_posts_of_others_are_not_seen(app, at, centers):
    with at("广安区"):
        places = set(db.session.scalars(text("SELECT center_id FROM post")))
    # The actor of the test is account 1, whose own post is at the province.
    assert places == {centers["广安区"], centers["四川省"]}


# The superior's reading


def whose(table: str) -> set[int]:
    """Return the centers whose rows are seen."""
    return set(db.session.scalars(text(f"SELECT DISTINCT tenant_id FROM {table}")))


def test_a_superior_reads_its_subtree_and_nothing_else(furnished, at):
    counties = {furnished["广安区"], furnished["武胜县"]}
    with at("四川省", "supervisor", reach=Reach.SUBTREE):
        assert all(whose(table) >= counties for table in RECORDS)
    with at("广安市", "city_manager", reach=Reach.SUBTREE):
        assert all(
            counties <= whose(table) <= counties | {furnished["广安市"]} for table in RECORDS
        )
    with at("绵阳市", "city_manager", reach=Reach.SUBTREE):
        assert not any(whose(table) & counties for table in RECORDS)
        assert whose("adoption") == {furnished["绵阳市"], furnished["涪城区"]}
    with at("广安市", "city_manager"):
        assert all(whose(table) <= {furnished["广安市"]} for table in RECORDS)


def test_a_superior_writes_nothing(furnished, at):
    own = dict.fromkeys(["account", "post", "sign_in", "center"], "created_at")
    own |= dict.fromkeys(TENANT, "tenant_id") | dict.fromkeys(SHARED, "owner_id")
    with at("四川省", "supervisor", reach=Reach.SUBTREE):
        for table, column in own.items():
            assert refused(f"DELETE FROM {table}") == DENIED, table
            assert refused(f"INSERT INTO {table} DEFAULT VALUES") == DENIED, table
            assert refused(f"UPDATE {table} SET {column} = {column}") == DENIED, table


def test_a_superior_does_not_read_who_signs_in(furnished, at):
    with at("四川省", "supervisor", reach=Reach.SUBTREE):
        for table in ("account", "post", "sign_in", "job"):
            assert refused(f"SELECT * FROM {table}") == DENIED, table


def test_the_own_reach_does_not_read_as_the_superior_does(furnished, at):
    with at("四川省", "supervisor", reach=Reach.SUBTREE):
        assert count("item") > 0
    with at("四川省", "supervisor"):
        assert count("item") == 0


# The push


def test_a_push_touches_pointers_pins_and_what_is_asked_and_no_record(furnished, at):
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        assert touched("UPDATE adoption SET since = now()") == len(furnished)
        assert touched("UPDATE exemption SET decision = decision") == 2
        assert touched("UPDATE pin SET ended_at = now()") == 2
        assert touched("UPDATE item SET pinned_revision_id = pinned_revision_id") > 0
        assert refused("UPDATE settlement SET reason = 'x'") == DENIED
        assert refused("UPDATE update_answer SET reason = 'x'") == DENIED
        assert refused("UPDATE item SET local = '{}'") == DENIED
        assert refused("UPDATE item SET claim = 'offered'") == DENIED
        assert refused("UPDATE department SET reason = 'x'") == DENIED
        for table in ("item", "department", "change"):
            assert refused(f"INSERT INTO {table} DEFAULT VALUES") == DENIED
        for table in (*TENANT, *SHARED):
            assert refused(f"DELETE FROM {table}") == DENIED


def test_a_push_stays_in_its_subtree(furnished, at):
    with at("绵阳市", "city_manager", reach=Reach.PUSH):
        here = "tenant_id = ANY (:below)"
        below = [furnished["绵阳市"], furnished["涪城区"]]
        assert touched("UPDATE adoption SET since = now()") == 2
        assert touched(f"UPDATE adoption SET since = now() WHERE NOT {here}", below=below) == 0
        for beside in ("exemption", "proposal", "pin"):
            assert touched(f"UPDATE {beside} SET standard_id = standard_id") == 0
        assert touched("UPDATE item SET pinned_revision_id = pinned_revision_id") == 0
        moving = "UPDATE adoption SET tenant_id = :there"
        assert refused(moving, there=furnished["广安区"]) == DENIED
        planting = """INSERT INTO adoption (tenant_id, standard_id, edition_id)
            SELECT :there, standard_id, edition_id FROM adoption LIMIT 1"""
        assert refused(planting, there=furnished["广安区"]) == DENIED


# Scope and transaction


def test_units_of_work_do_not_nest(app, at):
    with at("广安区"), pytest.raises(RuntimeError, match="do not nest"), work(Scope(1)):
        pass
    with at("武胜县"):
        pass


def test_a_unit_that_failed_leaves_nothing_behind(furnished, app, at):
    def failing():
        with at("广安区"):
            db.session.execute(text("UPDATE item SET reason = 'lost'"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with at("广安区"):
        assert count("item", "reason = 'lost'") == 0
    with app.app_context(), work(NOBODY):
        assert count("item") == 0


def test_after_a_transaction_the_connection_is_nobodys(settings):
    engine = create_engine(sqlalchemy_url(settings.database_url))
    with engine.connect() as connection:
        with connection.begin():
            connection.exec_driver_sql(statements(Scope(7, actor_id=8, reach=Reach.SUBTREE)))
            asked = "SELECT app.tenant_id(), app.actor_id(), current_user::text"
            assert tuple(connection.execute(text(asked)).one()) == (7, 8, "jinzhu_reader")
        with connection.begin():
            assert connection.scalar(text("SHOW app.tenant_id")) == ""
            assert tuple(connection.execute(text(asked)).one()) == (None, None, "jinzhu_web")
            assert connection.scalar(text("SELECT count(*) FROM item")) == 0
    engine.dispose()


@pytest.mark.parametrize("text_", ["1'; RESET ROLE; --", "a b\n;", "x" * 500])
def test_nothing_typed_by_anybody_gets_into_the_settings(text_):
    sent = statements(Scope(1, action=text_, request_id=text_))
    assert sent.count(";") == statements(Scope(1)).count(";")
    assert len(sent) < 400


# Keys


@pytest.fixture
def as_superuser(servers, settings):
    """A superuser's connection to our database, whose tables are thrown away."""
    name = make_url(sqlalchemy_url(settings.database_owner_url)).database
    engine = create_engine(make_url(sqlalchemy_url(servers.superuser)).set(database=name))
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
    engine.dispose()


def test_a_row_cannot_refer_to_a_neighbours(as_superuser, centers):
    one, other = centers["广安区"], centers["武胜县"]
    as_superuser.exec_driver_sql(
        f"""SET ROLE jinzhu_owner;
        CREATE TABLE probe_hall (tenant_id int DEFAULT app.tenant_id(), id bigint,
            PRIMARY KEY (tenant_id, id));
        CREATE TABLE probe_zone (tenant_id int DEFAULT app.tenant_id(), id bigint, hall_id bigint,
            PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, hall_id) REFERENCES probe_hall);
        {protect("probe_hall")} {protect("probe_zone")}
        SET ROLE jinzhu_web;"""
    )
    as_superuser.exec_driver_sql(f"SET LOCAL app.tenant_id = '{one}'")
    as_superuser.exec_driver_sql("INSERT INTO probe_hall (id) VALUES (1)")
    with as_superuser.begin_nested():
        as_superuser.exec_driver_sql("INSERT INTO probe_zone (id, hall_id) VALUES (1, 1)")
    as_superuser.exec_driver_sql(f"SET LOCAL app.tenant_id = '{other}'")
    assert as_superuser.scalar(text("SELECT count(*) FROM probe_hall")) == 0
    with pytest.raises(IntegrityError), as_superuser.begin_nested():
        as_superuser.exec_driver_sql("INSERT INTO probe_zone (id, hall_id) VALUES (2, 1)")


# The change log


def test_a_change_of_many_rows_is_logged_row_by_row(furnished, at):
    with at("广安区"):
        before = count("change")
        rows = db.session.execute(text("UPDATE item SET reason = 'all of them'")).rowcount
        assert rows == 5
        logged = db.session.execute(
            text("""SELECT record, actor_id, action, before ->> 'reason' AS before,
                after ->> 'reason' AS after FROM change ORDER BY id DESC LIMIT :rows"""),
            {"rows": rows},
        ).all()
        assert {tuple(row) for row in logged} == {("item", 1, "test", "", "all of them")}
        assert count("change") == before + rows


def test_the_change_log_says_what_was_there_before_and_after(furnished, at):
    with at("广安区"):
        kinds = db.session.execute(
            text("""SELECT record, count(*) FILTER (WHERE before IS NULL) AS inserted,
                count(*) FILTER (WHERE before IS NOT NULL AND after IS NOT NULL) AS updated
                FROM change GROUP BY 1""")
        )
        found = {row.record: (row.inserted > 0, row.updated > 0) for row in kinds}
    assert found == {
        "adoption": (True, True),
        **dict.fromkeys(("exemption", "notice", "pin", "proposal"), (True, False)),
        **dict.fromkeys(("settlement", "update_answer"), (True, False)),
        "department": (True, False),
        "item": (True, True),
    }


def test_the_change_log_is_not_written_by_hand(furnished, at):
    with at("广安区"):
        assert count("change") > 0
        for statement in (
            "INSERT INTO change (record, record_id) VALUES ('item', 1)",
            "UPDATE change SET actor_id = 2",
            "DELETE FROM change",
            "TRUNCATE change",
            "ALTER TABLE item DISABLE TRIGGER ALL",
            "SELECT app.log_change()",
        ):
            assert refused(statement) is not None, statement


# What is published


def test_what_is_published_is_never_changed(furnished, at):
    published = "(SELECT min(id) FROM edition WHERE state = 'published')"
    with at("四川省", "standards_officer"):
        for statement in (
            f"UPDATE edition SET title = 'x' WHERE id = {published}",
            f"UPDATE edition SET state = 'draft', number = NULL WHERE id = {published}",
            f"DELETE FROM edition WHERE id = {published}",
            "UPDATE revision SET content = '{}'",
            "DELETE FROM revision",
            "UPDATE edition_entry SET revision_id = revision_id",
            "DELETE FROM edition_entry",
            "UPDATE provision SET code = 'x'",
            "DELETE FROM provision",
            f"""INSERT INTO edition_entry (edition_id, provision_id, revision_id)
                SELECT {published}, provision_id, id FROM revision
                WHERE provision_id NOT IN (
                    SELECT provision_id FROM edition_entry WHERE edition_id = {published})
                LIMIT 1""",
        ):
            assert refused(statement) in (DENIED, "23514"), statement
        assert refused("UPDATE edition SET title = 'x' WHERE state = 'draft'") is None


# The start


@pytest.fixture
def role(servers, settings):
    """Make a role that may sign in, with these rights; return the settings to start with it."""
    name = f"trial_{make_url(sqlalchemy_url(settings.database_url)).database}"
    engine = create_engine(sqlalchemy_url(servers.superuser), isolation_level="AUTOCOMMIT")

    def made(rights: str, *grants: str):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD 'trial' {rights}")
            for grant in grants:
                connection.exec_driver_sql(f"GRANT {grant} TO {name}")
        url = settings.database_url.replace("jinzhu_web:web", f"{name}:trial")
        assert url != settings.database_url
        return replace(settings, database_url=url)

    yield made
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP ROLE IF EXISTS {name}")
    engine.dispose()


def start_refused(settings) -> str:
    """Try to start with these settings; return why that was refused."""
    engine = create_engine(sqlalchemy_url(settings.database_url))
    with pytest.raises(StartRefused) as refusal:
        guard.refuse_roles_that_bypass(engine)
    engine.dispose()
    return str(refusal.value)


@pytest.mark.parametrize(
    ("rights", "grants", "why"),
    [
        ("SUPERUSER", [], "is a superuser"),
        ("BYPASSRLS", [], "may bypass row security"),
        ("CREATEROLE", [], "may create roles"),
        ("INHERIT", ["jinzhu_reader"], "inherits the rights of jinzhu_reader"),
        ("INHERIT", ["jinzhu_owner"], "inherits the rights of jinzhu_owner"),
        ("NOINHERIT", ["jinzhu_owner"], "may become jinzhu_owner"),
    ],
)
def test_the_start_is_refused_with_a_role_that_could_pass(role, rights, grants, why):
    message = start_refused(role(rights, *grants))
    assert why in message
    assert "Connect as jinzhu_web" in message


def test_the_start_is_refused_as_owner_of_the_tables(settings):
    owner = replace(settings, database_url=settings.database_owner_url)
    assert "owns tables or functions" in start_refused(owner)


def test_a_process_does_not_start_with_such_a_role_and_says_why(settings):
    env = {**os.environ, "DATABASE_URL": settings.database_owner_url}
    env |= {"REDIS_URL": settings.redis_url, "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    command = [sys.executable, "-m", "jinzhu", "worker"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: the service does not start")
    assert "Traceback" not in ended.stderr


def test_the_start_is_refused_without_a_database(settings):
    away = re.sub(r"port=\d+", "port=1", settings.database_url)
    assert "cannot be reached" in start_refused(replace(settings, database_url=away))


def test_the_role_of_the_service_may_start(settings):
    engine = create_engine(sqlalchemy_url(settings.database_url))
    assert guard.reasons(engine) == []
    engine.dispose()


def test_a_plain_role_that_inherits_nothing_may_start(role):
    engine = create_engine(sqlalchemy_url(role("NOINHERIT").database_url))
    assert guard.reasons(engine) == []
    engine.dispose()


def test_the_role_of_the_service_becomes_nobody_else(settings):
    engine = create_engine(sqlalchemy_url(settings.database_url))
    for role in ("jinzhu_owner", "pg_read_all_data"):
        with engine.connect() as connection, pytest.raises(ProgrammingError):
            connection.exec_driver_sql(f"SET ROLE {role}")
    engine.dispose()
