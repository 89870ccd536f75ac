"""What a workbook that came back would do, row by row: nothing is lost because others are wrong.

A row that nobody touched changes nothing, even where the draft has moved on; one that was touched
on both sides is refused with the name of who else did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.problems import Fault
from jinzhu.standards.editions import editions
from jinzhu.standards.kinds import KINDS, NUMBERS
from jinzhu.standards.workbooks import workbook_identity
from jinzhu.standards.workbooks.workbook_cells import text, truth
from jinzhu.standards.workbooks.workbook_draft import Standing, level_words, unknown_levels
from jinzhu.standards.workbooks.workbook_form import Form, filled
from jinzhu.standards.workbooks.workbook_layout import CODE, PART, REMOVE
from jinzhu.standards.workbooks.workbook_read import Sent, Typed
from jinzhu.standards.workbooks.workbook_stamp import Key, Stamp
from jinzhu.standards.workbooks.workbook_write import place

#: Rules of figures that are added up.
TOGETHER = ("at_most", "at_least", "sum")


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    #: Somebody else has changed it since the workbook was made.
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that is refused, named as a spreadsheet names it."""

    typed: Typed
    key: str
    message: str
    value: Any = None

    @property
    def cell(self) -> str:
        """Return the name of the cell, or of the row where no single cell is wrong."""
        column = self.typed.columns.get(self.key)
        return str(self.typed.row) if column is None else place(self.typed.row, column)


@dataclass(slots=True)
class Planned:
    """A provision that the workbook says something of."""

    key: Key
    typed: list[Typed]
    outcome: Outcome = Outcome.UNCHANGED
    entry: dict[str, Any] | None = None
    changed: list[str] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    stands: Standing | None = None
    by: str | None = None


@dataclass(slots=True)
class _Candidate:
    """A provision put together from its rows."""

    content: dict[str, Any]
    applies: dict[str, Any]
    #: For each list the row in which each part stands; None for one that the file says nothing of.
    origins: dict[str, list[Typed | None]]


def plan(form: Form, sent: Sent) -> list[Planned]:
    """Return what becomes of every provision in a workbook, in the order of its rows."""
    known = form.known
    found = _grouped(sent.rows)
    renamed = workbook_identity.changed(known, sent) if form.whole else {}
    waiting: list[tuple[Planned, _Candidate]] = []
    for one in found:
        if one.key in renamed:
            typed, column, message = renamed[one.key]
            one.wrong.append(Wrong(typed, column, message, text(typed.cells.get(column))))
        one.stands = _present(known.get(one.key))
        candidate = _settle(form, one, sent.stamp)
        if candidate:
            waiting.append((one, candidate))
    _check(form, waiting)
    gone = [one for one in found if one.outcome is Outcome.STALE]
    authors = [known[one.key] for one in gone if one.key in known]
    people = names_of(author.updated_by for author in authors)
    for one in gone:
        author = known.get(one.key)
        one.by = people.get(author.updated_by) if author else None
        one.wrong = [Wrong(one.typed[0], "", _stale(one, author))]
    return found


def _present(one: Standing | None) -> Standing | None:
    return None if one is None or one.removed else one


def _stale(one: Planned, author: Standing | None) -> str:
    who = one.by or say("workbook.somebody")
    if one.stands is None:
        return say("workbook.removed_since", who=who)
    at = author.updated_at if author else None
    return say("workbook.changed_since", who=who, at=f"{at:%Y-%m-%d %H:%M}" if at else "")


def _grouped(rows: Sequence[Typed]) -> list[Planned]:
    """Put the rows of a provision together: its own, and those of its lists."""
    found: dict[Key, Planned] = {}
    nameless = []
    for typed in rows:
        code = text(typed.cells.get(CODE))
        key = (typed.sheet.kind.name, code)
        if not code:
            wrong = Wrong(typed, CODE, say("workbook.no_code"))
            nameless.append(Planned(key, [typed], Outcome.REFUSED, wrong=[wrong]))
            continue
        one = found.setdefault(key, Planned(key, []))
        own = next((other for other in one.typed if other.sheet.field is None), None)
        if typed.sheet.field is None and own:
            message = say("workbook.twice", row=own.row)
            one.wrong.append(Wrong(typed, CODE, message, code))
        one.typed.append(typed)
    return [*found.values(), *nameless]


def _settle(form: Form, one: Planned, stamp: Stamp) -> _Candidate | None:
    """Settle what needs no check; return what does."""
    if one.wrong:
        one.outcome = Outcome.REFUSED
        return None
    own = next((typed for typed in one.typed if typed.sheet.field is None), None)
    if own and unknown_levels(own.cells.get("applies.levels")):
        one.outcome = Outcome.REFUSED
        one.wrong = [Wrong(own, "applies.levels", say("value.choice", choices=level_words()))]
        return None
    stamped = stamp.rows.get(one.key)
    if own and truth(own.cells.get(REMOVE)):
        moved = stamped and one.stands and one.stands.version != stamped.version
        if one.stands and not form.void(one.stands.content, one.stands):
            one.outcome = Outcome.STALE if moved else Outcome.REMOVED
        return None
    alone = _candidate(form, one, None)
    if stamped and stamped.hashed == form.hashed(one.key, alone.content, alone.applies):
        return None
    candidate = _candidate(form, one, one.stands)
    if one.stands and form.same(candidate.content, candidate.applies, one.stands):
        return None
    if stamped and (one.stands is None or one.stands.version != stamped.version):
        one.outcome = Outcome.STALE
        return None
    if one.stands and not stamped:
        one.outcome = Outcome.REFUSED
        one.wrong = [Wrong(one.typed[0], CODE, say("workbook.exists"), one.key[1])]
        return None
    if form.void(candidate.content, one.stands):
        one.outcome = Outcome.REMOVED
        return None
    return candidate


def _candidate(form: Form, one: Planned, stands: Standing | None) -> _Candidate:
    """Return a provision as its rows say it, on top of what stands."""
    content = form.begin(one.key, stands)
    applies = dict(stands.applies) if stands else {}
    origins: dict[str, list[Typed | None]] = {}
    for typed in one.typed:
        if typed.sheet.field is None:
            form.fill(typed, content)
            applies = form.concerns(typed, applies)
    for typed in one.typed:
        if typed.sheet.field is not None:
            name = typed.sheet.field.name
            parts = content[name] = list(content.get(name, []))
            _merge(typed, parts, origins.setdefault(name, [None] * len(parts)))
            if not parts:
                del content[name]
    return _Candidate(content, applies, origins)


def part_of(typed: Typed) -> dict[str, Any]:
    """Return what a row of a list says by itself."""
    part: dict[str, Any] = {}
    filled(typed, part)
    return part


def _merge(typed: Typed, parts: list[dict[str, Any]], origins: list[Typed | None]) -> None:
    """Take over a row of a list: changed or dropped by its code, else added at the end."""
    code = text(typed.cells.get(PART))
    at = next((n for n, part in enumerate(parts) if code and part.get(CODE) == code), None)
    if at is not None and origins[at] is not None:
        at = None  # a code that stands twice is for the check to refuse
    if truth(typed.cells.get(REMOVE)):
        if at is not None:
            del parts[at], origins[at]
        return
    part = dict(parts[at]) if at is not None else {}
    filled(typed, part)
    if at is None:
        parts.append(part)
        origins.append(typed)
    else:
        parts[at], origins[at] = part, typed


def _check(form: Form, waiting: Sequence[tuple[Planned, _Candidate]]) -> None:
    """Check all that is touched at once, by the same rules as every other way of writing."""
    entries = [
        (*one.key, made.content, one.stands.rules if one.stands else {}, made.applies)
        for one, made in waiting
    ]
    for (one, made), (row, faults) in zip(
        waiting, editions.checked_in(form.edition, entries), strict=True
    ):
        if faults:
            one.outcome = Outcome.REFUSED
            one.wrong = [_wrong(form, one, made, fault) for fault in faults]
            continue
        one.entry = row
        one.changed = _changed(row, one.stands)
        if one.stands is None:
            one.outcome = Outcome.NEW
        elif one.changed:
            one.outcome = Outcome.CHANGED


def _changed(row: Mapping[str, Any], stands: Standing | None) -> list[str]:
    kind = KINDS[row["kind"]]
    before = stands.content if stands else {}
    names = [
        kind.label(field.name)
        for field in kind.fields
        if row["content"].get(field.name) != before.get(field.name)
    ]
    if stands and row["applies"] != stands.applies:
        names.append(say("workbook.applies"))
    return names


def _wrong(form: Form, one: Planned, made: _Candidate, fault: Fault) -> Wrong:
    """Return where in the workbook a fault stands."""
    part, _, rest = fault.field.partition(".")
    name, _, place_in_list = rest.partition(".")
    origins = made.origins.get(name, [])
    number, _, column = place_in_list.partition(".")
    if part == "content" and number.isdecimal() and int(number) < len(origins):
        typed = origins[int(number)]
        if typed:
            return Wrong(typed, _column(typed, fault, column), fault.message, fault.value)
    own = next((typed for typed in one.typed if typed.sheet.field is None), None)
    if listed := next((typed for typed in origins if typed), None):
        return Wrong(listed, _column(listed, fault), fault.message, fault.value)
    return Wrong(own or one.typed[0], form.column(part, name), fault.message, fault.value)


def _column(typed: Typed, fault: Fault, column: str = "") -> str:
    """Return the key of the cell of a list in which a fault stands.

    What is wrong with all of a list stands in its first row: at its figures where those are too
    many or too few together, else at the code.
    """
    if f"part.{column}" in typed.columns:
        return f"part.{column}"
    if fault.rule not in TOGETHER:
        return PART
    figures = (
        cell.key
        for cell in typed.sheet.columns
        if cell.described and cell.described.type in NUMBERS
    )
    return next(figures, PART)
