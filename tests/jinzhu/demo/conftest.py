"""Databases of their own for the demo: it commits, and it wants to find no province."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from jinzhu import migrate
from jinzhu.config import Settings
from jinzhu.core.http import Application
from jinzhu.demo import province

AppOn = Callable[..., AbstractContextManager[Application]]


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


@contextmanager
def _on(settings: Settings, app_on: AppOn, superuser: Engine) -> Iterator[Demo]:
    """Run the application on a database."""
    name = make_url(settings.database_url).database
    all_seeing = create_engine(superuser.url.set(database=name))
    with app_on(settings) as app:
        yield Demo(app, settings, all_seeing)
    all_seeing.dispose()


@pytest.fixture(scope="session")
def built(
    demo_built: str, new_database: Callable[..., Settings], app_on: AppOn, superuser: Engine
) -> Iterator[Demo]:
    """The demo province as it was built, for all tests that only look at it."""
    with _on(new_database("demo_built", like=demo_built), app_on, superuser) as demo:
        yield demo


@pytest.fixture
def unbuilt(
    new_database: Callable[..., Settings], app_on: AppOn, superuser: Engine
) -> Iterator[Callable[[str], Demo]]:
    """Make empty databases by name."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(_on(new_database(name), app_on, superuser))
