"""Reading ahead: what a rule asks of one record after another is read for all of them at once.

A rule is written for one record.  Where many records are gone through, what it reads is expected
before and read in one statement the first time it is asked for, so that the rule and its words are
the same for one record and for five hundred.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class _Known:
    """What is expected to be asked for, and what has been read."""

    expected: set[Any] = field(default_factory=set)
    read: dict[Any, Any] = field(default_factory=dict)


_known: ContextVar[dict[Any, _Known] | None] = ContextVar("known", default=None)


@contextmanager
def reading_ahead() -> Iterator[None]:
    """Remember inside the block what was read ahead.  For what ends with its transaction."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


class Ahead(Generic[Key, Value]):
    """A reading by key; `read` answers for many keys at once, and for each of them."""

    def __init__(self, read: Callable[[Collection[Key]], Mapping[Key, Value]]) -> None:
        self.read = read

    def __call__(self, key: Key) -> Value:
        """Return what is read for a key, with all that is expected beside it."""
        known = self._known()
        if known is None:
            return self.read([key])[key]
        if key not in known.read:
            wanted = known.expected - known.read.keys() | {key}
            known.read |= self.read(list(wanted))
        value: Value = known.read[key]
        return value

    def expect(self, keys: Iterable[Key]) -> None:
        """Say what will be asked for; outside of `reading_ahead` nothing comes of it."""
        if (known := self._known()) is not None:
            known.expected |= set(keys)

    def forget(self, keys: Iterable[Key]) -> None:
        """Let be read anew what has changed."""
        if (known := self._known()) is not None:
            for key in keys:
                known.read.pop(key, None)

    def _known(self) -> _Known | None:
        found = _known.get()
        return None if found is None else found.setdefault(self, _Known())
