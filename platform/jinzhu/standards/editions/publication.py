"""Publication: a draft becomes a numbered edition that nobody can change any more."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from sqlalchemy import delete, func, select, text

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, Fault, Invalid, invalid
from jinzhu.core.tenancy import current
from jinzhu.identity import holders
from jinzhu.standards.editions import (
    amendment_answers,
    amendment_checks,
    amendment_writing,
    audience,
    changes,
    cross_faults,
    editions,
    prepared,
    review_bound,
)
from jinzhu.standards.editions.changes import Change
from jinzhu.standards.kinds import own_rules
from jinzhu.standards.lines import collisions, lines
from jinzhu.standards.models import (
    DraftEntry,
    Edition,
    EditionState,
    Nature,
    Standard,
)

_COLUMNS = ", ".join(prepared.COLUMNS)
_KEEP = text("""
    INSERT INTO edition_entry (edition_id, provision_id, revision_id)
    SELECT :edition, e.provision_id, e.revision_id
    FROM edition_entry e JOIN provision p ON p.id = e.provision_id
    WHERE e.edition_id = :base AND p.kind || ' ' || p.code <> ALL (CAST(:touched AS text[]))
""")
#: OFFSET 0: each provision and each entry is looked up by its key.  The planner does not know how
#: many are given, and a plan made once for few would compare every one with every other.
_WRITE = text(f"""
    WITH given AS MATERIALIZED (
        SELECT g.kind, g.code, p.id
        FROM unnest(CAST(:kinds AS text[]), CAST(:codes AS text[])) g (kind, code)
        LEFT JOIN LATERAL (SELECT p.id FROM provision p WHERE p.standard_id = :standard
            AND p.kind = g.kind AND p.code = g.code OFFSET 0) p ON true
    ), new AS (
        INSERT INTO provision (standard_id, kind, code)
        SELECT :standard, kind, code FROM given WHERE id IS NULL
        RETURNING id, kind, code
    ), named AS (
        SELECT id, kind, code FROM new
        UNION ALL
        SELECT id, kind, code FROM given WHERE id IS NOT NULL
    ), written AS (
        INSERT INTO revision (provision_id, kind, code, content, rules, applies, bounds, {_COLUMNS})
        SELECT n.id, d.kind, d.code, d.content, d.rules, d.applies, d.bounds, {_COLUMNS}
        FROM named n
        CROSS JOIN LATERAL (SELECT d.* FROM draft_entry d WHERE d.edition_id = :edition
            AND d.kind = n.kind AND d.code = n.code OFFSET 0) d
        RETURNING id, provision_id
    )
    INSERT INTO edition_entry (edition_id, provision_id, revision_id)
    SELECT :edition, provision_id, id FROM written
""")
_HASH = text("""
    SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(
        r.kind || ' ' || r.code || ' ' || r.content_hash, E'\\n' ORDER BY r.kind COLLATE "C",
        r.code COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM edition_entry e JOIN revision r ON r.id = e.revision_id WHERE e.edition_id = :edition
""")


#: More is not told at once.
MOST_FAULTS = 200


class NotApproved(Conflict):
    """Of this standard an edition is published once somebody else has approved it."""

    code = "not_approved"


class NotAsApproved(Conflict):
    """What would be published is not what was approved."""

    code = "not_as_approved"


def publish(edition_id: int, *, effective_on: date | None = None) -> Edition:
    """Publish a draft, or where the standard is reviewed what somebody else has approved.

    Raises:
        Invalid: naming each provision that cannot be published, and why.
        NotApproved: where the standard is reviewed and nobody has approved it yet.
        NotAsApproved: where it is not any more what was approved.
    """
    edition = editions.find_in_work(edition_id)
    standard = db.session.get_one(Standard, edition.standard_id)
    if edition.state is not EditionState.APPROVED:
        if standard.reviewed:
            ask = holders.who("edition.review", department=standard.line)
            raise NotApproved(standard=standard.name, ask=ask)
        if review_bound.bound(edition, standard):
            raise NotApproved(say("review.begun_under", standard=standard.name))
        editions.find_draft(edition_id)
    check_day(edition, effective_on)
    approved = edition.approved_hash
    carry_out(edition, effective_on=effective_on)
    if approved is not None and edition.content_hash != approved:
        raise NotAsApproved
    return edition


def check_day(edition: Edition, effective_on: date | None = None) -> None:
    """Refuse a day from which an edition is in force that is over, or that brings others forward.

    An edition holds all that those before it say: it is not in force before they are.
    """
    day = effective_on or edition.effective_on
    if day is None:
        return
    if day < today():
        raise invalid("effective_on", "publish.in_the_past", value=day.isoformat(), rule="date")
    before = _before(edition)
    if before and before.effective_on and day < before.effective_on:
        raise invalid(
            "effective_on",
            "publish.before_predecessor",
            value=day.isoformat(),
            rule="predecessor",
            number=before.number,
            day=before.effective_on,
        )


def _before(edition: Edition) -> Edition | None:
    """Return the edition below; where that was withdrawn, the newest that stands."""
    base = db.session.get(Edition, edition.base_id) if edition.base_id else None
    if base is None or base.state is EditionState.PUBLISHED:
        return base
    return editions.latest(edition.standard_id)


def _first_day(edition: Edition) -> date:
    """Return the day from which an edition is in force where nobody has said one."""
    before = _before(edition)
    return max(today(), (before and before.effective_on) or today())


def carry_out(edition: Edition, *, effective_on: date | None = None) -> Edition:
    """Make a published edition of one in work; whether it may be is for the caller to ask."""
    changed = changes.of(edition)
    if wrong := faults_of(edition, changed):
        raise Invalid(errors=wrong[:MOST_FAULTS])
    ground = _ground_of(edition)
    if ground is not None:
        edition.against_id = ground.id
    keep(edition, [change.key for change in changed])
    _write(edition, [change for change in changed if not change.removed])
    if ground is not None:
        amendment_answers.look(edition)
    seal(edition, effective_on)
    db.session.execute(delete(DraftEntry).where(DraftEntry.edition_id == edition.id))
    collisions.look(edition)
    return edition


def keep(edition: Edition, touched: Sequence[str]) -> None:
    """Put into an edition what stands in the one below and is not touched: "kind code"."""
    values = {"edition": edition.id, "base": edition.base_id, "touched": list(touched)}
    db.session.execute(_KEEP, values)


def _ground_of(edition: Edition) -> amendment_checks.Ground | None:
    """Return what an amendment is checked against."""
    standard = db.session.get_one(Standard, edition.standard_id)
    return amendment_checks.ground_of(standard.amends_id) if standard.amends_id else None


def faults_of(edition: Edition, changed: Sequence[Change]) -> list[Fault]:
    """Check once more everything the draft holds, and that its items have their departments."""
    if edition.changes == 0:
        return [Fault("edition", say("publish.nothing"), rule="changes")]
    if ground := _ground_of(edition):
        return _faults_of_amendment(edition, changed, ground)
    standard = db.session.get_one(Standard, edition.standard_id)
    wrong = _outside(standard, changed) + _faults_within(edition, standard)
    wrong += cross_faults.listed(edition, changed)
    return wrong + _nowhere(edition, changed)


def _outside(standard: Standard, changed: Sequence[Change]) -> list[Fault]:
    """Name the provisions of a line standard that belong to a department of another line."""
    kept = [change for change in changed if not change.removed]
    entries = [(one.kind, one.code, {"department_code": one.department_code}) for one in kept]
    return [
        f.at(f"{kept[place].place}.{f.field}")
        for place, faults in lines.strangers(standard, entries).items()
        for f in faults
    ]


def _faults_within(edition: Edition, standard: Standard) -> list[Fault]:
    """Check each entry, unless it was when it was written and the kinds are as they were."""
    wrong = []
    for draft in changes.whole(edition, DraftEntry.checked != editions.DESCRIPTION):
        kind = editions.kind_of(draft.kind)
        _, faults = editions.checked(kind, draft.code, draft.content, draft.rules, draft.applies)
        if standard.nature is Nature.OWN:
            faults = own_rules.lenient(faults)
        wrong += [f.at(f"{draft.kind}.{draft.code}.{f.field}") for f in faults]
    return wrong


def _faults_of_amendment(
    edition: Edition, changed: Sequence[Change], ground: amendment_checks.Ground
) -> list[Fault]:
    """Check what an amendment says, now and from before, against the edition the city is on."""
    entries: list[editions.Entry] = [
        (draft.kind, draft.code, draft.content, draft.rules, {}) for draft in changes.whole(edition)
    ]
    wrong = [
        f.at(f"{row['kind']}.{row['code']}.{f.field}")
        for row, faults in amendment_checks.checked(edition, ground, entries)
        for f in faults
    ]
    touched = [change.key for change in changed]
    return wrong + amendment_checks.kept(ground, edition.base_id, touched)


def _nowhere(edition: Edition, changed: Sequence[Change]) -> list[Fault]:
    """Name the labels and places of provisions that there are no longer."""
    kept = [change for change in changed if not change.removed]
    rows = [{"applies": change.applies} for change in kept]
    return [
        f.at(f"{kept[place].place}.{f.field}")
        for place, faults in audience.faults(edition, rows).items()
        for f in faults
    ]


def _write(edition: Edition, changed: Sequence[Change]) -> None:
    """Make revisions of what the draft changed, and put them into the edition."""
    if edition.against_id:
        write_amended(edition, changes.whole(edition))
        return
    named = {"kinds": [one.kind for one in changed], "codes": [one.code for one in changed]}
    db.session.execute(_WRITE, {"standard": edition.standard_id, "edition": edition.id, **named})


class Said(Protocol):
    """What an amendment says of a provision."""

    kind: Any
    code: Any
    content: Any
    rules: Any


def write_amended(edition: Edition, said: Sequence[Said]) -> None:
    """Write what an amendment says of the provisions of the edition from above."""
    assert edition.against_id
    rows = []
    for one in said:
        part = {"content": one.content, "rules": one.rules, "applies": {}}
        named = {"kind": one.kind, "code": one.code}
        rows.append({**part, **named, "content_hash": prepared.content_hash(part)})
    amendment_writing.write(edition.id, rows, upper_id=edition.against_id)


def seal(edition: Edition, effective_on: date | None = None) -> None:
    """Give the edition its number and its hash; from here on the database keeps it as it is."""
    count, hashed = db.session.execute(_HASH, {"edition": edition.id}).one()
    number = db.session.scalar(
        select(func.coalesce(func.max(Edition.number), 0) + 1).where(
            Edition.standard_id == edition.standard_id
        )
    )
    now = datetime.now(UTC)
    edition.effective_on = effective_on or edition.effective_on or _first_day(edition)
    edition.number, edition.state = number, EditionState.PUBLISHED
    edition.entries, edition.content_hash = count, hashed
    edition.published_at, edition.published_by = now, current().actor_id
    edition.version += 1
    db.session.flush()
