"""Own items over HTTP: the own catalogue, its import, taking over and detaching."""

import base64
import binascii
from typing import Any

from jinzhu.core.http import Routes, check_version, scope
from jinzhu.core.pages import Row
from jinzhu.core.problems import invalid
from jinzhu.core.schema import PageQuery, rows_of
from jinzhu.standards.departments import departments_around
from jinzhu.standards.own import detachment, own_import, own_items, takeover, takeover_acts
from jinzhu.standards.own.own_schemas import (
    DroppedItemSchema,
    OwnDepartmentsSchema,
    OwnImportedSchema,
    OwnImportSchema,
    OwnItemInSchema,
    OwnItemRowSchema,
    OwnItemSchema,
    OwnQuery,
    TakenOverSchema,
    TakeoverQuery,
    TakeoverSchema,
    TakeoverSuggestionsSchema,
)


def add_own_routes(routes: Routes) -> None:
    """Add: the own catalogue."""
    _add_catalogue(routes)
    _add_import(routes)
    _add_own_item(routes)


def _add_catalogue(routes: Routes) -> None:

    @routes.on(
        "GET /items/own", needs="item.read", query=OwnQuery(), gives=rows_of(OwnItemRowSchema())
    )
    def list_own_items(query: dict[str, Any]) -> Row:
        """List what this center offers that no standard knows."""
        return own_items.page(query)

    @routes.on(
        "POST /items/own",
        needs="item.write",
        takes=OwnItemInSchema(),
        gives=OwnItemSchema(),
        status=201,
    )
    def create_own_item(values: dict[str, Any]) -> Row:
        """Add an item of our own; without a code it gets one."""
        return own_items.create(values["content"])

    @routes.on("GET /items/own/departments", needs="standard.read", gives=OwnDepartmentsSchema())
    def list_own_departments() -> Row:
        """List the departments that an own item, or a line, may be of."""
        known = departments_around(scope().tenant_id or 0)
        allowed = scope().departments
        listed = [
            {"code": code, "name": name}
            for code, name in known.items()
            if allowed is None or code in allowed
        ]
        return {"rows": listed}


def _add_import(routes: Routes) -> None:
    @routes.on(
        "POST /items/own/import",
        needs="item.write",
        takes=OwnImportSchema(),
        gives=OwnImportedSchema(),
    )
    def import_own_items(values: dict[str, Any]) -> Row:
        """Show what each row of a list would become, or make it so."""
        try:
            given = base64.b64decode(values["file"], validate=True)
        except binascii.Error:
            raise invalid("file", "own.unreadable", rule="base64") from None
        return own_import.read(given, apply=values["apply"])


def _add_own_item(routes: Routes) -> None:
    @routes.on("GET /items/own/<int:provision_id>", needs="item.read", gives=OwnItemSchema())
    def read_own_item(provision_id: int) -> Row:
        """Show an own item with all its values."""
        return own_items.read(provision_id)

    @routes.on(
        "PATCH /items/own/<int:provision_id>",
        needs="item.write",
        takes=OwnItemInSchema(),
        gives=OwnItemSchema(),
    )
    def change_own_item(values: dict[str, Any], provision_id: int) -> Row:
        """Change values of an own item; null empties one."""
        standing = own_items.read(provision_id)
        check_version(standing["version"], lambda: standing)
        return own_items.change(provision_id, values["content"])

    @routes.on("DELETE /items/own/<int:provision_id>", needs="item.write", status=204)
    def remove_own_item(provision_id: int) -> None:
        """Take an own item out of the own catalogue."""
        standing = own_items.read(provision_id)
        check_version(standing["version"], lambda: standing)
        own_items.remove(provision_id)


def add_takeover_routes(routes: Routes) -> None:
    """Add: from the own catalogue into a standard's, and back."""
    _add_taking_over(routes)
    _add_detaching(routes)


def _add_taking_over(routes: Routes) -> None:

    @routes.on(
        "GET /takeover",
        needs="item.takeover",
        query=TakeoverQuery(),
        gives=TakeoverSuggestionsSchema(),
    )
    def list_takeovers(query: dict[str, Any]) -> Row:
        """Show what each own item could be in the catalogues that this center is on."""
        return takeover.page(query)

    @routes.on(
        "POST /takeover", needs="item.takeover", takes=TakeoverSchema(), gives=TakenOverSchema()
    )
    def take_over(values: dict[str, Any]) -> Row:
        """Let items of a catalogue take the place of own ones; say what cannot come along."""
        pairs = takeover_acts.sure_pairs() if values["sure"] else values["pairs"]
        if not pairs:
            raise invalid("pairs", "takeover.nothing", rule="required")
        return takeover_acts.take(pairs)


def _add_detaching(routes: Routes) -> None:
    @routes.on(
        "GET /takeover/dropped",
        needs="item.takeover",
        query=PageQuery(),
        gives=rows_of(DroppedItemSchema()),
    )
    def list_dropped(query: dict[str, Any]) -> Row:
        """List what this center offered and the standards have given up."""
        return detachment.dropped(query)

    @routes.on(
        "POST /items/<int:record_id>/detachment",
        needs="item.takeover",
        gives=OwnItemSchema(),
        status=201,
    )
    def detach_item(record_id: int) -> Row:
        """Keep what a standard has given up, or what is not offered, as an item of our own."""
        return detachment.detach(record_id)
