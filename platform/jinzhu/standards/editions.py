"""Standards, their editions, and the draft in which the next one is written."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, add, db
from jinzhu.core.problems import Conflict, Fault, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards import values
from jinzhu.standards.kinds import KINDS, Kind
from jinzhu.standards.models import (
    DraftEntry,
    Edition,
    EditionEntry,
    EditionState,
    Provision,
    Revision,
    Standard,
)

LEVELS = ("province", "city", "county")


class DraftOpen(Conflict):
    """A standard has one draft at a time."""

    code = "draft_open"


class NotADraft(Conflict):
    """What is published is never edited."""

    code = "not_a_draft"


def kind_of(name: str) -> Kind:
    """Return a kind of provision, or say that there is none."""
    if name not in KINDS:
        raise NotFound(kind=name)
    return KINDS[name]


def create_standard(*, code: str, name: str) -> int:
    """Begin a standard owned by the own center; return its number."""
    return add(Standard(code=code.strip(), name=name.strip())).id


def find(edition_id: int, *, lock: bool = False) -> Edition:
    """Return an edition that the own center may see."""
    statement = select(Edition).where(Edition.id == edition_id)
    edition = db.session.scalar(statement.with_for_update() if lock else statement)
    if edition is None:
        raise NotFound(id=edition_id)
    return edition


def find_draft(edition_id: int) -> Edition:
    """Return a draft of the own center, locked against other writers."""
    edition = find(edition_id, lock=True)
    if edition.owner_id != current().tenant_id:
        raise NotFound(id=edition_id)
    if edition.state is not EditionState.DRAFT:
        raise NotADraft(number=edition.number)
    return edition


def latest(standard_id: int) -> Edition | None:
    """Return the newest published edition of a standard."""
    return db.session.scalar(
        select(Edition)
        .where(Edition.standard_id == standard_id, Edition.state == EditionState.PUBLISHED)
        .order_by(Edition.number.desc())
        .limit(1)
    )


def open_draft(standard_id: int, *, title: str) -> int:
    """Begin the next edition on top of the newest one; return its number in the database."""
    standard = db.session.scalar(select(Standard).where(Standard.id == standard_id))
    if standard is None or standard.owner_id != current().tenant_id:
        raise NotFound(id=standard_id)
    draft_id = db.session.scalar(
        select(Edition.id).where(
            Edition.standard_id == standard_id, Edition.state == EditionState.DRAFT
        )
    )
    if draft_id is not None:
        raise DraftOpen(edition_id=draft_id)
    base = latest(standard_id)
    return add(
        Edition(
            standard_id=standard_id,
            title=title.strip(),
            base_id=base.id if base else None,
            entries=base.entries if base else 0,
        )
    ).id


def discard(edition: Edition) -> None:
    """Throw a draft away, with everything in it."""
    db.session.execute(delete(DraftEntry).where(DraftEntry.edition_id == edition.id))
    db.session.delete(edition)


def checked(
    kind: Kind,
    code: str,
    content: Mapping[str, Any],
    rules: Mapping[str, Any],
    applies: Mapping[str, Any],
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the columns of a draft entry made clean, and what is wrong with them."""
    clean, wrong = values.content(kind, {**content, "code": code})
    full, wrong_rules = values.rules(kind, dict(rules))
    entry = {
        "kind": kind.name,
        "code": code,
        "content": clean,
        "rules": full,
        "applies": applied(applies),
    }
    return entry, wrong + wrong_rules


def applied(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return whom a provision concerns, in one form: levels, and what narrows it further.

    `classes` are those of departments, `regions` centers with all below them, `labels` those that
    a superior put on centers.  What is left out narrows nothing.
    """
    levels = [level for level in LEVELS if level in given.get("levels", ["county"])]
    narrower = {
        name: sorted(set(given[name]))
        for name in ("classes", "regions", "labels")
        if given.get(name)
    }
    return {"levels": levels, **narrower}


Entry = tuple[str, str, Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]


def put_many(edition_id: int, entries: Iterable[Entry]) -> int:
    """Write many provisions into a draft at once; return how many.

    Raises:
        Invalid: naming every provision and field that is wrong; then none is written.
    """
    edition = find_draft(edition_id)
    rows, wrong = [], []
    for kind, code, content, rules, applies in entries:
        row, faults = checked(kind_of(kind), code, content, rules, applies)
        rows.append({**row, "edition_id": edition.id})
        wrong += [Fault(f"{kind}.{code}.{f.field}", f.message, f.value, f.rule) for f in faults]
    if wrong:
        raise Invalid(errors=wrong)
    _upsert(rows)
    count_changes(edition)
    return len(rows)


def put(edition: Edition, row: dict[str, Any]) -> None:
    """Write one provision into a draft."""
    _upsert([{**row, "edition_id": edition.id}])
    count_changes(edition)


def _upsert(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(DraftEntry)
    columns = ("content", "rules", "applies")
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["edition_id", "kind", "code"],
            set_={
                **{name: statement.excluded[name] for name in columns},
                "removed": False,
                "version": DraftEntry.version + 1,
                "updated_by": func.app.actor_id(),
            },
        ),
        rows,
    )


def remove(edition_id: int, kind: str, code: str) -> None:
    """Take a provision out of the edition that is being written."""
    edition = find_draft(edition_id)
    base = base_of(edition, kind, code)
    if base is None:
        if draft_entry(edition, kind, code) is None:
            raise NotFound(kind=kind, provision=code)
        revert(edition_id, kind, code)
        return
    parts = {"content": base.content, "rules": base.rules, "applies": base.applies}
    _upsert([{"edition_id": edition.id, "kind": kind, "code": code, **parts}])
    db.session.execute(update(DraftEntry).where(*_key(edition, kind, code)).values(removed=True))
    count_changes(edition)


def revert(edition_id: int, kind: str, code: str) -> None:
    """Let a provision stand again as in the edition below."""
    edition = find_draft(edition_id)
    db.session.execute(delete(DraftEntry).where(*_key(edition, kind, code)))
    count_changes(edition)


def _key(edition: Edition, kind: str, code: str) -> tuple[ColumnElement[bool], ...]:
    return (
        DraftEntry.edition_id == edition.id,
        DraftEntry.kind == kind,
        DraftEntry.code == code,
    )


def draft_entry(edition: Edition, kind: str, code: str) -> DraftEntry | None:
    """Return a provision's entry in a draft, if the draft says anything of it."""
    return db.session.scalar(select(DraftEntry).where(*_key(edition, kind, code)))


def revision_in(edition_id: int | None, kind: str, code: str) -> Revision | None:
    """Return a provision as it stands in a published edition."""
    return db.session.scalar(
        select(Revision)
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .where(EditionEntry.edition_id == edition_id, Revision.kind == kind, Revision.code == code)
    )


def base_of(edition: Edition, kind: str, code: str) -> Revision | None:
    """Return a provision as it stands in the edition below."""
    return revision_in(edition.base_id, kind, code) if edition.base_id else None


def entries_of(edition_id: int | None) -> Selection:
    """Select the revisions of a published edition."""
    return (
        select(Revision)
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .where(EditionEntry.edition_id == (edition_id or 0))
    )


def drafted(edition: Edition) -> tuple[Selection, type[Revision]]:
    """Select the real changes of a draft, with the base revision or null; return also its alias.

    An entry that says what the base says is no change.
    """
    base = aliased(Revision)
    same = and_(
        Provision.standard_id == edition.standard_id,
        Provision.kind == DraftEntry.kind,
        Provision.code == DraftEntry.code,
    )
    below = and_(
        EditionEntry.edition_id == edition.base_id, EditionEntry.provision_id == Provision.id
    )
    statement = (
        select(DraftEntry, base)
        .outerjoin(Provision, same)
        .outerjoin(EditionEntry, below)
        .outerjoin(base, base.id == EditionEntry.revision_id)
        .where(
            DraftEntry.edition_id == edition.id,
            or_(
                base.id.is_(None),
                DraftEntry.removed,
                base.content != DraftEntry.content,
                base.rules != DraftEntry.rules,
                base.applies != DraftEntry.applies,
            ),
        )
    )
    return statement, base


def count_changes(edition: Edition) -> None:
    """Keep the counts that every list of editions shows."""
    statement, below = drafted(edition)
    row = db.session.execute(
        statement.with_only_columns(
            func.count(),
            func.count().filter(below.id.is_(None)),
            func.count().filter(DraftEntry.removed),
        )
    ).one()
    base = db.session.scalar(select(Edition.entries).where(Edition.id == (edition.base_id or 0)))
    edition.changes = row[0]
    edition.entries = (base or 0) + row[1] - row[2]
    edition.version += 1
    db.session.flush()
