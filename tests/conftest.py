"""A real PostgreSQL with the real roles and policies; what a test writes is undone after it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
from jinzhu.demo import province
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.valkey import Valkey
from jinzhu.identity.roles import ROLES
from tests.servers import WORKER, Servers, database, database_server, pattern

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
    ("reviewer", "510000", "standards_officer", None),
]
#: Where the process that coordinates a run keeps its servers, and how it hands them to a worker.
RUN = pytest.StashKey[ExitStack]()
SHARED = pytest.StashKey[tuple[str, str]]()
HANDED = "jinzhu_servers"
#: Begun first because they take longest, so that all workers are busy to the end of a run.  The
#: second wants nothing of what the first one makes.
LONGEST = (
    "demo/test_province.py",
    "core/test_isolation.py",
    "journeys/test_survival.py",
    "core/test_jobs.py",
    "embedded/test_run.py",
    "core/test_boundary.py",
    "journeys/",
    "embedded/",
    "standards/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; those of a file stay together, in their order."""

    def place(item: pytest.Item) -> int:
        path = item.path.as_posix()
        found = (number for number, part in enumerate(LONGEST) if f"/{part}" in path)
        return next(found, len(LONGEST))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start the database server that all workers of a run share, and tell a worker where it is."""
    config = node.config
    if RUN not in config.stash:
        stack = config.stash[RUN] = ExitStack()
        config.add_cleanup(stack.close)
        place = Path(stack.enter_context(TemporaryDirectory(prefix="jinzhu-tests-")))
        config.stash[SHARED] = str(place), stack.enter_context(database_server(place / "server"))
    node.workerinput[HANDED] = config.stash[SHARED]


@pytest.fixture(scope="session")
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    """The PostgreSQL of the run and a queue of our own."""
    folder = DataFolder(tmp_path_factory.mktemp("servers"))
    folder.open()
    with ExitStack() as stack:
        valkey = Valkey(folder, durable=False)
        stack.callback(valkey.stop)
        valkey.start()
        handed = getattr(request.config, "workerinput", {}).get(HANDED)
        place, superuser = handed or (
            tmp_path_factory.mktemp("run"),
            stack.enter_context(database_server(tmp_path_factory.mktemp("server"))),
        )
        yield Servers(superuser, valkey.url(), Path(place))


@pytest.fixture(scope="session")
def new_database(servers: Servers) -> Callable[..., Settings]:
    """Make a migrated database of its own, for what has to commit; it was migrated once.

    `like` names a pattern that it begins as a copy of.
    """
    pattern(servers, "empty", migrate.upgrade)
    return lambda name, like="empty": database(servers, f"{name}_{WORKER}", like=like)


@pytest.fixture(scope="session")
def new_province(
    servers: Servers, new_database: Callable[..., Settings]
) -> Callable[..., Settings]:
    """Make a database of its own with the small province in it."""

    def fill(settings: Settings) -> None:
        engine = migrate.owner_engine(settings)
        with engine.begin() as connection:
            plant(connection)
        engine.dispose()

    small = pattern(servers, "small", fill, like="empty")
    return lambda name: new_database(name, like=small)


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
def demo_built(servers: Servers, new_database: Callable[..., Settings]) -> str:
    """Build the demo province, once in a run; return the name of the database to copy."""

    def fill(settings: Settings) -> None:
        with running(settings) as app:
            assert province.build(app) is True

    return pattern(servers, "demo", fill, like="empty")


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


def opening(app: Application, centers: dict[str, int]) -> Callable[..., Any]:
    """Return how units of work are opened at an application."""

    @contextmanager
    def opened(center: str, role: str = "center_manager", **more: Any) -> Iterator[None]:
        who = {"actor_id": 1, **more}
        scope = Scope(centers[center], permissions=frozenset(ROLES[role]), action="test", **who)
        with app.app_context(), work(scope):
            yield

    return opened


@pytest.fixture(scope="session")
def at_on() -> Callable[..., Any]:
    """Open units of work at an application of one's own."""
    return opening


@pytest.fixture
def at(app: Application, centers: dict[str, int]) -> Callable[..., Any]:
    """Open a unit of work at a center, with the permissions of a role."""
    return opening(app, centers)


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
