"""The engine's definition in plain Python, to hold against what PostgreSQL computes.

    effective = provincial revision ‖ city amendment ‖ local values

Written from the words of the rules, not from the SQL.  A revision is (content, rules).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
Revision = tuple[dict[str, Json], dict[str, dict[str, Json]]]
FREE = ("default", "local", "exempt")
SAME_EVERYWHERE = ("name",)
STRICTNESS = ("local", "default", "at_most", "at_least", "subset", "superset", "fixed")


def is_number(value: Json) -> bool:
    """Return whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def cell_breaks(rule: str | None, bound: Json, value: Json) -> bool:
    """Return whether one cell of a part goes where its column does not allow it."""
    if rule == "local":
        return False
    if rule not in ("at_most", "at_least"):
        return True
    if not is_number(value):
        return True
    if not is_number(bound):
        return False
    return value > bound if rule == "at_most" else value < bound


def parts_break(rule: dict[str, Json], standard: list[dict[str, Json]], changes: Json) -> bool:
    """Return whether the changed cells of a list of parts break the rules of their columns."""
    standing = {part["code"]: part for part in standard}
    return any(
        cell_breaks(rule.get("columns", {}).get(column), standing[code].get(column), value)
        for code, cells in changes.get("set", {}).items()
        if code in standing
        for column, value in cells.items()
    )


def breaks(revision: Revision, field: str, value: Json) -> bool:
    """Return whether a local value breaks the rule of its field."""
    content, rules = revision
    rule = rules.get(field, {"rule": "fixed"})
    name, bound = rule["rule"], content.get(field)
    if unlawful(revision, field, value):
        return True
    if "granted" in rule:
        return beyond(rule, field, value)
    if name in FREE:
        return False
    if name in ("at_most", "at_least"):
        if bound is None:
            return False
        if not is_number(value):
            return True
        return value > bound if name == "at_most" else value < bound
    if name in ("subset", "superset"):
        forbidden = "add" if name == "subset" else "drop"
        if isinstance(value, dict):
            return forbidden in value or parts_break(rule, bound or [], value)
        if bound is None:
            return False
        smaller, larger = (value, bound) if name == "subset" else (bound, value)
        return not set(smaller) <= set(larger)
    return True


def unlawful(revision: Revision, field: str, value: Json) -> bool:
    """Return whether a limit that is left open, or let off from, is longer than the law allows."""
    content, rules = revision
    law, is_open = content.get("statutory_limit"), rules.get(field, {}).get("rule") in FREE
    if field != "committed_limit" or not is_open or law is None:
        return False
    return is_number(value) and value > law


def beyond(rule: dict[str, Json], field: str, value: Json) -> bool:
    """Return whether a value goes beyond what an exemption has granted.

    `above` is what binds without it, `province` what a city alone cannot let off from.
    """
    granted, (content, rules) = rule["granted"], rule["above"]
    if rule.get("province") and breaks(rule["province"], field, value):
        return True
    if value == granted:
        return False
    if isinstance(value, dict):
        rest = ungranted(granted, value, rules.get(field, {}).get("columns", {}))
        return bool(rest) and breaks(rule["above"], field, rest)
    return breaks(({**content, field: granted}, rules), field, value)


def ungranted(granted: Json, changes: Json, columns: dict[str, str]) -> Json:
    """Return what of a change to a list of parts was not granted."""
    cells = {
        code: {
            column: value
            for column, value in part.items()
            if not _within(columns.get(column), granted.get("set", {}).get(code, {}), column, value)
        }
        for code, part in changes.get("set", {}).items()
    }
    rest = {
        "drop": [code for code in changes.get("drop", []) if code not in granted.get("drop", [])],
        "add": [part for part in changes.get("add", []) if part not in granted.get("add", [])],
        "set": {code: part for code, part in cells.items() if part},
    }
    return {name: value for name, value in rest.items() if value}


def _within(rule: str | None, granted: Json, column: str, value: Json) -> bool:
    """Return whether a cell is as it was granted, or inside of it."""
    if column not in granted:
        return False
    bounded = rule in ("at_most", "at_least") and is_number(granted[column])
    return value == granted[column] or (bounded and not cell_breaks(rule, granted[column], value))


def unknown(revision: Revision, field: str, value: Json, stored: Json) -> set[str]:
    """Return the parts that a change names, and that neither stand above nor were named before."""
    if not isinstance(value, dict):
        return set()
    known = {part["code"] for part in revision[0].get(field, [])}
    return _named(value) - known - _named(stored)


def _named(value: Json) -> set[str]:
    is_change = isinstance(value, dict)
    return {*value.get("drop", ()), *value.get("set", ())} if is_change else set()


def broken(revision: Revision, local: dict[str, Json]) -> set[str]:
    """Return the fields whose local value is in conflict."""
    return {field for field, value in local.items() if breaks(revision, field, value)}


def patched(standard: list[dict[str, Json]], changes: dict[str, Json]) -> list[dict[str, Json]]:
    """Return a list of parts with what a lower level changes of it."""
    dropped, cells = changes.get("drop", []), changes.get("set", {})
    kept = [
        {**part, **cells.get(part["code"], {})} for part in standard if part["code"] not in dropped
    ]
    known = {part["code"] for part in standard}
    return kept + [part for part in changes.get("add", []) if part["code"] not in known]


def effective(revision: Revision, local: dict[str, Json]) -> dict[str, Json]:
    """Return what shows: the standard, and on top of it what it allows."""
    content = dict(revision[0])
    for field, value in local.items():
        if not breaks(revision, field, value):
            is_changes = isinstance(value, dict)
            content[field] = patched(content.get(field, []), value) if is_changes else value
    return content


def stricter(upper: dict[str, Json], lower: dict[str, Json]) -> dict[str, Json]:
    """Return the stricter of two rules; the lower level's where both are equally strict."""
    if STRICTNESS.index(upper["rule"]) > STRICTNESS.index(lower["rule"]):
        return upper
    if upper["rule"] == lower["rule"] == "local" and upper.get("required"):
        return upper
    return {**upper, **lower}


def merged(upper: Revision, amendment: Revision) -> Revision:
    """Return a revision with a city's amendment on top; what breaks a bound does not hold."""
    content, rules = amendment
    holding = {f: r for f, r in rules.items() if f not in broken(upper, content) and f in upper[1]}
    return (
        effective(upper, content),
        {**upper[1], **{f: stricter(upper[1][f], rule) for f, rule in holding.items()}},
    )


def answered(upper: Revision, amendment: Revision) -> Revision:
    """Return a city's amendment once it takes the standard wherever a new edition is stricter."""
    content, rules = amendment
    gone = broken(upper, content)
    return (
        {field: value for field, value in content.items() if field not in gone},
        {field: rule for field, rule in rules.items() if field not in gone},
    )


@dataclass(frozen=True)
class Pin:
    """What stays at a center as it was before, or is let off as far as was granted."""

    earlier: Revision | None
    exempt: bool = False
    #: The city lets off from its own word; what the province says goes on binding.
    by_city: bool = False
    granted: Json = None


def pinned(above: Revision, pins: Mapping[str, Pin], province: Revision) -> Revision:
    """Return what binds where something is put off or let off; '' stands for all of it."""
    if "" in pins:
        assert pins[""].earlier is not None
        return pins[""].earlier
    content, rules = dict(above[0]), dict(above[1])
    for field, pin in pins.items():
        source = pin.earlier
        if source is None:
            let_off = {"rule": "exempt", "granted": pin.granted, "above": above}
            rules[field] = let_off | ({"province": province} if pin.by_city else {})
            continue
        content.pop(field, None)
        content.update({name: value for name, value in source[0].items() if name == field})
        rules[field] = source[1].get(field, {"rule": "fixed"})
    return content, rules


def still_pinned(pins: Mapping[str, Pin], above: Revision) -> dict[str, Pin]:
    """Return what is still put off or let off once something new stands above."""
    return {
        field: pin for field, pin in pins.items() if pin.exempt or not _again(field, pin, above)
    }


def _again(field: str, pin: Pin, above: Revision) -> bool:
    """Return whether what was put off is said again just so."""
    assert pin.earlier is not None
    if field == "":
        return pin.earlier == above
    return all(
        said.get(field) == now.get(field) for said, now in zip(pin.earlier, above, strict=True)
    )
