"""What people type to find something: words in Chinese, in pinyin, or the start of a code.

Every word must be found, in whatever order.  Full-width and half-width letters are the same, on
both sides: names in the catalogues hold “８市” as well as “8市”.
"""

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_

from jinzhu.standards.models import Revision

#: A shorter word of Latin letters is taken for initials alone; as pinyin it would find everything.
SHORTEST_PINYIN = 4
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def words(text: str) -> list[str]:
    """Return the words of what was typed, each in half width."""
    return unicodedata.normalize("NFKC", text).split()


def spellings(word: str) -> list[str]:
    """Return a word in half width and, where that differs, in full width."""
    return list(dict.fromkeys([word, word.translate(_FULL_WIDTH)]))


def found(text: str) -> ColumnElement[bool]:
    """Return the condition for what was typed: every word is in a revision's name or code."""
    return and_(True, *(_found(word) for word in words(text)))


def _found(word: str) -> ColumnElement[bool]:
    """Return the condition for a word: part of a name, start of a code, or pinyin."""
    ways = [_within(func.lower(Revision.name), func.lower(one)) for one in spellings(word)]
    if word.isascii():
        ways.append(Revision.code.istartswith(word, autoescape=True))
    if word.isascii() and word.isalpha():
        ways.append(_within(Revision.name_initials, word.lower()))
    if word.isascii() and word.isalpha() and len(word) >= SHORTEST_PINYIN:
        syllables = func.replace(Revision.name_key, " ", "")
        ways.append(_within(syllables, word.lower()))
    return or_(*ways)


def _within(whole: SQLColumnExpression[str], part: Any) -> ColumnElement[bool]:
    """Return whether a text stands within another.

    Not LIKE: row security keeps the planner from the statistics of the names, and it then thinks
    that a word finds one revision, and looks through all items of the center for each it does find.
    """
    return func.strpos(whole, part) > 0
