"""What a center is let off: the value that was granted, by whom, and until when."""

import re
from dataclasses import dataclass, replace
from typing import Any

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.hierarchy.models import Center
from jinzhu.standards.kinds import Field, Kind, Rule, refusals, value_checks, worded
from jinzhu.standards.kinds.step_limits import LIMIT
from jinzhu.standards.models import Revision
from jinzhu.standards.records.crossing import crossing
from jinzhu.standards.records.record_found import Found


@dataclass(frozen=True, slots=True)
class Leave:
    """An exemption from the rule of one field."""

    value: Any
    by: Center
    until: str

    def words(self, field: Field) -> dict[str, str]:
        """Return what a sentence tells of it."""
        bound = worded(field, self.value)
        told = say("exemption.approved", bound=bound) if bound else say("exemption.approved_list")
        return {"granter": self.by.name, "until": self.until, "approved": told}


def leave_of(revision: Revision, name: str) -> Leave | None:
    """Return what was granted for a field of a revision in force."""
    rule = revision.rules.get(name, {})
    if "granted" not in rule:
        return None
    return Leave(rule["granted"], db.session.get_one(Center, rule["by"]), rule["until"])


def beyond(kind: Kind, found: Found, name: str, value: Any, *, above: bool) -> Fault | None:
    """Return the fault of a value that goes further than what was granted; None where nothing was.

    `above` says that it breaks the rule of the standard's owner, from which only a city let off.
    """
    leave, field = leave_of(found.revision, name), kind.field(name)
    if leave is None or field is None:
        return None
    place = f"local.{name}"
    if above and leave.by.id != found.owner.id:
        base, owner = found.layers.base, found.owner
        by = refusals.Authority(owner.name, owner.level.value, found.edition.number or 0)
        return refusals.outside(place, kind, base, value, by=by, exempt=True)
    by = refusals.Authority(leave.by.name, leave.by.level.value, found.setter(name).edition)
    told = say("broken.exempt", label=kind.label(name), **leave.words(field))
    return refusals.refused(
        place, told, by=by, value=value, rule=Rule.EXEMPT.value, bound=leave.value
    )


def contradictions(kind: Kind, found: Found, wanted: dict[str, Any]) -> list[Fault]:
    """Return what a wanted value would contradict in the record that does not contradict now.

    What the law or another field of the standard demands is told with whose it is.
    """
    if wrong := unlawful(kind, found, wanted) + crossing(found, wanted):
        return wrong
    if any(isinstance(value, dict) for value in wanted.values()):
        return []  # changes to a list of parts, checked part by part
    before = {fault.field for fault in value_checks.together(kind, found.effective)}
    after = value_checks.together(kind, {**found.effective, **wanted})
    return [fault for fault in after if fault.field not in before]


def unlawful(kind: Kind, found: Found, wanted: dict[str, Any]) -> list[Fault]:
    """Return the fault of a committed limit that is longer than the law allows."""
    value, law = wanted.get(LIMIT), found.revision.content.get(refusals.LAW)
    if not isinstance(value, int) or law is None or value <= law:
        return []
    by = found.authority(refusals.LAW)
    return [refusals.unlawful(f"local.{LIMIT}", kind, LIMIT, value, bound=law, by=by)]


def beyond_law(kind: Kind, found: Found, given: dict[str, Any]) -> list[Fault]:
    """Return where exempt values contradict what no exemption lets off from, such as the law."""
    exempt = {name for name in given if leave_of(found.revision, name)}
    if not exempt:
        return []
    content = found.revision.content
    without = {**found.effective, **{name: content.get(name) for name in exempt}}
    cleared = replace(found, effective=without)
    wrong = contradictions(kind, cleared, {name: given[name] for name in exempt})
    return [fault.at(re.sub("^content", "local", fault.field)) for fault in wrong]
