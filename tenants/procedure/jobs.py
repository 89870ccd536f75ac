"""What time does to cases: a reminder, a step that is overdue, a period that is over."""

from datetime import date

from sqlalchemy import or_, select

from jinzhu.core import clock
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.tenancy import current
from jinzhu.standards import notices
from tenants.procedure import service, workflow
from tenants.procedure.models import Case, CaseStep, StepState

REMINDED, OVERDUE = 1, 2


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
        )
        .order_by(CaseStep.due_on, CaseStep.id)
        .with_for_update(of=Case)
    ).all()
    for case, row in found:
        over = row.due_on is not None and row.due_on < day
        if over and row.waits:
            _done_by_time(case, row)
        elif row.told < (OVERDUE if over else REMINDED):
            _tell(case, row, over=over)


def _done_by_time(case: Case, row: CaseStep) -> None:
    """Go on from a step whose period is over, unless something is still in its way."""
    if workflow.hindrances(case, service.steps_of(case), row.code):
        if row.told < OVERDUE:
            _tell(case, row, over=True)
        return
    service.approve(case, row.code)
    service.trace(case, "time_over", code=row.code)


def _tell(case: Case, row: CaseStep, *, over: bool) -> None:
    """Tell those who act in a step; whoever runs the center is told what each department is."""
    values = {
        "number": case.number,
        "name": case.subject_name,
        "kind": say(f"choice.procedure_kind.{case.kind}"),
        "step": row.name,
        "day": str(row.due_on),
    }
    center = current().tenant_id
    assert center is not None
    own = row.actor == "department"
    code = "case_overdue" if over else "case_due_soon"
    notices.tell(
        [center],
        code,
        values=values,
        to=f"/cases/{case.id}",
        needs="procedure.propose" if own else "procedure.decide",
        department=case.department_code if own else "",
    )
    if over:
        service.trace(case, "overdue", code=row.code)
    row.told = OVERDUE if over else REMINDED
