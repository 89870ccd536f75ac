"""Whether an answer to a field of an update may be given, and what to say where it may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import KINDS, Rule, part_codes, refusals
from jinzhu.standards.kinds.value_parts import OPEN
from jinzhu.standards.models import Answer, Rollout
from jinzhu.standards.ownership import authority_of
from jinzhu.standards.receiving import update_whose
from jinzhu.standards.receiving.update_crossing import crossing
from jinzhu.standards.receiving.update_rows import RowState
from jinzhu.standards.receiving.update_ways import Way
from jinzhu.standards.records import local_values


@dataclass(slots=True)
class Judged:
    """Answers that may be given, each with the row it answers to, and those that may not."""

    take: list[tuple[Row, Row]] = field(default_factory=list)
    keep: list[tuple[Row, Row]] = field(default_factory=list)
    later: list[tuple[Row, Row]] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)

    @property
    def good(self) -> list[tuple[Row, Row]]:
        """Return all that may be given."""
        return [*self.take, *self.keep, *self.later]


def judge(
    given: Sequence[Row], found: Mapping[tuple[int, str], Row], *, way: Way, deadline: date | None
) -> Judged:
    """Tell the answers apart; `found` are the rows of the update by provision and field."""
    judged = Judged()
    for one in given:
        row = _row(one, found)
        fault = _fault(one, row, way, deadline)
        if fault or row is None:
            judged.refused.append(_refused(one, fault or Fault("field", say("update.no_row"))))
        else:
            getattr(judged, one["answer"]).append((one, row))
    _clean(judged)
    _known(judged, way)
    _inside(judged, way)
    _refuse(judged, crossing(judged.keep, judged.take, way))
    return judged


def _row(one: Row, found: Mapping[tuple[int, str], Row]) -> Row | None:
    """Return the row that is answered to; for a whole provision any of its fields."""
    key = (one["provision_id"], one["field"])
    if key in found or one["field"] or one["answer"] != Answer.LATER:
        return found.get(key)
    return next((row for (provision, _), row in found.items() if provision == key[0]), None)


def _fault(one: Row, row: Row | None, way: Way, deadline: date | None) -> Fault | None:
    """Return what is wrong with an answer, before its value is looked at."""
    if row is None:
        return Fault("field", say("update.no_row"), one["field"])
    if not may(f"{row['kind']}.write"):
        return Fault("answer", say("why_not.permission"), rule="permission")
    if row["state"] in (RowState.ADDED, RowState.REMOVED):
        return Fault("answer", say("update.nothing_to_answer"), rule=row["state"])
    if row["state"] == RowState.EXEMPT:
        return Fault("answer", say("update.exempt"), rule=row["state"])
    if row["pin_whole"] and one["answer"] != Answer.LATER:
        return Fault("answer", say("update.postponed_whole"), rule=row["state"])
    if one["answer"] == Answer.TAKE and row["new_rule"] == Rule.LOCAL:
        label = KINDS[row["kind"]].label(row["field"])
        return Fault("answer", say("update.nothing_above", label=label), rule=Rule.LOCAL)
    if one["answer"] == Answer.KEEP and not one["reason"].strip():
        return Fault("reason", say("conflict.reason_needed"), rule="required")
    if one["answer"] == Answer.LATER:
        fault = until(one["until"], deadline, by=_giver(way))
        return fault and _told(fault, _giver(way), deadline)
    return None


def _giver(way: Way) -> refusals.Authority:
    """Return who rolls an edition out, and has set until when it can be put off."""
    return authority_of(db.session.get_one(Rollout, way.rollout).edition_id)


def _told(fault: Fault, by: refusals.Authority, bound: Any) -> Fault:
    """Return a fault with whom to ask."""
    return refusals.refused(
        fault.field, fault.message, by=by, value=fault.value, rule=fault.rule, bound=bound
    )


def until(day: date | None, deadline: date | None, *, by: refusals.Authority) -> Fault | None:
    """Return what is wrong with the day to which something is put off, and who set the last one.

    The message ends without a stop.
    """
    if deadline is None:
        told = say("update.no_deadline", owner=by.owner)
    elif day is None or not today() < day <= deadline:
        told = say("update.until", owner=by.owner, deadline=deadline)
    else:
        return None
    return Fault("until", told, day, "deadline")


def _clean(judged: Judged) -> None:
    """Make the values that are kept clean; refuse those that their type does not allow."""
    good = []
    for one, row in judged.keep:
        value = row["local_value"] if one["value"] is None else one["value"]
        rules = {row["field"]: {"rule": row["new_rule"]}}
        clean, wrong = local_values.cleaned(KINDS[row["kind"]], {row["field"]: value}, rules)
        if wrong:
            judged.refused += [_refused(one, fault) for fault in wrong]
        elif clean[row["field"]] is None:
            judged.refused.append(_refused(one, Fault("value", say("conflict.value_needed"))))
        else:
            good.append(({**one, "value": clean[row["field"]]}, row))
    judged.keep = good


def _known(judged: Judged, way: Way) -> None:
    """Refuse the changes to lists that name parts which the edition does not have."""
    lost = {}
    for place, (one, row) in enumerate(judged.keep):
        codes = part_codes.unknown(one["value"], row["new_value"], [row["local_value"]])
        if codes:
            kind, by = KINDS[row["kind"]], authority_of(way.new)
            lost[place] = part_codes.fault("value", kind, row["field"], codes, by=by)
    _refuse(judged, lost)


def _inside(judged: Judged, way: Way) -> None:
    """Refuse the values outside the bound that the edition brings, with the bound and its owner."""
    listed = [
        {"revision_id": row["new_id"], "field": row["field"], "value": one["value"]}
        for one, row in judged.keep
    ]
    broken = update_whose.broken(listed, way)
    _refuse(
        judged,
        {
            place: _outside(way, row, one["value"], broken[place])
            for place, (one, row) in enumerate(judged.keep)
            if place in broken
        },
    )


def _refuse(judged: Judged, faults: Mapping[int, Fault]) -> None:
    """Refuse what would be kept, by its place."""
    for place, fault in sorted(faults.items()):
        judged.refused.append(_refused(judged.keep[place][0], fault))
    judged.keep = [pair for place, pair in enumerate(judged.keep) if place not in faults]


def _outside(way: Way, row: Row, value: Any, found: Any) -> Fault:
    kind, by = KINDS[row["kind"]], update_whose.authority(way, found)
    if found.rule in OPEN:
        by = authority_of(way.new)
        return refusals.unlawful("value", kind, row["field"], value, bound=found.law, by=by)
    return refusals.breaking(
        "value",
        kind,
        row["field"],
        value,
        rule=found.rule,
        bound=found.bound,
        by=by,
        exempt=True,
    )


def _refused(one: Row, fault: Fault) -> Row:
    return {
        "provision_id": one["provision_id"],
        "field": one["field"],
        "at": fault.field,
        "message": fault.message,
        "value": fault.value,
        "rule": fault.rule,
        "authority": dict(fault.authority) if fault.authority else None,
    }
