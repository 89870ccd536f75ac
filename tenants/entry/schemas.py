"""Entries as they come and go over HTTP."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from tenants.entry.models import STATES, Mode

KINDS = ["department", "item"]


class EntryQuery(PageQuery):
    """Which of what a center offers."""

    object = fields.String(load_default="item", validate=validate.OneOf(KINDS))
    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))
    mode = fields.String(
        load_default="", validate=validate.OneOf(["", *(mode.value for mode in Mode)])
    )
    department = fields.String(load_default="", validate=validate.Length(max=64))
    item_type = fields.String(load_default="", validate=validate.Length(max=64))


class EntryRowSchema(Document):
    """Something that a center offers, and how it stands."""

    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    group = fields.String(required=True, allow_none=True)
    group_label = fields.String(required=True)
    department_code = fields.String(required=True, allow_none=True)
    department_name = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    mode = fields.String(required=True, allow_none=True)
    since = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    approval = fields.String(required=True)
    case_id = fields.Integer(required=True, allow_none=True)


class RatesQuery(Document):
    """For which kind."""

    object = fields.String(load_default="item", validate=validate.OneOf(KINDS))


_RATED: dict[str, fields.Field[Any]] = {
    "group": fields.String(required=True, allow_none=True),
    "label": fields.String(required=True),
    "offered": fields.Integer(required=True),
    "due": fields.Integer(required=True),
    "rate": fields.Float(required=True, allow_none=True),
    **{state: fields.Integer(required=True) for state in STATES},
}
RateSchema = Document.from_dict(_RATED, name="EntryRate")


class RatesSchema(Document):
    """The entry rate 进驻率, by class or type and in all; rate is a percentage."""

    groups = fields.List(fields.Nested(RateSchema), required=True)
    total = fields.Nested(RateSchema, required=True)


class ChangesQuery(PageQuery):
    """Which month: 2026-11."""

    month = fields.String(load_default="", validate=validate.Regexp(r"^$|^20\d\d-(0[1-9]|1[0-2])$"))


class ChangeSchema(Document):
    """A state that began."""

    id = fields.Integer(required=True)
    object = fields.String(required=True)
    since = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    mode = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    case_id = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True, allow_none=True)
    department_name = fields.String(required=True)
