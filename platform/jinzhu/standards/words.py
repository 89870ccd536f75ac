"""What people type to find something: words in Chinese, in pinyin, or the start of a code.

Every word must be found, in whatever order.  Full-width and half-width letters are the same, on
both sides: names in the catalogues hold “８市” as well as “8市”.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, and_, bindparam, case, func, or_

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
    if is_pinyin(word):
        yield "initials"
    if is_pinyin(word) and len(word) >= SHORTEST_PINYIN:
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


def named(
    text: str,
    *,
    names: Sequence[Any],
    codes: Sequence[Any] = (),
    keys: Sequence[Any] = (),
) -> ColumnElement[bool]:
    """Return the same condition for what has no revision: each word is found in one of these.

    `codes` are numbers by which people know a thing; `keys` the pinyin of a name, syllables apart.
    """
    return and_(True, *(or_(*_named(word, names, codes, keys)) for word in words(text)))


def _named(
    word: str, names: Sequence[Any], codes: Sequence[Any], keys: Sequence[Any]
) -> Iterator[ColumnElement[bool]]:
    for spelling in spellings(word):
        yield from (func.strpos(func.lower(name), spelling.lower()) > 0 for name in names)
    low = word.lower()
    yield from (func.starts_with(func.lower(code), low, type_=Boolean) for code in codes)
    if not is_pinyin(word):
        return
    for key in keys:
        yield func.strpos(func.regexp_replace(key, r"(\S)\S*\s*", r"\1", "g"), low) > 0
        if len(word) >= SHORTEST_PINYIN:
            yield func.strpos(func.replace(key, " ", ""), low) > 0


def is_pinyin(word: str) -> bool:
    """Say whether a word may be the pinyin of a name, or its initials."""
    return word.isascii() and word.isalpha()


def nearness(text: str, *, name: Any, code: Any) -> ColumnElement[int]:
    """Return what to order by so that what was meant stands first: its code, how it begins."""
    typed = " ".join(words(text)).lower()
    begins = func.starts_with(func.lower(name), typed, type_=Boolean)
    return case((func.lower(code) == typed, 0), (begins, 1), else_=2)
