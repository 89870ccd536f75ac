"""Standards, roll-outs, conflicts and coverage over HTTP."""

from typing import Any

from flask import request

from jinzhu.core import access
from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Invalid, NotFound
from jinzhu.core.schema import PageQuery, rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage, desk, kinds, overview_schemas, schemas
from jinzhu.standards.across.across_routes import add_across_routes
from jinzhu.standards.across.proposal_routes import add_proposal_routes
from jinzhu.standards.amendments.amendment_routes import add_amendment_routes
from jinzhu.standards.editions import catalogue, comparison, editions
from jinzhu.standards.editions.edition_routes import add_edition_routes
from jinzhu.standards.editions.edition_schemas import AgainstQuery
from jinzhu.standards.editions.label_routes import add_label_routes
from jinzhu.standards.editions.review_routes import add_review_routes
from jinzhu.standards.editions.standard_history_routes import add_standard_history_routes
from jinzhu.standards.finding_routes import add_finding_routes
from jinzhu.standards.lines.line_routes import add_line_routes
from jinzhu.standards.models import Edition
from jinzhu.standards.notice_routes import add_notice_routes
from jinzhu.standards.own.own_routes import add_own_routes, add_takeover_routes
from jinzhu.standards.receiving.exemption_routes import add_exemption_routes
from jinzhu.standards.receiving.update_routes import add_update_routes
from jinzhu.standards.records import conflict_schemas, conflicts
from jinzhu.standards.records import record_schemas as received
from jinzhu.standards.records.search_routes import add_search_routes
from jinzhu.standards.rollouts.publication_routes import add_publication_routes
from jinzhu.standards.rollouts.rollout_routes import add_rollout_routes
from jinzhu.standards.workbooks.workbook_routes import add_workbook_routes

routes = Routes("standards", __name__, prefix="/api")
add_search_routes(routes)
add_finding_routes(routes)
add_amendment_routes(routes)
add_publication_routes(routes)
add_rollout_routes(routes)
add_update_routes(routes)
add_exemption_routes(routes)
add_notice_routes(routes)
add_line_routes(routes)
add_own_routes(routes)
add_takeover_routes(routes)
add_edition_routes(routes)
add_review_routes(routes)
add_label_routes(routes)
add_workbook_routes(routes)
add_across_routes(routes)
add_proposal_routes(routes)
add_standard_history_routes(routes)


@routes.on("GET /kinds", needs="standard.read", gives=received.KindsSchema())
def list_kinds() -> Row:
    """Describe each kind of provision by its fields and their rules."""
    return {"rows": [kinds.describe(kind) for kind in kinds.KINDS.values()]}


@routes.on(
    "GET /standards",
    needs="standard.read",
    query=PageQuery(),
    gives=rows_of(schemas.StandardSchema()),
)
def list_standards(query: dict[str, Any]) -> Row:
    """List the standards that reach this center."""
    return catalogue.standards(query)


@routes.on(
    "POST /standards",
    needs="standard.write",
    takes=schemas.StandardInSchema(),
    gives=schemas.StandardSchema(),
    status=201,
)
def create_standard(values: dict[str, Any]) -> Row:
    """Begin a standard."""
    return catalogue.standard(editions.create_standard(**values))


@routes.on(
    "GET /standards/<int:standard_id>", needs="standard.read", gives=schemas.StandardSchema()
)
def read_standard(standard_id: int) -> Row:
    """Show a standard."""
    return catalogue.standard(standard_id)


@routes.on(
    "GET /standards/<int:standard_id>/editions",
    needs="standard.read",
    query=PageQuery(),
    gives=rows_of(schemas.EditionSchema()),
)
def list_editions(query: dict[str, Any], standard_id: int) -> Row:
    """List the editions of a standard."""
    return catalogue.editions_of(standard_id, query)


@routes.on(
    "POST /standards/<int:standard_id>/editions",
    needs="standard.write",
    takes=schemas.EditionInSchema(),
    gives=schemas.EditionSchema(),
    status=201,
)
def open_draft(values: dict[str, Any], standard_id: int) -> Row:
    """Begin the next edition on top of the newest."""
    return catalogue.edition(editions.open_draft(standard_id, **values))


@routes.on("GET /editions/<int:edition_id>", needs="standard.read", gives=schemas.EditionSchema())
def read_edition(edition_id: int) -> Row:
    """Show an edition."""
    return catalogue.edition(edition_id)


def _draft(edition_id: int) -> Edition:
    """Return a draft if it still is as the caller saw it."""
    edition = editions.find_draft(edition_id)
    check_version(edition.version, lambda: catalogue.edition(edition_id))
    return edition


@routes.on(
    "PATCH /editions/<int:edition_id>",
    needs="standard.write",
    takes=schemas.EditionChangeSchema(),
    gives=schemas.EditionSchema(),
)
def change_edition(values: dict[str, Any], edition_id: int) -> Row:
    """Change the title or the effective date of a draft."""
    edition = _draft(edition_id)
    for name, value in values.items():
        setattr(edition, name, value)
    edition.version += 1
    return catalogue.edition(edition_id)


@routes.on("DELETE /editions/<int:edition_id>", needs="standard.write", status=204)
def discard_edition(edition_id: int) -> None:
    """Throw a draft away."""
    editions.discard(_draft(edition_id))


@routes.on(
    "GET /editions/<int:edition_id>/provisions",
    needs="standard.read",
    query=schemas.ProvisionQuery(),
    gives=rows_of(schemas.ProvisionRowSchema()),
)
def list_provisions(query: dict[str, Any], edition_id: int) -> Row:
    """List the provisions of an edition, and what the edition did to each."""
    return comparison.provisions(editions.find(edition_id), query)


PROVISION = "/editions/<int:edition_id>/provisions/<string:kind>/<string:code>"


@routes.on(f"GET {PROVISION}", needs="standard.read", gives=schemas.ProvisionSchema())
def read_provision(edition_id: int, kind: str, code: str) -> Row:
    """Show a provision with what stands in the edition below."""
    editions.kind_of(kind)
    return comparison.provision(editions.find(edition_id), kind, code)


@routes.on(
    f"PUT {PROVISION}",
    needs="standard.write",
    takes=schemas.ProvisionInSchema(),
    gives=schemas.ProvisionSchema(),
)
def put_provision(values: dict[str, Any], edition_id: int, kind: str, code: str) -> Row:
    """Write a provision of a draft: `If-None-Match: *` for a new one, `If-Match` otherwise."""
    edition = editions.find_draft(edition_id)
    editions.kind_of(kind)
    _check_provision(edition, kind, code)
    entry = (kind, code, values["content"], values["rules"], values["applies"])
    row, wrong = editions.checked_in(edition, [entry])[0]
    if wrong:
        raise Invalid(errors=wrong)
    editions.write(edition, [row])
    return comparison.provision(edition, kind, code)


class CodeTaken(Conflict):
    """There is a provision of this code in the edition."""

    code = "code_taken"


def _check_provision(edition: Edition, kind: str, code: str) -> None:
    """Refuse to write over a provision that is there unseen, or that somebody else changed."""
    entry = editions.draft_entry(edition, kind, code)
    standing = entry or editions.base_of(edition, kind, code)
    if request.headers.get("If-None-Match") == "*":
        if standing is not None:
            raise CodeTaken(provision=code)
        return
    if standing is None:
        raise NotFound(kind=kind, provision=code)
    version = entry.version if entry else 0
    check_version(version, lambda: comparison.provision(edition, kind, code))


@routes.on(f"DELETE {PROVISION}", needs="standard.write", status=204)
def remove_provision(edition_id: int, kind: str, code: str) -> None:
    """Take a provision out of a draft."""
    editions.kind_of(kind)
    _check_provision(editions.find_draft(edition_id), kind, code)
    editions.remove(edition_id, kind, code)


@routes.on(f"POST {PROVISION}/revert", needs="standard.write", status=204)
def revert_provision(edition_id: int, kind: str, code: str) -> None:
    """Let a provision stand again as in the edition below."""
    editions.kind_of(kind)
    _check_provision(editions.find_draft(edition_id), kind, code)
    editions.revert(edition_id, kind, code)


@routes.on(
    "GET /editions/<int:edition_id>/changes",
    needs="standard.read",
    query=AgainstQuery(),
    gives=schemas.ProvisionChangesSchema(),
)
def list_changes(query: dict[str, Any], edition_id: int) -> Row:
    """Compare an edition with the one below, or with another one, field by field."""
    rows = comparison.changes(*comparison.compared(edition_id, query["against"]))
    return {"rows": rows, "total": len(rows)}


@routes.on(
    "GET /conflicts",
    needs="conflict.read",
    query=conflict_schemas.ConflictQuery(),
    gives=rows_of(conflict_schemas.ConflictSchema()),
)
def list_conflicts(query: dict[str, Any]) -> Row:
    """List local values that the edition in force does not allow, and the answers given."""
    return conflicts.page(query)


def _may_write(kind: str) -> None:
    access.require(f"{kind}.write")


@routes.on(
    "POST /conflicts/<string:conflict_id>/settlement",
    needs="conflict.settle",
    takes=conflict_schemas.SettlementSchema(),
    gives=conflict_schemas.ConflictSchema(),
)
def settle_conflict(values: dict[str, Any], conflict_id: str) -> Row:
    """Take the standard's value, or keep one of our own inside the bound."""
    return conflicts.settle(conflict_id, values, may_write=_may_write)


@routes.on(
    "POST /conflicts/settlements",
    needs="conflict.settle",
    takes=conflict_schemas.SettlementsSchema(),
    gives=conflict_schemas.SettledSchema(),
)
def settle_conflicts(values: dict[str, Any]) -> Row:
    """Take the standard's values for many conflicts at once."""
    return {"settled": conflicts.take_standard(values["ids"], may_write=_may_write)}


@routes.on(
    "GET /coverage",
    needs="coverage.read",
    query=overview_schemas.CoverageQuery(),
    gives=overview_schemas.CoverageSchema(),
    reach=Reach.SUBTREE,
)
def read_coverage(query: dict[str, Any]) -> Row:
    """Show how far the centers below have answered their duties."""
    return coverage.figures(query["kind"], parent=query["parent"])


@routes.on("GET /desk", needs=access.SIGNED_IN, gives=overview_schemas.DeskSchema())
def read_desk() -> Row:
    """Show what waits for me."""
    return desk.read()
