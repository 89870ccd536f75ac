"""Cases in course, as stored."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned


class CaseState(StrEnum):
    """Where a case stands."""

    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class StepState(StrEnum):
    """Where a step of a case stands; a step that is gone back to opens in a new round."""

    OPEN = "open"
    #: Waits for what was asked for; its clock stands still.
    SUSPENDED = "suspended"
    DONE = "done"
    SKIPPED = "skipped"
    #: Left without being done: sent back, or the case is over.
    LEFT = "left"


class Case(TenantOwned, Base):
    """One department or item on its way in, through a change or out, under one procedure.

    It runs to its end under the revision of the procedure that it began with.
    """

    __tablename__ = "procedure_case"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        Index(
            "uq_procedure_case_running",
            "tenant_id",
            "subject_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_procedure_case_state", "tenant_id", "state", "opened_on"),
        Index(
            "ix_procedure_case_campaign_id",
            "tenant_id",
            "campaign_id",
            postgresql_where=text("campaign_id IS NOT NULL"),
        ),
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaign.tenant_id", "campaign.id"]),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended"),
    )

    #: 2026-0001: counted in each center and year.
    number: Mapped[str]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    object: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(ForeignKey("provision.id"), index=True)
    subject_code: Mapped[str]
    subject_name: Mapped[str]
    department_code: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    #: What the case is to bring about: {"mode": "resident", "effective_on": "2026-12-01", …}.
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    state: Mapped[CaseState] = mapped_column(server_default=CaseState.RUNNING.value)
    campaign_id: Mapped[int | None] = mapped_column(BigInteger)
    opened_on: Mapped[date]
    opened_by: Mapped[int | None] = mapped_column(BigInteger, server_default=text("app.actor_id()"))
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")


class OfCase:
    """A row of a case."""

    case_id: Mapped[int] = mapped_column(BigInteger)


def _of_case(*more: Any) -> tuple[Any, ...]:
    case = ForeignKeyConstraint(
        ["tenant_id", "case_id"], ["procedure_case.tenant_id", "procedure_case.id"]
    )
    return (case, *more)


class CaseStep(OfCase, TenantOwned, Base):
    """A step of a case in one of its rounds, with its clock in working days."""

    __tablename__ = "case_step"
    __table_args__ = _of_case(
        UniqueConstraint("tenant_id", "case_id", "code", "round"),
        # What waits for somebody, and what the clock looks through.
        Index(
            "ix_case_step_open",
            "tenant_id",
            "due_on",
            postgresql_where=text("state IN ('open', 'suspended')"),
        ),
    )

    code: Mapped[str]
    name: Mapped[str]
    actor: Mapped[str]
    round: Mapped[int] = mapped_column(server_default="1")
    state: Mapped[StepState] = mapped_column(server_default=StepState.OPEN.value)
    opened_on: Mapped[date]
    limit: Mapped[int | None]
    #: Done by itself when its time is over.
    waits: Mapped[bool] = mapped_column(server_default="false")
    due_on: Mapped[date | None]
    warn_on: Mapped[date | None]
    #: The day from which it is overdue for so long that `escalate_to` is told; and when it was.
    escalate_on: Mapped[date | None]
    escalate_to: Mapped[str] = mapped_column(server_default="")
    escalated_on: Mapped[date | None]
    suspended_on: Mapped[date | None]
    #: When the clock stopped and went on before, two days for each time.
    pauses: Mapped[list[date]] = mapped_column(ARRAY(Date), server_default="{}")
    #: Told to those concerned: 0 not yet, 1 reminded, 2 said to be overdue, 3 told further up.
    told: Mapped[int] = mapped_column(server_default="0")
    #: The one person it was handed to; else everybody who may.
    assignee_id: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]


class CaseAct(OfCase, TenantOwned, Base):
    """What somebody did in a case: the trace 办理痕迹, which is only ever added to."""

    __tablename__ = "case_act"
    __table_args__ = _of_case(Index("ix_case_act_case_id", "tenant_id", "case_id", "id"))

    step_code: Mapped[str] = mapped_column(server_default="")
    #: Begun is no action of a step.
    action: Mapped[str]
    opinion: Mapped[str] = mapped_column(server_default="")
    #: The body outside the service whose decision is recorded here, with its date and number.
    on_behalf: Mapped[str] = mapped_column(server_default="")
    #: Whether the center did what is the department's to do.
    for_department: Mapped[bool] = mapped_column(server_default="false")
    #: The step that it was sent back to.
    target_code: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_id: Mapped[int | None] = mapped_column(BigInteger, server_default=text("app.actor_id()"))
    #: The name as it was then, also of somebody from another center.
    actor_name: Mapped[str] = mapped_column(server_default="")
