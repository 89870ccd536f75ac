"""Pins: what stays at a center as an earlier edition had it, or is let off, until a day.

A postponement ends on its day and an exemption after it; both end early by hand, and a
postponement also where a new edition says the same again (see `push`).  What holds afterwards is
the standard; a local value that it does not allow is in conflict from then on.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, and_, cast, func, literal, or_, select, text, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from jinzhu.core import clock
from jinzhu.core.access import require
from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards import notices, push
from jinzhu.standards.claims import departments_of_post, first_of, in_force, models, searched
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.kinds.described import described
from jinzhu.standards.models import (
    EditionEntry,
    Exemption,
    ExemptionState,
    MergedEntry,
    Pin,
    PinReason,
    Revision,
)
from jinzhu.standards.parts import part_names
from jinzhu.standards.records import conflicts, local_values

#: So many days ahead the desk says that something postponed ends.
SOON = 14

_ENDED = text("""
    UPDATE pin SET ended_at = now()
    WHERE tenant_id = app.tenant_id() AND ended_at IS NULL
        AND until + CASE reason WHEN 'exempt' THEN 1 ELSE 0 END <= :day
    RETURNING standard_id, provision_id, reason, exemption_id
""")


def postpone(wanted: Sequence[Row], *, rollout_id: int) -> None:
    """Leave fields ('' for all of it) as an earlier revision had them, until a day.

    What is postponed already keeps the revision it stands on and gets the new day.
    """
    if not wanted:
        return
    rows = [{**row, "reason": PinReason.POSTPONED, "rollout_id": rollout_id} for row in wanted]
    statement = insert(Pin).values(rows)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "provision_id", "field"],
            index_where=Pin.ended_at.is_(None),
            set_={"until": statement.excluded.until},
        )
    )
    _repinned([(row["standard_id"], row["provision_id"]) for row in wanted])


def end(pin_ids: Sequence[int]) -> None:
    """Let what the standard says apply again to the own center's records."""
    if not pin_ids:
        return
    ended = db.session.execute(
        update(Pin)
        .where(
            Pin.tenant_id == current().tenant_id,
            Pin.id.in_(pin_ids),
            Pin.ended_at.is_(None),
        )
        .values(ended_at=func.now())
        .returning(Pin.standard_id, Pin.provision_id)
    ).all()
    _repinned([(row.standard_id, row.provision_id) for row in ended])


def _repinned(pairs: Sequence[tuple[int, int]]) -> None:
    """Bring the own center's records up to their pins, standard by standard."""
    by_standard: dict[int, list[int]] = defaultdict(list)
    for standard_id, provision_id in pairs:
        by_standard[standard_id].append(provision_id)
    center = current().tenant_id
    assert center is not None
    for standard_id, provisions in by_standard.items():
        push.repin(standard_id, [center], ended=provisions)
    db.session.expire_all()


def apply_now(pin_id: int) -> None:
    """End a postponement by hand.

    Raises:
        NotFound: if this post sees no such pin.
        Conflict: if it is an exemption, which is given back where it was granted.
    """
    local_values.take_turn()
    found = db.session.execute(_listed("").where(Pin.id == pin_id)).one_or_none()
    if found is None:
        raise NotFound(id=pin_id)
    require(f"{found.kind}.write")
    if found.reason == PinReason.EXEMPT:
        raise Conflict(say("pin.is_exemption"))
    end([pin_id])


@clock.due("app.due_pins")
def end_due(*, day: date) -> None:
    """End what has come to its day at the own center."""
    local_values.take_turn()
    ended = db.session.execute(_ENDED, {"day": day}).all()
    _repinned([(row.standard_id, row.provision_id) for row in ended])
    exempt = [row.exemption_id for row in ended if row.exemption_id is not None]
    if exempt:
        db.session.execute(
            update(Exemption)
            .where(Exemption.tenant_id == current().tenant_id, Exemption.id.in_(exempt))
            .values(state=ExemptionState.ENDED, version=Exemption.version + 1)
        )
    _tell(len(ended) - len(exempt), len(exempt))


def _tell(postponed: int, exempt: int) -> None:
    """Tell the own center what has ended."""
    center, values = current().tenant_id, {"conflicts": conflicts.open_count()}
    assert center is not None
    if postponed:
        told = {"n": postponed, **values}
        notices.tell([center], "postponed_ended", values=told, to="/conflicts", needs="item.read")
    if exempt:
        told = {"n": exempt, **values}
        notices.tell([center], "exempt_ended", values=told, to="/exemptions", needs="item.read")


def _of_kind(kind: str) -> Selection:
    """Select what is pinned of a kind, with what would hold without the pin."""
    model, upper = models()[kind], aliased(Revision)
    statement = (
        in_force(model)
        .join(
            Pin,
            and_(
                Pin.tenant_id == model.tenant_id,
                Pin.provision_id == model.provision_id,
                Pin.ended_at.is_(None),
            ),
        )
        .join(upper, upper.id == first_of(MergedEntry.revision_id, EditionEntry.revision_id))
        .with_only_columns(
            Pin.id,
            literal(kind).label("kind"),
            model.id.label("record_id"),
            Pin.provision_id,
            Pin.field,
            Pin.reason,
            Pin.until,
            Pin.exemption_id,
            Pin.rollout_id,
            Pin.created_at.label("since"),
            Revision.code,
            Revision.name,
            Revision.name_key,
            model.local[Pin.field].label("local_value"),
            Revision.content[Pin.field].label("held_value"),
            upper.content[Pin.field].label("standard_value"),
        )
        .where(model.tenant_id == current().tenant_id)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def _listed(word: str) -> Selection:
    parts = [_of_kind(kind) for kind in models()]
    if word:
        parts = [part.where(searched(word)) for part in parts]
    found = union_all(*parts).subquery("pinned")
    return select(found).join(Pin, and_(Pin.id == found.c.id, Pin.tenant_id == _center()))


def _center() -> Any:
    return cast(current().tenant_id, Integer)


def page(query: dict[str, Any]) -> Row:
    """Return a page of what is postponed or exempt at the own center, what ends first at first."""
    statement = _listed(query["q"])
    if query["reason"]:
        statement = statement.where(Pin.reason == query["reason"])
    if query["soon"]:
        statement = statement.where(_soon())
    found = page_of(
        statement,
        query,
        sortable={"until": Pin.until, "field": Pin.field, "since": Pin.created_at},
        default="until",
        last=[Pin.id.asc()],
    )
    parts = part_names((row["provision_id"], row["field"]) for row in found["rows"] if row["field"])
    found["rows"] = [_shape(row, parts) for row in found["rows"]]
    return found


def ending_soon() -> int:
    """Return how many postponements of this post end within the next days."""
    statement = _listed("").where(_soon()).subquery()
    return int(db.session.scalar(select(func.count()).select_from(statement)) or 0)


def _soon() -> Any:
    return or_(Pin.until <= today() + timedelta(days=SOON)) & (Pin.reason == PinReason.POSTPONED)


def _shape(row: Row, parts: dict[Any, dict[str, str]]) -> Row:
    row.pop("name_key")
    return {
        **row,
        "reason": PinReason(row["reason"]).value,
        **described(KINDS[row["kind"]], row["field"]),
        "part_names": parts.get((row["provision_id"], row["field"]), {}),
    }
