"""Main item, sub-item, handling item: each names the one above it, which stands in the edition too.

In which order they are written is up to the office; so what is missing is told as a fault of the
draft, and refused when the edition is handed in or published.
"""

from collections.abc import Mapping, Sequence

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.editions import editions
from jinzhu.standards.editions.changes import Change
from jinzhu.standards.models import Edition, Nature, Revision, Standard

PLACE = "content.main_code"


def faults(edition: Edition, drafts: Sequence[Change]) -> list[Fault]:
    """Name what is wrong with the main items of an edition in work.

    One is not in the edition, goes round in a circle, or is a mere name that nobody can follow.
    """
    return _loose(edition, drafts) + _named(edition, drafts)


def _named(edition: Edition, drafts: Sequence[Change]) -> list[Fault]:
    """Name the items whose main item is not in the edition, and those that go round in a circle."""
    items = [draft for draft in drafts if draft.kind == "item"]
    gone = {draft.code for draft in items if draft.removed}
    said = {draft.code: draft.main_code for draft in items if not draft.removed}
    if not gone and not any(said.values()):
        return []
    above = {code: main for code, main in _standing(edition).items() if code not in gone} | said
    missing = [
        Fault(f"item.{code}.{PLACE}", say("publish.no_main_item", code=main), main, "reference")
        for code, main in above.items()
        if main and main not in above
    ]
    return missing + [fault for code in said if (fault := _circle(code, above))]


def _loose(edition: Edition, drafts: Sequence[Change]) -> list[Fault]:
    """Name the items that give their main item a name without its code.

    The list that an office began with names main items that are no items themselves; so a name of
    the first edition stays, also for another item, and a new one is an item with its code.
    """
    given = {
        draft.code: draft.main_item
        for draft in drafts
        if draft.kind == "item" and not draft.removed
        if draft.main_item not in ("", draft.main_item_below) and not draft.main_code
    }
    standard = db.session.get_one(Standard, edition.standard_id)
    if not given or edition.base_id is None or standard.nature is Nature.OWN:
        return []
    known = _names_below(edition, list(given.values()))
    return [
        Fault(f"item.{code}.content.main_item", say("publish.loose_main_item"), name, "reference")
        for code, name in given.items()
        if name not in known
    ]


def _names_below(edition: Edition, names: list[str]) -> set[str]:
    """Return which of these names stand in the edition below without a code."""
    found = editions.entries_of(edition.base_id).with_only_columns(Revision.main_item)
    found = found.where(Revision.kind == "item", Revision.main_item.in_(names))
    return set(db.session.scalars(found.where(Revision.main_code == "")))


def _standing(edition: Edition) -> dict[str, str]:
    """Return the items of the edition below with the main item of each."""
    columns = (Revision.code, Revision.main_code)
    found = editions.entries_of(edition.base_id).with_only_columns(*columns)
    rows = db.session.execute(found.where(Revision.kind == "item"))
    return {row.code: row.main_code for row in rows}


def _circle(code: str, above: Mapping[str, str]) -> Fault | None:
    """Return the fault of an item that is its own main item in the end."""
    way, one = [code], above.get(code, "")
    while one and one not in way:
        way.append(one)
        one = above.get(one, "")
    if one != code:
        return None
    told = say("publish.main_item_circle", way=" → ".join([*way, code]))
    return Fault(f"item.{code}.{PLACE}", told, above[code], "circle")
