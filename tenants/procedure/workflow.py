"""What the names in a procedure stand for, and the course of a case through its steps.

A record type registers what a condition, a guard or an effect of a step means for it; a procedure
names them.  Nothing here is an if-chain on states: what is possible is read off the procedure.
"""

from collections.abc import Callable, Iterable

from jinzhu.core.problems import Fault
from jinzhu.core.workflow import Course, Procedure
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.models import Revision
from tenants.procedure.models import Case, CaseStep, StepState

#: Whether a step is needed at all in a case.
Condition = Callable[[Case], bool]
#: What keeps a step from being approved; empty if nothing does.
Guard = Callable[[Case], Iterable[Fault]]
#: What the approval of a step does; given whose decision, outside the service, it records.
Effect = Callable[[Case, str], None]

#: Whether a kind of case makes sense for something as it stands now.
Start = Callable[[Revision, str], Iterable[Fault]]

STARTS: list[Start] = []
CONDITIONS: dict[str, Condition] = {}
GUARDS: dict[tuple[str, str], Guard] = {}
EFFECTS: dict[tuple[str, str], Effect] = {}
#: The steps of a case that are not over.
ALIVE = (StepState.OPEN, StepState.SUSPENDED)


def start(body: Start) -> Start:
    """Declare what keeps a case from being begun."""
    STARTS.append(body)
    return body


def condition(name: str) -> Callable[[Condition], Condition]:
    """Declare when a step is needed; it is passed over in other cases."""
    _known("step_condition", name)

    def declare(body: Condition) -> Condition:
        CONDITIONS[name] = body
        return body

    return declare


def guard(object_: str, name: str) -> Callable[[Guard], Guard]:
    """Declare what has to be so, for cases of an object, before a step is approved."""
    _known("step_guard", name)

    def declare(body: Guard) -> Guard:
        GUARDS[object_, name] = body
        return body

    return declare


def effect(object_: str, name: str) -> Callable[[Effect], Effect]:
    """Declare what the approval of a step does to an object."""
    _known("step_effect", name)

    def declare(body: Effect) -> Effect:
        EFFECTS[object_, name] = body
        return body

    return declare


def _known(names: str, name: str) -> None:
    if name not in CHOICES[names]:
        raise ValueError(f"{name} is not among the names of {names}")


def holds(case: Case) -> Callable[[str], bool]:
    """Return what says whether a condition is met in a case."""
    return lambda name: CONDITIONS[name](case)


def standing(rows: Iterable[CaseStep]) -> Course:
    """Return how far a case has come, from its steps in their newest rounds."""
    newest = {row.code: row for row in sorted(rows, key=lambda row: row.round)}

    def codes(*states: StepState) -> frozenset[str]:
        return frozenset(code for code, row in newest.items() if row.state in states)

    return Course(codes(*ALIVE), codes(StepState.DONE), codes(StepState.SKIPPED))


def hindrances(case: Case, procedure: Procedure, code: str) -> list[Fault]:
    """Return what keeps a step from being approved."""
    return [
        fault
        for name in procedure.by_code[code].guards
        if (found := GUARDS.get((case.object, name)))
        for fault in found(case)
    ]
