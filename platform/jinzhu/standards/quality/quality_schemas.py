"""Findings and their figures as they come and go over HTTP."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.quality.rules import RULES, Severity

CODES = sorted({rule.code for rules in RULES.values() for rule in rules})
SEVERITIES = [severity.value for severity in Severity]


class QualityQuery(PageQuery):
    """Which findings."""

    rule = fields.String(load_default="", validate=validate.OneOf(["", *CODES]))
    severity = fields.String(load_default="", validate=validate.OneOf(["", *SEVERITIES]))
    department = fields.String(load_default="", validate=validate.Length(max=64))
    item_type = fields.String(load_default="", validate=validate.Length(max=64))


class BelowQuery(Document):
    """Below which center, and of which departments or types."""

    parent = fields.Integer(load_default=None, allow_none=True)
    department = fields.String(load_default="", validate=validate.Length(max=64))
    item_type = fields.String(load_default="", validate=validate.Length(max=64))


class FindingSchema(Document):
    """Something that is wrong with what a center shows: the field, and what to do."""

    rule = fields.String(required=True, validate=validate.OneOf(CODES))
    rule_label = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))
    field = fields.String(required=True)
    field_label = fields.String(required=True)
    text = fields.String(required=True)


class FindingRowSchema(FindingSchema):
    """A finding in the list of a center."""

    record_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    item_type = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)


class RuleCountSchema(Document):
    """How many records break a rule."""

    rule = fields.String(required=True, validate=validate.OneOf(CODES))
    label = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))
    field = fields.String(required=True)
    field_label = fields.String(required=True)
    count = fields.Integer(required=True)


_COUNTED: dict[str, fields.Field[Any]] = {
    "checked": fields.Integer(required=True),
    "faulty": fields.Integer(required=True),
    "warned": fields.Integer(required=True),
    "faults": fields.Integer(required=True),
    "warnings": fields.Integer(required=True),
    "checks": fields.List(fields.Nested(RuleCountSchema), required=True),
}
QualityFiguresSchema = Document.from_dict(_COUNTED, name="QualityFigures")


class QualityPlaceSchema(Document):
    """A center."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)


class QualityBranchSchema(QualityPlaceSchema):
    """A center just below, perhaps with others below it."""

    has_children = fields.Boolean(required=True)


_BRANCH = {**_COUNTED, "center": fields.Nested(QualityBranchSchema, required=True)}
QualityRowSchema = Document.from_dict(_BRANCH, name="QualityRow")


class QualityBelowSchema(Document):
    """The figures of a center and of those below it."""

    center = fields.Nested(QualityPlaceSchema, required=True)
    #: How many centers are being counted anew.
    pending = fields.Integer(required=True)
    total = fields.Nested(QualityFiguresSchema, required=True)
    own = fields.Nested(QualityFiguresSchema, required=True)
    rows = fields.List(fields.Nested(QualityRowSchema), required=True)
