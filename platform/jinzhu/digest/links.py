"""The links in letters: whoever holds one may do one thing, without signing in.

A token is made of the seed of an address with a key that is not in the database, which keeps its
hash alone; so a letter can be written again with the same link, and a copy of the database opens
nothing.
"""

import hashlib
from typing import Literal

from sqlalchemy import text

from jinzhu.core import cipher, mail
from jinzhu.core.db import db
from jinzhu.core.pages import Row

Act = Literal["confirmation", "stop"]
_LOOK = text("SELECT center, wanted FROM app.digest_link(:hash)")
_CONFIRM = text("SELECT center, wanted FROM app.confirm_digest(:hash)")
_STOP = text("SELECT center FROM app.stop_digest(:hash)")


def token(seed: str, act: Act) -> str:
    """Return the token of an act for an address."""
    return cipher.keyed_hash(seed, place=f"digest.{act}")


def hashed(given: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(given.encode()).hexdigest()


def address(seed: str, act: Act, language: str) -> str:
    """Return the whole address of a link, in the language of who gets it."""
    return mail.whole_address(f"/public/mail/{act}/{token(seed, act)}?lang={language}")


def look(given: str) -> Row | None:
    """Return what a link is about, if it is good.  Needs the reach PUBLIC, as the others here."""
    row = db.session.execute(_LOOK, {"hash": hashed(given)}).one_or_none()
    return None if row is None else dict(row._mapping)


def confirm(given: str) -> Row | None:
    """Confirm an address; None if the link was used, is too old, or is none."""
    row = db.session.execute(_CONFIRM, {"hash": hashed(given)}).one_or_none()
    return None if row is None else dict(row._mapping)


def stop(given: str) -> Row | None:
    """End the digests to an address; done twice, it is done."""
    row = db.session.execute(_STOP, {"hash": hashed(given)}).one_or_none()
    return None if row is None else dict(row._mapping)
