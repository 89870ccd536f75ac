"""Whose word stands above a record, field by field: the standard's owner, the city, a pin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.hierarchy.models import Center
from jinzhu.standards.models import Edition, EditionEntry, Pin, PinReason, Revision


@dataclass(frozen=True, slots=True)
class Layer:
    """The center that set a field, and the edition in which it did."""

    owner_id: int
    owner: str
    level: str
    edition: int


@dataclass(frozen=True, slots=True)
class Layers:
    """What a revision was put together from."""

    #: The standard's own revision, below the amendment and the pins.
    base: Revision
    amendment: Revision | None = None
    city: Layer | None = None
    #: {field: "postponed" | "exempt"}.
    pins: Mapping[str, str] = field(default_factory=dict)
    #: The revision that a postponed field stays as it was in.
    held: Mapping[str, int] = field(default_factory=dict)

    def of(self, name: str) -> Layer | None:
        """Return the city where its amendment set this field."""
        if self.amendment is None:
            return None
        amended = name in self.amendment.content or name in self.amendment.rules
        return self.city if amended else None

    def upper(self, name: str) -> Any:
        """Return what the standard itself says of a field."""
        return self.base.content.get(name)


def layers_of(revision: Revision) -> Layers:
    """Return what a revision in force was put together from."""
    base, amendment, pins, held = revision, None, {}, {}
    if base.layers and "pins" in base.layers:
        found = base.layers["pins"]
        held = {name: number for name, number in found.items() if isinstance(number, int)}
        pins = {
            name: (PinReason.POSTPONED if name in held else PinReason.EXEMPT).value
            for name in found
        }
        base = db.session.get_one(Revision, base.layers["base"])
    if base.layers and "amendment" in base.layers:
        amendment = db.session.get_one(Revision, base.layers["amendment"])
        base = db.session.get_one(Revision, base.layers["base"])
    return Layers(base, amendment, _city(amendment), pins, held)


def held_in(revision_id: int, name: str) -> Layer:
    """Return who set a field of a revision that a center stays on, and in which edition last."""
    then = layers_of(db.session.get_one(Revision, revision_id))
    if city := then.of(name):
        return city
    found = db.session.execute(
        select(Center.id, Center.name, Center.level, Edition.number)
        .join(Edition, Edition.owner_id == Center.id)
        .join(EditionEntry, EditionEntry.edition_id == Edition.id)
        .where(EditionEntry.revision_id == then.base.id, Edition.number.is_not(None))
        .order_by(Edition.number.desc())
        .limit(1)
    ).one()
    return Layer(found.id, found.name, found.level.value, found.number)


def _city(amendment: Revision | None) -> Layer | None:
    """Return who amended, and in which edition first in these words."""
    if amendment is None:
        return None
    found = db.session.execute(
        select(Center.id, Center.name, Center.level, Edition.number)
        .join(Edition, Edition.owner_id == Center.id)
        .join(EditionEntry, EditionEntry.edition_id == Edition.id)
        .where(EditionEntry.revision_id == amendment.id, Edition.number.is_not(None))
        .order_by(Edition.number)
        .limit(1)
    ).one()
    return Layer(found.id, found.name, found.level.value, found.number)


def pins_of(tenant_id: int, provision_id: int) -> dict[str, Pin]:
    """Return what a center has postponed, or is exempt from, by field ('' for all of it)."""
    found = db.session.scalars(
        select(Pin).where(
            Pin.tenant_id == tenant_id,
            Pin.provision_id == provision_id,
            Pin.ended_at.is_(None),
        )
    )
    return {pin.field: pin for pin in found}
