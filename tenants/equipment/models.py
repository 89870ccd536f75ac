"""Special equipment as stored: what stands in the center for a department or one of its items.

Nothing of it is deleted: what is taken away has a last day, so that it is known who brought what.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned

#: What equipment is sorted into.
KINDS = ("self_service", "printing", "capture", "reading", "network", "testing", "keeping", "other")


class Owner(StrEnum):
    """Whose it is."""

    DEPARTMENT = "department"
    CENTER = "center"


class Equipment(TenantOwned, Base):
    """A device, or several alike, of a department, perhaps for one of its items alone."""

    __tablename__ = "special_equipment"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "hall_id"], ["hall.tenant_id", "hall.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "window_id"], ["hall_window.tenant_id", "hall_window.id"]
        ),
        Index("ix_special_equipment_department_code", "tenant_id", "department_code"),
        Index(
            "uq_special_equipment_serial",
            "tenant_id",
            "department_code",
            "serial",
            unique=True,
            postgresql_where=text("serial <> '' AND until IS NULL"),
        ),
        CheckConstraint("quantity > 0", name="some"),
        CheckConstraint("until >= since", name="in_order"),
        CheckConstraint("hall_id IS NOT NULL OR window_id IS NULL", name="hall_of_window"),
    )

    #: The department, by its provision and code.
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    department_code: Mapped[str]
    #: The item it serves, where it serves one alone.
    item_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    kind: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int] = mapped_column(server_default="1")
    owner: Mapped[Owner]
    #: The number on the device, or the one under which it is kept as an asset.
    serial: Mapped[str] = mapped_column(server_default="")
    hall_id: Mapped[int | None] = mapped_column(BigInteger)
    window_id: Mapped[int | None] = mapped_column(BigInteger)
    #: Where it stands, in words.
    place: Mapped[str] = mapped_column(server_default="")
    since: Mapped[date]
    #: The day on which it was taken away.
    until: Mapped[date | None]
    remark: Mapped[str] = mapped_column(server_default="")
    changed_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
    version: Mapped[int] = mapped_column(server_default="1")
