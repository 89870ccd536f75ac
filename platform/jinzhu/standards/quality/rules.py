"""The rules that a checker of service guides applies: each with its words, each said once, in SQL.

A fault contradicts itself or misleads whoever reads the guide, and keeps an item from being
proposed for entry; a warning is something to look at.  What the bound of a field refuses already
(a committed limit above the statutory one) needs no rule here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as of
from enum import StrEnum

from jinzhu.standards.quality.sql import (
    blank,
    count,
    digits,
    has,
    names,
    number,
    parts,
    total,
    value,
)


class Severity(StrEnum):
    """How much a finding weighs."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class QualityRule:
    """A rule: the field it is shown at, when it is broken, and the values that its text names.

    Its words are `quality.rule.<code>` (what it is called) and `quality.text.<code>` (what is wrong
    and what to do).
    """

    code: str
    field: str
    severity: Severity
    broken: str
    told: Mapping[str, str] = of(default_factory=dict)


FAULT, WARNING = Severity.FAULT, Severity.WARNING
COMMITTED, VISITS = number("committed_limit"), number("visit_count")
AT_WINDOW, ONLINE = has("handle_form", "window"), has("handle_form", "online")
PERMIT = f"{value('item_type')} = '01'"
#: Region 2, type 2, main item 5, sub-item 3: 12 characters, the national form.  Provinces add two:
#: of 1,097 valid codes of a county of Sichuan 835 have 14 characters (511A0138000000).  What is
#: left are codes of before the catalogue (Z-000147-001), and these a center should look at.
BASE_CODE = "[0-9]{2}[0-9A-Z]{2}[0-9]{8}([0-9]{2})?"
#: The type that is in a code, where it says one: as a letter of power, as in the type itself, or
#: 2 for a public service.  3A stands for several types and says none.
CODE_TYPES = {"1A": "01", "1G": "05", "1F": "07", "1E": "09", "1Z": "10", "2B": "20", "2C": "20"}
TYPES = ("01", "05", "07", "08", "09", "10", "20")
IN_CODE = f"substr({value('code')}, 3, 2)"
TYPE_OF_CODE = (
    f"CASE {IN_CODE} "
    + " ".join(f"WHEN '{part}' THEN '{type_}'" for part, type_ in CODE_TYPES.items())
    + " "
    + " ".join(f"WHEN '{type_}' THEN '{type_}'" for type_ in TYPES)
    + " END"
)
OWN_CODE = value("implementation_code")
OWN_CODE_FITS = f"({OWN_CODE} ~ '^[0-9A-Z]{{18}}[1-9]{BASE_CODE}$')"
UNPRICED = "it ->> 'amount' IS NULL OR coalesce(it ->> 'basis', '') = ''"
FORMLESS = "it ->> 'form' IS NULL"

# fmt: off
ITEM_RULES = (
    QualityRule("instant_with_limit", "case_type", FAULT,
        f"{value('case_type')} = 'instant' AND {COMMITTED} > 0", {"limit": COMMITTED}),
    QualityRule("at_once_not_instant", "case_type", FAULT,
        f"{value('case_type')} = 'committed' AND {COMMITTED} = 0"),
    QualityRule("visit_reason", "visit_reason", FAULT,
        f"{VISITS} > 0 AND {blank('visit_reason')}", {"visits": VISITS}),
    QualityRule("visit_reason_idle", "visit_reason", WARNING,
        f"{VISITS} = 0 AND NOT {blank('visit_reason')}", {"reason": value("visit_reason")}),
    QualityRule("online_visits", "visit_count", WARNING,
        f"{number('online_depth')} >= 4 AND {VISITS} > 0", {"visits": VISITS}),
    QualityRule("fee_basis", "fees", FAULT,
        f"{number('fee')} > 0 AND ({count('fees')} = 0 OR {count('fees', UNPRICED)} > 0)",
        {"fee": number("fee")}),
    QualityRule("fee_idle", "fee", FAULT,
        f"{number('fee')} = 0 AND {total('fees', 'amount')} > 0",
        {"amount": total("fees", "amount")}),
    QualityRule("steps_sum", "steps", FAULT,
        f"{COMMITTED} IS NOT NULL AND {count('steps')} > 0"
        f" AND {total('steps', 'limit')} <> {COMMITTED}",
        {"total": total("steps", "limit"), "limit": COMMITTED}),
    QualityRule("steps_none", "steps", WARNING,
        f"{COMMITTED} > 0 AND {count('steps')} = 0", {"limit": COMMITTED}),
    QualityRule("questions", "questions", FAULT, f"{PERMIT} AND {count('questions')} = 0"),
    QualityRule("materials_none", "materials", WARNING, f"{PERMIT} AND {count('materials')} = 0"),
    QualityRule("material_form", "materials", WARNING,
        f"EXISTS (SELECT FROM {parts('materials')} WHERE {FORMLESS})",
        {"n": count("materials", FORMLESS), "names": names("materials", FORMLESS)}),
    QualityRule("place", "address", FAULT, f"{AT_WINDOW} AND {blank('address')}"),
    QualityRule("window_untold", "window", WARNING, f"{AT_WINDOW} AND {blank('window')}"),
    QualityRule("online_address", "online_address", WARNING,
        f"{ONLINE} AND {blank('online_address')}"),
    QualityRule("consult_phone", "consult_phone", FAULT, blank("consult_phone")),
    QualityRule("complaint_phone", "complaint_phone", FAULT, blank("complaint_phone")),
    QualityRule("same_phone", "complaint_phone", FAULT,
        f"NOT {blank('complaint_phone')}"
        f" AND {digits('consult_phone')} = {digits('complaint_phone')}",
        {"phone": value("complaint_phone")}),
    QualityRule("base_code", "code", WARNING,
        f"{value('code')} !~ '^{BASE_CODE}$'", {"code": value("code")}),
    QualityRule("code_type", "item_type", WARNING,
        f"{value('code')} ~ '^{BASE_CODE}$' AND {value('item_type')} <> {TYPE_OF_CODE}",
        {"code": value("code"), "part": IN_CODE}),
    QualityRule("own_code_form", "implementation_code", WARNING,
        f"NOT {blank('implementation_code')} AND NOT {OWN_CODE_FITS}",
        {"code": OWN_CODE, "n": f"length({OWN_CODE})"}),
    QualityRule("own_code_credit", "implementation_code", WARNING,
        f"{OWN_CODE_FITS} AND NOT app.credit_code_fits(left({OWN_CODE}, 18))",
        {"code": f"left({OWN_CODE}, 18)"}),
    QualityRule("own_code_base", "implementation_code", WARNING,
        f"{OWN_CODE_FITS} AND substr({OWN_CODE}, 20) <> {value('code')}",
        {"own": f"substr({OWN_CODE}, 20)", "code": value("code")}),
)
# fmt: on

#: By kind of provision; a kind without rules is not checked.
RULES: dict[str, tuple[QualityRule, ...]] = {"item": ITEM_RULES}
