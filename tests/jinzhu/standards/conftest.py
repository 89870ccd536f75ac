"""A city that amends the province's standard, for what its counties then show."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.http import Application
from jinzhu.core.tenancy import Reach
from jinzhu.standards.amendments import amendments
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import Revision
from jinzhu.standards.receiving import exemption_decisions
from jinzhu.standards.records import bulk, records
from jinzhu.standards.rollouts import rollouts
from tests.jinzhu.standards.asking import UNTIL, number_of

At = Callable[..., Any]
Amended = tuple[str, dict[str, Any], dict[str, Any]]


class City:
    """The office of 广安市 at work on its amendment."""

    def __init__(self, app: Application, at: At, centers: dict[str, int], standard_id: int) -> None:
        self.app, self.centers, self.standard_id = app, centers, standard_id
        self.at = lambda **more: at("广安市", "city_manager", **more)

    def begin(self) -> int:
        """Open the draft of the amendment; return its number."""
        with self.at():
            return amendments.begin(self.standard_id)["draft"]["id"]

    def amend(self, *entries: Amended) -> int:
        """Write (code, content, rules) of items into the next edition and publish it."""
        draft = self.begin()
        with self.at():
            editions.put_many(draft, [("item", code, *said, {}) for code, *said in entries])
            publication.publish(draft)
        return draft

    def rollout(self, edition_id: int, centers: rollouts.Chosen = "all") -> int:
        """Roll an edition of the amendment out in this process."""
        with self.at():
            number = rollouts.start(edition_id, centers=centers, reason="测试")
        with self.app.app_context():
            rollouts.run_now(number, tenant_id=self.centers["广安市"])
        return number


@pytest.fixture
def city(app: Application, at: At, centers: dict[str, int], province: Any) -> City:
    """A city that amends nothing yet, below a province whose first edition has arrived."""
    return City(app, at, centers, province.standard_id)


@pytest.fixture
def shown(at: At, centers: dict[str, int]) -> Callable[[str, str], dict[str, Any]]:
    """Return the fields of an item as a county shows it."""

    def read(county: str, code: str) -> dict[str, Any]:
        with at(county):
            number = select(Revision.provision_id).where(Revision.code == code).limit(1)
            record = records.read_of_provision(
                "item", db.session.scalars(number).one(), center_id=centers[county]
            )
            return {field["name"]: field for field in record["fields"]}

    return read


@pytest.fixture
def bound_county(province, at, centers, an_item):
    """A county whose value a tighter edition no longer allows."""
    with at("广安区"):
        bulk.claim_many("item", [number_of("A1"), number_of("A2")], claim="offered")
        bulk.set_local_many("item", {number_of("A1"): {"committed_limit": 8}})
    province.push(province.publish(an_item("A1", committed_limit=5, legal_basis="新法")))
    return centers["广安区"]


@pytest.fixture
def decide(at, bound_county):
    """Decide about what the county asked for, at the province."""

    def decided(number: int, *, grant: bool = True, place: str = "四川省", **words: Any) -> None:
        given = {"expires_on": UNTIL if grant else None, "reason": "", **words}
        with at(place, "standards_officer", reach=Reach.PUSH):
            exemption_decisions.decide(bound_county, number, grant=grant, **given)

    return decided
