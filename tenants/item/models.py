"""A center's items, as stored, and the handling steps that their departments have confirmed."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned
from jinzhu.standards.models import LISTED, Claimed


class Item(TenantOwned, Claimed, Base):
    """A service item 事项 of this center: its claim on a provision and its local values."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provision_id", postgresql_include=LISTED),
        # What a superior looks up: who of all centers offers this.
        Index(
            "ix_item_provision_id",
            "provision_id",
            "tenant_id",
            postgresql_where=text("claim = 'offered'"),
        ),
        CheckConstraint("claim <> 'not_offered' OR reason <> ''", name="reason_given"),
        CheckConstraint(
            "(claim = 'covered_by') = (covered_by_id IS NOT NULL)", name="covered_by_given"
        ),
        {"info": {"kind": "item"}},
    )


class HandlingConfirmation(TenantOwned, Base):
    """The department confirms the handling procedure 办理程序 as it is: the newest one counts."""

    __tablename__ = "handling_confirmation"
    __table_args__ = (
        Index("ix_handling_confirmation_provision_id", "tenant_id", "provision_id", "id"),
    )

    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    #: The steps that were confirmed; others in force since then have to be confirmed anew.
    steps: Mapped[list[Any]] = mapped_column(JSONB)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    confirmed_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
