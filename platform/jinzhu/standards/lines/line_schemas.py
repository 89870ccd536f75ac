"""Which standards reach a center, and where two of them meet, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.lines.collision_rows import SIDES, STATES
from jinzhu.standards.records.record_schemas import DescribedSchema
from jinzhu.standards.schemas import PlaceSchema, Whole

MOST_AT_ONCE = 200


class ReachingOwnerSchema(PlaceSchema):
    """A center and its level."""

    level = fields.String(required=True)


class LineOfSchema(Document):
    """A line, by the code and name of its department."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class ReachingEditionSchema(Document):
    """The edition that a center is on."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
    effective_on = fields.String(required=True, allow_none=True)


class KindCountSchema(Document):
    """How many provisions of a kind concern the center."""

    kind = fields.String(required=True)
    count = fields.Integer(required=True)


class ReachingAmendmentSchema(Document):
    """What the city has made tighter."""

    by = fields.String(required=True)
    number = fields.Integer(required=True)
    provisions = fields.Integer(required=True)


class ReachingSchema(Document):
    """A standard that reaches a center."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    nature = fields.String(required=True)
    line = fields.Nested(LineOfSchema, required=True, allow_none=True)
    owner = fields.Nested(ReachingOwnerSchema, required=True)
    edition = fields.Nested(ReachingEditionSchema, required=True)
    since = fields.String(required=True)
    departments = fields.Integer(required=True)
    provisions = fields.List(fields.Nested(KindCountSchema), required=True)
    amendment = fields.Nested(ReachingAmendmentSchema, required=True, allow_none=True)
    yielding = fields.Integer(required=True)


class ReachingRowsSchema(Document):
    """All standards that reach a center."""

    rows = fields.List(fields.Nested(ReachingSchema), required=True)
    total = fields.Integer(required=True)


class CollisionQuery(PageQuery):
    """Which collisions."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))
    mine = fields.Boolean(load_default=False)


class SaysSchema(Document):
    """What one side says: which provision governs, and why."""

    governs = fields.String(required=True)
    reason = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.String(required=True)


class CollidingStandardSchema(PlaceSchema):
    """The standard of one side."""

    nature = fields.String(required=True)


class CollisionSideSchema(Document):
    """One of the two provisions."""

    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)
    standard = fields.Nested(CollidingStandardSchema, required=True)
    owner = fields.Nested(PlaceSchema, required=True)
    edition_id = fields.Integer(required=True, allow_none=True)
    stands = fields.Boolean(required=True)
    mine = fields.Boolean(required=True)
    says = fields.Nested(SaysSchema, required=True, allow_none=True)


class CollisionEventSchema(Document):
    """Something that happened to a collision."""

    event = fields.String(required=True)
    at = fields.String(required=True)
    by = fields.String(required=True)
    side = fields.String(required=True, allow_none=True)
    governs = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    standard = fields.String(required=True)
    edition = fields.Integer(required=True, allow_none=True)


class CollisionSchema(Document):
    """Two provisions that say something of the same thing 标准重叠."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    found_by = fields.String(required=True, metadata={"description": "code or name"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    settled_at = fields.String(required=True, allow_none=True)
    governs = fields.String(required=True, allow_none=True)
    first = fields.Nested(CollisionSideSchema, required=True)
    second = fields.Nested(CollisionSideSchema, required=True)
    record = fields.List(fields.Nested(CollisionEventSchema), required=True)


class CollidingFieldSchema(DescribedSchema):
    """A field as each of the two has it."""

    first = Whole(required=True, allow_none=True)
    second = Whole(required=True, allow_none=True)
    first_rule = fields.String(required=True, allow_none=True)
    second_rule = fields.String(required=True, allow_none=True)
    differs = fields.Boolean(required=True)


class CollisionInFullSchema(CollisionSchema):
    """A collision with both provisions field by field."""

    fields_ = fields.List(fields.Nested(CollidingFieldSchema), required=True, data_key="fields")


class ChoiceOfSideSchema(Document):
    """Which of the two governs, and why."""

    governs = fields.String(required=True, validate=validate.OneOf(SIDES))
    reason = fields.String(required=True, validate=validate.Length(max=500))


class ChoicesOfSideSchema(ChoiceOfSideSchema):
    """The same for many collisions at once."""

    ids = fields.List(fields.Integer(), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class CollisionsChosenSchema(Document):
    """For how many it was said, and how many of them are settled."""

    chosen = fields.Integer(required=True)
    settled = fields.Integer(required=True)
