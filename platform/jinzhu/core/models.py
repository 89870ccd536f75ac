"""Background work, as stored: the outbox, and what the page shows of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import OWN_CENTER, Base


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobRow(Base):
    """A job that a center asked for.

    Written in the transaction that wants it, so that it exists exactly if that one commits.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_waiting", "state", postgresql_where=text("state IN ('queued', 'running')")),
    )

    tenant_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, server_default=OWN_CENTER
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    name: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(server_default=JobState.QUEUED.value)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    attempts: Mapped[int] = mapped_column(server_default="0")
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    cancel_requested: Mapped[bool] = mapped_column(server_default="false")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
