"""Stages of a roll-out and the gates before them: what opens next, and what it still waits for.

A stage is over as soon as nobody holds it: everybody adopted, failed, was left out, has put it off
until a day of its own, or was only made an offer.  The clock asks the same of the whole country in
one statement: `app.due_rollouts` in the migrations, which must say what is said here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, select, update

from jinzhu.core.calendar import CHINA
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.standards.models import (
    Delivery,
    DeliveryState,
    Edition,
    Mode,
    Rollout,
    RolloutStage,
    StageState,
)
from jinzhu.standards.rollouts.rollout_base import PENDING, PLANNED, counted, counts

#: States in which a center keeps its stage from being over, where there is a day for it.
_HOLDING = (DeliveryState.ANNOUNCED, DeliveryState.ACCEPTED, DeliveryState.WAITING)


_COUNT = func.count(Delivery.center_id)
#: The stages of a roll-out with what became of their centers, put together once.
_STANDINGS = (
    select(
        RolloutStage,
        *counted(),
        _COUNT.label("total"),
        _COUNT.filter(Delivery.state.in_(_HOLDING), Delivery.due_on.is_not(None)).label("holding"),
        func.coalesce(func.sum(Delivery.conflicts), 0).label("conflicts"),
    )
    .select_from(RolloutStage)
    .outerjoin(
        Delivery,
        and_(
            Delivery.rollout_id == RolloutStage.rollout_id,
            Delivery.stage == RolloutStage.place,
        ),
    )
    .where(RolloutStage.rollout_id == bindparam("rollout"))
    .group_by(RolloutStage.rollout_id, RolloutStage.place)
    .order_by(RolloutStage.place)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage with what became of its centers."""

    stage: RolloutStage
    counts: Mapping[str, int]
    total: int
    holding: int
    conflicts: int

    @property
    def failed(self) -> int:
        """Return how many centers failed."""
        return self.counts[DeliveryState.FAILED]

    @property
    def went_back(self) -> bool:
        """Say whether its centers were rolled back and none has stayed."""
        stayed = self.counts[DeliveryState.ADOPTED] + self.counts[DeliveryState.UNCHANGED]
        return self.counts[DeliveryState.ROLLED_BACK] > 0 and not stayed


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that a closed gate waits for, with what its sentence is made of."""

    code: str
    values: Mapping[str, Any]

    def said(self) -> str:
        """Return it in words."""
        return say(f"rollout.waits.{self.code}", **self.values)


def standings(rollout_id: int) -> list[Standing]:
    """Return the stages of a roll-out in their order."""
    rows = db.session.execute(_STANDINGS, {"rollout": rollout_id}).all()
    return [
        Standing(
            row.RolloutStage,
            counts(row),
            row.total,
            row.holding,
            row.conflicts,
        )
        for row in rows
    ]


def opens_on(standing: Standing, before: Standing | None) -> date | None:
    """Return the first day on which the wait before a stage is over, once it can be told."""
    wait = standing.stage.gate.get("wait_days") or 0
    if before is None or before.stage.finished_at is None:
        return None
    return before.stage.finished_at.astimezone(CHINA).date() + timedelta(days=wait)


def obstacles(standing: Standing, before: Standing | None, day: date) -> list[Obstacle]:
    """Return what a stage that is not open waits for; nothing: it may open."""
    found = []
    if before and before.stage.state is not StageState.DONE:
        found.append(Obstacle("before", {"left": before.holding or before.total}))
    opens = opens_on(standing, before)
    if opens and opens > day:
        found.append(Obstacle("day", {"day": opens.isoformat()}))
    if before and before.went_back:
        found.append(Obstacle("went_back", {"centers": before.counts[DeliveryState.ROLLED_BACK]}))
    most = standing.stage.gate.get("max_failed_percent")
    if before and most is not None and before.failed * 100 > most * before.total:
        share = f"{before.failed * 100 / before.total:.1f}".removesuffix(".0")
        values = {"failed": before.failed, "total": before.total, "share": share, "most": most}
        found.append(Obstacle("failures", values))
    if standing.stage.gate.get("approval") and standing.stage.approved_at is None:
        found.append(Obstacle("approval", {}))
    return found


def next_up(found: Sequence[Standing]) -> tuple[Standing, Standing | None] | None:
    """Return the first stage that is not open yet, with the one before it."""
    for place, standing in enumerate(found):
        if standing.stage.state is StageState.WAITING:
            return standing, found[place - 1] if place else None
    return None


def over(found: Sequence[Standing]) -> bool:
    """Say whether nobody's turn is still to come."""
    left = sum(standing.counts[state] for standing in found for state in (PLANNED, *PENDING))
    return left == 0 and all(standing.stage.state is StageState.DONE for standing in found)


def close(found: Sequence[Standing]) -> list[Standing]:
    """End the open stages that nobody holds; return them."""
    ended = [
        standing
        for standing in found
        if standing.stage.state is StageState.OPEN and standing.holding == 0
    ]
    for standing in ended:
        standing.stage.state = StageState.DONE
        standing.stage.finished_at = datetime.now(UTC)
    return ended


def open_stage(rollout: Rollout, stage: RolloutStage, day: date) -> list[int]:
    """Announce the edition to the centers of a stage; return them."""
    now = datetime.now(UTC)
    stage.state, stage.opened_at = StageState.OPEN, now
    opened = db.session.scalars(
        update(Delivery)
        .where(
            Delivery.rollout_id == rollout.id,
            Delivery.stage == stage.place,
            Delivery.state == DeliveryState.ANNOUNCED,
            Delivery.announced_at.is_(None),
        )
        .values(announced_at=now, due_on=due_on(rollout, day))
        .returning(Delivery.center_id)
    )
    return sorted(opened)


def due_on(rollout: Rollout, day: date) -> date | None:
    """Return when a center adopts what it is told on a day; None: when it wants to.

    An edition is adopted on the day from which it is in force, never before.
    """
    if rollout.mode is Mode.ON_OFFER:
        return None
    return max(day + timedelta(days=rollout.notice_days), in_force(rollout, day))


def in_force(rollout: Rollout, day: date) -> date:
    """Return the first day, from this one on, on which the edition may be adopted."""
    edition = db.session.get_one(Edition, rollout.edition_id)
    return max(day, edition.effective_on or day)
