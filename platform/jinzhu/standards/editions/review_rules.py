"""Whether a standard is reviewed, who said so, and what was done with its editions."""

from typing import Any

from sqlalchemy import func, select

from jinzhu.core import access
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import ChangedMeanwhile, Conflict, Forbidden, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.identity import holders
from jinzhu.standards import notices
from jinzhu.standards.editions import editions, review_bound
from jinzhu.standards.editions.reviews import name_of
from jinzhu.standards.models import (
    DraftEntry,
    Edition,
    EditionState,
    Nature,
    ReviewAct,
    ReviewEvent,
    Standard,
)
from jinzhu.standards.ownership import may_write_standard, writable_standard


class NeverReviewed(Conflict):
    """What a center offers of its own is in force at once."""

    code = "never_reviewed"


class ReviewUnderway(Conflict):
    """As long as an edition is under review the rule for it stays."""

    code = "review_underway"


class OwnLift(Forbidden):
    """Nobody lifts the rule alone; somebody else has to agree."""

    code = "own_lift"


def require(standard_id: int, *, reviewed: bool, version: int, reason: str = "") -> None:
    """Say whether editions of a standard are published only after somebody else approved them.

    Lifting it takes a reason and two people, as an approval does, unless nobody else could agree.
    What was begun under the rule is approved all the same.
    """
    standard = writable_standard(standard_id)
    db.session.refresh(standard, with_for_update=True)
    if standard.nature is Nature.OWN:
        raise NeverReviewed
    asked = _lift_asked(standard.id)
    if standard.reviewed == reviewed and not (reviewed and asked):
        return
    if version != standard.version:
        raise ChangedMeanwhile(current=of_standard(standard_id))
    act = _lift(standard, asked, reason) if not reviewed else _insist(standard)
    standard.version += 1
    add(ReviewEvent(standard_id=standard.id, act=act, note=reason.strip()))
    _tell(standard, act, reason.strip())


def _insist(standard: Standard) -> ReviewAct:
    """Let the rule hold from now on, or go on holding where somebody wants it lifted."""
    if standard.reviewed:
        return ReviewAct.LIFT_DROPPED
    standard.reviewed = True
    return ReviewAct.REQUIRED


def _lift(standard: Standard, asked: ReviewEvent | None, reason: str) -> ReviewAct:
    """Lift the rule where a second person agrees; else ask for it."""
    _check_lifted(standard, asked.note if asked else reason)
    if asked is None or asked.created_by == current().actor_id:
        if holders.others_with("edition.review", department=standard.line):
            if asked:
                raise OwnLift(standard=standard.name)
            return ReviewAct.LIFT_ASKED
    else:
        access.require("edition.review")
    review_bound.keep_for(standard)
    standard.reviewed = False
    return ReviewAct.NOT_REQUIRED


def _lift_asked(standard_id: int) -> ReviewEvent | None:
    """Return the wish to lift the rule that nobody has answered yet."""
    last = db.session.scalar(
        select(ReviewEvent)
        .where(ReviewEvent.standard_id == standard_id, ReviewEvent.edition_id.is_(None))
        .order_by(ReviewEvent.id.desc())
        .limit(1)
    )
    return last if last and last.act is ReviewAct.LIFT_ASKED else None


def _tell(standard: Standard, act: ReviewAct, reason: str) -> None:
    by = name_of(current().actor_id)
    notices.tell(
        [standard.owner_id],
        f"review_{act}",
        values={"standard": standard.name, "by": by, "reason": reason},
        to=f"/standards/{standard.id}",
        needs="edition.review" if act is ReviewAct.LIFT_ASKED else "standard.write",
        department=standard.line,
        but=current().actor_id,
    )


def _check_lifted(standard: Standard, reason: str) -> None:
    """Refuse to let a standard off without a word, or while somebody looks at an edition of it."""
    if not reason.strip():
        raise invalid("reason", "review.lift_reason", rule="required")
    found = db.session.execute(
        select(Edition.title, Edition.submitted_by).where(
            Edition.standard_id == standard.id, Edition.state == EditionState.REVIEW
        )
    ).one_or_none()
    if found is not None:
        raise ReviewUnderway(title=found.title, by=name_of(found.submitted_by))


def of_standard(standard_id: int) -> Row:
    """Return whether a standard of the own center is reviewed, and who said so when."""
    standard = db.session.scalar(select(Standard).where(Standard.id == standard_id))
    if standard is None or standard.owner_id != current().tenant_id:
        raise NotFound(id=standard_id)
    events = select(ReviewEvent).where(
        ReviewEvent.standard_id == standard_id, ReviewEvent.edition_id.is_(None)
    )
    return {
        "reviewed": standard.reviewed,
        "lift": _wish(_lift_asked(standard_id)),
        "changeable": may_write_standard(standard) and standard.nature is not Nature.OWN,
        "version": standard.version,
        "rows": _named(_steps(events)),
    }


def _wish(asked: ReviewEvent | None) -> Row | None:
    if asked is None:
        return None
    return {
        "by": name_of(asked.created_by),
        "at": asked.created_at,
        "reason": asked.note,
        "mine": asked.created_by == current().actor_id,
    }


def of_edition(edition_id: int) -> Row:
    """Return what was done with an edition of the own center, from its beginning on."""
    edition = editions.find(edition_id)
    if edition.owner_id != current().tenant_id:
        raise NotFound(id=edition_id)
    events = select(ReviewEvent).where(ReviewEvent.edition_id == edition.id)
    rows = [_step("begun", edition.created_at, edition.created_by), *_steps(events)]
    if edition.published_at:
        rows.append(_step("published", edition.published_at, edition.published_by))
    if edition.withdrawn_at:
        note = edition.withdrawal_reason
        rows.append(_step("withdrawn", edition.withdrawn_at, edition.withdrawn_by, note))
    return {"rows": _named(rows), "mine": _written(edition)}


def _written(edition: Edition) -> list[Row]:
    """Return the changes of an edition in work that the reader wrote last himself.

    Who approves may have written in it too; whoever looks at it should know.
    """
    changed, base = editions.drafted(edition)
    name = func.coalesce(DraftEntry.content["name"].astext, base.name, DraftEntry.code)
    columns = (DraftEntry.kind, DraftEntry.code, name.label("name"))
    mine = changed.with_only_columns(*columns).where(DraftEntry.updated_by == current().actor_id)
    found = db.session.execute(mine.order_by(DraftEntry.kind, DraftEntry.code))
    return [dict(row._mapping) for row in found]


def of_editions(edition_ids: list[int]) -> dict[int, list[Row]]:
    """Return the steps of many editions towards their publication, as far as they are our own."""
    wanted = select(ReviewEvent).where(ReviewEvent.edition_id.in_(edition_ids))
    events = db.session.scalars(wanted.order_by(ReviewEvent.id)).all()
    people = names_of(event.created_by for event in events)
    found: dict[int, list[Row]] = {}
    for event in events:
        told = {**_of(event), "by": people.get(event.created_by, say("history.system"))}
        found.setdefault(event.edition_id or 0, []).append(told)
    return found


def _steps(events: Any) -> list[Row]:
    return [_of(event) for event in db.session.scalars(events.order_by(ReviewEvent.id))]


def _of(event: ReviewEvent) -> Row:
    return _step(event.act.value, event.created_at, event.created_by, event.note)


def _step(act: str, at: Any, by: int | None, note: str = "") -> Row:
    return {"act": act, "at": at, "by": by, "note": note}


def _named(rows: list[Row]) -> list[Row]:
    people = names_of(row["by"] for row in rows)
    return [{**row, "by": people.get(row["by"], say("history.system"))} for row in rows]
