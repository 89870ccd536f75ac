"""What the public sends: from our own form, by a person, once, and not too large.

There is no session that another site could use, and no account behind it.  So a form carries a
number of its own, signed by us and good for some hours; a field that no person sees; and the
browser says which site it comes from.  No puzzle of somebody else's is set.
"""

import secrets
import time
from collections.abc import Mapping

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from jinzhu.core import cipher
from jinzhu.core.problems import Problem

#: How long a form may be open, in seconds.
OPEN = 12 * 60 * 60
LARGEST = 64 * 1024
#: Not to be filled in; named like something that programs like to fill in.
TRAP = "website"


class ForeignForm(Problem):
    """A form was sent from a page of another site."""

    status, code = 403, "foreign_form"


class FormTooLarge(Problem):
    """More was sent than anybody writes."""

    status, code = 413, "too_large"


def token(purpose: str) -> str:
    """Return the number of a new form for a purpose."""
    said = f"{int(time.time())}.{secrets.token_urlsafe(12)}"
    return f"{said}.{_signed(said, purpose)}"


def _signed(said: str, purpose: str) -> str:
    return cipher.keyed_hash(said, place=f"form:{purpose}")[:32]


def number_of(given: str, *, purpose: str) -> str | None:
    """Return the number of a form that is ours and still good, else None."""
    said, _, signature = given.rpartition(".")
    begun, _, number = said.partition(".")
    ours = secrets.compare_digest(signature.encode(), _signed(said, purpose).encode())
    if not ours or not begun.isdigit() or int(begun) < time.time() - OPEN:
        return None
    return number


def sent() -> Mapping[str, str]:
    """Return the fields of a form that was sent.

    Raises:
        ForeignForm: if it comes from another site.
        FormTooLarge: if there is more in it than anybody writes.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignForm
    request.max_content_length = LARGEST
    try:
        return request.form.to_dict()
    except RequestEntityTooLarge as error:
        raise FormTooLarge from error


def origin() -> str:
    """Return a hash of the address that a form was sent from; the address itself is not kept."""
    return cipher.keyed_hash(request.remote_addr or "", place="address")
