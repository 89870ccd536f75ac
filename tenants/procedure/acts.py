"""What somebody may do in a case now, what not and why; and doing it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinzhu.core.access import declared, may
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Fault, Invalid, Problem, invalid
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Action, End, Procedure
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices
from jinzhu.workdays import service as workdays
from tenants.procedure import service, workflow
from tenants.procedure.models import Case, CaseState, CaseStep, StepState

#: Acting for the center, and recording what bodies without an account decided.
DECIDES = declared(service.DECIDES)
PROPOSES = service.PROPOSES
#: Signing, in a case of a center below, as the superior department.
CONSENTS = "procedure.consent"
#: Bodies without an account here: the center records what they decided.
OUTSIDE = ("competent_body", "government", "applicant", "public")
#: What the superior department does in its own steps.
SUPERIORS = (Action.APPROVE, Action.RETURN, Action.REFUSE, Action.ASK)
#: Acts that say nothing without words.
WORDED = (Action.RETURN, Action.REFUSE, Action.ASK, Action.ANSWER, Action.WITHDRAW)


class NotPossible(Conflict):
    """The act is not possible in the case as it stands now."""

    code = "act_not_possible"


@dataclass(frozen=True, slots=True)
class Possible:
    """An act in an open step, and why it cannot be done now; '' if it can."""

    step: CaseStep
    action: Action
    why_not: str = ""
    #: What is missing, field by field.
    missing: Sequence[Fault] = ()
    #: The steps that it can be sent back to.
    targets: Sequence[str] = ()

    def document(self, procedure: Procedure) -> Row:
        """Return the act as a page offers it."""
        return {
            "step": self.step.code,
            "step_name": self.step.name,
            "action": self.action.value,
            "label": say(f"act.{self.action.value}"),
            "possible": not self.why_not and not self.missing,
            "why_not": self.why_not,
            "missing": [fault.document() for fault in self.missing],
            "needs_opinion": self.action in WORDED,
            "needs_on_behalf": recorded(self),
            "targets": [
                {"code": code, "name": procedure.by_code[code].name} for code in self.targets
            ],
        }


def recorded(found: Possible) -> bool:
    """Say whether an approval records what somebody decided who has no account here.

    A post with the whole center is no department: it keeps what the superior department wrote.
    """
    if found.action is not Action.APPROVE:
        return False
    if found.step.actor == "superior":
        return current().departments is None
    return found.step.actor in OUTSIDE


def possible_above(case: Case, rows: Sequence[CaseStep]) -> list[Possible]:
    """Return what the superior department may do in a case of a center below.

    What stands in the way of the other steps is the center's own, and is not looked into.
    """
    if case.state is not CaseState.RUNNING:
        return []
    procedure, standing = service.steps_of(case), workflow.standing(rows)
    return [
        one
        for row in rows
        if row.state in workflow.ALIVE and row.actor == "superior"
        for one in _of_step(case, row, procedure, standing.done, mine=_why_not_post(row))
        if one.action in SUPERIORS
    ]


def possible(case: Case, rows: Sequence[CaseStep]) -> list[Possible]:
    """Return every act of the steps that are open, with the reason where one is not possible."""
    if case.state is not CaseState.RUNNING:
        return []
    procedure, standing = service.steps_of(case), workflow.standing(rows)
    own = case.tenant_id == current().tenant_id
    alone = service.left_alone(case, rows) if own else frozenset[int]()
    found: list[Possible] = []
    for row in rows:
        if row.state in workflow.ALIVE:
            mine = _why_not_mine(row, fallen_back=row.id in alone)
            found += _of_step(case, row, procedure, standing.done, mine=mine)
    withdraw = _why_not_withdraw(case)
    last = next(row for row in reversed(rows) if row.state in workflow.ALIVE)
    return [*found, Possible(last, Action.WITHDRAW, withdraw)]


def _of_step(
    case: Case, row: CaseStep, procedure: Procedure, done: frozenset[str], *, mine: str
) -> list[Possible]:
    step = procedure.by_code[row.code]
    if row.state is StepState.SUSPENDED:
        waiting = say("why_not.suspended")
        return [
            Possible(row, Action.APPROVE, mine or waiting),
            Possible(row, Action.ANSWER, _why_not_opener()),
        ]
    missing = [] if mine else workflow.hindrances(case, procedure, row.code)
    early = ""
    if step.waits and row.due_on and row.due_on >= today():
        early = say("why_not.waits_for" if missing else "why_not.waits", day=row.due_on)
    acts = [Possible(row, Action.APPROVE, mine or early, missing)]
    for action in sorted(step.actions):
        if action is Action.RETURN:
            targets = [code for code in procedure.by_code if code in procedure.upstream(row.code)]
            targets = [code for code in targets if code in done]
            if not targets:
                continue
            acts.append(Possible(row, action, mine, targets=targets))
        elif action is Action.DELEGATE:  # also away from somebody who is not there any more
            acts.append(Possible(row, action, _why_not_post(row)))
        else:
            acts.append(Possible(row, action, mine))
    return acts


def _why_not_mine(row: CaseStep, *, fallen_back: bool) -> str:
    """Say why the present person does not act in a step; '' if it does."""
    handed = row.assignee_id is not None and not fallen_back
    if handed and row.assignee_id != current().actor_id:
        return say("why_not.handed_over")
    return _why_not_post(row)


def _why_not_post(row: CaseStep) -> str:
    """Say why the present post does not act in a step, whomever it was handed to."""
    if row.actor == "superior":
        above = row.tenant_id != current().tenant_id and may(CONSENTS)
        return "" if above else say("why_not.superior")
    if row.actor == "department":
        return "" if may(PROPOSES) else say("why_not.permission")
    return "" if may(DECIDES) else say("why_not.center_decides")


def colleagues(case: Case, code: str) -> list[Row]:
    """Return the people whom an open step can be handed to.

    Raises:
        NotPossible: if the step is not open.
    """
    for row in service.rows_of(case):
        if row.code == code and row.state in workflow.ALIVE:
            return service.colleagues(case, PROPOSES if row.actor == "department" else DECIDES)
    raise NotPossible(say("act.not_open"), step=code)


def _why_not_opener() -> str:
    """Say why the present post does not speak for who began the case; '' if it does."""
    return "" if may(PROPOSES) else say("why_not.permission")


def _why_not_withdraw(case: Case) -> str:
    scope = current()
    own = case.opened_by == scope.actor_id or may(DECIDES)
    return "" if own else say("why_not.not_begun_by_you")


def act(case: Case, wish: Mapping[str, Any]) -> None:
    """Do what was asked for in a case of the own center, and keep it in the trace.

    Raises:
        NotPossible: saying why, where the case stands elsewhere or somebody else acts.
        Invalid: naming what is missing.
    """
    _act(case, wish, possible(case, _rows_of_running(case)))


def act_many(
    cases: Sequence[Case],
    wish: Mapping[str, Any],
    *,
    before: Callable[[Sequence[Case]], None] | None = None,
) -> dict[Case, Problem]:
    """Approve, send back or refuse in many cases of the own center, as `act` does in one.

    Return what keeps a case from it, where something does; `before` is called with the others.
    """
    refused: dict[Case, Problem] = {}
    for case in cases:
        try:
            _allowed(case, wish)
        except Problem as problem:
            refused[case] = problem
    going = [case for case in cases if case not in refused]
    if before is not None:
        before(going)
    if going:
        _move_many(going, wish)
        service.trace_many(going, wish["action"], code=wish["step"], **_said(wish))
    return refused


def _allowed(case: Case, wish: Mapping[str, Any]) -> None:
    """Refuse an act that is not possible in a case now, or says too little."""
    among = possible(case, _rows_of_running(case))
    _complete(case, _found(among, Action(wish["action"]), wish["step"]), wish)


def _move_many(cases: Sequence[Case], wish: Mapping[str, Any]) -> None:
    why = _said(wish)["opinion"]
    match Action(wish["action"]):
        case Action.APPROVE:
            service.approve_many(cases, wish["step"], on_behalf=_said(wish)["on_behalf"])
        case Action.RETURN:
            service.send_back_many(cases, wish["step"], wish["target"], why=why)
        case Action.REFUSE:
            service.break_off_many(cases, End.REFUSED, why=why)
        case other:
            raise ValueError(f"{other} is not done in many cases at once")


def act_above(case: Case, wish: Mapping[str, Any]) -> None:
    """Sign as the superior department in a case of a center below.  Needs the reach PUSH.

    Raises:
        NotPossible, Invalid: as in `act`.
    """
    found = possible_above(case, _rows_of_running(case))
    _act(case, wish, found, actor_name=signature())
    tell_signed([(case, wish["step"])], Action(wish["action"]))


def waiting_above(case: Case) -> str:
    """Return the step of a case of a center below that waits for the superior department.

    Raises:
        CaseOver, NotPossible: if none does, any more or yet.
    """
    for row in _rows_of_running(case):
        if row.actor == "superior" and row.state is StepState.OPEN:
            return row.code
    raise NotPossible(say("act.not_open"))


def signable(case: Case, code: str, wish: Mapping[str, Any]) -> None:
    """Refuse an approval of the superior department as `act_above` would."""
    among = possible_above(case, _rows_of_running(case))
    _complete(case, _found(among, Action.APPROVE, code), wish)


def tell_signed(signed: Sequence[tuple[Case, str]], action: Action) -> None:
    """Tell the centers below what the superior department has answered."""
    told = [
        {
            "center": case.tenant_id,
            "values": {
                "number": case.number,
                "name": case.subject_name,
                "kind": say(f"choice.procedure_kind.{case.kind}"),
                "step": service.steps_of(case).by_code[code].name,
                "act": say(f"act.{action.value}"),
            },
            "to": f"/cases/{case.id}",
            "department": case.department_code,
        }
        for case, code in signed
    ]
    notices.tell_all("case_signed", told, needs=PROPOSES)


def signature() -> str:
    """Return who signs, as the center below can read it: the center, and the name."""
    scope = current()
    name = names_of([scope.actor_id]).get(scope.actor_id, "")
    return f"{db.session.get_one(Center, scope.tenant_id).name} {name}".strip()


def _rows_of_running(case: Case) -> list[CaseStep]:
    if case.state is not CaseState.RUNNING:
        raise service.CaseOver(number=case.number, state=say(f"case_state.{case.state}"))
    return service.rows_of(case)


def _act(case: Case, wish: Mapping[str, Any], among: Sequence[Possible], **by: str) -> None:
    action, code = Action(wish["action"]), wish["step"]
    found = _found(among, action, code)
    _complete(case, found, wish)
    _move(case, found, wish)
    service.trace(
        case,
        action.value,
        code=code,
        **_said(wish),
        **by,
    )


def _said(wish: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of an act as the trace keeps them."""
    return {
        "opinion": (wish.get("opinion") or "").strip(),
        "on_behalf": (wish.get("on_behalf") or "").strip(),
        "target_code": wish.get("target") or "",
    }


def _move(case: Case, found: Possible, wish: Mapping[str, Any]) -> None:
    match found.action:
        case Action.APPROVE:
            words = (wish.get("on_behalf") or "").strip()
            service.approve(case, found.step.code, on_behalf=words)
        case Action.RETURN:
            service.send_back(case, found.step.code, wish["target"], why=wish["opinion"].strip())
        case Action.REFUSE:
            service.break_off(case, End.REFUSED, why=wish["opinion"].strip())
        case Action.WITHDRAW:
            service.break_off(case, End.WITHDRAWN, why=wish["opinion"].strip())
        case Action.ASK:
            _suspend(case, found.step)
        case Action.ANSWER:
            _resume(case, found.step)
        case Action.DELEGATE:
            found.step.assignee_id = wish["assignee_id"]
            case.version += 1


def _found(among: Sequence[Possible], action: Action, code: str) -> Possible:
    for one in among:
        if one.action is action and (one.step.code == code or action is Action.WITHDRAW):
            if one.why_not:
                raise NotPossible(one.why_not, step=code, action=action.value)
            if one.missing:
                raise Invalid(errors=list(one.missing))
            return one
    raise NotPossible(say("act.not_open"), step=code, action=action.value)


def _complete(case: Case, found: Possible, wish: Mapping[str, Any]) -> None:
    """Refuse an act that says too little."""
    if found.action in WORDED and not (wish.get("opinion") or "").strip():
        raise invalid("opinion", "act.opinion_needed", rule="required")
    if found.action is Action.RETURN and wish.get("target") not in found.targets:
        names = "、".join(found.targets)
        raise invalid("target", "act.target", value=wish.get("target"), rule="choice", steps=names)
    if recorded(found) and not (wish.get("on_behalf") or "").strip():
        raise invalid("on_behalf", "act.on_behalf_needed", rule="required")
    if found.action is Action.DELEGATE:
        _check_assignee(case, found.step.code, wish.get("assignee_id"))


def _check_assignee(case: Case, code: str, assignee_id: int | None) -> None:
    """Refuse to hand a step to nobody, or to somebody who could not act in it."""
    if not assignee_id:
        raise invalid("assignee_id", "act.assignee_needed", rule="required")
    if assignee_id not in {one["id"] for one in colleagues(case, code)}:
        raise invalid("assignee_id", "act.assignee_unknown", value=assignee_id, rule="choice")


def _suspend(case: Case, row: CaseStep) -> None:
    """Stop the clock of a step until what was asked for is there."""
    row.state, row.suspended_on = StepState.SUSPENDED, today()
    case.version += 1
    db.session.flush()


def _resume(case: Case, row: CaseStep) -> None:
    """Let the clock go on: what was left of the time when it stopped is left now."""
    assert row.suspended_on is not None
    row.pauses = [*row.pauses, row.suspended_on, today()]
    days, step = workdays.of(case.tenant_id), service.steps_of(case).by_code[row.code]
    service.set_clock(row, service.clock(days, row.opened_on, step, row.pauses))
    row.state, row.suspended_on = StepState.OPEN, None
    case.version += 1
    db.session.flush()
    workflow.begin_with([(case, row)], service.steps_of)
