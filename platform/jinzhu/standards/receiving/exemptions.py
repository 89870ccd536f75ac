"""Exemptions 豁免: leave for one center not to follow a field or a provision, until a day.

Asked for by the center, decided by whoever set the rule (the province, or the city whose amendment
it is; of a line standard the line), never by the center itself.  Granted it becomes a pin; it
counts as an exemption and ends by itself.
"""

from datetime import date
from typing import Any

import structlog
from sqlalchemy import cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.access import require
from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Fault, Invalid, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices
from jinzhu.standards.claims import models
from jinzhu.standards.kinds import KINDS, Rule, refusals
from jinzhu.standards.models import (
    Claim,
    Edition,
    EditionEntry,
    Exemption,
    ExemptionState,
    Pin,
    Revision,
    Standard,
)
from jinzhu.standards.ownership import writers
from jinzhu.standards.receiving import pins
from jinzhu.standards.records import local_values, records
from jinzhu.standards.records.leave import contradictions

#: Under these rules a center says what it likes anyway.
FREE = (Rule.DEFAULT, Rule.LOCAL, Rule.EXEMPT)
#: So many years ahead a rule can be put aside; who needs more wants another rule.
MOST_YEARS = 2
log = structlog.get_logger()


class AskedAlready(Conflict):
    """One request for a field at a time."""

    code = "exemption_asked_already"


class Decided(Conflict):
    """A decision stands; the center may ask again."""

    code = "exemption_decided"


def ask(kind: str, record_id: int, field: str, **wish: Any) -> int:
    """Ask for leave not to follow a field ('' for the whole provision); return its number.

    Raises:
        Invalid: if nothing stands in the way of what the center wants, or something is missing.
        AskedAlready: if a request for the same is open, or granted.
    """
    require(f"{kind}.write")
    local_values.take_turn()
    center = current().tenant_id
    assert center is not None
    found = records.explained_row(kind, models()[kind].id == record_id, center)
    if wrong := _faults(kind, found, field, wish):
        raise Invalid(errors=wrong)
    _refuse_second(found, field)
    value = _value(kind, found, field, wish.get("value"))
    row = Exemption(
        standard_id=found.standard.id,
        provision_id=found.own.provision_id,
        kind=kind,
        field=field,
        category=wish["category"],
        reason=wish["reason"].strip(),
        value=value,
        edition_id=found.edition.id,
        wanted_until=wish["wanted_until"],
        decider_id=_decider(found, field, value),
    )
    if row.decider_id == center:
        raise invalid("field", "exemption.own_rule", value=field, rule="owner")
    number = add(row).id
    _tell_decider(row, found)
    return number


def _tell_decider(row: Exemption, found: records.Found) -> None:
    """Tell whoever decides that it is asked."""
    asking = db.session.get_one(Center, current().tenant_id)
    notices.tell(
        [row.decider_id],
        "exemption_asked",
        values={
            "center": asking.name,
            "name": found.revision.name,
            "kind": row.kind,
            "field": row.field,
        },
        to="/exemptions/asked",
        needs="exemption.decide",
        **writers(found.standard, row.decider_id, department=found.revision.department_code),
    )


def _faults(kind: str, found: records.Found, field: str, wish: Row) -> list[Fault]:
    """Return what is wrong with a request."""
    wrong = []
    rule = found.revision.rules.get(field, {}).get("rule", Rule.FIXED)
    if found.own.claim != Claim.OFFERED:
        wrong.append(Fault("record_id", say("record.not_offered"), found.own.claim.value))
    if field and KINDS[kind].field(field) is None:
        wrong.append(Fault("field", say("value.unknown_field"), field, "field"))
    elif field and (described := KINDS[kind].field(field)) and refusals.uniform(described):
        by = found.authority(field)
        words = {"label": KINDS[kind].label(field), "owner": by.owner, "edition": by.edition}
        told = say("exemption.uniform", **words)
        wrong.append(refusals.refused("field", told, by=by, value=field, rule=Rule.FIXED))
    elif field and rule in FREE:
        wrong.append(Fault("field", say("exemption.free"), field, rule))
    elif not field and earlier(found.standard.id, found.own.provision_id, found.edition) is None:
        wrong.append(Fault("field", say("exemption.nothing_earlier"), field, "field"))
    if not wish["reason"].strip():
        wrong.append(Fault("reason", say("exemption.reason_needed"), rule="required"))
    return wrong + day_faults("wanted_until", wish["wanted_until"])


def day_faults(place: str, day: date | None) -> list[Fault]:
    """Return what is wrong with the last day of an exemption: it is over, or too far ahead."""
    if day is None or day <= today():
        return [Fault(place, say("exemption.day_to_come"), day, "future")]
    last = _last_day()
    if day <= last:
        return []
    told = say("exemption.too_far", years=MOST_YEARS, last=last.isoformat())
    return [Fault(place, told, day, "at_most")]


def _last_day() -> date:
    """Return the last day until which an exemption can be asked for and granted."""
    now = today()
    try:
        return now.replace(year=now.year + MOST_YEARS)
    except ValueError:  # 29 February
        return now.replace(year=now.year + MOST_YEARS, day=28)


def _refuse_second(found: records.Found, field: str) -> None:
    standing = db.session.execute(
        select(Exemption.id, Exemption.state).where(
            Exemption.tenant_id == current().tenant_id,
            Exemption.provision_id == found.own.provision_id,
            Exemption.field == field,
            Exemption.state.in_([ExemptionState.ASKED, ExemptionState.GRANTED]),
        )
    ).one_or_none()
    if standing is not None:
        raise AskedAlready(id=standing.id, state=standing.state.value)


def _value(kind: str, found: records.Found, field: str, given: Any) -> Any:
    """Return the value that the center would have, made clean; its own where it names none."""
    if not field:
        return None
    if given in (None, "", {}):
        given = found.own.local.get(field)
    if given in (None, "", {}):
        raise invalid("value", "exemption.value_needed", rule="required")
    free = {field: {"rule": Rule.EXEMPT.value}}
    clean, wrong = local_values.cleaned(KINDS[kind], {field: given}, free)
    wrong = wrong or local_values.unknown_parts(KINDS[kind], found, clean)
    wrong = wrong or contradictions(KINDS[kind], found, {field: clean[field]})
    if wrong:
        raise Invalid(errors=[one.at("value") for one in wrong])
    return clean[field]


def _decider(found: records.Found, field: str, value: Any) -> int:
    """Return who decides: the city where only its amendment is in the way, else the owner."""
    city = found.layers.of(field)
    if city is None or (value is not None and _breaks(found.layers.base, field, value)):
        return found.owner.id
    return city.owner_id


def _breaks(revision: Revision, field: str, value: Any) -> bool:
    """Say whether a value breaks the rule that a revision has for a field."""
    given = cast(literal({field: value}, JSONB), JSONB)
    broken = select(func.app.broken(Revision.bounds, given)).where(Revision.id == revision.id)
    return bool(db.session.scalar(broken))


def earlier(standard_id: int, provision_id: int, edition: Edition) -> int | None:
    """Return the revision of a provision before the one that stands in an edition."""
    standing = (
        select(EditionEntry.revision_id)
        .where(EditionEntry.edition_id == edition.id, EditionEntry.provision_id == provision_id)
        .scalar_subquery()
    )
    return db.session.scalar(
        select(EditionEntry.revision_id)
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .where(
            Edition.standard_id == standard_id,
            Edition.number < edition.number,
            EditionEntry.provision_id == provision_id,
            EditionEntry.revision_id != standing,
        )
        .order_by(Edition.number.desc())
        .limit(1)
    )


def withdraw(exemption_id: int) -> None:
    """Take a request back, or give a granted exemption up: then the standard applies again."""
    local_values.take_turn()
    row = db.session.scalar(
        select(Exemption)
        .where(Exemption.id == exemption_id, Exemption.tenant_id == current().tenant_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound(id=exemption_id)
    require(f"{row.kind}.write")
    if row.state is ExemptionState.GRANTED:
        row.state = ExemptionState.ENDED
        _tell_given_up(row)
        pins.end(list(db.session.scalars(_pins_of(row))))
    elif row.state is ExemptionState.ASKED:
        row.state = ExemptionState.TAKEN_BACK
    elif row.state is not ExemptionState.TAKEN_BACK:
        raise Decided(state=row.state.value)
    row.version += 1
    db.session.flush()


def _tell_given_up(row: Exemption) -> None:
    """Tell whoever granted an exemption that the center follows the rule again."""
    name, department = db.session.execute(
        select(Revision.name, Revision.department_code)
        .where(Revision.provision_id == row.provision_id)
        .order_by(Revision.id.desc())
        .limit(1)
    ).one()
    values: Row = {"center": db.session.get_one(Center, row.tenant_id).name, "name": name}
    standard = db.session.get_one(Standard, row.standard_id)
    notices.tell(
        [row.decider_id],
        "exemption_given_up",
        values={**values, "kind": row.kind, "field": row.field, "until": row.expires_on},
        to="/exemptions/asked",
        needs="exemption.decide",
        **writers(standard, row.decider_id, department=department),
    )


def _pins_of(row: Exemption) -> Any:
    return select(Pin.id).where(
        Pin.tenant_id == row.tenant_id, Pin.exemption_id == row.id, Pin.ended_at.is_(None)
    )
