"""Databases of their own for the demo: it commits, and it wants to find no province."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text

from jinzhu import migrate
from jinzhu.app import create_app
from jinzhu.config import Settings
from jinzhu.core.db import db
from jinzhu.core.http import Application
from jinzhu.demo import province


@dataclass(frozen=True, slots=True)
class Demo:
    """An application on a database of its own."""

    app: Application
    settings: Settings
    #: Passes every policy, which the owner of the tables does not.
    superuser: Engine

    def build(self) -> bool:
        """Build the demo province."""
        return province.build(self.app)

    def rows(self, query: str) -> list[tuple]:
        """Look at what really stands in the tables."""
        with self.superuser.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    @contextmanager
    def owner(self) -> Iterator[Connection]:
        """Connect as the owner of the tables."""
        engine = migrate.owner_engine(self.settings)
        with engine.begin() as connection:
            yield connection
        engine.dispose()


def _there(url: str | URL, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _demo(settings: Settings, superuser: Engine, name: str) -> Iterator[Demo]:
    """Make an empty, migrated database and an application on it."""
    server = superuser.execution_options(isolation_level="AUTOCOMMIT")
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} OWNER jinzhu_owner"))
    own = replace(
        settings,
        database_url=_there(settings.database_url, name),
        database_owner_url=_there(settings.database_owner_url, name),
    )
    migrate.upgrade(own)
    app = create_app(own)
    all_seeing = create_engine(_there(superuser.url, name))
    yield Demo(app, own, all_seeing)
    all_seeing.dispose()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def built(settings: Settings, superuser: Engine) -> Iterator[Demo]:
    """The demo province, built once for all tests that only look at it."""
    with _demo(settings, superuser, "demo_built") as demo:
        assert demo.build() is True
        yield demo


@pytest.fixture
def unbuilt(settings: Settings, superuser: Engine) -> Iterator[Callable[[str], Demo]]:
    """Make empty databases by name."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(_demo(settings, superuser, name))
