"""Sessions over HTTP."""

from typing import Any

from flask import Response, current_app, request

from jinzhu.core.access import ANYONE, SIGNED_IN
from jinzhu.core.http import Routes, scope, visitor
from jinzhu.core.problems import Problem
from jinzhu.identity import holders, service, sessions
from jinzhu.identity.schemas import (
    CredentialsSchema,
    HoldersQuery,
    HoldersSchema,
    MeSchema,
    PasswordChangeSchema,
    PostChoiceSchema,
)

routes = Routes("identity", __name__, prefix="/api")


class ForeignPage(Problem):
    """A sign-in came from a page of another site."""

    status, code = 403, "csrf"


@routes.on("POST /session", needs=ANYONE, takes=CredentialsSchema(), gives=MeSchema())
def create_session(values: dict[str, Any]) -> dict[str, Any]:
    """Sign in; the answer sets the session cookie."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignPage
    begun = service.sign_in(
        **values, address=request.remote_addr or "", agent=request.headers.get("User-Agent", "")
    )
    sessions.give_cookie_later(begun.key)
    return service.me(
        csrf_token=begun.csrf_token,
        post_id=begun.post_id,
        idle_minutes=current_app.config["SETTINGS"].idle_minutes,
        account_id=begun.account_id,
    )


@routes.on("DELETE /session", needs=SIGNED_IN, status=204, early=True)
def delete_session() -> Response:
    """Sign out."""
    service.sign_out(sessions.token())
    return sessions.take_cookie(Response(status=204))


@routes.on("DELETE /sessions", needs=SIGNED_IN, status=204, early=True)
def delete_sessions() -> Response:
    """Sign out everywhere."""
    service.sign_out_everywhere()
    return sessions.take_cookie(Response(status=204))


@routes.on("GET /me", needs=SIGNED_IN, gives=MeSchema(), early=True)
def read_me() -> dict[str, Any]:
    """Say who I am and what I may do."""
    return _me(scope().post_id)


@routes.on("GET /holders", needs=SIGNED_IN, query=HoldersQuery(), gives=HoldersSchema())
def read_holders(query: dict[str, Any]) -> dict[str, Any]:
    """Say whether I hold a permission, and who does: whom to ask."""
    return holders.of(query["permission"])


@routes.on("PUT /me/post", needs=SIGNED_IN, takes=PostChoiceSchema(), gives=MeSchema())
def change_post(values: dict[str, Any]) -> dict[str, Any]:
    """Act at another of my posts."""
    service.change_post(values["post_id"], token=sessions.token())
    return _me(values["post_id"])


@routes.on(
    "PUT /me/password", needs=SIGNED_IN, takes=PasswordChangeSchema(), status=204, early=True
)
def change_password(values: dict[str, Any]) -> None:
    """Change my password."""
    service.change_password(values["current"], values["new"], token=sessions.token())


def _me(post_id: int | None) -> dict[str, Any]:
    return service.me(
        csrf_token=visitor().csrf_token,
        post_id=post_id,
        idle_minutes=current_app.config["SETTINGS"].idle_minutes,
    )
