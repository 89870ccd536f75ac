"""Beginning cases, one or many at once: about what, and what they are to bring about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, text

from jinzhu.core.ahead import reading_ahead
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, Fault, Invalid, NotFound, Problem, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.models import Claim, Revision
from jinzhu.standards.records import procedures
from tenants.procedure import service, workflow
from tenants.procedure.models import Case, CaseState

#: Kinds of case that say why.
REASONED = ("adjustment", "suspension", "exit", "negative_list")
MOST_NAME = 100
#: So far ahead a day can be named from which something is to hold.
FARTHEST = timedelta(days=730)
#: The advisory-lock class under which a center counts its cases.
LOCKS = 7203
_NUMBER = text("""
    SELECT coalesce(max(split_part(number, '-', 2)::int), 0) FROM procedure_case
    WHERE tenant_id = app.tenant_id() AND number LIKE :year || '-%'
""")


class CaseRunning(Conflict):
    """One case at a time for a department or an item."""

    code = "case_running"


class NoProcedure(Conflict):
    """No standard in force here says how this is done."""

    code = "no_procedure"


def begin(wish: Mapping[str, Any]) -> Case:
    """Begin a case as a post asks for it.

    Raises:
        NotFound: if the center does not offer what it is about, or the post does not see it.
        Invalid: if a reason is needed, or a fact means nothing.
    """
    subject = _subject(wish["object"], wish["subject_id"])
    check(wish, subject)
    return begin_one(
        subject,
        wish["kind"],
        facts=wish["facts"],
        reason=wish["reason"],
        code=wish["procedure"],
    )


def check(wish: Mapping[str, Any], subject: Revision | None = None) -> None:
    """Refuse what no case can be begun with, whatever it is about.

    What is wrong for a subject is told beside it, if one is named.

    Raises:
        Invalid: if a reason is needed, or a fact means nothing.
    """
    if wish["kind"] in REASONED and not wish["reason"].strip():
        raise invalid("reason", "case.reason_needed", rule="required")
    if wrong := list(_meaningless(wish["facts"])):
        also = _unfit(subject, wish["kind"], wish["facts"]) if subject else ()
        raise Invalid(errors=[*wrong, *also])


def _unfit(subject: Revision, kind: str, facts: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with facts for what a case is to be about."""
    for one in workflow.FACTS:
        yield from one(subject, kind, facts)


def _meaningless(facts: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the facts that the steps of a procedure could not read."""
    mode, day = facts.get("mode"), facts.get("effective_on")
    if mode is not None and mode not in CHOICES["presence_mode"]:
        choices = "、".join(say(f"choice.presence_mode.{one}") for one in CHOICES["presence_mode"])
        yield Fault("facts.mode", say("case.mode", choices=choices), mode, "choice")
    class_, superior = facts.get("department_class"), facts.get("superior")
    if class_ is not None and class_ not in CHOICES["department_class"]:
        choices = "、".join(
            say(f"choice.department_class.{o}") for o in CHOICES["department_class"]
        )
        text = say("case.department_class", choices=choices)
        yield Fault("facts.department_class", text, class_, "choice")
    if superior is not None and not (isinstance(superior, str) and len(superior) <= MOST_NAME):
        text = say("case.superior", most=MOST_NAME)
        yield Fault("facts.superior", text, superior, "length")
    if day is not None:
        yield from _wrong_day(day)


def _wrong_day(value: Any) -> Iterator[Fault]:
    """Say what is wrong with the day from which something is to hold: nothing is dated back."""
    field, now = "facts.effective_on", today()
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        yield Fault(field, say("validation.Not a valid date."), value, "date")
        return
    last = now + FARTHEST
    if day < now:
        yield Fault(field, say("case.day_past", value=value, day=now), value, "at_least")
    elif day > last:
        yield Fault(field, say("case.day_far", value=value, day=last), value, "at_most")


def _subject(kind: str, provision_id: int) -> Revision:
    model = models()[kind]
    statement = (
        in_force(model)
        .with_only_columns(Revision)
        .where(
            model.tenant_id == current().tenant_id,
            model.provision_id == provision_id,
            model.claim == Claim.OFFERED,
        )
    )
    own = departments_of_post()
    found = db.session.scalar(statement if own is None else statement.where(own))
    if found is None:
        raise NotFound(id=provision_id)
    return found


@dataclass(frozen=True, slots=True)
class Wish:
    """What cases are begun with; `code` names the procedure where several are meant for them."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    code: str = ""
    campaign_id: int | None = None


def begin_one(
    subject: Revision, kind: str, *, facts: Mapping[str, Any], reason: str = "", code: str = ""
) -> Case:
    """Begin a case for a department or an item of the own center.

    Raises:
        Invalid: if it makes no sense as things stand now.
        NoProcedure: if no standard in force here has a procedure for it.
        CaseRunning: if there is one for the same department or item.
    """
    wish = Wish(kind, facts, reason.strip(), code)
    found = begin_many([subject], wish)[subject.provision_id]
    if isinstance(found, Problem):
        raise found
    return found


def begin_many(subjects: Sequence[Revision], wish: Wish) -> dict[int, Case | Problem]:
    """Begin cases in few statements; return each, or why there is none, by provision."""
    found: dict[int, Case | Problem] = {}
    ways = beginnable(subjects, wish)
    for subject in subjects:
        way = ways[subject.provision_id]
        found[subject.provision_id] = way if isinstance(way, Problem) else _new(subject, way, wish)
    if cases := [case for case in found.values() if isinstance(case, Case)]:
        _store(cases, wish)
    return found


def _store(cases: list[Case], wish: Wish) -> None:
    for case, number in zip(cases, numbers(len(cases)), strict=True):
        case.number = number
    db.session.add_all(cases)
    db.session.flush()
    service.open_many(cases)
    service.trace_many(cases, "begin", opinion=wish.reason)


def beginnable(subjects: Sequence[Revision], wish: Wish) -> dict[int, procedures.InForce | Problem]:
    """Return under which procedure each case would begin now, or why it would not."""
    center, ids = current().tenant_id, [one.provision_id for one in subjects]
    assert center is not None
    kinds = {one.kind for one in subjects}
    known = {one: procedures.in_force(center, one, wish.kind) for one in kinds}  # two at most
    running = _running(ids)
    with reading_ahead():
        workflow.expect(subjects=ids)
        return {
            one.provision_id: _way(one, wish, running=running, known=known[one.kind])
            for one in subjects
        }


def _way(
    subject: Revision,
    wish: Wish,
    *,
    running: Mapping[int, str],
    known: Sequence[procedures.InForce],
) -> procedures.InForce | Problem:
    if wrong := list(_unfit(subject, wish.kind, wish.facts)):
        return Invalid(errors=wrong)
    if wrong := [fault for start in workflow.STARTS for fault in start(subject, wish.kind)]:
        return Invalid(errors=wrong)
    fit = procedures.fitting(known, subject, class_=workflow.class_of(subject))
    chosen = [one for one in fit if one.code == wish.code] if wish.code else fit
    if not chosen:
        return NoProcedure(name=subject.name, kind=say(f"choice.procedure_kind.{wish.kind}"))
    if number := running.get(subject.provision_id):
        return CaseRunning(name=subject.name, number=number)
    return chosen[0]


def _running(subjects: Sequence[int]) -> dict[int, str]:
    """Return the numbers of the cases that run, by what they are about."""
    found = select(Case.subject_id, Case.number).where(
        Case.tenant_id == current().tenant_id,
        Case.subject_id.in_(subjects),
        Case.state == CaseState.RUNNING,
    )
    return {row.subject_id: row.number for row in db.session.execute(found)}


def _new(subject: Revision, procedure: procedures.InForce, wish: Wish) -> Case:
    own = subject.code if subject.kind == "department" else subject.department_code
    return Case(
        revision_id=procedure.revision.id,
        edition_id=procedure.edition_id,
        object=subject.kind,
        kind=wish.kind,
        subject_id=subject.provision_id,
        subject_code=subject.code,
        subject_name=subject.name,
        department_code=own,
        opened_on=today(),
        facts=dict(wish.facts),
        reason=wish.reason,
        campaign_id=wish.campaign_id,
    )


def numbers(count: int) -> list[str]:
    """Return the next numbers of cases of this year, counted without a gap in each center."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:locks, app.tenant_id())"), {"locks": LOCKS}
    )
    year = today().year
    last = db.session.scalar(_NUMBER, {"year": str(year)}) or 0
    return [f"{year}-{last + number:04}" for number in range(1, count + 1)]
