"""Decisions on exemptions: granted until a day, or refused with a reason."""

from datetime import UTC, date, datetime
from typing import Any

import structlog
from sqlalchemy import func, select, update

from jinzhu.core.db import add, db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Invalid, NotFound, Problem, invalid
from jinzhu.core.tenancy import Scope, current
from jinzhu.core.transaction import after_commit, work
from jinzhu.standards import notices, push
from jinzhu.standards.claims import departments_of_post, models
from jinzhu.standards.models import (
    Adoption,
    Edition,
    EditionEntry,
    Exemption,
    ExemptionState,
    Merged,
    MergedEntry,
    Pin,
    PinReason,
    Revision,
    Standard,
)
from jinzhu.standards.ownership import check_lets_off
from jinzhu.standards.receiving import exemptions
from jinzhu.standards.records import local_values

log = structlog.get_logger()


def decide(center_id: int, exemption_id: int, *, grant: bool, **words: Any) -> None:
    """Grant or refuse what a center below has asked for.  Needs the reach PUSH.

    Raises:
        NotFound: if the request is not for the own center, or this post, to decide.
        NotYourLine: if it is for the line to decide that the standard is of.
        Decided: if it was decided otherwise, or taken back.
    """
    push.take_turns([center_id])
    row = _asked(center_id, exemption_id)
    check_lets_off(db.session.get_one(Standard, row.standard_id), row.decider_id)
    reason, expires_on = words.get("reason", "").strip(), words.get("expires_on")
    wanted = ExemptionState.GRANTED if grant else ExemptionState.REFUSED
    if row.state is not ExemptionState.ASKED:
        given = (wanted, expires_on if grant else None, reason)
        if (row.state, row.expires_on, row.decision) == given:
            return  # the same decision twice
        raise exemptions.Decided(state=row.state.value)
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
    """Refuse a last day that cannot be, or one after the wanted one that nobody has confirmed."""
    if wrong := exemptions.day_faults("expires_on", until):
        raise Invalid(errors=wrong)
    assert until is not None
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
            revision_id=None if row.field else _held(row),
            until=until,
            exemption_id=row.id,
        )
    )
    push.repin(row.standard_id, [row.tenant_id])
    if row.field and row.value is not None:
        center, actor, number = row.tenant_id, row.asked_by, row.id
        after_commit(lambda: _set_value(center, actor, number))


def _held(row: Exemption) -> int | None:
    """Return the earlier revision that a center stays on where all of a provision is let off.

    The province lets off from its own word alone: what the city demands stays on top of what the
    province said before.
    """
    edition, amendment_id = db.session.execute(
        select(Edition, Merged.amendment_id)
        .join(Adoption, Adoption.edition_id == Edition.id)
        .outerjoin(Merged, Merged.id == Adoption.merged_id)
        .where(
            Adoption.tenant_id == row.tenant_id,
            Adoption.standard_id == row.standard_id,
        )
    ).one()
    return _amended_earlier(row, edition, amendment_id)


def _amended_earlier(row: Exemption, edition: Edition, amendment_id: int | None) -> int | None:
    """Return the earlier revision of a provision with a city's amendment on top of it."""
    earlier = exemptions.earlier(row.standard_id, row.provision_id, edition)
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
    values: Row = {"name": name, "kind": row.kind, "field": row.field}
    if row.expires_on is None:
        code, values = "exemption_refused", {**values, "reason": row.decision}
    else:
        longer = row.expires_on > row.wanted_until
        code = "exemption_granted_longer" if longer else "exemption_granted"
        values |= {"until": row.expires_on, "wanted": row.wanted_until}
    notices.tell([row.tenant_id], code, values=values, to="/exemptions", needs="exemption.ask")
