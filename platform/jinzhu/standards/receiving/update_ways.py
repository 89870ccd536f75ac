"""The way of each update: from what a center stood on to what an edition brings it.

An update is a delivery as its center sees it.  While it is only announced, the way leads from what
is in force to what would be; once adopted, from what was to what is.  One that something newer has
taken the place of has no way any more: nothing of it is left to answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.standards.models import OPEN_STATES, DeliveryState

#: The center has it before it, and has not adopted it.
AHEAD = (
    DeliveryState.ANNOUNCED,
    DeliveryState.ACCEPTED,
    DeliveryState.POSTPONED,
    DeliveryState.WAITING,
)

_DELIVERIES = text("""
    SELECT d.rollout_id, d.state, d.reason AS answer_reason, d.due_on, d.announced_at,
        d.finished_at, d.answered_at, d.answered_by, d.error, d.stage,
        r.mode, r.state AS rollout_state, r.deadline, r.reason, r.created_at,
        e.id AS edition_id, e.number AS edition_number, e.title, e.effective_on,
        s.id AS standard_id, s.name AS standard_name, s.nature, owner.id AS owner_id,
        owner.name AS owner_name, coalesce(s.amends_id, s.id) AS base_id,
        d.from_edition_id, a.edition_id AS base_edition_id, a.merged_id,
        m.edition_id AS amendment_id, s.amends_id IS NOT NULL AS amends,
        CASE WHEN s.amends_id IS NULL AND m.rollout_id = d.rollout_id
            THEN coalesce(d.from_amendment_id, m.edition_id)
            ELSE m.edition_id END AS from_amendment_id,
        d.state = ANY (:ahead) AND r.state = ANY (:going) AS ahead,
        d.state = 'adopted' AND d.rollout_id = (
            SELECT max(l.rollout_id) FROM delivery l JOIN rollout lr ON lr.id = l.rollout_id
            WHERE l.center_id = d.center_id AND lr.standard_id = s.id AND l.state = 'adopted')
            AND CASE WHEN s.amends_id IS NULL THEN a.edition_id ELSE m.edition_id END = e.id
            AS here,
        count(*) OVER () AS total
    FROM delivery d
    JOIN rollout r ON r.id = d.rollout_id
    JOIN edition e ON e.id = r.edition_id
    JOIN standard s ON s.id = e.standard_id
    JOIN center owner ON owner.id = s.owner_id
    LEFT JOIN adoption a ON a.tenant_id = d.center_id
        AND a.standard_id = coalesce(s.amends_id, s.id)
    LEFT JOIN (
        SELECT o.tenant_id, o.edition_id, o.standard_id, o.rollout_id, x.amends_id
        FROM adoption o JOIN standard x ON x.id = o.standard_id) m
        ON m.tenant_id = d.center_id AND m.amends_id = coalesce(s.amends_id, s.id)
    WHERE d.center_id = :center AND (d.announced_at IS NOT NULL OR d.finished_at IS NOT NULL)
        AND (CAST(:rollout AS bigint) IS NULL OR d.rollout_id = :rollout)
    ORDER BY d.rollout_id DESC
""").bindparams(
    ahead=[state.value for state in AHEAD], going=[state.value for state in OPEN_STATES]
)

_MERGED = text("""
    SELECT edition_id, amendment_id, merged_id
    FROM app.merge(CAST(:editions AS bigint[]), CAST(:amendments AS bigint[]))
""")


@dataclass(frozen=True, slots=True)
class Way:
    """From one edition, with the city's amendment on top, to another."""

    rollout: int
    old: int | None
    old_merged: int | None
    new: int
    new_merged: int | None


def deliveries(*, rollout_id: int | None = None) -> list[Row[Any]]:
    """Return what has been delivered to the own center, or is on its way, the newest first."""
    values = {"center": current().tenant_id, "rollout": rollout_id}
    return list(db.session.execute(_DELIVERIES, values))


def ways(found: Iterable[Row[Any]]) -> list[Way]:
    """Return the way of each delivery that is ahead, or that the center stands on."""
    ends = [_ends(row) for row in found if row.ahead or row.here]
    pairs = {pair for _, *both in ends for pair in both if pair[0] and pair[1]}
    merged = _merged(sorted(pairs))
    return [
        Way(rollout, old[0], merged.get(old), new[0], merged.get(new)) for rollout, old, new in ends
    ]


End = tuple[Any, Any]


def _ends(row: Row[Any]) -> tuple[int, End, End]:
    """Return where a delivery comes from and goes to: edition and amendment."""
    if row.amends:
        base, there = row.base_edition_id, (row.base_edition_id, row.edition_id)
        before = row.from_edition_id if row.here else row.amendment_id
        return row.rollout_id, (base, before), there
    there = (row.edition_id, row.amendment_id)
    if row.here:
        return row.rollout_id, (row.from_edition_id, row.from_amendment_id), there
    return row.rollout_id, (row.base_edition_id, row.amendment_id), there


def _merged(pairs: list[End]) -> dict[End, int]:
    if not pairs:
        return {}
    values = {"editions": [pair[0] for pair in pairs], "amendments": [pair[1] for pair in pairs]}
    found = db.session.execute(_MERGED, values)
    return {(row.edition_id, row.amendment_id): row.merged_id for row in found}


def columns(listed: Iterable[Way]) -> dict[str, list[int | None]]:
    """Return ways as the arrays that the statements take."""
    known = list(listed)
    return {
        "rollouts": [way.rollout for way in known],
        "old": [way.old for way in known],
        "old_merged": [way.old_merged for way in known],
        "new": [way.new for way in known],
        "new_merged": [way.new_merged for way in known],
    }
