"""Amendments and their conflicts, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.records.conflict_schemas import ConflictEditionSchema
from jinzhu.standards.records.record_schemas import DescribedSchema
from jinzhu.standards.schemas import EditionNameSchema, PlaceSchema, StandardNameSchema, Whole

REASON = validate.Length(max=500)

WRONG_MOMENT = "Not a valid date."


class AmendmentInSchema(Document):
    """The title of the draft that is begun; a usual one if not said."""

    title = fields.String(load_default="", validate=validate.Length(max=100))


class LayerSchema(Document):
    """An edition of an amendment."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True, allow_none=True)
    title = fields.String(required=True)
    entries = fields.Integer(required=True)
    changes = fields.Integer(required=True)
    published_at = fields.String(required=True, allow_none=True)
    centers = fields.Integer(required=True)


class AmendmentSchema(Document):
    """A standard from above, with what the own center amends of it."""

    standard = fields.Nested(StandardNameSchema, required=True)
    owner = fields.Nested(PlaceSchema, required=True)
    edition = fields.Nested(EditionNameSchema, required=True, allow_none=True)
    amendment_id = fields.Integer(required=True, allow_none=True)
    latest = fields.Nested(LayerSchema, required=True, allow_none=True)
    draft = fields.Nested(LayerSchema, required=True, allow_none=True)
    conflicts = fields.Integer(required=True)


class CityAmendmentSchema(Document):
    """A city below that amends a standard."""

    city = fields.Nested(PlaceSchema, required=True)
    edition = fields.Nested(EditionNameSchema, required=True)
    against_number = fields.Integer(required=True, allow_none=True)
    published_at = fields.String(required=True)
    provisions = fields.Integer(required=True)
    fields_ = fields.Integer(required=True, data_key="fields")
    centers = fields.Integer(required=True)
    conflicts = fields.Integer(
        required=True, metadata={"description": "fields for which a roll-out waits for an answer"}
    )
    ahead = fields.Integer(
        required=True, metadata={"description": "fields to answer, before there is a roll-out"}
    )
    #: The roll-out that waits for the city's answers.
    rollout_id = fields.Integer(required=True, allow_none=True)


class AmendedQuery(PageQuery):
    """Which provisions of the standard above."""

    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))
    amended = fields.Boolean(load_default=False)
    changed = fields.Boolean(load_default=False)
    item_type = fields.String(load_default="")
    department = fields.String(load_default="")


class AmendedFieldSchema(Document):
    """A field above, and as it holds with the amendment."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    before = Whole(required=True, allow_none=True)
    after = Whole(required=True, allow_none=True)
    rule_before = fields.String(required=True, allow_none=True)
    rule_after = fields.String(required=True, allow_none=True)


class AmendedRowSchema(Document):
    """A provision above, with the fields that are amended."""

    provision_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    item_type = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    change = fields.String(required=True, allow_none=True)
    amended = fields.Boolean(required=True)
    fields_ = fields.List(fields.Nested(AmendedFieldSchema), required=True, data_key="fields")


class FieldToAmendSchema(DescribedSchema):
    """A field with everything needed to amend it."""

    rules = fields.List(fields.String(), required=True)
    upper = Whole(required=True, allow_none=True)
    upper_rule = fields.String(required=True)
    upper_required = fields.Boolean(required=True)
    value = Whole(required=True, allow_none=True)
    rule = fields.String(required=True, allow_none=True)
    required = fields.Boolean(required=True)
    merged = Whole(required=True, allow_none=True)
    merged_rule = fields.String(required=True)
    editable = fields.Boolean(required=True)


class AmendedProvisionSchema(Document):
    """A provision above, field by field, with what the amendment says of it."""

    provision_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)
    owner = fields.String(required=True)
    edition_number = fields.Integer(required=True)
    change = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    fields_ = fields.List(fields.Nested(FieldToAmendSchema), required=True, data_key="fields")


class AmendSchema(Document):
    """What is amended of a provision; nothing at all: it stands as above."""

    content = fields.Dict(keys=fields.String(), required=True)
    rules = fields.Dict(keys=fields.String(), load_default=dict)


class TightenSchema(Document):
    """A field of many provisions to be tightened to a share of what stands above."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    field = fields.String(required=True)
    percent = fields.Integer(required=True, validate=validate.Range(1, 99))
    item_type = fields.String(load_default="")
    department = fields.String(load_default="")
    q = fields.String(load_default="", validate=validate.Length(max=100))


class TightenedSchema(Document):
    """How many provisions were amended."""

    amended = fields.Integer(required=True)


class AmendmentConflictQuery(PageQuery):
    """Which conflicts."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "open", "settled"]))
    rollout_id = fields.Integer(load_default=None)


class AmendmentConflictSchema(DescribedSchema):
    """An amended field that a new edition from above no longer allows."""

    id = fields.Integer(required=True)
    rollout_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "null: published, and not rolled out to the own counties yet"},
    )
    standard = fields.Nested(StandardNameSchema, required=True)
    edition = fields.Nested(ConflictEditionSchema, required=True)
    amendment_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    rule = fields.String(required=True)
    value = Whole(required=True, allow_none=True)
    bound = Whole(required=True, allow_none=True)
    part_names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(["open", "settled", "released", "lifted"])
    )
    changeable = fields.Boolean(
        required=True, metadata={"description": "whether it can be answered, or answered anew"}
    )
    resolution = fields.String(required=True, allow_none=True)
    settled_value = Whole(required=True, allow_none=True)
    reason = fields.String(required=True)
    opened_at = fields.String(required=True)
    settled_at = fields.String(required=True, allow_none=True)
    settled_by = fields.String(required=True, allow_none=True)
    successor_id = fields.Integer(required=True, allow_none=True)


class CityAnswerSchema(Document):
    """The city's answer to one conflict."""

    take = fields.String(required=True, validate=validate.OneOf(["standard", "keep"]))
    value = Whole(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=REASON)
    seen = fields.AwareDateTime(
        allow_none=True,
        error_messages=dict.fromkeys(("invalid", "invalid_awareness", "format"), WRONG_MOMENT),
        metadata={
            "description": "`settled_at` as it was read; refused where a colleague has answered"
            " since. Left out, the later answer holds."
        },
    )


class CityAnswersSchema(Document):
    """Conflicts for which the standard's value is taken; null: all that are open."""

    ids = fields.List(fields.Integer(), required=True, allow_none=True)


class CityAnsweredSchema(Document):
    """How many conflicts were answered."""

    settled = fields.Integer(required=True)


class ReleaseSchema(Document):
    """Why a city is not waited for any longer."""

    reason = fields.String(required=True, validate=REASON)


class ReleasedSchema(Document):
    """How many fields were open."""

    released = fields.Integer(required=True)
