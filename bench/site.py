"""An installation of its own in a temporary folder: the servers as in production, and the app."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from jinzhu import migrate
from jinzhu.app import create_app
from jinzhu.config import Settings
from jinzhu.core.db import db
from jinzhu.core.http import Application
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import OWNER, SUPERUSER, WEB, Postgres
from jinzhu.embedded.valkey import Valkey

LONGEST_START = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Site:
    """An installation that runs: addresses, and the product as it runs in this process."""

    settings: Settings
    #: The address of a role that passes every policy.
    superuser: str
    app: Application

    @contextmanager
    def bypassing(self) -> Iterator[psycopg.Connection]:
        """Connect as a role that passes every policy."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            yield connection

    def environment(self) -> dict[str, str]:
        """Return the environment of the product's own processes."""
        return {
            **os.environ,
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.settings.redis_url,
        }


@contextmanager
def running() -> Iterator[Site]:
    """Run a site in a temporary folder, and remove it."""
    with tempfile.TemporaryDirectory(prefix="jinzhu-bench-") as place:
        Path(place).chmod(0o711)
        with running_in(Path(place) / "site") as site:
            yield site


@contextmanager
def running_in(place: Path) -> Iterator[Site]:
    """Start PostgreSQL and Valkey as an operator gets them, migrate, and stop them again."""
    folder = DataFolder(place)
    folder.open()
    folder.lock()
    postgres, valkey = Postgres(folder), Valkey(folder)
    try:
        postgres.start()
        valkey.start()
        yield from _opened(folder, postgres, valkey)
    finally:
        valkey.stop()
        postgres.stop()
        folder.clear_sockets()
        folder.unlock()


def _opened(folder: DataFolder, postgres: Postgres, valkey: Valkey) -> Iterator[Site]:
    settings = replace(
        Settings.read(),
        database_url=postgres.url(WEB),
        database_owner_url=postgres.url(OWNER),
        redis_url=valkey.url(),
        web_password=folder.secret("web"),
    )
    migrate.upgrade(settings)
    app = create_app(settings)
    yield Site(settings, postgres.url(SUPERUSER), app)
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].close()


@contextmanager
def serving(
    words: list[str], *, port: int, path: str, environment: Mapping[str, str]
) -> Iterator[None]:
    """Run a web server in a process of its own, from its first answer on."""
    process = subprocess.Popen(
        [sys.executable, *words],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_answer(f"http://127.0.0.1:{port}{path}", process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def await_answer(address: str, process: "subprocess.Popen[bytes]", *, longest: float = 0) -> None:
    """Wait until an address answers.

    Raises:
        RuntimeError: if the process ends or the time is up.
    """
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + (longest or LONGEST_START)
    while time.monotonic() < until and process.poll() is None:
        try:
            with direct.open(address, timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{address} does not answer (exit code {process.poll()})")


def free_port() -> int:
    """Return a port of this machine that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
