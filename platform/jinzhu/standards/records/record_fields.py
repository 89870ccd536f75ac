"""A record whose fields explain themselves: the value, who set it, which rule binds it, and why."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.kinds import Field, Kind, Rule, Type, describe_field, worded
from jinzhu.standards.kinds.refusals import Authority
from jinzhu.standards.models import Edition, Pin, PinReason, Revision
from jinzhu.standards.parts import part_names
from jinzhu.standards.records.layers import pins_of
from jinzhu.standards.records.leave import leave_of
from jinzhu.standards.records.record_found import Found

#: Where a center says what it likes, there is nobody to ask.
UNASKED = (Rule.FIXED, Rule.LOCAL, Rule.DEFAULT, Rule.EXEMPT)
BOUNDED = (Rule.AT_MOST, Rule.AT_LEAST, Rule.SUBSET, Rule.SUPERSET)


class ExplainedFields:
    """The fields of one record."""

    def __init__(
        self,
        kind: Kind,
        found: Found,
        place: Center,
        hindrance: str,
        pins: Mapping[str, Pin] | None = None,
    ) -> None:
        self.kind, self.found, self.place, self.hindrance = kind, found, place, hindrance
        self.own, self.revision = found.own, found.revision
        self.broken = _broken(found)
        self.editions = _editions(self.own)
        if pins is None:
            pins = pins_of(self.own.tenant_id, self.own.provision_id) if self.own.id else {}
        self.pins = pins
        named = (field.name for field in kind.fields if field.type is Type.PARTS)
        self.parts = part_names((self.own.provision_id, name) for name in named)

    def field(self, field: Field) -> Row:
        """Return one field with its three values and the reason for what holds."""
        name = field.name
        rule = self.revision.rules.get(name, {"rule": Rule.FIXED.value})
        standard = self.revision.content.get(name)
        here = name in self.own.local and name not in self.broken
        under = self.own.set_under.get(name, {})
        required = bool(rule.get("required"))
        return {
            **describe_field(self.kind, field),
            "rule": rule["rule"],
            "required": required,
            "standard": standard,
            "bound": standard if standing(rule) in BOUNDED else None,
            "local": self.own.local.get(name),
            "effective": self.found.effective.get(name),
            **self._set_by(name, here),
            "set_under": self.editions.get(under.get("edition", 0)),
            "set_at": under.get("at"),
            "editable": not self.hindrance and rule["rule"] != Rule.FIXED,
            "why": self._why(field, standing(rule), standard),
            "missing": required and name not in self.own.local,
            "conflict": self._conflict(name, rule["rule"], standard),
            "pin": self._pin(name),
            "part_names": self.parts.get((self.own.provision_id, name), {}),
        }

    def _set_by(self, name: str, here: bool) -> Row:
        """Say who set the value that holds, and what stands above an amended one."""
        city = self.found.layers.of(name)
        return {
            "set_by": "here" if here else "amendment" if city else "standard",
            "set_by_name": self._here() if here else self.found.setter(name).owner,
            "amended_by": {"id": city.owner_id, "name": city.owner} if city else None,
            "upper": self.found.layers.upper(name) if city else None,
        }

    def _here(self) -> str:
        own = self.place.id == current().tenant_id
        return say("record.here") if own else self.place.name

    def _why(self, field: Field, rule: str, standard: Any) -> str:
        """Say who set the field and how far it may be changed, and why not by this post."""
        by = self.found.authority(field.name)
        required = bool(self.revision.rules.get(field.name, {}).get("required"))
        told = why(field, rule, standard, by=by, required=required)
        if leave := leave_of(self.revision, field.name):
            told = say("why.granted", told=told, **leave.words(field))
        pin = self.pins.get(field.name) or self.pins.get("")
        if pin is not None and pin.reason is PinReason.POSTPONED:
            then = {"owner": self.found.owner.name, "edition": self.found.edition.number}
            told = say("why.postponed", told=told, until=pin.until, **then)
        hindered = self.hindrance and (rule != Rule.FIXED or leave)
        return f"{told} {self.hindrance}" if hindered else told

    def _conflict(self, name: str, rule: str, standard: Any) -> Row | None:
        if name not in self.broken:
            return None
        return {
            "id": f"{self.kind.name}-{self.own.id}-{name}",
            "local_value": self.own.local[name],
            "rule": rule,
            "bound": standard,
            "part_names": self.parts.get((self.own.provision_id, name), {}),
        }

    def _pin(self, name: str) -> Row | None:
        """Say until when a field stays as it was, or its own value may hold, and why."""
        pin = self.pins.get(name) or self.pins.get("")
        if pin is None:
            return None
        leave = None if pin.field == "" else leave_of(self.revision, name)
        return {
            "reason": pin.reason.value,
            "value": leave.value if leave else None,
            "granted_by": leave.by.name if leave else None,
            "until": pin.until,
            "whole": pin.field == "",
            "exemption_id": pin.exemption_id,
        }


def standing(rule: Row) -> str:
    """Return the rule that stands above a field, whatever the center is let off."""
    return str(rule.get("standing", rule)["rule"])


def _broken(found: Found) -> list[str]:
    """Return the fields in conflict; what is not offered has none."""
    if not found.own.local or not found.own.id or found.own.claim != "offered":
        return []
    local = found.own.local
    statement = select(func.app.broken(Revision.bounds, cast(literal(local, JSONB), JSONB)))
    return list(db.session.scalar(statement.where(Revision.id == found.revision.id)) or [])


def _editions(own: Any) -> dict[int, Row]:
    numbers = {entry["edition"] for entry in own.set_under.values()}
    if not numbers:
        return {}
    found = db.session.execute(
        select(Edition.id, Edition.number, Edition.title).where(Edition.id.in_(numbers))
    )
    return {row.id: {"number": row.number, "title": row.title} for row in found}


def why(field: Field, rule: str, bound: Any, *, by: Authority, required: bool = False) -> str:
    """Say who may change a field and how far: the answer to “why can't I edit this?”."""
    told = say(
        _sort(rule, bound, required=required),
        owner=by.owner,
        edition=by.edition,
        bound=worded(field, bound),
        contact=by.contact,
        within=say(f"why.within.{by.level}"),
    )
    return told if rule in UNASKED else say("why.whom", told=told, contact=by.contact)


def _sort(rule: str, bound: Any, *, required: bool) -> str:
    """Return which sentence says how far a field may be changed."""
    if rule in (Rule.AT_MOST, Rule.AT_LEAST) and bound is None:
        return f"why.{rule}.free"
    if rule == Rule.AT_MOST and bound == 0:
        return "why.at_most.zero"
    if rule == Rule.LOCAL and required:
        return "why.local.required"
    return f"why.{rule}"
