"""What came of a campaign or a joint act as a workbook: one row each, nothing of it a formula."""

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter import Workbook

from jinzhu.core.language import say
from jinzhu.core.pages import Row

#: The columns by key, with their width.
COLUMNS = {
    "place": 8,
    "code": 24,
    "name": 46,
    "department_name": 24,
    "state": 14,
    "case_number": 14,
    "message": 60,
}


def of_campaign(rows: Sequence[Row]) -> bytes:
    """Return what came of each row of a campaign."""
    return _written(
        list(COLUMNS), [{**row, "state": say(f"outcome.{row['state'].value}")} for row in rows]
    )


def of_act(rows: Sequence[Row]) -> bytes:
    """Return what came of a joint act in each case."""
    columns = [key for key in COLUMNS if key != "place"]
    return _written(
        columns, [{**row, "state": say(f"act_outcome.{row['state'].value}")} for row in rows]
    )


def _written(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#EAF1FB", "border": 1})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        page = book.add_worksheet(say("campaign.sheet"))
        for number, key in enumerate(columns):
            page.set_column(number, number, COLUMNS[key])
            page.write_string(0, number, say(f"campaign.column.{key}"), head)
        for line, row in enumerate(rows, 1):
            for number, key in enumerate(columns):
                page.write_string(line, number, str(row[key] or ""), text)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    return buffer.getvalue()
