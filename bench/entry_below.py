"""`entry.below`: how everything stands in all centers of the province, as it was counted ahead."""

from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from bench.figures import Figure
from bench.province import Province
from bench.site import Site
from bench.sizes import Size
from jinzhu.core.calendar import today
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from tenants.entry import above, jobs

LONGEST = 300.0  # ms
#: 97 of 100 items have entered, one is on the negative list, two are due.
_ENTER = """
    INSERT INTO entry (tenant_id, object, subject_id, state, mode, since, reason)
    SELECT i.tenant_id, 'item', i.provision_id,
        CASE WHEN dice.part < 97 THEN 'entered' ELSE 'excluded' END,
        CASE WHEN dice.part < 80 THEN 'resident' WHEN dice.part < 97 THEN 'proxy' END,
        %(since)s, '测量'
    FROM item i CROSS JOIN LATERAL (
        SELECT abs(hashint8(i.provision_id * 1000 + i.tenant_id)) %% 100 AS part) dice
    WHERE i.claim = 'offered' AND dice.part < 98
    ORDER BY i.tenant_id, i.provision_id
"""


def measure(site: Site, province: Province, size: Size) -> Figure:
    """Let items enter everywhere, then ask for the figures of the whole province."""
    with site.bypassing() as connection:
        enter_everywhere(connection)
    _count_ahead(site, province)
    times = [_timed(site, province) for _ in range(size.pairs * 3)]
    detail = {"least": min(times), "most": max(times)}
    return Figure("entry.below", median(times), "ms", LONGEST, detail=detail)


def enter_everywhere(connection: psycopg.Connection) -> None:
    """Let nearly everything enter that is offered, unless that was done."""
    there = connection.execute("SELECT count(*) > 0 FROM entry").fetchone()
    if there is None or not there[0]:
        connection.execute(_ENTER, {"since": date(2026, 1, 5)})
        connection.execute("VACUUM ANALYZE entry")


def _count_ahead(site: Site, province: Province) -> None:
    """Count each center, as the clock does."""
    with site.app.app_context():
        for center in province.centers:
            with work(Scope(center, action="bench")):
                jobs.recount(day=today())


def _timed(site: Site, province: Province) -> float:
    with site.app.app_context(), province.at_work(Reach.SUBTREE):
        begun = perf_counter()
        found = above.below("item", parent=None)
        taken = perf_counter() - begun
    _whole(found)
    return taken * 1000


def _whole(found: dict[str, Any]) -> None:
    """Fail where parts do not add up to the whole."""
    total = found["total"]
    for name in ("offered", "due", "entered", "excluded", "not_entered"):
        parts = found["own"][name] + sum(row[name] for row in found["rows"])
        assert parts == total[name] == sum(group[name] for group in found["groups"]), name
