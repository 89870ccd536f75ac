"""What a city has amended and a new edition from above no longer allows.

The city answers before its counties are touched: until then they wait, so that none of them ever
shows something in between.  It is told when the edition is published (see `amendment_ahead`), or
at the latest when the edition comes to its counties.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.standards.editions.amendment_fitting import fitting
from jinzhu.standards.models import AmendmentConflict, Edition, Rollout
from jinzhu.standards.rollouts import amendment_ahead, city_answers
from jinzhu.standards.rollouts.amendment_found import COLLIDING, CONCERNED, STANDING

_FOUND = CONCERNED + COLLIDING

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


_FITTING = text(
    CONCERNED
    + STANDING
    + f"""
    SELECT s.edition_id, next.id FROM standing s
    CROSS JOIN LATERAL ({fitting("s.edition_id")}) next
"""
)


def hold(rollout_id: int, standard_id: int, edition_id: int, centers: Sequence[int]) -> set[int]:
    """Return the centers that have to wait, because their city has to answer first.

    What collides is written down for the city, which is told; what it has answered since the
    publication counts.  Needs the reach PUSH; running it again changes nothing, and what has been
    answered holds nobody any more.
    """
    if not amendment_ahead.is_amended(standard_id):
        return set()
    values: dict[str, Any] = {
        "rollout": rollout_id,
        "standard": standard_id,
        "edition": edition_id,
        "centers": list(centers),
    }
    waited_for = amendment_ahead.take(values)
    opened = [*waited_for, *db.session.scalars(_WRITE, values)]
    amendment_ahead.tell("amendment_conflicts", opened, edition_id)
    db.session.execute(_LIFT, values)
    city_answers.conclude_complete(rollout_id)
    return set(db.session.scalars(_WAITING, values))


def look_again(standard_id: int) -> None:
    """Lift what the own center has amended otherwise meanwhile, so that nobody waits for it.

    For a standard from above, with the reach PUSH: whoever rolls it out finds it by itself.
    """
    amendment_ahead.look_again(standard_id)
    own = AmendmentConflict.tenant_id == current().tenant_id
    waiting = select(AmendmentConflict.rollout_id, AmendmentConflict.edition_id).where(
        own,
        AmendmentConflict.standard_id == standard_id,
        AmendmentConflict.settled_at.is_(None),
        AmendmentConflict.rollout_id.is_not(None),
    )
    for rollout_id, edition_id in db.session.execute(waiting.distinct()).all():
        values = {"rollout": rollout_id, "standard": standard_id, "edition": edition_id}
        db.session.execute(_LIFT, {**values, "centers": [current().tenant_id]})


def in_place_of(rollout: Rollout, centers: Sequence[int]) -> dict[int, int]:
    """Return for editions of amendments the one that their centers go to along with the edition.

    What carries the city's answers to this roll-out; else the newest that fits, whatever for.
    """
    return {
        **fitting_successors(rollout.standard_id, rollout.edition_id, centers),
        **successors(rollout.id),
    }


def fitting_successors(standard_id: int, edition_id: int, centers: Sequence[int]) -> dict[int, int]:
    """Return for editions that do not fit an edition from above the city's newest that does."""
    if not amendment_ahead.is_amended(standard_id):
        return {}
    values = {"standard": standard_id, "edition": edition_id, "centers": list(centers)}
    return {row.edition_id: row.id for row in db.session.execute(_FITTING, values)}


def successors(rollout_id: int) -> dict[int, int]:
    """Return for editions of amendments the one that carries the city's answers instead."""
    found = db.session.execute(
        select(Edition.base_id, Edition.id)
        .where(Edition.for_rollout_id == rollout_id)
        .order_by(Edition.id)
    )
    return {base: successor for base, successor in found if base is not None}
