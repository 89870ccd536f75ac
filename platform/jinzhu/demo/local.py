"""Made-up answers and local values of the demo's centers.

Addresses and telephone numbers exist nowhere and say so.  The same center and item always give the
same answer, whatever else changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from jinzhu.demo import catalogue, windows
from jinzhu.demo.guide import SEED

REASONS = (
    "本行政区域内没有该事项的管理对象（演示）",
    "该事项由市级部门集中办理（演示）",
    "相关职责已划转，正在办理交接（演示）",
)
SATURDAYS = "工作日 9:00—17:00，周六 9:00—12:00 延时服务"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
#: The number at which people complain, beside those of the departments 101 to 134.
COMPLAINTS = 900
#: Which part of what a center improves it does not think through.
FORGETS = 0.08
ONLINE = "四川政务服务网（演示，无真实网址）"


@dataclass(frozen=True, slots=True)
class Place:
    """A center that has begun to answer, and how far it has come."""

    code: str
    #: The account that answers for it.
    username: str
    #: What stands before the number of a department.
    phone: str
    address: str
    #: Which part of its duties it has answered.
    share: float
    #: Which part of what it offers still lacks a required value.
    incomplete: float = 0.06
    #: The credit codes of its departments are known.
    credit_codes: bool = False

    def dice(self, code: str) -> Random:
        """Return what decides about one provision here."""
        return Random(f"{SEED}:{self.code}:{code}")


PLACES = (
    Place(
        "511602",
        "guangan",
        "0826-5550",
        "广安市广安区政务服务中心",
        1.0,
        incomplete=0.015,
        credit_codes=True,
    ),
    Place("511622", "wusheng", "0826-5551", "武胜县政务服务中心", 0.62),
    Place("511621", "yuechi", "0826-5552", "岳池县政务服务中心", 0.35),
    Place("511603", "qianfeng", "0826-5553", "广安市前锋区政务服务中心", 0.12),
    Place("510104", "jinjiang", "028-55500", "成都市锦江区政务服务中心", 0.8, incomplete=0.03),
    Place("510116", "shuangliu", "028-55501", "成都市双流区政务服务中心", 0.25),
    Place("510703", "fucheng", "0816-5550", "绵阳市涪城区政务服务中心", 0.48),
    Place("511600", "guangan-city", "0826-5559", "广安市政务服务中心", 1.0, incomplete=0.0),
    Place("510100", "chengdu-city", "028-55509", "成都市政务服务中心", 0.5),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """A provision that a center has to answer."""

    provision_id: int
    code: str
    department_code: str
    main_item: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and all the provisions that get it."""

    provision_ids: list[int]
    claim: str
    reason: str = ""
    covered_by_id: int | None = None


def answered_departments(place: Place, duties: Sequence[Duty]) -> list[str]:
    """Return the codes of the departments a place has dealt with, in its own order."""
    counts: dict[str, int] = defaultdict(int)
    for duty in duties:
        counts[duty.department_code] += 1
    made_up = [code for code, *_ in catalogue.MADE_UP if code in counts]
    real = sorted(counts.keys() - set(made_up))
    order = [*made_up, *place.dice("departments").sample(real, len(real))]
    found: list[str] = []
    left = place.share * len(duties)
    for code in order:
        if left < counts[code] / 2:
            continue
        found.append(code)
        left -= counts[code]
    return found


def answers(place: Place, duties: Sequence[Duty]) -> list[Answer]:
    """Return what a place answers to these duties: mostly offered, some not, a few covered."""
    refused: dict[str, list[int]] = defaultdict(list)
    offered: list[int] = []
    covered = _covered(place, duties)
    for duty in duties:
        dice = place.dice(duty.code)
        if duty.provision_id in covered:
            continue
        if duty.main_item == "" and dice.random() < 0.05:
            refused[dice.choice(REASONS)].append(duty.provision_id)
        else:
            offered.append(duty.provision_id)
    return [
        Answer(offered, "offered"),
        *(Answer(ids, "not_offered", reason) for reason, ids in sorted(refused.items())),
        *(Answer([own], "covered_by", "", other) for own, other in covered.items()),
    ]


def _covered(place: Place, duties: Iterable[Duty], *, most: int = 5) -> dict[int, int]:
    """Let the second item of some main items be covered by the first."""
    families: dict[tuple[str, str], list[int]] = defaultdict(list)
    for duty in duties:
        if duty.main_item:
            families[duty.department_code, duty.main_item].append(duty.provision_id)
    pairs = [family for family in families.values() if len(family) == 2]
    chosen = place.dice("covered").sample(pairs, min(most, len(pairs) // 4))
    return {second: first for first, second in chosen}


def of_item(place: Place, duty: Duty) -> dict[str, Any]:
    """Return the local values of an item that is offered."""
    dice = place.dice(f"{duty.code}:values")
    number = int(duty.department_code[-2:])
    floor = 1 + number % 4
    values: dict[str, Any] = {
        "window": f"{floor}楼{'ABCD'[number % 4]}区{dice.randint(1, 24):02}号窗口",
        "address": f"{place.address}{floor}楼（演示地址）",
        **_placed(place, duty),
        "consult_phone": f"{place.phone}{100 + number}",
        "complaint_phone": f"{place.phone}{COMPLAINTS}",
        **({"online_address": ONLINE} if "online" in duty.content["handle_form"] else {}),
    }
    if dice.random() < place.incomplete:
        del values[dice.choice(("address", "complaint_phone"))]
    return values | _tighter(dice, duty.content)


def _placed(place: Place, duty: Duty) -> dict[str, Any]:
    """Return where an item is taken in, at the center whose halls are laid out."""
    if place.code != windows.PLACE:
        return {}
    spot = windows.spot(duty.department_code, duty.code)
    return {"window": spot.label, "address": spot.hall.address}


def _tighter(dice: Random, content: dict[str, Any]) -> dict[str, Any]:
    """Return what a center does better than the standard asks.

    A few times it forgets what else has to change then: what a check of quality finds.
    """
    forgets = Random(f"{SEED}:{content['name']}:forgets").random() < FORGETS
    values: dict[str, Any] = {}
    limit, dropped = content["committed_limit"], _droppable(content["materials"])
    if limit >= 4 and dice.random() < 0.3:
        values["committed_limit"] = dice.randint((limit + 1) // 2, limit - 1)
        values |= {} if forgets else quicker_steps(values["committed_limit"], content["steps"])
    if dropped and dice.random() < 0.2:
        values["materials"] = {"drop": dropped[:1]}
    if content["visit_count"] == 1 and dice.random() < 0.08:
        values["visit_count"] = 0
        values |= {} if forgets else {"visit_reason": "无"}
    if dice.random() < 0.02:
        values["office_hours"] = SATURDAYS
    return values


def quicker_steps(limit: int, steps: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the steps with less time for the longest, so that they add up to a limit."""
    if not steps:
        return {}
    longest = max(steps, key=lambda step: step["limit"])
    rest = sum(step["limit"] for step in steps) - longest["limit"]
    return {"steps": {"set": {longest["code"]: {"limit": max(limit - rest, 0)}}}}


def _droppable(materials: list[dict[str, Any]]) -> list[str]:
    """Return the codes of the materials that may come later; the first is the one to drop."""
    return [material["code"] for material in materials if material["need"] == "deferrable"]


def of_department(place: Place, duty: Duty, *, credit_code: str = "") -> dict[str, Any]:
    """Return the local values of a department that has entered."""
    dice = place.dice(f"{duty.code}:values")
    number = int(duty.code[-2:])
    values = {
        "leader": f"{dice.choice(SURNAMES)}某（演示）",
        "phone": f"{place.phone}{100 + number}",
        "window_zone": f"{1 + number % 4}楼{'ABCD'[number % 4]}区",
    }
    if place.code == windows.PLACE:
        values["window_zone"] = windows.zone(duty.code)
    if not values["window_zone"]:
        del values["window_zone"]
    if dice.random() < place.incomplete:
        del values["leader"]
    return values | ({"credit_code": credit_code} if credit_code else {})
