"""Workbooks read: bounded in size, known by what is on their hidden cells, never by their names."""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from jinzhu.core.language import say
from jinzhu.core.problems import Fault, Invalid
from jinzhu.standards.workbooks import workbook_stamp
from jinzhu.standards.workbooks.workbook_layout import HEAD, ROOM, Sheet, sheets
from jinzhu.standards.workbooks.workbook_stamp import Stamp

MOST_BYTES = 20 * 1024 * 1024
#: A small file can hold a great deal of nothing: bytes, and cells far from one another.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 500
#: What `zipfile` raises for a broken archive: its own error, one of the packing, an end too early,
#: a place before the beginning or a name that is no text (ValueError), a packing or a password
#: that it does not know (RuntimeError).
BROKEN = (BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["']""")


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as it was typed: where it stands, and its cells by key."""

    sheet: Sheet
    name: str
    row: int
    cells: dict[str, Any]
    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    """A workbook that came back."""

    stamp: Stamp
    rows: list[Typed]


def _refuse(key: str, **values: Any) -> Invalid:
    return Invalid(errors=[Fault("file", say(f"workbook.{key}", **values), rule="workbook")])


def opened(content: bytes, known: Sequence[Sheet] | None = None) -> Sent:
    """Return what a workbook says on the sheets that are known: those of a standard if not said.

    Raises:
        Invalid: if it is no workbook of ours, or holds too much.
    """
    if len(content) > MOST_BYTES:
        raise _refuse("too_large", most=MOST_BYTES // 1024 // 1024)
    _check_archive(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        pages = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except CalamineError as error:
        raise _refuse("not_excel") from error
    try:
        stamp = workbook_stamp.read(pages.get(workbook_stamp.SHEET, []))
    except (workbook_stamp.Damaged, ValueError, IndexError) as error:
        raise _refuse("no_stamp") from error
    rows = list(_rows(pages, known or sheets()))
    if len(rows) > MOST_ROWS:
        raise _refuse("too_many", most=MOST_ROWS)
    return Sent(stamp, rows)


def _check_archive(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if not any(entry.filename == "xl/workbook.xml" for entry in entries):
                raise _refuse("not_excel")
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise _refuse("too_many", most=MOST_ROWS)
            far = any(
                _far(archive.read(entry))
                for entry in entries
                if entry.filename.startswith("xl/worksheets/")
            )
    except BROKEN as error:
        raise _refuse("not_excel") from error
    if far:
        raise _refuse("too_many", most=MOST_ROWS)


def _far(page: bytes) -> bool:
    """Say whether a cell stands so far out that all before it could not be held."""
    for found in _PLACE.finditer(page):
        if int(found[2]) > MOST_ROWS + HEAD + ROOM or _column(found[1]) > MOST_COLUMNS:
            return True
    return False


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _rows(pages: dict[str, list[list[Any]]], listed: Sequence[Sheet]) -> Iterator[Typed]:
    known = {sheet.key: sheet for sheet in listed}
    for name, lines in pages.items():
        if not lines or not lines[0]:
            continue
        kind, _, rest = str(lines[0][0]).partition(":")
        field, _, first = rest.partition(":")
        sheet = known.get(f"{kind}:{field}")
        if sheet is None or not first:
            continue
        keys = [first, *(str(cell) for cell in lines[0][1:])]
        columns = {key: number for number, key in enumerate(keys) if key}
        for row, line in enumerate(lines[HEAD:], HEAD + 1):
            cells = {key: line[number] for key, number in columns.items() if number < len(line)}
            if any(cell not in ("", None) for cell in cells.values()):
                yield Typed(sheet, name, row, cells, columns)
