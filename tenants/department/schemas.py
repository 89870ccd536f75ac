"""The roster of departments as it goes over HTTP, and the rules that a center attaches."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.records.record_schemas import ANSWERS
from tenants.department.service import FIGURES, HELD
from tenants.department.workflow import MARKS
from tenants.document.service import ENDED, IN_FORCE, NOT_YET
from tenants.entry.models import STATES, Mode
from tenants.equipment.schemas import EquipmentSchema
from tenants.procedure.schemas import ExitGroupSchema
from tenants.support.schemas import SupportLineSchema

LINE = validate.Length(max=200)
VALID = validate.OneOf([IN_FORCE, NOT_YET, ENDED])


def _text(**more: Any) -> fields.String:
    return fields.String(required=True, **more)


def _day() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _number(**more: Any) -> fields.Integer:
    return fields.Integer(required=True, **more)


def _choice(*codes: str) -> fields.String:
    return fields.String(load_default="", validate=validate.OneOf(["", *codes]))


class RosterQuery(PageQuery):
    """Which departments of the roster."""

    force = _choice(*CHOICES["entry_force"])
    class_ = fields.String(
        load_default="",
        validate=validate.OneOf(["", *CHOICES["department_class"]]),
        data_key="class",
        attribute="class",
    )
    claim = fields.String(load_default="", validate=validate.OneOf(ANSWERS))
    state = _choice(*STATES)
    mode = _choice(*(mode.value for mode in Mode))
    mark = _choice(*MARKS)


class RosterWindowsSchema(Document):
    """At how many windows, in which halls."""

    count = _number()
    halls = fields.List(fields.String(), required=True)


RosterItemsSchema = Document.from_dict(
    {name: _number() for name in ("offered", "due", *STATES)}, name="RosterItemsSchema"
)


class RosterPowerSchema(Document):
    """The power of attorney that ends last, as it stands today."""

    case_id = _number()
    number = _text()
    valid_from = _day()
    valid_until = _day()
    state = _text(validate=VALID)
    days_left = _number(allow_none=True)


class RosterCaseSchema(Document):
    """The case that runs for a department."""

    id = _number()
    number = _text()
    kind = _text()
    kind_label = _text()


class RosterHallSchema(Document):
    """The hall of a department's own."""

    id = _number()
    name = _text()
    address = _text()
    phone = _text()


class RosterServicesSchema(Document):
    """How far the check list has come: agreed, provided, still open, to be given back."""

    lines = _number()
    provided = _number()
    open = _number()
    out = _number()


class ContactSchema(Document):
    """Whom to reach at the office, and for what."""

    code = _text()
    name = fields.String()
    duty = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


_ROW: dict[str, Any] = {
    "provision_id": _number(),
    "record_id": _number(allow_none=True),
    **{
        name: _text()
        for name in (
            "code", "name", "class_label", "force_label", "claim", "claim_reason", "state",
            "state_label", "entry_reason", "mode_label", "approval", "approval_number", "leader",
            "phone", "office_hours", "superior", "credit_code", "credit_fault",
            *(f"{held}_label" for held in HELD),
        )
    },
    **{
        name: _day()
        for name in ("department_class", "entry_force", "since", "mode", "approved_on")
    },
    "class_adjusted": fields.Boolean(required=True),
    "contacts": fields.List(fields.Nested(ContactSchema), required=True),
    "windows": fields.Nested(RosterWindowsSchema, required=True),
    "items": fields.Nested(RosterItemsSchema, required=True),
    "power": fields.Nested(RosterPowerSchema, required=True, allow_none=True),
    "case": fields.Nested(RosterCaseSchema, required=True, allow_none=True),
    "hall": fields.Nested(RosterHallSchema, required=True, allow_none=True),
    "services": fields.Nested(RosterServicesSchema, required=True),
}  # fmt: skip
RosterRowSchema = Document.from_dict(_ROW, name="RosterRowSchema")
RosterFiguresSchema = Document.from_dict(
    {
        name: _number()
        for name in ("total", "shall", "may", "proposed", "entered", "suspended", *MARKS)
    },
    name="RosterFiguresSchema",
)


class WindowOfDepartmentSchema(Document):
    """A window at which a department is or to which it comes, with how many of its items."""

    id = _number()
    number = _text()
    name = _text()
    kind_label = _text()
    hall_id = _number()
    hall_name = _text()
    floor = _day()
    zone_name = _day()
    starts_on = _text()
    ends_on = _day()
    items = _number()


class DocumentOfDepartmentSchema(Document):
    """A document of a case of the department."""

    id = _number()
    case_id = _number()
    case_number = _text()
    name = _text()
    number = _text()
    file_name = _text()
    valid_from = _day()
    valid_until = _day()
    state = _text(validate=VALID)
    days_left = _number(allow_none=True)


class CaseOfDepartmentSchema(RosterCaseSchema):
    """A case of the department, over or not."""

    state = _text()
    state_label = _text()
    opened_on = _text()
    ended_at = _day()


class AssessmentPartSchema(Document):
    """An indicator, a share or an honour; what a standard does not say is null."""

    code = _text()
    name = _text()
    weight = fields.Float(allow_none=True)
    scoring = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    quota = fields.Float(allow_none=True)
    condition = fields.String(allow_none=True)


class AssessmentSchema(Document):
    """An assessment of a standard in force that concerns the department."""

    code = _text()
    name = _text()
    assessed_label = _text()
    period_label = _text()
    base_score = _number(allow_none=True)
    max_score = _number(allow_none=True)
    indicators = fields.List(fields.Nested(AssessmentPartSchema), required=True)
    shares = fields.List(fields.Nested(AssessmentPartSchema), required=True)
    honours = fields.List(fields.Nested(AssessmentPartSchema), required=True)
    source = _text()
    standard = _text()
    edition_number = _number(allow_none=True)


class EvaluationRuleSchema(Document):
    """A rule of evaluation that the center has attached."""

    id = _number()
    for_all = fields.Boolean(required=True)
    name = _text()
    number = _text()
    valid_from = _day()
    valid_until = _day()
    state = _text(validate=VALID)
    days_left = _number(allow_none=True)
    file_name = _text()
    attached_at = _text()
    attached_by = _day()


class PeriodSchema(Document):
    """A period in which a department stood in one state."""

    id = _number()
    state = _text()
    state_label = _text()
    mode_label = _text()
    class_label = _text()
    superior = _text()
    since = _text()
    until = _day()
    reason = _text()
    approval = _text()
    approval_number = _text()
    approved_on = _day()
    case_id = _number(allow_none=True)


DepartmentActionsSchema = Document.from_dict(
    {
        name: fields.Boolean(required=True)
        for name in ("propose", "fill_in", "attach", "provide", "end_windows")
    },
    name="DepartmentActionsSchema",
)


def _all(schema: type[Any]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


DepartmentSchema = Document.from_dict(
    {
        **_ROW,
        "at_windows": _all(WindowOfDepartmentSchema),
        "documents": _all(DocumentOfDepartmentSchema),
        "cases": _all(CaseOfDepartmentSchema),
        "checklist": _all(SupportLineSchema),
        "equipment": _all(EquipmentSchema),
        "assessments": _all(AssessmentSchema),
        "rules": _all(EvaluationRuleSchema),
        "clearance": _all(ExitGroupSchema),
        "history": _all(PeriodSchema),
        #: The kinds of case that make sense for it as it stands.
        "kinds": fields.List(fields.String(), required=True),
        "actions": fields.Nested(DepartmentActionsSchema, required=True),
    },
    name="DepartmentSchema",
)


class EvaluationRuleInSchema(Document):
    """What is said of a rule that is attached; the file itself is the part `file` of the form."""

    name = fields.String(required=True, validate=LINE)
    number = fields.String(load_default="", validate=LINE)
    valid_from = fields.Date(load_default=None, allow_none=True)
    valid_until = fields.Date(load_default=None, allow_none=True)
    for_all = fields.Boolean(load_default=False)


class DayQuery(Document):
    """From which day on."""

    day = fields.Date(required=True)


class LeavingWindowsSchema(Document):
    """What ends when a department leaves all its windows on a day."""

    windows = _number()
    departments = _number()
    items = _number()


class LeaveWindowsSchema(Document):
    """On which day a department leaves all its windows."""

    day = fields.Date(required=True)


class RosterCentersQuery(PageQuery):
    """Which centers below."""

    parent = fields.Integer(load_default=None, allow_none=True)
    mark = _choice("missing", "unanswered", "standalone", "power_ended")


_FIGURES: dict[str, Any] = {name: _number() for name in FIGURES}
RosterCenterSchema = Document.from_dict(
    {
        "id": _number(),
        "code": _text(),
        "name": _text(),
        "level": _text(),
        "parent_id": _number(allow_none=True),
        **_FIGURES,
    },
    name="RosterCenterSchema",
)


class RosterCentersSchema(Document):
    """A page of the centers below, and the sums over all of them that were asked for."""

    rows = fields.List(fields.Nested(RosterCenterSchema), required=True)
    sums = fields.Nested(Document.from_dict(_FIGURES, name="RosterSumsSchema"), required=True)
    total = _number()
    page = _number()
    per_page = _number()
