"""Departments as people read them: the roster with its figures, everything of one, the centers."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import Reach, current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.records import assessments
from tenants.department import acts, service
from tenants.department.models import EvaluationRule
from tenants.department.workflow import MARKS
from tenants.document import reading as document_reading
from tenants.document.models import CaseDocument
from tenants.entry import service as entries
from tenants.entry import workflow as settling
from tenants.entry.acts import kinds_in
from tenants.entry.models import Entry
from tenants.equipment import reading as equipment
from tenants.hall import service as halls
from tenants.hall.models import Assigned, Assignment, Hall, Window, Zone
from tenants.procedure import reading as case_reading
from tenants.procedure.models import Case, CaseState
from tenants.support import reading as support

#: The classes as the standard counts them; what has none stands last.
CLASS_ORDER = (*CHOICES["department_class"], "")
#: What a roster is ordered by.
SORTED: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: row["name_key"],
    "code": lambda row: row["code"],
    "class": lambda row: CLASS_ORDER.index(row["department_class"] or ""),
    "state": lambda row: row["state"],
    "since": lambda row: str(row["since"] or ""),
    "windows": lambda row: row["windows"]["count"],
    "items": lambda row: row["items"]["offered"],
    "entered": lambda row: row["items"]["entered"],
    "power": lambda row: str((row["power"] or {}).get("valid_until") or ""),
}
#: What is asked for by its value.
EXACT = {
    "force": "entry_force",
    "class": "department_class",
    "claim": "claim",
    "state": "state",
    "mode": "mode",
}
MOST = 50


def page(center_id: int, query: Mapping[str, Any]) -> Row:
    """Return a page of the roster of a center within reach."""
    rows = _ordered([row for row in service.roster(center_id) if _meant(row, query)], query["sort"])
    first = (query["page"] - 1) * query["per_page"]
    return {
        "rows": [_sent(row) for row in rows[first : first + query["per_page"]]],
        "total": len(rows),
        "page": query["page"],
        "per_page": query["per_page"],
    }


def _meant(row: Row, query: Mapping[str, Any]) -> bool:
    """Say whether a department is among those asked for."""
    if any(query[name] and row[field] != query[name] for name, field in EXACT.items()):
        return False
    if query["mark"] and not MARKS[query["mark"]](row):
        return False
    typed = query["q"].strip()
    if not typed:
        return True
    lower = typed.lower()
    return (
        typed in row["name"]
        or row["code"].lower().startswith(lower)
        or row["name_initials"].lower().startswith(lower)
        or typed in row["leader"]
    )


def _ordered(rows: list[Row], sort: str) -> list[Row]:
    """Return rows in the order asked for; what was asked for first weighs most."""
    for part in reversed((sort or "class,name").split(",")):
        name = part.strip()
        key = SORTED.get(name.removeprefix("-"))
        if key is None:
            raise invalid("sort", "rule.sort", value=name, allowed=", ".join(SORTED))
        rows.sort(key=key, reverse=name.startswith("-"))
    return rows


def _sent(row: Row) -> Row:
    """Leave out what rows are only ordered and found by."""
    return {name: value for name, value in row.items() if name not in ("name_key", "name_initials")}


def figures(center_id: int) -> Row:
    """Return how many departments there are of each kind; each number has exactly its rows."""
    rows = service.roster(center_id)
    forces = ("shall", "may", "proposed")
    return {
        "total": len(rows),
        **{force: sum(row["entry_force"] == force for row in rows) for force in forces},
        "entered": sum(row["state"] == "entered" for row in rows),
        "suspended": sum(row["state"] == "suspended" for row in rows),
        **{name: sum(map(mark, rows)) for name, mark in MARKS.items()},
    }


# Everything of one department


def document(center_id: int, provision_id: int) -> Row:
    """Return all of one department of a center within reach, on one page.

    Raises:
        NotFound: if the standards do not name it there, or the post does not see it.
    """
    row = next(
        (one for one in service.roster(center_id) if one["provision_id"] == provision_id), None
    )
    if row is None:
        raise NotFound(id=provision_id)
    leaver = settling.Leaver("department", provision_id, code := row["code"])
    return {
        **_sent(row),
        "at_windows": _at_windows(center_id, code),
        "documents": _documents(center_id, code),
        "cases": _cases(center_id, provision_id),
        "checklist": support.checklist(provision_id, center_id=center_id),
        "equipment": equipment.of_department(provision_id, center_id=center_id),
        "assessments": assessments.of_department(
            center_id, code=code, class_=row["department_class"] or ""
        ),
        "rules": _rules(center_id, provision_id),
        "clearance": clearance(leaver) if center_id == current().tenant_id else [],
        "history": _history(center_id, provision_id),
        "kinds": kinds_in("department", row["state"]),
        "actions": _actions(center_id, row),
    }


def _actions(center_id: int, row: Row) -> Row:
    """Return what the present post may do on the page of a department."""
    own = center_id == current().tenant_id and row["claim"] == "offered"
    return {
        "propose": own and may("procedure.propose"),
        "fill_in": own and may("department.write") and row["record_id"] is not None,
        "attach": own and may("department.write"),
        "provide": own and may("hall.write"),
        "end_windows": own and may("hall.write"),
    }


def _at_windows(center_id: int, code: str) -> list[Row]:
    """Return the windows at which a department is or comes to, with how many of its items."""
    counted = (
        select(Assignment.window_id, func.count().label("number_of_items"))
        .where(
            Assignment.tenant_id == center_id,
            Assignment.object == Assigned.ITEM,
            Assignment.department_code == code,
            halls.lasting(),
        )
        .group_by(Assignment.window_id)
        .subquery("counted")
    )
    found = db.session.execute(
        select(
            Window.id, Window.number, Window.name, Window.kind, Hall.id.label("hall_id"),
            Hall.name.label("hall_name"), Zone.floor, Zone.name.label("zone_name"),
            Assignment.starts_on, Assignment.ends_on, counted.c.number_of_items,
        )
        .select_from(Assignment)
        .join(
            Window,
            and_(Window.tenant_id == Assignment.tenant_id, Window.id == Assignment.window_id),
        )
        .join(Hall, and_(Hall.tenant_id == Window.tenant_id, Hall.id == Window.hall_id))
        .outerjoin(Zone, and_(Zone.tenant_id == Window.tenant_id, Zone.id == Window.zone_id))
        .outerjoin(counted, counted.c.window_id == Window.id)
        .where(
            Assignment.tenant_id == center_id,
            Assignment.object == Assigned.DEPARTMENT,
            Assignment.code == code,
            halls.lasting(),
        )
        .order_by(Hall.id, Window.number_key, Assignment.starts_on)
    )  # fmt: skip
    return [_window(dict(one._mapping)) for one in found]


def _window(row: Row) -> Row:
    kind, items = row.pop("kind"), row.pop("number_of_items")
    return {**row, "kind_label": say(f"window_kind.{kind}"), "items": items or 0}


def _documents(center_id: int, code: str) -> list[Row]:
    """Return the documents of a department's own cases, the newest first."""
    found = db.session.execute(
        select(
            CaseDocument.id, CaseDocument.case_id, Case.number.label("case_number"),
            CaseDocument.name, CaseDocument.number, CaseDocument.file_name,
            CaseDocument.valid_from, CaseDocument.valid_until,
        )
        .join(
            Case, and_(Case.tenant_id == CaseDocument.tenant_id, Case.id == CaseDocument.case_id)
        )
        .where(
            CaseDocument.tenant_id == center_id,
            CaseDocument.department_code == code,
            CaseDocument.withdrawn_at.is_(None),
            Case.object == "department",
            Case.state.in_([CaseState.RUNNING, CaseState.FINISHED]),
        )
        .order_by(CaseDocument.id.desc())
        .limit(MOST)
    )  # fmt: skip
    day = today()
    return [
        {
            **one._mapping,
            **document_reading.validity(one.valid_from, one.valid_until, day),
        }
        for one in found
    ]


def _cases(center_id: int, provision_id: int) -> list[Row]:
    """Return the cases of a department, the newest first."""
    found = db.session.scalars(
        select(Case)
        .where(Case.tenant_id == center_id, Case.subject_id == provision_id)
        .order_by(Case.id.desc())
        .limit(MOST)
    )
    return [
        {
            "id": one.id,
            "number": one.number,
            "kind": one.kind,
            "kind_label": say(f"choice.procedure_kind.{one.kind}"),
            "state": one.state.value,
            "state_label": say(f"case_state.{one.state}"),
            "opened_on": one.opened_on,
            "ended_at": one.ended_at,
        }
        for one in found
    ]


def _history(center_id: int, provision_id: int) -> list[Row]:
    """Return the periods in which a department has stood in one state, the newest first."""
    return [_period(one) for one in entries.history(provision_id, center_id=center_id)]


def _period(one: Entry) -> Row:
    return {
        "id": one.id,
        "state": one.state.value,
        "state_label": say(f"entry_state.{one.state}"),
        "mode_label": say(f"choice.presence_mode.{one.mode}") if one.mode else "",
        "class_label": (
            say(f"choice.department_class.{one.department_class}") if one.department_class else ""
        ),
        "superior": one.superior,
        "since": one.since,
        "until": one.until,
        "reason": one.reason,
        "approval": one.approval,
        "approval_number": one.approval_number,
        "approved_on": one.approved_on,
        "case_id": one.case_id,
    }


def _rules(center_id: int, provision_id: int) -> list[Row]:
    """Return the rules of evaluation that a center itself has attached."""
    found = db.session.scalars(
        select(EvaluationRule)
        .where(
            EvaluationRule.tenant_id == center_id,
            EvaluationRule.withdrawn_at.is_(None),
            or_(EvaluationRule.provision_id == provision_id, EvaluationRule.provision_id.is_(None)),
        )
        .order_by(EvaluationRule.id.desc())
    ).all()
    names = names_of(rule.attached_by for rule in found)
    return [_rule(one, names) for one in found]


def _rule(one: EvaluationRule, names: Mapping[int | None, str]) -> Row:
    return {
        "id": one.id,
        "for_all": one.provision_id is None,
        "name": one.name,
        "number": one.number,
        **document_reading.validity(one.valid_from, one.valid_until, today()),
        "file_name": one.file_name,
        "attached_at": one.created_at,
        "attached_by": names.get(one.attached_by),
    }


# What hangs on a department or an item


def clearance(leaver: settling.Leaver) -> list[Row]:
    """Return what hangs on a department or an item of the own center, and when it is settled."""
    return [
        {
            "name": group.name,
            "label": say(f"clearance.{group.name}"),
            "settled": group.settled.value,
            "settled_label": say(f"clearance.settled.{group.settled}"),
            "count": left.count,
            "detail": left.detail,
        }
        for group in settling.groups(leaver.object)
        for left in (group.left(leaver),)
    ]


def _of_case(case: Case) -> list[Row]:
    """Return what whatever leaves in an exit still has here; of other cases nothing."""
    scope = current()
    own = case.tenant_id == scope.tenant_id and scope.reach is Reach.OWN
    leaver = settling.Leaver(case.object, case.subject_id, case.subject_code)
    return clearance(leaver) if own and case.kind == "exit" and case.state == "running" else []


case_reading.ADDED["clearance"] = _of_case


def windows_preview(code: str, day: date) -> Row:
    """Return in numbers what ends when a department leaves all its windows on a day."""
    windows, departments, items = acts.assigned(code, day)
    return {"windows": windows, "departments": departments, "items": items}


# The centers below


def centers(query: Mapping[str, Any]) -> Row:
    """Return a page of the centers below, each with its figures.  Needs the reach SUBTREE."""
    own = current().tenant_id
    assert own is not None
    figures = service.counted(own)
    found = db.session.scalars(
        select(Center).where(Center.path.contains([own]), Center.id != own).order_by(Center.code)
    )
    empty = dict.fromkeys(service.FIGURES, 0)
    rows = [_center(one) | figures.get(one.id, empty) for one in found]
    meant = [row for row in rows if _place_meant(row, query)]
    total = {name: sum(row[name] for row in meant) for name in service.FIGURES}
    ordered = _centers_ordered(meant, query["sort"])
    first = (query["page"] - 1) * query["per_page"]
    return {
        "rows": ordered[first : first + query["per_page"]],
        "sums": total,
        "total": len(meant),
        "page": query["page"],
        "per_page": query["per_page"],
    }


def _center(one: Center) -> Row:
    return {
        "id": one.id,
        "code": one.code,
        "name": one.name,
        "level": one.level.value,
        "parent_id": one.parent_id,
    }


def _place_meant(row: Row, query: Mapping[str, Any]) -> bool:
    typed = query["q"].strip()
    named = not typed or typed in row["name"] or row["code"].startswith(typed)
    parent = query["parent"]
    inside = parent is None or parent in (row["id"], row["parent_id"])
    return named and inside and (not query["mark"] or row[query["mark"]] > 0)


def _centers_ordered(rows: list[Row], sort: str) -> list[Row]:
    name = (sort or "code").split(",")[0].strip()
    key = name.removeprefix("-")
    if key not in ("code", "name", *service.FIGURES):
        raise invalid("sort", "rule.sort", value=name, allowed=", ".join(service.FIGURES))
    return sorted(rows, key=lambda row: row[key], reverse=name.startswith("-"))
