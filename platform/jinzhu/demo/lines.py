"""The demo's second standard, of the tax line, and what one county offers of its own.

One of the line's two items is also in the province's catalogue: which of them governs is left to
the two offices.  Two of the county's own items stand in the catalogue under the same name.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.demo import catalogue
from jinzhu.demo.catalogue import Entry
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import Rollout, Standard
from jinzhu.standards.own import own_catalogue
from jinzhu.standards.rollouts import rollouts

#: 税务局, and who writes for it.
LINE, OFFICER, ROLE = "BM27", "tax-line", "line_officer"
CODE, NAME = "SC-TAX", "四川省税务条线服务标准（演示）"
#: The county with items of its own, and who keeps them.
COUNTY, MANAGER = "511622", "wusheng"
OWN_NAME = "小微企业会客厅预约（演示，本地事项）"
#: Counties of 广安市 that have still to answer.
COUNTIES = ("511603", "511621", "511622", "511623", "511681")

At = Callable[[], AbstractContextManager[None]]


def build(line: At, county: At, centers: Mapping[str, int], *, province: int) -> None:
    """Publish and push the line's standard, and let the county keep items of its own."""
    _push(line, _published(line), centers, province=province)
    _own(county)


def _published(line: At) -> int:
    with line():
        number = db.session.scalar(select(Standard.id).where(Standard.code == CODE))
        number = number or editions.create_standard(code=CODE, name=NAME, nature="line", line=LINE)
        latest = editions.latest(number)
        if latest is not None:
            return latest.id
        edition_id = editions.open_draft(number, title="2026年版（税务）")
        editions.put_many(edition_id, _entries())
        publication.publish(edition_id)
        return edition_id


def _entries() -> list[Entry]:
    """Return the line's items: one that the catalogue has as well, and one of its own."""
    kind, code, content, rules, applies = _of_line()[0]
    shared = (kind, code, {**content, "visit_count": 0}, rules, applies)
    made = catalogue.item(
        code="SW-DEMO-0001",
        name="跨区域涉税事项反馈（演示）",
        main_item="",
        item_type="20",
        department_code=LINE,
    )
    return [shared, made]


def _of_line() -> list[Entry]:
    return [entry for entry in catalogue.items() if entry[2]["department_code"] == LINE]


def _push(line: At, edition_id: int, centers: Mapping[str, int], *, province: int) -> None:
    """Roll the line's edition out to some counties first."""
    with line():
        rollout_id = db.session.scalar(select(Rollout.id).where(Rollout.edition_id == edition_id))
        if rollout_id is None:
            chosen = [centers[code] for code in COUNTIES]
            rollout_id = rollouts.start(edition_id, centers=chosen, reason="条线试行（演示）")
    rollouts.run_now(rollout_id, tenant_id=province)


def _own(county: At) -> None:
    """Keep three items: two that the catalogue has by the same name, one that nobody has."""
    with county():
        if own_catalogue.standard_id() is not None:
            return
        known = [entry[2] for entry in catalogue.items()][:2]
        given = [
            {
                "name": content["name"],
                "item_type": content["item_type"],
                "department_code": content["department_code"],
                "legal_basis": catalogue.BASIS,
                "committed_limit": content["committed_limit"] + 1,
                "window": f"{place}号窗口（演示）",
            }
            for place, content in enumerate(known, 1)
        ]
        given.append({"name": OWN_NAME, "item_type": "20", "department_code": "BM26"})
        codes = own_catalogue.next_codes(len(given))
        entries = own_catalogue.cleaned_many(
            {**one, "code": code} for one, code in zip(given, codes, strict=True)
        )
        own_catalogue.refuse(entries)
        own_catalogue.store(entries)
