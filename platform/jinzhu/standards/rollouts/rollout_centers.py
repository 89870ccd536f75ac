"""Who a roll-out goes to: stages choose centers by list, city, label or level.

A center belongs to the first stage that names it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson
from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault, Invalid, invalid
from jinzhu.core.tenancy import current

Chosen = Sequence[int] | Literal["all"]
#: A stage as asked for: {"name", "chosen", "gate"}.
Stage = Mapping[str, Any]

_GIVEN = """
    given AS (
        SELECT * FROM jsonb_to_recordset(CAST(:stages AS jsonb)) AS s (place int, "all" boolean,
            centers int[], cities int[], labels text[], levels text[])
    )
"""

#: `levels` alone names everybody on these levels; beside something else it narrows it.
_PLACES = text(f"""
    WITH {_GIVEN}
    SELECT DISTINCT ON (c.id) c.id, s.place
    FROM given s
    JOIN center c ON c.path @> ARRAY[CAST(:owner AS int)] AND (
        s."all" OR c.id = ANY (s.centers) OR c.path && s.cities OR EXISTS (
            SELECT FROM center_label l WHERE l.center_id = c.id AND l.label = ANY (s.labels))
        OR s.levels IS NOT NULL AND coalesce(s.centers, s.cities) IS NULL AND s.labels IS NULL)
        AND (s.levels IS NULL OR c.level = ANY (s.levels))
    ORDER BY c.id, s.place
""")

#: What a stage names and is not below the own center, or not there at all.
_UNKNOWN = text(f"""
    WITH {_GIVEN}, named AS (
        SELECT place, 'centers' AS member, unnest(centers) AS id FROM given
        UNION ALL SELECT place, 'cities', unnest(cities) FROM given
    )
    SELECT n.place, n.member, CAST(n.id AS text) AS value FROM named n
    LEFT JOIN center c ON c.id = n.id AND c.path @> ARRAY[CAST(:owner AS int)]
    WHERE c.id IS NULL
    UNION ALL
    SELECT s.place, 'labels', label FROM given s CROSS JOIN LATERAL unnest(s.labels) label
    WHERE NOT EXISTS (SELECT FROM center_label l JOIN center c ON c.id = l.center_id
        WHERE l.label = label AND c.path @> ARRAY[CAST(:owner AS int)])
    ORDER BY 1, 2, 3 LIMIT 20
""")


def chosen(
    centers: Chosen | None, stages: Sequence[Stage] | None
) -> tuple[list[Stage], dict[int, int]]:
    """Return the stages of a roll-out and the place of each center in them.

    Without stages: everybody named, at once.

    Raises:
        Invalid: naming a stage that names nobody new, or who is not below this center.
    """
    if stages:
        return list(stages), placed(stages)
    if not centers:
        raise _not_below()
    named = {"all": True} if centers == "all" else {"centers": sorted(set(centers))}
    whole: list[Stage] = [{"name": "", "chosen": named, "gate": {}}]
    try:
        return whole, placed(whole)
    except Invalid:
        raise _not_below() from None


def _not_below() -> Invalid:
    return invalid("centers", "rollout.centers", rule="below")


def placed(stages: Sequence[Stage]) -> dict[int, int]:
    """Return the place of each center that the stages name, counted from 1.

    Raises:
        Invalid: naming a stage that names nobody new, or somebody who is not below this center.
    """
    given = [
        {"place": place, **{name: value for name, value in stage["chosen"].items() if value}}
        for place, stage in enumerate(stages, 1)
    ]
    values = {"stages": orjson.dumps(given).decode(), "owner": current().tenant_id}
    unknown = db.session.execute(_UNKNOWN, values).all()
    if unknown:
        raise Invalid(errors=[_stranger(row) for row in unknown])
    places = {row.id: row.place for row in db.session.execute(_PLACES, values)}
    empty = sorted(set(range(1, len(stages) + 1)) - set(places.values()))
    if empty:
        raise Invalid(errors=[_empty(place, stages[place - 1]) for place in empty])
    return places


def _stranger(row: Any) -> Fault:
    labels = row.member == "labels"
    message = say("rollout.no_label" if labels else "rollout.not_below", value=row.value)
    return Fault(f"stages.{row.place - 1}.chosen.{row.member}", message, row.value, "below")


def _empty(place: int, stage: Stage) -> Fault:
    message = say("rollout.stage_empty", place=place)
    return Fault(f"stages.{place - 1}.chosen", message, stage["chosen"], "remainder")
