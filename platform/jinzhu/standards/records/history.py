"""The history of a record: who changed what, when, and under which edition.

One time line of three kinds of change: of the row itself, of the edition it stands under, and of
what was postponed or let off.  Where an edition brought one of the city's amendment along, or took
it back, both are told: each with what its own author says otherwise.
"""

from collections.abc import Container, Iterable
from typing import Any

from sqlalchemy import and_, select, text

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.kinds import KINDS, Kind
from jinzhu.standards.models import (
    Adoption,
    Delivery,
    DeliveryState,
    Edition,
    EditionEntry,
    Merged,
    Pin,
    Revision,
    Rollout,
)

#: What a push or a pin changes of a row by itself is told where it comes from.
_CHANGES = text("""
    WITH told AS (
        SELECT id, at, actor_id, action, record, before, after, '' AS part FROM change
        WHERE tenant_id = :tenant AND record = :record AND record_id = :id AND (before IS NULL
            OR before - CAST(:untold AS text[]) IS DISTINCT FROM after - CAST(:untold AS text[]))
        UNION ALL
        SELECT c.id, c.at, c.actor_id, c.action, c.record, c.before, c.after, moved.part
        FROM change c
        LEFT JOIN merged old ON old.id = (c.before ->> 'merged_id')::bigint
        LEFT JOIN merged new ON new.id = (c.after ->> 'merged_id')::bigint
        CROSS JOIN LATERAL (
            SELECT 'edition' AS part
            WHERE c.before ->> 'edition_id' IS DISTINCT FROM c.after ->> 'edition_id'
            UNION ALL SELECT 'amendment'
            WHERE old.amendment_id IS DISTINCT FROM new.amendment_id) moved
        WHERE c.tenant_id = :tenant AND c.record = 'adoption' AND c.record_id = :adoption
        UNION ALL
        SELECT id, at, actor_id, action, record, before, after, '' FROM change
        WHERE tenant_id = :tenant AND record = 'pin' AND record_id = ANY (CAST(:pins AS bigint[]))
            AND (before ->> 'until', before ->> 'ended_at')
                IS DISTINCT FROM (after ->> 'until', after ->> 'ended_at')
    ), page AS (
        SELECT *, count(*) OVER () AS total FROM told
        ORDER BY id DESC, part LIMIT :size OFFSET :skip
    )
    SELECT p.*, (
        SELECT (a.after ->> 'edition_id')::bigint FROM change a
        WHERE a.tenant_id = :tenant AND a.record = 'adoption' AND a.record_id = :adoption
            AND a.id < p.id ORDER BY a.id DESC LIMIT 1) AS edition_id
    FROM page p ORDER BY p.id DESC, p.part
""")
#: Columns of a row whose change is told, besides the local values.
TOLD = ("claim", "reason", "covered_by_id")
UNTOLD = ["pinned_revision_id", "version", "updated_at", "updated_by"]


class Told:
    """What the rows of a page refer to by number."""

    def __init__(
        self, kind: Kind, found: Iterable[Any], *, provision_id: int, center_id: int
    ) -> None:
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
        editions = {*self.amended.values(), *(state["edition_id"] for state in moves)}
        self.numbers = self._numbers(wanted | editions)
        self.said = self._said(provision_id, editions)
        self.rollouts = rollouts_of({state.get("rollout_id") for state in moves}, center_id)

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
    def _said(provision_id: int, editions: set[int | None]) -> dict[int | None, Row]:
        """Return what each edition says of the provision, where it says anything."""
        found = (
            select(EditionEntry.edition_id, Revision.content)
            .join(Revision, Revision.id == EditionEntry.revision_id)
            .where(
                EditionEntry.provision_id == provision_id,
                EditionEntry.edition_id.in_(editions - {None}),
            )
        )
        return {row.edition_id: row.content for row in db.session.execute(found)}

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
        """Tell to which edition the center was moved, by which roll-out, and what that changed."""
        before, after = row.before or {}, row.after or {}
        old, new = before.get("edition_id"), after.get("edition_id")
        back = (self.numbers.get(new) or 0) < (self.numbers.get(old) or 0)
        told: Row = {"rollout": self._rollout(after)}
        if row.part == "amendment":
            old = self.amended.get(before.get("merged_id"))
            new = self.amended.get(after.get("merged_id"))
            told |= {"action": "amended", "changes": self._otherwise(old, new)}
        else:
            both = old in self.said and new in self.said
            told["action"] = "rolled_back" if back else "adopted"
            told["changes"] = self._otherwise(old, new) if both else []
        return {**told, "edition": self._edition(new), "from_edition": self._edition(old)}

    def _rollout(self, after: Row) -> Row | None:
        """Return the roll-out that moved a center, with its reason, or that of taking it back."""
        found = self.rollouts.get(after.get("rollout_id"))
        moved_to = {after["edition_id"], self.amended.get(after.get("merged_id"))}
        return found and {"id": found.id, "reason": reason_of(found, moved_to)}

    def _otherwise(self, old: int | None, new: int | None) -> list[Row]:
        """Return what one edition says otherwise than another one."""
        return _values(self.kind, self.said.get(old) or {}, self.said.get(new) or {})

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
    told = Told(KINDS[kind], found, provision_id=provision_id, center_id=center_id)
    return {
        "rows": [told.row(row) for row in found],
        "total": found[0].total if found else 0,
        "page": query["page"],
        "per_page": size,
    }


def rollouts_of(wanted: set[int | None], center_id: int) -> dict[int | None, Any]:
    """Return roll-outs, each with the reason for which it took a center back, if it did."""
    found = (
        select(
            Rollout.id,
            Rollout.reason,
            Delivery.reason.label("back"),
            Delivery.from_edition_id.label("back_to"),
        )
        .outerjoin(
            Delivery,
            and_(
                Delivery.rollout_id == Rollout.id,
                Delivery.center_id == center_id,
                Delivery.state == DeliveryState.ROLLED_BACK,
            ),
        )
        .where(Rollout.id.in_(wanted - {None}))
    )
    return {row.id: row for row in db.session.execute(found)}


def reason_of(rollout: Any, moved_to: Container[int | None]) -> str:
    """Return why a roll-out moved a center to some editions: there, or back to where it was."""
    if rollout is None:
        return ""
    taken_back = rollout.back_to is not None and rollout.back_to in moved_to
    return str(rollout.back if taken_back else rollout.reason)


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
