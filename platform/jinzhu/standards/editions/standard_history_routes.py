"""The history of standards and provisions over HTTP."""

from marshmallow import fields, validate

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import Document
from jinzhu.standards.editions import standard_history
from jinzhu.standards.editions.review_schemas import ReviewStepSchema
from jinzhu.standards.schemas import EditionNameSchema, ProvisionChangeSchema

#: What is in the past was published; it may have been withdrawn since.
STATES = validate.OneOf(["published", "withdrawn"])


class WithdrawalToldSchema(Document):
    """Why an edition was withdrawn, by whom and when."""

    at = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)


class PastRolloutSchema(Document):
    """A roll-out of an edition, and how many centers it moved."""

    id = fields.Integer(required=True)
    mode = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    created_at = fields.String(required=True)
    finished_at = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
    adopted = fields.Integer(required=True)


class PastEditionSchema(Document):
    """An edition in the history of its standard."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=STATES)
    base = fields.Integer(
        required=True, allow_none=True, metadata={"description": "the number of the one below"}
    )
    effective_on = fields.String(required=True, allow_none=True)
    published_at = fields.String(required=True)
    published_by = fields.String(required=True, allow_none=True)
    begun_by = fields.String(required=True, allow_none=True)
    entries = fields.Integer(required=True)
    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    removed = fields.Integer(required=True)
    content_hash = fields.String(required=True)
    withdrawal = fields.Nested(WithdrawalToldSchema, required=True, allow_none=True)
    #: Towards its publication; only its owner is told.
    steps = fields.List(fields.Nested(ReviewStepSchema), required=True)
    rollouts = fields.List(fields.Nested(PastRolloutSchema), required=True)
    centers = fields.Integer(required=True)
    here = fields.Boolean(
        required=True, metadata={"description": "the own center is on this edition"}
    )


class StandardHistorySchema(Document):
    """The editions of a standard, the newest first."""

    rows = fields.List(fields.Nested(PastEditionSchema), required=True)


class ProvisionStepSchema(Document):
    """What an edition did to a provision."""

    edition = fields.Nested(EditionNameSchema, required=True)
    state = fields.String(required=True, validate=STATES)
    effective_on = fields.String(required=True, allow_none=True)
    published_at = fields.String(required=True)
    published_by = fields.String(required=True, allow_none=True)
    change = fields.Nested(ProvisionChangeSchema, required=True)


class ProvisionHistorySchema(Document):
    """The changes of a provision, the newest first."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    rows = fields.List(fields.Nested(ProvisionStepSchema), required=True)


def add_standard_history_routes(routes: Routes) -> None:
    """Add: the history of a standard, and of one provision."""

    @routes.on(
        "GET /standards/<int:standard_id>/history",
        needs="standard.read",
        gives=StandardHistorySchema(),
    )
    def read_standard_history(standard_id: int) -> Row:
        """Tell every edition of a standard, what it changed and how it went out."""
        return standard_history.of_standard(standard_id)

    @routes.on(
        "GET /standards/<int:standard_id>/provisions/<string:kind>/<string:code>/history",
        needs="standard.read",
        gives=ProvisionHistorySchema(),
    )
    def read_provision_history(standard_id: int, kind: str, code: str) -> Row:
        """Tell what each edition changed of a provision, field by field."""
        return standard_history.of_provision(standard_id, kind, code)
