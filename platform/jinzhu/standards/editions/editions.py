"""Standards, their editions, and the draft in which the next one is written."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, add, db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.problems import Conflict, Fault, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.editions import amendment_checks, audience, prepared
from jinzhu.standards.kinds import KINDS, Kind, values
from jinzhu.standards.lines import lines
from jinzhu.standards.models import (
    DraftEntry,
    Edition,
    EditionEntry,
    EditionState,
    Nature,
    Provision,
    Revision,
    Standard,
)
from jinzhu.standards.ownership import check_may_write, whose, writable_standard

LEVELS = ("province", "city", "county")
#: Changes with the description of the kinds: what was checked by this one need not be again.
DESCRIPTION = hashlib.sha256(repr(sorted(KINDS.items())).encode()).hexdigest()[:16]


class DraftOpen(Conflict):
    """A standard has one draft at a time."""

    code = "draft_open"


class NotADraft(Conflict):
    """What is published is never edited."""

    code = "not_a_draft"


class UnderReview(Conflict):
    """What somebody looks at, or has approved, is not changed meanwhile."""

    code = "under_review"


def kind_of(name: str) -> Kind:
    """Return a kind of provision, or say that there is none."""
    if name not in KINDS:
        raise NotFound(kind=name)
    return KINDS[name]


def create_standard(*, code: str, name: str, nature: str = "general", line: str = "") -> int:
    """Begin a standard owned by the own center, general or of a line; return its number."""
    lines.check_new(nature, line)
    new = Standard(code=code.strip(), name=name.strip(), nature=Nature(nature), line=line)
    return add(new).id


def find(edition_id: int, *, lock: bool = False) -> Edition:
    """Return an edition that the own center may see."""
    statement = select(Edition).where(Edition.id == edition_id)
    edition = db.session.scalar(statement.with_for_update() if lock else statement)
    if edition is None:
        raise NotFound(id=edition_id)
    return edition


def find_in_work(edition_id: int, *, lock: bool = True) -> Edition:
    """Return an edition of the own center that is not published yet, locked against others."""
    edition = find(edition_id, lock=lock)
    if edition.owner_id != current().tenant_id:
        raise NotFound(id=edition_id)
    check_may_write(db.session.get_one(Standard, edition.standard_id))
    if edition.number is not None:
        raise NotADraft(**whose(db.session.get_one(Standard, edition.standard_id), edition.number))
    return edition


def find_draft(edition_id: int, *, lock: bool = True) -> Edition:
    """Return a draft of the own center, locked against other writers.

    Raises:
        UnderReview: where it was handed in; who did may take it back.
    """
    edition = find_in_work(edition_id, lock=lock)
    if edition.state is not EditionState.DRAFT:
        by = names_of([edition.submitted_by]).get(edition.submitted_by, say("history.system"))
        raise UnderReview(by=by, state=edition.state.value)
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
    writable_standard(standard_id)
    draft = db.session.scalar(
        select(Edition).where(Edition.standard_id == standard_id, Edition.in_work())
    )
    if draft is not None:
        by = names_of([draft.created_by]).get(draft.created_by, say("history.system"))
        raise DraftOpen(edition_id=draft.id, title=draft.title, by=by)
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
    concerned = applied(applies)
    entry = {
        "kind": kind.name,
        "code": code,
        "content": clean,
        "rules": full,
        "applies": concerned,
    }
    faults = [*_addressed(code, content), *wrong, *wrong_rules]
    if not concerned["levels"]:
        faults.append(Fault("applies.levels", say("publish.no_level"), rule="levels"))
    return {**entry, "checked": "" if faults else DESCRIPTION}, faults


def _addressed(code: str, content: Mapping[str, Any]) -> list[Fault]:
    """Refuse content that gives itself another code than the one under which it is written."""
    given = content.get("code") or code
    if given == code:
        return []
    return [Fault("content.code", say("value.other_code", code=code), given, "code")]


def applied(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return whom a provision concerns, in one form: levels, and what narrows it further.

    `classes` are those of departments, `regions` centers with all below them, `labels` those that
    a superior put on centers.  What is left out narrows nothing.
    """
    levels = [level for level in LEVELS if level in given.get("levels", ["county"])]
    narrower = {
        # What names no place stays a text, for the check to refuse.
        name: sorted(set(given[name]), key=lambda one: (isinstance(one, str), one))
        for name in ("classes", "regions", "labels")
        if given.get(name)
    }
    return {"levels": levels, **narrower}


Entry = tuple[str, str, Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]


def checked_in(
    edition: Edition, entries: Iterable[Entry]
) -> list[tuple[dict[str, Any], list[Fault]]]:
    """Return draft entries made clean, each with what is wrong with it.

    Those of an amendment say only what is amended, and are checked against what they amend.
    """
    standard = db.session.get_one(Standard, edition.standard_id)
    if standard.amends_id:
        ground = amendment_checks.ground_of(standard.amends_id)
        return amendment_checks.checked(edition, ground, entries)
    found = [
        checked(kind_of(kind), code, content, rules, applies)
        for kind, code, content, rules, applies in entries
    ]
    strange = audience.faults(edition, [row for row, _ in found])
    others = lines.strangers(
        standard, [(row["kind"], row["code"], row["content"]) for row, _ in found]
    )
    return [
        (row, [*wrong, *strange.get(place, []), *others.get(place, [])])
        for place, (row, wrong) in enumerate(found)
    ]


def put_many(edition_id: int, entries: Iterable[Entry]) -> int:
    """Write many provisions into a draft at once; return how many.

    Raises:
        Invalid: naming every provision and field that is wrong; then none is written.
    """
    edition = find_draft(edition_id)
    rows, wrong = [], []
    for row, faults in checked_in(edition, entries):
        place = f"{row['kind']}.{row['code']}"
        rows.append(row)
        wrong += [f.at(f"{place}.{f.field}") for f in faults]
    if wrong:
        raise Invalid(errors=wrong)
    write(edition, rows)
    return len(rows)


def write(edition: Edition, rows: list[dict[str, Any]]) -> None:
    """Write provisions made clean by `checked` into a draft, in one statement."""
    _upsert(edition, rows)
    count_changes(edition)


def _upsert(edition: Edition, rows: list[dict[str, Any]]) -> None:
    """Write entries; each has the version of the draft at which it was written.

    So no version of an entry comes back, not even after it was reverted and written again.
    """
    if not rows:
        return
    statement = insert(DraftEntry)
    draft = {"edition_id": edition.id, "version": edition.version + 1}
    columns = ("content", "rules", "applies", "checked", "version", *prepared.COLUMNS)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["edition_id", "kind", "code"],
            set_={
                **{name: statement.excluded[name] for name in columns},
                "removed": False,
                "updated_at": func.now(),
                "updated_by": func.app.actor_id(),
            },
        ),
        [{**row, **prepared.columns(row), **draft} for row in rows],
    )


def remove(edition_id: int, kind: str, code: str) -> None:
    """Take a provision out of the edition that is being written."""
    edition = find_draft(edition_id)
    if draft_entry(edition, kind, code) is None and base_of(edition, kind, code) is None:
        raise NotFound(kind=kind, provision=code)
    remove_many(edition, [(kind, code)])


def remove_many(edition: Edition, keys: Sequence[tuple[str, str]]) -> None:
    """Take provisions out; of those that only the draft knows, nothing is left."""
    if not keys:
        return
    named = tuple_(Revision.kind, Revision.code).in_(keys)
    standing = list(db.session.scalars(entries_of(edition.base_id).where(named)))
    _upsert(
        edition,
        [
            {name: getattr(base, name) for name in ("kind", "code", "content", "rules", "applies")}
            for base in standing
        ],
    )
    below = {(base.kind, base.code) for base in standing}
    of_draft = DraftEntry.edition_id == edition.id
    entry = tuple_(DraftEntry.kind, DraftEntry.code)
    db.session.execute(update(DraftEntry).where(of_draft, entry.in_(below)).values(removed=True))
    own = [key for key in keys if key not in below]
    db.session.execute(delete(DraftEntry).where(of_draft, entry.in_(own)))
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
    # What this session has read may have been written over since, past the ORM.
    fresh = select(DraftEntry).execution_options(populate_existing=True)
    return db.session.scalar(fresh.where(*_key(edition, kind, code)))


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


def _home_of_provisions(edition: Edition) -> ScalarSelect[int]:
    """Return the standard whose provisions an edition speaks of: its own, or the one it amends."""
    return (
        select(func.coalesce(Standard.amends_id, Standard.id))
        .where(Standard.id == edition.standard_id)
        .scalar_subquery()
    )


#: A provision as it stands in the edition below.
_BASE = aliased(Revision, name="base")


def drafted(edition: Edition) -> tuple[Selection, type[Revision]]:
    """Select the real changes of a draft, with the base revision or null; return also its alias.

    An entry that says what the base says is no change.
    """
    base = _BASE
    same = and_(
        Provision.standard_id == _home_of_provisions(edition),
        Provision.kind == DraftEntry.kind,
        Provision.code == DraftEntry.code,
    )
    below = and_(
        EditionEntry.edition_id == edition.base_id, EditionEntry.provision_id == Provision.id
    )
    statement = (
        select(DraftEntry, base)
        .select_from(DraftEntry)
        .outerjoin(Provision, same)
        .outerjoin(EditionEntry, below)
        .outerjoin(base, base.id == EditionEntry.revision_id)
        .where(
            DraftEntry.edition_id == edition.id,
            or_(
                base.id.is_(None),
                DraftEntry.removed,
                base.content_hash != DraftEntry.content_hash,
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
