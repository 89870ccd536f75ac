"""Halls, zones and windows, and what is at which window since when, as stored.

Nothing of it is deleted: a hall or a window that is given up is closed on a day, an assignment
ends, so that it can be said of any day who stood where.
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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned

ACTOR = text("app.actor_id()")
OPEN = text("closed_on IS NULL")


class HallKind(StrEnum):
    """Whose hall it is."""

    MAIN = "main"
    #: 分厅, under the center.
    BRANCH = "branch"
    #: 单独设立的办事大厅: of a department, and watched over by the center all the same.
    STANDALONE = "standalone"


class WindowKind(StrEnum):
    """What a window takes in."""

    COMPREHENSIVE = "comprehensive"
    SPECIAL = "special"
    #: 进事不进人: the center takes in for departments without people here.
    PROXY = "proxy"
    DEPARTMENT = "department"


class DayKind(StrEnum):
    """What is different on a day."""

    CLOSED = "closed"
    HOURS = "hours"
    #: Nothing any more: what was said of the day before was taken back.
    USUAL = "usual"


class Assigned(StrEnum):
    """What can be at a window."""

    DEPARTMENT = "department"
    ITEM = "item"


class Hall(TenantOwned, Base):
    """A hall 大厅 with its address, its floors and the hours of its week."""

    __tablename__ = "hall"
    __table_args__ = (
        Index("uq_hall_name", "tenant_id", "name", unique=True, postgresql_where=OPEN),
        CheckConstraint("(kind = 'standalone') = (department_code <> '')", name="department_given"),
    )

    name: Mapped[str]
    name_key: Mapped[str]
    kind: Mapped[HallKind]
    #: The department whose hall it is.
    department_code: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    #: As signs name them, from below: ["1", "2"].
    floors: Mapped[list[str]]
    #: {"1": [["09:00", "12:00"], ["13:30", "17:00"]], …}, Monday is 1; a missing day is closed.
    weekly: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")


class OfHall:
    """A row of a hall."""

    hall_id: Mapped[int] = mapped_column(BigInteger)


def _of_hall(*more: Any) -> tuple[Any, ...]:
    return (ForeignKeyConstraint(["tenant_id", "hall_id"], ["hall.tenant_id", "hall.id"]), *more)


class HallDay(OfHall, TenantOwned, Base):
    """A day on which a hall is closed, or open at other hours, whatever its week says."""

    __tablename__ = "hall_day"
    __table_args__ = _of_hall(UniqueConstraint("tenant_id", "hall_id", "day"))

    day: Mapped[date]
    kind: Mapped[DayKind]
    hours: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    note: Mapped[str] = mapped_column(server_default="")


class Zone(OfHall, TenantOwned, Base):
    """A zone 区域 on a floor: a grid of places for windows."""

    __tablename__ = "hall_zone"
    __table_args__ = _of_hall(
        # What a window refers to: its zone is one of its hall.
        UniqueConstraint("tenant_id", "hall_id", "id"),
        Index(
            "uq_hall_zone_name", "tenant_id", "hall_id", "name", unique=True, postgresql_where=OPEN
        ),
        CheckConstraint("columns BETWEEN 1 AND 30 AND rows BETWEEN 1 AND 30", name="size"),
    )

    floor: Mapped[str]
    name: Mapped[str]
    columns: Mapped[int]
    rows: Mapped[int]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")


class Window(OfHall, TenantOwned, Base):
    """A window 窗口, known by its number; its place in a zone is given when it has one."""

    __tablename__ = "hall_window"
    __table_args__ = _of_hall(
        ForeignKeyConstraint(
            ["tenant_id", "hall_id", "zone_id"],
            ["hall_zone.tenant_id", "hall_zone.hall_id", "hall_zone.id"],
        ),
        Index(
            "uq_hall_window_number",
            "tenant_id",
            "hall_id",
            "number",
            unique=True,
            postgresql_where=OPEN,
        ),
        Index(
            "uq_hall_window_place",
            "tenant_id",
            "zone_id",
            "x",
            "y",
            unique=True,
            postgresql_where=OPEN,
        ),
        CheckConstraint(
            "(zone_id IS NULL) = (x IS NULL) AND (x IS NULL) = (y IS NULL)", name="placed"
        ),
    )

    number: Mapped[str]
    #: The number as people count: 2 before 10.
    number_key: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    name_initials: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[WindowKind]
    phone: Mapped[str] = mapped_column(server_default="")
    zone_id: Mapped[int | None] = mapped_column(BigInteger)
    x: Mapped[int | None]
    y: Mapped[int | None]
    #: Hours of its own; else those of the hall.
    weekly: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")


class Assignment(TenantOwned, Base):
    """A department or an item at a window, from its first day to before the day it ends."""

    __tablename__ = "window_assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "window_id"], ["hall_window.tenant_id", "hall_window.id"]
        ),
        Index(
            "uq_window_assignment_lasting",
            "tenant_id",
            "window_id",
            "provision_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
        # Where is this department, where is this item?
        Index("ix_window_assignment_code", "tenant_id", "object", "code"),
        Index("ix_window_assignment_provision_id", "tenant_id", "provision_id"),
        CheckConstraint("ends_on >= starts_on", name="order"),
    )

    window_id: Mapped[int] = mapped_column(BigInteger)
    object: Mapped[Assigned]
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    code: Mapped[str]
    #: As it was called then, for what is no longer offered.
    name: Mapped[str]
    department_code: Mapped[str]
    starts_on: Mapped[date]
    #: The first day on which it is no longer there.
    ends_on: Mapped[date | None]
    assigned_by: Mapped[int | None] = mapped_column(BigInteger, server_default=ACTOR)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
