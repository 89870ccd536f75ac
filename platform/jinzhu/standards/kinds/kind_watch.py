"""The kinds `assessment`, `report`, `role` and `clause`: how a center is watched and led."""

from jinzhu.standards.kinds.kind_fields import (
    CODE,
    FEWER,
    FIXED,
    FURTHER,
    LESS,
    NAME,
    NOTE,
    SETTLED,
    SETTLED_OR_LESS,
    Column,
    Field,
    Kind,
    Type,
)

WEIGHT = Column("weight", Type.PERCENT, required=True)
INDICATORS = (
    CODE,
    NAME,
    WEIGHT,
    Column("scoring", Type.TEXT),
    Column("source", Type.TEXT),
    NOTE,
)
SHARES = (CODE, NAME, WEIGHT)
HONOURS = (
    CODE,
    NAME,
    Column("quota", Type.PERCENT),
    Column("condition", Type.TEXT),
)
COLUMNS = (
    CODE,
    NAME,
    Column("type", Type.CHOICE, required=True, choices="column_type"),
    Column("unit", Type.TEXT),
    Column("source", Type.TEXT),
    NOTE,
)

# fmt: off
ASSESSMENT = Kind("assessment", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("assessed", Type.CHOICE, FIXED, required=True, choices="assessed"),
    Field("period", Type.CHOICE, FIXED, required=True, choices="period"),
    Field("department_class", Type.CHOICES, FIXED, choices="department_class"),

    Field("base_score", Type.INTEGER, SETTLED, "scores", unit="point"),
    Field("max_score", Type.INTEGER, SETTLED_OR_LESS, "scores", unit="point"),
    Field("indicators", Type.PARTS, SETTLED, "scores", columns=INDICATORS),
    Field("shares", Type.PARTS, SETTLED, "scores", columns=SHARES),
    Field("honours", Type.PARTS, FURTHER, "honours", columns=HONOURS),

    Field("source", Type.LONG_TEXT, FIXED, "basis"),
))
REPORT = Kind("report", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("period", Type.CHOICE, FIXED, required=True, choices="period"),
    Field("due_day", Type.INTEGER, LESS, unit="workday"),
    Field("addressees", Type.CHOICES, FURTHER, required=True, choices="addressee"),
    Field("columns", Type.PARTS, FURTHER, "columns", required=True, columns=COLUMNS),
    Field("source", Type.LONG_TEXT, FIXED, "basis"),
))
ROLE = Kind("role", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("purpose", Type.LONG_TEXT, FIXED),
    Field("permissions", Type.CHOICES, FEWER, "permissions", required=True, choices="permission"),
    Field("department_bound", Type.BOOLEAN, FIXED, "permissions"),
    Field("source", Type.LONG_TEXT, FIXED, "basis"),
))
CLAUSE = Kind("clause", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("number", Type.TEXT, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("force", Type.CHOICE, FIXED, required=True, choices="clause_force"),
    Field("concerns", Type.CHOICES, FIXED, choices="concern"),
    Field("text", Type.LONG_TEXT, FIXED, required=True),
    Field("source", Type.LONG_TEXT, FIXED, "basis"),
))
# fmt: on
