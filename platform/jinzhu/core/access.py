"""Permissions: named in code by the routes that need them, granted by data."""

from jinzhu.core import tenancy
from jinzhu.core.problems import Forbidden

#: Anybody, also without a session.
ANYONE = ""
#: Whoever is signed in, at whatever post.
SIGNED_IN = "*"

DECLARED: set[str] = set()


def declared(permission: str) -> str:
    """Name a permission that is asked for inside an operation, beside the route's own."""
    DECLARED.add(permission)
    return permission


def require(permission: str) -> None:
    """Let only those pass who hold the permission."""
    if permission not in tenancy.current().permissions:
        raise Forbidden(permission=permission)


def may(permission: str) -> bool:
    """Say whether the current post carries the permission."""
    return permission in tenancy.current().permissions
