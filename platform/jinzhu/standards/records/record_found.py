"""A record as it was found, with everything that explains it."""

from dataclasses import dataclass
from typing import Any

from jinzhu.hierarchy.models import Center
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds.refusals import Authority
from jinzhu.standards.models import Edition, Revision, Standard
from jinzhu.standards.records.layers import Layer, Layers


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
        """Return who set what stands above a field: the owner of the standard, or the city."""
        return self.layers.of(field) or Layer(
            self.owner.id, self.owner.name, self.owner.level.value, self.edition.number or 0
        )

    def authority(self, field: str) -> Authority:
        """Return whose rule binds a field, and so whom to ask about it."""
        layer = self.setter(field)
        line = "" if self.layers.of(field) else self.standard.line
        named = department_names(self.edition.id).get(line, line) if line else ""
        return Authority(layer.owner, layer.level, layer.edition, named)
