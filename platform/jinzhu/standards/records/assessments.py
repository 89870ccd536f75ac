"""The assessments in force at a center that a department is evaluated by."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import amended, applies
from jinzhu.standards.models import (
    Adoption,
    Edition,
    EditionEntry,
    MergedEntry,
    Nature,
    Revision,
    Standard,
)

#: What is evaluated of a department: itself, its windows, its people; not the center.
OF_DEPARTMENTS = ("department", "window", "window_head", "window_staff")
#: What a reader sees of each part.
COLUMNS = {
    "indicators": ("code", "name", "weight", "scoring", "source", "note"),
    "shares": ("code", "name", "weight"),
    "honours": ("code", "name", "quota", "condition"),
}


def of_department(center_id: int, *, code: str, class_: str) -> list[Row]:
    """Return what a department of a class is evaluated by, under the standards in force.

    A line's own standard concerns the departments of that line; an assessment that names classes
    concerns these, one that names none concerns all.
    """
    standing = func.coalesce(MergedEntry.revision_id, EditionEntry.revision_id)
    found = db.session.execute(
        select(Revision, Standard.name, Edition.number)
        .select_from(Adoption)
        .join(EditionEntry, EditionEntry.edition_id == Adoption.edition_id)
        .join(Edition, Edition.id == Adoption.edition_id)
        .join(Standard, Standard.id == Adoption.standard_id)
        .join(Center, Center.id == Adoption.tenant_id)
        .outerjoin(MergedEntry, amended())
        .join(Revision, Revision.id == standing)
        .where(
            Adoption.tenant_id == center_id,
            Revision.kind == "assessment",
            Revision.content["assessed"].astext.in_(OF_DEPARTMENTS),
            or_(Standard.nature != Nature.LINE, Standard.line == code),
            applies(),
        )
        .order_by(Standard.id, Revision.code)
    ).all()
    return [
        _shown(revision.content, standard, number)
        for revision, standard, number in found
        if not (classes := revision.content.get("department_class")) or class_ in classes
    ]


def _shown(content: dict[str, Any], standard: str, number: int | None) -> Row:
    return {
        "code": content["code"],
        "name": content["name"],
        "assessed_label": say(f"choice.assessed.{content['assessed']}"),
        "period_label": say(f"choice.period.{content['period']}"),
        "base_score": content.get("base_score"),
        "max_score": content.get("max_score"),
        **{name: _parts(content.get(name), columns) for name, columns in COLUMNS.items()},
        "source": content.get("source") or "",
        "standard": standard,
        "edition_number": number,
    }


def _parts(parts: Any, columns: Sequence[str]) -> list[Row]:
    return [{name: part.get(name) for name in columns} for part in parts or []]
