"""The history of a standard 沿革: its editions one after the other, and that of one provision."""

from typing import Any

from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import aliased

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.editions import catalogue, comparison, editions, review_rules
from jinzhu.standards.editions.comparison import Pair
from jinzhu.standards.models import (
    Adoption,
    Delivery,
    DeliveryState,
    Edition,
    EditionEntry,
    Revision,
    Rollout,
)

_COUNTED = text("""
    SELECT e.id, count(*) FILTER (WHERE d.old_id IS NULL) AS added,
        count(*) FILTER (WHERE d.new_id <> d.old_id) AS changed,
        count(*) FILTER (WHERE d.new_id IS NULL) AS removed
    FROM edition e
    CROSS JOIN LATERAL (
        SELECT n.revision_id AS new_id, o.revision_id AS old_id
        FROM (SELECT provision_id, revision_id FROM edition_entry WHERE edition_id = e.id) n
        FULL JOIN (SELECT provision_id, revision_id FROM edition_entry
            WHERE edition_id = e.base_id) o USING (provision_id)
        WHERE n.revision_id IS DISTINCT FROM o.revision_id) d
    WHERE e.standard_id = :standard AND e.number IS NOT NULL
    GROUP BY e.id
""")


def _published(standard_id: int) -> list[Edition]:
    """Return the editions of a standard, the newest first; it must be one that reaches us."""
    catalogue.standard(standard_id)
    return list(
        db.session.scalars(
            select(Edition)
            .where(Edition.standard_id == standard_id, Edition.number.is_not(None))
            .order_by(Edition.number.desc())
        )
    )


def of_standard(standard_id: int) -> Row:
    """Return every edition with what it changed, how it went out, and what became of it."""
    found = _published(standard_id)
    counted = {row.id: row for row in db.session.execute(_COUNTED, {"standard": standard_id})}
    numbers = {edition.id: edition.number for edition in found}
    rollouts = _rollouts(list(numbers))
    steps = review_rules.of_editions(list(numbers))
    people = names_of(
        number
        for edition in found
        for number in (edition.created_by, edition.published_by, edition.withdrawn_by)
    )
    reached = catalogue.adopted_centers(list(numbers))
    here = db.session.scalar(
        select(Adoption.edition_id).where(
            Adoption.tenant_id == current().tenant_id, Adoption.standard_id == standard_id
        )
    )
    return {
        "rows": [
            {
                **_edition(edition, people),
                "base": numbers.get(edition.base_id) if edition.base_id else None,
                **_changes(counted.get(edition.id)),
                "steps": steps.get(edition.id, []),
                "rollouts": rollouts.get(edition.id, []),
                "centers": reached.get(edition.id, 0),
                "here": edition.id == here,
            }
            for edition in found
        ]
    }


def _edition(edition: Edition, people: dict[int | None, str]) -> Row:
    return {
        "id": edition.id,
        "number": edition.number,
        "title": edition.title,
        "state": edition.state.value,
        "effective_on": edition.effective_on,
        "published_at": edition.published_at,
        "published_by": people.get(edition.published_by),
        "begun_by": people.get(edition.created_by),
        "entries": edition.entries,
        "content_hash": edition.content_hash,
        "withdrawal": _withdrawal(edition, people),
    }


def _changes(row: Any) -> Row:
    return {name: getattr(row, name) if row else 0 for name in ("added", "changed", "removed")}


def _withdrawal(edition: Edition, people: dict[int | None, str]) -> Row | None:
    if edition.withdrawn_at is None:
        return None
    return {
        "at": edition.withdrawn_at,
        "by": people.get(edition.withdrawn_by, say("history.system")),
        "reason": edition.withdrawal_reason,
    }


def _rollouts(edition_ids: list[int]) -> dict[int, list[Row]]:
    """Return the roll-outs of the own center by edition, with how many centers each moved."""
    moved = Delivery.state.in_([DeliveryState.ADOPTED, DeliveryState.UNCHANGED])
    statement = (
        select(
            Rollout.id,
            Rollout.edition_id,
            Rollout.mode,
            Rollout.state,
            Rollout.reason,
            Rollout.created_at,
            Rollout.finished_at,
            func.count(Delivery.center_id).label("total"),
            func.count(Delivery.center_id).filter(moved).label("adopted"),
        )
        .outerjoin(Delivery, Delivery.rollout_id == Rollout.id)
        .where(Rollout.edition_id.in_(edition_ids), Rollout.owner_id == current().tenant_id)
        .group_by(Rollout.id)
        .order_by(Rollout.id)
    )
    found: dict[int, list[Row]] = {}
    for row in db.session.execute(statement):
        told = {**row._mapping, "mode": row.mode.value, "state": row.state.value}
        found.setdefault(told.pop("edition_id"), []).append(told)
    return found


def of_provision(standard_id: int, kind: str, code: str) -> Row:
    """Return each change of a provision, edition by edition, the newest first.

    Raises:
        NotFound: if no edition of the standard ever had it.
    """
    editions.kind_of(kind)
    found = _published(standard_id)
    standing = _revisions(standard_id, kind, code)
    if not standing:
        raise NotFound(kind=kind, provision=code)
    pairs = []
    for edition in found:
        new, old = standing.get(edition.id), standing.get(edition.base_id or 0)
        if (new and new.id) != (old and old.id):
            pairs.append((edition, Pair(kind, code, _parts(old), _parts(new), None)))
    changes = comparison.changes_of([pair for _, pair in pairs])
    people = names_of(edition.published_by for edition, _ in pairs)
    newest = standing[max(standing)]
    return {
        "kind": kind,
        "code": code,
        "name": newest.name,
        "rows": [
            {
                "edition": {"id": edition.id, "number": edition.number, "title": edition.title},
                "state": edition.state.value,
                "effective_on": edition.effective_on,
                "published_at": edition.published_at,
                "published_by": people.get(edition.published_by),
                "change": change,
            }
            for (edition, _), change in zip(pairs, changes, strict=True)
        ],
    }


def _revisions(standard_id: int, kind: str, code: str) -> dict[int, Revision]:
    """Return the revision of a provision in each edition of a standard."""
    entry = aliased(EditionEntry)
    rows = db.session.execute(
        select(entry.edition_id, Revision)
        .join(Revision, Revision.id == entry.revision_id)
        .join(
            Edition,
            and_(
                Edition.id == entry.edition_id,
                Edition.standard_id == standard_id,
                Edition.number.is_not(None),
            ),
        )
        .where(Revision.kind == kind, Revision.code == code)
    )
    return {row.edition_id: row.Revision for row in rows}


def _parts(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    return {"content": revision.content, "rules": revision.rules, "applies": revision.applies}
