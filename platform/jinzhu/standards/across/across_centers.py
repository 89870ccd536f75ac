"""The centers below, one by one, with what each does in one field of a provision."""

from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, false, literal, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import invalid
from jinzhu.hierarchy.models import Center
from jinzhu.standards.across.across import Reference, cases, reference
from jinzhu.standards.across.across_spread import MEASURED, Fences, fences, held, stands_out
from jinzhu.standards.claims import breaks, effective, holds, in_force, models, number
from jinzhu.standards.kinds import KINDS, NUMBERS, Field, Type
from jinzhu.standards.models import Adoption, Claim, Edition, EditionEntry, MergedEntry, Revision

STATES = ("", "differs", "outlier", "empty")


def page(kind: str, provision_id: int, query: dict[str, Any]) -> Row:
    """Return a page of the centers that offer something, with what each does in one field."""
    found = reference(kind, provision_id, parent=query["parent"])
    field = _chosen(found, query["field"])
    limits = fences(field, held(field, cases(found, [field])))
    model = models()[kind]
    value = _value(model, field)
    statement = _narrowed(_rows(found, field, value), query, found, field, value, limits)
    ordered = number(value) if field.type in NUMBERS else cast(value, Text)
    standard = found.revision.content.get(field.name)

    def shape(row: Row) -> Row:
        return _shape(row, standard, limits)

    answer = page_of(
        statement,
        query,
        sortable={
            "code": Center.code,
            "name": Center.name_key,
            "edition": Edition.number,
            "value": ordered,
        },
        default="code",
        last=[Center.id.asc()],
        shape=shape,
    )
    return {**answer, "field": field.name}


def _value(model: Any, field: Field) -> ColumnElement[Any]:
    """Return what is shown of a field: the value that holds, of a list what is changed of it."""
    if field.type is not Type.PARTS:
        return effective(model, field.name)
    above = Revision.content[field.name]
    return case((holds(model, field.name), model.local[field.name]), else_=above)


def _chosen(found: Reference, name: str) -> Field:
    """Return the field that is looked at: the one asked for, or the first number there is."""
    listed = found.compared()
    if name:
        field = next((one for one in listed if one.name == name), None)
        if field is None:
            allowed = "、".join(KINDS[found.kind].label(one.name) for one in listed)
            raise invalid("field", "across.field", value=name, rule="field", allowed=allowed)
        return field
    measured = [one for one in listed if one.type in MEASURED]
    return (measured or listed)[0]


def _rows(found: Reference, field: Field, value: ColumnElement[Any]) -> Selection:
    model = models()[found.kind]
    city, base = aliased(Center), aliased(Revision)
    here = holds(model, field.name)
    above, stated = Revision.content[field.name], base.content[field.name]
    return (
        in_force(model)
        .join(Center, Center.id == model.tenant_id)
        .join(Edition, Edition.id == Adoption.edition_id)
        .join(base, base.id == EditionEntry.revision_id)
        .outerjoin(city, city.id == Center.parent_id)
        .with_only_columns(
            Center.id,
            Center.code,
            Center.name,
            Center.level,
            city.id.label("city_id"),
            city.name.label("city_name"),
            Edition.number.label("edition"),
            value.label("value"),
            above.label("above"),
            case(
                (here, literal("here")),
                (above.is_not_distinct_from(stated), literal("standard")),
                (model.pinned_revision_id.is_not(None), literal("pinned")),
                (MergedEntry.revision_id.is_not(None), literal("amendment")),
                else_=literal("standard"),
            ).label("set_by"),
            model.set_under[field.name]["at"].astext.label("set_at"),
            breaks(model, field.name).label("breaks"),
        )
        .where(
            model.provision_id == found.revision.provision_id,
            model.claim == Claim.OFFERED,
            Center.path.contains([found.top.id]),
        )
    )


def _narrowed(
    statement: Selection,
    query: dict[str, Any],
    found: Reference,
    field: Field,
    value: ColumnElement[Any],
    limits: Fences,
) -> Selection:
    """Apply the filters of the list: a word, a state, a range of numbers, a value, a part."""
    model = models()[found.kind]
    if query["q"]:
        word = query["q"].strip()
        statement = statement.where(
            Center.name.icontains(word, autoescape=True)
            | Center.code.startswith(word, autoescape=True)
        )
    if query["state"]:
        statement = statement.where(_in_state(query["state"], found, field, value, limits))
    if query["value"] is not None:
        given = cast(literal(query["value"], JSONB), JSONB)
        statement = statement.where(
            value.op("@>")(given) if field.type is Type.CHOICES else value == given
        )
    if query["dropped"]:
        statement = statement.where(model.local[field.name]["drop"].has_key(query["dropped"]))
    if field.type in MEASURED:
        for name, bound in (("at_least", number(value).__ge__), ("at_most", number(value).__le__)):
            if query[name] is not None:
                statement = statement.where(bound(query[name]))
    return statement


def _in_state(
    state: str, found: Reference, field: Field, value: ColumnElement[Any], limits: Fences
) -> ColumnElement[bool]:
    if state == "empty":
        return value.is_(None)
    if state == "outlier":
        return _outlier(field, value, limits)
    model = models()[found.kind]
    stated = found.revision.content.get(field.name)
    if field.type is Type.PARTS:  # its value here is what the center changes in the list
        value = effective(model, field.name)
    if stated is None:
        return value.is_not(None)
    return value != cast(literal(stated, JSONB), JSONB)


def _outlier(field: Field, value: ColumnElement[Any], limits: Fences) -> ColumnElement[bool]:
    if limits.low is not None:
        return or_(number(value) < limits.low, number(value) > limits.high)
    alone = [cast(literal(one, JSONB), JSONB) for one in limits.alone]
    return value.in_(alone) if alone else false()


def _shape(row: Row, standard: Any, limits: Fences) -> Row:
    center = ("id", "code", "name", "level", "city_id", "city_name")
    value = row["value"]
    return {
        "center": {name: row[name] for name in center},
        "edition": row["edition"],
        "value": value,
        "above": row["above"],
        "standard": standard,
        "set_by": row["set_by"],
        "set_at": row["set_at"] if row["set_by"] == "here" else None,
        "conflict": bool(row["breaks"]),
        "outlier": value is not None and stands_out(value, limits),
    }
