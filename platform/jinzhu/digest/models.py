"""Who wants the digest by mail, and each letter, as stored."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import OWN_CENTER, Base


class AddressState(StrEnum):
    """How far an address is."""

    #: There is none.
    NONE = "none"
    #: Given, and asked by mail whether it is wanted there.
    ASKED = "asked"
    CONFIRMED = "confirmed"
    #: The mail server takes nothing for it: nothing is sent there any more.
    REFUSED = "refused"


class Frequency(StrEnum):
    """How often the digest comes."""

    OFF = "off"
    #: On each working day.
    DAILY = "daily"
    #: On the first working day of each week.
    WEEKLY = "weekly"


class Purpose(StrEnum):
    """What a letter is for."""

    CONFIRMATION = "confirmation"
    DIGEST = "digest"


class LetterState(StrEnum):
    """Where a letter stands."""

    #: Until its time; also before it is tried again.
    WAITING = "waiting"
    #: Given to a job.
    QUEUED = "queued"
    #: Written before it is handed in: whoever finds it so later does not send it again.
    SENDING = "sending"
    SENT = "sent"
    #: Nothing waited for anybody, so there was nothing to send.
    EMPTY = "empty"
    #: Not sent, and not tried any more.
    FAILED = "failed"
    #: Whether it was sent, only the mail server knows.
    UNCLEAR = "unclear"


class Digest(Base):
    """What an account wants by mail of its posts at one center."""

    __tablename__ = "digest"
    __table_args__ = (
        Index("ix_digest_confirm", "confirm_hash", postgresql_where=text("confirm_hash <> ''")),
        Index("ix_digest_stop", "stop_hash", postgresql_where=text("stop_hash <> ''")),
        Index("ix_digest_wanted", "tenant_id", postgresql_where=text("frequency <> 'off'")),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("(state = 'none') = (address = '')", name="address"),
        CheckConstraint("(confirm_hash = '') = (confirm_until IS NULL)", name="asked"),
    )

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"), primary_key=True, autoincrement=False, server_default=OWN_CENTER
    )
    account_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=text("app.actor_id()")
    )
    #: Sealed.
    address: Mapped[str] = mapped_column(server_default="")
    state: Mapped[AddressState] = mapped_column(server_default=AddressState.NONE.value)
    #: What the tokens in links are made of, with a key that is not in the database.
    seed: Mapped[str] = mapped_column(server_default="")
    #: Hashes of the tokens.
    confirm_hash: Mapped[str] = mapped_column(server_default="")
    confirm_until: Mapped[datetime | None]
    stop_hash: Mapped[str] = mapped_column(server_default="")
    frequency: Mapped[Frequency] = mapped_column(server_default=Frequency.OFF.value)
    #: Of the day in China.
    hour: Mapped[int] = mapped_column(server_default="8")
    language: Mapped[str] = mapped_column(server_default="zh-CN")
    #: The last day on which it was looked whether a letter is due.
    looked_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DigestLetter(Base):
    """A letter to somebody: of a digest there is one for a day at most."""

    __tablename__ = "digest_letter"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["digest.tenant_id", "digest.account_id"]
        ),
        Index(
            "uq_digest_letter_day",
            "tenant_id",
            "account_id",
            "day",
            unique=True,
            postgresql_where=text("purpose = 'digest'"),
        ),
        Index("ix_digest_letter_batch", "tenant_id", "batch", "state"),
        Index("ix_digest_letter_waiting", "try_after", postgresql_where=text("state = 'waiting'")),
    )

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"), primary_key=True, autoincrement=False, server_default=OWN_CENTER
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, server_default=text("app.actor_id()"))
    purpose: Mapped[Purpose]
    day: Mapped[date]
    #: The seed of the address that it goes to: after a change of the address it goes nowhere.
    seed: Mapped[str]
    state: Mapped[LetterState] = mapped_column(server_default=LetterState.WAITING.value)
    attempts: Mapped[int] = mapped_column(server_default="0")
    try_after: Mapped[datetime] = mapped_column(server_default=func.now())
    #: Which job has it.
    batch: Mapped[str] = mapped_column(server_default="")
    #: What the mail server answered, as a number.
    code: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]
