"""The calendar over HTTP: the days of a year, and the days that a province sets itself."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from jinzhu.core.access import SIGNED_IN
from jinzhu.core.calendar import today
from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.schema import Document
from jinzhu.workdays import jobs, service

routes = Routes("calendar", __name__)
#: The years that the public calendar is known for, or can be told from the law.
FIRST, LAST = 2020, 2099


class YearQuery(Document):
    """Which year; without one, this."""

    year = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(FIRST, LAST))


class OwnDaySchema(Document):
    """A day that a center sets itself: why, and which center."""

    name = fields.String(required=True)
    owner = fields.String(required=True)
    here = fields.Boolean(required=True)


class DaySchema(Document):
    """A day: whether people work, what the public calendar says, and who says otherwise."""

    day = fields.String(required=True)
    working = fields.Boolean(required=True)
    public = fields.Boolean(required=True)
    holiday = fields.String(required=True)
    own = fields.Nested(OwnDaySchema, required=True, allow_none=True)


class CalendarSchema(Document):
    """The days of a year as this center works them."""

    year = fields.Integer(required=True)
    #: Whether the State Council has announced the days off; else they are those the law names.
    announced = fields.Boolean(required=True)
    days = fields.List(fields.Nested(DaySchema), required=True)


class DayInSchema(Document):
    """Whether people work on a day, and why it is said."""

    working = fields.Boolean(required=True)
    name = fields.String(required=True, validate=validate.Length(max=64))


@routes.on("GET ", needs=SIGNED_IN, query=YearQuery(), gives=CalendarSchema())
def read_calendar(query: dict[str, Any]) -> Row:
    """Show the days of a year, with public holidays and the days set by those above."""
    return service.year(query["year"] or today().year)


@routes.on(
    "PUT /days/<string:day>", needs="calendar.write", takes=DayInSchema(), gives=CalendarSchema()
)
def set_day(values: dict[str, Any], day: str) -> Row:
    """Say that this center and all below it work on a day, or do not."""
    which = _read(day)
    service.set_day(which, **values)
    jobs.recount.later()
    return service.year(which.year)


@routes.on("DELETE /days/<string:day>", needs="calendar.write", gives=CalendarSchema())
def unset_day(day: str) -> Row:
    """Leave a day to the public calendar again."""
    which = _read(day)
    service.unset_day(which)
    jobs.recount.later()
    return service.year(which.year)


def _read(day: str) -> date:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise NotFound(id=day) from None
    if not FIRST <= found.year <= LAST:
        raise NotFound(id=day)
    return found
