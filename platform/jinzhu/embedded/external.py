"""Look at servers that somebody else runs before anything depends on them.

`python -m jinzhu.embedded.external DATABASE_URL REDIS_URL …` looks at what these settings name and
prints what it found as JSON. A process of its own, because only those who bring their own servers
need the drivers loaded.
"""

import json
import os
import sys

import psycopg
import redis

from jinzhu.embedded import trouble

OLDEST, NEWEST = 15, 18
PATIENCE = 5  # seconds

LOOK = """
    SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
           rolsuper OR rolcreaterole
    FROM pg_roles WHERE rolname = current_user
"""


def may_make_roles(setting: str, url: str) -> bool:
    """Connect once and say whether the role could be the owner; refuse an unsupported server."""
    try:
        with psycopg.connect(plain_address(url), connect_timeout=PATIENCE) as connection:
            row = connection.execute(LOOK).fetchone()
    except (psycopg.Error, ValueError) as error:
        raise trouble.unreachable(setting, _first_line(error)) from None
    assert row is not None
    major, version, able = row
    if not OLDEST <= major <= NEWEST:
        raise trouble.unsupported_version(setting, version)
    return bool(able)


def ask_redis(setting: str, url: str) -> None:
    """Ask Redis or Valkey whether it is there."""
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
        ) as server:
            server.ping()
    except (redis.RedisError, ValueError) as error:
        raise trouble.unreachable(setting, _first_line(error)) from None


def plain_address(url: str) -> str:
    """Return a PostgreSQL address without the driver that SQLAlchemy's form names."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise ValueError("postgresql://user:password@host:5432/database")
    return f"postgresql://{rest}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def look(names: list[str]) -> dict[str, object]:
    """Look at each setting's server."""
    found: dict[str, object] = {}
    for name in names:
        url = os.environ[name]
        if name == "REDIS_URL":
            ask_redis(name, url)
        else:
            found[name] = may_make_roles(name, url)
    return found


def main() -> None:
    """Print what was found, or the trouble."""
    try:
        answer = look(sys.argv[1:])
    except trouble.Trouble as error:
        answer = {"trouble": [error.chinese, error.english]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
