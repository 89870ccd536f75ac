"""Whether an answer to a field of an update may be given, and what to say where it may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import text

from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds import KINDS, refusals
from jinzhu.standards.models import Answer
from jinzhu.standards.receiving.update_rows import RowState
from jinzhu.standards.receiving.update_ways import Way
from jinzhu.standards.records import local_values
from jinzhu.standards.records.local_batch import as_json

#: Does a value break the rule that the edition brings, and whose rule is that?
_BROKEN = text("""
    SELECT g.place, r.content -> g.field AS bound,
        coalesce(r.rules -> g.field ->> 'rule', 'fixed') AS rule,
        coalesce(city.name, owner.name) AS owner, coalesce(city.level, owner.level) AS level,
        CASE WHEN city.id IS NULL THEN s.line ELSE '' END AS line,
        CASE WHEN city.id IS NULL THEN e.number ELSE ae.number END AS edition
    FROM jsonb_to_recordset(CAST(:given AS jsonb))
        AS g (place int, revision_id bigint, field text, value jsonb)
    JOIN revision r ON r.id = g.revision_id
    JOIN provision p ON p.id = r.provision_id
    JOIN standard s ON s.id = p.standard_id
    JOIN center owner ON owner.id = s.owner_id
    JOIN edition e ON e.id = :edition
    LEFT JOIN merged m ON m.id = :merged
    LEFT JOIN edition ae ON ae.id = m.amendment_id
    LEFT JOIN revision am ON am.id = (r.layers ->> 'amendment')::bigint
        AND (am.content ? g.field OR am.rules ? g.field)
    LEFT JOIN center city ON city.id = am.owner_id
    WHERE app.breaks(r.bounds -> g.field, g.value)
""")


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
        fault = _fault(one, row, deadline)
        if fault or row is None:
            judged.refused.append(_refused(one, fault or Fault("field", say("update.no_row"))))
        else:
            getattr(judged, one["answer"]).append((one, row))
    _clean(judged)
    _inside(judged, way)
    return judged


def _row(one: Row, found: Mapping[tuple[int, str], Row]) -> Row | None:
    """Return the row that is answered to; for a whole provision any of its fields."""
    key = (one["provision_id"], one["field"])
    if key in found or one["field"] or one["answer"] != Answer.LATER:
        return found.get(key)
    return next((row for (provision, _), row in found.items() if provision == key[0]), None)


def _fault(one: Row, row: Row | None, deadline: date | None) -> Fault | None:
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
    if one["answer"] == Answer.KEEP and not one["reason"].strip():
        return Fault("reason", say("conflict.reason_needed"), rule="required")
    if one["answer"] == Answer.LATER:
        return until(one["until"], deadline)
    return None


def until(day: date | None, deadline: date | None) -> Fault | None:
    """Return what is wrong with the day to which something is put off."""
    if deadline is None:
        return Fault("until", say("update.no_deadline"), day, "deadline")
    if day is None or not today() < day <= deadline:
        return Fault("until", say("update.until", deadline=deadline), day, "deadline")
    return None


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


def _inside(judged: Judged, way: Way) -> None:
    """Refuse the values outside the bound that the edition brings, with the bound and its owner."""
    listed = [
        {"place": place, "revision_id": row["new_id"], "field": row["field"], "value": one["value"]}
        for place, (one, row) in enumerate(judged.keep)
    ]
    if not listed:
        return
    values = {"given": as_json(listed), "edition": way.new, "merged": way.new_merged}
    broken = {row.place: row for row in db.session.execute(_BROKEN, values)}
    for place, (one, row) in enumerate(judged.keep):
        if place in broken:
            judged.refused.append(_refused(one, _outside(way, row, one["value"], broken[place])))
    judged.keep = [pair for place, pair in enumerate(judged.keep) if place not in broken]


def _outside(way: Way, row: Row, value: Any, found: Any) -> Fault:
    line = found.line and department_names(way.new).get(found.line)
    by = refusals.Authority(found.owner, found.level, found.edition, line or found.line)
    return refusals.breaking(
        "value",
        KINDS[row["kind"]],
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
    }
