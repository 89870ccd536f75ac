"""What every part of a roll-out begins with: finding it, and why it may be refused."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select

from jinzhu.core.db import db
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.editions import editions
from jinzhu.standards.models import (
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Rollout,
    RolloutState,
    Standard,
)
from jinzhu.standards.ownership import check_may_write, whose

#: Whose turn is still to come.
PENDING = (
    DeliveryState.ANNOUNCED,
    DeliveryState.ACCEPTED,
    DeliveryState.POSTPONED,
    DeliveryState.WAITING,
)
#: Adopted on its day without anybody doing anything.
COMING = (DeliveryState.ANNOUNCED, DeliveryState.ACCEPTED, DeliveryState.POSTPONED)
#: Counted apart: announced to nobody yet, because the stage has not opened.
PLANNED = "planned"
#: In the hands of a job.
BUSY = (RolloutState.QUEUED, RolloutState.RUNNING)
#: A job goes on with it.
GOING = (*BUSY, RolloutState.WAITING)


class RolloutRunning(Conflict):
    """One roll-out of a standard at a time, and one act on it at a time."""

    code = "rollout_running"


class StageNotWaiting(Conflict):
    """A stage is approved once, in its turn, where its gate asks for it."""

    code = "stage_not_waiting"


class RolloutScheduled(Conflict):
    """Its day has not come."""

    code = "rollout_scheduled"


class RolloutPaused(Conflict):
    """A paused roll-out changes nothing anywhere."""

    code = "rollout_paused"


class RolloutOver(Conflict):
    """It has come to its end, and is not taken up again."""

    code = "rollout_over"


class RolloutOvertaken(Conflict):
    """A later roll-out of the standard has begun; this one would take centers back."""

    code = "rollout_overtaken"


class NotPublished(Conflict):
    """Only what is published can be pushed."""

    code = "not_published"


class EditionWithdrawn(Conflict):
    """What was withdrawn reaches nobody any more."""

    code = "edition_withdrawn"


def find(rollout_id: int, *, lock: bool = False) -> Rollout:
    """Return a roll-out of the own center."""
    statement = select(Rollout).where(
        Rollout.id == rollout_id, Rollout.owner_id == current().tenant_id
    )
    rollout = db.session.scalar(
        statement.with_for_update().execution_options(populate_existing=True) if lock else statement
    )
    if rollout is None:
        raise NotFound(id=rollout_id)
    return rollout


def told(rollout: Rollout) -> dict[str, Any]:
    """Return what a refusal says of a roll-out: of what, whose it is, and whom to ask."""
    edition = db.session.get_one(Edition, rollout.edition_id)
    standard = db.session.get_one(Standard, rollout.standard_id)
    return {"rollout_id": rollout.id, **whose(standard, edition.number)}


def to_act_on(rollout_id: int) -> Rollout:
    """Return a roll-out, locked, of a standard that the present post may write."""
    rollout = find(rollout_id, lock=True)
    check_may_write(db.session.get_one(Standard, rollout.standard_id))
    return rollout


def published(edition_id: int) -> Edition:
    """Return a published edition that the own center owns."""
    edition = editions.find(edition_id)
    if edition.owner_id != current().tenant_id:
        raise NotFound(id=edition_id)
    check_may_write(db.session.get_one(Standard, edition.standard_id))
    if edition.state is EditionState.WITHDRAWN:
        standard = db.session.get_one(Standard, edition.standard_id)
        raise EditionWithdrawn(**whose(standard, edition.number))
    if edition.state is not EditionState.PUBLISHED:
        raise NotPublished
    return edition


def counted() -> list[ColumnElement[int]]:
    """Return the columns that count deliveries by state."""
    count = func.count(Delivery.center_id)
    announced = Delivery.announced_at.is_not(None)
    columns = [
        count.filter(Delivery.state == state).label(state.value)
        for state in DeliveryState
        if state is not DeliveryState.ANNOUNCED
    ]
    waiting = Delivery.state == DeliveryState.ANNOUNCED
    return [
        *columns,
        count.filter(waiting, announced).label(DeliveryState.ANNOUNCED.value),
        count.filter(waiting, ~announced).label(PLANNED),
    ]


def counts(row: Any) -> Mapping[str, int]:
    """Return what `counted` found, by state."""
    return {
        name: getattr(row, name) for name in (PLANNED, *(state.value for state in DeliveryState))
    }
