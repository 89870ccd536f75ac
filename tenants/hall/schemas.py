"""Halls and windows as they come and go over HTTP."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.workdays.opening import WEEK, Why
from tenants.hall.models import Assigned, DayKind, HallKind, WindowKind
from tenants.hall.workflow import Fate

HALL_KINDS = [kind.value for kind in HallKind]
WINDOW_KINDS = [kind.value for kind in WindowKind]
OBJECTS = [one.value for one in Assigned]
SHORT, LONG = validate.Length(max=64), validate.Length(max=200)
NAMED = validate.Length(1, 100)
SIDE = validate.Range(1, 30)
MANY = validate.Length(max=2000)
#: 24:00 is midnight at the end of a day.
TIME = validate.Regexp(r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")


def _hours(**more: Any) -> fields.List[Any]:
    """Return the field for the hours of a day: pairs of times."""
    span = fields.List(fields.String(validate=TIME), validate=validate.Length(max=2))
    return fields.List(span, validate=validate.Length(max=4), **more)


WeekSchema = Document.from_dict({day: _hours(load_default=list) for day in WEEK}, name="WeekSchema")


class HallQuery(PageQuery):
    """Which halls."""

    kind = fields.String(load_default="", validate=validate.OneOf(["", *HALL_KINDS]))
    state = fields.String(load_default="", validate=validate.OneOf(["", "closed"]))


class HallInSchema(Document):
    """What is said of a hall."""

    name = fields.String(required=True, validate=NAMED)
    kind = fields.String(required=True, validate=validate.OneOf(HALL_KINDS))
    department_code = fields.String(load_default="", validate=SHORT)
    address = fields.String(load_default="", validate=LONG)
    phone = fields.String(load_default="", validate=SHORT)
    floors = fields.List(
        fields.String(validate=NAMED), required=True, validate=validate.Length(1, 20)
    )


class HallRowSchema(Document):
    """A hall in a list, with its figures."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    address = fields.String(required=True)
    phone = fields.String(required=True)
    floors = fields.List(fields.String(), required=True)
    closed_on = fields.String(required=True, allow_none=True)
    windows = fields.Integer(required=True)
    free = fields.Integer(required=True)
    without_department = fields.Integer(required=True)
    unplaced = fields.Integer(required=True)
    version = fields.Integer(required=True)


class ZoneInSchema(Document):
    """What is said of a zone."""

    floor = fields.String(required=True, validate=NAMED)
    name = fields.String(required=True, validate=NAMED)
    columns = fields.Integer(required=True, validate=SIDE)
    rows = fields.Integer(required=True, validate=SIDE)


class ZoneSchema(ZoneInSchema):
    """A zone of a hall."""

    id = fields.Integer(required=True)
    version = fields.Integer(required=True)


class HallDaySchema(Document):
    """A day that is different."""

    day = fields.String(required=True)
    kind = fields.String(required=True)
    hours = _hours(required=True)
    note = fields.String(required=True)


class HallSchema(HallRowSchema):
    """A hall with its zones and its opening plan."""

    weekly = fields.Nested(WeekSchema, required=True)
    days = fields.List(fields.Nested(HallDaySchema), required=True)
    zones = fields.List(fields.Nested(ZoneSchema), required=True)
    editable = fields.Boolean(required=True)


class PlanInSchema(Document):
    """The hours of a week."""

    weekly = fields.Nested(WeekSchema, required=True)


class OwnPlanInSchema(Document):
    """The hours of a window's own week; null takes those of the hall."""

    weekly = fields.Nested(WeekSchema, required=True, allow_none=True)


class HallDayInSchema(Document):
    """What is different on a day."""

    kind = fields.String(required=True, validate=validate.OneOf([one.value for one in DayKind]))
    hours = _hours(load_default=list)
    note = fields.String(load_default="", validate=LONG)


class MonthQuery(PageQuery):
    """Which month."""

    year = fields.Integer(required=True, validate=validate.Range(2000, 2100))
    month = fields.Integer(required=True, validate=validate.Range(1, 12))


class OpenDaySchema(Document):
    """A day with the hours at which a hall is open, and what decides over them."""

    day = fields.String(required=True)
    hours = _hours(required=True)
    why = fields.String(required=True, validate=validate.OneOf([one.value for one in Why]))
    why_label = fields.String(required=True)
    note = fields.String(required=True)


class MonthSchema(Document):
    """The days of a month."""

    days = fields.List(fields.Nested(OpenDaySchema), required=True)


class WindowQuery(PageQuery):
    """Which windows."""

    hall = fields.Integer(load_default=None)
    zone = fields.Integer(load_default=None)
    kind = fields.String(load_default="", validate=validate.OneOf(["", *WINDOW_KINDS]))
    department = fields.String(load_default="", validate=SHORT)
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", "free", "without_department", "unplaced", "closed"]),
    )


class PlaceInSchema(Document):
    """A place in a zone; null takes the window away from its place."""

    zone_id = fields.Integer(load_default=None, allow_none=True)
    x = fields.Integer(load_default=None, allow_none=True, validate=SIDE)
    y = fields.Integer(load_default=None, allow_none=True, validate=SIDE)


class WindowChangeSchema(Document):
    """What is said of a window."""

    number = fields.String(required=True, validate=NAMED)
    name = fields.String(load_default="", validate=validate.Length(max=100))
    kind = fields.String(required=True, validate=validate.OneOf(WINDOW_KINDS))
    phone = fields.String(load_default="", validate=SHORT)


class WindowInSchema(WindowChangeSchema, PlaceInSchema):
    """What a window is opened with."""


class AtWindowSchema(Document):
    """A department at a window."""

    assignment_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    starts_on = fields.String(required=True)
    ends_on = fields.String(required=True, allow_none=True)


class WindowOnMapSchema(Document):
    """A window with what is at it, and what is wanting."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    phone = fields.String(required=True)
    hall_id = fields.Integer(required=True)
    zone_id = fields.Integer(required=True, allow_none=True)
    x = fields.Integer(required=True, allow_none=True)
    y = fields.Integer(required=True, allow_none=True)
    closed_on = fields.String(required=True, allow_none=True)
    departments = fields.List(fields.Nested(AtWindowSchema), required=True)
    items = fields.Integer(required=True)
    free = fields.Boolean(required=True)
    without_department = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class WindowRowSchema(WindowOnMapSchema):
    """A window in a list."""

    hall_name = fields.String(required=True)
    zone_name = fields.String(required=True, allow_none=True)
    floor = fields.String(required=True, allow_none=True)


class WindowSchema(WindowRowSchema):
    """A window with its hours."""

    weekly = fields.Nested(WeekSchema, required=True)
    own_hours = fields.Boolean(required=True)
    editable = fields.Boolean(required=True)


class WindowDepartmentSchema(Document):
    """A department that the center offers, with how many windows it has."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    presence_mode = fields.String(required=True)
    windows = fields.Integer(required=True)
    unarranged = fields.Boolean(required=True)


class WindowDepartmentsSchema(Document):
    """The departments that can be assigned."""

    rows = fields.List(fields.Nested(WindowDepartmentSchema), required=True)


class HallMapSchema(Document):
    """A hall with its windows and the departments to assign."""

    hall = fields.Nested(HallSchema, required=True)
    windows = fields.List(fields.Nested(WindowOnMapSchema), required=True)
    departments = fields.List(fields.Nested(WindowDepartmentSchema), required=True)


class AssignmentQuery(PageQuery):
    """Which assignments of a window."""

    object = fields.String(load_default="", validate=validate.OneOf(["", *OBJECTS]))
    when = fields.String(
        load_default="", validate=validate.OneOf(["", "now", "coming", "lasting", "past"])
    )


class AssignmentRowSchema(Document):
    """A department or an item at a window, since when and until when."""

    id = fields.Integer(required=True)
    object = fields.String(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    starts_on = fields.String(required=True)
    ends_on = fields.String(required=True, allow_none=True)
    assigned_by = fields.String(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)


class AssignInSchema(Document):
    """What comes to a window from a day on; `items_of` stands for all items of departments."""

    departments = fields.List(fields.String(validate=SHORT), load_default=list, validate=MANY)
    items = fields.List(fields.Integer(), load_default=list, validate=MANY)
    items_of = fields.List(fields.String(validate=SHORT), load_default=list, validate=MANY)
    since = fields.Date(required=True)


class EndInSchema(Document):
    """What leaves a window, and the first day on which it is not there."""

    ids = fields.List(fields.Integer(), required=True, validate=MANY)
    until = fields.Date(required=True)


class ItemChoiceQuery(PageQuery):
    """Which items to choose from."""

    department = fields.String(load_default="", validate=SHORT)


class ItemChoiceSchema(Document):
    """An item that the center offers, and where it is already."""

    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    here = fields.Boolean(required=True)
    windows = fields.Integer(required=True)


class SignSchema(Document):
    """What stands on the sign of a window."""

    center = fields.String(required=True)
    hall = fields.String(required=True)
    address = fields.String(required=True)
    phone = fields.String(required=True)
    floor = fields.String(required=True, allow_none=True)
    zone = fields.String(required=True, allow_none=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    kind_label = fields.String(required=True)
    departments = fields.List(fields.String(), required=True)
    items = fields.List(fields.String(), required=True)
    #: Arranged at the window and not entered: it does not stand on the sign.
    waiting = fields.List(fields.String(), required=True)
    weekly = fields.Nested(WeekSchema, required=True)
    qr = fields.String(required=True)
    page_address = fields.String(required=True)


class ClosingInSchema(Document):
    """What becomes of the equipment at a place that is closed; moved, to which hall or window."""

    equipment = fields.String(
        load_default="", validate=validate.OneOf(["", *(one.value for one in Fate)])
    )
    hall_id = fields.Integer(load_default=None, allow_none=True)
    window_id = fields.Integer(load_default=None, allow_none=True)
