"""An edition as people work on it and look at it, over HTTP."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.problems import invalid
from jinzhu.core.schema import PageQuery, rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards.editions import audience, draft_faults, editions, impact, presence, sealed
from jinzhu.standards.editions import edition_schemas as schemas

EDITION = "/editions/<int:edition_id>"
PROVISION = f"{EDITION}/provisions/<string:kind>/<string:code>"


def add_edition_routes(routes: Routes) -> None:
    """Add what concerns editions beside reading and writing their provisions."""
    _add_presence(routes)
    _add_faults(routes)
    _add_impact(routes)
    _add_sealed(routes)


def _add_presence(routes: Routes) -> None:
    @routes.on(f"GET {EDITION}/presence", needs="standard.write", gives=schemas.PresencesSchema())
    def list_presence(edition_id: int) -> Row:
        """Show who else has provisions of a draft open."""
        edition = editions.find_draft(edition_id, lock=False)
        return {"rows": presence.others(edition.id)}

    @routes.on(f"PUT {PROVISION}/presence", needs="standard.write", gives=schemas.PresencesSchema())
    def enter_provision(edition_id: int, kind: str, code: str) -> Row:
        """Say that I have a provision open; the answer says who else has."""
        edition = editions.find_draft(edition_id, lock=False)
        presence.enter(edition.id, editions.kind_of(kind).name, code)
        return {"rows": [one for one in presence.others(edition.id) if _same(one, kind, code)]}

    @routes.on(f"DELETE {PROVISION}/presence", needs="standard.write", status=204)
    def leave_provision(edition_id: int, kind: str, code: str) -> None:
        """Say that I have closed it."""
        edition = editions.find_draft(edition_id, lock=False)
        presence.leave(edition.id, editions.kind_of(kind).name, code)


def _same(one: Row, kind: str, code: str) -> bool:
    return (one["kind"], one["code"]) == (kind, code)


def _add_faults(routes: Routes) -> None:
    @routes.on(
        f"GET {EDITION}/faults",
        needs="standard.read",
        query=schemas.FaultsQuery(),
        gives=rows_of(schemas.DraftFaultSchema()),
    )
    def list_faults(query: dict[str, Any], edition_id: int) -> Row:
        """List what keeps a draft from being handed in and published."""
        return draft_faults.listed(edition_id, query)


def _add_impact(routes: Routes) -> None:
    @routes.on(
        f"GET {EDITION}/impact",
        needs="coverage.read",
        query=schemas.AgainstQuery(),
        gives=schemas.ImpactSchema(),
        reach=Reach.PUSH,
    )
    def read_impact(query: dict[str, Any], edition_id: int) -> Row:
        """Count the centers and local values below that the changes of an edition touch."""
        return impact.of_edition(edition_id, query["against"])

    @routes.on(
        f"GET {EDITION}/changes/<string:kind>/<string:code>/<string:field>/centers",
        needs="coverage.read",
        query=schemas.TouchedQuery(),
        gives=rows_of(schemas.TouchedSchema()),
        reach=Reach.PUSH,
    )
    def list_touched(
        query: dict[str, Any], edition_id: int, kind: str, code: str, field: str
    ) -> Row:
        """List the centers with a value of their own on a changed field."""
        return impact.centers(edition_id, kind, code, field, query)

    @routes.on(
        f"GET {EDITION}/audience",
        needs="standard.read",
        query=schemas.AudienceQuery(),
        gives=schemas.AudienceSchema(),
    )
    def read_audience(query: dict[str, Any], edition_id: int) -> Row:
        """Count the centers that a provision would concern."""
        owner = editions.find(edition_id).owner_id
        applies = {name: _listed(text) for name, text in query.items()}
        everybody = {"levels": list(editions.LEVELS)}
        applies["regions"] = [_center(one) for one in applies["regions"]]
        return {
            "centers": audience.size(owner, applies),
            "of": audience.size(owner, everybody),
        }


def _listed(text: str) -> list[Any]:
    return [part for part in text.split(",") if part]


def _center(text: str) -> int:
    if not text.isdecimal():
        raise invalid("regions", "validation.Not a valid integer.", value=text, rule="integer")
    return int(text)


def _add_sealed(routes: Routes) -> None:
    @routes.on(
        f"GET {EDITION}/verification", needs="standard.read", gives=schemas.VerificationSchema()
    )
    def verify_edition(edition_id: int) -> Row:
        """Compute the check value of an edition anew and compare it with the recorded one."""
        return sealed.verification(edition_id)

    @routes.on(
        f"GET {EDITION}/centers",
        needs="coverage.read",
        query=PageQuery(),
        gives=rows_of(schemas.StandingSchema()),
        reach=Reach.SUBTREE,
    )
    def list_centers_on(query: dict[str, Any], edition_id: int) -> Row:
        """List the centers below that are on an edition."""
        return sealed.centers_on(edition_id, query)
