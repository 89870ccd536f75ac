"""Background jobs: written with the transaction that wants them, run once, in steps.

A job exists exactly if its transaction commits.  It is sent to the queue after the commit; if the
process dies in between, the sweeper sends it.  While a job runs its worker holds an advisory lock
in PostgreSQL, which goes with the worker's connection: a job that says "running" and whose lock is
free has lost its worker, and is sent again.  What a step has committed is not done twice, because
the progress is committed in the same transaction as the effect.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError

from jinzhu.core.db import add, aside, db
from jinzhu.core.models import JobRow, JobState
from jinzhu.core.problems import Conflict, NotFound, Problem
from jinzhu.core.tenancy import Reach, Scope, current
from jinzhu.core.transaction import after_commit, work

QUEUE = "jinzhu"
LOCKS = 7202  #: the advisory-lock class of jobs
MOST_ATTEMPTS = 10
Body = Callable[..., None]
REGISTRY: dict[str, Body] = {}
log = structlog.get_logger()


class Cancelled(Exception):
    """Somebody asked for the job to stop."""


@dataclass(frozen=True, slots=True)
class Run:
    """A job while it runs: its scope, and the steps it commits."""

    tenant_id: int
    job_id: int
    scope: Scope

    @contextmanager
    def step(self, *, reach: Reach = Reach.OWN) -> Iterator["Progress"]:
        """Do one part of the job in a transaction of its own, with its progress."""
        with work(replace(self.scope, reach=reach)):
            row = _row(self.job_id)
            if row.cancel_requested:
                raise Cancelled
            progress = Progress(row.done, row.total)
            yield progress
            row.done, row.total = progress.done, progress.total


@dataclass(slots=True)
class Progress:
    """How far a job has come, as the page shows it."""

    done: int
    total: int


class Job:
    """A function that runs later, in a worker, for the center that asked."""

    def __init__(self, name: str, body: Body) -> None:
        self.name, self.body = name, body
        REGISTRY[name] = body

    def later(self, **arguments: Any) -> int:
        """Run once the present transaction has been committed; return the number of the job."""
        scope = current()
        row = add(
            JobRow(
                name=self.name,
                arguments=arguments,
                actor_id=scope.actor_id,
                permissions=sorted(scope.permissions),
            )
        )
        send_after_commit(row)
        return row.id


def job(name: str) -> Callable[[Body], Job]:
    """Declare a job.  Its body takes the `Run`, then JSON arguments by name."""
    return lambda body: Job(name, body)


def send_after_commit(row: JobRow) -> None:
    """Put the job on the queue once the transaction stands."""
    tenant_id, job_id = row.tenant_id, row.id
    after_commit(lambda: send(tenant_id, job_id))


def redis() -> Redis:
    """Return the connection to Valkey or Redis."""
    client: Redis = current_app.extensions["redis"]
    return client


def queue() -> Queue:
    """Return the queue of the workers."""
    return Queue(QUEUE, connection=redis(), serializer=JSONSerializer)


def _entry(tenant_id: int, job_id: int) -> str:
    return f"jinzhu-{tenant_id}-{job_id}"


def send(tenant_id: int, job_id: int) -> None:
    """Put a job on the queue; if the queue is away, the sweeper will."""
    try:
        queue().enqueue(
            "jinzhu.core.jobs.run",
            tenant_id,
            job_id,
            job_id=_entry(tenant_id, job_id),
            result_ttl=0,
            failure_ttl=3600,
            job_timeout=6 * 3600,
        )
    except RedisError as error:
        log.warning("job not sent", job=job_id, error=str(error))


def _row(job_id: int) -> JobRow:
    row = db.session.scalar(select(JobRow).where(JobRow.id == job_id).with_for_update())
    if row is None:
        raise NotFound(id=job_id)
    return row


@contextmanager
def _alone(job_id: int) -> Iterator[bool]:
    """Hold the lock of a job as long as this process lives; say whether we have it."""
    with aside() as connection:
        held = _lock(connection, job_id)
        try:
            yield held
        finally:
            if held:
                _unlock(connection, job_id)


def _lock(connection: Connection, job_id: int) -> bool:
    return bool(
        connection.scalar(
            text("SELECT pg_try_advisory_lock(:class, :id)"), {"class": LOCKS, "id": job_id}
        )
    )


def _unlock(connection: Connection, job_id: int) -> None:
    if not connection.closed and not connection.invalidated:
        connection.execute(
            text("SELECT pg_advisory_unlock(:class, :id)"), {"class": LOCKS, "id": job_id}
        )


def run(tenant_id: int, job_id: int) -> None:
    """Run a job in a worker, unless another worker is at it."""
    with _alone(job_id) as alone:
        if alone and (started := _start(tenant_id, job_id)):
            _carry_out(*started)


def _start(tenant_id: int, job_id: int) -> tuple[Run, Body, dict[str, Any]] | None:
    """Mark the job as running, unless it is over or has killed too many workers."""
    with work(Scope(tenant_id, action="job.start")):
        row = _row(job_id)
        if row.state not in (JobState.QUEUED, JobState.RUNNING):
            return None
        if row.attempts >= MOST_ATTEMPTS:
            row.state, row.error = JobState.FAILED, "the worker died each time"
            return None
        row.state, row.attempts = JobState.RUNNING, row.attempts + 1
        row.started_at = row.started_at or datetime.now(UTC)
        scope = Scope(
            tenant_id,
            actor_id=row.actor_id,
            permissions=frozenset(row.permissions),
            action=f"job.{row.name}",
            request_id=f"job-{job_id}",
        )
        return Run(tenant_id, job_id, scope), REGISTRY[row.name], row.arguments


def _carry_out(run: Run, body: Body, arguments: dict[str, Any]) -> None:
    """Run the body and store how it ended.  A lost database leaves the job to the sweeper."""
    state, error = JobState.DONE, None
    try:
        body(run, **arguments)
    except Cancelled:
        state = JobState.CANCELLED
    except DBAPIError as lost:
        if lost.connection_invalidated:
            raise
        log.exception("job failed", job=run.job_id)
        state, error = JobState.FAILED, str(lost.orig)
    except Exception as unexpected:
        log.exception("job failed", job=run.job_id)
        state, error = JobState.FAILED, str(unexpected)
    _finish(run, state, error)


def _finish(run: Run, state: JobState, error: str | None) -> None:
    with work(run.scope):
        row = _row(run.job_id)
        row.state, row.error, row.finished_at = state, error, datetime.now(UTC)
        if hook := ENDINGS.get(row.name):
            hook(row.arguments, state, error)


#: What else changes when a job of this name ends, in the same transaction.
ENDINGS: dict[str, Callable[[dict[str, Any], JobState, str | None], None]] = {}


def _on_queue(entry: str) -> bool:
    """Say whether a worker will still take this entry.

    Its own status does not tell: a worker that took it and was killed leaves it "queued".
    """
    return queue().get_job_position(entry) is not None


def sweep() -> int:
    """Send what waits without being on the queue, and what lost its worker; return how many."""
    sent = 0
    with aside() as connection:
        for tenant_id, job_id, state in connection.execute(text("SELECT * FROM app.open_jobs()")):
            if state == JobState.QUEUED and _on_queue(_entry(tenant_id, job_id)):
                continue
            if _lock(connection, job_id):
                _unlock(connection, job_id)
                send(tenant_id, job_id)
                sent += 1
    return sent


def find(job_id: int) -> JobRow:
    """Return a job of the own center."""
    row = db.session.scalar(select(JobRow).where(JobRow.id == job_id))
    if row is None:
        raise NotFound(id=job_id)
    return row


def cancel(job_id: int) -> JobRow:
    """Ask a job to stop before its next step."""
    row = _row(job_id)
    if row.state not in (JobState.QUEUED, JobState.RUNNING):
        raise Conflict(state=row.state)
    row.cancel_requested = True
    return row


def retry(job_id: int) -> JobRow:
    """Run a failed or cancelled job again; what it had done stays done."""
    row = _row(job_id)
    if row.state not in (JobState.FAILED, JobState.CANCELLED):
        raise Conflict(state=row.state)
    db.session.execute(
        update(JobRow)
        .where(JobRow.id == job_id)
        .values(
            state=JobState.QUEUED, attempts=0, error=None, cancel_requested=False, finished_at=None
        )
    )
    db.session.refresh(row)
    send_after_commit(row)
    return row


def failure(error: BaseException) -> str:
    """Say what went wrong in words for the page."""
    if isinstance(error, Problem):
        return error.detail or error.code
    return str(getattr(error, "orig", error)).splitlines()[0]


def init_app(app: Flask) -> None:
    """Connect to Valkey or Redis; nothing is opened before it is used."""
    app.extensions["redis"] = Redis.from_url(
        app.config["REDIS_URL"], socket_connect_timeout=2, health_check_interval=30
    )


def document(row: JobRow) -> dict[str, Any]:
    """Return a job as a page shows it."""
    return {
        "id": row.id,
        "name": row.name,
        "state": row.state.value,
        "done": row.done,
        "total": row.total,
        "error": row.error,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }
