"""The tables in which centers answer to provisions, and how each is joined to its standard.

    own row → adoption → edition entry → revision

One statement reads all of it; nothing is copied.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, func, select

from jinzhu.core.db import Base, Selection
from jinzhu.core.tenancy import current
from jinzhu.standards.models import Adoption, Claimed, EditionEntry, Revision


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


def effective(model: Any, field: str) -> ColumnElement[Any]:
    """Return the value that a center shows: its own, unless it has none or it is held back."""
    mine = and_(model.local.has_key(field), func.array_position(model.held, field).is_(None))
    return case((mine, model.local[field]), else_=Revision.content[field])


def number(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a JSON number as one to order and compare by."""
    return cast(value, Numeric)


def missing(model: Any) -> ColumnElement[int]:
    """Return how many required local fields are empty."""
    return func.app.missing(Revision.required_fields, model.local, type_=None)


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
        .join(Revision, Revision.id == EditionEntry.revision_id)
    )


def departments_of_post() -> ColumnElement[bool] | None:
    """Return the condition that keeps a post to its departments; None where it sees them all."""
    codes = current().departments
    if codes is None:
        return None
    return _department().in_(codes)


def _department() -> ColumnElement[str]:
    """Return the code of the department that a revision belongs to, or is."""
    return case((Revision.kind == "department", Revision.code), else_=Revision.department_code)


def searched(word: str) -> ColumnElement[bool]:
    """Return the condition for a word: part of a name, start of a code, or pinyin initials."""
    word = word.strip()
    found = Revision.name.icontains(word, autoescape=True) | Revision.code.istartswith(
        word, autoescape=True
    )
    if word.isascii() and word.isalpha():
        found = found | Revision.name_initials.contains(word.lower(), autoescape=True)
    return found


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
        statement = statement.where(_department().in_(given["own_departments"]))
    if "item_type" in given:
        statement = statement.where(Revision.item_type == given["item_type"])
    if "department" in given:
        statement = statement.where(Revision.department_code == given["department"])
    if "q" in given:
        statement = statement.where(searched(given["q"]))
    return statement
