"""Conflicts and the answers to them, as sent and received."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.records.record_schemas import ChoiceSchema, ColumnSchema
from jinzhu.standards.schemas import Whole


class ConflictQuery(PageQuery):
    """Which conflicts."""

    state = fields.String(load_default="open", validate=validate.OneOf(["", "open", "settled"]))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))


class ConflictEditionSchema(Document):
    """The edition a conflict arose with."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)


class ConflictSchema(Document):
    """A local value that a new edition no longer allows."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    record_id = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    field = fields.String(required=True)
    label = fields.String(required=True)
    type = fields.String(required=True)
    unit = fields.String(required=True)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True, allow_none=True)
    columns = fields.List(fields.Nested(ColumnSchema), required=True, allow_none=True)
    rule = fields.String(required=True)
    local_value = Whole(required=True, allow_none=True)
    bound = Whole(required=True, allow_none=True)
    standard_value = Whole(required=True, allow_none=True)
    part_names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    edition = fields.Nested(ConflictEditionSchema, required=True)
    opened_at = fields.String(required=True)
    state = fields.String(required=True)
    resolution = fields.String(required=True, allow_none=True)
    settled_value = Whole(required=True, allow_none=True)
    reason = fields.String(required=True)
    settled_by = fields.String(required=True, allow_none=True)
    settled_at = fields.String(required=True, allow_none=True)


class SettlementSchema(Document):
    """The answer to a conflict: the standard's value, or one of our own inside the bound."""

    take = fields.String(required=True, validate=validate.OneOf(["standard", "keep"]))
    value = Whole(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class ConflictsOrAll(fields.Field[Any]):
    """`"all"`, or the conflicts by their ids."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if value == "all":
            return None
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return value
        raise ValidationError("Not a list of ids.")


class SettlementsSchema(Document):
    """The standard's values for many conflicts."""

    ids = ConflictsOrAll(required=True)
    take = fields.String(required=True, validate=validate.OneOf(["standard"]))


class SettledSchema(Document):
    """How many conflicts were settled."""

    settled = fields.Integer(required=True)
