"""The round trip of a draft through Excel: out, looked at, written back, the rest to correct."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault, Invalid
from jinzhu.standards.editions import editions
from jinzhu.standards.editions.amendment_checks import amended
from jinzhu.standards.models import Edition
from jinzhu.standards.workbooks import workbook_read, workbook_write
from jinzhu.standards.workbooks.workbook_amended import AmendmentForm
from jinzhu.standards.workbooks.workbook_cells import text
from jinzhu.standards.workbooks.workbook_form import Form
from jinzhu.standards.workbooks.workbook_layout import CODE, NAME, REASON, REMOVE, Sheet
from jinzhu.standards.workbooks.workbook_plan import Outcome, Planned, part_of, plan
from jinzhu.standards.workbooks.workbook_read import Sent, Typed
from jinzhu.standards.workbooks.workbook_stamp import Key, Stamp
from jinzhu.standards.workbooks.workbook_stamp import Row as StampRow
from jinzhu.standards.workbooks.workbook_write import Line

#: Rows that a page shows of a workbook that came back; the numbers are of all.
MOST_SHOWN = 1000
NOT_WRITTEN = (Outcome.REFUSED, Outcome.STALE)
WRITTEN = (Outcome.NEW, Outcome.CHANGED)


def made(edition: Edition) -> bytes:
    """Return an edition as a workbook."""
    form = form_of(edition)
    return workbook_write.written(
        form.stamp(), [(sheet, form.lines(sheet)) for sheet in form.sheets()]
    )


def form_of(edition: Edition) -> Form:
    """Return what of an edition a workbook says: of an amendment only what differs."""
    return AmendmentForm(edition) if amended(edition) else Form(edition)


def _opened(form: Form, content: bytes) -> Sent:
    sent = workbook_read.opened(content, form.sheets())
    if sent.stamp.edition_id != form.edition.id:
        raise Invalid(errors=[Fault("file", say("workbook.other_edition"), rule="workbook")])
    return sent


def looked_at(edition: Edition, content: bytes) -> Row:
    """Return what a workbook would do to a draft; nothing is written."""
    form = form_of(edition)
    return _document(plan(form, _opened(form, content)))


def applied(edition: Edition, content: bytes) -> Row:
    """Write the good rows of a workbook into a draft; the others change nothing."""
    form = form_of(edition)
    found = plan(form, _opened(form, content))
    entries = [one.entry for one in found if one.outcome in WRITTEN and one.entry]
    if entries:
        editions.write(edition, entries)
    editions.remove_many(edition, [one.key for one in found if one.outcome is Outcome.REMOVED])
    return _document(found)


def refusals(edition: Edition, content: bytes) -> bytes:
    """Return the rows that cannot be written as a workbook to correct, each with why.

    It carries the present state of each row, so that sending it again decides knowingly.
    """
    form = form_of(edition)
    sent = _opened(form, content)
    found = [one for one in plan(form, sent) if one.outcome in NOT_WRITTEN]
    # A row that was meant as new, and whose code is taken, gets no stamp: it would write over it.
    rows = {
        one.key: StampRow(one.stands.version, "")
        for one in found
        if one.stands and one.key in sent.stamp.rows
    }
    pages = [(sheet, _lines(sheet, found, rows)) for sheet in form.sheets()]
    filled = [(sheet, lines) for sheet, lines in pages if lines]
    stamp = Stamp(edition.id, edition.version, rows)
    return workbook_write.written(stamp, filled, reasons=True)


def _lines(sheet: Sheet, found: Sequence[Planned], known: Mapping[Key, StampRow]) -> list[Line]:
    return [
        _line(typed, one, standing=sheet.field is None and one.key in known)
        for one in found
        for typed in one.typed
        if typed.sheet.key == sheet.key and _matters(typed, one)
    ]


def _matters(typed: Typed, one: Planned) -> bool:
    """Say whether a row is needed to correct its provision: not one of a list as it stands."""
    if typed.sheet.field is None or any(wrong.typed is typed for wrong in one.wrong):
        return True
    parts = one.stands.content.get(typed.sheet.field.name, []) if one.stands else []
    return bool(text(typed.cells.get(REMOVE))) or part_of(typed) not in parts


def _line(typed: Typed, one: Planned, *, standing: bool) -> Line:
    wrong = [wrong for wrong in one.wrong if wrong.typed is typed]
    told = [wrong.message for wrong in wrong] or [say("workbook.see_other")]
    cells = {key: _raw(cell) for key, cell in typed.cells.items()}
    cells[CODE] = text(typed.cells.get(CODE))
    cells[REASON] = "；".join(dict.fromkeys(told))
    faults = {wrong.key: wrong.message for wrong in wrong if wrong.key}
    return Line(cells, standing=standing, faults=faults)


def _raw(cell: Any) -> Any:
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else text(cell)


def _document(found: Sequence[Planned]) -> Row:
    counts = Counter(one.outcome for one in found)
    told = [one for one in found if one.outcome is not Outcome.UNCHANGED]
    told.sort(key=lambda one: one.outcome not in NOT_WRITTEN)
    return {
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
        "rows": [_row(one) for one in told[:MOST_SHOWN]],
        "total": len(told),
    }


def _row(one: Planned) -> Row:
    first = one.typed[0]
    name = (one.entry or {}).get("content", {}).get("name")
    typed = text(first.cells.get("content.name") or first.cells.get(NAME))
    return {
        "sheet": first.name,
        "row": first.row,
        "kind": one.key[0],
        "code": one.key[1],
        "name": name or typed or (one.stands.content.get("name", "") if one.stands else ""),
        "state": one.outcome.value,
        "fields": one.changed,
        "faults": [
            {
                "sheet": wrong.typed.name,
                "row": wrong.typed.row,
                "cell": wrong.cell,
                "message": wrong.message,
                "value": text(wrong.typed.cells.get(wrong.key)),
            }
            for wrong in one.wrong
        ],
    }
