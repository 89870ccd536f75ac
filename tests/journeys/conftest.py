"""The demo province, built once, with people who sign in over the API."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jinzhu.app import create_app
from jinzhu.core.db import db
from jinzhu.core.http import Application
from jinzhu.demo import province
from jinzhu.demo.accounts import PASSWORD

Json = dict[str, Any]


@pytest.fixture(scope="session")
def demo(servers: Any, new_database: Callable[[str], Any]) -> Iterator[Application]:
    """The application on the demo province, in a database of its own."""
    app = create_app(new_database("journeys"), CHECK_OUTPUT=True)
    assert province.build(app)
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].close()


class Person:
    """Somebody at the console."""

    def __init__(self, app: Application, username: str) -> None:
        self.client = app.test_client()
        answer = self.client.post("/api/session", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.me: Json = answer.json

    def send(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """Send a request and return the answer, whatever it is."""
        headers = {"X-CSRF-Token": self.me["csrf_token"]}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.open(path, method=method, json=body, headers=headers)

    def get(self, path: str) -> Json:
        """Read something that is there."""
        answer = self.send("GET", path)
        assert answer.status_code == 200, (path, answer.text)
        return dict(answer.json)

    def do(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Json:
        """Do something that is possible."""
        answer = self.send(method, path, body, version=version)
        assert answer.status_code < 300, (path, answer.text)
        return dict(answer.json or {})


@pytest.fixture
def people(demo: Application) -> Callable[[str], Person]:
    """Sign somebody in."""
    return lambda username: Person(demo, username)
