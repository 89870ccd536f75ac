"""Standards, roll-outs, conflicts and coverage over HTTP."""

from datetime import date
from typing import Any

from flask import request

from jinzhu.core import access
from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Invalid, NotFound
from jinzhu.core.schema import PageQuery, rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards import (
    catalogue,
    comparison,
    conflicts,
    coverage,
    desk,
    editions,
    kinds,
    overview_schemas,
    preview,
    publication,
    rollouts,
    schemas,
)
from jinzhu.standards import record_schemas as received
from jinzhu.standards.models import Edition
from jinzhu.standards.search_routes import add_search_routes

routes = Routes("standards", __name__, prefix="/api")
add_search_routes(routes)


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
    description = editions.kind_of(kind)
    _check_provision(edition, kind, code)
    row, wrong = editions.checked(description, code, **values)
    if wrong:
        raise Invalid(errors=wrong)
    editions.put(edition, row)
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
    editions.remove(edition_id, kind, code)


@routes.on(f"POST {PROVISION}/revert", needs="standard.write", status=204)
def revert_provision(edition_id: int, kind: str, code: str) -> None:
    """Let a provision stand again as in the edition below."""
    editions.kind_of(kind)
    editions.revert(edition_id, kind, code)


@routes.on(
    "GET /editions/<int:edition_id>/changes",
    needs="standard.read",
    gives=schemas.ProvisionChangesSchema(),
)
def list_changes(edition_id: int) -> Row:
    """Compare an edition with the one below, field by field."""
    rows = comparison.changes(editions.find(edition_id))
    return {"rows": rows, "total": len(rows)}


@routes.on(
    "POST /editions/<int:edition_id>/publication",
    needs="standard.publish",
    takes=schemas.PublicationSchema(),
    gives=schemas.EditionSchema(),
)
def publish(values: dict[str, date | None], edition_id: int) -> Row:
    """Publish a draft: from here on nobody can change it."""
    _draft(edition_id)
    publication.publish(edition_id, **values)
    return catalogue.edition(edition_id)


@routes.on(
    "POST /editions/<int:edition_id>/preview",
    needs="rollout.run",
    takes=schemas.CentersSchema(),
    gives=schemas.PreviewSchema(),
    reach=Reach.PUSH,
)
def preview_rollout(values: dict[str, Any], edition_id: int) -> Row:
    """Show what pushing an edition would change; nothing is stored."""
    return preview.preview(edition_id, **values)


@routes.on(
    "POST /editions/<int:edition_id>/rollouts",
    needs="rollout.run",
    takes=schemas.RolloutInSchema(),
    gives=schemas.RolloutSchema(),
    status=202,
)
def start_rollout(values: dict[str, Any], edition_id: int) -> Row:
    """Push an edition to all centers below, or to chosen ones."""
    return rollouts.read(rollouts.start(edition_id, **values))


@routes.on(
    "GET /rollouts",
    needs="rollout.read",
    query=schemas.RolloutQuery(),
    gives=rows_of(schemas.RolloutSchema()),
)
def list_rollouts(query: dict[str, Any]) -> Row:
    """List the roll-outs of this center, the newest first."""
    return rollouts.page(query)


@routes.on("GET /rollouts/<int:rollout_id>", needs="rollout.read", gives=schemas.RolloutSchema())
def read_rollout(rollout_id: int) -> Row:
    """Show how far a roll-out has come."""
    return rollouts.read(rollout_id)


@routes.on(
    "GET /rollouts/<int:rollout_id>/deliveries",
    needs="rollout.read",
    query=schemas.DeliveryQuery(),
    gives=rows_of(schemas.DeliverySchema()),
)
def list_deliveries(query: dict[str, Any], rollout_id: int) -> Row:
    """Show what became of a roll-out at each center."""
    return rollouts.deliveries(rollout_id, query)


@routes.on(
    "POST /rollouts/<int:rollout_id>/retry",
    needs="rollout.run",
    gives=schemas.RolloutSchema(),
    status=202,
)
def retry_rollout(rollout_id: int) -> Row:
    """Try the failed centers again, and only those."""
    rollouts.retry(rollout_id)
    return rollouts.read(rollout_id)


@routes.on(
    "GET /conflicts",
    needs="conflict.read",
    query=received.ConflictQuery(),
    gives=rows_of(received.ConflictSchema()),
)
def list_conflicts(query: dict[str, Any]) -> Row:
    """List local values that the edition in force does not allow, and the answers given."""
    return conflicts.page(query)


def _may_write(kind: str) -> None:
    access.require(f"{kind}.write")


@routes.on(
    "POST /conflicts/<string:conflict_id>/settlement",
    needs="conflict.settle",
    takes=received.SettlementSchema(),
    gives=received.ConflictSchema(),
)
def settle_conflict(values: dict[str, Any], conflict_id: str) -> Row:
    """Take the standard's value, or keep one of our own inside the bound."""
    return conflicts.settle(conflict_id, values, may_write=_may_write)


@routes.on(
    "POST /conflicts/settlements",
    needs="conflict.settle",
    takes=received.SettlementsSchema(),
    gives=received.SettledSchema(),
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
