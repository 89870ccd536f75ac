"""Standards, editions and roll-outs, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.kinds import CHOICES, KINDS

TEXT = validate.And(
    validate.Length(max=200), validate.Regexp(r"\s*\S", error="Missing data for required field.")
)
STATES = ["draft", "review", "approved", "published", "withdrawn"]


class Whole(fields.Raw):
    """A JSON value whose shape depends on the kind of provision."""


class StandardInSchema(Document):
    """A new standard."""

    code = fields.String(required=True, validate=[TEXT, validate.Regexp(r"^[0-9A-Za-z._-]+$")])
    name = fields.String(required=True, validate=TEXT)
    nature = fields.String(load_default="general", validate=validate.OneOf(["general", "line"]))
    line = fields.String(
        load_default="",
        validate=validate.Length(max=64),
        metadata={"description": "of a line standard: the code of the department"},
    )


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
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class StandardSchema(Document):
    """A standard, with its newest edition and its draft."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    owner = fields.Nested(PlaceSchema, required=True)
    latest = fields.Nested(LatestSchema, required=True, allow_none=True)
    draft = fields.Nested(DraftSchema, required=True, allow_none=True)
    reviewed = fields.Boolean(required=True)
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


class StepSchema(Document):
    """Who took a step towards publication, when, and whether that was the reader."""

    at = fields.String(required=True)
    by = fields.String(required=True)
    mine = fields.Boolean(required=True)


class EditionSchema(Document):
    """An edition 版次."""

    id = fields.Integer(required=True)
    standard_id = fields.Integer(required=True)
    standard = fields.Nested(StandardNameSchema, required=True)
    amends = fields.Nested(StandardNameSchema, required=True, allow_none=True)
    number = fields.Integer(required=True, allow_none=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reviewed = fields.Boolean(required=True)
    submitted = fields.Nested(StepSchema, required=True, allow_none=True)
    approved = fields.Nested(StepSchema, required=True, allow_none=True)
    #: Who wrote last in a provision of it, as long as it is in work and nothing came after.
    changed = fields.Nested(StepSchema, required=True, allow_none=True)
    effective_on = fields.String(required=True, allow_none=True)
    published_at = fields.String(required=True, allow_none=True)
    published_by = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    entries = fields.Integer(required=True)
    changes = fields.Integer(required=True)
    content_hash = fields.String(required=True, allow_none=True)
    withdrawn_at = fields.String(required=True, allow_none=True)
    withdrawn_by = fields.String(required=True, allow_none=True)
    withdrawal_reason = fields.String(required=True)
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
    version = fields.Integer(required=True)
    updated_at = fields.String(required=True, allow_none=True)
    updated_by = fields.String(required=True, allow_none=True)
    committed_limit = fields.Integer(required=True, allow_none=True)
    statutory_limit = fields.Integer(required=True, allow_none=True)


class AppliesSchema(Document):
    """To whom a provision applies."""

    levels = fields.List(
        fields.String(validate=validate.OneOf(["province", "city", "county"])), required=True
    )
    classes = fields.List(
        fields.String(validate=validate.OneOf(list(CHOICES["department_class"]))), load_default=list
    )
    regions = fields.List(fields.Integer(), load_default=list)
    labels = fields.List(fields.String(validate=TEXT), load_default=list)


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


class FaultSchema(Document):
    """One thing wrong: the field, its value, the rule, and a sentence."""

    field = fields.String(required=True)
    message = fields.String(required=True)
    value = Whole(required=True, allow_none=True)
    rule = fields.String(required=True)


class ProvisionSchema(ProvisionBaseSchema):
    """A provision 条目 in an edition."""

    provision_id = fields.Integer(required=True, allow_none=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    base = fields.Nested(ProvisionBaseSchema, required=True, allow_none=True)
    change = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    #: Who wrote it into the draft, and when; null where the draft says nothing of it.
    updated_at = fields.String(required=True, allow_none=True)
    updated_by = fields.String(required=True, allow_none=True)
    #: The centers whose practice it is, by field: {"center_id", "center", "fields"}.
    source = fields.Dict(required=True, allow_none=True)
    #: What stands in the draft and cannot be published yet.
    faults = fields.List(fields.Nested(FaultSchema), required=True)


class FieldChangeSchema(Document):
    """A field that differs."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    before = Whole(required=True, allow_none=True)
    after = Whole(required=True, allow_none=True)
    rule_before = fields.String(required=True, allow_none=True)
    rule_after = fields.String(required=True, allow_none=True)
    required_before = fields.Boolean(required=True)
    required_after = fields.Boolean(required=True)


class NarrowingSchema(Document):
    """How it is narrowed down whom a provision concerns, in words."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    before = fields.List(fields.String(), required=True)
    after = fields.List(fields.String(), required=True)


class ProvisionChangeSchema(Document):
    """What an edition does to a provision."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    change = fields.String(required=True)
    levels_before = fields.List(fields.String(), required=True, allow_none=True)
    levels_after = fields.List(fields.String(), required=True, allow_none=True)
    narrowing = fields.List(fields.Nested(NarrowingSchema), required=True)
    fields_ = fields.List(
        fields.Nested(FieldChangeSchema), required=True, data_key="fields", attribute="fields"
    )


class ProvisionChangesSchema(Document):
    """All that an edition changes."""

    rows = fields.List(fields.Nested(ProvisionChangeSchema), required=True)
    total = fields.Integer(required=True)


class EditionNameSchema(Document):
    """An edition, by number and title."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
