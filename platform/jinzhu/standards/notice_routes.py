"""Notices over HTTP."""

from typing import Any

from marshmallow import fields

from jinzhu.core.access import SIGNED_IN
from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import Document, PageQuery, rows_of
from jinzhu.standards import notices


class NoticeQuery(PageQuery):
    """Which notices."""

    unread = fields.Boolean(load_default=False)


class NoticeSchema(Document):
    """Something that the post should know."""

    id = fields.Integer(required=True)
    text = fields.String(required=True)
    to = fields.String(required=True)
    at = fields.String(required=True)
    unread = fields.Boolean(required=True)


class UnreadSchema(Document):
    """How many notices are unread, and from which number on there are simply many."""

    unread = fields.Integer(required=True)
    most = fields.Integer(required=True)


class ReadSchema(Document):
    """Up to which notice everything is read."""

    upto = fields.Integer(required=True)


def _count() -> Row:
    return {"unread": notices.unread(), "most": notices.MOST_COUNTED}


def add_notice_routes(routes: Routes) -> None:
    """Add: the notices for the present post, and how far they are read."""

    @routes.on("GET /notices", needs=SIGNED_IN, query=NoticeQuery(), gives=rows_of(NoticeSchema()))
    def list_notices(query: dict[str, Any]) -> Row:
        """List what this post should know, the unread first."""
        return notices.page(query)

    @routes.on("GET /notices/unread", needs=SIGNED_IN, gives=UnreadSchema())
    def count_unread() -> Row:
        """Count the unread."""
        return _count()

    @routes.on("POST /notices/read", needs=SIGNED_IN, takes=ReadSchema(), gives=UnreadSchema())
    def read_notices(values: dict[str, Any]) -> Row:
        """Say that everything up to a notice is read."""
        notices.read(values["upto"])
        return _count()
