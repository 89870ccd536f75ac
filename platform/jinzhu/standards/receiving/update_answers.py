"""What a center does with the fields of an edition it has adopted: take, keep its own, later.

Each row is judged for itself: one that breaks a rule is refused, and the others are written all
the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text

from jinzhu.core.access import may
from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict
from jinzhu.standards.claims import models
from jinzhu.standards.kinds import Rule
from jinzhu.standards.models import Answer, Resolution, Rollout
from jinzhu.standards.receiving import pins, update_notices, update_rows, updates
from jinzhu.standards.receiving.update_checks import Judged, judge
from jinzhu.standards.receiving.update_rows import RowState
from jinzhu.standards.receiving.update_ways import Way
from jinzhu.standards.records import local_batch, local_values
from jinzhu.standards.rollouts.rollout_base import told

_ANSWERED = text("""
    INSERT INTO update_answer AS u (rollout_id, standard_id, provision_id, kind, field, answer,
        value, reason, until)
    SELECT :rollout, c.standard_id, c.provision_id, c.kind, c.field, c.answer, c.value, c.reason,
        c.until
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS c (standard_id int, provision_id bigint,
        kind text, field text, answer text, value jsonb, reason text, until date)
    ON CONFLICT (tenant_id, rollout_id, provision_id, field) DO UPDATE
        SET answer = excluded.answer, value = excluded.value, reason = excluded.reason,
            until = excluded.until, answered_by = app.actor_id(), created_at = now()
""")


class NotAdopted(Conflict):
    """The fields of an edition are answered once the center is on it."""

    code = "not_adopted"


def answer(rollout_id: int, given: Sequence[Row]) -> Row:
    """Answer to many fields; say which answers were refused, and why.

    A field that is given up goes to the standard's value, one that is kept needs a value inside
    the bound and a reason, and one that is put off stays as the edition before had it.
    """
    local_values.take_turn()
    update, way = _standing(rollout_id)
    known = {(one["provision_id"], one["field"]): one for one in given}
    statement = update_rows.of_provisions(way, sorted({number for number, _ in known}))
    found = {
        (row.provision_id, row.field): dict(row._mapping) for row in db.session.execute(statement)
    }
    judged = judge(list(known.values()), found, way=way, deadline=update.deadline)
    _lock(judged)
    update_notices.tell_answers(rollout_id, kept=len(judged.keep), later=len(judged.later))
    _carry_out(update, judged)
    return {
        "answered": len(judged.good),
        "refused": len(judged.refused),
        "rows": judged.refused,
    }


def _standing(rollout_id: int) -> tuple[Any, Way]:
    """Return an update that the center stands on."""
    update, way = updates.find(rollout_id)
    if way is None or not update.here:
        rollout = db.session.get_one(Rollout, rollout_id)
        raise NotAdopted(**told(rollout))
    return update, way


def _lock(judged: Judged) -> None:
    """Keep others from writing these records until we are done."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for _, row in judged.good:
        by_kind[row["kind"]].add(row["record_id"])
    for kind, records in by_kind.items():
        model = models()[kind]
        wanted = select(model.id).where(model.id.in_(records)).order_by(model.id)
        db.session.execute(wanted.with_for_update())


def _carry_out(update: Any, judged: Judged) -> None:
    """Write what may be: pins first, because the bound of a local value follows from them."""
    pins.end([row["pin_id"] for _, row in [*judged.take, *judged.keep] if row["pin_id"]])
    by_kind: dict[str, dict[int, Row]] = defaultdict(dict)
    for one, row in [*judged.take, *judged.keep]:
        change = by_kind[row["kind"]].setdefault(
            row["provision_id"], {"number": row["provision_id"], "gone": [], "given": {}}
        )
        if one["answer"] == Answer.TAKE:
            change["gone"].append(row["field"])
        else:
            change["given"][row["field"]] = one["value"]
    for kind, changes in by_kind.items():
        local_batch.write(kind, [one for one in changes.values() if one["gone"] or one["given"]])
    decided = [*judged.take, *judged.keep]
    local_batch.settle([_settled(update, one, row) for one, row in decided if _settles(row)])
    pins.postpone(
        [_postponed(update, one, row) for one, row in judged.later], rollout_id=update.rollout_id
    )
    _keep(update, judged.good)


def _settles(row: Row) -> bool:
    return bool(row["state"] == RowState.CONFLICT)


def _settled(update: Any, one: Row, row: Row) -> Row:
    keep = one["answer"] == Answer.KEEP
    return {
        "standard_id": update.base_id,
        **{name: row[name] for name in ("provision_id", "kind", "field", "local_value")},
        "rule": row["new_rule"],
        "bound": row["new_value"],
        "resolution": (Resolution.KEEP if keep else Resolution.STANDARD).value,
        "settled_value": one["value"] if keep else None,
        "reason": one["reason"].strip(),
    }


def _postponed(update: Any, one: Row, row: Row) -> Row:
    return {
        "standard_id": update.base_id,
        "provision_id": row["provision_id"],
        "kind": row["kind"],
        "field": one["field"],
        "revision_id": row["old_id"],
        "until": one["until"],
    }


def _keep(update: Any, answers: Sequence[tuple[Row, Row]]) -> None:
    """Keep what was answered; of a value that was given up, what it was."""
    rows = [
        {
            "standard_id": update.base_id,
            "provision_id": row["provision_id"],
            "kind": row["kind"],
            "field": one["field"],
            "answer": one["answer"],
            "value": row["local_value"] if one["answer"] == Answer.TAKE else one["value"],
            "reason": one["reason"].strip(),
            "until": one["until"],
        }
        for one, row in answers
    ]
    if rows:
        values = {"rollout": update.rollout_id, "rows": local_batch.as_json(rows)}
        db.session.execute(_ANSWERED, values)


def take_all(rollout_id: int, *, local: str) -> Row:
    """Answer to everything that is not in conflict; say in numbers what that was.

    What says nothing of its own comes through by itself.  Local values that the edition allows
    stay ("keep"), or make way for the standard's ("take"); what is in conflict waits.
    """
    local_values.take_turn()
    update, way = _standing(rollout_id)
    row = update_rows.rows([way])
    kinds = [kind for kind in models() if may(f"{kind}.write")]
    open_ones = select(row).where(
        row.c.state == RowState.STAYS_DIFFERENT,
        update_rows.to_answer(row),
        row.c.new_rule != Rule.LOCAL,
        row.c.kind.in_(kinds),
    )
    judged = Judged()
    for found in db.session.execute(open_ones):
        given = {"answer": local, "field": found.field, "reason": "", "until": None}
        one = {**given, "value": found.local_value}
        getattr(judged, local).append((one, dict(found._mapping)))
    _lock(judged)
    if local == Answer.TAKE:
        _carry_out(update, judged)
    else:
        _keep(update, judged.good)
    counted = update_rows.counts([way])[rollout_id]
    through = counted[RowState.COMES_THROUGH] + counted[RowState.FIXED]
    return {
        "answered": len(judged.good),
        "comes_through": through,
        "conflicts": counted[RowState.CONFLICT],
        "postponed": counted[RowState.POSTPONED],
    }
