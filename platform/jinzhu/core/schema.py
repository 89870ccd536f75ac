"""The base of all schemas: strict about what comes in, a document of what goes out."""

from functools import cache
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

MAX_PER_PAGE = 200


class Document(Schema):
    """A JSON object; a field it does not know is an error, not a loss."""

    class Meta:
        unknown = RAISE


class PageQuery(Schema):
    """Which part of a list, in which order."""

    class Meta:
        unknown = EXCLUDE

    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
    per_page = fields.Integer(load_default=20, validate=validate.Range(1, MAX_PER_PAGE))
    sort = fields.String(
        load_default="", metadata={"description": "field or -field, several with commas"}
    )
    q = fields.String(load_default="", validate=validate.Length(max=100))


def rows_of(schema: Schema) -> Schema:
    """Return the schema of a list document: rows, their true total, and the page shown."""
    return _rows_of(type(schema))()


@cache
def _rows_of(row: type[Schema]) -> type[Schema]:
    members: dict[str, Any] = {
        "rows": fields.List(fields.Nested(row), required=True),
        "total": fields.Integer(required=True),
        "page": fields.Integer(required=True),
        "per_page": fields.Integer(required=True),
    }
    return Document.from_dict(members, name=f"{row.__name__.removesuffix('Schema')}Rows")
