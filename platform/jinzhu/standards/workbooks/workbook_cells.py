"""Values as the cells of a workbook: how they are written, and how they are understood again.

What cannot be understood is handed on as it was typed, so that the check of the value says what is
wrong with it in the words that every other page uses.
"""

import re
from datetime import date, datetime
from functools import cache
from typing import Any

from jinzhu.core.language import LANGUAGES, say, sentences
from jinzhu.standards.kinds import CHOICES, NUMBERS, Column, Field, Type

Described = Field | Column
MANY = (Type.CHOICES, Type.CODES)
SEPARATOR = "、"
_SEPARATORS = re.compile(r"[、,，;；\n]+")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


def word(names: str, code: str) -> str:
    """Return the word for a choice in the reader's language."""
    return say(f"choice.{names}.{code}")


def words(names: str) -> list[str]:
    """Return all words of a list of choices, in their order."""
    return [word(names, code) for code in CHOICES[names]]


@cache
def _codes(names: str) -> dict[str, str]:
    """Return the code for each word, in whatever language the workbook was made."""
    return {code: code for code in CHOICES[names]} | {
        sentences(language)[f"choice.{names}.{code}"]: code
        for language in LANGUAGES
        for code in CHOICES[names]
    }


@cache
def _truths() -> dict[str, bool]:
    known = {"true": True, "false": False, "1": True, "0": False}
    for language in LANGUAGES:
        known[sentences(language)["workbook.yes"].lower()] = True
        known[sentences(language)["workbook.no"].lower()] = False
    return known


def truth(raw: Any) -> bool | None:
    """Return what a yes-or-no cell says; None where it says neither."""
    return raw if isinstance(raw, bool) else _truths().get(text(raw).lower())


def yes_or_no(value: bool) -> str:
    """Return the word for a yes-or-no cell."""
    return say("workbook.yes" if value else "workbook.no")


def joined(values: list[str]) -> str:
    """Return several values in one cell."""
    return SEPARATOR.join(values)


def parted(raw: Any) -> list[str]:
    """Return the several values of one cell."""
    return [part.strip() for part in _SEPARATORS.split(text(raw)) if part.strip()]


def text(raw: Any) -> str:
    """Return a cell as text: a whole number without its decimals, a day as 2026-11-23."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return yes_or_no(raw)
    if isinstance(raw, float) and raw == int(raw):
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw).replace("\r\n", "\n").replace("\r", "\n").strip()


def shown(described: Described, value: Any) -> Any:
    """Return a value as it is written into a cell; None leaves the cell empty."""
    if value is None:
        return None
    match described.type:
        case Type.BOOLEAN:
            return yes_or_no(value)
        case Type.CHOICE | Type.GRADE:
            return word(described.choices, str(value))
        case Type.CHOICES:
            return joined([word(described.choices, one) for one in value])
        case Type.CODES:
            return joined(value)
        case _:
            return value


def understood(described: Described, raw: Any) -> Any:
    """Return what a cell says, as a value that is still to be checked; None where it is empty."""
    said = text(raw)
    if not said:
        return None
    match described.type:
        case Type.BOOLEAN:
            known = truth(raw)
            return said if known is None else known
        case Type.CHOICE:
            return _codes(described.choices).get(said, said)
        case Type.GRADE:
            code = _codes(described.choices).get(said, said)
            return int(code) if code.isdecimal() else code
        case Type.CHOICES:
            return [_codes(described.choices).get(one, one) for one in parted(raw)]
        case Type.CODES:
            return parted(raw)
        case _ if described.type in NUMBERS:
            return _number(raw, said)
        case _:
            return said


def _number(raw: Any, said: str) -> Any:
    number = float(said) if _NUMBER.match(said) else raw
    if isinstance(number, float) and number == int(number):
        return int(number)
    return number if isinstance(number, int | float) else said
