"""Local values of many records at once: those that are given up, and those that are set."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.standards.claims import tables

_WRITE = """
    UPDATE {table} t SET local = (t.local - c.gone) || c.given,
        set_under = (t.set_under - c.gone) || (
            SELECT coalesce(jsonb_object_agg(key,
                jsonb_build_object('edition', a.edition_id, 'at', CAST(:at AS text))), '{{}}')
            FROM jsonb_object_keys(c.given) key),
        version = t.version + 1, updated_at = now(), updated_by = app.actor_id()
    FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS c (number bigint, gone text[], given jsonb),
        adoption a
    WHERE t.tenant_id = app.tenant_id() AND t.provision_id = c.number
        AND a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
"""

_SETTLE = text("""
    INSERT INTO settlement (standard_id, provision_id, kind, field, rule, local_value, bound,
        edition_id, resolution, settled_value, reason, opened_at)
    SELECT c.standard_id, c.provision_id, c.kind, c.field, c.rule, c.local_value, c.bound,
        a.edition_id, c.resolution, c.settled_value, c.reason, a.since
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS c (standard_id int, provision_id bigint,
        kind text, field text, rule text, local_value jsonb, bound jsonb, resolution text,
        settled_value jsonb, reason text)
    JOIN adoption a ON a.tenant_id = app.tenant_id() AND a.standard_id = c.standard_id
""")


def as_json(rows: Sequence[Any]) -> str:
    """Return rows as the statements take them."""
    return orjson.dumps(list(rows), default=str).decode()


def write(kind: str, changes: Sequence[Row]) -> None:
    """Write `{"number": provision, "gone": [field, …], "given": {field: value}}` of a kind.

    The database refuses all of them if one value is outside its bound.
    """
    if changes:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        statement = text(_WRITE.format(table=tables()[kind]))
        db.session.execute(statement, {"changes": as_json(changes), "at": now})
        db.session.expire_all()


def settle(rows: Sequence[Row]) -> None:
    """Keep the center's answers to conflicts, with what each answered to."""
    if rows:
        db.session.execute(_SETTLE, {"rows": as_json(rows)})
