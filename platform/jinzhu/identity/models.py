"""Accounts, posts and sessions, as stored."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base


class Account(Base):
    """A person who may sign in.  What the person may do hangs on the posts, never on this."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(server_default="true")
    password_changed_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Role(Base):
    """A bundle of permissions 角色; what each shipped role holds stands in `roles.py`."""

    __tablename__ = "role"

    code: Mapped[str] = mapped_column(primary_key=True)
    permissions: Mapped[list[str]]


class Post(Base):
    """A person at a center in a role, from a day to a day, perhaps for some departments only."""

    __tablename__ = "post"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"), index=True)
    role_code: Mapped[str] = mapped_column(ForeignKey("role.code"))
    #: Codes of departments; null where the post sees the whole center.
    departments: Mapped[list[str] | None]
    starts_on: Mapped[date] = mapped_column(server_default=func.current_date())
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SignIn(Base):
    """A session kept on the server; the browser holds only the key, we only its hash."""

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    csrf_token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    address: Mapped[str] = mapped_column(server_default="")
    agent: Mapped[str] = mapped_column(server_default="")


class SignInFailure(Base):
    """Wrong passwords given for a name, whether or not there is such an account.

    Kept by name, so that neither the count nor the lock tells who has an account.
    """

    __tablename__ = "sign_in_failure"

    username: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    locked_until: Mapped[datetime | None]
    last_at: Mapped[datetime] = mapped_column(server_default=func.now())
