"""Where a provision does not fit the others of its edition: department, main item, class.

In which order they are written is up to the office; so a fault is told at the provision and in the
list of the draft, and refused when the edition is handed in or published.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.departments import departments_around
from jinzhu.standards.editions import audience, editions, main_items
from jinzhu.standards.editions.amendment_checks import amended
from jinzhu.standards.models import DraftEntry, Edition, EditionState, Revision

#: What of its content binds a provision to others.
_BINDING = ("department_code", "main_code", "main_item")


def listed(edition: Edition, drafts: Sequence[Any]) -> list[Fault]:
    """Name what does not fit, of all that the edition would hold with the given drafts."""
    wrong = _orphans(edition, drafts)
    wrong += main_items.faults(edition, drafts)
    return wrong + audience.misplaced(edition, drafts)


def of_provision(edition: Edition, kind: str, code: str) -> list[Fault]:
    """Name what of one provision does not fit the edition in work that it stands in."""
    if edition.number is not None or edition.state is EditionState.APPROVED or not edition.changes:
        return []
    if amended(edition):
        return []
    place = f"{kind}.{code}."
    return [
        fault.at(fault.field.removeprefix(place))
        for fault in listed(edition, _light(edition))
        if fault.field.startswith(place)
    ]


def _light(edition: Edition) -> Sequence[Any]:
    """Return the changes of a draft with no more of them than binds them to others."""
    changed, _ = editions.drafted(edition)
    columns = [part for name in _BINDING for part in (name, DraftEntry.content[name])]
    content = func.jsonb_strip_nulls(func.jsonb_build_object(*columns)).label("content")
    named = (DraftEntry.kind, DraftEntry.code, DraftEntry.removed, DraftEntry.applies)
    return db.session.execute(changed.with_only_columns(*named, content)).all()


def _orphans(edition: Edition, drafts: Sequence[Any]) -> list[Fault]:
    """Name the items whose department is neither in the edition nor in a standard around it."""
    base = editions.entries_of(edition.base_id)
    standing = {
        (row.kind, row.code): row.department_code
        for row in db.session.execute(
            base.with_only_columns(Revision.kind, Revision.code, Revision.department_code)
        )
    }
    for draft in drafts:
        if draft.removed:
            standing.pop((draft.kind, draft.code), None)
        else:
            standing[draft.kind, draft.code] = draft.content.get("department_code", "")
    around = departments_around(edition.owner_id, without=edition.standard_id)
    return [
        Fault(
            f"item.{code}.content.department_code",
            say("publish.no_department", department=department),
            department,
            "reference",
        )
        for (kind, code), department in standing.items()
        if kind == "item"
        and ("department", department) not in standing
        and department not in around
    ]
