"""What the steps of a procedure mean for departments and items: conditions, guards, effects."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.claims import in_force, missing, models
from jinzhu.standards.models import Revision
from tenants.entry import service
from tenants.entry.models import EntryState, Mode
from tenants.procedure.models import Case, CaseAct
from tenants.procedure.workflow import Effect, condition, effect, guard, start

TWO_LINES = ("dual", "vertical")


def _subject(case: Case) -> Revision:
    """Return what a case is about, as it is in force now."""
    model = models()[case.object]
    statement = in_force(model).with_only_columns(Revision)
    return db.session.scalars(
        statement.where(model.tenant_id == case.tenant_id, model.provision_id == case.subject_id)
    ).one()


def _mode(case: Case) -> Mode:
    return Mode(case.facts.get("mode") or Mode.RESIDENT)


@condition("resident")
def is_resident(case: Case) -> bool:
    """A window of its own is arranged only for who sends people."""
    return _mode(case) is Mode.RESIDENT


@condition("standalone")
def is_standalone(case: Case) -> bool:
    """A hall of one's own needs the government's approval."""
    return _mode(case) is Mode.STANDALONE


@condition("two_lines")
def has_two_lines(case: Case) -> bool:
    """A superior department has a say."""
    return _subject(case).content.get("department_class") in TWO_LINES


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
    "exit": (EntryState.ENTERED, EntryState.SUSPENDED),
}


@start
def makes_sense(subject: Revision, kind: str) -> Iterator[Fault]:
    """What has entered does not enter again, and what has not neither changes nor leaves."""
    stands = service.standing(subject.provision_id)
    state = stands.state if stands else None
    if kind in NEEDS and state not in NEEDS[kind]:
        told = say(f"entry_state.{state.value if state else 'not_entered'}")
        text = say("case.senseless", name=subject.name, state=told)
        yield Fault("kind", text, kind, "state")


def _complete(case: Case) -> Iterator[Fault]:
    """Everything that the standard asks a center to fill in is filled in."""
    model = models()[case.object]
    empty = db.session.scalars(
        in_force(model)
        .with_only_columns(missing(model))
        .where(model.tenant_id == case.tenant_id, model.provision_id == case.subject_id)
    ).one()
    if empty:
        yield Fault("subject", say("case.incomplete", n=empty), empty, "complete")


for _object in ("department", "item"):
    guard(_object, "complete")(_complete)


@guard("department", "standalone_approved")
def approved_by_government(case: Case) -> Iterator[Fault]:
    """The decision itself is what the act of this step records, so nothing else is in its way."""
    return iter(())


@guard("department", "nothing_left")
def nothing_left(case: Case) -> Iterator[Fault]:
    """Items of a department that leaves have left, or are handled otherwise."""
    items = items_entered(case.subject_code)
    if items:
        yield Fault("subject", say("case.items_left", n=items), items, "nothing_left")


def items_entered(department_code: str) -> int:
    """Return how many items of a department have entered the own center."""
    return service.entered_of(department_code)


def _approval(case: Case, on_behalf: str) -> str:
    """Return the last decision of a body outside that the case recorded, or records now."""
    if on_behalf:
        return on_behalf
    found = select(CaseAct.on_behalf).where(
        CaseAct.tenant_id == case.tenant_id, CaseAct.case_id == case.id, CaseAct.on_behalf != ""
    )
    return db.session.scalars(found.order_by(CaseAct.id.desc())).first() or ""


def _since(case: Case) -> date | None:
    given = case.facts.get("effective_on")
    return date.fromisoformat(given) if given else None


def _becomes(state: EntryState) -> Effect:
    def act(case: Case, on_behalf: str) -> None:
        stood = service.standing(case.subject_id)
        mode = None
        if state is EntryState.ENTERED:
            mode = _mode(case)
        elif state is EntryState.SUSPENDED and stood is not None:
            mode = stood.mode
        service.change(
            case.object,
            case.subject_id,
            state,
            mode=mode,
            since=_since(case),
            case_id=case.id,
            reason=case.reason,
            approval=_approval(case, on_behalf),
        )

    return act


EFFECTS = {
    "enter": EntryState.ENTERED,
    "adjust": EntryState.ENTERED,
    "suspend": EntryState.SUSPENDED,
    "leave": EntryState.LEFT,
    "exclude": EntryState.EXCLUDED,
}
for _object in ("department", "item"):
    for _name, _state in EFFECTS.items():
        effect(_object, _name)(_becomes(_state))
