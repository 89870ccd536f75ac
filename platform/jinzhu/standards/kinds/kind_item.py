"""The kind `item`: an entry of the basic catalogue, with everything a service guide tells.

The fields follow the national exchange tables of service items (dn_task_general_*), and the rules
what every province does: names, basis and statutory limit are uniform; limits, visits, fees and
materials only get lighter on the way down; where and when is said by each center.
"""

from jinzhu.standards.kinds.kind_fields import (
    ANSWERED,
    CODE,
    FEWER,
    FIXED,
    FURTHER,
    LESS,
    LOCAL,
    NAME,
    NOTE,
    SETTLED,
    SETTLED_OR_FEWER,
    SETTLED_OR_FURTHER,
    SUGGESTED,
    Column,
    Field,
    Kind,
    Rule,
    Type,
)

MATERIALS = (
    CODE,
    NAME,
    Column("form", Type.CHOICE, choices="material_form"),
    Column("need", Type.CHOICE, choices="material_need"),
    Column("copies", Type.INTEGER, unit="copy", local=Rule.AT_MOST),
    Column("source", Type.CHOICE, choices="material_source"),
    Column("basis", Type.TEXT),
    Column("sample", Type.TEXT),
    NOTE,
)
STEPS = (
    CODE,
    NAME,
    Column("limit", Type.INTEGER, unit="workday", local=Rule.AT_MOST),
    Column("actor", Type.TEXT),
    Column("result", Type.TEXT),
    NOTE,
)
FEES = (
    CODE,
    NAME,
    Column("amount", Type.MONEY, unit="yuan", local=Rule.AT_MOST),
    Column("basis", Type.TEXT),
    Column("method", Type.TEXT),
    NOTE,
)
CONDITIONS = (CODE, Column("text", Type.TEXT, required=True))
RESULTS = (
    CODE,
    NAME,
    Column("type", Type.CHOICE, choices="result_type"),
    Column("validity", Type.TEXT),
    Column("sample", Type.TEXT),
)
QUESTIONS = (
    CODE,
    Column("question", Type.TEXT, required=True),
    Column("answer", Type.LONG_TEXT, required=True),
)
SCENARIOS = (
    CODE,
    NAME,
    Column("question", Type.TEXT),
    Column("materials", Type.CODES, of="materials"),
)

# fmt: off
ITEM = Kind("item", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("item_type", Type.CHOICE, FIXED, required=True, choices="item_type"),
    Field("case_type", Type.CHOICE, SETTLED, choices="case_type"),
    Field("implementation_code", Type.CODE, LOCAL),
    Field("main_code", Type.CODE, FIXED),
    Field("main_item", Type.TEXT, FIXED),
    Field("sub_item", Type.TEXT, FIXED),
    Field("department_code", Type.CODE, FIXED, required=True),
    Field("use_level", Type.CHOICES, FIXED, choices="use_level"),
    Field("power_source", Type.CHOICE, SETTLED, choices="power_source"),
    Field("service_object", Type.CHOICES, FIXED, choices="service_object"),

    Field("legal_basis", Type.LONG_TEXT, FIXED, "basis", required=True),

    Field("statutory_limit", Type.INTEGER, FIXED, "limits", required=True, unit="workday"),
    Field("statutory_note", Type.TEXT, FIXED, "limits"),
    Field("committed_limit", Type.INTEGER, LESS, "limits", required=True, unit="workday"),
    Field("visit_count", Type.INTEGER, LESS, "limits", required=True, unit="visit"),
    Field("visit_reason", Type.TEXT, SUGGESTED, "limits"),
    Field("quantity_limit", Type.TEXT, FIXED, "limits"),

    Field("handle_form", Type.CHOICES, SUGGESTED, "handling", choices="handle_form"),
    Field("online_depth", Type.GRADE, (Rule.AT_LEAST, Rule.DEFAULT, Rule.LOCAL), "handling",
          choices="online_depth"),
    Field("cross_scope", Type.CHOICE, SUGGESTED, "handling", choices="cross_scope"),

    Field("conditions", Type.PARTS, SETTLED_OR_FEWER, "conditions", columns=CONDITIONS),
    Field("materials", Type.PARTS, FEWER, "materials", columns=MATERIALS),
    Field("scenarios", Type.PARTS, SETTLED_OR_FURTHER, "scenarios",
          columns=SCENARIOS),
    Field("steps", Type.PARTS, FEWER, "steps", columns=STEPS),
    Field("fee", Type.MONEY, LESS, "fees", required=True, unit="yuan"),
    Field("fees", Type.PARTS, FEWER, "fees", columns=FEES),
    Field("result_type", Type.CHOICE, FIXED, "results", choices="result_type"),
    Field("results", Type.PARTS, SETTLED, "results", columns=RESULTS),
    Field("questions", Type.PARTS, FURTHER, "questions", columns=QUESTIONS),

    Field("is_entry_center", Type.BOOLEAN, ANSWERED, "place"),
    Field("office_hours", Type.TEXT, SUGGESTED, "place"),
    Field("window", Type.TEXT, LOCAL, "place"),
    Field("address", Type.TEXT, LOCAL, "place", local_required=True),
    Field("consult_phone", Type.PHONE, LOCAL, "place", local_required=True),
    Field("complaint_phone", Type.PHONE, LOCAL, "place", local_required=True),
    Field("online_address", Type.TEXT, ANSWERED, "place"),
    Field("bookable", Type.BOOLEAN, ANSWERED, "place"),
    Field("self_service", Type.BOOLEAN, ANSWERED, "place"),
), claimed=True)
# fmt: on
