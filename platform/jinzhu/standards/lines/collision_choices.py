"""Which of two provisions governs: each side says so, and where both say the same it is settled."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Forbidden, NotFound, invalid
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.standards.lines.collision_rows import SIDES
from jinzhu.standards.models import Collision, Nature, Standard
from jinzhu.standards.ownership import may_write_standard, whose


class NotYourSide(Forbidden):
    """A collision is settled by the owners of the two standards."""

    code = "not_your_side"


def choose(collision_ids: Sequence[int], *, governs: str, reason: str) -> Row:
    """Say for the own side of collisions which provision governs; return how many that settles.

    Raises:
        NotFound: where one of them concerns other centers.
        NotYourSide: where neither of the two standards is this post's.
    """
    if not reason.strip():
        raise invalid("reason", "collision.reason_needed", rule="required")
    found = _locked(collision_ids)
    for collision, standards in found:
        sides = [side for side in SIDES if _answers_for(standards[side])]
        if not sides:
            names = "、".join(standard.name for standard in standards.values())
            ask = {whose(standard, None)["contact"]: None for standard in standards.values()}
            raise NotYourSide(standards=names, contact="、".join(ask))
        _say(collision, sides, {"governs": governs, "reason": reason.strip()})
    db.session.flush()
    settled = sum(collision.settled_at is not None for collision, _ in found)
    return {"chosen": len(found), "settled": settled}


def _locked(collision_ids: Sequence[int]) -> list[tuple[Collision, dict[str, Standard]]]:
    """Return the collisions of which the own center is a side, each with its two standards."""
    own = current().tenant_id
    found = db.session.scalars(
        select(Collision)
        .where(
            Collision.id.in_(collision_ids),
            or_(Collision.owner_id == own, Collision.second_owner_id == own),
        )
        .order_by(Collision.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(found) != len(set(collision_ids)):
        raise NotFound(ids=list(collision_ids))
    numbers = {n for one in found for n in (one.first_standard_id, one.second_standard_id)}
    with reaching(Reach.PUSH):  # the other side's may be a standard from below
        rows = db.session.scalars(select(Standard).where(Standard.id.in_(numbers)))
        standards = {standard.id: standard for standard in rows}
    return [
        (
            one,
            {
                "first": standards[one.first_standard_id],
                "second": standards[one.second_standard_id],
            },
        )
        for one in found
    ]


def _answers_for(standard: Standard) -> bool:
    """Say whether the present post speaks for a standard; of an own catalogue the whole center."""
    if standard.nature is Nature.OWN and current().departments is not None:
        return False
    return may_write_standard(standard)


def _say(collision: Collision, sides: list[str], given: dict[str, Any]) -> None:
    """Write down what a side says, and the settlement where both say the same."""
    now = datetime.now(UTC)
    said = {**given, "by": current().actor_id, "at": now.isoformat(timespec="seconds")}
    record = list(collision.record)
    for side in sides:
        setattr(collision, f"{side}_says", said)
        record.append({"event": "said", "side": side, **said})
    first, second = collision.first_says, collision.second_says
    agreed = bool(first and second and first["governs"] == second["governs"])
    collision.yielding_id, collision.settled_at = None, None
    if agreed:
        yields = collision.second_id if given["governs"] == "first" else collision.first_id
        collision.yielding_id, collision.settled_at = yields, now
        record.append({"event": "settled", "governs": given["governs"], "at": said["at"]})
    collision.record = record
