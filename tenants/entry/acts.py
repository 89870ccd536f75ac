"""What the steps of a procedure mean for departments and items: conditions, guards, effects."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from jinzhu.core.ahead import Ahead
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import in_force, missing, models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Revision
from jinzhu.standards.quality import checks
from tenants.entry import service
from tenants.entry.models import NOT_ENTERED, Entry, EntryState, Mode
from tenants.entry.workflow import PAPERS, Leaver, Left, Settled, groups, hangs, let_go_with
from tenants.procedure import service as cases
from tenants.procedure.models import Case, CaseAct, CaseState
from tenants.procedure.workflow import (
    EffectOnMany,
    classed,
    condition,
    effect_on_many,
    fact,
    guard,
    reads_ahead,
    start,
)

TWO_LINES = ("dual", "vertical")
#: Kinds of case in which what they say nothing of stays as it is.
STAYING = ("adjustment", "suspension", "resumption")
#: The guard of the step in which the government approves a hall of a department's own.
APPROVED = "standalone_approved"


def _subject(case: Case) -> Revision:
    """Return what a case is about, as it is in force now."""
    return _SUBJECTS(case)


def _subjects(cases: Collection[Case]) -> dict[Case, Revision]:
    found: dict[tuple[int, int], Revision] = {}
    for kind in {case.object for case in cases}:  # two at most
        model = models()[kind]
        rows = in_force(model).with_only_columns(model.tenant_id, Revision)
        found |= {
            (center, subject.provision_id): subject
            for center, subject in db.session.execute(
                rows.where(
                    model.tenant_id.in_({case.tenant_id for case in cases}),
                    model.provision_id.in_([case.subject_id for case in cases]),
                )
            )
        }
    return {case: found[case.tenant_id, case.subject_id] for case in cases}


_SUBJECTS = Ahead(_subjects)


def mode_of(case: Case) -> Mode:
    """Return how it will be present: as asked for, as it is, or as its department is."""
    if case.facts.get("mode"):
        return Mode(case.facts["mode"])
    stood = service.standing_of(case.tenant_id, case.subject_id)
    if stood is not None and stood.mode is not None:
        return stood.mode
    if case.object != "item":
        return Mode.RESIDENT
    return service.mode_of(case.tenant_id, case.department_code) or Mode.RESIDENT


@condition("resident")
def is_resident(case: Case) -> bool:
    """A window of its own is arranged only for who sends people."""
    return mode_of(case) is Mode.RESIDENT


@condition("windowed")
def is_windowed(case: Case) -> bool:
    """Who is present in any way but by proxy has a window of its own, somewhere."""
    return mode_of(case) is not Mode.PROXY


@condition("standalone")
def is_standalone(case: Case) -> bool:
    """A hall of one's own needs the government's approval; one that is there has it."""
    stood = service.standing_of(case.tenant_id, case.subject_id)
    has_one = stood is not None and stood.mode is Mode.STANDALONE and case.kind in STAYING
    return mode_of(case) is Mode.STANDALONE and not has_one


@condition("two_lines")
def has_two_lines(case: Case) -> bool:
    """A superior department has a say: by the class of the standard, or an adjusted one."""
    stands = service.standing_of(case.tenant_id, case.subject_id)
    given = case.facts.get("department_class") or (stands.department_class if stands else "")
    return (given or _subject(case).content.get("department_class")) in TWO_LINES


@classed
def adjusted_class(subject: Revision) -> str:
    """An adjusted class chooses the procedure, until another adjustment."""
    stands = service.standing(subject.provision_id)
    return stands.department_class if stands else ""


@condition("permit")
def is_permit(case: Case) -> bool:
    """Permits are published before they are fixed."""
    return _subject(case).content.get("item_type") == "01"


#: What something has to be, or must not be, for a kind of case to be begun.
NEEDS: dict[str, tuple[EntryState | None, ...]] = {
    "entry": (None, EntryState.LEFT, EntryState.EXCLUDED, EntryState.SUSPENDED),
    "negative_list": (None, EntryState.LEFT),
    "adjustment": (EntryState.ENTERED,),
    "suspension": (EntryState.ENTERED,),
    "resumption": (EntryState.SUSPENDED,),
    "exit": (EntryState.ENTERED, EntryState.SUSPENDED),
}


def kinds_in(object_: str, state: str) -> list[str]:
    """Return the kinds of case that make sense for something in a state, in their usual order."""
    none = state == NOT_ENTERED
    kinds = [
        kind for kind, needs in NEEDS.items() if (None if none else EntryState(state)) in needs
    ]
    return [kind for kind in kinds if object_ == "item" or kind != "negative_list"]


@start
def makes_sense(subject: Revision, kind: str) -> Iterator[Fault]:
    """What has entered does not enter again, and what has not neither changes nor leaves."""
    stands = service.standing(subject.provision_id)
    state = stands.state if stands else None
    if kind in NEEDS and state not in NEEDS[kind]:
        told = say(f"entry_state.{state.value if state else 'not_entered'}")
        text = say("case.senseless", name=subject.name, state=told)
        yield Fault("kind", text, kind, "state")


@fact
def changes_something(subject: Revision, kind: str, facts: Mapping[str, Any]) -> Iterator[Fault]:
    """An adjustment of a department changes how it is present, its class or its superior."""
    if subject.kind != "department" or kind != "adjustment":
        return
    stands = service.standing(subject.provision_id)
    now = {
        "mode": stands.mode.value if stands and stands.mode else "",
        "department_class": (stands.department_class if stands else "")
        or subject.content.get("department_class"),
        "superior": stands.superior if stands else "",
    }
    if all(facts.get(name) in (None, "", value) for name, value in now.items()):
        text = say("case.nothing_changes", name=subject.name)
        yield Fault("facts.mode", text, facts.get("mode"), "changed")


def _complete(case: Case) -> Iterator[Fault]:
    """What the standard asks a center to fill in is there, and nothing contradicts it."""
    empty, faults = _LACKS(case)
    if empty:
        yield Fault("subject", say("case.incomplete", n=empty), empty, "complete")
    yield from (fault.at("subject") for fault in faults)


def _lacks(cases: Collection[Case]) -> dict[Case, tuple[int, list[Fault]]]:
    """Return how many required fields of what each case is about are empty, and what is wrong."""
    found: dict[tuple[int, int], tuple[int, list[Fault]]] = {}
    for kind in {case.object for case in cases}:  # two at most
        model = models()[kind]
        shown = func.app.effective(Revision.content, Revision.bounds, model.local)
        rows = in_force(model).with_only_columns(
            model.tenant_id, model.provision_id, missing(model), shown
        )
        these = db.session.execute(
            rows.where(
                model.tenant_id.in_({case.tenant_id for case in cases}),
                model.provision_id.in_([case.subject_id for case in cases]),
            )
        ).all()
        faults = checks.faults_of_many(kind, [effective for *_, effective in these])
        for (center, provision, empty, _), wrong in zip(these, faults, strict=True):
            found[center, provision] = empty, wrong
    return {case: found[case.tenant_id, case.subject_id] for case in cases}


_LACKS = Ahead(_lacks)


@reads_ahead
def _expected(cases: Sequence[Case], subjects: Sequence[int]) -> None:
    """Expect how the cases' subjects stand, and those that the own center has no case for yet."""
    center = current().tenant_id
    service.STANDS.expect((center, one) for one in subjects if center is not None)
    service.STANDS.expect((case.tenant_id, case.subject_id) for case in cases)
    items = (case for case in cases if case.object == "item")
    service.DEPARTMENTS.expect((case.tenant_id, case.department_code) for case in items)
    _SUBJECTS.expect(cases)
    _LACKS.expect(cases)


for _object in ("department", "item"):
    guard(_object, "complete")(_complete)


@guard("item", "department_entered")
def department_entered(case: Case) -> Iterator[Fault]:
    """An item does not enter before its department, nor while that is suspended."""
    stands = service.DEPARTMENTS((case.tenant_id, case.department_code))
    if stands is None or stands.state is not EntryState.ENTERED:
        names = departments_around(case.tenant_id)
        told = {
            "department": names.get(case.department_code, case.department_code),
            "state": say(f"entry_state.{stands.state.value if stands else 'not_entered'}"),
        }
        text = say("case.department_not_entered", **told)
        yield Fault("department", text, case.department_code, "department_entered")


def leaver_of(case: Case) -> Leaver:
    """Return the department or the item that a case is about, as what leaves."""
    return Leaver(case.object, case.subject_id, case.subject_code)


def nothing_left(leaver: Leaver) -> Iterator[Fault]:
    """What has to be settled before something leaves is settled; each group is named."""
    for group in groups(leaver.object):
        if group.settled is not Settled.FIRST:
            continue
        left = group.left(leaver)
        if left.count:
            text = say(f"clearance.{group.name}.left", n=left.count, detail=left.detail)
            yield Fault("subject", text, left.count, f"nothing_left.{group.name}")


for _object in ("department", "item"):
    guard(_object, "nothing_left")(lambda case: nothing_left(leaver_of(case)))


@hangs("items", Settled.FIRST)
def items_entered(leaver: Leaver) -> Left:
    """Count the items of a department that have entered the own center."""
    return Left(service.entered_of(leaver.subject_code))


@hangs("cases", Settled.FIRST)
def cases_running(leaver: Leaver) -> Left:
    """Count the cases that run for items of a department; the exit itself is none of them."""
    statement = select(func.count(Case.id)).where(
        Case.tenant_id == current().tenant_id,
        Case.department_code == leaver.subject_code,
        Case.object == "item",
        Case.state == CaseState.RUNNING,
    )
    return Left(db.session.scalar(statement) or 0)


def _approvals(cases: Sequence[Case]) -> dict[int, str]:
    """Return the last decision of a body outside that each case recorded, by case."""
    found = select(CaseAct.case_id, CaseAct.on_behalf).where(
        CaseAct.tenant_id.in_({case.tenant_id for case in cases}),
        CaseAct.case_id.in_([case.id for case in cases]),
        CaseAct.on_behalf != "",
    )
    return {row.case_id: row.on_behalf for row in db.session.execute(found.order_by(CaseAct.id))}


def since(case: Case) -> date:
    """Return from when it holds what a case brings about: as it says, but not before it is done."""
    given = case.facts.get("effective_on")
    return max(date.fromisoformat(given), today()) if given else today()


def _becomes(state: EntryState) -> EffectOnMany:
    def act(cases: Sequence[Case], on_behalf: str) -> None:
        before = {} if on_behalf else _approvals(cases)
        entries = [_period(one, state, on_behalf or before.get(one.id, "")) for one in cases]
        service.change_many([*entries, *_with_departments(cases, state)])
        service.DEPARTMENTS.forget((one.tenant_id, one.department_code) for one in cases)
        if state is EntryState.LEFT:
            for one, entry in zip(cases, entries, strict=True):
                let_go_with(leaver_of(one), entry.since)

    return act


#: With their department items pause, and come back: from which state, to which.
_TOGETHER = {
    EntryState.SUSPENDED: EntryState.ENTERED,
    EntryState.ENTERED: EntryState.SUSPENDED,
}


def _with_departments(cases: Sequence[Case], state: EntryState) -> list[Entry]:
    """Return the periods that items begin because their departments pause, or come back.

    What paused before its department did, for a reason of its own, does not come back with it.
    """
    owners = {case.subject_code: case for case in cases if case.object == "department"}
    if not owners or state not in _TOGETHER:
        return []
    condition = [Entry.state == _TOGETHER[state]]
    if state is EntryState.ENTERED:
        paused = select(Case.id).where(
            Case.tenant_id == current().tenant_id, Case.object == "department"
        )
        condition.append(Entry.case_id.in_(paused))
    found = db.session.execute(service.items_of(owners.keys(), *condition)).all()
    return [
        Entry(
            object=entry.object,
            subject_id=entry.subject_id,
            state=state,
            mode=entry.mode,
            since=since(owners[code]),
            case_id=owners[code].id,
            reason=owners[code].reason,
        )
        for code, entry in found
    ]


def _period(case: Case, state: EntryState, approval: str) -> Entry:
    """Return the period that a case begins."""
    stood = service.standing(case.subject_id)
    return Entry(
        object=case.object,
        subject_id=case.subject_id,
        state=state,
        mode=_mode_in(case, state, stood),
        since=since(case),
        case_id=case.id,
        reason=case.reason,
        approval=approval,
        **_said(case, state, stood),
    )


def _mode_in(case: Case, state: EntryState, stood: Entry | None) -> Mode | None:
    """Return how something is present in a state; what a case says nothing of stays."""
    if state not in (EntryState.ENTERED, EntryState.SUSPENDED):
        return None
    if state is EntryState.SUSPENDED and stood is not None:
        return stood.mode
    return mode_of(case)


def _said(case: Case, state: EntryState, stood: Entry | None) -> dict[str, Any]:
    """Return what else is kept of a period: class, superior, the approval of an own hall.

    Class and superior stay as they were adjusted, also when a department leaves and comes again.
    """
    if case.object != "department":
        return {}
    said: dict[str, Any] = {
        name: case.facts.get(name) or (getattr(stood, name) if stood else "")
        for name in ("department_class", "superior")
    }
    if _mode_in(case, state, stood) is not Mode.STANDALONE:
        return said
    number, day = _approved_on(case)
    if not number and stood is not None and case.kind in STAYING:
        number, day = stood.approval_number, stood.approved_on
    return said | {"approval_number": number, "approved_on": day}


def _approved_on(case: Case) -> tuple[str, date | None]:
    """Return number and day of the government's approval of a hall of its own."""
    for step in cases.steps_of(case).steps:
        if APPROVED in step.guards:
            for find in PAPERS:
                return find(case, step.code)
    return "", None


EFFECTS = {
    "enter": EntryState.ENTERED,
    "adjust": EntryState.ENTERED,
    "suspend": EntryState.SUSPENDED,
    "resume": EntryState.ENTERED,
    "leave": EntryState.LEFT,
    "exclude": EntryState.EXCLUDED,
}
for _object in ("department", "item"):
    for _name, _state in EFFECTS.items():
        effect_on_many(_object, _name)(_becomes(_state))
