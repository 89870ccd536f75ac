"""Campaigns and joint acts as they come and go over HTTP."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from jinzhu.core.job_schema import JobSchema
from jinzhu.core.schema import Document, PageQuery
from jinzhu.core.workflow import Action
from jinzhu.standards.kinds import CHOICES
from tenants.campaign.models import HERE, ActOutcome, Outcome
from tenants.entry.models import STATES
from tenants.procedure.models import CaseState
from tenants.procedure.schemas import OBJECTS, WORDS, StepNameSchema

CODE = validate.Length(max=64)
LINE = validate.Length(max=200)
KINDS = ["entry", "adjustment", "suspension", "exit", "negative_list"]
JOINT = [Action.APPROVE.value, Action.RETURN.value, Action.REFUSE.value]
OUTCOMES = [state.value for state in Outcome]
ACT_OUTCOMES = [state.value for state in ActOutcome]
CASE_STATES = [state.value for state in CaseState]
#: Cases of one joint act, rows of one list.
MOST = 2000
SIGNED = validate.Length(1, 200, error="Give 1 to 200 cases.")


class CodeRowSchema(Document):
    """A code of a list, with the number of its row."""

    row = fields.Integer(required=True)
    code = fields.String(required=True, validate=validate.Length(max=64))


class CodeRowsSchema(Document):
    """The codes of a list."""

    rows = fields.List(fields.Nested(CodeRowSchema), required=True)


class ChoiceInSchema(Document):
    """What cases are to be begun, and about what: by filters, or by a list of codes."""

    object = fields.String(required=True, validate=validate.OneOf(OBJECTS))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    procedure = fields.String(load_default="", validate=CODE)
    reason = fields.String(load_default="", validate=WORDS)
    facts = fields.Dict(keys=fields.String(), load_default=dict)
    #: How what is chosen stands now; '' for whatever.
    state = fields.String(load_default="", validate=validate.OneOf(["", HERE, *STATES]))
    departments = fields.List(
        fields.String(validate=CODE), load_default=list, validate=validate.Length(max=500)
    )
    item_type = fields.String(load_default="", validate=CODE)
    q = fields.String(load_default="", validate=validate.Length(max=100))
    codes = fields.List(
        fields.Nested(CodeRowSchema), load_default=list, validate=validate.Length(max=MOST)
    )
    #: Left out of what is found, by the number of the provision.
    without = fields.List(fields.Integer(), load_default=list, validate=validate.Length(max=MOST))


class CampaignInSchema(ChoiceInSchema):
    """A campaign: the same under a name."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=100))


class PreviewRowSchema(Document):
    """What would come of a row now."""

    row = fields.Integer(required=True)
    id = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["begin", "running", "refused"]))
    procedure = fields.String(required=True)
    why = fields.String(required=True)
    message = fields.String(required=True)


class NamedCountSchema(Document):
    """How many under a procedure."""

    name = fields.String(required=True)
    count = fields.Integer(required=True)


class ReasonSchema(Document):
    """How many are refused for a sort of reason."""

    why = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)


class CampaignPreviewSchema(Document):
    """What would come of a campaign now, in numbers and row by row."""

    total = fields.Integer(required=True)
    departments = fields.Integer(required=True)
    begin = fields.Integer(required=True)
    running = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    procedures = fields.List(fields.Nested(NamedCountSchema), required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    rows = fields.List(fields.Nested(PreviewRowSchema), required=True)


class CampaignQuery(PageQuery):
    """Which campaigns."""

    kind = fields.String(load_default="", validate=validate.OneOf(["", *CHOICES["procedure_kind"]]))


class CampaignRowSchema(Document):
    """A campaign in a list."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    object = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    asked_by = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    state = fields.String(required=True)
    total = fields.Integer(required=True)
    begun = fields.Integer(required=True)
    rest = fields.Integer(required=True)
    finished = fields.Integer(required=True)


_COUNTS: dict[str, fields.Field[Any]] = {
    name: fields.Integer(required=True)
    for name in [*OUTCOMES, "total", "in_course", "finished", "ended"]
}
CampaignCountsSchema = Document.from_dict(
    {**_COUNTS, "overdue": fields.Integer(required=True)}, name="CampaignCounts"
)
CampaignDepartmentSchema = Document.from_dict(
    {
        **_COUNTS,
        "department_code": fields.String(required=True),
        "department_name": fields.String(required=True),
    },
    name="CampaignDepartment",
)


class CampaignStepSchema(Document):
    """How many cases stand in a step, and for whom it waits."""

    step_name = fields.String(required=True)
    actor = fields.String(required=True)
    actor_label = fields.String(required=True)
    count = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    due_on = fields.String(required=True, allow_none=True)


class LeadSchema(Document):
    """What the present post may do with it now."""

    stop = fields.Boolean(required=True)
    again = fields.Boolean(required=True)


class CampaignSchema(Document):
    """A campaign, with its job and how far its cases have come."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    object = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), required=True)
    reason = fields.String(required=True)
    asked_by = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    finished_at = fields.String(required=True, allow_none=True)
    job = fields.Nested(JobSchema, required=True, allow_none=True)
    counts = fields.Nested(CampaignCountsSchema, required=True)
    departments = fields.List(fields.Nested(CampaignDepartmentSchema), required=True)
    steps = fields.List(fields.Nested(CampaignStepSchema), required=True)
    actions = fields.Nested(LeadSchema, required=True)


class CampaignItemQuery(PageQuery):
    """Which rows of a campaign."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *OUTCOMES]))
    department = fields.String(load_default="", validate=CODE)


class CampaignItemSchema(Document):
    """A row of a campaign, and what came of it."""

    id = fields.Integer(required=True)
    place = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    case_id = fields.Integer(required=True, allow_none=True)
    case_number = fields.String(required=True, allow_none=True)
    case_state = fields.String(required=True, allow_none=True)
    message = fields.String(required=True)


class CasesInSchema(Document):
    """Which cases."""

    cases = fields.List(fields.Integer(), required=True, validate=validate.Length(max=MOST))


class JointActionSchema(Document):
    """An act that the step offers, and in how many of the cases it is possible now."""

    action = fields.String(required=True)
    label = fields.String(required=True)
    possible = fields.Integer(required=True)
    needs_opinion = fields.Boolean(required=True)


class HindranceSchema(Document):
    """In how many cases something is in the way."""

    message = fields.String(required=True)
    count = fields.Integer(required=True)


class JointOfferSchema(Document):
    """Cases that stand in the same step of the same procedure, and what can be done there."""

    procedure = fields.String(required=True)
    procedure_name = fields.String(required=True)
    step = fields.String(required=True)
    step_name = fields.String(required=True)
    actor_label = fields.String(required=True)
    count = fields.Integer(required=True)
    document = fields.String(required=True)
    needs_on_behalf = fields.Boolean(required=True)
    actions = fields.List(fields.Nested(JointActionSchema), required=True)
    targets = fields.List(fields.Nested(StepNameSchema), required=True)
    reasons = fields.List(fields.Nested(HindranceSchema), required=True)
    cases = fields.List(fields.Integer(), required=True)


class JointOffersSchema(Document):
    """The steps that the chosen cases stand in."""

    rows = fields.List(fields.Nested(JointOfferSchema), required=True)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 19


class Numbers(fields.Field[list[int]]):
    """Numbers in one part of a form, with commas between them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[int]:
        words = str(value).split(",")
        if not all(map(_is_number, words)):
            raise ValidationError("Not a valid integer.")
        return [int(word) for word in words]


class SeenCases(fields.Field[list[tuple[int, ...]]]):
    """Cases of centers below in one part of a form: center.number.version, commas between them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[tuple[int, ...]]:
        words = [word.split(".") for word in str(value).split(",")]
        plain = (len(parts) == 3 and all(map(_is_number, parts)) for parts in words)
        if not all(plain):
            raise ValidationError("Not a valid integer.")
        return [tuple(map(int, parts)) for parts in words]


class WithPaperSchema(Document):
    """What is said of an act in many cases, and of the document of all of them."""

    opinion = fields.String(load_default="", validate=WORDS)
    on_behalf = fields.String(load_default="", validate=LINE)
    #: Of the document; without a name it is the one that each step asks for.
    name = fields.String(load_default="", validate=LINE)
    number = fields.String(load_default="", validate=LINE)
    valid_from = fields.Date(load_default=None, allow_none=True)
    valid_until = fields.Date(load_default=None, allow_none=True)


class SignInSchema(WithPaperSchema):
    """One approval in many cases that wait for the superior department; a `file` may come along."""

    cases = SeenCases(required=True, validate=SIGNED, metadata={"type": "string"})


class SignedRowSchema(Document):
    """What came of the approval in a case."""

    center_id = fields.Integer(required=True)
    id = fields.Integer(required=True)
    number = fields.String(required=True)
    subject_name = fields.String(required=True)
    done = fields.Boolean(required=True)
    message = fields.String(required=True)


class SignedSchema(Document):
    """What came of one approval in many cases."""

    rows = fields.List(fields.Nested(SignedRowSchema), required=True)
    done = fields.Integer(required=True)


class JointActInSchema(WithPaperSchema):
    """One act in many cases; a document of all of them may come as the part `file` of the form."""

    cases = Numbers(required=True, metadata={"type": "string"})
    procedure = fields.String(required=True, validate=CODE)
    step = fields.String(required=True, validate=CODE)
    action = fields.String(required=True, validate=validate.OneOf(JOINT))
    target = fields.String(load_default="", validate=CODE)


class JointActQuery(PageQuery):
    """Which joint acts."""

    campaign = fields.Integer(load_default=None, allow_none=True)


class JointActRowSchema(Document):
    """A joint act in a list."""

    id = fields.Integer(required=True)
    procedure_name = fields.String(required=True)
    step_name = fields.String(required=True)
    action = fields.String(required=True)
    label = fields.String(required=True)
    asked_by = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    state = fields.String(required=True)
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    refused = fields.Integer(required=True)


JointActCountsSchema = Document.from_dict(
    {name: fields.Integer(required=True) for name in [*ACT_OUTCOMES, "total"]},
    name="JointActCounts",
)


class JointActSchema(Document):
    """A joint act, with its job and how far it has come."""

    id = fields.Integer(required=True)
    campaign_id = fields.Integer(required=True, allow_none=True)
    procedure_name = fields.String(required=True)
    step_name = fields.String(required=True)
    action = fields.String(required=True)
    label = fields.String(required=True)
    opinion = fields.String(required=True)
    on_behalf = fields.String(required=True)
    document_name = fields.String(required=True)
    document_number = fields.String(required=True)
    file_name = fields.String(required=True)
    asked_by = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    finished_at = fields.String(required=True, allow_none=True)
    job = fields.Nested(JobSchema, required=True, allow_none=True)
    counts = fields.Nested(JointActCountsSchema, required=True)
    actions = fields.Nested(LeadSchema, required=True)


class JointActCaseQuery(PageQuery):
    """Which cases of a joint act."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *ACT_OUTCOMES]))


class JointActCaseSchema(Document):
    """A case of a joint act, and what came of it."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    case_number = fields.String(required=True)
    case_state = fields.String(required=True, validate=validate.OneOf(CASE_STATES))
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(ACT_OUTCOMES))
    message = fields.String(required=True)
