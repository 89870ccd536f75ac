"""A city's answers, where a new edition from above no longer allows what it has amended.

When all of a roll-out are given, the amendment gets a new edition that carries them; the counties
that waited go straight to it, so nobody ever shows something in between.  What is answered before
there is a roll-out waits for it, and can be changed until then.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, or_, select, text, update

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Conflict, Invalid, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.core.transaction import on_behalf_of
from jinzhu.standards import notices
from jinzhu.standards.claims import searched
from jinzhu.standards.editions.amendment_checks import Ground, crossing, ground_at
from jinzhu.standards.kinds import KINDS, Rule, describe_field, step_limits, values
from jinzhu.standards.models import (
    AmendmentConflict,
    Edition,
    EditionEntry,
    EditionState,
    Resolution,
    Revision,
    Standard,
)
from jinzhu.standards.parts import part_names
from jinzhu.standards.rollouts import city_answers

OPEN, SETTLED = "open", "settled"
RELEASED, LIFTED = "released", "lifted"

_BREAKS = text("""
    SELECT app.breaks(r.bounds -> :field, CAST(:value AS jsonb)) FROM revision r WHERE r.id = :id
""")

#: What the city amends of a provision, with its answers up to now and the one that is looked at.
_BESIDE = text("""
    SELECT said, app.effective(r.content, r.bounds, said) AS merged
    FROM revision r
    LEFT JOIN edition_entry e ON e.edition_id = :amendment AND e.provision_id = r.provision_id
    LEFT JOIN revision a ON a.id = e.revision_id
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(c.field, c.settled_value) AS kept FROM amendment_conflict c
        WHERE c.tenant_id = app.tenant_id() AND c.edition_id = :edition
            AND c.provision_id = r.provision_id AND c.resolution = 'keep') answered ON true
    CROSS JOIN LATERAL (SELECT coalesce(a.content, '{}') || coalesce(answered.kept, '{}')
        || CAST(:given AS jsonb) AS said) whole
    WHERE r.id = :upper
""")


class CityAnswered(Conflict):
    """What the answers came to is published, and is not changed any more."""

    code = "city_answered"


class AnsweredMeanwhile(Conflict):
    """A colleague has answered since it was read; nobody's answer is written over unseen."""

    code = "answered_meanwhile"


class NoLongerAsked(Conflict):
    """It collides no more, the edition was withdrawn, or it is not waited for any longer."""

    code = "no_longer_asked"


def _conflicts() -> Selection:
    """Select the own conflicts with the provision as the edition from above has it."""
    return (
        select(AmendmentConflict, Revision, Edition, Standard)
        .join(
            EditionEntry,
            (EditionEntry.edition_id == AmendmentConflict.edition_id)
            & (EditionEntry.provision_id == AmendmentConflict.provision_id),
        )
        .join(Revision, Revision.id == EditionEntry.revision_id)
        .join(Edition, Edition.id == AmendmentConflict.edition_id)
        .join(Standard, Standard.id == AmendmentConflict.standard_id)
        .where(AmendmentConflict.tenant_id == current().tenant_id)
    )


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of the own conflicts."""
    statement = _conflicts()
    if query["state"]:
        is_open = AmendmentConflict.settled_at.is_(None)
        statement = statement.where(is_open if query["state"] == OPEN else ~is_open)
    if query["rollout_id"]:
        statement = statement.where(AmendmentConflict.rollout_id == query["rollout_id"])
    if query["q"]:
        statement = statement.where(searched(query["q"]))
    found = page_of(
        statement,
        query,
        sortable={
            "name": Revision.name_key,
            "field": AmendmentConflict.field,
            "opened_at": AmendmentConflict.created_at,
            "settled_at": AmendmentConflict.settled_at,
        },
        default="-opened_at,name",
        last=[AmendmentConflict.id.asc()],
    )
    found["rows"] = _shaped([tuple(row.values()) for row in found["rows"]])
    return found


def open_count() -> int:
    """Return how many fields wait for an answer of the own center."""
    waiting = select(func.count(AmendmentConflict.id)).where(
        AmendmentConflict.tenant_id == current().tenant_id, AmendmentConflict.settled_at.is_(None)
    )
    return db.session.scalar(waiting) or 0


def _shaped(rows: Iterable[Any]) -> list[Row]:
    found = list(rows)
    people = names_of(row[0].settled_by for row in found)
    parts = part_names((row[0].provision_id, row[0].field) for row in found)
    return [
        _document(conflict, upper, edition, standard, people, parts)
        for conflict, upper, edition, standard in found
    ]


def _document(
    conflict: AmendmentConflict,
    upper: Revision,
    edition: Edition,
    standard: Standard,
    people: Mapping[int | None, str],
    parts: Mapping[tuple[int, str], dict[str, str]],
) -> Row:
    kind = KINDS[conflict.kind]
    field = kind.field(conflict.field)
    assert field is not None
    return {
        "id": conflict.id,
        "rollout_id": conflict.rollout_id,
        "standard": {"id": standard.id, "code": standard.code, "name": standard.name},
        "edition": {"id": conflict.edition_id, "number": edition.number},
        "amendment_id": conflict.amendment_id,
        "kind": conflict.kind,
        "code": upper.code,
        "title": upper.name,
        **describe_field(kind, field),
        "rule": conflict.rule,
        "value": conflict.value,
        "bound": conflict.bound,
        "part_names": parts.get((conflict.provision_id, conflict.field), {}),
        "state": _state(conflict),
        "changeable": conflict.successor_id is None and _is_asked(conflict, edition),
        "resolution": conflict.resolution.value if conflict.resolution else None,
        "settled_value": conflict.settled_value,
        "reason": conflict.reason,
        "opened_at": conflict.created_at,
        "settled_at": conflict.settled_at,
        "settled_by": people.get(conflict.settled_by),
        "successor_id": conflict.successor_id,
    }


def _state(conflict: AmendmentConflict) -> str:
    """Say whether a field waits, is answered, or needs no answer any more."""
    if conflict.settled_at is None:
        return OPEN
    if conflict.resolution is None:
        return RELEASED if conflict.reason else LIFTED
    return SETTLED


def _is_asked(conflict: AmendmentConflict, edition: Edition) -> bool:
    """Say whether an answer is wanted, or stands; to what was withdrawn there is none."""
    asked = _state(conflict) in (OPEN, SETTLED)
    return asked and edition.state is not EditionState.WITHDRAWN


def settle(conflict_id: int, answer: Mapping[str, Any]) -> Row:
    """Answer one: take the standard's value, or keep one of the city's inside the new bound.

    Until the last of a roll-out is given, an answer can be changed; with `seen`, by whoever knows
    the one that stands there.
    """
    _lock(AmendmentConflict.id == conflict_id)
    wanted = _conflicts().where(AmendmentConflict.id == conflict_id)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(id=conflict_id)
    conflict = row.AmendmentConflict
    if not _is_asked(conflict, row.Edition):
        raise NoLongerAsked(standard=row.Standard.name, number=row.Edition.number)
    if conflict.successor_id:
        raise CityAnswered
    _check_seen(conflict, answer)
    keep = answer["take"] == Resolution.KEEP
    conflict.settled_value = _kept(row.Revision, conflict, answer) if keep else None
    conflict.resolution = Resolution(answer["take"])
    conflict.reason = (answer.get("reason") or "").strip()
    conflict.settled_at, conflict.settled_by = datetime.now(UTC), current().actor_id
    db.session.flush()
    city_answers.conclude({conflict.rollout_id})
    return _shaped([db.session.execute(wanted).one()])[0]


def _check_seen(conflict: AmendmentConflict, answer: Mapping[str, Any]) -> None:
    """Refuse an answer to what a colleague has answered since it was read."""
    if "seen" in answer and answer["seen"] != conflict.settled_at:
        by = names_of([conflict.settled_by]).get(conflict.settled_by, say("history.system"))
        raise AnsweredMeanwhile(by=by)


def _lock(which: ColumnElement[bool]) -> None:
    """Lock these, and all of their roll-outs, so that the last answer is found once."""
    own = AmendmentConflict.tenant_id == current().tenant_id
    rollouts = select(AmendmentConflict.rollout_id).where(own, which)
    db.session.execute(
        select(AmendmentConflict.id)
        .where(own, or_(which, AmendmentConflict.rollout_id.in_(rollouts)))
        .order_by(AmendmentConflict.id)
        .with_for_update()
    )


def _kept(upper: Revision, conflict: AmendmentConflict, answer: Mapping[str, Any]) -> Any:
    """Return the value that the city keeps, made clean and inside the new bound."""
    kind, ground = KINDS[conflict.kind], ground_at(conflict.edition_id)
    field = kind.field(conflict.field)
    assert field is not None
    if conflict.rule == Rule.FIXED:
        words = {"label": kind.label(field.name)}
        fault = ground.forbids(
            "take", "amendment.keep_fixed", value=answer["take"], rule="fixed", words=words
        )
        raise Invalid(errors=[fault])
    if not (answer.get("reason") or "").strip():
        raise invalid("reason", "amendment.keep_reason", rule="required")
    try:
        value = values.of_local(field, answer.get("value"), rule=Rule(conflict.rule))
    except values.Wrong as error:
        raise Invalid(errors=values.faults("value", field, answer.get("value"), error)) from error
    if value is None:
        raise invalid("value", "amendment.keep_value", rule="required")
    _check_bound(ground, upper, field.name, value)
    _check_steps(ground, upper, conflict, value)
    return value


def _check_bound(ground: Ground, upper: Revision, name: str, value: Any) -> None:
    given = {"id": upper.id, "field": name, "value": orjson.dumps(value).decode()}
    if db.session.scalar(_BREAKS, given):
        raise Invalid(errors=[ground.outside(f"value.{name}", upper, value).at("value")])


def _check_steps(ground: Ground, upper: Revision, conflict: AmendmentConflict, value: Any) -> None:
    """Refuse steps, or a limit, that do not fit beside what the city has amended and answered."""
    if conflict.field not in step_limits.PAIR:
        return
    given = {
        "upper": upper.id,
        "amendment": conflict.amendment_id,
        "edition": conflict.edition_id,
        "given": orjson.dumps({conflict.field: value}).decode(),
    }
    row = db.session.execute(_BESIDE, given).one()
    said = {**row.said, conflict.field: value}
    if wrong := crossing(ground, upper, said, row.merged):
        raise Invalid(errors=[fault.at("value") for fault in wrong])


def take_standard(ids: list[int] | None) -> int:
    """Take the standard's values for many, or for all that are open; return how many."""
    withdrawn = select(Edition.id).where(Edition.state == EditionState.WITHDRAWN)
    chosen = update(AmendmentConflict).where(
        AmendmentConflict.tenant_id == current().tenant_id,
        AmendmentConflict.settled_at.is_(None),
        AmendmentConflict.edition_id.not_in(withdrawn),
    )
    if ids is not None:
        chosen = chosen.where(AmendmentConflict.id.in_(ids))
    _lock(AmendmentConflict.settled_at.is_(None))
    rollouts = db.session.scalars(
        chosen.values(
            resolution=Resolution.STANDARD,
            settled_at=func.now(),
            settled_by=current().actor_id,
        )
        .returning(AmendmentConflict.rollout_id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    city_answers.conclude(set(rollouts))
    return len(rollouts)


def release(rollout: Any, city_id: int, *, reason: str) -> int:
    """Wait no longer for a city: what it amended and the edition does not allow does not hold.

    What it has answered already holds: the amendment gets its edition from those answers.
    For the owner of the roll-out, with the reach PUSH; returns how many fields were open.
    """
    if not reason.strip():
        raise invalid("reason", "amendment.release_reason", rule="required")
    released = db.session.scalars(
        update(AmendmentConflict)
        .where(
            AmendmentConflict.tenant_id == city_id,
            AmendmentConflict.rollout_id == rollout.id,
            AmendmentConflict.settled_at.is_(None),
        )
        .values(reason=reason.strip(), settled_at=func.now(), settled_by=current().actor_id)
        .returning(AmendmentConflict.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not released:
        raise Conflict(say("amendment.nothing_open"))
    with on_behalf_of(city_id):
        city_answers.conclude({rollout.id})
    ground = ground_at(rollout.edition_id)
    notices.tell(
        [city_id],
        "amendment_released",
        values={
            "owner": ground.owner,
            "standard": db.session.get_one(Standard, rollout.standard_id).name,
            "edition": ground.number,
            "reason": reason.strip(),
        },
        to="/amendment_conflicts?state=settled",
        needs="amendment.settle",
    )
    return len(released)
