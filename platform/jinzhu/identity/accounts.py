"""Accounts made by an operator: the first one of a province has nobody else to make it."""

import secrets

from sqlalchemy import Connection, text

from jinzhu.identity import passwords
from jinzhu.identity.roles import ROLES

_CENTER = text("SELECT id FROM center WHERE code = :code ORDER BY path LIMIT 1")
_TAKEN = text("SELECT count(*) > 0 FROM account WHERE username = :username")
_ACCOUNT = text("""
    WITH person AS (
        INSERT INTO account (username, name, password_hash) VALUES (:username, :name, :hash)
        RETURNING id)
    INSERT INTO post (account_id, center_id, role_code)
    SELECT id, :center, :role FROM person
""")


class NotPossible(ValueError):
    """The account cannot be made; the text says why."""


def create(connection: Connection, *, username: str, name: str, center: str, role: str) -> str:
    """Make an account with one post, and return the password it has to change at once.

    `center` is the code of the division, `role` one of the shipped roles; the connection is the
    owner's.
    """
    if role not in ROLES:
        raise NotPossible(f"“{role}” is not a role. Take one of: {', '.join(ROLES)}.")
    center_id = connection.scalar(_CENTER, {"code": center})
    if center_id is None:
        raise NotPossible(f"there is no center with the code “{center}”")
    if connection.scalar(_TAKEN, {"username": username}):
        raise NotPossible(f"there is an account “{username}” already")
    password = secrets.token_urlsafe(12)
    connection.execute(
        _ACCOUNT,
        {
            "username": username,
            "name": name,
            "hash": passwords.protect(password),
            "center": center_id,
            "role": role,
        },
    )
    return password
