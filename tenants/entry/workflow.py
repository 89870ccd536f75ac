"""What hangs on a department or an item, counted before it leaves; and what goes with it.

A record type that keeps something of either registers how much of it is left.  What has to be
settled first keeps it from leaving; what goes with the exit ends on its day, or goes over to what
takes its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenants.procedure.models import Case


@dataclass(frozen=True, slots=True)
class Leaver:
    """A department or an item that leaves the own center."""

    object: str
    subject_id: int
    subject_code: str


class Settled(StrEnum):
    """When what hangs on a department is settled."""

    FIRST = "first"  #: before it leaves: somebody has to act
    WITH = "with"  #: by the exit itself, on its day
    AFTER = "after"  #: once it has left, by hand


@dataclass(frozen=True, slots=True)
class Left:
    """How much is left, and in words what it is made of."""

    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of things that hang on a department, or on an item, of the own center."""

    name: str
    settled: Settled
    left: Callable[[Leaver], Left]


#: By what they hang on, and by name.
GROUPS: dict[tuple[str, str], Group] = {}
#: What else happens on the day on which a department or an item leaves.
LEAVING: list[Callable[[Leaver, date], None]] = []
#: What goes over, on a day, from something to the provision that takes its place.
SUCCEEDING: list[Callable[[Leaver, int, date], None]] = []
#: How the number and the day of the paper are found on which a step of a case was approved.
PAPERS: list[Callable[[Case, str], tuple[str, date | None]]] = []
#: The order of the groups; a name that is not among them stands last.
ORDER = ("items", "cases", "services", "equipment", "windows", "powers", "halls")


def hangs(
    name: str, settled: Settled, *, on: str = "department"
) -> Callable[[Callable[[Leaver], Left]], Callable[[Leaver], Left]]:
    """Declare something that hangs on a department or an item; its words are clearance.<name>."""

    def declare(body: Callable[[Leaver], Left]) -> Callable[[Leaver], Left]:
        GROUPS[on, name] = Group(name, settled, body)
        return body

    return declare


def leaving(body: Callable[[Leaver, date], None]) -> Callable[[Leaver, date], None]:
    """Declare what goes with a department or an item that leaves, whatever lets it leave."""
    LEAVING.append(body)
    return body


def let_go_with(leaver: Leaver, day: date) -> None:
    """End on its day what goes with a department or an item that leaves."""
    for body in LEAVING:
        body(leaver, day)


def succeeding(
    body: Callable[[Leaver, int, date], None],
) -> Callable[[Leaver, int, date], None]:
    """Declare what goes over from something to the provision that takes its place."""
    SUCCEEDING.append(body)
    return body


def go_over(leaver: Leaver, successor: int, day: date) -> None:
    """Let everything go over, on a day, to the provision that takes the place of something."""
    for body in SUCCEEDING:
        body(leaver, successor, day)


def paper(
    body: Callable[[Case, str], tuple[str, date | None]],
) -> Callable[[Case, str], tuple[str, date | None]]:
    """Declare how the paper is found on which a step was approved."""
    PAPERS.append(body)
    return body


def groups(on: str) -> list[Group]:
    """Return what can hang on a department, or on an item; what is settled first stands first."""
    places = {name: place for place, name in enumerate(ORDER)}
    found = [group for (object_, _), group in GROUPS.items() if object_ == on]
    return sorted(found, key=lambda group: (places.get(group.name, 99), group.name))
