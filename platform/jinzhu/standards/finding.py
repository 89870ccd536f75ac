"""One search over all that a center has: each record type says how its own is found.

What a post may not read is not looked for; a post of some departments finds what is theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinzhu.core.access import may
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.standards.words import words

#: Finds a page of a record type: {rows, total}, each row made by `hit`.
Finder = Callable[[Mapping[str, Any]], Row]
#: How many of each kind are shown where all kinds are.
FEW = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that can be found, and the permission that lets people see it."""

    name: str
    needs: str
    find: Finder


KINDS: dict[str, Kind] = {}
#: The order in which the kinds are shown.
ORDER = ("item", "department", "window", "hall", "case")


def found_by(name: str, *, needs: str) -> Callable[[Finder], Finder]:
    """Declare how a kind of thing is found."""

    def declare(body: Finder) -> Finder:
        KINDS[name] = Kind(name, needs, body)
        return body

    return declare


def hit(
    number: int,
    name: str,
    *,
    to: str,
    code: str = "",
    detail: str = "",
    state: str = "",
) -> Row:
    """Return something that was found: what it is called, what else tells it apart, its page."""
    return {"id": number, "name": name, "code": code, "detail": detail, "state": state, "to": to}


def everywhere(typed: str) -> Row:
    """Return a few of each kind that what was typed finds, with how many there are.

    Without a word there is nothing to find, and nothing is looked for.
    """
    first = {"q": typed, "page": 1, "per_page": FEW, "sort": ""}
    groups = [_group(kind, first) for kind in _visible()] if words(typed) else []
    return {"q": typed, "groups": [group for group in groups if group["total"]]}


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of one kind; nothing of a kind that the post does not see."""
    empty = {"rows": [], "total": 0, "page": query["page"], "per_page": query["per_page"]}
    chosen = [kind for kind in _visible() if kind.name == query["kind"]]
    return chosen[0].find(query) if chosen and words(query["q"]) else empty


def _visible() -> list[Kind]:
    return [KINDS[name] for name in ORDER if name in KINDS and may(KINDS[name].needs)]


def _group(kind: Kind, query: Mapping[str, Any]) -> Row:
    found = kind.find(query)
    return {
        "kind": kind.name,
        "label": say(f"found.{kind.name}"),
        "rows": found["rows"],
        "total": found["total"],
    }
