"""The clock: what is due is done for its center, and one that fails keeps no other from it."""

from datetime import date

import pytest
from sqlalchemy import text

from jinzhu.core import clock
from jinzhu.core.db import db
from jinzhu.core.problems import Conflict
from jinzhu.core.tenancy import Reach, current

DAY = date(2026, 11, 23)


@pytest.fixture
def due(owner, monkeypatch):
    """Make a function of the database that names two centers, and a number for each."""
    with owner.begin() as connection:
        connection.execute(
            text("""
            CREATE FUNCTION app.due_test(day date) RETURNS TABLE (tenant_id int, id bigint)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                SELECT c.id, c.id * 10::bigint FROM center c
                WHERE c.level = 'city' AND day = DATE '2026-11-23' ORDER BY c.id $$;
            GRANT EXECUTE ON FUNCTION app.due_test(date) TO jinzhu_web""")
        )
    monkeypatch.setattr(clock, "DUTIES", {})
    yield clock.due("app.due_test", reach=Reach.PUSH)
    with owner.begin() as connection:
        connection.execute(text("DROP FUNCTION app.due_test(date)"))


def test_what_is_due_is_done_for_its_center_on_its_day(app, due, centers):
    done = []

    @due
    def note(number: int, *, day: date) -> None:
        scope = current()
        done.append((scope.tenant_id, number, day, scope.reach, scope.permissions))

    with app.app_context():
        assert clock.tick(date(2026, 11, 22)) == 0
        assert clock.tick(DAY) == 2
    cities = sorted([centers["广安市"], centers["绵阳市"]])
    nothing = frozenset()
    assert done == [(city, city * 10, DAY, Reach.PUSH, nothing) for city in cities]


def test_what_fails_is_undone_and_keeps_nothing_else_from_being_done(app, due, centers, notices_of):
    first, second = sorted([centers["广安市"], centers["绵阳市"]])

    @due
    def write(number: int, *, day: date) -> None:
        db.session.execute(
            text("""INSERT INTO notice (tenant_id, code, "to", needs) VALUES
                (app.tenant_id(), 'x', '/', '')""")
        )
        if current().tenant_id == first:
            raise Conflict
        db.session.flush()

    with app.app_context():
        clock.tick(DAY)
    assert (notices_of(first), notices_of(second)) == (0, 1)


@pytest.fixture
def notices_of(at, centers):
    """Count the notices of a center."""
    names = {number: name for name, number in centers.items()}

    def counted(center: int) -> int:
        with at(names[center]):
            return db.session.scalar(text("SELECT count(*) FROM notice"))

    return counted
