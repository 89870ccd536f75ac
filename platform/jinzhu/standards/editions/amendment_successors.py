"""The edition of an amendment that carries the city's answers to an edition from above.

It is made of the edition it takes the place of: answered fields are dropped or have the value the
city keeps, everything else stays.  A draft that the city is writing goes on on top of it.

Where the edition from above goes back, it is withdrawn, and the draft goes on on top of what is in
force again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select, text, update
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, add, db
from jinzhu.core.language import say
from jinzhu.core.tenancy import current
from jinzhu.core.transaction import on_behalf_of
from jinzhu.standards.editions import editions, publication, reviews, sealed
from jinzhu.standards.editions.amendment_checks import Ground, ground_at
from jinzhu.standards.editions.amendment_fitting import fitting
from jinzhu.standards.models import (
    OPEN_STATES,
    Adoption,
    AmendmentConflict,
    Edition,
    EditionState,
    Rollout,
)

#: The editions of the own amendment on which a center stands that has not got the edition from
#: above yet, unless another one takes its place already; and the newest: the next draft begins on
#: top of that one.
_CONCERNED = text(f"""
    SELECT e.id FROM edition e
    WHERE e.id = :newest OR e.id IN (
        SELECT m.edition_id FROM adoption m
        JOIN adoption a ON a.tenant_id = m.tenant_id AND a.standard_id = :standard
            AND a.edition_id <> :edition
        WHERE m.standard_id = :amendment) AND NOT EXISTS ({fitting("e.id")})
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

    What the answers change nothing of is not published again.

    With the reach PUSH: it looks at what the centers of the city are on.
    """
    ground = ground_at(answered[0].edition_id)
    met = db.session.get_one(Edition, answered[0].amendment_id)
    answers = {(one.provision_id, one.field): one for one in answered}
    # The one that centers are on may have been withdrawn, and be the last there was.
    latest = editions.latest(met.standard_id) or met
    values = {
        "standard": answered[0].standard_id,
        "edition": ground.id,
        "amendment": met.standard_id,
        "newest": latest.id,
    }
    newest = latest
    # The last is made of the newest, which is published anew only to stay the newest.
    for base_id in db.session.scalars(_CONCERNED, values).all():
        said, dropped = _answered(base_id, ground, answers)
        if said or dropped or (base_id == latest.id and newest is not latest):
            newest = _succeed(base_id, rollout_id, ground, said, dropped)
    db.session.execute(
        update(AmendmentConflict)
        .where(AmendmentConflict.tenant_id == current().tenant_id)
        .where(AmendmentConflict.id.in_([one.id for one in answered]))
        .values(successor_id=newest.id)
    )
    if newest is not latest:
        _rebase(met.standard_id, newest)
    db.session.expire_all()
    return newest


def _succeed(
    base_id: int,
    rollout_id: int,
    ground: Ground,
    said: Sequence[Said],
    dropped: Sequence[Said],
) -> Edition:
    base = db.session.get_one(Edition, base_id)
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


def take_back(rollout: Rollout, centers: Sequence[int], *, reason: str) -> None:
    """Withdraw what carried a city's answers to an edition that it left, or never came to stand on.

    Else the city's next edition would begin with the answers, and lose what holds there again.
    For the owner of the roll-out, with the reach PUSH, once the centers have moved.
    """
    upper = ground_at(rollout.edition_id)
    words = {"owner": upper.owner, "edition": upper.number, "reason": reason}
    why = say("amendment.went_back", **words)
    if db.session.get_one(Edition, rollout.edition_id).state is EditionState.WITHDRAWN:
        why = say("amendment.base_withdrawn", **words)
    for city_id in db.session.scalars(_cities_back(rollout.id, centers)).all():
        with on_behalf_of(city_id):
            gone = db.session.scalars(_made_for(rollout.id, city_id)).all()
            for edition in gone:
                sealed.take_out(edition, reason=why)
            if gone:
                _rebase_back(gone)


def _cities_back(rollout_id: int, centers: Sequence[int]) -> Selection:
    """Select the cities that have gone back themselves, or of which nobody has the answers left."""
    answers = aliased(Edition)
    left = (
        select(Adoption.tenant_id)
        .join(answers, answers.id == Adoption.edition_id)
        .where(answers.for_rollout_id == rollout_id, answers.owner_id == Edition.owner_id)
    )
    return (
        select(Edition.owner_id)
        .where(Edition.for_rollout_id == rollout_id, Edition.state == EditionState.PUBLISHED)
        .where(or_(Edition.owner_id.in_(centers), ~left.exists()))
        .distinct()
        .order_by(Edition.owner_id)
    )


def _made_for(rollout_id: int, city_id: int) -> Selection:
    """Select the editions made of a city's answers that nobody is rolling out.

    What the city wrote itself stays: taking it for the answer left fields without a resolution.
    """
    written = exists().where(
        AmendmentConflict.successor_id == Edition.id, AmendmentConflict.resolution.is_(None)
    )
    underway = exists().where(Rollout.edition_id == Edition.id, Rollout.state.in_(OPEN_STATES))
    return (
        select(Edition)
        .where(
            Edition.owner_id == city_id,
            Edition.for_rollout_id == rollout_id,
            Edition.state == EditionState.PUBLISHED,
            ~written,
            ~underway,
        )
        .order_by(Edition.number)
    )


def _rebase_back(gone: Sequence[Edition]) -> None:
    """Put a draft that stands on what was withdrawn on top of what is in force again."""
    draft = _draft(gone[0].standard_id)
    if draft is None or draft.base_id not in {edition.id for edition in gone}:
        return
    before = editions.latest(draft.standard_id)
    if before is None:
        # Withdrawn as well, but what the centers stand on.
        below = {edition.id: edition.base_id for edition in gone}
        before = db.session.get_one(Edition, below[draft.base_id])
    _put_on(draft, before, say("review.rebased_back", number=before.number))


def _rebase(amendment_id: int, newest: Edition) -> None:
    """Put the draft that the city is writing on top of the newest edition."""
    if draft := _draft(amendment_id):
        _put_on(draft, newest, say("review.rebased", number=newest.number))


def _draft(amendment_id: int) -> Edition | None:
    return db.session.scalar(
        select(Edition).where(Edition.standard_id == amendment_id, Edition.in_work())
    )


def _put_on(draft: Edition, base: Edition, reason: str) -> None:
    """Give a draft another base; one that somebody looks at is reviewed anew."""
    draft.base_id = base.id
    if draft.state is not EditionState.DRAFT:
        reviews.reopen(draft, reason=reason)
    db.session.flush()
    editions.count_changes(draft)
