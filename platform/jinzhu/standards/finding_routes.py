"""One search over HTTP: a few of each kind, and all of one."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.access import SIGNED_IN
from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import Document, PageQuery, rows_of
from jinzhu.standards import finding

TYPED = validate.Length(max=100)
KIND = validate.OneOf(finding.ORDER)


class TypedQuery(Document):
    """What was typed: words in Chinese or pinyin, the start of a code or number."""

    q = fields.String(load_default="", validate=TYPED)


class FindQuery(PageQuery):
    """What was typed, and the kind of which all is wanted; the best matches stand first."""

    class Meta:
        exclude = ("sort",)

    kind = fields.String(load_default="item", validate=KIND)


class HitSchema(Document):
    """Something that was found, and its page."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    state = fields.String(required=True)
    to = fields.String(required=True)


class HitGroupSchema(Document):
    """A few of a kind, with how many there are."""

    kind = fields.String(required=True, validate=KIND)
    label = fields.String(required=True)
    rows = fields.List(fields.Nested(HitSchema), required=True)
    total = fields.Integer(required=True)


class FoundEverywhereSchema(Document):
    """What was found, by kind."""

    q = fields.String(required=True)
    groups = fields.List(fields.Nested(HitGroupSchema), required=True)


def add_finding_routes(routes: Routes) -> None:
    """Add: one search over all that a center has; each kind wants its own permission inside."""

    @routes.on("GET /find", needs=SIGNED_IN, query=TypedQuery(), gives=FoundEverywhereSchema())
    def find_everywhere(query: dict[str, Any]) -> Row:
        """Find items, departments, windows, halls and cases of this center: a few of each."""
        return finding.everywhere(query["q"])

    @routes.on("GET /find/all", needs=SIGNED_IN, query=FindQuery(), gives=rows_of(HitSchema()))
    def find_all(query: dict[str, Any]) -> Row:
        """Find all of one kind."""
        return finding.page({**query, "sort": ""})
