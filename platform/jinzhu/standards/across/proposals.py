"""Proposals 建议: a center would have its practice made the standard; the owner decides.

Accepting one writes the practice into the owner's draft, as if the owner had found it by comparing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import cast, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.db import add, db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import coverage, notices
from jinzhu.standards.across import practice
from jinzhu.standards.claims import departments_of_post, models
from jinzhu.standards.models import Proposal, ProposalState, Revision, Standard
from jinzhu.standards.ownership import check_may_write, writers
from jinzhu.standards.records import records


class ProposedAlready(Conflict):
    """One proposal for a provision at a time."""

    code = "proposed_already"


class ProposalDecided(Conflict):
    """The proposal was decided, or taken back."""

    code = "proposal_decided"


def propose(kind: str, record_id: int, *, fields: Sequence[str], reason: str) -> Row:
    """Propose what the own center does of its own as the standard.

    Return the number, and the fields in which the standard would ask less than it does.

    Raises:
        Invalid: if no reason is given, or a field is as the standard says.
        ProposedAlready: if one for the same provision is still open.
    """
    center_id = current().tenant_id
    assert center_id is not None
    found = records.explained_row(kind, models()[kind].id == record_id, center_id)
    if not reason.strip():
        raise invalid("reason", "proposal.reason_needed", rule="required")
    if found.owner.id == center_id:
        raise invalid("fields", "proposal.own_standard", rule="owner")
    values = practice.chosen(kind, practice.of(kind, found), fields)
    standing = db.session.scalar(
        select(Proposal.id).where(
            Proposal.tenant_id == center_id,
            Proposal.provision_id == found.own.provision_id,
            Proposal.state == ProposalState.OPEN,
        )
    )
    if standing is not None:
        raise ProposedAlready(id=standing)
    row = Proposal(
        standard_id=found.standard.id,
        provision_id=found.own.provision_id,
        kind=kind,
        values=values,
        reason=reason.strip(),
        decider_id=found.owner.id,
    )
    number = add(row).id
    _tell_decider(row, found)
    given = cast(literal(values, JSONB), JSONB)
    asked_less = select(practice.looser(given)).where(Revision.id == found.layers.base.id)
    return {"id": number, "looser": db.session.scalar(asked_less) or []}


def _tell_decider(row: Proposal, found: records.Found) -> None:
    """Tell whoever writes the standard what a center proposes: its line, or the office."""
    whom = writers(found.standard, row.decider_id, department=found.revision.department_code)
    notices.tell(
        [row.decider_id],
        "proposal_made",
        values={
            "center": db.session.get_one(Center, row.tenant_id).name,
            "name": found.revision.name,
            "reason": row.reason,
        },
        to="/proposals/asked",
        needs="proposal.decide",
        **{"posts": notices.OF_OFFICE, **whom},
    )


def take_back(proposal_id: int) -> None:
    """Take an open proposal of the own center back."""
    row = _held(proposal_id, current().tenant_id or 0)
    if row.state not in (ProposalState.OPEN, ProposalState.TAKEN_BACK):
        raise ProposalDecided(state=row.state.value)
    if row.state is ProposalState.OPEN:
        row.state, row.version = ProposalState.TAKEN_BACK, row.version + 1
        db.session.flush()


def _held(proposal_id: int, center_id: int) -> Proposal:
    """Return a proposal that this post may see, locked."""
    statement = select(Proposal).where(Proposal.tenant_id == center_id, Proposal.id == proposal_id)
    own = departments_of_post()
    if own is not None:
        seen = select(Revision.id).where(Revision.provision_id == Proposal.provision_id, own)
        statement = statement.where(seen.exists())
    row = db.session.scalar(statement.with_for_update())
    if row is None:
        raise NotFound(id=proposal_id)
    return row


def decide(center_id: int, proposal_id: int, *, accept: bool, reason: str) -> Row:
    """Accept or decline what a center below proposes.  Needs the reach PUSH.

    Raises:
        NotFound: if the proposal is not for the own center to decide.
        NotYourLine, LineAlone: if another post of the center writes the standard.
        ProposalDecided: if it was decided, or taken back.
    """
    place = coverage.below(center_id)
    row = _held(proposal_id, place.id)
    if row.decider_id != current().tenant_id:
        raise NotFound(id=proposal_id)
    check_may_write(db.session.get_one(Standard, row.standard_id))
    if row.state is not ProposalState.OPEN:
        raise ProposalDecided(state=row.state.value)
    if not accept and not reason.strip():
        raise invalid("reason", "proposal.refusal_needs_reason", rule="required")
    written = practice.write(row.provision_id, row.values, place) if accept else None
    row.state = ProposalState.ACCEPTED if accept else ProposalState.DECLINED
    row.edition_id = written["edition_id"] if written else None
    row.decision, row.version = reason.strip(), row.version + 1
    row.decided_by, row.decided_at = current().actor_id, datetime.now(UTC)
    db.session.flush()
    _tell(row)
    return {"edition_id": row.edition_id, "kind": row.kind, "code": (written or {}).get("code")}


def _tell(row: Proposal) -> None:
    """Tell the center what became of its proposal."""
    revision = db.session.scalars(
        select(Revision)
        .where(Revision.provision_id == row.provision_id)
        .order_by(Revision.id.desc())
        .limit(1)
    ).one()
    accepted = row.state is ProposalState.ACCEPTED
    values: Row = {"name": revision.name, **({} if accepted else {"reason": row.decision})}
    notices.tell(
        [row.tenant_id],
        "proposal_accepted" if accepted else "proposal_declined",
        values=values,
        to="/proposals",
        needs="proposal.write",
        department=revision.department_code,
    )
