"""Items found by name in the centers below, as sent."""

from marshmallow import fields

from jinzhu.core.schema import Document, PageQuery


class SearchQuery(PageQuery):
    """What is looked for, and below which center; the order is that of names, then of centers."""

    class Meta:
        exclude = ("sort",)

    parent = fields.Integer(load_default=None)


class OfferingCenterSchema(Document):
    """A center and the city it belongs to."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    city_id = fields.Integer(required=True, allow_none=True)
    city_name = fields.String(required=True, allow_none=True)


class FoundSchema(Document):
    """An item that a center offers."""

    center = fields.Nested(OfferingCenterSchema, required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    item_type = fields.String(required=True)
    department_name = fields.String(required=True)
