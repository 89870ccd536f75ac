"""What an office does with a roll-out once it has begun: hold it, let it go on, try again, go back.

Each act takes the lock of the roll-out, so that it never meets a step of the job half way.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from jinzhu.core import jobs
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.models import JobState
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.core.tenancy import Scope, current
from jinzhu.core.transaction import work
from jinzhu.standards import notices
from jinzhu.standards.models import (
    OPEN_STATES,
    Delivery,
    DeliveryState,
    Rollout,
    RolloutStage,
    RolloutState,
    StageState,
)
from jinzhu.standards.rollouts import amendment_ahead
from jinzhu.standards.rollouts import rollout_gates as gates
from jinzhu.standards.rollouts.rollout_base import (
    BUSY,
    PENDING,
    RolloutOver,
    RolloutOvertaken,
    RolloutPaused,
    RolloutRunning,
    RolloutScheduled,
    StageNotWaiting,
    find,
    published,
    to_act_on,
    told,
)
from jinzhu.standards.rollouts.rollout_centers import Chosen
from jinzhu.standards.rollouts.rollout_deliver import deliver_one, named
from jinzhu.standards.rollouts.rollout_rows import deliveries, page, read
from jinzhu.standards.rollouts.rollout_run import BATCH, confined_to, queue, settle
from jinzhu.standards.rollouts.rollout_start import start

__all__ = [
    "BATCH",
    "Chosen",
    "RolloutPaused",
    "RolloutRunning",
    "deliver_one",
    "deliveries",
    "find",
    "page",
    "published",
    "read",
    "start",
]


def pause(rollout_id: int) -> Rollout:
    """Let nothing more happen for the present; what is done stays done."""
    rollout = _open(rollout_id)
    if rollout.state is RolloutState.PAUSED:
        raise RolloutPaused(**told(rollout))
    if confined_to(rollout) is not None:
        raise RolloutRunning(**told(rollout))
    rollout.state = RolloutState.PAUSED
    return rollout


def resume(rollout_id: int) -> Rollout:
    """Let a paused roll-out go on; what fell due meanwhile is done now."""
    rollout = _open(rollout_id)
    if rollout.state is not RolloutState.PAUSED:
        raise RolloutRunning(**told(rollout))
    published(rollout.edition_id)
    if rollout.starts_on and rollout.starts_on > today():
        rollout.state = RolloutState.SCHEDULED
    else:
        queue(rollout)
    return rollout


def stop(rollout_id: int) -> Rollout:
    """End a roll-out; who has not adopted the edition stays on the one before."""
    rollout = _open(rollout_id)
    rollout.state, rollout.finished_at = RolloutState.CANCELLED, datetime.now(UTC)
    amendment_ahead.give_back(rollout)
    return rollout


def _open(rollout_id: int) -> Rollout:
    rollout = to_act_on(rollout_id)
    if rollout.state not in OPEN_STATES:
        raise RolloutOver(state=rollout.state.value, **told(rollout))
    return rollout


def approve(rollout_id: int, place: int, *, note: str = "") -> Rollout:
    """Let the next stage open, as far as a person has to say so."""
    rollout = _open(rollout_id)
    found = gates.standings(rollout_id)
    if place not in {standing.stage.place for standing in found}:
        raise NotFound(stage=place)
    if rollout.state is RolloutState.SCHEDULED:
        raise RolloutScheduled(say("rollout.not_begun", day=rollout.starts_on))
    stage = _to_approve(found, place)
    if rollout.state not in (RolloutState.WAITING, RolloutState.PAUSED):
        raise RolloutRunning(**told(rollout))
    stage.approved_at, stage.approved_by = datetime.now(UTC), current().actor_id
    stage.note = note.strip()
    if rollout.state is RolloutState.WAITING:
        queue(rollout)
    return rollout


def _to_approve(found: Sequence[gates.Standing], place: int) -> RolloutStage:
    """Return the stage, if it is the one that waits for somebody to approve it."""
    standing, before = gates.next_up(found) or (None, None)
    stage = next(one.stage for one in found if one.stage.place == place)
    if stage.approved_at:
        raise StageNotWaiting(say("rollout.stage_approved", place=place))
    if stage.state is not StageState.WAITING:
        raise StageNotWaiting(say("rollout.stage_opened", place=place))
    if not stage.gate.get("approval"):
        raise StageNotWaiting(say("rollout.stage_ungated", place=place))
    ended = before is None or before.stage.state is StageState.DONE
    if standing is None or standing.stage.place != place or not ended:
        raise StageNotWaiting(say("rollout.not_its_turn", place=place))
    return stage


def retry(rollout_id: int) -> Rollout:
    """Try the failed centers of a roll-out again, and those that its job left when it failed.

    What was stopped stays stopped: there the failed centers are tried again, and nobody else.
    """
    rollout = to_act_on(rollout_id)
    _refuse_again(rollout)
    stopped, alone = rollout.state is RolloutState.CANCELLED, confined_to(rollout)
    again = db.session.execute(
        update(Delivery)
        .where(Delivery.rollout_id == rollout_id, Delivery.state == DeliveryState.FAILED)
        .values(
            state=DeliveryState.ANNOUNCED,
            error=None,
            finished_at=None,
            due_on=func.coalesce(Delivery.due_on, today()),
        )
        .returning(Delivery.center_id)
    ).all()
    if stopped and not again:
        raise Conflict(say("rollout.stopped_without_failures"))
    if stopped or alone is not None:
        queue(rollout, only=sorted({*(alone or []), *(row.center_id for row in again)}))
        return rollout
    left = db.session.scalar(
        select(func.count()).where(Delivery.rollout_id == rollout_id, Delivery.state.in_(PENDING))
    )
    if not again and (rollout.state is RolloutState.WAITING or not left):
        raise Conflict(say("rollout.nothing_failed"))
    queue(rollout)
    return rollout


def _refuse_again(rollout: Rollout) -> None:
    """Refuse while a job is at it, and where it would take centers back."""
    if rollout.state in (RolloutState.PAUSED, RolloutState.SCHEDULED):
        raise RolloutPaused(**told(rollout))
    if rollout.state in BUSY and _at_work(rollout):
        raise RolloutRunning(**told(rollout))
    published(rollout.edition_id)
    later = db.session.scalar(
        select(func.max(Rollout.id)).where(
            Rollout.standard_id == rollout.standard_id, Rollout.id > rollout.id
        )
    )
    if later is not None:
        raise RolloutOvertaken(rollout_id=later)


def _at_work(rollout: Rollout) -> bool:
    """Say whether the job of a roll-out is not over; one that killed every worker is."""
    if rollout.job_id is None:
        return False
    return jobs.find(rollout.job_id).state in (JobState.QUEUED, JobState.RUNNING)


def leave_out(rollout_id: int, center_id: int, *, reason: str) -> Rollout:
    """Leave a center out that has not adopted the edition.  Needs the reach PUSH."""
    rollout = to_act_on(rollout_id)
    delivery = db.session.scalar(
        select(Delivery)
        .where(Delivery.rollout_id == rollout_id, Delivery.center_id == center_id)
        .with_for_update()
    )
    if delivery is None:
        raise NotFound(center=center_id)
    if delivery.state not in (*PENDING, DeliveryState.FAILED, DeliveryState.DECLINED):
        raise Conflict(say("rollout.adopted_already"), center=center_id)
    announced = delivery.announced_at is not None
    delivery.state, delivery.reason = DeliveryState.EXEMPT, reason.strip()
    delivery.finished_at, delivery.error = datetime.now(UTC), None
    db.session.flush()
    if announced:
        notices.tell(
            [center_id],
            "update_left_out",
            values={**named(rollout), "reason": reason.strip()},
            to=f"/updates/{rollout.id}",
            needs="update.answer",
        )
    if rollout.state is RolloutState.FAILED:
        settle(rollout)
    return rollout


def run_now(rollout_id: int, *, tenant_id: int) -> None:
    """Carry a roll-out out in this process instead of a worker."""
    with work(Scope(tenant_id, action="rollout.now")):
        job_id = find(rollout_id).job_id
    assert job_id is not None
    jobs.run(tenant_id, job_id)
