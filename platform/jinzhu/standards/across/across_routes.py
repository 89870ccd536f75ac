"""Comparing centers over HTTP, and making a center's practice the standard."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import Document, rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards.across import across, across_centers, across_list, practice
from jinzhu.standards.across.across_schemas import (
    AcrossCentersQuery,
    AcrossCentersSchema,
    AcrossQuery,
    AcrossRowSchema,
    AcrossSchema,
    ParentQuery,
)
from jinzhu.standards.schemas import FaultSchema

ONE = "/comparison/<string:kind>/<int:provision_id>"


class AdoptionSchema(Document):
    """Whose practice becomes the standard, and which fields of it; all if none is named."""

    center_id = fields.Integer(required=True)
    fields_ = fields.List(
        fields.String(),
        load_default=list,
        data_key="fields",
        attribute="fields",
        validate=validate.Length(max=100),
    )


class AdoptedSchema(Document):
    """Where the practice stands now: the draft, and the provision in it."""

    edition_id = fields.Integer(required=True)
    standard_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    along = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "taken over as well, because the fields would not fit without"},
    )
    faults = fields.List(
        fields.Nested(FaultSchema),
        required=True,
        metadata={"description": "what the owner still has to put right in the draft"},
    )


def add_across_routes(routes: Routes) -> None:
    """Add: what centers do most differently, one provision across all of them, and taking over."""
    _add_comparison(routes)
    _add_adoption(routes)


def _add_comparison(routes: Routes) -> None:
    @routes.on(
        "GET /comparison",
        needs="comparison.read",
        query=AcrossQuery(),
        gives=rows_of(AcrossRowSchema()),
        reach=Reach.SUBTREE,
    )
    def list_differing(query: dict[str, Any]) -> Row:
        """List provisions by how differently the centers below do them."""
        return across_list.page(query)

    @routes.on(
        f"GET {ONE}",
        needs="comparison.read",
        query=ParentQuery(),
        gives=AcrossSchema(),
        reach=Reach.SUBTREE,
    )
    def compare_centers(query: dict[str, Any], kind: str, provision_id: int) -> Row:
        """Show how far the centers below are apart on one provision, field by field."""
        return across.read(kind, provision_id, **query)

    @routes.on(
        f"GET {ONE}/centers",
        needs="comparison.read",
        query=AcrossCentersQuery(),
        gives=AcrossCentersSchema(),
        reach=Reach.SUBTREE,
    )
    def list_compared_centers(query: dict[str, Any], kind: str, provision_id: int) -> Row:
        """List the centers that offer it, with what each does in one field."""
        return across_centers.page(kind, provision_id, query)


def _add_adoption(routes: Routes) -> None:
    @routes.on(
        f"POST {ONE}/adoption",
        needs="standard.write",
        takes=AdoptionSchema(),
        gives=AdoptedSchema(),
        status=201,
        reach=Reach.PUSH,
    )
    def adopt_practice(values: dict[str, Any], kind: str, provision_id: int) -> Row:
        """Write what a center does into the draft of the standard."""
        return practice.adopt(kind, provision_id, **values)
