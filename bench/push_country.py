"""`push.country`: the same edition to all centers of the country, against to as many as a province.

Both run on the same data.  A push may grow with the centers it goes to; it may not grow with the
items that the database holds.
"""

from statistics import median

from bench.figures import Figure, alternate
from bench.land import forget_pushes
from bench.province import Province
from bench.push_province import Office, Times
from bench.site import Site
from bench.sizes import Size


def measure(site: Site, land: Province, size: Size) -> Figure:
    """Push in turn to all and to few; each pair an edition of its own."""
    office = Office(site, land, size)
    few = land.centers[: size.few]
    found: dict[str, list[Times]] = {"all": [], "few": []}

    def tighten(side: str, centers: list[int]) -> float:
        found[side].append(office.tighten(centers))
        return found[side][-1].whole

    try:
        office.reword()
        pairs = alternate(
            size.far_pairs,
            lambda: tighten("all", land.centers),
            lambda: tighten("few", few),
        )
        calm = alternate(
            size.far_pairs,
            lambda: office.reword().whole,
            lambda: office.reword(few).whole,
        )
    finally:
        forget_pushes(site)
    if not all(one.conflicts for times in found.values() for one in times):
        raise RuntimeError("no conflicts: the country was built without what triggers keep")
    detail = pairs.detail() | {
        "centers": len(land.centers),
        "few": size.few,
        "without_conflicts": calm.detail() | {"ratio": calm.ratio},
    }
    for side, times in found.items():
        detail[f"{side}_publish_s"] = median(one.published for one in times)
        detail[f"{side}_adopt_s"] = median(one.adopted for one in times)
        detail[f"{side}_list_s"] = median(one.listed for one in times)
        detail[f"{side}_conflicts"] = median(one.conflicts for one in times)
    return Figure("push.country", detail["own"], "s", 12, pairs.ratio, detail=detail)
