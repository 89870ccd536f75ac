"""What a center says to an edition that is on its way to it: now, on its day, later, or no.

Whoever is asked answers for itself alone.  To take an edition now is the push itself, carried out
by the center for itself, so that it ends exactly as if the roll-out had come to it.
"""

from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import select

from jinzhu.core.calendar import CHINA
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, Fault, Forbidden, Invalid, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards import push
from jinzhu.standards.models import Delivery, DeliveryState, Edition, Mode, Rollout, Standard
from jinzhu.standards.ownership import authority, authority_of
from jinzhu.standards.receiving import update_checks, update_notices, updates
from jinzhu.standards.rollouts import rollout_deliver, rollout_gates

ON_DATE = "on_date"


class NotOpen(Conflict):
    """An update that the center does not decide about, or not any more."""

    code = "update_not_open"


def _asked(rollout_id: int) -> tuple[Delivery, Rollout]:
    """Return the own delivery, held, and its roll-out, if the center is asked about it.

    Raises:
        NotFound: if nothing of that number has come here.
        NotOpen: saying why the center cannot decide.
    """
    if current().departments is not None:
        raise Forbidden(say("update.whole_center"))
    push.take_turns([_center()])
    statement = select(Delivery).where(
        Delivery.rollout_id == rollout_id, Delivery.center_id == _center()
    )
    delivery = db.session.scalar(statement.with_for_update())
    row, _ = updates.find(rollout_id)
    assert delivery is not None
    if not updates.takes_part(row):
        raise NotOpen(_why_not(row), state=row.state)
    return delivery, db.session.get_one(Rollout, rollout_id)


def _center() -> int:
    return cast(int, current().tenant_id)


def _why_not(row: Any) -> str:
    """Say why a center cannot decide about an update."""
    if row.state == DeliveryState.WAITING:
        return say("update.waits_for_city", reason=row.answer_reason)
    if row.ahead and row.mode == Mode.AT_ONCE:
        return say("update.at_once", owner=row.owner_name)
    if row.ahead:
        return say("update.halted", owner=row.owner_name)
    return say("update.over")


def _answered(delivery: Delivery, state: DeliveryState, reason: str = "") -> None:
    delivery.state, delivery.reason = state, reason.strip()
    delivery.answered_at, delivery.answered_by = datetime.now(UTC), current().actor_id
    db.session.flush()


def accept(rollout_id: int, *, when: str) -> None:
    """Take an edition now, or let it come on its day.  Needs the reach PUSH."""
    row, _ = updates.find(rollout_id)
    if when != ON_DATE and row.state in (DeliveryState.ADOPTED, DeliveryState.UNCHANGED):
        return  # the same answer twice
    delivery, rollout = _asked(rollout_id)
    if when == ON_DATE:
        if rollout.mode is not Mode.WITH_NOTICE:
            raise _refused(rollout, Fault("when", say("update.no_date"), when, rollout.mode.value))
        delivery.due_on = _day_of(delivery, rollout)
        _answered(delivery, DeliveryState.ACCEPTED)
        return
    state = rollout_deliver.deliver_one(rollout_id, _center())
    _answered(delivery, state)


def _refused(rollout: Rollout, fault: Fault) -> Invalid:
    """Return a refusal that says of which edition it is, whose, and whom to ask."""
    edition = db.session.get_one(Edition, rollout.edition_id)
    standard = db.session.get_one(Standard, edition.standard_id)
    by = authority(standard, edition.number)
    told = say(
        "update.refused",
        standard=standard.name,
        number=edition.number,
        told=fault.message,
        contact=by.contact,
    )
    document = by.document(bound=rollout.deadline)
    return Invalid(errors=[Fault(fault.field, told, fault.value, fault.rule, document)])


def _day_of(delivery: Delivery, rollout: Rollout) -> date | None:
    """Return the day on which a notice ends, also where it had been put off before."""
    if delivery.state is not DeliveryState.POSTPONED or delivery.announced_at is None:
        return delivery.due_on
    return rollout_gates.due_on(rollout, delivery.announced_at.astimezone(CHINA).date())


def postpone(rollout_id: int, *, until: date, reason: str) -> None:
    """Put an edition off to a day that its owner still allows.  Needs the reach PUSH."""
    delivery, rollout = _asked(rollout_id)
    if rollout.mode is not Mode.WITH_NOTICE:
        raise _refused(rollout, Fault("until", say("update.no_date"), until, rollout.mode.value))
    if not reason.strip():
        raise invalid("reason", "update.reason_needed", rule="required")
    by = authority_of(rollout.edition_id)
    if fault := update_checks.until(until, rollout.deadline, by=by):
        raise _refused(rollout, fault)
    delivery.due_on = until
    _answered(delivery, DeliveryState.POSTPONED, reason)
    update_notices.tell_postponed(rollout, until=until, reason=reason)


def refuse(rollout_id: int, *, reason: str) -> None:
    """Turn an offer down.  Needs the reach PUSH."""
    delivery, rollout = _asked(rollout_id)
    if rollout.mode is not Mode.ON_OFFER:
        told = say("update.not_offered")
        raise _refused(rollout, Fault("reason", told, reason, rollout.mode.value))
    if not reason.strip():
        raise invalid("reason", "update.reason_needed", rule="required")
    _answered(delivery, DeliveryState.DECLINED, reason)
    delivery.finished_at = datetime.now(UTC)
    update_notices.tell_declined(rollout, reason=reason)
