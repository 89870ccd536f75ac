"""The edition of an amendment that carries the city's answers to an edition from above.

It is made of the edition it takes the place of: answered fields are dropped or have the value the
city keeps, everything else stays.  A draft that the city is writing goes on on top of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update

from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.tenancy import current
from jinzhu.standards.editions import editions, publication, reviews
from jinzhu.standards.editions.amendment_checks import Ground, ground_at
from jinzhu.standards.models import AmendmentConflict, Edition, EditionState

#: The editions of the own amendment on which a center stands that has not got the edition from
#: above yet, and the newest: the next draft begins on top of that one.
_CONCERNED = text("""
    SELECT e.id FROM edition e
    WHERE e.id = :newest OR e.id IN (
        SELECT m.edition_id FROM adoption m
        JOIN adoption a ON a.tenant_id = m.tenant_id AND a.standard_id = :standard
            AND a.edition_id <> :upper
        WHERE m.standard_id = :amendment)
    ORDER BY e.number
""")
_ENTRIES = text("""
    SELECT a.kind, a.code, a.provision_id, a.content, a.rules,
        app.broken(r.bounds, a.content) AS broken
    FROM edition_entry lower
    JOIN revision a ON a.id = lower.revision_id
    JOIN edition_entry upper ON upper.edition_id = :upper
        AND upper.provision_id = lower.provision_id
    JOIN revision r ON r.id = upper.revision_id
    WHERE lower.edition_id = :base AND app.broken(r.bounds, a.content) <> '{}'
""")


@dataclass(slots=True)
class Said:
    """What a successor says of a provision."""

    kind: str
    code: str
    content: dict[str, Any]
    rules: dict[str, Any]


def publish(rollout_id: int, answered: Sequence[AmendmentConflict]) -> Edition:
    """Publish what takes the place of the amendment's editions; return the newest.

    With the reach PUSH: it looks at what the centers of the city are on.
    """
    ground = ground_at(answered[0].edition_id)
    met = db.session.get_one(Edition, answered[0].amendment_id)
    answers = {(one.provision_id, one.field): one for one in answered}
    # The one that centers are on may have been withdrawn, and be the last there was.
    latest = editions.latest(met.standard_id) or met
    values = {
        "standard": answered[0].standard_id,
        "upper": ground.id,
        "amendment": met.standard_id,
        "newest": latest.id,
    }
    made: dict[int, Edition] = {}
    for base_id in db.session.scalars(_CONCERNED, values).all():
        made[base_id] = _succeed(base_id, rollout_id, ground, answers)
    db.session.execute(
        update(AmendmentConflict)
        .where(AmendmentConflict.tenant_id == current().tenant_id)
        .where(AmendmentConflict.id.in_([one.id for one in answered]))
        .values(successor_id=made[latest.id].id)
    )
    _rebase(met.standard_id, made[latest.id])
    db.session.expire_all()
    return made[latest.id]


def _succeed(
    base_id: int,
    rollout_id: int,
    ground: Ground,
    answers: Mapping[tuple[int, str], AmendmentConflict],
) -> Edition:
    base = db.session.get_one(Edition, base_id)
    said, dropped = _answered(base_id, ground, answers)
    successor = add(
        Edition(
            standard_id=base.standard_id,
            title=say("amendment.successor", owner=ground.owner, edition=ground.number),
            base_id=base.id,
            against_id=ground.id,
            for_rollout_id=rollout_id,
            changes=len(said) + len(dropped),
        )
    )
    publication.keep(successor, [f"{one.kind} {one.code}" for one in [*said, *dropped]])
    publication.write_amended(successor, said)
    publication.seal(successor)
    return successor


def _answered(
    base_id: int, ground: Ground, answers: Mapping[tuple[int, str], AmendmentConflict]
) -> tuple[list[Said], list[Said]]:
    """Return what changes in an edition by the answers, and of what nothing is left."""
    said: list[Said] = []
    dropped: list[Said] = []
    for row in db.session.execute(_ENTRIES, {"upper": ground.id, "base": base_id}):
        content, rules = dict(row.content), dict(row.rules)
        for field in row.broken:
            answer = answers.get((row.provision_id, field))
            content.pop(field)
            if answer is None or answer.settled_value is None:
                rules.pop(field, None)
            else:
                content[field] = answer.settled_value
        one = Said(row.kind, row.code, content, rules)
        (said if content or rules else dropped).append(one)
    return said, dropped


def _rebase(amendment_id: int, newest: Edition) -> None:
    """Put the draft that the city is writing on top of the newest edition."""
    draft = db.session.scalar(
        select(Edition).where(Edition.standard_id == amendment_id, Edition.in_work())
    )
    if draft is not None:
        draft.base_id = newest.id
        if draft.state is not EditionState.DRAFT:
            reviews.reopen(draft, reason=say("review.rebased", number=newest.number))
        db.session.flush()
        editions.count_changes(draft)
