"""Roll-outs as pages show them: how far each has come, stage by stage and center by center."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from jinzhu.core import jobs
from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.models import JobRow
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center, Level
from jinzhu.standards.models import (
    OPEN_STATES,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Rollout,
    RolloutState,
    StageState,
    Standard,
)
from jinzhu.standards.rollouts import rollout_gates as gates
from jinzhu.standards.rollouts.delivery_waits import Waits
from jinzhu.standards.rollouts.rollout_base import BUSY, PENDING, PLANNED, counted, counts, find


def _rows() -> Selection:
    figures = (
        select(
            Delivery.rollout_id,
            func.count().label("total"),
            func.sum(Delivery.conflicts).label("conflicts"),
            *counted(),
        )
        .group_by(Delivery.rollout_id)
        .subquery()
    )
    return (
        select(Rollout, Edition, Standard, figures, JobRow)
        .join(Edition, Edition.id == Rollout.edition_id)
        .join(Standard, Standard.id == Rollout.standard_id)
        .join(figures, figures.c.rollout_id == Rollout.id)
        .outerjoin(JobRow, and_(JobRow.tenant_id == Rollout.owner_id, JobRow.id == Rollout.job_id))
        .where(Rollout.owner_id == current().tenant_id)
    )


def page(query: dict[str, Any]) -> Row:
    """Return a page of the own center's roll-outs, the newest first."""
    statement = _rows()
    if query["edition_id"]:
        statement = statement.where(Rollout.edition_id == query["edition_id"])
    size = query["per_page"]
    total = db.session.scalar(select(func.count()).select_from(statement.subquery()))
    found = db.session.execute(
        statement.order_by(Rollout.id.desc()).limit(size).offset((query["page"] - 1) * size)
    ).all()
    people = names_of(row.Rollout.created_by for row in found)
    rows = [_document(row, people) for row in found]
    return {"rows": rows, "total": total, "page": query["page"], "per_page": size}


def read(rollout_id: int) -> Row:
    """Return a roll-out with its stages, what it waits for, and what may be done with it."""
    found = db.session.execute(_rows().where(Rollout.id == rollout_id)).one_or_none()
    if found is None:
        raise NotFound(id=rollout_id)
    stages = gates.standings(rollout_id)
    people = names_of(
        [found.Rollout.created_by, *(standing.stage.approved_by for standing in stages)]
    )
    return {
        **_document(found, people),
        "stages": _stages(found.Rollout, stages, people),
        "waits_for": _waits_for(found, stages),
        "actions": _actions(found, stages),
    }


def _document(row: Any, people: dict[int | None, str]) -> Row:
    rollout, edition, running = row.Rollout, row.Edition, row.JobRow
    return {
        "id": rollout.id,
        "edition": {"id": edition.id, "number": edition.number, "title": edition.title},
        "standard": {"id": row.Standard.id, "name": row.Standard.name},
        "mode": rollout.mode.value,
        "state": rollout.state.value,
        "starts_on": rollout.starts_on,
        "notice_days": rollout.notice_days,
        "deadline": rollout.deadline,
        "created_at": rollout.created_at,
        "created_by": people.get(rollout.created_by, say("history.system")),
        "finished_at": rollout.finished_at,
        "reason": rollout.reason,
        "counts": counts(row),
        "total": row.total,
        "conflicts": row.conflicts or 0,
        "job": jobs.document(running) if running else None,
    }


def _stages(
    rollout: Rollout, found: Sequence[gates.Standing], people: dict[int | None, str]
) -> list[Row]:
    """Return the stages, each with what its gate waits for."""
    day, following = today(), gates.next_up(found)
    rows = []
    for place, standing in enumerate(found):
        stage, before = standing.stage, found[place - 1] if place else None
        shut = stage.state is StageState.WAITING
        waits = shut and rollout.state in OPEN_STATES
        obstacles = gates.obstacles(standing, before, day) if waits else []
        missing = {obstacle.code for obstacle in obstacles}
        rows.append(
            {
                "place": stage.place,
                "name": stage.name,
                "chosen": stage.chosen,
                "gate": stage.gate,
                "state": stage.state.value,
                "opened_at": stage.opened_at,
                "finished_at": stage.finished_at,
                "approved_at": stage.approved_at,
                "approved_by": people.get(stage.approved_by) if stage.approved_at else None,
                "note": stage.note,
                "counts": dict(standing.counts),
                "total": standing.total,
                "conflicts": standing.conflicts,
                "waits_for": [obstacle.said() for obstacle in obstacles],
                "may_approve": following is not None
                and following[0] is standing
                and "approval" in missing
                and "before" not in missing
                and rollout.state in (RolloutState.WAITING, RolloutState.PAUSED)
                and may("rollout.run"),
            }
        )
    return rows


def _waits_for(row: Any, found: Sequence[gates.Standing]) -> list[str]:
    """Say in words what a roll-out that is not over waits for."""
    rollout, words = row.Rollout, []
    if rollout.state is RolloutState.PAUSED:
        words.append(say("rollout.waits.resume"))
    if rollout.state is RolloutState.SCHEDULED:
        words.append(say("rollout.waits.start", day=rollout.starts_on))
    if rollout.state in (RolloutState.WAITING, RolloutState.PAUSED):
        words += _waiting_centers(rollout)
        standing, before = gates.next_up(found) or (None, None)
        if standing:
            place = standing.stage.place
            words += [
                say("rollout.waits.stage", place=place, what=obstacle.said())
                for obstacle in gates.obstacles(standing, before, today())
            ]
    return words


def _waiting_centers(rollout: Rollout) -> list[str]:
    """Say for how many centers a roll-out waits, and until when."""
    rows = db.session.execute(
        select(
            Delivery.state, func.count().label("centers"), func.min(Delivery.due_on).label("day")
        )
        .where(
            Delivery.rollout_id == rollout.id,
            Delivery.state.in_(PENDING),
            Delivery.announced_at.is_not(None),
        )
        .group_by(Delivery.state)
        .order_by(Delivery.state)
    ).all()
    return [
        say(
            f"rollout.waits.{row.state.value}" if row.day else "rollout.waits.offer",
            centers=row.centers,
            day=row.day,
        )
        for row in rows
    ]


def _actions(row: Any, found: Sequence[gates.Standing]) -> list[str]:
    """Return what may be done with a roll-out now."""
    if not may("rollout.run"):
        return []
    rollout, withdrawn = row.Rollout, row.Edition.state is EditionState.WITHDRAWN
    state, running = rollout.state, rollout.state in BUSY
    failed = sum(standing.failed for standing in found)
    left = not gates.over(found) and state is RolloutState.FAILED
    may_retry = (
        (failed or left)
        and not running
        and state
        not in (
            RolloutState.PAUSED,
            RolloutState.SCHEDULED,
        )
    )
    wanted = {
        "pause": state in OPEN_STATES and state is not RolloutState.PAUSED and not _confined(row),
        "resume": state is RolloutState.PAUSED and not withdrawn,
        "stop": state in OPEN_STATES,
        "retry": bool(may_retry) and not withdrawn and not _overtaken(rollout),
        "rollback": not running and row.adopted > 0,
        "leave_out": not running,
    }
    return [name for name, allowed in wanted.items() if allowed]


def _confined(row: Any) -> bool:
    """Say whether a job is only trying failed centers of a stopped roll-out again."""
    return row.Rollout.state in BUSY and row.JobRow is not None and "only" in row.JobRow.arguments


def _overtaken(rollout: Rollout) -> bool:
    later = select(Rollout.id).where(
        Rollout.standard_id == rollout.standard_id, Rollout.id > rollout.id
    )
    return db.session.scalar(later.limit(1)) is not None


def deliveries(rollout_id: int, query: dict[str, Any]) -> Row:
    """Return a page of what became of a roll-out at each center."""
    rollout, parent = find(rollout_id), aliased(Center)
    found = page_of(
        _narrowed(_delivered(rollout_id, parent), parent, query),
        query,
        sortable={
            "code": Center.code,
            "name": Center.name_key,
            "state": Delivery.state,
            "stage": Delivery.stage,
            "due_on": Delivery.due_on,
            "conflicts": Delivery.conflicts,
        },
        default="code",
        last=[Center.id.asc()],
    )
    waits = Waits(rollout, found["rows"])
    return {**found, "rows": [_delivery(waits.told(row)) for row in found["rows"]]}


def _delivered(rollout_id: int, parent: Any) -> Selection:
    """Select the deliveries of a roll-out, each with its center and the city above it."""
    before = aliased(Edition)
    told = ("stage", "state", "conflicts", "due_on", "reason", "error")
    moments = ("announced_at", "answered_at", "finished_at")
    return (
        select(
            Center.id,
            Center.code,
            Center.name,
            Center.level,
            parent.id.label("city_id"),
            parent.name.label("city_name"),
            before.number.label("from_number"),
            *(getattr(Delivery, name) for name in (*told, *moments)),
        )
        .join(Center, Center.id == Delivery.center_id)
        .outerjoin(parent, parent.id == _city())
        .outerjoin(before, before.id == Delivery.from_edition_id)
        .where(Delivery.rollout_id == rollout_id)
    )


def _city() -> ColumnElement[int | None]:
    """Return the city that a center belongs to: a city is its own, a province has none."""
    own = case((Center.level == Level.CITY, Center.id))
    return case((Center.level == Level.COUNTY, Center.parent_id), else_=own)


def _narrowed(statement: Selection, parent: Any, query: dict[str, Any]) -> Selection:
    """Apply the filters of the list of deliveries."""
    if query.get("state"):
        planned = and_(Delivery.state == DeliveryState.ANNOUNCED, Delivery.announced_at.is_(None))
        if query["state"] == PLANNED:
            statement = statement.where(planned)
        else:
            statement = statement.where(Delivery.state == query["state"], ~planned)
    if query.get("stage"):
        statement = statement.where(Delivery.stage == query["stage"])
    if query.get("city"):
        statement = statement.where(Center.path.contains([query["city"]]))
    if query["q"]:
        wanted = query["q"].strip()
        statement = statement.where(
            or_(
                Center.name.icontains(wanted, autoescape=True),
                Center.code.startswith(wanted, autoescape=True),
                parent.name.icontains(wanted, autoescape=True),
            )
        )
    return statement


def _delivery(row: Row) -> Row:
    center = ("id", "code", "name", "level", "city_id", "city_name")
    rest = {name: value for name, value in row.items() if name not in center}
    if row["state"] == DeliveryState.ANNOUNCED and row["announced_at"] is None:
        rest["state"] = PLANNED
    return {"center": {name: row[name] for name in center}, **rest}
