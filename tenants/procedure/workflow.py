"""What the names in a procedure stand for, and the course of a case through its steps.

A record type registers what a condition, a guard or an effect of a step means for it; a procedure
names them.  Nothing here is an if-chain on states: what is possible is read off the procedure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jinzhu.core.problems import Fault
from jinzhu.core.transaction import acting_for
from jinzhu.core.workflow import Course, Procedure, Step
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.models import Revision
from tenants.procedure.models import Case, CaseStep, StepState

#: Whether a step is needed at all in a case.
Condition = Callable[[Case], bool]
#: What keeps a step from being approved; empty if nothing does.
Guard = Callable[[Case], Iterable[Fault]]
#: What keeps any step from being approved, whatever guards it names.
Check = Callable[[Case, Step], Iterable[Fault]]
#: What the approval of a step does; given whose decision, outside the service, it records.
Effect = Callable[[Case, str], None]

#: The same in many cases at once, in few statements.
EffectOnMany = Callable[[Sequence[Case], str], None]
#: Says what the rules above will read of these cases, or of subjects that have none yet.
Expectation = Callable[[Sequence[Case], Sequence[int]], None]
#: What the opening of steps does that name an effect, for cases of one object of one center.
Opening = Callable[[Sequence[tuple[Case, CaseStep]]], None]
#: What it does if such a step is left without being done; given why.
Leaving = Callable[[Case, CaseStep, str], None]

#: Whether a kind of case makes sense for something as it stands now.
Start = Callable[[Revision, str], Iterable[Fault]]

#: Whether what a kind of case is to bring about can be, for something.
FactCheck = Callable[[Revision, str, Mapping[str, Any]], Iterable[Fault]]

#: The class that holds for something where it is another than the standard's; else ''.
Classed = Callable[[Revision], str]

STARTS: list[Start] = []
CLASSED: list[Classed] = []
FACTS: list[FactCheck] = []
CHECKS: list[Check] = []
CONDITIONS: dict[str, Condition] = {}
GUARDS: dict[tuple[str, str], Guard] = {}
EFFECTS: dict[tuple[str, str], Effect] = {}
EFFECTS_ON_MANY: dict[tuple[str, str], EffectOnMany] = {}
EXPECTATIONS: list[Expectation] = []
OPENINGS: dict[tuple[str, str], Opening] = {}
LEAVINGS: dict[tuple[str, str], Leaving] = {}
#: The steps of a case that are not over.
ALIVE = (StepState.OPEN, StepState.SUSPENDED)


def start(body: Start) -> Start:
    """Declare what keeps a case from being begun."""
    STARTS.append(body)
    return body


def classed(body: Classed) -> Classed:
    """Declare which class holds for something where it is another than the standard's."""
    CLASSED.append(body)
    return body


def class_of(subject: Revision) -> str:
    """Return the class that holds for something where it is another than the standard's."""
    return next((found for body in CLASSED if (found := body(subject))), "")


def fact(body: FactCheck) -> FactCheck:
    """Declare what the facts that a case is begun with have to be."""
    FACTS.append(body)
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


def check(body: Check) -> Check:
    """Declare what has to be so before any step is approved."""
    CHECKS.append(body)
    return body


def effect(object_: str, name: str) -> Callable[[Effect], Effect]:
    """Declare what the approval of a step does to an object."""
    _known("step_effect", name)

    def declare(body: Effect) -> Effect:
        EFFECTS[object_, name] = body
        return body

    return declare


def effect_on_many(object_: str, name: str) -> Callable[[EffectOnMany], EffectOnMany]:
    """Declare what the approval of a step does to an object, in many cases or in one."""

    def declare(body: EffectOnMany) -> EffectOnMany:
        effect(object_, name)(lambda case, on_behalf: body([case], on_behalf))
        EFFECTS_ON_MANY[object_, name] = body
        return body

    return declare


def opening(object_: str, name: str) -> Callable[[Opening], Opening]:
    """Declare what begins, for an object, when a step that names this effect opens."""
    _known("step_effect", name)

    def declare(body: Opening) -> Opening:
        OPENINGS[object_, name] = body
        return body

    return declare


def take_effect(object_: str, name: str, cases: Sequence[Case], *, at: int, on_behalf: str) -> None:
    """Do what the approval of a step does, in many cases of a center: there, whoever approved."""
    with acting_for(at):
        if many := EFFECTS_ON_MANY.get((object_, name)):
            many(cases, on_behalf)
            return
        for case in cases:
            EFFECTS[object_, name](case, on_behalf)


def reads_ahead(body: Expectation) -> Expectation:
    """Declare what the rules of a record type read, so that it is read for many cases at once."""
    EXPECTATIONS.append(body)
    return body


def expect(cases: Sequence[Case] = (), *, subjects: Sequence[int] = ()) -> None:
    """Let be read at once what the rules ask of these cases, or of what has none yet."""
    about = [*subjects, *(case.subject_id for case in cases)]
    for body in EXPECTATIONS:
        body(cases, about)


def leaving(object_: str, name: str) -> Callable[[Leaving], Leaving]:
    """Declare what ends, for an object, when such a step is sent back or given up."""
    _known("step_effect", name)

    def declare(body: Leaving) -> Leaving:
        LEAVINGS[object_, name] = body
        return body

    return declare


def begin_with(opened: Iterable[tuple[Case, CaseStep]], of: Callable[[Case], Procedure]) -> None:
    """Begin what begins with the steps of cases that have opened, for all of them at once."""
    alike: dict[tuple[int, str, str], list[tuple[Case, CaseStep]]] = defaultdict(list)
    for case, row in opened:
        for name in of(case).by_code[row.code].effects:
            alike[case.tenant_id, case.object, name].append((case, row))
    for (_, object_, name), steps in alike.items():
        if body := OPENINGS.get((object_, name)):
            body(steps)


def end_with(
    left: Iterable[tuple[Case, CaseStep]], of: Callable[[Case], Procedure], *, why: str
) -> None:
    """End what goes on only while the steps are open that cases have left."""
    for case, row in left:
        for name in of(case).by_code[row.code].effects:
            if (case.object, name) in LEAVINGS:
                LEAVINGS[case.object, name](case, row, why)


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
    step = procedure.by_code[code]
    guards = [GUARDS[case.object, name] for name in step.guards if (case.object, name) in GUARDS]
    return [
        *(fault for one in CHECKS for fault in one(case, step)),
        *(fault for one in guards for fault in one(case)),
    ]
