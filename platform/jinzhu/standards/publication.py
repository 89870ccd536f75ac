"""Publication: a draft becomes a numbered edition that nobody can change any more."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pinyin import initials, sort_key
from jinzhu.core.problems import Fault, Invalid
from jinzhu.core.tenancy import current
from jinzhu.standards import editions
from jinzhu.standards.kinds import Rule
from jinzhu.standards.models import (
    DraftEntry,
    Edition,
    EditionEntry,
    EditionState,
    Provision,
    Revision,
)

_KEEP = text("""
    INSERT INTO edition_entry (edition_id, provision_id, revision_id)
    SELECT :edition, e.provision_id, e.revision_id
    FROM edition_entry e JOIN provision p ON p.id = e.provision_id
    WHERE e.edition_id = :base AND p.kind || ' ' || p.code <> ALL (CAST(:touched AS text[]))
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
        "required_fields": sorted(
            field
            for field, rule in rules.items()
            if rule["rule"] == Rule.LOCAL and rule.get("required")
        ),
    }


def publish(edition_id: int, *, effective_on: date | None = None) -> Edition:
    """Publish a draft.

    Raises:
        Invalid: naming each provision that cannot be published, and why.
    """
    edition = editions.find_draft(edition_id)
    drafts = [draft for draft, _ in db.session.execute(editions.drafted(edition)[0])]
    _refuse(edition, drafts)
    touched = [f"{draft.kind} {draft.code}" for draft in drafts]
    db.session.execute(_KEEP, {"edition": edition.id, "base": edition.base_id, "touched": touched})
    _write(edition, [draft for draft in drafts if not draft.removed])
    _seal(edition, effective_on)
    db.session.execute(delete(DraftEntry).where(DraftEntry.edition_id == edition.id))
    return edition


def _refuse(edition: Edition, drafts: list[DraftEntry]) -> None:
    """Check once more everything the draft holds, and that its items have their departments."""
    if edition.changes == 0:
        raise Invalid(errors=[Fault("edition", say("publish.nothing"), rule="changes")])
    wrong = []
    for draft in drafts:
        if draft.removed:
            continue
        kind = editions.kind_of(draft.kind)
        _, faults = editions.checked(kind, draft.code, draft.content, draft.rules, draft.applies)
        if not draft.applies.get("levels"):
            faults.append(Fault("applies.levels", say("publish.no_level"), rule="levels"))
        wrong += [
            Fault(f"{draft.kind}.{draft.code}.{f.field}", f.message, f.value, f.rule)
            for f in faults
        ]
    wrong += _orphans(edition, drafts)
    if wrong:
        raise Invalid(errors=wrong[:200])


def _orphans(edition: Edition, drafts: list[DraftEntry]) -> list[Fault]:
    """Name the items whose department is not in the edition."""
    base = editions.entries_of(edition.base_id)
    standing = {
        (row.kind, row.code): row.department_code
        for row in db.session.execute(
            base.with_only_columns(Revision.kind, Revision.code, Revision.department_code)
        )
    }
    for draft in drafts:
        if draft.removed:
            standing.pop((draft.kind, draft.code), None)
        else:
            standing[draft.kind, draft.code] = draft.content.get("department_code", "")
    return [
        Fault(f"item.{code}.content.department_code", say("publish.no_department"), department)
        for (kind, code), department in standing.items()
        if kind == "item" and ("department", department) not in standing
    ]


def _write(edition: Edition, drafts: list[DraftEntry]) -> None:
    """Write the revisions of what the draft changed, and put them into the edition."""
    if not drafts:
        return
    keys = [
        {"standard_id": edition.standard_id, "kind": draft.kind, "code": draft.code}
        for draft in drafts
    ]
    db.session.execute(upsert(Provision).on_conflict_do_nothing(), keys)
    numbers = {
        (row.kind, row.code): row.id
        for row in db.session.execute(
            select(Provision.id, Provision.kind, Provision.code).where(
                Provision.standard_id == edition.standard_id
            )
        )
    }
    rows = []
    for draft in drafts:
        part = {"content": draft.content, "rules": draft.rules, "applies": draft.applies}
        row = revision_of(draft.kind, draft.code, part)
        rows.append({**row, "provision_id": numbers[draft.kind, draft.code]})
    written = db.session.execute(
        insert(Revision).returning(Revision.id, Revision.provision_id), rows
    )
    db.session.execute(
        insert(EditionEntry),
        [
            {"edition_id": edition.id, "provision_id": provision, "revision_id": revision}
            for revision, provision in written
        ],
    )


def _seal(edition: Edition, effective_on: date | None) -> None:
    """Give the edition its number and its hash; from here on the database keeps it as it is."""
    count, hashed = db.session.execute(_HASH, {"edition": edition.id}).one()
    number = db.session.scalar(
        select(func.coalesce(func.max(Edition.number), 0) + 1).where(
            Edition.standard_id == edition.standard_id
        )
    )
    now = datetime.now(UTC)
    edition.number, edition.state = number, EditionState.PUBLISHED
    edition.entries, edition.content_hash = count, hashed
    edition.published_at, edition.published_by = now, current().actor_id
    edition.effective_on = effective_on or edition.effective_on or now.date()
    edition.version += 1
    db.session.flush()
