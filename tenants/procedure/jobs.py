"""What time does to cases: a reminder, a step that is overdue, and for long; a period that is over.

And what a changed calendar does to the days that were counted by it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import or_, select, text

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Procedure
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices
from jinzhu.standards.kinds.value_checks import course
from jinzhu.standards.models import Revision
from jinzhu.workdays import service as workdays
from jinzhu.workdays.jobs import counts_days
from tenants.procedure import service, workflow
from tenants.procedure.models import Case, CaseStep, StepState

REMINDED, OVERDUE, ESCALATED = 1, 2, 3
#: Whoever was told that a step is overdue is told again if it has got time and is overdue anew.
_PUT_RIGHT = text("""
    UPDATE case_step s SET due_on = v.due_on, warn_on = v.warn_on, escalate_on = v.escalate_on,
        told = least(s.told, CASE WHEN v.due_on < :day AND v.escalate_on <= :day THEN 3
            WHEN v.due_on < :day THEN 2 WHEN v.warn_on <= :day THEN 1 ELSE 0 END),
        escalated_on = CASE WHEN v.due_on < :day AND v.escalate_on <= :day THEN s.escalated_on END
    FROM unnest(CAST(:centers AS int[]), CAST(:ids AS bigint[]), CAST(:due AS date[]),
        CAST(:warn AS date[]), CAST(:escalate AS date[]))
        AS v (tenant_id, id, due_on, warn_on, escalate_on)
    WHERE s.tenant_id = v.tenant_id AND s.id = v.id
""")


@clock.due("app.due_cases")
def tell_and_move(*, day: date) -> None:
    """Do in the own center what is due in its cases."""
    found = db.session.execute(
        select(Case, CaseStep)
        .join(CaseStep, CaseStep.case_id == Case.id)
        .where(
            Case.tenant_id == current().tenant_id,
            CaseStep.tenant_id == Case.tenant_id,
            CaseStep.state == StepState.OPEN,
            or_(CaseStep.warn_on <= day, CaseStep.due_on < day),
            or_(CaseStep.told < ESCALATED, CaseStep.waits),
        )
        .order_by(CaseStep.due_on, CaseStep.id)
        .with_for_update(of=Case)
    ).all()
    for case, row in found:
        over = row.due_on is not None and row.due_on < day
        if over and row.waits and _done_by_time(case, row):
            continue
        if row.told < (OVERDUE if over else REMINDED):
            _tell(case, row, over=over)
        if over and row.escalate_on is not None and row.escalate_on <= day:
            _escalate(case, row, day)


def _done_by_time(case: Case, row: CaseStep) -> bool:
    """Go on from a step whose period is over; say whether nothing was in its way."""
    if workflow.hindrances(case, service.steps_of(case), row.code):
        return False
    service.approve(case, row.code)
    service.trace(case, "time_over", code=row.code)
    return True


def _about(case: Case, row: CaseStep) -> Row:
    return {
        "number": case.number,
        "name": case.subject_name,
        "kind": say(f"choice.procedure_kind.{case.kind}"),
        "step": row.name,
        "day": str(row.due_on),
    }


def _escalate(case: Case, row: CaseStep, day: date) -> None:
    """Tell whom the procedure names that a step has been overdue for long; once."""
    own = db.session.get_one(Center, case.tenant_id)
    if row.escalate_to == "superior" and own.parent_id is None:
        row.escalate_to = "manager"
    above = row.escalate_to == "superior"
    late = workdays.here().between(row.due_on or day, day)
    notices.tell(
        [own.parent_id if above and own.parent_id else own.id],
        "case_escalated",
        values={**_about(case, row), "center": own.name, "days": late},
        to=f"/escalations/{own.id}/{case.id}" if above else f"/cases/{case.id}",
        needs=RECEIVERS[row.escalate_to],
        department="" if row.escalate_to == "manager" else case.department_code,
    )
    service.trace(case, f"escalate_{row.escalate_to}", code=row.code)
    row.told, row.escalated_on = ESCALATED, day


#: Who is told of a step that is long overdue, by the permission that a post has for it.
RECEIVERS = {"leader": service.PROPOSES, "manager": service.DECIDES, "superior": service.URGES}


def _tell(case: Case, row: CaseStep, *, over: bool) -> None:
    """Tell those who act in a step; whoever runs the center is told what each department is."""
    center = current().tenant_id
    assert center is not None
    own = row.actor == "department"
    code = "case_overdue" if over else "case_due_soon"
    notices.tell(
        [center],
        code,
        values=_about(case, row),
        to=f"/cases/{case.id}",
        needs=service.PROPOSES if own else service.DECIDES,
        department=case.department_code if own else "",
    )
    if over:
        service.trace(case, "overdue", code=row.code)
    row.told = OVERDUE if over else REMINDED


@counts_days
def recount() -> int:
    """Count the clocks of open steps anew by the days there are now.  Needs the reach PUSH."""
    steps = _running_clocks()
    days = workdays.of_all(step.tenant_id for step, _ in steps)
    procedures = _procedures({number for _, number in steps})
    wrong: list[Row] = []
    for step, revision_id in steps:
        said = procedures[revision_id].by_code[step.code]
        found = service.clock(days[step.tenant_id], step.opened_on, said, step.pauses)
        if (found.due, found.warn, found.escalate) != (step.due_on, step.warn_on, step.escalate_on):
            wrong.append({"center": step.tenant_id, "id": step.id, **asdict(found)})
    _put_right(wrong)
    return len(wrong)


def _running_clocks() -> list[tuple[CaseStep, int]]:
    """Return the steps whose time runs or stands still, with the revision that gave it.

    Cases are held, as by whoever acts in them, so that nobody moves a step meanwhile.
    """
    found = db.session.execute(
        select(CaseStep, Case.revision_id)
        .join(Case, (Case.tenant_id == CaseStep.tenant_id) & (Case.id == CaseStep.case_id))
        .where(CaseStep.state.in_(workflow.ALIVE), CaseStep.limit > 0)
        .order_by(Case.tenant_id, Case.id, CaseStep.id)
        .with_for_update(of=Case)
    )
    return [(step, revision_id) for step, revision_id in found]


def _procedures(revisions: set[int]) -> dict[int, Procedure]:
    """Return the steps of procedures by revision."""
    found = db.session.execute(
        select(Revision.id, Revision.content["steps"]).where(Revision.id.in_(revisions))
    )
    return {number: course(parts) for number, parts in found}


def _put_right(wrong: Sequence[Row]) -> None:
    if wrong:
        columns = {
            name: [row[key] for row in wrong]
            for name, key in (
                ("centers", "center"),
                ("ids", "id"),
                ("due", "due"),
                ("warn", "warn"),
                ("escalate", "escalate"),
            )
        }
        db.session.execute(_PUT_RIGHT, {**columns, "day": today()})
