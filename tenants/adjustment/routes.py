"""Adjustments over HTTP, and what becomes of items that a standard has given up."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from tenants.adjustment import acts, reading, service
from tenants.adjustment.schemas import (
    AdjustmentQuery,
    AdjustmentRowSchema,
    DoneSchema,
    GivenUpQuery,
    GivenUpSchema,
    LeavingInSchema,
    WithdrawalInSchema,
)

routes = Routes("adjustments", __name__)


@routes.on(
    "GET ", needs="procedure.read", query=AdjustmentQuery(), gives=rows_of(AdjustmentRowSchema())
)
def list_adjustments(query: dict[str, Any]) -> Row:
    """List what becomes of items of this center: planned, carried out, given up."""
    return reading.page(query)


@routes.on(
    "POST /<int:adjustment_id>/withdrawal",
    needs="procedure.decide",
    takes=WithdrawalInSchema(),
    gives=rows_of(AdjustmentRowSchema()),
)
def withdraw_adjustment(values: dict[str, Any], adjustment_id: int) -> Row:
    """Give up a planned adjustment before its day; the item stays as it is."""
    found = service.find(adjustment_id)
    service.withdraw(found, values["reason"])
    asked = {"about": found.subject_id, "sort": "-effective_on", "page": 1, "per_page": 20}
    return reading.page(asked)


@routes.on(
    "GET /given-up", needs="procedure.read", query=GivenUpQuery(), gives=rows_of(GivenUpSchema())
)
def list_given_up(query: dict[str, Any]) -> Row:
    """List what has entered here and its standard has given up."""
    return reading.given_up(query)


@routes.on(
    "POST /given-up/<int:record_id>/exit",
    needs="procedure.decide",
    takes=LeavingInSchema(),
    gives=DoneSchema(),
)
def let_leave(values: dict[str, Any], record_id: int) -> Row:
    """Let an item go that its standard has given up."""
    acts.let_leave(record_id, values["basis"])
    return {"record_id": record_id}


@routes.on("POST /given-up/<int:record_id>/own", needs="item.takeover", gives=DoneSchema())
def keep_as_own(record_id: int) -> Row:
    """Go on with an item that its standard has given up, as the center's own."""
    return {"record_id": acts.keep(record_id)}
