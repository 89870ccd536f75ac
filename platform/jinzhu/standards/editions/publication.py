"""Publication: a draft becomes a numbered edition that nobody can change any more."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

import orjson
from sqlalchemy import delete, func, select, text

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pinyin import initials, sort_key
from jinzhu.core.problems import Conflict, Fault, Invalid, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.editions import (
    amendment_answers,
    amendment_checks,
    amendment_writing,
    audience,
    cross_faults,
    editions,
    review_bound,
)
from jinzhu.standards.kinds import Rule, own_rules
from jinzhu.standards.lines import collisions, lines
from jinzhu.standards.models import (
    DraftEntry,
    Edition,
    EditionState,
    Nature,
    Standard,
)

_KEEP = text("""
    INSERT INTO edition_entry (edition_id, provision_id, revision_id)
    SELECT :edition, e.provision_id, e.revision_id
    FROM edition_entry e JOIN provision p ON p.id = e.provision_id
    WHERE e.edition_id = :base AND p.kind || ' ' || p.code <> ALL (CAST(:touched AS text[]))
""")
_WRITE = text("""
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS g (
            content jsonb, rules jsonb, applies jsonb, content_hash text, kind text, code text,
            name text, name_key text, name_initials text, item_type text, department_code text,
            levels text[], regions int[], labels text[], required_fields text[])
    ), new AS (
        INSERT INTO provision (standard_id, kind, code)
        SELECT :standard, kind, code FROM given
        ON CONFLICT DO NOTHING RETURNING id, kind, code
    ), named AS (
        SELECT id, kind, code FROM new
        UNION ALL
        SELECT p.id, p.kind, p.code FROM provision p JOIN given g USING (kind, code)
        WHERE p.standard_id = :standard
    ), written AS (
        INSERT INTO revision (provision_id, content, rules, applies, content_hash, kind, code,
            name, name_key, name_initials, item_type, department_code, levels, regions, labels,
            required_fields)
        SELECT n.id, g.content, g.rules, g.applies, g.content_hash, g.kind, g.code, g.name,
            g.name_key, g.name_initials, g.item_type, g.department_code, g.levels, g.regions,
            g.labels, g.required_fields
        FROM given g JOIN named n USING (kind, code)
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


def content_hash(part: dict[str, Any]) -> str:
    """Return a hash that two servers, or a printed copy, can compare."""
    canonical = orjson.dumps(
        [part["content"], part["rules"], part["applies"]], option=orjson.OPT_SORT_KEYS
    )
    return hashlib.sha256(canonical).hexdigest()


def revision_of(kind: str, code: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a revision, with what lists filter and order by taken out."""
    content, rules = part["content"], part["rules"]
    name = str(content.get("name", code))
    return {
        "content": content,
        "rules": rules,
        "applies": part["applies"],
        "content_hash": content_hash(part),
        "kind": kind,
        "code": code,
        "name": name,
        "name_key": sort_key(name),
        "name_initials": initials(name),
        "item_type": content.get("item_type", ""),
        "department_code": content.get("department_code", ""),
        "levels": part["applies"].get("levels", []),
        "regions": part["applies"].get("regions", []),
        "labels": part["applies"].get("labels", []),
        "required_fields": sorted(
            field
            for field, rule in rules.items()
            if rule["rule"] == Rule.LOCAL and rule.get("required")
        ),
    }


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
            raise NotApproved(standard=standard.name)
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


def drafts_of(edition: Edition) -> list[DraftEntry]:
    """Return the real changes of an edition in work."""
    changed, _ = editions.drafted(edition)
    fresh = changed.with_only_columns(DraftEntry).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def carry_out(edition: Edition, *, effective_on: date | None = None) -> Edition:
    """Make a published edition of one in work; whether it may be is for the caller to ask."""
    drafts = drafts_of(edition)
    if wrong := faults_of(edition, drafts):
        raise Invalid(errors=wrong[:MOST_FAULTS])
    ground = _ground_of(edition)
    if ground is not None:
        edition.against_id = ground.id
    touched = [f"{draft.kind} {draft.code}" for draft in drafts]
    keep(edition, touched)
    _write(edition, [draft for draft in drafts if not draft.removed])
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


def faults_of(edition: Edition, drafts: list[DraftEntry]) -> list[Fault]:
    """Check once more everything the draft holds, and that its items have their departments."""
    if edition.changes == 0:
        return [Fault("edition", say("publish.nothing"), rule="changes")]
    if ground := _ground_of(edition):
        return _faults_of_amendment(edition, drafts, ground)
    standard = db.session.get_one(Standard, edition.standard_id)
    wrong = lines.outside(standard, drafts)
    for draft in drafts:
        if draft.removed:
            continue
        faults = _faults(draft, standard)
        wrong += [f.at(f"{draft.kind}.{draft.code}.{f.field}") for f in faults]
    wrong += cross_faults.listed(edition, drafts)
    return wrong + _nowhere(edition, drafts)


def _faults(draft: DraftEntry, standard: Standard) -> list[Fault]:
    """Check an entry, unless it was when it was written and the kinds are as they were."""
    if draft.checked == editions.DESCRIPTION:
        return []
    kind = editions.kind_of(draft.kind)
    _, faults = editions.checked(kind, draft.code, draft.content, draft.rules, draft.applies)
    return own_rules.lenient(faults) if standard.nature is Nature.OWN else faults


def _faults_of_amendment(
    edition: Edition, drafts: list[DraftEntry], ground: amendment_checks.Ground
) -> list[Fault]:
    """Check what an amendment says, now and from before, against the edition the city is on."""
    said = [draft for draft in drafts if not draft.removed]
    entries: list[editions.Entry] = [
        (draft.kind, draft.code, draft.content, draft.rules, {}) for draft in said
    ]
    wrong = [
        f.at(f"{row['kind']}.{row['code']}.{f.field}")
        for row, faults in amendment_checks.checked(ground, entries)
        for f in faults
    ]
    touched = [f"{draft.kind} {draft.code}" for draft in drafts]
    return wrong + amendment_checks.kept(ground, edition.base_id, touched)


def _nowhere(edition: Edition, drafts: list[DraftEntry]) -> list[Fault]:
    """Name the labels and places of provisions that there are no longer."""
    kept = [draft for draft in drafts if not draft.removed]
    rows = [{"applies": draft.applies} for draft in kept]
    return [
        f.at(f"{kept[place].kind}.{kept[place].code}.{f.field}")
        for place, faults in audience.faults(edition, rows).items()
        for f in faults
    ]


def _write(edition: Edition, drafts: list[DraftEntry]) -> None:
    """Write the revisions of what the draft changed, and put them into the edition."""
    if edition.against_id:
        write_amended(edition, drafts)
        return
    rows = []
    for draft in drafts:
        part = {"content": draft.content, "rules": draft.rules, "applies": draft.applies}
        rows.append(revision_of(draft.kind, draft.code, part))
    values = {"standard": edition.standard_id, "edition": edition.id}
    db.session.execute(_WRITE, {**values, "rows": orjson.dumps(rows).decode()})


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
        rows.append({**part, **named, "content_hash": content_hash(part)})
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
