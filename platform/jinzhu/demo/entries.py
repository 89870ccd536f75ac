"""What has entered in the demo: made up, near the rate of 98 % that counties publish.

In 广安区 everything is there: entered in each mode, on the negative list, suspended, left, due, and
cases at different steps of their chains.  Days are counted back from today where they have to be
recent.  A few other centers have entries, so that a superior's figures say something.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from jinzhu.demo import catalogue
from jinzhu.demo.accounts import GONE
from jinzhu.demo.guide import SEED

COUNTY = "511602"
MANAGER = ("guangan", "center_manager")
#: Where cases are in course, and by whom most of them were begun.
MANAGERS = {COUNTY: MANAGER, catalogue.MADE_UP_FOR: ("wusheng", "center_manager")}
#: Which part of what it offers has entered at each center, and who manages it there.
PLACES = {
    COUNTY: ("guangan", 1.0),
    "511622": ("wusheng", 0.94),
    "510104": ("jinjiang", 0.985),
    "510703": ("fucheng", 0.9),
    "511600": ("guangan-city", 0.97),
}
#: The days on which most of it entered.
DAYS = (date(2026, 1, 5), date(2026, 1, 5), date(2026, 3, 2), date(2026, 5, 11), date(2026, 9, 1))
LISTED = "平台启用前已进驻，存量登记（演示）"
EXCLUDED = (
    "涉及国家秘密，依法不在大厅公开办理（演示）",
    "需在专门场所现场核验，大厅不具备条件（演示）",
    "由省级平台统一全程网办，不设线下窗口（演示）",
)
APPROVED = "本级人民政府 府函〔2026〕12号 2026-03-18（演示）"
SUSPENDED = "业务系统升级改造，暂停线下受理（演示）"
LEFT = "职责划转，窗口移交（演示）"
#: In 广安区 these have not entered yet: a case is in course for each.
WAITING = ("BM23", "BM29", "BM33")


@dataclass(frozen=True, slots=True)
class Offered:
    """What a center offers: a department or an item."""

    provision_id: int
    code: str
    department_code: str
    item_type: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is attached with an act; one that ends does so in so many days, or has."""

    name: str
    number: str
    step: str = ""
    ends_in: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act in a case, some working days ago."""

    step: str
    ago: int
    action: str = "approve"
    opinion: str = ""
    on_behalf: str = ""
    target: str = ""
    #: Whom the step is handed to, by user name.
    to: str = ""
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A case: about which department, or which of the items of one; how it came, how far."""

    kind: str
    department: str
    ago: int
    acts: tuple[Act, ...] = ()
    #: The type of the item; '' for the department itself.
    item_type: str = ""
    reason: str = ""
    mode: str = ""
    superior: str = ""
    #: Whether it is about the same as the case before it: what was suspended is resumed.
    again: bool = False
    #: At which center.
    place: str = COUNTY
    #: Whose account, and the role it has there.
    who: tuple[str, str] = MANAGER

    @property
    def object(self) -> str:
        """Return what it is about."""
        return "item" if self.item_type else "department"

    @property
    def facts(self) -> dict[str, Any]:
        """Return what it is to bring about."""
        said = {"mode": self.mode, "superior": self.superior}
        return {name: value for name, value in said.items() if value}


BODY = "广安区行政审批局 2026年第31号 认定意见（演示）"
GOVERNMENT = "武胜县人民政府 2026年第8号 进驻建议（演示）"
APPLICANT = "测绘服务机构 2026年进驻申请（演示）"
NAMED = "明确上级主管部门，续签窗口授权（演示）"
#: Powers of attorney: the first ends soon, the second has ended and nobody has renewed it.
ENDING = Paper("授权委托书", "演示授权〔2026〕14号", ends_in=12)
ENDED = Paper("授权委托书", "演示授权〔2026〕18号", ends_in=-9)
_SOCIAL, _POLICE = (
    ("guangan-social", "department_liaison"),
    ("guangan-police", "department_liaison"),
)
_NEXT: dict[str, Any] = {
    "place": catalogue.MADE_UP_FOR,
    "who": MANAGERS[catalogue.MADE_UP_FOR],
}
PERMIT, SERVICE = "01", "20"
# fmt: off
CASES = (
    Planned("entry", "BM23", 16, (Act("S01", 14, on_behalf=BODY),), mode="proxy"),
    Planned("entry", "BM29", 6, (Act("S01", 4, on_behalf=BODY),), mode="proxy"),
    Planned("entry", "BM33", 2, mode="proxy"),
    Planned("entry", "BM35", 8, (Act("S01", 6, on_behalf=GOVERNMENT,
            paper=Paper("进驻建议", "演示函〔2026〕8号", "S01")),), mode="resident", **_NEXT),
    Planned("entry", "BM36", 5, (Act("S01", 4, on_behalf=APPLICANT,
            paper=Paper("进驻申请书", "", "S01")),), mode="resident", **_NEXT),
    Planned("adjustment", "BM14", 30, (Act("S01", 29, paper=ENDING), Act("S02", 27),
            Act("S04", 27), Act("S05", 26)), superior="广安市水务局", reason=NAMED),
    Planned("adjustment", "BM18", 60, (Act("S01", 59, paper=ENDED), Act("S02", 57),
            Act("S04", 57), Act("S05", 56)), superior="广安市文化广播电视和旅游局", reason=NAMED),
    # Overdue for so long that the city has been told of it.
    Planned("entry", "BM21", 24, (Act("S01", 23),), PERMIT),
    # Handed to somebody whose post has ended since: it waits to be handed on.
    Planned("entry", "BM22", 9, (Act("S01", 8), Act("S02", 7, "delegate", to=GONE)), PERMIT),
    # Was published, and nobody objected; what is published now is below, of BM12.
    Planned("entry", "BM15", 10, (Act("S01", 9), Act("S02", 6, on_behalf=BODY),
            Act("S03", 2)), PERMIT),
    Planned("entry", "BM26", 8, (Act("S01", 7),), PERMIT),
    Planned("entry", "BM13", 20, (Act("S01", 18),), PERMIT),
    Planned("entry", "BM12", 7, (Act("S01", 5), Act("S02", 1, on_behalf=BODY)), PERMIT),
    Planned("entry", "BM04", 9, (Act("S01", 8), Act("S02", 2, "return", target="S01",
            opinion="申请材料与实施清单不一致，请核对后重报（演示）")), PERMIT),
    Planned("entry", "BM09", 5, (Act("S01", 4), Act("S02", 1, "ask",
            opinion="请补充近一年办件量和自助终端配置情况（演示）")), SERVICE),
    Planned("entry", "BM09", 2, (Act("S01", 1),), SERVICE, who=_SOCIAL),
    Planned("entry", "BM06", 3, (), SERVICE),
    Planned("entry", "BM15", 9, (Act("S01", 8), Act("S02", 3, "refuse",
            opinion="评估认为以乡镇便民服务中心受理为宜（演示）")), SERVICE),
    Planned("entry", "BM04", 6, (Act("S01", 3, "withdraw",
            opinion="并入上级事项，撤回申请（演示）"),), SERVICE),
    Planned("negative_list", "BM27", 6, (Act("S01", 5), Act("S02", 1)), SERVICE,
            "需在税务专网环境办理，大厅网络不具备条件（演示）"),
    Planned("adjustment", "BM10", 4, (Act("S01", 4),), PERMIT, "改由综合窗口受理（演示）"),
    Planned("adjustment", "BM09", 8, (Act("S01", 7), Act("S02", 3), Act("S03", 2)), SERVICE,
            "开通代收代办（演示）", "proxy"),
    Planned("suspension", "BM05", 2, (Act("S01", 2),), PERMIT,
            "系统切换期间暂停受理（演示）", who=_POLICE),
    Planned("suspension", "BM13", 7, (Act("S01", 6), Act("S02", 4), Act("S03", 2)), PERMIT,
            "系统切换期间暂停受理（演示）"),
    Planned("resumption", "BM13", 1, (Act("S01", 0),), PERMIT, "系统切换完成（演示）", again=True),
    Planned("suspension", "BM12", 15, (Act("S01", 14), Act("S02", 12), Act("S03", 11)), PERMIT,
            "窗口改造期间暂停受理（演示）"),
    Planned("resumption", "BM12", 5, (Act("S01", 4), Act("S02", 3), Act("S03", 2)), PERMIT,
            "窗口改造完成（演示）", again=True),
    Planned("exit", "BM19", 12, (Act("S01", 10), Act("S02", 6)), PERMIT,
            "审批权限上收市级（演示）"),
    Planned("adjustment", "BM16", 3, (Act("S01", 2),), mode="proxy",
            reason="窗口人员合并，改为代办（演示）"),
    Planned("suspension", "BM03", 1, reason="机构调整期间暂停进驻（演示）"),
    Planned("suspension", "BM20", 18, (Act("S01", 17), Act("S02", 15), Act("S03", 14)),
            reason="办公场所搬迁，暂停进驻（演示）"),
    Planned("resumption", "BM20", 6, (Act("S01", 5), Act("S02", 3), Act("S03", 1)),
            reason="搬迁完成（演示）", again=True),
    Planned("suspension", "BM21", 9, (Act("S01", 8), Act("S02", 6), Act("S03", 5)),
            reason="业务系统迁移，暂停进驻（演示）"),
    Planned("resumption", "BM21", 2, (Act("S01", 1),), reason="迁移完成（演示）", again=True),
    Planned("exit", "BM32", 5, (Act("S01", 4),), reason="职能并入政府办公室（演示）"),
)
# fmt: on


@dataclass
class Periods:
    """The rows of the table of entries that a center begins with."""

    today: date
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, object_: str, one: Offered, state: str, **more: Any) -> None:
        """Add a period of a state; without another day it begins on one of the usual days."""
        given = {"mode": None, "until": None, "reason": LISTED, "approval": "", **more}
        self.rows.append(
            {"object": object_, "subject_id": one.provision_id, "state": state, **given}
        )


def periods(
    place: str,
    departments: Sequence[Offered],
    items: Sequence[Offered],
    *,
    kept: frozenset[int],
    recent: Sequence[date],
) -> list[dict[str, Any]]:
    """Return in which states what a center offers stands.

    `kept` are the provisions that have not entered, because a case is in course; `recent` are days
    of this month, the last of them today.
    """
    found = Periods(recent[-1])
    waiting = WAITING if place == COUNTY else ()
    entered = {one.department_code for one in departments} - set(waiting)
    for one in departments:
        if one.department_code in entered and one.provision_id not in kept:
            mode, since = _mode(one.department_code), min(DAYS[0], found.today)
            found.add("department", one, "entered", mode=mode, since=since)
    for one in items:
        if one.department_code in entered and one.provision_id not in kept:
            _stand(found, place, one, recent)
    return found.rows


def _stand(found: Periods, place: str, one: Offered, recent: Sequence[date]) -> None:
    """Let an item stand as its dice fall: nearly always it has entered."""
    dice, share = Random(f"{SEED}:{place}:{one.code}:entry"), PLACES[place][1]
    part, mode = dice.random(), _mode(one.department_code)
    since = min(dice.choice(DAYS), found.today)
    if part >= share:
        return
    if part > share - 0.012:
        reason = dice.choice(EXCLUDED)
        found.add("item", one, "excluded", since=since, reason=reason, approval=APPROVED)
    elif part > share - 0.015:
        found.add("item", one, "entered", mode=mode, since=since, until=found.today)
        found.add("item", one, "suspended", mode=mode, since=found.today, reason=SUSPENDED)
    elif part > share - 0.018:
        found.add("item", one, "entered", mode=mode, since=since, until=recent[0])
        found.add("item", one, "left", since=recent[0], reason=LEFT)
    elif part > share - 0.03:
        found.add("item", one, "entered", mode=mode, since=dice.choice(recent), reason="")
    else:
        found.add("item", one, "entered", mode=mode, since=since)


def _mode(department_code: str) -> str:
    """Return how a department is present, and its items with it."""
    modes = {source.code: source.presence_mode for source in catalogue.sources().values()}
    return modes.get(department_code, "resident")


def subjects(
    place: str,
    departments: Sequence[Offered],
    items: Sequence[Offered],
    *,
    sound: Callable[[Planned, Offered], bool],
) -> Iterator[tuple[Planned, Offered]]:
    """Yield each case of a center with what it is about.

    Always the same, each alone or after the one before.
    `sound` says whether the record has all that a step asks for.
    """
    taken: set[int] = set()
    one: Offered | None = None
    for planned in (planned for planned in CASES if planned.place == place):
        if planned.again and one is not None:
            yield planned, one
            continue
        among = items if planned.item_type else departments
        one = next(
            one
            for one in among
            if one.provision_id not in taken
            and one.department_code == planned.department
            and one.item_type == planned.item_type
            and sound(planned, one)
        )
        taken.add(one.provision_id)
        yield planned, one


def begins_outside(planned: Planned) -> bool:
    """Say whether a case is about something that has not entered."""
    return planned.kind in ("entry", "negative_list")
