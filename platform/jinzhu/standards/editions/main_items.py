"""Main item, sub-item, handling item: each names the one above it, which stands in the edition too.

In which order they are written is up to the office; so what is missing is told as a fault of the
draft, and refused when the edition is handed in or published.
"""

from collections.abc import Mapping

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.editions import editions
from jinzhu.standards.models import DraftEntry, Edition, Revision

PLACE = "content.main_code"


def faults(edition: Edition, drafts: list[DraftEntry]) -> list[Fault]:
    """Name the items whose main item is not in the edition, and those that go round in a circle."""
    items = [draft for draft in drafts if draft.kind == "item"]
    gone = {draft.code for draft in items if draft.removed}
    said = {draft.code: _main_of(draft) for draft in items if not draft.removed}
    if not gone and not any(said.values()):
        return []
    above = {code: main for code, main in _standing(edition).items() if code not in gone} | said
    missing = [
        Fault(f"item.{code}.{PLACE}", say("publish.no_main_item", code=main), main, "reference")
        for code, main in above.items()
        if main and main not in above
    ]
    return missing + [fault for code in said if (fault := _circle(code, above))]


def _main_of(draft: DraftEntry) -> str:
    return str(draft.content.get("main_code", ""))


def _standing(edition: Edition) -> dict[str, str]:
    """Return the items of the edition below with the main item of each."""
    named = Revision.content["main_code"].astext.label("main")
    found = editions.entries_of(edition.base_id).with_only_columns(Revision.code, named)
    rows = db.session.execute(found.where(Revision.kind == "item"))
    return {row.code: row.main or "" for row in rows}


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
