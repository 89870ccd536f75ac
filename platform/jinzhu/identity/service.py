"""Signing in, choosing a post, changing the password."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from jinzhu.core import tenancy
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault, Invalid, NotFound, NotSignedIn, Problem
from jinzhu.hierarchy.models import Center
from jinzhu.identity import passwords
from jinzhu.identity.models import Account, Post, Role, SignIn, SignInFailure

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=30)
#: Wrong passwords are forgotten after a day without another.
KEPT_FOR = timedelta(days=1)


class WrongCredentials(Problem):
    """The name or the password is wrong; we do not say which."""

    status, code, commits = 401, "wrong_credentials", True


class AccountLocked(Problem):
    """Too many wrong passwords; the account opens again by itself."""

    status, code, commits = 423, "account_locked", True


class NoPost(Problem):
    """The account is good, but holds no post today."""

    status, code = 403, "no_post"


def token_hash(token: str) -> bytes:
    """Return what is stored of a session's key."""
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has just begun."""

    key: str
    account_id: int
    post_id: int
    csrf_token: str


def sign_in(username: str, password: str, *, address: str, agent: str) -> Begun:
    """Check name and password and begin a session."""
    name, now = username.strip(), datetime.now(UTC)
    failures = _failures(name)
    if failures.locked_until and failures.locked_until > now:
        raise AccountLocked(until=failures.locked_until.isoformat(timespec="seconds"))
    account = db.session.scalar(select(Account).where(Account.username == name))
    stored = account.password_hash if account else passwords.NOBODYS
    good = passwords.matches(stored, password)
    if account is None or not good or not account.active:
        raise _failed(failures, now)
    db.session.delete(failures)
    return _begin(account, address=address, agent=agent)


def _failures(name: str) -> SignInFailure:
    """Return the wrong passwords given for a name so far, locked against others who try it now."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.last_at < func.now() - KEPT_FOR))
    db.session.execute(
        insert(SignInFailure).values(username=name, attempts=0).on_conflict_do_nothing()
    )
    return db.session.scalars(
        select(SignInFailure).where(SignInFailure.username == name).with_for_update()
    ).one()


def _failed(failures: SignInFailure, now: datetime) -> Problem:
    """Count a wrong password; the last one allowed locks the name."""
    failures.attempts, failures.last_at = failures.attempts + 1, now
    failures.locked_until = None
    if failures.attempts < MOST_FAILURES:
        return WrongCredentials(attempts_left=MOST_FAILURES - failures.attempts)
    until = now + LOCKED_FOR
    failures.attempts, failures.locked_until = 0, until
    return AccountLocked(until=until.isoformat(timespec="seconds"))


def _begin(account: Account, *, address: str, agent: str) -> Begun:
    db.session.execute(
        text("SELECT set_config('app.actor_id', :id, true)"), {"id": str(account.id)}
    )
    post_id = db.session.scalar(_posts_today(account.id).with_only_columns(Post.id).limit(1))
    if post_id is None:
        raise NoPost
    begun = Begun(secrets.token_urlsafe(32), account.id, post_id, secrets.token_urlsafe(24))
    add(
        SignIn(
            token_hash=token_hash(begun.key),
            account_id=account.id,
            post_id=post_id,
            csrf_token=begun.csrf_token,
            address=address[:60],
            agent=agent[:200],
        )
    )
    return begun


def _posts_today(account_id: int) -> Any:
    today = text(
        "post.starts_on <= current_date AND coalesce(post.ends_on, 'infinity') >= current_date"
    )
    return (
        select(
            Post.id,
            Post.role_code,
            Post.departments,
            Role.permissions,
            Center.id.label("center_id"),
            Center.code,
            Center.name,
            Center.level,
        )
        .join(Role, Role.code == Post.role_code)
        .join(Center, Center.id == Post.center_id)
        .where(Post.account_id == account_id, today)
        .order_by(Post.id)
    )


def sign_out(token: str) -> None:
    """End one session."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def sign_out_everywhere() -> None:
    """End every session of the person who asks."""
    db.session.execute(delete(SignIn).where(SignIn.account_id == _own().id))


def _own(account_id: int | None = None) -> Account:
    account = db.session.get(Account, account_id or tenancy.current().actor_id)
    if account is None:
        raise NotSignedIn
    return account


def me(
    *, csrf_token: str, post_id: int | None, idle_minutes: int, account_id: int | None = None
) -> dict[str, Any]:
    """Say who is signed in, at which post, and what the post may do."""
    account = _own(account_id)
    found = db.session.execute(_posts_today(account.id)).all()
    posts = [_post(row) for row in found]
    index = next((i for i, row in enumerate(found) if row.id == post_id), None)
    if index is None:
        raise NotSignedIn
    return {
        "account": {"id": account.id, "username": account.username, "name": account.name},
        "must_change_password": account.must_change_password,
        "post": posts[index],
        "posts": posts,
        "permissions": sorted(found[index].permissions),
        "csrf_token": csrf_token,
        "idle_minutes": idle_minutes,
    }


def _post(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "role": {"code": row.role_code, "name": say(f"role.{row.role_code}")},
        "center": {
            "id": row.center_id,
            "code": row.code,
            "name": row.name,
            "level": row.level.value,
        },
        "departments": row.departments,
    }


def change_post(post_id: int, *, token: str) -> None:
    """Act at another of one's own posts from now on."""
    if post_id not in db.session.scalars(_posts_today(_own().id).with_only_columns(Post.id)).all():
        raise NotFound(id=post_id)
    db.session.execute(
        update(SignIn).where(SignIn.token_hash == token_hash(token)).values(post_id=post_id)
    )


def change_password(current: str, new: str, *, token: str) -> None:
    """Set a new password, and end every other session of the account."""
    account = _own()
    if not passwords.matches(account.password_hash, current):
        raise Invalid(errors=[Fault("current", say("password.wrong"), rule="match")])
    if current == new:
        raise Invalid(errors=[Fault("new", say("password.same"), rule="differs")])
    if found := passwords.weaknesses(new, username=account.username):
        raise Invalid(errors=found)
    account.password_hash = passwords.protect(new)
    account.must_change_password = False
    account.password_changed_at = datetime.now(UTC)
    db.session.execute(
        delete(SignIn).where(
            SignIn.account_id == account.id, SignIn.token_hash != token_hash(token)
        )
    )
