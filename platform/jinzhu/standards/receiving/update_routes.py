"""Updates and postponements over HTTP."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards.receiving import (
    pins,
    update_answers,
    update_decisions,
    update_progress,
    updates,
)
from jinzhu.standards.receiving import update_schemas as schemas

ONE = "/updates/<int:rollout_id>"


def add_update_routes(routes: Routes) -> None:
    """Add: the update inbox, and what a center says to an edition that comes."""
    _add_inbox(routes)
    _add_decisions(routes)
    _add_answers(routes)
    _add_pins(routes)


def _add_inbox(routes: Routes) -> None:
    @routes.on(
        "GET /updates",
        needs="conflict.read",
        query=schemas.UpdateQuery(),
        gives=rows_of(schemas.UpdateSchema()),
    )
    def list_updates(query: dict[str, Any]) -> Row:
        """List the editions that came to this center or are on their way."""
        return updates.page(query)

    @routes.on(f"GET {ONE}", needs="conflict.read", gives=schemas.UpdateSchema())
    def read_update(rollout_id: int) -> Row:
        """Show an update in numbers, and what can be done with it."""
        return updates.read(rollout_id)

    @routes.on(
        f"GET {ONE}/rows",
        needs="conflict.read",
        query=schemas.UpdateRowQuery(),
        gives=rows_of(schemas.UpdateRowSchema()),
    )
    def list_update_rows(query: dict[str, Any], rollout_id: int) -> Row:
        """List the fields of this center's records that an update changes."""
        return updates.page_of_rows(rollout_id, query)


def _add_decisions(routes: Routes) -> None:
    @routes.on(
        f"POST {ONE}/acceptance",
        needs="update.answer",
        takes=schemas.AcceptanceSchema(),
        status=204,
        reach=Reach.PUSH,
    )
    def accept_update(values: dict[str, Any], rollout_id: int) -> None:
        """Take an edition now, or let it come on its day."""
        update_decisions.accept(rollout_id, **values)

    @routes.on(
        f"POST {ONE}/postponement",
        needs="update.answer",
        takes=schemas.PostponementSchema(),
        status=204,
        reach=Reach.PUSH,
    )
    def postpone_update(values: dict[str, Any], rollout_id: int) -> None:
        """Put an edition off to a day that its owner allows."""
        update_decisions.postpone(rollout_id, **values)

    @routes.on(
        f"POST {ONE}/refusal",
        needs="update.answer",
        takes=schemas.RefusalSchema(),
        status=204,
        reach=Reach.PUSH,
    )
    def refuse_update(values: dict[str, Any], rollout_id: int) -> None:
        """Turn an offer down."""
        update_decisions.refuse(rollout_id, **values)


def _add_answers(routes: Routes) -> None:
    """Add: field by field, all at once, and how far the centers below are."""

    @routes.on(
        f"POST {ONE}/answers",
        needs="update.answer",
        takes=schemas.AnswersInSchema(),
        gives=schemas.AnsweredSchema(),
    )
    def answer_update(values: dict[str, Any], rollout_id: int) -> Row:
        """Take, keep or put off fields; an answer that is refused keeps no other from counting."""
        return update_answers.answer(rollout_id, values["rows"])

    @routes.on(
        f"POST {ONE}/take_all",
        needs="update.answer",
        takes=schemas.TakeAllSchema(),
        gives=schemas.TakenSchema(),
    )
    def take_all(values: dict[str, Any], rollout_id: int) -> Row:
        """Answer to everything that is not in conflict."""
        return update_answers.take_all(rollout_id, **values)

    @routes.on(
        "GET /rollouts/<int:rollout_id>/progress",
        needs="rollout.read",
        gives=schemas.ProgressSchema(),
        reach=Reach.SUBTREE,
    )
    def read_progress(rollout_id: int) -> Row:
        """Show what the centers below have answered to a roll-out."""
        return update_progress.progress(rollout_id)


def _add_pins(routes: Routes) -> None:
    """Add: what is postponed or exempt here, and the end of a postponement by hand."""

    @routes.on(
        "GET /pins",
        needs="conflict.read",
        query=schemas.PinQuery(),
        gives=rows_of(schemas.HeldSchema()),
    )
    def list_pins(query: dict[str, Any]) -> Row:
        """List what is postponed or exempt at this center."""
        return pins.page(query)

    @routes.on("POST /pins/<int:pin_id>/end", needs="update.answer", status=204)
    def end_pin(pin_id: int) -> None:
        """Let what the standard says apply now, before the day."""
        pins.apply_now(pin_id)
