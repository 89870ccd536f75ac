"""What somebody wants by mail: the address, whether it is confirmed, how often and when."""

import re
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from jinzhu.core import calendar, cipher, mail, masks
from jinzhu.core.db import add, db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Problem, invalid
from jinzhu.core.tenancy import current
from jinzhu.digest import links, timing
from jinzhu.digest.models import (
    AddressState,
    Digest,
    DigestLetter,
    Frequency,
    LetterState,
    Purpose,
)
from jinzhu.hierarchy.models import Center
from jinzhu.workdays import service as workdays

#: How long a link that confirms is good.
GOOD_FOR = timedelta(days=2)
#: So many letters that ask are sent in a day: whoever gets them has perhaps asked for nothing.
MOST_ASKED = 5
LONGEST = 200
#: As people write addresses; whether it is one, the letter shows.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


class MailNotConfigured(Conflict):
    """This installation sends no mail."""

    code = "mail_not_configured"


class AskedTooOften(Problem):
    """Enough letters have asked for today."""

    status, code = 429, "asked_too_often"


class NothingToConfirm(Conflict):
    """There is no address that waits to be confirmed."""

    code = "nothing_to_confirm"


class NoAddress(Conflict):
    """There is no address to send to."""

    code = "no_mail_address"


def place(account_id: int) -> str:
    """Return what a sealed address is bound to."""
    return f"mail-address:{current().tenant_id}:{account_id}"


def own(*, lock: bool = False) -> Digest | None:
    """Return what the person who asks wants at the own center, if anything was ever said."""
    statement = select(Digest).where(*_mine(Digest))
    return db.session.scalar(statement.with_for_update() if lock else statement)


def _mine(model: Any) -> list[ColumnElement[bool]]:
    scope = current()
    return [model.tenant_id == scope.tenant_id, model.account_id == scope.actor_id]


def document() -> Row:
    """Return the settings of the person who asks, as the page shows them."""
    found, configured = own(), mail.server() is not None
    return {
        "configured": configured,
        "center": db.session.get_one(Center, current().tenant_id).name,
        **_settings(found),
        "next_on": _next_on(found) if configured and found else None,
        "last": _last(),
    }


def _settings(found: Digest | None) -> Row:
    if found is None:
        return {
            "address": "",
            "state": AddressState.NONE.value,
            "confirm_until": None,
            "frequency": Frequency.OFF.value,
            "hour": 8,
            "language": "",
        }
    return {
        "address": masks.contact(cipher.unseal(found.address, place=place(found.account_id))),
        "state": found.state.value,
        "confirm_until": found.confirm_until,
        "frequency": found.frequency.value,
        "hour": found.hour,
        "language": found.language,
    }


def _next_on(found: Digest) -> Any:
    if found.state is not AddressState.CONFIRMED:
        return None
    begin = timing.first_day(calendar.now(), found.hour, looked_on=found.looked_on)
    return timing.upcoming(begin, found.frequency, workdays.here())


def _last() -> Row | None:
    """Return the newest letter to the person who asks, other than one with nothing in it."""
    found = db.session.scalar(
        select(DigestLetter)
        .where(*_mine(DigestLetter), DigestLetter.state != LetterState.EMPTY)
        .order_by(DigestLetter.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    return {
        "purpose": found.purpose.value,
        "state": found.state.value,
        "day": found.day,
        "at": found.ended_at or found.created_at,
        "attempts": found.attempts,
        "code": found.code,
    }


def give(address: str, language: str) -> DigestLetter:
    """Take an address, and write the letter that asks there whether it is wanted.

    What was confirmed before does not hold for it; a link that went to another is dead.

    Raises:
        MailNotConfigured: if this installation sends no mail.
        Invalid: if it cannot be an address.
        AskedTooOften: if enough was asked today.
    """
    _configured()
    typed = address.strip()
    if len(typed) > LONGEST or not ADDRESS.fullmatch(typed):
        raise invalid("address", "digest.not_an_address", value=address, rule="address")
    account_id = current().actor_id
    assert account_id is not None
    _known(language)
    found = own(lock=True)
    assert found is not None
    if found.state is AddressState.NONE:
        found.language = language
    return _ask(found, cipher.seal(typed, place=place(account_id)))


def ask_again() -> DigestLetter:
    """Write the letter that asks once more, with a new link.

    Raises:
        MailNotConfigured: if this installation sends no mail.
        NothingToConfirm: if no address waits for it.
        AskedTooOften: if enough was asked today.
    """
    _configured()
    found = own(lock=True)
    if found is None or found.state not in (AddressState.ASKED, AddressState.REFUSED):
        raise NothingToConfirm
    return _ask(found, found.address)


def _configured() -> None:
    if mail.server() is None:
        raise MailNotConfigured


def _known(language: str) -> None:
    """Let there be a row of the person who asks; what it says stays."""
    statement = insert(Digest).values(language=language)
    db.session.execute(statement.on_conflict_do_nothing())


def _ask(found: Digest, sealed: str) -> DigestLetter:
    """Give a sealed address its links, and write the letter that asks."""
    day_ago = calendar.now() - timedelta(days=1)
    asked = select(func.count(DigestLetter.id)).where(
        *_mine(DigestLetter),
        DigestLetter.purpose == Purpose.CONFIRMATION,
        DigestLetter.created_at > day_ago,
    )
    if (db.session.scalar(asked) or 0) >= MOST_ASKED:
        raise AskedTooOften(most=MOST_ASKED)
    found.seed = secrets.token_urlsafe(24)
    found.address, found.state = sealed, AddressState.ASKED
    found.confirm_hash = links.hashed(links.token(found.seed, "confirmation"))
    found.confirm_until = calendar.now() + GOOD_FOR
    found.stop_hash = links.hashed(links.token(found.seed, "stop"))
    found.changed_at = calendar.now()
    return add(
        DigestLetter(
            purpose=Purpose.CONFIRMATION,
            day=calendar.today(),
            seed=found.seed,
            state=LetterState.QUEUED,
            batch=secrets.token_urlsafe(12),
        )
    )


def forget() -> None:
    """Forget the address of the person who asks; nothing is sent any more."""
    found = own(lock=True)
    if found is None:
        return
    found.address, found.state, found.seed = "", AddressState.NONE, ""
    found.confirm_hash, found.confirm_until, found.stop_hash = "", None, ""
    found.frequency, found.changed_at = Frequency.OFF, calendar.now()


def choose(*, frequency: str, hour: int, language: str) -> None:
    """Say how often, at which hour and in which language the digest comes.

    Raises:
        NoAddress: if there is none to send to; off is always possible.
    """
    found = own(lock=True)
    if found is None or found.state is AddressState.NONE:
        if frequency == Frequency.OFF:
            return
        raise NoAddress
    found.frequency, found.hour, found.language = Frequency(frequency), hour, language
    found.looked_on = calendar.today() if _over_for_today(hour) else None
    found.changed_at = calendar.now()


def _over_for_today(hour: int) -> bool:
    """Say whether today's hour has passed, or today's letter is there already."""
    today = select(DigestLetter.id).where(
        *_mine(DigestLetter),
        DigestLetter.purpose == Purpose.DIGEST,
        DigestLetter.day == calendar.today(),
    )
    return hour < calendar.now().hour or db.session.scalar(today) is not None
