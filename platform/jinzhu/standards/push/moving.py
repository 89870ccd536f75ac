"""Centers put on an edition: where each stands, where it goes, and what it now disagrees with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.transaction import keeping_plans
from jinzhu.standards.claims import tables
from jinzhu.standards.models import Standard
from jinzhu.standards.push import pinned
from jinzhu.standards.push.touched import MOVES, Move, columns, counted

#: The advisory-lock class that makes a push and the writers of local values take turns;
#: the trigger app.guard_local takes it, shared, for every write.
LOCKS = 7201

_TAKE_TURNS = text("""
    SELECT pg_advisory_xact_lock(:locks, id)
    FROM (SELECT unnest(CAST(:centers AS int[])) AS id ORDER BY 1) center
""")

#: Where each center stands: on which edition, with which edition of its city's amendment on top.
_STANDING = text("""
    SELECT c.id, a.edition_id, a.merged_id, m.edition_id AS amendment_id
    FROM unnest(CAST(:centers AS int[])) c (id)
    LEFT JOIN adoption a ON a.tenant_id = c.id AND a.standard_id = :standard
    LEFT JOIN (
        SELECT o.tenant_id, o.edition_id FROM adoption o
        JOIN standard s ON s.id = o.standard_id AND s.amends_id = :standard
        WHERE o.tenant_id = ANY (CAST(:centers AS int[]))) m ON m.tenant_id = c.id
    ORDER BY c.id
""")

_MERGE = text("""
    SELECT edition_id, amendment_id, merged_id
    FROM app.merge(CAST(:editions AS bigint[]), CAST(:amendments AS bigint[]))
""")

_COUNT = """
    , kept AS (
        INSERT INTO conflict_count AS c (tenant_id, standard_id, kind, open)
        SELECT tenant_id, :standard, kind, opened - lifted FROM counted
        ON CONFLICT (tenant_id, standard_id, kind) DO UPDATE SET open = c.open + excluded.open
    )
    SELECT tenant_id, sum(opened)::int AS opened FROM counted GROUP BY 1 HAVING sum(opened) > 0
"""

_MOVE = text(f"""
    WITH {MOVES}
    INSERT INTO adoption (tenant_id, standard_id, edition_id, merged_id, rollout_id)
    SELECT tenant_id, :standard, new_id, new_merged_id, CAST(:rollout AS bigint) FROM goal
    WHERE new_id IS NOT NULL
    ON CONFLICT (tenant_id, standard_id) DO UPDATE
        SET edition_id = excluded.edition_id, merged_id = excluded.merged_id,
            rollout_id = excluded.rollout_id, since = now()
        WHERE (adoption.edition_id, adoption.merged_id)
            IS DISTINCT FROM (excluded.edition_id, excluded.merged_id)
    RETURNING tenant_id
""")

_MOVE_AMENDMENT = text("""
    INSERT INTO adoption (tenant_id, standard_id, edition_id, rollout_id)
    SELECT c.id, e.standard_id, e.id, CAST(:rollout AS bigint)
    FROM unnest(CAST(:centers AS int[]), CAST(:amendments AS bigint[])) c (id, edition_id)
    JOIN edition e ON e.id = c.edition_id
    ON CONFLICT (tenant_id, standard_id) DO UPDATE
        SET edition_id = excluded.edition_id, rollout_id = excluded.rollout_id, since = now()
        WHERE adoption.edition_id <> excluded.edition_id
    RETURNING tenant_id
""")


def base_of(standard_id: int) -> int:
    """Return the standard itself, or the one that it amends."""
    standard = db.session.get_one(Standard, standard_id)
    return standard.amends_id or standard.id


def moves(
    *,
    standard_id: int,
    edition_id: int,
    centers: Sequence[int],
    successors: Mapping[int, int] | None = None,
) -> list[Move]:
    """Return the way of each center to an edition of a standard, or of an amendment of one.

    `successors` names for editions of amendments the one that takes their place in the same move.
    """
    base = base_of(standard_id)
    standing = db.session.execute(_STANDING, {"standard": base, "centers": list(centers)}).all()
    goals = []
    for row in standing:
        upper, lower = row.edition_id, row.amendment_id
        if base == standard_id:
            upper, lower = edition_id, (successors or {}).get(lower, lower)
        else:
            lower = edition_id
        goals.append((row, upper, lower))
    merged = merged_of({(upper, lower) for _, upper, lower in goals if upper and lower})
    return [
        Move(row.id, row.edition_id, row.merged_id, upper, merged.get((upper, lower)), lower)
        for row, upper, lower in goals
    ]


def merged_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the merged edition of each pair of an edition and an amendment."""
    listed = sorted(pairs)
    if not listed:
        return {}
    values = {"editions": [pair[0] for pair in listed], "amendments": [pair[1] for pair in listed]}
    found = db.session.execute(_MERGE, values)
    return {(row.edition_id, row.amendment_id): row.merged_id for row in found}


def take_turns(centers: Sequence[int]) -> None:
    """Wait for those who write local values of these centers, and keep others waiting."""
    db.session.execute(_TAKE_TURNS, {"locks": LOCKS, "centers": list(centers)})


def adopt(
    *,
    standard_id: int,
    edition_id: int,
    centers: Sequence[int],
    rollout_id: int | None,
    successors: Mapping[int, int] | None = None,
) -> tuple[dict[int, int], set[int]]:
    """Put centers on an edition, in the present transaction.

    Returns the number of new conflicts by center, and the centers that were not on the edition
    before.  Running it twice changes nothing.
    """
    take_turns(centers)
    wanted = moves(
        standard_id=standard_id, edition_id=edition_id, centers=centers, successors=successors
    )
    base = base_of(standard_id)
    values: dict[str, Any] = {**columns(wanted), "standard": base, "rollout": rollout_id}
    conflicts = _count(values)
    with keeping_plans():
        moved = set(db.session.scalars(_MOVE, values))
        moved |= _move_amendments(wanted, rollout_id)
    pinned.follow(values)
    return conflicts, moved


def _count(values: dict[str, Any]) -> dict[int, int]:
    """Count by center the local values that become conflicts, and keep the sums."""
    kinds = list(tables())
    found = db.session.execute(counted(kinds, _COUNT), {**values, "kinds": kinds})
    return {row.tenant_id: row.opened for row in found}


def _move_amendments(wanted: list[Move], rollout_id: int | None) -> set[int]:
    """Point the centers that have an amendment to its edition; return those that were not there."""
    amended = [move for move in wanted if move.amendment]
    if not amended:
        return set()
    values = {
        "centers": [move.center for move in amended],
        "amendments": [move.amendment for move in amended],
        "rollout": rollout_id,
    }
    return set(db.session.scalars(_MOVE_AMENDMENT, values))
