"""The update inbox 更新: the editions that came to a center or are on their way, field by field."""

from typing import Any

from sqlalchemy import case, select

from jinzhu.core.access import may
from jinzhu.core.calendar import today
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.kinds.described import described
from jinzhu.standards.models import DeliveryState, Mode
from jinzhu.standards.parts import part_names
from jinzhu.standards.receiving import update_rows, update_ways
from jinzhu.standards.receiving.update_rows import RowState
from jinzhu.standards.receiving.update_ways import Way
from jinzhu.standards.rollouts.rollout_base import COMING, GOING

OPEN, DONE = "open", "done"
STATES = (OPEN, DONE)
#: What a row is looked at for, besides its state.
TO_ANSWER = "to_answer"


def page(query: dict[str, Any]) -> Row:
    """Return a page of updates: those that wait for something, or the others.

    A center has few: at most one for each standard and edition that ever came to it.
    """
    known = update_ways.deliveries()
    counts = update_rows.counts(update_ways.ways(known))
    people = names_of(row.answered_by for row in known)
    wanted = query["state"] == OPEN
    found = [row for row in known if waits(row, counts.get(row.rollout_id)) is wanted]
    size, skip = query["per_page"], (query["page"] - 1) * query["per_page"]
    shown = found[skip : skip + size]
    return {
        "rows": [_document(row, counts.get(row.rollout_id), people) for row in shown],
        "total": len(found),
        "page": query["page"],
        "per_page": size,
    }


def open_count() -> int:
    """Return how many updates wait for an answer of this post."""
    known = update_ways.deliveries()
    counts = update_rows.counts(update_ways.ways(known))
    return sum(waits(row, counts.get(row.rollout_id)) for row in known)


def waits(row: Any, counted: Row | None) -> bool:
    """Say whether an update has to be looked at: it is ahead, or something of it is unanswered."""
    return bool(row.ahead or (counted and counted["to_answer"]))


def find(rollout_id: int) -> tuple[Any, Way | None]:
    """Return a delivery to the own center with its way, if it still has one.

    Raises:
        NotFound: if nothing of that number has come here.
    """
    known = update_ways.deliveries(rollout_id=rollout_id)
    if not known:
        raise NotFound(id=rollout_id)
    way = update_ways.ways(known)
    return known[0], way[0] if way else None


def read(rollout_id: int) -> Row:
    """Return one update with its numbers, and what can be done with it."""
    row, way = find(rollout_id)
    counted = update_rows.counts([way])[rollout_id] if way else None
    return _document(row, counted, names_of([row.answered_by]))


def _document(row: Any, counted: Row | None, people: dict[int | None, str]) -> Row:
    return {
        "rollout_id": row.rollout_id,
        "standard": {"id": row.standard_id, "name": row.standard_name, "nature": row.nature},
        "owner": {"id": row.owner_id, "name": row.owner_name},
        "edition": {
            "id": row.edition_id,
            "number": row.edition_number,
            "title": row.title,
            "effective_on": row.effective_on,
        },
        "mode": row.mode,
        "state": row.state,
        "rollout_state": row.rollout_state,
        "reason": row.reason,
        "due_on": row.due_on,
        "deadline": row.deadline,
        "announced_at": row.announced_at or row.created_at,
        "finished_at": row.finished_at,
        "answer": _answer(row, people),
        "here": bool(row.here),
        "counts": None if counted is None else _counted(counted),
        "actions": actions(row, counted),
    }


def _answer(row: Any, people: dict[int | None, str]) -> Row | None:
    if row.answered_at is None:
        return None
    return {
        "at": row.answered_at,
        "by": people.get(row.answered_by, ""),
        "reason": row.answer_reason,
    }


def _counted(counted: Row) -> Row:
    names = ("provisions", "fields", TO_ANSWER, "answered", "new_duties", *RowState)
    return {str(name): counted[name] for name in names}


def actions(row: Any, counted: Row | None) -> Row:
    """Say what this post may do with an update."""
    # The whole center is not one department's to decide for.
    whole = may("update.answer") and current().departments is None and takes_part(row)
    notice = row.mode == Mode.WITH_NOTICE
    return {
        "take": whole,
        "on_date": whole and notice and row.state != DeliveryState.ACCEPTED,
        "postpone": whole and notice and bool(row.deadline and row.deadline > today()),
        "refuse": whole and row.mode == Mode.ON_OFFER and row.state != DeliveryState.DECLINED,
        "answer": may("update.answer") and bool(row.here),
        "later": may("update.answer")
        and bool(row.here and row.deadline and row.deadline > today()),
        "take_all": may("update.answer") and bool(row.here and counted and _unanswered(counted)),
    }


def _unanswered(counted: Row) -> bool:
    """Say whether one click would answer anything: what is in conflict it leaves."""
    return bool(counted[TO_ANSWER] > counted[RowState.CONFLICT])


def takes_part(row: Any) -> bool:
    """Say whether the center itself decides about an update: it came with notice, or is offered."""
    given = row.mode in (Mode.WITH_NOTICE, Mode.ON_OFFER)
    asked = row.state in (*COMING, DeliveryState.DECLINED)
    return bool(given and asked and row.rollout_state in GOING)


def page_of_rows(rollout_id: int, query: dict[str, Any]) -> Row:
    """Return a page of the fields of the center's records that an update changes."""
    _, way = find(rollout_id)
    if way is None:
        return {"rows": [], "total": 0, "page": query["page"], "per_page": query["per_page"]}
    row = update_rows.rows([way])
    statement = select(row)
    if query["state"] == TO_ANSWER:
        statement = statement.where(update_rows.to_answer(row))
    elif query["state"]:
        statement = statement.where(row.c.state == query["state"])
    if query["q"]:
        word = query["q"].strip()
        statement = statement.where(
            row.c.name.icontains(word, autoescape=True)
            | row.c.code.istartswith(word, autoescape=True)
        )
    order = case({state.value: place for place, state in enumerate(RowState)}, value=row.c.state)
    found = page_of(
        statement,
        query,
        sortable={"state": order, "name": row.c.name_key, "field": row.c.field},
        default="state,name",
        last=[row.c.kind.asc(), row.c.provision_id.asc(), row.c.field.asc()],
    )
    found["rows"] = _shaped(found["rows"])
    return found


def _shaped(found: list[Row]) -> list[Row]:
    """Add the words of each field, and who answered."""
    people = names_of(row["answered_by"] for row in found)
    parts = part_names((row["provision_id"], row["field"]) for row in found if row["field"])
    return [_shape(row, people, parts) for row in found]


PLAIN = (
    "kind",
    "provision_id",
    "record_id",
    "code",
    "name",
    "field",
    "state",
    "old_value",
    "old_rule",
    "new_value",
    "new_rule",
    "local_value",
    "before",
    "after",
    "pin_id",
    "until",
    "exemption_id",
)


def _shape(row: Row, people: dict[int | None, str], parts: dict[Any, dict[str, str]]) -> Row:
    return {
        **{name: row[name] for name in PLAIN},
        **described(KINDS[row["kind"]], row["field"]),
        "part_names": parts.get((row["provision_id"], row["field"]), {}),
        "answer": None if row["answer"] is None else _given(row, people),
    }


def _given(row: Row, people: dict[int | None, str]) -> Row:
    return {
        "answer": row["answer"],
        "value": row["answer_value"],
        "reason": row["answer_reason"],
        "until": row["answer_until"],
        "by": people.get(row["answered_by"], ""),
        "at": row["answered_at"],
    }
