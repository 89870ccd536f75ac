"""What a draft says when a workbook is made from it, and when one comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.hierarchy.models import Center
from jinzhu.standards.editions import editions
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.models import DraftEntry, Edition, Revision
from jinzhu.standards.workbooks.workbook_cells import joined, parted, shown, word
from jinzhu.standards.workbooks.workbook_layout import APPLIES, CODE, NAME, Sheet
from jinzhu.standards.workbooks.workbook_stamp import Key
from jinzhu.standards.workbooks.workbook_write import Line


@dataclass(frozen=True, slots=True)
class Standing:
    """A provision as it stands in an edition."""

    content: Mapping[str, Any]
    rules: Mapping[str, Any]
    applies: Mapping[str, Any]
    #: Of its entry in the draft; 0 where the draft says nothing of it.
    version: int = 0
    removed: bool = False
    updated_by: int | None = None
    updated_at: datetime | None = None


def standing(edition: Edition) -> dict[Key, Standing]:
    """Return every provision of an edition; of a draft also those that it removes."""
    draft = edition.number is None
    columns = (Revision.kind, Revision.code, Revision.content, Revision.rules, Revision.applies)
    base = editions.entries_of(edition.base_id if draft else edition.id)
    found = {
        (row.kind, row.code): Standing(row.content, row.rules, row.applies)
        for row in db.session.execute(base.with_only_columns(*columns))
    }
    if draft:
        own = select(DraftEntry).where(DraftEntry.edition_id == edition.id)
        for entry in db.session.scalars(own.execution_options(populate_existing=True)):
            found[entry.kind, entry.code] = Standing(
                entry.content,
                entry.rules,
                entry.applies,
                entry.version,
                entry.removed,
                entry.updated_by,
                entry.updated_at,
            )
    return dict(sorted(found.items()))


class Places:
    """The names of centers, by which a workbook says where a provision applies."""

    def __init__(self, owner_id: int) -> None:
        found = db.session.execute(
            select(Center.id, Center.code, Center.name, Center.level)
            .where(Center.path.contains([owner_id]))
            .order_by(Center.level)
        ).all()
        self.names = {row.id: row.name for row in found}
        self.numbers = {row.code: row.id for row in found} | {row.name: row.id for row in found}

    def shown(self, regions: list[int]) -> str:
        """Return places in one cell."""
        return joined([self.names.get(one, str(one)) for one in regions])

    def understood(self, raw: Any) -> list[Any]:
        """Return the places that a cell names; what is none stays as it was typed."""
        return [self.numbers.get(one, one) for one in parted(raw)]


def lines_of(sheet: Sheet, known: Mapping[Key, Standing], places: Places) -> list[Line]:
    """Return the rows of a sheet."""
    mine = [(key[1], one) for key, one in known.items() if key[0] == sheet.kind.name]
    mine = [(code, one) for code, one in mine if not one.removed]
    if sheet.field is None:
        return [Line(_cells(sheet, code, one, places)) for code, one in mine]
    return [
        Line(_part_cells(sheet, code, one, part))
        for code, one in mine
        for part in one.content.get(sheet.field.name, [])
    ]


def _cells(sheet: Sheet, code: str, one: Standing, places: Places) -> dict[str, Any]:
    cells: dict[str, Any] = {CODE: code}
    for cell in sheet.columns:
        if cell.described is not None:
            name = cell.described.name
            cells[cell.key] = shown(cell.described, one.content.get(name))
    return cells | {
        "applies.levels": joined([say(f"level.{one}") for one in one.applies.get("levels", [])]),
        "applies.classes": joined(
            [word("department_class", one) for one in one.applies.get("classes", [])]
        ),
        "applies.regions": places.shown(one.applies.get("regions", [])),
        "applies.labels": joined(one.applies.get("labels", [])),
    }


def _part_cells(sheet: Sheet, code: str, one: Standing, part: Mapping[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {CODE: code, NAME: one.content.get("name", "")}
    for cell in sheet.columns:
        if cell.described is not None:
            cells[cell.key] = shown(cell.described, part.get(cell.described.name))
    return cells


def _levels() -> dict[str, str]:
    return {say(f"level.{level}"): level for level in editions.LEVELS}


def level_words() -> str:
    """Return the words that name a level of government."""
    return "、".join(_levels())


def unknown_levels(raw: Any) -> list[str]:
    """Return the words of a cell that name no level of government."""
    known = _levels()
    return [one for one in parted(raw) if one not in known]


def applied(typed: Mapping[str, Any], given: Mapping[str, Any], places: Places) -> dict[str, Any]:
    """Return whom a row says that a provision concerns; what has no column stays as it is."""
    words = _levels()
    classes = {word("department_class", code): code for code in CHOICES["department_class"]}
    found = dict(given)
    for name in APPLIES:
        if f"applies.{name}" not in typed:
            continue
        raw = typed[f"applies.{name}"]
        found[name] = {
            "levels": lambda raw: [words.get(one, one) for one in parted(raw)],
            "classes": lambda raw: [classes.get(one, one) for one in parted(raw)],
            "regions": places.understood,
            "labels": parted,
        }[name](raw)
    return found
