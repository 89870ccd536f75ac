"""The services of a center to its departments, as stored: a template, and a list for each."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned

#: What the lines of a list are sorted into.
CATEGORIES = (
    "room",
    "network",
    "power",
    "equipment",
    "window",
    "sign",
    "card",
    "account",
    "training",
    "other",
)


class SupportTemplate(TenantOwned, Base):
    """The list from which each department's begins; without a row the usual one is meant."""

    __tablename__ = "support_template"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    #: [{"category": "room", "name": "窗口工位", "required": true, "returnable": true}, …]
    lines: Mapped[list[Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1")


class SupportLine(TenantOwned, Base):
    """One thing that a department is provided with: agreed, provided, returned."""

    __tablename__ = "support_line"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provision_id", "name"),
        Index("ix_support_line_department_code", "tenant_id", "department_code"),
        CheckConstraint("returned_on >= provided_on", name="in_order"),
        CheckConstraint(
            "returned_on IS NULL OR provided_on IS NOT NULL", name="provided_before_returned"
        ),
    )

    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    department_code: Mapped[str]
    category: Mapped[str]
    name: Mapped[str]
    #: Needed before the department works in the hall.
    required: Mapped[bool]
    #: Goes back to the center when the department leaves.
    returnable: Mapped[bool]
    #: Whether the two have agreed on it; what is not agreed is not owed.
    agreed: Mapped[bool] = mapped_column(server_default="true")
    provided_on: Mapped[date | None]
    provided_by: Mapped[str] = mapped_column(server_default="")
    returned_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(server_default="")
    changed_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
    version: Mapped[int] = mapped_column(server_default="1")
