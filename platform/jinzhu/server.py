"""The processes of the service: the web server and the worker."""

import threading

from granian import Granian
from granian.constants import Interfaces
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import DBAPIError

from jinzhu.config import Settings
from jinzhu.core import clock, jobs
from jinzhu.core.http import Application

WORKERS = 2
#: The worker looks this often for jobs that nobody runs, and for what has fallen due.
SWEEP_EVERY = 2.0


def serve(settings: Settings) -> None:
    """Run the web server until it is told to stop."""
    listen("jinzhu.wsgi:app", port=settings.port)


def listen(application: str, *, port: int) -> None:
    """Serve a WSGI application; the benchmarks compare ours with another on the same server."""
    Granian(
        application,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=4,
        backpressure=64,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


def work(app: Application) -> None:
    """Run jobs until told to stop; sweep up what got lost, and do what falls due meanwhile."""
    stop = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(app, stop), daemon=True)
    sweeper.start()
    with app.app_context():
        worker = SimpleWorker([jobs.QUEUE], connection=jobs.redis(), serializer=JSONSerializer)
        worker.work(logging_level="WARNING")
    stop.set()


def _sweep(app: Application, stop: threading.Event) -> None:
    while not stop.wait(SWEEP_EVERY):
        with app.app_context():
            try:
                jobs.sweep()
                clock.tick()
            except (DBAPIError, RedisError) as away:
                jobs.log.warning("sweeper waits", reason=str(away).splitlines()[0])
