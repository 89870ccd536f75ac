"""Publications and the objections to them, as stored.

A publication keeps what it said: later changes of the record do not change it.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned


class PublicationState(StrEnum):
    """Where a publication stands."""

    RUNNING = "running"
    #: Its days are over and the case went on.
    OVER = "over"
    #: The case went back or was given up.
    WITHDRAWN = "withdrawn"


class ObjectionState(StrEnum):
    """Where an objection stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    #: Not answered any more: what it was about has been withdrawn.
    LAPSED = "lapsed"


class Channel(StrEnum):
    """How an objection came."""

    #: By the form of the public page.
    PAGE = "page"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"


class Publication(TenantOwned, Base):
    """What a center plans, shown to everybody for some days 公布 before it is fixed."""

    __tablename__ = "publication"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["procedure_case.tenant_id", "procedure_case.id"]
        ),
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "case_id", "step_code", "round"),
        Index("ix_publication_state", "tenant_id", "state", "until_on"),
        CheckConstraint("until_on >= from_on", name="in_order"),
        CheckConstraint("(state = 'running') = (ended_on IS NULL)", name="ended"),
        CheckConstraint("state <> 'withdrawn' OR reason <> ''", name="reason_given"),
    )

    #: G2026-0001: counted in each center and year.
    number: Mapped[str]
    case_id: Mapped[int] = mapped_column(BigInteger)
    step_code: Mapped[str]
    round: Mapped[int]
    object: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    subject_code: Mapped[str]
    subject_name: Mapped[str]
    department_code: Mapped[str]
    department_name: Mapped[str]
    #: What is planned, and where to object: {"fields": {…}, "windows": […], "contact": {…}}.
    content: Mapped[dict[str, Any]]
    from_on: Mapped[date]
    #: The last day on which one can object.
    until_on: Mapped[date]
    state: Mapped[PublicationState] = mapped_column(server_default=PublicationState.RUNNING.value)
    ended_on: Mapped[date | None]
    #: Why it was withdrawn; the public reads it.
    reason: Mapped[str] = mapped_column(server_default="")


class Objection(TenantOwned, Base):
    """What somebody has against a publication 异议; who it is, only the center knows."""

    __tablename__ = "objection"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "publication_id"], ["publication.tenant_id", "publication.id"]
        ),
        UniqueConstraint("tenant_id", "number"),
        # Sent twice, it is there once.
        UniqueConstraint("tenant_id", "submission"),
        Index("ix_objection_publication_id", "tenant_id", "publication_id", "state"),
        Index("ix_objection_origin", "origin", "created_at"),
        Index("ix_objection_untold", "tenant_id", postgresql_where=text("NOT told")),
        CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed"),
        CheckConstraint("state NOT IN ('accepted', 'rejected') OR answer <> ''", name="answered"),
        CheckConstraint("(channel = 'page') = (received_by = '')", name="received"),
    )

    publication_id: Mapped[int] = mapped_column(BigInteger)
    #: G2026-0001-01: counted in each publication.
    number: Mapped[str]
    said: Mapped[str]
    #: Sealed; who objects and how to reach them.
    name: Mapped[str]
    contact: Mapped[str]
    #: Keyed hashes: of the code by which the answer is read, of the address it was sent from.
    code: Mapped[str]
    origin: Mapped[str]
    #: The number of the form that was sent.
    submission: Mapped[str]
    received_on: Mapped[date]
    channel: Mapped[Channel] = mapped_column(server_default=Channel.PAGE.value)
    #: Of one that did not come by the page: who of the center took it, and who wrote it down here.
    received_by: Mapped[str] = mapped_column(server_default="")
    recorded_by: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[ObjectionState] = mapped_column(server_default=ObjectionState.OPEN.value)
    #: The public reads it.
    answer: Mapped[str] = mapped_column(server_default="")
    closed_on: Mapped[date | None]
    answered_by: Mapped[int | None] = mapped_column(BigInteger)
    told: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int] = mapped_column(server_default="1")
