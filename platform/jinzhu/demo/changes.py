"""The editions of the demo's catalogue: what the first held, the second changed, the third plans.

The second edition holds exactly the real items of 广安区.  The first lacked two of them and still
held two that have been given up; the third is a draft.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from jinzhu.demo import catalogue, guide_rest, rulebook
from jinzhu.demo.catalogue import Entry
from jinzhu.demo.guide import SEED

TIGHTENED, THINNED, PLANNED = 40, 12, 5
#: What is tightened had at least this many working days before.
LONG = 5
#: Real items that came later than the first edition, by name.
NEWCOMERS = ("市场主体歇业备案", "全国残疾人按比例就业情况联网认证")
#: Made-up items that the second edition gives up: code, name, type, department of 广安区.
GIVEN_UP = (
    ("DEMO-OLD-0001", "企业名称预先核准（演示，已取消）", "01", "区行政审批局"),
    ("DEMO-OLD-0002", "社会保险登记证年检（演示，已取消）", "20", "区人社局"),
)
#: A made-up item that the draft adds.
PLANNED_ITEM = ("DEMO-NEW-0001", "企业信息变更“一件事”（演示，拟新增）", "20", "区行政审批局")


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edition says of the one below it."""

    title: str
    put: list[Entry]
    remove: list[str] = field(default_factory=list)


def _made_up(given: tuple[str, str, str, str]) -> Entry:
    code, name, item_type, department = given
    return catalogue.item(
        code=code,
        name=name,
        main_item="",
        item_type=item_type,
        department_code=catalogue.sources()[department].code,
    )


def _with(entry: Entry, **values: Any) -> Entry:
    kind, code, content, rules, applies = entry
    changed = content | values
    return kind, code, changed | guide_rest.of(changed), rules, applies


def editions() -> list[Changes]:
    """Return the editions from the first to the draft, each as a change of the one before."""
    items = catalogue.items()
    later = [entry for entry in items if entry[2]["name"] in NEWCOMERS]
    first = [*(entry for entry in items if entry not in later), *map(_made_up, GIVEN_UP)]
    changed = _tightened(first, TIGHTENED, times=0.6) + _thinned(first)
    return [
        Changes(
            "2025年版",
            [*catalogue.departments(), *catalogue.made_up(), *first, *rulebook.entries()],
        ),
        Changes(
            "2026年版（压缩承诺时限，精简材料）", changed + later, [row[0] for row in GIVEN_UP]
        ),
        _planned(_applied(items, changed)),
    ]


def _applied(items: Iterable[Entry], changed: list[Entry]) -> list[Entry]:
    new = {entry[1]: entry for entry in changed}
    return [new.get(entry[1], entry) for entry in items]


def _real(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry[1].startswith("DEMO-")]


def _tightened(entries: list[Entry], count: int, *, times: float) -> list[Entry]:
    """Shorten the committed limit of some items."""
    long = [entry for entry in _real(entries) if entry[2]["committed_limit"] >= LONG]
    return [
        _with(entry, committed_limit=round(entry[2]["committed_limit"] * times))
        for entry in Random(f"{SEED}:tightened:{count}").sample(long, count)
    ]


def _thinned(entries: list[Entry]) -> list[Entry]:
    """Ask for one material less, or let one come later, in some items that keep their limit."""
    taken = {entry[1] for entry in _tightened(entries, TIGHTENED, times=1)}
    thick = [e for e in _real(entries) if e[1] not in taken and len(e[2]["materials"]) > LONG]
    chosen = Random(f"{SEED}:thinned").sample(thick, THINNED)
    return [_thinner(entry, drop=place % 2 == 0) for place, entry in enumerate(chosen)]


def _thinner(entry: Entry, *, drop: bool) -> Entry:
    """Drop the material before the last, or make it deferrable; the last is the mandate."""
    materials = entry[2]["materials"]
    later = [] if drop else [materials[-2] | {"need": "deferrable"}]
    return _with(entry, materials=[*materials[:-2], *later, materials[-1]])


def _planned(items: list[Entry]) -> Changes:
    """Return the draft: a few limits shorter, one name clearer, one item more and one less."""
    renamed, removed = Random(f"{SEED}:planned").sample(
        [entry for entry in items if entry[2]["committed_limit"] < LONG], 2
    )
    return Changes(
        "2027年版",
        [
            *_tightened(items, PLANNED, times=0.8),
            _with(renamed, name=f"{renamed[2]['name']}（试行网上办）", visit_count=0),
            _made_up(PLANNED_ITEM),
        ],
        [removed[1]],
    )
