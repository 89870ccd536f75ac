"""The declarative base and the session."""

import enum
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

import orjson
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    MetaData,
    Select,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from jinzhu.core import tenancy  # noqa: F401  (binds the scope to every transaction)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
TYPES: dict[Any, Any] = {
    str: Text(),
    datetime: DateTime(timezone=True),
    date: Date(),
    dict[str, Any]: JSONB(),
    list[str]: ARRAY(Text()),
    enum.Enum: Enum(
        enum.Enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    ),
}
OWN_CENTER = text("app.tenant_id()")
#: A SELECT of whatever columns.
Selection = Select[*tuple[Any, ...]]


class Base(DeclarativeBase):
    """Base of every table."""

    # Flask-SQLAlchemy copies this class, so the types have to sit on the registry.
    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map=TYPES)


db = SQLAlchemy(
    model_class=Base,
    engine_options={
        "pool_size": 8,
        "max_overflow": 4,
        "json_deserializer": orjson.loads,
        # An error goes into the log; what somebody has typed does not.
        "hide_parameters": True,
    },
)


class TenantOwned:
    """A row that belongs to one center; PostgreSQL fills in which.

    The key begins with the center: that is what composite foreign keys refer to, and what a
    distributed PostgreSQL needs.
    """

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("center.id"), primary_key=True, autoincrement=False, server_default=OWN_CENTER
    )
    #: By its number a row is found again among others of the same statement.
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, insert_sentinel=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


Record = TypeVar("Record", bound=Base)


def add(record: Record) -> Record:
    """Store a new record, so that it has its id and its defaults."""
    db.session.add(record)
    db.session.flush()
    return record


@contextmanager
def comparing_by_hash() -> Iterator[None]:
    """Join whole lists of many rows, and do not go through one for each row of the other.

    For sums over many centers: behind row security the planner takes lists for next to empty, and
    a nested loop that would be right then takes minutes.  An index looked up by LATERAL stays.
    """
    db.session.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    db.session.execute(text("SET LOCAL enable_nestloop = on"))  # what fails has ended it anyway


def aside() -> AbstractContextManager[Connection]:
    """Open a connection beside the unit of work, each statement its own transaction.

    For what has to be known before there is a scope, and for locks that outlive a transaction.
    """
    opened: AbstractContextManager[Connection] = current_app.extensions.get("aside", _aside)()
    return opened


def _aside() -> Connection:
    return db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
