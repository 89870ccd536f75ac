"""Amendments and their conflicts over HTTP."""

from typing import Any

from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.core.problems import Invalid
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards.amendments import amendment_schemas as schemas
from jinzhu.standards.amendments import amendment_settlements, amendment_tightening, amendments
from jinzhu.standards.editions import amendment_view, editions
from jinzhu.standards.rollouts import rollout_base

PROVISION = "/amendments/<int:edition_id>/provisions/<string:kind>/<string:code>"


def add_amendment_routes(routes: Routes) -> None:
    """Add: what a city amends, how it reads, and what it answers to a new edition."""
    _add_layers(routes)
    _add_reading(routes)
    _add_amending(routes)
    _add_conflicts(routes)
    _add_release(routes)


def _add_layers(routes: Routes) -> None:
    @routes.on("GET /amendments", needs="standard.read", gives=rows_of(schemas.AmendmentSchema()))
    def list_amendments() -> Row:
        """List the standards from above, with what this center amends of each."""
        return amendments.listed()

    @routes.on(
        "POST /standards/<int:standard_id>/amendment",
        needs="standard.write",
        takes=schemas.AmendmentInSchema(),
        gives=schemas.AmendmentSchema(),
    )
    def begin_amendment(values: dict[str, Any], standard_id: int) -> Row:
        """Open the amendment of a standard from above, with a draft."""
        return amendments.begin(standard_id, **values)

    @routes.on(
        "GET /standards/<int:standard_id>/amendments",
        needs="coverage.read",
        gives=rows_of(schemas.CityAmendmentSchema()),
        reach=Reach.SUBTREE,
    )
    def list_cities(standard_id: int) -> Row:
        """Show which cities below amend a standard, and how much."""
        return amendments.of_standard(standard_id)

    @routes.on(
        "GET /standards/<int:standard_id>/amendments/<int:edition_id>",
        needs="coverage.read",
        query=schemas.AmendedQuery(),
        gives=rows_of(schemas.AmendedRowSchema()),
        reach=Reach.SUBTREE,
    )
    def list_amended_below(query: dict[str, Any], standard_id: int, edition_id: int) -> Row:
        """Show what a city below amends of a standard."""
        return amendments.said_below(standard_id, edition_id, query)


def _add_reading(routes: Routes) -> None:
    @routes.on(
        "GET /amendments/<int:edition_id>/provisions",
        needs="standard.read",
        query=schemas.AmendedQuery(),
        gives=rows_of(schemas.AmendedRowSchema()),
    )
    def list_amended(query: dict[str, Any], edition_id: int) -> Row:
        """List the provisions from above, with what the amendment says of each."""
        return amendment_view.provisions(edition_id, query)

    @routes.on(f"GET {PROVISION}", needs="standard.read", gives=schemas.AmendedProvisionSchema())
    def read_amended(edition_id: int, kind: str, code: str) -> Row:
        """Show a provision from above field by field, with what the amendment says of it."""
        return amendment_view.provision(edition_id, kind, code)


def _add_amending(routes: Routes) -> None:
    @routes.on(
        f"PUT {PROVISION}",
        needs="standard.write",
        takes=schemas.AmendSchema(),
        gives=schemas.AmendedProvisionSchema(),
    )
    def amend(values: dict[str, Any], edition_id: int, kind: str, code: str) -> Row:
        """Amend a provision; with nothing in it, it stands again as above."""

        def shown() -> Row:
            return amendment_view.provision(edition_id, kind, code)

        edition = editions.find_draft(edition_id)
        standing = shown()
        check_version(standing["version"], shown)
        if values["content"] or values["rules"]:
            entry: editions.Entry = (kind, code, values["content"], values["rules"], {})
            row, wrong = editions.checked_in(edition, [entry])[0]
            if wrong:
                raise Invalid(errors=wrong)
            editions.write(edition, [row])
        elif any(field["rule"] or field["value"] is not None for field in standing["fields"]):
            editions.remove(edition_id, kind, code)
        return shown()

    @routes.on(
        "POST /amendments/<int:edition_id>/tightening",
        needs="standard.write",
        takes=schemas.TightenSchema(),
        gives=schemas.TightenedSchema(),
    )
    def tighten(values: dict[str, Any], edition_id: int) -> Row:
        """Tighten a field of many provisions to a share of what stands above."""
        return {"amended": amendment_tightening.tighten(edition_id, values)}


def _add_conflicts(routes: Routes) -> None:
    @routes.on(
        "GET /amendment_conflicts",
        needs="amendment.settle",
        query=schemas.AmendmentConflictQuery(),
        gives=rows_of(schemas.AmendmentConflictSchema()),
    )
    def list_amendment_conflicts(query: dict[str, Any]) -> Row:
        """List the amended fields that a new edition from above no longer allows."""
        return amendment_settlements.page(query)

    @routes.on(
        "POST /amendment_conflicts/<int:conflict_id>/settlement",
        needs="amendment.settle",
        takes=schemas.CityAnswerSchema(),
        gives=schemas.AmendmentConflictSchema(),
        reach=Reach.PUSH,
    )
    def settle_amendment(values: dict[str, Any], conflict_id: int) -> Row:
        """Take the standard's value, or keep one of the city's inside the new bound."""
        return amendment_settlements.settle(conflict_id, values)

    @routes.on(
        "POST /amendment_conflicts/settlements",
        needs="amendment.settle",
        takes=schemas.CityAnswersSchema(),
        gives=schemas.CityAnsweredSchema(),
        reach=Reach.PUSH,
    )
    def settle_amendments(values: dict[str, Any]) -> Row:
        """Take the standard's values for many conflicts, or for all."""
        return {"settled": amendment_settlements.take_standard(values["ids"])}


def _add_release(routes: Routes) -> None:
    @routes.on(
        "POST /rollouts/<int:rollout_id>/cities/<int:city_id>/release",
        needs="rollout.run",
        takes=schemas.ReleaseSchema(),
        gives=schemas.ReleasedSchema(),
        reach=Reach.PUSH,
    )
    def release_city(values: dict[str, Any], rollout_id: int, city_id: int) -> Row:
        """Wait no longer for a city: its amended values that break simply do not hold."""
        rollout = rollout_base.find(rollout_id, lock=True)
        return {"released": amendment_settlements.release(rollout, city_id, **values)}
