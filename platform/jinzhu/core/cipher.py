"""Personal data at rest: sealed with a key that the database does not have.

A sealed text names its key, so that keys can be changed, and is bound to its place (what it is,
and of which center), so that it cannot be put into another row.  What has to be found again gets a
keyed hash beside it, which without the key cannot be tried out number by number.
"""

import base64
import hmac
import secrets
from pathlib import Path

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from jinzhu import keys
from jinzhu.core.problems import Unavailable

NONCE = 12
log = structlog.get_logger()


class KeysMissing(Unavailable):
    """The file of keys is not there: nothing personal can be stored or read."""

    code = "keys_missing"


def seal(text: str, *, place: str) -> str:
    """Return a text sealed with the current key; '' stays ''.

    Raises:
        KeysMissing: if the installation has no keys.
    """
    if not text:
        return ""
    found, nonce = _keys(), secrets.token_bytes(NONCE)
    sealed = AESGCM(found.sealing[found.current]).encrypt(nonce, text.encode(), place.encode())
    return f"{found.current}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, place: str) -> str:
    """Return what was sealed for a place.

    Raises:
        KeysMissing: if the installation does not have the key that it names.
        ValueError: if it was changed, or sealed for another place.
    """
    if not sealed:
        return ""
    name, _, told = sealed.partition(":")
    key, content = _keys().sealing.get(name), base64.b64decode(told)
    if key is None:
        log.error("key not there", key=name)
        raise KeysMissing
    try:
        opened = AESGCM(key).decrypt(content[:NONCE], content[NONCE:], place.encode())
    except InvalidTag as error:
        raise ValueError("what was sealed has been changed, or belongs elsewhere") from error
    return opened.decode()


def keyed_hash(text: str, *, place: str) -> str:
    """Return a hash by which a text is found again in one kind of place, and nowhere else.

    Raises:
        KeysMissing: if the installation has no keys.
    """
    return hmac.digest(_keys().hashing, f"{place}\0{text}".encode(), "sha256").hex()


def _keys() -> keys.Keys:
    path: str = current_app.config["SETTINGS"].key_file
    try:
        return keys.read(Path(path))
    except (OSError, ValueError) as error:
        log.error("no keys", reason=str(error))
        raise KeysMissing from error
