"""Standards, editions and roll-outs, as sent and received."""

from marshmallow import ValidationError, fields, validate

from jinzhu.core.job_schema import JobSchema
from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.kinds import KINDS

TEXT = validate.And(
    validate.Length(1, 200), validate.Regexp(r"\s*\S", error="Missing data for required field.")
)
STATES = ["draft", "published"]


class Whole(fields.Raw):
    """A JSON value whose shape depends on the kind of provision."""


class StandardInSchema(Document):
    """A new standard."""

    code = fields.String(required=True, validate=[TEXT, validate.Regexp(r"^[0-9A-Za-z._-]+$")])
    name = fields.String(required=True, validate=TEXT)


class PlaceSchema(Document):
    """A center, by number and name."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class LatestSchema(Document):
    """The newest edition of a standard."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    published_at = fields.String(required=True)
    effective_on = fields.String(required=True, allow_none=True)


class DraftSchema(Document):
    """The draft of a standard."""

    id = fields.Integer(required=True)
    changes = fields.Integer(required=True)


class StandardSchema(Document):
    """A standard, with its newest edition and its draft."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    owner = fields.Nested(PlaceSchema, required=True)
    latest = fields.Nested(LatestSchema, required=True, allow_none=True)
    draft = fields.Nested(DraftSchema, required=True, allow_none=True)
    centers_adopted = fields.Integer(required=True)
    centers_total = fields.Integer(required=True)


class EditionInSchema(Document):
    """A new draft."""

    title = fields.String(required=True, validate=TEXT)


class EditionChangeSchema(Document):
    """What may be changed of a draft besides its provisions."""

    title = fields.String(validate=TEXT)
    effective_on = fields.Date(allow_none=True)


class PublicationSchema(Document):
    """From when the edition is in force; today if not said."""

    effective_on = fields.Date(allow_none=True, load_default=None)


class StandardNameSchema(Document):
    """A standard, by number, code and name."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class EditionSchema(Document):
    """An edition 版次."""

    id = fields.Integer(required=True)
    standard_id = fields.Integer(required=True)
    standard = fields.Nested(StandardNameSchema, required=True)
    number = fields.Integer(required=True, allow_none=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    effective_on = fields.String(required=True, allow_none=True)
    published_at = fields.String(required=True, allow_none=True)
    published_by = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    entries = fields.Integer(required=True)
    changes = fields.Integer(required=True)
    content_hash = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    adopted_centers = fields.Integer(required=True)
    base_id = fields.Integer(required=True, allow_none=True)
    own = fields.Boolean(required=True)


class ProvisionQuery(PageQuery):
    """Which provisions of an edition."""

    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))
    changed = fields.Boolean(load_default=False)
    item_type = fields.String(load_default="")
    department = fields.String(load_default="")


class ProvisionRowSchema(Document):
    """A provision in the list of an edition."""

    provision_id = fields.Integer(required=True, allow_none=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    item_type = fields.String(required=True, allow_none=True)
    department_code = fields.String(required=True, allow_none=True)
    department_name = fields.String(required=True)
    change = fields.String(required=True, allow_none=True)
    committed_limit = fields.Integer(required=True, allow_none=True)
    statutory_limit = fields.Integer(required=True, allow_none=True)


class AppliesSchema(Document):
    """To whom a provision applies."""

    levels = fields.List(
        fields.String(validate=validate.OneOf(["province", "city", "county"])), required=True
    )


class ProvisionInSchema(Document):
    """The content of a provision, a rule for each field, and to whom it applies."""

    content = fields.Dict(keys=fields.String(), required=True)
    rules = fields.Dict(keys=fields.String(), load_default=dict)
    applies = fields.Nested(AppliesSchema, load_default=lambda: {"levels": ["county"]})


class ProvisionBaseSchema(Document):
    """A provision as it stands in the edition below."""

    content = fields.Dict(required=True)
    rules = fields.Dict(required=True)
    applies = fields.Dict(required=True)


class ProvisionSchema(ProvisionBaseSchema):
    """A provision 条目 in an edition."""

    provision_id = fields.Integer(required=True, allow_none=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    base = fields.Nested(ProvisionBaseSchema, required=True, allow_none=True)
    change = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class FieldChangeSchema(Document):
    """A field that differs."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    before = Whole(required=True, allow_none=True)
    after = Whole(required=True, allow_none=True)
    rule_before = fields.String(required=True, allow_none=True)
    rule_after = fields.String(required=True, allow_none=True)


class ProvisionChangeSchema(Document):
    """What an edition does to a provision."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    change = fields.String(required=True)
    levels_before = fields.List(fields.String(), required=True, allow_none=True)
    levels_after = fields.List(fields.String(), required=True, allow_none=True)
    fields_ = fields.List(
        fields.Nested(FieldChangeSchema), required=True, data_key="fields", attribute="fields"
    )


class ProvisionChangesSchema(Document):
    """All that an edition changes."""

    rows = fields.List(fields.Nested(ProvisionChangeSchema), required=True)
    total = fields.Integer(required=True)


class ChosenCenters(fields.Field[object]):
    """`"all"`, or a list of numbers of centers."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if value == "all":
            return value
        if isinstance(value, list) and all(type(part) is int for part in value):
            return value
        raise ValidationError("Not a list of centers.")


class CentersSchema(Document):
    """Which centers."""

    centers = ChosenCenters(required=True)


class RolloutInSchema(CentersSchema):
    """A roll-out: to whom, and why."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


class BreakSchema(Document):
    """A local value that the edition would not allow."""

    center = fields.Nested(PlaceSchema, required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    field = fields.String(required=True)
    label = fields.String(required=True)
    local_value = Whole(required=True, allow_none=True)
    bound = Whole(required=True, allow_none=True)
    rule = fields.String(required=True)


class PreviewSchema(Document):
    """What a roll-out would do."""

    centers = fields.Integer(required=True)
    already_there = fields.Integer(required=True)
    going_back = fields.Integer(required=True)
    provisions_added = fields.Integer(required=True)
    provisions_changed = fields.Integer(required=True)
    provisions_removed = fields.Integer(required=True)
    new_duties = fields.Integer(required=True)
    conflicts_total = fields.Integer(required=True)
    conflicts = fields.List(fields.Nested(BreakSchema), required=True)


class EditionNameSchema(Document):
    """An edition, by number and title."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)


class CountsSchema(Document):
    """Deliveries by state."""

    announced = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    postponed = fields.Integer(required=True)
    declined = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    exempt = fields.Integer(required=True)
    adopted = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    rolled_back = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class RolloutSchema(Document):
    """A roll-out 下发 and how far it has come."""

    id = fields.Integer(required=True)
    edition = fields.Nested(EditionNameSchema, required=True)
    standard = fields.Nested(PlaceSchema, required=True)
    mode = fields.String(required=True)
    state = fields.String(required=True)
    created_at = fields.String(required=True)
    created_by = fields.String(required=True)
    finished_at = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    counts = fields.Nested(CountsSchema, required=True)
    total = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)
    job = fields.Nested(JobSchema, required=True, allow_none=True)


class RolloutQuery(PageQuery):
    """Which roll-outs."""

    edition_id = fields.Integer(load_default=None)


class DeliveryQuery(PageQuery):
    """Which deliveries."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", "announced", "adopted", "unchanged", "failed"]),
    )
    per_page = fields.Integer(load_default=50, validate=validate.Range(1, 4000))


class DeliveryCenterSchema(Document):
    """The center of a delivery."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    city_id = fields.Integer(required=True, allow_none=True)
    city_name = fields.String(required=True, allow_none=True)


class DeliverySchema(Document):
    """What became of a roll-out at one center."""

    center = fields.Nested(DeliveryCenterSchema, required=True)
    state = fields.String(required=True)
    conflicts = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)
    finished_at = fields.String(required=True, allow_none=True)
