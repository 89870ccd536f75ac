"""Campaigns and joint acts as people read them: lists, how far each has come, and every row."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from jinzhu.core import jobs
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.models import JobRow
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards.departments import departments_around
from tenants.campaign import service
from tenants.campaign.models import (
    ActOutcome,
    Campaign,
    CampaignItem,
    JointAct,
    JointActCase,
    Outcome,
)
from tenants.campaign.service import BUSY
from tenants.procedure.models import Case, CaseState, CaseStep
from tenants.procedure.workflow import ALIVE

_OF_ITEM = and_(Case.tenant_id == CampaignItem.tenant_id, Case.id == CampaignItem.case_id)
_OF_ACT = and_(Case.tenant_id == JointActCase.tenant_id, Case.id == JointActCase.case_id)


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of campaigns, the newest first, with how many cases are begun and over."""
    figures = _figures()
    statement = (
        service.campaigns()
        .with_only_columns(
            Campaign.id,
            Campaign.name,
            Campaign.object,
            Campaign.kind,
            Campaign.asked_by,
            Campaign.created_at,
            JobRow.state.label("state"),
            *figures.c[1:],
        )
        .join(figures, figures.c.campaign_id == Campaign.id)
        .outerjoin(
            JobRow, and_(JobRow.tenant_id == Campaign.tenant_id, JobRow.id == Campaign.job_id)
        )
    )
    if query["q"]:
        statement = statement.where(Campaign.name.icontains(query["q"].strip(), autoescape=True))
    if query["kind"]:
        statement = statement.where(Campaign.kind == query["kind"])
    found = page_of(
        statement,
        query,
        sortable={"created_at": Campaign.created_at, "name": Campaign.name},
        default="-created_at",
        last=[Campaign.id.desc()],
    )
    return _named(found)


def _named(found: Row) -> Row:
    people = names_of(row["asked_by"] for row in found["rows"])
    for row in found["rows"]:
        row["asked_by"] = people.get(row["asked_by"])
        row["state"] = row["state"] or "done"
        if "kind" in row:
            row["kind_label"] = say(f"choice.procedure_kind.{row['kind']}")
        if "action" in row:
            row["label"] = say(f"act.{row['action']}")
    return found


def _over(*states: CaseState) -> ColumnElement[int]:
    return func.count().filter(Case.state.in_(states))


def _figures() -> Any:
    """Select the figures of each campaign, of the rows that the post sees."""
    return (
        select(
            CampaignItem.campaign_id,
            func.count().label("total"),
            _in(Outcome.BEGUN).label("begun"),
            _in(Outcome.REFUSED, Outcome.RUNNING).label("rest"),
            _over(CaseState.FINISHED).label("finished"),
        )
        .outerjoin(Case, _OF_ITEM)
        .where(
            CampaignItem.tenant_id == current().tenant_id,
            *_seen(),
        )
        .group_by(CampaignItem.campaign_id)
        .subquery("figures")
    )


def _in(*states: Outcome) -> ColumnElement[int]:
    return func.count().filter(CampaignItem.state.in_(states))


def _seen() -> list[ColumnElement[bool]]:
    """Return the condition for the rows that the present post sees: codes unknown are its own."""
    scope = current()
    if scope.departments is None:
        return []
    own = select(Campaign.id).where(
        Campaign.tenant_id == CampaignItem.tenant_id,
        Campaign.id == CampaignItem.campaign_id,
        Campaign.asked_by == scope.actor_id,
    )
    nameless = and_(CampaignItem.department_code == "", own.exists())
    return [or_(CampaignItem.department_code.in_(scope.departments), nameless)]


def document(campaign: Campaign) -> Row:
    """Return a campaign: its job, and how far its cases have come, by department and by step."""
    job = service.job_of(campaign)
    departments, steps = _departments(campaign), _steps(campaign)
    counted = {state.value: sum(row[state] for row in departments) for state in Outcome}
    state = job.state if job else None
    leads, busy = service.leads(campaign), state in BUSY
    left = counted[Outcome.REFUSED] + counted[Outcome.PENDING]
    return {
        "id": campaign.id,
        "name": campaign.name,
        "object": campaign.object,
        "kind": campaign.kind,
        "kind_label": say(f"choice.procedure_kind.{campaign.kind}"),
        "facts": campaign.facts,
        "reason": campaign.reason,
        "asked_by": names_of([campaign.asked_by]).get(campaign.asked_by),
        "created_at": campaign.created_at,
        "finished_at": campaign.finished_at,
        "job": jobs.document(job) if job else None,
        "counts": {
            **counted,
            "total": sum(counted.values()),
            "finished": sum(row["finished"] for row in departments),
            "ended": sum(row["ended"] for row in departments),
            "in_course": sum(row["in_course"] for row in departments),
            "overdue": sum(row["overdue"] for row in steps),
        },
        "departments": departments,
        "steps": steps,
        "actions": {"stop": leads and busy, "again": leads and not busy and left > 0},
    }


def _departments(campaign: Campaign) -> list[Row]:
    """Return how far each department has come."""
    rows = db.session.execute(
        select(
            CampaignItem.department_code,
            func.count().label("total"),
            *(_in(state).label(state.value) for state in Outcome),
            _over(CaseState.RUNNING).label("in_course"),
            _over(CaseState.FINISHED).label("finished"),
            _over(CaseState.REFUSED, CaseState.WITHDRAWN).label("ended"),
        )
        .outerjoin(Case, _OF_ITEM)
        .where(
            CampaignItem.tenant_id == campaign.tenant_id,
            CampaignItem.campaign_id == campaign.id,
            *_seen(),
        )
        .group_by(CampaignItem.department_code)
        .order_by(func.count().desc(), CampaignItem.department_code)
    )
    names = departments_around(campaign.tenant_id)
    return [
        {
            **row._mapping,
            "department_name": names.get(row.department_code, row.department_code)
            or say("campaign.nameless"),
        }
        for row in rows
    ]


def _steps(campaign: Campaign) -> list[Row]:
    """Return in which steps the cases in course stand, and for whom each waits."""
    rows = db.session.execute(
        select(
            CaseStep.name.label("step_name"),
            CaseStep.actor,
            func.count().label("count"),
            func.count().filter(CaseStep.due_on < today()).label("overdue"),
            func.min(CaseStep.due_on).label("due_on"),
        )
        .join(Case, and_(Case.tenant_id == CaseStep.tenant_id, Case.id == CaseStep.case_id))
        .where(
            Case.tenant_id == campaign.tenant_id,
            Case.campaign_id == campaign.id,
            CaseStep.state.in_(ALIVE),
            *service.of_post(Case.department_code),
        )
        .group_by(CaseStep.name, CaseStep.actor)
        .order_by(func.count().desc(), CaseStep.name)
    )
    return [{**row._mapping, "actor_label": say(f"choice.actor.{row.actor}")} for row in rows]


def _items(campaign: Campaign, query: Mapping[str, Any]) -> Selection:
    statement = (
        select(
            CampaignItem.id,
            CampaignItem.place,
            CampaignItem.code,
            CampaignItem.name,
            CampaignItem.department_code,
            CampaignItem.state,
            CampaignItem.case_id,
            CampaignItem.message,
            Case.number.label("case_number"),
            Case.state.label("case_state"),
        )
        .outerjoin(Case, _OF_ITEM)
        .where(
            CampaignItem.tenant_id == campaign.tenant_id,
            CampaignItem.campaign_id == campaign.id,
            *_seen(),
        )
    )
    if query.get("state"):
        statement = statement.where(CampaignItem.state == query["state"])
    if query.get("department"):
        statement = statement.where(CampaignItem.department_code == query["department"])
    return _searched(statement, query, CampaignItem.name, CampaignItem.code, Case.number)


def _searched(statement: Selection, query: Mapping[str, Any], *columns: Any) -> Selection:
    words = (query.get("q") or "").strip()
    if not words:
        return statement
    return statement.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))


def items(campaign: Campaign, query: Mapping[str, Any]) -> Row:
    """Return a page of the rows of a campaign with what came of each."""
    found = page_of(
        _items(campaign, query),
        query,
        sortable={
            "place": CampaignItem.place,
            "name": CampaignItem.name,
            "code": CampaignItem.code,
        },
        default="place",
        last=[CampaignItem.id.asc()],
    )
    _departments_named(found["rows"])
    return found


def every_item(campaign: Campaign) -> list[Row]:
    """Return all rows of a campaign that the post sees, as they stand in the list."""
    rows = db.session.execute(_items(campaign, {}).order_by(CampaignItem.place, CampaignItem.id))
    found = [dict(row._mapping) for row in rows]
    _departments_named(found)
    return found


def _departments_named(rows: Iterable[Row]) -> None:
    names = departments_around(current().tenant_id or 0)
    for row in rows:
        row["department_name"] = names.get(row["department_code"], row["department_code"])


def act_page(query: Mapping[str, Any]) -> Row:
    """Return a page of joint acts, the newest first."""
    statement = (
        service.joint_acts()
        .with_only_columns(
            JointAct.id,
            JointAct.procedure_name,
            JointAct.step_name,
            JointAct.action,
            JointAct.asked_by,
            JointAct.created_at,
            JobRow.state.label("state"),
            _act_count().label("total"),
            _act_count(ActOutcome.DONE).label("done"),
            _act_count(ActOutcome.REFUSED).label("refused"),
        )
        .outerjoin(
            JobRow, and_(JobRow.tenant_id == JointAct.tenant_id, JobRow.id == JointAct.job_id)
        )
    )
    if query["campaign"]:
        statement = statement.where(JointAct.campaign_id == query["campaign"])
    found = page_of(
        _searched(statement, query, JointAct.procedure_name, JointAct.step_name),
        query,
        sortable={"created_at": JointAct.created_at},
        default="-created_at",
        last=[JointAct.id.desc()],
    )
    return _named(found)


def _act_count(*states: ActOutcome) -> Any:
    statement = (
        select(func.count())
        .select_from(JointActCase)
        .join(Case, _OF_ACT)
        .where(
            JointActCase.tenant_id == JointAct.tenant_id,
            JointActCase.joint_act_id == JointAct.id,
            *service.of_post(Case.department_code),
        )
    )
    if states:
        statement = statement.where(JointActCase.state.in_(states))
    return statement.correlate(JointAct).scalar_subquery()


def act_document(joint: JointAct) -> Row:
    """Return a joint act with how far it has come."""
    job, counts = service.job_of(joint), service.counts(joint)
    leads, busy = service.leads(joint), job is not None and job.state in BUSY
    left = counts[ActOutcome.REFUSED] + counts[ActOutcome.PENDING]
    return {
        "id": joint.id,
        "campaign_id": joint.campaign_id,
        "procedure_name": joint.procedure_name,
        "step_name": joint.step_name,
        "action": joint.action,
        "label": say(f"act.{joint.action}"),
        "opinion": joint.opinion,
        "on_behalf": joint.on_behalf,
        "document_name": joint.document_name,
        "document_number": joint.document_number,
        "file_name": joint.file_name,
        "asked_by": names_of([joint.asked_by]).get(joint.asked_by),
        "created_at": joint.created_at,
        "finished_at": joint.finished_at,
        "job": jobs.document(job) if job else None,
        "counts": counts,
        "actions": {"stop": leads and busy, "again": leads and not busy and left > 0},
    }


def _act_cases(joint: JointAct, query: Mapping[str, Any]) -> Selection:
    statement = (
        select(
            JointActCase.id,
            JointActCase.case_id,
            JointActCase.state,
            JointActCase.message,
            Case.number.label("case_number"),
            Case.subject_code.label("code"),
            Case.subject_name.label("name"),
            Case.department_code,
            Case.state.label("case_state"),
        )
        .join(Case, _OF_ACT)
        .where(
            JointActCase.tenant_id == joint.tenant_id,
            JointActCase.joint_act_id == joint.id,
            *service.of_post(Case.department_code),
        )
    )
    if query.get("state"):
        statement = statement.where(JointActCase.state == query["state"])
    return _searched(statement, query, Case.subject_name, Case.subject_code, Case.number)


def act_cases(joint: JointAct, query: Mapping[str, Any]) -> Row:
    """Return a page of the cases of a joint act with what came of each."""
    found = page_of(
        _act_cases(joint, query),
        query,
        sortable={"number": Case.number, "name": Case.subject_name},
        default="number",
        last=[JointActCase.id.asc()],
    )
    _departments_named(found["rows"])
    return found


def every_act_case(joint: JointAct) -> list[Row]:
    """Return all cases of a joint act that the post sees."""
    rows = db.session.execute(_act_cases(joint, {}).order_by(Case.number))
    found = [dict(row._mapping) for row in rows]
    _departments_named(found)
    return found
