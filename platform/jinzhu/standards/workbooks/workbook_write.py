"""Workbooks written: what identifies a row is locked, choices are lists, the stamp is hidden.

Nothing in a workbook of ours is a formula or a link, whatever a text begins with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jinzhu.core.language import say
from jinzhu.standards.editions import editions
from jinzhu.standards.kinds import CHOICES, NUMBERS, Type
from jinzhu.standards.workbooks import workbook_stamp
from jinzhu.standards.workbooks.workbook_cells import MANY, words, yes_or_no
from jinzhu.standards.workbooks.workbook_layout import HEAD, NAME, REASON, REMOVE, ROOM, Cell, Sheet
from jinzhu.standards.workbooks.workbook_stamp import Stamp

LISTS = "_lists"
#: What a spreadsheet takes for a formula when it meets it in a text.
_FORMULA = ("=", "+", "-", "@", "\t")
_WIDE = (Type.LONG_TEXT, Type.PARTS)
#: Of a long list every word would not fit into the hint of a cell.
MOST_HINT = 250


@dataclass(slots=True)
class Line:
    """A row to write: its cells by key, and the cells that are wrong, with why."""

    cells: Mapping[str, Any]
    #: It was there before: what identifies it stays.
    standing: bool = True
    faults: Mapping[str, str] = field(default_factory=dict)
    #: Cells that may not be written into here, besides those that identify the row.
    locked: frozenset[str] = frozenset()


class _Look:
    """The formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        base = {"valign": "top", "text_wrap": True, "font_name": "Microsoft YaHei", "font_size": 10}
        self.title = book.add_format({**base, "bold": True, "bg_color": "#EAF1FB", "border": 1})
        self.locked = book.add_format({**base, "bg_color": "#F3F5F8", "num_format": "@"})
        self.plain = book.add_format({**base, "locked": False})
        self.text = book.add_format({**base, "locked": False, "num_format": "@"})
        self.quoted = book.add_format(
            {**base, "locked": False, "num_format": "@", "quote_prefix": True}
        )
        self.wrong = book.add_format({**base, "locked": False, "bg_color": "#FDECEA"})

    def of(self, cell: Cell, line: Line, value: Any) -> Format:
        """Return how a cell looks."""
        if cell.key in line.faults:
            return self.wrong
        if (
            cell.key in (NAME, REASON)
            or cell.key in line.locked
            or (cell.identity and line.standing)
        ):
            return self.locked
        if isinstance(value, str) and value.startswith(_FORMULA):
            return self.quoted
        return self.empty(cell)

    def empty(self, cell: Cell) -> Format:
        """Return how a cell looks that is still to be filled in."""
        numeric = cell.described is not None and cell.described.type in NUMBERS
        return self.plain if numeric else self.text


def written(
    stamp: Stamp, pages: Sequence[tuple[Sheet, Sequence[Line]]], *, reasons: bool = False
) -> bytes:
    """Return a workbook with these rows; with `reasons` each row says why it was refused."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        look, lists = _Look(book), _Lists()
        taken: set[str] = set()
        for sheet, lines in pages:
            page = book.add_worksheet(_named(sheet.title, taken))
            _page(page, sheet, lines, look, lists, reasons=reasons)
        lists.write(book)
        _stamp(book, stamp)
    return buffer.getvalue()


def _named(title: str, taken: set[str]) -> str:
    """Return a name for a sheet that no other has; a spreadsheet does not tell cases apart."""
    name, number = title, 2
    while name.lower() in taken:
        name, number = f"{title[:28]}_{number}", number + 1
    taken.add(name.lower())
    return name


class _Lists:
    """The lists of choices, on a sheet of their own: a cell's own list would hold too little."""

    def __init__(self) -> None:
        self.columns: dict[str, list[str]] = {}

    def source(self, name: str, entries: list[str]) -> str:
        """Return the range in which a list stands."""
        self.columns.setdefault(name, entries)
        letter = _letter(list(self.columns).index(name))
        return f"='{LISTS}'!${letter}$1:${letter}${len(entries)}"

    def write(self, book: Workbook) -> None:
        """Write the lists that were asked for."""
        page = book.add_worksheet(LISTS)
        page.very_hidden()
        page.protect()
        for place, entries in enumerate(self.columns.values()):
            for row, entry in enumerate(entries):
                page.write_string(row, place, entry)


def _letter(place: int) -> str:
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def place(row: int, column: int) -> str:
    """Return the name of a cell as a spreadsheet shows it."""
    return f"{_letter(column)}{row}"


def _columns(sheet: Sheet, *, reasons: bool) -> list[Cell]:
    told = [Cell(REASON, say("workbook.reason"))] if reasons else []
    split = next(number for number, cell in enumerate(sheet.columns) if cell.key == REMOVE) + 1
    return [*sheet.columns[:split], *told, *sheet.columns[split:]]


def _page(
    page: Worksheet,
    sheet: Sheet,
    lines: Sequence[Line],
    look: _Look,
    lists: _Lists,
    *,
    reasons: bool,
) -> None:
    columns = _columns(sheet, reasons=reasons)
    last = HEAD + len(lines) + ROOM
    for number, cell in enumerate(columns):
        key = f"{sheet.key}:{cell.key}" if number == 0 else cell.key
        page.write_string(0, number, key, look.locked)
        page.write_string(1, number, f"{cell.title}{' *' if cell.required else ''}", look.title)
        page.set_column(number, number, _width(cell), look.empty(cell))
        _offer(page, number, cell, last, lists)
    page.set_row(0, None, None, {"hidden": True})
    for row, line in enumerate(lines, HEAD):
        _line(page, row, line, columns, look)
    page.freeze_panes(HEAD, 1)
    allowed = ("format_columns", "format_rows", "sort", "autofilter")
    page.protect("", dict.fromkeys(allowed, True))
    page.autofilter(1, 0, max(HEAD, HEAD + len(lines) - 1), len(columns) - 1)


def _width(cell: Cell) -> int:
    if cell.described is None:
        return 30 if cell.key == REASON else 22 if cell.identity else 12
    if cell.described.type in _WIDE:
        return 50
    return 12 if cell.described.type in NUMBERS else 22


def _line(page: Worksheet, row: int, line: Line, columns: Sequence[Cell], look: _Look) -> None:
    for number, cell in enumerate(columns):
        value = line.cells.get(cell.key)
        looks = look.of(cell, line, value)
        if value is None or value == "":
            page.write_blank(row, number, None, looks)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            page.write_number(row, number, value, looks)
        else:
            page.write_string(row, number, str(value), looks)
        if cell.key in line.faults:
            page.write_comment(row, number, line.faults[cell.key])


def _offer(page: Worksheet, number: int, cell: Cell, last: int, lists: _Lists) -> None:
    """Offer the choices of a column, or say what belongs there."""
    rule: dict[str, Any] | None = None
    if cell.key == REMOVE:
        source = lists.source("yes", [yes_or_no(True)])
        rule = {"validate": "list", "source": source, **_refusal("workbook.choose")}
    elif cell.key == "applies.levels":
        rule = _hint([say(f"level.{level}") for level in editions.LEVELS])
    elif cell.key == "applies.classes":
        rule = _hint(words("department_class"))
    elif cell.described is not None:
        rule = _rule(cell, lists)
    if rule:
        page.data_validation(HEAD, number, last, number, rule)


def _rule(cell: Cell, lists: _Lists) -> dict[str, Any] | None:
    described = cell.described
    assert described is not None
    if described.type is Type.BOOLEAN:
        entries, name = [yes_or_no(True), yes_or_no(False)], "yes_no"
    elif described.choices and described.choices in CHOICES:
        entries, name = words(described.choices), described.choices
    elif described.type in NUMBERS:
        limit = {"validate": "decimal", "criteria": ">=", "value": 0}
        return {**limit, **_refusal("workbook.number")}
    else:
        return None
    if described.type in MANY:
        return _hint(entries)
    return {
        "validate": "list",
        "source": lists.source(name, entries),
        **_refusal("workbook.choose"),
    }


def _refusal(key: str) -> dict[str, Any]:
    return {"error_title": say("workbook.wrong"), "error_message": say(key), "ignore_blank": True}


def _hint(entries: Iterable[str]) -> dict[str, Any]:
    listed = say("workbook.several", words="、".join(entries))
    return {"validate": "any", "input_message": listed[:MOST_HINT]}


def _stamp(book: Workbook, stamp: Stamp) -> None:
    page = book.add_worksheet(workbook_stamp.SHEET)
    page.very_hidden()
    page.protect()
    for row, line in enumerate(stamp.lines()):
        for number, cell in enumerate(line):
            if isinstance(cell, int):
                page.write_number(row, number, cell)
            else:
                page.write_string(row, number, cell)
