"""What a center does otherwise than the standard says, and how that becomes the standard.

Of a list of parts only what the center changes in it is taken over, so that a practice can be put
on top of a newer list.  The rules of the fields stay as the owner of the standard has them.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, Fault, Invalid
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import coverage
from jinzhu.standards.claims import models
from jinzhu.standards.editions import editions
from jinzhu.standards.kinds import KINDS, Kind, Rule, Type
from jinzhu.standards.kinds.value_types import blank
from jinzhu.standards.models import (
    Claim,
    DraftEntry,
    Edition,
    Provision,
    Revision,
    Standard,
)
from jinzhu.standards.ownership import whose, writable_standard
from jinzhu.standards.records import records

#: What is the same everywhere, and what each answers for itself, is nobody's practice.
NO_PRACTICE = (Rule.FIXED, Rule.LOCAL)


class NothingOfItsOwn(Conflict):
    """The center does it as the standard says."""

    code = "nothing_of_its_own"


class NotYourStandard(Conflict):
    """The standard belongs to another center, which alone changes it."""

    code = "not_your_standard"


class TakenOut(Conflict):
    """The draft takes the provision out."""

    code = "taken_out"


def of(kind: str, found: records.Found) -> dict[str, Any]:
    """Return by field what a center does of its own, or because its city says so."""
    if found.own.claim != Claim.OFFERED:
        return {}
    broken, practice = _broken(found), {}
    for field in KINDS[kind].fields:
        name = field.name
        rule = found.layers.base.rules.get(name, {}).get("rule", Rule.FIXED)
        if rule in NO_PRACTICE:
            continue
        stated = found.layers.base.content.get(name)
        local = found.own.local.get(name) if name not in broken else None
        if isinstance(local, dict) and found.layers.of(name) is None:
            practice[name] = local
        elif found.effective.get(name) not in (None, stated):
            practice[name] = found.effective[name]
    return practice


def looser(values: Any) -> ColumnElement[Any]:
    """Select which of these values a revision does not allow: as the standard they would ask less.

    A center has such values under an exemption.
    """
    return func.app.broken(Revision.bounds, values, type_=ARRAY(TEXT))


def _broken(found: records.Found) -> list[str]:
    """Return the fields whose local value does not hold."""
    given = cast(literal(found.own.local, JSONB), JSONB)
    names = func.app.broken(Revision.bounds, given, type_=ARRAY(TEXT))
    return list(db.session.scalar(select(names).where(Revision.id == found.revision.id)) or [])


def chosen(kind: str, practice: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return what was chosen of a practice: all of it where nothing is named.

    Raises:
        NothingOfItsOwn: if there is none.
        Invalid: naming the fields in which the center does as the standard says.
    """
    unknown = [name for name in names if name not in practice]
    if not practice and all(KINDS[kind].field(name) for name in unknown):
        raise NothingOfItsOwn
    wrong = [Fault("fields", _not_here(kind, name), name, "field") for name in unknown]
    if wrong:
        raise Invalid(errors=wrong)
    return {name: value for name, value in practice.items() if not names or name in names}


def _not_here(kind: str, name: str) -> str:
    if KINDS[kind].field(name) is None:
        return say("practice.no_field", name=name)
    return say("practice.not_here", label=KINDS[kind].label(name))


def adopt(kind: str, provision_id: int, center_id: int, *, fields: Collection[str]) -> Row:
    """Write what a center below does into the draft of the standard.  Needs the reach PUSH."""
    place = coverage.below(center_id)
    model = models()[editions.kind_of(kind).name]
    found = records.explained_row(kind, model.provision_id == provision_id, place.id)
    whole = of(kind, found)
    return write(provision_id, chosen(kind, whole, fields), place, at_hand=whole)


def write(
    provision_id: int,
    practice: Mapping[str, Any],
    place: Center,
    *,
    at_hand: Mapping[str, Any] | None = None,
) -> Row:
    """Write a practice into the draft of the provision's standard, and whose it is.

    The draft is begun where there is none.  Where the practice does not fit what the standard says
    elsewhere, what the center itself does there (`at_hand`) goes along; what then still contradicts
    stands in the draft with its faults, for the owner to put right before it is published.

    Raises:
        NotYourStandard: if another center owns the standard.
        TakenOut: if the draft takes the provision out.
        Invalid: naming each field whose value cannot stand in a standard.
    """
    provision = db.session.get_one(Provision, provision_id)
    standard = db.session.get_one(Standard, provision.standard_id)
    if standard.owner_id != current().tenant_id:
        raise NotYourStandard(**whose(standard, None))
    edition = _draft(standard.id, place)
    entry = editions.draft_entry(edition, provision.kind, provision.code)
    base = editions.base_of(edition, provision.kind, provision.code)
    standing = entry or base
    if standing is None or (entry and entry.removed):
        raise TakenOut(provision=provision.code)
    taken, row, wrong = _fitting(edition, provision, standing, practice, place, at_hand or {})
    editions.write(edition, [row])
    _note(edition, provision, list(taken), place, (entry.source if entry else None) or {})
    return {
        "edition_id": edition.id,
        "standard_id": standard.id,
        "kind": provision.kind,
        "code": provision.code,
        "fields": list(practice),
        "along": [name for name in taken if name not in practice],
        "faults": [fault.document() for fault in wrong],
    }


def _fitting(
    edition: Edition,
    provision: Provision,
    standing: DraftEntry | Revision,
    practice: Mapping[str, Any],
    place: Center,
    at_hand: Mapping[str, Any],
) -> tuple[Mapping[str, Any], Row, list[Fault]]:
    """Return what is taken over, the entry it makes, and what in it still contradicts.

    Raises:
        Invalid: if a value would be lost, because no standard can hold it.
    """

    def tried(taken: Mapping[str, Any]) -> tuple[Row, list[Fault], list[str]]:
        content = {**standing.content, **_onto(standing.content, taken, place)}
        whole = _named_only(KINDS[provision.kind], content)
        given = (provision.kind, provision.code, whole, standing.rules, standing.applies)
        ((row, wrong),) = editions.checked_in(edition, [given])
        gone = [name for name, value in whole.items() if not blank(value)]
        return row, wrong, [name for name in gone if name not in row["content"]]

    row, wrong, lost = tried(practice)
    named = {fault.field.split(".")[1] for fault in wrong if fault.field.startswith("content.")}
    along = {name: value for name, value in at_hand.items() if name in named - practice.keys()}
    if along and not lost:
        more = {**practice, **along}
        row_with, wrong_with, lost_with = tried(more)
        if not lost_with and len(wrong_with) < len(wrong):
            return more, row_with, wrong_with
    if lost:
        raise Invalid(errors=wrong)
    return practice, row, wrong


def _draft(standard_id: int, place: Center) -> Edition:
    """Return the draft of a standard, held; begin one where there is none."""
    writable_standard(standard_id)
    number = db.session.scalar(
        select(Edition.id).where(Edition.standard_id == standard_id, Edition.in_work())
    )
    title = say("practice.draft_title", center=place.name)
    return editions.find_draft(number or editions.open_draft(standard_id, title=title))


def _onto(content: Mapping[str, Any], practice: Mapping[str, Any], place: Center) -> dict[str, Any]:
    """Return the values of a practice as they stand in a provision: whole lists, not changes."""
    changes = {name: value for name, value in practice.items() if isinstance(value, dict)}
    parts = {
        name: func.app.patched(
            cast(literal(content.get(name) or [], JSONB), JSONB),
            cast(literal(_with_free_codes(content.get(name) or [], change, place), JSONB), JSONB),
        ).label(name)
        for name, change in changes.items()
    }
    patched = dict(db.session.execute(select(*parts.values())).one()._mapping) if parts else {}
    return {**practice, **patched}


def _named_only(kind: Kind, content: dict[str, Any]) -> dict[str, Any]:
    """Return content in which lists name only parts that are there: what was dropped is gone."""
    whole = dict(content)
    for field in kind.fields:
        naming = [column for column in field.columns if column.type is Type.CODES]
        for column in naming:
            there = {part["code"] for part in whole.get(column.of) or []}
            whole[field.name] = [
                {**part, column.name: [code for code in part[column.name] if code in there]}
                if part.get(column.name)
                else part
                for part in whole.get(field.name) or []
            ]
    return whole


def _with_free_codes(listed: list[Row], change: dict[str, Any], place: Center) -> dict[str, Any]:
    """Return a change whose new parts have codes that the list does not know yet."""
    taken = {part["code"] for part in listed}
    added = [
        {**part, "code": f"{place.code}.{part['code']}"} if part["code"] in taken else part
        for part in change.get("add", [])
    ]
    return {**change, "add": added} if added else change


def _note(
    edition: Edition, provision: Provision, names: list[str], place: Center, before: dict[str, Any]
) -> None:
    """Note with the draft's entry which center's practice each field is."""
    whose = {"center_id": place.id, "center": place.name}
    source = {**whose, "fields": {**before.get("fields", {}), **dict.fromkeys(names, whose)}}
    db.session.execute(
        update(DraftEntry)
        .where(
            DraftEntry.edition_id == edition.id,
            DraftEntry.kind == provision.kind,
            DraftEntry.code == provision.code,
        )
        .values(source=source)
        .execution_options(synchronize_session=False)
    )
