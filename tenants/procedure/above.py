"""Cases of centers below, for whoever signs in them and whoever is told that they are overdue."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.hierarchy.models import Center
from jinzhu.standards import desk, notices
from jinzhu.standards.departments import departments_around
from jinzhu.workdays import service as workdays
from tenants.procedure import acts, reading, service, workflow
from tenants.procedure.models import Case, CaseStep, StepState

#: Being told what is long overdue below, and saying something to it.
URGES = service.URGES


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


#: Waits for the signature, for what was asked for, or for nothing any more.
_STANDS: dict[str, Callable[[ColumnElement[Any]], ColumnElement[bool]]] = {
    "open": lambda state: state == StepState.OPEN,
    "asked": lambda state: state == StepState.SUSPENDED,
    "signed": lambda state: state.not_in(workflow.ALIVE),
}


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
            Case.version,
            step.c.step_name,
            step.c.since,
            step.c.due_on,
        )
        .join(step, and_(step.c.tenant_id == Case.tenant_id, step.c.case_id == Case.id))
        .join(Center, Center.id == Case.tenant_id)
        .where(*service.signed_above())
    )
    if query["state"]:
        statement = statement.where(_STANDS[query["state"]](step.c.step_state))
    if query.get("q"):
        place = Center.name.icontains(query["q"].strip(), autoescape=True)
        statement = statement.where(or_(reading.matching(query["q"]), place))
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
    return _labelled(found)


def _labelled(found: Row) -> Row:
    """Add to a page of cases of centers below how their centers, days and kinds are called."""
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
        count = count_consents()
    return [desk.entry("consents_open", count, "/consents")]


def count_consents(*, late_on: date | None = None) -> int:
    """Return how many cases wait for the superior department; only those late on a day, if given.

    Needs the reach SUBTREE.
    """
    found = _consents({"state": "open"}).subquery()
    statement = select(func.count()).select_from(found)
    if late_on:
        statement = statement.where(found.c.due_on < late_on)
    return db.session.scalar(statement) or 0


def _escalated(query: Mapping[str, Any]) -> Selection:
    """Select the steps of centers right below that the own center was told are long overdue."""
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
            CaseStep.name.label("step_name"),
            CaseStep.actor,
            CaseStep.opened_on.label("since"),
            CaseStep.due_on,
            CaseStep.escalated_on,
        )
        .join(CaseStep, and_(CaseStep.tenant_id == Case.tenant_id, CaseStep.case_id == Case.id))
        .join(Center, Center.id == Case.tenant_id)
        .where(*_told())
    )
    if query.get("q"):
        place = Center.name.icontains(query["q"].strip(), autoescape=True)
        statement = statement.where(or_(reading.matching(query["q"]), place))
    return statement


def _told() -> list[ColumnElement[bool]]:
    """Return the conditions for what the own center was told of; a post sees its departments."""
    scope = current()
    conditions = [
        Center.parent_id == scope.tenant_id,
        CaseStep.state == StepState.OPEN,
        CaseStep.escalated_on.is_not(None),
        CaseStep.escalate_to == "superior",
    ]
    if scope.departments is not None:
        conditions.append(Case.department_code.in_(scope.departments))
    return conditions


def escalations(query: Mapping[str, Any]) -> Row:
    """Return a page of what the own center was told is long overdue.  Needs the reach SUBTREE."""
    statement = _escalated(query)
    columns = statement.selected_columns
    found = page_of(
        statement,
        query,
        sortable={
            "due_on": columns["due_on"],
            "escalated_on": columns["escalated_on"],
            "center": Center.name_key,
            "name": Case.subject_name,
        },
        default="due_on,center",
        last=[Case.tenant_id.asc(), CaseStep.id.asc()],
    )
    for row in found["rows"]:
        row["actor_label"] = say(f"choice.actor.{row['actor']}")
    return _labelled(found)


@desk.waits("todo")
def _escalations_on_desk() -> list[Row]:
    if not may(URGES):
        return []
    with reaching(Reach.SUBTREE):
        told = _escalated({}).subquery()
        count = db.session.scalar(select(func.count()).select_from(told)) or 0
    return [desk.entry("escalations_open", count, "/escalations")]


def find_escalated(center_id: int, case_id: int, *, lock: bool = False) -> Case:
    """Return a case of a center right below, of which the own center was told."""
    told = (
        select(CaseStep.id)
        .join(Center, Center.id == CaseStep.tenant_id)
        .where(CaseStep.tenant_id == Case.tenant_id, CaseStep.case_id == Case.id, *_told())
        .correlate(Case)
    )
    statement = select(Case).where(Case.tenant_id == center_id, Case.id == case_id, told.exists())
    if lock:
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalar(statement)
    if case is None:
        raise NotFound(id=case_id)
    return case


def document(case: Case) -> Row:
    """Return a case of a center below, with what the superior department may do in it."""
    return _document(case, reading.document_of(case, acts.possible_above))


def document_watched(case: Case) -> Row:
    """Return a case of a center below for somebody who only watches over it."""
    return _document(case, reading.document_of(case, lambda *_: []))


def _document(case: Case, found: Row) -> Row:
    center = db.session.get_one(Center, case.tenant_id)
    return {**found, "center": {"id": center.id, "name": center.name}}


def urge(case: Case, opinion: str) -> None:
    """Say something to the center below about what is overdue there.  Needs the reach PUSH.

    Raises:
        Invalid: if nothing is said.
    """
    if not opinion.strip():
        raise invalid("opinion", "act.opinion_needed", rule="required")
    service.trace(case, "urge", opinion=opinion.strip(), actor_name=acts.signature())
    notices.tell(
        [case.tenant_id],
        "case_urged",
        values={
            "number": case.number,
            "name": case.subject_name,
            "kind": say(f"choice.procedure_kind.{case.kind}"),
            "opinion": opinion.strip(),
        },
        to=f"/cases/{case.id}",
        needs=service.PROPOSES,
        department=case.department_code,
    )
