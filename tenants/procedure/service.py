"""Cases: begun under a procedure of a standard, and moved by acts until they are over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, text

from jinzhu.core.calendar import Workdays, today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Course, End, Procedure, approved, begun, returned
from jinzhu.standards.kinds.value_checks import course
from jinzhu.standards.models import Revision
from jinzhu.standards.records import procedures
from jinzhu.workdays import service as workdays
from tenants.procedure import workflow
from tenants.procedure.models import Case, CaseAct, CaseState, CaseStep, StepState

#: The advisory-lock class under which a center counts its cases.
LOCKS = 7203
#: Who of the own center sees a department and holds a permission today.
_COLLEAGUES = text("""
    SELECT DISTINCT a.id, a.name FROM post p
    JOIN account a ON a.id = p.account_id AND a.active
    JOIN role r ON r.code = p.role_code AND :permission = ANY (r.permissions)
    WHERE p.center_id = app.tenant_id() AND p.starts_on <= :day
        AND coalesce(p.ends_on, 'infinity') >= :day
        AND (p.departments IS NULL OR :department = ANY (p.departments))
    ORDER BY a.name, a.id
""")
_NUMBER = text("""
    SELECT coalesce(max(split_part(number, '-', 2)::int), 0) FROM procedure_case
    WHERE tenant_id = app.tenant_id() AND number LIKE :year || '-%'
""")


class CaseRunning(Conflict):
    """One case at a time for a department or an item."""

    code = "case_running"


class CaseOver(Conflict):
    """What is over is not moved any more."""

    code = "case_over"


class NoProcedure(Conflict):
    """No standard in force here says how this is done."""

    code = "no_procedure"


def begin(
    subject: Revision, kind: str, *, facts: Mapping[str, Any], reason: str = "", code: str = ""
) -> Case:
    """Begin a case for a department or an item of the own center.

    `code` names the procedure where several are meant for it.

    Raises:
        Invalid: if it makes no sense as things stand now.
        NoProcedure: if no standard in force here has a procedure for it.
        CaseRunning: if there is one for the same department or item.
    """
    if wrong := [fault for start in workflow.STARTS for fault in start(subject, kind)]:
        raise Invalid(errors=wrong)
    case = _new(subject, _chosen(subject, kind, code), kind)
    case.facts, case.reason = dict(facts), reason.strip()
    case.number = numbers(1)[0]
    add(case)
    _move(case, Course(), begun(steps_of(case), workflow.holds(case)))
    trace(case, "begin", opinion=case.reason)
    return case


def _chosen(subject: Revision, kind: str, code: str) -> procedures.InForce:
    center = current().tenant_id
    assert center is not None
    found = procedures.in_force(center, subject.kind, kind)
    fit = procedures.fitting(found, subject)
    chosen = [one for one in fit if one.code == code] if code else fit
    if not chosen:
        raise NoProcedure(name=subject.name, kind=say(f"choice.procedure_kind.{kind}"))
    return chosen[0]


def _new(subject: Revision, procedure: procedures.InForce, kind: str) -> Case:
    running = db.session.scalar(
        select(Case.number).where(
            Case.tenant_id == current().tenant_id,
            Case.subject_id == subject.provision_id,
            Case.state == CaseState.RUNNING,
        )
    )
    if running is not None:
        raise CaseRunning(name=subject.name, number=running)
    own = subject.code if subject.kind == "department" else subject.department_code
    return Case(
        revision_id=procedure.revision.id,
        edition_id=procedure.edition_id,
        object=subject.kind,
        kind=kind,
        subject_id=subject.provision_id,
        subject_code=subject.code,
        subject_name=subject.name,
        department_code=own,
        opened_on=today(),
    )


def numbers(count: int) -> list[str]:
    """Return the next numbers of cases of this year, counted without a gap in each center."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:locks, app.tenant_id())"), {"locks": LOCKS}
    )
    year = today().year
    last = db.session.scalar(_NUMBER, {"year": str(year)}) or 0
    return [f"{year}-{last + number:04}" for number in range(1, count + 1)]


def steps_of(case: Case) -> Procedure:
    """Return the steps that a case runs through: those of the revision it began with."""
    return course(db.session.get_one(Revision, case.revision_id).content["steps"])


def find(case_id: int, *, lock: bool = False) -> Case:
    """Return a case of the own center that the post sees."""
    statement = select(Case).where(Case.id == case_id, Case.tenant_id == current().tenant_id)
    own = current().departments
    if own is not None:
        statement = statement.where(Case.department_code.in_(own))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    case = db.session.scalar(statement)
    if case is None:
        raise NotFound(id=case_id)
    return case


def signed_above() -> list[ColumnElement[bool]]:
    """Return the conditions for the cases of centers below that the present post signs in.

    Needs a reach beyond the own center; a post of some departments signs for these alone.
    """
    scope = current()
    steps = select(CaseStep.id).where(
        CaseStep.tenant_id == Case.tenant_id,
        CaseStep.case_id == Case.id,
        CaseStep.actor == "superior",
        CaseStep.state != StepState.SKIPPED,
    )
    conditions = [Case.tenant_id != scope.tenant_id, steps.exists()]
    if scope.departments is not None:
        conditions.append(Case.department_code.in_(scope.departments))
    return conditions


def find_below(center_id: int, case_id: int, *, lock: bool = False) -> Case:
    """Return a case of a center below in which the present post signs."""
    statement = select(Case).where(Case.tenant_id == center_id, Case.id == case_id, *signed_above())
    if lock:
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalar(statement)
    if case is None:
        raise NotFound(id=case_id)
    return case


def rows_of(case: Case) -> list[CaseStep]:
    """Return the steps of a case in the order in which they opened."""
    return list(
        db.session.scalars(
            select(CaseStep)
            .where(CaseStep.tenant_id == case.tenant_id, CaseStep.case_id == case.id)
            .order_by(CaseStep.id)
        )
    )


def colleagues(case: Case, permission: str) -> list[Row]:
    """Return who of the own center could act in a case: number and name, nothing else."""
    given = {"permission": permission, "department": case.department_code, "day": today()}
    return [dict(row._mapping) for row in db.session.execute(_COLLEAGUES, given)]


def approve(case: Case, code: str, *, on_behalf: str = "") -> None:
    """Move a case on from an open step: its effects happen, and the next steps open.

    Raises:
        Invalid: naming everything that is still missing.
    """
    procedure, standing = steps_of(case), workflow.standing(rows_of(case))
    if wrong := workflow.hindrances(case, procedure, code):
        raise Invalid(errors=wrong)
    for name in procedure.by_code[code].effects:
        workflow.EFFECTS[case.object, name](case, on_behalf)
    _move(case, standing, approved(procedure, standing, code, workflow.holds(case)))


def send_back(case: Case, code: str, target: str) -> None:
    """Send a case back to a step that was done before."""
    procedure, standing = steps_of(case), workflow.standing(rows_of(case))
    _move(case, standing, returned(procedure, standing, code, target))


def break_off(case: Case, end: End) -> None:
    """End a case without its being done."""
    standing = workflow.standing(rows_of(case))
    _move(case, standing, Course(frozenset(), standing.done, standing.skipped, end))


def _move(case: Case, before: Course, after: Course) -> None:
    """Store what an act made of a case: steps that close, steps that open, its end."""
    procedure, rows = steps_of(case), rows_of(case)
    for row in rows:
        if row.state in workflow.ALIVE and row.code not in after.open:
            row.state = StepState.DONE if row.code in after.done else StepState.LEFT
            row.closed_at = func.now()
        elif row.state is StepState.DONE and row.code not in after.done:
            row.state = StepState.LEFT
    rounds = {row.code: row.round for row in rows}
    opening = [(code, StepState.OPEN) for code in sorted(after.open - before.open)]
    opening += [(code, StepState.SKIPPED) for code in sorted(after.skipped - before.skipped)]
    for code, state in opening:
        db.session.add(_opened(case, procedure, code, state, rounds.get(code, 0) + 1))
    if after.end is not None:
        case.state, case.ended_at = CaseState(after.end.value), func.now()
    case.version = (case.version or 0) + 1
    db.session.flush()


def _opened(case: Case, procedure: Procedure, code: str, state: StepState, round_: int) -> CaseStep:
    step, day = procedure.by_code[code], today()
    row = CaseStep(
        case_id=case.id, code=code, name=step.name, actor=step.actor, round=round_, state=state,
        opened_on=day, limit=step.limit, waits=step.waits,
    )  # fmt: skip
    row.tenant_id = case.tenant_id
    if state is StepState.OPEN and step.limit:
        days = workdays.of(case.tenant_id)
        row.due_on, row.warn_on = clock(days, day, step.limit, step.warn)
    return row


def clock(
    days: Workdays, day: date, limit: int, warn: int | None, pauses: Sequence[date] = ()
) -> tuple[date, date | None]:
    """Return when a step opened on a day is due, and when somebody is reminded.

    `pauses` are the days on which the clock stopped and went on, by turns: what was left of the
    time when it stopped is left when it goes on.
    """
    due = days.after(day, limit)
    for stopped, went_on in zip(pauses[::2], pauses[1::2], strict=True):
        due = days.after(went_on, max(days.between(stopped, due), 0))
    return due, days.before(due, warn) if warn else None


def trace(case: Case, action: str, *, code: str = "", **more: Any) -> CaseAct:
    """Add to the trace of a case."""
    row = CaseAct(case_id=case.id, step_code=code, action=action, **more)
    row.tenant_id = case.tenant_id
    return add(row)
