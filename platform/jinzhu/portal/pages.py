"""Pages of the portal: small templates, one style sheet inside, no script, no cookie.

They are the same for everybody who asks in the same language, so they may be kept for a moment on
the way, and say by an ETag whether they have changed.
"""

import functools
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from marshmallow import Schema, ValidationError
from sqlalchemy import case, select

from jinzhu.core import language
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import NotFound
from jinzhu.core.transaction import visiting
from jinzhu.hierarchy.models import Center, Level

#: What a view of the portal returns.
Page = Response
BEGIN = "/public"
#: How long a page may be kept on the way, in seconds.
KEPT = 60
PROBLEM = "application/problem+json"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def of_center(view: Callable[..., Page]) -> Callable[..., Page]:
    """Let a view look at the center whose division stands in the address, and at nothing else.

    Raises:
        NotFound: if there is no such center.
    """

    @functools.wraps(view)
    def looked(code: str, **parts: Any) -> Page:
        if any("\0" in part for part in (code, *map(str, parts.values()))):
            raise NotFound  # no text of the database holds it
        center = _center(code)
        with visiting(center.id):
            return view(center, **parts)

    return looked


def _center(code: str) -> Center:
    """Return the center of a division; where a county bears the code of its city, the city's."""
    higher = case({Level.PROVINCE.value: 1, Level.CITY.value: 2}, value=Center.level, else_=3)
    found = db.session.scalar(select(Center).where(Center.code == code).order_by(higher).limit(1))
    if found is None:
        raise NotFound
    return found


def asked(schema: Schema) -> dict[str, Any]:
    """Return what the address asks for; what means nothing there is as if it was not said."""
    try:
        return typing.cast(dict[str, Any], schema.load(request.args.to_dict()))
    except ValidationError as error:
        wrong = error.messages if isinstance(error.messages, dict) else {}
        kept = {name: value for name, value in request.args.items() if name not in wrong}
        return typing.cast(dict[str, Any], schema.load(kept))


def address(path: str, **query: Any) -> str:
    """Return an address of the portal in the language that is spoken."""
    spoken = {"lang": request.args["lang"]} if request.args.get("lang") else {}
    given = {name: value for name, value in query.items() if value not in (None, "")} | spoken
    return f"{BEGIN}{path}" + (f"?{urlencode(given)}" if given else "")


def printed_address(path: str) -> str:
    """Return a whole address of the portal, for a code that is printed and scanned elsewhere."""
    begin: str = current_app.config["SETTINGS"].address or request.url_root.rstrip("/")
    return f"{begin}{BEGIN}{path}"


def page(template: str, /, **values: Any) -> Response:
    """Return a page that anybody may keep for a moment; unchanged, it is not sent again."""
    response = _written(template, values)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.headers["Vary"] = "Accept-Language"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # the same response


def form(template: str, /, *, status: int = 200, **values: Any) -> Response:
    """Return a page with something in it that is for one person alone."""
    response = _written(template, values)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _written(template: str, values: Mapping[str, Any]) -> Response:
    spoken = language.current()
    other = "zh-CN" if spoken == "en" else "en"
    told = {"say": say, "address": address, "language": spoken, "other_language": other}
    asked = request.args.to_dict() | {"lang": other}
    told["switch"] = f"{request.path}?{urlencode(asked)}"
    return Response(_ENVIRONMENT.get_template(template).render(**told, **values))


def _as_page(response: Response) -> Response:
    """Tell in a page what went wrong on a page of the portal."""
    inside = request.path == BEGIN or request.path.startswith(f"{BEGIN}/")
    if not inside or response.mimetype != PROBLEM:
        return response
    told = response.get_json()
    answer = form("problem.html", status=response.status_code, problem=told, center=None)
    if "Retry-After" in response.headers:
        answer.headers["Retry-After"] = response.headers["Retry-After"]
    return answer


def init_app(app: Flask) -> None:
    """Answer in pages wherever the portal is asked."""
    app.after_request(_as_page)
