"""What is sent and received around an edition: who works on it, whom and what it touches."""

from marshmallow import Schema, fields, validate

from jinzhu.core.schema import MAX_PER_PAGE, Document, PageQuery
from jinzhu.standards.schemas import TEXT, Whole


class PresenceSchema(Document):
    """Somebody who has a provision open."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class PresencesSchema(Document):
    """All others who have provisions of a draft open."""

    rows = fields.List(fields.Nested(PresenceSchema), required=True)


class AgainstQuery(Schema):
    """The edition to compare with; the one below where nothing is said."""

    against = fields.Integer(load_default=None)


class FieldImpactSchema(Document):
    """How many centers have a value of their own on a field, and how many it would break."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    field = fields.String(required=True)
    centers_own = fields.Integer(required=True)
    breaking = fields.Integer(required=True)


class ProvisionImpactSchema(Document):
    """How many centers offer what a provision is about."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    offered = fields.Integer(required=True)


class ImpactSchema(Document):
    """What the changes of an edition meet in the centers below."""

    provisions = fields.List(fields.Nested(ProvisionImpactSchema), required=True)
    fields_ = fields.List(
        fields.Nested(FieldImpactSchema), required=True, data_key="fields", attribute="fields"
    )
    centers = fields.Integer(required=True)


class TouchedQuery(PageQuery):
    """Which centers with a value of their own on a changed field."""

    against = fields.Integer(load_default=None)
    breaking = fields.Boolean(load_default=False)


class PlacedSchema(Document):
    """A center with the city above it."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    city_name = fields.String(required=True, allow_none=True)


class TouchedSchema(Document):
    """A center's own value on a changed field."""

    center = fields.Nested(PlacedSchema, required=True)
    provision_id = fields.Integer(required=True)
    value = Whole(required=True, allow_none=True)
    breaks = fields.Boolean(required=True)


class AudienceQuery(Schema):
    """Whom a provision would concern; several separated by commas."""

    levels = fields.String(load_default="", validate=validate.Length(max=500))
    regions = fields.String(load_default="", validate=validate.Length(max=5000))
    labels = fields.String(load_default="", validate=validate.Length(max=5000))


class AudienceSchema(Document):
    """How many centers that is, of how many there are."""

    centers = fields.Integer(required=True)
    of = fields.Integer(required=True)


class DraftFaultSchema(Document):
    """Something that keeps a draft from being published, and the provision it stands in."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    #: The field that is meant; '' where it is something else.
    label = fields.String(required=True)
    message = fields.String(required=True)


class FaultsQuery(PageQuery):
    """Which part of the faults, in the order of the check; as many as a page can have."""

    class Meta(PageQuery.Meta):
        exclude = ("sort", "q")

    per_page = fields.Integer(load_default=MAX_PER_PAGE, validate=validate.Range(1, MAX_PER_PAGE))


class VerificationSchema(Document):
    """The recorded check value of an edition, and the one computed from what stands there now."""

    recorded = fields.String(required=True)
    computed = fields.String(required=True)
    matches = fields.Boolean(required=True)
    entries = fields.Integer(required=True)
    #: Provisions whose own check value does not fit their content.
    differing = fields.List(fields.String(), required=True)


class WithdrawalSchema(Document):
    """Why an edition is withdrawn."""

    reason = fields.String(required=True, validate=TEXT)


class StandingSchema(Document):
    """A center that is on an edition."""

    center = fields.Nested(PlacedSchema, required=True)
    since = fields.String(required=True)
