"""What the columns of a center's list mean, whatever they are called, and what their words say."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinzhu.core.language import say
from jinzhu.standards.kinds import CHOICES, NUMBERS, Field, Type
from jinzhu.standards.kinds.own_rules import ITEM
from jinzhu.standards.likeness import plain

#: What a column may be called besides the label of its field; compared as names are.
ALIASES: dict[str, tuple[str, ...]] = {
    "code": ("基本编码", "事项编码", "目录编码", "catalog_part", "code"),
    "name": ("事项名称", "名称", "子项名称", "办理项名称", "业务办理项", "item_name", "name"),
    "item_type": ("事项类型", "类型", "权力类型", "task_type_code", "task_type_name", "item_type"),
    "department_code": ("部门", "实施主体", "实施部门", "所属部门", "单位", "department"),
    "main_item": ("主项", "主项名称", "main_item"),
    "legal_basis": ("设定依据", "实施依据", "法律依据", "依据"),
    "statutory_limit": ("法定时限", "法定办结时限", "法定期限"),
    "committed_limit": ("承诺时限", "承诺办结时限", "承诺期限"),
    "visit_count": ("到现场次数", "跑动次数"),
    "fee": ("收费", "收费金额", "费用"),
    "window": ("窗口", "办理窗口"),
    "address": ("办理地点", "地址", "办公地址"),
    "consult_phone": ("咨询电话", "联系电话", "电话"),
    "complaint_phone": ("监督投诉电话", "投诉电话", "监督电话"),
    "office_hours": ("办理时间", "办公时间"),
}
#: A long code of which only the beginning is the catalogue's; taken where there is no other.
LONG_CODES = ("实施编码", "事项实施编码", "item_code")
YES, NO = ("是", "true", "1", "y", "yes", "有"), ("否", "false", "0", "n", "no", "无")
#: The place that a department's name begins with.
_PLACE = re.compile(r"^.{0,8}?[区县市州]")
NOTHING = ("", "-", "—", "/", "无")


def columns(head: list[str]) -> dict[int, str]:
    """Return the field of each column that means one; the first column of a field wins."""
    known = {plain(ITEM.label(field.name)): field.name for field in ITEM.fields}
    known |= {plain(alias): name for name, aliases in ALIASES.items() for alias in aliases}
    known |= {plain(alias): "long_code" for alias in LONG_CODES}
    known |= {plain(field.name): field.name for field in ITEM.fields}
    found: dict[int, str] = {}
    for place, cell in enumerate(head):
        name = known.get(plain(cell))
        if name and name not in found.values():
            found[place] = name
    return found


class Unread(ValueError):
    """A word that says nothing for its field; the text is for the reader."""


def value(field: Field, word: str) -> Any:
    """Return what a word means for a field; None for an empty one.

    Raises:
        Unread: naming what the field may hold.
    """
    if word.strip() in NOTHING:
        return None
    reader = _READERS.get(field.type)
    return reader(field, word.strip()) if reader else word.strip()


def _number(field: Field, word: str) -> int | float:
    digits = word.removesuffix("个工作日").removesuffix("工作日").removesuffix("天")
    digits = digits.removesuffix("次").removesuffix("元").strip()
    try:
        number = float(digits)
    except ValueError:
        if field.type is Type.MONEY and word in ("不收费", "免费"):
            return 0
        raise Unread(say("own.no_number", value=word)) from None
    return int(number) if number == int(number) else number


def _choice(field: Field, word: str) -> str:
    for code in CHOICES[field.choices]:
        if plain(word) in (plain(code), plain(say(f"choice.{field.choices}.{code}"))):
            return code
    listed = "、".join(say(f"choice.{field.choices}.{code}") for code in CHOICES[field.choices])
    raise Unread(say("own.no_choice", value=word, choices=listed))


def _grade(field: Field, word: str) -> int:
    return int(_choice(field, word))


def _choices(field: Field, word: str) -> list[str]:
    for sign in "，,；;/|":
        word = word.replace(sign, "、")
    return [_choice(field, one) for one in word.split("、") if one.strip()]


def _boolean(_: Field, word: str) -> bool:
    if word.lower() in YES:
        return True
    if word.lower() in NO:
        return False
    raise Unread(say("own.no_boolean", value=word))


def _parts(_: Field, word: str) -> list[dict[str, Any]]:
    """Read names apart by 、; or line ends as parts, numbered in their order."""
    for sign in "\n；;|":
        word = word.replace(sign, "、")
    names = [name.strip() for name in word.split("、") if name.strip()]
    return [{"code": f"P{place}", "name": name} for place, name in enumerate(names, 1)]


_READERS: dict[Type, Callable[[Field, str], Any]] = {
    **dict.fromkeys(NUMBERS, _number),
    Type.GRADE: _grade,
    Type.CHOICE: _choice,
    Type.CHOICES: _choices,
    Type.BOOLEAN: _boolean,
    Type.PARTS: _parts,
}


class Departments:
    """Departments by code, and by whatever a center calls its own one."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.codes = set(names)
        self.names = {plain(name): code for code, name in names.items()}

    def code(self, word: str) -> str:
        """Return the code of a department.

        区经信局 and 武胜县经信局 are the 经信局 of the standard, 残联 the 残疾人联合会: the short
        name leaves characters out, in their order.  What could be several is none.

        Raises:
            Unread: where no standard around knows it.
        """
        if word in self.codes:
            return word
        called = plain(word)
        for asked in (called, _PLACE.sub("", called)):
            ending = [name for name in self.names if asked.endswith(name) or name.endswith(asked)]
            if asked in self.names or (asked and ending):
                return self.names.get(asked) or self.names[max(ending, key=len)]
        short = _PLACE.sub("", called)
        fitting = [name for name in self.names if _within(short, name) or _within(name, short)]
        if len(short) > 1 and len(fitting) == 1:
            return self.names[fitting[0]]
        raise Unread(say("own.no_department", value=word))


def _within(short: str, long: str) -> bool:
    """Say whether the characters of one name stand in another, in their order."""
    rest = iter(long)
    return all(letter in rest for letter in short)
