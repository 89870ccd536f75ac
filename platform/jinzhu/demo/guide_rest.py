"""The rest of a made-up guide, which follows from its limits, materials and fee without any dice.

Whatever changes those changes this with them, so that a guide never contradicts itself.
"""

from typing import Any

BASIS = "（演示）以有权机关公布的收费目录为准"
WINDOW, REVIEWER, HEAD = "窗口工作人员（演示）", "审批人员（演示）", "分管负责人（演示）"
#: From so many working days on, the steps are told one by one.
LONG = 3


def of(content: dict[str, Any]) -> dict[str, Any]:
    """Return what else the guide of an item tells."""
    return {
        "case_type": "committed" if content["committed_limit"] else "instant",
        "online_depth": _depth(content),
        "visit_reason": _visit_reason(content["visit_count"]),
        "fees": _fees(content["fee"]),
        "steps": _steps(content["committed_limit"]),
        "scenarios": _scenarios(content["materials"]),
        "questions": _questions(content),
    }


def _depth(content: dict[str, Any]) -> int:
    if "online" not in content["handle_form"]:
        return 1
    return 4 if content["visit_count"] == 0 else 3


def _visit_reason(visits: int) -> str:
    """Return why one has to come; who need not come is told so."""
    return "核验申请人身份和材料原件（演示）" if visits else "无"


def _fees(fee: int) -> list[dict[str, Any]]:
    if not fee:
        return []
    return [{"code": "F01", "name": "办理费用（演示）", "amount": fee, "basis": BASIS}]


def _steps(limit: int) -> list[dict[str, Any]]:
    """Return the steps, whose limits add up to the committed limit."""
    if limit < LONG:
        return []
    return [
        {"code": "S01", "name": "受理", "limit": 1, "actor": WINDOW, "result": "受理通知书"},
        {"code": "S02", "name": "审查", "limit": limit - 2, "actor": REVIEWER},
        {"code": "S03", "name": "决定", "limit": 1, "actor": HEAD},
    ]


def _scenarios(materials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tell those who come themselves from those who send somebody; the last paper is a mandate."""
    codes = [material["code"] for material in materials]
    asked = "由谁来办理？"
    return [
        {"code": "Q01", "name": "本人办理", "question": asked, "materials": codes[:-1]},
        {"code": "Q02", "name": "委托他人办理", "question": asked, "materials": codes},
    ]


def _questions(content: dict[str, Any]) -> list[dict[str, Any]]:
    told = f"收费 {content['fee']} 元。" if content["fee"] else "不收费。"
    answers = (
        ("可以委托他人办理吗？", "可以，须提供授权委托书（演示）。"),
        ("办理这个事项收费吗？", f"{told}（演示）"),
    )
    return [
        {"code": f"W{number:02}", "question": question, "answer": answer}
        for number, (question, answer) in enumerate(answers, 1)
    ]
