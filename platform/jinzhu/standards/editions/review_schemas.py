"""What is sent and received around the review of an edition."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document
from jinzhu.standards.models import ReviewAct
from jinzhu.standards.schemas import TEXT

NOTE = validate.Length(max=200)
ACTS = [act.value for act in ReviewAct]


class ReviewNoteSchema(Document):
    """What somebody adds to a step; it may be nothing."""

    note = fields.String(load_default="", validate=NOTE)


class ReviewReasonSchema(Document):
    """Why an edition is sent back."""

    reason = fields.String(required=True, validate=TEXT)


class ReviewRuleInSchema(Document):
    """Whether editions of a standard are reviewed before they are published."""

    reviewed = fields.Boolean(required=True)
    #: Needed where the rule is lifted.
    reason = fields.String(load_default="", validate=NOTE)


class ReviewStepSchema(Document):
    """What was done, by whom, when, and what was said to it."""

    act = fields.String(
        required=True, validate=validate.OneOf([*ACTS, "begun", "published", "withdrawn"])
    )
    at = fields.String(required=True)
    by = fields.String(required=True)
    note = fields.String(required=True)


class ReviewStepsSchema(Document):
    """The way of an edition, from its beginning on."""

    rows = fields.List(fields.Nested(ReviewStepSchema), required=True)


class WrittenSchema(Document):
    """A provision that the reader has written in an edition."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class EditionStepsSchema(ReviewStepsSchema):
    """The way of an edition, and the changes in it that are the reader's own."""

    mine = fields.List(fields.Nested(WrittenSchema), required=True)


class LiftSchema(Document):
    """Somebody wants the rule lifted, to which somebody else has to agree."""

    by = fields.String(required=True)
    at = fields.String(required=True)
    reason = fields.String(required=True)
    mine = fields.Boolean(required=True)


class ReviewRuleSchema(ReviewStepsSchema):
    """Whether a standard is reviewed, who said so when, and whether the reader may say."""

    reviewed = fields.Boolean(required=True)
    lift = fields.Nested(LiftSchema, required=True, allow_none=True)
    changeable = fields.Boolean(required=True)
    version = fields.Integer(required=True)
