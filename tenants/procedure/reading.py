"""Cases as people read them: what waits, and one case from its first step to its last."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from jinzhu.core.access import may
from jinzhu.core.calendar import Workdays, today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.core.workflow import Procedure
from jinzhu.hierarchy.models import Center
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


def seen() -> list[ColumnElement[bool]]:
    """Return the conditions for the cases that the present post sees."""
    scope = current()
    conditions: list[ColumnElement[bool]] = [Case.tenant_id == scope.tenant_id]
    if scope.departments is not None:
        conditions.append(Case.department_code.in_(scope.departments))
    return conditions


def mine() -> ColumnElement[bool]:
    """Return the condition for the open steps in which the present post acts."""
    actors = [*(CENTERS if may(acts.DECIDES) else ())]
    if may("procedure.propose"):
        actors.append("department")
    handed = CaseStep.assignee_id == current().actor_id
    for_all = and_(CaseStep.assignee_id.is_(None), CaseStep.actor.in_(actors))
    return and_(CaseStep.state == StepState.OPEN, or_(handed, for_all))


def _soonest(condition: ColumnElement[bool]) -> Any:
    """Select, for each case, its open step that is due first."""
    return (
        select(
            CaseStep.case_id,
            CaseStep.name.label("step_name"),
            CaseStep.actor,
            CaseStep.due_on,
            CaseStep.opened_on.label("since"),
        )
        .where(
            CaseStep.tenant_id == current().tenant_id,
            CaseStep.state.in_(workflow.ALIVE),
            condition,
        )
        .ext(distinct_on(CaseStep.case_id))
        .order_by(CaseStep.case_id, CaseStep.due_on.asc().nulls_last(), CaseStep.id)
        .subquery("step")
    )


def cases(query: Mapping[str, Any]) -> Selection:
    """Select cases with the step that each of them waits at."""
    waits_for_me = query.get("mine", False)
    step = _soonest(mine() if waits_for_me else CaseStep.id.is_not(None))
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
        step.c.actor,
        step.c.since,
        step.c.due_on,
    ]
    statement: Selection = select(*columns).join(
        step, step.c.case_id == Case.id, isouter=not waits_for_me
    )
    statement = statement.where(*seen())
    if query.get("overdue"):
        statement = statement.where(step.c.due_on < today())
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
    if query.get("begun"):
        yield Case.opened_by == current().actor_id
    if query.get("q"):
        yield _found(query["q"])


def _found(words: str) -> ColumnElement[bool]:
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
            "number": Case.number,
            "opened_on": Case.opened_on,
            "name": Case.subject_name,
        },
        default="due_on,-number",
        last=[Case.id.asc()],
    )
    names, days, day = departments_around(current().tenant_id or 0), workdays.here(), today()
    for row in found["rows"]:
        row["kind_label"] = say(f"choice.procedure_kind.{row['kind']}")
        row["department_name"] = names.get(row["department_code"], row["department_code"])
        row["actor_label"] = say(f"choice.actor.{row['actor']}") if row["actor"] else ""
        row["days_left"] = days.between(day, row["due_on"]) if row["due_on"] else None
    return found


def _count(query: Mapping[str, Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(cases(query).subquery())) or 0


def waiting() -> int:
    """Return in how many cases something waits for the present post."""
    return _count({"mine": True, "state": CaseState.RUNNING.value})


@desk.waits("todo")
def _on_desk() -> list[Row]:
    if not may(acts.PROPOSES):
        return []
    late = _count({"mine": True, "overdue": True})
    return [
        desk.entry("cases_overdue", late, "/cases?tab=mine&overdue=true"),
        desk.entry("cases_waiting", waiting(), "/cases?tab=mine"),
    ]


@desk.waits("awaited")
def _begun_on_desk() -> list[Row]:
    """Return what the person has asked for and others work on."""
    if not may(acts.PROPOSES):
        return []
    begun = _count({"begun": True, "state": CaseState.RUNNING.value})
    return [desk.entry("cases_begun", begun, "/cases?tab=begun")]


def _signing() -> Any:
    """Select, for each case, the step that the superior department signs or has signed."""
    return (
        select(
            CaseStep.tenant_id,
            CaseStep.case_id,
            CaseStep.name.label("step_name"),
            CaseStep.state.label("step_state"),
            CaseStep.opened_on.label("since"),
            CaseStep.due_on,
        )
        .where(CaseStep.actor == "superior", CaseStep.state != StepState.SKIPPED)
        .ext(distinct_on(CaseStep.tenant_id, CaseStep.case_id))
        .order_by(
            CaseStep.tenant_id,
            CaseStep.case_id,
            CaseStep.state.in_(workflow.ALIVE).desc(),
            CaseStep.id.desc(),
        )
        .subquery("step")
    )


def _consents(query: Mapping[str, Any]) -> Selection:
    """Select the cases of centers below in which the present post signs, or has signed."""
    step = _signing()
    statement: Selection = (
        select(
            Center.id.label("center_id"),
            Center.name.label("center_name"),
            Case.id,
            Case.number,
            Case.object,
            Case.kind,
            Case.subject_name,
            Case.department_code,
            Case.state,
            step.c.step_name,
            step.c.since,
            step.c.due_on,
        )
        .join(step, and_(step.c.tenant_id == Case.tenant_id, step.c.case_id == Case.id))
        .join(Center, Center.id == Case.tenant_id)
        .where(*service.signed_above())
    )
    alive = step.c.step_state.in_(workflow.ALIVE)
    if query["state"]:
        statement = statement.where(alive if query["state"] == "open" else ~alive)
    if query.get("q"):
        place = Center.name.icontains(query["q"].strip(), autoescape=True)
        statement = statement.where(or_(_found(query["q"]), place))
    return statement


def consents(query: Mapping[str, Any]) -> Row:
    """Return a page of what waits for the superior department.  Needs the reach SUBTREE."""
    statement = _consents(query)
    due = statement.selected_columns["due_on"]
    found = page_of(
        statement,
        query,
        sortable={"due_on": due, "center": Center.name_key, "name": Case.subject_name},
        default="due_on,center",
        last=[Case.tenant_id.asc(), Case.id.asc()],
    )
    names, day = departments_around(current().tenant_id or 0), today()
    days = workdays.of_all(row["center_id"] for row in found["rows"])
    for row in found["rows"]:
        center = {"id": row.pop("center_id"), "name": row.pop("center_name")}
        left = days[center["id"]].between(day, row["due_on"]) if row["due_on"] else None
        row |= {
            "center": center,
            "days_left": left,
            "kind_label": say(f"choice.procedure_kind.{row['kind']}"),
            "department_name": names.get(row["department_code"], row["department_code"]),
        }
    return found


@desk.waits("todo")
def _consents_on_desk() -> list[Row]:
    if not may(acts.CONSENTS):
        return []
    with reaching(Reach.SUBTREE):
        open_ones = _consents({"state": "open"}).subquery()
        count = db.session.scalar(select(func.count()).select_from(open_ones)) or 0
    return [desk.entry("consents_open", count, "/consents")]


def document(case: Case) -> Row:
    """Return a case: its procedure, its steps with their clocks, its trace, what can be done."""
    return _document(case, acts.possible)


def document_above(case: Case) -> Row:
    """Return a case of a center below, with what the superior department may do in it."""
    center = db.session.get_one(Center, case.tenant_id)
    found = _document(case, acts.possible_above)
    return {**found, "center": {"id": center.id, "name": center.name}}


def _document(
    case: Case, possible: Callable[[Case, Sequence[CaseStep]], list[acts.Possible]]
) -> Row:
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
        "version": case.version,
    }


def _steps(case: Case, procedure: Procedure, rows: list[CaseStep]) -> list[Row]:
    """Return every step of the procedure, in its order, as it stands in the case."""
    newest = {row.code: row for row in sorted(rows, key=lambda row: row.round)}
    people = names_of(row.assignee_id for row in rows)
    return [
        {
            "code": step.code,
            "name": step.name,
            "actor": step.actor,
            "actor_label": say(f"choice.actor.{step.actor}"),
            "next": list(procedure.after[step.code]),
            "document": step.document,
            "limit": step.limit,
            **_standing(newest.get(step.code), people, workdays.of(case.tenant_id)),
        }
        for step in procedure.steps
    ]


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
            "target_name": steps.get(row.target_code, ""),
        }
        for row in found
    ]
