"""The sheets of a workbook, made from the description of each kind: a new kind needs nothing here.

One sheet for each kind, one row for each provision; each list of parts has a sheet of its own, a
row for each part.  Row 1, hidden, says what each column is, whatever the titles in row 2 read.
"""

import re
from dataclasses import dataclass

from jinzhu.core.language import say
from jinzhu.standards.kinds import KINDS, Column, Field, Kind, Rule, Type

#: Rows above the data: the keys, and the titles.
HEAD = 2
#: Rows below the last one that are prepared for new ones.
ROOM = 2000
#: Keys of columns that are no field.
CODE, NAME, REMOVE, REASON = "code", "provision_name", "remove", "reason"
#: The code of a part, on the sheet of a list.
PART = "part.code"
APPLIES = ("levels", "classes", "regions", "labels")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
MOST_NAME = 31


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a sheet."""

    key: str
    title: str
    #: None for columns that are no field: identity, removal, whom it concerns.
    described: Field | Column | None = None
    #: Identifies the row: locked where the row was there before.
    identity: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: of a kind, or of one of its lists of parts."""

    kind: Kind
    field: Field | None
    columns: tuple[Cell, ...]
    #: Tells a sheet of another form from that of the kind.
    variant: str = ""

    @property
    def key(self) -> str:
        """Return what the first cell of the sheet says, so that it is known under any name."""
        return f"{self.kind.name}:{self.field.name if self.field else self.variant}"

    @property
    def title(self) -> str:
        """Return the name of the sheet in the reader's language."""
        name = say(f"kind.{self.kind.name}")
        if self.field:
            name = f"{name}·{self.kind.label(self.field.name)}"
        return _FORBIDDEN.sub(" ", name)[:MOST_NAME]


def carried(kind: Kind) -> list[Field]:
    """Return the fields that a standard itself can say something of."""
    return [field for field in kind.fields if field.rules != (Rule.LOCAL,)]


def sheets() -> list[Sheet]:
    """Return all sheets, each kind with its lists of parts after it."""
    found = []
    for kind in KINDS.values():
        found.append(Sheet(kind, None, _of_kind(kind)))
        found += [
            Sheet(kind, field, _of_parts(kind, field))
            for field in carried(kind)
            if field.type is Type.PARTS
        ]
    return found


def unit(title: str, described: Field | Column) -> str:
    """Return the title of a column with the unit of what stands in it."""
    return f"{title}（{say(f'unit.{described.unit}')}）" if described.unit else title


def _of_kind(kind: Kind) -> tuple[Cell, ...]:
    fields = [
        Cell(
            f"content.{field.name}",
            unit(kind.label(field.name), field),
            field,
            required=field.required,
        )
        for field in carried(kind)
        if field.type is not Type.PARTS and field.name != CODE
    ]
    applies = [Cell(f"applies.{name}", say(f"applies.{name}")) for name in APPLIES]
    code = Cell(CODE, kind.label(CODE), identity=True, required=True)
    return (code, Cell(REMOVE, say("workbook.remove")), *fields, *applies)


def _of_parts(kind: Kind, field: Field) -> tuple[Cell, ...]:
    columns = [
        Cell(
            f"part.{column.name}",
            unit(say(f"field.{kind.name}.{field.name}.{column.name}"), column),
            column,
            identity=column.name == CODE,
            required=column.required,
        )
        for column in field.columns
    ]
    kind_name = say(f"kind.{kind.name}")
    return (
        Cell(CODE, say("workbook.code_of", kind=kind_name), identity=True, required=True),
        Cell(NAME, say("workbook.name_of", kind=kind_name), identity=True),
        Cell(REMOVE, say("workbook.remove")),
        *columns,
    )
