"""The day of an adjustment has come: the item follows."""

from datetime import date

from sqlalchemy import select

from jinzhu.core import clock
from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from tenants.adjustment import service
from tenants.adjustment.models import Adjustment, AdjustmentState


@clock.due("app.due_adjustments")
def carry_out_planned(*, day: date) -> None:
    """Carry out in the own center what was planned for this day or an earlier one."""
    found = db.session.scalars(
        select(Adjustment)
        .where(
            Adjustment.tenant_id == current().tenant_id,
            Adjustment.state == AdjustmentState.PLANNED,
            Adjustment.effective_on <= day,
        )
        .order_by(Adjustment.effective_on, Adjustment.id)
        .with_for_update()
    ).all()
    for one in found:
        service.carry_out(one)
