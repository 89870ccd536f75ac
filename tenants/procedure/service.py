"""Cases: begun under a procedure of a standard, and moved by acts until they are over."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    any_,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy import case as choose

from jinzhu.core.ahead import Ahead, reading_ahead
from jinzhu.core.calendar import Workdays, now, today
from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Course, End, Procedure, Step, approved, begun, ended, returned
from jinzhu.identity.models import Account, Post, Role
from jinzhu.standards.kinds.value_checks import course
from jinzhu.standards.models import Revision
from jinzhu.workdays import service as workdays
from tenants.procedure import workflow
from tenants.procedure.models import Case, CaseAct, CaseState, CaseStep, StepState

#: Acting in the steps of a department, and in all others.
PROPOSES, DECIDES = "procedure.propose", "procedure.decide"
#: Being told, above a center, of what is long overdue there.
URGES = "procedure.urge"
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


class CaseOver(Conflict):
    """What is over is not moved any more."""

    code = "case_over"


def open_many(cases: Sequence[Case]) -> None:
    """Open the first steps of cases that were just stored."""
    with reading_ahead():
        expect(cases)
        _move([(one, Course(), begun(steps_of(one), workflow.holds(one))) for one in cases])


def steps_of(case: Case) -> Procedure:
    """Return the steps that a case runs through: those of the revision it began with."""
    return _PROCEDURES(case.revision_id)


def _procedures(revisions: Collection[int]) -> dict[int, Procedure]:
    found = select(Revision.id, Revision.content["steps"]).where(Revision.id.in_(revisions))
    return {number: course(parts) for number, parts in db.session.execute(found)}


_PROCEDURES = Ahead(_procedures)


def expect(cases: Sequence[Case]) -> None:
    """Let be read at once what is asked of each of these cases."""
    _PROCEDURES.expect(case.revision_id for case in cases)
    _ROWS.expect(cases)
    workflow.expect(cases)


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


def many_below(cases: Collection[tuple[int, int]]) -> list[Case]:
    """Return, locked, those of these cases, by center and number, in which the post signs."""
    statement = (
        select(Case)
        .where(tuple_(Case.tenant_id, Case.id).in_(cases), *signed_above())
        .order_by(Case.tenant_id, Case.id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement))


def rows_of(case: Case) -> list[CaseStep]:
    """Return the steps of a case in the order in which they opened."""
    return _ROWS(case)


def _rows_of_all(cases: Collection[Case]) -> dict[Case, list[CaseStep]]:
    found: dict[tuple[int, int], list[CaseStep]] = defaultdict(list)
    for row in db.session.scalars(
        select(CaseStep)
        .where(
            CaseStep.tenant_id.in_({case.tenant_id for case in cases}),
            CaseStep.case_id.in_([case.id for case in cases]),
        )
        .order_by(CaseStep.id)
    ):
        found[row.tenant_id, row.case_id].append(row)
    return {case: found[case.tenant_id, case.id] for case in cases}


_ROWS = Ahead(_rows_of_all)


def could_act(account: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """Return the condition that an account has a post today that acts in a step of a case."""
    needed = choose((CaseStep.actor == "department", PROPOSES), else_=DECIDES)
    posts = (
        select(Post.id)
        .join(Account, and_(Account.id == Post.account_id, Account.active))
        .join(Role, Role.code == Post.role_code)
        .where(
            Post.account_id == account,
            Post.center_id == CaseStep.tenant_id,
            Post.starts_on <= today(),
            or_(Post.ends_on.is_(None), Post.ends_on >= today()),
            or_(Post.departments.is_(None), Case.department_code == any_(Post.departments)),
            needed == any_(Role.permissions),
        )
    )
    return posts.correlate(CaseStep, Case).exists()


def gone() -> ColumnElement[bool]:
    """Return the condition for steps handed to somebody who cannot act in them any more.

    They fall back to the post by themselves, and to that person if the post comes back.
    """
    return and_(CaseStep.assignee_id.is_not(None), ~could_act(CaseStep.assignee_id))


def left_alone(case: Case, rows: Sequence[CaseStep]) -> frozenset[int]:
    """Return the open steps of a case of the own center that nobody has any more."""
    if not any(row.assignee_id and row.state in workflow.ALIVE for row in rows):
        return frozenset()
    found = (
        select(CaseStep.id)
        .join(Case, and_(Case.tenant_id == CaseStep.tenant_id, Case.id == CaseStep.case_id))
        .where(Case.tenant_id == current().tenant_id, Case.id == case.id, gone())
    )
    return frozenset(db.session.scalars(found))


def colleagues(case: Case, permission: str) -> list[Row]:
    """Return who of the own center could act in a case: number and name, nothing else."""
    given = {"permission": permission, "department": case.department_code, "day": today()}
    return [dict(row._mapping) for row in db.session.execute(_COLLEAGUES, given)]


def approve(case: Case, code: str, *, on_behalf: str = "") -> None:
    """Move a case on from an open step: its effects happen, and the next steps open.

    Raises:
        Invalid: naming everything that is still missing.
    """
    if wrong := workflow.hindrances(case, steps_of(case), code):
        raise Invalid(errors=wrong)
    approve_many([case], code, on_behalf=on_behalf)


def approve_many(cases: Sequence[Case], code: str, *, on_behalf: str = "") -> None:
    """Move cases on from an open step that nothing is in the way of in any of them."""
    alike: dict[tuple[int, str, tuple[str, ...]], list[Case]] = defaultdict(list)
    for case in cases:
        alike[case.tenant_id, case.object, steps_of(case).by_code[code].effects].append(case)
    for (center, object_, names), some in alike.items():
        for name in names:
            workflow.take_effect(object_, name, some, at=center, on_behalf=on_behalf)
    _move([_approved(case, code) for case in cases])


def _approved(case: Case, code: str) -> "Moved":
    standing = workflow.standing(rows_of(case))
    return case, standing, approved(steps_of(case), standing, code, workflow.holds(case))


def send_back(case: Case, code: str, target: str, *, why: str = "") -> None:
    """Send a case back to a step that was done before."""
    send_back_many([case], code, target, why=why)


def send_back_many(cases: Sequence[Case], code: str, target: str, *, why: str = "") -> None:
    """Send cases back to a step that was done before in each of them."""
    before = {case: workflow.standing(rows_of(case)) for case in cases}
    _move(
        [(case, one, returned(steps_of(case), one, code, target)) for case, one in before.items()],
        why=why,
    )


def break_off(case: Case, end: End, *, why: str = "") -> None:
    """End a case without its being done."""
    break_off_many([case], end, why=why)


def break_off_many(cases: Sequence[Case], end: End, *, why: str = "") -> None:
    """End cases without their being done."""
    before = {case: workflow.standing(rows_of(case)) for case in cases}
    _move([(case, one, ended(one, end)) for case, one in before.items()], why=why)


#: A case, with how far it had come and how far it comes.
Moved = tuple[Case, Course, Course]


def _move(moves: Sequence[Moved], *, why: str = "") -> None:
    """Store what an act made of cases: steps that close, steps that open, their end."""
    left = _close(moves)
    opened = [(move[0], row) for move in moves for row in _opening(*move)]
    ending: dict[End | None, list[Case]] = defaultdict(list)
    for case, _, after in moves:
        ending[after.end].append(case)
    for end, cases in ending.items():
        over = {"state": CaseState(end.value), "ended_at": now()} if end else {}
        _set(cases, {"version": Case.version + 1, **over})
    db.session.add_all([row for _, row in opened])
    db.session.flush()
    _ROWS.forget(case for case, _, _ in moves)
    workflow.end_with(left, steps_of, why=why)
    alive = [(case, row) for case, row in opened if row.state is StepState.OPEN]
    workflow.begin_with(alive, steps_of)


def _close(moves: Sequence[Moved]) -> list[tuple[Case, CaseStep]]:
    """Close the steps that an act has closed; return those left without being done."""
    closing: dict[tuple[StepState, bool], list[CaseStep]] = defaultdict(list)
    left: list[tuple[Case, CaseStep]] = []
    for case, _, after in moves:
        for row, state in _closing(rows_of(case), after):
            alive = row.state in workflow.ALIVE
            closing[state, alive].append(row)
            left += [(case, row)] if alive and state is StepState.LEFT else []
    for (state, was_alive), rows in closing.items():
        _set(rows, {"state": state} | ({"closed_at": now()} if was_alive else {}))
    return left


def _closing(rows: Sequence[CaseStep], after: Course) -> Iterator[tuple[CaseStep, StepState]]:
    """Yield the steps that are not any more what they were, and what they are now."""
    for row in rows:
        if row.state in workflow.ALIVE and row.code not in after.open:
            yield row, StepState.DONE if row.code in after.done else StepState.LEFT
        elif row.state is StepState.DONE and row.code not in after.done:
            yield row, StepState.LEFT


def _opening(case: Case, before: Course, after: Course) -> Iterator[CaseStep]:
    """Yield the steps that open, or are passed over, each in its next round."""
    procedure, rounds = steps_of(case), {row.code: row.round for row in rows_of(case)}
    steps = [(code, StepState.OPEN) for code in sorted(after.open - before.open)]
    steps += [(code, StepState.SKIPPED) for code in sorted(after.skipped - before.skipped)]
    for code, state in steps:
        yield _opened(case, procedure, code, state, rounds.get(code, 0) + 1)


def _set(rows: Sequence[Case] | Sequence[CaseStep], values: Mapping[str, Any]) -> None:
    """Write the same into many rows, in one statement."""
    model: Any = type(rows[0])
    db.session.execute(
        update(model)
        .where(
            model.tenant_id.in_({row.tenant_id for row in rows}),
            model.id.in_([row.id for row in rows]),
        )
        .values(**values)
    )


def _opened(case: Case, procedure: Procedure, code: str, state: StepState, round_: int) -> CaseStep:
    step, day = procedure.by_code[code], today()
    row = CaseStep(
        case_id=case.id, code=code, name=step.name, actor=step.actor, round=round_, state=state,
        opened_on=day, limit=step.limit, waits=step.waits, escalate_to=receiver(step),
    )  # fmt: skip
    row.tenant_id = case.tenant_id
    if state is StepState.OPEN:
        set_clock(row, clock(workdays.of(case.tenant_id), day, step))
    return row


def receiver(step: Step) -> str:
    """Return who is told of a step that is long overdue; by default one above who is late."""
    if step.escalate_after is None:
        return ""
    return step.escalate_to or ("manager" if step.actor == "department" else "superior")


@dataclass(frozen=True, slots=True)
class Clock:
    """When a step is due, when somebody is reminded before, and when it is told further up."""

    due: date | None = None
    warn: date | None = None
    escalate: date | None = None


def clock(days: Workdays, day: date, step: Step, pauses: Sequence[date] = ()) -> Clock:
    """Return the clock of a step opened on a day.

    `pauses` are the days on which the clock stopped and went on, by turns: what was left of the
    time when it stopped is left when it goes on.
    """
    if not step.limit:
        return Clock()
    due = days.after(day, step.limit)
    for stopped, went_on in zip(pauses[::2], pauses[1::2], strict=True):
        due = days.after(went_on, max(days.between(stopped, due), 0))
    return Clock(
        due,
        days.before(due, step.warn) if step.warn else None,
        days.after(due, step.escalate_after) if step.escalate_after else None,
    )


def set_clock(row: CaseStep, found: Clock) -> None:
    """Set the clock of a step."""
    row.due_on, row.warn_on, row.escalate_on = found.due, found.warn, found.escalate


def trace(case: Case, action: str, *, code: str = "", **more: Any) -> CaseAct:
    """Add to the trace of a case."""
    return trace_many([case], action, code=code, **more)[0]


def _for_department(case: Case, code: str) -> bool:
    """Say whether a post with the whole center acts in a step of the department's."""
    scope = current()
    if not code or scope.actor_id is None or scope.departments is not None:
        return False
    own = case.tenant_id == scope.tenant_id
    return own and steps_of(case).by_code[code].actor == "department"


def trace_many(cases: Sequence[Case], action: str, *, code: str = "", **more: Any) -> list[CaseAct]:
    """Add the same to the trace of many cases, and whether the center acts for a department."""
    given = {"step_code": code, "action": action, "at": now(), **more}
    rows = [CaseAct(case_id=case.id, **given) for case in cases]
    for row, case in zip(rows, cases, strict=True):
        row.tenant_id, row.for_department = case.tenant_id, _for_department(case, code)
    db.session.add_all(rows)
    db.session.flush()
    return rows
