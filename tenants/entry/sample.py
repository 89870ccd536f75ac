"""What has entered in the demo, and what its cases are about."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, select

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.demo import entries
from jinzhu.demo.entries import Offered, Planned
from jinzhu.demo.province import Hands
from jinzhu.standards.claims import in_force, missing, models
from jinzhu.standards.models import Claim, Revision
from jinzhu.standards.quality import checks
from jinzhu.workdays import service as workdays
from tenants.entry.models import Entry


def build(hands: Hands) -> None:
    """Let what is offered enter at each center, once."""
    for place, (who, _) in entries.PLACES.items():
        role = "city_manager" if place.endswith("00") else "center_manager"
        with hands.at(place, who, role):
            _enter(place)


def _enter(place: str) -> None:
    """Write in which states everything at the own center stands, unless that was done."""
    if db.session.scalar(select(Entry.id).where(Entry.tenant_id == current().tenant_id).limit(1)):
        return
    kept = planned_cases(place)
    rows = entries.periods(
        place,
        _offered("department"),
        _offered("item"),
        kept=frozenset(
            one.provision_id for planned, one in kept if entries.begins_outside(planned)
        ),
        recent=_recent(),
    )
    db.session.execute(insert(Entry), rows)


def planned_cases(place: str) -> list[tuple[Planned, Offered]]:
    """Return the cases of the own center, a place of the demo, each with what it is about."""
    return list(entries.subjects(place, _offered("department"), _offered("item"), sound=_sound))


def _sound(one: Planned, subject: Offered) -> bool:
    """Say whether an item has all that its first step asks for."""
    if one.object == "department":
        return True
    model = models()[one.object]
    shown = func.app.effective(Revision.content, Revision.bounds, model.local)
    empty, effective = db.session.execute(
        in_force(model)
        .with_only_columns(missing(model), shown)
        .where(model.tenant_id == current().tenant_id, model.provision_id == subject.provision_id)
    ).one()
    return not empty and not list(checks.faults(one.object, effective))


def _offered(kind: str) -> list[Offered]:
    """Return what the own center offers of a kind, in the order of its codes."""
    model = models()[kind]
    own = Revision.code if kind == "department" else Revision.department_code
    rows = db.session.execute(
        in_force(model)
        .with_only_columns(
            Revision.provision_id,
            Revision.code,
            own.label("department"),
            Revision.item_type,
        )
        .where(model.tenant_id == current().tenant_id, model.claim == Claim.OFFERED)
        .order_by(Revision.code)
    )
    return [Offered(row.provision_id, row.code, row.department, row.item_type) for row in rows]


def _recent() -> Sequence[date]:
    """Return the latest working days of this month, the last of them today."""
    day, days = today(), workdays.here()
    found = {max(days.before(day, count), day.replace(day=1)) for count in range(1, 9)}
    return [*sorted(found - {day}), day]
