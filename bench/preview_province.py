"""`preview.province`: the preview of an edition, lists included, against its roll-out."""

import time

from bench.figures import Figure, Pairs
from bench.province import Province
from bench.push_province import TIGHTER, Office
from bench.site import Site
from bench.sizes import Size
from jinzhu.core.tenancy import Reach
from jinzhu.standards.rollouts import preview


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Preview an edition that is published, then roll the same one out; take it back; again.

    The preview comes first each time: afterwards the edition would change nothing any more.
    """
    office = Office(site, province, size)
    pairs, total = Pairs([], []), 0
    for turn in range(size.pairs + 1):
        edition_id = office.prepare(times=TIGHTER)
        office.publish(edition_id)
        begun = time.perf_counter()
        with site.app.app_context(), province.at_work(Reach.PUSH):
            total = int(preview.preview(edition_id, centers="all")["conflicts_total"])
        previewed = time.perf_counter() - begun
        adopted, listed, conflicts = office.roll_out(edition_id, province.centers)
        if total != conflicts:
            raise RuntimeError(f"the preview said {total} conflicts, there came {conflicts}")
        office.take_back()
        if turn > 0:  # the first warms both
            pairs.own.append(previewed)
            pairs.other.append(adopted + listed)
    detail = pairs.detail() | {"conflicts": total}
    return Figure("preview.province", detail["own"], "s", 1.5, pairs.ratio, detail=detail)
