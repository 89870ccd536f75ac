"""Documents over HTTP: attached to a case, sent, taken back, printed; and those of a center.

A file is reached through the case it is attached to, so that who sees the case sees it, and nobody
else does.
"""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.files import sending
from jinzhu.prints.typeset import PDF
from tenants.document import acts, papers, reading, service
from tenants.document.schemas import (
    DocumentInSchema,
    DocumentQuery,
    DocumentRowSchema,
    PrintsSchema,
)
from tenants.procedure import above
from tenants.procedure import reading as case_reading
from tenants.procedure import service as cases
from tenants.procedure.schemas import CaseSchema, ConsentSchema

routes = Routes("documents", __name__, prefix="/api")
CASE = "/cases/<int:case_id>"
CONSENT = "/consents/<int:center_id>/<int:case_id>"
ONE = "/documents/<int:document_id>"


@routes.on(
    "GET /documents",
    needs="procedure.read",
    query=DocumentQuery(),
    gives=rows_of(DocumentRowSchema()),
)
def list_documents(query: dict[str, Any]) -> Row:
    """List the documents of this center's cases, with how each stands today."""
    return reading.page(query)


@routes.on(
    f"POST {CASE}/documents",
    needs="procedure.propose",
    form=DocumentInSchema(),
    gives=CaseSchema(),
    status=201,
)
def attach_document(values: dict[str, Any], case_id: int) -> Row:
    """Attach a file (multipart, part `file`) to a case; the answer is the case."""
    case = cases.find(case_id, lock=True)
    acts.attach(case, values, *sending.received())
    return case_reading.document(case)


@routes.on(f"GET {CASE}{ONE}/content", needs="procedure.read")
def download_document(case_id: int, document_id: int) -> Any:
    """Download the file of a document."""
    document = service.find(cases.find(case_id), document_id)
    return sending.sent(service.file_of(document), document.file_name)


@routes.on(f"POST {CASE}{ONE}/withdrawal", needs="procedure.propose", gives=CaseSchema())
def withdraw_document(case_id: int, document_id: int) -> Row:
    """Take back a document that nothing was approved on."""
    case = cases.find(case_id, lock=True)
    acts.withdraw(case, document_id)
    return case_reading.document(case)


@routes.on(f"GET {CASE}/prints", needs="procedure.read", gives=PrintsSchema())
def list_prints(case_id: int) -> Row:
    """List the forms that can be printed for a case."""
    return papers.forms_of(cases.find(case_id))


@routes.on(f"GET {CASE}/prints/<form>", needs="procedure.read")
def print_form(case_id: int, form: str) -> Any:
    """Print a form of a case as PDF."""
    content, name = papers.printed(cases.find(case_id), form)
    return sending.as_file(content, PDF, name)


@routes.on(
    f"POST {CASE}/prints/<form>/attachment",
    needs="procedure.decide",
    gives=CaseSchema(),
    status=201,
)
def issue_form(case_id: int, form: str) -> Row:
    """Print a form that the center issues and attach it to the step that asks for it."""
    case = cases.find(case_id, lock=True)
    papers.issue(case, form)
    return case_reading.document(case)


@routes.on(
    f"POST {CONSENT}/documents",
    needs="procedure.consent",
    form=DocumentInSchema(),
    gives=ConsentSchema(),
    status=201,
    reach=Reach.PUSH,
)
def attach_above(values: dict[str, Any], center_id: int, case_id: int) -> Row:
    """Attach what the superior department signs to a case of a center below."""
    case = cases.find_below(center_id, case_id, lock=True)
    acts.attach_above(case, values, *sending.received())
    return above.document(case)


@routes.on(
    f"GET {CONSENT}{ONE}/content",
    needs="procedure.consent",
    reach=Reach.SUBTREE,
)
def download_above(center_id: int, case_id: int, document_id: int) -> Any:
    """Download a document of a case that the superior department signs in."""
    document = service.find(cases.find_below(center_id, case_id), document_id)
    return sending.sent(service.file_of(document), document.file_name)


@routes.on(
    f"POST {CONSENT}{ONE}/withdrawal",
    needs="procedure.consent",
    gives=ConsentSchema(),
    reach=Reach.PUSH,
)
def withdraw_above(center_id: int, case_id: int, document_id: int) -> Row:
    """Take back what the superior department attached."""
    case = cases.find_below(center_id, case_id, lock=True)
    acts.withdraw_above(case, document_id)
    return above.document(case)
