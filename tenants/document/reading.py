"""Documents as people read them: those of a case, and those of a center by department."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from jinzhu.core.calendar import today
from jinzhu.core.db import Selection
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.files.contents import SHOWN
from jinzhu.standards.departments import departments_around
from tenants.document import acts, service
from tenants.document.models import POWER_OF_ATTORNEY, CaseDocument
from tenants.procedure import reading
from tenants.procedure.models import Case, CaseState


def _of_case(case: Case) -> list[Row]:
    """Return the documents of a case as the case shows them."""
    documents, day = service.of_case(case), today()
    files = service.files_of(documents)
    names = names_of(one.attached_by for one in documents)
    kept = acts.kept(case, documents)
    return [
        {
            "id": one.id,
            "step": one.step_code,
            "name": one.name,
            "number": one.number,
            **validity(one.valid_from, one.valid_until, day),
            "file_name": one.file_name,
            "media_type": files[one.file_id].type,
            "size": files[one.file_id].size,
            "shown": files[one.file_id].type in SHOWN,
            "attached_at": one.created_at,
            "attached_by": names.get(one.attached_by),
            "removable": one.id not in kept and case.state not in acts.CLOSED,
        }
        for one in documents
    ]


reading.ADDED["documents"] = _of_case


def validity(since: date | None, until: date | None, day: date) -> Row:
    """Return a validity as sent, with how it stands on a day."""
    return {
        "valid_from": since,
        "valid_until": until,
        "state": service.state(since, until, day),
        "days_left": (until - day).days if until else None,
    }


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of the documents of this center that the post sees; the latest end first."""
    found = page_of(
        _documents(query),
        query,
        sortable={"valid_until": CaseDocument.valid_until, "id": CaseDocument.id},
        default="-valid_until",
        last=[CaseDocument.id.desc()],
    )
    names, day = departments_around(current().tenant_id or 0), today()
    for row in found["rows"]:
        row["department_name"] = names.get(row["department_code"], row["department_code"])
        row |= validity(row["valid_from"], row["valid_until"], day)
    return found


def _documents(query: Mapping[str, Any]) -> Selection:
    statement: Selection = (
        select(
            CaseDocument.id,
            CaseDocument.case_id,
            Case.number.label("case_number"),
            CaseDocument.department_code,
            Case.subject_name,
            CaseDocument.name,
            CaseDocument.number,
            CaseDocument.file_name,
            CaseDocument.valid_from,
            CaseDocument.valid_until,
        )
        .join(Case, Case.id == CaseDocument.case_id)
        .where(
            CaseDocument.tenant_id == current().tenant_id,
            Case.tenant_id == CaseDocument.tenant_id,
            Case.state.in_([CaseState.RUNNING, CaseState.FINISHED]),
            CaseDocument.withdrawn_at.is_(None),
        )
    )
    own = current().departments
    if own is not None:
        statement = statement.where(CaseDocument.department_code.in_(own))
    if query["department"]:
        statement = statement.where(CaseDocument.department_code == query["department"])
    name = POWER_OF_ATTORNEY if query["power"] else query["name"]
    if name:
        statement = statement.where(CaseDocument.name == name)
    return statement.where(_stands(query["state"])) if query["state"] else statement


def _stands(wanted: str) -> ColumnElement[bool]:
    """Return the condition for documents that stand in a state today, as `service.state` has it."""
    ended = CaseDocument.valid_until < today()
    coming = CaseDocument.valid_from > today()
    return {
        service.ENDED: ended,
        service.NOT_YET: ended.isnot(True) & coming,
        service.IN_FORCE: ended.isnot(True) & coming.isnot(True),
    }[wanted]
