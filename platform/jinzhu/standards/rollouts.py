"""Roll-outs: an edition on its way to centers, one delivery row each.

A failed center never stops the others, only the failed ones are tried again, and running it twice
changes nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import and_, func, insert, literal, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from jinzhu.core import jobs
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, add, db
from jinzhu.core.jobs import Run, job
from jinzhu.core.language import say
from jinzhu.core.models import JobRow, JobState
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Conflict, NotFound, invalid
from jinzhu.core.tenancy import Reach, Scope, current
from jinzhu.core.transaction import work
from jinzhu.hierarchy.models import Center
from jinzhu.standards import editions, push
from jinzhu.standards.models import (
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Rollout,
    RolloutState,
    Standard,
)

#: Centers moved in one transaction: enough to be fast, few enough that the bar moves.
BATCH = 60
Chosen = Sequence[int] | Literal["all"]


class RolloutRunning(Conflict):
    """One roll-out of a standard at a time."""

    code = "rollout_running"


class NotYetEffective(Conflict):
    """An edition is pushed when its day has come, not before."""

    code = "not_yet_effective"


class NotPublished(Conflict):
    """Only what is published can be pushed."""

    code = "not_published"


def find(rollout_id: int) -> Rollout:
    """Return a roll-out of the own center."""
    rollout = db.session.scalar(
        select(Rollout).where(Rollout.id == rollout_id, Rollout.owner_id == current().tenant_id)
    )
    if rollout is None:
        raise NotFound(id=rollout_id)
    return rollout


def below(chosen: Chosen) -> Selection:
    """Select the chosen centers of the own subtree.

    Raises:
        Invalid: if one of them is not below this center.
    """
    subtree = select(Center.id).where(Center.path.contains([current().tenant_id]))
    if chosen == "all":
        return subtree
    wanted = subtree.where(Center.id.in_(chosen))
    if not chosen or len(set(chosen)) != len(db.session.scalars(wanted).all()):
        raise invalid("centers", "rollout.centers", rule="below")
    return wanted


def published(edition_id: int) -> Edition:
    """Return a published edition that the own center owns."""
    edition = editions.find(edition_id)
    if edition.owner_id != current().tenant_id:
        raise NotFound(id=edition_id)
    if edition.state is not EditionState.PUBLISHED:
        raise NotPublished
    return edition


def start(edition_id: int, *, centers: Chosen, reason: str = "") -> int:
    """Announce an edition to centers and leave the rest to a job; return the roll-out's number."""
    edition = published(edition_id)
    if edition.effective_on and edition.effective_on > today():
        raise NotYetEffective(effective_on=edition.effective_on.isoformat())
    newest = editions.latest(edition.standard_id)
    if newest and newest.id != edition.id and not reason.strip():
        raise invalid("reason", "rollout.back_needs_reason", rule="required")
    wanted = below(centers)
    running = db.session.scalar(
        select(Rollout.id).where(
            Rollout.standard_id == edition.standard_id,
            Rollout.state.in_([RolloutState.QUEUED, RolloutState.RUNNING]),
        )
    )
    if running is not None:
        raise RolloutRunning(rollout_id=running)
    rollout = add(
        Rollout(standard_id=edition.standard_id, edition_id=edition.id, reason=reason.strip())
    )
    db.session.execute(
        insert(Delivery).from_select(
            ["rollout_id", "center_id", "announced_at"],
            wanted.with_only_columns(literal(rollout.id), Center.id, func.now()),
            include_defaults=False,
        )
    )
    rollout.job_id = carry_out.later(rollout_id=rollout.id)
    return rollout.id


def retry(rollout_id: int) -> Rollout:
    """Try the failed centers of a roll-out again, and those that a cancelled one left."""
    rollout = find(rollout_id)
    if rollout.state in (RolloutState.QUEUED, RolloutState.RUNNING):
        raise RolloutRunning(rollout_id=rollout.id)
    again = db.session.execute(
        update(Delivery)
        .where(
            Delivery.rollout_id == rollout_id,
            Delivery.state.in_([DeliveryState.FAILED, DeliveryState.ANNOUNCED]),
        )
        .values(state=DeliveryState.ANNOUNCED, error=None, finished_at=None)
        .returning(Delivery.center_id)
    ).all()
    if not again:
        raise Conflict(say("rollout.nothing_failed"))
    rollout.state, rollout.finished_at = RolloutState.QUEUED, None
    rollout.job_id = carry_out.later(rollout_id=rollout.id)
    return rollout


@job("standards.rollout")
def carry_out(run: Run, rollout_id: int) -> None:
    """Move the pointers batch by batch; each batch stands or falls as one transaction."""
    size = BATCH
    while True:
        try:
            moved = _batch(run, rollout_id, size)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            if size == 1:
                _give_up_on_next(run, rollout_id, error)
            size = 1
            continue
        if moved == 0:
            return
        size = BATCH if size == 1 and moved else size


def _waiting(rollout_id: int, size: int) -> list[int]:
    """Return the next centers in a fixed order, so that locks never cross."""
    return list(
        db.session.scalars(
            select(Delivery.center_id)
            .where(Delivery.rollout_id == rollout_id, Delivery.state == DeliveryState.ANNOUNCED)
            .order_by(Delivery.center_id)
            .limit(size)
            .with_for_update()
        )
    )


def _batch(run: Run, rollout_id: int, size: int) -> int:
    """Move the next centers; return how many there were."""
    with run.step(reach=Reach.PUSH) as progress:
        rollout = find(rollout_id)
        rollout.state = RolloutState.RUNNING
        centers = _waiting(rollout_id, size)
        if centers:
            conflicts, moved = push.adopt(
                standard_id=rollout.standard_id,
                edition_id=rollout.edition_id,
                centers=centers,
                rollout_id=rollout_id,
            )
            _deliver(rollout_id, centers, conflicts, moved)
        progress.done, progress.total = _counted(rollout_id)
        return len(centers)


def _deliver(
    rollout_id: int, centers: list[int], conflicts: dict[int, int], moved: set[int]
) -> None:
    """Write what became of each center."""
    now = datetime.now(UTC)
    db.session.execute(
        update(Delivery),
        [
            {
                "rollout_id": rollout_id,
                "center_id": center,
                "state": DeliveryState.ADOPTED if center in moved else DeliveryState.UNCHANGED,
                "conflicts": conflicts.get(center, 0),
                "error": None,
                "finished_at": now,
            }
            for center in centers
        ],
    )


def _give_up_on_next(run: Run, rollout_id: int, error: DBAPIError) -> None:
    """Set the center that cannot be moved aside, with the reason, and go on with the others."""
    with run.step(reach=Reach.PUSH) as progress:
        for center in _waiting(rollout_id, 1):
            db.session.execute(
                update(Delivery)
                .where(Delivery.rollout_id == rollout_id, Delivery.center_id == center)
                .values(
                    state=DeliveryState.FAILED,
                    error=jobs.failure(error),
                    finished_at=func.now(),
                )
            )
        progress.done, progress.total = _counted(rollout_id)


def _counted(rollout_id: int) -> tuple[int, int]:
    done, total = db.session.execute(
        select(func.count().filter(Delivery.state != DeliveryState.ANNOUNCED), func.count()).where(
            Delivery.rollout_id == rollout_id
        )
    ).one()
    return done, total


def _finished(arguments: dict[str, Any], state: JobState, error: str | None) -> None:
    """Write the end of the roll-out with the end of its job."""
    rollout = find(arguments["rollout_id"])
    failed = db.session.scalar(
        select(func.count()).where(
            Delivery.rollout_id == rollout.id, Delivery.state == DeliveryState.FAILED
        )
    )
    ends = {JobState.DONE: RolloutState.DONE, JobState.CANCELLED: RolloutState.CANCELLED}
    rollout.state = RolloutState.FAILED if failed else ends.get(state, RolloutState.FAILED)
    rollout.finished_at = datetime.now(UTC)


jobs.ENDINGS[carry_out.name] = _finished


def _rows() -> Selection:
    count = func.count()
    counted = (
        select(
            Delivery.rollout_id,
            count.label("total"),
            func.sum(Delivery.conflicts).label("conflicts"),
            *(count.filter(Delivery.state == state).label(state.value) for state in DeliveryState),
        )
        .group_by(Delivery.rollout_id)
        .subquery()
    )
    return (
        select(Rollout, Edition, Standard, counted, JobRow)
        .join(Edition, Edition.id == Rollout.edition_id)
        .join(Standard, Standard.id == Rollout.standard_id)
        .join(counted, counted.c.rollout_id == Rollout.id)
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
    """Return a roll-out with how far it has come."""
    found = db.session.execute(_rows().where(Rollout.id == rollout_id)).one_or_none()
    if found is None:
        raise NotFound(id=rollout_id)
    return _document(found, names_of([found.Rollout.created_by]))


def _document(row: Any, people: dict[int | None, str]) -> Row:
    rollout, edition, running = row.Rollout, row.Edition, row.JobRow
    return {
        "id": rollout.id,
        "edition": {"id": edition.id, "number": edition.number, "title": edition.title},
        "standard": {"id": row.Standard.id, "name": row.Standard.name},
        "mode": rollout.mode,
        "state": rollout.state.value,
        "created_at": rollout.created_at,
        "created_by": people.get(rollout.created_by, say("history.system")),
        "finished_at": rollout.finished_at,
        "reason": rollout.reason,
        "counts": {state.value: getattr(row, state.value) for state in DeliveryState},
        "total": row.total,
        "conflicts": row.conflicts or 0,
        "job": jobs.document(running) if running else None,
    }


def deliveries(rollout_id: int, query: dict[str, Any]) -> Row:
    """Return a page of what became of a roll-out at each center."""
    find(rollout_id)
    parent = aliased(Center)
    statement = (
        select(
            Center.id,
            Center.code,
            Center.name,
            Center.level,
            parent.id.label("city_id"),
            parent.name.label("city_name"),
            Delivery.state,
            Delivery.conflicts,
            Delivery.error,
            Delivery.finished_at,
        )
        .join(Center, Center.id == Delivery.center_id)
        .outerjoin(parent, parent.id == Center.parent_id)
        .where(Delivery.rollout_id == rollout_id)
    )
    if query["state"]:
        statement = statement.where(Delivery.state == query["state"])
    if query["q"]:
        wanted = query["q"].strip()
        statement = statement.where(
            or_(
                Center.name.icontains(wanted, autoescape=True),
                Center.code.startswith(wanted, autoescape=True),
                parent.name.icontains(wanted, autoescape=True),
            )
        )
    return page_of(
        statement,
        query,
        sortable={
            "code": Center.code,
            "name": Center.name_key,
            "state": Delivery.state,
            "conflicts": Delivery.conflicts,
        },
        default="code",
        last=[Center.id.asc()],
        shape=_delivery,
    )


def _delivery(row: Row) -> Row:
    center = ("id", "code", "name", "level", "city_id", "city_name")
    return {
        "center": {name: row[name] for name in center},
        **{name: row[name] for name in ("state", "conflicts", "error", "finished_at")},
    }


def run_now(rollout_id: int, *, tenant_id: int) -> None:
    """Carry a roll-out out in this process instead of a worker."""
    with work(Scope(tenant_id, action="rollout.now")):
        job_id = find(rollout_id).job_id
    assert job_id is not None
    jobs.run(tenant_id, job_id)
