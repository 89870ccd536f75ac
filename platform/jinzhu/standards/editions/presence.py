"""Who has a provision of a draft open just now, so that two people need not write over each other.

Kept in the queue's memory alone and gone by itself; nothing depends on it.  What guards the draft
is the version of each entry.
"""

import time
from collections.abc import Iterable

from redis.exceptions import RedisError

from jinzhu.core import jobs
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current

#: A page says every twenty seconds that it is open; who misses that twice has left.
GONE_AFTER = 45


def _key(edition_id: int) -> str:
    return f"jinzhu:presence:{edition_id}"


def enter(edition_id: int, kind: str, code: str) -> None:
    """Note that the account has a provision open."""
    key, now = _key(edition_id), time.time()
    try:
        with jobs.redis().pipeline() as pipe:
            pipe.zadd(key, {f"{current().actor_id} {kind} {code}": now})
            pipe.zremrangebyscore(key, 0, now - GONE_AFTER)
            pipe.expire(key, GONE_AFTER)
            pipe.execute()
    except RedisError:
        return


def leave(edition_id: int, kind: str, code: str) -> None:
    """Note that the account has closed a provision."""
    try:
        jobs.redis().zrem(_key(edition_id), f"{current().actor_id} {kind} {code}")
    except RedisError:
        return


def others(edition_id: int) -> list[Row]:
    """Return who else has which provision of a draft open: {kind, code, name}."""
    try:
        found = jobs.redis().zrangebyscore(_key(edition_id), time.time() - GONE_AFTER, "+inf")
    except RedisError:
        return []
    return _named(str(one, "utf-8").split(" ", 2) for one in found if isinstance(one, bytes))


def _named(open_now: Iterable[list[str]]) -> list[Row]:
    rows = [(int(account), kind, code) for account, kind, code in open_now]
    names = names_of(account for account, _, _ in rows)
    return [
        {"kind": kind, "code": code, "name": names.get(account, "")}
        for account, kind, code in rows
        if account != current().actor_id
    ]
