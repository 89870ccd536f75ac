"""The round trip through Excel over HTTP."""

from typing import Any

from flask import request
from marshmallow import fields

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.problems import invalid
from jinzhu.core.schema import Document
from jinzhu.files import sending
from jinzhu.standards.editions import editions
from jinzhu.standards.workbooks import workbook

PATH = "/editions/<int:edition_id>/workbook"


class WrongCellSchema(Document):
    """A cell that is refused, and why."""

    sheet = fields.String(required=True)
    row = fields.Integer(required=True)
    cell = fields.String(required=True)
    message = fields.String(required=True)
    value = fields.String(required=True)


class WorkbookRowSchema(Document):
    """What becomes of a provision in a workbook."""

    sheet = fields.String(required=True)
    row = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    #: Labels of the fields that change.
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    faults = fields.List(fields.Nested(WrongCellSchema), required=True)


class OutcomesSchema(Document):
    """Provisions by what becomes of them."""

    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    removed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    stale = fields.Integer(required=True)


class WorkbookSchema(Document):
    """What a workbook would do, or has done."""

    counts = fields.Nested(OutcomesSchema, required=True)
    rows = fields.List(fields.Nested(WorkbookRowSchema), required=True)
    total = fields.Integer(required=True)


def _sent() -> bytes:
    """Return the file that was sent."""
    file = request.files.get("file")
    if file is None:
        raise invalid("file", "workbook.no_file", rule="required")
    content: bytes = file.read()
    return content


def add_workbook_routes(routes: Routes) -> None:
    """Add: an edition as a workbook, and the way back into a draft."""

    @routes.on(f"GET {PATH}", needs="standard.read")
    def download_workbook(edition_id: int) -> Any:
        """Download an edition as an Excel workbook."""
        return sending.as_workbook(
            workbook.made(editions.find(edition_id)), f"edition-{edition_id}"
        )

    @routes.on(f"POST {PATH}/preview", needs="standard.write", gives=WorkbookSchema())
    def preview_workbook(edition_id: int) -> Row:
        """Show what a workbook (multipart, part `file`) would do to a draft, row by row."""
        edition = editions.find_draft(edition_id, lock=False)
        return workbook.looked_at(edition, _sent())

    @routes.on(f"POST {PATH}/application", needs="standard.write", gives=WorkbookSchema())
    def apply_workbook(edition_id: int) -> Row:
        """Write the good rows of a workbook into a draft; the others change nothing."""
        return workbook.applied(editions.find_draft(edition_id), _sent())

    @routes.on(f"POST {PATH}/refusals", needs="standard.write")
    def download_refusals(edition_id: int) -> Any:
        """Download the rows that cannot be written, each with why, to correct and send again."""
        edition = editions.find_draft(edition_id, lock=False)
        return sending.as_workbook(
            workbook.refusals(edition, _sent()), f"edition-{edition_id}-refused"
        )
