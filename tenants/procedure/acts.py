"""What somebody may do in a case now, what not and why; and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinzhu.core.access import declared, may
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Fault, Invalid, invalid
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Action, End, Procedure
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices
from jinzhu.workdays import service as workdays
from tenants.procedure import service, workflow
from tenants.procedure.models import Case, CaseState, CaseStep, StepState

#: Acting for the center, and recording what bodies without an account decided.
DECIDES = declared("procedure.decide")
PROPOSES = "procedure.propose"
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
            "needs_on_behalf": _recorded(self),
            "targets": [
                {"code": code, "name": procedure.by_code[code].name} for code in self.targets
            ],
        }


def _recorded(found: Possible) -> bool:
    """Say whether an approval records what somebody decided who has no account here.

    A post with the whole center is no department: it keeps what the superior department wrote.
    """
    if found.action is not Action.APPROVE:
        return False
    if found.step.actor == "superior":
        return current().departments is None
    return found.step.actor in OUTSIDE


def possible_above(case: Case, rows: Sequence[CaseStep]) -> list[Possible]:
    """Return what the superior department may do in a case of a center below."""
    return [
        one
        for one in possible(case, rows)
        if one.step.actor == "superior" and one.action in SUPERIORS
    ]


def possible(case: Case, rows: Sequence[CaseStep]) -> list[Possible]:
    """Return every act of the steps that are open, with the reason where one is not possible."""
    if case.state is not CaseState.RUNNING:
        return []
    procedure, standing = service.steps_of(case), workflow.standing(rows)
    found: list[Possible] = []
    for row in rows:
        if row.state in workflow.ALIVE:
            found += _of_step(case, row, procedure, standing.done)
    withdraw = _why_not_withdraw(case)
    last = next(row for row in reversed(rows) if row.state in workflow.ALIVE)
    return [*found, Possible(last, Action.WITHDRAW, withdraw)]


def _of_step(
    case: Case, row: CaseStep, procedure: Procedure, done: frozenset[str]
) -> list[Possible]:
    step, mine = procedure.by_code[row.code], _why_not_mine(row)
    if row.state is StepState.SUSPENDED:
        waiting = say("why_not.suspended")
        return [
            Possible(row, Action.APPROVE, mine or waiting),
            Possible(row, Action.ANSWER, _why_not_opener()),
        ]
    if step.waits and row.due_on and row.due_on >= today():
        mine = say("why_not.waits", day=row.due_on)
    missing = [] if mine else workflow.hindrances(case, procedure, row.code)
    acts = [Possible(row, Action.APPROVE, mine, missing)]
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


def _why_not_mine(row: CaseStep) -> str:
    """Say why the present person does not act in a step; '' if it does."""
    if row.assignee_id is not None and row.assignee_id != current().actor_id:
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


def act_above(case: Case, wish: Mapping[str, Any]) -> None:
    """Sign as the superior department in a case of a center below.  Needs the reach PUSH.

    Raises:
        NotPossible, Invalid: as in `act`.
    """
    found = possible_above(case, _rows_of_running(case))
    _act(case, wish, found, actor_name=_signature())
    values = {
        "number": case.number,
        "name": case.subject_name,
        "kind": say(f"choice.procedure_kind.{case.kind}"),
        "step": service.steps_of(case).by_code[wish["step"]].name,
        "act": say(f"act.{wish['action']}"),
    }
    notices.tell(
        [case.tenant_id],
        "case_signed",
        values=values,
        to=f"/cases/{case.id}",
        needs=PROPOSES,
        department=case.department_code,
    )


def _signature() -> str:
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
        opinion=(wish.get("opinion") or "").strip(),
        on_behalf=(wish.get("on_behalf") or "").strip(),
        target_code=wish.get("target") or "",
        **by,
    )


def _move(case: Case, found: Possible, wish: Mapping[str, Any]) -> None:
    match found.action:
        case Action.APPROVE:
            words = (wish.get("on_behalf") or "").strip()
            service.approve(case, found.step.code, on_behalf=words)
        case Action.RETURN:
            service.send_back(case, found.step.code, wish["target"])
        case Action.REFUSE:
            service.break_off(case, End.REFUSED)
        case Action.WITHDRAW:
            service.break_off(case, End.WITHDRAWN)
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
    if _recorded(found) and not (wish.get("on_behalf") or "").strip():
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
    if row.limit:
        days, warn = workdays.of(case.tenant_id), service.steps_of(case).by_code[row.code].warn
        row.due_on, row.warn_on = service.clock(days, row.opened_on, row.limit, warn, row.pauses)
    row.state, row.suspended_on = StepState.OPEN, None
    case.version += 1
    db.session.flush()
