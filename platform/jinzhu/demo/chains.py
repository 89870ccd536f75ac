"""The procedures of the demo: the chains in which departments, items and staff enter and leave.

Class, order and actors are those of the drafting explanation; where it only names a chain, the
steps are an editable default and say so.  Times in working days are defaults of the demo unless a
published measure gives them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinzhu.demo.catalogue import Entry

EXPLAINED = "根据 GB/T 32169.2 编制说明（征求意见稿，2012）整理；各步时限为可修改的默认值（演示）"
DEFAULT = "编制说明只列出名称，步骤和时限为可修改的默认值（演示）"
MEASURES = "补派期限取自公开的地方规定；步骤为演示"
CENTER, SENDER, BODY = "center", "department", "competent_body"
SUPERIOR, GOVERNMENT, APPLICANT = "superior", "government", "applicant"
SERVICES = ["05", "07", "08", "09", "10", "20"]
POWER, AGREEMENT = "授权委托书", "进驻协议"
Step = dict[str, Any]


@dataclass(frozen=True)
class Chain:
    """A procedure: for what, its steps, and where they come from."""

    code: str
    name: str
    object: str
    kind: str
    steps: tuple[Step, ...]
    source: str = DEFAULT
    rest: Mapping[str, Any] | None = None


def step(name: str, actor: str = CENTER, limit: int = 5, **rest: Any) -> Step:
    """Return a step; whoever checks may send back, refuse and ask for more."""
    checks = actor in (CENTER, BODY, GOVERNMENT, SUPERIOR)
    actions = ["return", "refuse", "ask", "delegate"] if checks else ["return"]
    warn = {"warn": min(2, limit - 1)} if limit > 1 else {}
    warn |= {"escalate_after": min(5, limit)}
    made = {"name": name, "actor": actor, "line": "block", "actions": actions, "limit": limit}
    return {**made, **warn, **rest}


def _window(**rest: Any) -> Step:
    return step("安排窗口", guards=["window_arranged"], condition="windowed", **rest)


def _enters(name: str = "进驻生效", **rest: Any) -> Step:
    return step(name, limit=3, effects=["enter"], document="进驻通知书", **rest)


def _item_enters() -> Step:
    return _enters("确定进驻", guards=["department_entered"]) | {"document": "事项进驻确认表"}


_AUTHORISES = step("授权窗口", SENDER, 10, document=POWER, guards=["power_of_attorney"])
_STANDALONE = step(
    "批准单独设立大厅", GOVERNMENT, 15, condition="standalone", document="批准文件",
    guards=["standalone_approved"],
)  # fmt: skip

ENTRY = (
    Chain("ENTER-GOVERNMENT", "政府部门进驻", "department", "entry",
          (step("认定", BODY, 10), _STANDALONE, _AUTHORISES, _window(), _enters()),
          EXPLAINED, {"department_class": ["government"]}),
    Chain("ENTER-PROFESSIONAL", "专业服务机构进驻", "department", "entry",
          (step("提出申请", APPLICANT, document="进驻申请书"), step("评估", limit=15),
           step("签订协议", limit=10, document=AGREEMENT), _STANDALONE, _window(), _enters()),
          rest={"department_class": ["professional"]}),
    Chain("ENTER-UTILITY", "公用企事业单位进驻", "department", "entry",
          (step("提出建议", GOVERNMENT, 10, document="进驻建议"),
           step("同意进驻", APPLICANT, 10, document="同意函"), _STANDALONE, _window(),
           _enters()),
          rest={"department_class": ["utility"]}),
    Chain("ENTER-OTHER", "其他单位进驻", "department", "entry",
          (step("提出申请", APPLICANT, document="进驻申请书"), step("评估", limit=15),
           step("批准", limit=10), _STANDALONE, _window(), _enters()),
          rest={"department_class": ["other"]}),
    Chain("ENTER-TRADING", "公共资源交易平台合署办公", "department", "entry",
          (step("决定合署办公", GOVERNMENT, 15, document="合署办公决定"),
           step("签订统一管理协议", limit=10, document="统一管理协议"), _window(),
           _enters("合署生效")),
          rest={"department_class": ["trading"]}),
    Chain("ENTER-TWO-LINES", "双重管理和垂直管理部门进驻", "department", "entry",
          (step("认定", BODY, 10, next=["S02", "S03"]),
           _AUTHORISES | {"next": ["S04"]},
           step("同意进驻", SUPERIOR, 15, line="line", document="同意函", next=["S04"]),
           _STANDALONE | {"next": ["S05"]}, _window(next=["S06"]), _enters()),
          rest={"department_class": ["dual", "vertical"]}),
    Chain("ITEM-PERMIT", "审批项目进驻", "item", "entry",
          (step("提出", SENDER, guards=["complete"]), step("认定", BODY, 15),
           step("向社会公布", limit=3, actions=["return"], waits=True, effects=["publish"],
                guards=["no_objection"]),
           _item_enters()),
          EXPLAINED,
          {"item_type": ["01"], "request_days": 10, "review_days": 15, "publication_days": 3}),
    Chain("ITEM-SERVICE", "其他服务项目进驻", "item", "entry",
          (step("提出进驻意向", SENDER, guards=["complete"]), step("组织评估", limit=15),
           _item_enters()),
          EXPLAINED, {"item_type": SERVICES}),
    Chain("STAFF-ENTRY", "窗口人员进驻", "staff", "entry",
          (step("提报人选", SENDER), step("岗前培训", limit=10), step("培训合格"),
           step("进驻上岗", limit=3)),
          EXPLAINED),
)  # fmt: skip

LATER = (
    Chain("DEPARTMENT-ADJUST", "部门进驻调整", "department", "adjustment",
          (step("提出调整", SENDER), step("审核", limit=10), _STANDALONE, _window(),
           step("调整生效", limit=3, effects=["adjust"]))),
    Chain("DEPARTMENT-SUSPEND", "部门暂停进驻", "department", "suspension",
          (step("提出暂停并说明原因", SENDER), step("审核", limit=5),
           step("暂停生效", limit=3, effects=["suspend"]))),
    Chain("DEPARTMENT-RESUME", "部门恢复进驻", "department", "resumption",
          (step("提出恢复", SENDER), step("审核"), step("恢复生效", limit=3, effects=["resume"]))),
    Chain("DEPARTMENT-EXIT", "部门退出", "department", "exit",
          (step("提出退出并说明原因", SENDER), step("审核", limit=10),
           step("办理交接", SENDER, 10, document="交接清单", guards=["nothing_left"]),
           step("退出生效", limit=3, effects=["leave"], document="退出通知书"))),
    Chain("ITEM-ADJUST", "项目调整", "item", "adjustment",
          (step("提出调整", SENDER), step("审核", limit=15),
           step("调整生效", limit=3, effects=["adjust"]))),
    Chain("ITEM-SUSPEND", "项目暂停办理", "item", "suspension",
          (step("提出暂停并说明原因", SENDER), step("审核"),
           step("暂停生效", limit=3, effects=["suspend"]))),
    Chain("ITEM-RESUME", "项目恢复办理", "item", "resumption",
          (step("提出恢复", SENDER), step("审核"),
           step("恢复生效", limit=3, effects=["resume"], guards=["department_entered"]))),
    Chain("ITEM-EXIT", "项目退出", "item", "exit",
          (step("提出退出并说明原因", SENDER), step("审核", limit=10),
           step("办理交接", SENDER, 10, document="交接清单", guards=["nothing_left"]),
           step("退出生效", limit=3, effects=["leave"], document="退出通知书"))),
    Chain("ITEM-NEGATIVE", "项目列入负面清单", "item", "negative_list",
          (step("提出并说明原因", SENDER), step("审核", limit=10),
           step("批准", GOVERNMENT, 15, document="批准文件", effects=["exclude"]))),
    Chain("STAFF-RETURN", "窗口人员退回", "staff", "return",
          (step("提出退回并说明原因", limit=3, document="退回通知"),
           step("告知派出部门和上级主管部门", limit=3, line="both"),
           step("补派人员", SENDER, 7)),
          MEASURES),
)  # fmt: skip


def entries() -> list[Entry]:
    """Return the procedures."""
    return [_procedure(chain) for chain in (*ENTRY, *LATER)]


def _procedure(chain: Chain) -> Entry:
    content = {
        "code": chain.code,
        "name": chain.name,
        "procedure_object": chain.object,
        "procedure_kind": chain.kind,
        **(chain.rest or {}),
        "steps": [{"code": f"S{number:02}", **made} for number, made in enumerate(chain.steps, 1)],
        "source": chain.source,
    }
    return "procedure", chain.code, content, {}, {"levels": ["city", "county"]}
