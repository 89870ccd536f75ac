"""Importing the list a center has as own items: every row told, only the right ones taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.kinds.own_rules import ITEM
from jinzhu.standards.kinds.value_types import Wrong
from jinzhu.standards.kinds.value_types import code as clean_code
from jinzhu.standards.likeness import plain
from jinzhu.standards.models import Revision
from jinzhu.standards.own import own_catalogue, own_items, own_sheet
from jinzhu.standards.own.own_catalogue import Entry
from jinzhu.standards.own.own_columns import Departments, Unread, columns, value

#: So many lines at the top may be titles before the line that names the columns.
MOST_TITLES = 10
RESULTS = ("new", "changed", "same", "refused")


@dataclass(slots=True)
class Line:
    """A row of the list: its values, and what is to be told of it."""

    number: int
    content: dict[str, Any] = field(default_factory=dict)
    told: list[Row] = field(default_factory=list)
    result: str = "new"
    entry: Entry | None = None

    def refuse(self, name: str, word: Any, message: str) -> None:
        """Leave the row out, and say why."""
        self.result = "refused"
        self.tell(name, word, message)

    def tell(self, name: str, word: Any, message: str) -> None:
        """Say something of a cell."""
        label = ITEM.label(name) if ITEM.field(name) else ""
        self.told.append({"field": name, "label": label, "value": word, "message": message})

    @property
    def called(self) -> tuple[str, str]:
        """Return what makes an item the same one in a list whose codes cannot be trusted."""
        return plain(self.content.get("name", "")), self.content.get("department_code", "")


def read(given: bytes, *, apply: bool) -> Row:
    """Return what each row of a list would become; with `apply` also make it so.

    Raises:
        Invalid: where the file cannot be read, or has no column of names.
    """
    read_lines = own_sheet.lines(given)
    head, named, rest = _headed(read_lines)
    center = current().tenant_id
    assert center is not None
    names = departments_around(center)
    departments = Departments(names)
    found = [_line(number, cells, head, departments) for number, cells in rest]
    _repeated(found)
    _known(found)
    _coded(found)
    _checked(found)
    if apply:
        own_catalogue.store(
            [one.entry for one in found if one.entry and one.result in ("new", "changed")]
        )
    return _document(found, names, [named[place] for place in head], apply)


def _headed(
    given: list[own_sheet.Line],
) -> tuple[dict[int, str], list[str], list[own_sheet.Line]]:
    """Find the line that names the columns, below titles that a sheet may begin with."""
    for place, (_, cells) in enumerate(given[:MOST_TITLES]):
        head = columns(cells)
        if {"name", "department_code"} <= set(head.values()):
            return head, cells, given[place + 1 :]
    raise invalid("file", "own.no_head", rule="columns")


def _line(number: int, cells: list[str], head: Mapping[int, str], departments: Departments) -> Line:
    line = Line(number)
    for place, name in head.items():
        word = cells[place] if place < len(cells) else ""
        try:
            line.content[name] = _meant(name, word, departments)
        except Unread as error:
            line.refuse(name, word, str(error))
    line.content = {name: one for name, one in line.content.items() if one is not None}
    return line


def _meant(name: str, word: str, departments: Departments) -> Any:
    if name == "department_code":
        return departments.code(word) if word.strip() else None
    described = ITEM.field(name)
    return value(described, word) if described else (word.strip() or None)


def _repeated(found: list[Line]) -> None:
    """Take an item that stands twice in the list once."""
    seen: dict[tuple[str, str], int] = {}
    for line in found:
        if line.result == "refused":
            continue
        if line.called[0] and line.called in seen:
            line.refuse("name", line.content["name"], say("own.twice", row=seen[line.called]))
        else:
            seen[line.called] = line.number


def _known(found: list[Line]) -> None:
    """Find the rows that are own items already: by their name in their department."""
    model = models()["item"]
    rows = db.session.execute(
        own_items.rows().with_only_columns(
            Revision.code,
            Revision.name,
            Revision.department_code,
            func.app.effective(Revision.content, Revision.bounds, model.local).label("content"),
        )
    )
    standing = {(plain(row.name), row.department_code): row for row in rows}
    for line in found:
        row = standing.get(line.called)
        if row is None or line.result == "refused":
            continue
        line.content = {**row.content, **line.content, "code": row.code}
        line.result = "same" if line.content == row.content else "changed"


def _coded(found: list[Line]) -> None:
    """Give every new row a code: its own where it is usable and nobody else's here."""
    taken = {line.content["code"] for line in found if line.result in ("same", "changed")}
    taken |= set(db.session.scalars(own_items.rows().with_only_columns(Revision.code)))
    wanting = []
    for line in found:
        long = line.content.pop("long_code", None)
        if line.result != "new":
            continue
        given = str(line.content.get("code") or long or "")
        if _usable(given) and given not in taken:
            line.content["code"] = given
            taken.add(given)
        else:
            wanting.append((line, given))
    for (line, given), code in zip(wanting, own_catalogue.next_codes(len(wanting)), strict=True):
        line.content["code"] = code
        if given:
            line.tell("code", given, say("own.code_replaced", value=given, code=code))


def _usable(code: str) -> bool:
    try:
        return clean_code(code) != ""
    except Wrong:
        return False


def _checked(found: list[Line]) -> None:
    """Check each row as the form would."""
    standing = [line for line in found if line.result != "refused"]
    entries = own_catalogue.cleaned_many(line.content for line in standing)
    for line, entry in zip(standing, entries, strict=True):
        line.entry = entry
        for fault in entry.wrong:
            name = fault.field.removeprefix("content.")
            line.refuse(name.partition(".")[0], fault.value, fault.message)


def _document(found: list[Line], names: Mapping[str, str], used: list[str], applied: bool) -> Row:
    return {
        "applied": applied,
        "columns": used,
        "counts": {result: sum(line.result == result for line in found) for result in RESULTS},
        "rows": [
            {
                "row": line.number,
                "result": line.result,
                "code": str(line.content.get("code", "")),
                "name": str(line.content.get("name", "")),
                "department_name": names.get(line.content.get("department_code", ""), ""),
                "messages": line.told,
            }
            for line in found
        ],
    }
