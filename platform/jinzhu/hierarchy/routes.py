"""The centers over HTTP."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from jinzhu.core.http import Routes, scope
from jinzhu.core.pages import Row, page_of
from jinzhu.core.schema import Document, PageQuery, rows_of
from jinzhu.hierarchy.models import Center

routes = Routes("centers", __name__)


class CenterQuery(PageQuery):
    """Which centers."""

    level = fields.String(
        load_default="", validate=validate.OneOf(["", "province", "city", "county"])
    )
    parent = fields.Integer(load_default=None)
    per_page = fields.Integer(load_default=50, validate=validate.Range(1, 4000))


class CenterSchema(Document):
    """A center and the one above it."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    development_zone = fields.Boolean(required=True)
    parent_id = fields.Integer(required=True, allow_none=True)
    parent_name = fields.String(required=True, allow_none=True)


@routes.on("GET ", needs="center.read", query=CenterQuery(), gives=rows_of(CenterSchema()))
def list_centers(query: dict[str, Any]) -> Row:
    """List this center and those below it."""
    parent = aliased(Center)
    statement = (
        select(
            Center.id,
            Center.code,
            Center.name,
            Center.level,
            Center.development_zone,
            Center.parent_id,
            parent.name.label("parent_name"),
        )
        .outerjoin(parent, parent.id == Center.parent_id)
        .where(Center.path.contains([scope().tenant_id]))
    )
    if query["level"]:
        statement = statement.where(Center.level == query["level"])
    if query["parent"]:
        statement = statement.where(Center.parent_id == query["parent"])
    if query["q"]:
        wanted = query["q"].strip()
        statement = statement.where(
            or_(
                Center.name.icontains(wanted, autoescape=True),
                Center.code.startswith(wanted, autoescape=True),
            )
        )
    return page_of(
        statement,
        query,
        sortable={"code": Center.code, "name": Center.name_key},
        default="code",
        last=[Center.id.asc()],
    )
