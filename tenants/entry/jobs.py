"""What entries are counted ahead for: those above see the figures of all centers at once.

A center that is noted is counted as it stands by whoever asks meanwhile, so that no figure is ever
behind its rows.
"""

from datetime import date

from sqlalchemy import func, insert, literal

from jinzhu.core import clock, counting
from jinzhu.core.db import db
from jinzhu.standards.claims import models
from tenants.entry import service
from tenants.entry.models import EntryCount, EntryTouched

#: The advisory-lock class under which a center is counted by one worker at a time.
LOCKS = 7209
COLUMNS = ["tenant_id", "kind", "department_code", "part", "state", "number"]


@clock.due("app.due_entry_counts")
def recount(*, day: date) -> None:  # every duty is told the day
    """Count the own center anew."""
    counting.anew(EntryCount, EntryTouched, _count_all, locks=LOCKS)


def _count_all(center_id: int) -> None:
    for kind in service.GROUPED_BY:
        _count(kind, center_id)


def _count(kind: str, center_id: int) -> None:
    model = models()[kind]
    parts = (service.department(kind), func.coalesce(service.group(kind), ""), service.state())
    counted = (
        service.offered(kind, center_id)
        .with_only_columns(
            model.tenant_id, literal(kind), *parts, func.count(), maintain_column_froms=True
        )
        .group_by(model.tenant_id, *parts)
    )
    db.session.execute(insert(EntryCount).from_select(COLUMNS, counted))
