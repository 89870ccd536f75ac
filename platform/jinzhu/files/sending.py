"""Files over HTTP: taken from a form, and sent so that no browser runs what is in them."""

from urllib.parse import quote

from flask import Response, request

from jinzhu.core.problems import invalid
from jinzhu.files.contents import TYPES
from jinzhu.files.models import StoredFile

#: Opened by itself, a file is nobody's page: no script, no form, no origin.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}
MOST_NAME = 200


def offered() -> tuple[bytes, str] | None:
    """Return the content and the name of the part `file` of a form, if there is one."""
    return received() if request.files.get("file") else None


def received() -> tuple[bytes, str]:
    """Return the content and the name of the part `file` of a form.

    Raises:
        Invalid: if there is none.
    """
    file = request.files.get("file")
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip() if file else ""
    if file is None or not name:
        raise invalid("file", "file.none", rule="required")
    content: bytes = file.stream.read()  # the application takes no larger requests than it can hold
    return content, name[-MOST_NAME:]


def sent(file: StoredFile, name: str) -> Response:
    """Send a file to be saved under a name."""
    return as_file(file.content, file.type, name)


def as_workbook(content: bytes, name: str) -> Response:
    """Send a workbook to be saved under a name, which is given without its ending."""
    return as_file(content, TYPES["xlsx"], f"{name}.xlsx")


def as_file(content: bytes, kind: str, name: str) -> Response:
    """Send a content to be saved under a name, in whatever script that is written."""
    response = Response(content, mimetype=kind, headers=HEADERS)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
