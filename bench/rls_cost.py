"""`rls.cost`: the list's SQL behind row security, scope included, against the same without."""

import time
from collections.abc import Callable

import psycopg

from bench.figures import Figure, alternate
from bench.http_items import Page, random_pages
from bench.province import Province
from bench.site import Site
from bench.sizes import Size
from bench.statement import Statement, list_of_items
from jinzhu.core import tenancy
from jinzhu.core.tenancy import Scope

WARM = 20


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Measure both ways of asking in turn, one transaction for each page."""
    statement = list_of_items(site, province)
    pages = list(random_pages(province, size.statements))
    with (
        psycopg.connect(site.settings.database_url) as web,
        psycopg.connect(site.superuser) as bypassing,
    ):

        def behind(center: int) -> None:
            scope = Scope(center, actor_id=1, action="items.list_records")
            web.execute(tenancy.statements(scope).encode())

        own = _timed(web, statement, pages, begin=behind)
        other = _timed(bypassing, statement, pages, begin=lambda _: None)
        own()
        other()
        pairs = alternate(size.pairs, own, other)
    each = {f"{side}_ms": pairs.detail()[side] / len(pages) * 1000 for side in ("own", "other")}
    return Figure(
        "rls.cost",
        each["own_ms"],
        "ms/page",
        1.25,
        pairs.ratio,
        detail={**each, "ratios": pairs.detail()["ratios"]},
    )


def _timed(
    connection: psycopg.Connection,
    statement: Statement,
    pages: list[Page],
    *,
    begin: Callable[[int], None],
) -> Callable[[], float]:
    def run() -> float:
        begun = time.perf_counter()
        for center, item_type, page in pages:
            begin(center)
            given = statement.given(center=center, item_type=item_type, page=page)
            connection.execute(statement.sql.encode(), given).fetchall()
            connection.commit()
        return time.perf_counter() - begun

    return run
