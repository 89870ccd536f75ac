"""A record as it was found, with everything that explains it."""

from dataclasses import dataclass
from typing import Any

from jinzhu.hierarchy.models import Center
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds.refusals import Authority
from jinzhu.standards.models import Edition, Revision, Standard
from jinzhu.standards.records.layers import Layer, Layers, held_in


@dataclass(frozen=True, slots=True)
class Found:
    """A record with everything that explains it."""

    own: Any
    revision: Revision
    edition: Edition
    standard: Standard
    owner: Center
    effective: dict[str, Any]
    missing: int
    layers: Layers

    def setter(self, field: str) -> Layer:
        """Return who set what stands above a field: the owner of the standard, or the city.

        Of what is put off, who set what the center stays on, in the edition that said so.
        """
        if (held := self._held(field)) is not None:
            return held_in(held, field)
        return self.layers.of(field) or Layer(
            self.owner.id, self.owner.name, self.owner.level.value, self.edition.number or 0
        )

    def _held(self, field: str) -> int | None:
        """Return the revision that a field stays as it was in; None where it moves on."""
        if field in self.layers.held:
            return self.layers.held[field]
        whole = self.own.pinned_revision_id == self.revision.id and not self.layers.pins
        return self.revision.id if whole else None

    def authority(self, field: str) -> Authority:
        """Return whose rule binds a field, and so whom to ask about it."""
        layer = self.setter(field)
        line = "" if self.layers.of(field) else self.standard.line
        named = department_names(self.edition.id).get(line, line) if line else ""
        return Authority(layer.owner, layer.level, layer.edition, named)
