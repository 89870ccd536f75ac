"""Amendments 修订: a city's own layer on a standard from above, and who amends what."""

from typing import Any

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center, Level
from jinzhu.standards.editions import amendment_view, catalogue, editions
from jinzhu.standards.editions.amendment_checks import ground_of
from jinzhu.standards.models import (
    Adoption,
    AmendmentConflict,
    Edition,
    EditionState,
    Nature,
    Standard,
)

AMENDABLE = (Nature.GENERAL, Nature.LINE)

#: What the newest edition of each amendment says, and how many centers are on which edition.
_BELOW = text("""
    SELECT c.id AS city_id, c.code, c.name AS city_name, s.id AS standard_id, e.id AS edition_id,
        e.number, e.title, e.published_at, e.entries, said.fields, placed.centers,
        against.number AS against_number, coalesce(waiting.conflicts, 0) AS conflicts,
        coalesce(waiting.ahead, 0) AS ahead, waiting.rollout_id
    FROM standard s
    JOIN center c ON c.id = s.owner_id
    JOIN LATERAL (
        SELECT * FROM edition e WHERE e.standard_id = s.id AND e.state = 'published'
        ORDER BY e.number DESC LIMIT 1) e ON true
    LEFT JOIN edition against ON against.id = e.against_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum((SELECT count(*) FROM (
            SELECT jsonb_object_keys(r.content) UNION SELECT jsonb_object_keys(r.rules)) f)), 0)
            AS fields
        FROM edition_entry x JOIN revision r ON r.id = x.revision_id WHERE x.edition_id = e.id
    ) said
    CROSS JOIN LATERAL (
        SELECT count(*) AS centers FROM adoption a WHERE a.standard_id = s.id) placed
    LEFT JOIN LATERAL (
        SELECT count(k.rollout_id) AS conflicts, count(*) - count(k.rollout_id) AS ahead,
            max(k.rollout_id) AS rollout_id
        FROM amendment_conflict k
        WHERE k.tenant_id = s.owner_id AND k.standard_id = s.amends_id AND k.settled_at IS NULL
    ) waiting ON true
    WHERE s.amends_id = :standard
    ORDER BY c.code
""")


class NotAmendable(Conflict):
    """Only a city amends, and only what comes from above."""

    code = "not_amendable"


def begin(standard_id: int, *, title: str = "") -> Row:
    """Open the amendment of a standard from above, with a draft; both are made if need be.

    Raises:
        NotAmendable: if the center is no city, or the standard none that can be amended.
        NotAdopted: if no edition of it has arrived here.
    """
    standard = db.session.scalar(select(Standard).where(Standard.id == standard_id))
    if standard is None:
        raise NotFound(id=standard_id)
    center = db.session.get_one(Center, current().tenant_id)
    _refuse(standard, center)
    ground = ground_of(standard.id)
    amendment = _of(standard) or add(
        Standard(
            code=f"{standard.code}-{center.code}",
            name=say("amendment.name", standard=standard.name, center=center.name),
            nature=Nature.AMENDMENT,
            amends_id=standard.id,
        )
    )
    if _draft(amendment.id) is None:
        words = title.strip() or say("amendment.title", center=center.name)
        draft = editions.find_draft(editions.open_draft(amendment.id, title=words))
        draft.against_id = ground.id
        db.session.flush()
    return read(standard.id)


def _refuse(standard: Standard, center: Center) -> None:
    if center.level is not Level.CITY:
        raise NotAmendable(say("amendment.only_city"))
    if standard.owner_id == center.id:
        raise NotAmendable(say("amendment.own"))
    if standard.nature not in AMENDABLE:
        raise NotAmendable(say("amendment.only_amended"))


def _of(standard: Standard) -> Standard | None:
    return db.session.scalar(
        select(Standard).where(
            Standard.amends_id == standard.id, Standard.owner_id == current().tenant_id
        )
    )


def _draft(standard_id: int) -> int | None:
    return db.session.scalar(
        select(Edition.id).where(Edition.standard_id == standard_id, Edition.in_work())
    )


def listed() -> Row:
    """Return the standards from above with what the own center amends of each."""
    rows = _rows()
    return {"rows": rows, "total": len(rows), "page": 1, "per_page": max(len(rows), 1)}


def read(standard_id: int) -> Row:
    """Return one standard from above with what the own center amends of it."""
    rows = _rows(standard_id)
    if not rows:
        raise NotFound(id=standard_id)
    return rows[0]


def _rows(standard_id: int | None = None) -> list[Row]:
    own, above, arrived = aliased(Standard), aliased(Center), aliased(Edition)
    statement = (
        select(Standard, above, arrived, own, _open().label("conflicts"))
        .join(above, above.id == Standard.owner_id)
        .outerjoin(
            own,
            and_(own.amends_id == Standard.id, own.owner_id == current().tenant_id),
        )
        .outerjoin(
            Adoption,
            and_(Adoption.standard_id == Standard.id, Adoption.tenant_id == current().tenant_id),
        )
        .outerjoin(arrived, arrived.id == Adoption.edition_id)
        .where(
            Standard.owner_id != current().tenant_id,
            Standard.nature.in_(AMENDABLE),
            or_(own.id.is_not(None), _published().exists()),
        )
        .order_by(Standard.code, Standard.id)
    )
    if standard_id is not None:
        statement = statement.where(Standard.id == standard_id)
    found = db.session.execute(statement).all()
    layers = _layers([row[3].id for row in found if row[3]])
    return [
        _row(standard, owner, on, amendment, conflicts, layers)
        for standard, owner, on, amendment, conflicts in found
    ]


def _published() -> Selection:
    """Select an edition of a standard, if there is one: before, there is nothing to amend."""
    return (
        select(Edition.id)
        .where(Edition.standard_id == Standard.id, Edition.number.is_not(None))
        .correlate(Standard)
    )


def _open() -> Any:
    """Return how many fields of the amendment wait for an answer."""
    return (
        select(func.count())
        .select_from(AmendmentConflict)
        .where(
            AmendmentConflict.tenant_id == current().tenant_id,
            AmendmentConflict.standard_id == Standard.id,
            AmendmentConflict.settled_at.is_(None),
        )
        .correlate(Standard)
        .scalar_subquery()
    )


def _layers(amendments: list[int]) -> dict[int, Row]:
    """Return the newest edition and the draft of each amendment."""
    found = db.session.scalars(
        select(Edition)
        .where(Edition.standard_id.in_(amendments), Edition.state != EditionState.WITHDRAWN)
        .order_by(Edition.number)
    ).all()
    newest = {edition.standard_id: edition for edition in found if edition.number}
    drafts = {edition.standard_id: edition for edition in found if not edition.number}
    reached = catalogue.adopted_centers([edition.id for edition in newest.values()])
    return {
        number: {
            "latest": _edition(newest.get(number), reached),
            "draft": _edition(drafts.get(number), reached),
        }
        for number in amendments
    }


def _edition(edition: Edition | None, reached: dict[int, int]) -> Row | None:
    if edition is None:
        return None
    return {
        "id": edition.id,
        "number": edition.number,
        "title": edition.title,
        "entries": edition.entries,
        "changes": edition.changes,
        "published_at": edition.published_at,
        "centers": reached.get(edition.id, 0),
    }


def _row(
    standard: Standard,
    owner: Center,
    on: Edition | None,
    amendment: Standard | None,
    conflicts: int,
    layers: dict[int, Row],
) -> Row:
    nothing = {"latest": None, "draft": None}
    return {
        "standard": {"id": standard.id, "code": standard.code, "name": standard.name},
        "owner": {"id": owner.id, "name": owner.name},
        "edition": {"id": on.id, "number": on.number, "title": on.title} if on else None,
        "amendment_id": amendment.id if amendment else None,
        **(layers[amendment.id] if amendment else nothing),
        "conflicts": conflicts,
    }


def of_standard(standard_id: int) -> Row:
    """Return which cities below amend a standard, and how much.  Needs the reach SUBTREE."""
    if db.session.get(Standard, standard_id) is None:
        raise NotFound(id=standard_id)
    found = db.session.execute(_BELOW, {"standard": standard_id})
    rows = [_city(row) for row in found]
    return {"rows": rows, "total": len(rows), "page": 1, "per_page": max(len(rows), 1)}


def _city(row: Any) -> Row:
    return {
        "city": {"id": row.city_id, "name": row.city_name},
        "edition": {"id": row.edition_id, "number": row.number, "title": row.title},
        "against_number": row.against_number,
        "published_at": row.published_at,
        "provisions": row.entries,
        "fields": int(row.fields),
        "centers": row.centers,
        "conflicts": row.conflicts,
        "ahead": row.ahead,
        "rollout_id": row.rollout_id,
    }


def said_below(standard_id: int, edition_id: int, query: dict[str, Any]) -> Row:
    """Return what a city below amends of a standard.  Needs the reach SUBTREE."""
    edition = editions.find(edition_id)
    standard = db.session.get_one(Standard, edition.standard_id)
    if standard.amends_id != standard_id:
        raise NotFound(id=edition_id)
    return amendment_view.provisions(edition_id, {**query, "amended": True})
