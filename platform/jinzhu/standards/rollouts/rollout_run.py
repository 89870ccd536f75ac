"""A roll-out carried out: step by step, each a transaction that stands or falls as one.

A failed center never stops the others, only the failed ones are tried again, and running it twice
changes nothing: what is due is found anew before each step, under the lock of the roll-out.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select, true, update
from sqlalchemy.exc import DBAPIError

from jinzhu.core import clock, jobs
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.jobs import Run, job
from jinzhu.core.language import say
from jinzhu.core.models import JobState
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices
from jinzhu.standards.models import (
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Notice,
    Rollout,
    RolloutState,
    Standard,
)
from jinzhu.standards.rollouts import amendment_ahead
from jinzhu.standards.rollouts import rollout_deliver as deliver
from jinzhu.standards.rollouts import rollout_gates as gates
from jinzhu.standards.rollouts.rollout_base import BUSY, COMING, GOING, PENDING, find

#: Centers moved in one transaction: enough to be fast, few enough that the bar moves.
BATCH = 250


@job("standards.rollout")
def carry_out(run: Run, rollout_id: int, day: str = "", only: Sequence[int] | None = None) -> None:
    """Do whatever is to be done on a day: adopt what is due, open and end stages.

    With `only`: move these centers of a roll-out that was stopped, and open nothing.
    """
    on, size = date.fromisoformat(day) if day else today(), BATCH
    while True:
        try:
            more = _step(run, rollout_id, size, on, only)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            if size == 1 and not _give_up_on_next(run, rollout_id, on, only, error):
                raise
            size = 1
            continue
        if not more:
            return
        size = BATCH


def _step(run: Run, rollout_id: int, size: int, day: date, only: Sequence[int] | None) -> bool:
    """Do the next thing; return whether there may be another."""
    with run.step(reach=Reach.PUSH) as progress:
        rollout = find(rollout_id, lock=True)
        edition, _standard = _of(rollout)  # held: whoever asks for them in this step has them
        if rollout.state not in GOING or _withdrawn(rollout, edition):
            return False
        rollout.state = RolloutState.RUNNING
        more = _go(rollout, size, day, only)
        progress.done, progress.total = _counted(rollout_id)
        return more


def _go(rollout: Rollout, size: int, day: date, only: Sequence[int] | None) -> bool:
    """Move the next centers; after the last of them see what follows."""
    moved = _batch(rollout, _due(rollout.id, size, day, only))
    # A center that cannot be moved must not undo the opening of its stage: moved in the next step.
    if moved == size or only is not None:
        return moved == size
    found = gates.standings(rollout.id)
    waiting = any(standing.counts[DeliveryState.WAITING] for standing in found)
    return (waiting and _answered(rollout)) or _stages(rollout, found, day)


def _of(rollout: Rollout) -> tuple[Edition, Standard]:
    """Return what a roll-out brings, and the standard it is an edition of."""
    row = db.session.execute(
        select(Edition, Standard)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(Edition.id == rollout.edition_id)
    ).one()
    return row.Edition, row.Standard


def _withdrawn(rollout: Rollout, edition: Edition) -> bool:
    """Pause where the edition was withdrawn meanwhile; say whether it was."""
    if edition.state is EditionState.WITHDRAWN:
        rollout.state = RolloutState.PAUSED
    return edition.state is EditionState.WITHDRAWN


def _due(rollout_id: int, size: int, day: date, only: Sequence[int] | None) -> list[int]:
    """Return the next centers in a fixed order, so that locks never cross."""
    wanted = true() if only is None else Delivery.center_id.in_(only)
    return list(
        db.session.scalars(
            select(Delivery.center_id)
            .where(
                Delivery.rollout_id == rollout_id,
                Delivery.state.in_(COMING),
                Delivery.due_on <= day,
                wanted,
            )
            .order_by(Delivery.stage, Delivery.center_id)
            .limit(size)
            .with_for_update()
        )
    )


def _batch(rollout: Rollout, due: Sequence[int]) -> int:
    """Move the centers whose day has come, or let them wait; return how many there were."""
    held = deliver.hold(rollout, due) if due else set()
    centers = [center for center in due if center not in held]
    if centers:
        deliver.adopt(rollout, centers)
    return len(due)


def _answered(rollout: Rollout) -> bool:
    """Let the centers go on whose city has answered; return whether there are any."""
    waiting = list(
        db.session.scalars(
            select(Delivery.center_id)
            .where(Delivery.rollout_id == rollout.id, Delivery.state == DeliveryState.WAITING)
            .with_for_update()
        )
    )
    free = set(waiting) - deliver.hold(rollout, waiting) if waiting else set()
    if free:
        db.session.execute(
            update(Delivery)
            .where(Delivery.rollout_id == rollout.id, Delivery.center_id.in_(free))
            .values(state=DeliveryState.ANNOUNCED)
        )
    return bool(free)


def _stages(rollout: Rollout, found: Sequence[gates.Standing], day: date) -> bool:
    """End stages that are over and open the next one; return whether there was a next one."""
    gates.close(found)
    standing, before = gates.next_up(found) or (None, None)
    if standing is None:
        return False
    missing = {obstacle.code for obstacle in gates.obstacles(standing, before, day)}
    if "approval" in missing and "before" not in missing:
        _ask_for_approval(rollout, standing)
    if missing:
        return False
    opened = gates.open_stage(rollout, standing.stage, day)
    deliver.hold(rollout, opened)
    due = gates.due_on(rollout, day)
    if due is None or due > day:
        deliver.tell_announced(rollout, opened, due=due)
    return True


def _ask_for_approval(rollout: Rollout, standing: gates.Standing) -> None:
    """Tell those who may approve a stage that it waits for them, once."""
    stage, page = standing.stage, f"/rollouts/{rollout.id}"
    asked = select(Notice.id).where(
        Notice.tenant_id == rollout.owner_id,
        Notice.code == "stage_waits",
        Notice.to == page,
        Notice.values["place"].as_integer() == stage.place,
    )
    if db.session.scalar(asked.limit(1)) is not None:
        return
    notices.tell(
        [rollout.owner_id],
        "stage_waits",
        values={**deliver.named(rollout), "place": stage.place},
        to=page,
        needs="rollout.run",
    )


def _give_up_on_next(
    run: Run, rollout_id: int, day: date, only: Sequence[int] | None, error: DBAPIError
) -> Sequence[int]:
    """Set the center that cannot be moved aside, with the reason, and go on with the others."""
    with run.step(reach=Reach.PUSH) as progress:
        find(rollout_id, lock=True)
        centers = _due(rollout_id, 1, day, only)
        db.session.execute(
            update(Delivery)
            .where(Delivery.rollout_id == rollout_id, Delivery.center_id.in_(centers))
            .values(
                state=DeliveryState.FAILED,
                error=jobs.failure(error),
                finished_at=func.now(),
            )
        )
        progress.done, progress.total = _counted(rollout_id)
        return centers


def _counted(rollout_id: int) -> tuple[int, int]:
    """Return how many centers are done with, and of how many."""
    done, total = db.session.execute(
        select(func.count().filter(Delivery.state.not_in(PENDING)), func.count()).where(
            Delivery.rollout_id == rollout_id
        )
    ).one()
    return done, total


def _finished(arguments: dict[str, Any], state: JobState, error: str | None) -> None:
    """Write where the roll-out stands with the end of its job."""
    rollout = find(arguments["rollout_id"], lock=True)
    if rollout.state not in GOING:
        return
    if (centers := arguments.get("only")) is not None:
        _fail_left(rollout, centers, error or say("rollout.stopped_again"))
        _end(rollout, RolloutState.CANCELLED)
    elif state is JobState.DONE:
        settle(rollout)
    else:
        ends = {JobState.CANCELLED: RolloutState.CANCELLED}
        _end(rollout, ends.get(state, RolloutState.FAILED))


def _fail_left(rollout: Rollout, centers: Sequence[int], why: str) -> None:
    """Set those that were tried again and not moved back to failed: nobody else comes for them."""
    db.session.execute(
        update(Delivery)
        .where(
            Delivery.rollout_id == rollout.id,
            Delivery.center_id.in_(centers),
            Delivery.state.in_(PENDING),
        )
        .values(state=DeliveryState.FAILED, error=why, finished_at=func.now())
    )


def settle(rollout: Rollout) -> None:
    """Write whether a roll-out waits, is done, or has failed somewhere."""
    found = gates.standings(rollout.id)
    failed = sum(standing.failed for standing in found)
    if not gates.over(found):
        rollout.state, rollout.finished_at = RolloutState.WAITING, None
    else:
        _end(rollout, RolloutState.FAILED if failed else RolloutState.DONE)


def _end(rollout: Rollout, state: RolloutState) -> None:
    rollout.state, rollout.finished_at = state, datetime.now(UTC)
    if state is RolloutState.CANCELLED:
        amendment_ahead.give_back(rollout)
    if state is RolloutState.FAILED:
        notices.tell(
            [rollout.owner_id],
            "rollout_failed",
            values=deliver.named(rollout),
            to=f"/rollouts/{rollout.id}",
            needs="rollout.run",
        )


jobs.ENDINGS[carry_out.name] = _finished


@clock.due("app.due_rollouts")
def go_on(rollout_id: int, *, day: date) -> None:
    """Go on with a roll-out for which something has fallen due, unless a job is at it."""
    rollout = find(rollout_id, lock=True)
    if rollout.state in (RolloutState.SCHEDULED, RolloutState.WAITING):
        queue(rollout, day=day.isoformat())


def queue(rollout: Rollout, **arguments: Any) -> None:
    """Hand a roll-out to a job, once the present transaction stands."""
    rollout.state, rollout.finished_at = RolloutState.QUEUED, None
    rollout.job_id = carry_out.later(rollout_id=rollout.id, **arguments)


def confined_to(rollout: Rollout) -> list[int] | None:
    """Return the only centers that the job at a stopped roll-out moves; None: there is no such."""
    if rollout.state not in BUSY or rollout.job_id is None:
        return None
    found: list[int] | None = jobs.find(rollout.job_id).arguments.get("only")
    return found
