"""What a center says itself: written here, inside the bounds of the standard, and nowhere else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault, Invalid
from jinzhu.core.tenancy import current
from jinzhu.standards import push
from jinzhu.standards.claims import models
from jinzhu.standards.kinds import KINDS, Field, Kind, Rule, part_codes, refusals, values
from jinzhu.standards.models import Claim, Revision
from jinzhu.standards.records import conflict_rows, records
from jinzhu.standards.records.crossing import crossing
from jinzhu.standards.records.leave import beyond, beyond_law


def change(
    kind: str, record_id: int, given: Mapping[str, Any], *, version: Any, reason: str = ""
) -> Row:
    """Set local values of a record of the own center; None takes the standard's value again.

    `version` is called with the stored version and refuses a change made on an older one.  A new
    value for a field in conflict is the center's answer to it, kept with the reason.

    Raises:
        Invalid: naming each field, its value, the rule it breaks and whose rule that is.
    """
    scope = current()
    assert scope.tenant_id is not None
    model = models()[kind]
    take_turn()
    db.session.execute(
        select(model.id)
        .where(model.id == record_id, model.tenant_id == scope.tenant_id)
        .with_for_update()
    )
    found = records.explained_row(kind, model.id == record_id, scope.tenant_id)
    own, edition = found.own, found.edition
    version(own.version)
    if own.claim != Claim.OFFERED:
        raise Invalid(errors=[Fault("claim", say("record.not_offered"), own.claim.value)])
    clean, wrong = cleaned(KINDS[kind], given, found.revision.rules, found)
    wrong += broken(KINDS[kind], found, clean)
    wrong = wrong or [*unknown_parts(KINDS[kind], found, clean), *crossing(found, clean)]
    if wrong:
        raise Invalid(errors=wrong)
    conflict_rows.keep_answers(kind, record_id, clean, reason=reason)
    store(own, clean, edition_id=edition.id)
    return records.read(kind, record_id, center_id=scope.tenant_id)


def take_turn() -> None:
    """Wait until no push is moving this center, and keep the next one waiting."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock_shared(:locks, app.tenant_id())"), {"locks": push.LOCKS}
    )


def cleaned(
    kind: Kind,
    given: Mapping[str, Any],
    rules: Mapping[str, Any] | None = None,
    found: records.Found | None = None,
) -> tuple[dict[str, Any], list[Fault]]:
    """Return local values made clean (None: no value of our own), and what their type refuses."""
    clean: dict[str, Any] = {}
    wrong = []
    for name, value in given.items():
        field = kind.field(name)
        if field is None:
            wrong.append(Fault(f"local.{name}", say("value.unknown_field"), rule="field"))
        elif value is None or value == "":
            clean[name] = None
        else:
            try:
                rule = (rules or {}).get(name, {}).get("rule")
                clean[name] = values.of_local(field, value, rule=Rule(rule) if rule else None)
                if clean[name] == "":
                    clean[name] = None
            except values.Wrong as error:
                wrong.append(_mistyped(field, value, error, found))
    return clean, wrong


def _mistyped(field: Field, value: Any, error: values.Wrong, found: records.Found | None) -> Fault:
    """Return what is wrong with a value; a cell that the standard settles is its owner's."""
    place = f"local.{field.name}"
    if found is None or not any(cell.rule == Rule.FIXED for cell in error.cells):
        return Fault(place, str(error), value, field.type.value)
    by = found.authority(field.name)
    bound = found.revision.content.get(field.name)
    return refusals.settled(place, str(error), value, bound=bound, by=by, field=field)


def broken(kind: Kind, found: records.Found, clean: Mapping[str, Any]) -> list[Fault]:
    """Return the local values that break a rule in force, with the bound and who set it."""
    given = {name: value for name, value in clean.items() if value is not None}
    if not given:
        return []
    names = _breaking(found.revision, given)
    if not names:
        return beyond_law(kind, found, given)
    above = _breaking(found.layers.base, given)
    return [_fault(kind, found, name, given[name], above=name in above) for name in names]


def unknown_parts(kind: Kind, found: records.Found, clean: Mapping[str, Any]) -> list[Fault]:
    """Return the changes to lists that name parts which do not stand above."""
    wrong = []
    for name, value in clean.items():
        listed, stored = found.revision.content.get(name), found.own.local.get(name)
        if lost := part_codes.unknown(value, listed, [stored]):
            by = found.authority(name)
            wrong.append(part_codes.fault(f"local.{name}", kind, name, lost, by=by))
    return wrong


def _breaking(revision: Revision, given: Mapping[str, Any]) -> list[str]:
    """Return the fields whose values break the rules of a revision."""
    broken = func.app.broken(Revision.bounds, cast(literal(given, JSONB), JSONB))
    return db.session.scalar(select(broken).where(Revision.id == revision.id)) or []


def _fault(kind: Kind, found: records.Found, name: str, value: Any, *, above: bool) -> Fault:
    bound_by = refusals.binding(found.revision, name, value)
    if bound_by == name and (refused := beyond(kind, found, name, value, above=above)):
        return refused
    by = found.authority(bound_by)
    return refusals.outside(f"local.{name}", kind, found.revision, value, by=by, exempt=True)


def store(own: Any, clean: Mapping[str, Any], *, edition_id: int) -> None:
    """Write local values onto a row."""
    local, set_under = dict(own.local), dict(own.set_under)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for name, value in clean.items():
        local.pop(name, None)
        set_under.pop(name, None)
        if value is not None:
            local[name] = value
            set_under[name] = {"edition": edition_id, "at": now}
    own.local, own.set_under = local, set_under
    own.version += 1
    own.updated_at, own.updated_by = datetime.now(UTC), current().actor_id
    db.session.flush()
