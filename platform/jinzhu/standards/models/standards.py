"""Standards and their editions, as stored.

Shared tables: each row has an owner center, which alone writes it; the centers below read what
is published.  What a roll-out keeps is in `rollouts`, what a center keeps in `local`.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import OWN_CENTER, Base

EMPTY = text("'{}'::jsonb")


class Nature(StrEnum):
    """What a standard is to the centers it reaches."""

    GENERAL = "general"
    #: A middle level's layer on a standard from above: only fields, only tighter.
    AMENDMENT = "amendment"
    #: The standard of a superior department: binds the departments of its line alone.
    LINE = "line"
    #: What a center offers that no standard knows.
    OWN = "own"


class EditionState(StrEnum):
    """Where an edition stands in its life."""

    DRAFT = "draft"
    #: Handed in: frozen until somebody else has looked at it.
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ReviewAct(StrEnum):
    """What was done on the way to an approval, and to the rule that there must be one."""

    REQUIRED = "required"
    NOT_REQUIRED = "not_required"
    LIFT_ASKED = "lift_asked"
    LIFT_DROPPED = "lift_dropped"
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    RETURNED = "returned"
    APPROVED = "approved"


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
    __table_args__ = (
        UniqueConstraint("owner_id", "code"),
        UniqueConstraint("owner_id", "amends_id"),
        CheckConstraint("(nature = 'amendment') = (amends_id IS NOT NULL)", name="amends_given"),
        CheckConstraint("(nature = 'line') = (line <> '')", name="line_given"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    nature: Mapped[Nature] = mapped_column(server_default=Nature.GENERAL.value)
    #: Of an amendment: the standard from above that it makes tighter.
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("standard.id"))
    #: Of a line standard: the code of the department whose line it binds.
    line: Mapped[str] = mapped_column(server_default="")
    #: Whether an edition is published only after somebody else has approved it.
    reviewed: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int] = mapped_column(server_default="1")


class Provision(Owned, Base):
    """One thing in a standard 条目, known for ever by its kind and code."""

    __tablename__ = "provision"
    __table_args__ = (UniqueConstraint("standard_id", "kind", "code"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    kind: Mapped[str]
    code: Mapped[str]


class Prepared:
    """What lists filter, order and check by, taken out of a content when that is written."""

    content_hash: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    name_initials: Mapped[str]
    item_type: Mapped[str] = mapped_column(server_default="")
    department_code: Mapped[str] = mapped_column(server_default="")
    #: The item above this one: by its code, or by a name alone.
    main_code: Mapped[str] = mapped_column(server_default="")
    main_item: Mapped[str] = mapped_column(server_default="")
    levels: Mapped[list[str]]
    #: Centers with everything below them; empty: no matter where.
    regions: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    #: Labels of centers; empty: with or without.
    labels: Mapped[list[str]] = mapped_column(server_default="{}")
    required_fields: Mapped[list[str]] = mapped_column(server_default="{}")


class Revision(Owned, Prepared, Base):
    """The content of a provision, with a rule for each field.  Never changed once written.

    Of an amendment it holds the amended fields alone.  One with `layers` was put together from
    others: a standard's with a city's amendment, or with what a center has postponed.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("provision_id", "id"),
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
    #: {"base": revision, "amendment": revision} or {"base": revision, "pins": {field: revision}}.
    layers: Mapped[dict[str, Any] | None]
    #: Of each field that a lower level may set: its rule and, where there is one, its bound.
    #: A trigger writes what `app.bounds` says where the writer does not bring it along.
    bounds: Mapped[dict[str, Any]]
    kind: Mapped[str]
    code: Mapped[str]


class Edition(Owned, Base):
    """A numbered set of revisions 版次: what is published, pushed and compared."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("standard_id", "number"),
        Index(
            "uq_edition_one_draft",
            "standard_id",
            unique=True,
            postgresql_where=text("number IS NULL AND for_rollout_id IS NULL"),
        ),
        CheckConstraint(
            "(state IN ('draft', 'review', 'approved')) = (number IS NULL)", name="numbered"
        ),
        CheckConstraint("approved_by <> submitted_by", name="approved_by_another"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    number: Mapped[int | None]
    title: Mapped[str]
    state: Mapped[EditionState] = mapped_column(server_default=EditionState.DRAFT.value)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: Of an amendment: the edition from above that it was checked against.
    against_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: Of an amendment: the roll-out from above for which it takes the place of its base.
    for_rollout_id: Mapped[int | None] = mapped_column(BigInteger)
    effective_on: Mapped[date | None]
    content_hash: Mapped[str | None]
    entries: Mapped[int] = mapped_column(server_default="0")
    changes: Mapped[int] = mapped_column(server_default="0")
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(BigInteger)
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(BigInteger)
    #: The hash of what was approved; what is published must have the same.
    approved_hash: Mapped[str | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawal_reason: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default="1")

    @classmethod
    def in_work(cls) -> ColumnElement[bool]:
        """Return the condition for those not published yet: drafts, in review and approved."""
        return cls.number.is_(None)


class ReviewEvent(Owned, Base):
    """A step of an edition towards its publication, or a change of the rule; never changed."""

    __tablename__ = "review_event"
    __table_args__ = (Index("ix_review_event_standard_id", "standard_id", "edition_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    #: Of the rule of a standard: none.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    act: Mapped[ReviewAct]
    note: Mapped[str] = mapped_column(server_default="")


class EditionEntry(Base):
    """Which revision of a provision stands in an edition.

    That edition and entry have the same owner, and that the revision is one of the provision, a
    trigger checks once for all that is written.
    """

    __tablename__ = "edition_entry"

    edition_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    provision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    owner_id: Mapped[int] = mapped_column(server_default=OWN_CENTER)


class Merged(Owned, Base):
    """A standard's edition with an edition of an amendment on top, for the centers of a city."""

    __tablename__ = "merged"
    __table_args__ = (UniqueConstraint("edition_id", "amendment_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    amendment_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))


class MergedEntry(Base):
    """The revision of an amended provision; all others stand as in the edition itself."""

    __tablename__ = "merged_entry"

    merged_id: Mapped[int] = mapped_column(ForeignKey("merged.id"), primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("center.id"))


class DraftEntry(Owned, Prepared, Base):
    """A provision as it stands in a draft, where that differs from the edition below it.

    Everything a revision needs is there from the moment it is written, so that a publication
    copies rows and computes nothing.
    """

    __tablename__ = "draft_entry"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    rules: Mapped[dict[str, Any]]
    applies: Mapped[dict[str, Any]]
    bounds: Mapped[dict[str, Any]] = mapped_column(
        JSONB, Computed("app.bounds(content, rules)", persisted=True)
    )
    removed: Mapped[bool] = mapped_column(server_default="false")
    #: Which description of the kinds found nothing wrong with it; '' where none did.
    checked: Mapped[str] = mapped_column(server_default="")
    #: The center whose practice this is, where it was proposed: {"center_id", "center", …}.
    source: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )


class CenterLabel(Owned, Base):
    """A label that a superior puts on a center below it: pilot, mountain county, …"""

    __tablename__ = "center_label"
    __table_args__ = (
        UniqueConstraint("owner_id", "label", "center_id"),
        Index("ix_center_label_center_id", "center_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    label: Mapped[str]


class Collision(Owned, Base):
    """Two standards that say something of the same thing; their owners settle which one governs.

    Owned by the upper one.  As soon as both sides have chosen alike, the other provision yields:
    it is no duty and binds nobody.
    """

    __tablename__ = "collision"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("ix_collision_yielding_id", "yielding_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    code: Mapped[str]
    first_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    first_standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    second_standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    second_owner_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    #: The provision that each side would have govern, with its reason: {"governs", "reason", …}.
    first_says: Mapped[dict[str, Any] | None]
    second_says: Mapped[dict[str, Any] | None]
    yielding_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    settled_at: Mapped[datetime | None]
    #: Who said what and when, settled and reopened: [{"event", "side", "governs", "reason", …}].
    record: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
