"""Time travel 当时: a record as it was at the end of a day, with the reason for every value.

Nothing is kept for this.  Editions never change, the change log knows which one a center was on
and what its row said, and what held follows from both as it does today.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.calendar import CHINA, today
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import departments_of_post, models
from jinzhu.standards.models import (
    Adoption,
    Claim,
    Edition,
    EditionEntry,
    MergedEntry,
    Pin,
    Provision,
    Revision,
    Standard,
)
from jinzhu.standards.records import records, time_reasons
from jinzhu.standards.records.layers import layers_of

_STATE = text("""
    SELECT at, actor_id, after FROM change
    WHERE tenant_id = :tenant AND record = :record AND record_id = :id AND at < :end
    ORDER BY id DESC LIMIT 1
""")
#: The move that put the center on the edition itself; an amendment may have been moved since.
_ENTERED = text("""
    SELECT at, actor_id, after ->> 'rollout_id' AS rollout_id FROM change
    WHERE tenant_id = :tenant AND record = :record AND record_id = :id AND at < :end
        AND before -> 'edition_id' IS DISTINCT FROM after -> 'edition_id'
    ORDER BY id DESC LIMIT 1
""")
_FIRST = text("""
    SELECT min(at) FROM change
    WHERE tenant_id = :tenant AND record = :record AND record_id = :id
""")
#: Who last said what a field said then, and when.
_SAID = text("""
    SELECT DISTINCT ON (mine.key) mine.key AS field, c.actor_id, c.at
    FROM change c CROSS JOIN LATERAL jsonb_each(c.after -> 'local') mine
    WHERE c.tenant_id = :tenant AND c.record = :record AND c.record_id = :id AND c.at < :end
        AND c.before -> 'local' -> mine.key IS DISTINCT FROM mine.value
    ORDER BY mine.key, c.id DESC
""")


@dataclass(frozen=True, slots=True)
class Moment:
    """A center's row on a provision, and the end of the day that is asked for."""

    kind: str
    center: Center
    provision: Provision
    #: The center's own row, as numbered today; None where it never answered.
    record_id: int | None
    day: date

    @property
    def end(self) -> datetime:
        """Return the first moment after the day, in China."""
        return datetime.combine(self.day + timedelta(days=1), time(), CHINA)

    def logged(self, record: str, record_id: int | None) -> Any:
        """Return the last change of a row up to the end of the day."""
        return db.session.execute(_STATE, self.asked(record, record_id)).one_or_none()

    def asked(self, record: str, record_id: int | None) -> Row:
        """Return what the change log is asked with."""
        return {"tenant": self.center.id, "record": record, "id": record_id or 0, "end": self.end}

    @property
    def table(self) -> str:
        """Return the table that the center's row stands in."""
        return str(models()[self.kind].__tablename__)


def read(kind: str, record_id: int, day: date) -> Row:
    """Return a record of the own center as it was at the end of a day."""
    model, center_id = models()[kind], current().tenant_id
    provision_id = db.session.scalar(
        select(model.provision_id).where(model.tenant_id == center_id, model.id == record_id)
    )
    if provision_id is None or center_id is None:
        raise NotFound(id=record_id)
    return read_of_provision(kind, provision_id, day, center_id=center_id)


def read_of_provision(kind: str, provision_id: int, day: date, *, center_id: int) -> Row:
    """Return what a center said on a provision, and what held, at the end of a day.

    Raises:
        Invalid: if the day is still to come.
        NotFound: saying since when there is anything to see, or that the edition of then had no
            such provision.
    """
    if day > today():
        raise invalid("date", "at.future", value=day.isoformat(), rule="date")
    provision, model = db.session.get(Provision, provision_id), models()[kind]
    if provision is None or provision.kind != kind:
        raise NotFound(id=provision_id)
    record_id = db.session.scalar(
        select(model.id).where(model.tenant_id == center_id, model.provision_id == provision_id)
    )
    center = db.session.get_one(Center, center_id)
    moment = Moment(kind, center, provision, record_id, day)
    moved = _moved(moment)
    found = _found(moment, moved)
    pins = _pins(moment)
    hindrance = say("at.hindrance", day=day.isoformat())
    shown = records.document(kind, found, hindrance=hindrance, pins=pins)
    return _told(moment, moved.after["id"], shown, pins)


def _moved(moment: Moment) -> Any:
    """Return the move that put the center on the edition it was on.

    Raises:
        NotFound: with the first day on which it was on any.
    """
    adoption = db.session.scalar(
        select(Adoption.id).where(
            Adoption.tenant_id == moment.center.id,
            Adoption.standard_id == moment.provision.standard_id,
        )
    )
    if adoption is None:
        raise NotFound(id=moment.provision.id)
    moved = moment.logged("adoption", adoption)
    if moved is None:
        first = db.session.scalar(_FIRST, moment.asked("adoption", adoption))
        since = first.astimezone(CHINA).date().isoformat() if first else ""
        raise NotFound(
            say("at.before_adoption", center=moment.center.name, since=since), since=since
        )
    return moved


def _found(moment: Moment, moved: Any) -> records.Found:
    """Put together the record of then: its row, its revision, and what held."""
    logged = moment.logged(moment.table, moment.record_id) if moment.record_id else None
    said = (logged.after if logged else None) or {}
    local = _held(said)
    edition = db.session.get_one(Edition, moved.after["edition_id"])
    standard = db.session.get_one(Standard, moment.provision.standard_id)
    revision = _revision(moment, moved.after, said.get("pinned_revision_id"), edition)
    given = cast(literal(local, JSONB), JSONB)
    effective, missing = db.session.execute(
        select(
            func.app.effective(Revision.content, Revision.bounds, given),
            func.app.missing(Revision.required_fields, given),
        ).where(Revision.id == revision.id)
    ).one()
    own = models()[moment.kind](
        id=said.get("id"),
        tenant_id=moment.center.id,
        provision_id=moment.provision.id,
        claim=Claim(said["claim"]) if said else None,
        reason=said.get("reason", ""),
        covered_by_id=said.get("covered_by_id"),
        local=local,
        set_under=said.get("set_under", {}),
        version=said.get("version", 0),
    )
    owner = db.session.get_one(Center, standard.owner_id)
    layers = layers_of(revision)
    return records.Found(own, revision, edition, standard, owner, effective, missing, layers)


def _held(said: Row) -> Row:
    """Return the local values of a row; `held` are those that rows of old had set aside."""
    aside = said.get("held") or []
    return {name: value for name, value in said.get("local", {}).items() if name not in aside}


def _revision(moment: Moment, adopted: Row, pinned: int | None, edition: Edition) -> Revision:
    """Return the revision that was in force: pinned, amended, or the edition's own."""
    merged = MergedEntry.merged_id == (adopted.get("merged_id") or 0)
    same = MergedEntry.provision_id == EditionEntry.provision_id
    number = func.coalesce(pinned, MergedEntry.revision_id, EditionEntry.revision_id)
    statement = (
        select(Revision)
        .select_from(EditionEntry)
        .outerjoin(MergedEntry, merged & same)
        .join(Revision, Revision.id == number)
        .where(
            EditionEntry.edition_id == edition.id,
            EditionEntry.provision_id == moment.provision.id,
        )
    )
    own = departments_of_post()
    revision = db.session.scalar(statement if own is None else statement.where(own))
    if revision is None:
        raise NotFound(say("at.not_in_edition", number=edition.number))
    return revision


def _pins(moment: Moment) -> dict[str, Pin]:
    """Return what was postponed or exempt then, by field."""
    found = db.session.scalars(
        select(Pin).where(
            Pin.tenant_id == moment.center.id,
            Pin.provision_id == moment.provision.id,
            Pin.created_at < moment.end,
            Pin.ended_at.is_(None) | (Pin.ended_at >= moment.end),
        )
    )
    return {pin.field: pin for pin in found}


def _told(moment: Moment, adoption_id: int, shown: Row, pins: dict[str, Pin]) -> Row:
    """Add to a record who said what and why, since when its edition held; nothing is open."""
    entered = db.session.execute(_ENTERED, moment.asked("adoption", adoption_id)).one()
    asked = moment.asked(moment.table, moment.record_id)
    said = {row.field: row for row in db.session.execute(_SAID, asked)} if moment.record_id else {}
    people = names_of([entered.actor_id, *(row.actor_id for row in said.values())])
    system = say("history.system")
    for field in shown["fields"]:
        row = said.get(field["name"]) if field["local"] is not None else None
        field["said_by"] = {"name": people.get(row.actor_id, system), "at": row.at} if row else None
    adoption = moment.asked("adoption", adoption_id)
    known = {field["name"]: field["said_by"] for field in shown["fields"]}
    time_reasons.add(shown["fields"], asked=adoption, said=known, pins=pins)
    return {
        **shown,
        "governed_by": None,
        "actions": dict.fromkeys(shown["actions"], False),
        "at": {
            "day": moment.day,
            "since": entered.at,
            "by": people.get(entered.actor_id, system),
            "rollout_id": int(entered.rollout_id) if entered.rollout_id else None,
        },
    }
