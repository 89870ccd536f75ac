"""An edition as people read it: its provisions, one provision with its base, and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound, invalid
from jinzhu.standards.departments import department_names
from jinzhu.standards.editions import amendment_view, audience, cross_faults, editions
from jinzhu.standards.editions.amendment_checks import amended
from jinzhu.standards.kinds import KINDS, Field, Kind
from jinzhu.standards.models import DraftEntry, Edition, EditionEntry, Revision

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
PARTS = ("content", "rules", "applies")
#: What a provision of which the draft says nothing has instead of a version and an author.
NOT_DRAFTED = (
    literal(0).label("version"),
    cast(null(), DateTime(timezone=True)).label("updated_at"),
    cast(null(), BigInteger).label("updated_by"),
)


def _published(edition: Edition) -> Selection:
    """Select the provisions of a published edition with what the edition did to each."""
    below = aliased(EditionEntry)
    return (
        select(
            Revision.kind,
            Revision.code,
            Revision.content,
            Revision.provision_id,
            *NOT_DRAFTED,
            case(
                (below.revision_id.is_(None), literal(ADDED if edition.base_id else None, Text)),
                (below.revision_id != EditionEntry.revision_id, literal(CHANGED)),
            ).label("change"),
        )
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .outerjoin(
            below,
            and_(
                below.edition_id == (edition.base_id or 0),
                below.provision_id == EditionEntry.provision_id,
            ),
        )
        .where(EditionEntry.edition_id == edition.id)
    )


def _draft(edition: Edition) -> Selection:
    """Select the provisions of a draft: its own entries, and the base's it says nothing of."""
    statement, base = editions.drafted(edition)
    change = case(
        (DraftEntry.removed, literal(REMOVED)),
        (base.id.is_(None), literal(ADDED)),
        else_=literal(CHANGED),
    )
    own = statement.with_only_columns(
        DraftEntry.kind,
        DraftEntry.code,
        DraftEntry.content,
        base.provision_id,
        DraftEntry.version,
        DraftEntry.updated_at,
        DraftEntry.updated_by,
        change.label("change"),
    )
    touched = statement.with_only_columns(base.id).where(base.id.is_not(None))
    rest = editions.entries_of(edition.base_id).with_only_columns(
        Revision.kind,
        Revision.code,
        Revision.content,
        Revision.provision_id,
        *NOT_DRAFTED,
        cast(null(), Text).label("change"),
    )
    both = union_all(own, rest.where(Revision.id.not_in(touched))).subquery()
    return select(both)


def provisions(edition: Edition, query: dict[str, Any]) -> Row:
    """Return a page of an edition's provisions."""
    if amended(edition):
        return amendment_view.said(edition, query)
    draft = edition.number is None
    part = (_draft(edition) if draft else _published(edition)).subquery()
    text = {name: part.c.content[name].astext for name in ("name", "item_type", "department_code")}
    limits = ("committed_limit", "statutory_limit")
    plain = ("provision_id", "kind", "code", "change", "version", "updated_at", "updated_by")
    statement = select(
        *(part.c[name] for name in plain),
        *(column.label(name) for name, column in text.items()),
        *(part.c.content[name].label(name) for name in limits),
    )
    found = page_of(
        _narrowed(statement, part, text, query),
        query,
        sortable={
            "code": part.c.code,
            "name": text["name"],
            "change": part.c.change,
            "updated_at": part.c.updated_at,
            "committed_limit": part.c.content["committed_limit"],
        },
        default="code",
        last=[part.c.kind.asc(), part.c.code.asc()],
    )
    names = department_names(edition.base_id if draft else edition.id)
    people = names_of(row["updated_by"] for row in found["rows"])
    for row in found["rows"]:
        row["department_name"] = names.get(row["department_code"] or "", "")
        row["updated_by"] = people.get(row["updated_by"])
    return found


def _narrowed(
    statement: Selection, part: Subquery, text: Mapping[str, Any], query: dict[str, Any]
) -> Selection:
    """Apply the filters of the list."""
    if query["kind"]:
        statement = statement.where(part.c.kind == query["kind"])
    if query["changed"]:
        statement = statement.where(part.c.change.is_not(None))
    if query["item_type"]:
        statement = statement.where(text["item_type"] == query["item_type"])
    if query["department"]:
        statement = statement.where(text["department_code"] == query["department"])
    if query["q"]:
        wanted = query["q"].strip()
        named = text["name"].icontains(wanted, autoescape=True)
        coded = part.c.code.istartswith(wanted, autoescape=True)
        statement = statement.where(or_(named, coded))
    return statement


def _parts(row: Revision | DraftEntry) -> dict[str, Any]:
    return {part: getattr(row, part) for part in PARTS}


def _parts_of(row: Revision | None) -> dict[str, Any] | None:
    return _parts(row) if row else None


def provision(edition: Edition, kind: str, code: str) -> Row:
    """Return one provision of an edition with what stands in the edition below."""
    base = editions.base_of(edition, kind, code)
    own: Revision | DraftEntry | None
    removed = False
    if edition.number is None:
        entry = editions.draft_entry(edition, kind, code)
        own, removed = entry or base, bool(entry and entry.removed)
    else:
        own = editions.revision_in(edition.id, kind, code)
    if own is None:
        raise NotFound(kind=kind, provision=code)
    provision_id = own.provision_id if isinstance(own, Revision) else None
    return {
        "provision_id": provision_id or (base.provision_id if base else None),
        "kind": kind,
        "code": code,
        **_parts(own),
        "base": _parts(base) if base else None,
        "change": REMOVED if removed else _change(_parts(own), base),
        "source": own.source if isinstance(own, DraftEntry) else None,
        "faults": [] if removed else _faults(edition, own),
        **_written(own),
    }


def _faults(edition: Edition, own: Revision | DraftEntry) -> list[Row]:
    """Return what keeps a provision from being published: in itself, and beside the others."""
    wrong = cross_faults.of_provision(edition, own.kind, own.code)
    if isinstance(own, DraftEntry) and own.checked != editions.DESCRIPTION:
        given = (own.kind, own.code, own.content, own.rules, own.applies)
        ((_, faults),) = editions.checked_in(edition, [given])
        wrong = faults + wrong
    return [fault.document() for fault in wrong]


def _written(own: Revision | DraftEntry) -> Row:
    """Return at which version of the draft a provision was written, when and by whom."""
    if not isinstance(own, DraftEntry):
        return {"version": 0, "updated_at": None, "updated_by": None}
    return {
        "version": own.version,
        "updated_at": own.updated_at,
        "updated_by": names_of([own.updated_by]).get(own.updated_by),
    }


def _change(own: dict[str, Any], base: Revision | None) -> str | None:
    if base is None:
        return ADDED
    return None if own == _parts(base) else CHANGED


@dataclass(frozen=True, slots=True)
class Pair:
    """A provision in two editions; None where one of them has nothing of it."""

    kind: str
    code: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    #: None for what only a draft has.
    provision_id: int | None


def compared(edition_id: int, against_id: int | None) -> tuple[Edition, Edition | None]:
    """Return an edition, and the published one of the same standard to compare it with."""
    edition = editions.find(edition_id)
    if against_id is None:
        return edition, None
    against = editions.find(against_id)
    if against.standard_id != edition.standard_id or against.number is None:
        raise invalid("against", "compare.against", value=against_id, rule="edition")
    return edition, against


def pairs(edition: Edition, against: Edition | None = None) -> list[Pair]:
    """Return everything that differs from the edition below, or from another one."""
    below = against.id if against else edition.base_id
    if amended(edition):
        return [Pair(*pair) for pair in amendment_view.pairs(edition, below)]
    if edition.number is None:
        return _drafted_pairs(edition, below)
    return _published_pairs(below, edition.id) if below else []


def _published_pairs(below: int, above: int) -> list[Pair]:
    before = aliased(Revision, editions.entries_of(below).subquery())
    after = aliased(Revision, editions.entries_of(above).subquery())
    changed = (
        select(before, after)
        .select_from(before)
        .join(after, after.provision_id == before.provision_id, full=True)
        .where(before.id.is_distinct_from(after.id))
        .order_by(func.coalesce(after.kind, before.kind), func.coalesce(after.code, before.code))
    )
    found = []
    for old, new in db.session.execute(changed):
        one = new or old
        parts = _parts_of(old), _parts_of(new)
        if parts[0] != parts[1]:
            found.append(Pair(one.kind, one.code, *parts, one.provision_id))
    return found


def _drafted_pairs(edition: Edition, below: int | None) -> list[Pair]:
    """Return the changes of a draft, on top of what its base changes against another edition."""
    other = below != edition.base_id
    found = _published_pairs(below, edition.base_id or 0) if other and below else []
    standing = {(pair.kind, pair.code): pair for pair in found}
    statement, _ = editions.drafted(edition)
    for new, base in db.session.execute(statement):
        key = (new.kind, new.code)
        before = standing[key].before if key in standing else _parts_of(base)
        after = None if new.removed else _parts(new)
        standing.pop(key, None)
        if before != after:
            standing[key] = Pair(*key, before, after, base.provision_id if base else None)
    return [standing[key] for key in sorted(standing)]


def _field_changes(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    """Return the fields whose value or rule differs."""
    return [
        {
            "field": field.name,
            "label": kind.label(field.name),
            "before": before["content"].get(field.name),
            "after": after["content"].get(field.name),
            "rule_before": _rule(before, field),
            "rule_after": _rule(after, field),
            "required_before": _required(before, field),
            "required_after": _required(after, field),
        }
        for field in map(kind.field, changed_fields(kind, before, after))
        if field is not None
    ]


def changed_fields(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of the fields whose value or rule differs."""
    return [
        field.name
        for field in kind.fields
        if before["content"].get(field.name) != after["content"].get(field.name)
        or before["rules"].get(field.name) != after["rules"].get(field.name)
    ]


def _rule(part: dict[str, Any], field: Field) -> str | None:
    rule = part["rules"].get(field.name)
    return rule["rule"] if rule else None


def _required(part: dict[str, Any], field: Field) -> bool:
    return bool((part["rules"].get(field.name) or {}).get("required"))


NOTHING: dict[str, Any] = {"content": {}, "rules": {}, "applies": {}}


def changes(edition: Edition, against: Edition | None = None) -> list[Row]:
    """Return what an edition changes against the one below or another, provision by provision."""
    return changes_of(pairs(edition, against))


def changes_of(found: list[Pair]) -> list[Row]:
    """Return what changes, in words: field by field, and whom it concerns."""
    return [_change_of(pair, narrowing) for pair, narrowing in zip(found, told(found), strict=True)]


def _change_of(pair: Pair, narrowing: list[Row]) -> Row:
    before, after = pair.before or NOTHING, pair.after or NOTHING
    shown = pair.after or pair.before or NOTHING
    change = REMOVED if pair.after is None else CHANGED if pair.before else ADDED
    return {
        "kind": pair.kind,
        "code": pair.code,
        "name": shown["content"].get("name", pair.code),
        "change": change,
        "levels_before": before["applies"].get("levels"),
        "levels_after": after["applies"].get("levels"),
        "narrowing": narrowing,
        "fields": _field_changes(KINDS[pair.kind], before, after),
    }


def told(found: list[Pair]) -> list[list[Row]]:
    """Return for each pair in words how it narrows down otherwise whom a provision concerns."""
    applies = [
        (pair.before["applies"], pair.after["applies"]) if pair.before and pair.after else ({}, {})
        for pair in found
    ]
    names = audience.words_of([one for both in applies for one in both])
    return [
        [
            {
                "name": name,
                "label": audience.label(name),
                "before": [names[name].get(one, str(one)) for one in before.get(name, [])],
                "after": [names[name].get(one, str(one)) for one in after.get(name, [])],
            }
            for name in audience.NARROWER
            if before.get(name, []) != after.get(name, [])
        ]
        for before, after in applies
    ]
