"""How departments and items stand to the center: changed by cases, counted for everybody there.

Due 应进 is what the center offers and no approval lets stay outside; the entry rate 进驻率 is the
share of it that has entered.  All figures come from the same rows, so they agree with one another.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, select, update

from jinzhu.core.ahead import Ahead
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Claim, Revision
from tenants.entry.models import NOT_ENTERED, STATES, Entry, EntryState, Mode
from tenants.procedure.models import Case, CaseState

#: What departments and items are counted by.
GROUPED_BY = {"department": "department_class", "item": "item_type"}
#: Parts of what has entered, and of what has not.
MODES = tuple(mode.value for mode in Mode)
UNDER_WAY = "under_way"
FIGURES = ("offered", *STATES, *MODES, UNDER_WAY)


def standing(subject_id: int) -> Entry | None:
    """Return how something stands to the own center now; None where it never entered."""
    center = current().tenant_id
    return None if center is None else standing_of(center, subject_id)


def standing_of(center_id: int, subject_id: int) -> Entry | None:
    """Return how something stands to a center within reach now."""
    return STANDS((center_id, subject_id))


def _standing(some: Collection[tuple[int, int]]) -> dict[tuple[int, int], Entry | None]:
    found = db.session.scalars(
        select(Entry).where(
            Entry.tenant_id.in_({center for center, _ in some}),
            Entry.subject_id.in_({subject for _, subject in some}),
            Entry.until.is_(None),
        )
    )
    return {**dict.fromkeys(some), **{(row.tenant_id, row.subject_id): row for row in found}}


#: By center and subject.
STANDS = Ahead(_standing)


def change(
    object_: str,
    subject_id: int,
    state: EntryState,
    *,
    mode: Mode | None = None,
    since: date | None = None,
    case_id: int | None = None,
    reason: str = "",
    approval: str = "",
    said: Mapping[str, Any] | None = None,
) -> Entry:
    """End the present state of something and begin the next, on the same day.

    `said` is what else is kept of the period.  A state that begins before the present one did
    takes its day.
    """
    entry = Entry(
        object=object_,
        subject_id=subject_id,
        state=state,
        mode=mode,
        since=since or today(),
        case_id=case_id,
        reason=reason,
        approval=approval,
        **(said or {}),
    )
    change_many([entry])
    return entry


def change_many(entries: Sequence[Entry]) -> None:
    """Begin new states, each of something else, as `change` does one."""
    center = current().tenant_id
    assert center is not None
    subjects = [(center, entry.subject_id) for entry in entries]
    STANDS.expect(subjects)
    ended: dict[date, list[int]] = defaultdict(list)
    for entry in entries:
        if (before := standing(entry.subject_id)) is not None:
            entry.since = max(entry.since, before.since)
            ended[entry.since].append(before.id)
    for day, ids in ended.items():
        own = (Entry.tenant_id == center, Entry.id.in_(ids))
        db.session.execute(update(Entry).where(*own).values(until=day))
    db.session.add_all(entries)
    db.session.flush()
    STANDS.forget(subjects)


def history(subject_id: int, *, center_id: int | None = None) -> list[Entry]:
    """Return all states of something at a center, the own one if none is named, newest first."""
    return list(
        db.session.scalars(
            select(Entry)
            .where(
                Entry.tenant_id == (center_id or current().tenant_id),
                Entry.subject_id == subject_id,
            )
            .order_by(Entry.since.desc(), Entry.id.desc())
        )
    )


def mode_of(center_id: int, department_code: str) -> Mode | None:
    """Return how a department is present at a center; None where it has not entered."""
    stands = DEPARTMENTS((center_id, department_code))
    return stands.mode if stands is not None and stands.state is EntryState.ENTERED else None


def _departments(some: Collection[tuple[int, str]]) -> dict[tuple[int, str], Entry | None]:
    model = models()["department"]
    statement = (
        in_force(model)
        .with_only_columns(Revision.code, Entry)
        .join(
            Entry, and_(Entry.tenant_id == model.tenant_id, Entry.subject_id == model.provision_id)
        )
        .where(
            model.tenant_id.in_({center for center, _ in some}),
            Revision.code.in_({code for _, code in some}),
            Entry.until.is_(None),
        )
    )
    found = {(entry.tenant_id, code): entry for code, entry in db.session.execute(statement)}
    return {**dict.fromkeys(some), **found}


#: How departments stand to centers, by center and code.
DEPARTMENTS = Ahead(_departments)


def items_of(department_codes: Collection[str], *condition: ColumnElement[bool]) -> Selection:
    """Select the present entries of departments' items at the own center, with their codes."""
    item = models()["item"]
    return (
        in_force(item)
        .join(Entry, and_(Entry.tenant_id == item.tenant_id, Entry.subject_id == item.provision_id))
        .where(
            item.tenant_id == current().tenant_id,
            Revision.department_code.in_(department_codes),
            Entry.until.is_(None),
            *condition,
        )
        .with_only_columns(Revision.department_code, Entry, maintain_column_froms=True)
    )


def entered_of(department_code: str) -> int:
    """Return how many items of a department have entered the own center."""
    here = Entry.state.in_([EntryState.ENTERED, EntryState.SUSPENDED])
    counted = items_of([department_code], here).with_only_columns(
        func.count(), maintain_column_froms=True
    )
    return db.session.scalar(counted) or 0


# What a center offers, and how it stands


def offered(kind: str, center_id: int) -> Selection:
    """Select what a center offers of a kind, with its present entry and the case in course."""
    model = models()[kind]
    statement = (
        in_force(model)
        .outerjoin(
            Entry,
            and_(
                Entry.tenant_id == model.tenant_id,
                Entry.subject_id == model.provision_id,
                Entry.until.is_(None),
            ),
        )
        .outerjoin(
            Case,
            and_(
                Case.tenant_id == model.tenant_id,
                Case.subject_id == model.provision_id,
                Case.state == CaseState.RUNNING,
            ),
        )
        .where(model.tenant_id == center_id, model.claim == Claim.OFFERED)
    )
    return of_post(statement)


def of_post(statement: Selection) -> Selection:
    """Keep a selection of revisions to the departments of the post."""
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def state() -> ColumnElement[str]:
    """Return how something stands, in the selection of `offered`."""
    return func.coalesce(cast(Entry.state, Text), NOT_ENTERED)


def group(kind: str) -> ColumnElement[str]:
    """Return the class of a department, as adjusted, or the type of an item; of what is offered."""
    if kind == "item":
        return Revision.item_type.expression
    adjusted = func.nullif(Entry.department_class, "")
    return func.coalesce(adjusted, Revision.content[GROUPED_BY[kind]].astext)


def group_label(kind: str, code: str | None) -> str:
    """Return the name of a class or type."""
    return say(f"choice.{GROUPED_BY[kind]}.{code}") if code else ""


def department(kind: str) -> ColumnElement[str]:
    """Return the code of the department that something belongs to, or is."""
    own = Revision.code if kind == "department" else Revision.department_code
    return own.expression


# The figures of a center


def rates(kind: str, center_id: int, *, by: str = "group") -> Row:
    """Return the entry rate of a center for a kind: by class, type or department, and in all."""
    grouping = department(kind) if by == "department" else group(kind)
    number = func.count()
    rows = db.session.execute(
        offered(kind, center_id)
        .with_only_columns(
            grouping.label("group"),
            number.label("offered"),
            *(number.filter(_counted(name)).label(name) for name in FIGURES[1:]),
            maintain_column_froms=True,
        )
        .group_by(grouping)
        .order_by(grouping)
    ).all()
    names = departments_around(center_id) if by == "department" else {}
    groups = [
        {**rated(dict(row._mapping)), "label": _label(kind, row.group, names)} for row in rows
    ]
    return {"groups": groups, "total": {**summed(groups), "group": None, "label": ""}}


def _label(kind: str, code: str, departments: Mapping[str, str]) -> str:
    """Return what a group is called: a department by its name, a class or type by its own."""
    return departments.get(code, code) if departments else group_label(kind, code)


def _counted(name: str) -> ColumnElement[bool]:
    """Return the condition under which something is counted in a figure."""
    if name in MODES:
        return and_(Entry.state == EntryState.ENTERED, cast(Entry.mode, Text) == name)
    if name == UNDER_WAY:
        return and_(Entry.id.is_(None), Case.id.is_not(None))
    return state() == name


def rated(row: Row) -> Row:
    """Add what is due and which share of it has entered; None where nothing is due."""
    due = row["offered"] - row[EntryState.EXCLUDED]
    rate = round(100 * row[EntryState.ENTERED] / due, 1) if due else None
    return {**row, "due": due, "rate": rate}


def summed(rows: Iterable[Row], figures: tuple[str, ...] = FIGURES) -> Row:
    """Return the sum of figures, with the rate of the whole."""
    kept = list(rows)
    return rated({name: sum(row[name] for row in kept) for name in figures})
