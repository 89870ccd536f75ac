"""An amendment as people read it: each field above, as the city has it, and what then holds."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.standards.claims import searched
from jinzhu.standards.departments import department_names
from jinzhu.standards.editions import editions
from jinzhu.standards.editions.amendment_checks import Ground, amended, ground_at, ground_of
from jinzhu.standards.kinds import KINDS, Kind, describe_field
from jinzhu.standards.models import DraftEntry, Edition, EditionEntry, EditionState, Revision

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
NOTHING = cast(literal({}, JSONB), JSONB)


def find(edition_id: int) -> tuple[Edition, Ground]:
    """Return an edition of an amendment, with the one from above that it amends.

    A draft goes with the edition the city is on; a published one with what it was checked against.
    """
    edition = editions.find(edition_id)
    standard = amended(edition)
    if standard is None or standard.amends_id is None:
        raise NotFound(id=edition_id)
    if edition.number is None or edition.against_id is None:
        return edition, ground_of(standard.amends_id)
    return edition, ground_at(edition.against_id)


class Layered:
    """The provisions above, side by side with what an edition of an amendment says of them."""

    def __init__(self, edition: Edition, ground: Ground, *, against_id: int | None = None) -> None:
        self.ground = ground
        self._prior_id = against_id or edition.base_id
        self.draft = edition.number is None
        self.upper = Revision
        self.prior = aliased(Revision, name="prior")
        self.own = self.prior if self.draft else aliased(Revision, name="own")
        self._edition = edition
        self._prior_entry = aliased(EditionEntry, name="prior_entry")
        self._own_entry = aliased(EditionEntry, name="own_entry")

    def _part(self, name: str) -> ColumnElement[Any]:
        """Return content or rules as this edition has them; empty where it says nothing."""
        own = getattr(self.own, name)
        if self.draft:
            drafted = func.coalesce(getattr(DraftEntry, name), own)
            own = case((DraftEntry.removed, null()), else_=drafted)
        return func.coalesce(own, NOTHING, type_=JSONB)

    @property
    def content(self) -> ColumnElement[Any]:
        """Return the amended values."""
        return self._part("content")

    @property
    def rules(self) -> ColumnElement[Any]:
        """Return the tightened rules."""
        return self._part("rules")

    @property
    def is_amended(self) -> ColumnElement[bool]:
        """Return whether anything is amended."""
        return or_(self.content != NOTHING, self.rules != NOTHING)

    @property
    def change(self) -> ColumnElement[Any]:
        """Return what this edition did to a provision: added, changed, removed, or null."""
        before = [func.coalesce(part, NOTHING) for part in (self.prior.content, self.prior.rules)]
        was = self.prior.id.is_not(None)
        return case(
            (and_(was, ~self.is_amended), literal(REMOVED)),
            (and_(~was, self.is_amended), literal(ADDED)),
            (
                or_(before[0] != self.content, before[1] != self.rules),
                literal(CHANGED),
            ),
            else_=cast(null(), Text),
        )

    @property
    def before(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Return content and rules as they held with the amendment's edition before."""
        prior = [func.coalesce(part, NOTHING) for part in (self.prior.content, self.prior.rules)]
        return self._merged(prior[0], prior[1])

    @property
    def merged(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Return content and rules as they hold with this edition."""
        return self._merged(self.content, self.rules)

    def _merged(self, content: Any, rules: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        upper = self.upper
        return (
            func.app.effective(upper.content, upper.bounds, content, type_=JSONB),
            func.app.merged_rules(upper.rules, upper.bounds, content, rules, type_=JSONB),
        )

    def select(self, *columns: Any) -> Selection:
        """Select from the provisions above and what is said of each."""
        upper_entry = aliased(EditionEntry, name="upper_entry")
        statement = (
            select(*columns)
            .select_from(self.upper)
            .join(
                upper_entry,
                and_(
                    upper_entry.revision_id == self.upper.id,
                    upper_entry.edition_id == self.ground.id,
                ),
            )
            .outerjoin(self._prior_entry, self._said(self._prior_entry, self._prior_id))
            .outerjoin(self.prior, self.prior.id == self._prior_entry.revision_id)
        )
        if self.draft:
            return statement.outerjoin(
                DraftEntry,
                and_(
                    DraftEntry.edition_id == self._edition.id,
                    DraftEntry.kind == self.upper.kind,
                    DraftEntry.code == self.upper.code,
                ),
            )
        return statement.outerjoin(
            self._own_entry, self._said(self._own_entry, self._edition.id)
        ).outerjoin(self.own, self.own.id == self._own_entry.revision_id)

    def _said(self, entry: Any, edition_id: int | None) -> ColumnElement[bool]:
        return and_(
            entry.edition_id == (edition_id or 0),
            entry.provision_id == self.upper.provision_id,
        )


def provisions(edition_id: int, query: Mapping[str, Any]) -> Row:
    """Return a page of the provisions above with what the amendment says of each."""
    edition, ground = find(edition_id)
    layered = Layered(edition, ground)
    upper = layered.upper
    content, rules = layered.merged
    statement = layered.select(
        upper.provision_id,
        upper.kind,
        upper.code,
        upper.name,
        upper.item_type,
        upper.department_code,
        layered.change.label("change"),
        layered.is_amended.label("amended"),
        upper.content.label("above"),
        upper.rules.label("rules_above"),
        content.label("merged"),
        rules.label("rules_merged"),
        layered.content.label("own"),
        layered.rules.label("own_rules"),
    )
    names = department_names(ground.id)
    return page_of(
        narrowed(statement, layered, query),
        query,
        sortable={"code": upper.code, "name": upper.name_key},
        default="code",
        last=[upper.kind.asc(), upper.code.asc()],
        shape=lambda row: _shape(row, names),
    )


def _shape(row: Row, names: Mapping[str, str]) -> Row:
    kind = KINDS[row["kind"]]
    parts = {name: row.pop(name) for name in PARTS}
    said = _names(kind, parts["own"], parts["own_rules"])
    department = names.get(row["department_code"], "")
    fields = [_field(kind, name, parts) for name in said]
    return {**row, "department_name": department, "fields": fields}


PARTS = ("above", "rules_above", "merged", "rules_merged", "own", "own_rules")


def _names(kind: Kind, *said: Mapping[str, Any]) -> list[str]:
    """Return the fields that anything is said of, in the order of the kind."""
    return [field.name for field in kind.fields if any(field.name in part for part in said)]


def _field(kind: Kind, name: str, parts: Mapping[str, Any]) -> Row:
    """Return one field: above, as amended, and with what rules."""
    return {
        "field": name,
        "label": kind.label(name),
        "before": parts["above"].get(name),
        "after": parts["merged"].get(name),
        "rule_before": parts["rules_above"].get(name, {}).get("rule"),
        "rule_after": parts["rules_merged"].get(name, {}).get("rule"),
    }


def narrowed(statement: Selection, layered: Layered, query: Mapping[str, Any]) -> Selection:
    upper = layered.upper
    if query["kind"]:
        statement = statement.where(upper.kind == query["kind"])
    if query["amended"]:
        statement = statement.where(layered.is_amended)
    if query["changed"]:
        statement = statement.where(layered.change.is_not(None))
    if query["item_type"]:
        statement = statement.where(upper.item_type == query["item_type"])
    if query["department"]:
        statement = statement.where(upper.department_code == query["department"])
    return statement.where(searched(query["q"])) if query["q"] else statement


def said(edition: Edition, query: Mapping[str, Any]) -> Row:
    """Return a page of the provisions that an amendment says something of, as of any edition."""
    amends = {"amended": edition.state is EditionState.PUBLISHED and not query["changed"]}
    found = provisions(edition.id, {**query, **amends})
    found["rows"] = [_as_listed(row) for row in found["rows"]]
    return found


def _as_listed(row: Row) -> Row:
    names = ("provision_id", "kind", "code", "change", "name", "item_type", "department_code")
    limits = {field["field"]: field["after"] for field in row["fields"]}
    return {
        **{name: row[name] for name in (*names, "department_name")},
        "committed_limit": limits.get("committed_limit"),
        "statutory_limit": None,
        "version": 0,
        "updated_at": None,
        "updated_by": None,
    }


def provision(edition_id: int, kind_name: str, code: str) -> Row:
    """Return one provision above, field by field, with what the amendment says of it."""
    edition, ground = find(edition_id)
    kind = editions.kind_of(kind_name)
    layered = Layered(edition, ground)
    content, rules = layered.merged
    columns = [
        layered.upper,
        layered.content.label("own"),
        layered.rules.label("own_rules"),
        content.label("merged"),
        rules.label("rules_merged"),
        layered.change.label("change"),
    ]
    statement = layered.select(*columns)
    found = db.session.execute(
        statement.where(layered.upper.kind == kind_name, layered.upper.code == code)
    ).one_or_none()
    if found is None:
        raise NotFound(kind=kind_name, provision=code)
    entry = editions.draft_entry(edition, kind_name, code) if layered.draft else None
    upper = found[0]
    return {
        "provision_id": upper.provision_id,
        "kind": kind_name,
        "code": code,
        "name": upper.name,
        "department_name": department_names(ground.id).get(upper.department_code, ""),
        "owner": ground.owner,
        "edition_number": ground.number,
        "change": found.change,
        "version": entry.version if entry else 0,
        "fields": [_explained(kind, field.name, upper, found) for field in kind.fields],
    }


def _explained(kind: Kind, name: str, upper: Revision, found: Any) -> Row:
    """Return a field with everything needed to amend it."""
    field = kind.field(name)
    assert field is not None
    above = upper.rules.get(name, {"rule": "fixed"})
    return {
        **describe_field(kind, field),
        "rules": [rule.value for rule in field.rules],
        "upper": upper.content.get(name),
        "upper_rule": above["rule"],
        "upper_required": bool(above.get("required")),
        "value": found.own.get(name),
        "rule": found.own_rules.get(name, {}).get("rule"),
        "required": bool(found.own_rules.get(name, above).get("required")),
        "merged": found.merged.get(name),
        "merged_rule": found.rules_merged.get(name, above)["rule"],
        "editable": above["rule"] != "fixed",
    }


Pair = tuple[str, str, dict[str, Any], dict[str, Any], int]


def pairs(edition: Edition, against_id: int | None = None) -> list[Pair]:
    """Return (kind, code, before, after, provision) of what an edition of an amendment changes.

    Both sides are whole provisions: what held with the edition before, or another one, and what
    holds with this.
    """
    _, ground = find(edition.id)
    layered = Layered(edition, ground, against_id=against_id)
    (was, was_rules), (now, now_rules) = layered.before, layered.merged
    upper = layered.upper
    statement = layered.select(
        upper.kind,
        upper.code,
        upper.applies,
        upper.provision_id,
        was.label("was"),
        was_rules.label("was_rules"),
        now.label("now"),
        now_rules.label("now_rules"),
    )
    ordered = statement.where(layered.change.is_not(None)).order_by(upper.kind, upper.code)
    return [
        (row.kind, row.code, _whole(row, "was"), _whole(row, "now"), row.provision_id)
        for row in db.session.execute(ordered)
    ]


def _whole(row: Any, name: str) -> dict[str, Any]:
    rules = getattr(row, f"{name}_rules")
    return {"content": getattr(row, name), "rules": rules, "applies": row.applies}
