"""`push.province`: publish and roll out an edition, against copying the same children.

The edition tightens the committed limit of provisions that 60 of 100 centers have set themselves.
It ends when every delivery row says adopted and the conflicts have been found and listed.  Beside
it stands an edition of the same size that meets no local values: it changes the legal basis.
"""

import time
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg

from bench.figures import Figure, alternate
from bench.province import SEED, Province
from bench.site import Site
from bench.sizes import Size
from jinzhu.demo.catalogue import Entry
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.rollouts import rollouts

#: What becomes of a limit, and of the children's own limits between half and all of it.
TIGHTER = 0.8
#: A limit shorter than this cannot be tightened so that it shows.
LONG = 5

_CHILDREN = """
    SELECT i.* FROM item i JOIN provision p ON p.id = i.provision_id
    WHERE p.code = ANY (%s) ORDER BY i.tenant_id, i.id
"""
_EMPTY = """
    DROP TABLE IF EXISTS children;
    CREATE TABLE children (LIKE item INCLUDING DEFAULTS INCLUDING INDEXES)
"""


@dataclass(frozen=True, slots=True)
class Times:
    """How long one push took, in seconds, and what it found."""

    published: float
    adopted: float
    listed: float
    conflicts: int

    @property
    def whole(self) -> float:
        """Return the seconds from the first to the last."""
        return self.published + self.adopted + self.listed


class Office:
    """The provincial office, which changes provisions and takes it back."""

    def __init__(self, site: Site, province: Province, size: Size) -> None:
        self.site, self.province = site, province
        long = [entry for entry in province.items if entry[2]["committed_limit"] >= LONG]
        self.chosen = Random(SEED).sample(long, size.changed)
        self.times: list[Times] = []

    def prepare(self, **changes: Any) -> int:
        """Write the next edition as a draft; return its number."""
        with self.site.app.app_context(), self.province.at_work():
            edition_id = editions.open_draft(self.province.standard_id, title="修订")
            editions.put_many(edition_id, [_changed(entry, **changes) for entry in self.chosen])
        return edition_id

    def publish(self, edition_id: int) -> None:
        """Publish a draft; what it costs belongs to a push."""
        with self.site.app.app_context(), self.province.at_work():
            publication.publish(edition_id)

    def roll_out(self, edition_id: int, centers: list[int]) -> tuple[float, float, int]:
        """Roll an edition out and read what came of it, as the pages do.

        Returns the seconds until every center had it and until it was listed, and the conflicts.
        """
        begun = time.perf_counter()
        with self.site.app.app_context():
            with self.province.at_work():
                rollout_id = rollouts.start(edition_id, centers=centers)
            rollouts.run_now(rollout_id, tenant_id=self.province.id)
            adopted = time.perf_counter()
            with self.province.at_work():
                found = rollouts.read(rollout_id)
                query = {"state": "", "q": "", "page": 1, "per_page": 200, "sort": "-conflicts"}
                rollouts.deliveries(rollout_id, query)
        listed = time.perf_counter()
        if found["counts"]["adopted"] != len(centers):
            raise RuntimeError(f"not every center has adopted the edition: {found}")
        return adopted - begun, listed - adopted, int(found["conflicts"])

    def push(self, edition_id: int, centers: list[int]) -> Times:
        """Publish, roll out and list."""
        begun = time.perf_counter()
        self.publish(edition_id)
        published = time.perf_counter()
        adopted, listed, conflicts = self.roll_out(edition_id, centers)
        return Times(published - begun, adopted, listed, conflicts)

    def tighten(self, centers: list[int] | None = None) -> Times:
        """Push tighter limits to all centers or to some.  Afterwards everything is as before."""
        found = self.push(self.prepare(times=TIGHTER), centers or self.province.centers)
        self.take_back()
        return found

    def reword(self, centers: list[int] | None = None) -> Times:
        """Push another legal basis.  Afterwards everything is as before."""
        edition_id = self.prepare(legal_basis="（测试）依据已修订")
        found = self.push(edition_id, centers or self.province.centers)
        self.take_back()
        return found

    def take_back(self) -> None:
        """Push the provisions as they were at first, so that all centers are on one edition."""
        self.push(self.prepare(), self.province.centers)


def _changed(entry: Entry, *, times: float = 1, **changes: Any) -> Entry:
    """Return a provision with its limit, and those of its steps, so many times as long."""
    kind, code, content, rules, applies = entry
    limit = int(content["committed_limit"] * times)
    if "steps" in content:  # together they may not take longer than the whole
        steps = [step | {"limit": int(step["limit"] * times)} for step in content["steps"]]
        changes = {"steps": steps, **changes}
    return kind, code, {**content, "committed_limit": limit, **changes}, rules, applies


class Copier:
    """What copies the children of the changed provisions instead."""

    def __init__(self, connection: psycopg.Connection, codes: list[str]) -> None:
        self.connection = connection
        with connection.cursor() as cursor:
            parts = list(_copied(cursor, codes))
        self.text, self.rows = b"".join(parts), len(parts)

    def copy(self) -> float:
        """Copy the children into an empty table; return the seconds."""
        self.connection.execute(_EMPTY)
        self.connection.execute("CHECKPOINT")
        begun = time.perf_counter()
        with self.connection.cursor() as cursor, cursor.copy("COPY children FROM STDIN") as copy:
            copy.write(self.text)
        return time.perf_counter() - begun


def _copied(cursor: psycopg.Cursor, codes: list[str]) -> list[bytes]:
    with cursor.copy(f"COPY ({_CHILDREN}) TO STDOUT", (codes,)) as copy:
        return [bytes(row) for row in copy]


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Measure both in turn; each pair pushes an edition of its own."""
    office = Office(site, province, size)
    times: list[Times] = []

    def tighten() -> float:
        times.append(office.tighten())
        return times[-1].whole

    with site.bypassing() as connection:
        copier = Copier(connection, [entry[1] for entry in office.chosen])
        office.tighten()
        copier.copy()
        pairs = alternate(size.pairs, tighten, copier.copy)
        calm = alternate(size.pairs, lambda: office.reword().whole, copier.copy)
    middle = sorted(times, key=lambda one: one.whole)[len(times) // 2]
    detail = pairs.detail() | {
        "publish_s": middle.published,
        "adopt_s": middle.adopted,
        "list_s": middle.listed,
        "conflicts": middle.conflicts,
        "children": copier.rows,
        "without_conflicts": calm.detail() | {"ratio": calm.ratio},
    }
    return Figure("push.province", pairs.detail()["own"], "s", 0.25, pairs.ratio, detail=detail)
