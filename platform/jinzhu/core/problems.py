"""Errors: raised as a `Problem`, answered as an RFC 9457 document in the reader's words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import orjson
from flask import Flask, Response
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from jinzhu.core.language import knows, say

CHECK_VIOLATION = "23514"
LOCK_OR_DEADLOCK = {"40001", "40P01", "55P03"}
NO_SPACE = "53100"
OUT_OF_RANGE = "22003"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was sent: the field, its value, the rule, and a sentence."""

    field: str
    message: str
    value: Any = None
    rule: str = ""
    #: Of a rule that somebody above has set: whose it is, and whom to ask.
    authority: Mapping[str, Any] | None = None

    def at(self, field: str) -> "Fault":
        """Return the same fault, told of another place."""
        return replace(self, field=field)

    def document(self) -> dict[str, Any]:
        """Return the fault as sent."""
        told = {
            "field": self.field,
            "message": self.message,
            "value": self.value,
            "rule": self.rule,
        }
        return {**told, "authority": dict(self.authority)} if self.authority else told


class Problem(Exception):
    """Something the caller can understand and act on.

    The code names two sentences in the locale files: `problem.<code>` (title) and, where it
    exists, `problem.<code>.detail`, filled in with the members.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    #: What was written before the problem stays: counting a failed sign-in is the case.
    commits: ClassVar[bool] = False

    def __init__(
        self, detail: str = "", *, errors: tuple[Fault, ...] | list[Fault] = (), **members: Any
    ) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.errors = errors
        self.members = members


class NotFound(Problem):
    """The record is not there, or the actor may not know that it is."""

    status, code = 404, "not_found"


class NotSignedIn(Problem):
    """Nobody has signed in, or the session has ended."""

    status, code = 401, "not_signed_in"


class Forbidden(Problem):
    """The post does not carry this permission."""

    status, code = 403, "forbidden"


class Conflict(Problem):
    """The record is not in a state that allows this."""

    status, code = 409, "conflict"


class ChangedMeanwhile(Problem):
    """Somebody else saved this record since it was read."""

    status, code = 412, "changed_meanwhile"


class VersionNeeded(Problem):
    """A change must say which version of the record it was made on."""

    status, code = 428, "version_needed"


class Invalid(Problem):
    """What was sent breaks a rule; `errors` says where and which."""

    status, code = 422, "invalid"


class Unavailable(Problem):
    """A part of the service is away for the moment; nothing was stored."""

    status, code = 503, "unavailable"


def invalid(field: str, key: str, *, value: Any = None, rule: str = "", **values: Any) -> Invalid:
    """Return the problem of a single field, its sentence named by key."""
    return Invalid(errors=[Fault(field, say(key, value=value, **values), value, rule)])


def told(problem: Problem) -> str:
    """Return a problem in the words that a page would show of it."""
    if problem.errors:
        return "；".join(fault.message for fault in problem.errors)
    key = f"problem.{problem.code}"
    if not problem.detail and knows(f"{key}.detail"):
        return say(f"{key}.detail", **problem.members)
    return problem.detail or say(key)


def render(status: int, code: str, detail: str = "", /, **members: Any) -> Response:
    """Write a problem document; what it is made of wins over members of the same name."""
    key = f"problem.{code}"
    if not detail and knows(f"{key}.detail"):
        detail = say(f"{key}.detail", **members)
    body = {
        **members,
        "type": f"/problems/{code}",
        "code": code,
        "title": say(key),
        "status": status,
        "detail": detail,
    }
    return Response(_written(body), status, mimetype="application/problem+json")


def _written(body: dict[str, Any]) -> bytes:
    """Write what we were sent back, also where it is a number or a character beyond orjson."""
    try:
        return orjson.dumps(body, default=str)
    except TypeError:
        return json.dumps(body, default=str).encode()


def translate(message: str, field: str = "") -> str:
    """Say a validation library's sentence in the reader's language, where we know it.

    Choices of a field are named where they have words, with the code that is sent.
    """
    if knows(f"validation.{message}"):
        return say(f"validation.{message}")
    sentence, _, choices = message.partition(": ")
    if knows(f"validation.{sentence}"):
        codes = [code for code in choices.removesuffix(".").split(", ") if code]
        return say(f"validation.{sentence}", choices="、".join(_named(c, field) for c in codes))
    return message


def _named(code: str, field: str) -> str:
    """Return a choice in words, where the locale files have any for this field."""
    for prefix in (field, field.removesuffix("s"), f"choice.{field}"):
        if knows(f"{prefix}.{code}"):
            return f"{say(f'{prefix}.{code}')}（{code}）"
    return code


def faults(messages: Any, path: str = "") -> list[Fault]:
    """Flatten the nested messages of a schema into faults, each with the path of its field."""
    if isinstance(messages, dict):
        return [
            fault
            for key, inner in messages.items()
            for fault in faults(inner, f"{path}.{key}" if path else str(key))
        ]
    names = [part for part in path.split(".") if not part.isdecimal()]
    return [Fault(path, translate(str(text), names[-1] if names else "")) for text in messages]


def _of_http(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    messages = getattr(error, "data", {}).get("messages", {})
    found = [fault for part in messages.values() for fault in faults(part)]
    if status == 422:
        return render(422, "invalid", errors=[fault.document() for fault in found])
    code = {
        400: "bad_request",
        404: "not_found",
        405: "method_not_allowed",
        413: "too_large",
        415: "not_json",
    }.get(status, "bad_request")
    response = render(status, code if status < 500 else "internal")
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _of_database(error: DBAPIError) -> Response | None:
    state = getattr(error.orig, "sqlstate", None)
    if state == NO_SPACE:
        return render(503, "disk_full")
    if error.connection_invalidated or (isinstance(error, OperationalError) and not state):
        response = render(503, "unavailable")
        response.headers["Retry-After"] = "2"
        return response
    if state == OUT_OF_RANGE:  # a number that no record can have
        return render(404, "not_found")
    if isinstance(error, DataError):
        return render(422, "unusable")
    if state in LOCK_OR_DEADLOCK:
        return render(409, "busy")
    if isinstance(error, IntegrityError) or state == CHECK_VIOLATION:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        return render(409, "clash", constraint=name)
    return None


def init_app(app: Flask) -> None:
    """Answer every error with a problem document."""

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        members = dict(error.members)
        if error.errors:
            members["errors"] = [fault.document() for fault in error.errors]
        return render(error.status, error.code, error.detail, **members)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return _of_http(error)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        if isinstance(error, DBAPIError) and (response := _of_database(error)):
            return response
        if isinstance(error, RecursionError):  # JSON nested deeper than anybody writes
            return render(400, "bad_request")
        if isinstance(error, UnicodeEncodeError):  # half a character, which JSON can spell
            return render(422, "unusable")
        app.logger.exception("unexpected error", exc_info=error)
        return render(500, "internal")
