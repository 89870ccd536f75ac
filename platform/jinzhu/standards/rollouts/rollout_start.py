"""The beginning of a roll-out: who, in which stages, in which mode, from when on.

One roll-out of a standard is open at a time, so a second click begins nothing.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ARRAY, Integer, any_, insert, literal, select, text

from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.problems import invalid
from jinzhu.core.tenancy import Reach
from jinzhu.core.transaction import reaching
from jinzhu.standards.lines import collisions
from jinzhu.standards.models import (
    OPEN_STATES,
    Adoption,
    Edition,
    Mode,
    Rollout,
    RolloutStage,
    RolloutState,
    Standard,
)
from jinzhu.standards.rollouts.rollout_base import RolloutRunning, published, told
from jinzhu.standards.rollouts.rollout_centers import Chosen, Stage, chosen
from jinzhu.standards.rollouts.rollout_run import queue

#: Days between an announcement and the adoption, where nobody says otherwise.
NOTICE_DAYS = 30
_DELIVERIES = text("""
    INSERT INTO delivery (rollout_id, center_id, stage)
    SELECT :rollout, center.id, center.place
    FROM unnest(CAST(:centers AS int[]), CAST(:places AS int[])) AS center (id, place)
""")


def start(
    edition_id: int,
    *,
    centers: Chosen | None = None,
    stages: Sequence[Stage] | None = None,
    mode: Mode = Mode.AT_ONCE,
    starts_on: date | None = None,
    notice_days: int | None = None,
    deadline: date | None = None,
    reason: str = "",
) -> int:
    """Begin a roll-out and leave the rest to a job or to its day; return its number.

    Raises:
        Invalid: naming the stage, the day or the reason that cannot be.
        RolloutRunning: naming the roll-out of the standard that is open.
    """
    edition = published(edition_id)
    wanted, places = chosen(centers, stages)
    _check_reason(edition, sorted(places), reason)
    first = _first_day(edition, mode, starts_on)
    notice = _notice(mode, notice_days)
    _check_deadline(edition, mode, first, notice, deadline)
    _refuse_second(edition.standard_id)
    rollout = add(
        Rollout(
            standard_id=edition.standard_id,
            edition_id=edition.id,
            mode=mode,
            state=RolloutState.SCHEDULED,
            starts_on=first,
            notice_days=notice,
            deadline=deadline,
            reason=reason.strip(),
        )
    )
    collisions.look_again(edition)
    _write(rollout, wanted, places)
    if first <= today():
        queue(rollout)
    return rollout.id


def _check_reason(edition: Edition, centers: Sequence[int], reason: str) -> None:
    """Refuse to take a center back without a word."""
    if reason.strip():
        return
    with reaching(Reach.PUSH):
        back = db.session.scalar(
            select(Edition.number)
            .join(Adoption, Adoption.edition_id == Edition.id)
            .where(
                Adoption.standard_id == edition.standard_id,
                Adoption.tenant_id == any_(literal(list(centers), ARRAY(Integer))),
                Edition.number > edition.number,
            )
            .limit(1)
        )
    if back is not None:
        raise invalid("reason", "rollout.back_needs_reason", rule="required")


def _first_day(edition: Edition, mode: Mode, starts_on: date | None) -> date:
    """Return the first day on which anything happens: the day of effect, unless said otherwise.

    Notice is given before that day, or it would be none: from today on.
    """
    day = today()
    if starts_on and starts_on < day:
        raise invalid("starts_on", "rollout.in_the_past", value=starts_on.isoformat(), rule="date")
    if starts_on or mode is Mode.WITH_NOTICE:
        return starts_on or day
    return max(day, edition.effective_on or day)


def _notice(mode: Mode, notice_days: int | None) -> int:
    """Return the days of notice that centers get: some in one mode, none in the others."""
    if mode is not Mode.WITH_NOTICE:
        if notice_days:
            raise invalid("notice_days", "rollout.no_notice", value=notice_days, rule="mode")
        return 0
    if notice_days == 0:
        raise invalid("notice_days", "rollout.notice_missing", value=0, rule="required")
    return NOTICE_DAYS if notice_days is None else notice_days


def _check_deadline(
    edition: Edition, mode: Mode, first: date, notice: int, deadline: date | None
) -> None:
    """Refuse a last day for putting it off where nobody may, or before the first for taking it."""
    if deadline and mode is Mode.AT_ONCE:
        raise invalid("deadline", "rollout.no_deadline", value=deadline.isoformat(), rule="mode")
    due = max(first + timedelta(days=notice), edition.effective_on or first)
    if deadline and deadline <= due:
        raise invalid(
            "deadline", "rollout.deadline", value=deadline.isoformat(), rule="date", due=due
        )


def _refuse_second(standard_id: int) -> None:
    """Refuse while a roll-out of the standard is open; two clicks wait for one another here."""
    db.session.execute(select(Standard.id).where(Standard.id == standard_id).with_for_update())
    running = db.session.scalar(
        select(Rollout).where(Rollout.standard_id == standard_id, Rollout.state.in_(OPEN_STATES))
    )
    if running is not None:
        raise RolloutRunning(**told(running))


def _write(rollout: Rollout, stages: Sequence[Stage], places: dict[int, int]) -> None:
    """Write the stages, and a delivery for each center in one of them."""
    db.session.execute(
        insert(RolloutStage),
        [
            {
                "rollout_id": rollout.id,
                "place": place,
                "name": stage["name"].strip(),
                "chosen": dict(stage["chosen"]),
                "gate": dict(stage["gate"]),
            }
            for place, stage in enumerate(stages, 1)
        ],
    )
    values = {"rollout": rollout.id, "centers": list(places), "places": list(places.values())}
    db.session.execute(_DELIVERIES, values)
