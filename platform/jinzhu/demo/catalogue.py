"""The provincial catalogue of the demo: the real departments and items of 广安区.

Names, codes, types and departments are real.  What the source does not hold (limits, fees,
materials) comes from `guide`, and the legal basis says that this is a demonstration.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinzhu.demo import guide, guide_rest

#: What stands where the source gives no basis: no article of a law is made up.
BASIS = "（演示）见四川省政务服务事项基本目录"
HOURS = "工作日 9:00—12:00，13:00—17:00"
#: Such marks stand in brackets at the end of a name; the eight cities got provincial powers.
FOR_CITIES = re.compile(r"[（(][^（）()]*(?:市级|８市)[^（）()]*[）)]")

Entry = tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]

# The name in 广安区, the name for the whole province, the class, the mode of presence.
# A unit that the source suggests as dual or vertical stays so.  Party organs and mass
# organisations enter because they ask to.  公管办 runs the trading of public resources.
# fmt: off
DEPARTMENTS = (
    ("区政府办", "政府办公室", "government", "proxy"),
    ("区发改局", "发改局", "government", "proxy"),
    ("区经信局", "经信局", "government", "proxy"),
    ("区教科体局", "教科体局", "government", "resident"),
    ("区公安分局", "公安局", "dual", "branch"),
    ("区民政局", "民政局", "government", "resident"),
    ("区司法局", "司法局", "government", "resident"),
    ("区财政局", "财政局", "government", "proxy"),
    ("区人社局", "人社局", "government", "resident"),
    ("区自然资源和规划局", "自然资源和规划局", "government", "resident"),
    ("区生态环境局", "生态环境局", "government", "resident"),
    ("区住建局", "住建局", "government", "resident"),
    ("区交通运输局", "交通运输局", "government", "resident"),
    ("区水务局", "水务局", "government", "resident"),
    ("区农业农村局", "农业农村局", "government", "resident"),
    ("区林业局", "林业局", "government", "resident"),
    ("区商务局", "商务局", "government", "proxy"),
    ("区文广旅局", "文广旅局", "government", "resident"),
    ("区卫健局", "卫健局", "government", "resident"),
    ("区退役军人事务局", "退役军人事务局", "government", "resident"),
    ("区应急管理局", "应急管理局", "government", "resident"),
    ("区市监局", "市监局", "government", "resident"),
    ("区统计局", "统计局", "government", "proxy"),
    ("区医疗保障局", "医疗保障局", "government", "resident"),
    ("区综合执法局", "综合执法局", "government", "proxy"),
    ("区行政审批局", "行政审批局", "government", "resident"),
    ("广安区税务局", "税务局", "vertical", "standalone"),
    ("区烟草专卖局", "烟草专卖局", "vertical", "resident"),
    ("区气象局", "气象局", "dual", "proxy"),
    ("区消防大队", "消防救援机构", "vertical", "proxy"),
    ("区公管办", "公共资源交易管理办公室", "trading", "branch"),
    ("区委办", "党委办公室", "other", "proxy"),
    ("区委统战部", "党委统战部", "other", "proxy"),
    ("区残联", "残疾人联合会", "other", "resident"),
)
# fmt: on
#: The two classes that no department of 广安区 belongs to, so that their chains are there as well:
#: made up, as their names say, and of 武胜县 alone, so that 广安区 stays as it is published.
MADE_UP_FOR = "511622"
MADE_UP = (
    ("BM35", "自来水公司（演示）", "utility"),
    ("BM36", "测绘服务机构（演示）", "professional"),
)
#: How binding the entry of each class is: domain.md §1.
FORCES = {
    "government": "shall",
    "professional": "shall",
    "dual": "may",
    "vertical": "may",
    "utility": "proposed",
    "other": "may",
    "trading": "may",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A department of 广安区 and what became of it in the province's catalogue."""

    local_name: str
    code: str
    name: str
    class_: str
    presence_mode: str


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (files("jinzhu") / "data" / name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def sources() -> dict[str, Source]:
    """Return the departments by their name in 广安区."""
    return {
        local: Source(local, f"BM{number:02}", name, class_, mode)
        for number, (local, name, class_, mode) in enumerate(DEPARTMENTS, 1)
    }


@cache
def credit_codes() -> dict[str, str]:
    """Return the credit code that most items of a department of 广安区 carry, by our code."""
    return {
        sources()[line["department"]].code: line["uscc_most_common_in_item_codes"]
        for line in _lines("departments_guangan_sichuan.csv")
        if line["uscc_most_common_in_item_codes"]
    }


def departments() -> list[Entry]:
    """Return the provisions of all real departments."""
    return [
        _department(source.code, source.name, source.class_, source.presence_mode)
        for source in sources().values()
    ]


def made_up() -> list[Entry]:
    """Return the provisions of the departments that are made up."""
    return [
        (*made[:-1], {"levels": ["county"], "regions": [MADE_UP_FOR]})
        for made in (_department(*one, "resident") for one in MADE_UP)
    ]


def _department(code: str, name: str, class_: str, presence_mode: str) -> Entry:
    content = {
        "code": code,
        "name": name,
        "department_class": class_,
        "entry_force": FORCES[class_],
        "presence_mode": presence_mode,
        "office_hours": HOURS,
    }
    return "department", code, content, {}, {"levels": ["city", "county"]}


def items() -> list[Entry]:
    """Return the provisions of all items, in the order of the source."""
    lines = list(_lines("items_guangan_sichuan.csv"))
    codes = _codes(lines)
    return [item(**_given(line), code=code) for line, code in zip(lines, codes, strict=True)]


def _codes(lines: list[dict[str, str]]) -> list[str]:
    """Return the catalogue code of each item or, where it has none of its own, one by its place."""
    given = [line["catalog_part"] for line in lines]
    return [
        code if code and given.count(code) == 1 else f"511602-LOC-{int(line['seq']):04}"
        for line, code in zip(lines, given, strict=True)
    ]


def _given(line: dict[str, str]) -> dict[str, str]:
    return {
        "name": line["item_name"],
        "main_item": line["main_item"],
        "item_type": line["task_type_code"],
        "department_code": sources()[line["department"]].code,
    }


def item(*, code: str, name: str, main_item: str, item_type: str, department_code: str) -> Entry:
    """Return the provision of an item, its guide made up."""
    content = {
        "code": code,
        "name": name,
        "item_type": item_type,
        "main_item": main_item,
        "department_code": department_code,
        "legal_basis": BASIS,
        "office_hours": HOURS,
        **guide.of(code, name=name, item_type=item_type),
    }
    return "item", code, content | guide_rest.of(content), {}, {"levels": levels(name)}


def levels(name: str) -> list[str]:
    """Return which levels an item applies to, by the mark in its name.

    All of them were found in a county, so that none leaves the counties out.
    """
    return ["city", "county"] if FOR_CITIES.search(name) else ["county"]
