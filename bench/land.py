"""The country that growth is measured on: one tree of real centers, kept between runs.

The standard is published and pushed by the product.  The centers' rows are written by a superuser
with triggers off, because there are millions of them; so they have no lines in the change log.
What a row says is the same as in the province.  They are written chunk by chunk, each a transaction
that also notes that it is done, so that a build that was broken off goes on where it stopped.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from bench.province import LOCAL_ITEMS, Province, longer, put_people, put_standard
from bench.site import Site, running_in
from bench.sizes import Size
from jinzhu.core.pinyin import sort_key
from jinzhu.demo import catalogue
from jinzhu.hierarchy import provinces
from jinzhu.hierarchy.models import Level
from jinzhu.migrate import ROOT

#: Where the country is kept, by its size and by what it was built from.
KEPT = "JINZHU_BENCH_DATA"
TOP = "000000"
#: Centers whose rows are written in one transaction.
CHUNK = 200
#: A file in the folder: the centers stand, and the standard is in force everywhere.
BEGUN = "begun.json"
#: Without triggers and foreign keys: a connection of its own that nothing else shares.
_BULK = "SET session_replication_role = replica"
_NOTES = """
    CREATE SCHEMA IF NOT EXISTS bench;
    CREATE TABLE IF NOT EXISTS bench.step (name text PRIMARY KEY)
"""
#: What the triggers of `item` would have kept; in the order of its key, for so many rows.
_NUMBERS = """
    INSERT INTO local_field (tenant_id, provision_id, field, number)
    SELECT t.tenant_id, t.provision_id, mine.key, CASE jsonb_typeof(mine.value)
        WHEN 'number' THEN mine.value::float8 END
    FROM item t CROSS JOIN LATERAL jsonb_each(t.local) mine
    WHERE t.claim = 'offered' AND jsonb_typeof(mine.value) IN ('number', 'array', 'object')
    ORDER BY t.provision_id, mine.key, 4, t.tenant_id
"""
_PLANT = """
    WITH listed AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('center', 'id'))::int AS id, d.*
        FROM jsonb_to_recordset(%(divisions)s::jsonb) AS d (
            code text, level text, name text, name_key text, parent text,
            development_zone boolean, place int)
        ORDER BY place)
    INSERT INTO center (id, code, level, name, name_key, development_zone, parent_id, path)
    SELECT own.id, own.code, own.level, own.name, own.name_key, own.development_zone, above.id,
        array_remove(ARRAY[top.id, above.id, own.id], NULL)
    FROM listed own
    LEFT JOIN listed above ON above.code = own.parent AND above.level <> 'county'
    LEFT JOIN listed top ON top.code = above.parent AND top.level <> 'county'
"""


@contextmanager
def country(size: Size) -> Iterator[tuple[Site, Province]]:
    """Run the country of a size, building first what is not there yet."""
    place = _place(size)
    with running_in(place) as site:
        if not (place / BEGUN).exists():
            (place / BEGUN).write_text(json.dumps(_begin(site, size)))
        found = Province(
            **json.loads((place / BEGUN).read_text()), items=longer(catalogue.items(), size.items)
        )
        _fill(site, found.centers)
        yield site, found


def _place(size: Size) -> Path:
    """Return the folder of this country, without what was built from something else."""
    kept = Path(os.environ.get(KEPT, ROOT / "var" / "bench"))
    place = kept / f"{size.name}-{_fingerprint(size)}"
    for old in kept.glob(f"{size.name}-*"):
        if old != place or not (old / BEGUN).exists():
            shutil.rmtree(old)
    return place


def _fingerprint(size: Size) -> str:
    """Return a mark of everything the data follows from."""
    found = hashlib.sha256(repr((size.land, size.items, size.staff)).encode())
    here = Path(__file__)
    migrations = sorted((ROOT / "migrations").glob("*/*.py"))
    for file in (here, here.with_name("province.py"), *migrations):
        found.update(file.read_bytes())
    return found.hexdigest()[:12]


def _begin(site: Site, size: Size) -> dict[str, Any]:
    """Plant the centers and put them on the standard; return what is known of them then."""
    with site.bypassing() as connection:
        _plant(connection, divisions(size.land))
        put_people(connection, size.staff)
        author = connection.execute("SELECT min(account_id) FROM post").fetchone()
        centers = [row[0] for row in connection.execute("SELECT id FROM center ORDER BY id")]
        connection.execute("ANALYZE")
    assert author is not None
    items = longer(catalogue.items(), size.items)
    standard_id = put_standard(site, centers[0], author[0], items, centers)
    return {
        "id": centers[0],
        "author_id": author[0],
        "standard_id": standard_id,
        "centers": centers,
    }


def _fill(site: Site, centers: list[int]) -> None:
    """Write the rows of the centers that have none yet, then leave the tables in good order."""
    with psycopg.connect(site.superuser, autocommit=True) as connection:
        connection.execute(_NOTES)
        connection.execute(_BULK)
        done = {row[0] for row in connection.execute("SELECT name FROM bench.step")}
        for begin in range(0, len(centers), CHUNK):
            if (name := f"items {begin}") not in done:
                with connection.transaction():
                    connection.execute(LOCAL_ITEMS, {"centers": centers[begin : begin + CHUNK]})
                    connection.execute("INSERT INTO bench.step VALUES (%s)", (name,))
        if "numbers" not in done:
            with connection.transaction():
                connection.execute(_NUMBERS)
                connection.execute("INSERT INTO bench.step VALUES ('numbers')")
        if "tidy" not in done:
            _tidy(connection)
            connection.execute("INSERT INTO bench.step VALUES ('tidy')")


def _tidy(connection: psycopg.Connection) -> None:
    """Leave the tables as autovacuum would, given time."""
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


def forget_pushes(site: Site) -> None:
    """Remove what measured pushes left behind, so that a kept country stays as it was built."""
    with psycopg.connect(site.superuser, autocommit=True) as connection:
        connection.execute(_BULK)
        connection.execute("TRUNCATE change")
        _tidy(connection)


def _plant(connection: psycopg.Connection, found: list[provinces.Division]) -> None:
    rows = [
        asdict(one) | {"name_key": sort_key(one.name), "place": place}
        for place, one in enumerate(found)
    ]
    connection.execute(_PLANT, {"divisions": json.dumps(rows)})


def divisions(count: int) -> list[provinces.Division]:
    """Return so many real centers as one tree: a top, under it the cities of all provinces.

    A province with cities is left out, so that the tree has the three levels of the product; one
    without, such as 北京, stands as a city.
    """
    found = [provinces.Division(TOP, Level.PROVINCE, "全国（测试）", None)]
    for row in provinces.listed():
        if row.level is Level.PROVINCE:
            found += _branch(provinces.tree(row.code))
    return found[:count]


def _branch(tree: list[provinces.Division]) -> list[provinces.Division]:
    """Return the centers of one province, each city before its counties."""
    head, *below = tree
    cities = [one for one in below if one.level is Level.CITY]
    if not cities:
        cities = [provinces.Division(head.code, Level.CITY, head.name, None)]
    found: list[provinces.Division] = []
    for city in cities:
        found.append(provinces.Division(city.code, Level.CITY, city.name, TOP))
        found += [one for one in below if one.level is Level.COUNTY and one.parent == city.code]
    direct = [one for one in below if one.level is Level.COUNTY and one not in found]
    return found + [
        provinces.Division(one.code, one.level, one.name, TOP, one.development_zone)
        for one in direct
    ]
