"""Standards and editions as documents: what stands on the shelf, and who is on which edition."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.editions import review_bound
from jinzhu.standards.models import DraftEntry, Edition, EditionState, Standard
from jinzhu.standards.ownership import may_write_standard

_ADOPTED = text("SELECT edition_id, centers FROM app.adopted(CAST(:editions AS bigint[]))")


def _standards() -> Selection:
    return (
        select(
            Standard.id,
            Standard.code,
            Standard.name,
            Standard.owner_id,
            Standard.reviewed,
            Center.name.label("owner_name"),
        )
        .join(Center, Center.id == Standard.owner_id)
        .where(
            or_(
                Standard.owner_id == current().tenant_id,
                select(Edition.id)
                .where(Edition.standard_id == Standard.id, Edition.state == EditionState.PUBLISHED)
                .exists(),
            )
        )
    )


def standards(query: dict[str, Any]) -> Row:
    """Return a page of the standards that reach the own center."""
    statement = _standards()
    if query["q"]:
        wanted = query["q"].strip()
        statement = statement.where(
            Standard.name.icontains(wanted, autoescape=True)
            | Standard.code.istartswith(wanted, autoescape=True)
        )
    found = page_of(
        statement,
        query,
        sortable={"code": Standard.code, "name": Standard.name},
        default="code",
        last=[Standard.id.asc()],
    )
    found["rows"] = _documents(found["rows"])
    return found


def standard(standard_id: int) -> Row:
    """Return one standard."""
    found = db.session.execute(_standards().where(Standard.id == standard_id)).one_or_none()
    if found is None:
        raise NotFound(id=standard_id)
    return _documents([dict(found._mapping)])[0]


def _documents(rows: list[Row]) -> list[Row]:
    ids = [row["id"] for row in rows]
    found = db.session.scalars(
        select(Edition).where(Edition.standard_id.in_(ids)).order_by(Edition.number)
    ).all()
    valid = [edition for edition in found if edition.state is EditionState.PUBLISHED]
    newest = {edition.standard_id: edition for edition in valid}
    drafts = {edition.standard_id: edition for edition in found if not edition.number}
    reached = adopted_centers([edition.id for edition in newest.values()])
    below = db.session.scalar(
        select(func.count()).where(Center.path.contains([current().tenant_id]))
    )
    return [
        {
            "id": row["id"],
            "code": row["code"],
            "name": row["name"],
            "owner": {"id": row["owner_id"], "name": row["owner_name"]},
            "reviewed": row["reviewed"],
            "latest": _latest(newest.get(row["id"])),
            "draft": _draft(drafts.get(row["id"])),
            "centers_adopted": reached.get(newest[row["id"]].id, 0) if row["id"] in newest else 0,
            "centers_total": below or 0,
        }
        for row in rows
    ]


def _latest(edition: Edition | None) -> Row | None:
    if edition is None:
        return None
    return {
        "id": edition.id,
        "number": edition.number,
        "published_at": edition.published_at,
        "effective_on": edition.effective_on,
    }


def _draft(edition: Edition | None) -> Row | None:
    if edition is None:
        return None
    return {"id": edition.id, "changes": edition.changes, "state": edition.state.value}


def adopted_centers(edition_ids: list[int]) -> dict[int, int]:
    """Return how many centers, the own one and those below it, are on each edition."""
    found = db.session.execute(_ADOPTED, {"editions": edition_ids})
    return {row.edition_id: row.centers for row in found}


def _editions() -> Selection:
    return select(Edition, Standard).join(Standard, Standard.id == Edition.standard_id)


def editions_of(standard_id: int, query: dict[str, Any]) -> Row:
    """Return the editions of a standard, the draft first, then the newest."""
    standard(standard_id)
    statement = _editions().where(Edition.standard_id == standard_id)
    total = db.session.scalar(select(func.count()).where(Edition.standard_id == standard_id))
    size = query["per_page"]
    found = db.session.execute(
        statement.order_by(Edition.number.desc().nulls_first())
        .limit(size)
        .offset((query["page"] - 1) * size)
    ).all()
    return {
        "rows": _edition_documents(found),
        "total": total,
        "page": query["page"],
        "per_page": size,
    }


def edition(edition_id: int) -> Row:
    """Return one edition."""
    found = db.session.execute(_editions().where(Edition.id == edition_id)).all()
    if not found:
        raise NotFound(id=edition_id)
    return _edition_documents(found)[0]


def _edition_documents(found: Any) -> list[Row]:
    editions = [row.Edition for row in found]
    reached = adopted_centers([one.id for one in editions])
    people = names_of(
        who
        for one in editions
        for who in (one.submitted_by, one.approved_by, one.published_by, one.withdrawn_by)
    )
    changed = _changed([one.id for one in editions if one.number is None])
    bound = review_bound.begun_under(one.id for one in editions if one.number is None)
    return [
        {
            **_edition(row.Edition, row.Standard, reached, people, changed),
            "reviewed": row.Standard.reviewed or row.Edition.id in bound,
        }
        for row in found
    ]


def _changed(in_work: list[int]) -> dict[int, Row]:
    """Return who wrote last in editions in work, where that was in one of their provisions."""
    if not in_work:
        return {}
    wrote = (
        select(
            DraftEntry.edition_id,
            func.max(DraftEntry.updated_at).label("at"),
            func.max(DraftEntry.updated_by).label("by"),
        )
        .join(Edition, Edition.id == DraftEntry.edition_id)
        .where(Edition.id.in_(in_work), DraftEntry.version == Edition.version)
        .group_by(DraftEntry.edition_id)
    )
    rows = db.session.execute(wrote).all()
    people = names_of(row.by for row in rows)
    found = {row.edition_id: _step(row.at, row.by, people) for row in rows}
    return {number: step for number, step in found.items() if step}


def _edition(
    edition: Edition,
    standard: Standard,
    reached: dict[int, int],
    people: dict[int | None, str],
    changed: dict[int, Row],
) -> Row:
    return {
        "id": edition.id,
        "standard_id": edition.standard_id,
        "standard": {"id": standard.id, "code": standard.code, "name": standard.name},
        "amends": _amended(standard),
        "number": edition.number,
        "title": edition.title,
        "state": edition.state.value,
        "submitted": _step(edition.submitted_at, edition.submitted_by, people),
        "approved": _step(edition.approved_at, edition.approved_by, people),
        "changed": changed.get(edition.id),
        "effective_on": edition.effective_on,
        "published_at": edition.published_at,
        "published_by": people.get(edition.published_by),
        "created_at": edition.created_at,
        "entries": edition.entries,
        # The first edition changes nothing: there was nothing before, unless it amends.
        "changes": _changes(edition, standard),
        "content_hash": edition.content_hash,
        "withdrawn_at": edition.withdrawn_at,
        "withdrawn_by": people.get(edition.withdrawn_by),
        "withdrawal_reason": edition.withdrawal_reason,
        "version": edition.version,
        "adopted_centers": reached.get(edition.id, 0),
        "base_id": edition.base_id,
        "own": may_write_standard(standard),
    }


def _step(at: datetime | None, by: int | None, people: dict[int | None, str]) -> Row | None:
    """Return who took a step towards publication and when; nothing as long as nobody has."""
    if at is None:
        return None
    return {"at": at, "by": people.get(by, say("history.system")), "mine": by == current().actor_id}


def _changes(edition: Edition, standard: Standard) -> int:
    counts = edition.base_id or not edition.number or standard.amends_id
    return edition.changes if counts else 0


def _amended(standard: Standard) -> Row | None:
    """Return the standard from above that an amendment is a layer on."""
    if standard.amends_id is None:
        return None
    upper = db.session.get_one(Standard, standard.amends_id)
    return {"id": upper.id, "code": upper.code, "name": upper.name}
