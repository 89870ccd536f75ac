"""Duties, claims and records, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.quality.quality_schemas import FindingSchema
from jinzhu.standards.records.listing import STATES
from jinzhu.standards.schemas import EditionNameSchema, PlaceSchema, Whole

CLAIMS = ["offered", "not_offered", "covered_by"]
ANSWERS = ["", "unclaimed", *CLAIMS]
MOST_AT_ONCE = 5000


class ChoiceSchema(Document):
    """A choice and its words."""

    code = fields.String(required=True)
    label = fields.String(required=True)


class ColumnSchema(Document):
    """A column of a field that holds a list."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    type = fields.String(required=True)
    unit = fields.String(required=True)
    required = fields.Boolean(required=True)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True, allow_none=True)
    local = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the rule for this column of a part that the standard has"},
    )
    of = fields.String(
        required=True, metadata={"description": "for codes: the field whose parts they name"}
    )


class DescribedSchema(Document):
    """A field, as a page needs it."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    group = fields.String(required=True)
    group_label = fields.String(required=True)
    type = fields.String(required=True)
    unit = fields.String(required=True)
    help = fields.String(required=True)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True, allow_none=True)
    columns = fields.List(fields.Nested(ColumnSchema), required=True, allow_none=True)


class KindFieldSchema(DescribedSchema):
    """A field of a kind, with the rules it may be given."""

    rules = fields.List(fields.String(), required=True)
    default_rule = fields.Dict(required=True)
    required = fields.Boolean(required=True)


class KindSchema(Document):
    """A kind of provision."""

    kind = fields.String(required=True)
    name = fields.String(required=True)
    claimed = fields.Boolean(
        required=True, metadata={"description": "each center answers to provisions of this kind"}
    )
    fields_ = fields.List(fields.Nested(KindFieldSchema), required=True, data_key="fields")


class KindsSchema(Document):
    """All kinds."""

    rows = fields.List(fields.Nested(KindSchema), required=True)


class DutyFilter(Document):
    """Which duties."""

    claim = fields.String(load_default="", validate=validate.OneOf(ANSWERS))
    item_type = fields.String(load_default="")
    department = fields.String(load_default="")
    q = fields.String(load_default="", validate=validate.Length(max=100))


class DutyQuery(PageQuery):
    """Which duties, and which page of them."""

    claim = fields.String(load_default="", validate=validate.OneOf(ANSWERS))
    item_type = fields.String(load_default="")
    department = fields.String(load_default="")


class CoveredBySchema(Document):
    """The provision that covers another."""

    provision_id = fields.Integer(required=True)
    name = fields.String(required=True)


class DutySchema(Document):
    """A provision that a center has to answer, and its answer."""

    provision_id = fields.Integer(required=True)
    item_id = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    item_type = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    claim = fields.String(required=True)
    reason = fields.String(required=True)
    covered_by = fields.Nested(CoveredBySchema, required=True, allow_none=True)
    statutory_limit = fields.Integer(required=True, allow_none=True)
    committed_limit = fields.Integer(required=True, allow_none=True)


class ClaimSchema(Document):
    """An answer to duties: those named, or all that match a filter."""

    provision_ids = fields.List(
        fields.Integer(), load_default=list, validate=validate.Length(max=MOST_AT_ONCE)
    )
    all_matching = fields.Nested(DutyFilter, load_default=None, allow_none=True)
    claim = fields.String(required=True, validate=validate.OneOf(CLAIMS))
    reason = fields.String(load_default="", validate=validate.Length(max=500))
    covered_by_id = fields.Integer(load_default=None, allow_none=True)


class RefusedSchema(Document):
    """A duty that could not be answered like this, and why."""

    provision_id = fields.Integer(required=True)
    result = fields.String(required=True)
    message = fields.String(required=True)


class ClaimedSchema(Document):
    """What came of the answers."""

    claimed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    rows = fields.List(fields.Nested(RefusedSchema), required=True)


class RecordQuery(PageQuery):
    """Which records."""

    item_type = fields.String(load_default="")
    department = fields.String(load_default="")
    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))


class RecordRowSchema(Document):
    """A record in a list, with the values that hold."""

    id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    item_type = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    required = fields.Integer(
        required=True, metadata={"description": "how many fields every center has to fill in"}
    )
    missing = fields.Integer(required=True)
    lacking = fields.List(
        fields.String(), required=True, metadata={"description": "which of them are empty"}
    )
    conflicts = fields.Integer(required=True)
    differs = fields.Integer(required=True)
    governed_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the standard that governs here instead, as settled"},
    )
    version = fields.Integer(required=True)


class ItemRowSchema(RecordRowSchema):
    """An item in a list."""

    statutory_limit = fields.Integer(required=True, allow_none=True)
    committed_limit = fields.Integer(required=True, allow_none=True)
    visit_count = fields.Integer(required=True, allow_none=True)
    fee = fields.Float(required=True, allow_none=True)


class DepartmentRowSchema(RecordRowSchema):
    """A department in a list."""

    department_class = fields.String(required=True, allow_none=True)
    presence_mode = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    window_zone = fields.String(required=True, allow_none=True)
    leader = fields.String(required=True, allow_none=True)


class UnderSchema(Document):
    """Under which edition a local value was set."""

    number = fields.Integer(required=True)
    title = fields.String(required=True)


class OpenConflictSchema(Document):
    """An open conflict of a field."""

    id = fields.String(required=True)
    local_value = Whole(required=True, allow_none=True)
    rule = fields.String(required=True)
    bound = Whole(required=True, allow_none=True)
    part_names = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "the names behind the codes of a list, also of dropped parts"},
    )


class PinSchema(Document):
    """What a center has postponed, or is exempt from, and until when."""

    reason = fields.String(required=True)
    until = fields.String(required=True)
    whole = fields.Boolean(required=True)
    exemption_id = fields.Integer(required=True, allow_none=True)
    value = Whole(
        required=True, allow_none=True, metadata={"description": "what an exemption has approved"}
    )
    granted_by = fields.String(required=True, allow_none=True)


class AmendedBySchema(Document):
    """The city that made a field tighter."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class RecordFieldSchema(DescribedSchema):
    """A field of a record: its three values, who set the one that holds, and why."""

    rule = fields.String(required=True)
    required = fields.Boolean(required=True)
    standard = Whole(required=True, allow_none=True)
    bound = Whole(required=True, allow_none=True)
    local = Whole(required=True, allow_none=True)
    effective = Whole(required=True, allow_none=True)
    set_by = fields.String(required=True)
    set_by_name = fields.String(required=True)
    amended_by = fields.Nested(AmendedBySchema, required=True, allow_none=True)
    upper = Whole(required=True, allow_none=True)
    pin = fields.Nested(PinSchema, required=True, allow_none=True)
    part_names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    set_under = fields.Nested(UnderSchema, required=True, allow_none=True)
    set_at = fields.String(required=True, allow_none=True)
    editable = fields.Boolean(required=True)
    why = fields.String(required=True)
    missing = fields.Boolean(required=True)
    conflict = fields.Nested(OpenConflictSchema, required=True, allow_none=True)


class RecordEditionSchema(EditionNameSchema):
    """The edition a record stands under."""

    effective_on = fields.String(required=True, allow_none=True)


class OwnerSchema(Document):
    """The center that owns a standard."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)


class RecordStandardSchema(Document):
    """The standard a record stands under."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    nature = fields.String(required=True)
    owner = fields.Nested(OwnerSchema, required=True)


class ActionsSchema(Document):
    """What this post may do with a record."""

    edit = fields.Boolean(required=True)
    claim = fields.Boolean(required=True)


class GovernedBySchema(Document):
    """What governs instead of a record's own provision, where two standards met."""

    provision_id = fields.Integer(required=True)
    standard_id = fields.Integer(required=True)
    standard = fields.String(required=True)


class RecordSchema(Document):
    """A record in its three columns: standard, here, effective."""

    id = fields.Integer(required=True, allow_none=True)
    provision_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    center = fields.Nested(PlaceSchema, required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)
    claim = fields.String(required=True)
    reason = fields.String(required=True)
    covered_by = fields.Nested(CoveredBySchema, required=True, allow_none=True)
    governed_by = fields.Nested(GovernedBySchema, required=True, allow_none=True)
    version = fields.Integer(required=True)
    edition = fields.Nested(RecordEditionSchema, required=True)
    standard = fields.Nested(RecordStandardSchema, required=True)
    missing = fields.Integer(required=True)
    fields_ = fields.List(fields.Nested(RecordFieldSchema), required=True, data_key="fields")
    findings = fields.List(fields.Nested(FindingSchema), required=True)
    actions = fields.Nested(ActionsSchema, required=True)


class LocalSchema(Document):
    """Local values by field; null takes the standard's value again."""

    local = fields.Dict(
        keys=fields.String(),
        values=Whole(allow_none=True),
        required=True,
        validate=validate.Length(1, 100),
    )


class ChangedValueSchema(Document):
    """A value that changed."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    before = Whole(required=True, allow_none=True)
    after = Whole(required=True, allow_none=True)


class NumberSchema(Document):
    """The number of an edition."""

    number = fields.Integer(required=True, allow_none=True)


class MovedBySchema(Document):
    """The roll-out that put a center on an edition."""

    id = fields.Integer(required=True)
    reason = fields.String(required=True)


class PinnedSchema(Document):
    """What was postponed or let off; field '' stands for the whole provision."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    until = fields.String(required=True, allow_none=True)


class HistorySchema(Document):
    """One change of a record, of the edition it stands under, or of what is postponed."""

    at = fields.String(required=True)
    actor = fields.String(required=True)
    action = fields.String(required=True)
    changes = fields.List(fields.Nested(ChangedValueSchema), required=True)
    edition = fields.Nested(NumberSchema, required=True, allow_none=True)
    from_edition = fields.Nested(NumberSchema, required=True, allow_none=True)
    rollout = fields.Nested(MovedBySchema, required=True, allow_none=True)
    pin = fields.Nested(PinnedSchema, required=True, allow_none=True)
