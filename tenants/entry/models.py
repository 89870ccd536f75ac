"""Entries of departments and items, as stored: one row for each period in one state."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned


class EntryState(StrEnum):
    """How a department or an item stands to the center."""

    #: Handled in the hall: at a window, by proxy, in a branch hall or in a hall of its own.
    ENTERED = "entered"
    SUSPENDED = "suspended"
    #: On the negative list 进驻负面清单: allowed not to enter, with reason and approval.
    EXCLUDED = "excluded"
    LEFT = "left"


#: Offered, due, and neither entered nor on the negative list.
NOT_ENTERED = "not_entered"
STATES = [NOT_ENTERED, *(state.value for state in EntryState)]


class ChangeKind(StrEnum):
    """What a state that begins means, after the one before it."""

    ENTERED = "entered"
    ADJUSTED = "adjusted"
    RESUMED = "resumed"
    SUSPENDED = "suspended"
    LEFT = "left"
    EXCLUDED = "excluded"


class Mode(StrEnum):
    """How it is present; domain rules call these modes of presence."""

    RESIDENT = "resident"
    PROXY = "proxy"
    BRANCH = "branch"
    STANDALONE = "standalone"


class Entry(TenantOwned, Base):
    """A period in which a department or an item stands in one state; the last one is open."""

    __tablename__ = "entry"
    __table_args__ = (
        Index(
            "uq_entry_current",
            "tenant_id",
            "subject_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
            postgresql_include=["state", "mode"],
        ),
        Index("ix_entry_since", "tenant_id", "since"),
        ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["procedure_case.tenant_id", "procedure_case.id"]
        ),
        CheckConstraint("until IS NULL OR until >= since", name="in_order"),
        CheckConstraint("state <> 'excluded' OR reason <> ''", name="reason_given"),
    )

    object: Mapped[str]
    subject_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    state: Mapped[EntryState]
    mode: Mapped[Mode | None]
    since: Mapped[date]
    #: The day from which the next state holds; null while this one does.
    until: Mapped[date | None]
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(server_default="")
    #: Who decided, with number and date, as the case recorded it.
    approval: Mapped[str] = mapped_column(server_default="")
    #: Of a hall of its own: number and day of the government's approval, as on its paper.
    approval_number: Mapped[str] = mapped_column(server_default="")
    approved_on: Mapped[date | None]
    #: Where an adjustment has put a department into another class than the standard does.
    department_class: Mapped[str] = mapped_column(server_default="")
    #: The superior department 上级主管部门 as an adjustment has named it.
    superior: Mapped[str] = mapped_column(server_default="")


class EntryCount(Base):
    """How many items or departments of a center stand in a state, counted ahead for those above.

    By department and by type or class; counted anew some seconds after something changed.
    """

    __tablename__ = "entry_count"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(primary_key=True)
    #: The class of departments, the type of items.
    part: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class EntryTouched(Base):
    """That something changed at a center since its entries were counted: written by triggers.

    As long as there is a row for it, its figures are counted from what it has.
    """

    __tablename__ = "entry_touched"

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
