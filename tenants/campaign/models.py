"""Campaigns and joint acts, as stored: what was asked for, and what came of each row."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from jinzhu.core.db import Base, TenantOwned

#: What is here, as it is chosen in one word: entered or suspended.
HERE = "here"


class Outcome(StrEnum):
    """What came of a row of a campaign."""

    PENDING = "pending"
    BEGUN = "begun"
    #: There was a case in course already.
    RUNNING = "running"
    REFUSED = "refused"


class ActOutcome(StrEnum):
    """What came of a joint act in a case."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"


class Asked:
    """Work on many rows that somebody asked for, and the job that does it."""

    #: Of the departments that the post was limited to; null where it saw all.
    departments: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    #: In which the results are told.
    language: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(BigInteger, server_default=text("app.actor_id()"))
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    #: When all of it was done and said to be; null again where a part is tried again.
    finished_at: Mapped[datetime | None]


class Campaign(Asked, TenantOwned, Base):
    """A named act of a center: cases of one kind, begun together with the same facts."""

    __tablename__ = "campaign"

    name: Mapped[str]
    object: Mapped[str]
    kind: Mapped[str]
    procedure_code: Mapped[str] = mapped_column(server_default="")
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    reason: Mapped[str] = mapped_column(server_default="")


class CampaignItem(TenantOwned, Base):
    """A department or an item of a campaign, and what came of it."""

    __tablename__ = "campaign_item"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaign.tenant_id", "campaign.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["procedure_case.tenant_id", "procedure_case.id"]
        ),
        UniqueConstraint("tenant_id", "campaign_id", "subject_id"),
        Index("ix_campaign_item_state", "tenant_id", "campaign_id", "state"),
    )

    campaign_id: Mapped[int] = mapped_column(BigInteger)
    #: The line of the list it stood in; else its place among what was chosen.
    place: Mapped[int]
    code: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    department_code: Mapped[str] = mapped_column(server_default="")
    #: Null for a code that nothing is found by.
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    state: Mapped[Outcome] = mapped_column(server_default=Outcome.PENDING.value)
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    #: The sort of reason, to count by; and the reason in words.
    why: Mapped[str] = mapped_column(server_default="")
    message: Mapped[str] = mapped_column(server_default="")


class JointAct(Asked, TenantOwned, Base):
    """One act 批量办理 in many cases that stand in the same step, with one opinion."""

    __tablename__ = "joint_act"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaign.tenant_id", "campaign.id"]),
        ForeignKeyConstraint(["tenant_id", "file_id"], ["stored_file.tenant_id", "stored_file.id"]),
    )

    campaign_id: Mapped[int | None] = mapped_column(BigInteger)
    procedure_code: Mapped[str]
    procedure_name: Mapped[str]
    step_code: Mapped[str]
    step_name: Mapped[str]
    action: Mapped[str]
    opinion: Mapped[str] = mapped_column(server_default="")
    on_behalf: Mapped[str] = mapped_column(server_default="")
    target_code: Mapped[str] = mapped_column(server_default="")
    #: The common document of all these cases, if there is one.
    file_id: Mapped[int | None] = mapped_column(BigInteger)
    file_name: Mapped[str] = mapped_column(server_default="")
    document_name: Mapped[str] = mapped_column(server_default="")
    document_number: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class JointActCase(TenantOwned, Base):
    """A case of a joint act, and what came of it."""

    __tablename__ = "joint_act_case"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "joint_act_id"], ["joint_act.tenant_id", "joint_act.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["procedure_case.tenant_id", "procedure_case.id"]
        ),
        UniqueConstraint("tenant_id", "joint_act_id", "case_id"),
    )

    joint_act_id: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ActOutcome] = mapped_column(server_default=ActOutcome.PENDING.value)
    message: Mapped[str] = mapped_column(server_default="")
