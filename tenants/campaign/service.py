"""Campaigns and joint acts: who sees and leads them, and their rows, taken and answered in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import orjson
from sqlalchemy import ColumnElement, func, or_, select, text

from jinzhu.core import jobs
from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import knows, say
from jinzhu.core.models import JobRow, JobState
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, NotFound, Problem, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.models import Claim, Revision
from tenants.campaign.models import (
    ActOutcome,
    Asked,
    Campaign,
    CampaignItem,
    JointAct,
    JointActCase,
    Outcome,
)
from tenants.procedure.models import Case

Found = TypeVar("Found", Campaign, JointAct)
BUSY = (JobState.QUEUED, JobState.RUNNING)
_ITEMS = text("""
    UPDATE campaign_item i SET state = v.state, case_id = v.case_id, why = v.why,
        message = v.message, subject_id = v.subject_id, name = v.name,
        department_code = v.department_code
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v (id bigint, state text, case_id bigint,
        why text, message text, subject_id bigint, name text, department_code text)
    WHERE i.tenant_id = app.tenant_id() AND i.id = v.id
""")
_CASES = text("""
    UPDATE joint_act_case c SET state = v.state, message = v.message
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v (id bigint, state text, message text)
    WHERE c.tenant_id = app.tenant_id() AND c.id = v.id
""")
#: Who acts in cases of these departments, or of all.
_CONCERNED = text("""
    SELECT DISTINCT a.id FROM post p
    JOIN account a ON a.id = p.account_id AND a.active
    JOIN role r ON r.code = p.role_code AND 'procedure.propose' = ANY (r.permissions)
    WHERE p.center_id = app.tenant_id() AND p.starts_on <= :day
        AND coalesce(p.ends_on, 'infinity') >= :day
        AND (p.departments IS NULL OR p.departments && CAST(:departments AS text[]))
""")


class StillRunning(Conflict):
    """What is under way is not begun a second time."""

    code = "still_running"


class NotLeading(Conflict):
    """Only who began it, or whoever decides for the center, stops it or tries it again."""

    code = "not_leading"


def offered(object_: str) -> Selection:
    """Select what the own center offers of a kind and the present post sees, as it is in force."""
    model = models()[object_]
    statement = (
        in_force(model)
        .with_only_columns(Revision)
        .where(model.tenant_id == current().tenant_id, model.claim == Claim.OFFERED)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def of_post(column: Any) -> list[ColumnElement[bool]]:
    """Return the condition that keeps a post to rows of its departments."""
    own = current().departments
    return [] if own is None else [column.in_(own)]


def campaigns() -> Selection:
    """Select the campaigns that the present post sees: all, or where its departments are in."""
    statement: Selection = select(Campaign).where(Campaign.tenant_id == current().tenant_id)
    if current().departments is None:
        return statement
    inside = select(CampaignItem.id).where(
        CampaignItem.tenant_id == Campaign.tenant_id,
        CampaignItem.campaign_id == Campaign.id,
        *of_post(CampaignItem.department_code),
    )
    return statement.where(or_(inside.exists(), Campaign.asked_by == current().actor_id))


def joint_acts() -> Selection:
    """Select the joint acts that the present post sees, in the same way."""
    statement: Selection = select(JointAct).where(JointAct.tenant_id == current().tenant_id)
    if current().departments is None:
        return statement
    inside = (
        select(JointActCase.id)
        .join(Case, (Case.tenant_id == JointActCase.tenant_id) & (Case.id == JointActCase.case_id))
        .where(
            JointActCase.tenant_id == JointAct.tenant_id,
            JointActCase.joint_act_id == JointAct.id,
            *of_post(Case.department_code),
        )
    )
    return statement.where(or_(inside.exists(), JointAct.asked_by == current().actor_id))


def find(campaign_id: int, *, lock: bool = False) -> Campaign:
    """Return a campaign that the present post sees."""
    found: Campaign = _found(campaigns().where(Campaign.id == campaign_id), campaign_id, lock=lock)
    return found


def find_act(joint_act_id: int, *, lock: bool = False) -> JointAct:
    """Return a joint act that the present post sees."""
    found: JointAct = _found(
        joint_acts().where(JointAct.id == joint_act_id), joint_act_id, lock=lock
    )
    return found


def _found(statement: Selection, number: int, *, lock: bool) -> Any:
    row = db.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound(id=number)
    return row


def leads(row: Asked) -> bool:
    """Say whether the present post stops it or tries it again: it began it, or decides here."""
    return row.asked_by == current().actor_id or may("procedure.decide")


def expect_leading(row: Asked) -> None:
    """Refuse who only looks on.

    Raises:
        NotLeading: if the present post has not begun it and does not decide.
    """
    if not leads(row):
        raise NotLeading


def job_of(row: Asked) -> JobRow | None:
    """Return the job that does it, or did."""
    if row.job_id is None:
        return None
    return db.session.scalar(
        select(JobRow).where(JobRow.tenant_id == current().tenant_id, JobRow.id == row.job_id)
    )


def expect_idle(row: Asked) -> None:
    """Refuse to begin what is under way.

    Raises:
        StillRunning: if its job waits or runs.
    """
    job = job_of(row)
    if job is not None and job.state in BUSY:
        raise StillRunning


def stop(row: Asked) -> None:
    """Ask the job to stop; what it has done stays done."""
    expect_leading(row)
    jobs.cancel(row.job_id or 0)


def take_again(row: Found) -> int:
    """Let what was refused be tried again, and nothing else; return how much that is.

    Raises:
        NotLeading, StillRunning: as they say.
        Invalid: if nothing is left to do.
    """
    expect_leading(row)
    expect_idle(row)
    model: Any = CampaignItem if isinstance(row, Campaign) else JointActCase
    of = CampaignItem.campaign_id if isinstance(row, Campaign) else JointActCase.joint_act_id
    left = model.state.in_([Outcome.PENDING.value, Outcome.REFUSED.value])
    own = (model.tenant_id == current().tenant_id, of == row.id, left)
    count = db.session.scalar(select(func.count()).select_from(model).where(*own)) or 0
    if not count:
        raise invalid("items", "campaign.nothing_left", rule="required")
    again = model.__table__.update().where(*own).values(state=Outcome.PENDING.value, message="")
    db.session.execute(again)
    row.finished_at = None
    return count


def next_items(campaign_id: int, size: int) -> list[CampaignItem]:
    """Return the next rows of a campaign that wait, held."""
    return list(
        db.session.scalars(
            select(CampaignItem)
            .where(
                CampaignItem.tenant_id == current().tenant_id,
                CampaignItem.campaign_id == campaign_id,
                CampaignItem.state == Outcome.PENDING,
            )
            .order_by(CampaignItem.id)
            .limit(size)
            .with_for_update()
        )
    )


def next_cases(joint_act_id: int, size: int) -> dict[int, int]:
    """Return the next cases of a joint act that wait, held: the row of each by its case."""
    rows = db.session.execute(
        select(JointActCase.case_id, JointActCase.id)
        .where(
            JointActCase.tenant_id == current().tenant_id,
            JointActCase.joint_act_id == joint_act_id,
            JointActCase.state == ActOutcome.PENDING,
        )
        .order_by(JointActCase.case_id)
        .limit(size)
        .with_for_update()
    )
    return {row.case_id: row.id for row in rows}


def answer_items(rows: Sequence[Row]) -> None:
    """Store what came of rows of a campaign."""
    db.session.execute(_ITEMS, {"rows": orjson.dumps(rows).decode()})


def answer_cases(rows: Sequence[Row]) -> None:
    """Store what came of a joint act in cases."""
    db.session.execute(_CASES, {"rows": orjson.dumps(rows).decode()})


def counts(row: Found) -> dict[str, int]:
    """Return how many rows of it there are in each state, of those that the post sees."""
    if isinstance(row, Campaign):
        own = (CampaignItem.tenant_id == row.tenant_id, CampaignItem.campaign_id == row.id)
        items = select(CampaignItem.state, func.count()).where(
            *own, *of_post(CampaignItem.department_code)
        )
        return _counted(Outcome, items.group_by(CampaignItem.state))
    cases = (
        select(JointActCase.state, func.count())
        .join(Case, (Case.tenant_id == JointActCase.tenant_id) & (Case.id == JointActCase.case_id))
        .where(
            JointActCase.tenant_id == row.tenant_id,
            JointActCase.joint_act_id == row.id,
            *of_post(Case.department_code),
        )
    )
    return _counted(ActOutcome, cases.group_by(JointActCase.state))


def _counted(states: Iterable[StrEnum], statement: Selection) -> dict[str, int]:
    known = {state.value: count for state, count in db.session.execute(statement)}
    whole = {state.value: known.get(state.value, 0) for state in states}
    return {**whole, "total": sum(whole.values())}


def concerned(departments: Iterable[str]) -> list[int]:
    """Return the accounts of the own center that act in cases of these departments."""
    given = {"day": today(), "departments": sorted(set(departments))}
    return list(db.session.scalars(_CONCERNED, given))


def sort_of(problem: Problem) -> str:
    """Return the sort of reason that a problem is: its rule where it breaks one, else its code."""
    if problem.errors and problem.errors[0].rule:
        return problem.errors[0].rule
    return problem.code


def called(why: str) -> str:
    """Return a sort of reason in words."""
    key = f"campaign.why.{why}"
    return say(key) if knows(key) else say("campaign.why.other")


def wish_of(row: JointAct) -> Mapping[str, Any]:
    """Return a joint act as an act in one case."""
    return {
        "step": row.step_code,
        "action": row.action,
        "opinion": row.opinion,
        "on_behalf": row.on_behalf,
        "target": row.target_code,
    }
