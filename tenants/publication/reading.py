"""Publications as the center reads them, with what was objected and by whom, masked."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from jinzhu.core import masks
from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import desk
from jinzhu.workdays import service as workdays
from tenants.procedure import service as cases
from tenants.procedure.models import Case
from tenants.procedure.reading import ADDED
from tenants.publication import acts, service
from tenants.publication.models import Objection, ObjectionState, Publication, PublicationState

#: Publications with an objection that is not answered yet.
OBJECTED = "objected"


def seen() -> list[ColumnElement[bool]]:
    """Return the conditions for the publications that the present post sees."""
    scope = current()
    conditions: list[ColumnElement[bool]] = [Publication.tenant_id == scope.tenant_id]
    if scope.departments is not None:
        conditions.append(Publication.department_code.in_(scope.departments))
    return conditions


def _all() -> ColumnElement[int]:
    """Return how many objections a publication has."""
    found: ColumnElement[int] = (
        select(func.count())
        .select_from(Objection)
        .where(
            Objection.tenant_id == Publication.tenant_id,
            Objection.publication_id == Publication.id,
        )
        .correlate(Publication)
        .scalar_subquery()
    )
    return found


def _asked_for(query: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if query.get("state") == OBJECTED:
        yield service.objected() > 0
    elif query.get("state"):
        yield Publication.state == query["state"]
    for name in ("object", "kind"):
        if query.get(name):
            yield getattr(Publication, name) == query[name]
    if query.get("department"):
        yield Publication.department_code == query["department"]
    if query.get("q"):
        part = query["q"].strip()
        yield or_(
            Publication.subject_name.icontains(part, autoescape=True),
            Publication.subject_code.istartswith(part, autoescape=True),
            Publication.number.istartswith(part, autoescape=True),
        )


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of publications, the newest first."""
    statement: Selection = select(
        Publication.id,
        Publication.number,
        Publication.case_id,
        Publication.object,
        Publication.kind,
        Publication.subject_code,
        Publication.subject_name,
        Publication.department_name,
        Publication.from_on,
        Publication.until_on,
        Publication.state,
        Publication.ended_on,
        _all().label("objections"),
        service.objected().label("open_objections"),
    ).where(*seen(), *_asked_for(query))
    return page_of(
        statement,
        query,
        sortable={
            "number": Publication.number,
            "name": Publication.subject_name,
            "from_on": Publication.from_on,
            "until_on": Publication.until_on,
        },
        default="-number",
        last=[Publication.id.desc()],
        shape=_row,
    )


def _row(row: Row) -> Row:
    return {
        **row,
        "state": row["state"].value,
        "kind_label": say(f"choice.procedure_kind.{row['kind']}"),
        "days_left": _days_left(row["state"], row["until_on"]),
    }


def _days_left(state: PublicationState, until: Any) -> int | None:
    if state is not PublicationState.RUNNING:
        return None
    return workdays.here().between(today(), until)


def _open_ones() -> int:
    statement = (
        select(func.count())
        .select_from(Publication)
        .where(*seen(), *_asked_for({"state": OBJECTED}))
    )
    return db.session.scalar(statement) or 0


@desk.waits("todo")
def _on_desk() -> list[Row]:
    if not may("procedure.decide"):
        return []
    return [desk.entry("objections_open", _open_ones(), "/publications?tab=objected")]


def document(found: Publication) -> Row:
    """Return a publication with its objections and what can be said to them."""
    case = cases.find(found.case_id)
    code = db.session.get_one(Center, found.tenant_id).code
    return {
        "id": found.id,
        "number": found.number,
        "case": {"id": case.id, "number": case.number},
        "object": found.object,
        "kind": found.kind,
        "kind_label": say(f"choice.procedure_kind.{found.kind}"),
        "subject_code": found.subject_code,
        "subject_name": found.subject_name,
        "department_name": found.department_name,
        "from_on": found.from_on,
        "until_on": found.until_on,
        "days_left": _days_left(found.state, found.until_on),
        "state": found.state.value,
        "ended_on": found.ended_on,
        "reason": found.reason,
        "page": f"/public/{code}/publications/{found.number}",
        "objections": _objections(found),
        "targets": _targets(found, case),
        "answerable": may(acts.DECIDES),
        "recordable": may(acts.DECIDES) and found.state is PublicationState.RUNNING,
        "contact_visible": may(acts.SEES_CONTACT),
    }


def _targets(found: Publication, case: Case) -> list[Row]:
    if found.state is not PublicationState.RUNNING:
        return []
    steps = cases.steps_of(case).by_code
    return [
        {"code": code, "name": steps[code].name} for code in acts.targets(case, found.step_code)
    ]


def _objections(found: Publication) -> list[Row]:
    rows = db.session.scalars(
        select(Objection)
        .where(Objection.tenant_id == found.tenant_id, Objection.publication_id == found.id)
        .order_by(Objection.id)
    ).all()
    people = names_of(one for row in rows for one in (row.answered_by, row.recorded_by))
    return [
        {
            "id": row.id,
            "number": row.number,
            "said": row.said,
            **_masked(row),
            "received_on": row.received_on,
            "channel": row.channel.value,
            "received_by": row.received_by,
            "recorded_by": people.get(row.recorded_by),
            "state": row.state.value,
            "answer": row.answer,
            "closed_on": row.closed_on,
            "answered_by": people.get(row.answered_by),
            "version": row.version,
        }
        for row in rows
    ]


def _masked(row: Objection) -> Row:
    """Return who objects, as much of it as everybody who sees the objection may see."""
    opened = acts.opened(row)
    return {"name": masks.person(opened["name"]), "contact": masks.contact(opened["contact"])}


def of_case(case: Case) -> Row | None:
    """Return the publication of a case, the newest if there were several."""
    found = db.session.scalar(
        select(Publication)
        .where(Publication.tenant_id == case.tenant_id, Publication.case_id == case.id)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    objections = db.session.execute(
        select(
            func.count(),
            func.count().filter(Objection.state == ObjectionState.OPEN),
        ).where(Objection.tenant_id == found.tenant_id, Objection.publication_id == found.id)
    ).one()
    code = db.session.get_one(Center, found.tenant_id).code
    return {
        "id": found.id,
        "number": found.number,
        "state": found.state.value,
        "step": found.step_code,
        "from_on": found.from_on,
        "until_on": found.until_on,
        "page": f"/public/{code}/publications/{found.number}",
        "objections": objections[0],
        "open_objections": objections[1],
    }


ADDED["publication"] = of_case
