"""What keeps a draft from being handed in and published, provision by provision.

Found by the same check as at publication; told while there is time to put it right.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import tuple_

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault
from jinzhu.standards.editions import changes, editions, publication
from jinzhu.standards.editions.amendment_checks import amended, ground_of, uppers
from jinzhu.standards.editions.changes import Change
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Edition, EditionState, Revision

#: Where a fault stands: kind, code of the provision, part of it, and the field where one is meant.
_PLACE = re.compile(
    r"^(?P<kind>\w+)\.(?P<code>.+?)\.(?P<part>content|rules|applies)\.(?P<field>\w+)"
)


def listed(edition_id: int, query: Mapping[str, Any]) -> Row:
    """Return a page of what is wrong with an edition in work; nothing before it is changed."""
    page = {"page": query["page"], "per_page": query["per_page"]}
    edition = editions.find_in_work(edition_id, lock=False)
    if edition.changes == 0 or edition.state is EditionState.APPROVED:
        return {"rows": [], "total": 0, **page}
    changed = changes.of(edition)
    found = publication.faults_of(edition, changed)
    first = (query["page"] - 1) * query["per_page"]
    shown = [_row(fault) for fault in found[first : first + query["per_page"]]]
    names = _names(edition, changed, shown)
    rows = [{**row, "name": names.get((row["kind"], row["code"]), row["code"])} for row in shown]
    return {"rows": rows, "total": len(found), **page}


def _row(fault: Fault) -> Row:
    place = _PLACE.match(fault.field)
    if place is None or place["kind"] not in KINDS:
        return {"kind": "", "code": "", "label": "", "message": fault.message}
    kind = KINDS[place["kind"]]
    known = place["part"] != "applies" and kind.field(place["field"])
    label = kind.label(place["field"]) if known else ""
    return {"kind": kind.name, "code": place["code"], "label": label, "message": fault.message}


def _names(
    edition: Edition, changed: Iterable[Change], rows: list[Row]
) -> dict[tuple[str, str], str]:
    """Return what the provisions are called, as the draft has them or the edition below."""
    keys = {(row["kind"], row["code"]) for row in rows}
    if standard := amended(edition):
        # An amendment says what it changes, and not what a thing is called.
        above = uppers(ground_of(standard.amends_id), keys) if standard.amends_id else {}
        return {key: upper.name for key, upper in above.items()}
    said = {(one.kind, one.code): one.name for one in changed}
    asked = keys - said.keys()
    if not asked:
        return said
    below = editions.entries_of(edition.base_id).with_only_columns(
        Revision.kind, Revision.code, Revision.name
    )
    found = db.session.execute(below.where(tuple_(Revision.kind, Revision.code).in_(asked)))
    return said | {(row.kind, row.code): row.name for row in found}
