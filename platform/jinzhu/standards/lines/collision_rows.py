"""Collisions as a list: the two provisions, what each side has said, and how it stands."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.hierarchy.models import Center
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds import KINDS, describe_field
from jinzhu.standards.models import (
    Adoption,
    Collision,
    Edition,
    EditionEntry,
    EditionState,
    Nature,
    Provision,
    Revision,
    Standard,
)

#: Open: somebody has still to choose.  Differing: both have, and not alike.  Ended: one of the two
#: no longer stands in its standard.
STATES = ("open", "differing", "settled", "ended")
SIDES = ("first", "second")


class _Side:
    """The tables of one of the two provisions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.provision, self.standard = aliased(Provision), aliased(Standard)
        self.owner, self.revision = aliased(Center), aliased(Revision)
        newest = aliased(Edition)
        self.provision_id: Any = getattr(Collision, f"{name}_id")
        self.says: Any = getattr(Collision, f"{name}_says")
        #: The edition that the standard now stands in, and the provision's revision there.
        self.edition_id = (
            select(newest.id)
            .where(newest.standard_id == self.standard.id, newest.state == EditionState.PUBLISHED)
            .order_by(newest.number.desc())
            .limit(1)
            .correlate(self.standard)
            .scalar_subquery()
        )

    def join(self, statement: Selection) -> Selection:
        """Add this side to the statement; a provision that is gone shows its last content."""
        last = (
            select(func.max(Revision.id))
            .where(Revision.provision_id == self.provision_id, Revision.layers.is_(None))
            .correlate(Collision)
            .scalar_subquery()
        )
        standard_id = getattr(Collision, f"{self.name}_standard_id")
        return (
            statement.join(self.provision, self.provision.id == self.provision_id)
            .join(self.standard, self.standard.id == standard_id)
            .join(self.owner, self.owner.id == self.standard.owner_id)
            .join(self.revision, self.revision.id == last)
        )

    @property
    def stands(self) -> ColumnElement[bool]:
        """Return whether the provision is in the newest edition of its standard."""
        return (
            select(EditionEntry.provision_id)
            .where(
                EditionEntry.edition_id == self.edition_id,
                EditionEntry.provision_id == self.provision_id,
            )
            .correlate(Collision, self.standard)
            .exists()
        )

    @property
    def mine(self) -> ColumnElement[bool]:
        """Return whether the present post answers for this side."""
        scope = current()
        if scope.departments is None:
            answers = self.standard.nature != Nature.LINE
        else:
            answers = and_(
                self.standard.nature == Nature.LINE, self.standard.line.in_(scope.departments)
            )
        return and_(self.standard.owner_id == scope.tenant_id, answers)

    def columns(self) -> list[Any]:
        """Return what is shown of this side."""
        name = self.name
        return [
            self.provision_id.label(f"{name}_provision_id"),
            self.revision.name.label(f"{name}_name"),
            self.revision.code.label(f"{name}_code"),
            self.revision.department_code.label(f"{name}_department"),
            self.standard.id.label(f"{name}_standard_id"),
            self.standard.name.label(f"{name}_standard"),
            self.standard.nature.label(f"{name}_nature"),
            self.owner.id.label(f"{name}_owner_id"),
            self.owner.name.label(f"{name}_owner"),
            self.edition_id.label(f"{name}_edition_id"),
            self.says.label(f"{name}_says"),
            self.mine.label(f"{name}_mine"),
            self.stands.label(f"{name}_stands"),
        ]


def _rows() -> tuple[Selection, dict[str, _Side]]:
    sides = {name: _Side(name) for name in SIDES}
    statement = select(
        Collision.id, Collision.kind, Collision.settled_at, Collision.yielding_id, Collision.record
    )
    for side in sides.values():
        statement = side.join(statement)
    first, second = sides["first"], sides["second"]
    state = case(
        (~and_(first.stands, second.stands), "ended"),
        (Collision.settled_at.is_not(None), "settled"),
        (and_(Collision.first_says.is_not(None), Collision.second_says.is_not(None)), "differing"),
        else_="open",
    )
    columns = [*first.columns(), *second.columns(), state.label("state")]
    return statement.add_columns(*columns).where(_concerns(first, second)), sides


def _concerns(first: _Side, second: _Side) -> ColumnElement[bool]:
    """Return the condition for what concerns a center: one side is its own, or both bind it."""
    own = current().tenant_id
    adopted = select(Adoption.standard_id).where(Adoption.tenant_id == own)
    both = and_(first.standard.id.in_(adopted), second.standard.id.in_(adopted))
    return or_(first.standard.owner_id == own, second.standard.owner_id == own, both)


def page(query: dict[str, Any]) -> Row:
    """Return a page of the collisions that concern the own center, the newest first."""
    statement, _ = _rows()
    found = statement.subquery()
    listed = select(found)
    if query["state"]:
        listed = listed.where(found.c.state == query["state"])
    if query["mine"]:
        listed = listed.where(or_(found.c.first_mine, found.c.second_mine))
    if query["kind"]:
        listed = listed.where(found.c.kind == query["kind"])
    if query["q"]:
        wanted = query["q"].strip()
        names = (found.c.first_name, found.c.second_name, found.c.first_code, found.c.second_code)
        listed = listed.where(or_(*(name.icontains(wanted, autoescape=True) for name in names)))
    with reaching(Reach.PUSH):  # one side may be a standard from below
        return _page(listed, found, query)


def _page(listed: Selection, found: Subquery, query: dict[str, Any]) -> Row:
    result = page_of(
        listed,
        query,
        sortable={"id": found.c.id, "name": found.c.first_name, "state": found.c.state},
        default="-id",
        last=[found.c.id.asc()],
    )
    people = _people(result["rows"])
    result["rows"] = [_shape(row, people) for row in result["rows"]]
    return result


def open_count() -> int:
    """Return how many collisions wait for the present post."""
    statement, _ = _rows()
    found = statement.subquery()
    waits = or_(
        and_(found.c.first_mine, found.c.first_says.is_(None)),
        and_(found.c.second_mine, found.c.second_says.is_(None)),
        and_(found.c.state == "differing", or_(found.c.first_mine, found.c.second_mine)),
    )
    counted = select(func.count()).where(waits, found.c.state.in_(["open", "differing"]))
    with reaching(Reach.PUSH):
        return db.session.scalar(counted) or 0


def read(collision_id: int) -> Row:
    """Return a collision with both provisions side by side, field by field."""
    statement, sides = _rows()
    statement = statement.where(Collision.id == collision_id).add_columns(
        *(side.revision.content.label(f"{name}_content") for name, side in sides.items()),
        *(side.revision.rules.label(f"{name}_rules") for name, side in sides.items()),
    )
    with reaching(Reach.PUSH):
        found = db.session.execute(statement).one_or_none()
        if found is None:
            raise NotFound(id=collision_id)
        row = dict(found._mapping)
        return {**_shape(row, _people([row])), "fields": _fields(row)}


def _fields(row: Row) -> list[Row]:
    """Return the fields of which at least one side says something."""
    kind = KINDS[row["kind"]]
    contents = {name: row[f"{name}_content"] for name in SIDES}
    return [
        {
            **describe_field(kind, field),
            **{name: contents[name].get(field.name) for name in SIDES},
            **{
                f"{name}_rule": row[f"{name}_rules"].get(field.name, {}).get("rule")
                for name in SIDES
            },
            "differs": contents["first"].get(field.name) != contents["second"].get(field.name),
        }
        for field in kind.fields
        if any(field.name in content for content in contents.values())
    ]


def _people(rows: list[Row]) -> dict[int | None, str]:
    """Return the names of everybody who said something."""
    said = [row[f"{name}_says"] for row in rows for name in SIDES]
    records = [entry for row in rows for entry in row["record"]]
    return names_of(one.get("by") for one in [*said, *records] if one)


def _shape(row: Row, people: dict[int | None, str]) -> Row:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "found_by": "code" if row["first_code"] == row["second_code"] else "name",
        "state": row["state"],
        "settled_at": row["settled_at"],
        "governs": _governs(row),
        **{name: _side(row, name, people) for name in SIDES},
        "record": [
            {
                "event": entry["event"],
                "at": entry["at"],
                "by": people.get(entry.get("by"), ""),
                "side": entry.get("side"),
                "governs": entry.get("governs"),
                "reason": entry.get("reason", ""),
                "standard": entry.get("standard", ""),
                "edition": entry.get("edition"),
            }
            for entry in reversed(row["record"])
        ],
    }


def _governs(row: Row) -> str | None:
    if row["yielding_id"] is None:
        return None
    return "second" if row["yielding_id"] == row["first_provision_id"] else "first"


def _side(row: Row, name: str, people: dict[int | None, str]) -> Row:
    says = row[f"{name}_says"]
    nature = row[f"{name}_nature"]
    return {
        "provision_id": row[f"{name}_provision_id"],
        "code": row[f"{name}_code"],
        "name": row[f"{name}_name"],
        "department_name": department_names(row[f"{name}_edition_id"]).get(
            row[f"{name}_department"], ""
        ),
        "standard": {
            "id": row[f"{name}_standard_id"],
            "name": row[f"{name}_standard"],
            "nature": getattr(nature, "value", nature),
        },
        "owner": {"id": row[f"{name}_owner_id"], "name": row[f"{name}_owner"]},
        "edition_id": row[f"{name}_edition_id"],
        "stands": row[f"{name}_stands"],
        "mine": row[f"{name}_mine"],
        "says": (
            {
                "governs": says["governs"],
                "reason": says["reason"],
                "by": people.get(says["by"], ""),
                "at": says["at"],
            }
            if says
            else None
        ),
    }
