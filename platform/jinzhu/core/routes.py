"""Background jobs over HTTP, and whether the service is well."""

from typing import Any

from flask import Response, jsonify
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jinzhu.core import jobs
from jinzhu.core.access import ANYONE
from jinzhu.core.db import db
from jinzhu.core.http import Routes
from jinzhu.core.job_schema import JobSchema

routes = Routes("core", __name__, prefix="")


@routes.on("GET /api/jobs/<int:job_id>", needs="job.read", gives=JobSchema())
def read_job(job_id: int) -> dict[str, Any]:
    """Show how far a job has come."""
    return jobs.document(jobs.find(job_id))


@routes.on("POST /api/jobs/<int:job_id>/cancel", needs="job.run", gives=JobSchema())
def cancel_job(job_id: int) -> dict[str, Any]:
    """Stop a job before its next step; what it has done stays done."""
    return jobs.document(jobs.cancel(job_id))


@routes.on("POST /api/jobs/<int:job_id>/retry", needs="job.run", gives=JobSchema())
def retry_job(job_id: int) -> dict[str, Any]:
    """Run a failed or cancelled job again."""
    return jobs.document(jobs.retry(job_id))


@routes.on("GET /health/live", needs=ANYONE)
def live() -> Response:
    """Say that the process runs."""
    return jsonify(status="live")


@routes.on("GET /health/ready", needs=ANYONE)
def ready() -> Response:
    """Say whether the database and the queue answer."""
    parts = {
        "database": _answers(lambda: db.session.execute(text("SELECT 1")), DBAPIError),
        "queue": _answers(lambda: jobs.redis().ping(), RedisError),
    }
    response = jsonify(status="ready" if all(parts.values()) else "waiting", **parts)
    response.status_code = 200 if all(parts.values()) else 503
    return response


def _answers(ask: Any, failure: type[Exception]) -> bool:
    try:
        ask()
    except failure:
        db.session.rollback()
        return False
    return True
