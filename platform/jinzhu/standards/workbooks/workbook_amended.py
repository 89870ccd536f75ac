"""The workbook of an amendment: what stands above in locked cells, what the city says beside it.

A row for each provision above; where the city's cells are empty, nothing is amended.  Of a list
the workbook says which parts are dropped; what else is changed in it, and the rules, stay as they
are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.standards.editions import amendment_view
from jinzhu.standards.kinds import KINDS, Column, Field, Kind, Rule, Type
from jinzhu.standards.kinds.refusals import uniform
from jinzhu.standards.models import DraftEntry
from jinzhu.standards.workbooks.workbook_cells import SEPARATOR, shown, understood
from jinzhu.standards.workbooks.workbook_draft import Standing
from jinzhu.standards.workbooks.workbook_form import Form
from jinzhu.standards.workbooks.workbook_layout import (
    CODE,
    NAME,
    REMOVE,
    Cell,
    Sheet,
    carried,
    unit,
)
from jinzhu.standards.workbooks.workbook_read import Typed
from jinzhu.standards.workbooks.workbook_stamp import Key, hashed
from jinzhu.standards.workbooks.workbook_write import Line

DROP = "drop"


@dataclass(frozen=True, slots=True)
class Amended(Standing):
    """A provision from above, and what is amended of it."""

    above: Mapping[str, Any] = field(default_factory=dict)
    rules_above: Mapping[str, Any] = field(default_factory=dict)


def amendable(kind: Kind) -> list[Field]:
    """Return the fields of which a city can say something in a cell."""
    return [
        one
        for one in carried(kind)
        if not uniform(one) and (one.type is not Type.PARTS or Rule.SUBSET in one.rules)
    ]


def _columns(kind: Kind, one: Field) -> tuple[Cell, Cell]:
    label = kind.label(one.name)
    above = Cell(f"above.{one.name}", unit(say("workbook.above", label=label), one), identity=True)
    if one.type is Type.PARTS:
        dropped = Column(one.name, Type.CODES, of=one.name)
        return above, Cell(f"{DROP}.{one.name}", say("workbook.dropped", label=label), dropped)
    return above, Cell(f"content.{one.name}", unit(say("workbook.amended", label=label), one), one)


class AmendmentForm(Form):
    """The workbook of a city's amendment."""

    whole = False

    def _standing(self) -> Mapping[Key, Standing]:
        edition, ground = amendment_view.find(self.edition.id)
        layered = amendment_view.Layered(edition, ground)
        upper = layered.upper
        written = [DraftEntry.version, DraftEntry.updated_by, DraftEntry.updated_at]
        statement = layered.select(
            upper.kind,
            upper.code,
            upper.content,
            upper.rules,
            layered.content.label("own"),
            layered.rules.label("own_rules"),
            *(written if layered.draft else []),
        )
        return {
            (row.kind, row.code): Amended(
                row.own,
                row.own_rules,
                {},
                (row.version or 0) if layered.draft else 0,
                updated_by=row.updated_by if layered.draft else None,
                updated_at=row.updated_at if layered.draft else None,
                above=row.content,
                rules_above=row.rules,
            )
            for row in db.session.execute(statement.order_by(upper.kind, upper.code))
        }

    @staticmethod
    def sheets() -> list[Sheet]:
        """Return a sheet for each kind."""
        return [
            Sheet(
                kind,
                None,
                (
                    Cell(CODE, kind.label(CODE), identity=True, required=True),
                    Cell(NAME, kind.label("name"), identity=True),
                    Cell(REMOVE, say("workbook.take_back")),
                    *(cell for one in amendable(kind) for cell in _columns(kind, one)),
                ),
                variant="amended",
            )
            for kind in KINDS.values()
            if amendable(kind)
        ]

    def lines(self, sheet: Sheet) -> list[Line]:
        """Return a row for each provision above."""
        return [
            _line(sheet, key[1], one)
            for key, one in self.known.items()
            if key[0] == sheet.kind.name
        ]

    def hashed(self, key: Key, content: Mapping[str, Any], applies: Mapping[str, Any]) -> str:
        """Return the hash of what a workbook says of a provision."""
        return hashed(key[0], _spoken(KINDS[key[0]], content), {})

    def begin(self, key: Key, stands: Standing | None) -> dict[str, Any]:
        """Return the content that a row is laid upon: what is amended, without a code."""
        return dict(stands.content) if stands else {}

    def fill(self, typed: Typed, into: dict[str, Any]) -> None:
        """Take over what a row says; an empty cell amends nothing."""
        super().fill(_without_lists(typed), into)
        for cell in typed.sheet.columns:
            if not cell.key.startswith(f"{DROP}.") or cell.key not in typed.columns:
                continue
            assert cell.described is not None
            name = cell.described.name
            rest = {key: one for key, one in (into.pop(name, None) or {}).items() if key != DROP}
            dropped = understood(cell.described, typed.cells.get(cell.key))
            if change := {**rest, **({DROP: sorted(dropped)} if dropped else {})}:
                into[name] = change

    def concerns(self, typed: Typed, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return nothing: whom it concerns is said above."""
        return {}

    def same(
        self, content: Mapping[str, Any], applies: Mapping[str, Any], stands: Standing
    ) -> bool:
        """Say whether this is what is amended already."""
        return content == stands.content

    def void(self, content: Mapping[str, Any], stands: Standing | None) -> bool:
        """Say whether a provision is to stand again as above."""
        return stands is not None and not content and not stands.rules

    def column(self, part: str, name: str) -> str:
        """Return the key of the column in which a fault of a field stands."""
        listed = any(
            one.name == name and one.type is Type.PARTS
            for kind in KINDS.values()
            for one in kind.fields
        )
        return f"{DROP}.{name}" if listed else f"{part}.{name}"


def _without_lists(typed: Typed) -> Typed:
    columns = {k: at for k, at in typed.columns.items() if not k.startswith(f"{DROP}.")}
    return Typed(typed.sheet, typed.name, typed.row, typed.cells, columns)


def _spoken(kind: Kind, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return of amended values what the workbook shows of them."""
    told = {}
    for one in amendable(kind):
        value = content.get(one.name)
        if one.type is Type.PARTS:
            value = sorted((value or {}).get(DROP, [])) or None
        if value is not None:
            told[one.name] = value
    return told


def _line(sheet: Sheet, code: str, one: Amended) -> Line:
    cells: dict[str, Any] = {CODE: code, NAME: one.above.get("name", "")}
    locked = set()
    for described in amendable(sheet.kind):
        name = described.name
        rule = one.rules_above.get(name, {}).get("rule", Rule.FIXED)
        cells[f"above.{name}"] = _above(described, one.above.get(name), rule)
        key = f"{DROP if described.type is Type.PARTS else 'content'}.{name}"
        value = one.content.get(name)
        if described.type is Type.PARTS:
            cells[key] = SEPARATOR.join((value or {}).get(DROP, [])) or None
        else:
            cells[key] = shown(described, value)
        if rule == Rule.FIXED:
            locked.add(key)
    return Line(cells, locked=frozenset(locked))


def _above(described: Field, value: Any, rule: str) -> str:
    """Return what stands above with its rule: 10 [只紧]."""
    if described.type is Type.PARTS:
        told = SEPARATOR.join(
            f"{part['code']} {part.get('name', '')}".strip() for part in value or []
        )
    else:
        told = str(shown(described, value)) if value is not None else "—"
    return f"{told or '—'} [{say(f'rule.{rule}')}]"
