"""The check list of what a center provides to a department: begun, added to, marked, given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault, Invalid, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.models import Claim, Revision
from tenants.support.models import SupportLine, SupportTemplate

#: Category, name in the locale files, needed before entering, given back when leaving.
USUAL = (
    ("room", "seat", True, True),
    ("room", "back_office", False, True),
    ("room", "archive", False, True),
    ("network", "internet", True, True),
    ("network", "government_network", True, True),
    ("network", "own_network", False, True),
    ("power", "power", True, False),
    ("equipment", "computer", True, True),
    ("equipment", "scanner", True, True),
    ("window", "queue", True, False),
    ("window", "rating", True, True),
    ("sign", "sign", True, False),
    ("sign", "guide", False, False),
    ("card", "pass", True, True),
    ("card", "seal", False, True),
    ("account", "platform_account", True, True),
    ("training", "training", True, False),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """How far the list of a department has come."""

    lines: int = 0
    provided: int = 0
    #: Agreed and needed, and not there yet.
    open: int = 0
    #: There, and to be given back when the department leaves.
    out: int = 0


# The template


def template() -> Row:
    """Return the center's template; the usual one, marked as such, where it keeps none."""
    row = db.session.scalar(
        select(SupportTemplate).where(SupportTemplate.tenant_id == current().tenant_id)
    )
    if row is None:
        return {"lines": usual(), "usual": True, "version": 0}
    return {"lines": row.lines, "usual": False, "version": row.version}


def usual() -> list[Row]:
    """Return the usual list: what centers commonly provide; no standard's own text."""
    return [
        {
            "category": category,
            "name": say(f"support.usual.{name}"),
            "required": required,
            "returnable": returnable,
        }
        for category, name, required, returnable in USUAL
    ]


def set_template(lines: Sequence[Mapping[str, Any]]) -> None:
    """Keep a list as the center's template; lists that have begun stay as they are."""
    _named_once(lines)
    kept = [dict(line) for line in lines]
    statement = insert(SupportTemplate).values(lines=kept)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id"],
            set_={"lines": kept, "version": SupportTemplate.version + 1},
        )
    )


def _named_once(lines: Sequence[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    wrong = []
    for place, line in enumerate(lines):
        if line["name"] in seen:
            text = say("support.twice", name=line["name"])
            wrong.append(Fault(f"lines.{place}.name", text, line["name"], "unique"))
        seen.add(line["name"])
    if wrong:
        raise Invalid(errors=wrong)


# The list of a department


def department(provision_id: int) -> Revision:
    """Return a department that the own center offers, and the post sees."""
    model = models()["department"]
    statement = (
        in_force(model)
        .with_only_columns(Revision)
        .where(
            model.tenant_id == current().tenant_id,
            model.provision_id == provision_id,
            model.claim == Claim.OFFERED,
        )
    )
    own = departments_of_post()
    found = db.session.scalar(statement if own is None else statement.where(own))
    if found is None:
        raise NotFound(id=provision_id)
    return found


def lines_of(provision_id: int, *, center_id: int) -> list[SupportLine]:
    """Return the list of a department at a center within reach, in the order it was written."""
    return list(
        db.session.scalars(
            select(SupportLine)
            .where(SupportLine.tenant_id == center_id, SupportLine.provision_id == provision_id)
            .order_by(SupportLine.id)
        )
    )


def begin(subject: Revision) -> int:
    """Write the lines of the template into the list of a department; return how many are new."""
    rows = [
        {
            "provision_id": subject.provision_id,
            "department_code": subject.code,
            **{name: line[name] for name in ("category", "name", "required", "returnable")},
        }
        for line in template()["lines"]
    ]
    statement = insert(SupportLine).values(rows)
    statement = statement.on_conflict_do_nothing(
        index_elements=["tenant_id", "provision_id", "name"]
    )
    return len(db.session.scalars(statement.returning(SupportLine.id)).all()) if rows else 0


def add_line(subject: Revision, values: Mapping[str, Any]) -> SupportLine:
    """Add a line to the list of a department.

    Raises:
        Invalid: if there is one of this name.
    """
    center = current().tenant_id
    assert center is not None
    if values["name"] in {line.name for line in lines_of(subject.provision_id, center_id=center)}:
        raise invalid("name", "support.twice", value=values["name"], name=values["name"])
    row = SupportLine(
        provision_id=subject.provision_id, department_code=subject.code, **dict(values)
    )
    return add(row)


def find(subject: Revision, line_id: int) -> SupportLine:
    """Return a line of a department's list, locked."""
    row = db.session.scalar(
        select(SupportLine)
        .where(
            SupportLine.tenant_id == current().tenant_id,
            SupportLine.provision_id == subject.provision_id,
            SupportLine.id == line_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(id=line_id)
    return row


def change(row: SupportLine, values: Mapping[str, Any]) -> None:
    """Change what is said of a line."""
    provided, returned = values["provided_on"], values["returned_on"]
    if returned is not None and provided is None:
        raise invalid("returned_on", "support.not_provided", value=str(returned))
    if returned is not None and returned < provided:
        raise invalid("returned_on", "support.order", value=str(returned), day=str(provided))
    if provided is not None and not values["agreed"]:
        raise invalid("agreed", "support.provided_not_agreed", day=str(provided))
    for name in ("agreed", "required", "returnable", "provided_on", "returned_on", "remark"):
        setattr(row, name, values[name])
    row.provided_by = values["provided_by"].strip() or (_me() if provided else "")
    row.changed_by = current().actor_id
    row.version += 1
    db.session.flush()


def _me() -> str:
    return names_of([current().actor_id]).get(current().actor_id, "")


def provide(subject: Revision, ids: Sequence[int], *, day: date, by: str, remark: str) -> int:
    """Mark lines as provided on a day, those that are not there; return how many."""
    values: Row = {"provided_on": day, "provided_by": by.strip() or _me(), "agreed": True}
    values["returned_on"] = None
    waiting = or_(SupportLine.provided_on.is_(None), SupportLine.returned_on.is_not(None))
    return _mark(subject, and_(SupportLine.id.in_(ids), waiting), values, remark)


def give_back(subject: Revision, ids: Sequence[int], *, day: date, remark: str) -> int:
    """Mark lines as given back on a day; without numbers, all that are to be given back.

    Raises:
        Invalid: naming the first one that was provided only later.
    """
    chosen = and_(SupportLine.id.in_(ids) if ids else SupportLine.id.is_not(None), _out())
    late = db.session.scalar(
        _of(subject, chosen).where(SupportLine.provided_on > day).order_by(SupportLine.id).limit(1)
    )
    if late is not None:
        text = say("support.order_of", name=late.name, day=str(late.provided_on))
        raise Invalid(errors=[Fault("day", text, str(day), "order")])
    return _mark(subject, chosen, {"returned_on": day}, remark)


def _of(subject: Revision, condition: ColumnElement[bool]) -> Any:
    return select(SupportLine).where(
        SupportLine.tenant_id == current().tenant_id,
        SupportLine.provision_id == subject.provision_id,
        condition,
    )


def _mark(subject: Revision, condition: ColumnElement[bool], values: Row, remark: str) -> int:
    more = {"remark": remark.strip()} if remark.strip() else {}
    marked = db.session.execute(
        update(SupportLine)
        .where(
            SupportLine.tenant_id == current().tenant_id,
            SupportLine.provision_id == subject.provision_id,
            condition,
        )
        .values(**values, **more, changed_by=current().actor_id, version=SupportLine.version + 1)
        .returning(SupportLine.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    return len(marked)


# What others ask


def _open() -> ColumnElement[bool]:
    return and_(SupportLine.agreed, SupportLine.required, SupportLine.provided_on.is_(None))


def _out() -> ColumnElement[bool]:
    """Return the condition for what is at a department and goes back to the center."""
    there = and_(SupportLine.provided_on.is_not(None), SupportLine.returned_on.is_(None))
    return and_(SupportLine.returnable, there)


def summaries(center_id: int, *, department_code: str = "") -> dict[int, Summary]:
    """Return how far the lists of a center's departments have come, by provision."""
    counts = (
        func.count().filter(or_(SupportLine.agreed, SupportLine.provided_on.is_not(None))),
        func.count().filter(SupportLine.provided_on.is_not(None)),
        func.count().filter(_open()),
        func.count().filter(_out()),
    )
    statement = (
        select(SupportLine.provision_id, *counts)
        .where(SupportLine.tenant_id == center_id)
        .group_by(SupportLine.provision_id)
    )
    if department_code:
        statement = statement.where(SupportLine.department_code == department_code)
    return {row[0]: Summary(*row[1:]) for row in db.session.execute(statement)}


def to_give_back(department_code: str) -> list[str]:
    """Return the names of what a department of the own center has still to give back."""
    return list(
        db.session.scalars(
            select(SupportLine.name)
            .where(
                SupportLine.tenant_id == current().tenant_id,
                SupportLine.department_code == department_code,
                _out(),
            )
            .order_by(SupportLine.id)
        )
    )
