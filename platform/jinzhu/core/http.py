"""Routes: each names its method, its schemas, its reach and the permission it needs.

A route cannot be declared without `needs`; what it needs is checked here, before the view.
"""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import orjson
from flask import Blueprint as FlaskBlueprint
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import Schema

from jinzhu.core import access, language, tenancy
from jinzhu.core.problems import ChangedMeanwhile, Forbidden, NotSignedIn, Problem, VersionNeeded
from jinzhu.core.tenancy import NOBODY, Reach, Scope
from jinzhu.core.transaction import work

View = TypeVar("View", bound=Callable[..., Any])
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Route:
    """What the boundary has to know of a route."""

    needs: str
    reach: Reach
    #: Open to somebody who still has to change the first password.
    early: bool
    #: Takes a JSON body.
    takes: bool
    #: A page for a browser, and no operation of the API.
    page: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who the session says is asking."""

    scope: Scope
    csrf_token: str
    must_change_password: bool


class CsrfMissing(Problem):
    """A change was asked for without the token that only our own page knows."""

    status, code = 403, "csrf"


class NotJson(Problem):
    """The body is something else than JSON."""

    status, code = 415, "not_json"


class PasswordChangeRequired(Problem):
    """The first password must be changed before anything else."""

    status, code = 403, "password_change_required"


ROUTES: dict[str, Route] = {}


class Routes(Blueprint):
    """A blueprint on which no route can be declared without a permission."""

    def __init__(self, name: str, import_name: str, *, prefix: str | None = None) -> None:
        super().__init__(name, import_name, url_prefix=f"/api/{name}" if prefix is None else prefix)

    def on(
        self,
        rule: str,
        *,
        needs: str,
        takes: Schema | None = None,
        query: Schema | None = None,
        form: Schema | None = None,
        gives: Schema | None = None,
        status: int = 200,
        reach: Reach = Reach.OWN,
        early: bool = False,
    ) -> Callable[[View], View]:
        """Declare a route, as in `on("GET /<int:id>", needs="item.read", ...)`.

        `form` are the fields beside a file that is sent; `takes` is a JSON body.
        """
        method, _, path = rule.partition(" ")
        if needs not in (access.ANYONE, access.SIGNED_IN):
            access.DECLARED.add(needs)

        def decorate(view: View) -> View:
            ROUTES[f"{self.name}.{view.__name__}"] = Route(needs, reach, early, takes is not None)
            wrapped: Any = _answered(view, gives, status)
            if takes is not None:
                wrapped = self.arguments(takes, error_status_code=422)(wrapped)
            if query is not None:
                wrapped = self.arguments(query, location="query", error_status_code=422)(wrapped)
            if form is not None:
                wrapped = self.arguments(form, location="form", error_status_code=422)(wrapped)
            wrapped = self.response(status, gives)(wrapped)
            wrapped = self.doc(**{"x-permission": needs, "x-reach": reach.value})(wrapped)
            self.route(path, methods=[method], endpoint=view.__name__)(wrapped)
            return view

        return decorate

    def page(self, rule: str, *, needs: str, reach: Reach) -> Callable[[View], View]:
        """Declare a page that is written on the server, behind the same boundary."""
        method, _, path = rule.partition(" ")

        def decorate(view: View) -> View:
            name = view.__name__
            ROUTES[f"{self.name}.{name}"] = Route(needs, reach, early=False, takes=False, page=True)
            # Not by way of the library, which would put it into the document of the API.
            FlaskBlueprint.add_url_rule(self, path, name, view, methods=[method])
            return view

        return decorate


def _answered(view: Callable[..., Any], gives: Schema | None, status: int) -> Callable[..., Any]:
    """Send what the view returns as it is: the schema documents it, and tests compare the two."""

    @functools.wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        result = view(*args, **kwargs)
        if isinstance(result, Response):
            return result
        response = Response(status=status, mimetype="application/json")
        if gives is not None:
            body = orjson.dumps(result, default=str)
            if current_app.config.get("CHECK_OUTPUT"):
                _compare(gives, orjson.loads(body))
            response.set_data(body)
            if isinstance(result, dict) and "version" in result:
                response.headers["ETag"] = f'"{result["version"]}"'
        return response

    return answered


def _compare(gives: Schema, body: Any) -> None:
    """Fail where the documented schema and what is sent differ (tests only)."""
    if wrong := gives.validate(body):
        raise AssertionError(f"the answer of {request.endpoint} is not as documented: {wrong}")


def expected_version() -> int:
    """Return the version of If-Match: which state of the record the change was made on."""
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not text.isdigit():
        raise VersionNeeded
    return int(text)


def check_version(stored: int, current: Callable[[], Any]) -> None:
    """Refuse a change made on an older state, and show the state there is now."""
    if expected_version() != stored:
        raise ChangedMeanwhile(current=current())


def accepted(route: Route, visitor: Visitor | None) -> Scope:
    """Return the scope for a route, or say why this visitor may not use it."""
    if route.needs == access.ANYONE:
        return visitor.scope if visitor else NOBODY
    if visitor is None:
        raise NotSignedIn
    if request.method not in SAFE and request.headers.get("X-CSRF-Token") != visitor.csrf_token:
        raise CsrfMissing
    if visitor.must_change_password and not route.early:
        raise PasswordChangeRequired
    if route.needs not in (access.SIGNED_IN, *visitor.scope.permissions):
        raise Forbidden(permission=route.needs)
    return visitor.scope


class Application(Flask):
    """Flask, with a unit of work around each view.

    The work is inside `dispatch_request`, so that a commit that fails still has an error handler.
    """

    #: Set by the identity package: who is asking, or None.
    identify: Callable[[], Visitor | None] = staticmethod(lambda: None)
    #: Set by the identity package: adds to a refusal whom to ask.
    explain: Callable[[Forbidden, Scope], None] = staticmethod(lambda refused, scope: None)

    def dispatch_request(self) -> ResponseReturnValue:
        """Act, or say who could."""
        try:
            return self._act()
        except Forbidden as refused:
            if "permission" in refused.members and g.visitor:
                self.explain(refused, g.visitor.scope)
            raise

    def _act(self) -> ResponseReturnValue:
        """Identify, scope, check, act, commit."""
        route = ROUTES.get(request.endpoint or "")
        if route is None or request.routing_exception is not None:
            return super().dispatch_request()
        if route.takes and not request.is_json:
            raise NotJson
        # Whoever looks at a public page is nobody there, signed in or not.
        visitor = None if route.reach is Reach.PUBLIC else self.identify()
        g.visitor = visitor
        scope = replace(
            accepted(route, visitor),
            reach=route.reach,
            action=request.endpoint or "",
            request_id=g.request_id,
        )
        with work(scope):
            return super().dispatch_request()

    def full_dispatch_request(self) -> Response:
        """Give each request its number and its language."""
        g.request_id = uuid.uuid4().hex[:16]
        asked = request.args.get("lang") or request.headers.get("Accept-Language")
        with language.spoken(language.chosen(asked)):
            response = super().full_dispatch_request()
        response.headers["X-Request-Id"] = g.request_id
        return response


def visitor() -> Visitor:
    """Return who is asking."""
    found: Visitor | None = g.get("visitor")
    if found is None:
        raise NotSignedIn
    return found


def scope() -> Scope:
    """Return the scope of the request."""
    return tenancy.current()
