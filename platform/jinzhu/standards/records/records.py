"""A center's records: the standard, what is said here, and what holds, field by field.

For every field a record can say: the value, who set it, under which edition, which rule binds it,
and why it can or cannot be changed.
"""

from collections.abc import Mapping
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
from jinzhu.standards.claims import departments_of_post, governing, in_force, missing, models
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Adoption, Claim, Edition, Pin, Revision, Standard
from jinzhu.standards.quality import checks
from jinzhu.standards.records.duties import UNCLAIMED, due
from jinzhu.standards.records.layers import layers_of
from jinzhu.standards.records.record_fields import ExplainedFields
from jinzhu.standards.records.record_found import (
    Found as Found,  # named by those who ask for records
)


def own_rows(kind: str, center_id: int) -> Selection:
    """Select a center's rows of a kind, each with its revision in force."""
    model = models()[kind]
    return in_force(model).where(model.tenant_id == center_id)


def _made(own: Any, row: Any) -> Found:
    """Return a row of the statements below as a record."""
    _, revision, edition, standard, owner, effective, missing_count = row
    layers = layers_of(revision)
    return Found(own, revision, edition, standard, owner, effective, missing_count, layers)


def explained_row(kind: str, condition: ColumnElement[bool], center_id: int) -> Found:
    """Return a center's row with everything that explains it, in one statement."""
    model = models()[kind]
    statement = (
        own_rows(kind, center_id)
        .with_only_columns(
            model,
            Revision,
            Edition,
            Standard,
            Center,
            func.app.effective(Revision.content, Revision.bounds, model.local),
            missing(model),
        )
        .join(Edition, Edition.id == Adoption.edition_id)
        .join(Standard, Standard.id == Adoption.standard_id)
        .join(Center, Center.id == Standard.owner_id)
        .where(condition)
    )
    own = departments_of_post()
    found = db.session.execute(statement if own is None else statement.where(own)).one_or_none()
    if found is None:
        raise NotFound
    return _made(found[0], found)


def read(kind: str, record_id: int, *, center_id: int) -> Row:
    """Return a record with its three columns: standard, here, effective."""
    return document(kind, explained_row(kind, models()[kind].id == record_id, center_id))


def _duty(kind: str, provision_id: int, center_id: int) -> Found:
    """Return a duty like a record, with an empty row of our own where it has no answer yet."""
    model, owner = models()[kind], aliased(Center)
    local = func.coalesce(model.local, text("'{}'::jsonb"))
    statement = (
        due(kind, center_id, yielding=True)
        .with_only_columns(
            model,
            Revision,
            Edition,
            Standard,
            owner,
            func.app.effective(Revision.content, Revision.bounds, local),
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
        return _made(found[0], found)
    empty = model(tenant_id=center_id, provision_id=provision_id, reason="", version=0)
    empty.local, empty.set_under = {}, {}
    return _made(empty, found)


def read_of_provision(kind: str, provision_id: int, *, center_id: int) -> Row:
    """Return the record of a center on a provision, also where there is no answer yet."""
    return document(kind, _duty(kind, provision_id, center_id))


def document(
    kind_name: str,
    found: Found,
    *,
    hindrance: str | None = None,
    pins: Mapping[str, Pin] | None = None,
) -> Row:
    """Return a record as sent.

    What keeps anybody from changing it, and what is postponed or exempt, can be given: of a past
    day they are not what they are now.
    """
    own, revision, edition = found.own, found.revision, found.edition
    kind = KINDS[kind_name]
    place = db.session.get_one(Center, own.tenant_id)
    hindrance = _hindrance(kind_name, own, place) if hindrance is None else hindrance
    explained = ExplainedFields(kind, found, place, hindrance, pins)
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
        "covered_by": _covering(own, edition.id),
        "version": own.version,
        **_source(found),
        "governed_by": governing(own.provision_id, own.tenant_id),
        "missing": found.missing,
        "fields": [explained.field(field) for field in kind.fields],
        "findings": checks.of(kind_name, found.effective) if own.claim == Claim.OFFERED else [],
        "actions": {
            "edit": not hindrance,
            "claim": may(f"{kind_name}.claim") and own.tenant_id == current().tenant_id,
        },
    }


def _source(found: Found) -> Row:
    """Return which standard of whom a record follows, and in which edition."""
    edition, standard, owner = found.edition, found.standard, found.owner
    return {
        "edition": {
            "id": edition.id,
            "number": edition.number,
            "title": edition.title,
            "effective_on": edition.effective_on,
        },
        "standard": {
            "id": standard.id,
            "name": standard.name,
            "nature": standard.nature.value,
            "owner": {"id": owner.id, "name": owner.name, "level": owner.level.value},
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
