"""What a center that has not got an edition yet waits for, in words, and what it stands on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import Reach
from jinzhu.core.transaction import reaching
from jinzhu.hierarchy.models import Center
from jinzhu.standards.models import (
    OPEN_STATES,
    Adoption,
    AmendmentConflict,
    DeliveryState,
    Edition,
    Rollout,
    RolloutState,
    StageState,
)
from jinzhu.standards.rollouts import rollout_gates as gates
from jinzhu.standards.rollouts.rollout_base import PENDING


class Waits:
    """What the deliveries of a page wait for."""

    def __init__(self, rollout: Rollout, rows: Sequence[Row]) -> None:
        self.rollout, self.day = rollout, today()
        self.going = rollout.state in OPEN_STATES
        self.standing: dict[int, int | None] = {}
        self.cities: dict[int, Any] = {}
        self.gates: dict[int, str] = {}
        if pending := [row["id"] for row in rows if row["state"] in PENDING]:
            with reaching(Reach.PUSH):
                self.standing = _standing(rollout, pending)
                self.cities = _cities(rollout, pending)
            self.gates = _gates(rollout, self.day)

    def told(self, row: Row) -> Row:
        """Add to a delivery what it waits for, and the edition that the center stands on."""
        if row["state"] not in PENDING:
            return {**row, "waits_for": None}
        number = self.standing.get(row["id"])
        return {**row, "from_number": number, "waits_for": self._why(row) if self.going else None}

    def _why(self, row: Row) -> str:
        """Say in words what a center waits for."""
        if self.rollout.state is RolloutState.PAUSED:
            return say("rollout.waits.resume")
        if self.rollout.state is RolloutState.SCHEDULED:
            return say("rollout.waits.start", day=self.rollout.starts_on)
        if row["announced_at"] is None:
            return self.gates.get(row["stage"], "") or say("delivery.waits.job")
        if row["state"] == DeliveryState.WAITING:
            return self._city(row["id"])
        if row["due_on"] is None:
            return say("delivery.waits.offer")
        if row["due_on"] <= self.day:
            return say("delivery.waits.job")
        return say(f"delivery.waits.{row['state']}", day=row["due_on"])

    def _city(self, center_id: int) -> str:
        """Say for which city, and for how many answers of it."""
        if center_id not in self.cities:
            return say("delivery.waits.answered")
        name, fields = self.cities[center_id]
        return say("delivery.waits.city", city=name, fields=fields)


def _gates(rollout: Rollout, day: date) -> dict[int, str]:
    """Return for each stage what its centers wait for before it opens."""
    found = gates.standings(rollout.id)
    return {
        standing.stage.place: _gate(standing, found[place - 1] if place else None, day)
        for place, standing in enumerate(found)
    }


def _gate(standing: gates.Standing, before: gates.Standing | None, day: date) -> str:
    """Say what the stage of a center waits for before it opens."""
    if standing.stage.state is not StageState.WAITING:
        return ""
    what = "；".join(obstacle.said() for obstacle in gates.obstacles(standing, before, day))
    return say("rollout.waits.stage", place=standing.stage.place, what=what) if what else ""


def _standing(rollout: Rollout, centers: Sequence[int]) -> dict[int, int | None]:
    """Return the number of the edition that each center is on."""
    found = db.session.execute(
        select(Adoption.tenant_id, Edition.number)
        .join(Edition, Edition.id == Adoption.edition_id)
        .where(Adoption.standard_id == rollout.standard_id, Adoption.tenant_id.in_(centers))
    )
    return {row.tenant_id: row.number for row in found}


def _cities(rollout: Rollout, centers: Sequence[int]) -> dict[int, Any]:
    """Return for each center the city that has to answer, and in how many fields."""
    open_fields = (
        select(AmendmentConflict.tenant_id, func.count().label("fields"))
        .where(
            AmendmentConflict.rollout_id == rollout.id,
            AmendmentConflict.settled_at.is_(None),
        )
        .group_by(AmendmentConflict.tenant_id)
        .subquery()
    )
    city = select(Center.id, Center.name).subquery("city")
    found = db.session.execute(
        select(Center.id, city.c.name, open_fields.c.fields)
        .join(open_fields, open_fields.c.tenant_id == func.any(Center.path))
        .join(city, city.c.id == open_fields.c.tenant_id)
        .where(Center.id.in_(centers))
    )
    return {row.id: (row.name, row.fields) for row in found}
