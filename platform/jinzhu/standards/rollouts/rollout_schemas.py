"""Roll-outs, as sent and received."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from jinzhu.core.job_schema import JobSchema
from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.models import DeliveryState, Mode, StageState
from jinzhu.standards.records.record_schemas import DescribedSchema
from jinzhu.standards.rollouts.rollout_base import PLANNED
from jinzhu.standards.schemas import EditionNameSchema, PlaceSchema, Whole

LEVELS = ["province", "city", "county"]
MOST_STAGES = 20
MISSING = "Missing data for required field."
REASON = validate.And(validate.Length(max=500), validate.Regexp(r"\s*\S", error=MISSING))


class ChosenCenters(fields.Field[object]):
    """`"all"`, or a list of numbers of centers."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if value == "all":
            return value
        if isinstance(value, list) and all(type(part) is int for part in value):
            return value
        raise ValidationError("Not a list of centers.")


class StageCentersSchema(Document):
    """Whom a stage names: all, or the union of lists; levels narrow what else is named."""

    all = fields.Boolean(load_default=False)
    centers = fields.List(fields.Integer(strict=True), load_default=list)
    cities = fields.List(fields.Integer(strict=True), load_default=list)
    labels = fields.List(fields.String(validate=validate.Length(1, 200)), load_default=list)
    levels = fields.List(fields.String(validate=validate.OneOf(LEVELS)), load_default=list)

    @post_load
    def named(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Keep what was said."""
        return {name: value for name, value in values.items() if value}


class GateSchema(Document):
    """What has to hold before a stage opens."""

    approval = fields.Boolean(load_default=False)
    wait_days = fields.Integer(load_default=0, validate=validate.Range(0, 365))
    max_failed_percent = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(0, 100)
    )


class StageInSchema(Document):
    """A stage as asked for."""

    name = fields.String(load_default="", validate=validate.Length(max=100))
    chosen = fields.Nested(StageCentersSchema, required=True)
    gate = fields.Nested(GateSchema, load_default=lambda: GateSchema().load({}))


class CentersSchema(Document):
    """Which centers: a list, all, or those of some stages."""

    centers = ChosenCenters(
        load_default=None, metadata={"description": "either this or `stages` is said"}
    )
    stages = fields.List(
        fields.Nested(StageInSchema), load_default=None, validate=validate.Length(1, MOST_STAGES)
    )

    @validates_schema
    def named_once(self, values: dict[str, Any], **_: Any) -> None:
        """Refuse where nobody is named, or in both ways."""
        if (values.get("centers") is None) == (values.get("stages") is None):
            raise ValidationError(MISSING, "centers")


class RolloutInSchema(CentersSchema):
    """A roll-out: to whom, how, from when on, and why."""

    mode = fields.Enum(Mode, by_value=True, load_default=Mode.AT_ONCE)
    starts_on = fields.Date(load_default=None, allow_none=True)
    notice_days = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(0, 365)
    )
    deadline = fields.Date(load_default=None, allow_none=True)
    reason = fields.String(required=True, validate=REASON)


class NoteSchema(Document):
    """What an approval is based on."""

    note = fields.String(load_default="", validate=validate.Length(max=500))


class LeaveOutSchema(Document):
    """A center that is left out, and why."""

    center = fields.Integer(required=True, strict=True)
    reason = fields.String(required=True, validate=REASON)


class RollbackSchema(Document):
    """Which centers go back, and why."""

    centers = ChosenCenters(required=True)
    reason = fields.String(required=True, validate=REASON)


class RollbackPreviewSchema(Document):
    """Which centers would go back, and which page of what that changes."""

    centers = ChosenCenters(required=True)
    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
    per_page = fields.Integer(load_default=20, validate=validate.Range(1, 200))


class ReturningFieldSchema(DescribedSchema):
    """A field that would change back: as it holds now, and as it would hold."""

    before = Whole(required=True, allow_none=True)
    after = Whole(required=True, allow_none=True)
    rule_before = fields.String(required=True, allow_none=True)
    rule_after = fields.String(required=True, allow_none=True)


class ReturningSchema(Document):
    """A provision at a center that going back would change."""

    center = fields.Nested(PlaceSchema, required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    change = fields.String(
        required=True,
        validate=validate.OneOf(["changed", "added", "removed"]),
        metadata={"description": "added: it comes back; removed: it is gone with the edition"},
    )
    fields_ = fields.List(
        fields.Nested(ReturningFieldSchema),
        required=True,
        data_key="fields",
        metadata={"description": "none: what the center says itself holds before and after"},
    )


class RollbackFiguresSchema(Document):
    """How many centers can go back; for how many it was the first; how many have gone further."""

    possible = fields.Integer(required=True)
    first = fields.Integer(required=True)
    moved_on = fields.Integer(required=True)


class CountsSchema(Document):
    """Deliveries by state; planned are those whose stage has not opened."""

    planned = fields.Integer(required=True)
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


class StageSchema(Document):
    """A stage, with the gate before it and what that waits for."""

    place = fields.Integer(required=True)
    name = fields.String(required=True)
    chosen = fields.Nested(StageCentersSchema, required=True)
    gate = fields.Nested(GateSchema, required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(StageState)))
    opened_at = fields.String(required=True, allow_none=True)
    finished_at = fields.String(required=True, allow_none=True)
    approved_at = fields.String(required=True, allow_none=True)
    approved_by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)
    counts = fields.Nested(CountsSchema, required=True)
    total = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)
    waits_for = fields.List(fields.String(), required=True)
    may_approve = fields.Boolean(required=True)


class RolloutRowSchema(Document):
    """A roll-out 下发 and how far it has come."""

    id = fields.Integer(required=True)
    edition = fields.Nested(EditionNameSchema, required=True)
    standard = fields.Nested(PlaceSchema, required=True)
    mode = fields.String(required=True)
    state = fields.String(required=True)
    starts_on = fields.String(required=True, allow_none=True)
    notice_days = fields.Integer(required=True)
    deadline = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    created_by = fields.String(required=True)
    finished_at = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    counts = fields.Nested(CountsSchema, required=True)
    total = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)
    job = fields.Nested(JobSchema, required=True, allow_none=True)


class RolloutSchema(RolloutRowSchema):
    """A roll-out with its stages, what it waits for in words, and what may be done with it."""

    stages = fields.List(fields.Nested(StageSchema), required=True)
    waits_for = fields.List(fields.String(), required=True)
    actions = fields.List(fields.String(), required=True)


class RolloutQuery(PageQuery):
    """Which roll-outs."""

    edition_id = fields.Integer(load_default=None)


class DeliveryQuery(PageQuery):
    """Which deliveries."""

    state = fields.String(load_default="", validate=validate.OneOf(["", PLANNED, *DeliveryState]))
    stage = fields.Integer(load_default=None)
    city = fields.Integer(load_default=None)
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
    stage = fields.Integer(required=True)
    state = fields.String(required=True)
    from_number = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "the edition that the center came from, or is on while it waits;"
            " null where it had none"
        },
    )
    waits_for = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "in words; null where nothing is to come any more"},
    )
    conflicts = fields.Integer(required=True)
    due_on = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    error = fields.String(required=True, allow_none=True)
    announced_at = fields.String(required=True, allow_none=True)
    answered_at = fields.String(required=True, allow_none=True)
    finished_at = fields.String(required=True, allow_none=True)


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


class PreviewExemptionSchema(Document):
    """An exemption in force for something that the edition changes."""

    center = fields.Nested(PlaceSchema, required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    field = fields.String(required=True)
    label = fields.String(required=True)
    expires_on = fields.String(required=True)


class PreviewCitySchema(Document):
    """A city whose amendment the edition does not allow as it is."""

    city = fields.Nested(PlaceSchema, required=True)
    centers = fields.Integer(required=True)
    fields_ = fields.Integer(required=True, data_key="fields", attribute="fields")


class PreviewStageSchema(Document):
    """How many centers a stage has."""

    place = fields.Integer(required=True)
    centers = fields.Integer(required=True)


class PreviewSchema(Document):
    """What a roll-out would do."""

    centers = fields.Integer(required=True)
    already_there = fields.Integer(required=True)
    going_back = fields.Integer(required=True)
    provisions_added = fields.Integer(required=True)
    provisions_changed = fields.Integer(required=True)
    provisions_removed = fields.Integer(required=True)
    new_duties = fields.Integer(required=True)
    records_touched = fields.Integer(required=True)
    fields_changed = fields.Integer(required=True)
    windows_touched = fields.Integer(required=True)
    cases_touched = fields.Integer(required=True)
    conflicts_total = fields.Integer(required=True)
    conflicts = fields.List(fields.Nested(BreakSchema), required=True)
    exemptions_total = fields.Integer(required=True)
    exemptions = fields.List(fields.Nested(PreviewExemptionSchema), required=True)
    cities = fields.List(fields.Nested(PreviewCitySchema), required=True)
    stages = fields.List(fields.Nested(PreviewStageSchema), required=True)
