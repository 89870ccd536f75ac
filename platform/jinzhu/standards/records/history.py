"""The history of a record: who changed what, when, and under which edition.

One time line of three kinds of change: of the row itself, of the edition it stands under, and of
what was postponed or let off.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.kinds import KINDS, Kind
from jinzhu.standards.models import Adoption, Edition, Merged, Pin, Rollout

#: What a push or a pin changes of a row by itself is told where it comes from.
_CHANGES = text("""
    WITH told AS (
        SELECT id, at, actor_id, action, record, before, after FROM change
        WHERE tenant_id = :tenant AND record = :record AND record_id = :id AND (before IS NULL
            OR before - CAST(:untold AS text[]) IS DISTINCT FROM after - CAST(:untold AS text[]))
        UNION ALL
        SELECT id, at, actor_id, action, record, before, after FROM change
        WHERE tenant_id = :tenant AND record = 'adoption' AND record_id = :adoption
            AND (before ->> 'edition_id', before ->> 'merged_id')
                IS DISTINCT FROM (after ->> 'edition_id', after ->> 'merged_id')
        UNION ALL
        SELECT id, at, actor_id, action, record, before, after FROM change
        WHERE tenant_id = :tenant AND record = 'pin' AND record_id = ANY (CAST(:pins AS bigint[]))
            AND (before ->> 'until', before ->> 'ended_at')
                IS DISTINCT FROM (after ->> 'until', after ->> 'ended_at')
    ), page AS (
        SELECT *, count(*) OVER () AS total FROM told ORDER BY id DESC LIMIT :size OFFSET :skip
    )
    SELECT p.*, (
        SELECT (a.after ->> 'edition_id')::bigint FROM change a
        WHERE a.tenant_id = :tenant AND a.record = 'adoption' AND a.record_id = :adoption
            AND a.id < p.id ORDER BY a.id DESC LIMIT 1) AS edition_id
    FROM page p ORDER BY p.id DESC
""")
#: Columns of a row whose change is told, besides the local values.
TOLD = ("claim", "reason", "covered_by_id")
UNTOLD = ["pinned_revision_id", "version", "updated_at", "updated_by"]


class Told:
    """What the rows of a page refer to by number."""

    def __init__(self, kind: Kind, found: Iterable[Any]) -> None:
        self.kind = kind
        rows = list(found)
        moves = [state for row in rows if row.record == "adoption" for state in _states(row)]
        marks = [
            mark["edition"]
            for row in rows
            for state in _states(row)
            for mark in (state.get("set_under") or {}).values()
        ]
        self.people = names_of(row.actor_id for row in rows)
        self.amended = self._amended({state.get("merged_id") for state in moves})
        wanted = {*marks, *(row.edition_id for row in rows), *self.amended.values()}
        self.numbers = self._numbers(wanted | {state["edition_id"] for state in moves})
        self.rollouts = self._rollouts({state.get("rollout_id") for state in moves})

    @staticmethod
    def _amended(wanted: set[int | None]) -> dict[int | None, int]:
        """Return the edition of the city's amendment in each merged one."""
        found = select(Merged.id, Merged.amendment_id).where(Merged.id.in_(wanted - {None}))
        return {row.id: row.amendment_id for row in db.session.execute(found)}

    @staticmethod
    def _numbers(wanted: set[int | None]) -> dict[int | None, int | None]:
        found = select(Edition.id, Edition.number).where(Edition.id.in_(wanted - {None}))
        return {row.id: row.number for row in db.session.execute(found)}

    @staticmethod
    def _rollouts(wanted: set[int | None]) -> dict[int | None, Row]:
        found = select(Rollout.id, Rollout.reason).where(Rollout.id.in_(wanted - {None}))
        return {row.id: {"id": row.id, "reason": row.reason} for row in db.session.execute(found)}

    def row(self, row: Any) -> Row:
        """Return a change as told."""
        told = {"adoption": self._move, "pin": self._pin}.get(row.record, self._change)(row)
        nothing: Row = {"changes": [], "from_edition": None, "rollout": None, "pin": None}
        actor = self.people.get(row.actor_id, say("history.system"))
        return {**nothing, "at": row.at, "actor": actor, **told}

    def _change(self, row: Any) -> Row:
        """Tell what became of the answer and the local values."""
        before, after = row.before or {}, row.after or {}
        changes = _values(self.kind, before.get("local") or {}, after.get("local") or {})
        changes += [
            {
                "field": name,
                "label": say(f"history.{name}"),
                "before": before.get(name) or None,
                "after": after.get(name) or None,
            }
            for name in TOLD
            if (before.get(name) or None) != (after.get(name) or None)
        ]
        marks = after.get("set_under") or {}
        marked = [marks[c["field"]]["edition"] for c in changes if c["field"] in marks]
        return {
            "action": row.action if row.before is not None else "created",
            "changes": changes,
            "edition": self._edition(marked[0] if marked else row.edition_id),
        }

    def _move(self, row: Any) -> Row:
        """Tell to which edition the center was moved, and by which roll-out."""
        before, after = row.before or {}, row.after or {}
        old, new = before.get("edition_id"), after.get("edition_id")
        number, earlier = self.numbers.get(new) or 0, self.numbers.get(old) or 0
        told: Row = {
            "action": "rolled_back" if number < earlier else "adopted",
            "edition": self._edition(new),
            "from_edition": self._edition(old),
            "rollout": self.rollouts.get(after.get("rollout_id")),
        }
        if old == new:
            told["action"] = "amended"
            told["edition"] = self._edition(self.amended.get(after.get("merged_id")))
            told["from_edition"] = self._edition(self.amended.get(before.get("merged_id")))
        return told

    def _pin(self, row: Any) -> Row:
        """Tell what was postponed or let off until when, and that it ended."""
        after = row.after or {}
        ended = after.get("ended_at") is not None
        field = after.get("field") or ""
        return {
            "action": "pin_ended" if ended else after.get("reason", "postponed"),
            "edition": self._edition(row.edition_id),
            "pin": {
                "field": field,
                "label": self.kind.label(field) if field else say("pin.whole"),
                "until": after.get("until"),
            },
        }

    def _edition(self, edition_id: int | None) -> Row | None:
        number = self.numbers.get(edition_id)
        return {"number": number} if number else None


def page(kind: str, record_id: int, query: dict[str, Any], *, center_id: int) -> Row:
    """Return the changes of a record, the newest first."""
    model = models()[kind]
    visible = (
        in_force(model)
        .with_only_columns(model.provision_id, Adoption.id)
        .where(model.id == record_id, model.tenant_id == center_id)
    )
    own = departments_of_post()
    known = db.session.execute(visible if own is None else visible.where(own)).one_or_none()
    if known is None:
        raise NotFound(id=record_id)
    provision_id, adoption_id = known
    pins = select(Pin.id).where(Pin.tenant_id == center_id, Pin.provision_id == provision_id)
    size = query["per_page"]
    found = db.session.execute(
        _CHANGES,
        {
            "tenant": center_id,
            "record": model.__tablename__,
            "id": record_id,
            "adoption": adoption_id,
            "pins": list(db.session.scalars(pins)),
            "untold": UNTOLD,
            "size": size,
            "skip": (query["page"] - 1) * size,
        },
    ).all()
    told = Told(KINDS[kind], found)
    return {
        "rows": [told.row(row) for row in found],
        "total": found[0].total if found else 0,
        "page": query["page"],
        "per_page": size,
    }


def _states(row: Any) -> list[Row]:
    return [state for state in (row.before, row.after) if state]


def _values(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    return [
        {
            "field": field.name,
            "label": kind.label(field.name),
            "before": before.get(field.name),
            "after": after.get(field.name),
        }
        for field in kind.fields
        if before.get(field.name) != after.get(field.name)
    ]
