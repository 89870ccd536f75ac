"""Publications: begun when a case comes to be published, over when its days are, or withdrawn."""

import base64
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, select, text, update

from jinzhu.core import cipher
from jinzhu.core.ahead import Ahead
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import effective, in_force, models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Revision
from tenants.procedure.models import Case, CaseStep
from tenants.publication.models import Objection, ObjectionState, Publication, PublicationState

#: As in `app.object`: a number is counted, and a publication ends, one after the other.
LOCKS = 7205
#: What is told of what is planned, beside its name; who leads a department is not.
FIELDS = {
    "item": (
        "item_type", "case_type", "service_object", "legal_basis", "statutory_limit",
        "committed_limit", "visit_count", "fee", "handle_form", "result_type", "address",
        "office_hours", "consult_phone",
    ),
    "department": ("department_class", "entry_force", "office_hours", "window_zone", "phone"),
}  # fmt: skip
#: Characters of what somebody who objects says, at most and at least.
LONGEST = {"said": 2000, "name": 50, "contact": 100}
SHORTEST = {"said": 5, "name": 2, "contact": 5}
#: Characters of the code by which an answer is read.
CODE = 16
#: Of the facts of a case.
FACTS = ("mode", "effective_on")
_LAST = text("""
    SELECT coalesce(max(split_part(number, '-', 2)::int), 0) FROM publication
    WHERE tenant_id = :center AND number LIKE :begin || '-%'
""")


def lock(center_id: int) -> None:
    """Let nobody else number or end publications of a center, or object to one, meanwhile."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:locks, :center)"),
        {"locks": LOCKS, "center": center_id},
    )


def publish(steps: Sequence[tuple[Case, CaseStep]]) -> None:
    """Publish what the cases of one center are about, from today until their steps are due.

    Where a step goes on after its clock stood still, its publication lasts as much longer.
    """
    known = _of_steps(steps)
    for case, step in steps:
        if (found := known.get((case.id, step.code, step.round))) is not None:
            found.until_on = max(step.due_on or found.until_on, found.from_on)
    _begin([pair for pair in steps if (pair[0].id, pair[1].code, pair[1].round) not in known])


def _of_steps(
    steps: Sequence[tuple[Case, CaseStep]],
) -> dict[tuple[int, str, int], Publication]:
    rows = db.session.scalars(
        select(Publication).where(
            Publication.tenant_id.in_({case.tenant_id for case, _ in steps}),
            Publication.case_id.in_([case.id for case, _ in steps]),
        )
    )
    return {(row.case_id, row.step_code, row.round): row for row in rows}


def _begin(steps: Sequence[tuple[Case, CaseStep]]) -> None:
    if not steps:
        return
    cases = [case for case, _ in steps]
    numbers = _numbers(cases[0].tenant_id, len(steps))
    told, names = _told(cases), departments_around(cases[0].tenant_id)
    for number, (case, step) in zip(numbers, steps, strict=True):
        db.session.add(_new(number, case, step, told.get(case.subject_id, {}), names))
    db.session.flush()


def _new(number: str, case: Case, step: CaseStep, told: Row, names: dict[str, str]) -> Publication:
    day = today()
    facts = {name: case.facts[name] for name in FACTS if case.facts.get(name)}
    row = Publication(
        number=number,
        case_id=case.id,
        step_code=step.code,
        round=step.round,
        object=case.object,
        kind=case.kind,
        subject_id=case.subject_id,
        subject_code=case.subject_code,
        subject_name=case.subject_name,
        department_code=case.department_code,
        department_name=names.get(case.department_code, case.department_code),
        content={"fields": told, "facts": facts},
        from_on=day,
        until_on=step.due_on or day,
    )
    row.tenant_id = case.tenant_id
    return row


def _numbers(center_id: int, count: int) -> list[str]:
    """Return the next numbers of this year, counted without a gap in each center."""
    lock(center_id)
    begin = f"G{today().year}"
    last = db.session.scalar(_LAST, {"center": center_id, "begin": begin}) or 0
    return [f"{begin}-{last + number:04}" for number in range(1, count + 1)]


def _told(cases: Sequence[Case]) -> dict[int, Row]:
    """Return what is told of each subject, as the center shows it today."""
    found: dict[int, Row] = {}
    for kind, names in FIELDS.items():
        subjects = [case.subject_id for case in cases if case.object == kind]
        if subjects:
            found |= _values(kind, names, cases[0].tenant_id, subjects)
    return found


def _values(
    kind: str, names: Sequence[str], center_id: int, subjects: Sequence[int]
) -> dict[int, Row]:
    model: Any = models()[kind]
    rows = db.session.execute(
        in_force(model)
        .with_only_columns(
            Revision.provision_id, *(effective(model, name).label(name) for name in names)
        )
        .where(model.tenant_id == center_id, model.provision_id.in_(subjects))
    )
    return {
        row.provision_id: {
            name: value
            for name, value in zip(names, row[1:], strict=True)
            if value not in (None, "", [])
        }
        for row in rows
    }


def of_step(case: Case, code: str) -> Publication | None:
    """Return the newest publication of a step of a case."""
    statement = select(Publication).where(
        Publication.tenant_id == case.tenant_id,
        Publication.case_id == case.id,
        Publication.step_code == code,
    )
    return db.session.scalar(statement.order_by(Publication.round.desc()).limit(1))


def running(case: Case) -> Publication | None:
    """Return the publication that a case waits for."""
    return RUNNING(case)


def _running(cases: Collection[Case]) -> dict[Case, Publication | None]:
    rows = db.session.scalars(
        select(Publication).where(
            Publication.tenant_id.in_({case.tenant_id for case in cases}),
            Publication.case_id.in_([case.id for case in cases]),
            Publication.state == PublicationState.RUNNING,
        )
    )
    found = {(row.tenant_id, row.case_id): row for row in rows}
    return {case: found.get((case.tenant_id, case.id)) for case in cases}


#: The publication that each case waits for.
RUNNING = Ahead(_running)


def open_objections(case: Case) -> list[str]:
    """Return the numbers of the objections to what a case waits for that are not answered yet."""
    return OBJECTED(case)


def _objected(cases: Collection[Case]) -> dict[Case, list[str]]:
    rows = db.session.execute(
        select(Publication.tenant_id, Publication.case_id, Objection.number)
        .join(
            Publication,
            and_(
                Publication.tenant_id == Objection.tenant_id,
                Publication.id == Objection.publication_id,
            ),
        )
        .where(
            Publication.tenant_id.in_({case.tenant_id for case in cases}),
            Publication.case_id.in_([case.id for case in cases]),
            Publication.state == PublicationState.RUNNING,
            Objection.state == ObjectionState.OPEN,
        )
        .order_by(Objection.id)
    )
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in rows:
        found[row.tenant_id, row.case_id].append(row.number)
    return {case: found[case.tenant_id, case.id] for case in cases}


#: The numbers of the objections that each case waits for.
OBJECTED = Ahead(_objected)


def end(some: Sequence[Publication]) -> None:
    """Say that the days of publications are over and their cases went on."""
    for found in some:
        found.state, found.ended_on = PublicationState.OVER, today()
    db.session.flush()


def withdraw(found: Publication, *, why: str) -> None:
    """Withdraw a publication; what was objected to it needs no answer any more."""
    found.state, found.ended_on = PublicationState.WITHDRAWN, today()
    found.reason = why or say("publication.withdrawn")
    db.session.execute(
        update(Objection)
        .where(
            Objection.tenant_id == found.tenant_id,
            Objection.publication_id == found.id,
            Objection.state == ObjectionState.OPEN,
        )
        .values(state=ObjectionState.LAPSED, closed_on=today(), version=Objection.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    db.session.flush()


def find(publication_id: int) -> Publication:
    """Return a publication of the own center that the post sees."""
    statement = select(Publication).where(
        Publication.id == publication_id, Publication.tenant_id == current().tenant_id
    )
    own = current().departments
    if own is not None:
        statement = statement.where(Publication.department_code.in_(own))
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(id=publication_id)
    return found


def objection(about: Publication, objection_id: int, *, lock: bool = False) -> Objection:
    """Return an objection to a publication."""
    statement = select(Objection).where(
        Objection.tenant_id == about.tenant_id,
        Objection.publication_id == about.id,
        Objection.id == objection_id,
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(id=objection_id)
    return found


def submitted(about: Publication, submission: str) -> Objection | None:
    """Return the objection that came under a number of a form, if it did."""
    return db.session.scalar(
        select(Objection).where(
            Objection.tenant_id == about.tenant_id,
            Objection.publication_id == about.id,
            Objection.submission == submission,
        )
    )


def objected() -> Any:
    """Return the condition for publications with an objection that is not answered yet."""
    return (
        select(func.count())
        .select_from(Objection)
        .where(
            Objection.tenant_id == Publication.tenant_id,
            Objection.publication_id == Publication.id,
            Objection.state == ObjectionState.OPEN,
        )
        .correlate(Publication)
        .scalar_subquery()
    )


def place(what: str, center_id: int, submission: str) -> str:
    """Return where a sealed part of an objection belongs: it opens nowhere else."""
    return f"objection:{what}:{center_id}:{submission}"


def sealed(center_id: int, submission: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return who objects and how to reach them, sealed for one objection alone."""
    return {
        name: cipher.seal(given[name].strip(), place=place(name, center_id, submission))
        for name in ("name", "contact")
    }


def code_of(center_id: int, submission: str) -> str:
    """Return the code of a form: the same however often it is sent, and known from nothing else."""
    found = bytes.fromhex(cipher.keyed_hash(submission, place=f"objection-code:{center_id}"))
    plain = base64.b32encode(found).decode()[:CODE]
    return "-".join(plain[start : start + 4] for start in range(0, CODE, 4))


def known_by(code: str) -> str:
    """Return what is kept of a code, by which it is found again."""
    return cipher.keyed_hash(code, place="objection.known")


def next_number(about: Publication) -> str:
    """Return the number of the next objection to a publication, as `app.object` counts it."""
    counted = select(func.count()).where(
        Objection.tenant_id == about.tenant_id, Objection.publication_id == about.id
    )
    return f"{about.number}-{(db.session.scalar(counted) or 0) + 1:02}"
