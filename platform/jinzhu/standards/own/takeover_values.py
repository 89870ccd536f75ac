"""What of an own item's values a catalogue's provision takes: what its bounds allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Text, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.hierarchy.models import Center
from jinzhu.standards.kinds import KINDS, Field, Rule, Type, refusals, values
from jinzhu.standards.kinds.value_types import blank
from jinzhu.standards.models import Revision

ITEM = KINDS["item"]
#: These say which item it is: there the catalogue's word holds, and nothing is lost.
IDENTITY = ("code", "name")


@dataclass(slots=True)
class Fitting:
    """An own item laid against a provision: what becomes local there, and what cannot."""

    own: Mapping[str, Any]
    revision: Revision
    by: refusals.Authority
    here: Mapping[str, Any]
    local: dict[str, Any] = field(default_factory=dict)
    left: list[Row] = field(default_factory=list)

    def lay(self) -> None:
        """Take every field whose value differs, as far as its type and rule let it be said."""
        for described in ITEM.fields:
            value = self.own.get(described.name)
            standard = self.revision.content.get(described.name)
            skipped = described.name in (*IDENTITY, *self.here)
            if skipped or blank(value) or value == standard:
                continue
            self._take(described, value, standard)

    def _take(self, described: Field, value: Any, standard: Any) -> None:
        rule = Rule(self.revision.rules.get(described.name, {}).get("rule", Rule.FIXED))
        if rule is Rule.FIXED:
            self.leave(described.name, value)
            return
        try:
            given = changes(described, value, standard) if described.type is Type.PARTS else value
            clean = values.of_local(described, given, rule=rule)
        except values.Wrong:
            self.leave(described.name, value)
            return
        if clean is not None:
            self.local[described.name] = clean

    def leave(self, name: str, value: Any) -> None:
        """Note a value that the provision does not take, with the rule and whose it is."""
        described = ITEM.field(name)
        assert described is not None
        rule = self.revision.rules.get(name, {}).get("rule", Rule.FIXED.value)
        bound = self.revision.content.get(name)
        told = refusals.breaking("", ITEM, name, value, rule=rule, bound=bound, by=self.by)
        self.left.append(
            {
                "field": name,
                "label": ITEM.label(name),
                "value": value,
                "standard": bound,
                "rule": rule,
                "message": told.message,
            }
        )


def changes(described: Field, own: Sequence[Row], standard: Sequence[Row] | None) -> Row:
    """Return what makes the parts of a standard into the parts of one's own, by code."""
    mine = {part["code"]: part for part in own}
    theirs = {part["code"]: part for part in standard or []}
    cells = {
        code: {name: mine[code][name] for name in mine[code] if mine[code][name] != part.get(name)}
        for code, part in theirs.items()
        if code in mine
    }
    return {
        "drop": [code for code in theirs if code not in mine],
        "add": [part for code, part in mine.items() if code not in theirs],
        "set": {code: changed for code, changed in cells.items() if changed},
    }


def keep_inside(fittings: Sequence[Fitting]) -> None:
    """Leave behind what breaks a bound in force, all of it found in one statement."""
    rows = [
        {"place": place, "revision_id": one.revision.id, "local": one.local}
        for place, one in enumerate(fittings)
    ]
    given = (
        func.jsonb_to_recordset(cast(rows, JSONB))
        .table_valued(
            column("place", BigInteger), column("revision_id", BigInteger), column("local", JSONB)
        )
        .render_derived(with_types=True)
    )
    fields = func.app.broken(Revision.bounds, given.c.local, type_=ARRAY(Text))
    found = db.session.execute(
        select(given.c.place, fields).join(Revision, Revision.id == given.c.revision_id)
    )
    for place, names in found:
        for name in names:
            one = fittings[place]
            one.local.pop(name)
            one.leave(name, one.own[name])


def owners(revisions: Sequence[Revision]) -> dict[int, Center]:
    """Return who set each revision in force: the standard's owner, or the city that amended."""
    numbers = {revision.owner_id for revision in revisions}
    found = db.session.scalars(select(Center).where(Center.id.in_(numbers)))
    return {center.id: center for center in found}
