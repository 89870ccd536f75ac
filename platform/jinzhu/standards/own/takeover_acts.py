"""Carrying a takeover out: the catalogue's item is offered, the own one leaves, nothing is lost.

Values that the provision allows become the center's local layer.  What it does not allow is named
in the answer, and stays in the history of the record as the reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import models
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.kinds.refusals import Authority
from jinzhu.standards.models import Adoption, Edition, Merged, Revision
from jinzhu.standards.own import own_catalogue, takeover
from jinzhu.standards.own.takeover import Wanted
from jinzhu.standards.own.takeover_values import Fitting, keep_inside, owners
from jinzhu.standards.records import offering
from jinzhu.standards.records.duties import due

Pairs = Sequence[Mapping[str, int]]


def sure_pairs() -> list[dict[str, int]]:
    """Return the pairs that are meant without a doubt; no provision is taken twice."""
    pairs: dict[int, int] = {}
    for one in takeover.suggestions():
        if one.sure is not None:
            pairs.setdefault(one.sure.wanted.provision_id, one.item.provision_id)
    return [
        {"own_provision_id": own, "provision_id": provision} for provision, own in pairs.items()
    ]


def take(pairs: Pairs) -> Row:
    """Let provisions of a catalogue take the place of own items.

    Raises:
        NotFound: where one is no own item of this center.
        Invalid: naming each pair that cannot be taken; then none is.
    """
    own = {item.provision_id: item for item in takeover.own(in_full=True)}
    wanted = {item.provision_id: item for item in takeover.catalogue()}
    _refuse(pairs, own, wanted)
    fittings = _fittings(pairs, own)
    keep_inside(list(fittings.values()))
    sources = {pair["provision_id"]: own[pair["own_provision_id"]] for pair in pairs}
    offering.offer(
        "item",
        [
            {
                "standard_id": wanted[number].row["standard_id"],
                "provision_id": number,
                "local": {**one.here, **one.local},
                "reason": _reason(sources[number], one),
            }
            for number, one in fittings.items()
        ],
    )
    own_catalogue.store([], removed=[item.code for item in sources.values()])
    return _answer(pairs, own, wanted, fittings)


def _refuse(pairs: Pairs, own: Mapping[int, Wanted], wanted: Mapping[int, Wanted]) -> None:
    foreign = [n for pair in pairs if (n := pair["own_provision_id"]) not in own]
    if foreign:
        raise NotFound(ids=foreign)
    wrong = [
        Fault(f"pairs.{place}.provision_id", say("takeover.not_due"), number, "known")
        for place, pair in enumerate(pairs)
        if (number := pair["provision_id"]) not in wanted
    ]
    for name in ("own_provision_id", "provision_id"):
        numbers = [pair[name] for pair in pairs]
        wrong += [
            Fault(f"pairs.{place}.{name}", say("takeover.twice"), number, "unique")
            for place, number in enumerate(numbers)
            if number in numbers[:place]
        ]
    if wrong:
        raise Invalid(errors=wrong)


def _fittings(pairs: Pairs, own: Mapping[int, Wanted]) -> dict[int, Fitting]:
    """Lay each own item against its provision as it is in force here."""
    model, center = models()["item"], current().tenant_id
    assert center is not None
    sources = {pair["provision_id"]: own[pair["own_provision_id"]] for pair in pairs}
    amending = aliased(Edition)
    found = db.session.execute(
        due("item", center)
        .with_only_columns(Revision, Edition.number, amending.number.label("amended"), model.local)
        .join(Edition, Edition.id == Adoption.edition_id)
        .outerjoin(Merged, Merged.id == Adoption.merged_id)
        .outerjoin(amending, amending.id == Merged.amendment_id)
        .where(Revision.provision_id.in_(sources))
    ).all()
    setters = owners([row.Revision for row in found])
    fittings = {
        row.Revision.provision_id: Fitting(
            sources[row.Revision.provision_id].row["content"],
            row.Revision,
            Authority(
                setters[row.Revision.owner_id].name,
                setters[row.Revision.owner_id].level.value,
                row.amended if row.Revision.layers and row.amended else row.number,
            ),
            row.local or {},
        )
        for row in found
    }
    for one in fittings.values():
        one.lay()
    return fittings


def _reason(item: Wanted, fitting: Fitting) -> str:
    """Say where the record comes from, and which of its values stayed behind."""
    told = say("takeover.from", name=item.name, code=item.code)
    if not fitting.left:
        return told
    listed = "；".join(f"{one['label']} {_short(one['value'])}" for one in fitting.left)
    return say("takeover.from_without", told=told, left=listed)[:2000]


def _short(value: Any) -> str:
    """Return a value in a few words, for a sentence."""
    if isinstance(value, list):
        return "、".join(
            str(part.get("name", part.get("code", ""))) if isinstance(part, dict) else str(part)
            for part in value
        )
    return str(value)[:80]


def _answer(
    pairs: Pairs,
    own: Mapping[int, Wanted],
    wanted: Mapping[int, Wanted],
    fittings: Mapping[int, Fitting],
) -> Row:
    """Return what became of each pair."""
    model = models()["item"]
    found = db.session.execute(
        select(model.provision_id, model.id).where(
            model.tenant_id == current().tenant_id, model.provision_id.in_(fittings)
        )
    )
    records = {row.provision_id: row.id for row in found}
    rows = []
    for pair in pairs:
        number = pair["provision_id"]
        one, item = fittings[number], own[pair["own_provision_id"]]
        rows.append(
            {
                "own": {"code": item.code, "name": item.name},
                "code": wanted[number].code,
                "name": wanted[number].name,
                "provision_id": number,
                "record_id": records[number],
                "taken": [KINDS["item"].label(name) for name in sorted(one.local)],
                "left": one.left,
            }
        )
    return {"taken": len(rows), "rows": rows}
