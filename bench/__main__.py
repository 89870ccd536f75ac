"""`python -m bench --size province`: measure, print a table, write `bench/results.json`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from bench import figures, frontend_initial, http_items, push_province, rls_cost, start_warm
from bench.figures import Figure
from bench.province import plant
from bench.site import running
from bench.sizes import LATER, SIZES, Size

Found = TypeVar("Found")
ON_SITE = {
    "http.items": http_items.measure,
    "rls.cost": rls_cost.measure,
    "push.province": push_province.measure,
}
ALONE: dict[str, Callable[[Size], Figure]] = {
    "start.warm": start_warm.measure,
    "frontend.initial": lambda _: frontend_initial.measure(),
}


def main() -> int:
    """Run what was asked for."""
    asked = _asked()
    if asked.size in LATER:
        print(f"SIZE={asked.size} is not measured yet: {LATER[asked.size]}", file=sys.stderr)
        return 2
    found = list(_measured(SIZES[asked.size], asked.only or [*ON_SITE, *ALONE]))
    figures.store(found)
    print(f"\n{figures.table(found)}\n\nsize {asked.size}; written to {figures.RESULTS}")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--size", choices=[*SIZES, *LATER], default="province")
    parser.add_argument("--only", nargs="+", choices=[*ON_SITE, *ALONE], metavar="MEASURE")
    return parser.parse_args()


def _measured(size: Size, names: list[str]) -> Iterator[Figure]:
    for name in names:
        if name in ALONE:
            yield _told(name, partial(ALONE[name], size))
    if set(names) & set(ON_SITE):
        with running() as site:
            province = _told("filling the database", partial(plant, site, size))
            for name in names:
                if name in ON_SITE:
                    yield _told(name, partial(ON_SITE[name], site, province, size))


def _told(what: str, act: Callable[[], Found]) -> Found:
    print(f"· {what}", end="", flush=True)
    begun = time.monotonic()
    result = act()
    print(f"  ({time.monotonic() - begun:.1f} s)", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
