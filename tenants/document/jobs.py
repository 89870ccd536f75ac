"""What time does to documents: those concerned are told before one ends, and on the day."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from jinzhu.core import clock
from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.standards import notices
from tenants.document.models import CaseDocument
from tenants.entry.models import Entry, EntryState
from tenants.procedure.models import Case, CaseState

#: How many days before a document ends that is said; `app.due_documents` has them too.
BEFORE = timedelta(days=30)
WARNED, ENDED = 1, 2


@clock.due("app.due_documents")
def tell_of_ends(*, day: date) -> None:
    """Tell in the own center which documents end soon, and which end today."""
    found = db.session.execute(
        select(CaseDocument, Case, and_(_matters(), ~_renewed()).label("matters"))
        .join(Case, Case.id == CaseDocument.case_id)
        .where(
            CaseDocument.tenant_id == current().tenant_id,
            Case.tenant_id == CaseDocument.tenant_id,
            CaseDocument.withdrawn_at.is_(None),
            or_(
                and_(CaseDocument.told < ENDED, CaseDocument.valid_until <= day),
                and_(CaseDocument.told < WARNED, CaseDocument.valid_until <= day + BEFORE),
            ),
        )
        .order_by(CaseDocument.valid_until, CaseDocument.id)
        .with_for_update(of=CaseDocument)
    ).all()
    for document, case, matters in found:
        over = document.valid_until is not None and document.valid_until <= day
        if matters:
            _tell(document, case, over=over)
        document.told = ENDED if over else WARNED


def _matters() -> ColumnElement[bool]:
    """Return whether a document still stands for something that is here or on its way in."""
    left = select(Entry.id).where(
        Entry.tenant_id == Case.tenant_id,
        Entry.subject_id == Case.subject_id,
        Entry.until.is_(None),
        Entry.state == EntryState.LEFT,
    )
    return and_(Case.state.in_([CaseState.RUNNING, CaseState.FINISHED]), ~left.exists())


def _renewed() -> ColumnElement[bool]:
    """Return whether a later document of the same name has taken its place."""
    later: Any = aliased(CaseDocument)
    return (
        select(later.id)
        .where(
            later.tenant_id == CaseDocument.tenant_id,
            later.department_code == CaseDocument.department_code,
            later.name == CaseDocument.name,
            later.withdrawn_at.is_(None),
            later.valid_until > CaseDocument.valid_until,
        )
        .correlate(CaseDocument)
        .exists()
    )


def _tell(document: CaseDocument, case: Case, *, over: bool) -> None:
    """Tell the department, and with it whoever runs the center and sees every department."""
    center = current().tenant_id
    assert center is not None
    notices.tell(
        [center],
        "document_ends" if over else "document_ends_soon",
        values={
            "document": document.name,
            "name": case.subject_name,
            "number": case.number,
            "day": str(document.valid_until),
        },
        to=f"/cases/{case.id}",
        needs="procedure.propose",
        department=document.department_code,
    )
