"""The kinds `department` and `post`: who enters a center, and whom it asks for.

What a post asks for are the numbers that published measures on window staff set, each with the
direction in which a lower level may be stricter.
"""

from jinzhu.standards.kinds.kind_fields import (
    ANSWERED,
    CODE,
    FIXED,
    FURTHER,
    LESS,
    LOCAL,
    MORE,
    NAME,
    SETTLED,
    SETTLED_OR_LESS,
    SUGGESTED,
    Column,
    Field,
    Kind,
    Type,
)

#: Who answers for what, reached at the office: several for one department.
CONTACTS = (
    CODE,
    NAME,
    Column("duty", Type.TEXT, required=True),
    Column("phone", Type.PHONE),
)

# fmt: off
DEPARTMENT = Kind("department", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("department_class", Type.CHOICE, FIXED, required=True, choices="department_class"),
    Field("entry_force", Type.CHOICE, FIXED, required=True, choices="entry_force"),
    Field("presence_mode", Type.CHOICE, SUGGESTED, choices="presence_mode"),
    Field("office_hours", Type.TEXT, SUGGESTED, "place"),
    Field("credit_code", Type.CODE, LOCAL, "place"),
    Field("leader", Type.TEXT, LOCAL, "place", local_required=True),
    Field("phone", Type.PHONE, LOCAL, "place", local_required=True),
    Field("window_zone", Type.TEXT, LOCAL, "place"),
    Field("contacts", Type.PARTS, LOCAL, "place", columns=CONTACTS),

    # Block or line: the four are held apart, since a regime is how they are shared out.
    Field("superior", Type.TEXT, ANSWERED, "line"),
    Field("personnel_held", Type.CHOICE, ANSWERED, "line", choices="holder"),
    Field("funds_held", Type.CHOICE, ANSWERED, "line", choices="holder"),
    Field("business_held", Type.CHOICE, ANSWERED, "line", choices="holder"),
    Field("assessment_held", Type.CHOICE, ANSWERED, "line", choices="holder"),
), claimed=True)
POST = Kind("post", (
    Field("code", Type.CODE, FIXED, required=True),
    Field("name", Type.TEXT, FIXED, required=True),
    Field("staff_role", Type.CHOICES, FIXED, required=True, choices="staff_role"),
    Field("department_class", Type.CHOICES, FIXED, choices="department_class"),

    Field("max_age", Type.INTEGER, LESS, "requirements", unit="age"),
    Field("age_relaxation", Type.TEXT, SETTLED, "requirements"),
    Field("education", Type.GRADE, MORE, "requirements", choices="education"),
    Field("rank", Type.GRADE, MORE, "requirements", choices="rank"),
    Field("identity", Type.CHOICES, FURTHER, "requirements", choices="identity"),
    Field("experience_years", Type.INTEGER, MORE, "requirements", unit="year"),
    Field("training_required", Type.BOOLEAN, FIXED, "requirements"),

    Field("head_from_staff", Type.INTEGER, LESS, "staffing", unit="person"),
    Field("reserve_staff", Type.INTEGER, MORE, "staffing", unit="person"),

    Field("min_stay_months", Type.INTEGER, MORE, "term", unit="month"),
    Field("max_stay_months", Type.INTEGER, SETTLED_OR_LESS, "term", unit="month"),
    Field("rotation_month", Type.INTEGER, SUGGESTED, "term", unit="calendar_month"),
    Field("notice_days", Type.INTEGER, MORE, "term", unit="workday"),
    Field("replacement_days", Type.INTEGER, LESS, "term", unit="workday"),

    Field("appraisal_months", Type.INTEGER, SETTLED, "appraisal", unit="month"),
    Field("appraisal_document", Type.BOOLEAN, FIXED, "appraisal"),

    Field("source", Type.LONG_TEXT, FIXED, "basis"),
))
# fmt: on
