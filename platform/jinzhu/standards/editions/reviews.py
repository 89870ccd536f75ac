"""Review 审查 of an edition: handed in, looked at by somebody else, approved or sent back.

From the moment it is handed in nobody writes in it, and what is published is what was approved:
the hash over its content says so.  A standard is reviewed where its owner has said that it is.
"""

from datetime import UTC, datetime

from sqlalchemy import select

from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import ChangedMeanwhile, Conflict, Forbidden, Invalid
from jinzhu.core.tenancy import current
from jinzhu.identity import holders
from jinzhu.standards import notices
from jinzhu.standards.editions import (
    catalogue,
    changes,
    editions,
    publication,
    rehearsal,
    review_bound,
)
from jinzhu.standards.models import Edition, EditionState, ReviewAct, ReviewEvent, Standard


class NotReviewed(Conflict):
    """Editions of this standard are published without a review."""

    code = "not_reviewed"


class NotUnderReview(Conflict):
    """Nobody has handed the edition in, or it was taken back or decided meanwhile."""

    code = "not_under_review"


class OwnSubmission(Forbidden):
    """Nobody decides on what he has handed in himself."""

    code = "own_submission"


class NotSubmitter(Forbidden):
    """An edition is taken back by whoever handed it in; others send it back with a reason."""

    code = "not_submitter"


def submit(edition_id: int, *, version: int, note: str = "") -> None:
    """Hand a draft in for review; from here on nobody writes in it.

    Raises:
        Invalid: naming all that would keep it from being published.
        NotReviewed: where its standard is not reviewed, and was not when it was begun.
    """
    edition = editions.find_in_work(edition_id)
    if _done_already(edition, ReviewAct.SUBMITTED, version):
        return
    editions.find_draft(edition_id)
    _check_version(edition, version)
    standard = db.session.get_one(Standard, edition.standard_id)
    if not review_bound.bound(edition, standard):
        raise NotReviewed(standard=standard.name)
    publication.check_day(edition)
    if wrong := publication.faults_of(edition, changes.of(edition)):
        raise Invalid(errors=wrong[: publication.MOST_FAULTS])
    edition.state = EditionState.REVIEW
    edition.submitted_at, edition.submitted_by = datetime.now(UTC), current().actor_id
    _note(edition, ReviewAct.SUBMITTED, note)
    _tell(edition, "edition_submitted", needs="edition.review", but=current().actor_id)


def take_back(edition_id: int, *, version: int) -> None:
    """Go on writing in what one has handed in oneself, also where it is approved already."""
    edition = editions.find_in_work(edition_id)
    if _done_already(edition, ReviewAct.TAKEN_BACK, version):
        return
    _check_under_review(edition, version)
    if edition.submitted_by != current().actor_id:
        raise NotSubmitter(by=name_of(edition.submitted_by))
    _reopen(edition, ReviewAct.TAKEN_BACK, "")
    _tell(edition, "edition_taken_back", needs="edition.review", but=current().actor_id)


def approve(edition_id: int, *, version: int, note: str = "") -> None:
    """Approve what somebody else has handed in, just as it stands there now.

    Raises:
        OwnSubmission: where it was the same person.
        Invalid: where it could not be published any more.
    """
    edition = editions.find_in_work(edition_id)
    if _done_already(edition, ReviewAct.APPROVED, version):
        return
    _check_under_review(edition, version, EditionState.REVIEW)
    _check_another(edition)
    edition.approved_hash = rehearsal.content_hash(edition)
    edition.state = EditionState.APPROVED
    edition.approved_at, edition.approved_by = datetime.now(UTC), current().actor_id
    _note(edition, ReviewAct.APPROVED, note)
    _tell(edition, "edition_approved", needs="standard.publish", but=current().actor_id)


def send_back(edition_id: int, *, version: int, reason: str) -> None:
    """Give an edition back to be written in, with a reason; also one that was approved."""
    edition = editions.find_in_work(edition_id)
    if _done_already(edition, ReviewAct.RETURNED, version):
        return
    _check_under_review(edition, version)
    _check_another(edition)
    reopen(edition, reason=reason)


def reopen(edition: Edition, *, reason: str) -> None:
    """Make a draft again of what was handed in, and tell who did so."""
    submitter = edition.submitted_by
    _reopen(edition, ReviewAct.RETURNED, reason)
    _tell(edition, "edition_returned", needs="standard.write", account=submitter, reason=reason)


def name_of(account_id: int | None) -> str:
    """Return the name of somebody, or that it was the system."""
    return names_of([account_id]).get(account_id, say("history.system"))


def _check_version(edition: Edition, version: int) -> None:
    if version != edition.version:
        raise ChangedMeanwhile(current=catalogue.edition(edition.id))


def _check_under_review(edition: Edition, version: int, *states: EditionState) -> None:
    if edition.state not in (states or (EditionState.REVIEW, EditionState.APPROVED)):
        raise NotUnderReview
    _check_version(edition, version)


def _check_another(edition: Edition) -> None:
    if edition.submitted_by == current().actor_id:
        standard = db.session.get_one(Standard, edition.standard_id)
        raise OwnSubmission(ask=holders.who("edition.review", department=standard.line))


def _done_already(edition: Edition, act: ReviewAct, version: int) -> bool:
    """Say whether this is the second click of what has been done; then nothing is left to do."""
    if version != edition.version - 1:
        return False
    last = db.session.execute(
        select(ReviewEvent.act, ReviewEvent.created_by)
        .where(ReviewEvent.edition_id == edition.id)
        .order_by(ReviewEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and tuple(last) == (act, current().actor_id)


def _reopen(edition: Edition, act: ReviewAct, note: str) -> None:
    edition.state = EditionState.DRAFT
    edition.submitted_at = edition.submitted_by = None
    edition.approved_at = edition.approved_by = edition.approved_hash = None
    _note(edition, act, note)


def _note(edition: Edition, act: ReviewAct, note: str) -> None:
    edition.version += 1
    add(
        ReviewEvent(
            standard_id=edition.standard_id, edition_id=edition.id, act=act, note=note.strip()
        )
    )


def _tell(
    edition: Edition,
    code: str,
    *,
    needs: str,
    account: int | None = None,
    but: int | None = None,
    reason: str = "",
) -> None:
    """Tell those at the own center whom it concerns."""
    standard = db.session.get_one(Standard, edition.standard_id)
    values: Row = {"standard": standard.name, "title": edition.title}
    notices.tell(
        [edition.owner_id],
        code,
        values={**values, "by": name_of(current().actor_id), "reason": reason},
        to=f"/editions/{edition.id}",
        needs=needs,
        department=standard.line,
        account=account,
        but=but,
    )
