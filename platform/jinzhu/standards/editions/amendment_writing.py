"""An amendment as it is written: revisions that hold the amended fields alone.

Each belongs to a provision of the standard above and bears its name, so that lists read well.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import text

from jinzhu.core.db import db

_WRITE = text("""
    WITH written AS (
        INSERT INTO revision (provision_id, content, rules, applies, content_hash, kind, code,
            name, name_key, name_initials, item_type, department_code, levels)
        SELECT r.provision_id, g.content, g.rules, '{}', g.content_hash, r.kind, r.code, r.name,
            r.name_key, r.name_initials, r.item_type, r.department_code, '{}'
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS g (
            kind text, code text, content jsonb, rules jsonb, content_hash text)
        JOIN revision r ON r.kind = g.kind AND r.code = g.code
        JOIN edition_entry e ON e.edition_id = :upper AND e.revision_id = r.id
        RETURNING id, provision_id
    )
    INSERT INTO edition_entry (edition_id, provision_id, revision_id)
    SELECT :edition, provision_id, id FROM written
""")


def write(edition_id: int, rows: Sequence[Mapping[str, Any]], *, upper_id: int) -> None:
    """Write amended provisions into an edition; each row has its own hash."""
    values = {"edition": edition_id, "upper": upper_id, "rows": orjson.dumps(list(rows)).decode()}
    db.session.execute(_WRITE, values)
