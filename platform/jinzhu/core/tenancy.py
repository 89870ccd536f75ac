"""The boundary between centers: who acts, for which center, in every transaction.

PostgreSQL enforces the boundary with row security.  This module is the only place that tells
PostgreSQL who is asking.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from jinzhu.core.problems import NotSignedIn


class Reach(StrEnum):
    """How far one unit of work sees; each is a database role with policies of its own."""

    OWN = "own"  #: read and write the rows of one center
    SUBTREE = "subtree"  #: read the rows of a center and of all below it
    PUSH = "push"  #: move a standard's pointer in the centers below its owner
    PUBLIC = "public"  #: read what a center has made public, without being anybody


#: `NONE` is the login role of the service itself, which reaches the own center only.
ROLES = {
    Reach.OWN: "NONE",
    Reach.SUBTREE: "jinzhu_reader",
    Reach.PUSH: "jinzhu_push",
    Reach.PUBLIC: "jinzhu_public",
}

#: A plan made once and for all fits one center as well as another, but not a province as well as a
#: county: beyond the own center each statement is planned for what it is about.
PLANS = {
    Reach.OWN: "auto",
    Reach.SUBTREE: "force_custom_plan",
    Reach.PUSH: "force_custom_plan",
    Reach.PUBLIC: "auto",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """On whose behalf the current request or job runs."""

    tenant_id: int | None = None
    actor_id: int | None = None
    post_id: int | None = None
    permissions: frozenset[str] = frozenset()
    #: Codes of the departments the post is limited to; None where it sees the whole center.
    departments: tuple[str, ...] | None = None
    reach: Reach = Reach.OWN
    action: str = ""
    request_id: str = ""


NOBODY = Scope()
_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope:
    """Return the scope, or fail loudly where nobody has entered one."""
    scope = _scope.get()
    if scope is None:
        raise NotSignedIn
    return scope


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """Act for one center.  For `work`; nothing else changes the scope."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def _plain(text: str) -> str:
    """Keep what needs no quoting."""
    return re.sub(r"[^A-Za-z0-9_.:-]", "", text)[:80]


def statements(scope: Scope) -> str:
    """Return the SQL that binds the scope to the present transaction.

    Every setting is given every time, so that nothing of an earlier one can shine through.
    Statements, not set_config(): only they reach the workers of a distributed PostgreSQL.
    """
    tenant = "" if scope.tenant_id is None else str(int(scope.tenant_id))
    actor = "" if scope.actor_id is None else str(int(scope.actor_id))
    return (
        f"SET LOCAL app.tenant_id = '{tenant}'; SET LOCAL app.actor_id = '{actor}';"
        f" SET LOCAL app.action = '{_plain(scope.action)}';"
        f" SET LOCAL app.request_id = '{_plain(scope.request_id)}';"
        f" SET LOCAL plan_cache_mode = {PLANS[scope.reach]};"
        f" SET LOCAL ROLE {ROLES[scope.reach]}"
    )


@event.listens_for(Session, "after_begin")
def tell_postgres(_: Session, __: SessionTransaction, connection: Connection) -> None:
    """Bind the scope to each transaction, so that it cannot outlive it."""
    wanted = statements(_scope.get() or NOBODY)
    if not _begun_with(wanted, connection):
        connection.exec_driver_sql(wanted)


def _begun_with(wanted: str, connection: Connection) -> bool:
    """Begin the transaction and bind the scope in one round trip, where none has begun yet.

    psycopg would send BEGIN in a round trip of its own.  What fails here is left for the ordinary
    way to find and to raise.
    """
    wire: PGconn = connection.connection.driver_connection.pgconn  # type: ignore[union-attr]  # psycopg's
    if wire.transaction_status != TransactionStatus.IDLE:
        return False
    return wire.exec_(f"BEGIN; {wanted}".encode()).status == ExecStatus.COMMAND_OK
