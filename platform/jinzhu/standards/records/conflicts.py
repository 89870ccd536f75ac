"""Conflicts: local values that the standard in force does not allow, and the center's answers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, insert, literal, select, tuple_, update

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Conflict as NotPossible
from jinzhu.core.problems import Fault, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import models
from jinzhu.standards.kinds import KINDS, describe_field
from jinzhu.standards.models import Resolution, Settlement
from jinzhu.standards.parts import part_names
from jinzhu.standards.records import local_values
from jinzhu.standards.records.conflict_rows import OPEN, SETTLED, listed, open_ones, settled_ones

DESCRIBED = ("label", "type", "unit", "columns", "choices")


def page(query: dict[str, Any]) -> Row:
    """Return a page of conflicts."""
    kinds = [query["kind"]] if query["kind"] in models() else list(models())
    shown = listed(query["state"], kinds, query["q"]).c
    found = page_of(
        select(*(column for column in shown if column.key != "name_key")),
        query,
        sortable={
            "name": shown.name_key,
            "opened_at": shown.opened_at,
            "settled_at": shown.settled_at,
            "field": shown.field,
        },
        default="name",
        last=[shown.kind.asc(), shown.id.asc(), shown.field.asc()],
    )
    found["rows"] = _shaped(found["rows"])
    return found


def open_count() -> int:
    """Return how many conflicts wait for an answer of this post."""
    waiting = listed(OPEN, list(models()))
    return int(db.session.scalar(select(func.count()).select_from(waiting)) or 0)


def _shaped(rows: list[Row]) -> list[Row]:
    """Add to each conflict the words of its field, and who settled it."""
    people = names_of(row["settled_by"] for row in rows)
    parts = part_names((row["provision_id"], row["field"]) for row in rows)
    shaped = []
    for row in rows:
        kind = KINDS[row["kind"]]
        field = kind.field(row["field"])
        described = describe_field(kind, field) if field else _forgotten(row["field"])
        edition = {"id": row.pop("edition_id"), "number": row.pop("edition_number")}
        provision_id, _ = row.pop("provision_id"), row.pop("standard_id")
        shaped.append(
            {
                **row,
                **{name: described[name] for name in DESCRIBED},
                "part_names": parts.get((provision_id, row["field"]), {}),
                "edition": edition,
                "settled_by": people.get(row["settled_by"]),
            }
        )
    return shaped


def _forgotten(name: str) -> Row:
    """Describe a field that the kind no longer has."""
    return {"label": name, "type": "text", "unit": "", "columns": None, "choices": None}


def _parsed(conflict_id: str) -> tuple[str, int, str]:
    """Return kind, record and field from the address of a conflict."""
    kind, _, rest = conflict_id.partition("-")
    record, _, field = rest.partition("-")
    if kind not in models() or not record.isdecimal() or len(record) > 18:
        raise NotFound(id=conflict_id)
    return kind, int(record), field


def _standing(conflict_id: str) -> Row | None:
    """Return an open conflict that the post may see."""
    kind, record, field = _parsed(conflict_id)
    statement = open_ones(kind).where(models()[kind].id == record)
    found = [row._mapping for row in db.session.execute(statement) if row.field == field]
    return dict(found[0]) if found else None


def _answered(conflict_id: str) -> Row:
    """Return the newest answer to a conflict that is no more."""
    kind, record, field = _parsed(conflict_id)
    statement = (
        settled_ones(kind)
        .where(models()[kind].id == record, Settlement.field == field)
        .order_by(Settlement.id.desc())
        .limit(1)
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound(id=conflict_id)
    return {name: value for name, value in found._mapping.items() if name != "name_key"}


def settle(conflict_id: str, answer: dict[str, Any], *, may_write: Callable[[str], None]) -> Row:
    """Take the standard's value, or keep a value of our own that is inside the bound."""
    local_values.take_turn()
    standing = _standing(conflict_id)
    if standing is None:
        given = _answered(conflict_id)
        if given["resolution"] != answer["take"]:
            raise NotPossible(say("conflict.settled_already"), state=SETTLED)
        return _shaped([given])[0]  # the same answer twice
    may_write(standing["kind"])
    keep = answer["take"] == Resolution.KEEP
    reason = answer.get("reason", "").strip()
    if keep and not reason:
        raise Invalid(errors=[Fault("reason", say("conflict.reason_needed"), rule="required")])
    if keep and answer.get("value") in (None, "", {}):
        raise Invalid(errors=[Fault("value", say("conflict.value_needed"), rule="required")])
    value = answer["value"] if keep else None
    local_values.change(
        standing["kind"],
        standing["record_id"],
        {standing["field"]: value},
        version=lambda stored: None,
        reason=reason,
    )
    return _shaped([_answered(conflict_id)])[0]


def take_standard(ids: list[str] | None, *, may_write: Callable[[str], None]) -> int:
    """Take the standard's values for many conflicts, or for all open ones; return how many."""
    local_values.take_turn()
    settled = 0
    for kind, model in models().items():
        wanted = open_ones(kind)
        if ids is not None:
            keys = [_parsed(one) for one in ids]
            mine = [(record, field) for of, record, field in keys if of == kind]
            wanted = _only(wanted, mine) if mine else wanted.where(literal(False))
        chosen = wanted.subquery("chosen")
        count = db.session.scalar(select(func.count()).select_from(chosen)) or 0
        if not count:
            continue
        may_write(kind)
        _keep_answers(chosen)
        _drop_local(model, chosen)
        settled += count
    return settled


def _only(statement: Selection, keys: list[tuple[int, str]]) -> Selection:
    """Narrow open conflicts to some records and fields."""
    inner = statement.subquery("listed")
    return select(inner).where(tuple_(inner.c.record_id, inner.c.field).in_(keys))


def _keep_answers(chosen: Any) -> None:
    """Keep the answers to many conflicts, in one statement."""
    names = ("standard_id", "provision_id", "kind", "field", "rule", "local_value", "bound")
    columns = [chosen.c[name] for name in (*names, "edition_id", "opened_at")]
    source = select(*columns, literal(Resolution.STANDARD.value))
    db.session.execute(
        insert(Settlement).from_select(
            [*names, "edition_id", "opened_at", "resolution"], source, include_defaults=False
        )
    )


def _drop_local(model: Any, chosen: Any) -> None:
    """Remove the local values of these fields from their rows, in one statement."""
    fields = (
        select(chosen.c.record_id, func.array_agg(chosen.c.field).label("fields"))
        .group_by(chosen.c.record_id)
        .subquery()
    )
    statement = (
        update(model)
        .where(model.tenant_id == current().tenant_id, model.id == fields.c.record_id)
        .values(
            local=model.local.op("-")(fields.c.fields),
            set_under=model.set_under.op("-")(fields.c.fields),
            version=model.version + 1,
            updated_at=func.now(),
            updated_by=current().actor_id,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(statement)
    db.session.expire_all()
