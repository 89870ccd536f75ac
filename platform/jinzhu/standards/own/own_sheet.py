"""A list that a center already has, as rows of words: CSV of either encoding, or Excel."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from jinzhu.core.problems import Invalid, invalid

MOST_ROWS = 5000
MOST_BYTES = 60_000_000
ENCODINGS = ("utf-8-sig", "gb18030")
_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")

Line = tuple[int, list[str]]


def lines(given: bytes) -> list[Line]:
    """Return the lines of a file that hold anything, each with its number in the file.

    Raises:
        Invalid: where it is neither CSV nor an Excel workbook, or longer than a catalogue can be.
    """
    read = list(_sheet(given) if given[:2] == b"PK" else _csv(given))
    found = [(number, cells) for number, cells in read if any(cells)]
    if len(found) > MOST_ROWS + 1:
        raise invalid("file", "own.too_many_rows", value=len(found), most=MOST_ROWS)
    return found


def _unreadable() -> Invalid:
    return invalid("file", "own.unreadable", rule="file")


def _csv(given: bytes) -> Iterator[Line]:
    text = next((decoded for name in ENCODINGS if (decoded := _decoded(given, name))), None)
    if text is None or "\0" in text:
        raise _unreadable()
    first = text.partition("\n")[0]
    mark = max("\t;,", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise _unreadable() from error


def _decoded(given: bytes, encoding: str) -> str | None:
    try:
        return given.decode(encoding)
    except UnicodeDecodeError:
        return None


def _sheet(given: bytes) -> Iterator[Line]:
    """Read the first sheet of a workbook; of what is calculated the result."""
    try:
        with zipfile.ZipFile(io.BytesIO(given)) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_BYTES:
                raise _unreadable()
            words = _shared(book)
            names = sorted(name for name in book.namelist() if "worksheets/sheet" in name)
            root = ElementTree.fromstring(book.read(names[0]))
    except (zipfile.BadZipFile, ElementTree.ParseError, IndexError, KeyError) as error:
        raise _unreadable() from error
    for row in root.iter(f"{_CELL}row"):
        cells: dict[int, str] = {}
        for cell in row.iter(f"{_CELL}c"):
            place = _PLACE.match(cell.get("r", ""))
            column = _column(place[1]) if place else len(cells)
            cells[column] = _value(cell, words).strip()
        yield int(row.get("r", "0")), [cells.get(n, "") for n in range(max(cells, default=-1) + 1)]


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in one.iter(f"{_CELL}t")) for one in root]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, words: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_CELL}t"))
    found = cell.find(f"{_CELL}v")
    text = (found.text or "") if found is not None else ""
    if cell.get("t") == "s":
        return words[int(text)] if text.isdigit() and int(text) < len(words) else ""
    # A code typed as a number comes as 123.0.
    return text.removesuffix(".0")
