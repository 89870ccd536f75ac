"""Alembic, for an engine that `jinzhu.migrate` hands over."""

from typing import Any

from alembic import context

from jinzhu import modules
from jinzhu.core.db import Base

list(modules.load("models"))
#: Written by SQL of our own in a migration, not by a model.
BY_HAND = {"change"}


def ours(name: str | None, kind: str, _: Any) -> bool:
    """Say whether a table is described by a model."""
    return not (kind == "table" and name in BY_HAND)


with context.config.attributes["engine"].connect() as connection:
    connection.exec_driver_sql("SET lock_timeout = '5s'")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=ours,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
