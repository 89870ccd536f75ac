"""Cases one by one, for the digest: what waits for somebody, and what is late with others.

The same readings as the lists of the console, with what they show and nothing more.
"""

from collections.abc import Mapping

from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import Reach
from jinzhu.core.transaction import reaching
from jinzhu.standards import desk
from tenants.procedure import above, acts, reading


def _first(most: int, query: Mapping[str, object]) -> Row:
    return {**query, "page": 1, "per_page": most, "sort": ""}


def _line(row: Row, *, to: str, place: str = "") -> Row:
    title = f"{row['subject_name']} · {row['kind_label']}"
    return desk.line(
        number=row["number"],
        title=f"{place} · {title}" if place else title,
        step=row["step_name"] or "",
        since=row["since"],
        until=row["due_on"],
        to=to,
    )


@desk.lists("todo", covers=("cases_overdue", "cases_waiting"))
def _mine(most: int) -> desk.Listed:
    if not may(acts.PROPOSES):
        return desk.NOTHING_LISTED
    found = reading.page(_first(most, reading.LISTS["mine"]))
    late = reading.count({**reading.LISTS["mine"], "overdue": True})
    rows = [_line(row, to=f"/cases/{row['id']}") for row in found["rows"]]
    return desk.Listed(rows, found["total"], late)


@desk.lists("awaited", covers=("cases_begun",))
def _late_with_others(most: int) -> desk.Listed:
    if not may(acts.PROPOSES):
        return desk.NOTHING_LISTED
    found = reading.page(_first(most, {**reading.LISTS["awaited"], "overdue": True}))
    rows = [_line(row, to=f"/cases/{row['id']}") for row in found["rows"]]
    return desk.Listed(rows, found["total"], found["total"])


@desk.lists("todo", covers=("consents_open",))
def _to_consent(most: int) -> desk.Listed:
    if not may(acts.CONSENTS):
        return desk.NOTHING_LISTED
    with reaching(Reach.SUBTREE):
        found = above.consents(_first(most, {"state": "open"}))
        late = above.count_consents(late_on=today())
    return desk.Listed(_below(found["rows"], "consents"), found["total"], late)


@desk.lists("todo", covers=("escalations_open",))
def _told_below(most: int) -> desk.Listed:
    if not may(above.URGES):
        return desk.NOTHING_LISTED
    with reaching(Reach.SUBTREE):
        found = above.escalations(_first(most, {}))
    rows = _below(found["rows"], "escalations")
    return desk.Listed(rows, found["total"], found["total"])


def _below(rows: list[Row], page: str) -> list[Row]:
    return [
        _line(row, to=f"/{page}/{row['center']['id']}/{row['id']}", place=row["center"]["name"])
        for row in rows
    ]
