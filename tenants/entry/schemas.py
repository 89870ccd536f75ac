"""Entries as they come and go over HTTP."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.overview_schemas import BranchCenterSchema, CoverageCenterSchema
from tenants.entry.models import STATES, ChangeKind, Mode
from tenants.entry.service import FIGURES

KINDS = ["department", "item"]
MODES = [mode.value for mode in Mode]
CHANGES = [change.value for change in ChangeKind]
CODE = validate.Length(max=64)


def _one_of(choices: list[str]) -> fields.String:
    """Return a filter by one of these, or by none."""
    return fields.String(load_default="", validate=validate.OneOf(["", *choices]))


class ObjectQuery(Document):
    """For which kind."""

    object = fields.String(load_default="item", validate=validate.OneOf(KINDS))


class EntryQuery(PageQuery):
    """Which of what a center offers."""

    object = fields.String(load_default="item", validate=validate.OneOf(KINDS))
    state = _one_of(STATES)
    mode = _one_of(MODES)
    #: The class of a department, the type of an item.
    group = fields.String(load_default="", validate=CODE)
    department = fields.String(load_default="", validate=CODE)
    item_type = fields.String(load_default="", validate=CODE)
    #: Without what is on the negative list.
    due = fields.Boolean(load_default=False)
    #: With a case in course, or without one.
    waiting = _one_of(["case", "none"])


class EntryRowSchema(Document):
    """Something that a center offers, how it stands, and whom it waits for."""

    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    group = fields.String(required=True, allow_none=True)
    group_label = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    state_label = fields.String(required=True)
    mode = fields.String(required=True, allow_none=True)
    since = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    approval = fields.String(required=True)
    case_id = fields.Integer(required=True, allow_none=True)
    case_number = fields.String(required=True, allow_none=True)
    case_kind = fields.String(required=True, allow_none=True)
    case_kind_label = fields.String(required=True)
    step_name = fields.String(required=True, allow_none=True)
    actor = fields.String(required=True, allow_none=True)
    waits_for = fields.String(required=True)
    waiting_since = fields.String(required=True, allow_none=True)
    due_on = fields.String(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)


class EntryStandingSchema(Document):
    """How something stands to the own center, and the kinds of case that make sense for it now."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    state_label = fields.String(required=True)
    mode = fields.String(required=True, allow_none=True)
    mode_label = fields.String(required=True)
    since = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    kinds = fields.List(fields.String(), required=True)


class RatesQuery(ObjectQuery):
    """By what."""

    by = fields.String(load_default="group", validate=validate.OneOf(["group", "department"]))


def _figures(names: tuple[str, ...]) -> dict[str, fields.Field[Any]]:
    return {
        **{name: fields.Integer(required=True) for name in (*names, "due")},
        "rate": fields.Float(required=True, allow_none=True),
    }


RateSchema = Document.from_dict(
    {
        "group": fields.String(required=True, allow_none=True),
        "label": fields.String(required=True),
        **_figures(FIGURES),
    },
    name="EntryRate",
)


class RatesSchema(Document):
    """The entry rate 进驻率, by class, type or department and in all; rate is a percentage."""

    groups = fields.List(fields.Nested(RateSchema), required=True)
    total = fields.Nested(RateSchema, required=True)


class BelowQuery(ObjectQuery):
    """Below which center, and whether each center by itself or with all below it."""

    parent = fields.Integer(load_default=None)
    each = fields.Boolean(load_default=False)


BelowFiguresSchema = Document.from_dict(
    {
        **_figures(("offered", *STATES)),
        "changes": fields.Integer(required=True),
    },
    name="EntryFigures",
)


class BelowCenterSchema(BranchCenterSchema):
    """A center below, and what stands above it."""

    parent = fields.String(required=True)


class BelowRowSchema(BelowFiguresSchema):  # type: ignore[misc,valid-type]  # made above
    """The figures of a center."""

    center = fields.Nested(BelowCenterSchema, required=True)


class BelowGroupSchema(BelowFiguresSchema):  # type: ignore[misc,valid-type]  # made above
    """The figures of a class or type over all centers."""

    class Meta:
        exclude = ("changes",)

    group = fields.String(required=True, allow_none=True)
    label = fields.String(required=True)


class BelowSchema(Document):
    """How what the centers below offer stands."""

    center = fields.Nested(CoverageCenterSchema, required=True)
    total = fields.Nested(BelowFiguresSchema, required=True)
    own = fields.Nested(BelowFiguresSchema, required=True)
    rows = fields.List(fields.Nested(BelowRowSchema), required=True)
    groups = fields.List(fields.Nested(BelowGroupSchema), required=True)


class MonthQuery(Document):
    """Which month: 2026-11."""

    month = fields.String(load_default="", validate=validate.Regexp(r"^$|^20\d\d-(0[1-9]|1[0-2])$"))


class ChangesQuery(PageQuery):
    """Which changes of which month."""

    month = fields.String(load_default="", validate=validate.Regexp(r"^$|^20\d\d-(0[1-9]|1[0-2])$"))
    object = _one_of(KINDS)
    change = _one_of(CHANGES)


class ChangeSchema(Document):
    """A state that began: what it means, who brought it about, under which case."""

    id = fields.Integer(required=True)
    object = fields.String(required=True)
    since = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    change = fields.String(required=True, validate=validate.OneOf(CHANGES))
    change_label = fields.String(required=True)
    mode = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    approval = fields.String(required=True)
    who = fields.String(required=True)
    case_id = fields.Integer(required=True, allow_none=True)
    case_number = fields.String(required=True, allow_none=True)
    record_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True, allow_none=True)
    department_name = fields.String(required=True)


class ChangeCountSchema(Document):
    """How many changes of a kind began in a month."""

    change = fields.String(required=True, validate=validate.OneOf(CHANGES))
    label = fields.String(required=True)
    item = fields.Integer(required=True)
    department = fields.Integer(required=True)


class ChangeFiguresSchema(Document):
    """The changes of a month in figures."""

    month = fields.String(required=True)
    rows = fields.List(fields.Nested(ChangeCountSchema), required=True)
