"""The names behind the codes of a list, also of parts that newer editions have dropped."""

from collections.abc import Iterable

from sqlalchemy import text

from jinzhu.core.db import db

_PARTS = text("""
    SELECT DISTINCT ON (r.provision_id, w.field, part ->> 'code')
        r.provision_id, w.field, part ->> 'code' AS code,
        coalesce(part ->> 'name', part ->> 'question', part ->> 'code') AS name
    FROM unnest(CAST(:provisions AS bigint[]), CAST(:fields AS text[])) w (provision_id, field)
    JOIN revision r ON r.provision_id = w.provision_id
        AND jsonb_typeof(r.content -> w.field) = 'array'
    CROSS JOIN LATERAL jsonb_array_elements(r.content -> w.field) part
    WHERE jsonb_typeof(part) = 'object'
    ORDER BY r.provision_id, w.field, part ->> 'code', r.id DESC
""")


def part_names(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], dict[str, str]]:
    """Return for each (provision, field) that holds a list the name of every code it ever had."""
    pairs = sorted(set(wanted))
    found: dict[tuple[int, str], dict[str, str]] = {pair: {} for pair in pairs}
    if not pairs:
        return found
    values = {"provisions": [pair[0] for pair in pairs], "fields": [pair[1] for pair in pairs]}
    for row in db.session.execute(_PARTS, values):
        found[row.provision_id, row.field][row.code] = row.name
    return found
