"""Attaching a document to a case and taking it back; and what steps ask of documents."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func

from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, Fault, Invalid, Problem, invalid
from jinzhu.core.tenancy import current
from jinzhu.core.transaction import on_behalf_of
from jinzhu.core.workflow import Step
from jinzhu.files import service as files
from tenants.document import service
from tenants.document.models import POWER_OF_ATTORNEY, CaseDocument
from tenants.entry.acts import APPROVED
from tenants.entry.workflow import Leaver, Left, Settled, hangs, paper
from tenants.procedure import service as cases
from tenants.procedure.models import Case, CaseState, CaseStep, StepState
from tenants.procedure.workflow import check, guard, reads_ahead

#: Cases that nothing is attached to any more; to a finished one a renewed document is.
CLOSED = (CaseState.REFUSED, CaseState.WITHDRAWN)


class DocumentKept(Conflict):
    """Something was approved on a document, so it stays."""

    code = "document_kept"


AUTHORISED = "power_of_attorney"


@reads_ahead
def _expected(cases: Sequence[Case], _: Sequence[int]) -> None:
    service.DOCUMENTS.expect(cases)


@check
def attached(case: Case, step: Step) -> Iterator[Fault]:
    """Ask for the document that a step names."""
    if not step.document or _asked_otherwise(case, step):
        return
    if not any(one.name == step.document for one in service.of_case(case)):
        text = say("document.missing", name=step.document)
        yield Fault("document", text, step.document, "required")


def _asked_otherwise(case: Case, step: Step) -> bool:
    """Say whether a guard of the step asks for its document, and for more than that it is there."""
    if case.object != "department":
        return False
    power = AUTHORISED in step.guards and step.document == POWER_OF_ATTORNEY
    return power or APPROVED in step.guards


@guard("department", AUTHORISED)
def authorised(case: Case) -> Iterator[Fault]:
    """Ask for a power of attorney 授权委托书 that is in force today."""
    found = [one for one in service.of_case(case) if one.name == POWER_OF_ATTORNEY]
    states = {service.state(one.valid_from, one.valid_until, today()) for one in found}
    if service.IN_FORCE in states:
        return
    if not found:
        text = say("power.missing")
    elif service.NOT_YET in states:
        text = say("power.not_yet", day=min(one.valid_from for one in found if one.valid_from))
    else:
        text = say("power.ended", day=max(one.valid_until for one in found if one.valid_until))
    yield Fault("document", text, POWER_OF_ATTORNEY, "in_force")


@guard("department", APPROVED)
def approved_by_government(case: Case) -> Iterator[Fault]:
    """Ask for number and day on the paper by which the government approves a hall of its own."""
    for step in cases.steps_of(case).steps:
        if APPROVED not in step.guards or not step.document:
            continue
        number, day = _paper_of(case, step.code)
        if not number or day is None:
            text = say("document.approval", name=step.document)
            yield Fault("document", text, step.document, APPROVED)
        elif day > today():
            text = say("document.approval_future", name=step.document, day=day)
            yield Fault("document", text, str(day), APPROVED)


@paper
def _paper_of(case: Case, code: str) -> tuple[str, date | None]:
    """Return number and day of the newest paper of a step that has both."""
    wanted = cases.steps_of(case).by_code[code].document
    for one in reversed(service.of_case(case)):
        if one.name == wanted and one.number and one.valid_from:
            return one.number, one.valid_from
    return "", None


@hangs("powers", Settled.WITH)
def powers_in_force(leaver: Leaver) -> Left:
    """Count the powers of attorney of a department that hold today."""
    return Left(service.powers(leaver.subject_code, today()))


def attach(case: Case, wish: Mapping[str, Any], content: bytes, file_name: str) -> CaseDocument:
    """Attach a file to a case, as the document of a step or beside one.

    The same again changes nothing, so that it can be sent anew when no answer came.

    Raises:
        CaseOver: if the case was refused or withdrawn.
        Invalid: if the step, the name, the validity or the file cannot be taken.
    """
    _expect_open(case)
    given = described(case, wish)
    row = _document(case, given, files.store(content, name=file_name).id, file_name)
    if same := _same(case, row, given):
        return same
    add(row)
    _note(case, "attach", row)
    return row


def _expect_open(case: Case) -> None:
    if case.state in CLOSED:
        raise cases.CaseOver(number=case.number, state=say(f"case_state.{case.state}"))


def _document(case: Case, given: Mapping[str, Any], file_id: int, file_name: str) -> CaseDocument:
    return CaseDocument(
        case_id=case.id,
        file_id=file_id,
        department_code=case.department_code,
        file_name=file_name,
        **given,
    )


def _same(case: Case, row: CaseDocument, given: Mapping[str, Any]) -> CaseDocument | None:
    """Return the document that says the same already, if there is one."""
    for one in service.of_case(case):
        if one.file_id == row.file_id and all(getattr(one, n) == given[n] for n in given):
            return one
    return None


def lay_before(
    some: Sequence[Case], wish: Mapping[str, Any], file_id: int, file_name: str
) -> dict[Case, CaseDocument | Problem]:
    """Let rules find one file among the documents of many cases, before it is stored in any.

    For what is read ahead; `keep` stores it where it is to stay.  Returns the document or why it
    cannot be attached; a case that has it already is left out.
    """
    found: dict[Case, CaseDocument | Problem] = {}
    for case in some:
        try:
            _expect_open(case)
            given = described(case, wish)
        except Problem as problem:
            found[case] = problem
            continue
        row = _document(case, given, file_id, file_name)
        if _same(case, row, given) is None:
            service.of_case(case).append(row)
            found[case] = row
    return found


def keep(documents: Mapping[Case, CaseDocument]) -> None:
    """Store documents that were laid before their cases, and note them in the traces."""
    alike: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case, row in documents.items():
        alike[row.step_code, _told(row)].append(case)
    db.session.add_all(documents.values())
    db.session.flush()
    for (code, told), some in alike.items():
        cases.trace_many(some, "attach", code=code, opinion=told)


def attach_above(
    case: Case, wish: Mapping[str, Any], content: bytes, file_name: str
) -> CaseDocument:
    """Attach what the superior department signs to a case of a center below.

    Needs the reach PUSH.

    Raises:
        Invalid: as in `attach`; and if the step is not the superior's.
    """
    step = cases.steps_of(case).by_code.get(wish["step"])
    if step is None or step.actor != "superior":
        raise invalid("step", "document.step", value=wish["step"], rule="choice")
    with on_behalf_of(case.tenant_id):
        return attach(case, wish, content, file_name)


def described(case: Case, wish: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a document that is to be attached to a case.

    Raises:
        Invalid: if the step, the name or the validity cannot be taken.
    """
    code, since, until = wish["step"], wish["valid_from"], wish["valid_until"]
    steps = cases.steps_of(case).by_code
    if code and code not in steps:
        raise invalid("step", "document.step", value=code, rule="choice")
    name = wish["name"].strip() or (steps[code].document if code else "")
    if wrong := list(_faults(name, since, until)):
        raise Invalid(errors=wrong)
    return {
        "step_code": code,
        "name": name,
        "number": wish["number"].strip(),
        "valid_from": since,
        "valid_until": until,
    }


def _faults(name: str, since: date | None, until: date | None) -> Iterator[Fault]:
    if not name:
        yield Fault("name", say("document.unnamed"), name, "required")
    if name == POWER_OF_ATTORNEY and until is None:
        yield Fault("valid_until", say("power.unlimited"), until, "required")
    if since is not None and until is not None and until < since:
        yield Fault("valid_until", say("document.order", day=since), until, "order")


def withdraw(case: Case, document_id: int) -> None:
    """Take a document back that was attached by mistake.

    Raises:
        DocumentKept: if a step was approved on it.
    """
    document = service.find(case, document_id)
    if document.id in kept(case, [document]):
        raise DocumentKept(name=document.name)
    document.withdrawn_at, document.withdrawn_by = func.now(), current().actor_id
    db.session.flush()
    _note(case, "detach", document)


def withdraw_above(case: Case, document_id: int) -> None:
    """Take back what the superior department attached.  Needs the reach PUSH.

    Raises:
        DocumentKept: as in `withdraw`; or if the document is not of a step of the superior's.
    """
    document = service.find(case, document_id)
    step = cases.steps_of(case).by_code.get(document.step_code)
    if step is None or step.actor != "superior":
        raise DocumentKept(name=document.name)
    with on_behalf_of(case.tenant_id):
        withdraw(case, document_id)


def kept(case: Case, documents: list[CaseDocument]) -> set[int]:
    """Return the documents that a step was approved on: they stay."""
    if not documents:
        return set()
    asked = {step.code: step.document for step in cases.steps_of(case).steps}
    done = [row for row in cases.rows_of(case) if row.state is StepState.DONE]
    return {document.id for document in documents for row in done if _relied(document, row, asked)}


def _relied(document: CaseDocument, row: CaseStep, asked: Mapping[str, str]) -> bool:
    """Say whether a step that is done was approved when a document was there for it."""
    meant = row.code == document.step_code or asked.get(row.code) == document.name
    return meant and row.closed_at is not None and row.closed_at >= document.created_at


def _note(case: Case, action: str, document: CaseDocument) -> None:
    cases.trace(case, action, code=document.step_code, opinion=_told(document))


def _told(document: CaseDocument) -> str:
    return f"{document.name} {document.number}".strip() + f"（{document.file_name}）"
