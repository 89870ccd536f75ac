"""The servers of a test run, and what is made once for all its workers.

One PostgreSQL serves every worker of a run: what takes long to make, above all the demo province,
is made by the worker that needs it first and copied by the others.  A queue belongs to one worker,
for what one sends another would carry out.
"""

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from jinzhu import keys
from jinzhu.config import Settings
from jinzhu.core import ddl
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import OWNER, SUPERUSER, Postgres

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of a test run: a superuser's address, the queue's, and the run's own folder."""

    superuser: str
    redis: str
    shared: Path


@contextmanager
def database_server(place: Path) -> Iterator[str]:
    """Start PostgreSQL and return a superuser's address; TEST_DATABASE_URL brings another."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    folder = DataFolder(place)
    folder.open()
    postgres = Postgres(folder, durable=False)
    try:
        postgres.start()
        yield postgres.url(SUPERUSER, database="postgres")
    finally:
        postgres.stop()
        folder.clear_sockets()


@contextmanager
def alone(shared: Path, name: str) -> Iterator[Path]:
    """Let one worker at a time in; return the file that says whether it has been done."""
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared / f"{name}.done"


def once(shared: Path, name: str, make: Callable[[], object]) -> None:
    """Do something once in a run, whichever worker comes first; the others wait for it."""
    with alone(shared, name) as done:
        if not done.exists():
            make()
            done.touch()


def _owner(superuser: str) -> None:
    """Make the owner of the databases, who is no superuser."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        roles = "SELECT 1 FROM pg_roles WHERE rolname = 'jinzhu_owner'"
        if not connection.execute(roles).fetchone():
            connection.execute("CREATE ROLE jinzhu_owner CREATEROLE")
        connection.execute("ALTER ROLE jinzhu_owner LOGIN PASSWORD 'owner'")


def _fresh(servers: Servers, name: str, *, like: str) -> str:
    """Make a database of the owner's; return the owner's address."""
    once(servers.shared, "owner", lambda: _owner(servers.superuser))
    with psycopg.connect(servers.superuser, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} OWNER jinzhu_owner TEMPLATE {like}")
        info = connection.info
        return psycopg.conninfo.make_conninfo(
            info.dsn, host=info.host, user="jinzhu_owner", password="owner", dbname=name
        )


def _as_url(dsn: str) -> str:
    """Write a connection string as an address."""
    parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(dsn)
    return (
        f"postgresql://{parts['user']}:{parts['password']}@/{parts['dbname']}"
        f"?host={parts['host']}&port={parts.get('port', 5432)}"
    )


def database(servers: Servers, name: str, *, like: str = "template1") -> Settings:
    """Make a database, perhaps as a copy; return the settings of a service on it."""
    owner = _as_url(_fresh(servers, name, like=like))
    key_file = servers.shared / "keys.json"
    once(servers.shared, "keys", lambda: keys.create(key_file))
    return replace(
        Settings.read(),
        database_url=owner.replace("jinzhu_owner:owner", "jinzhu_web:web"),
        database_owner_url=owner,
        redis_url=servers.redis,
        web_password="web",
        idle_minutes=30,
        key_file=str(key_file),
    )


def pattern(
    servers: Servers, name: str, fill: Callable[[Settings], object], *, like: str = "template1"
) -> str:
    """Make a database to be copied, once in a run; return its name.

    `fill` leaves no connection open: a database that somebody is in cannot be copied.
    """
    once(servers.shared, name, lambda: fill(database(servers, name, like=like)))
    return name


def data_folder(servers: Servers, name: str, place: Path) -> None:
    """Make the data folder of an installation, its database filled like a pattern."""
    folder = DataFolder(place)
    folder.open()
    server = Postgres(folder, durable=False)
    given = psycopg.conninfo.make_conninfo(servers.superuser, dbname=name)
    dump, load = (server.binaries / program for program in ("pg_dump", "psql"))
    server.start()
    try:
        with psycopg.connect(server.url(OWNER)) as connection:
            connection.execute(ddl.ROLES)
        words = [load, "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, server.url(SUPERUSER)]
        with subprocess.Popen([dump, given], stdout=subprocess.PIPE) as dumping:
            subprocess.run(words, stdin=dumping.stdout, check=True)
        assert dumping.returncode == 0
    finally:
        server.stop()
        folder.clear_sockets()
