"""Provinces with their cities and counties, planted from the list of real divisions.

The list holds rows that run no center, and rows that stand elsewhere than they seem to.  The rule
this guards: every division that runs a center stands in the tree exactly once.
"""

import csv
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files

import orjson
import structlog
from sqlalchemy import Connection, text

from jinzhu.core.pinyin import sort_key
from jinzhu.hierarchy.models import Level

LIST = "divisions_gb2260_3level.csv"
#: Two `province create` at once wait for each other.
LOCK = 7203
log = structlog.get_logger()

_ALONE = text("SELECT pg_advisory_xact_lock(:key)")
_FIND = text("SELECT id FROM center WHERE code = :code AND level = 'province'")
_PROVINCE_THERE = text("SELECT code, name FROM center WHERE level = 'province' LIMIT 1")
_BELOW = text("SELECT count(*) FROM center WHERE path @> ARRAY[cast(:id AS int)]")
# One statement for the whole tree: the numbers are drawn first, because a path ends in its own.
_PLANT = text("""
    WITH listed AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('center', 'id'))::int AS id, division.*
        FROM jsonb_to_recordset(cast(:divisions AS jsonb)) AS division (
            code text, level text, name text, name_key text, parent text, development_zone boolean)
    ), planted AS (
        INSERT INTO center (id, code, level, name, name_key, development_zone, parent_id, path)
        SELECT own.id, own.code, own.level, own.name, own.name_key, own.development_zone, above.id,
            array_remove(ARRAY[top.id, above.id, own.id], NULL)
        FROM listed own
        LEFT JOIN listed above ON above.code = own.parent
        LEFT JOIN listed top ON top.code = above.parent
        RETURNING id, level
    )
    SELECT id FROM planted WHERE level = 'province'
""")


class UnknownDivision(ValueError):
    """There is no such province; the text names those there are."""

    def __init__(self, division: str) -> None:
        known = ", ".join(f"{row.code[:2]} {row.name}" for row in _provinces())
        super().__init__(f"“{division}” is not a province. Take one of: {known}.")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, as found."""

    code: str
    name: str
    level: Level
    parent: str
    #: A development zone (of a county's level), or a placeholder (of a city's level).
    marked: bool


@dataclass(frozen=True, slots=True)
class Division:
    """A division that runs a center; in the tree of one province its code is unique."""

    code: str
    level: Level
    name: str
    parent: str | None
    development_zone: bool = False


@cache
def listed() -> tuple[Row, ...]:
    """Read the list of real divisions."""
    with (files("jinzhu") / "data" / LIST).open(encoding="utf-8") as lines:
        return tuple(
            Row(
                line["code"],
                line["name"],
                Level(line["level"]),
                line["parent_code"],
                line["is_functional_zone_or_placeholder"] == "1",
            )
            for line in csv.DictReader(lines)
        )


def _provinces() -> list[Row]:
    return [row for row in listed() if row.level is Level.PROVINCE]


def province_code(division: str) -> str:
    """Return the six digits of a province given as “51” or as “510000”.

    Raises:
        UnknownDivision: if the list knows no such province.
    """
    code = f"{division}0000" if len(division) == 2 else division
    if code not in {row.code for row in _provinces()}:
        raise UnknownDivision(division)
    return code


def tree(division: str) -> list[Division]:
    """Return the divisions of a province that run a center, those above before those below.

    Raises:
        UnknownDivision: if the list knows no such province.
    """
    code = province_code(division)
    rows = [row for row in listed() if row.code[:2] == code[:2]]
    cities = {row.code: row for row in rows if row.level is Level.CITY and not row.marked}
    counties = [row for row in rows if row.level is Level.COUNTY]
    children = Counter(row.parent for row in counties)
    found = [row for row in rows if row.level is Level.PROVINCE] + list(cities.values())
    found += [row for row in counties if not _is_its_city(row, cities, children)]
    return _named_apart([_division(row, code, cities) for row in found], cities)


def _is_its_city(row: Row, cities: dict[str, Row], children: Counter[str]) -> bool:
    """Say whether a county is only its city once more, because the city has no counties.

    东莞 441900, 中山 442000, 儋州 460400 stand twice under one code, 嘉峪关 as 620200 and 620201.
    """
    city = cities.get(row.parent)
    return city is not None and children[city.code] == 1 and row.name == city.name


def _division(row: Row, province: str, cities: dict[str, Row]) -> Division:
    """Hang a row under its city or, where that is a placeholder, under the province."""
    if row.level is Level.PROVINCE:
        return Division(row.code, row.level, row.name, None)
    parent = row.parent if row.parent in cities else province
    return Division(row.code, row.level, row.name, parent, development_zone=row.marked)


def _named_apart(divisions: list[Division], cities: dict[str, Row]) -> list[Division]:
    """Put the city before a name that the province has twice: 内江市市中区, 乐山市市中区."""
    times = Counter(division.name for division in divisions)
    return [
        replace(division, name=cities[division.parent].name + division.name)
        if times[division.name] > 1 and division.parent in cities
        else division
        for division in divisions
    ]


def find(connection: Connection, division: str) -> int | None:
    """Return the province's center, if it has been created."""
    number: int | None = connection.scalar(_FIND, {"code": province_code(division)})
    return number


def count_below(connection: Connection, center_id: int) -> int:
    """Return how many centers there are from this one down, itself included."""
    return int(connection.execute(_BELOW, {"id": center_id}).scalar_one())


class SecondProvince(ValueError):
    """One installation serves one province."""


def refuse_second(connection: Connection, division: str) -> None:
    """Refuse a province beside another one."""
    there = connection.execute(_PROVINCE_THERE).one_or_none()
    if there is not None and not there.code.startswith(division[:2]):
        raise SecondProvince(f"this installation already serves {there.name} ({there.code})")


def create(connection: Connection, division: str) -> int:
    """Plant the centers of a province and return the topmost; one that stands is left as it is.

    Raises:
        UnknownDivision: if the list knows no such province.
    """
    divisions = tree(division)
    connection.execute(_ALONE, {"key": LOCK})
    if (standing := find(connection, division)) is not None:
        log.info("the province stands already, nothing was changed", division=divisions[0].code)
        return standing
    number: int = connection.execute(_PLANT, {"divisions": _document(divisions)}).scalar_one()
    log.info("the province was created", division=divisions[0].code, centers=len(divisions))
    return number


def _document(divisions: list[Division]) -> str:
    rows = [asdict(division) | {"name_key": sort_key(division.name)} for division in divisions]
    return orjson.dumps(rows).decode()
