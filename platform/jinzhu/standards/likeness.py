"""How alike two names are, for lists whose codes cannot be trusted.

Names are compared without blanks, signs, width and case; how alike they are is the share of
neighbouring pairs of characters that they have in common.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

#: What does not count in a name, as the inside of a character class that PostgreSQL reads alike.
SIGNS = r"\s!-/:-@\[-`{-~、。《》〈〉“”‘’·—…【】「」〔〕"
_SIGNS = re.compile(f"[{SIGNS}]+")


def plain(name: str) -> str:
    """Return a name as it is compared."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name).lower())


def _pairs(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(len(text) - 1)) or Counter([text])


@dataclass(frozen=True, slots=True)
class Like:
    """A name that was found, and how alike it is: 1 is the same."""

    key: int
    score: float


class Names:
    """Many names, to find those like a given one."""

    def __init__(self, named: Iterable[tuple[int, str]]) -> None:
        self._sizes: dict[int, int] = {}
        self._holding: dict[str, list[tuple[int, int]]] = {}
        for key, name in named:
            pairs = _pairs(plain(name))
            self._sizes[key] = pairs.total()
            for pair, count in pairs.items():
                self._holding.setdefault(pair, []).append((key, count))

    def like(self, name: str, *, least: float = 0.35) -> list[Like]:
        """Return the names like this one, the most alike first."""
        pairs, common = _pairs(plain(name)), Counter[int]()
        for pair, count in pairs.items():
            for key, other in self._holding.get(pair, []):
                common[key] += min(count, other)
        size = pairs.total()
        found = [
            Like(key, round(2 * both / (size + self._sizes[key]), 3))
            for key, both in common.items()
        ]
        return sorted(
            (like for like in found if like.score >= least),
            key=lambda like: (-like.score, like.key),
        )
