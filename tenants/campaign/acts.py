"""One act in many cases: what can be done in those that are chosen, and asking for it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from jinzhu.core import language
from jinzhu.core.ahead import reading_ahead
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Action
from jinzhu.files import service as files
from jinzhu.standards.models import Revision
from tenants.campaign import service
from tenants.campaign.models import JointAct, JointActCase
from tenants.document import acts as documents
from tenants.procedure import acts
from tenants.procedure import service as cases
from tenants.procedure.acts import Possible
from tenants.procedure.models import Case, CaseState

#: What is done in many cases at once; asking and answering is about one.
JOINT = (Action.APPROVE, Action.RETURN, Action.REFUSE)
#: So many different reasons are told of a step.
MOST_REASONS = 5


@dataclass(slots=True)
class Group:
    """Cases that stand in the same step of the same procedure."""

    procedure: Revision
    step: str
    cases: list[Case] = field(default_factory=list)
    found: list[Possible] = field(default_factory=list)

    def of(self, action: Action) -> list[Possible]:
        """Return what is found of an action, case by case."""
        return [one for one in self.found if one.action is action]

    @property
    def needs_on_behalf(self) -> bool:
        """Say whether an approval records what somebody outside decided."""
        return any(acts.recorded(one) for one in self.of(Action.APPROVE))


def groups(case_ids: Sequence[int]) -> list[Group]:
    """Return the running cases that the post sees among these, by the steps they stand in."""
    found: dict[tuple[str, str], Group] = {}
    some = _seen(case_ids)
    with reading_ahead():
        cases.expect(some)
        procedures = _procedures(some)
        for case in some:
            by_step: dict[str, list[Possible]] = defaultdict(list)
            for one in acts.possible(case, cases.rows_of(case)):
                if one.action in JOINT:
                    by_step[one.step.code].append(one)
            procedure = procedures[case.revision_id]
            for code, possible in by_step.items():
                group = found.setdefault((procedure.code, code), Group(procedure, code))
                group.cases.append(case)
                group.found += possible
    return sorted(found.values(), key=lambda group: -len(group.cases))


def _seen(case_ids: Sequence[int]) -> list[Case]:
    statement = select(Case).where(
        Case.tenant_id == current().tenant_id,
        Case.id.in_(case_ids),
        Case.state == CaseState.RUNNING,
        *service.of_post(Case.department_code),
    )
    return list(db.session.scalars(statement.order_by(Case.id)))


def _procedures(some: Sequence[Case]) -> dict[int, Revision]:
    numbers = {case.revision_id for case in some}
    found = db.session.scalars(select(Revision).where(Revision.id.in_(numbers)))
    return {one.id: one for one in found}


def offer(case_ids: Sequence[int]) -> Row:
    """Return, step by step, what can be done in cases now, in how many, and why not in others."""
    return {"rows": [_offered(group) for group in groups(case_ids)]}


def _offered(group: Group) -> Row:
    first = group.found[0]
    approvals = group.of(Action.APPROVE)
    reasons = Counter(_reason(one) for one in approvals if _reason(one))
    steps = cases.steps_of(group.cases[0]).by_code
    targets = sorted({code for one in group.of(Action.RETURN) for code in one.targets})
    return {
        "procedure": group.procedure.code,
        "procedure_name": group.procedure.name,
        "step": group.step,
        "step_name": first.step.name,
        "actor_label": say(f"choice.actor.{first.step.actor}"),
        "count": len(group.cases),
        "document": steps[group.step].document,
        "needs_on_behalf": group.needs_on_behalf,
        "actions": [_action(group, action) for action in JOINT if group.of(action)],
        "targets": [{"code": code, "name": steps[code].name} for code in targets],
        "reasons": [
            {"message": message, "count": count}
            for message, count in reasons.most_common(MOST_REASONS)
        ],
        "cases": [case.id for case in group.cases],
    }


def _reason(one: Possible) -> str:
    """Return why an act is not possible; '' if it is."""
    return one.why_not or "；".join(fault.message for fault in one.missing)


def _action(group: Group, action: Action) -> Row:
    found = group.of(action)
    return {
        "action": action.value,
        "label": say(f"act.{action.value}"),
        "possible": sum(not _reason(one) for one in found),
        "needs_opinion": action in acts.WORDED,
    }


def ask(wish: Mapping[str, Any], file: tuple[bytes, str] | None) -> JointAct:
    """Store a joint act with its cases, and the file that becomes a document of them all.

    Raises:
        NotFound: if none of the cases runs, or the post sees none.
        Invalid: if they do not stand in the step, or the act says too little.
    """
    group = _group(wish)
    _complete(group, wish, with_file=file is not None)
    own = current().departments
    campaigns = {case.campaign_id for case in group.cases}
    joint = add(
        JointAct(
            campaign_id=campaigns.pop() if len(campaigns) == 1 else None,
            procedure_code=group.procedure.code,
            procedure_name=group.procedure.name,
            step_code=group.step,
            step_name=group.found[0].step.name,
            action=wish["action"],
            opinion=wish["opinion"].strip(),
            on_behalf=wish["on_behalf"].strip(),
            target_code=wish["target"],
            departments=None if own is None else list(own),
            language=language.current(),
            **_paper(wish, file),
        )
    )
    rows = [JointActCase(joint_act_id=joint.id, case_id=case.id) for case in group.cases]
    db.session.add_all(rows)
    db.session.flush()
    return joint


def _group(wish: Mapping[str, Any]) -> Group:
    if not (found := groups(wish["cases"])):
        raise NotFound(cases=wish["cases"][:1])
    for group in found:
        if (group.procedure.code, group.step) == (wish["procedure"], wish["step"]):
            return group
    raise invalid("step", "act.not_open", value=wish["step"], rule="choice")


def _complete(group: Group, wish: Mapping[str, Any], *, with_file: bool) -> None:
    """Refuse an act that would be refused in every case, because it says too little."""
    action = Action(wish["action"])
    if not group.of(action):
        raise invalid("action", "act.not_open", value=action.value, rule="choice")
    if action in acts.WORDED and not wish["opinion"].strip():
        raise invalid("opinion", "act.opinion_needed", rule="required")
    if action is Action.APPROVE and group.needs_on_behalf and not wish["on_behalf"].strip():
        raise invalid("on_behalf", "act.on_behalf_needed", rule="required")
    targets = {code for one in group.of(action) for code in one.targets}
    if action is Action.RETURN and wish["target"] not in targets:
        names = "、".join(sorted(targets))
        raise invalid("target", "act.target", value=wish["target"], rule="choice", steps=names)
    if with_file:
        documents.described(group.cases[0], wish)


def _paper(wish: Mapping[str, Any], file: tuple[bytes, str] | None) -> dict[str, Any]:
    """Return what is kept of the common document; the file is stored once."""
    if file is None:
        return {}
    content, name = file
    return {
        "file_id": files.store(content, name=name).id,
        "file_name": name,
        "document_name": wish["name"].strip(),
        "document_number": wish["number"].strip(),
        "valid_from": wish["valid_from"],
        "valid_until": wish["valid_until"],
    }
