"""Who is asking: from the key in the cookie to a scope, in one statement.

The session is on the server; Flask-Login asks us for the person behind a request.
"""

from typing import Any

from flask import Request, Response, after_this_request, current_app, request
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import text

from jinzhu.config import Settings
from jinzhu.core.db import aside
from jinzhu.core.http import Application, Visitor
from jinzhu.core.tenancy import Scope
from jinzhu.identity import holders
from jinzhu.identity.service import token_hash

COOKIE = "jinzhu_session"
#: A session's last use is written at most once in this many seconds.
TOUCH_AFTER = 60
#: Sent with what a page asks by itself: a page left open is not somebody at work.
UNATTENDED = "X-Unattended"
_IDENTIFY = text("SELECT * FROM app.identify(:token_hash, :idle)")
_TOUCH = text("UPDATE sign_in SET last_seen_at = now() WHERE token_hash = :token_hash")


class Person(UserMixin):
    """The person behind a request, as Flask-Login knows them."""

    def __init__(self, row: Any) -> None:
        self.id = row.account_id
        self.visitor = Visitor(
            scope=Scope(
                tenant_id=row.center_id,
                actor_id=row.account_id,
                post_id=row.post_id,
                permissions=frozenset(row.permissions),
                departments=None if row.departments is None else tuple(row.departments),
            ),
            csrf_token=row.csrf_token,
            must_change_password=row.must_change_password,
        )


def token() -> str:
    """Return the key that the browser sent, or ''."""
    return request.cookies.get(COOKIE, "")


def load_person(asked: Request) -> Person | None:
    """Return the person whose session this is, if it is alive and the post is in force."""
    key = asked.cookies.get(COOKIE)
    if not key:
        return None
    hashed = token_hash(key)
    idle = current_app.config["SETTINGS"].idle_minutes
    with aside() as connection:
        row = connection.execute(_IDENTIFY, {"token_hash": hashed, "idle": idle}).one_or_none()
        if row is None:
            return None
        if row.idle_seconds > TOUCH_AFTER and UNATTENDED not in asked.headers:
            connection.execute(_TOUCH, {"token_hash": hashed})
    return Person(row)


def identify() -> Visitor | None:
    """Say who is asking, for the boundary."""
    return current_user.visitor if current_user.is_authenticated else None


def give_cookie_later(key: str) -> None:
    """Hand the key to the browser with the answer, if there is one after the commit.

    No script can read the cookie, and no other site can send it.
    """
    settings: Settings = current_app.config["SETTINGS"]

    @after_this_request
    def give(response: Response) -> Response:
        if response.status_code == 200:
            response.set_cookie(
                COOKIE,
                key,
                httponly=True,
                samesite="Strict",
                secure=settings.secure_cookies,
                path="/",
            )
        return response


def take_cookie(response: Response) -> Response:
    """Take the key back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    return response


def init_app(app: Application) -> None:
    """Tell Flask-Login and the boundary where people come from."""
    manager = LoginManager()
    manager.init_app(app)
    manager.request_loader(load_person)
    app.identify = identify
    app.explain = holders.explain
