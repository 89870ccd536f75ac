"""What a center keeps of the standards that reach it, as stored."""

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

from jinzhu.core.db import Base, TenantOwned
from jinzhu.standards.models.standards import EMPTY


class Claim(StrEnum):
    """A center's answer to a duty 认领."""

    OFFERED = "offered"
    NOT_OFFERED = "not_offered"
    COVERED_BY = "covered_by"


class Resolution(StrEnum):
    """How a center answered to a conflict."""

    STANDARD = "standard"
    KEEP = "keep"


class PinReason(StrEnum):
    """Why a center stays on what an earlier edition said."""

    POSTPONED = "postponed"
    EXEMPT = "exempt"


class ExemptionCategory(StrEnum):
    """What an exemption 豁免 rests on."""

    WAIVER = "waiver"
    OTHER_MEANS = "other_means"


class ExemptionState(StrEnum):
    """Where a request for an exemption stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"


class ProposalState(StrEnum):
    """Where a proposal to make a center's practice the standard stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class Answer(StrEnum):
    """What a center does with one field of an edition it received."""

    TAKE = "take"
    KEEP = "keep"
    LATER = "later"


class Adoption(TenantOwned, Base):
    """The edition of a standard that a center is on: the pointer a push moves."""

    __tablename__ = "adoption"
    __table_args__ = (UniqueConstraint("tenant_id", "standard_id"),)

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    #: The city's amendment on top, where the city has one.
    merged_id: Mapped[int | None] = mapped_column(ForeignKey("merged.id"))
    rollout_id: Mapped[int | None] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(server_default=func.now())


class ConflictCount(Base):
    """How many local values of a center are outside the standard in force, by kind.

    Kept by a trigger and by the push, so that a province need not look at every row.
    """

    __tablename__ = "conflict_count"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"), primary_key=True, autoincrement=False
    )
    standard_id: Mapped[int] = mapped_column(
        ForeignKey("standard.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    open: Mapped[int] = mapped_column(server_default="0")


class QualityCount(Base):
    """How many records of a center break each rule of quality, counted ahead, by kind.

    Counted anew some seconds after something changed.
    """

    __tablename__ = "quality_count"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    #: How many were checked, are faulty or warned of, and break each rule.
    sums: Mapped[dict[str, int]] = mapped_column(JSONB)


class QualityTouched(Base):
    """That something changed at a center since its records were checked: written by triggers."""

    __tablename__ = "quality_touched"

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)


class LocalField(Base):
    """A number or a list among a center's local values, where a push finds it by field and bound.

    Kept by a trigger; of what is not offered or pinned there is none.
    """

    __tablename__ = "local_field"
    __table_args__ = (
        Index(
            "ix_local_field_number",
            "provision_id",
            "field",
            "number",
            postgresql_include=["tenant_id"],
        ),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    #: Null where it is a list.
    number: Mapped[float | None]


class OfProvision:
    """A row of a center about one provision, or one field of it ('' stands for all of it)."""

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    kind: Mapped[str]
    field: Mapped[str] = mapped_column(server_default="")


class Settlement(OfProvision, TenantOwned, Base):
    """A center's answer to a conflict: a local value that an edition no longer allowed."""

    __tablename__ = "settlement"
    __table_args__ = (Index("ix_settlement_provision_id", "tenant_id", "provision_id"),)

    rule: Mapped[str]
    local_value: Mapped[Any] = mapped_column(JSONB)
    bound: Mapped[Any] = mapped_column(JSONB, nullable=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    resolution: Mapped[Resolution]
    settled_value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    reason: Mapped[str] = mapped_column(server_default="")
    opened_at: Mapped[datetime]
    settled_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )


class UpdateAnswer(OfProvision, TenantOwned, Base):
    """What a center did with one field of an edition it received."""

    __tablename__ = "update_answer"
    __table_args__ = (UniqueConstraint("tenant_id", "rollout_id", "provision_id", "field"),)

    rollout_id: Mapped[int] = mapped_column(ForeignKey("rollout.id"))
    answer: Mapped[Answer]
    value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    reason: Mapped[str] = mapped_column(server_default="")
    until: Mapped[date | None]
    answered_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )


class Pin(OfProvision, TenantOwned, Base):
    """A provision or a field that stays as an earlier edition had it, until a day."""

    __tablename__ = "pin"
    __table_args__ = (
        Index(
            "uq_pin_open",
            "tenant_id",
            "provision_id",
            "field",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    reason: Mapped[PinReason]
    #: What the center stays on; an exempt field has none: there its own value holds.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    until: Mapped[date]
    exemption_id: Mapped[int | None] = mapped_column(BigInteger)
    rollout_id: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None]
    #: The roll-out whose edition said the same again; the way back puts it off again.
    overtaken_by: Mapped[int | None] = mapped_column(BigInteger)


class Exemption(OfProvision, TenantOwned, Base):
    """Leave 豁免 for one center not to follow a field or a provision, until a day."""

    __tablename__ = "exemption"
    __table_args__ = (
        Index("ix_exemption_decider_id", "decider_id", "state"),
        Index(
            "uq_exemption_asked",
            "tenant_id",
            "provision_id",
            "field",
            unique=True,
            postgresql_where=text("state IN ('asked', 'granted')"),
        ),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("state <> 'granted' OR expires_on IS NOT NULL", name="ends"),
    )

    category: Mapped[ExemptionCategory]
    reason: Mapped[str]
    #: The value that the center would have meanwhile.
    value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    state: Mapped[ExemptionState] = mapped_column(server_default=ExemptionState.ASKED.value)
    wanted_until: Mapped[date]
    expires_on: Mapped[date | None]
    #: The center that set the rule, and alone decides.
    decider_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    asked_by: Mapped[int | None] = mapped_column(BigInteger, server_default=text("app.actor_id()"))
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default="1")


class Proposal(OfProvision, TenantOwned, Base):
    """A center's wish that its practice become the standard."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_decider_id", "decider_id", "state"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    #: {field: value}: what holds here.
    values: Mapped[dict[str, Any]]
    reason: Mapped[str]
    state: Mapped[ProposalState] = mapped_column(server_default=ProposalState.OPEN.value)
    decider_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    proposed_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default="1")


class AmendmentConflict(OfProvision, TenantOwned, Base):
    """A field of a city's amendment that a new edition from above no longer allows.

    It belongs to the city, and is answered before its counties are touched.
    """

    __tablename__ = "amendment_conflict"
    __table_args__ = (
        UniqueConstraint("tenant_id", "rollout_id", "provision_id", "field"),
        Index(
            "uq_amendment_conflict_ahead",
            "tenant_id",
            "edition_id",
            "provision_id",
            "field",
            unique=True,
            postgresql_where=text(
                "rollout_id IS NULL AND (settled_at IS NULL OR resolution IS NOT NULL)"
            ),
        ),
    )

    #: None: the edition is published, and not on its way to the city's counties yet.
    rollout_id: Mapped[int | None] = mapped_column(ForeignKey("rollout.id"))
    #: The edition of the amendment that it stands in, and the one from above that it meets.
    amendment_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    rule: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)
    bound: Mapped[Any] = mapped_column(JSONB, nullable=True)
    resolution: Mapped[Resolution | None]
    settled_value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    reason: Mapped[str] = mapped_column(server_default="")
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    settled_at: Mapped[datetime | None]
    #: The edition of the amendment that carries the answer.
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))


class Notice(TenantOwned, Base):
    """Something that somebody at a center should know, with the page where it is dealt with."""

    __tablename__ = "notice"

    code: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    to: Mapped[str]
    #: Told to those who may do this; and to those of one department, where it concerns one.
    needs: Mapped[str]
    department_code: Mapped[str] = mapped_column(server_default="")
    #: Told to this account alone; or to all of them but the one that did it.
    for_account_id: Mapped[int | None] = mapped_column(BigInteger)
    but_account_id: Mapped[int | None] = mapped_column(BigInteger)
    #: "line" for the posts of the department alone, "office" for those of the whole center.
    posts: Mapped[str] = mapped_column(server_default="")


class NoticeRead(Base):
    """How far an account has read the notices of a center."""

    __tablename__ = "notice_read"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"),
        primary_key=True,
        autoincrement=False,
        server_default=text("app.tenant_id()"),
    )
    account_id: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
        server_default=text("app.actor_id()"),
    )
    upto_id: Mapped[int] = mapped_column(BigInteger)


#: What a list filters and joins by stands in the index, so that counting reads no rows.
LISTED = ["id", "standard_id", "claim", "pinned_revision_id"]


class Claimed:
    """The columns of a center's own row on a provision: its answer and its local values.

    `local` holds only what the center says itself, also where the standard in force does not
    allow it: then it is in conflict, and the standard's value shows until the center answers.
    """

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id"))
    claim: Mapped[Claim]
    reason: Mapped[str] = mapped_column(server_default="")
    covered_by_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    local: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    #: For each local value {"edition": id, "at": time}: under which edition it was set, and when.
    set_under: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    #: What holds instead of the edition's revision while something is postponed or exempt.
    pinned_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
