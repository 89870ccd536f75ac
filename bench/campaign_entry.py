"""`campaign.entry`: items begun in one campaign, and what other users notice of it.

Campaigns run one after the other, each in another county, while people ask for pages of items;
then the same pages are asked for without them.  What is compared is the slow answer, p95.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from bench.figures import Figure, alternate
from bench.http_items import WARM, own_request, own_server, random_pages
from bench.load import Answered, load
from bench.province import LEVELS, Province
from bench.site import Site
from bench.sizes import Size
from jinzhu.core import jobs
from jinzhu.core.tenancy import Scope
from jinzhu.core.transaction import work
from jinzhu.demo.catalogue import Entry
from jinzhu.identity.roles import ROLES
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.rollouts import rollouts
from tenants.campaign import beginning, service

ITEMS = 500
STEPS = [
    {"code": "S1", "name": "提出", "actor": "department", "limit": 5, "warn": 2},
    {"code": "S2", "name": "认定", "actor": "competent_body", "limit": 15},
    {"code": "S3", "name": "确定进驻", "actor": "center", "limit": 3, "effects": ["enter"]},
]
CHOICE = {"object": "item", "kind": "entry", "procedure": "", "reason": "", "facts": {}}
FILTER = {"state": "", "departments": [], "item_type": "", "q": "", "without": []}


@dataclass(slots=True)
class Campaigns:
    """Counties that begin their items, each once."""

    site: Site
    province: Province
    items: int
    counties: list[int]
    seconds: list[float] = field(default_factory=list)

    def begin(self) -> None:
        """Let the next county begin its items, and carry out the job as a worker does."""
        center = self.counties.pop()
        codes = [{"row": n, "code": one[1]} for n, one in enumerate(self.province.items, 1)]
        who = Scope(
            center, actor_id=self.province.author_id, permissions=frozenset(ROLES["center_manager"])
        )
        with self.site.app.app_context():
            with work(who):
                wish = {**CHOICE, **FILTER, "codes": codes[: self.items], "name": "集中进驻"}
                campaign = beginning.start(wish)
                number, job_id = campaign.id, campaign.job_id or 0
            begun = time.perf_counter()
            jobs.run(center, job_id)
            self.seconds.append(time.perf_counter() - begun)
            with work(who):
                counts = service.counts(service.find(number))
        if counts["begun"] != self.items:
            raise RuntimeError(f"not every case has begun: {counts}")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let one county after the other begin as long as the block lasts."""
        over, failed = threading.Event(), list[BaseException]()

        def turn() -> None:
            try:
                while self.counties and not over.is_set():
                    self.begin()
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=turn)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        if failed:
            raise failed[0]


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Ask for pages with campaigns and without them, in turn."""
    _publish(site, province)
    campaigns = Campaigns(site, province, min(ITEMS, size.items), list(reversed(province.centers)))
    asked = [own_request(page) for page in random_pages(province, size.requests)]
    found: dict[str, list[Answered]] = {"with": [], "without": []}
    with own_server(site) as port:
        load(port, asked[:WARM])

        def meanwhile() -> float:
            with campaigns.running():
                found["with"].append(load(port, asked))
            return found["with"][-1].p95

        def alone() -> float:
            found["without"].append(load(port, asked))
            return found["without"][-1].p95

        pairs = alternate(size.pairs, meanwhile, alone)
    detail = pairs.detail() | {"items": campaigns.items, "campaigns": len(campaigns.seconds)}
    for side, answers in found.items():
        detail[f"{side}_p50_ms"] = median(one.p50 for one in answers)
        detail[f"{side}_p95_ms"] = median(one.p95 for one in answers)
    return Figure("campaign.entry", median(campaigns.seconds), "s", 2.0, pairs.ratio, detail=detail)


def _publish(site: Site, province: Province) -> None:
    """Put a procedure for items into the standard, and every center on it."""
    content = {"name": "事项进驻", "procedure_object": "item", "procedure_kind": "entry"}
    steps = {**content, "steps": STEPS}
    entry: Entry = ("procedure", "BENCH-ENTRY", steps, {}, LEVELS)
    with site.app.app_context():
        with province.at_work():
            edition_id = editions.open_draft(province.standard_id, title="进驻程序")
            editions.put_many(edition_id, [entry])
            publication.publish(edition_id)
            rollout_id = rollouts.start(edition_id, centers=province.centers)
        rollouts.run_now(rollout_id, tenant_id=province.id)
