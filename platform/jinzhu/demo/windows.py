"""The halls and windows of 广安区 in the demo: made up, of the size that counties publish.

Which department sits where follows its mode of presence; which window takes an item in follows from
the item's code, so that the record of the item and the map of the hall say the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from jinzhu.demo import catalogue
from jinzhu.demo.guide import SEED

PLACE = "511602"
Week = dict[str, list[list[str]]]
_DAY = [["09:00", "12:00"], ["13:00", "17:00"]]
WORKDAYS: Week = {str(day): _DAY for day in range(1, 6)}
#: On Saturday mornings the main hall is open as well.
MAIN_WEEK: Week = WORKDAYS | {"6": [["09:00", "12:00"]]}


@dataclass(frozen=True, slots=True)
class Block:
    """Windows side by side: where, from which number on, of which kind, for whom."""

    floor: str
    zone: str
    first: int
    count: int
    kind: str
    name: str
    #: By their names in 广安区.
    departments: tuple[str, ...]

    @property
    def numbers(self) -> list[str]:
        """Return the numbers of the windows: A01, A02, …"""
        return [f"{self.zone[0]}{self.first + place:02}" for place in range(self.count)]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the departments."""
        return [catalogue.sources()[name].code for name in self.departments]


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall with its blocks of windows; each zone has eight places in a row."""

    name: str
    kind: str
    address: str
    phone: str
    blocks: tuple[Block, ...]
    week: Week
    department: str = ""

    @property
    def floors(self) -> list[str]:
        """Return its floors, from below."""
        return sorted({block.floor for block in self.blocks})

    @property
    def department_code(self) -> str:
        """Return the code of the department whose own hall it is, or ''."""
        return catalogue.sources()[self.department].code if self.department else ""

    def zones(self) -> Iterator[tuple[str, str, list[Block]]]:
        """Return each zone with its floor and its blocks."""
        for floor, zone in dict.fromkeys((block.floor, block.zone) for block in self.blocks):
            yield floor, zone, [block for block in self.blocks if block.zone == zone]


COLUMNS = 8
# fmt: off
HALLS = (
    Hall("广安区政务服务中心", "main", "广安市广安区政务服务中心（演示地址）", "0826-5550100", (
        Block("1", "A区", 1, 16, "comprehensive", "综合受理", (
            "区行政审批局", "区交通运输局", "区教科体局", "区文广旅局", "区农业农村局", "区林业局",
            "区水务局", "区卫健局", "区应急管理局", "区市监局", "区生态环境局")),
        Block("1", "A区", 17, 4, "proxy", "代收代办", (
            "区政府办", "区发改局", "区经信局", "区财政局", "区商务局", "区统计局", "区综合执法局",
            "区气象局", "区消防大队", "区委办", "区委统战部")),
        Block("2", "B区", 1, 8, "special", "社会保险", ("区人社局",)),
        Block("2", "B区", 9, 4, "department", "医疗保障", ("区医疗保障局",)),
        Block("2", "B区", 13, 2, "department", "民政", ("区民政局",)),
        Block("2", "B区", 15, 1, "department", "退役军人", ("区退役军人事务局",)),
        Block("2", "B区", 16, 1, "department", "残联", ("区残联",)),
        Block("3", "C区", 1, 8, "special", "不动产与工程建设", (
            "区自然资源和规划局", "区住建局")),
        Block("3", "C区", 9, 2, "department", "司法", ("区司法局",)),
        Block("3", "C区", 11, 1, "department", "烟草", ("区烟草专卖局",)),
    ), MAIN_WEEK),
    Hall("公安分厅", "branch", "广安区公安分厅（演示地址）", "0826-5550105", (
        Block("1", "P区", 1, 8, "department", "户政、出入境与交管", ("区公安分局",)),
    ), MAIN_WEEK),
    Hall("公共资源交易分厅", "branch", "广安区公共资源交易分厅（演示地址）", "0826-5550131", (
        Block("1", "J区", 1, 3, "department", "公共资源交易", ("区公管办",)),
    ), WORKDAYS),
    Hall("广安区办税服务厅", "standalone", "广安区办税服务厅（演示地址）", "0826-5550127", (
        Block("1", "S区", 1, 10, "department", "办税", ("广安区税务局",)),
    ), WORKDAYS, "广安区税务局"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an item is taken in."""

    hall: Hall
    block: Block
    number: str

    @property
    def label(self) -> str:
        """Return it as the guide of an item says it."""
        return f"{self.block.floor}楼{self.block.zone}{self.number}号窗口"


@cache
def _of_departments() -> dict[str, tuple[Hall, Block]]:
    return {code: (hall, block) for hall in HALLS for block in hall.blocks for code in block.codes}


def spot(department_code: str, item_code: str) -> Spot:
    """Return where an item of a department is taken in: always the same."""
    hall, block = _of_departments()[department_code]
    return Spot(hall, block, Random(f"{SEED}:window:{item_code}").choice(block.numbers))


def zone(department_code: str) -> str:
    """Return where a department sits; '' where no window has been arranged for it yet."""
    if department_code not in _of_departments():
        return ""
    hall, block = _of_departments()[department_code]
    return f"{block.floor}楼{block.zone}" if hall.kind == "main" else hall.name
