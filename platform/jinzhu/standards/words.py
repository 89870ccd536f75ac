"""What people type to find something: words in Chinese, in pinyin, or the start of a code.

Every word must be found, in whatever order.  Full-width and half-width letters are the same, on
both sides: names in the catalogues hold “８市” as well as “8市”.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from sqlalchemy import Boolean, ColumnElement, Text, and_, bindparam, func, or_

from jinzhu.standards.models import Revision

#: A shorter word of Latin letters is taken for initials alone; as pinyin it would find everything.
SHORTEST_PINYIN = 4
#: The ways in which each word of a text is looked for.
Shape = tuple[tuple[str, ...], ...]
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def words(text: str) -> list[str]:
    """Return the words of what was typed, each in half width."""
    return unicodedata.normalize("NFKC", text).split()


def spellings(word: str) -> list[str]:
    """Return a word in half width and, where that differs, in full width."""
    return list(dict.fromkeys([word, word.translate(_FULL_WIDTH)]))


def shape(text: str) -> Shape:
    """Return in which ways each word is looked for: all that the SQL depends on."""
    return tuple(tuple(_ways(word)) for word in words(text))


def values(text: str) -> dict[str, str]:
    """Return the values of the parameters that stand for the words in `found_as`."""
    given: dict[str, str] = {}
    for place, word in enumerate(words(text)):
        given |= {f"word_{place}": word, f"wide_{place}": word.translate(_FULL_WIDTH)}
    return given


def found(text: str) -> ColumnElement[bool]:
    """Return the condition for what was typed: every word is in a revision's name or code."""
    return found_as(shape(text), values(text))


def found_as(asked: Shape, given: Mapping[str, str] | None = None) -> ColumnElement[bool]:
    """Return the condition for words; without values, parameters stand for them."""
    return and_(
        True,
        *(or_(*(_found(way, place, given) for way in ways)) for place, ways in enumerate(asked)),
    )


def _ways(word: str) -> Iterator[str]:
    """Name the ways in which a word is looked for: part of a name, start of a code, or pinyin."""
    yield "name"
    if len(spellings(word)) > 1:
        yield "wide"
    if word.isascii():
        yield "code"
    if word.isascii() and word.isalpha():
        yield "initials"
    if word.isascii() and word.isalpha() and len(word) >= SHORTEST_PINYIN:
        yield "pinyin"


def _found(way: str, place: int, given: Mapping[str, str] | None) -> ColumnElement[bool]:
    """Return the condition for one way of finding a word.

    Not LIKE: row security keeps the planner from the statistics of the names, and it then thinks
    that a word finds one revision, and looks through all items of the center for each it does find.
    """
    name = f"wide_{place}" if way == "wide" else f"word_{place}"
    word = func.lower(given[name] if given else bindparam(name, type_=Text))
    match way:
        case "code":
            return func.starts_with(func.lower(Revision.code), word, type_=Boolean)
        case "initials":
            return func.strpos(Revision.name_initials, word) > 0
        case "pinyin":
            return func.strpos(func.replace(Revision.name_key, " ", ""), word) > 0
        case _:
            return func.strpos(func.lower(Revision.name), word) > 0
