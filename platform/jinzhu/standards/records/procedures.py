"""The procedures in force at a center: those of every standard that reaches it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from jinzhu.core.db import db
from jinzhu.core.workflow import Procedure
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import amended, applies
from jinzhu.standards.kinds.value_checks import course
from jinzhu.standards.models import Adoption, EditionEntry, MergedEntry, Revision


@dataclass(frozen=True, slots=True)
class InForce:
    """A procedure as it stands at a center, and the edition it stands in."""

    revision: Revision
    edition_id: int

    @property
    def code(self) -> str:
        """Return the code of the provision."""
        return self.revision.code

    @property
    def steps(self) -> Procedure:
        """Return its steps."""
        return course(self.revision.content["steps"])


def in_force(center_id: int, object_: str, kind: str = "") -> list[InForce]:
    """Return the procedures for an object (department, item, staff) at a center."""
    standing = func.coalesce(MergedEntry.revision_id, EditionEntry.revision_id)
    statement = (
        select(Revision, Adoption.edition_id)
        .select_from(Adoption)
        .join(EditionEntry, EditionEntry.edition_id == Adoption.edition_id)
        .join(Center, Center.id == Adoption.tenant_id)
        .outerjoin(MergedEntry, amended())
        .join(Revision, Revision.id == standing)
        .where(
            Adoption.tenant_id == center_id,
            Revision.kind == "procedure",
            Revision.content["procedure_object"].astext == object_,
            applies(),
        )
        .order_by(Revision.code, Adoption.standard_id)
    )
    if kind:
        statement = statement.where(Revision.content["procedure_kind"].astext == kind)
    return [InForce(revision, edition) for revision, edition in db.session.execute(statement)]


def fitting(found: Sequence[InForce], subject: Revision, *, class_: str = "") -> list[InForce]:
    """Return those meant for a department's class or an item's type; else those meant for all.

    `class_` is the class that holds where it is another than the standard's.
    """
    field = "department_class" if subject.kind == "department" else "item_type"
    own = class_ or subject.content.get(field)
    meant = [one for one in found if own in one.revision.content.get(field, [])]
    return meant or [one for one in found if not one.revision.content.get(field)]
