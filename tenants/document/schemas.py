"""Documents of cases as they come and go over HTTP."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from tenants.document.service import ENDED, IN_FORCE, NOT_YET

LINE = validate.Length(max=200)
STATES = [IN_FORCE, NOT_YET, ENDED]


class DocumentInSchema(Document):
    """What is said of a file that is attached; the file itself is the part `file` of the form."""

    step = fields.String(load_default="", validate=validate.Length(max=64))
    #: Without one it is the document that the step asks for.
    name = fields.String(load_default="", validate=LINE)
    number = fields.String(load_default="", validate=LINE)
    valid_from = fields.Date(load_default=None, allow_none=True)
    valid_until = fields.Date(load_default=None, allow_none=True)


class DocumentQuery(PageQuery):
    """Which documents of a center."""

    department = fields.String(load_default="", validate=validate.Length(max=64))
    name = fields.String(load_default="", validate=LINE)
    #: Powers of attorney 授权委托书 alone.
    power = fields.Boolean(load_default=False)
    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))


class DocumentRowSchema(Document):
    """A document in a list, with the case that it is attached to."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    case_number = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    subject_name = fields.String(required=True)
    name = fields.String(required=True)
    number = fields.String(required=True)
    file_name = fields.String(required=True)
    valid_from = fields.String(required=True, allow_none=True)
    valid_until = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    days_left = fields.Integer(required=True, allow_none=True)


class PrintSchema(Document):
    """A form that can be printed for a case."""

    form = fields.String(required=True)
    name = fields.String(required=True)
    #: The step that it can be attached to as the document of the center; '' if none.
    step = fields.String(required=True)
    #: Why it cannot be printed yet; '' if it can.
    why_not = fields.String(required=True)


class PrintsSchema(Document):
    """The forms that can be printed for a case."""

    rows = fields.List(fields.Nested(PrintSchema), required=True)
