"""Which handling steps 办理程序 hold for each item, and whether the department has confirmed them.

A confirmation holds for the steps it was given for; where others are in force since, by an edition,
an amendment or the center's own word, it is stale and asked for again.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on

from jinzhu.core.db import Selection
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import effective, in_force, narrowed
from jinzhu.standards.models import Adoption, Claim, Revision
from tenants.item.models import HandlingConfirmation, Item

#: Without steps there is nothing to confirm; the check of quality says so.
STATES = ("open", "stale", "confirmed", "none")
ASKED = ("open", "stale")
NO_STEPS = literal_column("'[]'::jsonb", type_=JSONB)


def _newest() -> Any:
    """Select the last confirmation of each item of the own center."""
    return (
        select(HandlingConfirmation)
        .where(HandlingConfirmation.tenant_id == current().tenant_id)
        .ext(distinct_on(HandlingConfirmation.provision_id))
        .order_by(HandlingConfirmation.provision_id, HandlingConfirmation.id.desc())
        .subquery("newest")
    )


def steps() -> ColumnElement[Any]:
    """Return the handling steps of an item as they hold; an empty list where there are none."""
    return func.coalesce(effective(Item, "steps"), NO_STEPS, type_=JSONB)


def digest() -> ColumnElement[str]:
    """Return a mark of the steps that hold, so that what is confirmed is what was seen."""
    return func.md5(cast(steps(), Text), type_=Text)


def handled(query: Mapping[str, Any]) -> Selection:
    """Select the items that the own center offers with their steps and where each stands."""
    newest = _newest()
    state = case(
        (steps() == NO_STEPS, "none"),
        (newest.c.id.is_(None), "open"),
        (newest.c.steps == steps(), "confirmed"),
        else_="stale",
    )
    statement = (
        in_force(Item)
        .outerjoin(
            newest,
            and_(newest.c.tenant_id == Item.tenant_id, newest.c.provision_id == Item.provision_id),
        )
        .where(Item.tenant_id == current().tenant_id, Item.claim == Claim.OFFERED)
        .with_only_columns(
            Item.id.label("record_id"),
            Item.provision_id,
            Revision.code,
            Revision.name,
            Revision.name_key,
            Revision.department_code,
            Adoption.edition_id.label("now_under"),
            steps().label("steps"),
            digest().label("digest"),
            state.label("state"),
            newest.c.created_at.label("confirmed_at"),
            newest.c.confirmed_by,
            newest.c.edition_id,
        )
    )
    return narrowed(statement, dict(query))
