"""Conflicts as rows: the local values that break a rule in force, and the answers that are kept.

An open conflict is not stored.  It is there as long as a local value breaks its rule, so it comes
and goes with what is in force; stored are the answers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Text,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from jinzhu.core.db import Selection, add, db
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import broken, departments_of_post, in_force, models, searched
from jinzhu.standards.models import (
    Adoption,
    Claim,
    Edition,
    EditionEntry,
    Resolution,
    Revision,
    Settlement,
)

OPEN, SETTLED = "open", "settled"


def _number(kind: Any, record: Any, field: Any) -> Any:
    """Return what names a conflict in an address: kind, record and field."""
    return func.concat(kind, "-", record, "-", field)


def open_ones(kind: str) -> Selection:
    """Select the local values of a kind that are in conflict and that a post may see."""
    model = models()[kind]
    field = func.unnest(broken(model)).table_valued("field").render_derived("broken").c.field
    statement = (
        in_force(model)
        .join(Edition, Edition.id == Adoption.edition_id)
        .join(field.table, literal(True))
        .with_only_columns(
            _number(literal(kind), model.id, field).label("id"),
            literal(kind).label("kind"),
            model.id.label("record_id"),
            model.standard_id,
            Revision.provision_id,
            field.label("field"),
            func.coalesce(Revision.rules[field]["rule"].astext, "fixed").label("rule"),
            model.local[field].label("local_value"),
            Revision.content[field].label("bound"),
            Adoption.since.label("opened_at"),
            literal(OPEN).label("state"),
            cast(null(), Text).label("resolution"),
            cast(null(), JSONB).label("settled_value"),
            literal("").label("reason"),
            cast(null(), Settlement.settled_by.type).label("settled_by"),
            cast(null(), TIMESTAMP(timezone=True)).label("settled_at"),
            Edition.id.label("edition_id"),
            Edition.number.label("edition_number"),
            Revision.code,
            Revision.name,
            Revision.name_key,
            Revision.content[field].label("standard_value"),
        )
        .where(model.tenant_id == current().tenant_id, model.claim == Claim.OFFERED)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def settled_ones(kind: str) -> Selection:
    """Select the answers of a kind, each with the provision as the edition of the answer had it."""
    model = models()[kind]
    statement = (
        select(
            cast(Settlement.id, Text).label("id"),
            Settlement.kind,
            model.id.label("record_id"),
            Settlement.standard_id,
            Settlement.provision_id,
            Settlement.field,
            Settlement.rule,
            Settlement.local_value,
            Settlement.bound,
            Settlement.opened_at,
            literal(SETTLED).label("state"),
            cast(Settlement.resolution, Text).label("resolution"),
            Settlement.settled_value,
            Settlement.reason,
            Settlement.settled_by,
            Settlement.created_at.label("settled_at"),
            Edition.id.label("edition_id"),
            Edition.number.label("edition_number"),
            Revision.code,
            Revision.name,
            Revision.name_key,
            Settlement.bound.label("standard_value"),
        )
        .join(Edition, Edition.id == Settlement.edition_id)
        .join(
            EditionEntry,
            and_(
                EditionEntry.edition_id == Settlement.edition_id,
                EditionEntry.provision_id == Settlement.provision_id,
            ),
        )
        .join(Revision, Revision.id == EditionEntry.revision_id)
        .join(
            model,
            and_(
                model.tenant_id == Settlement.tenant_id,
                model.provision_id == Settlement.provision_id,
            ),
        )
        .where(Settlement.tenant_id == current().tenant_id, Settlement.kind == kind)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def listed(state: str, kinds: Sequence[str], word: str = "") -> Any:
    """Select conflicts of some kinds, open ones or answers or both."""
    parts = [open_ones(kind) for kind in kinds] if state != SETTLED else []
    parts += [settled_ones(kind) for kind in kinds] if state != OPEN else []
    if word:
        parts = [part.where(searched(word)) for part in parts]
    return union_all(*parts).subquery("conflict")


def _record(standing: Row, resolution: Resolution, value: Any, reason: str) -> None:
    """Keep an answer, with what it answered to."""
    add(
        Settlement(
            standard_id=standing["standard_id"],
            provision_id=standing["provision_id"],
            kind=standing["kind"],
            field=standing["field"],
            rule=standing["rule"],
            local_value=standing["local_value"],
            bound=standing["bound"],
            edition_id=standing["edition_id"],
            resolution=resolution,
            settled_value=value,
            reason=reason,
            opened_at=standing["opened_at"],
        )
    )


def keep_answers(kind: str, record_id: int, clean: Mapping[str, Any], *, reason: str) -> None:
    """Keep as an answer that a field in conflict gets a new value, or none."""
    statement = open_ones(kind).where(models()[kind].id == record_id)
    for row in db.session.execute(statement).all():
        if row.field in clean:
            value = clean[row.field]
            resolution = Resolution.STANDARD if value is None else Resolution.KEEP
            _record(dict(row._mapping), resolution, value, reason)
