"""Adjustments as they come and go over HTTP."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from tenants.adjustment.models import AdjustmentState, Change
from tenants.entry.models import STATES as ENTRY_STATES

CHANGES = [change.value for change in Change]
STATES = [state.value for state in AdjustmentState]


class AdjustmentQuery(PageQuery):
    """Which adjustments."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))
    change = fields.String(load_default="", validate=validate.OneOf(["", *CHANGES]))
    department = fields.String(load_default="", validate=validate.Length(max=64))
    #: Those whose successor has not entered yet.
    due = fields.Boolean(load_default=False)
    #: The provision that it is about, as what leaves or as what takes its place.
    about = fields.Integer(load_default=None, allow_none=True)


class GivenUpQuery(PageQuery):
    """Which items that a standard has given up."""

    department = fields.String(load_default="", validate=validate.Length(max=64))


class SuccessorSchema(Document):
    """An item that takes the place of another, and how it stands."""

    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(ENTRY_STATES))
    state_label = fields.String(required=True)


class AdjustmentRowSchema(Document):
    """What becomes of an item, on which day, and what takes its place."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True, allow_none=True)
    subject_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    change = fields.String(required=True, validate=validate.OneOf(CHANGES))
    change_label = fields.String(required=True)
    told = fields.String(required=True)
    basis = fields.String(required=True)
    effective_on = fields.String(required=True)
    successors = fields.List(fields.Nested(SuccessorSchema), required=True)
    to_center = fields.String(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    state_label = fields.String(required=True)
    withdrawal = fields.String(required=True)


class GivenUpSchema(Document):
    """An item that has entered and that its standard has given up."""

    record_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    standard = fields.String(required=True)
    mode = fields.String(required=True, allow_none=True)
    since = fields.String(required=True)


class WithdrawalInSchema(Document):
    """Why something planned is given up."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


class LeavingInSchema(Document):
    """On what basis an item is let go."""

    basis = fields.String(load_default="", validate=validate.Length(max=200))


class DoneSchema(Document):
    """The record that it leads to."""

    record_id = fields.Integer(required=True)
