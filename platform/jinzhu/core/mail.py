"""Mail: one letter handed in to the operator's server, and what became of it.

A letter is handed in once.  Whoever sends it writes down before that it is on its way and after it
that it is gone; in between the server alone knows, so a connection that breaks while the server
has the letter is told apart from one that breaks before: only then may it be sent again.
Credentials are never given to a server without TLS, and nothing of them is ever logged.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum

import structlog
from flask import current_app

from jinzhu.config import MailServer
from jinzhu.core import calendar

#: How long the server may be silent, in seconds.
PATIENCE = 20
#: A server that could not be used is left alone for a minute, so that nothing else waits for it.
REST = timedelta(minutes=1)
_resting: dict[tuple[str, int], datetime] = {}
log = structlog.get_logger()


class Outcome(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    #: Not now; the same letter may be handed in again later.
    LATER = "later"
    #: The server cannot be used at the moment, for any letter.
    AWAY = "away"
    #: The server takes nothing for this address.
    REFUSED = "refused"
    #: The server does not take this letter.
    UNSENDABLE = "unsendable"
    #: The connection broke while the server had the letter: it may have been sent.
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a letter, with the code that the server gave."""

    outcome: Outcome
    code: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to somebody, in both forms."""

    subject: str
    text: str
    html: str
    #: The same for the same letter, however often it is handed in.
    number: str
    #: Where one click ends these letters; '' where there is nothing to end.
    stop: str = ""


class NoTls(smtplib.SMTPException):
    """The server offers no TLS, so it is given no credentials."""


def server() -> MailServer | None:
    """Return the server of this installation, or None where it sends no mail."""
    found: MailServer | None = current_app.config["SETTINGS"].mail
    return found


def whole_address(path: str) -> str:
    """Return the whole address of a page, for a link in a letter."""
    begin: str = current_app.config["SETTINGS"].address
    return f"{begin}{path}"


def send(letter: Letter, *, to: str) -> Result:
    """Hand a letter in, and say what became of it."""
    found = server()
    if found is None:
        return Result(Outcome.AWAY, "none")
    place = (found.host, found.port)
    if place in _resting and calendar.now() < _resting[place] + REST:
        return Result(Outcome.AWAY)
    content = written(letter, to=to, sender=found.sender).as_bytes()
    try:
        with _connected(found) as link:
            return _handed_in(link, content, sender=found.sender.addr_spec, to=to)
    except (OSError, smtplib.SMTPException) as error:
        _resting[place] = calendar.now()
        # The class alone: what the server said may hold the name that we gave it.
        log.warning("mail server cannot be used", host=found.host, reason=type(error).__name__)
        return Result(Outcome.AWAY, _code(getattr(error, "smtp_code", 0)))


def written(letter: Letter, *, to: str, sender: Address) -> EmailMessage:
    """Return a letter as it is sent; nothing in it is fetched from anywhere."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = sender
    message["To"] = to
    message["Date"] = format_datetime(calendar.now())
    message["Message-ID"] = f"<{letter.number}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        message["List-Unsubscribe"] = f"<{letter.stop}>"
        if letter.stop.startswith("https://"):  # as RFC 8058 wants it
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


@contextmanager
def _connected(found: MailServer) -> Iterator[smtplib.SMTP]:
    """Open a connection, with TLS where the server offers it, and say who we are."""
    trusted = ssl.create_default_context()
    link: smtplib.SMTP
    if found.tls:
        link = smtplib.SMTP_SSL(found.host, found.port, timeout=PATIENCE, context=trusted)
    else:
        link = smtplib.SMTP(found.host, found.port, timeout=PATIENCE)
    try:
        _introduce(link, found, trusted)
        yield link
    finally:
        with suppress(OSError, smtplib.SMTPException):
            link.quit()
        link.close()


def _introduce(link: smtplib.SMTP, found: MailServer, trusted: ssl.SSLContext) -> None:
    link.ehlo_or_helo_if_needed()
    if not found.tls and link.has_extn("starttls"):
        link.starttls(context=trusted)
        link.ehlo_or_helo_if_needed()
    if found.user:
        if not isinstance(link.sock, ssl.SSLSocket):
            raise NoTls
        link.login(found.user, found.password)


def _handed_in(link: smtplib.SMTP, content: bytes, *, sender: str, to: str) -> Result:
    """Hand a letter in on an open connection."""
    code, _ = link.mail(sender)
    if code != 250:
        log.warning("mail server does not take our sender", code=code)
        return Result(Outcome.AWAY, _code(code))
    code, _ = link.rcpt(to)
    if code not in (250, 251):
        return Result(Outcome.LATER if code < 500 else Outcome.REFUSED, _code(code))
    try:
        code, _ = link.data(content)
    except smtplib.SMTPDataError as refused:
        code = refused.smtp_code
    except (OSError, smtplib.SMTPServerDisconnected):
        return Result(Outcome.UNCLEAR)
    if code == 250:
        return Result(Outcome.SENT, _code(code))
    return Result(Outcome.LATER if code < 500 else Outcome.UNSENDABLE, _code(code))


def _code(code: int) -> str:
    return str(code) if code > 0 else ""
