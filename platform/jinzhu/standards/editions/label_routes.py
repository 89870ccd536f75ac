"""Labels of centers over HTTP."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import Document, PageQuery, rows_of
from jinzhu.standards.editions import labels

#: A comma parts labels from one another in addresses and in workbooks.
NAME = validate.And(
    validate.Length(1, 100), validate.Regexp(r"^[^,，;；\s][^,，;；]*$", error="Not a label.")
)


class LabelSchema(Document):
    """A label, and how much hangs on it."""

    label = fields.String(required=True)
    centers = fields.Integer(required=True)
    #: Provisions in force that are narrowed to centers with this label.
    provisions = fields.Integer(required=True)
    #: Put by this center, not by one above it.
    own = fields.Boolean(required=True)


class LabelsSchema(Document):
    """All labels."""

    rows = fields.List(fields.Nested(LabelSchema), required=True)


class LabelledQuery(PageQuery):
    """Which centers."""

    label = fields.String(load_default="")
    parent = fields.Integer(load_default=None)


class LabelledSchema(Document):
    """A center below with its labels."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    city_name = fields.String(required=True, allow_none=True)
    labels = fields.List(fields.String(), required=True)


class LabelsOfSchema(Document):
    """The labels of a center."""

    labels = fields.List(fields.String(validate=NAME), required=True)


class LabelManySchema(Document):
    """A label put on many centers, or taken off."""

    label = fields.String(required=True, validate=NAME)
    centers = fields.List(fields.Integer(), required=True)
    #: Each center stands for itself and everything under it.
    below = fields.Boolean(load_default=False)
    on = fields.Boolean(required=True)


class LabelledCountSchema(Document):
    """How many centers were touched."""

    centers = fields.Integer(required=True)


def add_label_routes(routes: Routes) -> None:
    """Add: the labels there are, the centers that carry them, and putting them on."""

    @routes.on("GET /labels", needs="standard.read", gives=LabelsSchema())
    def list_labels() -> Row:
        """List the labels there are."""
        return {"rows": labels.labels()}

    @routes.on(
        "GET /labels/centers",
        needs="label.write",
        query=LabelledQuery(),
        gives=rows_of(LabelledSchema()),
    )
    def list_labelled(query: dict[str, Any]) -> Row:
        """List the centers below with their labels."""
        return labels.centers(query)

    @routes.on(
        "PUT /labels/centers/<int:center_id>",
        needs="label.write",
        takes=LabelsOfSchema(),
        gives=LabelsOfSchema(),
    )
    def label_center(values: dict[str, Any], center_id: int) -> Row:
        """Give a center below exactly these labels."""
        return {"labels": labels.put_on(center_id, values["labels"])}

    @routes.on(
        "POST /labels", needs="label.write", takes=LabelManySchema(), gives=LabelledCountSchema()
    )
    def label_many(values: dict[str, Any]) -> Row:
        """Put a label on many centers, or take it off."""
        name, chosen = values["label"], values["centers"]
        touched = labels.put_many(name, chosen=chosen, below=values["below"], on=values["on"])
        return {"centers": touched}
