"""Handling procedures as they come and go over HTTP."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.schemas import Whole

STATES = ["open", "stale", "confirmed", "none"]
MOST = 5000


class HandlingQuery(PageQuery):
    """Which items; `asked` are those whose steps have to be confirmed, at first or anew."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "asked", *STATES]))
    department = fields.String(load_default="", validate=validate.Length(max=64))
    item_type = fields.String(load_default="", validate=validate.Length(max=64))
    record = fields.Integer(load_default=None, allow_none=True)


class HandlingRowSchema(Document):
    """An item with its handling steps, and who has confirmed them."""

    record_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    steps = fields.List(Whole(), required=True)
    digest = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confirmed_at = fields.String(required=True, allow_none=True)
    confirmed_by = fields.String(required=True, allow_none=True)
    edition_number = fields.Integer(required=True, allow_none=True)


class SeenSchema(Document):
    """An item and the mark of the steps that were seen."""

    record_id = fields.Integer(required=True)
    digest = fields.String(required=True, validate=validate.Length(max=64))


class ConfirmationInSchema(Document):
    """The items whose steps the department confirms."""

    rows = fields.List(fields.Nested(SeenSchema), required=True, validate=validate.Length(max=MOST))


class ConfirmedSchema(Document):
    """How many are confirmed, and how many have changed since they were seen."""

    confirmed = fields.Integer(required=True)
    changed = fields.Integer(required=True)
