"""What is sent and shown about publications and objections."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from tenants.publication.acts import OUTCOMES
from tenants.publication.models import Channel, ObjectionState, PublicationState
from tenants.publication.service import LONGEST

STATES = [state.value for state in PublicationState]
OBJECTION_STATES = [state.value for state in ObjectionState]
CHANNELS = [channel.value for channel in Channel]
RECORDED = [channel for channel in CHANNELS if channel != Channel.PAGE]
OBJECTS = ["department", "item"]


class PublicationQuery(PageQuery):
    """Which publications."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "objected", *STATES]))
    object = fields.String(load_default="", validate=validate.OneOf(["", *OBJECTS]))
    kind = fields.String(load_default="", validate=validate.Length(max=100))
    department = fields.String(load_default="", validate=validate.Length(max=100))


class PublicationRowSchema(Document):
    """A publication in a list."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    case_id = fields.Integer(required=True)
    object = fields.String(required=True, validate=validate.OneOf(OBJECTS))
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    subject_code = fields.String(required=True)
    subject_name = fields.String(required=True)
    department_name = fields.String(required=True)
    from_on = fields.String(required=True)
    until_on = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    ended_on = fields.String(required=True, allow_none=True)
    #: Working days until its last one; below zero where it only waits for answers.
    days_left = fields.Integer(required=True, allow_none=True)
    objections = fields.Integer(required=True)
    open_objections = fields.Integer(required=True)


class ObjectionSchema(Document):
    """An objection; who it is from is masked."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    said = fields.String(required=True)
    name = fields.String(required=True)
    contact = fields.String(required=True)
    received_on = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    #: Of one that the center wrote down: who took it, and who wrote.
    received_by = fields.String(required=True)
    recorded_by = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(OBJECTION_STATES))
    answer = fields.String(required=True)
    closed_on = fields.String(required=True, allow_none=True)
    answered_by = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class PublishedCaseSchema(Document):
    """The case that is published."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)


class ReturnTargetSchema(Document):
    """A step that the case can be sent back to."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class PublicationInFullSchema(Document):
    """A publication with what was objected to it."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    case = fields.Nested(PublishedCaseSchema, required=True)
    object = fields.String(required=True, validate=validate.OneOf(OBJECTS))
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    subject_code = fields.String(required=True)
    subject_name = fields.String(required=True)
    department_name = fields.String(required=True)
    from_on = fields.String(required=True)
    until_on = fields.String(required=True)
    days_left = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    ended_on = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    #: Where the public reads it.
    page = fields.String(required=True)
    objections = fields.List(fields.Nested(ObjectionSchema), required=True)
    targets = fields.List(fields.Nested(ReturnTargetSchema), required=True)
    #: Whether the present post answers objections, and whether it may see who objects.
    answerable = fields.Boolean(required=True)
    #: Whether it may write down one that came by telephone or letter, now.
    recordable = fields.Boolean(required=True)
    contact_visible = fields.Boolean(required=True)


class ObjectionInSchema(Document):
    """An objection that did not come by the public page: who objects, how, and who took it."""

    channel = fields.String(required=True, validate=validate.OneOf(RECORDED))
    received_on = fields.Date(required=True)
    received_by = fields.String(required=True, validate=validate.Length(max=LONGEST["name"]))
    said = fields.String(required=True, validate=validate.Length(max=LONGEST["said"]))
    name = fields.String(required=True, validate=validate.Length(max=LONGEST["name"]))
    contact = fields.String(required=True, validate=validate.Length(max=LONGEST["contact"]))
    #: A number of the form, so that what is sent twice is there once.
    submission = fields.String(required=True, validate=validate.Length(min=16, max=64))


class ObjectionReceiptSchema(Document):
    """What whoever objects is told: with the two, the answer can be read on the public page."""

    number = fields.String(required=True)
    code = fields.String(required=True)
    publication = fields.Nested(PublicationInFullSchema, required=True)


class ObjectionAnswerInSchema(Document):
    """What is said to an objection, and what follows from it."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    answer = fields.String(required=True, validate=validate.Length(max=2000))
    target = fields.String(load_default="", validate=validate.Length(max=100))


class DisclosureInSchema(Document):
    """Why somebody has to see personal data in full."""

    reason = fields.String(required=True, validate=validate.Length(max=500))


class DisclosedContactSchema(Document):
    """Who objects and how to reach them, in full."""

    name = fields.String(required=True)
    contact = fields.String(required=True)
