"""`python -m bench --size province`: measure, print a table, write `bench/results.json`.

The size country measures what growth costs; tiny runs everything once, to prove that it works.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import TypeVar

from bench import (
    campaign_entry,
    entry_below,
    figures,
    frontend_initial,
    growth_page,
    http_items,
    preview_province,
    push_country,
    push_province,
    rls_cost,
    search_name,
    start_warm,
)
from bench.figures import Figure
from bench.land import country
from bench.province import plant
from bench.site import running
from bench.sizes import COUNTRY, PROVINCE, SIZES, Size

Found = TypeVar("Found")
ON_SITE = {
    "http.items": http_items.measure,
    "rls.cost": rls_cost.measure,
    "search.name": search_name.measure,
    "search.below": search_name.measure_below,
    "campaign.entry": campaign_entry.measure,
    "entry.below": entry_below.measure,
    "push.province": push_province.measure,
    "preview.province": preview_province.measure,
}
ALONE: dict[str, Callable[[Size], Figure]] = {
    "start.warm": start_warm.measure,
    "frontend.initial": lambda _: frontend_initial.measure(),
}
GROWTH = ("growth.page", "push.country")


def main() -> int:
    """Run what was asked for."""
    asked = _asked()
    size = SIZES[asked.size]
    names = asked.only or _usual(size)
    if set(names) & set(GROWTH) and not size.land:
        print(f"{', '.join(GROWTH)}: take SIZE=country (or tiny)", file=sys.stderr)
        return 2
    found = list(_measured(size, names))
    figures.store(found)
    print(f"\n{figures.table(found)}\n\nsize {asked.size}; written to {figures.RESULTS}")
    return 0


def _usual(size: Size) -> list[str]:
    """Return what a size is for; tiny proves that everything works."""
    usual = {PROVINCE.name: [*ON_SITE, *ALONE], COUNTRY.name: [*GROWTH]}
    return usual.get(size.name, [*ON_SITE, *ALONE, *GROWTH])


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--size", choices=[*SIZES], default="province")
    every = [*ON_SITE, *ALONE, *GROWTH]
    parser.add_argument("--only", nargs="+", choices=every, metavar="MEASURE")
    return parser.parse_args()


def _measured(size: Size, names: list[str]) -> Iterator[Figure]:
    """Measure one after the other; a site runs only where one of them needs it."""
    for name in names:
        if name in ALONE:
            yield _told(name, partial(ALONE[name], size))
    if set(names) & {*ON_SITE, *GROWTH}:
        with ExitStack() as open_sites:
            yield from _on_sites(size, names, open_sites)


def _on_sites(size: Size, names: list[str], open_sites: ExitStack) -> Iterator[Figure]:
    """Measure what needs a province, and beside it a country for what growth costs."""
    site = open_sites.enter_context(running())
    province = _told("filling the database", partial(plant, site, size))
    for name in names:
        if name in ON_SITE:
            yield _told(name, partial(ON_SITE[name], site, province, size))
    if not set(names) & set(GROWTH):
        return
    opening = partial(open_sites.enter_context, country(size))
    far, land = _told("opening the country", opening)
    if "growth.page" in names:
        yield _told("growth.page", partial(growth_page.measure, site, province, far, land, size))
    if "push.country" in names:
        yield _told("push.country", partial(push_country.measure, far, land, size))


def _told(what: str, act: Callable[[], Found]) -> Found:
    print(f"· {what}", end="", flush=True)
    begun = time.monotonic()
    result = act()
    print(f"  ({time.monotonic() - begun:.1f} s)", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
