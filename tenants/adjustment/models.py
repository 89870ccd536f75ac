"""Adjustments of items, as stored: planned, carried out on their day, or given up before."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned


class Change(StrEnum):
    """What becomes of an item."""

    #: 依据调整: it stays, on another legal basis.
    NEW_LAW = "new_law"
    MERGED = "merged"
    SPLIT = "split"
    HANDED_DOWN = "handed_down"
    TAKEN_UP = "taken_up"
    CANCELLED = "cancelled"
    #: The standard has given it up, and the center lets it go.
    DROPPED = "dropped"
    #: The standard has given it up, and the center goes on with it as its own.
    KEPT = "kept"


#: What a case of this kind may bring about.
OF_CASE = {
    "adjustment": (Change.NEW_LAW,),
    "exit": (
        Change.MERGED,
        Change.SPLIT,
        Change.HANDED_DOWN,
        Change.TAKEN_UP,
        Change.CANCELLED,
    ),
}
#: How many items take the place of one: at least, at most.
SUCCESSORS = {Change.MERGED: (1, 1), Change.SPLIT: (2, 20)}
#: Goes on at another center.
ELSEWHERE = (Change.HANDED_DOWN, Change.TAKEN_UP)


class AdjustmentState(StrEnum):
    """Where an adjustment stands."""

    PLANNED = "planned"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Adjustment(TenantOwned, Base):
    """What becomes of an item on a day, as a case decided."""

    __tablename__ = "adjustment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["procedure_case.tenant_id", "procedure_case.id"]
        ),
        Index(
            "uq_adjustment_planned",
            "tenant_id",
            "subject_id",
            unique=True,
            postgresql_where=text("state = 'planned'"),
        ),
        Index("ix_adjustment_subject_id", "tenant_id", "subject_id"),
        Index("ix_adjustment_successors", "successors", postgresql_using="gin"),
        CheckConstraint("basis <> ''", name="basis_given"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
    )

    case_id: Mapped[int | None] = mapped_column(BigInteger)
    subject_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    code: Mapped[str]
    name: Mapped[str]
    department_code: Mapped[str]
    change: Mapped[Change]
    #: The document that says so, with its number.
    basis: Mapped[str]
    effective_on: Mapped[date]
    #: The provisions that take its place.
    successors: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    #: Where it goes on, in words: a center of another level need not be one of ours.
    to_center: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    state: Mapped[AdjustmentState] = mapped_column(server_default=AdjustmentState.PLANNED.value)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawal: Mapped[str] = mapped_column(server_default="")
