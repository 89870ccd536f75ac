"""The tables in which centers answer to provisions, and how each is joined to its standard.

    own row → adoption → edition entry (or the city's amended one, or what is pinned) → revision

One statement reads all of it; nothing is copied.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Numeric,
    Text,
    and_,
    case,
    cast,
    func,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import InstrumentedAttribute, aliased

from jinzhu.core.db import Base, Selection, db
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import words
from jinzhu.standards.models import (
    Adoption,
    CenterLabel,
    Claim,
    Claimed,
    Collision,
    EditionEntry,
    MergedEntry,
    Provision,
    Revision,
    Standard,
)

#: The revision that stands for an entry `e` of an edition, with the city's amended one `m` on top;
#: for why it is no coalesce() see `first_of`.
STANDING = "CASE WHEN m.revision_id IS NOT NULL THEN m.revision_id ELSE e.revision_id END"


@cache
def models() -> dict[str, Any]:
    """Return the model of each kind of provision that centers claim."""
    found: list[Any] = [
        mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Claimed)
    ]
    by_kind = {model.__table__.info["kind"]: model for model in found}
    return dict(sorted(by_kind.items()))


def tables() -> dict[str, str]:
    """Return the table of each kind of provision that centers claim."""
    return {kind: model.__tablename__ for kind, model in models().items()}


def breaks(model: Any, field: str) -> ColumnElement[bool]:
    """Return whether the local value of a field is in conflict with the standard in force."""
    return func.app.breaks(Revision.bounds[field], model.local[field], type_=Boolean)


def effective(model: Any, field: str) -> ColumnElement[Any]:
    """Return the value that a center shows, as `app.effective` has it in the whole record.

    Its own, unless it has none or one in conflict; what it changes of a list, in the list.
    """
    local, standard = model.local[field], Revision.content[field]
    changed = func.app.patched(standard, local, type_=JSONB)
    is_changes = func.jsonb_typeof(local) == "object"
    return case((not_(holds(model, field)), standard), (is_changes, changed), else_=local)


def holds(model: Any, field: str) -> ColumnElement[bool]:
    """Return whether a center says something of its own that the standard in force allows."""
    return and_(model.local.has_key(field), not_(breaks(model, field)))


def broken(model: Any) -> ColumnElement[Any]:
    """Return the fields whose local value is in conflict; none where the item is not offered."""
    fields = func.app.broken(Revision.bounds, model.local, type_=ARRAY(Text))
    return case((model.claim == Claim.OFFERED, fields), else_=text("'{}'::text[]"))


def number(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a JSON number as one to order and compare by."""
    return cast(value, Numeric)


def missing(model: Any) -> ColumnElement[int]:
    """Return how many required local fields are empty."""
    return func.app.missing(Revision.required_fields, model.local, type_=None)


def lacking(model: Any) -> ColumnElement[Any]:
    """Return which required local fields are empty."""
    field = func.unnest(Revision.required_fields).column_valued("field")
    empty = select(field).where(not_(model.local.has_key(field))).correlate(model, Revision)
    return func.array(empty.scalar_subquery(), type_=ARRAY(Text))


def in_force(model: Any) -> Selection:
    """Select own rows with the revision in force for each."""
    return (
        select(model)
        .join(
            Adoption,
            and_(Adoption.tenant_id == model.tenant_id, Adoption.standard_id == model.standard_id),
        )
        .join(
            EditionEntry,
            and_(
                EditionEntry.edition_id == Adoption.edition_id,
                EditionEntry.provision_id == model.provision_id,
            ),
        )
        .outerjoin(MergedEntry, amended())
        .join(Revision, Revision.id == standing(model))
    )


def amended() -> ColumnElement[bool]:
    """Return the condition that finds what the city's amendment makes of an edition's entry."""
    return and_(
        MergedEntry.merged_id == Adoption.merged_id,
        MergedEntry.provision_id == EditionEntry.provision_id,
    )


def standing(model: Any) -> ColumnElement[int]:
    """Return the revision in force: what is pinned, else amended, else the edition's own."""
    return first_of(model.pinned_revision_id, MergedEntry.revision_id, EditionEntry.revision_id)


def first_of(*revisions: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """Return the first revision that there is, in a form by which its key can be looked up.

    Not coalesce(): PostgreSQL does not count it among what tells nothing of hidden rows, so that
    under row security it would be compared with every revision instead.
    """
    *before, last = revisions
    return case(*((one.is_not(None), one) for one in before), else_=last)


def concerns() -> ColumnElement[bool]:
    """Return whether a revision is meant for a center: by level, place and label."""
    labelled = (
        select(CenterLabel.id)
        .where(
            CenterLabel.center_id == Center.id,
            CenterLabel.label == func.any(Revision.labels),
            CenterLabel.owner_id.in_(_may_label()),
        )
        .correlate(Center, Revision)
    )
    return and_(
        Center.level == func.any(Revision.levels),
        or_(func.cardinality(Revision.regions) == 0, Revision.regions.op("&&")(Center.path)),
        or_(func.cardinality(Revision.labels) == 0, labelled.exists()),
    )


def _may_label() -> Selection:
    """Select whose labels decide whom a revision binds: its standard's owner, and those above it.

    A city that labels its counties its own way does not decide whom the province meant.
    """
    owner = aliased(Center)
    return (
        select(func.unnest(owner.path))
        .select_from(Provision)
        .join(Standard, Standard.id == Provision.standard_id)
        .join(owner, owner.id == Standard.owner_id)
        .where(Provision.id == Revision.provision_id)
        .correlate(Revision)
    )


def applies() -> ColumnElement[bool]:
    """Return whether a revision binds a center: it is meant for it, and does not yield there.

    A provision yields where two standards say something of the same thing, their owners have
    settled that the other one governs, and the other one reaches the center.
    """
    settled = (
        select(Collision.id)
        .where(Collision.yielding_id == Revision.provision_id)
        .correlate(Revision)
    )
    # The first question costs nothing and is nearly always enough.
    return and_(
        concerns(),
        or_(~settled.exists(), func.app.governing(Revision.provision_id, Center.id).is_(None)),
    )


def governed_by(model: Any) -> ColumnElement[str | None]:
    """Return the standard that governs at the center instead of the one of its row, if one does."""
    settled = select(Collision.id).where(Collision.yielding_id == model.provision_id)
    name = (
        select(Standard.name)
        .join(Provision, Provision.standard_id == Standard.id)
        .where(Provision.id == func.app.governing(model.provision_id, model.tenant_id))
        .correlate(model)
        .scalar_subquery()
    )
    return case((settled.correlate(model).exists(), name), else_=None)


def governing(provision_id: int, center_id: int) -> dict[str, Any] | None:
    """Return the provision and the standard that govern at a center instead of a provision."""
    row = db.session.execute(
        select(Provision.id, Standard.name, Standard.id.label("standard_id"))
        .join(Standard, Standard.id == Provision.standard_id)
        .where(Provision.id == func.app.governing(provision_id, center_id))
    ).one_or_none()
    if row is None:
        return None
    return {"provision_id": row.id, "standard_id": row.standard_id, "standard": row.name}


def departments_of_post() -> ColumnElement[bool] | None:
    """Return the condition that keeps a post to its departments; None where it sees them all."""
    codes = current().departments
    if codes is None:
        return None
    return _of_departments(codes)


def _of_departments(codes: Any) -> ColumnElement[bool]:
    """Return whether a revision is one of these departments, or belongs to one.

    Not one column chosen by a CASE: PostgreSQL takes any such value for rare, begins with the
    revisions and looks through everything in force for each of them.
    """
    return or_(
        and_(Revision.kind == "department", Revision.code.in_(codes)),
        and_(Revision.kind != "department", Revision.department_code.in_(codes)),
    )


def searched(typed: str | words.Shape) -> ColumnElement[bool]:
    """Return the condition for what was typed: words in Chinese or pinyin, or start of a code."""
    return words.found(typed) if isinstance(typed, str) else words.found_as(typed)


def narrowed(statement: Selection, query: dict[str, Any]) -> Selection:
    """Apply the filters that every list of items or departments has."""
    return filtered(statement, filters(query))


def filters(query: dict[str, Any]) -> dict[str, Any]:
    """Return what a list is narrowed by: what was asked for, and the departments of the post."""
    given = {name: query[name] for name in ("item_type", "department", "q") if query.get(name)}
    own = current().departments
    return given if own is None else {**given, "own_departments": own}


def filtered(statement: Selection, given: Mapping[str, Any]) -> Selection:
    """Apply filters, each with a value or a parameter that stands for one."""
    if "own_departments" in given:
        statement = statement.where(_of_departments(given["own_departments"]))
    if "item_type" in given:
        statement = statement.where(Revision.item_type == given["item_type"])
    if "department" in given:
        statement = statement.where(Revision.department_code == given["department"])
    if "q" in given:
        statement = statement.where(searched(given["q"]))
    return statement
