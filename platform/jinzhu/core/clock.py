"""What falls due by itself: a notice that ends, a day that comes, a gate whose wait is over.

Every few seconds PostgreSQL is asked what is due, over all centers and by number alone; then each
center does its own, in a unit of work of its own.  Nothing is planned ahead: whatever was not done
while the service was down is found when it is back, and whatever is done is no longer due.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jinzhu.core.calendar import today
from jinzhu.core.db import aside
from jinzhu.core.problems import Problem
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work

Act = Callable[..., None]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """A function of the database that names what is due, and what is then done."""

    function: str
    act: Act
    reach: Reach


DUTIES: dict[str, Due] = {}


def due(function: str, *, reach: Reach = Reach.OWN) -> Callable[[Act], Act]:
    """Declare what is done when something is due.

    `function` takes a day and returns rows: a center, and the numbers that the act takes.  The act
    is called for that center with these numbers and `day`; it does nothing where somebody else
    was quicker.
    """

    def declare(act: Act) -> Act:
        DUTIES[function] = Due(function, act, reach)
        return act

    return declare


def tick(day: date | None = None) -> int:
    """Do everything that is due; return how much there was."""
    return sum(carry_out(function, day=day or today()) for function in DUTIES)


def carry_out(function: str, *, day: date) -> int:
    """Do what one function of the database names as due; return how much there was."""
    duty = DUTIES[function]
    with aside() as connection:
        found = connection.execute(text(f"SELECT * FROM {function}(:day)"), {"day": day}).all()
    for center, *numbers in found:
        _act(duty, center, numbers, day)
    return len(found)


def _act(duty: Due, center: int, numbers: list[int], day: date) -> None:
    """Do one thing; what fails stays due, and keeps nothing else from being done."""
    scope = Scope(center, action=f"clock.{duty.act.__name__}", reach=duty.reach)
    try:
        with work(scope):
            duty.act(*numbers, day=day)
    except (Problem, DBAPIError) as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        log.warning("not done", duty=duty.function, center=center, reason=str(error))
