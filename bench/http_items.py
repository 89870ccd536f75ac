"""`http.items`: a page of a county's items over HTTP, against the bare limit."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from random import Random
from statistics import median
from urllib.request import Request as Asked
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]  # it brings no types

from bench import bare
from bench.figures import Figure, alternate
from bench.load import Answered, Request, load
from bench.province import SEED, Province, session_key
from bench.site import Site, free_port, serving
from bench.sizes import Size
from bench.statement import PER_PAGE, list_of_items
from jinzhu.identity.sessions import COOKIE

Page = tuple[int, str, int]
#: Both sides answer so many requests before anything counts.
WARM = 200


@dataclass(frozen=True, slots=True)
class Loaded:
    """One load: what the clients saw, and the processor time it cost the servers per request."""

    answered: Answered
    cpu: float  #: milliseconds of web server and PostgreSQL together


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Measure both servers in turn."""
    pages = list(random_pages(province, size.requests))
    with servers(site, province) as (own_port, bare_port):
        own = [own_request(page) for page in pages]
        other = [_bare(page) for page in pages]
        _same_rows(own_port, own[0], bare_port, other[0])
        load(own_port, own[:WARM])
        load(bare_port, other[:WARM])
        loads: dict[str, list[Loaded]] = {"own": [], "bare": []}

        def run(side: str, port: int, requests: list[Request]) -> float:
            before = _spent()
            answered = load(port, requests)
            cpu = (_spent() - before) / len(requests) * 1000
            loads[side].append(Loaded(answered, cpu))
            return answered.per_second

        pairs = alternate(
            size.pairs,
            lambda: run("own", own_port, own),
            lambda: run("bare", bare_port, other),
        )
    detail = pairs.detail()
    for side, found in loads.items():
        detail[f"{side}_p50_ms"] = median(one.answered.p50 for one in found)
        detail[f"{side}_p95_ms"] = median(one.answered.p95 for one in found)
        detail[f"{side}_cpu_ms"] = median(one.cpu for one in found)
    return Figure("http.items", detail["own"], "requests/s", 0.6, pairs.ratio, "at_least", detail)


def _spent() -> float:
    """Return the processor time, in seconds, of all servers that this process has started."""
    found = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found += times.user + times.system
    return found


@contextmanager
def servers(site: Site, province: Province) -> Iterator[tuple[int, int]]:
    """Run the product's web server and the bare one; yield their ports."""
    bare_port = free_port()
    limit = site.environment() | {
        bare.ADDRESS: site.superuser,
        bare.STATEMENT: json.dumps(asdict(list_of_items(site, province))),
    }
    with (
        own_server(site) as own_port,
        serving(
            ["-m", "bench.bare", str(bare_port)], port=bare_port, path="/ready", environment=limit
        ),
    ):
        yield own_port, bare_port


@contextmanager
def own_server(site: Site) -> Iterator[int]:
    """Run the product's web server as in production; yield its port."""
    port = free_port()
    own = site.environment() | {"JINZHU_PORT": str(port)}
    with serving(["-m", "jinzhu", "serve"], port=port, path="/health/ready", environment=own):
        yield port


def random_pages(province: Province, count: int) -> Iterator[Page]:
    """Choose centers, types and pages, each page full but perhaps the last."""
    dice = Random(SEED)
    types = [entry[2]["item_type"] for entry in province.items]
    for _ in range(count):
        item_type = dice.choice(types)
        last = -(-types.count(item_type) // PER_PAGE)
        yield dice.choice(province.centers), item_type, dice.randint(1, last)


def own_request(page: Page) -> Request:
    """Return the request of somebody of a center for a page of its items."""
    center, item_type, number = page
    path = f"/api/items?item_type={item_type}&sort=name&page={number}&per_page={PER_PAGE}"
    return Request(path, cookie=f"{COOKIE}={session_key(center)}")


def _bare(page: Page) -> Request:
    center, item_type, number = page
    return Request(f"/items?center={center}&item_type={item_type}&page={number}")


def _same_rows(own_port: int, own: Request, bare_port: int, other: Request) -> None:
    """Make sure that both sides do the same work."""
    first, second = _body(own_port, own), _body(bare_port, other)
    numbers = [[row["id"] for row in body["rows"]] for body in (first, second)]
    if numbers[0] != numbers[1] or not numbers[0] or first["total"] != second["total"]:
        raise RuntimeError("the product and the bare limit answer differently")


def _body(port: int, request: Request) -> dict[str, list[dict[str, int]]]:
    asked = Asked(f"http://127.0.0.1:{port}{request.path}", headers={"Cookie": request.cookie})
    with urlopen(asked) as answer:
        found: dict[str, list[dict[str, int]]] = json.load(answer)
        return found
