"""When a province changes its working days, what is counted in them is counted anew below it."""

from collections.abc import Callable

from jinzhu.core.jobs import Run, job
from jinzhu.core.tenancy import Reach

Recount = Callable[[], int]
#: What keeps days that were counted: each puts them right for the centers below, with the reach
#: PUSH, and returns how many it changed.
RECOUNTS: list[Recount] = []


def counts_days(body: Recount) -> Recount:
    """Declare how days are put right that were counted by a calendar which has changed."""
    RECOUNTS.append(body)
    return body


@job("workdays.recount")
def recount(run: Run) -> None:
    """Put right what was counted by the calendar before; done twice, it changes nothing."""
    with run.step(reach=Reach.PUSH) as progress:
        progress.done = progress.total = sum(body() for body in RECOUNTS)
