"""The rest of the demo's standard: posts, assessments, reports, roles and clauses.

Numbers come from published local measures; each provision says in `source` which.  Nothing here is
the text of the national standard.
"""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinzhu.core.language import say
from jinzhu.demo import chains
from jinzhu.demo.catalogue import Entry
from jinzhu.identity.roles import ROLES
from jinzhu.standards.kinds import CHOICES

BELOW = {"levels": ["city", "county"]}
EVERYBODY = {"levels": ["province", "city", "county"]}
MONTHS = 12
#: The grades that the measures name in words.
EDUCATION, RANK = {"大专": 2}, {"中层副职以上": 2}

# The clauses tell in our words what the drafting explanation says: title, force, concerns, text.
EXPLAINED = "根据 GB/T 32169.2 编制说明（征求意见稿，2012）整理的演示条款，不是标准原文"
# fmt: off
CLAUSES = (
    ("政府部门进驻", "shall", ("department",),
     "政府部门和相关专业服务机构应进驻政务服务中心。"),
    ("双重管理和垂直管理部门进驻", "may", ("department",),
     "双重管理部门和垂直管理部门可进驻政务服务中心。"),
    ("公用企事业单位进驻", "may", ("department",),
     "供水、供气、供电、通信、公共交通等公用企事业单位，可由政府建议进驻。"),
    ("其他单位进驻", "may", ("department",), "其他单位提出申请的，可进驻政务服务中心。"),
    ("公共资源交易平台", "may", ("department", "center"),
     "公共资源交易平台可与政务服务中心合署办公，统一管理。"),
    ("项目随部门进驻", "shall", ("item",), "项目的进驻要求与其所属部门的类别一致。"),
    ("先培训后上岗", "shall", ("staff",), "窗口工作人员经岗前培训合格后进驻。"),
    ("双重管理", "shall", ("staff",), "窗口工作人员由政务服务中心和派出部门双重管理。"),
)
# The columns of the quarterly circular of a real county: code, name, type, unit.
QUARTERLY = (
    ("C01", "受理件数", "integer", "件"),
    ("C02", "办结件数", "integer", "件"),
    ("C03", "办结率", "percent", "%"),
    ("C04", "满意率", "percent", "%"),
    ("C05", "零办件窗口数", "integer", "个"),
)
# fmt: on


NAMELESS = ("某", "无名")
#: The schemes of assessment as the demo names them.
SCHEMES = {
    "某中心2023": "某政务服务中心2023年公开的考核办法",
    "若羌县(2021)": "若羌县2021年公开的考核办法",
    "阳东县": "阳东县公开的红旗窗口评选办法",
}


def _lines(name: str) -> Iterator[dict[str, str]]:
    """Read a list in which a source `same` is that of the line above."""
    above = ""
    with (files("jinzhu") / "data" / name).open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            above = above if line["source"] == "same" else line["source"]
            yield {**line, "source": above}


@cache
def _rules() -> dict[tuple[str, str], dict[str, str]]:
    """Return the rules on window staff by kind of rule and place."""
    return {(line["rule_type"], line["place"]): line for line in _lines("staff_rules.csv")}


def entries() -> list[Entry]:
    """Return all provisions but departments and items."""
    return [
        *_posts(),
        *chains.entries(),
        *_assessments(),
        *_reports(),
        *_roles(),
        *_clauses(),
    ]


def _entry(kind: str, code: str, content: dict[str, Any], applies: dict[str, Any]) -> Entry:
    return kind, code, {"code": code, **content}, {}, applies


def _place(name: str) -> str:
    """Return a place in the brackets of Chinese, or nothing where its rule does not name it."""
    return "" if name.startswith(NAMELESS) else name.replace("(", "（").replace(")", "）")


class _Measures:
    """Values read from the rules, with the places and sources they were read from."""

    def __init__(self) -> None:
        self.sources: list[str] = []

    def text(self, rule: str, place: str) -> str:
        """Return a value as it is written."""
        line = _rules()[rule, place]
        self.sources.append(_place(place))
        return line["value"]

    def number(self, rule: str, place: str, *, times: int = 1) -> int:
        """Return a number, in months where the measure says years."""
        return int(self.text(rule, place)) * times

    def told(self) -> str:
        """Name the places, each once, as somebody reads them; `data` says where they were found."""
        named = [place for place in dict.fromkeys(self.sources) if place]
        return f"参照{'、'.join(named)}等地公开的窗口人员管理规定（演示）"


def _posts() -> list[Entry]:
    return [
        _entry("post", "POST-STAFF", _staff(), BELOW),
        _entry("post", "POST-HEAD", _head(), BELOW),
    ]


def _staff() -> dict[str, Any]:
    from_ = _Measures()
    from_.text("identity", "阿坝州(四川)")
    from_.text("certificate", "某市(公开法规库)")
    return {
        "name": "窗口工作人员",
        "staff_role": ["window_staff"],
        "max_age": from_.number("max_age", "阿坝州(四川)"),
        "age_relaxation": "整建制进驻的除外",
        "education": EDUCATION[from_.text("min_education", "贵阳市")],
        "identity": ["established", "law_enforcement"],
        "experience_years": from_.number("min_years_in_home_unit", "贵阳市"),
        "training_required": True,
        "reserve_staff": from_.number("backup_staff_per_department", "绥阳县(贵州)"),
        "min_stay_months": from_.number("min_term_at_window", "无名县", times=MONTHS),
        "max_stay_months": from_.number("max_term_staff", "某市(公开法规库)", times=MONTHS),
        "rotation_month": from_.number("rotation_month", "阿坝州(四川)"),
        "notice_days": from_.number("change_notice", "某市(公开法规库)"),
        "replacement_days": from_.number("replacement_deadline_after_return", "某市(公开法规库)"),
        "appraisal_months": from_.number(
            "appraisal_by_centre_if_at_window_at_least", "绥阳县(贵州)"
        ),
        "appraisal_document": bool(from_.text("appraisal_document", "某市(公开法规库)")),
        "source": from_.told(),
    }


def _head() -> dict[str, Any]:
    from_ = _Measures()
    return {
        "name": "窗口负责人（首席代表）",
        "staff_role": ["window_head"],
        "rank": RANK[from_.text("chief_rep_rank", "贵阳市")],
        "identity": ["established", "full_authority"],
        "training_required": True,
        "head_from_staff": from_.number("chief_rep_required_when_staff_at_least", "绥阳县(贵州)"),
        "min_stay_months": from_.number("min_term_at_window", "贵阳市", times=MONTHS),
        "max_stay_months": from_.number("max_term_chief_rep", "某市(公开法规库)", times=MONTHS),
        "notice_days": from_.number("change_notice", "某市(公开法规库)"),
        "source": from_.told(),
    }


def _weighted(scheme: str, assessed: str) -> tuple[list[dict[str, Any]], str]:
    """Return the weighted parts of a scheme, and its source."""
    lines = [
        line
        for line in _lines("assessment_schemes.csv")
        if (line["scheme"], line["object"]) == (scheme, assessed)
    ]
    parts = [
        {
            "code": f"A{number:02}",
            "name": line["component"],
            "weight": int(line["weight_or_points"].removesuffix("%")),
        }
        for number, line in enumerate(lines, 1)
    ]
    return parts, f"参照{SCHEMES[scheme]}（演示）"


def _assessments() -> list[Entry]:
    staff, of_staff = _weighted("某中心2023", "staff")
    window, of_window = _weighted("某中心2023", "window")
    year, of_year = _weighted("若羌县(2021)", "staff")
    flag, of_flag = _weighted("阳东县", "window(red flag)")
    model = {"code": "H01", "name": "服务标兵", "quota": 20, "condition": "年度考核前列"}
    red_flag = {"code": "H01", "name": "红旗窗口", "condition": "已评为优秀的窗口方可参评"}
    # fmt: off
    schemes: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
        ("ASSESS-STAFF", "窗口工作人员月考核", "window_staff", "month", of_staff,
         {"base_score": 100, "max_score": 110, "indicators": staff}),
        ("ASSESS-WINDOW", "窗口月考核", "window", "month", of_window,
         {"base_score": 100, "max_score": 110, "indicators": window, "honours": [model]}),
        ("ASSESS-YEAR", "窗口工作人员年度考核", "window_staff", "year", of_year, {"shares": year}),
        ("ASSESS-FLAG", "红旗窗口评选", "window", "month", of_flag,
         {"indicators": flag, "honours": [red_flag]}),
    )
    # fmt: on
    return [
        _entry(
            "assessment",
            code,
            {"name": name, "assessed": assessed, "period": period, "source": source, **rest},
            BELOW,
        )
        for code, name, assessed, period, source, rest in schemes
    ]


def _reports() -> list[Entry]:
    columns = [dict(zip(("code", "name", "type", "unit"), line, strict=True)) for line in QUARTERLY]
    groups = [
        line["component"]
        for line in _lines("assessment_schemes.csv")
        if line["scheme"] == "GB/T 32169.4-2015"
    ]
    indicators = [
        {"code": f"C{number:02}", "name": group, "type": "percent"}
        for number, group in enumerate(groups, 1)
    ]
    quarterly = {
        "name": "季度运行情况",
        "period": "quarter",
        "due_day": 10,
        "addressees": ["superior_center", "superior_department"],
        "columns": columns,
        "source": "栏目取自一个县的季度通报；报送期限为演示",
    }
    yearly = {
        "name": "年度评价指标",
        "period": "year",
        "due_day": 20,
        "addressees": ["superior_center"],
        "columns": indicators,
        "source": "指标类别见 GB/T 32169.4-2015；报送期限为演示",
    }
    return [
        _entry("report", "REPORT-QUARTER", quarterly, BELOW),
        _entry("report", "REPORT-YEAR", yearly, BELOW),
    ]


def _roles() -> list[Entry]:
    """Return the roles of a center as they ship, so that the province can take away from them."""
    return [
        _entry(
            "role",
            code,
            {
                "name": say(f"role.{code}"),
                "permissions": [one for one in CHOICES["permission"] if one in ROLES[code]],
                "department_bound": code == "department_liaison",
                "source": "随产品提供的角色（演示）",
            },
            BELOW,
        )
        for code in ("center_manager", "department_liaison", "clerk")
    ]


def _clauses() -> list[Entry]:
    return [
        _entry(
            "clause",
            f"CLAUSE-{number:02}",
            {
                "number": f"4.{number}",
                "name": name,
                "force": force,
                "concerns": list(concerns),
                "text": text,
                "source": EXPLAINED,
            },
            EVERYBODY,
        )
        for number, (name, force, concerns, text) in enumerate(CLAUSES, 1)
    ]
