"""Passwords: how they are kept, and which are good enough."""

import string

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from jinzhu.core.language import say
from jinzhu.core.problems import Fault

LEAST_LENGTH = 10
MOST_LENGTH = 200
LEAST_CLASSES = 3
# RFC 9106, second recommended option: 64 MiB, three passes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)


def protect(password: str) -> str:
    """Return what is stored instead of a password."""
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Say whether this is the password, in the same time whether or not it is."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


#: Compared with when there is no such account, so that the time does not tell.  Of a password that
#: was drawn and thrown away; to make it anew would cost each process a quarter of a second.
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=1$9CqrQ9RFAQB3Xt+1UXTAew"
    "$LHhRr07P3vv0xY3zvwyWsnH+KQrYv0pU0EoRZ3PBcBA"
)


def classes(password: str) -> int:
    """Count the classes of characters: lower case, upper case, digits, other."""
    groups = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    found = sum(any(char in group for char in password) for group in groups)
    return found + any(not any(char in group for group in groups) for char in password)


def weaknesses(password: str, *, username: str) -> list[Fault]:
    """Return what is wrong with a new password (GB/T 22239, level 3)."""
    found = []
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        found.append(("length", say("password.length", least=LEAST_LENGTH)))
    if classes(password) < LEAST_CLASSES:
        found.append(("classes", say("password.classes", least=LEAST_CLASSES)))
    if username.lower() in password.lower():
        found.append(("username", say("password.username")))
    return [Fault("new", message, rule=rule) for rule, message in found]
