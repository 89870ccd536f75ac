"""A small standard of a journey's own: written, published and pushed over the API.

What one journey tightens, amends or takes back is then never in another one's way.
"""

from collections.abc import Mapping
from typing import Any

from tests.e2e.conftest import Client
from tests.jinzhu.embedded.running import eventually

Entry = tuple[str, str, Mapping[str, Any]]
AT_WORK = ("scheduled", "queued", "running")


def item(code: str, name: str, **values: Any) -> Entry:
    """Return an item as the office writes it; it takes 20 working days unless told otherwise."""
    content = {
        "code": code,
        "name": name,
        "item_type": "20",
        "department_code": "BM26",
        "legal_basis": "《浏览器验收用标准》",
        "statutory_limit": 30,
        "committed_limit": 20,
        "visit_count": 1,
        "fee": 0,
    }
    return "item", code, content | values


def post(code: str, name: str, **values: Any) -> Entry:
    """Return what is required of the people at a window."""
    return "post", code, {"code": code, "name": name, "staff_role": ["window_staff"]} | values


class Standard:
    """A standard and the office that writes it."""

    def __init__(self, office: Client, code: str, name: str, *entries: Entry) -> None:
        self.office, self.code, self.name = office, code, name
        self.id: int = office.send("POST", "/api/standards", {"code": code, "name": name})["id"]
        self.publish("第一年", *entries)

    def publish(self, title: str, *entries: Entry) -> int:
        """Write the next edition and publish it; return its number."""
        path = f"/api/standards/{self.id}/editions"
        edition: int = self.office.send("POST", path, {"title": title})["id"]
        for kind, code, content in entries:
            self._put(f"/api/editions/{edition}/provisions/{kind}/{code}", content)
        version = self.office.get(f"/api/editions/{edition}")["version"]
        path = f"/api/editions/{edition}/publication"
        self.office.send("POST", path, {}, version=version)
        self.edition = edition
        return edition

    def _put(self, path: str, content: Mapping[str, Any]) -> None:
        standing = self.office.asking.get(path)
        body = {"content": content, "applies": {"levels": ["city", "county"]}}
        version = standing.json()["version"] if standing.ok else None
        self.office.send("PUT", path, body, version=version, new=version is None)

    def push(self, **how: Any) -> int:
        """Roll the newest edition out and wait until the job has nothing left to do now."""
        body = {"centers": "all", "reason": "验收"} | how
        path = f"/api/editions/{self.edition}/rollouts"
        rollout: int = self.office.send("POST", path, body)["id"]
        eventually(lambda: self._rests(rollout), what=f"roll-out {rollout} of {self.code}")
        return rollout

    def _rests(self, rollout: int) -> bool:
        return self.office.get(f"/api/rollouts/{rollout}")["state"] not in AT_WORK


def offer(county: Client, code: str, **local: Any) -> dict[str, Any]:
    """Let a county offer an item and fill in what it has of its own; return the record."""
    duty = county.rows(f"/api/items/duties?q={code}")[0]
    claim = {"provision_ids": [duty["provision_id"]], "claim": "offered"}
    county.send("POST", "/api/items/claims", claim)
    found = record(county, code)
    if not local:
        return found
    path = f"/api/items/{found['id']}"
    county.send("PATCH", path, {"local": local}, version=found["version"])
    return record(county, code)


def record(county: Client, code: str) -> dict[str, Any]:
    """Return the record of an item that a county offers."""
    row = county.rows(f"/api/items?q={code}")[0]
    found: dict[str, Any] = county.get(f"/api/items/{row['id']}")
    return found


def value(county: Client, code: str, field: str) -> dict[str, Any]:
    """Return what a county's record says of one field."""
    fields = record(county, code)["fields"]
    return next(one for one in fields if one["name"] == field)
