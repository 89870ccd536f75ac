"""What special equipment means for what leaves, and for places that are closed.

It is taken away first, serves something else, or is moved; it stands nowhere that is closed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from jinzhu.core.language import say
from tenants.entry.workflow import Leaver, Left, Settled, hangs, succeeding
from tenants.equipment import service
from tenants.equipment.models import Equipment
from tenants.hall.workflow import Fate, Place, Standing, stands
from tenants.procedure.models import Case
from tenants.procedure.workflow import reads_ahead

#: How many are named before the rest is only counted.
NAMED = 5


@hangs("equipment", Settled.FIRST)
def equipment_there(leaver: Leaver) -> Left:
    """Count the devices that a department still has in the center."""
    return _left(service.left(Equipment.department_code == leaver.subject_code))


@hangs("equipment", Settled.FIRST, on="item")
def equipment_of_item(leaver: Leaver) -> Left:
    """Count the devices that are there for an item alone."""
    return _left(service.LEFT_OF_ITEM(leaver.subject_id))


def _left(found: Sequence[tuple[str, int]]) -> Left:
    named = (say("equipment.named", name=name, n=number) for name, number in found[:NAMED])
    return Left(sum(number for _, number in found), "、".join(named))


@reads_ahead
def _expected(cases: Sequence[Case], _: Sequence[int]) -> None:
    service.LEFT_OF_ITEM.expect(_leaving(cases))


def _leaving(cases: Sequence[Case]) -> Iterable[int]:
    return (one.subject_id for one in cases if one.object == "item" and one.kind == "exit")


@succeeding
def serve_the_successor(leaver: Leaver, successor: int, _: date) -> None:
    """What was there for an item alone is there for what takes its place."""
    if leaver.object == "item":
        service.hand_on(leaver.subject_id, successor)


def _found(place: Place) -> tuple[int, str]:
    """Count the devices at a place that is closed, whosever they are."""
    left = _left(service.left(service.at(place)))
    return left.count, left.detail


def _settle(place: Place, fate: Fate, wish: Mapping[str, Any]) -> None:
    if fate is Fate.AWAY:
        service.take_from(place)
    else:
        service.move(place, hall_id=wish["hall_id"], window_id=wish["window_id"])


stands("equipment", Standing(_found, _settle))
