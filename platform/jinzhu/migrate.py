"""Bring a database up to this release: its roles, its tables, its shipped roles of posts."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, text

from jinzhu.config import Settings, sqlalchemy_url
from jinzhu.core import ddl
from jinzhu.identity import roles

ROOT = Path(__file__).resolve().parents[2]
#: Two `migrate` at once wait for each other.
LOCK = 7200


def owner_engine(settings: Settings) -> Engine:
    """Connect as the owner of the tables."""
    return create_engine(sqlalchemy_url(settings.database_owner_url or settings.database_url))


def configuration(engine: Engine) -> Config:
    """Return Alembic's configuration for this database."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = engine
    return config


def upgrade(settings: Settings) -> None:
    """Create or change everything up to the newest migration."""
    engine = owner_engine(settings)
    with engine.connect() as lock:
        lock.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        lock.commit()
        with engine.begin() as connection:
            connection.exec_driver_sql(ddl.ROLES)
            if settings.web_password:
                _set_password(connection, settings.web_password)
        command.upgrade(configuration(engine), "head")
        with engine.begin() as connection:
            roles.store(connection)
    engine.dispose()


def _set_password(connection: Connection, password: str) -> None:
    """Let the service sign in with the password that the operator keeps for it."""
    statement = sql.SQL("ALTER ROLE jinzhu_web PASSWORD {}").format(sql.Literal(password))
    connection.exec_driver_sql(statement.as_string())


def check(settings: Settings) -> None:
    """Fail where the tables and the models differ."""
    engine = owner_engine(settings)
    try:
        command.check(configuration(engine))
    finally:
        engine.dispose()
