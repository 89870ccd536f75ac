"""Adjustments planned, carried out on their day, and given up before it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards import notices
from jinzhu.standards.claims import models
from jinzhu.standards.models import Claim, Revision
from tenants.adjustment.models import Adjustment, AdjustmentState, Change
from tenants.entry import service as entries
from tenants.entry.models import EntryState
from tenants.entry.workflow import Leaver, let_go_with
from tenants.procedure.models import Case

#: Where people deal with what an adjustment leaves to do.
PAGE = "/adjustments"


class NotPlanned(Conflict):
    """What was carried out or given up is not given up any more."""

    code = "not_planned"


def plan(case: Case, *, approval: str = "") -> Adjustment:
    """Keep what a case has decided; what is due already is carried out at once."""
    facts = case.facts
    made = add(
        Adjustment(
            case_id=case.id,
            subject_id=case.subject_id,
            code=case.subject_code,
            name=case.subject_name,
            department_code=case.department_code,
            change=Change(facts["change"]),
            basis=facts["basis"].strip(),
            effective_on=date.fromisoformat(facts["effective_on"]),
            successors=list(facts.get("successors") or []),
            to_center=(facts.get("to_center") or "").strip(),
            reason=case.reason,
            state=AdjustmentState.PLANNED,
        )
    )
    if made.effective_on <= today():
        carry_out(made, approval=approval)
    return made


def carry_out(found: Adjustment, *, approval: str = "") -> None:
    """Let the item follow: it stays on its new basis, or leaves and says what takes its place."""
    found.state = AdjustmentState.DONE
    stays = found.change is Change.NEW_LAW
    stood, told = entries.standing(found.subject_id), words(found)
    entered = entries.change(
        "item",
        found.subject_id,
        EntryState.ENTERED if stays else EntryState.LEFT,
        mode=stood.mode if stays and stood else None,
        since=found.effective_on,
        case_id=found.case_id,
        reason=told,
        approval=approval or found.basis,
    )
    if not stays:
        let_go_with(Leaver("item", found.subject_id, found.code), entered.since)
        _answer(found, told)
    _tell(found, told)


def words(found: Adjustment) -> str:
    """Say what becomes of an item: into what, where to, on which day, on what basis."""
    names = names_of(found.successors)
    return say(
        f"adjustment.told.{found.change}",
        names="、".join(names.get(number, "") for number in found.successors),
        center=found.to_center,
        day=found.effective_on,
        basis=found.basis,
    )


def names_of(provisions: Iterable[int]) -> dict[int, str]:
    """Return the newest name of each provision."""
    numbers = sorted(set(provisions))
    if not numbers:
        return {}
    rows = db.session.execute(
        select(Revision.provision_id, Revision.name)
        .where(Revision.provision_id.in_(numbers))
        .order_by(Revision.id)
    )
    return {row.provision_id: row.name for row in rows}


def _answer(found: Adjustment, told: str) -> None:
    """Answer the duty as it is now: covered by what took its place, or not offered, and why.

    So that what has left is not counted as due.
    """
    model = models()["item"]
    covered = found.successors[0] if found.change is Change.MERGED else None
    db.session.execute(
        update(model)
        .where(
            model.tenant_id == current().tenant_id,
            model.provision_id == found.subject_id,
            model.claim == Claim.OFFERED,
        )
        .values(
            claim=Claim.COVERED_BY if covered else Claim.NOT_OFFERED,
            covered_by_id=covered,
            reason="" if covered else told,
            version=model.version + 1,
            updated_at=func.now(),
            updated_by=current().actor_id,
        )
        .execution_options(synchronize_session=False)
    )


def _tell(found: Adjustment, told: str) -> None:
    center = current().tenant_id
    assert center is not None
    notices.tell(
        [center],
        "adjustment_done",
        values={"name": found.name, "told": told},
        to=f"{PAGE}?tab=done",
        needs="procedure.propose",
        department=found.department_code,
    )


def find(adjustment_id: int) -> Adjustment:
    """Return an adjustment of the own center that the post sees."""
    statement = select(Adjustment).where(
        Adjustment.id == adjustment_id, Adjustment.tenant_id == current().tenant_id
    )
    own = current().departments
    if own is not None:
        statement = statement.where(Adjustment.department_code.in_(own))
    found = db.session.scalar(statement.with_for_update())
    if found is None:
        raise NotFound(id=adjustment_id)
    return found


def withdraw(found: Adjustment, reason: str) -> None:
    """Give up what was planned; the item stays as it is.

    Raises:
        NotPlanned: where it has been carried out or given up.
    """
    if found.state is not AdjustmentState.PLANNED:
        raise NotPlanned(name=found.name, state=say(f"adjustment_state.{found.state}"))
    if not reason.strip():
        raise invalid("reason", "case.reason_needed", rule="required")
    found.state, found.withdrawal = AdjustmentState.WITHDRAWN, reason.strip()
    found.withdrawn_at, found.withdrawn_by = func.now(), current().actor_id
    db.session.flush()
    db.session.refresh(found)


def let_go(row: Mapping[str, Any], change: Change, *, basis: str, successor: int = 0) -> Adjustment:
    """Keep what a center did about an item that its standard has given up."""
    return add(
        Adjustment(
            subject_id=row["provision_id"],
            code=row["code"],
            name=row["name"],
            department_code=row["department_code"],
            change=change,
            basis=basis,
            effective_on=today(),
            successors=[successor] if successor else [],
            state=AdjustmentState.DONE,
        )
    )
