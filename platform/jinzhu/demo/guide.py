"""Made-up guides: limits, visits, fees and materials that suit the words of an item's name.

Nothing here is a fact.  The same code and name always give the same guide, whatever else changes.
"""

import re
from dataclasses import dataclass
from random import Random
from typing import Any

SEED = "jinzhu-demo-1"
MOST_MATERIALS = 8
PERMIT, PAYMENT, CONFIRMATION, REWARD, ADJUDICATION, OTHER_POWER, SERVICE = (
    "01",
    "05",
    "07",
    "08",
    "09",
    "10",
    "20",
)

_AT_ONCE = re.compile(
    "查询|咨询|打印|指引|预约|即办件|公示|信息发布|启用|挂失|解挂|密码|查阅|查（借）阅"
    "|开具|真伪|核验|报送|解封|电子社会保障卡|税源信息|代开|验（交）旧"
)
_BY_PROMISE = re.compile("承诺件")
_INFORMATION = re.compile("查询|咨询|指引|公示|信息发布|预约|查阅|查（借）阅")
_SIMPLE = re.compile(
    "备案|注销|补办|补发|补领|补证|换证|换发|更正|报告|告知|延续|变更|申报|转移|登记"
)
_ON_SITE = re.compile("验收|考试|驾驶证|现场|勘|检疫|检定|鉴定|收养|结婚证|评审")

#: Working days that the law allows, by type of item.
_STATUTORY: dict[str, tuple[int, ...]] = {
    PERMIT: (10, 15, 20, 20, 20, 20, 30, 45, 60),
    PAYMENT: (20, 30, 30, 60),
    CONFIRMATION: (10, 20, 20, 30),
    REWARD: (60,),
    ADJUDICATION: (60,),
    OTHER_POWER: (10, 15, 20, 20, 30),
    SERVICE: (5, 10, 10, 15, 20, 30),
}
_SIMPLE_STATUTORY = (5, 7, 10, 15, 20)
_SHARES = (0.25, 0.3, 0.4, 0.5, 0.6)

#: Yuan; everything else is free of charge.
_FEES = (
    ("居民身份证", 20),
    ("公证", 80),
    ("易地建设费", 2000),
    ("占用、挖掘城市道路", 500),
    ("雷电灾害鉴定", 300),
    ("计量器具检定", 60),
    ("水产苗种检疫", 25),
    ("驾驶证核发", 40),
    ("供水报装", 200),
)

_PEOPLE = re.compile(
    "居民|个人|公民|身份证|户口|户籍|儿童|残疾|失业|退休|职工|人员|医师|护士|教师|学生|结婚|离婚|收养"
    "|抚恤|救助|待遇|补贴|社会保障卡|参保|就业|亲属|毕业生|军人|士兵|老年|养老保险|驾驶证|职称|档案"
)
_BUSINESSES = re.compile(
    "企业|公司|单位|经营|许可证|运输|建设|工程|项目|生产|食品|药品|矿|燃气|取水|场所|机构|纳税|发票"
    "|增值税|劳务|招标|投标|房地产|施工"
)
_SOCIAL = re.compile("社会团体|社会组织|民办非企业|基金会|宗教|社团")
_INSTITUTIONS = re.compile("事业单位|机关事业|学校|医院|幼儿园|广播电台")
_SOLE = re.compile("个体|合伙|独资|合作社")

_CERTIFICATE = re.compile("证|执照|牌|许可|注册|登记|核发|签发|资格认定")
_APPROVAL = re.compile("审批|审查|审核|核准|批准|备案|验收|认定|确认|裁决|核定|评审|鉴定|复核|审定")
_NO_RESULT = re.compile("咨询|指引|预约|报送|公示|信息发布|投诉")


@dataclass(frozen=True, slots=True)
class Paper:
    """A material that an applicant may be asked for."""

    name: str
    form: str = "either"
    need: str = "required"
    copies: int = 1
    source: str = "applicant"


def _official(name: str, *, form: str = "electronic") -> Paper:
    return Paper(name, form=form, source="government")


_IDENTITY = _official("居民身份证")
_LICENCE = _official("营业执照")
_MANDATE = Paper("授权委托书（委托他人办理时提供）", need="optional")
_FORMER = _official("原证件或者原批准文件", form="paper")
_CARD = Paper("社会保障卡或者银行账户信息", form="electronic")
_PREMISES = Paper("经营（办公）场所使用证明", need="deferrable")
_CAPITAL = Paper("验资报告", form="paper", source="other")
_TEST = Paper("检验（检测）报告", form="paper", source="other")

#: What the words of a name ask for; the first rows come first in the list of materials.
_BY_WORDS: tuple[tuple[str, tuple[Paper, ...]], ...] = (
    ("补办|补发|补领|补证|遗失", (Paper("遗失声明", form="paper"),)),
    ("变更|更正|修改|更名", (Paper("变更事项的证明文件"), _FORMER)),
    ("延续|换证|换发|到期", (_FORMER, Paper("经营情况说明", need="deferrable"))),
    ("注销|终止|歇业|停业", (_FORMER,)),
    (
        "(?:企业|公司|合作社|社会团体|民办非企业|机构|旅行社|单位).*注销|歇业|停业",
        (Paper("清算报告或者债务处理说明", need="deferrable"),),
    ),
    (
        "社会团体|民办非企业|基金会|宗教",
        (
            Paper("章程（草案）"),
            _CAPITAL,
            _PREMISES,
            _official("业务主管单位批准文件", form="paper"),
            Paper("负责人基本情况表"),
        ),
    ),
    (
        "公司|合伙|独资|合作社|非公司企业",
        (Paper("章程或者协议"), Paper("决议或者决定"), _PREMISES, Paper("任职文件")),
    ),
    (
        "食品|餐饮|公共场所|饮用水",
        (
            Paper("场所平面布局图", form="paper"),
            Paper("从业人员健康证明", source="other"),
            Paper("卫生检测或者评价报告", form="paper", source="other"),
            Paper("食品（卫生）安全管理制度", need="deferrable"),
        ),
    ),
    (
        "运输|客运|货运|出租汽车|租赁|驾驶员培训|教练车|维修经营",
        (
            _official("机动车行驶证"),
            Paper("车辆技术等级评定结论", form="paper", source="other"),
            _official("驾驶员从业资格证"),
            Paper("安全生产管理制度", need="deferrable"),
        ),
    ),
    (
        "施工|规划|占用|挖掘|竣工|建筑|工程|房地产|人防|防空",
        (
            _official("建设用地批准文件", form="paper"),
            Paper("设计文件", copies=2),
            Paper("施工组织方案", need="deferrable"),
            Paper("工程质量检测报告", form="paper", copies=2, source="other"),
        ),
    ),
    (
        "危险|放射|爆炸|剧毒|安全|易制毒|燃气|港口",
        (
            Paper("安全评价报告", form="paper", source="other"),
            Paper("应急预案"),
            Paper("主要负责人和安全管理人员资格证明", source="other"),
        ),
    ),
    (
        "学校|幼儿园|教育|培训学校|办学",
        (Paper("办学章程"), _CAPITAL, _PREMISES, _official("教师资格证明")),
    ),
    (
        "医疗|医师|护士|母婴|乡村医生|诊疗|医院",
        (
            _official("执业资格证书"),
            Paper("体检健康证明", form="paper", source="other"),
            Paper("设备清单", need="deferrable"),
        ),
    ),
    (
        "演出|娱乐|互联网上网|游艺|出版|印刷|广播|体育|潜水",
        (
            _official("消防安全合格意见", form="paper"),
            _PREMISES,
            Paper("管理制度文本", need="deferrable"),
            Paper("专业人员资格证明", source="other"),
        ),
    ),
    (
        "种子|农药|兽药|畜禽|动物|植物|检疫|蚕种|水产|菌种|林|野生",
        (
            _TEST,
            Paper("生产（经营）场所和设施说明"),
            Paper("技术人员资格证明", source="other"),
        ),
    ),
    (
        "采矿|探矿|矿产|取水|河道|水利|水土|排污|环境|土地",
        (
            Paper("可行性（论证）报告", form="paper", copies=2, source="other"),
            Paper("图件资料", copies=2),
            _official("环境影响评价批复"),
        ),
    ),
    (
        "补贴|待遇|申领|抚恤|救助|补助|给付|发放|报销|养老金|返还",
        (_CARD, Paper("符合条件的证明材料"), Paper("个人承诺书", need="deferrable")),
    ),
    (
        "参保|社会保险|养老|失业|工伤|医疗保险|就业|劳动",
        (Paper("劳动合同", form="paper"), Paper("参保人员名单", form="electronic")),
    ),
    (
        "税|发票|纳税",
        (Paper("财务会计报表", form="electronic"), Paper("合同或者交易凭证", need="deferrable")),
    ),
    ("计量|特种设备|检定", (_TEST, Paper("设备（器具）清单"))),
    ("备案", (Paper("备案事项说明"),)),
    ("鉴定|裁决|争议|纠纷|投诉", (Paper("事实和理由说明"), Paper("有关证据", copies=2))),
)
_WORDS = tuple((re.compile(words), papers) for words, papers in _BY_WORDS)


def of(code: str, *, name: str, item_type: str) -> dict[str, Any]:
    """Return the made-up fields of an item."""
    dice = Random(f"{SEED}:{code}")
    statutory, committed = _limits(dice, name, item_type)
    visits = _visits(dice, name, committed)
    result = _result(name, item_type)
    objects = _service_object(name)
    return {
        "service_object": objects,
        "statutory_limit": statutory,
        "committed_limit": committed,
        "visit_count": visits,
        "fee": next((yuan for words, yuan in _FEES if words in name), 0),
        "materials": materials(name, objects),
        "result_type": result,
        "handle_form": _handle_form(dice, visits, result),
    }


def _limits(dice: Random, name: str, item_type: str) -> tuple[int, int]:
    """Return the statutory and the committed limit in working days; 0 is at once."""
    if _AT_ONCE.search(name) and not _BY_PROMISE.search(name):
        return dice.choice((1, 3, 5)), 0
    simple = _SIMPLE.search(name) and item_type not in (REWARD, ADJUDICATION)
    statutory = dice.choice(_SIMPLE_STATUTORY if simple else _STATUTORY[item_type])
    if simple and not _BY_PROMISE.search(name) and dice.random() < 0.25:
        return statutory, 0
    return statutory, max(1, round(statutory * dice.choice(_SHARES)))


def _visits(dice: Random, name: str, committed: int) -> int:
    if _INFORMATION.search(name):
        return 0
    if _ON_SITE.search(name):
        return dice.choice((1, 1, 2))
    return dice.choices((0, 1, 2), weights=(45, 55, 0) if committed == 0 else (30, 62, 8))[0]


def _service_object(name: str) -> list[str]:
    """Return the codes of those an item serves: people and businesses where no word says it."""
    found = [
        code
        for code, words in (
            ("1", _PEOPLE),
            ("2", _BUSINESSES),
            ("3", _INSTITUTIONS),
            ("4", _SOCIAL),
            ("5", _SOLE),
        )
        if words.search(name)
    ]
    return found or ["1", "2"]


def _result(name: str, item_type: str) -> str:
    if _NO_RESULT.search(name):
        return "none"
    if _APPROVAL.search(name) and not _CERTIFICATE.search(name):
        return "approval"
    if _CERTIFICATE.search(name) or item_type == PERMIT:
        return "certificate"
    return "other"


def _handle_form(dice: Random, visits: int, result: str) -> list[str]:
    forms = ["window"]
    if visits == 0 or dice.random() < 0.8:
        forms.append("online")
    if result in ("certificate", "approval") and dice.random() < 0.4:
        forms.append("courier")
    return forms


def materials(name: str, objects: list[str]) -> list[dict[str, Any]]:
    """Return two to eight materials that the words of a name ask for."""
    papers = list(dict.fromkeys(_papers(name, objects)))[: MOST_MATERIALS - 1]
    return [
        {
            "code": f"M{number:02}",
            "name": paper.name,
            "form": paper.form,
            "need": paper.need,
            "copies": paper.copies,
            "source": paper.source,
        }
        for number, paper in enumerate([*papers, _MANDATE], 1)
    ]


def _papers(name: str, objects: list[str]) -> list[Paper]:
    if _INFORMATION.search(name):
        return [_IDENTITY]
    papers = [Paper("申请表"), _IDENTITY]
    if "2" in objects:
        papers.append(_LICENCE)
    return papers + [paper for words, more in _WORDS if words.search(name) for paper in more]
