"""The tree of centers, as stored.  Shared: a center's name and place are public."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Identity, Index, Integer, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base


class Level(StrEnum):
    """On which level of government a center stands."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Center(Base):
    """A government service center 政务服务中心.

    The key of a division is code and level: some codes stand both as a city and as a county.
    """

    __tablename__ = "center"
    __table_args__ = (
        UniqueConstraint("code", "level"),
        Index("ix_center_path", "path", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    level: Mapped[Level]
    name: Mapped[str]
    #: Pinyin of the name: the order of Chinese does not hang on a collation of the server.
    name_key: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("center.id"), index=True)
    #: From the province down to the center itself.
    path: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    #: A development zone runs a center without being a county.
    development_zone: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
