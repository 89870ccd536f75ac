"""The operations that every kind of record has, over HTTP; a record type adds its own."""

from typing import Any

from marshmallow import Schema

from jinzhu.core.http import Routes, check_version, scope
from jinzhu.core.pages import Row
from jinzhu.core.schema import PageQuery, rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage
from jinzhu.standards.across.proposal_routes import add_proposing_route
from jinzhu.standards.records import duties, history, listing, local_values, records
from jinzhu.standards.records.record_schemas import (
    ClaimedSchema,
    ClaimSchema,
    DutyQuery,
    DutySchema,
    HistorySchema,
    LocalSchema,
    RecordQuery,
    RecordSchema,
)
from jinzhu.standards.records.time_travel_routes import add_time_travel_routes


def own_center() -> int:
    """Return the number of the center that the post is at."""
    tenant_id = scope().tenant_id
    assert tenant_id is not None
    return tenant_id


def add_duty_routes(routes: Routes, kind: str) -> None:
    """Add: what has to be answered, and the answers."""

    @routes.on("GET /duties", needs=f"{kind}.read", query=DutyQuery(), gives=rows_of(DutySchema()))
    def list_duties(query: dict[str, Any]) -> Row:
        """List what the standards ask this center to answer."""
        return duties.page(kind, query, center_id=own_center())

    @routes.on("GET /duties/<int:provision_id>", needs=f"{kind}.read", gives=RecordSchema())
    def read_duty(provision_id: int) -> Row:
        """Show a duty like a record, also before it is answered."""
        return records.read_of_provision(kind, provision_id, center_id=own_center())

    @routes.on("POST /claims", needs=f"{kind}.claim", takes=ClaimSchema(), gives=ClaimedSchema())
    def claim(answer: dict[str, Any]) -> Row:
        """Answer to one duty or to many: offered, not offered, covered by another."""
        return duties.claim(kind, answer)


def add_record_routes(routes: Routes, kind: str, row: Schema) -> None:
    """Add: the list, one record, its local values, its history, how it was, proposing it."""

    @routes.on("GET ", needs=f"{kind}.read", query=RecordQuery(), gives=rows_of(row))
    def list_records(query: dict[str, Any]) -> Row:
        """List what this center offers, with the values that hold."""
        return listing.page(kind, query, center_id=own_center())

    @routes.on("GET /<int:record_id>", needs=f"{kind}.read", gives=RecordSchema())
    def read_record(record_id: int) -> Row:
        """Show a record: the standard, what is said here, what holds, and why."""
        return records.read(kind, record_id, center_id=own_center())

    @routes.on(
        "PATCH /<int:record_id>", needs=f"{kind}.write", takes=LocalSchema(), gives=RecordSchema()
    )
    def change_record(values: dict[str, Any], record_id: int) -> Row:
        """Set local values inside the bounds of the standard; null takes the standard's again."""

        def current() -> Row:
            return records.read(kind, record_id, center_id=own_center())

        return local_values.change(
            kind,
            record_id,
            values["local"],
            version=lambda stored: check_version(stored, current),
        )

    @routes.on(
        "GET /<int:record_id>/history",
        needs=f"{kind}.read",
        query=PageQuery(),
        gives=rows_of(HistorySchema()),
    )
    def read_history(query: dict[str, Any], record_id: int) -> Row:
        """Show who changed what, when, under which edition."""
        return history.page(kind, record_id, query, center_id=own_center())

    add_proposing_route(routes, kind)
    add_time_travel_routes(routes, kind)


def add_supervision_routes(routes: Routes, kind: str) -> None:
    """Add: the same records as a superior reads them, without writing."""

    @routes.on(
        "GET /of/<int:center_id>",
        needs="coverage.read",
        query=DutyQuery(),
        gives=rows_of(DutySchema()),
        reach=Reach.SUBTREE,
    )
    def list_below(query: dict[str, Any], center_id: int) -> Row:
        """List the duties of a center below this one, and its answers."""
        return duties.page(kind, query, center_id=coverage.below(center_id).id)

    @routes.on(
        "GET /of/<int:center_id>/<int:provision_id>",
        needs="coverage.read",
        gives=RecordSchema(),
        reach=Reach.SUBTREE,
    )
    def read_below(center_id: int, provision_id: int) -> Row:
        """Show the record of a center below this one."""
        return records.read_of_provision(kind, provision_id, center_id=coverage.below(center_id).id)
