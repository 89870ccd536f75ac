"""The kind `procedure`: the steps in which something enters a center, changes and leaves.

A step names who acts, what may be done beside approving, which document it needs, its time in
working days, whom it is told to when it is long overdue, and, by names that the running of cases
registers, when it is needed at all, what has to be so before it is approved, and what its approval
does.  All of it is data of a standard: a province adds a step or shortens a time without a
programmer.
"""

from jinzhu.standards.kinds.kind_fields import (
    CODE,
    FIXED,
    LESS,
    NAME,
    NOTE,
    SETTLED,
    Column,
    Field,
    Kind,
    Rule,
    Type,
)

STEPS = (
    CODE,
    NAME,
    Column("actor", Type.CHOICE, required=True, choices="actor"),
    Column("line", Type.CHOICE, choices="line"),
    Column("actions", Type.CHOICES, choices="step_action"),
    Column("limit", Type.INTEGER, unit="workday", local=Rule.AT_MOST),
    Column("warn", Type.INTEGER, unit="workday", local=Rule.LOCAL),
    Column("escalate_after", Type.INTEGER, unit="workday", local=Rule.AT_MOST),
    Column("escalate_to", Type.CHOICE, choices="receiver"),
    Column("waits", Type.BOOLEAN),
    Column("next", Type.CODES, of="steps"),
    Column("document", Type.TEXT),
    Column("condition", Type.CHOICE, choices="step_condition"),
    Column("guards", Type.CHOICES, choices="step_guard"),
    Column("effects", Type.CHOICES, choices="step_effect"),
    NOTE,
)

# fmt: off
PROCEDURE = Kind("procedure", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("procedure_object", Type.CHOICE, FIXED, required=True, choices="procedure_object"),
    Field("procedure_kind", Type.CHOICE, FIXED, required=True, choices="procedure_kind"),
    Field("department_class", Type.CHOICES, FIXED, choices="department_class"),
    Field("item_type", Type.CHOICES, FIXED, choices="item_type"),

    Field("steps", Type.PARTS, SETTLED, "steps", required=True, columns=STEPS),
    Field("request_days", Type.INTEGER, LESS, "limits", unit="workday"),
    Field("review_days", Type.INTEGER, LESS, "limits", unit="workday"),
    Field("publication_days", Type.INTEGER, LESS, "limits", unit="workday"),

    Field("source", Type.LONG_TEXT, FIXED, "basis"),
))
# fmt: on
