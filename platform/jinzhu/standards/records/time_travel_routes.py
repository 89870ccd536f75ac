"""Time travel over HTTP: a record as it was on a day, at the own center or at one below."""

from datetime import date

from marshmallow import fields

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.problems import invalid
from jinzhu.core.schema import Document
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage
from jinzhu.standards.records import time_travel
from jinzhu.standards.records.record_schemas import RecordFieldSchema, RecordSchema


class SaidBySchema(Document):
    """Who said a local value, and when."""

    name = fields.String(required=True)
    at = fields.String(required=True)


class FieldThenSchema(RecordFieldSchema):
    """A field as it was, who said what the center said, and why its value held."""

    said_by = fields.Nested(SaidBySchema, required=True, allow_none=True)
    because = fields.String(
        required=True, metadata={"description": "what brought the value, and for what reason"}
    )


class ThenSchema(Document):
    """The day that is shown, and since when the center was on the edition of then."""

    day = fields.String(required=True)
    since = fields.String(required=True)
    by = fields.String(required=True)
    rollout_id = fields.Integer(required=True, allow_none=True)


class RecordThenSchema(RecordSchema):
    """A record as it was at the end of a day."""

    fields_ = fields.List(fields.Nested(FieldThenSchema), required=True, data_key="fields")
    at = fields.Nested(ThenSchema, required=True)


def _day(written: str) -> date:
    """Return the day of an address."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise invalid("date", "at.no_day", value=written, rule="date") from error


def add_time_travel_routes(routes: Routes, kind: str) -> None:
    """Add: a record as it was, own or below."""

    @routes.on(
        "GET /<int:record_id>/at/<string:day>", needs=f"{kind}.read", gives=RecordThenSchema()
    )
    def read_record_then(record_id: int, day: str) -> Row:
        """Show a record as it was at the end of a day."""
        return time_travel.read(kind, record_id, _day(day))

    @routes.on(
        "GET /of/<int:center_id>/<int:provision_id>/at/<string:day>",
        needs="coverage.read",
        gives=RecordThenSchema(),
        reach=Reach.SUBTREE,
    )
    def read_below_then(center_id: int, provision_id: int, day: str) -> Row:
        """Show the record of a center below as it was at the end of a day."""
        place = coverage.below(center_id)
        return time_travel.read_of_provision(kind, provision_id, _day(day), center_id=place.id)
