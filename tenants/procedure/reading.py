"""Cases as people read them: what waits, and one case from its first step to its last."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy import case as choose
from sqlalchemy.dialects.postgresql import distinct_on

from jinzhu.core.access import may
from jinzhu.core.calendar import Workdays, today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Procedure, Step
from jinzhu.standards import desk
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Edition, Revision, Standard
from jinzhu.workdays import service as workdays
from tenants.procedure import acts, service, workflow
from tenants.procedure.models import Case, CaseAct, CaseState, CaseStep, StepState

#: What the present post acts in, by who acts in a step.
CENTERS = ("center", *acts.OUTSIDE)
#: Every state but running, in one word.
OVER = "over"
#: What record types that know cases add to one, by its name in the document.
ADDED: dict[str, Callable[[Case], Any]] = {}


def seen() -> list[ColumnElement[bool]]:
    """Return the conditions for the cases that the present post sees."""
    scope = current()
    conditions: list[ColumnElement[bool]] = [Case.tenant_id == scope.tenant_id]
    if scope.departments is not None:
        conditions.append(Case.department_code.in_(scope.departments))
    return conditions


def mine() -> ColumnElement[bool]:
    """Return the condition for the steps in which the present post acts now.

    What was handed to somebody who is not there any more falls back to the post.
    """
    actors = [*(CENTERS if may(acts.DECIDES) else ())]
    if may(acts.PROPOSES):
        actors.append("department")
    nobodys = or_(CaseStep.assignee_id.is_(None), service.gone())
    for_all = and_(nobodys, CaseStep.actor.in_(actors))
    handed = and_(CaseStep.assignee_id == current().actor_id, ~service.gone())
    return or_(and_(CaseStep.state == StepState.OPEN, or_(handed, for_all)), _to_answer())


def _mine_in_case() -> ColumnElement[bool]:
    """Return the condition that the present post acts in a case now."""
    steps = select(CaseStep.id).where(
        CaseStep.tenant_id == Case.tenant_id, CaseStep.case_id == Case.id, mine()
    )
    return steps.correlate(Case).exists()


def _to_answer() -> ColumnElement[bool]:
    """Return the condition for what the present post has been asked for."""
    if not may(acts.PROPOSES):
        return false()
    asked = CaseStep.state == StepState.SUSPENDED
    if current().departments is not None:
        return asked
    return and_(asked, Case.opened_by == current().actor_id)


def told_to_me() -> ColumnElement[bool]:
    """Return the condition for the steps that the present post was told are long overdue."""
    receivers = ["leader"] if may(acts.PROPOSES) else []
    if may(acts.DECIDES):
        receivers.append("manager")
    return and_(
        CaseStep.state == StepState.OPEN,
        CaseStep.escalated_on.is_not(None),
        CaseStep.escalate_to.in_(receivers),
    )


#: What a list may be narrowed to, by the steps that the cases wait at.
WAITING: dict[str, Callable[[], ColumnElement[bool]]] = {
    "mine": mine,
    "escalated": told_to_me,
    "gone": lambda: and_(CaseStep.state == StepState.OPEN, service.gone()),
}


def _soonest(condition: ColumnElement[bool]) -> Any:
    """Select, for each case, its open step that is due first; a clock that stands is not due."""
    due = choose((CaseStep.state == StepState.OPEN, CaseStep.due_on))
    return (
        select(
            CaseStep.case_id,
            CaseStep.name.label("step_name"),
            CaseStep.state.label("step_state"),
            CaseStep.actor,
            due.label("due_on"),
            CaseStep.opened_on.label("since"),
            CaseStep.assignee_id,
            service.gone().label("gone"),
            CaseStep.escalated_on,
        )
        .join(Case, and_(Case.tenant_id == CaseStep.tenant_id, Case.id == CaseStep.case_id))
        .where(
            CaseStep.tenant_id == current().tenant_id,
            CaseStep.state.in_(workflow.ALIVE),
            condition,
        )
        .ext(distinct_on(CaseStep.case_id))
        .order_by(CaseStep.case_id, due.asc().nulls_last(), CaseStep.id)
        .subquery("step")
    )


def cases(query: Mapping[str, Any]) -> Selection:
    """Select cases with the step that each of them waits at."""
    asked = [condition() for name, condition in WAITING.items() if query.get(name)]
    step = _soonest(and_(*asked) if asked else CaseStep.id.is_not(None))
    columns = [
        Case.id,
        Case.number,
        Case.object,
        Case.kind,
        Case.subject_id,
        Case.subject_code,
        Case.subject_name,
        Case.department_code,
        Case.state,
        Case.opened_on,
        Case.ended_at,
        step.c.step_name,
        step.c.step_state,
        step.c.actor,
        step.c.since,
        step.c.due_on,
        step.c.assignee_id,
        step.c.gone,
        step.c.escalated_on,
    ]
    statement: Selection = select(*columns).join(step, step.c.case_id == Case.id, isouter=not asked)
    statement = statement.where(*seen())
    if query.get("overdue"):
        statement = statement.where(step.c.due_on < today())
    if query.get("step"):
        statement = statement.where(step.c.step_name == query["step"])
    return statement.where(*_asked_for(query))


def _asked_for(query: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a query sets for the cases themselves."""
    for name in ("object", "kind"):
        if query.get(name):
            yield getattr(Case, name) == query[name]
    if query.get("state") == OVER:
        yield Case.state != CaseState.RUNNING
    elif query.get("state"):
        yield Case.state == query["state"]
    if query.get("department"):
        yield Case.department_code == query["department"]
    if query.get("subject"):
        yield Case.subject_id == query["subject"]
    if query.get("campaign"):
        yield Case.campaign_id == query["campaign"]
    if query.get("begun") or query.get("awaited"):
        yield Case.opened_by == current().actor_id
    if query.get("awaited"):
        yield ~_mine_in_case()
    if query.get("q"):
        yield matching(query["q"])


def matching(words: str) -> ColumnElement[bool]:
    """Return the condition for what was typed: part of the name, start of a code or a number."""
    part = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        Case.subject_name.ilike(f"%{part}%"),
        Case.subject_code.ilike(f"{part}%"),
        Case.number.ilike(f"{part}%"),
    )


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of cases; what is due first stands first."""
    statement = cases(query)
    due = statement.selected_columns["due_on"]
    found = page_of(
        statement,
        query,
        sortable={
            "due_on": due,
            "since": statement.selected_columns["since"],
            "number": Case.number,
            "opened_on": Case.opened_on,
            "name": Case.subject_name,
        },
        default="due_on,-number",
        last=[Case.id.asc()],
    )
    names, days, day = departments_around(current().tenant_id or 0), workdays.here(), today()
    people = names_of(row["assignee_id"] for row in found["rows"])
    for row in found["rows"]:
        row["assignee"] = people.get(row.pop("assignee_id"))
        row["gone"] = bool(row["gone"])
        row["kind_label"] = say(f"choice.procedure_kind.{row['kind']}")
        row["department_name"] = names.get(row["department_code"], row["department_code"])
        row["actor_label"] = say(f"choice.actor.{row['actor']}") if row["actor"] else ""
        row["days_left"] = days.between(day, row["due_on"]) if row["due_on"] else None
    return found


RUNNING = {"state": CaseState.RUNNING.value}
#: The lists that a center has of its cases, by what they ask for.
LISTS: dict[str, Mapping[str, Any]] = {
    "mine": RUNNING | {"mine": True},
    "escalated": RUNNING | {"escalated": True},
    "running": RUNNING,
    "overdue": RUNNING | {"overdue": True},
    "gone": RUNNING | {"gone": True},
    "awaited": RUNNING | {"awaited": True},
    "begun": RUNNING | {"begun": True},
}


def count(query: Mapping[str, Any]) -> int:
    """Return how many cases a query finds."""
    return db.session.scalar(select(func.count()).select_from(cases(query).subquery())) or 0


def counts() -> Row:
    """Return how many cases stand in each list, in one statement."""
    wanted = [
        select(func.count()).select_from(cases(query).subquery(name)).scalar_subquery().label(name)
        for name, query in LISTS.items()
    ]
    return dict(db.session.execute(select(*wanted)).one()._mapping)


@desk.waits("todo")
def _on_desk() -> list[Row]:
    if not may(acts.PROPOSES):
        return []
    found, late = counts(), count({**LISTS["mine"], "overdue": True})
    left = found["gone"] if may(acts.DECIDES) else 0
    return [
        desk.entry("cases_overdue", late, "/cases?tab=mine&overdue=true"),
        desk.entry("cases_escalated", found["escalated"], "/cases?tab=escalated"),
        desk.entry("cases_waiting", found["mine"], "/cases?tab=mine"),
        desk.entry("cases_gone", left, "/cases?tab=running&gone=true"),
    ]


@desk.waits("awaited")
def _begun_on_desk() -> list[Row]:
    """Return what the person has asked for and others work on."""
    if not may(acts.PROPOSES):
        return []
    begun = count(LISTS["begun"])
    return [desk.entry("cases_begun", begun, "/cases?tab=begun")]


def document(case: Case) -> Row:
    """Return a case: its procedure, its steps with their clocks, its trace, what can be done."""
    return document_of(case, acts.possible)


def document_of(
    case: Case, possible: Callable[[Case, Sequence[CaseStep]], list[acts.Possible]]
) -> Row:
    """Return a case, with what somebody may do in it."""
    rows, procedure = service.rows_of(case), service.steps_of(case)
    revision = db.session.get_one(Revision, case.revision_id)
    standard, edition = db.session.execute(
        select(Standard.name, Edition.number)
        .join(Edition, Edition.standard_id == Standard.id)
        .where(Edition.id == case.edition_id)
    ).one()
    names = departments_around(case.tenant_id)
    return {
        "id": case.id,
        "number": case.number,
        "object": case.object,
        "kind": case.kind,
        "kind_label": say(f"choice.procedure_kind.{case.kind}"),
        "subject": {"id": case.subject_id, "code": case.subject_code, "name": case.subject_name},
        "department_code": case.department_code,
        "department_name": names.get(case.department_code, case.department_code),
        "reason": case.reason,
        "facts": case.facts,
        "state": case.state.value,
        "opened_on": case.opened_on,
        "opened_by": names_of([case.opened_by]).get(case.opened_by),
        "ended_at": case.ended_at,
        "procedure": {
            "code": revision.code,
            "name": revision.name,
            "standard": standard,
            "edition_number": edition,
        },
        "steps": _steps(case, procedure, rows),
        "trace": _trace(case),
        "actions": [one.document(procedure) for one in possible(case, rows)],
        **{name: part(case) for name, part in ADDED.items()},
        "version": case.version,
    }


def _steps(case: Case, procedure: Procedure, rows: list[CaseStep]) -> list[Row]:
    """Return every step of the procedure, in its order, as it stands in the case."""
    newest = {row.code: row for row in sorted(rows, key=lambda row: row.round)}
    people = names_of(row.assignee_id for row in rows)
    own = case.tenant_id == current().tenant_id
    alone = service.left_alone(case, rows) if own else frozenset[int]()
    return [
        {
            "code": step.code,
            "name": step.name,
            "actor": step.actor,
            "actor_label": say(f"choice.actor.{step.actor}"),
            "next": list(procedure.after[step.code]),
            "document": step.document,
            "limit": step.limit,
            "escalate_after": step.escalate_after,
            "receiver_label": _receiver(step),
            **_standing(newest.get(step.code), people, workdays.of(case.tenant_id)),
            "gone": step.code in newest and newest[step.code].id in alone,
        }
        for step in procedure.steps
    ]


def _receiver(step: Step) -> str:
    told = service.receiver(step)
    return say(f"choice.receiver.{told}") if told else ""


def _standing(row: CaseStep | None, people: Mapping[int | None, str], days: Workdays) -> Row:
    if row is None:
        return {
            "state": "coming",
            "round": 0,
            "opened_on": None,
            "due_on": None,
            "days_left": None,
            "closed_at": None,
            "assignee": None,
            "escalated_on": None,
        }
    left = None
    if row.due_on and row.state is StepState.OPEN:
        left = days.between(today(), row.due_on)
    return {
        "state": row.state.value,
        "round": row.round,
        "opened_on": row.opened_on,
        "due_on": row.due_on,
        "days_left": left,
        "closed_at": row.closed_at,
        "assignee": people.get(row.assignee_id),
        "escalated_on": row.escalated_on,
    }


def _trace(case: Case) -> list[Row]:
    found = db.session.scalars(
        select(CaseAct)
        .where(CaseAct.tenant_id == case.tenant_id, CaseAct.case_id == case.id)
        .order_by(CaseAct.id)
    ).all()
    names = names_of(row.actor_id for row in found)
    steps = {step.code: step.name for step in service.steps_of(case).steps}
    return [
        {
            "at": row.at,
            "who": row.actor_name or names.get(row.actor_id),
            "action": row.action,
            "label": say(f"act.{row.action}"),
            "step": row.step_code,
            "step_name": steps.get(row.step_code, ""),
            "opinion": row.opinion,
            "on_behalf": row.on_behalf,
            "for_department": row.for_department,
            "target_name": steps.get(row.target_code, ""),
        }
        for row in found
    ]
