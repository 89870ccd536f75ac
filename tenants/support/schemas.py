"""The services of a center as they come and go over HTTP."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document
from jinzhu.standards.records.record_schemas import ChoiceSchema
from tenants.support.models import CATEGORIES

NAMED, WORDS = validate.Length(1, 100), validate.Length(max=500)
STATES = ["open", "provided", "returned", "declined"]


class SupportTemplateLineSchema(Document):
    """A line of the template."""

    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    name = fields.String(required=True, validate=NAMED)
    required_ = fields.Boolean(required=True, data_key="required", attribute="required")
    returnable = fields.Boolean(required=True)


class SupportTemplateInSchema(Document):
    """The whole template."""

    lines = fields.List(
        fields.Nested(SupportTemplateLineSchema), required=True, validate=validate.Length(max=200)
    )


class SupportTemplateSchema(SupportTemplateInSchema):
    """The template of a center; `usual` where it keeps none of its own."""

    usual = fields.Boolean(required=True)
    categories = fields.List(fields.Nested(ChoiceSchema), required=True)
    version = fields.Integer(required=True)


class SupportLineInSchema(SupportTemplateLineSchema):
    """A line that is added to the list of a department."""


class SupportChangeSchema(Document):
    """What is said of a line."""

    required_ = fields.Boolean(required=True, data_key="required", attribute="required")
    returnable = fields.Boolean(required=True)
    agreed = fields.Boolean(required=True)
    provided_on = fields.Date(load_default=None, allow_none=True)
    provided_by = fields.String(load_default="", validate=validate.Length(max=100))
    returned_on = fields.Date(load_default=None, allow_none=True)
    remark = fields.String(load_default="", validate=WORDS)


class SupportMarkSchema(Document):
    """Lines that are provided, or given back, on one day."""

    ids = fields.List(fields.Integer(), load_default=list, validate=validate.Length(max=200))
    day = fields.Date(required=True)
    by = fields.String(load_default="", validate=validate.Length(max=100))
    remark = fields.String(load_default="", validate=WORDS)


class SupportLineSchema(SupportTemplateLineSchema):
    """A line of a department's list, with how it stands."""

    id = fields.Integer(required=True)
    category_label = fields.String(required=True)
    agreed = fields.Boolean(required=True)
    provided_on = fields.String(required=True, allow_none=True)
    provided_by = fields.String(required=True)
    returned_on = fields.String(required=True, allow_none=True)
    remark = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    version = fields.Integer(required=True)


class SupportListSchema(Document):
    """The list of a department."""

    rows = fields.List(fields.Nested(SupportLineSchema), required=True)


class SupportMarkedSchema(SupportListSchema):
    """The list after lines were marked, and how many were."""

    marked = fields.Integer(required=True)
