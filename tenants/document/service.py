"""Documents of cases: which there are, how each stands on a day, and the file behind one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, or_, select

from jinzhu.core.ahead import Ahead
from jinzhu.core.db import db
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.files.models import StoredFile
from tenants.document.models import POWER_OF_ATTORNEY, CaseDocument
from tenants.procedure.models import Case, CaseState

IN_FORCE, NOT_YET, ENDED = "in_force", "not_yet", "ended"


def of_case(case: Case) -> list[CaseDocument]:
    """Return the documents that are attached to a case, in the order in which they came."""
    return DOCUMENTS(case)


def _of_all(cases: Collection[Case]) -> dict[Case, list[CaseDocument]]:
    found: dict[tuple[int, int], list[CaseDocument]] = defaultdict(list)
    for row in db.session.scalars(
        select(CaseDocument)
        .where(
            CaseDocument.tenant_id.in_({case.tenant_id for case in cases}),
            CaseDocument.case_id.in_([case.id for case in cases]),
            CaseDocument.withdrawn_at.is_(None),
        )
        .order_by(CaseDocument.id)
    ):
        found[row.tenant_id, row.case_id].append(row)
    return {case: found[case.tenant_id, case.id] for case in cases}


DOCUMENTS = Ahead(_of_all)


def find(case: Case, document_id: int) -> CaseDocument:
    """Return a document of a case.

    Raises:
        NotFound: if it is not attached to it, or no more.
    """
    for document in of_case(case):
        if document.id == document_id:
            return document
    raise NotFound(id=document_id)


def file_of(document: CaseDocument) -> StoredFile:
    """Return the file of a document."""
    return db.session.get_one(StoredFile, (document.tenant_id, document.file_id))


def files_of(documents: Iterable[CaseDocument]) -> dict[int, StoredFile]:
    """Return the files of documents of one center by number, without what is in them."""
    keys = {(one.tenant_id, one.file_id) for one in documents}
    if not keys:
        return {}
    found = db.session.scalars(
        select(StoredFile).where(
            StoredFile.tenant_id.in_({center for center, _ in keys}),
            StoredFile.id.in_({number for _, number in keys}),
        )
    )
    return {file.id: file for file in found}


def state(since: date | None, until: date | None, day: date) -> str:
    """Return how a document stands on a day, both days of its validity included."""
    if until is not None and until < day:
        return ENDED
    if since is not None and since > day:
        return NOT_YET
    return IN_FORCE


def powers(department_code: str, day: date) -> int:
    """Return how many powers of attorney of a department hold on a day at the own center."""
    statement = (
        select(func.count(CaseDocument.id))
        .join(Case, Case.id == CaseDocument.case_id)
        .where(
            CaseDocument.tenant_id == current().tenant_id,
            Case.tenant_id == CaseDocument.tenant_id,
            Case.state == CaseState.FINISHED,
            CaseDocument.department_code == department_code,
            CaseDocument.name == POWER_OF_ATTORNEY,
            CaseDocument.withdrawn_at.is_(None),
            CaseDocument.valid_until >= day,
            or_(CaseDocument.valid_from.is_(None), CaseDocument.valid_from <= day),
        )
    )
    return db.session.scalar(statement) or 0
