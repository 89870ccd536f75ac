"""Why each value of a record held on a day: who said it, what brought it, and for what reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from jinzhu.core.calendar import CHINA
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.standards.models import Exemption, Pin, PinReason
from jinzhu.standards.records import history

#: The moves that put the center on the edition and on the city's amendment of then.
_MOVES = text("""
    WITH moved AS (
        SELECT c.id, c.at, c.after, p.part, p.old_id, p.new_id FROM change c
        LEFT JOIN merged old ON old.id = (c.before ->> 'merged_id')::bigint
        LEFT JOIN merged new ON new.id = (c.after ->> 'merged_id')::bigint
        CROSS JOIN LATERAL (
            VALUES ('edition', (c.before ->> 'edition_id')::bigint,
                    (c.after ->> 'edition_id')::bigint),
                ('amendment', old.amendment_id, new.amendment_id)) AS p (part, old_id, new_id)
        WHERE c.tenant_id = :tenant AND c.record = :record AND c.record_id = :id AND c.at < :end
            AND p.old_id IS DISTINCT FROM p.new_id
    )
    SELECT DISTINCT ON (m.part) m.part, m.at, (m.after ->> 'rollout_id')::bigint AS rollout_id,
        (m.after ->> 'edition_id')::bigint AS edition_id, m.new_id, n.number, o.number AS old_number
    FROM moved m
    LEFT JOIN edition n ON n.id = m.new_id
    LEFT JOIN edition o ON o.id = m.old_id
    ORDER BY m.part, m.id DESC
""")


def add(
    fields: list[Row], *, asked: Row, said: Mapping[str, Row | None], pins: Mapping[str, Pin]
) -> None:
    """Add to each field why its value held.

    `asked` names the center's adoption and the end of the day; `said` who set the local values.
    """
    moves = {row.part: row for row in db.session.execute(_MOVES, asked)}
    reasons = history.rollouts_of({row.rollout_id for row in moves.values()}, asked["tenant"])
    granted = _granted(pins, asked["tenant"])
    for field in fields:
        field["because"] = "；".join(
            _because(field, said.get(field["name"]), moves, reasons)
            + _pinned(pins.get(field["name"]) or pins.get(""), granted)
        )


def _because(
    field: Row, said: Row | None, moves: Mapping[str, Any], reasons: Mapping[int | None, Any]
) -> list[str]:
    """Say who set a value, or with which edition it came."""
    if field["set_by"] == "here" and said:
        return [say("at.because.here", name=said["name"], day=_day(said["at"]))]
    city = field["amended_by"]
    move = moves.get("amendment" if city else "edition")
    if move is None:
        return []
    values = {"day": _day(move.at), "number": move.number}
    if city:
        told = say("at.because.amendment", city=city["name"], **values)
    elif (move.number or 0) < (move.old_number or 0):
        told = say("at.because.back", **values)
    else:
        told = say("at.because.edition", **values)
    reason = history.reason_of(reasons.get(move.rollout_id), (move.edition_id, move.new_id))
    return [_with_reason(told, reason)]


def _pinned(pin: Pin | None, granted: Mapping[int | None, str]) -> list[str]:
    """Say until when a value was put off, or let off, and why."""
    if pin is None:
        return []
    key = "exempt" if pin.reason is PinReason.EXEMPT else "postponed"
    told = say(f"at.because.{key}", until=pin.until)
    return [_with_reason(told, granted.get(pin.exemption_id, ""))]


def _granted(pins: Mapping[str, Pin], center_id: int) -> dict[int | None, str]:
    """Return the reasons of what was let off."""
    numbers = [pin.exemption_id for pin in pins.values() if pin.exemption_id]
    if not numbers:
        return {}
    found = select(Exemption.id, Exemption.reason).where(
        Exemption.tenant_id == center_id, Exemption.id.in_(numbers)
    )
    return {row.id: row.reason for row in db.session.execute(found)}


def _with_reason(told: str, reason: str) -> str:
    return say("at.because.why", what=told, reason=reason) if reason else told


def _day(at: datetime) -> str:
    return at.astimezone(CHINA).date().isoformat()
