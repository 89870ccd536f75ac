"""A small standard: two departments, five items, published and pushed to everybody."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select

from jinzhu.config import Settings
from jinzhu.core.db import db
from jinzhu.core.http import Application
from jinzhu.core.tenancy import Reach
from jinzhu.standards import push
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import Standard
from jinzhu.standards.rollouts import rollouts
from tests.servers import Servers, pattern

CODE = "T"
At = Callable[..., Any]


def item(code: str, **content: Any) -> tuple[str, str, dict[str, Any], dict[str, Any], Any]:
    """Return a provision of kind item."""
    values = {
        "name": f"事项{code}",
        "item_type": "01",
        "department_code": "D01",
        "legal_basis": "基本目录",
        "statutory_limit": 20,
        "committed_limit": 10,
        "visit_count": 1,
        "fee": 0,
        "materials": [{"code": f"M{n}", "name": f"材料{n}"} for n in (1, 2, 3)],
    }
    return "item", code, {**values, **content}, {}, {"levels": ["county"]}


def department(code: str, name: str) -> tuple[str, str, dict[str, Any], dict[str, Any], Any]:
    """Return a provision of kind department."""
    content = {"name": name, "department_class": "government", "entry_force": "shall"}
    return "department", code, content, {}, {"levels": ["county"]}


class Province:
    """The provincial office at work."""

    def __init__(self, app: Application, at: At, centers: dict[str, int]) -> None:
        self.app, self.at, self.centers = app, at, centers
        with at("四川省", "standards_officer"):
            known = db.session.scalar(select(Standard.id).where(Standard.code == CODE))
            self.standard_id = known or editions.create_standard(code=CODE, name="省基本目录")
        self.has_begun = known is not None

    def begin(self) -> None:
        """Publish the first edition and push it to everybody."""
        entries = [department("D01", "审批局"), department("D02", "人社局")]
        entries += [item("A1"), item("A2"), item("A3", item_type="20"), item("A4")]
        entries += [item("B1", department_code="D02", item_type="20")]
        self.push(self.publish(*entries))

    def publish(self, *entries: Any, remove: tuple[str, ...] = ()) -> int:
        """Write the next edition and publish it."""
        with self.at("四川省", "standards_officer"):
            edition_id = editions.open_draft(self.standard_id, title="版次")
            editions.put_many(edition_id, entries)
            for code in remove:
                editions.remove(edition_id, "item", code)
            publication.publish(edition_id)
            return edition_id

    def push(self, edition_id: int, *names: str) -> dict[int, int]:
        """Put centers on an edition; return the conflicts by center."""
        chosen = [self.centers[name] for name in names or self.centers]
        with self.at("四川省", "standards_officer", reach=Reach.PUSH):
            conflicts, _ = push.adopt(
                standard_id=self.standard_id,
                edition_id=edition_id,
                centers=chosen,
                rollout_id=None,
            )
            return conflicts

    def rollout(self, edition_id: int, centers: rollouts.Chosen = "all") -> int:
        """Roll an edition out in this process."""
        with self.at("四川省", "standards_officer"):
            number = rollouts.start(edition_id, centers=centers, reason="测试")
        with self.app.app_context():
            rollouts.run_now(number, tenant_id=self.centers["四川省"])
        return number


@pytest.fixture(scope="session")
def begun(
    servers: Servers,
    new_province: Callable[..., Settings],
    new_database: Callable[..., Settings],
    app_on: Callable[..., AbstractContextManager[Application]],
    at_on: Callable[..., At],
    centers: dict[str, int],
) -> Settings:
    """A database in which the first edition was published and pushed, made once in a run."""

    def fill(settings: Settings) -> None:
        with app_on(settings) as app:
            Province(app, at_on(app, centers), centers).begin()

    return new_database("begun", like=pattern(servers, "begun", fill, like="small"))


@pytest.fixture(scope="session")
def begun_app(
    begun: Settings, app_on: Callable[..., AbstractContextManager[Application]]
) -> Iterator[Application]:
    """The application where the first edition has arrived."""
    with app_on(begun) as app:
        yield app


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    undo: Callable[[Application], AbstractContextManager[Application]],
) -> Iterator[Application]:
    """The application on one connection; everything the test commits is undone after it.

    It stands where the first edition has arrived if the test, or what it asks for, asks for the
    `province`.
    """
    name = "begun_app" if "province" in request.fixturenames else "whole_app"
    with undo(request.getfixturevalue(name)) as app:
        yield app


@pytest.fixture
def office(app: Application, at: At, centers: dict[str, int]) -> Province:
    """The provincial office, with a standard that has no edition yet."""
    return Province(app, at, centers)


@pytest.fixture
def province(office: Province) -> Province:
    """The provincial office after its first edition was published and pushed to everybody."""
    if not office.has_begun:  # on a database of the test's own
        office.begin()
    return office


@pytest.fixture
def an_item() -> Callable[..., Any]:
    """Make provisions of kind item."""
    return item
