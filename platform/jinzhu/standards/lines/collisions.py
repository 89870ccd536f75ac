"""Collisions 标准重叠: two standards that say something of the same thing, and which one governs.

They are looked for when an edition is published and when it is rolled out, by one statement:
the same kind and code, or an item of the same name in the same department, in two standards that
can reach one center.  The owners settle it; until they have chosen alike, both hold.
"""

from typing import Any

import orjson
from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.standards import notices
from jinzhu.standards.likeness import SIGNS
from jinzhu.standards.models import Edition, Nature, Standard

#: A name as it is compared: without blanks, signs, width and case; `likeness.plain` in SQL.
PLAIN = f"regexp_replace(lower(normalize(r.name, NFKC)), '[{SIGNS}]+', '', 'g') AS plain"

#: What a center offers of its own is matched by code alone, and when the other edition comes: what
#: is merely called alike, or was there before, is found again where the center takes items over.
_PAIRS = text(f"""
    WITH own AS (
        SELECT s.id, s.owner_id, s.nature, c.path
        FROM standard s JOIN center c ON c.id = s.owner_id WHERE s.id = :standard
    ), other AS (
        SELECT s.id, s.owner_id, s.nature, c.path
        FROM standard s JOIN center c ON c.id = s.owner_id CROSS JOIN own
        WHERE s.id <> own.id AND s.nature <> 'amendment'
            AND (s.owner_id = ANY (own.path) OR own.owner_id = ANY (c.path))
    ), standing AS (
        SELECT o.id AS standard_id, e.id AS edition_id
        FROM other o JOIN LATERAL (
            SELECT id FROM edition WHERE standard_id = o.id AND state = 'published'
            ORDER BY number DESC LIMIT 1) e ON true
        UNION
        SELECT a.standard_id, a.edition_id FROM adoption a JOIN other o ON o.id = a.standard_id
    ), mine AS MATERIALIZED (
        SELECT r.provision_id, r.kind, r.code, r.department_code,
            {PLAIN}
        FROM edition_entry n JOIN revision r ON r.id = n.revision_id
        WHERE n.edition_id = :edition
    ), theirs AS MATERIALIZED (
        SELECT DISTINCT ON (r.provision_id) st.standard_id, r.provision_id, r.kind, r.code,
            r.department_code, {PLAIN}
        FROM standing st
        JOIN edition_entry n ON n.edition_id = st.edition_id
        JOIN revision r ON r.id = n.revision_id
        ORDER BY r.provision_id, r.id DESC
    ), pair AS (
        SELECT m.kind, m.code, m.provision_id AS mine_id, t.provision_id AS their_id, t.standard_id
        FROM mine m JOIN theirs t ON t.kind = m.kind AND t.code = m.code
        UNION
        SELECT m.kind, m.code, m.provision_id, t.provision_id, t.standard_id
        FROM mine m JOIN theirs t ON t.kind = m.kind AND t.plain = m.plain
            AND t.department_code = m.department_code AND t.code <> m.code
        JOIN other o ON o.id = t.standard_id CROSS JOIN own
        WHERE m.kind = 'item' AND m.plain <> '' AND 'own' NOT IN (o.nature, own.nature)
    )
    SELECT p.kind, p.code,
        CASE WHEN u.mine THEN p.mine_id ELSE p.their_id END AS first_id,
        CASE WHEN u.mine THEN p.their_id ELSE p.mine_id END AS second_id,
        CASE WHEN u.mine THEN own.id ELSE o.id END AS first_standard_id,
        CASE WHEN u.mine THEN o.id ELSE own.id END AS second_standard_id,
        CASE WHEN u.mine THEN own.owner_id ELSE o.owner_id END AS owner_id,
        CASE WHEN u.mine THEN o.owner_id ELSE own.owner_id END AS second_owner_id
    FROM pair p JOIN other o ON o.id = p.standard_id CROSS JOIN own
    -- The upper one comes first; of two of one owner the older.
    CROSS JOIN LATERAL (SELECT (cardinality(own.path), own.id) < (cardinality(o.path), o.id)
        AS mine) u
""")
_KEEP = text("""
    INSERT INTO collision (kind, code, first_id, second_id, first_standard_id,
        second_standard_id, owner_id, second_owner_id)
    SELECT kind, code, first_id, second_id, first_standard_id, second_standard_id, owner_id,
        second_owner_id
    FROM jsonb_to_recordset(CAST(:pairs AS jsonb)) AS p (kind text, code text, first_id bigint,
        second_id bigint, first_standard_id int, second_standard_id int, owner_id int,
        second_owner_id int)
    ON CONFLICT (first_id, second_id) DO NOTHING
    RETURNING owner_id, second_owner_id
""")
#: What was settled of a provision holds as long as the provision stays what it was.
_REOPEN = text("""
    UPDATE collision c SET first_says = NULL, second_says = NULL, yielding_id = NULL,
        settled_at = NULL,
        record = c.record || jsonb_build_array(jsonb_build_object(
            'event', 'reopened', 'at', now(), 'by', app.actor_id(),
            'standard', CAST(:standard AS text), 'edition', CAST(:number AS int),
            'provision_id', x.provision_id))
    FROM (
        SELECT now.provision_id
        FROM edition_entry now
        JOIN edition_entry was ON was.edition_id = CAST(:base AS bigint)
            AND was.provision_id = now.provision_id
        WHERE now.edition_id = :edition AND now.revision_id <> was.revision_id) x
    WHERE x.provision_id IN (c.first_id, c.second_id)
        AND (c.first_says IS NOT NULL OR c.second_says IS NOT NULL)
    RETURNING c.owner_id, c.second_owner_id
""")


def look(edition: Edition) -> int:
    """Note where a new edition says something of what another standard says; return how many.

    What was settled of a provision that the edition changes is open again.  Those who have to
    choose are told; a superior finds it on the desk.
    """
    standard = db.session.get_one(Standard, edition.standard_id)
    new = _found(standard, edition)
    again = db.session.execute(
        _REOPEN,
        {
            "edition": edition.id,
            "base": edition.base_id,
            "standard": standard.name,
            "number": edition.number,
        },
    ).all()
    _tell(standard, edition, [*new, *again])
    return len(new)


def look_again(edition: Edition) -> int:
    """Note what an edition meets as it goes out: an earlier one of another standard, perhaps."""
    standard = db.session.get_one(Standard, edition.standard_id)
    new = _found(standard, edition)
    _tell(standard, edition, new)
    return len(new)


def _found(standard: Standard, edition: Edition) -> list[Any]:
    """Keep the collisions of an edition that were not known, and return them."""
    if standard.nature in (Nature.AMENDMENT, Nature.OWN):
        return []
    values = {"standard": standard.id, "edition": edition.id}
    with reaching(Reach.PUSH):  # sees what those below have published of their own
        pairs = [dict(row._mapping) for row in db.session.execute(_PAIRS, values)]
    return _kept(pairs)


def _kept(pairs: list[dict[str, Any]]) -> list[Any]:
    """Keep the pairs that were not known."""
    if not pairs:
        return []
    return list(db.session.execute(_KEEP, {"pairs": orjson.dumps(pairs).decode()}))


def _tell(standard: Standard, edition: Edition, found: list[Any]) -> None:
    """Tell the owners on both sides, as far down as this center reaches."""
    own = current().tenant_id
    centers = {number for row in found for number in (row.owner_id, row.second_owner_id)}
    above = {row.owner_id for row in found if row.second_owner_id == own} - {own}
    if not centers - above:
        return
    with reaching(Reach.PUSH):
        notices.tell(
            sorted(centers - above),
            "collision",
            values={"standard": standard.name, "edition": edition.number, "count": len(found)},
            to="/collisions",
            needs="collision.settle",
        )
