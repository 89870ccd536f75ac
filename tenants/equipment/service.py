"""Special equipment: brought in for a department, changed, taken away on a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text, update

from jinzhu.core.ahead import Ahead
from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault, Invalid, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.models import Revision
from tenants.equipment.models import Equipment, Owner
from tenants.hall import service as halls
from tenants.hall.models import Hall, Window
from tenants.hall.workflow import Place

#: The advisory-lock class under which numbers of equipment are given.
LOCKS = 7208
SAID = ("item_id", "kind", "quantity", "since", "until")
TYPED = ("name", "serial", "place", "remark")


def there() -> ColumnElement[bool]:
    """Return the condition for what has not been taken away."""
    return Equipment.until.is_(None)


def of(subject: Revision) -> ColumnElement[bool]:
    """Return the condition for what a department of the own center has, and had."""
    return and_(
        Equipment.tenant_id == current().tenant_id,
        Equipment.provision_id == subject.provision_id,
    )


def find(subject: Revision, equipment_id: int) -> Equipment:
    """Return a piece of a department's equipment, locked."""
    row = db.session.scalar(
        select(Equipment)
        .where(of(subject), Equipment.id == equipment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(id=equipment_id)
    return row


def bring(subject: Revision, wish: Mapping[str, Any]) -> Equipment:
    """Note equipment that came for a department.

    Raises:
        Invalid: naming each field that cannot be so.
    """
    row = Equipment(provision_id=subject.provision_id, department_code=subject.code)
    return add(_written(row, _checked(subject, {**wish, "until": None}, row)))


def change(subject: Revision, row: Equipment, wish: Mapping[str, Any]) -> None:
    """Change what is said of equipment; without a last day it stands there again.

    Raises:
        Invalid: naming each field that cannot be so.
    """
    _written(row, _checked(subject, wish, row))
    row.changed_by = current().actor_id
    row.version += 1
    db.session.flush()


def _written(row: Equipment, values: Row) -> Equipment:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _checked(subject: Revision, wish: Mapping[str, Any], row: Equipment) -> Row:
    """Return what is to be written, checked against the calendar, the halls and the items."""
    values: Row = {name: wish[name] for name in SAID}
    values |= {name: wish[name].strip() for name in TYPED}
    values["owner"] = Owner(wish["owner"])
    wrong = [*_days(wish["since"], wish["until"]), *_words(subject, values, row)]
    values |= _place(wish, row, wrong)
    if not (values["hall_id"] or values["place"]):
        wrong.append(Fault("place", say("equipment.nowhere"), "", "required"))
    if wish["item_id"] is not None and wish["item_id"] != row.item_id:
        wrong += _item(subject, wish["item_id"])
    if wrong:
        raise Invalid(errors=wrong)
    return values


def _days(since: date, until: date | None) -> list[Fault]:
    wrong = [
        Fault(name, say("equipment.future", day=str(today())), str(day), "future")
        for name, day in (("since", since), ("until", until))
        if day is not None and day > today()
    ]
    if until is not None and until < since:
        early = say("equipment.order", day=str(since))
        wrong.append(Fault("until", early, str(until), "order"))
    return wrong


def _words(subject: Revision, values: Row, row: Equipment) -> list[Fault]:
    wrong = []
    if not values["name"]:
        wrong.append(Fault("name", say("equipment.unnamed"), "", "required"))
    if values["serial"] and values["until"] is None:
        _one_after_the_other()
        same = [of(subject), there(), Equipment.serial == values["serial"]]
        other = db.session.scalar(
            select(Equipment.name).where(*same, Equipment.id.is_distinct_from(row.id))
        )
        if other is not None:
            taken = say("equipment.serial_taken", name=other)
            wrong.append(Fault("serial", taken, values["serial"], "unique"))
    return wrong


def _one_after_the_other() -> None:
    """Let nobody else give a number at the center until this transaction is over.

    Of two who give the same one at once, the second would not see the first one's, and would be
    stopped by the index, which knows no name.
    """
    center = current().tenant_id
    lock = text("SELECT pg_advisory_xact_lock(:locks, :center)")
    db.session.execute(lock, {"locks": LOCKS, "center": center})


def _place(wish: Mapping[str, Any], row: Equipment, wrong: list[Fault]) -> Row:
    """Return hall and window; a window says which hall.  What is closed is not chosen anew."""
    hall_id, window_id = wish["hall_id"], wish["window_id"]
    if window_id is not None and window_id != row.window_id:
        hall_id = _open("window_id", Window, window_id, wrong)
    elif window_id is not None:
        hall_id = row.hall_id
    elif hall_id is not None and hall_id != row.hall_id:
        _open("hall_id", Hall, hall_id, wrong)
    return {"hall_id": hall_id, "window_id": window_id}


def _open(field: str, model: type[Hall | Window], number: int, wrong: list[Fault]) -> int | None:
    """Return the hall that an open hall is, or an open window belongs to."""
    hall_id = Hall.id if model is Hall else Window.hall_id
    found = db.session.scalar(
        select(hall_id).where(
            model.tenant_id == current().tenant_id, model.id == number, model.closed_on.is_(None)
        )
    )
    if found is None:
        wrong.append(Fault(field, say(f"equipment.no_{field.removesuffix('_id')}"), number, "open"))
    return found


def items_of(subject: Revision) -> Any:
    """Select the items of a department that the own center offers."""
    return halls.offered("item").where(Revision.department_code == subject.code)


def _item(subject: Revision, item_id: int) -> list[Fault]:
    found = db.session.execute(items_of(subject).where(Revision.provision_id == item_id)).first()
    if found is not None:
        return []
    return [Fault("item_id", say("equipment.no_item", name=subject.name), item_id, "offered")]


def take_away(subject: Revision, ids: Sequence[int], *, day: date, remark: str) -> int:
    """Note the day on which equipment was taken away; without numbers, all of a department.

    Raises:
        Invalid: if the day is still to come, or naming the first one that came only later.
    """
    if day > today():
        raise invalid("day", "equipment.future", value=str(day), rule="future", day=str(today()))
    chosen = and_(of(subject), there(), *([Equipment.id.in_(ids)] if ids else []))
    late = db.session.scalar(
        select(Equipment).where(chosen, Equipment.since > day).order_by(Equipment.id).limit(1)
    )
    if late is not None:
        early = say("equipment.order_of", name=late.name, day=str(late.since))
        raise Invalid(errors=[Fault("day", early, str(day), "order")])
    more = {"remark": remark.strip()} if remark.strip() else {}
    marked = db.session.execute(
        update(Equipment)
        .where(chosen)
        .values(until=day, **more, changed_by=current().actor_id, version=Equipment.version + 1)
        .returning(Equipment.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    return len(marked)


def at(place: Place) -> ColumnElement[bool]:
    """Return the condition for what stands in a hall, or at one of its windows."""
    if place.window_id is None:
        return Equipment.hall_id == place.hall_id
    return Equipment.window_id == place.window_id


def take_from(place: Place) -> None:
    """Note that all that stands at a place is taken away today."""
    _rewrite(at(place), until=today())


def move(place: Place, *, hall_id: int | None, window_id: int | None) -> None:
    """Move all that stands at a place to another hall, or to a window.

    Raises:
        Invalid: if no place is named, or it is not open.
    """
    wrong: list[Fault] = []
    if window_id is not None:
        hall_id = _open("window_id", Window, window_id, wrong)
    elif hall_id is not None:
        _open("hall_id", Hall, hall_id, wrong)
    else:
        wrong.append(Fault("hall_id", say("equipment.where_to"), None, "required"))
    if wrong:
        raise Invalid(errors=wrong)
    _rewrite(at(place), hall_id=hall_id, window_id=window_id)


def hand_on(item_id: int, successor: int) -> None:
    """Let what was there for an item alone be there for what takes its place."""
    _rewrite(Equipment.item_id == item_id, item_id=successor)


def _rewrite(condition: ColumnElement[bool], **values: Any) -> None:
    """Write the same of all that is there and meets a condition."""
    db.session.execute(
        update(Equipment)
        .where(Equipment.tenant_id == current().tenant_id, condition, there())
        .values(**values, changed_by=current().actor_id, version=Equipment.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def left(condition: ColumnElement[bool]) -> list[tuple[str, int]]:
    """Return name and number of what is still there in the own center and meets a condition."""
    found = db.session.execute(
        select(Equipment.name, func.sum(Equipment.quantity))
        .where(
            Equipment.tenant_id == current().tenant_id,
            condition,
            there(),
        )
        .group_by(Equipment.name)
        .order_by(func.min(Equipment.id))
    )
    return [(name, int(number)) for name, number in found]


def _left_of_items(items: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {one: [] for one in items}
    rows = db.session.execute(
        select(Equipment.item_id, Equipment.name, func.sum(Equipment.quantity))
        .where(Equipment.tenant_id == current().tenant_id, Equipment.item_id.in_(items), there())
        .group_by(Equipment.item_id, Equipment.name)
        .order_by(func.min(Equipment.id))
    )
    for item, name, number in rows:
        if item is not None:
            found[item].append((name, int(number)))
    return found


#: Name and number of what is there for an item of the own center alone.
LEFT_OF_ITEM = Ahead(_left_of_items)
