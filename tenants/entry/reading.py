"""What has entered and what has not, at one center: the list, and the changes of a month."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on

from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards import words
from jinzhu.standards.claims import in_force, models, narrowed
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Revision
from jinzhu.workdays import service as workdays
from tenants.entry import acts, service
from tenants.entry.models import NOT_ENTERED, ChangeKind, Entry, EntryState
from tenants.procedure.models import Case, CaseStep
from tenants.procedure.workflow import ALIVE

_BROUGHT_ABOUT = text("""
    SELECT record_id, actor_id FROM change
    WHERE tenant_id = :center AND record = 'entry' AND record_id = ANY (:ids) AND before IS NULL
""")


# One of them


def standing(kind: str, provision_id: int) -> Row:
    """Return how a department or an item stands to the own center, and what can be begun for it.

    Raises:
        NotFound: if the center does not offer it, or the post does not see it.
    """
    center = current().tenant_id
    assert center is not None
    row = db.session.execute(
        service.offered(kind, center)
        .where(Revision.provision_id == provision_id)
        .with_only_columns(
            service.state().label("state"),
            Entry.mode,
            Entry.since,
            Entry.reason,
            maintain_column_froms=True,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(id=provision_id)
    return {
        **row._mapping,
        "state_label": say(f"entry_state.{row.state}"),
        "mode_label": say(f"choice.presence_mode.{row.mode.value}") if row.mode else "",
        "kinds": acts.kinds_in(kind, row.state),
    }


# The list


def page(kind: str, query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return a page of what a center offers, each with how it stands and what it waits for."""
    model, step = models()[kind], _step(center_id)
    statement = service.offered(kind, center_id).outerjoin(step, step.c.case_id == Case.id)
    statement = statement.with_only_columns(
        Revision.provision_id,
        model.id.label("record_id"),
        Revision.code,
        Revision.name,
        service.group(kind).label("group"),
        service.department(kind).label("department_code"),
        service.state().label("state"),
        Entry.mode,
        Entry.since,
        Entry.reason,
        Entry.approval,
        Case.id.label("case_id"),
        Case.number.label("case_number"),
        Case.kind.label("case_kind"),
        step.c.step_name,
        step.c.actor,
        _waiting_since(model, step).label("waiting_since"),
        step.c.due_on,
    )
    found = page_of(
        _narrowed(kind, statement, query),
        query,
        sortable={
            "name": Revision.name_key,
            "code": Revision.code,
            "department": service.department(kind),
            "since": Entry.since,
            "state": service.state(),
            "waiting_since": _waiting_since(model, step),
        },
        default="department,name",
        last=[Revision.provision_id.asc()],
    )
    return _labelled(kind, found, center_id)


def _step(center_id: int) -> Any:
    """Select, for each case in course, the open step that is due first."""
    return (
        select(
            CaseStep.case_id,
            CaseStep.name.label("step_name"),
            CaseStep.actor,
            CaseStep.opened_on,
            CaseStep.due_on,
        )
        .where(CaseStep.tenant_id == center_id, CaseStep.state.in_(ALIVE))
        .ext(distinct_on(CaseStep.case_id))
        .order_by(CaseStep.case_id, CaseStep.due_on.asc().nulls_last(), CaseStep.id)
        .subquery("step")
    )


def _waiting_since(model: Any, step: Any) -> ColumnElement[Any]:
    """Return since when something waits: in its step, else since the center offers it."""
    offered = cast(func.timezone("Asia/Shanghai", model.created_at), Date)
    return case((Case.id.is_not(None), step.c.opened_on), (Entry.id.is_(None), offered), else_=None)


def _narrowed(kind: str, statement: Selection, query: Mapping[str, Any]) -> Selection:
    """Apply the filters of a list; each figure has the ones that give exactly its rows."""
    conditions = {
        "state": service.state() == query.get("state"),
        "mode": and_(
            Entry.state == EntryState.ENTERED, cast(Entry.mode, Text) == query.get("mode")
        ),
        "group": service.group(kind) == query.get("group"),
        "due": service.state() != EntryState.EXCLUDED,
        "waiting": Case.id.is_not(None) if query.get("waiting") == "case" else Case.id.is_(None),
    }
    for name, condition in conditions.items():
        if query.get(name):
            statement = statement.where(condition)
    if kind == "department" and query.get("department"):
        statement = statement.where(Revision.code == query["department"])
    given = {name: query.get(name) for name in ("q", "item_type")}
    if kind == "item":
        given["department"] = query.get("department")
    return narrowed(statement, given)


def _labelled(kind: str, found: Row, center_id: int) -> Row:
    """Add to the rows of a page the words for their codes."""
    days, day = workdays.of(center_id), today()
    _name(found["rows"], center_id)
    for row in found["rows"]:
        case_kind = row["case_kind"]
        row |= {
            "group_label": service.group_label(kind, row["group"]),
            "reason": row["reason"] or "",
            "approval": row["approval"] or "",
            "case_kind_label": say(f"choice.procedure_kind.{case_kind}") if case_kind else "",
            "waits_for": _waits_for(row),
            "days_left": days.between(day, row["due_on"]) if row["due_on"] else None,
        }
    return found


def _waits_for(row: Row) -> str:
    """Say who acts next; nobody where nothing is to be done."""
    if row["case_id"]:
        return say(f"choice.actor.{row['actor']}") if row["actor"] else ""
    return say("entry.to_propose") if row["state"] == NOT_ENTERED else ""


def _name(rows: list[Row], center_id: int) -> None:
    """Add to rows the name of their department and of their state."""
    names = departments_around(center_id)
    for row in rows:
        code = row["department_code"]
        row["department_name"] = names.get(code, code)
        row["state_label"] = say(f"entry_state.{row['state']}")


# The changes of a month


def changes(query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return what began in a month, the newest first: what, who did it, under which case."""
    both = _changed(query, center_id)
    statement = select(both)
    for name in ("object", "change"):
        if query.get(name):
            statement = statement.where(both.c[name] == query[name])
    found = page_of(
        statement,
        query,
        sortable={
            "since": both.c.since,
            "name": both.c.name_key,
            "department": both.c.department_code,
        },
        default="-since",
        last=[both.c.id.desc()],
        shape=_without_key,
    )
    _name(found["rows"], center_id)
    who = _who(center_id, [row["id"] for row in found["rows"]])
    for row in found["rows"]:
        row["who"] = who.get(row["id"], "")
        row["change_label"] = say(f"entry_change.{row['change']}")
    return found


def _without_key(row: Row) -> Row:
    del row["name_key"]
    return row


def _who(center_id: int, entries: list[int]) -> dict[int, str]:
    """Return the name of whoever brought each of these about, as the change log has it."""
    found = db.session.execute(_BROUGHT_ABOUT, {"center": center_id, "ids": entries}).all()
    names = names_of(row.actor_id for row in found)
    return {row.record_id: names.get(row.actor_id, "") for row in found}


def change_figures(query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return how many changes of each kind began in a month."""
    both = _changed(query, center_id)
    counted = select(both.c.object, both.c.change, func.count().label("number"))
    rows = db.session.execute(counted.group_by(both.c.object, both.c.change))
    numbers = {(row.object, row.change): row.number for row in rows}
    return {
        "month": _month(query),
        "rows": [
            {
                "change": change.value,
                "label": say(f"entry_change.{change}"),
                **{kind: numbers.get((kind, change.value), 0) for kind in service.GROUPED_BY},
            }
            for change in ChangeKind
        ],
    }


def _month(query: Mapping[str, Any]) -> str:
    return query.get("month") or f"{today():%Y-%m}"


def _changed(query: Mapping[str, Any], center_id: int) -> Any:
    """Select the changes of a month, of items and of departments."""
    parts = [_begun(kind, center_id, query) for kind in models() if kind in service.GROUPED_BY]
    return parts[0].union_all(*parts[1:]).subquery("changed")


def _begun(kind: str, center_id: int, query: Mapping[str, Any]) -> Selection:
    """Select the states of a kind that began in a month."""
    model, period = models()[kind], _periods(center_id)
    year, month = (int(part) for part in _month(query).split("-"))
    statement = (
        in_force(model)
        .with_only_columns(
            literal(kind).label("object"),
            period.c.id,
            period.c.since,
            cast(period.c.state, Text).label("state"),
            _change(period).label("change"),
            cast(period.c.mode, Text).label("mode"),
            period.c.reason,
            period.c.approval,
            period.c.case_id,
            Case.number.label("case_number"),
            model.id.label("record_id"),
            Revision.provision_id,
            Revision.code,
            Revision.name,
            Revision.name_key,
            service.department(kind).label("department_code"),
        )
        .join(period, period.c.subject_id == model.provision_id)
        .outerjoin(Case, and_(Case.tenant_id == model.tenant_id, Case.id == period.c.case_id))
        .where(
            model.tenant_id == center_id,
            extract("year", period.c.since) == year,
            extract("month", period.c.since) == month,
        )
    )
    if query.get("q"):
        statement = statement.where(words.found(query["q"]))
    return service.of_post(statement)


def _periods(center_id: int) -> Any:
    """Select the periods of a center, each with the state before it."""
    before = func.lag(cast(Entry.state, Text)).over(
        partition_by=Entry.subject_id, order_by=Entry.id
    )
    columns = [
        getattr(Entry, name) for name in ("id", "subject_id", "state", "mode", "since", "case_id")
    ]
    texts = [Entry.reason, Entry.approval, before.label("before")]
    return select(*columns, *texts).where(Entry.tenant_id == center_id).subquery("period")


def _change(period: Any) -> ColumnElement[str]:
    """Return what a state that begins means, after the one before it."""
    entered = period.c.state == EntryState.ENTERED
    before = period.c.before
    return case(
        (and_(entered, before == EntryState.ENTERED), literal(ChangeKind.ADJUSTED)),
        (and_(entered, before == EntryState.SUSPENDED), literal(ChangeKind.RESUMED)),
        else_=cast(period.c.state, Text),
    )
