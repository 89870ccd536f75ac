"""A province's own days, as stored.  Shared: those below read them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import OWN_CENTER, Base


class OwnDay(Base):
    """A day on which a center and all below it work, or do not, whatever the public calendar."""

    __tablename__ = "own_day"
    __table_args__ = (UniqueConstraint("owner_id", "day"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("center.id"), server_default=OWN_CENTER)
    day: Mapped[date]
    working: Mapped[bool]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
