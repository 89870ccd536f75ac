"""What journeys do again and again: find an item, tighten it, publish, roll out."""

from typing import Any

from tests.journeys.conftest import Json, Person

CODE = "SC-CATALOGUE"
REVIEWER = "province2"


def field(record: Json, name: str) -> Json:
    """Return one field of a record."""
    return next(part for part in record["fields"] if part["name"] == name)


def tightened(county: Person) -> tuple[Json, int]:
    """Return an item for which a county promises less itself, and that can still be undercut."""
    for row in county.get("/api/items?per_page=200&sort=-committed_limit")["rows"]:
        record = county.get(f"/api/items/{row['id']}")
        limit = field(record, "committed_limit")
        mine = limit["local"] or 0
        if mine > 2 and not limit["conflict"] and limit["rule"] == "at_most":
            return record, mine
    raise AssertionError("the demo has no such item")


def catalogue(person: Person) -> Json:
    """Return the province's catalogue as the list of standards shows it."""
    return next(row for row in person.get("/api/standards")["rows"] if row["code"] == CODE)


def put(office: Person, draft: int, code: str, bound: int) -> Json:
    """Write a new limit into a draft; its steps follow one another inside it."""
    path = f"/api/editions/{draft}/provisions/item/{code}"
    standing = office.get(path)
    body = {part: standing[part] for part in ("content", "rules", "applies")}
    steps = [{**step, "limit": 0} for step in standing["content"].get("steps", [])]
    body["content"] = {**body["content"], "committed_limit": bound, "steps": steps}
    return office.do("PUT", path, body, version=standing["version"])


def approve(office: Person, draft: int) -> Json:
    """Hand a draft in, and let the other officer of the province approve it."""
    path = f"/api/editions/{draft}"
    handed_in = office.do("POST", f"{path}/submission", {}, version=office.get(path)["version"])
    other = Person(office.client.application, REVIEWER)
    return other.do("POST", f"{path}/approval", {}, version=handed_in["version"])


def publish(office: Person, draft: int) -> Json:
    """Publish a draft, where its standard is reviewed after somebody else has approved it."""
    edition = office.get(f"/api/editions/{draft}")
    if edition["reviewed"]:
        edition = approve(office, draft)
    path = f"/api/editions/{draft}/publication"
    return office.do("POST", path, {}, version=edition["version"])


def next_edition(office: Person, code: str, bound: int) -> int:
    """Publish the province's open draft with a tighter limit; return its number."""
    draft: int = catalogue(office)["draft"]["id"]
    put(office, draft, code, bound)
    assert publish(office, draft)["number"] == 3
    return draft


def roll_out(office: Person, edition: int, **how: Any) -> Json:
    """Begin a roll-out."""
    return office.do("POST", f"/api/editions/{edition}/rollouts", {"reason": "压缩时限", **how})


def counts(shown: Json) -> dict[str, int]:
    """Return how many deliveries there are in each state that has any."""
    return {state: number for state, number in shown["counts"].items() if number}


def deliveries(office: Person, rollout_id: int) -> dict[str, Json]:
    """Return what became of a roll-out by the name of the center."""
    path = f"/api/rollouts/{rollout_id}/deliveries?per_page=300"
    return {row["center"]["name"]: row for row in office.get(path)["rows"]}


def settle_path(county: Person, code: str, name: str = "committed_limit") -> str:
    """Return where a county answers the conflict on a field."""
    rows = county.get(f"/api/conflicts?state=open&q={code}")["rows"]
    (conflict,) = [row for row in rows if row["field"] == name]
    return f"/api/conflicts/{conflict['id']}/settlement"
