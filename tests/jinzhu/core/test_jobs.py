"""Background work: nothing is lost and nothing is done twice, whatever dies in between.

On a database of its own with real commits, and with worker processes that are really killed.
"""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import create_engine, make_url, select, text

from jinzhu.config import sqlalchemy_url
from jinzhu.core import jobs
from jinzhu.core.db import db
from jinzhu.core.jobs import job
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk
from jinzhu.standards.rollouts import rollouts

ROOT = Path(__file__).parents[3]
#: Enough for three batches of a roll-out.
COUNTIES = 510
DONE: Counter[str] = Counter()
STARTED, GO = threading.Event(), threading.Event()


@job("test.steps")
def steps(run, name: str) -> None:
    """Do three steps."""
    while True:
        with run.step() as progress:
            if progress.done == 3:
                return
            DONE[name] += 1
            progress.done, progress.total = progress.done + 1, 3


@job("test.slow")
def slow(run, name: str) -> None:
    """Begin, and wait until told to go on."""
    DONE[name] += 1
    STARTED.set()
    assert GO.wait(20)


@job("test.slow-steps")
def slow_steps(run, name: str) -> None:
    """Do one step, wait until told to go on, and do another."""
    with run.step() as progress:
        DONE[name] += 1
        progress.done += 1
    STARTED.set()
    assert GO.wait(20)
    with run.step() as progress:
        DONE[name] += 1
        progress.done += 1


@job("test.fails")
def fails(run, name: str) -> None:
    """Fail the first time, after a step that stands."""
    with run.step() as progress:
        progress.done += 1
    DONE[name] += 1
    if DONE[name] == 1:
        raise ValueError("the first time never works")


@job("test.loses")
def loses(run, name: str) -> None:
    """Lose the database the first time, in the middle of a step."""
    with run.step() as progress:
        progress.done += 1
        DONE[name] += 1
        db.session.flush()
        if DONE[name] == 1:
            db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


@pytest.fixture(scope="module")
def service(new_province, servers, app_on):
    """The service on a database that is there anew for each test, and a queue of our own."""
    redis_url = servers.redis.replace("db=0", "db=7")
    assert redis_url != servers.redis
    with app_on(replace(new_province("jobs"), redis_url=redis_url)) as found:
        yield found


@pytest.fixture
def place(service, new_province):
    """A database of our own with the small province, and an empty queue."""
    settings = service.config["SETTINGS"]
    with Redis.from_url(settings.redis_url) as queue:
        queue.flushdb()
    with service.app_context():
        db.engine.dispose()  # the database that it knew goes away
    assert new_province("jobs").database_url == settings.database_url
    return settings


@pytest.fixture
def app(place, service):
    """The service; everything it commits stays until the end of the test."""
    DONE.clear()
    STARTED.clear()
    GO.clear()
    return service


@pytest.fixture
def boss(place, servers):
    """A superuser's connection to our database: sees everything, and may break it."""
    name = make_url(sqlalchemy_url(place.database_url)).database
    address = make_url(sqlalchemy_url(servers.superuser)).set(database=name)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def centers(boss):
    """The number of each center by its name."""
    return {row.name: row.id for row in boss.execute(text("SELECT id, name FROM center"))}


@pytest.fixture
def ask(app, at):
    """Ask for a job at the county; return its number."""

    def asked(job, name: str) -> int:
        with at("广安区"):
            return job.later(name=name)

    return asked


@pytest.fixture
def run(app, centers):
    """Run a job in this process, as a worker would."""

    def ran(number: int, center: str = "广安区") -> None:
        with app.app_context():
            jobs.run(centers[center], number)

    return ran


@pytest.fixture
def state(boss):
    """Look at a job."""
    look = text("SELECT state, done, total, attempts, error FROM job WHERE id = :id")
    return lambda number: boss.execute(look, {"id": number}).one()


@pytest.fixture
def waiting(app):
    """Return the entries that workers will take."""

    def found() -> list[str]:
        with app.app_context():
            return jobs.queue().job_ids

    return found


@pytest.fixture
def sweep(app, boss):
    """Let everything be old enough to be missed, and sweep."""

    def swept() -> int:
        boss.execute(text("UPDATE job SET created_at = now() - interval '1 minute'"))
        with app.app_context():
            return jobs.sweep()

    return swept


# The outbox


def test_a_job_is_there_and_sent_once_its_transaction_stands(ask, at, state, waiting, centers):
    with at("广安区"):
        number = steps.later(name="a")
        assert waiting() == []
    assert waiting() == [f"jinzhu-{centers['广安区']}-{number}"]
    assert state(number).state == "queued"


def test_a_job_is_neither_there_nor_sent_if_its_transaction_fails(at, boss, waiting):
    def failing():
        with at("广安区"):
            steps.later(name="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert boss.scalar(text("SELECT count(*) FROM job")) == 0
    assert waiting() == []


@contextmanager
def away(app):
    """Let the queue be away inside the block."""
    queue = app.extensions["redis"]
    app.extensions["redis"] = Redis.from_url("redis://127.0.0.1:1")
    try:
        yield
    finally:
        app.extensions["redis"].close()
        app.extensions["redis"] = queue


def test_a_job_asked_for_while_the_queue_is_away_is_sent_by_the_sweeper(
    app, ask, state, waiting, sweep
):
    with away(app):
        number = ask(steps, "a")
    assert (state(number).state, waiting()) == ("queued", [])
    assert sweep() == 1
    assert len(waiting()) == 1
    assert sweep() == 0
    assert len(waiting()) == 1


def test_a_job_on_the_queue_is_not_sent_again(ask, sweep, waiting):
    ask(steps, "a")
    assert sweep() == 0
    assert len(waiting()) == 1


def test_a_job_just_asked_for_is_left_to_its_own_process(app, ask):
    with away(app):
        ask(steps, "a")
    with app.app_context():
        assert jobs.sweep() == 0


# Running


def test_a_job_runs_once_with_its_progress(ask, run, state):
    number = ask(steps, "a")
    run(number)
    run(number)
    assert DONE["a"] == 3
    assert tuple(state(number)) == ("done", 3, 3, 1, None)


def test_two_workers_run_a_job_once(ask, run, state):
    number = ask(slow, "a")
    first = threading.Thread(target=run, args=(number,))
    first.start()
    assert STARTED.wait(20)
    run(number)
    assert (DONE["a"], state(number).state) == (1, "running")
    GO.set()
    first.join(20)
    assert (DONE["a"], state(number).state) == (1, "done")


def test_a_running_job_is_not_swept(ask, run, sweep):
    number = ask(slow, "a")
    worker = threading.Thread(target=run, args=(number,))
    worker.start()
    assert STARTED.wait(20)
    assert sweep() == 0
    GO.set()
    worker.join(20)
    assert sweep() == 0


def test_a_job_acts_for_the_one_who_asked(app, at, run, boss, state, ask):
    number = ask(steps, "a")
    run(number)
    row = boss.execute(
        text("SELECT tenant_id, actor_id, permissions FROM job WHERE id = :id"), {"id": number}
    ).one()
    assert row.actor_id == 1
    assert "item.claim" in row.permissions
    assert "rollout.run" not in row.permissions


def test_a_job_of_another_center_is_not_there(ask, at, run):
    number = ask(steps, "a")
    with at("武胜县"), pytest.raises(NotFound):
        jobs.find(number)
    with pytest.raises(NotFound):
        run(number, "武胜县")
    assert DONE["a"] == 0
    with at("广安区"):
        assert jobs.find(number).id == number


def test_a_job_that_loses_the_database_is_done_by_the_next_worker(ask, run, state, sweep, waiting):
    number = ask(loses, "a")
    with pytest.raises(Exception, match=r"terminat|closed|lost"):
        run(number)
    assert (state(number).state, state(number).done) == ("running", 0)
    assert sweep() == 1
    run(number)
    assert (state(number).state, state(number).done, DONE["a"]) == ("done", 1, 2)


def test_a_job_that_kills_every_worker_is_given_up(ask, run, state, boss):
    number = ask(steps, "a")
    boss.execute(text("UPDATE job SET state = 'running', attempts = :n"), {"n": jobs.MOST_ATTEMPTS})
    run(number)
    assert (state(number).state, DONE["a"]) == ("failed", 0)
    assert state(number).error


# Cancelling and trying again


def test_a_job_cancelled_before_it_began_does_nothing(ask, at, run, state):
    number = ask(steps, "a")
    with at("广安区"):
        jobs.cancel(number)
    run(number)
    assert (state(number).state, DONE["a"]) == ("cancelled", 0)


def test_a_job_cancelled_on_its_way_stops_before_its_next_step(app, ask, at, run, state):
    number = ask(slow_steps, "a")
    worker = threading.Thread(target=run, args=(number,))
    worker.start()
    assert STARTED.wait(20)
    with at("广安区"):
        jobs.cancel(number)
    GO.set()
    worker.join(20)
    assert (state(number).state, state(number).done, DONE["a"]) == ("cancelled", 1, 1)


def test_a_cancelled_job_goes_on_where_it_stopped(ask, at, run, state, waiting):
    number = ask(steps, "a")
    with at("广安区"):
        jobs.cancel(number)
    run(number)
    sent = len(waiting())
    with at("广安区"):
        jobs.retry(number)
    assert (state(number).state, len(waiting())) == ("queued", sent + 1)
    run(number)
    assert (state(number).state, DONE["a"]) == ("done", 3)


def test_a_failed_job_says_why_and_can_be_tried_again(ask, at, run, state):
    number = ask(fails, "a")
    run(number)
    assert state(number).state == "failed"
    assert state(number).error == "the first time never works"
    with at("广安区"):
        jobs.retry(number)
    run(number)
    assert tuple(state(number)) == ("done", 2, 0, 1, None)


def test_a_job_that_is_over_is_neither_cancelled_nor_repeated(ask, at, run):
    number = ask(steps, "a")
    run(number)
    for act in (jobs.cancel, jobs.retry):
        with at("广安区"), pytest.raises(Conflict):
            act(number)


def test_a_job_that_waits_cannot_be_tried_again(ask, at):
    number = ask(steps, "a")
    with at("广安区"), pytest.raises(Conflict):
        jobs.retry(number)


def test_the_page_follows_a_job(app, ask, run, sign_in):
    number = ask(steps, "a")
    browser, neighbour = sign_in("county"), sign_in("neighbour")
    assert browser.get(f"/api/jobs/{number}").json["state"] == "queued"
    assert neighbour.get(f"/api/jobs/{number}").status_code == 404
    assert neighbour.post(f"/api/jobs/{number}/cancel").status_code == 404
    run(number)
    shown = browser.get(f"/api/jobs/{number}").json
    assert (shown["state"], shown["done"], shown["total"]) == ("done", 3, 3)
    assert browser.post(f"/api/jobs/{number}/retry").json["code"] == "conflict"


# A roll-out


@pytest.fixture
def tighter(province, at, an_item):
    """An edition that a county's local value breaks, published and not yet pushed."""
    with at("广安区"):
        known = select(Revision.provision_id).where(Revision.code == "A1")
        number = db.session.scalars(known).one()
        bulk.claim_many("item", [number], claim="offered")
        bulk.set_local_many("item", {number: {"committed_limit": 8}})
    return province.publish(an_item("A1", committed_limit=5))


@pytest.fixture
def start(at):
    """Start a roll-out to everybody; return its number and its job's."""

    def started(edition_id: int) -> tuple[int, int]:
        with at("四川省", "standards_officer"):
            number = rollouts.start(edition_id, centers="all")
            return number, rollouts.find(number).job_id

    return started


@pytest.fixture
def deliveries(boss):
    """Look at what became of a roll-out: centers by state."""
    look = text("SELECT state, center_id, error FROM delivery WHERE rollout_id = :id ORDER BY 2")

    def found(number: int) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row in boss.execute(look, {"id": number}):
            rows.setdefault(row.state, []).append(row.center_id)
        return rows

    return found


BROKEN = """
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.tenant_id = {center} THEN
            RAISE EXCEPTION 'the disk of this center is broken'; END IF;
        RETURN NEW; END $$;
    CREATE TRIGGER broken BEFORE UPDATE ON adoption FOR EACH ROW EXECUTE FUNCTION broken();
"""


def test_a_center_that_fails_is_set_aside_and_tried_again_alone(
    tighter, start, run, at, boss, centers, deliveries, state
):
    boss.exec_driver_sql(BROKEN.format(center=centers["武胜县"]))
    number, job_id = start(tighter)
    run(job_id, "四川省")
    others = sorted(set(centers.values()) - {centers["武胜县"]})
    assert deliveries(number) == {"adopted": others, "failed": [centers["武胜县"]]}
    with at("四川省", "standards_officer"):
        shown = rollouts.read(number)
        page = {"state": "failed", "q": "", "sort": "", "page": 1, "per_page": 50}
        (failed,) = rollouts.deliveries(number, page)["rows"]
    assert (shown["state"], shown["conflicts"]) == ("failed", 1)
    assert failed["error"] == "the disk of this center is broken"

    moved = boss.execute(text("SELECT tenant_id, since FROM adoption ORDER BY 1")).all()
    boss.exec_driver_sql("DROP TRIGGER broken ON adoption")
    with at("四川省", "standards_officer"):
        again = rollouts.retry(number).job_id
    assert deliveries(number)["announced"] == [centers["武胜县"]]
    run(again, "四川省")
    assert deliveries(number) == {"adopted": sorted(centers.values())}
    now = boss.execute(text("SELECT tenant_id, since FROM adoption ORDER BY 1")).all()
    assert [a.tenant_id for a, b in zip(moved, now, strict=True) if a != b] == [centers["武胜县"]]


def test_a_rollout_without_failures_cannot_be_tried_again(tighter, start, run, at):
    number, job_id = start(tighter)
    run(job_id, "四川省")
    with at("四川省", "standards_officer"), pytest.raises(Conflict):
        rollouts.retry(number)


def test_a_cancelled_rollout_stays_stopped(tighter, start, run, at, deliveries, centers):
    number, job_id = start(tighter)
    with at("四川省", "standards_officer"):
        jobs.cancel(job_id)
    run(job_id, "四川省")
    assert deliveries(number) == {"announced": sorted(centers.values())}
    with at("四川省", "standards_officer"):
        assert rollouts.read(number)["state"] == "cancelled"
    with at("四川省", "standards_officer"), pytest.raises(Conflict):
        rollouts.retry(number)
    assert deliveries(number) == {"announced": sorted(centers.values())}


# Workers that are killed


@pytest.fixture
def workers(place):
    """Start worker processes."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}", "REDIS_URL": place.redis_url}
    env |= {"DATABASE_URL": place.database_url, "DATABASE_OWNER_URL": place.database_owner_url}
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        started.append(subprocess.Popen([sys.executable, "-m", "jinzhu", "worker"], env=env))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(20)


@pytest.fixture
def many_counties(boss, centers):
    """More counties, so that a roll-out takes more than one batch."""
    boss.execute(
        text("""
        INSERT INTO center (id, code, level, name, name_key, parent_id, path)
        SELECT own.id, 'X' || own.id, 'county', '第' || own.id || '县', 'di', :city,
            (SELECT path FROM center WHERE id = :city) || own.id
        FROM (SELECT nextval(pg_get_serial_sequence('center', 'id'))::int AS id
              FROM generate_series(1, :count)) own"""),
        {"city": centers["广安市"], "count": COUNTIES},
    )


def test_a_worker_killed_in_a_rollout_loses_and_doubles_nothing(
    many_counties, tighter, start, workers, boss, state, deliveries, centers, until
):
    last = boss.scalar(text("SELECT max(id) FROM center"))
    boss.execute(text("SELECT pg_advisory_lock(7201, :center)"), {"center": last})
    first = workers()
    number, job_id = start(tighter)
    # Two batches stand, the third waits for the county that we hold.
    until(lambda: state(job_id).done == 2 * rollouts.BATCH, seconds=30)
    stuck = """SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted"""
    until(lambda: boss.scalar(text(stuck)) == 1, seconds=30)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(20)
    assert state(job_id).state == "running"
    assert len(deliveries(number)["adopted"]) == 2 * rollouts.BATCH

    boss.execute(text("SELECT pg_advisory_unlock(7201, :center)"), {"center": last})
    workers()
    until(lambda: state(job_id).state == "done", seconds=40)

    total = boss.scalar(text("SELECT count(*) FROM center"))
    assert {state: len(rows) for state, rows in deliveries(number).items()} == {"adopted": total}
    assert tuple(state(job_id)) == ("done", total, total, 2, None)
    moved = boss.execute(
        text("""SELECT tenant_id, count(*) FROM change
            WHERE record = 'adoption' AND (after ->> 'edition_id')::int = :edition GROUP BY 1"""),
        {"edition": tighter},
    ).all()
    assert Counter(dict(map(tuple, moved)).values()) == {1: total}
    conflicts = "SELECT tenant_id, open FROM conflict_count WHERE open <> 0"
    assert boss.execute(text(conflicts)).all() == [(centers["广安区"], 1)]
    finished = boss.scalar(text("SELECT state FROM rollout WHERE id = :id"), {"id": number})
    assert finished == "done"


def test_two_worker_processes_share_the_work_and_double_nothing(
    app, province, an_item, start, workers, boss, state, until
):
    workers()
    workers()
    _, job_id = start(province.publish(an_item("A1", committed_limit=5)))
    until(lambda: state(job_id).state == "done", seconds=40)
    logged = text(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM change GROUP BY tenant_id, after) x"
    )
    assert boss.scalar(logged) == 1
    assert state(job_id).attempts == 1


def state_of(key: bytes) -> bytes | None:
    """Return what a worker says that it is doing."""
    return jobs.redis().hget(key, "state")


def test_a_worker_told_to_stop_finishes_and_goes(workers, until, app):
    worker = workers()
    with app.app_context():
        # Registered it does not listen to signals yet; once it waits for work it does.
        until(lambda: b"idle" in map(state_of, jobs.redis().smembers("rq:workers")), seconds=30)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
