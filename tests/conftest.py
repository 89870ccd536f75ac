"""A real PostgreSQL with the real roles and policies; what a test writes is undone after it."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, event, text

from jinzhu import migrate
from jinzhu.app import create_app
from jinzhu.config import Settings, sqlalchemy_url
from jinzhu.core.db import db
from jinzhu.core.http import Application
from jinzhu.core.tenancy import NOBODY, Scope, statements
from jinzhu.core.transaction import work
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import SUPERUSER, Postgres
from jinzhu.embedded.valkey import Valkey
from jinzhu.identity.roles import ROLES

PASSWORD = "Correct-Horse-7"
#: A hash says itself what it costs to check, so that people sign in quickly in tests.
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
TREE = [
    # code, level, name, parent
    ("510000", "province", "四川省", None),
    ("511600", "city", "广安市", "510000"),
    ("511602", "county", "广安区", "511600"),
    ("511622", "county", "武胜县", "511600"),
    ("510700", "city", "绵阳市", "510000"),
    ("510703", "county", "涪城区", "510700"),
]
PEOPLE = [
    # username, center, role, departments
    ("province", "510000", "standards_officer", None),
    ("watch", "510000", "supervisor", None),
    ("city", "511600", "city_manager", None),
    ("county", "511602", "center_manager", None),
    ("liaison", "511602", "department_liaison", ["D02"]),
    ("clerk", "511602", "clerk", None),
    ("neighbour", "511622", "center_manager", None),
    ("stranger", "510703", "center_manager", None),
]


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of a test run: a superuser's address, and the queue's."""

    superuser: str
    redis: str


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Start PostgreSQL and Valkey for the run; TEST_DATABASE_URL brings another PostgreSQL."""
    folder = DataFolder(tmp_path_factory.mktemp("servers"))
    folder.open()
    valkey = Valkey(folder, durable=False)
    valkey.start()
    given = os.environ.get("TEST_DATABASE_URL")
    postgres = None if given else Postgres(folder, durable=False)
    if postgres:
        postgres.start()
    yield Servers(given or postgres.url(SUPERUSER, database="postgres"), valkey.url())
    for server in (valkey, postgres):
        if server:
            server.stop()


def _fresh(superuser: str, name: str, *, like: str = "template1") -> str:
    """Make a database owned by a role that is no superuser; return the owner's address."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        roles = "SELECT 1 FROM pg_roles WHERE rolname = 'jinzhu_owner'"
        if not connection.execute(roles).fetchone():
            connection.execute("CREATE ROLE jinzhu_owner CREATEROLE")
        connection.execute("ALTER ROLE jinzhu_owner LOGIN PASSWORD 'owner'")
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} OWNER jinzhu_owner TEMPLATE {like}")
        info = connection.info
        return psycopg.conninfo.make_conninfo(
            info.dsn, host=info.host, user="jinzhu_owner", password="owner", dbname=name
        )


def as_url(dsn: str) -> str:
    """Write a connection string as an address."""
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    return (
        f"postgresql://{parts['user']}:{parts['password']}@/{parts['dbname']}"
        f"?host={parts['host']}&port={parts.get('port', 5432)}"
    )


def settings_for(servers: Servers, name: str, *, like: str = "template1") -> Settings:
    """Make a database and return the settings of a service on it."""
    owner = as_url(_fresh(servers.superuser, name, like=like))
    return replace(
        Settings.read(),
        database_url=owner.replace("jinzhu_owner:owner", "jinzhu_web:web"),
        database_owner_url=owner,
        redis_url=servers.redis,
        web_password="web",
        idle_minutes=30,
    )


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def new_database(servers: Servers) -> Callable[..., Settings]:
    """Make a migrated database of its own, for what has to commit; it was migrated once.

    `like` names another one that it begins as a copy of.
    """
    empty = f"empty_{WORKER}"
    migrate.upgrade(settings_for(servers, empty))

    def made(name: str, *, like: str = "empty") -> Settings:
        return settings_for(servers, f"{name}_{WORKER}", like=f"{like}_{WORKER}")

    return made


@pytest.fixture(scope="session")
def new_province(
    servers: Servers, new_database: Callable[[str], Settings]
) -> Callable[[str], Settings]:
    """Make a database of its own with the small province in it."""
    engine = migrate.owner_engine(new_database("small"))
    with engine.begin() as connection:
        plant(connection)
    engine.dispose()
    return lambda name: settings_for(servers, f"{name}_{WORKER}", like=f"small_{WORKER}")


@pytest.fixture(scope="session")
def settings(new_province: Callable[[str], Settings]) -> Settings:
    """A migrated database with a small province in it."""
    return new_province("test")


@contextmanager
def running(settings: Settings, **config: Any) -> Iterator[Application]:
    """Run the application on a database."""
    app = create_app(settings, CHECK_OUTPUT=True, PROPAGATE_EXCEPTIONS=False, **config)
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].close()


@pytest.fixture(scope="session")
def app_on() -> Callable[..., AbstractContextManager[Application]]:
    """Run the application on a database of one's own; what it commits stays there."""
    return running


def plant(connection: Connection) -> None:
    """Plant centers, accounts and posts."""
    for code, level, name, parent in TREE:
        connection.execute(
            text("""
                WITH above AS (SELECT id, path FROM center WHERE code = :parent),
                own AS (SELECT nextval(pg_get_serial_sequence('center', 'id'))::int AS id)
                INSERT INTO center (id, code, level, name, name_key, parent_id, path)
                SELECT own.id, :code, :level, :name, :name, above.id,
                    coalesce(above.path, '{}') || own.id FROM own LEFT JOIN above ON true"""),
            {"code": code, "level": level, "name": name, "parent": parent},
        )
    hashed = CHEAP.hash(PASSWORD)
    for username, center, role, departments in PEOPLE:
        connection.execute(
            text("""
                WITH person AS (
                    INSERT INTO account (username, name, password_hash, must_change_password)
                    VALUES (:username, :username, :hash, false) RETURNING id)
                INSERT INTO post (account_id, center_id, role_code, departments)
                SELECT person.id, center.id, :role, cast(:departments AS text[])
                FROM person, center WHERE center.code = :center"""),
            {
                "username": username,
                "hash": hashed,
                "center": center,
                "role": role,
                "departments": departments,
            },
        )


@pytest.fixture(scope="session")
def whole_app(settings: Settings) -> Iterator[Application]:
    """The application, on the database of the run."""
    with running(settings) as app:
        yield app


@pytest.fixture(scope="session")
def owner(settings: Settings) -> Iterator[Engine]:
    """The owner of the tables."""
    engine = migrate.owner_engine(settings)
    yield engine
    engine.dispose()


@contextmanager
def undone(whole_app: Application) -> Iterator[Application]:
    """Put the application on one connection; everything it commits is undone afterwards."""
    with whole_app.app_context():
        engines, engine = db.engines, db.engine
        db.session.configure(join_transaction_mode="create_savepoint")
    with engine.connect() as connection, connection.begin() as outer:
        engines[None] = connection  # type: ignore[call-overload]  # a connection binds as well

        @contextmanager
        def aside() -> Iterator[Connection]:
            # In one transaction the role of the last unit of work would still be on.
            connection.exec_driver_sql(statements(NOBODY))
            yield connection

        whole_app.extensions["aside"] = aside
        try:
            yield whole_app
        finally:
            outer.rollback()
            engines[None] = engine
            del whole_app.extensions["aside"]


@pytest.fixture(scope="session")
def undo() -> Callable[[Application], AbstractContextManager[Application]]:
    """Undo what an application commits in a block."""
    return undone


@pytest.fixture
def app(whole_app: Application) -> Iterator[Application]:
    """The application on one connection; everything the test commits is undone after it."""
    with undone(whole_app):
        yield whole_app


@pytest.fixture(scope="session")
def centers(owner: Engine) -> dict[str, int]:
    """The number of each center by the name of its division."""
    with owner.connect() as connection:
        return {row.name: row.id for row in connection.execute(text("SELECT id, name FROM center"))}


@pytest.fixture
def at(app: Application, centers: dict[str, int]) -> Callable[..., Any]:
    """Open a unit of work at a center, with the permissions of a role."""

    @contextmanager
    def opened(center: str, role: str = "center_manager", **more: Any) -> Iterator[None]:
        scope = Scope(
            centers[center], actor_id=1, permissions=frozenset(ROLES[role]), action="test", **more
        )
        with app.app_context(), work(scope):
            yield

    return opened


class Browser:
    """A signed-in client that sends the token as our own page does."""

    def __init__(self, client: FlaskClient, me: dict[str, Any]) -> None:
        self.client, self.me = client, me
        self.token = me["csrf_token"]

    def send(self, method: str, path: str, **more: Any) -> Any:
        """Send a request."""
        headers = {"X-CSRF-Token": self.token, **more.pop("headers", {})}
        if "version" in more:
            headers["If-Match"] = f'"{more.pop("version")}"'
        return self.client.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        """Read."""
        return self.send("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Any:
        """Ask for something to be done."""
        return self.send("POST", path, json={} if json is None else json, **more)


def signed_in(app: Application, username: str, password: str = PASSWORD) -> Browser:
    """Sign somebody in."""
    client = app.test_client()
    answer = client.post("/api/session", json={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    return Browser(client, answer.json)


@pytest.fixture(scope="session")
def browser_of() -> Callable[..., Browser]:
    """Sign somebody in at an application of one's own."""
    return signed_in


@pytest.fixture
def sign_in(app: Application) -> Callable[[str], Browser]:
    """Sign somebody in."""

    return lambda username: signed_in(app, username)


@pytest.fixture(scope="session")
def superuser(servers: Servers) -> Iterator[Engine]:
    """A role that passes every policy: to look at what really stands in the tables."""
    engine = create_engine(sqlalchemy_url(servers.superuser))
    yield engine
    engine.dispose()


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait until something is true, at most so many seconds; return what it was."""

    def waited(condition: Callable[[], Any], *, seconds: float, every: float = 0.05) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, "it did not come true in time"
            threading.Event().wait(every)
        return found

    return waited


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect every SQL statement that is sent inside the block."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def sent() -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the SQL statements of a block."""
    return counted


ROOT = Path(__file__).parents[1]
