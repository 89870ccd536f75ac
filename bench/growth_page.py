"""`growth.page`: a county's items with the country in the database, against with a province.

Two whole installations answer in turn; each county is as large here as there.
"""

from statistics import median

from bench.figures import Figure, alternate
from bench.http_items import WARM, own_request, own_server, random_pages
from bench.load import Answered, load
from bench.province import Province
from bench.site import Site
from bench.sizes import Size


def measure(site: Site, province: Province, far: Site, land: Province, size: Size) -> Figure:
    """Ask both for pages of random centers, in turn; what is compared is the middle answer."""
    asked = {
        "country": [own_request(page) for page in random_pages(land, size.requests)],
        "province": [own_request(page) for page in random_pages(province, size.requests)],
    }
    found: dict[str, list[Answered]] = {"country": [], "province": []}
    with own_server(far) as far_port, own_server(site) as near_port:
        ports = {"country": far_port, "province": near_port}
        for side, port in ports.items():
            load(port, asked[side][:WARM])
            load(port, asked[side])

        def run(side: str) -> float:
            found[side].append(load(ports[side], asked[side]))
            return found[side][-1].p50

        pairs = alternate(size.pairs, lambda: run("country"), lambda: run("province"))
    detail = pairs.detail()
    for side, answers in found.items():
        detail[f"{side}_per_second"] = median(one.per_second for one in answers)
        detail[f"{side}_p95_ms"] = median(one.p95 for one in answers)
    return Figure("growth.page", detail["own"], "ms", 1.3, pairs.ratio, detail=detail)
