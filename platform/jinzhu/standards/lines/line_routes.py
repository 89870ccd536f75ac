"""Over HTTP: which standards reach a center, and which of two governs where they meet."""

from typing import Any

from jinzhu.core.http import Routes, scope
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage
from jinzhu.standards.lines import collision_choices, collision_rows, lines
from jinzhu.standards.lines.line_schemas import (
    ChoiceOfSideSchema,
    ChoicesOfSideSchema,
    CollisionInFullSchema,
    CollisionQuery,
    CollisionSchema,
    CollisionsChosenSchema,
    ReachingRowsSchema,
)


def add_line_routes(routes: Routes) -> None:
    """Add: the standards that reach a center, and collisions."""
    _add_reaching(routes)
    _add_collisions(routes)


def _add_reaching(routes: Routes) -> None:

    @routes.on("GET /standards/reaching", needs="standard.read", gives=ReachingRowsSchema())
    def list_reaching() -> Row:
        """List the standards that reach this center, and whom each binds here."""
        tenant_id = scope().tenant_id
        assert tenant_id is not None
        return lines.reaching(tenant_id)

    @routes.on(
        "GET /centers/<int:center_id>/standards",
        needs="coverage.read",
        gives=ReachingRowsSchema(),
        reach=Reach.SUBTREE,
    )
    def list_reaching_below(center_id: int) -> Row:
        """List the standards that reach a center below this one."""
        return lines.reaching(coverage.below(center_id).id)


def _add_collisions(routes: Routes) -> None:
    @routes.on(
        "GET /collisions",
        needs="standard.read",
        query=CollisionQuery(),
        gives=rows_of(CollisionSchema()),
    )
    def list_collisions(query: dict[str, Any]) -> Row:
        """List where two standards that reach this center say something of the same thing."""
        return collision_rows.page(query)

    @routes.on(
        "GET /collisions/<int:collision_id>",
        needs="standard.read",
        gives=CollisionInFullSchema(),
    )
    def read_collision(collision_id: int) -> Row:
        """Show both provisions side by side."""
        return collision_rows.read(collision_id)

    @routes.on(
        "POST /collisions/<int:collision_id>/choice",
        needs="collision.settle",
        takes=ChoiceOfSideSchema(),
        gives=CollisionInFullSchema(),
    )
    def choose_side(values: dict[str, Any], collision_id: int) -> Row:
        """Say which of the two governs; settled as soon as both sides say the same."""
        collision_choices.choose([collision_id], **values)
        return collision_rows.read(collision_id)

    @routes.on(
        "POST /collisions/choices",
        needs="collision.settle",
        takes=ChoicesOfSideSchema(),
        gives=CollisionsChosenSchema(),
    )
    def choose_sides(values: dict[str, Any]) -> Row:
        """Say the same for many collisions at once."""
        return collision_choices.choose(values.pop("ids"), **values)
