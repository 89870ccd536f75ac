"""Every sentence the server says, in the language of the reader.

The sentences stand in `locale/*.json`, the same keys in each file; code names a key.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

from jinzhu.core.singular import in_singular

LANGUAGES = ("zh-CN", "en")
_language: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


@cache
def sentences(language: str) -> dict[str, str]:
    """Return all sentences of a language by key."""
    text = files("jinzhu").joinpath("locale", f"{language}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def say(key: str, /, **values: object) -> str:
    """Return the sentence of this key with its values filled in."""
    language = _language.get()
    told = sentences(language)[key].format(**values)
    return in_singular(told) if language == "en" and values else told


def knows(key: str) -> bool:
    """Say whether there is a sentence of this key."""
    return key in sentences(LANGUAGES[0])


def chosen(header: str | None) -> str:
    """Pick the language for an Accept-Language header; Chinese unless English comes first."""
    return "en" if (header or "").strip().lower().startswith("en") else LANGUAGES[0]


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speak this language inside the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def current() -> str:
    """Return the language being spoken."""
    return _language.get()
