"""`http.items`: a page of a county's items over HTTP, against the bare limit."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from random import Random
from urllib.request import Request as Asked
from urllib.request import urlopen

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


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Measure both servers in turn."""
    pages = list(random_pages(province, size.requests))
    with servers(site, province) as (own_port, bare_port):
        own = [_own(page) for page in pages]
        other = [_bare(page) for page in pages]
        _same_rows(own_port, own[0], bare_port, other[0])
        load(own_port, own[:WARM])
        load(bare_port, other[:WARM])
        answers: dict[int, list[Answered]] = {own_port: [], bare_port: []}

        def run(port: int, requests: list[Request]) -> float:
            answers[port].append(load(port, requests))
            return answers[port][-1].per_second

        pairs = alternate(size.pairs, lambda: run(own_port, own), lambda: run(bare_port, other))
    middle = sorted(answers[own_port], key=lambda a: a.p50)[size.pairs // 2]
    middle_bare = sorted(answers[bare_port], key=lambda a: a.p50)[size.pairs // 2]
    times = {"p50_ms": middle.p50, "p95_ms": middle.p95, "bare_p50_ms": middle_bare.p50}
    return Figure(
        "http.items",
        pairs.detail()["own"],
        "requests/s",
        0.6,
        pairs.ratio,
        "at_least",
        pairs.detail() | times,
    )


@contextmanager
def servers(site: Site, province: Province) -> Iterator[tuple[int, int]]:
    """Run the product's web server and the bare one; yield their ports."""
    own_port, bare_port = free_port(), free_port()
    own = site.environment() | {"JINZHU_PORT": str(own_port)}
    limit = site.environment() | {
        bare.ADDRESS: site.superuser,
        bare.STATEMENT: json.dumps(asdict(list_of_items(site, province))),
    }
    with (
        serving(["-m", "jinzhu", "serve"], port=own_port, path="/health/ready", environment=own),
        serving(
            ["-m", "bench.bare", str(bare_port)], port=bare_port, path="/ready", environment=limit
        ),
    ):
        yield own_port, bare_port


def random_pages(province: Province, count: int) -> Iterator[Page]:
    """Choose centers, types and pages, each page full but perhaps the last."""
    dice = Random(SEED)
    types = [entry[2]["item_type"] for entry in province.items]
    for _ in range(count):
        item_type = dice.choice(types)
        last = -(-types.count(item_type) // PER_PAGE)
        yield dice.choice(province.centers), item_type, dice.randint(1, last)


def _own(page: Page) -> Request:
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
