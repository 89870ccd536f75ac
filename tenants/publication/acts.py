"""What publication means for a case, and what a center says to objections."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinzhu.core import cipher
from jinzhu.core.access import declared
from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Fault, Invalid, invalid
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import End
from jinzhu.personal import service as personal
from jinzhu.standards import notices
from tenants.procedure import service as cases
from tenants.procedure import workflow
from tenants.procedure.models import Case, CaseStep
from tenants.publication import service
from tenants.publication.models import (
    Channel,
    Objection,
    ObjectionState,
    Publication,
    PublicationState,
)

#: To see who objects, and how to reach them.
DECIDES = "procedure.decide"
SEES_CONTACT = declared("objection.contact")
REJECT, SEND_BACK, REFUSE = "reject", "return", "refuse"
OUTCOMES = (REJECT, SEND_BACK, REFUSE)


class ObjectionClosed(Conflict):
    """An objection is answered once."""

    code = "objection_closed"


class PublicationOver(Conflict):
    """One objects while something is published."""

    code = "publication_over"


def no_objection(case: Case) -> Iterator[Fault]:
    """Every objection to what is published has been answered."""
    if numbers := service.open_objections(case):
        listed = "、".join(numbers)
        yield Fault(
            "objections",
            say("publication.objected", n=len(numbers), numbers=listed),
            listed,
            "no_objection",
        )


def _end(some: Sequence[Case], _: str) -> None:
    """Close the publications, unless somebody has objected in this very moment."""
    service.lock(some[0].tenant_id)
    service.RUNNING.forget(some)
    service.OBJECTED.forget(some)
    if wrong := [fault for case in some for fault in no_objection(case)]:
        raise Invalid(errors=wrong)
    service.end([found for found in map(service.running, some) if found is not None])
    service.RUNNING.forget(some)


@workflow.reads_ahead
def _expected(some: Sequence[Case], _: Sequence[int]) -> None:
    service.RUNNING.expect(some)
    service.OBJECTED.expect(some)


def _withdraw(case: Case, step: CaseStep, why: str) -> None:
    service.lock(case.tenant_id)
    found = service.of_step(case, step.code)
    if found is not None and found.ended_on is None:
        service.withdraw(found, why=why)


for _object in ("department", "item"):
    workflow.guard(_object, "no_objection")(no_objection)
    workflow.opening(_object, "publish")(service.publish)
    workflow.leaving(_object, "publish")(_withdraw)
    workflow.effect_on_many(_object, "publish")(_end)


def record(about: Publication, wish: Mapping[str, Any]) -> Row:
    """Write down an objection that came by telephone, by letter or in person.

    Return its number and the code by which whoever objects reads the answer on the public page.
    Sent a second time, the same is there once.

    Raises:
        PublicationOver: if the publication does not run any more.
        Invalid: naming each thing that cannot be so.
    """
    service.lock(about.tenant_id)
    submission = f"recorded:{about.id}:{wish['submission']}"
    found = service.submitted(about, submission)
    if found is None:
        db.session.refresh(about)
        _recordable(about, wish)
        found = add(_recorded(about, submission, wish))
    return {"number": found.number, "code": service.code_of(about.tenant_id, submission)}


def _recordable(about: Publication, wish: Mapping[str, Any]) -> None:
    if about.state is not PublicationState.RUNNING:
        raise PublicationOver(
            number=about.number, state=say(f"publication_state.{about.state.value}")
        )
    wrong = [
        Fault(name, say(f"objection.fault.{name}", least=least), wish[name], "length")
        for name, least in service.SHORTEST.items()
        if len(wish[name].strip()) < least
    ]
    if not wish["received_by"].strip():
        wrong.append(Fault("received_by", say("objection.fault.received_by"), "", "required"))
    last = min(about.until_on, today())
    if not about.from_on <= wish["received_on"] <= last:
        text = say("objection.fault.received_on", first=about.from_on, last=last)
        wrong.append(Fault("received_on", text, str(wish["received_on"]), "period"))
    if wrong:
        raise Invalid(errors=wrong)


def _recorded(about: Publication, submission: str, wish: Mapping[str, Any]) -> Objection:
    center = about.tenant_id
    return Objection(
        publication_id=about.id,
        number=service.next_number(about),
        said=wish["said"].strip(),
        **service.sealed(center, submission, wish),
        code=service.known_by(service.code_of(center, submission)),
        origin="",
        submission=submission,
        received_on=wish["received_on"],
        channel=Channel(wish["channel"]),
        received_by=wish["received_by"].strip(),
        recorded_by=current().actor_id,
    )


def targets(case: Case, step_code: str) -> Sequence[str]:
    """Return the steps that a case can be sent back to because of an objection."""
    procedure, standing = cases.steps_of(case), workflow.standing(cases.rows_of(case))
    upstream = procedure.upstream(step_code) & standing.done
    return [code for code in procedure.by_code if code in upstream]


def held(about: Publication, objection_id: int) -> Objection:
    """Return an objection that is to be answered, its case held first, as by whoever moves it."""
    cases.find(about.case_id, lock=True)
    return service.objection(about, objection_id, lock=True)


def answer(about: Publication, found: Objection, wish: Mapping[str, Any]) -> None:
    """Answer an objection: reject it, or let the case go back, or refuse what was planned.

    Raises:
        ObjectionClosed: if it has been answered, or its publication withdrawn.
        Invalid: if the answer says nothing, or the case cannot go back there.
    """
    if found.state is not ObjectionState.OPEN:
        raise ObjectionClosed(number=found.number, state=say(f"objection_state.{found.state}"))
    said = wish["answer"].strip()
    if not said:
        raise invalid("answer", "objection.answer_needed", rule="required")
    accepted = wish["outcome"] != REJECT
    found.state = ObjectionState.ACCEPTED if accepted else ObjectionState.REJECTED
    found.answer, found.closed_on, found.answered_by = said, today(), current().actor_id
    found.version += 1
    db.session.flush()
    _carry_out(about, found, wish)


def _carry_out(about: Publication, found: Objection, wish: Mapping[str, Any]) -> None:
    """Do in the case what the answer says, and keep it in the trace."""
    case = cases.find(about.case_id)
    words = say(f"objection.{wish['outcome']}", number=found.number, answer=found.answer)
    target = wish.get("target") or ""
    if wish["outcome"] == SEND_BACK:
        if target not in targets(case, about.step_code):
            raise invalid("target", "objection.target", value=target, rule="choice")
        cases.send_back(case, about.step_code, target, why=words)
    elif wish["outcome"] == REFUSE:
        cases.break_off(case, End.REFUSED, why=words)
    action = "objection_rejected" if wish["outcome"] == REJECT else wish["outcome"]
    cases.trace(case, action, code=about.step_code, opinion=words, target_code=target)
    if wish["outcome"] != REJECT:
        _tell(about, found, case)


def _tell(about: Publication, found: Objection, case: Case) -> None:
    notices.tell(
        [case.tenant_id],
        "objection_accepted",
        values={"number": found.number, "name": about.subject_name, "case": case.number},
        to=f"/cases/{case.id}",
        needs="procedure.propose",
        department=case.department_code,
    )


def contact(found: Objection, *, reason: str) -> Row:
    """Return who objects and how to reach them, in full; who asked and why is kept.

    Raises:
        Invalid: if the reason says nothing.
    """
    personal.disclose("objection", found.id, fields=["name", "contact"], reason=reason)
    return opened(found)


def opened(found: Objection) -> Row:
    """Return who objects and how to reach them."""
    return {
        name: cipher.unseal(
            getattr(found, name), place=service.place(name, found.tenant_id, found.submission)
        )
        for name in ("name", "contact")
    }
