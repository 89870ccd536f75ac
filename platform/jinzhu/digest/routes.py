"""The digest by mail over HTTP: for the person as an API, for the links in letters as pages."""

from typing import Any

from jinzhu.core import language
from jinzhu.core.access import ANYONE, SIGNED_IN
from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import Reach
from jinzhu.digest import jobs, links, service
from jinzhu.digest.schemas import DigestInSchema, DigestSchema, MailAddressInSchema
from jinzhu.portal import pages

routes = Routes("digest", __name__, prefix="")
CONFIRM = "/public/mail/confirmation/<token>"
STOP = "/public/mail/stop/<token>"


@routes.on("GET /api/me/digest", needs=SIGNED_IN, gives=DigestSchema())
def read_digest() -> Row:
    """Show what I want by mail of my posts at this center."""
    return service.document()


@routes.on("PUT /api/me/digest", needs=SIGNED_IN, takes=DigestInSchema(), gives=DigestSchema())
def choose_digest(values: dict[str, Any]) -> Row:
    """Say how often, when and in which language the digest comes to me."""
    service.choose(**values)
    return service.document()


@routes.on(
    "PUT /api/me/digest/address",
    needs=SIGNED_IN,
    takes=MailAddressInSchema(),
    gives=DigestSchema(),
)
def give_mail_address(values: dict[str, Any]) -> Row:
    """Give an address; a letter asks there whether it is wanted."""
    jobs.begin_sending(service.give(values["address"], language.current()))
    return service.document()


@routes.on("DELETE /api/me/digest/address", needs=SIGNED_IN, gives=DigestSchema())
def forget_mail_address() -> Row:
    """Forget my address; nothing is sent any more."""
    service.forget()
    return service.document()


@routes.on("POST /api/me/digest/confirmation", needs=SIGNED_IN, gives=DigestSchema())
def ask_mail_address_again() -> Row:
    """Send the letter that asks once more, with a new link."""
    jobs.begin_sending(service.ask_again())
    return service.document()


# Pages.  Looking at one changes nothing: mail programs look at links before people do.


@routes.page(f"GET {CONFIRM}", needs=ANYONE, reach=Reach.PUBLIC)
def show_confirmation(token: str) -> pages.Page:
    """Ask whether the digest is wanted at this address."""
    return _page("confirm", links.look(token))


@routes.page(f"POST {CONFIRM}", needs=ANYONE, reach=Reach.PUBLIC)
def confirm_mail_address(token: str) -> pages.Page:
    """Confirm the address that the link went to."""
    return _page("confirmed", links.confirm(token))


@routes.page(f"GET {STOP}", needs=ANYONE, reach=Reach.PUBLIC)
def show_stop(token: str) -> pages.Page:
    """Ask whether the digest shall come no more."""
    return _page("stop", links.look(token))


@routes.page(f"POST {STOP}", needs=ANYONE, reach=Reach.PUBLIC)
def stop_digest(token: str) -> pages.Page:
    """End the digest; by the button, or by the mail program for its reader (RFC 8058)."""
    return _page("stopped", links.stop(token))


def _page(asked: str, found: Row | None) -> pages.Page:
    """Return the page of a link, or the one of a link that is good no more."""
    if found is None:
        return pages.form("mail.html", status=404, center=None, asked="dead", name="", wanted=False)
    told = {"name": found["center"], "wanted": found.get("wanted", False)}
    return pages.form("mail.html", center=None, asked=asked, **told)
