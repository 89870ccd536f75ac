"""What is published: shown to be what it was, withdrawn with a reason, and who is on it."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from jinzhu.core.db import db
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Conflict
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices
from jinzhu.standards.editions import editions
from jinzhu.standards.editions.prepared import content_hash
from jinzhu.standards.models import (
    OPEN_STATES,
    Adoption,
    Edition,
    EditionState,
    Revision,
    Rollout,
    Standard,
)
from jinzhu.standards.ownership import check_may_write


class NotSealed(Conflict):
    """A draft is not withdrawn but thrown away."""

    code = "not_sealed"


class NotSealedYet(Conflict):
    """A draft has no check value yet."""

    code = "not_sealed_yet"


class RolloutUnderway(Conflict):
    """An edition on its way is stopped before it is withdrawn."""

    code = "rollout_underway"


def _published(edition_id: int) -> Edition:
    edition = editions.find(edition_id)
    if edition.number is None:
        raise NotSealed
    return edition


def verification(edition_id: int) -> Row:
    """Compute the check value of an edition anew from what stands there now, and compare."""
    edition = editions.find(edition_id)
    if edition.number is None:
        raise NotSealedYet
    lines, differing = [], []
    columns = editions.entries_of(edition.id).with_only_columns(
        Revision.kind,
        Revision.code,
        Revision.content,
        Revision.rules,
        Revision.applies,
        Revision.content_hash,
    )
    for row in db.session.execute(columns):
        hashed = content_hash(dict(row._mapping))
        lines.append((row.kind, row.code, hashed))
        if hashed != row.content_hash:
            differing.append(f"{row.kind} {row.code}")
    text = "\n".join(" ".join(line) for line in sorted(lines))
    computed = hashlib.sha256(text.encode()).hexdigest()
    return {
        "recorded": edition.content_hash,
        "computed": computed,
        "matches": computed == edition.content_hash and not differing,
        "entries": len(lines),
        "differing": sorted(differing),
    }


def withdraw(edition: Edition, *, reason: str) -> None:
    """Take an edition back: it is rolled out no more.  Needs the reach PUSH, to tell those on it.

    Who is on it stays there until another edition comes.
    """
    check_may_write(db.session.get_one(Standard, edition.standard_id))
    if edition.state is not EditionState.PUBLISHED:
        raise NotSealed
    underway = db.session.scalar(
        select(Rollout.id).where(Rollout.edition_id == edition.id, Rollout.state.in_(OPEN_STATES))
    )
    if underway is not None:
        raise RolloutUnderway(rollout_id=underway)
    take_out(edition, reason=reason)


def take_out(edition: Edition, *, reason: str) -> None:
    """Withdraw an edition, and tell those on it; whether it may be is for the caller to ask."""
    edition.state = EditionState.WITHDRAWN
    edition.withdrawn_at, edition.withdrawn_by = datetime.now(UTC), current().actor_id
    edition.withdrawal_reason = reason.strip()
    edition.version += 1
    db.session.flush()
    standard = db.session.get_one(Standard, edition.standard_id)
    placed = select(Adoption.tenant_id).where(Adoption.edition_id == edition.id)
    notices.tell(
        list(db.session.scalars(placed)),
        "edition_withdrawn",
        values={
            "standard": standard.name,
            "number": edition.number,
            "reason": reason.strip(),
            "owner": db.session.get_one(Center, standard.owner_id).name,
        },
        to=f"/editions/{edition.id}",
        needs="standard.read",
    )


def centers_on(edition_id: int, query: Mapping[str, Any]) -> Row:
    """Return a page of the centers that are on an edition.  Needs the reach SUBTREE."""
    edition, city = _published(edition_id), aliased(Center)
    statement = (
        select(Center.id, Center.code, Center.name, city.name.label("city_name"), Adoption.since)
        .join(Adoption, Adoption.tenant_id == Center.id)
        .outerjoin(city, city.id == Center.parent_id)
        .where(Adoption.edition_id == edition.id)
    )
    sortable = {"code": Center.code, "name": Center.name_key, "since": Adoption.since}
    last = [Center.id.asc()]
    return page_of(statement, query, sortable=sortable, default="code", last=last, shape=_standing)


def _standing(row: Row) -> Row:
    named = ("id", "code", "name", "city_name")
    return {"center": {name: row[name] for name in named}, "since": row["since"]}
