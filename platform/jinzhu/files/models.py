"""Files, as stored: one row for each content in a center, whatever refers to it."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned


class StoredFile(TenantOwned, Base):
    """A content that was checked when it came, and is never changed.

    What it is called belongs to what refers to it: the same content may be there under two names.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sha256"),
        CheckConstraint("size = octet_length(content)", name="whole"),
    )

    sha256: Mapped[str]
    #: The media type, found in the content and not in the name.
    type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)
