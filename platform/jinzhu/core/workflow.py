"""Procedures as data: which step follows which, what may be done in it, and what that leads to.

A procedure is a net without a way back: a step opens once all steps before it are done, so that
several may be open at a time and are done in any order.  Going back is an act, not an arrow.
Nothing here knows who acts or what the steps are about, and nothing here is stored.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Action(StrEnum):
    """What somebody does in an open step."""

    APPROVE = "approve"
    RETURN = "return"
    REFUSE = "refuse"
    ASK = "ask"
    ANSWER = "answer"
    DELEGATE = "delegate"
    WITHDRAW = "withdraw"


class End(StrEnum):
    """How a course through a procedure is over."""

    FINISHED = "finished"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure.

    `actions` are those beside approving, which is always possible.  `limit` and `warn` are working
    days: until it is due, and how long before that somebody is reminded; `escalate_after` are
    those it may be overdue until it is told further up, to `escalate_to`.  That, `condition`,
    `guards` and `effects` are names of what whoever runs the procedure registers.
    """

    code: str
    name: str
    actor: str
    next: tuple[str, ...] = ()
    actions: frozenset[Action] = frozenset()
    limit: int | None = None
    warn: int | None = None
    escalate_after: int | None = None
    escalate_to: str = ""
    document: str = ""
    condition: str = ""
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    #: Done by itself when its time is over, as a publication is.
    waits: bool = False


class Fault(StrEnum):
    """What is wrong with a step of a procedure."""

    TWICE = "twice"
    UNKNOWN_NEXT = "unknown_next"
    UNREACHED = "unreached"
    CIRCLE = "circle"
    WAITS_WITHOUT_LIMIT = "waits_without_limit"
    ESCALATES_WITHOUT_LIMIT = "escalates_without_limit"
    ESCALATES_AT_ONCE = "escalates_at_once"
    RECEIVER_WITHOUT_DAYS = "receiver_without_days"


@dataclass(frozen=True)
class Procedure:
    """Steps, the first of which opens when a course begins."""

    steps: tuple[Step, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Step]:
        """Return the steps by their code."""
        return {step.code: step for step in self.steps}

    @cached_property
    def after(self) -> Mapping[str, tuple[str, ...]]:
        """Return what follows each step; without any arrow one follows the other."""
        if any(step.next for step in self.steps):
            return {step.code: step.next for step in self.steps}
        codes = [step.code for step in self.steps]
        return {code: (*codes[at + 1 : at + 2],) for at, code in enumerate(codes)}

    @cached_property
    def before(self) -> Mapping[str, frozenset[str]]:
        """Return what has to be done before each step."""
        return {
            code: frozenset(one for one, following in self.after.items() if code in following)
            for code in self.by_code
        }

    def downstream(self, code: str) -> frozenset[str]:
        """Return a step and all that comes after it."""
        found: set[str] = set()
        waiting = [code]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += [follower for follower in self.after[one] if follower in self.after]
        return frozenset(found)

    def upstream(self, code: str) -> frozenset[str]:
        """Return all that comes before a step."""
        return frozenset(one for one in self.by_code if code in self.downstream(one)) - {code}

    def faults(self) -> Iterator[tuple[int, Fault]]:
        """Yield what is wrong, by the place of the step."""
        codes = [step.code for step in self.steps]
        for number, step in enumerate(self.steps):
            if step.code in codes[:number]:
                yield number, Fault.TWICE
            if any(code not in codes for code in step.next):
                yield number, Fault.UNKNOWN_NEXT
            if step.waits and not step.limit:
                yield number, Fault.WAITS_WITHOUT_LIMIT
            if fault := _escalation_fault(step):
                yield number, fault
        reached = self.downstream(codes[0]) if codes else frozenset()
        for number, step in enumerate(self.steps):
            if step.code not in reached:
                yield number, Fault.UNREACHED
            if any(
                step.code in self.downstream(one) for one in self.after[step.code] if one in codes
            ):
                yield number, Fault.CIRCLE


def _escalation_fault(step: Step) -> Fault | None:
    """Return what is wrong with when a step is told further up, and to whom."""
    if step.escalate_after is None:
        return Fault.RECEIVER_WITHOUT_DAYS if step.escalate_to else None
    if not step.limit:
        return Fault.ESCALATES_WITHOUT_LIMIT
    return None if step.escalate_after > 0 else Fault.ESCALATES_AT_ONCE


Holds = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Course:
    """How far a course has come: what is open, what is done or passed over, whether it is over."""

    open: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    end: End | None = None


def begun(procedure: Procedure, holds: Holds) -> Course:
    """Return a course at its beginning; `holds` says whether the condition of a step is met."""
    return _opened(procedure, Course(), holds)


def approved(procedure: Procedure, course: Course, code: str, holds: Holds) -> Course:
    """Return the course after an open step is done: what it opens, and whether it is over.

    Raises:
        KeyError: if the step is not open.
    """
    _expect(course.open, code)
    done = Course(course.open - {code}, course.done | {code}, course.skipped)
    return _opened(procedure, done, holds)


def returned(procedure: Procedure, course: Course, code: str, target: str) -> Course:
    """Return the course sent back: the target opens anew, and what came after it is undone.

    Raises:
        KeyError: if the step is not open, or the target does not come before it.
    """
    _expect(course.open, code)
    _expect(procedure.upstream(code) & course.done, target)
    undone = procedure.downstream(target)
    return Course((course.open - undone) | {target}, course.done - undone, course.skipped - undone)


def ended(course: Course, end: End) -> Course:
    """Return the course broken off: nothing is open any more."""
    return Course(frozenset(), course.done, course.skipped, end)


def _expect(known: Collection[str], code: str) -> None:
    if code not in known:
        raise KeyError(code)


def _opened(procedure: Procedure, course: Course, holds: Holds) -> Course:
    """Open what can be opened; pass over steps whose condition is not met."""
    still, done, skipped = set(course.open), course.done, set(course.skipped)
    waiting = [code for code in procedure.by_code if code not in still | done | skipped]
    moved = True
    while moved:
        moved = False
        for code in list(waiting):
            if not procedure.before[code] <= done | skipped:
                continue
            condition = procedure.by_code[code].condition
            (still if not condition or holds(condition) else skipped).add(code)
            waiting.remove(code)
            moved = True
    end = None if still or waiting else End.FINISHED
    return Course(frozenset(still), done, frozenset(skipped), end)
