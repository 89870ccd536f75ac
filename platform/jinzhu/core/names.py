"""The name behind the number of an account, for histories and lists."""

from collections.abc import Iterable

from sqlalchemy import text

from jinzhu.core.db import db

_NAMES = text("SELECT id, name FROM app.names(CAST(:ids AS bigint[]))")


def names_of(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names of accounts by number; nothing else of an account is told."""
    wanted = sorted({number for number in ids if number is not None})
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(_NAMES, {"ids": wanted})}
