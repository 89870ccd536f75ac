"""How far values are apart: quartiles and bars of numbers, shares of choices, parts of lists.

An outlier is a number beyond one and a half times the distance of the quartiles, or any other
value that one center alone has; it takes at least five centers to speak of either.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

import orjson

from jinzhu.core.pages import Row
from jinzhu.standards.kinds import Field, Kind, Type, choices, describe_field

#: So many centers must offer something before one of them can be said to stand out.
ENOUGH = 5
FENCE = 1.5
#: Beyond so many different numbers, bars stand for ranges.
MOST_BARS = 12
RANGES = 10
HUNDREDTHS = 100
MOST_SHARES = 12
MEASURED = (Type.INTEGER, Type.MONEY, Type.PERCENT)


@dataclass(frozen=True, slots=True)
class Case:
    """One way of doing a thing, and how many centers do it so."""

    centers: int
    edition_id: int
    #: What these centers say themselves, and what holds there.
    said: dict[str, Any]
    holds: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fences:
    """Beyond what a number stands out, or which values one center alone has."""

    low: float | None = None
    high: float | None = None
    alone: tuple[Any, ...] = ()


def key(value: Any) -> str:
    """Return what two equal values have in common, whatever they are."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def held(field: Field, cases: Iterable[Case]) -> list[tuple[Any, int]]:
    """Return the different values of a field, each with the number of its centers."""
    values: dict[str, Any] = {}
    counted: Counter[str] = Counter()
    for case in cases:
        value = case.holds.get(field.name)
        if value is not None:
            values.setdefault(key(value), value)
            counted[key(value)] += case.centers
    return [(values[name], centers) for name, centers in counted.items()]


def spread(kind: Kind, field: Field, standard: Any, cases: list[Case]) -> Row:
    """Return how far the centers are apart in one field."""
    values = held(field, cases)
    total = sum(centers for _, centers in values)
    same = sum(centers for value, centers in values if key(value) == key(standard))
    limits = fences(field, values)
    return {
        **describe_field(kind, field),
        "standard": standard,
        "values": len(values),
        "centers": total,
        "differing": total - same,
        "empty": sum(case.centers for case in cases) - total,
        "outliers": sum(centers for value, centers in values if stands_out(value, limits)),
        "numbers": _numbers(field, values, limits) if field.type in MEASURED and values else None,
        "shares": _shares(field, values),
        "parts": _parts(kind, field, standard, cases) if field.type is Type.PARTS else None,
    }


def fences(field: Field, values: list[tuple[Any, int]]) -> Fences:
    """Return beyond what a value of this field stands out."""
    if sum(centers for _, centers in values) < ENOUGH or field.type is Type.PARTS:
        return Fences()
    if field.type not in MEASURED:
        return Fences(alone=tuple(value for value, centers in values if centers == 1))
    first, _, third = _quartiles(values)
    reach = FENCE * (third - first)
    return Fences(low=first - reach, high=third + reach)


def stands_out(value: Any, limits: Fences) -> bool:
    """Say whether a value is an outlier."""
    if limits.low is not None and limits.high is not None:
        return not limits.low <= value <= limits.high
    return value in limits.alone


def _quartiles(values: list[tuple[Any, int]]) -> list[float]:
    """Return the quartiles as values that centers really have: nobody promises 8.5 days."""
    every = sorted(float(value) for value, centers in values for _ in range(centers))
    return [every[ceil(len(every) * part / 4) - 1] for part in (1, 2, 3)]


def _numbers(field: Field, values: list[tuple[Any, int]], limits: Fences) -> Row:
    first, middle, third = _quartiles(values)
    found = [float(value) for value, _ in values]
    return {
        "min": min(found),
        "q1": first,
        "median": middle,
        "q3": third,
        "max": max(found),
        "low": limits.low,
        "high": limits.high,
        "bars": _bars(field, values),
    }


def _bars(field: Field, values: list[tuple[Any, int]]) -> list[Row]:
    """Return a bar for each number, or for ranges of equal width where there are many.

    The ranges begin and end with numbers that can be: whole ones, of money and percent hundredths.
    """
    counted = sorted((float(value), centers) for value, centers in values)
    if len(counted) <= MOST_BARS:
        return [{"from": value, "to": value, "centers": centers} for value, centers in counted]
    parts = 1 if field.type is Type.INTEGER else HUNDREDTHS
    steps = [(round(value * parts), centers) for value, centers in counted]
    low, high = steps[0][0], steps[-1][0]
    width = ceil((high - low + 1) / RANGES)
    if width > parts:
        low, width = low // parts * parts, ceil(width / parts) * parts
    bars = [
        {"from": start / parts, "to": (start + width - 1) / parts, "centers": 0}
        for start in range(low, high + 1, width)
    ]
    for value, centers in steps:
        bars[(value - low) // width]["centers"] += centers
    return bars


def _shares(field: Field, values: list[tuple[Any, int]]) -> list[Row] | None:
    """Return how many centers have each value; of a choice of several, each choice."""
    if field.type in (*MEASURED, Type.PARTS):
        return None
    counted: Counter[str] = Counter()
    shown: dict[str, Any] = {}
    for value, centers in values:
        for one in value if field.type is Type.CHOICES else [value]:
            counted[key(one)] += centers
            shown[key(one)] = one
    labels = {choice["code"]: choice["label"] for choice in choices(field.choices) or []}
    return [
        {"value": shown[name], "label": labels.get(str(shown[name]), ""), "centers": centers}
        for name, centers in counted.most_common(MOST_SHARES)
    ]


def _name(part: dict[str, Any]) -> str:
    """Return what a part is called: some kinds of part have a text or a question for a name."""
    return str(part.get("name") or part.get("text") or part.get("question") or part.get("code"))


def _parts(kind: Kind, field: Field, standard: Any, cases: list[Case]) -> Row:
    """Return which parts are dropped, added and changed, and by how many centers."""
    known = {part["code"]: part for part in standard or []}
    dropped: Counter[str] = Counter()
    added: Counter[str] = Counter()
    cells: list[tuple[str, str, Any, int]] = []
    for case in cases:
        listed = {part["code"]: part for part in case.holds.get(field.name) or []}
        dropped.update(dict.fromkeys(known.keys() - listed.keys(), case.centers))
        added.update({_name(listed[code]): case.centers for code in listed.keys() - known.keys()})
        cells += [
            (code, column.name, listed[code].get(column.name), case.centers)
            for code in known.keys() & listed.keys()
            for column in field.columns
            if listed[code].get(column.name) != known[code].get(column.name)
        ]
    order = list(known)
    return {
        "dropped": [
            {"code": code, "name": _name(known[code]), "centers": centers}
            for code, centers in dropped.most_common()
        ],
        "added": [{"name": name, "centers": n} for name, n in added.most_common(MOST_SHARES)],
        "changed": [
            _cell(kind, field, known[code], column, group)
            for (code, column), group in _grouped(cells, order)
        ],
    }


Cell = tuple[str, str, Any, int]


def _grouped(cells: list[Cell], order: list[str]) -> list[tuple[tuple[str, str], list[Cell]]]:
    def place(cell: Cell) -> tuple[int, str]:
        return order.index(cell[0]), cell[1]

    listed = sorted(cells, key=place)
    return [((g[0][0], g[0][1]), g) for g in (list(part) for _, part in groupby(listed, key=place))]


def _cell(kind: Kind, field: Field, part: dict[str, Any], column: str, group: list[Cell]) -> Row:
    """Return what centers make of one column of one part."""
    said: Counter[str] = Counter()
    values = {}
    for _, _, value, centers in group:
        said[key(value)] += centers
        values[key(value)] = value
    return {
        "code": part["code"],
        "name": _name(part),
        "column": column,
        "label": kind.label(f"{field.name}.{column}"),
        "standard": part.get(column),
        "centers": sum(said.values()),
        "values": [
            {"value": values[name], "centers": centers}
            for name, centers in said.most_common(MOST_SHARES)
        ],
    }
