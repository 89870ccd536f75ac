"""The order and the short form of Chinese names, independent of the server's collations."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=20_000)
def sort_key(text: str) -> str:
    """Return the pinyin of a text, syllables apart, to order by."""
    return " ".join(lazy_pinyin(text)).lower()[:400]


@lru_cache(maxsize=20_000)
def initials(text: str) -> str:
    """Return the first letters of the syllables, as people type them to search."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()[:200]
