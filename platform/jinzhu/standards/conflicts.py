"""Conflicts: local values that a new edition no longer allows, and the center's answers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, case, column, func, select, text, update

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Conflict as NotPossible
from jinzhu.core.problems import Fault, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards import local_values
from jinzhu.standards.claims import departments_of_post, models, searched
from jinzhu.standards.kinds import KINDS, describe_field
from jinzhu.standards.models import (
    Adoption,
    Conflict,
    ConflictState,
    Edition,
    EditionEntry,
    Resolution,
    Revision,
)
from jinzhu.standards.parts import part_names

DESCRIBED = ("label", "type", "unit", "columns", "choices")


def _listed() -> Selection:
    """Select the conflicts a post may see, each with what the standard says now."""
    statement = (
        select(
            Conflict.id,
            Conflict.kind,
            Conflict.provision_id,
            Conflict.field,
            Conflict.rule,
            Conflict.local_value,
            Conflict.bound,
            Conflict.created_at.label("opened_at"),
            Conflict.state,
            Conflict.resolution,
            Conflict.settled_value,
            Conflict.reason,
            Conflict.settled_by,
            Conflict.settled_at,
            Conflict.edition_id,
            Edition.number.label("edition_number"),
            Revision.code,
            Revision.name,
            Revision.content[Conflict.field].label("standard_value"),
        )
        .join(Edition, Edition.id == Conflict.edition_id)
        .join(
            Adoption,
            and_(
                Adoption.tenant_id == Conflict.tenant_id,
                Adoption.standard_id == Edition.standard_id,
            ),
        )
        .join(
            EditionEntry,
            and_(
                # A settled one is shown under the edition it arose with, an open one under today's.
                EditionEntry.edition_id
                == case(
                    (Conflict.state == ConflictState.OPEN, Adoption.edition_id),
                    else_=Conflict.edition_id,
                ),
                EditionEntry.provision_id == Conflict.provision_id,
            ),
        )
        .join(Revision, Revision.id == EditionEntry.revision_id)
        .where(Conflict.tenant_id == current().tenant_id)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def page(query: dict[str, Any]) -> Row:
    """Return a page of conflicts."""
    statement = _listed()
    if query["state"]:
        statement = statement.where(Conflict.state == query["state"])
    if query["kind"]:
        statement = statement.where(Conflict.kind == query["kind"])
    if query["q"]:
        statement = statement.where(searched(query["q"]))
    found = page_of(
        statement,
        query,
        sortable={
            "name": Revision.name_key,
            "opened_at": Conflict.created_at,
            "settled_at": Conflict.settled_at,
            "field": Conflict.field,
        },
        default="name",
        last=[Conflict.id.asc()],
    )
    found["rows"] = _shaped(found["rows"])
    return found


def open_count() -> int:
    """Return how many conflicts wait for an answer of this post."""
    waiting = _listed().where(Conflict.state == ConflictState.OPEN).subquery()
    return int(db.session.scalar(select(func.count()).select_from(waiting)) or 0)


def _shaped(rows: list[Row]) -> list[Row]:
    """Add to each conflict its record here, the words of its field, and who settled it."""
    records_of = _record_ids(rows)
    people = names_of(row["settled_by"] for row in rows)
    parts = part_names((row["provision_id"], row["field"]) for row in rows)
    shaped = []
    for row in rows:
        kind = KINDS[row["kind"]]
        field = kind.field(row["field"])
        assert field is not None
        described = describe_field(kind, field)
        edition = {"id": row.pop("edition_id"), "number": row.pop("edition_number")}
        provision_id = row.pop("provision_id")
        shaped.append(
            {
                **row,
                **{name: described[name] for name in DESCRIBED},
                "part_names": parts.get((provision_id, row["field"]), {}),
                "record_id": records_of.get((row["kind"], provision_id)),
                "edition": edition,
                "settled_by": people.get(row["settled_by"]),
            }
        )
    return shaped


def _record_ids(rows: list[Row]) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for kind, model in models().items():
        wanted = [row["provision_id"] for row in rows if row["kind"] == kind]
        if wanted:
            pairs = select(model.provision_id, model.id).where(
                model.tenant_id == current().tenant_id, model.provision_id.in_(wanted)
            )
            found |= {(kind, row.provision_id): row.id for row in db.session.execute(pairs)}
    return found


def _row(conflict_id: int) -> Row:
    found = db.session.execute(_listed().where(Conflict.id == conflict_id)).one_or_none()
    if found is None:
        raise NotFound(id=conflict_id)
    return _shaped([dict(found._mapping)])[0]


def _open(conflict_id: int) -> Conflict:
    """Return an open conflict that the post may answer, locked."""
    _row(conflict_id)
    conflict = db.session.scalars(
        select(Conflict).where(Conflict.id == conflict_id).with_for_update()
    ).one()
    if conflict.state is not ConflictState.OPEN:
        raise NotPossible(say("conflict.settled_already"), state=conflict.state.value)
    return conflict


def settle(conflict_id: int, answer: dict[str, Any], *, may_write: Callable[[str], None]) -> Row:
    """Take the standard's value, or keep a value of our own that is inside the bound."""
    local_values.take_turn()
    standing = _row(conflict_id)
    if standing["state"] == ConflictState.SETTLED and standing["resolution"] == answer["take"]:
        return standing  # the same answer twice
    conflict = _open(conflict_id)
    may_write(conflict.kind)
    record_id = _record_ids([{"kind": conflict.kind, "provision_id": conflict.provision_id}])
    number = record_id[conflict.kind, conflict.provision_id]
    keep = answer["take"] == Resolution.KEEP
    reason = answer.get("reason", "").strip()
    if keep and not reason:
        raise Invalid(errors=[Fault("reason", say("conflict.reason_needed"), rule="required")])
    if keep and answer.get("value") in (None, ""):
        raise Invalid(errors=[Fault("value", say("conflict.value_needed"), rule="required")])
    value = answer["value"] if keep else None
    local_values.change(conflict.kind, number, {conflict.field: value}, version=lambda stored: None)
    conflict.reason = reason
    db.session.flush()
    return _row(conflict_id)


def take_standard(ids: list[int] | None, *, may_write: Callable[[str], None]) -> int:
    """Take the standard's values for many conflicts, or for all open ones; return how many."""
    local_values.take_turn()
    wanted = _listed().where(Conflict.state == ConflictState.OPEN)
    if ids is not None:
        wanted = wanted.where(Conflict.id.in_(ids))
    numbers = [row.id for row in db.session.execute(wanted)]
    for kind, model in models().items():
        chosen = (
            select(Conflict.provision_id, Conflict.field)
            .where(Conflict.id.in_(numbers), Conflict.kind == kind)
            .subquery()
        )
        if db.session.scalar(select(chosen.c.field).limit(1)) is None:
            continue
        may_write(kind)
        _drop_local(model, chosen)
    db.session.execute(
        update(Conflict)
        .where(Conflict.id.in_(numbers))
        .values(
            state=ConflictState.SETTLED,
            resolution=Resolution.STANDARD,
            settled_at=func.now(),
            settled_by=current().actor_id,
        )
        .execution_options(synchronize_session=False)
    )
    return len(numbers)


def _drop_local(model: Any, chosen: Any) -> None:
    """Remove the local values of these fields from their rows, in one statement."""
    fields = (
        select(chosen.c.provision_id, func.array_agg(chosen.c.field).label("fields"))
        .group_by(chosen.c.provision_id)
        .subquery()
    )
    rest = (
        select(func.coalesce(func.array_agg(column("name")), text("'{}'")))
        .select_from(func.unnest(model.held).alias("name"))
        .where(column("name") != func.all(fields.c.fields))
        .scalar_subquery()
    )
    statement = (
        update(model)
        .where(model.tenant_id == current().tenant_id, model.provision_id == fields.c.provision_id)
        .values(
            local=model.local.op("-")(fields.c.fields),
            set_under=model.set_under.op("-")(fields.c.fields),
            held=rest,
            version=model.version + 1,
            updated_at=func.now(),
            updated_by=current().actor_id,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(statement)
