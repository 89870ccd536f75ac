"""Disclosures, as stored: added to, never changed, and themselves in the change log."""

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned


class Disclosure(TenantOwned, Base):
    """Somebody was shown personal data in full, of this record, for this reason."""

    __tablename__ = "disclosure"
    __table_args__ = (
        Index("ix_disclosure_record", "tenant_id", "record", "record_id"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    record: Mapped[str]
    record_id: Mapped[int] = mapped_column(BigInteger)
    #: The names of what was shown; never what it said.
    fields: Mapped[list[str]]
    reason: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
