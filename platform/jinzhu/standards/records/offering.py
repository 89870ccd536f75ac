"""Offering many items at once, each with its local values and the reason that its history tells.

For what has been checked already: it writes, in one statement, and leaves alone what is as it
should be.  A value that stays keeps the mark of the edition under which it was set.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.standards.claims import tables
from jinzhu.standards.records import local_values

_OFFER = """
    WITH given AS MATERIALIZED (
        SELECT g.standard_id, g.provision_id, g.local, g.reason, jsonb_build_object(
            'edition', a.edition_id, 'at', CAST(:at AS text)) AS mark
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS g (standard_id int, provision_id bigint,
            local jsonb, reason text)
        JOIN adoption a ON a.tenant_id = app.tenant_id() AND a.standard_id = g.standard_id
    ), changed AS (
        UPDATE {table} t SET claim = 'offered', covered_by_id = NULL, reason = g.reason,
            local = g.local, set_under = coalesce((
                SELECT jsonb_object_agg(k, CASE WHEN t.local -> k = g.local -> k
                    THEN coalesce(t.set_under -> k, g.mark) ELSE g.mark END)
                FROM jsonb_object_keys(g.local) k), '{{}}'),
            version = t.version + 1, updated_at = now(), updated_by = app.actor_id()
        FROM given g
        WHERE t.tenant_id = app.tenant_id() AND t.provision_id = g.provision_id
            AND (t.claim, t.reason, t.local) IS DISTINCT FROM ('offered', g.reason, g.local)
    )
    INSERT INTO {table} (standard_id, provision_id, claim, reason, local, set_under)
    SELECT g.standard_id, g.provision_id, 'offered', g.reason, g.local, coalesce((
        SELECT jsonb_object_agg(k, g.mark) FROM jsonb_object_keys(g.local) k), '{{}}')
    FROM given g
    WHERE NOT EXISTS (SELECT FROM {table} t
        WHERE t.tenant_id = app.tenant_id() AND t.provision_id = g.provision_id)
"""


def offer(kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Offer items: each row has `standard_id`, `provision_id`, `local` as a whole, and `reason`."""
    if not rows:
        return
    local_values.take_turn()
    values = {
        "rows": orjson.dumps(list(rows)).decode(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    db.session.execute(text(_OFFER.format(table=tables()[kind])), values)
    db.session.expire_all()
