"""The stamp of a workbook: which draft it was made from, and in which state each row was.

It stands on a sheet that is not shown.  A row that nobody touched is known by its hash, and one
that somebody else has changed since by the version of its entry.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from jinzhu.standards.kinds import KINDS
from jinzhu.standards.workbooks.workbook_layout import APPLIES, carried

SHEET = "_jinzhu"
MARK = "jinzhu-workbook-1"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was written: the version of its entry, and the hash of what it said."""

    version: int
    hashed: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of a draft when a workbook was made from it."""

    edition_id: int
    version: int
    rows: Mapping[Key, Row]

    def lines(self) -> list[list[Any]]:
        """Return the stamp as the lines of its sheet, the last one sealing the others."""
        rows = [[kind, code, row.version, row.hashed] for (kind, code), row in self.rows.items()]
        lines: list[list[Any]] = [[MARK, self.edition_id, self.version, len(rows)], *rows]
        return [*lines, [_sealed(lines)]]


class Damaged(ValueError):
    """The stamp is not there, or not as it was written."""


def read(lines: list[list[Any]]) -> Stamp:
    """Return the stamp of a workbook.

    Raises:
        Damaged: if it is not a stamp of ours as it was written.
    """
    lines = [[_plain(cell) for cell in line if cell not in ("", None)] for line in lines]
    lines = [line for line in lines if line]
    if len(lines) < 2 or lines[0][0] != MARK or lines[-1] != [_sealed(lines[:-1])]:
        raise Damaged
    _, edition_id, version, _ = lines[0]
    rows = {
        (str(line[0]), str(line[1])): Row(line[2], str(line[3]) if len(line) > 3 else "")
        for line in lines[1:-1]
    }
    return Stamp(edition_id, version, rows)


def _plain(cell: Any) -> Any:
    """Return whole numbers as such: a workbook knows only floating ones."""
    return int(cell) if isinstance(cell, float) and cell == int(cell) else cell


def _sealed(lines: Iterable[list[Any]]) -> str:
    written = "\n".join(" ".join(str(cell) for cell in line if cell != "") for line in lines)
    return hashlib.sha256(written.encode()).hexdigest()


def hashed(kind: str, content: Mapping[str, Any], applies: Mapping[str, Any]) -> str:
    """Return the hash of what a workbook says of a provision."""
    names = [field.name for field in carried(KINDS[kind])]
    told = [
        {name: content[name] for name in names if name in content},
        {name: applies[name] for name in APPLIES if applies.get(name)},
    ]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
