"""The own catalogue 本地事项目录: items that no standard knows, in editions like any other.

Each change is a small edition, published and adopted by the center itself in one transaction, so
that an own item is read, explained and kept in history on the same path as every other one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, text, update

from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault, Invalid
from jinzhu.core.tenancy import Reach, current
from jinzhu.core.transaction import reaching
from jinzhu.hierarchy.models import Center
from jinzhu.standards import push
from jinzhu.standards.departments import departments_around
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.kinds.own_rules import ITEM, lenient, rules_for, split
from jinzhu.standards.models import (
    Adoption,
    DraftEntry,
    Edition,
    EditionEntry,
    Nature,
    Provision,
    Revision,
    Standard,
)
from jinzhu.standards.records import local_values, offering

CODE, START = "LOCAL", "LOC-"

#: Items of the catalogues that a center is on, other than its own, by code.
_KNOWN = text("""
    SELECT DISTINCT ON (r.code) r.code, r.name, r.provision_id, s.name AS standard
    FROM adoption a
    JOIN standard s ON s.id = a.standard_id AND s.nature NOT IN ('own', 'amendment')
    JOIN edition_entry e ON e.edition_id = a.edition_id
    JOIN revision r ON r.id = e.revision_id AND r.kind = 'item'
    WHERE a.tenant_id = app.tenant_id() AND r.code = ANY (CAST(:codes AS text[]))
    ORDER BY r.code
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """An own item made clean: its entry in an edition, its local values, and what is wrong."""

    row: dict[str, Any]
    local: dict[str, Any]
    wrong: list[Fault] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Return the code of the item."""
        return str(self.row["code"])


def standard_id(*, create: bool = False) -> int | None:
    """Return the own catalogue of the own center, begun on first use."""
    found = db.session.scalar(
        select(Standard.id).where(
            Standard.owner_id == current().tenant_id, Standard.nature == Nature.OWN
        )
    )
    if found is None and create:
        center = db.session.get_one(Center, current().tenant_id)
        name = say("own.name", center=center.name)
        return add(Standard(code=CODE, name=name, nature=Nature.OWN)).id
    return found


def next_codes(count: int) -> list[str]:
    """Return codes that no item of the own catalogue has ever had."""
    highest = db.session.scalar(
        select(func.max(Provision.code)).where(
            Provision.standard_id == (standard_id() or 0),
            Provision.code.regexp_match(f"^{START}[0-9]{{5}}$"),
        )
    )
    first = int(highest.removeprefix(START)) + 1 if highest else 1
    return [f"{START}{number:05}" for number in range(first, first + count)]


def known_in_catalogues(codes: Iterable[str]) -> dict[str, Any]:
    """Return which of these codes stand in a catalogue that the center is on."""
    rows = db.session.execute(_KNOWN, {"codes": sorted(set(codes))})
    return {row.code: row for row in rows}


def cleaned(given: Mapping[str, Any]) -> Entry:
    """Return an own item made clean, with everything that is wrong with it, by field."""
    return cleaned_many([given])[0]


def cleaned_many(given: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """Return own items made clean, with everything that is wrong with each, by field."""
    level = db.session.get_one(Center, current().tenant_id).level.value
    return [_cleaned(one, level) for one in given]


def _cleaned(given: Mapping[str, Any], level: str) -> Entry:
    content, local = split(given)
    row, wrong = editions.checked(ITEM, content.get("code", ""), content, {}, {"levels": [level]})
    row["rules"] = rules_for(row["content"])
    here, wrong_here = local_values.cleaned(ITEM, local)
    wrong = lenient(wrong) + [
        Fault(f.field.replace("local.", "content.", 1), f.message, f.value, f.rule)
        for f in wrong_here
    ]
    wrong += _wrong_department(row["content"].get("department_code"))
    return Entry(row, {name: value for name, value in here.items() if value is not None}, wrong)


def _wrong_department(code: str | None) -> list[Fault]:
    """Refuse a department that no standard around knows, or that is not one of the post's."""
    scope = current()
    assert scope.tenant_id is not None
    if not code:
        return []
    if code not in departments_around(scope.tenant_id):
        text = say("own.no_department", value=code)
        return [Fault("content.department_code", text, code, "department")]
    if scope.departments is not None and code not in scope.departments:
        return [Fault("content.department_code", say("own.not_your_department"), code, "post")]
    return []


def refuse(entries: Iterable[Entry]) -> None:
    """Refuse what is wrong.

    Raises:
        Invalid: naming every field.
    """
    if wrong := [fault for entry in entries for fault in entry.wrong]:
        raise Invalid(errors=wrong)


def store(entries: Sequence[Entry], *, removed: Sequence[str] = ()) -> dict[str, int]:
    """Put items into the own catalogue and take others out; return the provision of each code.

    One edition for all of it; what is in it is offered by the center from here on.
    """
    own = standard_id(create=True)
    assert own is not None
    edition_id = _published(own, entries, removed)
    if edition_id is not None:
        _adopted(own, edition_id)
    numbers = _numbers(own, [entry.code for entry in entries])
    offering.offer(
        ITEM.name,
        [
            {
                "standard_id": own,
                "provision_id": numbers[entry.code],
                "local": entry.local,
                "reason": "",
            }
            for entry in entries
        ],
    )
    return numbers


def _published(own: int, entries: Sequence[Entry], removed: Sequence[str]) -> int | None:
    """Publish the next edition of the own catalogue; None where nothing in it would differ."""
    edition = editions.find_draft(editions.open_draft(own, title=say("own.edition")))
    editions.write(edition, [entry.row for entry in entries] + _standing(edition, removed))
    if removed:
        db.session.execute(
            update(DraftEntry)
            .where(DraftEntry.edition_id == edition.id, DraftEntry.code.in_(removed))
            .values(removed=True)
        )
        editions.count_changes(edition)
    if edition.changes == 0:
        editions.discard(edition)
        db.session.flush()
        return None
    return publication.publish(edition.id).id


def _standing(edition: Edition, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the edition below says of items that are to leave."""
    if not codes:
        return []
    found = db.session.scalars(
        editions.entries_of(edition.base_id).where(
            Revision.kind == ITEM.name, Revision.code.in_(codes)
        )
    )
    return [
        {
            "kind": revision.kind,
            "code": revision.code,
            "content": revision.content,
            "rules": revision.rules,
            "applies": revision.applies,
        }
        for revision in found
    ]


def _adopted(own: int, edition_id: int) -> None:
    """Put the own center on the edition: its own pointer, and no other."""
    center = current().tenant_id
    assert center is not None
    with reaching(Reach.PUSH):
        push.adopt(standard_id=own, edition_id=edition_id, centers=[center], rollout_id=None)


def _numbers(own: int, codes: Sequence[str]) -> dict[str, int]:
    found = db.session.execute(
        select(Provision.code, Provision.id)
        .join(EditionEntry, EditionEntry.provision_id == Provision.id)
        .join(Adoption, Adoption.edition_id == EditionEntry.edition_id)
        .where(
            Adoption.tenant_id == current().tenant_id,
            Adoption.standard_id == own,
            Provision.kind == ITEM.name,
            Provision.code.in_(codes),
        )
    )
    return {row.code: row.id for row in found}
