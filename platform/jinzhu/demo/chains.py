"""The procedures of the demo: the chains in which departments, items and staff enter and leave.

Class, order and actors are those of the drafting explanation; where it only names a chain, the
steps are an editable default and say so.
"""

from typing import Any

from jinzhu.demo.catalogue import Entry

EXPLAINED = "根据 GB/T 32169.2 编制说明（征求意见稿，2012）整理"
DEFAULT = "编制说明只列出名称，步骤为可修改的默认值（演示）"
MEASURES = "补派期限取自公开的地方规定；步骤为演示"
CENTER, SENDER, BODY = "政务服务中心", "派出部门", "主管机关"
SUPERIOR, GOVERNMENT = "上级主管部门", "本级政府"
WINDOW = ("安排窗口", CENTER)
FORMS = {"服务事项": ["05", "07", "08", "09", "10", "20"], "审批": ["01"]}

# fmt: off
Chain = tuple[str, str, str, str, dict[str, Any], tuple[tuple[str, ...], ...], str]
# code, name, object, kind, who it applies to and its numbers, steps (name, actor, document), source
CHAINS: tuple[Chain, ...] = (
    ("ENTER-GOVERNMENT", "政府部门进驻", "department", "entry",
     {"department_class": ["government"]},
     (("认定", BODY), ("授权窗口", SENDER, "授权委托书"), WINDOW, ("进驻生效", CENTER)), EXPLAINED),
    ("ENTER-PROFESSIONAL", "专业服务机构进驻", "department", "entry",
     {"department_class": ["professional"]},
     (("提出申请", "申请单位"), ("评估", CENTER), ("签订协议", CENTER, "进驻协议"), WINDOW),
     DEFAULT),
    ("ENTER-UTILITY", "公用企事业单位进驻", "department", "entry",
     {"department_class": ["utility"]},
     (("提出建议", GOVERNMENT), ("同意进驻", "公用企事业单位"), WINDOW), DEFAULT),
    ("ENTER-OTHER", "其他单位进驻", "department", "entry", {"department_class": ["other"]},
     (("提出申请", "申请单位"), ("评估", CENTER), ("批准", CENTER), WINDOW), DEFAULT),
    ("ENTER-TRADING", "公共资源交易平台合署办公", "department", "entry",
     {"department_class": ["trading"]},
     (("决定合署办公", GOVERNMENT), ("签订统一管理协议", CENTER, "统一管理协议"),
      ("合署生效", CENTER)), DEFAULT),
    ("ITEM-PERMIT", "审批项目进驻", "item", "entry",
     {"item_type": FORMS["审批"], "request_days": 10, "review_days": 15, "publication_days": 3},
     (("提出", "部门"), ("认定", BODY), ("向社会公布", CENTER), ("确定进驻", CENTER)), EXPLAINED),
    ("ITEM-SERVICE", "其他服务项目进驻", "item", "entry", {"item_type": FORMS["服务事项"]},
     (("提出进驻意向", "部门"), ("组织评估", CENTER), ("确定进驻", CENTER)), EXPLAINED),
    ("STAFF-ENTRY", "窗口人员进驻", "staff", "entry", {},
     (("提报人选", SENDER), ("岗前培训", CENTER), ("培训合格", CENTER), ("进驻上岗", CENTER)),
     EXPLAINED),
    ("ITEM-EXIT", "项目退出", "item", "exit", {},
     (("提出退出并说明原因", "部门"), ("审核", CENTER), ("办理交接", "部门", "交接清单"),
      ("退出生效", CENTER)), DEFAULT),
)
# fmt: on


def entries() -> list[Entry]:
    """Return the procedures."""
    return [*map(_procedure, CHAINS), _two_lines(), _return()]


def _step(number: int, step: tuple[str, ...], *, line: str = "block") -> dict[str, Any]:
    made = {"code": f"S{number:02}", "name": step[0], "actor": step[1], "line": line}
    return made | ({"document": step[2]} if len(step) > 2 else {})


def _procedure(chain: Chain) -> Entry:
    code, name, object_, kind, rest, steps, source = chain
    content = {
        "code": code,
        "name": name,
        "procedure_object": object_,
        "procedure_kind": kind,
        **rest,
        "steps": [_step(number, step) for number, step in enumerate(steps, 1)],
        "source": source,
    }
    return "procedure", code, content, {}, {"levels": ["city", "county"]}


def _two_lines() -> Entry:
    """Dual and vertical departments: both lines sign, in any order."""
    steps = [
        _step(1, ("认定", BODY)) | {"next": ["S02", "S03"]},
        _step(2, ("授权窗口", SENDER, "授权委托书")) | {"next": ["S04"]},
        _step(3, ("同意进驻", SUPERIOR), line="line") | {"next": ["S04"]},
        _step(4, WINDOW) | {"next": ["S05"]},
        _step(5, ("进驻生效", CENTER)),
    ]
    content = {
        "code": "ENTER-TWO-LINES",
        "name": "双重管理和垂直管理部门进驻",
        "procedure_object": "department",
        "procedure_kind": "entry",
        "department_class": ["dual", "vertical"],
        "steps": steps,
        "source": DEFAULT,
    }
    return "procedure", "ENTER-TWO-LINES", content, {}, {"levels": ["city", "county"]}


def _return() -> Entry:
    """A person is returned: the reason first, both lines told, a replacement in time."""
    steps = [
        _step(1, ("提出退回并说明原因", CENTER, "退回通知")),
        _step(2, ("告知派出部门和上级主管部门", CENTER), line="both"),
        _step(3, ("补派人员", SENDER)) | {"limit": 7},
    ]
    content = {
        "code": "STAFF-RETURN",
        "name": "窗口人员退回",
        "procedure_object": "staff",
        "procedure_kind": "return",
        "steps": steps,
        "source": MEASURES,
    }
    return "procedure", "STAFF-RETURN", content, {}, {"levels": ["city", "county"]}
