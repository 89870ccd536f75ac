"""How a department or an item stands to the center: changed by cases, read by everybody."""

from datetime import date

from sqlalchemy import and_, func, select

from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import in_force, models
from jinzhu.standards.models import Revision
from tenants.entry.models import Entry, EntryState, Mode


def standing(subject_id: int) -> Entry | None:
    """Return how something stands to the own center now; None where it never entered."""
    return db.session.scalar(
        select(Entry).where(
            Entry.tenant_id == current().tenant_id,
            Entry.subject_id == subject_id,
            Entry.until.is_(None),
        )
    )


def change(
    object_: str,
    subject_id: int,
    state: EntryState,
    *,
    mode: Mode | None = None,
    since: date | None = None,
    case_id: int | None = None,
    reason: str = "",
    approval: str = "",
) -> Entry:
    """End the present state of something and begin the next, on the same day.

    A state that begins before the present one did takes its day.
    """
    before, day = standing(subject_id), since or today()
    if before is not None:
        day = max(day, before.since)
        before.until = day
        db.session.flush()
    return add(
        Entry(
            object=object_,
            subject_id=subject_id,
            state=state,
            mode=mode,
            since=day,
            case_id=case_id,
            reason=reason,
            approval=approval,
        )
    )


def history(subject_id: int) -> list[Entry]:
    """Return all states of something at the own center, the newest first."""
    return list(
        db.session.scalars(
            select(Entry)
            .where(Entry.tenant_id == current().tenant_id, Entry.subject_id == subject_id)
            .order_by(Entry.since.desc(), Entry.id.desc())
        )
    )


def entered_of(department_code: str) -> int:
    """Return how many items of a department have entered the own center."""
    item = models()["item"]
    statement = (
        in_force(item)
        .with_only_columns(func.count(), maintain_column_froms=True)
        .join(Entry, and_(Entry.tenant_id == item.tenant_id, Entry.subject_id == item.provision_id))
        .where(
            item.tenant_id == current().tenant_id,
            Revision.department_code == department_code,
            Entry.until.is_(None),
            Entry.state.in_([EntryState.ENTERED, EntryState.SUSPENDED]),
        )
    )
    return db.session.scalar(statement) or 0
