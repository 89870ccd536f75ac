"""Cases over HTTP: what waits, one case, beginning one, and one operation for all acts.

And the same for the superior department, in the cases of the centers below it.
"""

from typing import Any

from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from tenants.procedure import above, acts, beginning, handing, reading, service
from tenants.procedure.schemas import (
    ActInSchema,
    CaseCountsSchema,
    CaseInSchema,
    CaseQuery,
    CaseRowSchema,
    CaseSchema,
    ColleaguesSchema,
    ConsentQuery,
    ConsentSchema,
    ConsentWaitingSchema,
    EscalationQuery,
    EscalationRowSchema,
    HandedSchema,
    HandoverInSchema,
    HandoverSchema,
    StepQuery,
    UrgeSchema,
)

routes = Routes("cases", __name__, prefix="/api")


@routes.on("GET /cases", needs="procedure.read", query=CaseQuery(), gives=rows_of(CaseRowSchema()))
def list_cases(query: dict[str, Any]) -> Row:
    """List the cases of this center, those due first first."""
    return reading.page(query)


@routes.on(
    "POST /cases", needs="procedure.propose", takes=CaseInSchema(), gives=CaseSchema(), status=201
)
def begin_case(values: dict[str, Any]) -> Row:
    """Begin the entry, change or exit of a department or an item."""
    return reading.document(beginning.begin(values))


@routes.on("GET /cases/counts", needs="procedure.read", gives=CaseCountsSchema())
def count_cases() -> Row:
    """Count the cases in each list of this center, as this post has them."""
    return reading.counts()


@routes.on("GET /cases/handovers", needs="procedure.decide", gives=HandoverSchema())
def read_handovers() -> Row:
    """Show who has been handed steps, who of them is gone, and the colleagues there are."""
    return handing.page()


@routes.on(
    "POST /cases/handovers",
    needs="procedure.decide",
    takes=HandoverInSchema(),
    gives=HandedSchema(),
)
def hand_over(values: dict[str, Any]) -> Row:
    """Hand all steps that somebody has to a colleague, or back to their posts."""
    return handing.hand_over(values)


@routes.on("GET /cases/<int:case_id>", needs="procedure.read", gives=CaseSchema())
def read_case(case_id: int) -> Row:
    """Show a case with its time line and what can be done in it now."""
    return reading.document(service.find(case_id))


@routes.on(
    "GET /cases/<int:case_id>/colleagues",
    needs="procedure.propose",
    query=StepQuery(),
    gives=ColleaguesSchema(),
)
def list_colleagues(query: dict[str, Any], case_id: int) -> Row:
    """List the people of this center whom an open step can be handed to."""
    return {"rows": acts.colleagues(service.find(case_id), query["step"])}


@routes.on(
    "POST /cases/<int:case_id>/acts",
    needs="procedure.propose",
    takes=ActInSchema(),
    gives=CaseSchema(),
)
def act_in_case(values: dict[str, Any], case_id: int) -> Row:
    """Approve, send back, refuse, ask for more, answer, hand over or withdraw."""
    case = service.find(case_id, lock=True)
    check_version(case.version, lambda: reading.document(case))
    acts.act(case, values)
    return reading.document(case)


@routes.on(
    "GET /consents",
    needs="procedure.consent",
    query=ConsentQuery(),
    gives=rows_of(ConsentWaitingSchema()),
    reach=Reach.SUBTREE,
)
def list_consents(query: dict[str, Any]) -> Row:
    """List the cases of centers below that the departments of this post sign in."""
    return above.consents(query)


@routes.on(
    "GET /consents/<int:center_id>/<int:case_id>",
    needs="procedure.consent",
    gives=ConsentSchema(),
    reach=Reach.SUBTREE,
)
def read_consent(center_id: int, case_id: int) -> Row:
    """Show a case of a center below with what the superior department may do in it."""
    return above.document(service.find_below(center_id, case_id))


@routes.on(
    "POST /consents/<int:center_id>/<int:case_id>/acts",
    needs="procedure.consent",
    takes=ActInSchema(),
    gives=ConsentSchema(),
    reach=Reach.PUSH,
)
def act_above(values: dict[str, Any], center_id: int, case_id: int) -> Row:
    """Approve, send back, refuse or ask for more as the superior department."""
    case = service.find_below(center_id, case_id, lock=True)
    check_version(case.version, lambda: above.document(case))
    acts.act_above(case, values)
    return above.document(case)


@routes.on(
    "GET /escalations",
    needs="procedure.urge",
    query=EscalationQuery(),
    gives=rows_of(EscalationRowSchema()),
    reach=Reach.SUBTREE,
)
def list_escalations(query: dict[str, Any]) -> Row:
    """List the steps in centers right below that have been overdue for long."""
    return above.escalations(query)


@routes.on(
    "GET /escalations/<int:center_id>/<int:case_id>",
    needs="procedure.urge",
    gives=ConsentSchema(),
    reach=Reach.SUBTREE,
)
def read_escalation(center_id: int, case_id: int) -> Row:
    """Show a case of a center below of which this center was told."""
    return above.document_watched(above.find_escalated(center_id, case_id))


@routes.on(
    "POST /escalations/<int:center_id>/<int:case_id>/words",
    needs="procedure.urge",
    takes=UrgeSchema(),
    gives=ConsentSchema(),
    reach=Reach.PUSH,
)
def urge(values: dict[str, Any], center_id: int, case_id: int) -> Row:
    """Say something to the center below about what is overdue there."""
    case = above.find_escalated(center_id, case_id)
    above.urge(case, values["opinion"])
    return above.document_watched(case)
