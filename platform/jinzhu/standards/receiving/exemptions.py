"""Exemptions 豁免: leave for one center not to follow a field or a provision, until a day.

Asked for by the center, decided by whoever set the rule (the province, or the city whose amendment
it is), never by the center itself.  Granted it becomes a pin; it counts as an exemption and ends
by itself.
"""

from datetime import UTC, date, datetime
from typing import Any

import structlog
from sqlalchemy import cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.access import require
from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Fault, Invalid, NotFound, Problem, invalid
from jinzhu.core.tenancy import Scope, current
from jinzhu.core.transaction import after_commit, work
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices, push
from jinzhu.standards.claims import departments_of_post, models
from jinzhu.standards.kinds import KINDS, Rule, refusals, value_checks
from jinzhu.standards.models import (
    Adoption,
    Claim,
    Edition,
    EditionEntry,
    Exemption,
    ExemptionState,
    Merged,
    MergedEntry,
    Pin,
    PinReason,
    Revision,
)
from jinzhu.standards.receiving import pins
from jinzhu.standards.records import local_values, records

#: Under these rules a center says what it likes anyway.
FREE = (Rule.DEFAULT, Rule.LOCAL, Rule.EXEMPT)
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
            "label": KINDS[row.kind].label(row.field) if row.field else say("pin.whole"),
        },
        to="/exemptions/asked",
        needs="exemption.decide",
        department=found.revision.department_code,
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
    elif not field and _earlier(found.standard.id, found.own.provision_id, found.edition) is None:
        wrong.append(Fault("field", say("exemption.nothing_earlier"), field, "field"))
    if not wish["reason"].strip():
        wrong.append(Fault("reason", say("exemption.reason_needed"), rule="required"))
    if wish["wanted_until"] <= today():
        text = say("exemption.day_to_come")
        wrong.append(Fault("wanted_until", text, wish["wanted_until"], "future"))
    return wrong


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
    if not field or given in (None, "", {}):
        return found.own.local.get(field)
    free = {field: {"rule": Rule.EXEMPT.value}}
    clean, wrong = local_values.cleaned(KINDS[kind], {field: given}, free)
    wrong = wrong or _contradictions(kind, found, {field: clean[field]})
    if wrong:
        raise Invalid(errors=[one.at("value") for one in wrong])
    return clean[field]


def _contradictions(kind: str, found: records.Found, wanted: Row) -> list[Fault]:
    """Return what the wanted value would contradict in the record that does not contradict now."""
    if any(isinstance(value, dict) for value in wanted.values()):
        return []  # changes to a list of parts, checked part by part
    before = {fault.field for fault in value_checks.together(KINDS[kind], found.effective)}
    after = value_checks.together(KINDS[kind], {**found.effective, **wanted})
    return [fault for fault in after if fault.field not in before]


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


def _earlier(standard_id: int, provision_id: int, edition: Edition) -> int | None:
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
        pins.end(list(db.session.scalars(_pins_of(row))))
    elif row.state is ExemptionState.ASKED:
        row.state = ExemptionState.TAKEN_BACK
    elif row.state is not ExemptionState.TAKEN_BACK:
        raise Decided(state=row.state.value)
    row.version += 1
    db.session.flush()


def _pins_of(row: Exemption) -> Any:
    return select(Pin.id).where(
        Pin.tenant_id == row.tenant_id, Pin.exemption_id == row.id, Pin.ended_at.is_(None)
    )


def decide(center_id: int, exemption_id: int, *, grant: bool, **words: Any) -> None:
    """Grant or refuse what a center below has asked for.  Needs the reach PUSH.

    Raises:
        NotFound: if the request is not for the own center, or this post, to decide.
        Decided: if it was decided otherwise, or taken back.
    """
    push.take_turns([center_id])
    row = _asked(center_id, exemption_id)
    reason, expires_on = words.get("reason", "").strip(), words.get("expires_on")
    wanted = ExemptionState.GRANTED if grant else ExemptionState.REFUSED
    if row.state is not ExemptionState.ASKED:
        if row.state is wanted and row.expires_on == (expires_on if grant else None):
            return  # the same decision twice
        raise Decided(state=row.state.value)
    if not grant and not reason:
        raise invalid("reason", "exemption.refusal_needs_reason", rule="required")
    if grant:
        _check_last_day(row, expires_on, confirmed=words.get("beyond_wanted", False))
    row.state, row.decision, row.version = wanted, reason, row.version + 1
    row.decided_by, row.decided_at = current().actor_id, datetime.now(UTC)
    row.expires_on = expires_on if grant else None
    db.session.flush()
    if grant and expires_on is not None:
        _let_off(row, expires_on)
    _tell(row)


def _check_last_day(row: Exemption, until: date | None, *, confirmed: bool) -> None:
    """Refuse a last day that has passed, or one after the wanted one that nobody has confirmed."""
    if until is None or until <= today():
        raise invalid("expires_on", "exemption.day_to_come", value=until, rule="future")
    if until > row.wanted_until and not confirmed:
        raise invalid(
            "expires_on",
            "exemption.beyond_wanted",
            value=until,
            rule="beyond_wanted",
            wanted=row.wanted_until.isoformat(),
            until=until.isoformat(),
        )


def _asked(center_id: int, exemption_id: int) -> Exemption:
    """Return a request that the own center decides, held."""
    statement = select(Exemption).where(
        Exemption.tenant_id == center_id,
        Exemption.id == exemption_id,
        Exemption.decider_id == current().tenant_id,
    )
    own = departments_of_post()
    if own is not None:
        seen = select(Revision.id).where(Revision.provision_id == Exemption.provision_id, own)
        statement = statement.where(seen.exists())
    row = db.session.scalar(statement.with_for_update())
    if row is None:
        raise NotFound(id=exemption_id)
    return row


def _let_off(row: Exemption, until: date) -> None:
    """Pin what is granted, and let the value hold that was asked for."""
    db.session.execute(
        update(Pin)
        .where(
            Pin.tenant_id == row.tenant_id,
            Pin.provision_id == row.provision_id,
            Pin.field == row.field,
            Pin.ended_at.is_(None),
        )
        .values(ended_at=func.now())
    )
    add(
        Pin(
            tenant_id=row.tenant_id,
            standard_id=row.standard_id,
            provision_id=row.provision_id,
            kind=row.kind,
            field=row.field,
            reason=PinReason.EXEMPT,
            revision_id=_held(row),
            until=until,
            exemption_id=row.id,
        )
    )
    push.repin(row.standard_id, [row.tenant_id])
    if row.field and row.value is not None:
        center, actor, number = row.tenant_id, row.asked_by, row.id
        after_commit(lambda: _set_value(center, actor, number))


def _held(row: Exemption) -> int | None:
    """Return what an exemption holds a center to; None where its own value is free.

    A city lets off from its own amendment alone: the province's rule goes on binding.  And the
    province from its own word alone: what the city demands stays on top of what it said before.
    """
    edition, entry, owner, amendment_id = db.session.execute(
        select(Edition, EditionEntry.revision_id, Edition.owner_id, Merged.amendment_id)
        .join(Adoption, Adoption.edition_id == Edition.id)
        .join(EditionEntry, EditionEntry.edition_id == Edition.id)
        .outerjoin(Merged, Merged.id == Adoption.merged_id)
        .where(
            Adoption.tenant_id == row.tenant_id,
            Adoption.standard_id == row.standard_id,
            EditionEntry.provision_id == row.provision_id,
        )
    ).one()
    if not row.field:
        return _amended_earlier(row, edition, amendment_id)
    return None if owner == row.decider_id else int(entry)


def _amended_earlier(row: Exemption, edition: Edition, amendment_id: int | None) -> int | None:
    """Return the earlier revision of a provision with a city's amendment on top of it."""
    earlier = _earlier(row.standard_id, row.provision_id, edition)
    if earlier is None or amendment_id is None:
        return earlier
    said_in = (
        select(EditionEntry.edition_id)
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .where(EditionEntry.revision_id == earlier, Edition.number < edition.number)
        .order_by(Edition.number.desc())
        .limit(1)
    )
    merged = push.merged_of([(db.session.scalars(said_in).one(), amendment_id)])
    amended = select(MergedEntry.revision_id).where(
        MergedEntry.merged_id.in_(merged.values()),
        MergedEntry.provision_id == row.provision_id,
    )
    return db.session.scalar(amended) or earlier


def _set_value(center: int, actor: int | None, exemption_id: int) -> None:
    """Write the value that was granted, as the center's own word: a push writes no local value.

    The decision stands whatever comes of it; what is in the way now, the center settles itself.
    """
    try:
        with work(Scope(center, actor_id=actor, action="exemption.value")):
            row = db.session.get_one(Exemption, (center, exemption_id))
            model = models()[row.kind]
            record = db.session.scalar(
                select(model.id).where(
                    model.tenant_id == center, model.provision_id == row.provision_id
                )
            )
            if record is not None:
                local_values.change(
                    row.kind, record, {row.field: row.value}, version=lambda stored: None
                )
    except Problem as problem:
        log.warning("value not set", exemption=exemption_id, center=center, reason=str(problem))


def _tell(row: Exemption) -> None:
    """Tell the center what was decided."""
    name = db.session.scalar(
        select(Revision.name)
        .where(Revision.provision_id == row.provision_id)
        .order_by(Revision.id.desc())
        .limit(1)
    )
    label = KINDS[row.kind].label(row.field) if row.field else say("pin.whole")
    values: Row = {"name": name, "label": label}
    if row.state is ExemptionState.GRANTED:
        code, values = "exemption_granted", {**values, "until": row.expires_on}
    else:
        code, values = "exemption_refused", {**values, "reason": row.decision}
    notices.tell([row.tenant_id], code, values=values, to="/exemptions", needs="exemption.ask")
