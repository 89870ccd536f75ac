"""Adjustments as people read them: what is planned, what has happened, what is left to do."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from jinzhu.core.access import may
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards import desk
from jinzhu.standards.claims import models, narrowed
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Claim, Revision
from tenants.adjustment import acts, service
from tenants.adjustment.models import Adjustment, AdjustmentState
from tenants.entry.models import NOT_ENTERED, Entry, EntryState

#: What an adjustment is, as sent.
SHOWN = (
    "id", "case_id", "subject_id", "code", "name", "department_code", "change", "basis",
    "effective_on", "successors", "to_center", "reason", "state", "withdrawal",
)  # fmt: skip
ASKED: dict[str, Any] = {
    "state": Adjustment.state,
    "change": Adjustment.change,
    "department": Adjustment.department_code,
}


def _seen() -> list[ColumnElement[bool]]:
    scope = current()
    conditions: list[ColumnElement[bool]] = [Adjustment.tenant_id == scope.tenant_id]
    if scope.departments is not None:
        conditions.append(Adjustment.department_code.in_(scope.departments))
    return conditions


def _waits_for_successor() -> ColumnElement[bool]:
    """Return whether something that takes the place of an item has not entered yet."""
    model = models()["item"]
    here = select(Entry.id).where(
        Entry.tenant_id == model.tenant_id,
        Entry.subject_id == model.provision_id,
        Entry.until.is_(None),
        Entry.state != EntryState.LEFT,
    )
    due = select(model.id).where(
        model.tenant_id == Adjustment.tenant_id,
        model.provision_id == func.any(Adjustment.successors),
        model.claim == Claim.OFFERED,
        ~here.correlate(model).exists(),
    )
    return and_(Adjustment.state == AdjustmentState.DONE, due.correlate(Adjustment).exists())


def _asked_for(query: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions for what a query asks for."""
    for name, column in ASKED.items():
        if query.get(name):
            yield column == query[name]
    if query.get("due"):
        yield _waits_for_successor()
    if about := query.get("about"):
        yield or_(Adjustment.subject_id == about, Adjustment.successors.contains([about]))
    if typed := query.get("q", "").strip():
        yield or_(
            Adjustment.name.icontains(typed, autoescape=True),
            Adjustment.code.istartswith(typed, autoescape=True),
            Adjustment.basis.icontains(typed, autoescape=True),
        )


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of adjustments; what comes first stands first."""
    columns = (getattr(Adjustment, name) for name in SHOWN)
    statement: Selection = select(*columns).where(*_seen(), *_asked_for(query))
    found = page_of(
        statement,
        query,
        sortable={"effective_on": Adjustment.effective_on, "name": Adjustment.name},
        default="effective_on,name",
        last=[Adjustment.id.asc()],
    )
    _word(found["rows"])
    return found


def _word(rows: list[Row]) -> None:
    """Add names: of departments, of what becomes of an item, of what takes its place."""
    names = departments_around(current().tenant_id or 0)
    known = _items(number for row in rows for number in [*row["successors"], row["subject_id"]])
    for row in rows:
        row |= {
            "department_name": names.get(row["department_code"], row["department_code"]),
            "change_label": say(f"adjustment.change.{row['change']}"),
            "state_label": say(f"adjustment_state.{row['state']}"),
            "record_id": known[row["subject_id"]]["record_id"],
            "told": _told(row, known),
            "successors": [known[number] for number in row["successors"]],
        }


def _told(row: Row, known: Mapping[int, Row]) -> str:
    return say(
        f"adjustment.told.{row['change']}",
        names="、".join(known[number]["name"] for number in row["successors"]),
        center=row["to_center"],
        day=row["effective_on"],
        basis=row["basis"],
    )


def _items(provisions: Any) -> dict[int, Row]:
    """Return of each provision its name, its record here, and how it stands."""
    numbers = sorted(set(provisions))
    model, names = models()["item"], service.names_of(numbers)
    rows = db.session.execute(
        select(model.provision_id, model.id, Entry.state)
        .outerjoin(
            Entry,
            and_(
                Entry.tenant_id == model.tenant_id,
                Entry.subject_id == model.provision_id,
                Entry.until.is_(None),
            ),
        )
        .where(model.tenant_id == current().tenant_id, model.provision_id.in_(numbers))
    )
    here = {row.provision_id: row for row in rows}
    return {number: _item(number, names.get(number, ""), here.get(number)) for number in numbers}


def _item(number: int, name: str, row: Any) -> Row:
    state = row.state.value if row is not None and row.state else NOT_ENTERED
    return {
        "provision_id": number,
        "record_id": row.id if row is not None else None,
        "name": name,
        "state": state,
        "state_label": say(f"entry_state.{state}"),
    }


def given_up(query: Mapping[str, Any]) -> Row:
    """Return a page of what has entered here and its standard has given up."""
    found = page_of(
        narrowed(acts.given_up(), dict(query)),
        query,
        sortable={"name": Revision.name_key, "code": Revision.code, "since": Entry.since},
        default="name",
        last=[Entry.id.asc()],
    )
    names = departments_around(current().tenant_id or 0)
    for row in found["rows"]:
        row.pop("name_key")
        row["mode"] = row["mode"].value if row["mode"] else None
        row["department_name"] = names.get(row["department_code"], row["department_code"])
    return found


@desk.waits("todo")
def _on_desk() -> list[Row]:
    """Return what adjustments leave to do: what a standard gave up, and what has not entered."""
    if not may("procedure.propose"):
        return []
    lost = select(func.count()).select_from(acts.given_up().subquery())
    due = select(func.count(Adjustment.id)).where(*_seen(), _waits_for_successor())
    return [
        desk.entry("items_given_up", db.session.scalar(lost) or 0, f"{service.PAGE}?tab=given_up"),
        desk.entry("successors_due", db.session.scalar(due) or 0, f"{service.PAGE}?tab=due"),
    ]
