"""A center's findings as an Excel sheet, to hand to the departments."""

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter import Workbook

from jinzhu.core.language import say
from jinzhu.core.pages import Row

COLUMNS = (
    ("department", 18),
    ("code", 20),
    ("name", 44),
    ("severity", 10),
    ("rule", 26),
    ("field", 16),
    ("text", 70),
)


def written(rows: Sequence[Row]) -> bytes:
    """Return a workbook with one row for each finding; nothing in it is a formula or a link."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        base = {"valign": "top", "text_wrap": True, "font_name": "Microsoft YaHei", "font_size": 10}
        plain = book.add_format({**base, "num_format": "@"})
        title = book.add_format({**base, "bold": True, "bg_color": "#EAF1FB", "border": 1})
        page = book.add_worksheet(say("quality.sheet"))
        for place, (name, width) in enumerate(COLUMNS):
            page.set_column(place, place, width)
            page.write_string(0, place, say(f"quality.column.{name}"), title)
        for line, row in enumerate(rows, 1):
            for place, text in enumerate(_cells(row)):
                page.write_string(line, place, text, plain)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    return buffer.getvalue()


def _cells(row: Row) -> list[str]:
    return [
        row["department_name"],
        row["code"],
        row["name"],
        say(f"quality.severity.{row['severity']}"),
        row["rule_label"],
        row["field_label"],
        row["text"],
    ]
