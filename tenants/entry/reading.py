"""What has entered and what has not: lists, the entry rate, the changes of a month.

Due 应进 is what the center offers and no approval lets stay outside; the entry rate 进驻率 is the
share of it that has entered.  All figures come from the same rows, so they agree with one another.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Text, and_, cast, extract, func, literal, select

from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.standards.claims import departments_of_post, in_force, models, narrowed
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Claim, Revision
from tenants.entry.models import NOT_ENTERED, STATES, Entry, EntryState
from tenants.procedure.models import Case, CaseState


def _offered(kind: str, center_id: int) -> Selection:
    """Select what a center offers of a kind, with its present entry where there is one."""
    model = models()[kind]
    statement = (
        in_force(model)
        .outerjoin(
            Entry,
            and_(
                Entry.tenant_id == model.tenant_id,
                Entry.subject_id == model.provision_id,
                Entry.until.is_(None),
            ),
        )
        .where(model.tenant_id == center_id, model.claim == Claim.OFFERED)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def _state() -> ColumnElement[str]:
    return func.coalesce(cast(Entry.state, Text), NOT_ENTERED)


def page(kind: str, query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return a page of what a center offers, each with how it stands."""
    model = models()[kind]
    statement = _offered(kind, center_id).with_only_columns(
        Revision.provision_id,
        model.id.label("record_id"),
        Revision.code,
        Revision.name,
        _grouping(kind).label("group"),
        Revision.department_code,
        _state().label("state"),
        Entry.mode,
        Entry.since,
        Entry.reason,
        Entry.approval,
        _running(model).label("case_id"),
    )
    if query.get("state"):
        statement = statement.where(_state() == query["state"])
    if query.get("mode"):
        statement = statement.where(cast(Entry.mode, Text) == query["mode"])
    found = page_of(
        narrowed(statement, dict(query)),
        query,
        sortable={
            "name": Revision.name_key,
            "code": Revision.code,
            "department": Revision.department_code,
            "since": Entry.since,
            "state": _state(),
        },
        default="department,name",
        last=[Revision.provision_id.asc()],
    )
    _label(found["rows"], center_id)
    for row in found["rows"]:
        row |= {
            "group_label": _group_label(kind, row["group"]),
            "reason": row["reason"] or "",
            "approval": row["approval"] or "",
        }
    return found


def _running(model: Any) -> ScalarSelect[int]:
    """Return the case in course about a row, if there is one."""
    return (
        select(Case.id)
        .where(
            Case.tenant_id == model.tenant_id,
            Case.subject_id == model.provision_id,
            Case.state == CaseState.RUNNING,
        )
        .correlate(model)
        .scalar_subquery()
    )


def _label(rows: list[Row], center_id: int) -> None:
    """Add to rows the name of their department and of their state."""
    names = departments_around(center_id)
    for row in rows:
        code = row["department_code"] or row["code"]
        row["department_name"] = names.get(code, code)
        row["state_label"] = say(f"entry_state.{row['state']}")


#: What departments and items are counted by.
GROUPED_BY = {"department": "department_class", "item": "item_type"}


def _grouping(kind: str) -> ColumnElement[str]:
    found: ColumnElement[str] = Revision.content[GROUPED_BY[kind]].astext
    return found


def _group_label(kind: str, group: str | None) -> str:
    return say(f"choice.{GROUPED_BY[kind]}.{group}") if group else ""


def rates(kind: str, center_id: int) -> Row:
    """Return the entry rate of a center for a kind: by class or type, and in all."""
    grouping, state = _grouping(kind), _state()
    rows = db.session.execute(
        _offered(kind, center_id)
        .with_only_columns(
            grouping.label("group"),
            func.count().label("offered"),
            *(func.count().filter(state == one).label(one) for one in STATES),
            maintain_column_froms=True,
        )
        .group_by(grouping)
        .order_by(grouping)
    ).all()
    groups = [_rated(dict(row._mapping)) for row in rows]
    for group in groups:
        group["label"] = _group_label(kind, group["group"])
    whole = {name: sum(group[name] for group in groups) for name in ("offered", *STATES)}
    return {"groups": groups, "total": _rated(whole | {"group": None}) | {"label": ""}}


def _rated(row: Row) -> Row:
    """Add what is due and which share of it has entered; None where nothing is due."""
    due = row["offered"] - row[EntryState.EXCLUDED]
    rate = round(100 * row[EntryState.ENTERED] / due, 1) if due else None
    return {**row, "due": due, "rate": rate}


def changes(query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return what began or ended in a month, the newest first."""
    month = query.get("month") or today().strftime("%Y-%m")
    year, number = (int(part) for part in month.split("-"))
    parts = [_begun(kind, center_id, year, number) for kind in ("item", "department")]
    both = parts[0].union_all(parts[1]).subquery("changed")
    found = page_of(
        select(both),
        query,
        sortable={"since": both.c.since, "name": both.c.name},
        default="-since",
        last=[both.c.id.desc()],
    )
    _label(found["rows"], center_id)
    return found


def _begun(kind: str, center_id: int, year: int, month: int) -> Selection:
    """Select the states of a kind that began in a month."""
    model = models()[kind]
    statement = (
        in_force(model)
        .with_only_columns(
            literal(kind).label("object"),
            Entry.id,
            Entry.since,
            cast(Entry.state, Text).label("state"),
            cast(Entry.mode, Text).label("mode"),
            Entry.reason,
            Entry.case_id,
            Revision.code,
            Revision.name,
            Revision.department_code,
        )
        .join(
            Entry,
            and_(Entry.tenant_id == model.tenant_id, Entry.subject_id == model.provision_id),
        )
        .where(
            model.tenant_id == center_id,
            extract("year", Entry.since) == year,
            extract("month", Entry.since) == month,
        )
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)
