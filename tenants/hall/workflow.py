"""What else stands in a hall or at a window, and what becomes of it when the place is closed.

A record type that keeps something there registers how much there is, and how it is settled; nothing
is left at a place that is not there any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jinzhu.core.problems import invalid


@dataclass(frozen=True, slots=True)
class Place:
    """A hall, or one of its windows."""

    hall_id: int
    window_id: int | None = None


class Fate(StrEnum):
    """What becomes of what stands at a place that is closed."""

    AWAY = "away"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record type keeps at places."""

    #: How much there is, and in words what.
    found: Callable[[Place], tuple[int, str]]
    #: From what was wished: what becomes of it, and where it comes to.
    settle: Callable[[Place, Fate, Mapping[str, Any]], None]


#: By the field of the wish.
STANDING: dict[str, Standing] = {}


def stands(field: str, standing: Standing) -> None:
    """Declare that a record type keeps something at places; its words are closing.<field>."""
    STANDING[field] = standing


def clear(place: Place, wish: Mapping[str, Any]) -> None:
    """Settle, as wished, what still stands at a place that is closed.

    Raises:
        Invalid: if something stands there and nothing is said about it.
    """
    for field, one in STANDING.items():
        count, detail = one.found(place)
        if not count:
            continue
        if not wish.get(field):
            text = f"closing.{field}"
            raise invalid(field, text, value=count, rule="required", n=count, detail=detail)
        one.settle(place, Fate(wish[field]), wish)
