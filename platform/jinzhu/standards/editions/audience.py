"""Whom a provision concerns: by level, class of department, place and label.

Checked for many provisions at once, wherever they are written; told in words wherever they are
compared.  The same conditions decide in `claims.applies` for each center.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.hierarchy.models import Center
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.kinds.value_types import not_among
from jinzhu.standards.models import CenterLabel, Edition

#: What narrows further down whom a level would concern.
NARROWER = ("classes", "regions", "labels")
Applies = Mapping[str, Any]


def label(name: str) -> str:
    """Return the name of a condition in the reader's language."""
    return say(f"applies.{name}")


def words_of(given: Iterable[Applies]) -> dict[str, dict[Any, str]]:
    """Return the words for the classes, places and labels that are named."""
    listed = list(given)
    regions = {one for applies in listed for one in applies.get("regions", [])}
    classes = CHOICES["department_class"]
    return {
        "classes": {one: say(f"choice.department_class.{one}") for one in classes},
        "regions": _names(regions),
        "labels": {},
    }


def _names(regions: set[int]) -> dict[Any, str]:
    if not regions:
        return {}
    found = db.session.execute(select(Center.id, Center.name).where(Center.id.in_(regions)))
    return {row.id: row.name for row in found}


def known_labels() -> set[str]:
    """Return the labels that this center, or one above it, has put on any center."""
    return set(db.session.scalars(select(CenterLabel.label).distinct()))


def faults(edition: Edition, rows: Sequence[Mapping[str, Any]]) -> dict[int, list[Fault]]:
    """Return what is wrong with whom provisions concern, by their place in the list.

    A label that no center has, or a place that is not below the owner, would concern nobody.
    """
    regions = {one for row in rows for one in row["applies"].get("regions", [])}
    labels = {one for row in rows for one in row["applies"].get("labels", [])}
    strange = regions - _below(edition.owner_id, {one for one in regions if type(one) is int})
    unknown = labels - known_labels() if labels else set()
    found = {place: _told(row["applies"], strange, unknown) for place, row in enumerate(rows)}
    return {place: wrong for place, wrong in found.items() if wrong}


def _told(applies: Applies, strange: set[Any], unknown: set[str]) -> list[Fault]:
    """Name the classes, places and labels of a provision that there are not."""
    classes = CHOICES["department_class"]
    return [
        *(
            Fault("applies.classes", not_among("department_class"), one, "choice")
            for one in applies.get("classes", [])
            if one not in classes
        ),
        *(
            Fault("applies.regions", say("applies.no_region", value=one), one, "region")
            for one in applies.get("regions", [])
            if one in strange
        ),
        *(
            Fault("applies.labels", say("applies.no_label", value=one), one, "label")
            for one in applies.get("labels", [])
            if one in unknown
        ),
    ]


def _below(owner_id: int, regions: set[int]) -> set[int]:
    if not regions:
        return set()
    below = select(Center.id).where(Center.id.in_(regions), Center.path.contains([owner_id]))
    return set(db.session.scalars(below))


def size(owner_id: int, applies: Applies) -> int:
    """Return how many centers below the owner of a standard this concerns."""
    conditions: list[ColumnElement[bool]] = [
        Center.path.contains([owner_id]),
        Center.level.in_(applies["levels"]),
    ]
    if applies.get("regions"):
        places = array(applies["regions"], type_=Integer)
        conditions.append(Center.path.overlap(places))
    if applies.get("labels"):
        owner = aliased(Center)
        may_label = select(func.unnest(owner.path)).where(owner.id == owner_id)
        labelled = select(CenterLabel.id).where(
            CenterLabel.center_id == Center.id,
            CenterLabel.owner_id.in_(may_label),
            CenterLabel.label.in_(applies["labels"]),
        )
        conditions.append(labelled.exists())
    return db.session.scalar(select(func.count()).select_from(Center).where(*conditions)) or 0
