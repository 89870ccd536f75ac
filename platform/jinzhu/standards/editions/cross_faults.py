"""Where a provision does not fit the others of its edition: department, main item, class.

In which order they are written is up to the office; so a fault is told at the provision and in the
list of the draft, and refused when the edition is handed in or published.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import case, func, select

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.departments import departments_around
from jinzhu.standards.editions import changes, editions, main_items
from jinzhu.standards.editions.amendment_checks import amended
from jinzhu.standards.editions.changes import Change
from jinzhu.standards.models import DraftEntry, Edition, EditionState, Revision


def listed(edition: Edition, drafts: Sequence[Change]) -> list[Fault]:
    """Name what does not fit, of all that the edition would hold with the given drafts."""
    wrong = _orphans(edition, drafts)
    wrong += main_items.faults(edition, drafts)
    return wrong + _misplaced(edition, drafts)


def of_provision(edition: Edition, kind: str, code: str) -> list[Fault]:
    """Name what of one provision does not fit the edition in work that it stands in."""
    if edition.number is not None or edition.state is EditionState.APPROVED or not edition.changes:
        return []
    if amended(edition):
        return []
    place = f"{kind}.{code}."
    return [
        fault.at(fault.field.removeprefix(place))
        for fault in listed(edition, changes.of(edition))
        if fault.field.startswith(place)
    ]


def _orphans(edition: Edition, drafts: Sequence[Change]) -> list[Fault]:
    """Name the items whose department is neither in the edition nor in a standard around it."""
    below = _below(edition)
    known = _departments(below["department"], drafts)
    known |= set(departments_around(edition.owner_id, without=edition.standard_id))
    said = [draft for draft in drafts if draft.kind == "item"]
    touched = {one.code for one in said}
    items = {(one.code, one.department_code) for one in said if not one.removed}
    for department in below["item"].keys() - known:
        kept = set(below["item"][department]) - touched
        items |= {(code, department) for code in kept}
    return [
        Fault(
            f"item.{code}.content.department_code",
            say("publish.no_department", department=department),
            department,
            "reference",
        )
        for code, department in sorted(items)
        if department not in known
    ]


def _below(edition: Edition) -> dict[str, dict[str, list[str]]]:
    """Return the codes of departments, and of items, of the edition below by their department."""
    own = case((Revision.kind == "department", Revision.code), else_=Revision.department_code)
    rows = db.session.execute(
        editions.entries_of(edition.base_id)
        .with_only_columns(Revision.kind, own.label("department"), func.array_agg(Revision.code))
        .where(Revision.kind.in_(("department", "item")))
        .group_by(Revision.kind, own)
    )
    found: dict[str, dict[str, list[str]]] = {"department": {}, "item": {}}
    for kind, department, codes in rows:
        found[kind][department] = list(codes)
    return found


def _departments(below: Iterable[str], drafts: Sequence[Change]) -> set[str]:
    """Return the codes of the departments that the edition would hold."""
    said = [draft for draft in drafts if draft.kind == "department"]
    kept = set(below) - {draft.code for draft in said if draft.removed}
    return kept | {draft.code for draft in said if not draft.removed}


def _misplaced(edition: Edition, drafts: Iterable[Change]) -> list[Fault]:
    """Name the provisions whose department is of none of the classes they are meant for."""
    narrowed = [one for one in drafts if not one.removed and one.applies.get("classes")]
    narrowed = [one for one in narrowed if one.kind in _DEPARTMENT_OF]
    if not narrowed:
        return []
    classes = _classes(edition)
    return [
        Fault(
            f"{one.kind}.{one.code}.applies.classes",
            say("applies.other_class", department=_DEPARTMENT_OF[one.kind](one)),
            one.applies["classes"],
            "class",
        )
        for one in narrowed
        if classes.get(_DEPARTMENT_OF[one.kind](one)) not in one.applies["classes"]
    ]


#: Of the kinds that belong to a department, or are one: its code.
_DEPARTMENT_OF: dict[str, Callable[[Change], str]] = {
    "item": lambda change: change.department_code,
    "department": lambda change: change.code,
}


def _classes(edition: Edition) -> dict[str, str]:
    """Return the class of each department of an edition that is being written."""
    base = editions.entries_of(edition.base_id).with_only_columns(
        Revision.code, Revision.content["department_class"].astext
    )
    own = select(DraftEntry.code, DraftEntry.content["department_class"].astext).where(
        DraftEntry.edition_id == edition.id, DraftEntry.kind == "department", ~DraftEntry.removed
    )
    found = [
        *db.session.execute(base.where(Revision.kind == "department")),
        *db.session.execute(own),
    ]
    return {code: department_class for code, department_class in found}  # noqa: C416  (rows)
