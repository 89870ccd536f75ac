"""Who stands at which window: departments and items come to it, and leave it, on a day.

Only what the center offers comes to a window.  At a window of its own there is one department, and
items come where their department is; the other kinds take in for all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.pinyin import sort_key
from jinzhu.core.problems import Fault, Invalid, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import effective, models, searched
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Revision
from tenants.entry.acts import mode_of
from tenants.entry.models import Entry, EntryState, Mode
from tenants.hall import service
from tenants.hall.models import Assigned, Assignment, Hall, HallKind, Window, WindowKind
from tenants.procedure.models import Case
from tenants.procedure.workflow import guard

#: Where items come only with their department.
WITH_DEPARTMENT = (WindowKind.DEPARTMENT, WindowKind.SPECIAL)
#: The mode of presence that asks for a window of one's own.
RESIDENT = "resident"
#: In which kind of hall the window of a department stands, by its mode of presence.
PLACES = {Mode.BRANCH: HallKind.BRANCH, Mode.STANDALONE: HallKind.STANDALONE}
#: No center has been assigning since earlier.
EARLIEST = date(1990, 1, 1)


def assign(
    window_id: int,
    *,
    since: date,
    departments: Sequence[str] = (),
    items: Sequence[int] = (),
    items_of: Sequence[str] = (),
) -> list[Assignment]:
    """Let departments, by code, and items, by provision, come to a window from a day on.

    `items_of` stands for all items that are offered of these departments.  What is there already
    is left as it is.

    Raises:
        Invalid: naming each one that the center does not offer, or that may not come here.
    """
    window = service.window(window_id, lock=True)
    if since < EARLIEST:
        raise invalid("since", "window.since", value=str(since), day=str(EARLIEST))
    wanted = [(Assigned.DEPARTMENT, row) for row in _departments(departments)]
    wanted += [(Assigned.ITEM, row) for row in _items(items, items_of)]
    coming = _not_yet(window, wanted, since)
    _check_departments(window, coming)
    _check_items(window, coming)
    rows = [_assignment(window, kind, row, since) for kind, row in coming]
    db.session.add_all(rows)
    if rows:
        window.version += 1
    db.session.flush()
    return rows


def _assignment(window: Window, kind: Assigned, row: Any, since: date) -> Assignment:
    own = row.code if kind is Assigned.DEPARTMENT else row.department_code
    return Assignment(
        window_id=window.id,
        object=kind,
        provision_id=row.provision_id,
        code=row.code,
        name=row.name,
        department_code=own,
        starts_on=since,
    )


def _departments(codes: Sequence[str]) -> Sequence[Any]:
    """Return the offered departments with these codes; of two standards, the first one's."""
    if not codes:
        return []
    rows = db.session.execute(
        service.offered("department")
        .where(Revision.code.in_(codes))
        .order_by(Revision.provision_id.desc())
    )
    found = {row.code: row for row in rows}
    _all_offered("departments", codes, found)
    return list(found.values())


def _items(numbers: Sequence[int], departments: Sequence[str]) -> Sequence[Any]:
    if not numbers and not departments:
        return []
    named = or_(Revision.provision_id.in_(numbers), Revision.department_code.in_(departments))
    rows = db.session.execute(service.offered("item").where(named).order_by(Revision.provision_id))
    found = {row.provision_id: row for row in rows}
    _all_offered("items", numbers, found)
    return list(found.values())


def _all_offered(field: str, wanted: Sequence[Any], found: Iterable[Any]) -> None:
    known = set(found)
    wrong = [
        Fault(f"{field}.{place}", say("window.not_offered", value=value), value, "offered")
        for place, value in enumerate(wanted)
        if value not in known
    ]
    if wrong:
        raise Invalid(errors=wrong)


def _not_yet(
    window: Window, wanted: Sequence[tuple[Assigned, Any]], since: date
) -> list[tuple[Assigned, Any]]:
    """Leave out what stays at the window anyway; refuse what would be there twice on a day."""
    there = db.session.scalars(
        select(Assignment).where(
            _at(window),
            Assignment.provision_id.in_([row.provision_id for _, row in wanted]),
            service.lasting(since),
        )
    ).all()
    staying = {one.provision_id for one in there if one.ends_on is None}
    wrong = [
        Fault(
            "since",
            say("window.there_until", name=one.name, day=str(one.ends_on)),
            str(since),
            "order",
        )
        for one in there
        if one.provision_id not in staying
    ]
    if wrong:
        raise Invalid(errors=wrong)
    return [(kind, row) for kind, row in wanted if row.provision_id not in staying]


def _at(window: Window) -> ColumnElement[bool]:
    return and_(Assignment.tenant_id == window.tenant_id, Assignment.window_id == window.id)


def _there(window: Window) -> set[str]:
    """Return the departments that are at a window, or come to it."""
    return set(
        db.session.scalars(
            select(Assignment.code).where(
                _at(window), Assignment.object == Assigned.DEPARTMENT, service.lasting()
            )
        )
    )


def _coming(coming: Iterable[tuple[Assigned, Any]]) -> set[str]:
    return {row.code for kind, row in coming if kind is Assigned.DEPARTMENT}


def _check_departments(window: Window, coming: Sequence[tuple[Assigned, Any]]) -> None:
    if window.kind is not WindowKind.DEPARTMENT or not _coming(coming):
        return
    if len(_there(window) | _coming(coming)) > 1:
        raise invalid("departments", "window.only_one", number=window.number, rule="one_department")


def _check_items(window: Window, coming: Sequence[tuple[Assigned, Any]]) -> None:
    items = [row for kind, row in coming if kind is Assigned.ITEM]
    if window.kind not in WITH_DEPARTMENT or not items:
        return
    present = _there(window) | _coming(coming)
    wrong = [
        Fault("items", say("window.without_department", name=row.name), row.provision_id, "present")
        for row in items
        if row.department_code not in present
    ]
    if wrong:
        raise Invalid(errors=wrong)


def end(window_id: int, ids: Sequence[int], *, until: date) -> int:
    """Let assignments end on a day, from which on they are not there; return how many did.

    With a department its items leave the windows where items come only with their department.

    Raises:
        NotFound: if one of them is not of this window, or is over.
        Invalid: if one of them begins only later.
    """
    window = service.window(window_id, lock=True)
    rows = db.session.scalars(
        select(Assignment).where(_at(window), Assignment.id.in_(ids), service.lasting(until))
    ).all()
    if len(rows) < len(set(ids)):
        raise NotFound
    if late := [row for row in rows if row.starts_on > until]:
        name, day = late[0].name, str(late[0].starts_on)
        raise invalid("until", "window.begins_later", value=str(until), name=name, day=day)
    gone = [row.code for row in rows if row.object is Assigned.DEPARTMENT]
    leaving = [Assignment.id.in_(ids)]
    if window.kind in WITH_DEPARTMENT and gone:
        leaving.append(Assignment.department_code.in_(gone))
    return _end(window, or_(*leaving), until)


def _end(window: Window, leaving: ColumnElement[bool], until: date) -> int:
    begun = Assignment.starts_on <= until
    ended = db.session.execute(
        update(Assignment)
        .where(_at(window), leaving, begun, service.lasting(until))
        .values(ends_on=until, ended_by=current().actor_id)
        .returning(Assignment.id)
        .execution_options(synchronize_session=False)
    ).all()
    window.version += 1
    db.session.flush()
    db.session.expire_all()
    return len(ended)


# What may come


def departments() -> list[Row]:
    """Return the departments that the center offers, with how many windows each of them has."""
    mode = effective(models()["department"], "presence_mode")
    rows = db.session.execute(
        service.offered("department")
        .add_columns(mode.label("mode"), _windows_of(Revision.code).label("windows"))
        .order_by(Revision.name_key, Revision.provision_id)
    )
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.code, _department(row))
    return list(found.values())


def _department(row: Any) -> Row:
    return {
        "code": row.code,
        "name": row.name,
        "presence_mode": row.mode or "",
        "windows": row.windows,
        "unarranged": row.mode == RESIDENT and not row.windows,
    }


def _windows_of(code: Any) -> Any:
    """Count the windows at which a department is, or to which it comes."""
    return (
        select(func.count(Assignment.window_id.distinct()))
        .where(
            Assignment.tenant_id == current().tenant_id,
            Assignment.object == Assigned.DEPARTMENT,
            Assignment.code == code,
            service.lasting(),
        )
        .correlate(Revision)
        .scalar_subquery()
    )


def item_choices(window: Window, query: Mapping[str, Any]) -> Row:
    """Return a page of the items that the center offers, each with where it is already."""
    here = (
        select(Assignment.id)
        .where(_at(window), Assignment.provision_id == Revision.provision_id, service.lasting())
        .correlate(Revision)
        .exists()
    )
    elsewhere = (
        select(func.count(Assignment.window_id.distinct()))
        .where(
            Assignment.tenant_id == window.tenant_id,
            Assignment.provision_id == Revision.provision_id,
            service.lasting(),
        )
        .correlate(Revision)
        .scalar_subquery()
    )
    statement = service.offered("item").add_columns(here.label("here"), elsewhere.label("windows"))
    if query.get("department"):
        statement = statement.where(Revision.department_code == query["department"])
    if query.get("q"):
        statement = statement.where(searched(query["q"]))
    found = page_of(
        statement,
        query,
        sortable={"name": Revision.name_key, "code": Revision.code},
        default="name",
        last=[Revision.provision_id.asc()],
    )
    names = departments_around(window.tenant_id)
    for row in found["rows"]:
        row["department_name"] = names.get(row["department_code"], row["department_code"])
    return found


# What other record types ask


def windows_of_department(code: str) -> list[dict[str, Any]]:
    """Return the open windows at which a department is, or to which it comes."""
    return _windows(and_(Assignment.object == Assigned.DEPARTMENT, Assignment.code == code))


def windows_of_item(provision_id: int) -> list[dict[str, Any]]:
    """Return the open windows at which an item is, or to which it comes."""
    return _windows(Assignment.provision_id == provision_id)


def _windows(condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(
            Window.id,
            Window.number,
            Window.name,
            Window.kind,
            Window.hall_id,
            Hall.name.label("hall_name"),
            Hall.kind.label("hall_kind"),
            Assignment.starts_on,
        )
        .select_from(Assignment)
        .join(
            Window,
            and_(Window.tenant_id == Assignment.tenant_id, Window.id == Assignment.window_id),
        )
        .join(Hall, and_(Hall.tenant_id == Window.tenant_id, Hall.id == Window.hall_id))
        .where(
            Assignment.tenant_id == current().tenant_id,
            Window.closed_on.is_(None),
            service.lasting(),
            condition,
        )
        .order_by(Hall.id, Window.number_key, Assignment.starts_on)
    )
    return [dict(row._mapping) for row in rows]


@guard("department", "window_arranged")
def window_arranged(case: Case) -> Iterable[Fault]:
    """A department enters once it has a window: in its own or in a branch hall, if it is there."""
    mode = mode_of(case)
    place = PLACES.get(mode)
    windows = windows_of_department(case.department_code)
    if not any(place is None or one["hall_kind"] is place for one in windows):
        told = {"name": case.subject_name}
        text = say("window.not_arranged", **told)
        if place:
            text = say(f"window.not_arranged_{mode.value}", **told)
        yield Fault("window", text, case.department_code, "window_arranged")


def names_at(one: Window) -> dict[Assigned, list[str]]:
    """Return the names of what takes in at a window today, in the order of their sounds.

    What is arranged there and has not entered is not told; what is suspended says so.
    """
    found: dict[Assigned, list[str]] = {kind: [] for kind in Assigned}
    for kind, name, state in _standing_at(one):
        if state is EntryState.ENTERED:
            found[kind].append(name)
        elif state is EntryState.SUSPENDED:
            found[kind].append(say("window.suspended", name=name))
    return found


def waiting_at(one: Window) -> list[str]:
    """Return the names of what is arranged at a window and has not entered."""
    told = (EntryState.ENTERED, EntryState.SUSPENDED)
    return [name for _, name, state in _standing_at(one) if state not in told]


def _standing_at(one: Window) -> list[tuple[Assigned, str, EntryState | None]]:
    day = today()
    stands = and_(
        Entry.tenant_id == Assignment.tenant_id,
        Entry.subject_id == Assignment.provision_id,
        Entry.since <= day,
        or_(Entry.until.is_(None), Entry.until > day),
    )
    rows = db.session.execute(
        select(Assignment.object, Assignment.name, Entry.state)
        .outerjoin(Entry, stands)
        .where(
            Assignment.tenant_id == one.tenant_id,
            Assignment.window_id == one.id,
            service.holding(),
        )
    ).all()
    found = [(row.object, row.name, row.state) for row in rows]
    return sorted(found, key=lambda row: sort_key(row[1]))
