"""A single value made clean and checked against its type; the sentence says what is wrong."""

import math
import re
from collections.abc import Iterable
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds.kind_choices import CHOICES
from jinzhu.standards.kinds.kind_fields import Column, Field, Type

MOST_TEXT = {Type.CODE: 64, Type.TEXT: 300, Type.LONG_TEXT: 8000}
MOST_NUMBER = 100_000_000
MOST_PERCENT = 100
#: How many codes, or parts, a list may hold.
MOST_PARTS = 200
_PHONE = re.compile(r"^[0-9+()（）、,，/ 转ext.-]{5,60}$")
_CODE = re.compile(r"^[0-9A-Za-z._-]+$")


class Wrong(ValueError):
    """A value that its type does not allow; the text is for the reader.

    Where the value is a list of parts, `cells` says for each wrong cell where it stands.
    """

    def __init__(self, message: str, *, cells: Iterable[Fault] = ()) -> None:
        super().__init__(message)
        self.cells = list(cells)


def blank(value: Any) -> bool:
    """Say whether there is no value; 0 and False are values."""
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, list | dict) and not value)
    )


def text(value: Any, most: int) -> str:
    """Return a text without blanks around it."""
    if not isinstance(value, str):
        raise Wrong(say("value.text"))
    if len(value.strip()) > most:
        raise Wrong(say("value.too_long", most=most, length=len(value.strip())))
    if any(ord(char) < 32 and char not in "\n\t" for char in value):
        raise Wrong(say("value.control"))
    return value.strip()


def code(value: Any) -> str:
    """Return a code, which addresses and files can carry."""
    clean = text(value, MOST_TEXT[Type.CODE])
    if clean and not _CODE.match(clean):
        raise Wrong(say("value.code"))
    return clean


def codes(value: Any) -> list[str]:
    """Return a list of codes, each once, in the order given."""
    if not isinstance(value, list):
        raise Wrong(say("value.list"))
    if len(value) > MOST_PARTS:
        raise Wrong(say("value.too_many", most=MOST_PARTS))
    clean = [code(one) for one in value]
    if not all(clean):
        raise Wrong(say("value.code"))
    return list(dict.fromkeys(clean))


def _phone(value: Any) -> str:
    clean = text(value, 60)
    if clean and (not _PHONE.match(clean) or sum(char.isdigit() for char in clean) < 5):
        raise Wrong(say("value.phone"))
    return clean


def _number(value: Any, *, whole: bool, most: int = MOST_NUMBER) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise Wrong(say("value.integer" if whole else "value.number"))
    if not 0 <= value <= most:
        raise Wrong(say("value.range", most=most))
    if value == int(value):
        return int(value)
    if whole:
        raise Wrong(say("value.integer"))
    if round(value, 2) != value:
        raise Wrong(say("value.cents"))
    return value


def not_among(names: str) -> str:
    """Say which choices there are, in the reader's words."""
    labels = [say(f"choice.{names}.{code}") for code in CHOICES[names]]
    return say("value.choice", choices="、".join(labels))


def _grade(value: Any, names: str) -> int:
    """Return the number of a grade; the words of a grade stand under its number."""
    if isinstance(value, bool) or not isinstance(value, int) or str(value) not in CHOICES[names]:
        raise Wrong(not_among(names))
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(say("value.boolean"))
    return value


def _choice(value: Any, names: str) -> str:
    if value not in CHOICES[names]:
        raise Wrong(not_among(names))
    return str(value)


def _choices(value: Any, names: str) -> list[str]:
    if not isinstance(value, list):
        raise Wrong(say("value.list"))
    chosen = {_choice(one, names) for one in value}
    return [one for one in CHOICES[names] if one in chosen]


def single(described: Field | Column, value: Any) -> Any:
    """Return a value of any type but parts.

    Raises:
        Wrong: if the type does not allow it.
    """
    match described.type:
        case Type.INTEGER | Type.MONEY:
            return _number(value, whole=described.type is Type.INTEGER)
        case Type.PERCENT:
            return _number(value, whole=False, most=MOST_PERCENT)
        case Type.GRADE:
            return _grade(value, described.choices)
        case Type.BOOLEAN:
            return _boolean(value)
        case Type.CHOICE:
            return _choice(value, described.choices)
        case Type.CHOICES:
            return _choices(value, described.choices)
        case Type.CODES:
            return codes(value)
        case Type.PHONE:
            return _phone(value)
        case Type.CODE:
            return code(value)
        case _:
            return text(value, MOST_TEXT[described.type])
