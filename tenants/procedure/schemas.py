"""Cases as they come and go over HTTP."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.core.workflow import Action
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.schemas import FaultSchema, PlaceSchema
from tenants.procedure.models import CaseState, StepState

OBJECTS = ["department", "item"]
STATES = [state.value for state in CaseState]
WORDS = validate.Length(max=2000)


class CaseQuery(PageQuery):
    """Which cases."""

    object = fields.String(load_default="", validate=validate.OneOf(["", *OBJECTS]))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *CHOICES["procedure_kind"]]))
    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES, "over"]))
    department = fields.String(load_default="", validate=validate.Length(max=64))
    #: The provision of the department or item.
    subject = fields.Integer(load_default=None, allow_none=True)
    begun = fields.Boolean(load_default=False)
    #: Begun by whoever asks, and with others now.
    awaited = fields.Boolean(load_default=False)
    mine = fields.Boolean(load_default=False)
    overdue = fields.Boolean(load_default=False)
    #: Told to this post as long overdue.
    escalated = fields.Boolean(load_default=False)
    #: Handed to somebody who is not there any more.
    gone = fields.Boolean(load_default=False)
    campaign = fields.Integer(load_default=None, allow_none=True)
    #: The name of the step that it waits at.
    step = fields.String(load_default="", validate=validate.Length(max=200))


class CaseCountsSchema(Document):
    """How many cases stand in each list."""

    mine = fields.Integer(required=True)
    escalated = fields.Integer(required=True)
    running = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    gone = fields.Integer(required=True)
    awaited = fields.Integer(required=True)
    begun = fields.Integer(required=True)


class CaseRowSchema(Document):
    """A case in a list, with the open step that is due first."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    object = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    subject_id = fields.Integer(required=True)
    subject_code = fields.String(required=True)
    subject_name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    opened_on = fields.String(required=True)
    ended_at = fields.String(required=True, allow_none=True)
    step_name = fields.String(required=True, allow_none=True)
    step_state = fields.String(required=True, allow_none=True)
    actor = fields.String(required=True, allow_none=True)
    actor_label = fields.String(required=True)
    since = fields.String(required=True, allow_none=True)
    due_on = fields.String(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)
    assignee = fields.String(required=True, allow_none=True)
    #: Whether the one it was handed to is not there any more.
    gone = fields.Boolean(required=True)
    escalated_on = fields.String(required=True, allow_none=True)


class ConsentQuery(PageQuery):
    """Which cases of centers below."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "open", "asked", "signed"]))


class ConsentRowSchema(Document):
    """A case of a center below, with the step that the superior department signs."""

    center = fields.Nested(PlaceSchema, required=True)
    id = fields.Integer(required=True)
    number = fields.String(required=True)
    object = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    subject_name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    step_name = fields.String(required=True)
    since = fields.String(required=True)
    due_on = fields.String(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)


class ConsentWaitingSchema(ConsentRowSchema):
    """The same with the state of the case that a signature is given on."""

    version = fields.Integer(required=True)


class EscalationQuery(PageQuery):
    """Which of what is long overdue below."""


class EscalationRowSchema(ConsentRowSchema):
    """A step of a center below that has been overdue for long."""

    actor = fields.String(required=True)
    actor_label = fields.String(required=True)
    escalated_on = fields.String(required=True)


class UrgeSchema(Document):
    """What is said about something that is overdue below."""

    opinion = fields.String(required=True, validate=WORDS)


class HolderSchema(Document):
    """Somebody who was handed steps: how many, and how many fell back as the person is gone."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    steps = fields.Integer(required=True)
    gone = fields.Integer(required=True)


class CaseInSchema(Document):
    """What a case is begun with."""

    object = fields.String(required=True, validate=validate.OneOf(OBJECTS))
    subject_id = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(CHOICES["procedure_kind"]))
    procedure = fields.String(load_default="", validate=validate.Length(max=64))
    reason = fields.String(load_default="", validate=WORDS)
    facts = fields.Dict(keys=fields.String(), load_default=dict)


class StepQuery(Document):
    """Which step of a case."""

    step = fields.String(required=True, validate=validate.Length(max=64))


class ColleagueSchema(Document):
    """Somebody to hand a step to: nothing but the name."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class ColleaguesSchema(Document):
    """The people to hand a step to."""

    rows = fields.List(fields.Nested(ColleagueSchema), required=True)


class HandoverSchema(Document):
    """Who has what, and to whom it could be handed."""

    holders = fields.List(fields.Nested(HolderSchema), required=True)
    colleagues = fields.List(fields.Nested(ColleagueSchema), required=True)


class HandoverInSchema(Document):
    """From whom to whom; to nobody is back to the posts that act in the steps."""

    from_id = fields.Integer(required=True)
    to_id = fields.Integer(load_default=None, allow_none=True)
    opinion = fields.String(load_default="", validate=WORDS)


class KeptSchema(Document):
    """A step that was not handed over, as the colleague could not act in it."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    subject_name = fields.String(required=True)
    step_name = fields.String(required=True)


class HandedSchema(Document):
    """How many steps were handed over, and which were not."""

    handed = fields.Integer(required=True)
    kept = fields.List(fields.Nested(KeptSchema), required=True)


class ActInSchema(Document):
    """An act in a step of a case."""

    step = fields.String(required=True, validate=validate.Length(max=64))
    action = fields.String(
        required=True, validate=validate.OneOf([action.value for action in Action])
    )
    opinion = fields.String(load_default="", validate=WORDS)
    on_behalf = fields.String(load_default="", validate=validate.Length(max=200))
    target = fields.String(load_default="", validate=validate.Length(max=64))
    assignee_id = fields.Integer(load_default=None, allow_none=True)


class StepNameSchema(Document):
    """A step by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class ActionSchema(Document):
    """An act that the case offers, or why it does not."""

    step = fields.String(required=True)
    step_name = fields.String(required=True)
    action = fields.String(required=True)
    label = fields.String(required=True)
    possible = fields.Boolean(required=True)
    why_not = fields.String(required=True)
    missing = fields.List(fields.Nested(FaultSchema), required=True)
    needs_opinion = fields.Boolean(required=True)
    needs_on_behalf = fields.Boolean(required=True)
    targets = fields.List(fields.Nested(StepNameSchema), required=True)


class CaseStepSchema(Document):
    """A step of the procedure as it stands in the case."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    actor = fields.String(required=True)
    actor_label = fields.String(required=True)
    next = fields.List(fields.String(), required=True)
    document = fields.String(required=True)
    limit = fields.Integer(required=True, allow_none=True)
    escalate_after = fields.Integer(required=True, allow_none=True)
    receiver_label = fields.String(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(["coming", *(state.value for state in StepState)]),
    )
    round = fields.Integer(required=True)
    opened_on = fields.String(required=True, allow_none=True)
    due_on = fields.String(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)
    closed_at = fields.String(required=True, allow_none=True)
    assignee = fields.String(required=True, allow_none=True)
    #: Whether the one it was handed to is not there any more.
    gone = fields.Boolean(required=True)
    escalated_on = fields.String(required=True, allow_none=True)


class CaseActSchema(Document):
    """A line of the trace."""

    at = fields.String(required=True)
    who = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    label = fields.String(required=True)
    step = fields.String(required=True)
    step_name = fields.String(required=True)
    opinion = fields.String(required=True)
    on_behalf = fields.String(required=True)
    #: Whether the center did what is the department's to do.
    for_department = fields.Boolean(required=True)
    target_name = fields.String(required=True)


class CaseDocumentSchema(Document):
    """A document that is attached to a case, with how it stands today."""

    id = fields.Integer(required=True)
    step = fields.String(required=True)
    name = fields.String(required=True)
    number = fields.String(required=True)
    valid_from = fields.String(required=True, allow_none=True)
    valid_until = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(["in_force", "not_yet", "ended"]))
    days_left = fields.Integer(required=True, allow_none=True)
    file_name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    #: Whether a page can show it; else it is downloaded.
    shown = fields.Boolean(required=True)
    attached_at = fields.String(required=True)
    attached_by = fields.String(required=True, allow_none=True)
    #: Whether it can still be taken back: nothing has been approved on it.
    removable = fields.Boolean(required=True)


class CasePublicationSchema(Document):
    """The newest publication of a case."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["running", "over", "withdrawn"]))
    #: The step that waits for it.
    step = fields.String(required=True)
    from_on = fields.String(required=True)
    until_on = fields.String(required=True)
    #: Where the public reads it.
    page = fields.String(required=True)
    objections = fields.Integer(required=True)
    open_objections = fields.Integer(required=True)


class SubjectSchema(Document):
    """What a case is about."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class CaseProcedureSchema(Document):
    """The procedure of a case, and the edition it began under."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    standard = fields.String(required=True)
    edition_number = fields.Integer(required=True)


class ExitGroupSchema(Document):
    """A group of things that hang on a department, and when they are settled."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    settled = fields.String(required=True, validate=validate.OneOf(["first", "with", "after"]))
    settled_label = fields.String(required=True)
    count = fields.Integer(required=True)
    detail = fields.String(required=True)


class CaseSchema(Document):
    """A case with all that has happened in it and all that can be done now."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    object = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    subject = fields.Nested(SubjectSchema, required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    reason = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    opened_on = fields.String(required=True)
    opened_by = fields.String(required=True, allow_none=True)
    ended_at = fields.String(required=True, allow_none=True)
    procedure = fields.Nested(CaseProcedureSchema, required=True)
    steps = fields.List(fields.Nested(CaseStepSchema), required=True)
    trace = fields.List(fields.Nested(CaseActSchema), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)
    documents = fields.List(fields.Nested(CaseDocumentSchema), required=True)
    publication = fields.Nested(CasePublicationSchema, required=True, allow_none=True)
    #: What a department that leaves still has here; empty in all other cases.
    clearance = fields.List(fields.Nested(ExitGroupSchema), required=True)
    version = fields.Integer(required=True)


class ConsentSchema(CaseSchema):
    """A case of a center below."""

    center = fields.Nested(PlaceSchema, required=True)
