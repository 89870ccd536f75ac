"""Standards, their editions and roll-outs, as stored.

Shared tables: each row has an owner center, which alone writes it; the centers below read what
is published.  Only `adoption` and `conflict` belong to the center that receives.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import OWN_CENTER, Base, TenantOwned

EMPTY = text("'{}'::jsonb")


class EditionState(StrEnum):
    """Where an edition stands in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"


class RolloutState(StrEnum):
    """Where a roll-out stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """What became of an edition at one center."""

    ANNOUNCED = "announced"
    ADOPTED = "adopted"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class ConflictState(StrEnum):
    """Whether the center has answered."""

    OPEN = "open"
    SETTLED = "settled"


class Resolution(StrEnum):
    """How a conflict ended."""

    STANDARD = "standard"
    KEEP = "keep"
    #: A later edition allows the value again, or no longer knows the provision.
    LIFTED = "lifted"


class Claim(StrEnum):
    """A center's answer to a duty 认领."""

    OFFERED = "offered"
    NOT_OFFERED = "not_offered"
    COVERED_BY = "covered_by"


class Owned:
    """A shared row that one center owns."""

    owner_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"), index=True, server_default=OWN_CENTER
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )


class Standard(Owned, Base):
    """A named body of rules 标准 with one owner."""

    __tablename__ = "standard"
    __table_args__ = (UniqueConstraint("owner_id", "code"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]


class Provision(Owned, Base):
    """One thing in a standard 条目, known for ever by its kind and code."""

    __tablename__ = "provision"
    __table_args__ = (UniqueConstraint("standard_id", "kind", "code"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    kind: Mapped[str]
    code: Mapped[str]


class Revision(Owned, Base):
    """The content of a provision, with a rule for each field.  Never changed once written."""

    __tablename__ = "revision"
    __table_args__ = (
        Index("ix_revision_provision_id", "provision_id"),
        # A list filters, orders and counts without reading the contents.
        Index(
            "ix_revision_listed",
            "id",
            postgresql_include=["owner_id", "kind", "item_type", "department_code", "name_key"],
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    content: Mapped[dict[str, Any]]
    rules: Mapped[dict[str, Any]]
    applies: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    # What lists filter and order by, taken out of the content when the revision is written.
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    name_initials: Mapped[str]
    item_type: Mapped[str] = mapped_column(server_default="")
    department_code: Mapped[str] = mapped_column(server_default="")
    levels: Mapped[list[str]]
    required_fields: Mapped[list[str]] = mapped_column(server_default="{}")


class Edition(Owned, Base):
    """A numbered set of revisions 版次: what is published, pushed and compared."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("standard_id", "number"),
        Index(
            "uq_edition_one_draft",
            "standard_id",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    number: Mapped[int | None]
    title: Mapped[str]
    state: Mapped[EditionState] = mapped_column(server_default=EditionState.DRAFT.value)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    effective_on: Mapped[date | None]
    content_hash: Mapped[str | None]
    entries: Mapped[int] = mapped_column(server_default="0")
    changes: Mapped[int] = mapped_column(server_default="0")
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(server_default="1")


class EditionEntry(Base):
    """Which revision of a provision stands in an edition."""

    __tablename__ = "edition_entry"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("center.id"), server_default=OWN_CENTER)


class DraftEntry(Owned, Base):
    """A provision as it stands in a draft, where that differs from the edition below it."""

    __tablename__ = "draft_entry"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    rules: Mapped[dict[str, Any]]
    applies: Mapped[dict[str, Any]]
    removed: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int] = mapped_column(server_default="1")
    updated_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )


class Rollout(Owned, Base):
    """An edition on its way to centers 下发."""

    __tablename__ = "rollout"
    __table_args__ = (
        Index(
            "uq_rollout_one_running",
            "standard_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    mode: Mapped[str] = mapped_column(server_default="at_once")
    reason: Mapped[str] = mapped_column(server_default="")
    state: Mapped[RolloutState] = mapped_column(server_default=RolloutState.QUEUED.value)
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    finished_at: Mapped[datetime | None]


class Delivery(Base):
    """What became of a roll-out at one center."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_center_id", "center_id", "finished_at"),)

    rollout_id: Mapped[int] = mapped_column(ForeignKey("rollout.id"), primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("center.id"), server_default=OWN_CENTER)
    state: Mapped[DeliveryState] = mapped_column(server_default=DeliveryState.ANNOUNCED.value)
    conflicts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    finished_at: Mapped[datetime | None]


class Adoption(TenantOwned, Base):
    """The edition of a standard that a center is on: the pointer a push moves."""

    __tablename__ = "adoption"
    __table_args__ = (UniqueConstraint("tenant_id", "standard_id"),)

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    rollout_id: Mapped[int | None] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(server_default=func.now())


class Conflict(TenantOwned, Base):
    """A local value that a new edition no longer allows, waiting for the center's answer."""

    __tablename__ = "conflict"
    __table_args__ = (
        Index(
            "uq_conflict_open",
            "tenant_id",
            "provision_id",
            "field",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_conflict_provision_id", "tenant_id", "provision_id"),
    )

    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    kind: Mapped[str]
    field: Mapped[str]
    rule: Mapped[str]
    local_value: Mapped[Any] = mapped_column(JSONB)
    bound: Mapped[Any] = mapped_column(JSONB)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    state: Mapped[ConflictState] = mapped_column(server_default=ConflictState.OPEN.value)
    resolution: Mapped[Resolution | None]
    settled_value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    reason: Mapped[str] = mapped_column(server_default="")
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    settled_at: Mapped[datetime | None]


#: What a list filters and joins by stands in the index, so that counting reads no rows.
LISTED = ["id", "standard_id", "claim"]


class Claimed:
    """The columns of a center's own row on a provision: its answer and its local values.

    `local` holds only what the center says itself; `held` names the local values that the edition
    in force does not allow, which stay beside the record until the center answers.
    """

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    claim: Mapped[Claim]
    reason: Mapped[str] = mapped_column(server_default="")
    covered_by_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    local: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    #: For each local value {"edition": id, "at": time}: under which edition it was set, and when.
    set_under: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    held: Mapped[list[str]] = mapped_column(server_default="{}")
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
