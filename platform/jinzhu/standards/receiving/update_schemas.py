"""Updates, the answers to them, and what is postponed, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.receiving.update_rows import RowState
from jinzhu.standards.receiving.updates import STATES, TO_ANSWER
from jinzhu.standards.records.record_schemas import ChoiceSchema, ColumnSchema
from jinzhu.standards.schemas import PlaceSchema, Whole

REASON = validate.Length(max=500)
MOST_ANSWERS = 1000


class UpdateQuery(PageQuery):
    """Which updates: those that wait for something, or the others."""

    state = fields.String(load_default="open", validate=validate.OneOf(STATES))


class UpdateStandardSchema(Document):
    """The standard an update is of."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    nature = fields.String(required=True)


class UpdateEditionSchema(Document):
    """The edition an update brings."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
    effective_on = fields.String(required=True, allow_none=True)


class UpdateAnswerSchema(Document):
    """What the center said to an update as a whole."""

    at = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)


class UpdateCountsSchema(Document):
    """How many fields of the center's records become what."""

    provisions = fields.Integer(required=True)
    fields_ = fields.Integer(required=True, data_key="fields")
    to_answer = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    new_duties = fields.Integer(required=True)
    conflict = fields.Integer(required=True)
    stays_different = fields.Integer(required=True)
    postponed = fields.Integer(required=True)
    exempt = fields.Integer(required=True)
    comes_through = fields.Integer(required=True)
    fixed = fields.Integer(required=True)
    added = fields.Integer(required=True)
    removed = fields.Integer(required=True)


class UpdateActionsSchema(Document):
    """What this post may do with an update."""

    take = fields.Boolean(required=True)
    on_date = fields.Boolean(required=True)
    postpone = fields.Boolean(required=True)
    refuse = fields.Boolean(required=True)
    answer = fields.Boolean(required=True)
    later = fields.Boolean(required=True)
    take_all = fields.Boolean(required=True)


class UpdateSchema(Document):
    """An edition that came to this center, or is on its way."""

    rollout_id = fields.Integer(required=True)
    standard = fields.Nested(UpdateStandardSchema, required=True)
    owner = fields.Nested(PlaceSchema, required=True)
    edition = fields.Nested(UpdateEditionSchema, required=True)
    mode = fields.String(required=True)
    state = fields.String(required=True)
    rollout_state = fields.String(required=True)
    reason = fields.String(required=True)
    due_on = fields.String(required=True, allow_none=True)
    deadline = fields.String(required=True, allow_none=True)
    announced_at = fields.String(required=True)
    finished_at = fields.String(required=True, allow_none=True)
    answer = fields.Nested(UpdateAnswerSchema, required=True, allow_none=True)
    here = fields.Boolean(
        required=True, metadata={"description": "the center stands on this edition now"}
    )
    counts = fields.Nested(UpdateCountsSchema, required=True, allow_none=True)
    actions = fields.Nested(UpdateActionsSchema, required=True)


class UpdateRowQuery(PageQuery):
    """Which fields of an update."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", TO_ANSWER, *(state.value for state in RowState)]),
    )


class GivenAnswerSchema(Document):
    """What the center answered to a field."""

    answer = fields.String(required=True)
    value = Whole(required=True, allow_none=True)
    reason = fields.String(required=True)
    until = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    at = fields.String(required=True)


class DescribedFieldSchema(Document):
    """A field in words."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    type = fields.String(required=True)
    unit = fields.String(required=True)
    columns = fields.List(fields.Nested(ColumnSchema), required=True, allow_none=True)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True, allow_none=True)
    part_names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class UpdateRowSchema(DescribedFieldSchema):
    """A field of a record that an update changes; field '' where the provision came or went."""

    kind = fields.String(required=True)
    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    old_value = Whole(required=True, allow_none=True)
    old_rule = fields.String(required=True, allow_none=True)
    new_value = Whole(required=True, allow_none=True)
    new_rule = fields.String(required=True, allow_none=True)
    local_value = Whole(required=True, allow_none=True)
    before = Whole(required=True, allow_none=True)
    after = Whole(required=True, allow_none=True)
    pin_id = fields.Integer(required=True, allow_none=True)
    until = fields.String(required=True, allow_none=True)
    exemption_id = fields.Integer(required=True, allow_none=True)
    answer = fields.Nested(GivenAnswerSchema, required=True, allow_none=True)


class AcceptanceSchema(Document):
    """To take an update now, or on its day."""

    when = fields.String(required=True, validate=validate.OneOf(["now", "on_date"]))


class PostponementSchema(Document):
    """To put an update off."""

    until = fields.Date(required=True)
    reason = fields.String(required=True, validate=REASON)


class RefusalSchema(Document):
    """To turn an offer down."""

    reason = fields.String(required=True, validate=REASON)


class AnswerInSchema(Document):
    """What is done with a field; of `later` the field '' stands for the whole provision."""

    provision_id = fields.Integer(required=True)
    field = fields.String(required=True, validate=validate.Length(max=100))
    answer = fields.String(required=True, validate=validate.OneOf(["take", "keep", "later"]))
    value = Whole(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=REASON)
    until = fields.Date(load_default=None, allow_none=True)


class AnswersInSchema(Document):
    """Answers to many fields."""

    rows = fields.List(
        fields.Nested(AnswerInSchema), required=True, validate=validate.Length(1, MOST_ANSWERS)
    )


class AuthoritySchema(Document):
    """Whose rule refuses, in which edition, with which bound, and whom to ask."""

    owner = fields.String(required=True)
    edition = fields.Integer(required=True)
    contact = fields.String(required=True)
    bound = Whole(required=True, allow_none=True)
    exemption = fields.Boolean(required=True)


class RefusedAnswerSchema(Document):
    """An answer that was not taken: at which of its parts, why, by which rule, and whose."""

    provision_id = fields.Integer(required=True)
    field = fields.String(required=True)
    at = fields.String(required=True)
    message = fields.String(required=True)
    value = Whole(required=True, allow_none=True)
    rule = fields.String(required=True)
    authority = fields.Nested(AuthoritySchema, required=True, allow_none=True)


class AnsweredSchema(Document):
    """What came of many answers."""

    answered = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    rows = fields.List(fields.Nested(RefusedAnswerSchema), required=True)


class TakeAllSchema(Document):
    """What becomes of local values that the edition allows."""

    local = fields.String(load_default="keep", validate=validate.OneOf(["keep", "take"]))


class TakenSchema(Document):
    """What one click has answered, and what it left."""

    answered = fields.Integer(required=True)
    comes_through = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)
    postponed = fields.Integer(required=True)


class PinQuery(PageQuery):
    """Which postponements and exemptions."""

    reason = fields.String(load_default="", validate=validate.OneOf(["", "postponed", "exempt"]))
    soon = fields.Boolean(load_default=False)


class HeldSchema(DescribedFieldSchema):
    """What stays as it was until a day, with what the standard says meanwhile."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    record_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    reason = fields.String(required=True)
    until = fields.String(required=True)
    since = fields.String(required=True)
    exemption_id = fields.Integer(required=True, allow_none=True)
    rollout_id = fields.Integer(required=True, allow_none=True)
    local_value = Whole(required=True, allow_none=True)
    held_value = Whole(required=True, allow_none=True)
    standard_value = Whole(required=True, allow_none=True)


class CenterProgressSchema(Document):
    """How far a center is with an update."""

    center = fields.Nested(PlaceSchema, required=True)
    state = fields.String(required=True)
    take = fields.Integer(required=True)
    keep = fields.Integer(required=True)
    later = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)
    postponed = fields.Integer(required=True)
    exempt = fields.Integer(required=True)


class ProgressSchema(Document):
    """How far the centers of a roll-out are."""

    rows = fields.List(fields.Nested(CenterProgressSchema), required=True)
