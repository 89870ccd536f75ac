"""Provinces as they stand in the database; everything is undone after each test."""

import pytest
from sqlalchemy import text

from jinzhu.hierarchy import provinces
from jinzhu.hierarchy.models import Level

CROOKED = text("""
    SELECT count(*) FROM center own LEFT JOIN center above ON above.id = own.parent_id
    WHERE own.path <> coalesce(above.path, '{}') || own.id
""")
ROWS = text("SELECT * FROM center ORDER BY id")


@pytest.fixture
def connection(owner):
    with owner.connect() as connection, connection.begin() as outer:
        yield connection
        outer.rollback()


def test_every_province_is_planted_whole_beside_the_others(connection):
    codes = [row.code for row in provinces.listed() if row.level is Level.PROVINCE]
    new = [code for code in codes if provinces.find(connection, code) is None]
    assert len(new) == 30  # the run's own little province stands already
    for code in new:
        center = provinces.create(connection, code)
        assert provinces.count_below(connection, center) == len(provinces.tree(code))
    assert connection.scalar(CROOKED) == 0


def test_creating_a_province_again_changes_nothing(connection):
    first = provinces.create(connection, "37")
    before = connection.execute(ROWS).all()
    assert provinces.create(connection, "370000") == first == provinces.find(connection, "37")
    assert connection.execute(ROWS).all() == before


def test_an_unknown_division_leaves_nothing_behind(connection):
    before = connection.execute(ROWS).all()
    with pytest.raises(provinces.UnknownDivision):
        provinces.create(connection, "99")
    assert connection.execute(ROWS).all() == before


def test_centers_are_ordered_by_pinyin_and_know_their_place(connection):
    province = provinces.create(connection, "44")
    query = "SELECT name_key, level, path FROM center WHERE code = '441900'"
    center = connection.execute(text(query)).one()
    assert (center.name_key, center.level) == ("dong guan shi", "city")
    assert center.path[0] == province
    assert len(center.path) == 2


def test_the_next_center_is_numbered_after_those_of_the_province(connection):
    provinces.create(connection, "37")
    number = connection.scalar(text("SELECT nextval(pg_get_serial_sequence('center', 'id'))"))
    assert number > connection.scalar(text("SELECT max(id) FROM center"))
