"""The application as it is declared, and the tables as PostgreSQL knows them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from jinzhu.app import documented_app
from jinzhu.core.http import Application


@pytest.fixture(scope="session")
def declared() -> Application:
    """The application with its routes, without a database."""
    return documented_app()


@pytest.fixture
def tables(owner: Engine) -> Iterator[Connection]:
    """The owner's connection to a migrated database; a table that a test makes is thrown away."""
    with owner.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
