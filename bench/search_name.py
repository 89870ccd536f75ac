"""`search.name`, `search.below`: a word of two characters, against the list without a search.

The words are cut out of real names at random, so that frequent ones come as often as people would
meet them.  A center searches its own items; the province those of all centers below.
"""

import re
from random import Random
from statistics import mean, median
from urllib.parse import quote

from bench.figures import Figure, alternate
from bench.http_items import WARM, own_server
from bench.load import Request, load
from bench.province import SEED, SUPERVISOR, Province, session_key
from bench.site import Site
from bench.sizes import Size
from bench.statement import PER_PAGE
from jinzhu.identity.sessions import COOKIE

WORD = re.compile(r"[\u4e00-\u9fff]{2}")


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Let centers search their own lists."""
    words = random_words(province, size.requests)
    centers = _centers(province, size)
    asked = [_list(center, word) for center, word in zip(centers, words, strict=True)]
    return _compared("search.name", 2, site, province, size, asked)


def measure_below(site: Site, province: Province, size: Size) -> Figure:
    """Let the province search all centers below."""
    asked = [_search(word) for word in random_words(province, size.requests)]
    return _compared("search.below", 5, site, province, size, asked)


def _compared(
    name: str, limit: float, site: Site, province: Province, size: Size, asked: list[Request]
) -> Figure:
    """Send searches and plain lists in turn; what is compared is the time a request takes."""
    plain = [_list(center, "") for center in _centers(province, size)]
    with own_server(site) as port:

        def timed(requests: list[Request]) -> float:
            return 1000 / load(port, requests).per_second

        for requests in (plain, asked):
            load(port, requests[:WARM])
        pairs = alternate(size.pairs, lambda: timed(asked), lambda: timed(plain))
    hits = [
        sum(word in entry[2]["name"] for entry in province.items)
        for word in random_words(province, size.requests)
    ]
    detail = pairs.detail() | {"median_hits": median(hits), "mean_hits": mean(hits)}
    return Figure(name, detail["own"], "ms/request", limit, pairs.ratio, detail=detail)


def _centers(province: Province, size: Size) -> list[int]:
    dice = Random(SEED)
    return [dice.choice(province.centers) for _ in range(size.requests)]


def random_words(province: Province, count: int) -> list[str]:
    """Return words of two characters out of names of items."""
    dice, found = Random(SEED), list[str]()
    names = [entry[2]["name"] for entry in province.items]
    while len(found) < count:
        name = dice.choice(names)
        begin = dice.randrange(max(1, len(name) - 1))
        if WORD.fullmatch(name[begin : begin + 2]):
            found.append(name[begin : begin + 2])
    return found


def _list(center: int, word: str) -> Request:
    asked = f"&q={quote(word)}" if word else ""
    path = f"/api/items?sort=name&per_page={PER_PAGE}{asked}"
    return Request(path, cookie=f"{COOKIE}={session_key(center)}")


def _search(word: str) -> Request:
    path = f"/api/search?per_page={PER_PAGE}&q={quote(word)}"
    return Request(path, cookie=f"{COOKIE}={SUPERVISOR}")
