"""Conflicts that a published edition brings to the amendments of cities, ahead of its roll-out.

A city sees and answers them from the day of the publication on.  Nothing moves by that: its
answers wait until a roll-out takes them over, can be changed until then, and go with the edition
if that is withdrawn.  What a stopped roll-out took over is asked ahead again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, text, update

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.standards import notices
from jinzhu.standards.editions import amendment_successors, editions
from jinzhu.standards.models import AmendmentConflict, Edition, Rollout, Standard
from jinzhu.standards.rollouts.amendment_found import AMENDING, COLLIDING, CONCERNED

#: An answer to an earlier edition stands if that asked the same.
_WRITE = text(
    AMENDING
    + COLLIDING
    + """
    INSERT INTO amendment_conflict (tenant_id, standard_id, provision_id, kind, field,
        amendment_id, edition_id, rule, value, bound, resolution, settled_value, reason,
        settled_at, settled_by)
    SELECT f.city_id, :standard, f.provision_id, f.kind, f.field, f.amendment_id, :edition,
        f.rule, f.value, f.bound, k.resolution, k.settled_value, coalesce(k.reason, ''),
        k.settled_at, k.settled_by
    FROM found f
    LEFT JOIN LATERAL (
        SELECT * FROM amendment_conflict k
        WHERE k.tenant_id = f.city_id AND k.rollout_id IS NULL AND k.resolution IS NOT NULL
            AND (k.provision_id, k.field, k.rule) = (f.provision_id, f.field, f.rule)
            AND k.bound IS NOT DISTINCT FROM f.bound
        ORDER BY k.edition_id DESC LIMIT 1) k ON true
    ON CONFLICT DO NOTHING
    RETURNING tenant_id, settled_at IS NULL AS open
"""
)

#: Of the earlier editions of the standard nothing is asked any more, unless one is on its way.
_OVERTAKEN = text("""
    UPDATE amendment_conflict k SET settled_at = now(), resolution = NULL, settled_value = NULL,
        reason = ''
    WHERE k.standard_id = :standard AND k.edition_id <> :edition AND k.rollout_id IS NULL
        AND (k.settled_at IS NULL OR k.resolution IS NOT NULL)
        AND k.tenant_id IN (SELECT id FROM center WHERE path @> ARRAY[app.tenant_id()])
        AND NOT EXISTS (SELECT FROM rollout o WHERE o.edition_id = k.edition_id
            AND o.state IN ('scheduled', 'queued', 'running', 'waiting', 'paused'))
""")

#: What a city has amended otherwise meanwhile collides no more, whatever it has answered.
_LIFT = """
    UPDATE amendment_conflict k SET settled_at = now(), resolution = NULL, settled_value = NULL,
        reason = ''
    WHERE k.edition_id = :edition AND k.rollout_id IS NULL
        AND (k.settled_at IS NULL OR k.resolution IS NOT NULL)
        AND k.tenant_id IN (SELECT city_id FROM city)
        AND NOT EXISTS (SELECT FROM found f WHERE f.city_id = k.tenant_id
            AND f.provision_id = k.provision_id AND f.field = k.field)
"""
_LIFT_CONCERNED = text(CONCERNED + COLLIDING + _LIFT)
_LIFT_OWN = text(AMENDING + COLLIDING + _LIFT)
_TAKE = text(
    CONCERNED
    + """
    UPDATE amendment_conflict k SET rollout_id = :rollout
    WHERE k.edition_id = :edition AND k.rollout_id IS NULL
        AND (k.settled_at IS NULL OR k.resolution IS NOT NULL)
        AND k.tenant_id IN (SELECT city_id FROM city)
        AND NOT EXISTS (SELECT FROM amendment_conflict o WHERE o.tenant_id = k.tenant_id
            AND o.rollout_id = :rollout AND o.provision_id = k.provision_id AND o.field = k.field)
    RETURNING k.tenant_id, k.settled_at IS NULL AS open
"""
)

_GIVE_BACK = text("""
    UPDATE amendment_conflict k SET rollout_id = NULL
    WHERE k.rollout_id = :rollout AND k.successor_id IS NULL
        AND (k.settled_at IS NULL OR k.resolution IS NOT NULL)
        AND NOT EXISTS (SELECT FROM amendment_conflict o WHERE o.tenant_id = k.tenant_id
            AND o.edition_id = k.edition_id AND o.provision_id = k.provision_id
            AND o.field = k.field AND o.rollout_id IS NULL
            AND (o.settled_at IS NULL OR o.resolution IS NOT NULL))
""")
#: What nothing came of, and nobody asks any more.
_NOTHING = {"settled_at": text("now()"), "resolution": None, "settled_value": None, "reason": ""}


def is_amended(standard_id: int) -> bool:
    """Return whether anybody amends a standard; nearly always this is all that is asked."""
    amendment = select(Standard.id).where(Standard.amends_id == standard_id).limit(1)
    return db.session.scalar(amendment) is not None


def _pending() -> ColumnElement[bool]:
    """Return the condition for what is asked, or answered, and of which nothing came yet."""
    return and_(
        AmendmentConflict.successor_id.is_(None),
        or_(AmendmentConflict.settled_at.is_(None), AmendmentConflict.resolution.is_not(None)),
    )


def _ahead(edition_id: int) -> ColumnElement[bool]:
    """Return the condition for what is asked, or answered, ahead of a roll-out."""
    return and_(
        AmendmentConflict.edition_id == edition_id,
        AmendmentConflict.rollout_id.is_(None),
        _pending(),
    )


def look(edition: Edition) -> None:
    """Write down what a published edition collides with, and tell the cities.

    Of an amendment itself: whether it collides with the newest edition from above.
    """
    standard = db.session.get_one(Standard, edition.standard_id)
    with reaching(Reach.PUSH):
        _ask(standard.amends_id or standard.id)
        if standard.amends_id is None and is_amended(standard.id):
            db.session.execute(_OVERTAKEN, {"standard": standard.id, "edition": edition.id})


def _ask(standard_id: int) -> None:
    newest = editions.latest(standard_id)
    if newest is None or not is_amended(standard_id):
        return
    found = db.session.execute(_WRITE, {"standard": standard_id, "edition": newest.id})
    tell("amendment_conflicts_ahead", [row.tenant_id for row in found if row.open], newest.id)


def forget(edition: Edition) -> None:
    """Take back what a withdrawn edition asked of cities, and ask what the one before does.

    Also what a roll-out that is over had taken, and what carries answers where nobody stands on
    it.  Needs the reach PUSH.
    """
    if not is_amended(edition.standard_id):
        return
    told = _lift(AmendmentConflict.edition_id == edition.id)
    tell("amendment_conflicts_gone", told, edition.id)
    for rollout in db.session.scalars(select(Rollout).where(Rollout.edition_id == edition.id)):
        amendment_successors.take_back(rollout, [], reason=edition.withdrawal_reason)
    _ask(edition.standard_id)


def give_back(rollout: Rollout) -> None:
    """Ask ahead again what a roll-out that is stopped now had asked.

    Where a newer edition is published that one asks instead.
    """
    newest = editions.latest(rollout.standard_id)
    with reaching(Reach.PUSH):
        if not is_amended(rollout.standard_id):
            return
        if newest is not None and newest.id == rollout.edition_id:
            db.session.execute(_GIVE_BACK, {"rollout": rollout.id})
        _lift(AmendmentConflict.rollout_id == rollout.id)


def _lift(which: ColumnElement[bool]) -> Sequence[int]:
    """Ask these no more; return the city of each."""
    gone = update(AmendmentConflict).where(which, _pending()).values(_NOTHING)
    lifted = gone.returning(AmendmentConflict.tenant_id)
    return db.session.scalars(lifted.execution_options(synchronize_session=False)).all()


def take(values: Mapping[str, Any]) -> list[int]:
    """Let a roll-out ask what was asked ahead of it; return the city of each field still open.

    Needs the reach PUSH.
    """
    ahead = select(AmendmentConflict.id).where(_ahead(values["edition"])).limit(1)
    if db.session.scalar(ahead) is None:
        return []
    db.session.execute(_LIFT_CONCERNED, values)
    return [row.tenant_id for row in db.session.execute(_TAKE, values) if row.open]


def look_again(standard_id: int) -> None:
    """Lift what the own center has amended otherwise meanwhile.  Needs the reach PUSH."""
    own = AmendmentConflict.tenant_id == current().tenant_id
    waiting = select(AmendmentConflict.edition_id).where(
        own, AmendmentConflict.standard_id == standard_id, AmendmentConflict.rollout_id.is_(None)
    )
    for edition_id in db.session.scalars(waiting.distinct()).all():
        db.session.execute(_LIFT_OWN, {"standard": standard_id, "edition": edition_id})


def tell(code: str, cities: Iterable[int], edition_id: int) -> None:
    """Tell each city how many of its amended fields an edition concerns, a city for each field."""
    numbers = Counter(cities)
    if not numbers:
        return
    edition = db.session.get_one(Edition, edition_id)
    standard = db.session.get_one(Standard, edition.standard_id)
    for fields in sorted(set(numbers.values())):
        told: Sequence[int] = sorted(city for city, count in numbers.items() if count == fields)
        notices.tell(
            told,
            code,
            values={
                "standard": standard.name,
                "edition": edition.number,
                "fields": fields,
                "day": str(edition.effective_on or ""),
            },
            to="/amendment_conflicts?state=open",
            needs="amendment.settle",
        )
