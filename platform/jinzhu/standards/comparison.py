"""An edition as people read it: its provisions, one provision with its base, and what changed."""

from typing import Any

from sqlalchemy import Text, and_, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.standards import editions
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds import KINDS, Field, Kind
from jinzhu.standards.models import DraftEntry, Edition, EditionEntry, EditionState, Revision

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
PARTS = ("content", "rules", "applies")


def _published(edition: Edition) -> Selection:
    """Select the provisions of a published edition with what the edition did to each."""
    below = aliased(EditionEntry)
    return (
        select(
            Revision.kind,
            Revision.code,
            Revision.content,
            Revision.provision_id,
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
        change.label("change"),
    )
    touched = statement.with_only_columns(base.id).where(base.id.is_not(None))
    rest = editions.entries_of(edition.base_id).with_only_columns(
        Revision.kind,
        Revision.code,
        Revision.content,
        Revision.provision_id,
        cast(null(), Text).label("change"),
    )
    both = union_all(own, rest.where(Revision.id.not_in(touched))).subquery()
    return select(both)


def provisions(edition: Edition, query: dict[str, Any]) -> Row:
    """Return a page of an edition's provisions."""
    draft = edition.state is EditionState.DRAFT
    part = (_draft(edition) if draft else _published(edition)).subquery()
    text = {name: part.c.content[name].astext for name in ("name", "item_type", "department_code")}
    statement = select(
        part.c.provision_id,
        part.c.kind,
        part.c.code,
        part.c.change,
        *(column.label(name) for name, column in text.items()),
        part.c.content["committed_limit"].label("committed_limit"),
        part.c.content["statutory_limit"].label("statutory_limit"),
    )
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
        statement = statement.where(
            or_(
                text["name"].icontains(wanted, autoescape=True),
                part.c.code.istartswith(wanted, autoescape=True),
            )
        )
    names = department_names(edition.base_id if draft else edition.id)

    def shape(row: Row) -> Row:
        return {**row, "department_name": names.get(row["department_code"] or "", "")}

    return page_of(
        statement,
        query,
        sortable={
            "code": part.c.code,
            "name": text["name"],
            "change": part.c.change,
            "committed_limit": part.c.content["committed_limit"],
        },
        default="code",
        last=[part.c.kind.asc(), part.c.code.asc()],
        shape=shape,
    )


def _parts(row: Revision | DraftEntry) -> dict[str, Any]:
    return {part: getattr(row, part) for part in PARTS}


def _parts_of(row: Revision | None) -> dict[str, Any] | None:
    return _parts(row) if row else None


def provision(edition: Edition, kind: str, code: str) -> Row:
    """Return one provision of an edition with what stands in the edition below."""
    base = editions.base_of(edition, kind, code)
    own: Revision | DraftEntry | None
    removed = False
    if edition.state is EditionState.DRAFT:
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
        "version": own.version if isinstance(own, DraftEntry) else 0,
    }


def _change(own: dict[str, Any], base: Revision | None) -> str | None:
    if base is None:
        return ADDED
    return None if own == _parts(base) else CHANGED


def _pairs(edition: Edition) -> list[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]]:
    """Return (kind, code, before, after) of everything an edition changes."""
    if edition.state is EditionState.DRAFT:
        statement, _ = editions.drafted(edition)
        ordered = statement.order_by(DraftEntry.kind, DraftEntry.code)
        return [
            (new.kind, new.code, _parts(old) if old else None, None if new.removed else _parts(new))
            for new, old in db.session.execute(ordered)
        ]
    if edition.base_id is None:
        return []
    before = aliased(Revision, editions.entries_of(edition.base_id).subquery())
    after = aliased(Revision, editions.entries_of(edition.id).subquery())
    changed = (
        select(before, after)
        .select_from(before)
        .join(after, after.provision_id == before.provision_id, full=True)
        .where(before.id.is_distinct_from(after.id))
        .order_by(func.coalesce(after.kind, before.kind), func.coalesce(after.code, before.code))
    )
    return [
        ((new or old).kind, (new or old).code, _parts_of(old), _parts_of(new))
        for old, new in db.session.execute(changed)
    ]


def _field_changes(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    """Return the fields whose value or rule differs."""
    rows = [
        {
            "field": field.name,
            "label": kind.label(field.name),
            "before": before["content"].get(field.name),
            "after": after["content"].get(field.name),
            "rule_before": _rule(before, field),
            "rule_after": _rule(after, field),
        }
        for field in kind.fields
    ]
    return [
        row
        for row in rows
        if row["before"] != row["after"] or row["rule_before"] != row["rule_after"]
    ]


def _rule(part: dict[str, Any], field: Field) -> str | None:
    rule = part["rules"].get(field.name)
    return rule["rule"] if rule else None


NOTHING: dict[str, Any] = {"content": {}, "rules": {}, "applies": {}}


def changes(edition: Edition) -> list[Row]:
    """Return what an edition changes against the one below, provision by provision."""
    found = []
    for kind, code, before, after in _pairs(edition):
        shown = after or before or NOTHING
        found.append(
            {
                "kind": kind,
                "code": code,
                "name": shown["content"].get("name", code),
                "change": REMOVED if after is None else CHANGED if before else ADDED,
                "levels_before": (before or NOTHING)["applies"].get("levels"),
                "levels_after": (after or NOTHING)["applies"].get("levels"),
                "fields": _field_changes(KINDS[kind], before or NOTHING, after or NOTHING),
            }
        )
    return found
