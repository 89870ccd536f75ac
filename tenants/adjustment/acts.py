"""What cases mean for adjustments: what they are begun with, and what their effect leads to.

And what a center does about an item that its standard has given up.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault, Invalid, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.models import (
    Adoption,
    Claim,
    EditionEntry,
    Revision,
    Standard,
)
from jinzhu.standards.own import detachment
from tenants.adjustment import service
from tenants.adjustment.models import ELSEWHERE, OF_CASE, SUCCESSORS, Change
from tenants.entry import acts as entry_acts
from tenants.entry import service as entries
from tenants.entry.models import Entry, EntryState
from tenants.entry.workflow import Leaver, go_over
from tenants.procedure import workflow
from tenants.procedure.models import Case

MOST = 200
HERE = (EntryState.ENTERED, EntryState.SUSPENDED)
assert entry_acts.EFFECTS  # what is wrapped below is declared there


@workflow.fact
def makes_sense(subject: Revision, kind: str, facts: Mapping[str, Any]) -> Iterator[Fault]:
    """A change has its basis, its day, and what takes the place of what leaves."""
    given = facts.get("change")
    if not given:
        return
    allowed = OF_CASE.get(kind, ()) if subject.kind == "item" else ()
    if given not in allowed:
        choices = "、".join(say(f"adjustment.change.{one}") for one in allowed) or "—"
        text = say("adjustment.change_choice", choices=choices)
        yield Fault("facts.change", text, given, "choice")
        return
    yield from _documented(facts)
    yield from _followed(subject, Change(given), facts)


def _documented(facts: Mapping[str, Any]) -> Iterator[Fault]:
    """Say what is missing of the basis and the day."""
    basis, day = str(facts.get("basis") or "").strip(), facts.get("effective_on")
    if not basis or len(basis) > MOST:
        text = say("adjustment.basis_needed", most=MOST)
        yield Fault("facts.basis", text, facts.get("basis"), "required")
    if not day:
        yield Fault("facts.effective_on", say("adjustment.day_needed"), day, "required")


def _followed(subject: Revision, change: Change, facts: Mapping[str, Any]) -> Iterator[Fault]:
    """Say what is missing of what takes the place of an item."""
    center = str(facts.get("to_center") or "").strip()
    if change in ELSEWHERE and not 0 < len(center) <= MOST:
        text = say("adjustment.center_needed", most=MOST)
        yield Fault("facts.to_center", text, facts.get("to_center"), "required")
    given = facts.get("successors") or []
    least, most = SUCCESSORS.get(change, (0, 0))
    if not isinstance(given, list) or not least <= len(set(map(str, given))) <= most:
        text = say(f"adjustment.successors_{'none' if not most else change}")
        yield Fault("facts.successors", text, given, "count")
    elif given and _offered(given, subject) < len(given):
        text = say("adjustment.successor_unknown")
        yield Fault("facts.successors", text, given, "choice")
    if change is not Change.NEW_LAW and (count := _covered(subject.provision_id)):
        yield Fault("facts.change", say("adjustment.covers", n=count), count, "covers")


def _offered(given: list[Any], subject: Revision) -> int:
    """Return how many of these other items the own center offers."""
    numbers = [number for number in given if isinstance(number, int)]
    model = models()["item"]
    statement = in_force(model).where(
        model.tenant_id == current().tenant_id,
        model.provision_id.in_(numbers),
        model.provision_id != subject.provision_id,
        model.claim == Claim.OFFERED,
    )
    counted = statement.with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(counted) or 0


def _covered(provision_id: int) -> int:
    """Return how many items of the own center are answered as covered by this one."""
    model = models()["item"]
    counted = select(func.count(model.id)).where(
        model.tenant_id == current().tenant_id, model.covered_by_id == provision_id
    )
    return db.session.scalar(counted) or 0


def _planned_or(carried: workflow.EffectOnMany) -> workflow.EffectOnMany:
    """Plan where a case names a change; else let happen what happens anyway."""

    def act(cases: Sequence[Case], on_behalf: str) -> None:
        for case in cases:
            if case.facts.get("change"):
                service.plan(case, approval=on_behalf)
        if others := [case for case in cases if not case.facts.get("change")]:
            carried(others, on_behalf)

    return act


for _name in ("adjust", "leave"):
    _carried = workflow.EFFECTS_ON_MANY["item", _name]
    workflow.effect_on_many("item", _name)(_planned_or(_carried))


def _in_force(model: Any) -> Any:
    """Return whether the edition in force still has an item."""
    return (
        select(EditionEntry.provision_id)
        .join(Adoption, Adoption.edition_id == EditionEntry.edition_id)
        .where(
            Adoption.tenant_id == model.tenant_id,
            Adoption.standard_id == model.standard_id,
            EditionEntry.provision_id == model.provision_id,
        )
        .correlate(model)
        .exists()
    )


def _newest(model: Any) -> Any:
    """Return the last revision of an item."""
    newest = select(func.max(Revision.id)).where(Revision.provision_id == model.provision_id)
    return newest.correlate(model).scalar_subquery()


def given_up() -> Selection:
    """Select what has entered here and no edition in force has any more."""
    model = models()["item"]
    of_item = (model.tenant_id == Entry.tenant_id) & (model.provision_id == Entry.subject_id)
    statement = (
        select(Entry)
        .join(model, of_item)
        .join(Standard, Standard.id == model.standard_id)
        .join(Revision, Revision.id == _newest(model))
        .with_only_columns(
            model.id.label("record_id"),
            model.provision_id,
            Revision.code,
            Revision.name,
            Revision.name_key,
            Revision.department_code,
            Standard.name.label("standard"),
            Entry.mode,
            Entry.since,
        )
        .where(
            Entry.tenant_id == current().tenant_id,
            Entry.object == "item",
            Entry.until.is_(None),
            Entry.state.in_(HERE),
            ~_in_force(model),
        )
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def _given_up(record_id: int) -> dict[str, Any]:
    model = models()["item"]
    row = db.session.execute(given_up().where(model.id == record_id)).one_or_none()
    if row is None:
        raise NotFound(id=record_id)
    return dict(row._mapping)


def _leaver(row: Mapping[str, Any]) -> Leaver:
    return Leaver("item", row["provision_id"], row["code"])


def let_leave(record_id: int, basis: str) -> None:
    """Let an item go that its standard has given up.

    Raises:
        Invalid: if no basis is named, or something hangs on it that is settled first.
    """
    if not basis.strip():
        raise invalid("basis", "adjustment.basis_needed", rule="required", most=MOST)
    row = _given_up(record_id)
    if wrong := list(entry_acts.nothing_left(_leaver(row))):
        raise Invalid(errors=wrong)
    made = service.let_go(row, Change.DROPPED, basis=basis.strip())
    service.carry_out(made)


def keep(record_id: int) -> int:
    """Go on with an item that its standard has given up, as the center's own; return its number.

    It stays at its windows, and its equipment with it.
    """
    row = _given_up(record_id)
    stood = entries.standing(row["provision_id"])
    own = detachment.detach(record_id)
    made = service.let_go(row, Change.KEPT, basis=row["standard"], successor=own["provision_id"])
    told = service.words(made)
    left = entries.change("item", row["provision_id"], EntryState.LEFT, reason=told)
    entries.change(
        "item",
        own["provision_id"],
        stood.state if stood else EntryState.ENTERED,
        mode=stood.mode if stood else None,
        reason=told,
    )
    go_over(_leaver(row), own["provision_id"], left.since)
    return int(own["record_id"])
