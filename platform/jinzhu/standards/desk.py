"""The work desk: what waits for the person who signs in, with the page that does it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import func, select, text

from jinzhu.core.access import may
from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.standards.amendments import amendment_settlements
from jinzhu.standards.claims import departments_of_post, models
from jinzhu.standards.lines import collision_rows
from jinzhu.standards.models import (
    Claim,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Revision,
    Rollout,
    Standard,
)
from jinzhu.standards.ownership import may_write_standard
from jinzhu.standards.quality import findings
from jinzhu.standards.quality.rules import RULES
from jinzhu.standards.receiving import exemption_rows, pins, updates
from jinzhu.standards.records import conflicts, duties, records
from jinzhu.standards.rollouts import rollouts

#: What waits for the present post, or what it waits for: entries of `entry`.
Waiting = Callable[[], Iterable[Row]]
Section = Literal["todo", "awaited"]
WAITING: dict[Section, list[Waiting]] = {"todo": [], "awaited": []}


@dataclass(frozen=True, slots=True)
class Listed:
    """The first rows of what waits, as `line` makes them; how many there are, how many late."""

    rows: list[Row]
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Listing:
    """How what waits is told one by one: the first so many, what is due first standing first."""

    body: Callable[[int], Listed]
    #: The entries that count the same, and need not be told beside it.
    covers: frozenset[str]


LISTINGS: dict[Section, list[Listing]] = {"todo": [], "awaited": []}
_RECEIVED = text("""
    SELECT s.name AS standard, e.number AS edition_number, e.title, d.finished_at AS at, d.conflicts
    FROM delivery d JOIN rollout r ON r.id = d.rollout_id JOIN edition e ON e.id = r.edition_id
    JOIN standard s ON s.id = e.standard_id
    WHERE d.center_id = :center AND d.state = 'adopted' ORDER BY d.finished_at DESC LIMIT 5
""")


def waits(section: Section) -> Callable[[Waiting], Waiting]:
    """Add to every desk what a record type knows to wait for somebody, or somebody for."""

    def declare(body: Waiting) -> Waiting:
        WAITING[section].append(body)
        return body

    return declare


def lists(
    section: Section, *, covers: Iterable[str] = ()
) -> Callable[[Callable[[int], Listed]], Callable[[int], Listed]]:
    """Add what a record type can tell one by one of what waits, for who is not at the desk."""

    def declare(body: Callable[[int], Listed]) -> Callable[[int], Listed]:
        LISTINGS[section].append(Listing(body, frozenset(covers)))
        return body

    return declare


def line(
    *, number: str, title: str, step: str, since: date | None, until: date | None, to: str
) -> Row:
    """Return one thing that waits: which, at which step, since when, until when, where."""
    return {
        "number": number,
        "title": title,
        "step": step,
        "since": since,
        "until": until,
        "to": to,
    }


NOTHING_LISTED = Listed([], 0, 0)


def entry(code: str, count: int, to: str) -> Row:
    """Return an entry of the desk: so many of something, and the page that deals with it."""
    return {"code": code, "count": count, "to": to}


def _declared(section: Section) -> list[Row]:
    return [one for body in WAITING[section] for one in body() if one["count"]]


def waiting() -> dict[Section, list[Row]]:
    """Return what waits for the present post, and what it waits for, without the rest."""
    center = current().tenant_id
    assert center is not None
    return {"todo": _todo(center, _quality(center)), "awaited": _declared("awaited")}


def _todo(center: int, quality: dict[str, Row]) -> list[Row]:
    return [
        *_declared("todo"),
        *_own_todo(center),
        *(_faulty(kind, sums) for kind, sums in quality.items() if sums["faulty"]),
        *_office_todo(),
    ]


def read() -> Row:
    """Return the desk of the present post."""
    center = current().tenant_id
    assert center is not None
    figures = [figure for kind in models() if may(f"{kind}.read") for figure in _kind(kind, center)]
    quality = _quality(center)
    figures += [_sound(kind, sums) for kind, sums in quality.items()]
    return {
        "todo": _todo(center, quality),
        "awaited": _declared("awaited"),
        "figures": [figure for figure in figures if figure["of"]],
        "received": _received(center),
        "rollouts": _rollouts(),
        "drafts": _drafts(),
    }


def _received(center: int) -> list[Row]:
    """Return the newest editions; conflicts are counted for the center, so not told to a part."""
    whole = current().departments is None
    return [
        {**row._mapping, "conflicts": row.conflicts if whole else None}
        for row in db.session.execute(_RECEIVED, {"center": center})
    ]


def _count(statement: Any) -> int:
    return int(
        db.session.scalar(statement.with_only_columns(func.count(), maintain_column_froms=True))
        or 0
    )


def _own(statement: Any) -> Any:
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def _kind(kind: str, center: int) -> list[Row]:
    """Return how many duties of a kind are answered, and how many records are complete."""
    model = models()[kind]
    owed = _own(duties.due(kind, center))
    offered = _own(records.own_rows(kind, center).where(model.claim == Claim.OFFERED))
    whole = offered.where(model.local.has_all(Revision.required_fields))
    return [
        {
            "code": f"{kind}s_claimed",
            "value": _count(owed.where(model.id.is_not(None))),
            "of": _count(owed),
        },
        {"code": f"{kind}s_complete", "value": _count(whole), "of": _count(offered)},
    ]


def _quality(center: int) -> dict[str, Row]:
    """Return how many records of each kind that has rules were checked, and how many break one."""
    return {
        kind: findings.figures(kind, {}, center_id=center) for kind in RULES if may(f"{kind}.write")
    }


def _sound(kind: str, sums: Row) -> Row:
    return {
        "code": f"{kind}s_sound",
        "value": sums["checked"] - sums["faulty"],
        "of": sums["checked"],
    }


def _faulty(kind: str, sums: Row) -> Row:
    return entry(f"{kind}s_faulty", sums["faulty"], "/quality?severity=fault")


def _own_todo(center: int) -> list[Row]:
    todo = []
    for kind, model in models().items():
        if may(f"{kind}.claim"):
            unclaimed = _own(duties.due(kind, center)).where(model.id.is_(None))
            todo.append(
                entry(
                    f"{kind}_duties_open", _count(unclaimed), f"/duties?kind={kind}&claim=unclaimed"
                )
            )
        if may(f"{kind}.write"):
            rows = records.own_rows(kind, center).where(model.claim == Claim.OFFERED)
            part = _own(rows.where(~model.local.has_all(Revision.required_fields)))
            todo.append(entry(f"{kind}s_incomplete", _count(part), f"/{kind}s?state=incomplete"))
    if may("conflict.settle"):
        todo.append(entry("conflicts_open", conflicts.open_count(), "/conflicts?state=open"))
    return [one for one in [*_received_todo(), *todo] if one["count"]]


def _received_todo() -> list[Row]:
    """Return what came from above or below and waits for a word: editions, delays, requests."""
    todo = []
    if may("update.answer"):
        todo.append(entry("updates_open", updates.open_count(), "/updates"))
        todo.append(entry("postponed_ending", pins.ending_soon(), "/updates/postponed?soon=true"))
    if may("exemption.decide"):
        asked = exemption_rows.asked_count()
        todo.append(entry("exemptions_asked", asked, "/exemptions/asked?state=asked"))
    if may("amendment.settle"):
        waiting = amendment_settlements.open_count()
        todo.append(entry("amendment_conflicts_open", waiting, "/amendment_conflicts"))
    if may("collision.settle"):
        waiting = collision_rows.open_count()
        todo.append(entry("collisions_open", waiting, "/collisions?mine=true"))
    return todo


def _office_todo() -> list[Row]:
    """Return what waits for the office that writes standards."""
    if not may("rollout.run"):
        return []
    failed = db.session.execute(
        select(Rollout.id, func.count())
        .join(Delivery, Delivery.rollout_id == Rollout.id)
        .where(Rollout.owner_id == current().tenant_id, Delivery.state == DeliveryState.FAILED)
        .group_by(Rollout.id)
        .order_by(Rollout.id.desc())
        .limit(3)
    )
    todo = [entry("rollout_failed", count, f"/rollouts/{number}") for number, count in failed]
    return [*todo, *_edition_todo()]


def _edition_todo() -> list[Row]:
    """Return what waits for whoever writes, reviews or publishes editions."""
    me = current().actor_id
    codes = {
        EditionState.DRAFT: "draft_open",
        EditionState.REVIEW: "edition_to_review" if may("edition.review") else "",
        EditionState.APPROVED: "edition_to_publish" if may("standard.publish") else "",
    }
    return [
        entry(codes[edition.state], 1, f"/editions/{edition.id}")
        for edition, _ in _in_work()
        if codes[edition.state]
        and not (edition.state is EditionState.REVIEW and edition.submitted_by == me)
    ]


def _drafts() -> list[Row]:
    """Return the editions in work."""
    if not may("standard.write"):
        return []
    return [
        {
            "id": edition.id,
            "title": edition.title,
            "changes": edition.changes,
            "standard": standard.name,
            "state": edition.state.value,
        }
        for edition, standard in _in_work()
    ]


def _in_work() -> list[tuple[Edition, Standard]]:
    """Return the editions that are not published yet, of standards that the post may write."""
    found = db.session.execute(
        select(Edition, Standard)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(Edition.owner_id == current().tenant_id, Edition.in_work())
        .order_by(Edition.id)
    )
    return [(edition, standard) for edition, standard in found if may_write_standard(standard)]


def _rollouts() -> list[Row]:
    if not may("rollout.read"):
        return []
    rows: list[Row] = rollouts.page({"edition_id": None, "page": 1, "per_page": 5})["rows"]
    return rows
