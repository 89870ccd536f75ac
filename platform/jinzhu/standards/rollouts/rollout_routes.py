"""Roll-outs over HTTP."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.core.transaction import reaching
from jinzhu.standards.rollouts import (
    preview,
    rollback_preview,
    rollout_back,
    rollout_schemas,
    rollouts,
)

ROLLOUT = "/rollouts/<int:rollout_id>"
SHOWN = rollout_schemas.RolloutSchema()


def add_rollout_routes(routes: Routes) -> None:
    """Add: to foresee and to begin a roll-out, to look at it, and to act on it."""
    _add_beginning(routes)
    _add_reading(routes)
    _add_foreseeing(routes)
    _add_acts(routes)
    _add_acts_on_centers(routes)


def _add_beginning(routes: Routes) -> None:
    @routes.on(
        "POST /editions/<int:edition_id>/preview",
        needs="rollout.run",
        takes=rollout_schemas.CentersSchema(),
        gives=rollout_schemas.PreviewSchema(),
        reach=Reach.PUSH,
    )
    def preview_rollout(values: dict[str, Any], edition_id: int) -> Row:
        """Show what pushing an edition would change, a draft as well; nothing is stored."""
        return preview.preview_of(edition_id, **values)

    @routes.on(
        "POST /editions/<int:edition_id>/rollouts",
        needs="rollout.run",
        takes=rollout_schemas.RolloutInSchema(),
        gives=SHOWN,
        status=202,
    )
    def start_rollout(values: dict[str, Any], edition_id: int) -> Row:
        """Push an edition to centers: at once, with notice, or as an offer; in stages or not."""
        return rollouts.read(rollouts.start(edition_id, **values))


def _add_reading(routes: Routes) -> None:
    @routes.on(
        "GET /rollouts",
        needs="rollout.read",
        query=rollout_schemas.RolloutQuery(),
        gives=rows_of(rollout_schemas.RolloutRowSchema()),
    )
    def list_rollouts(query: dict[str, Any]) -> Row:
        """List the roll-outs of this center, the newest first."""
        return rollouts.page(query)

    @routes.on(f"GET {ROLLOUT}", needs="rollout.read", gives=SHOWN)
    def read_rollout(rollout_id: int) -> Row:
        """Show how far a roll-out has come, and what it waits for."""
        return rollouts.read(rollout_id)

    @routes.on(
        f"GET {ROLLOUT}/deliveries",
        needs="rollout.read",
        query=rollout_schemas.DeliveryQuery(),
        gives=rows_of(rollout_schemas.DeliverySchema()),
    )
    def list_deliveries(query: dict[str, Any], rollout_id: int) -> Row:
        """Show what became of a roll-out at each center."""
        return rollouts.deliveries(rollout_id, query)


def _add_foreseeing(routes: Routes) -> None:
    @routes.on(
        f"GET {ROLLOUT}/rollback",
        needs="rollout.run",
        gives=rollout_schemas.RollbackFiguresSchema(),
        reach=Reach.PUSH,
    )
    def foresee_rollback(rollout_id: int) -> Row:
        """Show how many centers could go back."""
        return rollout_back.figures(rollouts.find(rollout_id))

    @routes.on(
        f"POST {ROLLOUT}/rollback/preview",
        needs="rollout.run",
        takes=rollout_schemas.RollbackPreviewSchema(),
        gives=rows_of(rollout_schemas.ReturningSchema()),
        reach=Reach.PUSH,
    )
    def preview_rollback(values: dict[str, Any], rollout_id: int) -> Row:
        """Show field by field what going back would change; nothing is stored."""
        return rollback_preview.preview(rollouts.find(rollout_id), **values)


def _add_acts(routes: Routes) -> None:
    @routes.on(f"POST {ROLLOUT}/pause", needs="rollout.run", gives=SHOWN)
    def pause_rollout(rollout_id: int) -> Row:
        """Let nothing more happen for the present."""
        return rollouts.read(rollouts.pause(rollout_id).id)

    @routes.on(f"POST {ROLLOUT}/resume", needs="rollout.run", gives=SHOWN)
    def resume_rollout(rollout_id: int) -> Row:
        """Let a paused roll-out go on."""
        return rollouts.read(rollouts.resume(rollout_id).id)

    @routes.on(f"POST {ROLLOUT}/stop", needs="rollout.run", gives=SHOWN)
    def stop_rollout(rollout_id: int) -> Row:
        """End a roll-out; what is done stays done."""
        return rollouts.read(rollouts.stop(rollout_id).id)

    @routes.on(f"POST {ROLLOUT}/retry", needs="rollout.run", gives=SHOWN, status=202)
    def retry_rollout(rollout_id: int) -> Row:
        """Try the failed centers again, and only those."""
        return rollouts.read(rollouts.retry(rollout_id).id)

    @routes.on(
        f"POST {ROLLOUT}/stages/<int:place>/approval",
        needs="rollout.run",
        takes=rollout_schemas.NoteSchema(),
        gives=SHOWN,
        status=202,
    )
    def approve_stage(values: dict[str, Any], rollout_id: int, place: int) -> Row:
        """Let the next stage open."""
        return rollouts.read(rollouts.approve(rollout_id, place, **values).id)


def _add_acts_on_centers(routes: Routes) -> None:
    @routes.on(
        f"POST {ROLLOUT}/exemption",
        needs="rollout.run",
        takes=rollout_schemas.LeaveOutSchema(),
        gives=SHOWN,
    )
    def leave_out(values: dict[str, Any], rollout_id: int) -> Row:
        """Leave a center out, which stays on the edition it has."""
        with reaching(Reach.PUSH):
            rollouts.leave_out(rollout_id, values["center"], reason=values["reason"])
        return rollouts.read(rollout_id)

    @routes.on(
        f"POST {ROLLOUT}/rollback",
        needs="rollout.run",
        takes=rollout_schemas.RollbackSchema(),
        gives=SHOWN,
    )
    def roll_back(values: dict[str, Any], rollout_id: int) -> Row:
        """Take centers back to the edition they came from; their own work stays."""
        with reaching(Reach.PUSH):
            rollout_back.back(rollout_id, **values)
        return rollouts.read(rollout_id)
