"""What centers do differently, as asked for and as sent."""

import orjson
from marshmallow import ValidationError, fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.across.across_centers import STATES
from jinzhu.standards.kinds import CLAIMED
from jinzhu.standards.records.record_schemas import DescribedSchema, RecordStandardSchema
from jinzhu.standards.records.search_schemas import OfferingCenterSchema
from jinzhu.standards.schemas import EditionNameSchema, PlaceSchema, Whole


class WrittenValue(fields.Field[object]):
    """A value of a field, written as JSON in an address."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        try:
            return orjson.loads(str(value))
        except orjson.JSONDecodeError as error:
            raise ValidationError("Not a valid value.") from error


class AcrossQuery(PageQuery):
    """Which provisions, and below which center."""

    kind = fields.String(load_default="item", validate=validate.OneOf(CLAIMED))
    parent = fields.Integer(load_default=None)
    item_type = fields.String(load_default="")
    department = fields.String(load_default="")


class RangeSchema(Document):
    """The numbers that hold somewhere below, and the standard's."""

    min = fields.Float(required=True)
    max = fields.Float(required=True)
    standard = fields.Float(required=True, allow_none=True)


class DifferingFieldSchema(DescribedSchema):
    """A field in which centers do otherwise than the standard says."""

    centers = fields.Integer(required=True)
    range = fields.Nested(RangeSchema, required=True, allow_none=True)


class AcrossRowSchema(Document):
    """A provision, and how differently centers do it."""

    provision_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    item_type = fields.String(required=True)
    department_name = fields.String(required=True)
    offered = fields.Integer(required=True)
    differing = fields.Integer(
        required=True,
        metadata={"description": "centers that depart from the newest edition in some field"},
    )
    variants = fields.Integer(required=True)
    fields_ = fields.List(fields.Nested(DifferingFieldSchema), required=True, data_key="fields")


class ParentQuery(Document):
    """Below which center; the own one if not said."""

    parent = fields.Integer(load_default=None)


class BarSchema(Document):
    """How many centers are at a number, or between two."""

    from_ = fields.Float(required=True, data_key="from")
    to = fields.Float(required=True)
    centers = fields.Integer(required=True)


class NumbersSchema(Document):
    """Where the numbers of the centers lie; beyond `low` and `high` one stands out."""

    min = fields.Float(required=True)
    q1 = fields.Float(required=True)
    median = fields.Float(required=True)
    q3 = fields.Float(required=True)
    max = fields.Float(required=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)
    bars = fields.List(fields.Nested(BarSchema), required=True)


class ShareSchema(Document):
    """How many centers have a value."""

    value = Whole(required=True, allow_none=True)
    label = fields.String(required=True)
    centers = fields.Integer(required=True)


class DroppedSchema(Document):
    """A part of the standard's list that centers leave out."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    centers = fields.Integer(required=True)


class AddedSchema(Document):
    """A part that centers have beyond the standard's list."""

    name = fields.String(required=True)
    centers = fields.Integer(required=True)


class CellValueSchema(Document):
    """What centers say in a column of a part."""

    value = Whole(required=True, allow_none=True)
    centers = fields.Integer(required=True)


class ChangedCellSchema(Document):
    """A column of a part in which centers differ from the standard."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    column = fields.String(required=True)
    label = fields.String(required=True)
    standard = Whole(required=True, allow_none=True)
    centers = fields.Integer(required=True)
    values = fields.List(fields.Nested(CellValueSchema), required=True)


class PartsSpreadSchema(Document):
    """What centers make of the standard's list."""

    dropped = fields.List(fields.Nested(DroppedSchema), required=True)
    added = fields.List(fields.Nested(AddedSchema), required=True)
    changed = fields.List(fields.Nested(ChangedCellSchema), required=True)


class FieldSpreadSchema(DescribedSchema):
    """How far centers are apart in one field."""

    rule = fields.String(required=True)
    standard = Whole(required=True, allow_none=True)
    values = fields.Integer(required=True)
    centers = fields.Integer(required=True)
    differing = fields.Integer(required=True)
    empty = fields.Integer(required=True)
    outliers = fields.Integer(required=True)
    numbers = fields.Nested(NumbersSchema, required=True, allow_none=True)
    shares = fields.List(fields.Nested(ShareSchema), required=True, allow_none=True)
    parts = fields.Nested(PartsSpreadSchema, required=True, allow_none=True)


class ComparedStandardSchema(RecordStandardSchema):
    """The standard that centers are held against."""

    own = fields.Boolean(required=True)


class AcrossSchema(Document):
    """One provision across the centers below."""

    provision_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)
    center = fields.Nested(PlaceSchema, required=True)
    standard = fields.Nested(ComparedStandardSchema, required=True)
    edition = fields.Nested(EditionNameSchema, required=True)
    offered = fields.Integer(required=True)
    differing = fields.Integer(required=True)
    variants = fields.Integer(required=True)
    behind = fields.Integer(
        required=True, metadata={"description": "centers on another edition than the newest"}
    )
    fields_ = fields.List(fields.Nested(FieldSpreadSchema), required=True, data_key="fields")


class AcrossCentersQuery(PageQuery):
    """Which centers, and the field that is looked at; a number's range, a value, a part."""

    field = fields.String(load_default="")
    parent = fields.Integer(load_default=None)
    state = fields.String(load_default="", validate=validate.OneOf(STATES))
    value = WrittenValue(load_default=None)
    at_least = fields.Float(load_default=None)
    at_most = fields.Float(load_default=None)
    dropped = fields.String(load_default="")


class AcrossCenterSchema(Document):
    """What one center does."""

    center = fields.Nested(OfferingCenterSchema, required=True)
    edition = fields.Integer(required=True)
    value = Whole(required=True, allow_none=True)
    above = Whole(
        required=True,
        allow_none=True,
        metadata={"description": "what would hold there if the center said nothing"},
    )
    standard = Whole(required=True, allow_none=True)
    set_by = fields.String(
        required=True, validate=validate.OneOf(["here", "standard", "amendment", "pinned"])
    )
    set_at = fields.String(required=True, allow_none=True)
    conflict = fields.Boolean(required=True)
    outlier = fields.Boolean(required=True)


class AcrossCentersSchema(Document):
    """A page of centers, and the field that was looked at."""

    rows = fields.List(fields.Nested(AcrossCenterSchema), required=True)
    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    field = fields.String(required=True)
