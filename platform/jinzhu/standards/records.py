"""A center's records: the standard, what is said here, and what holds, field by field.

For every field a record can say: the value, who set it, under which edition, which rule binds it,
and why it can or cannot be changed.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import aliased

from jinzhu.core.access import may
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import (
    departments_of_post,
    in_force,
    missing,
    models,
)
from jinzhu.standards.departments import department_names
from jinzhu.standards.duties import UNCLAIMED, due
from jinzhu.standards.kinds import KINDS, Field, Kind, Rule, Type, describe_field
from jinzhu.standards.models import (
    Adoption,
    Claim,
    Conflict,
    ConflictState,
    Edition,
    Revision,
    Standard,
)
from jinzhu.standards.parts import part_names


def own_rows(kind: str, center_id: int) -> Selection:
    """Select a center's rows of a kind, each with its revision in force."""
    model = models()[kind]
    return in_force(model).where(model.tenant_id == center_id)


def explained_row(kind: str, condition: ColumnElement[bool], center_id: int) -> Any:
    """Return a center's row with everything that explains it, in one statement."""
    model, owner = models()[kind], Center
    statement = (
        own_rows(kind, center_id)
        .with_only_columns(
            model,
            Revision,
            Edition,
            Standard,
            owner,
            func.app.effective(Revision.content, Revision.rules, model.local, model.held).label(
                "effective"
            ),
            missing(model).label("missing"),
        )
        .join(Edition, Edition.id == Adoption.edition_id)
        .join(Standard, Standard.id == Adoption.standard_id)
        .join(owner, owner.id == Standard.owner_id)
        .where(condition)
    )
    own = departments_of_post()
    if own is not None:
        statement = statement.where(own)
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def read(kind: str, record_id: int, *, center_id: int) -> Row:
    """Return a record with its three columns: standard, here, effective."""
    return _document(kind, explained_row(kind, models()[kind].id == record_id, center_id))


def _duty(kind: str, provision_id: int, center_id: int) -> Any:
    """Return a duty like a record, with an empty row of our own where it has no answer yet."""
    model, owner = models()[kind], aliased(Center)
    local = func.coalesce(model.local, text("'{}'::jsonb"))
    held = func.coalesce(model.held, text("'{}'::text[]"))
    statement = (
        due(kind, center_id)
        .with_only_columns(
            model,
            Revision,
            Edition,
            Standard,
            owner,
            func.app.effective(Revision.content, Revision.rules, local, held),
            func.app.missing(Revision.required_fields, local),
        )
        .join(Edition, Edition.id == Adoption.edition_id)
        .join(Standard, Standard.id == Adoption.standard_id)
        .join(owner, owner.id == Standard.owner_id)
        .where(Revision.provision_id == provision_id)
    )
    own = departments_of_post()
    found = db.session.execute(statement if own is None else statement.where(own)).one_or_none()
    if found is None:
        raise NotFound(id=provision_id)
    if found[0] is not None:
        return found
    empty = model(tenant_id=center_id, provision_id=provision_id, reason="", version=0)
    empty.local, empty.set_under, empty.held = {}, {}, []
    return empty, *found[1:]


def read_of_provision(kind: str, provision_id: int, *, center_id: int) -> Row:
    """Return the record of a center on a provision, also where there is no answer yet."""
    return _document(kind, _duty(kind, provision_id, center_id))


def _document(kind_name: str, found: Any) -> Row:
    own, revision, edition, standard, owner, effective_values, missing_count = found
    kind = KINDS[kind_name]
    place = db.session.get_one(Center, own.tenant_id)
    hindrance = _hindrance(kind_name, own, place)
    explained = _Explained(
        kind=kind,
        own=own,
        revision=revision,
        effective=effective_values,
        owner=owner,
        place=place,
        hindrance=hindrance,
        conflicts=open_conflicts(own),
        editions=_editions(own),
    )
    covered_by = _covering(own, edition.id)
    return {
        "id": own.id,
        "provision_id": own.provision_id,
        "kind": kind_name,
        "center": {"id": place.id, "name": place.name},
        "code": revision.code,
        "name": revision.name,
        "department_name": department_names(edition.id).get(revision.department_code, ""),
        "claim": own.claim.value if own.claim else UNCLAIMED,
        "reason": own.reason,
        "covered_by": covered_by,
        "version": own.version,
        "edition": {
            "id": edition.id,
            "number": edition.number,
            "title": edition.title,
            "effective_on": edition.effective_on,
        },
        "standard": {
            "id": standard.id,
            "name": standard.name,
            "owner": {"id": owner.id, "name": owner.name, "level": owner.level.value},
        },
        "missing": missing_count,
        "fields": [explained.field(field) for field in kind.fields],
        "actions": {
            "edit": not hindrance,
            "claim": may(f"{kind_name}.claim") and own.tenant_id == current().tenant_id,
        },
    }


def _hindrance(kind: str, own: Any, place: Center) -> str:
    """Say what keeps this post from changing the record at all; '' if nothing does."""
    if own.tenant_id != current().tenant_id:
        return say("why_not.elsewhere", center=place.name)
    if not may(f"{kind}.write"):
        return say("why_not.permission")
    if own.claim != Claim.OFFERED:
        return say("why_not.not_offered")
    return ""


def open_conflicts(own: Any) -> dict[str, Conflict]:
    if not own.held:
        return {}
    found = db.session.scalars(
        select(Conflict).where(
            Conflict.tenant_id == own.tenant_id,
            Conflict.provision_id == own.provision_id,
            Conflict.state == ConflictState.OPEN,
        )
    )
    return {conflict.field: conflict for conflict in found}


def _editions(own: Any) -> dict[int, Row]:
    numbers = {entry["edition"] for entry in own.set_under.values()}
    if not numbers:
        return {}
    found = db.session.execute(
        select(Edition.id, Edition.number, Edition.title).where(Edition.id.in_(numbers))
    )
    return {row.id: {"number": row.number, "title": row.title} for row in found}


def _covering(own: Any, edition_id: int) -> Row | None:
    if own.covered_by_id is None:
        return None
    name = db.session.scalar(
        select(Revision.name)
        .where(Revision.provision_id == own.covered_by_id)
        .order_by(Revision.id.desc())
        .limit(1)
    )
    return {"provision_id": own.covered_by_id, "name": name or ""}


class _Explained:
    """A record whose fields explain themselves."""

    def __init__(
        self,
        *,
        kind: Kind,
        own: Any,
        revision: Revision,
        effective: dict[str, Any],
        owner: Center,
        place: Center,
        hindrance: str,
        conflicts: dict[str, Conflict],
        editions: dict[int, Row],
    ) -> None:
        self.kind, self.own, self.revision, self.owner = kind, own, revision, owner
        self.effective, self.place, self.hindrance = effective, place, hindrance
        self.conflicts, self.editions = conflicts, editions
        self.parts = part_names((own.provision_id, name) for name in conflicts)

    def field(self, field: Field) -> Row:
        """Return one field with its three values and the reason for what holds."""
        rule = self.revision.rules.get(field.name, {"rule": Rule.FIXED.value})
        standard = self.revision.content.get(field.name)
        here = field.name in self.own.local and field.name not in self.own.held
        under = self.own.set_under.get(field.name, {})
        required = bool(rule.get("required"))
        return {
            **describe_field(self.kind, field),
            "rule": rule["rule"],
            "required": required,
            "standard": standard,
            "bound": standard if rule["rule"] in (Rule.AT_MOST, Rule.SUBSET) else None,
            "local": self.own.local.get(field.name),
            "effective": self.effective.get(field.name),
            "set_by": "here" if here else "standard",
            "set_by_name": self._here() if here else self.owner.name,
            "set_under": self.editions.get(under.get("edition", 0)),
            "set_at": under.get("at"),
            "editable": not self.hindrance and rule["rule"] != Rule.FIXED,
            "why": self._why(field, rule["rule"], standard),
            "missing": required and field.name not in self.own.local,
            "conflict": self._conflict(field),
        }

    def _here(self) -> str:
        own = self.place.id == current().tenant_id
        return say("record.here") if own else self.place.name

    def _why(self, field: Field, rule: str, standard: Any) -> str:
        """Say who set the field and how far it may be changed, and why not by this post."""
        told = why(field, rule, standard, owner=self.owner.name)
        return f"{told} {self.hindrance}" if self.hindrance and rule != Rule.FIXED else told

    def _conflict(self, field: Field) -> Row | None:
        conflict = self.conflicts.get(field.name)
        if conflict is None:
            return None
        return {
            "id": conflict.id,
            "local_value": conflict.local_value,
            "rule": conflict.rule,
            "bound": conflict.bound,
            "part_names": self.parts.get((conflict.provision_id, field.name), {}),
        }


def why(field: Field, rule: str, bound: Any, *, owner: str) -> str:
    """Say who may change a field and how far: the answer to “why can't I edit this?”."""
    shown = bound if field.type in (Type.INTEGER, Type.MONEY) else ""
    unit = say(f"unit.{field.unit}") if field.unit else ""
    key = f"why.{rule}.free" if rule == Rule.AT_MOST and bound is None else f"why.{rule}"
    return say(key, owner=owner, bound=f"{shown} {unit}".strip())
