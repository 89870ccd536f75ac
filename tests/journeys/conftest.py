"""Copies of the demo province, with people who sign in over the API."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from jinzhu.config import Settings, sqlalchemy_url
from jinzhu.core import clock, jobs
from jinzhu.core.http import Application
from jinzhu.demo.accounts import PASSWORD

Json = dict[str, Any]
#: What the engine lets fall due; the demo has cases beside it, whose clocks run on their own.
ENGINE = ("app.due_pins", "app.due_rollouts")
AppOn = Callable[..., AbstractContextManager[Application]]


@pytest.fixture(scope="module")
def demo(
    demo_built: str, new_database: Callable[..., Settings], app_on: AppOn
) -> Iterator[Application]:
    """The application on a demo province that the journeys of one module share."""
    with app_on(new_database("journey_shared", like=demo_built)) as app:
        yield app


class Person:
    """Somebody at the console."""

    def __init__(self, app: Application, username: str) -> None:
        self.client = app.test_client()
        answer = self.client.post("/api/session", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.me: Json = answer.json
        self.center: int = self.me["post"]["center"]["id"]

    def send(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """Send a request and return the answer, whatever it is."""
        headers = {"X-CSRF-Token": self.me["csrf_token"]}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.open(path, method=method, json=body, headers=headers)

    def upload(self, path: str, content: bytes) -> Any:
        """Send a file and return the answer."""
        edge = b"journey"
        head = b'Content-Disposition: form-data; name="file"; filename="draft.xlsx"'
        body = b"--" + edge + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n--" + edge + b"--\r\n"
        headers = {
            "X-CSRF-Token": self.me["csrf_token"],
            "Content-Type": f"multipart/form-data; boundary={edge.decode()}",
        }
        return self.client.post(path, data=body, headers=headers)

    def get(self, path: str) -> Json:
        """Read something that is there."""
        answer = self.send("GET", path)
        assert answer.status_code == 200, (path, answer.text)
        return dict(answer.json)

    def do(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Json:
        """Do something that is possible."""
        answer = self.send(method, path, body, version=version)
        assert answer.status_code < 300, (path, answer.text)
        return dict(answer.json) if answer.data else {}

    def refused(self, path: str, body: Any, *, method: str = "POST", **more: Any) -> Json:
        """Ask for something that a rule forbids; return the first thing that is wrong."""
        answer = self.send(method, path, body, **more)
        assert answer.status_code == 422, (path, answer.status_code, answer.text)
        return dict(answer.json["errors"][0])


@pytest.fixture
def people(demo: Application) -> Callable[[str], Person]:
    """Sign somebody in."""
    return lambda username: Person(demo, username)


class Demo:
    """A demo province of one's own, with the time in one's hands."""

    def __init__(self, app: Application, superuser: str) -> None:
        self.app, self.superuser = app, superuser

    def person(self, username: str) -> Person:
        """Sign somebody in."""
        return Person(self.app, username)

    def work(self, owner: Person, rollout_id: int) -> Json:
        """Let a worker do what a roll-out has to do now; return how it stands then."""
        path = f"/api/rollouts/{rollout_id}"
        with self.app.app_context():
            jobs.run(owner.center, owner.get(path)["job"]["id"])
        return owner.get(path)

    def tick(self, day: date) -> int:
        """Let a day come; return how much was due."""
        with self.app.app_context():
            return sum(clock.carry_out(one, day=day) for one in ENGINE)

    def days_pass(self, days: int) -> None:
        """Let everything that has happened so far have happened so many days ago."""
        engine = create_engine(self.superuser)
        with engine.begin() as connection:
            connection.execute(text("UPDATE change SET at = at - :days"), {"days": timedelta(days)})
        engine.dispose()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Look at what really stands in the tables."""
        engine = create_engine(self.superuser)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(statement))]
        engine.dispose()
        return found


@pytest.fixture
def fresh(
    servers: Any, demo_built: str, new_database: Callable[..., Settings], app_on: AppOn
) -> Iterator[Demo]:
    """A demo province that nobody has touched."""
    settings = new_database("journey_own", like=demo_built)
    name = make_url(settings.database_url).database
    boss = make_url(sqlalchemy_url(servers.superuser)).set(database=name)
    with app_on(settings) as app:
        yield Demo(app, boss.render_as_string(hide_password=False))
