"""What of an edition a workbook says: which sheets there are, and how a row reads and is read."""

from collections.abc import Mapping
from typing import Any

from jinzhu.standards.editions import editions
from jinzhu.standards.models import Edition
from jinzhu.standards.workbooks import workbook_draft, workbook_layout
from jinzhu.standards.workbooks.workbook_cells import understood
from jinzhu.standards.workbooks.workbook_draft import Places, Standing
from jinzhu.standards.workbooks.workbook_layout import CODE, Sheet
from jinzhu.standards.workbooks.workbook_read import Typed
from jinzhu.standards.workbooks.workbook_stamp import Key, Row, Stamp, hashed
from jinzhu.standards.workbooks.workbook_write import Line


def filled(typed: Typed, into: dict[str, Any]) -> None:
    """Take over what a row says, cell by cell; an empty cell empties the field."""
    for cell in typed.sheet.columns:
        if cell.described is None or cell.key not in typed.columns:
            continue
        value = understood(cell.described, typed.cells.get(cell.key))
        if value is None:
            into.pop(cell.described.name, None)
        else:
            into[cell.described.name] = value


class Form:
    """The workbook of a standard: provisions whole, with whom they concern."""

    #: New provisions can be written; those of another form are all known from above.
    whole = True

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        #: What stands in the edition; each kind of form has more to say of it.
        self.known: Mapping[Key, Any] = self._standing()
        self.places = Places(edition.owner_id)

    def _standing(self) -> Mapping[Key, Standing]:
        return workbook_draft.standing(self.edition)

    @staticmethod
    def sheets() -> list[Sheet]:
        """Return the sheets of such a workbook."""
        return workbook_layout.sheets()

    def lines(self, sheet: Sheet) -> list[Line]:
        """Return the rows of a sheet."""
        return workbook_draft.lines_of(sheet, self.known, self.places)

    def stamp(self) -> Stamp:
        """Return the stamp for a workbook of all that stands."""
        rows = {
            key: Row(one.version, self.hashed(key, one.content, one.applies))
            for key, one in self.known.items()
            if not one.removed
        }
        return Stamp(self.edition.id, self.edition.version, rows)

    def hashed(self, key: Key, content: Mapping[str, Any], applies: Mapping[str, Any]) -> str:
        """Return the hash of what a workbook says of a provision."""
        return hashed(key[0], content, applies)

    def begin(self, key: Key, stands: Standing | None) -> dict[str, Any]:
        """Return the content that the rows of a provision are laid upon."""
        return {**(stands.content if stands else {}), CODE: key[1]}

    def fill(self, typed: Typed, into: dict[str, Any]) -> None:
        """Take over what a row says; an empty cell empties the field."""
        filled(typed, into)

    def concerns(self, typed: Typed, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return whom a row says that a provision concerns."""
        return workbook_draft.applied(typed.cells, given, self.places)

    def same(
        self, content: Mapping[str, Any], applies: Mapping[str, Any], stands: Standing
    ) -> bool:
        """Say whether this is what stands already."""
        return content == stands.content and editions.applied(applies) == stands.applies

    def void(self, content: Mapping[str, Any], stands: Standing | None) -> bool:
        """Say whether nothing is left to say of a provision that was spoken of."""
        return False

    def column(self, part: str, name: str) -> str:
        """Return the key of the column in which a fault of a field stands."""
        return f"{part}.{name}"
