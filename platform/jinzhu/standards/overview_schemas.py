"""Coverage and the work desk, as sent."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document
from jinzhu.standards.kinds import CLAIMED
from jinzhu.standards.rollouts.rollout_schemas import RolloutRowSchema
from jinzhu.standards.schemas import STATES


class CoverageQuery(Document):
    """Which kind, and below which center."""

    kind = fields.String(load_default="item", validate=validate.OneOf(CLAIMED))
    parent = fields.Integer(load_default=None)


class FiguresSchema(Document):
    """How far duties are answered."""

    duties = fields.Integer(required=True)
    offered = fields.Integer(required=True)
    not_offered = fields.Integer(required=True)
    covered = fields.Integer(required=True)
    open = fields.Integer(required=True)
    incomplete = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)


class CoverageCenterSchema(Document):
    """A center in the coverage."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)


class BranchCenterSchema(CoverageCenterSchema):
    """A center just below, and whether there is more under it."""

    has_children = fields.Boolean(required=True)


class CoverageRowSchema(FiguresSchema):
    """The figures of a center with everything under it."""

    center = fields.Nested(BranchCenterSchema, required=True)


class CoverageSchema(Document):
    """The coverage of a center's subtree."""

    center = fields.Nested(CoverageCenterSchema, required=True)
    total = fields.Nested(FiguresSchema, required=True)
    own = fields.Nested(FiguresSchema, required=True)
    rows = fields.List(fields.Nested(CoverageRowSchema), required=True)


class TodoSchema(Document):
    """Something that waits, and the page that does it."""

    code = fields.String(required=True)
    count = fields.Integer(required=True)
    to = fields.String(required=True)


class FigureSchema(Document):
    """A figure: so many of so many."""

    code = fields.String(required=True)
    value = fields.Integer(required=True)
    of = fields.Integer(required=True)


class ReceivedSchema(Document):
    """An edition that was delivered to the own center."""

    standard = fields.String(required=True)
    edition_number = fields.Integer(required=True)
    title = fields.String(required=True)
    at = fields.String(required=True)
    conflicts = fields.Integer(required=True, allow_none=True)


class DraftInWorkSchema(Document):
    """An edition in work."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    changes = fields.Integer(required=True)
    standard = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class DeskSchema(Document):
    """The work desk."""

    todo = fields.List(fields.Nested(TodoSchema), required=True)
    awaited = fields.List(fields.Nested(TodoSchema), required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True)
    received = fields.List(fields.Nested(ReceivedSchema), required=True)
    rollouts = fields.List(fields.Nested(RolloutRowSchema), required=True)
    drafts = fields.List(fields.Nested(DraftInWorkSchema), required=True)
