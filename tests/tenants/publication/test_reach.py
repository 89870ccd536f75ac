"""The reach of the public, tried with SQL as the service itself could send it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jinzhu.core.db import Base, db
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import visiting, work
from tests.tenants.publication.conftest import receipt

DENIED = "42501"
SEEN = {
    "center", "hall", "hall_day", "hall_zone", "hall_window", "window_assignment", "own_day",
    "publication", "objection",
}  # fmt: skip
#: A column of each table in which something is written.
GIVEN = '{"submission": "s", "said": "意见", "name": "", "contact": "", "code": "c", "origin": "o"}'


@pytest.fixture
def visit(app, centers):
    """Look at a center as the public does."""

    @contextmanager
    def visited(center: str | None) -> Iterator[None]:
        scope = Scope(reach=Reach.PUBLIC, action="test")
        with app.app_context(), work(scope):
            if center is None:
                yield
            else:
                with visiting(centers[center]):
                    yield

    return visited


def refused(statement: str) -> str | None:
    """Try a statement and undo it; return why PostgreSQL refused it, or None."""
    trial = db.session.begin_nested()
    try:
        db.session.execute(text(statement))
    except DBAPIError as error:
        return error.orig.sqlstate
    finally:
        if trial.is_active:
            trial.rollback()
    return None


def plain_column(table: str) -> str:
    """Return a column that could be written, if one may."""
    if table == "change":
        return "record"
    columns = Base.metadata.tables[table].c
    return next(c.name for c in columns if c.computed is None and c.identity is None)


def scalar(statement: str):
    return db.session.scalar(text(statement))


def test_it_reads_what_is_published_here_and_nothing_of_others(published, public, hall, visit):
    receipt(public.object(published.form))
    with visit("广安区"):
        assert scalar("SELECT string_agg(number, ',') FROM publication") == "G2026-0001"
        assert scalar("SELECT count(number) FROM objection") == 1
        assert scalar("SELECT count(*) FROM hall") == 1
    for center in ("武胜县", "广安市", "四川省", None):
        with visit(center):
            for table in ("publication", "objection", "hall", "hall_window"):
                assert scalar(f"SELECT count(tenant_id) FROM {table}") == 0, (center, table)


def test_it_reads_no_other_table_and_writes_none(published, hall, visit):
    tables = set(Base.metadata.tables) | {"change"}
    assert tables > SEEN
    with visit("广安区"):
        for table in sorted(tables):
            read = refused(f"SELECT count(*) FROM (SELECT * FROM {table}) t")
            assert (read == DENIED) == (table not in SEEN - {"own_day", "publication",
                "objection", "window_assignment"}), table  # fmt: skip
            assert refused(f"DELETE FROM {table}") == DENIED, table
            assert refused(f"INSERT INTO {table} DEFAULT VALUES") == DENIED, table
            column = plain_column(table)
            assert refused(f"UPDATE {table} SET {column} = {column}") == DENIED, table


@pytest.mark.parametrize("column", ["said", "name", "contact", "code", "origin", "submission"])
def test_who_objects_and_in_which_words_is_not_for_it(published, public, visit, column):
    receipt(public.object(published.form))
    with visit("广安区"):
        assert refused(f"SELECT {column} FROM objection") == DENIED


def test_it_counts_no_case_behind_a_publication(published, visit):
    with visit("广安区"):
        for column in ("case_id", "subject_id", "step_code"):
            assert refused(f"SELECT {column} FROM publication") == DENIED


@pytest.mark.parametrize(
    ("center", "number"), [("广安区", "G2026-0002"), ("武胜县", "G2026-0001"), (None, "G2026-0001")]
)
def test_it_objects_to_nothing_that_is_not_published_there(published, visit, center, number):
    call = text(
        "SELECT number, refused FROM app.object(:number, '2026-11-23', CAST(:given AS jsonb))"
    )
    with visit(center):
        row = db.session.execute(call, {"number": number, "given": GIVEN}).one()
        assert tuple(row) == ("", "over")
    with visit("广安区"):
        row = db.session.execute(call, {"number": "G2026-0001", "given": GIVEN}).one()
        assert tuple(row) == ("G2026-0001-01", "")


def test_no_answer_is_read_at_another_center(published, public, visit):
    number, _ = receipt(public.object(published.form))
    with visit("武胜县"):
        assert scalar(f"SELECT count(*) FROM app.objection('{number}', 'x')") == 0


def test_it_runs_no_function_of_the_service(published, visit):
    with visit("广安区"):
        for call in ("app.due_objections('2026-11-23')", "app.due_cases('2026-11-23')",
                     "app.names(ARRAY[1])", "app.identify('x', 30)"):  # fmt: skip
            assert refused(f"SELECT * FROM {call}") in (DENIED, "42883"), call


def test_signed_in_or_not_a_page_is_asked_for_by_nobody(published, sign_in, sent):
    with sent() as statements:
        assert published.client.get(published.page).status_code == 200
    assert not [one for one in statements if "identify" in one]
