"""Values of fields: what may stand in a provision, and what a center may write itself.

Here a value is made clean and checked against its type.  Whether a local value stays inside the
bound of the standard is decided in one other place, the SQL function `app.breaks`.
"""

import re
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import CHOICES, Column, Field, Kind, Rule, Type

MOST_TEXT = {Type.CODE: 64, Type.TEXT: 300, Type.LONG_TEXT: 8000}
MOST_NUMBER = 100_000_000
MOST_PARTS = 200
_PHONE = re.compile(r"^[0-9+()（）、,，/ 转ext.-]{5,60}$")
_CODE = re.compile(r"^[0-9A-Za-z._-]+$")


class Wrong(ValueError):
    """A value that its type does not allow; the text is for the reader."""


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise Wrong(say("value.text"))
    if len(value.strip()) > most:
        raise Wrong(say("value.too_long", most=most, length=len(value.strip())))
    if any(ord(char) < 32 and char not in "\n\t" for char in value):
        raise Wrong(say("value.control"))
    return value.strip()


def _code(value: Any) -> str:
    text = _text(value, MOST_TEXT[Type.CODE])
    if text and not _CODE.match(text):
        raise Wrong(say("value.code"))
    return text


def _phone(value: Any) -> str:
    text = _text(value, 60)
    if text and (not _PHONE.match(text) or sum(char.isdigit() for char in text) < 5):
        raise Wrong(say("value.phone"))
    return text


def _number(value: Any, *, whole: bool) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Wrong(say("value.integer" if whole else "value.number"))
    if not 0 <= value <= MOST_NUMBER:
        raise Wrong(say("value.range", most=MOST_NUMBER))
    if value == int(value):
        return int(value)
    if whole:
        raise Wrong(say("value.integer"))
    if round(value, 2) != value:
        raise Wrong(say("value.cents"))
    return value


def _choice(value: Any, names: str) -> str:
    if value not in CHOICES[names]:
        raise Wrong(say("value.choice"))
    return str(value)


def _choices(value: Any, names: str) -> list[str]:
    if not isinstance(value, list):
        raise Wrong(say("value.list"))
    chosen = {_choice(part, names) for part in value}
    return [code for code in CHOICES[names] if code in chosen]


def _single(type_: Type, value: Any, names: str) -> Any:
    match type_:
        case Type.INTEGER | Type.MONEY:
            return _number(value, whole=type_ is Type.INTEGER)
        case Type.CHOICE:
            return _choice(value, names)
        case Type.CHOICES:
            return _choices(value, names)
        case Type.PHONE:
            return _phone(value)
        case Type.CODE:
            return _code(value)
        case _:
            return _text(value, MOST_TEXT[type_])


def _part(columns: tuple[Column, ...], part: Any, place: int) -> dict[str, Any]:
    if not isinstance(part, dict):
        raise Wrong(say("value.list"))
    clean = {}
    for column in columns:
        value = part.get(column.name)
        if value in (None, ""):
            if column.required:
                raise Wrong(say("value.row_incomplete", row=place + 1))
            continue
        try:
            clean[column.name] = _single(column.type, value, column.choices)
        except Wrong as wrong:
            raise Wrong(say("value.row", row=place + 1, reason=str(wrong))) from wrong
    return clean


def _materials(field: Field, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise Wrong(say("value.list"))
    if len(value) > MOST_PARTS:
        raise Wrong(say("value.too_many", most=MOST_PARTS))
    parts = [_part(field.columns, part, place) for place, part in enumerate(value)]
    codes = [part["code"] for part in parts]
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        raise Wrong(say("value.twice", code=twice))
    return parts


def of_standard(field: Field, value: Any) -> Any:
    """Return the value as it stands in a provision.

    Raises:
        Wrong: if the type of the field does not allow it.
    """
    if field.type is Type.MATERIALS:
        return _materials(field, value)
    return _single(field.type, value, field.choices)


def of_center(field: Field, value: Any) -> Any:
    """Return a local value; of a list of objects a center names the codes that stay.

    Raises:
        Wrong: if the type of the field does not allow it.
    """
    if field.type is Type.MATERIALS:
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            raise Wrong(say("value.codes"))
        return sorted(set(value))
    return _single(field.type, value, field.choices)


def content(kind: Kind, given: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return a provision's content made clean, and what is wrong with it."""
    clean: dict[str, Any] = {}
    wrong = [
        Fault(f"content.{name}", say("value.unknown_field"), rule="field")
        for name in given
        if kind.field(name) is None
    ]
    for field in kind.fields:
        value = given.get(field.name)
        if value in (None, "", []) or (isinstance(value, str) and not value.strip()):
            if field.required:
                text = say("value.required", label=kind.label(field.name))
                wrong.append(Fault(f"content.{field.name}", text, rule="required"))
            continue
        try:
            clean[field.name] = of_standard(field, value)
        except Wrong as error:
            wrong.append(Fault(f"content.{field.name}", str(error), value, field.type.value))
    return clean, wrong + _together(kind, clean)


def _together(kind: Kind, clean: dict[str, Any]) -> list[Fault]:
    """Check what concerns two fields at once."""
    committed, statutory = clean.get("committed_limit"), clean.get("statutory_limit")
    if kind.name == "item" and committed and statutory is not None and committed > statutory:
        text = say("value.over_statutory", bound=statutory)
        return [Fault("content.committed_limit", text, committed, "at_most")]
    return []


def rules(kind: Kind, given: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return a rule for each field, the default where none is given, and what is wrong."""
    clean, wrong = kind.default_rules(), []
    for name, rule in given.items():
        field = kind.field(name)
        allowed = [known.value for known in field.rules] if field else []
        chosen = rule.get("rule") if isinstance(rule, dict) else None
        if field is None or chosen not in allowed:
            text = say("value.rule", allowed=", ".join(say(f"rule.{known}") for known in allowed))
            wrong.append(Fault(f"rules.{name}", text, chosen, "rule"))
            continue
        clean[name] = {"rule": chosen}
        if chosen == Rule.LOCAL:
            clean[name]["required"] = bool(rule.get("required"))
    return clean, wrong
