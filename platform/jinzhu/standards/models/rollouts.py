"""Roll-outs, as stored: an edition on its way, its stages, and what became of it at each center."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import OWN_CENTER, Base
from jinzhu.standards.models.standards import EMPTY, Owned


class Mode(StrEnum):
    """How much say the centers have."""

    AT_ONCE = "at_once"
    WITH_NOTICE = "with_notice"
    ON_OFFER = "on_offer"


class RolloutState(StrEnum):
    """Where a roll-out stands."""

    #: Its day has not come.
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    RUNNING = "running"
    #: At a gate, or for the centers: their notice runs, their offer is open, a city has to answer.
    WAITING = "waiting"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: A standard has one roll-out in these states at a time.
OPEN_STATES = (
    RolloutState.SCHEDULED,
    RolloutState.QUEUED,
    RolloutState.RUNNING,
    RolloutState.WAITING,
    RolloutState.PAUSED,
)


class StageState(StrEnum):
    """Where a stage stands."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"


class DeliveryState(StrEnum):
    """What became of an edition at one center."""

    ANNOUNCED = "announced"
    #: Taken, for the day on which the notice ends.
    ACCEPTED = "accepted"
    #: Put off by the center until a day.
    POSTPONED = "postponed"
    #: An offer that the center does not take.
    DECLINED = "declined"
    #: The city has to say what becomes of its amendment first.
    WAITING = "waiting"
    EXEMPT = "exempt"
    ADOPTED = "adopted"
    UNCHANGED = "unchanged"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


class Rollout(Owned, Base):
    """An edition on its way to centers 下发."""

    __tablename__ = "rollout"
    __table_args__ = (
        Index(
            "uq_rollout_one_running",
            "standard_id",
            unique=True,
            postgresql_where=text(
                "state IN ('scheduled', 'queued', 'running', 'waiting', 'paused')"
            ),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    mode: Mapped[Mode] = mapped_column(server_default=Mode.AT_ONCE.value)
    reason: Mapped[str] = mapped_column(server_default="")
    state: Mapped[RolloutState] = mapped_column(server_default=RolloutState.QUEUED.value)
    #: The first day on which anything happens; null: at once.
    starts_on: Mapped[date | None]
    #: With notice: the days between the announcement to a center and its adoption.
    notice_days: Mapped[int] = mapped_column(server_default="0")
    #: The last day to which a center may put it off; null: it may not.
    deadline: Mapped[date | None]
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")


class RolloutStage(Base):
    """Some of the centers of a roll-out, and the gate before them."""

    __tablename__ = "rollout_stage"

    rollout_id: Mapped[int] = mapped_column(ForeignKey("rollout.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("center.id"), server_default=OWN_CENTER)
    name: Mapped[str]
    #: Who was asked for: {"all": true} or any of {"centers", "cities", "labels", "levels"}.
    chosen: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    #: Before the stage opens: {"approval": bool, "wait_days": n, "max_failed_percent": n}.
    gate: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    state: Mapped[StageState] = mapped_column(server_default=StageState.WAITING.value)
    opened_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(server_default="")


class Delivery(Base):
    """What became of a roll-out at one center."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_center_id", "center_id", "finished_at"),)

    rollout_id: Mapped[int] = mapped_column(ForeignKey("rollout.id"), primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("center.id"), server_default=OWN_CENTER)
    stage: Mapped[int] = mapped_column(server_default="1")
    state: Mapped[DeliveryState] = mapped_column(server_default=DeliveryState.ANNOUNCED.value)
    #: What the center was on before; what a rollback takes it to.
    from_edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: The edition of its city's amendment that it was on before, which the way back restores too.
    from_amendment_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: Local values that the edition no longer allows, found as it was adopted.
    conflicts: Mapped[int] = mapped_column(server_default="0")
    #: The day on which it is adopted without anybody doing anything.
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(server_default="")
    error: Mapped[str | None]
    announced_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(BigInteger)
    finished_at: Mapped[datetime | None]
