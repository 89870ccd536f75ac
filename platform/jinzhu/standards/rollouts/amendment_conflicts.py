"""What a city has amended and a new edition from above no longer allows.

The city answers before its counties are touched: until then they wait, so that none of them ever
shows something in between.  Found set-based, by the one rule of `app.broken`.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.standards import notices
from jinzhu.standards.models import AmendmentConflict, Edition, Standard

#: The editions of amendments that a center stands on which has not got the new edition yet, and
#: the newest of each such amendment: their fields that the new edition does not allow.
_FOUND = """
    WITH city AS MATERIALIZED (
        SELECT DISTINCT s.owner_id AS city_id, s.id AS standard_id
        FROM center c
        JOIN standard s ON s.owner_id = ANY (c.path) AND s.amends_id = :standard
        WHERE c.id = ANY (CAST(:centers AS int[]))
    ), standing AS MATERIALIZED (
        SELECT DISTINCT city.city_id, city.standard_id, m.edition_id
        FROM city
        JOIN adoption m ON m.standard_id = city.standard_id
        JOIN adoption a ON a.tenant_id = m.tenant_id AND a.standard_id = :standard
            AND a.edition_id <> :edition
    ), concerned AS (
        SELECT s.city_id, e.id, e.number FROM standing s JOIN edition e ON e.id = s.edition_id
        UNION
        SELECT * FROM (
            SELECT DISTINCT ON (e.standard_id) s.city_id, e.id, e.number
            FROM standing s
            JOIN edition e ON e.standard_id = s.standard_id AND e.state = 'published'
            ORDER BY e.standard_id, e.number DESC) newest
    ), found AS (
        SELECT DISTINCT ON (c.city_id, upper.provision_id, wrong.field) c.city_id,
            c.id AS amendment_id, upper.provision_id, r.kind, wrong.field,
            coalesce(r.rules -> wrong.field ->> 'rule', 'fixed') AS rule,
            a.content -> wrong.field AS value, r.content -> wrong.field AS bound
        FROM concerned c
        JOIN edition_entry lower ON lower.edition_id = c.id
        JOIN edition_entry upper ON upper.edition_id = :edition
            AND upper.provision_id = lower.provision_id
        JOIN revision a ON a.id = lower.revision_id
        JOIN revision r ON r.id = upper.revision_id
        CROSS JOIN LATERAL unnest(app.broken(r.bounds, a.content)) wrong (field)
        ORDER BY c.city_id, upper.provision_id, wrong.field, c.number DESC
    )
"""

#: Written for the cities below the owner of the roll-out; a county that takes the edition itself
#: writes nothing, and waits for them all the same.
_WRITE = text(
    _FOUND
    + """
    INSERT INTO amendment_conflict (tenant_id, standard_id, provision_id, kind, field, rollout_id,
        amendment_id, edition_id, rule, value, bound)
    SELECT f.city_id, :standard, f.provision_id, f.kind, f.field, :rollout, f.amendment_id,
        :edition, f.rule, f.value, f.bound
    FROM found f JOIN center c ON c.id = f.city_id AND c.path @> ARRAY[app.tenant_id()]
    ON CONFLICT DO NOTHING RETURNING tenant_id
"""
)

#: The city has meanwhile published something that the edition allows, or has taken it back.
_LIFT = text(
    _FOUND
    + """
    UPDATE amendment_conflict k SET settled_at = now()
    WHERE k.rollout_id = :rollout AND k.settled_at IS NULL
        AND k.tenant_id IN (SELECT city_id FROM city)
        AND NOT EXISTS (SELECT FROM found f WHERE f.city_id = k.tenant_id
            AND f.provision_id = k.provision_id AND f.field = k.field)
"""
)

_WAITING = text(
    _FOUND
    + """
    SELECT DISTINCT m.tenant_id
    FROM found f
    LEFT JOIN app.amendment_answers(:rollout) k ON k.city_id = f.city_id
        AND k.provision_id = f.provision_id AND k.field = f.field
    JOIN city ON city.city_id = f.city_id
    JOIN adoption m ON m.standard_id = city.standard_id
        AND m.tenant_id = ANY (CAST(:centers AS int[]))
    JOIN adoption a ON a.tenant_id = m.tenant_id AND a.standard_id = :standard
        AND a.edition_id <> :edition
    WHERE k.settled IS NOT TRUE
"""
)


def hold(rollout_id: int, standard_id: int, edition_id: int, centers: Sequence[int]) -> set[int]:
    """Return the centers that have to wait, because their city has to answer first.

    What collides is written down for the city, which is told.  Needs the reach PUSH; running it
    again changes nothing, and what has been answered holds nobody any more.
    """
    if (
        db.session.scalar(select(Standard.id).where(Standard.amends_id == standard_id).limit(1))
        is None
    ):
        return set()
    values: dict[str, Any] = {
        "rollout": rollout_id,
        "standard": standard_id,
        "edition": edition_id,
        "centers": list(centers),
    }
    _tell(db.session.scalars(_WRITE, values).all(), standard_id, edition_id)
    db.session.execute(_LIFT, values)
    return set(db.session.scalars(_WAITING, values))


def look_again(standard_id: int) -> None:
    """Lift what the own center has amended otherwise meanwhile, so that nobody waits for it.

    For a standard from above, with the reach PUSH: whoever rolls it out finds it by itself.
    """
    own = AmendmentConflict.tenant_id == current().tenant_id
    waiting = select(AmendmentConflict.rollout_id, AmendmentConflict.edition_id).where(
        own, AmendmentConflict.standard_id == standard_id, AmendmentConflict.settled_at.is_(None)
    )
    for rollout_id, edition_id in db.session.execute(waiting.distinct()).all():
        values = {"rollout": rollout_id, "standard": standard_id, "edition": edition_id}
        db.session.execute(_LIFT, {**values, "centers": [current().tenant_id]})


def _tell(cities: Sequence[int], standard_id: int, edition_id: int) -> None:
    """Tell each city how many of its amended fields collide."""
    if not cities:
        return
    standard = db.session.get_one(Standard, standard_id)
    edition = db.session.get_one(Edition, edition_id)
    by_number: dict[int, list[int]] = {}
    for city in sorted(set(cities)):
        by_number.setdefault(list(cities).count(city), []).append(city)
    for fields, told in by_number.items():
        notices.tell(
            told,
            "amendment_conflicts",
            values={"standard": standard.name, "edition": edition.number, "fields": fields},
            to="/amendment_conflicts?state=open",
            needs="amendment.settle",
        )


def successors(rollout_id: int) -> dict[int, int]:
    """Return for editions of amendments the one that carries the city's answers instead."""
    found = db.session.execute(
        select(Edition.base_id, Edition.id)
        .where(Edition.for_rollout_id == rollout_id)
        .order_by(Edition.id)
    )
    return {base: successor for base, successor in found if base is not None}
