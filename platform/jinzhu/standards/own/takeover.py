"""Taking over 接管: own items matched to the catalogues that the center is on.

By code, then by name in the same department, then by likeness; the center decides on each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, null
from sqlalchemy.orm import aliased

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import departments_of_post, models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.likeness import Names, plain
from jinzhu.standards.models import Adoption, Edition, Nature, Revision, Standard
from jinzhu.standards.own import own_items
from jinzhu.standards.records.duties import UNCLAIMED, due

#: By the code, by the name in the same department, only alike, not at all.
MATCHES = ("code", "name", "alike", "none")
MOST_CANDIDATES = 5
#: A name alike in the same department is worth a little more than in another one.
OF_NAME, OF_DEPARTMENT = 0.9, 0.08


@dataclass(frozen=True, slots=True)
class Wanted:
    """A provision that an own item could become, or an own item."""

    provision_id: int
    code: str
    name: str
    department_code: str
    row: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provision, how it was found, and how well it fits."""

    wanted: Wanted
    match: str
    score: float


def catalogue() -> list[Wanted]:
    """Return every item that the standards ask the own center to answer, other than its own."""
    model, owner, center = models()["item"], aliased(Center), current().tenant_id
    assert center is not None
    statement = (
        due("item", center)
        .with_only_columns(
            Revision.provision_id,
            Revision.code,
            Revision.name,
            Revision.department_code,
            model.claim,
            Standard.id.label("standard_id"),
            Standard.name.label("standard"),
            owner.name.label("owner"),
            Edition.number,
        )
        .join(Standard, Standard.id == Adoption.standard_id)
        .join(Edition, Edition.id == Adoption.edition_id)
        .join(owner, owner.id == Standard.owner_id)
        .where(Standard.nature != Nature.OWN)
    )
    own = departments_of_post()
    found = db.session.execute(statement if own is None else statement.where(own))
    return [_wanted(dict(row._mapping)) for row in found]


def own(*, in_full: bool = False) -> list[Wanted]:
    """Return the own items, as far as the post sees them; in full with all their values."""
    model = models()["item"]
    content = func.app.effective(Revision.content, Revision.bounds, model.local)
    found = db.session.execute(
        own_items.rows()
        .with_only_columns(
            Revision.provision_id,
            Revision.code,
            Revision.name,
            Revision.department_code,
            model.id.label("record_id"),
            (content if in_full else null()).label("content"),
        )
        .order_by(Revision.name_key, Revision.provision_id)
    )
    return [_wanted(dict(row._mapping)) for row in found]


def _wanted(row: dict[str, Any]) -> Wanted:
    return Wanted(row["provision_id"], row["code"], row["name"], row["department_code"], row)


class Matcher:
    """The items of the catalogues, by code, by name, and by likeness."""

    def __init__(self, items: Iterable[Wanted]) -> None:
        self.items = {item.provision_id: item for item in items}
        self.names = Names((item.provision_id, item.name) for item in self.items.values())
        self.by_code: dict[str, list[Wanted]] = {}
        self.by_name: dict[tuple[str, str], list[Wanted]] = {}
        for item in self.items.values():
            self.by_code.setdefault(item.code, []).append(item)
            self.by_name.setdefault(_called(item), []).append(item)

    def candidates(self, given: Wanted) -> list[Candidate]:
        """Return what an own item could be, the best first."""
        found = {
            item.provision_id: Candidate(item, "name", 1.0)
            for item in self.by_name.get(_called(given), [])
        }
        found |= {
            item.provision_id: Candidate(item, "code", 1.0)
            for item in self.by_code.get(given.code, [])
        }
        for like in self.names.like(given.name)[: 4 * MOST_CANDIDATES]:
            item = self.items[like.key]
            same = item.department_code == given.department_code
            score = round(like.score * OF_NAME + OF_DEPARTMENT * same, 2)
            found.setdefault(like.key, Candidate(item, "alike", score))
        order = sorted(found.values(), key=_order)
        return order[:MOST_CANDIDATES]


def _called(item: Wanted) -> tuple[str, str]:
    return plain(item.name), item.department_code


def _order(candidate: Candidate) -> tuple[int, float, int]:
    return MATCHES.index(candidate.match), -candidate.score, candidate.wanted.provision_id


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An own item and what it could be."""

    item: Wanted
    candidates: list[Candidate]

    @property
    def match(self) -> str:
        """Return how well the best candidate was found."""
        return self.candidates[0].match if self.candidates else "none"

    @property
    def sure(self) -> Candidate | None:
        """Return the candidate that is meant without a doubt: the only one of its code or name."""
        best = [one for one in self.candidates if one.match == self.match]
        return best[0] if self.match in ("code", "name") and len(best) == 1 else None


def suggestions() -> list[Suggestion]:
    """Return every own item with what it could be, the surest first."""
    given = own()
    if not given:
        return []
    matcher = Matcher(catalogue())
    found = [Suggestion(item, matcher.candidates(item)) for item in given]
    return sorted(found, key=_surest)


def _surest(suggestion: Suggestion) -> tuple[int, float]:
    score = suggestion.candidates[0].score if suggestion.candidates else 0.0
    return MATCHES.index(suggestion.match), -score


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of own items with what each could be, and how many were found in which way."""
    found = suggestions()
    counts = {match: sum(one.match == match for one in found) for match in MATCHES}
    word = plain(query["q"])
    shown = [
        one
        for one in found
        if (not query["match"] or one.match == query["match"])
        and (word in plain(one.item.name) or query["q"].strip() in one.item.code)
    ]
    size, first = query["per_page"], (query["page"] - 1) * query["per_page"]
    names = departments_around(current().tenant_id or 0)
    return {
        "rows": [_document(one, names) for one in shown[first : first + size]],
        "total": len(shown),
        "page": query["page"],
        "per_page": size,
        "counts": counts,
        "sure": sum(one.sure is not None for one in found),
    }


def _document(suggestion: Suggestion, names: Mapping[str, str]) -> Row:
    item = suggestion.item
    return {
        "own": {**_item(item, names), "record_id": item.row["record_id"]},
        "match": suggestion.match,
        "sure": suggestion.sure is not None,
        "candidates": [
            {
                **_item(one.wanted, names),
                "match": one.match,
                "score": one.score,
                "standard": one.wanted.row["standard"],
                "edition": one.wanted.row["number"],
                "owner": one.wanted.row["owner"],
                "claim": getattr(one.wanted.row["claim"], "value", UNCLAIMED),
            }
            for one in suggestion.candidates
        ],
    }


def _item(item: Wanted, names: Mapping[str, str]) -> Row:
    return {
        "provision_id": item.provision_id,
        "code": item.code,
        "name": item.name,
        "department_name": names.get(item.department_code, item.department_code),
    }
