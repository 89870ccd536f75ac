"""What the services of a center mean for a department that comes and for one that leaves."""

from collections.abc import Iterator

from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from tenants.entry.workflow import Leaver, Left, Settled, hangs
from tenants.procedure.models import Case
from tenants.procedure.workflow import guard
from tenants.support import service

#: How many lines are named before the rest is only counted.
NAMED = 5


@guard("department", "services_provided")
def services_provided(case: Case) -> Iterator[Fault]:
    """Ask that whatever was agreed and is needed is there before the department enters."""
    found = service.lines_of(case.subject_id, center_id=case.tenant_id)
    if not found:
        yield Fault("services", say("support.no_list"), case.subject_code, "services_provided")
        return
    missing = [
        line.name for line in found if line.agreed and line.required and line.provided_on is None
    ]
    if missing:
        text = say("support.open", n=len(missing), names="、".join(missing[:NAMED]))
        yield Fault("services", text, len(missing), "services_provided")


@hangs("services", Settled.FIRST)
def services_out(leaver: Leaver) -> Left:
    """Count what a department has and gives back when it leaves."""
    names = service.to_give_back(leaver.subject_code)
    return Left(len(names), "、".join(names[:NAMED]))
