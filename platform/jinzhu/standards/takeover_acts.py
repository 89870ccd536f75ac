"""Carrying a takeover out: the catalogue's item is offered, the own one leaves, nothing is lost.

Values that the provision allows become the center's local layer.  What it does not allow is named
in the answer, and stays in the history of the record as the reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Text, cast, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault, Invalid
from jinzhu.core.tenancy import current
from jinzhu.standards import bulk, own_catalogue, takeover
from jinzhu.standards.claims import models
from jinzhu.standards.duties import due
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Adoption, Edition, Revision
from jinzhu.standards.takeover import Wanted
from jinzhu.standards.takeover_values import Fitting, keep_inside, owners

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
        Invalid: naming each pair that cannot be taken; then none is.
    """
    own = {item.provision_id: item for item in takeover.own()}
    wanted = {item.provision_id: item for item in takeover.catalogue()}
    _refuse(pairs, own, wanted)
    fittings = _fittings(pairs, own)
    keep_inside(list(fittings.values()))
    bulk.claim_many("item", list(fittings), claim="offered")
    bulk.set_local_many("item", {key: one.local for key, one in fittings.items() if one.local})
    codes = {pair["provision_id"]: own[pair["own_provision_id"]] for pair in pairs}
    _remember({key: _reason(codes[key], one) for key, one in fittings.items()})
    own_catalogue.store([], removed=[item.code for item in codes.values()])
    return _answer(pairs, own, wanted, fittings)


def _refuse(pairs: Pairs, own: Mapping[int, Wanted], wanted: Mapping[int, Wanted]) -> None:
    wrong = []
    seen: dict[str, set[int]] = {"own_provision_id": set(), "provision_id": set()}
    for place, pair in enumerate(pairs):
        for name, known, key in (
            ("own_provision_id", own, "takeover.not_own"),
            ("provision_id", wanted, "takeover.not_due"),
        ):
            number = pair[name]
            if number not in known:
                wrong.append(Fault(f"pairs.{place}.{name}", say(key), number, "known"))
            elif number in seen[name]:
                wrong.append(
                    Fault(f"pairs.{place}.{name}", say("takeover.twice"), number, "unique")
                )
            seen[name].add(number)
    if wrong:
        raise Invalid(errors=wrong)


def _fittings(pairs: Pairs, own: Mapping[int, Wanted]) -> dict[int, Fitting]:
    """Lay each own item against its provision as it is in force here."""
    model, center = models()["item"], current().tenant_id
    assert center is not None
    sources = {pair["provision_id"]: own[pair["own_provision_id"]] for pair in pairs}
    found = db.session.execute(
        due("item", center)
        .with_only_columns(Revision, Edition.number, model.local)
        .join(Edition, Edition.id == Adoption.edition_id)
        .where(Revision.provision_id.in_(sources))
    ).all()
    names = owners([row.Revision for row in found])
    fittings = {
        row.Revision.provision_id: Fitting(
            sources[row.Revision.provision_id].row["content"],
            row.Revision,
            names.get(row.Revision.owner_id, ""),
            row.number,
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


def _remember(reasons: Mapping[int, str]) -> None:
    """Write the reason onto the rows, so that the history tells it."""
    model = models()["item"]
    rows = [{"number": number, "reason": reason} for number, reason in reasons.items()]
    new = (
        func.jsonb_to_recordset(cast(rows, JSONB))
        .table_valued(column("number", BigInteger), column("reason", Text))
        .render_derived(with_types=True)
    )
    db.session.execute(
        update(model)
        .values(reason=new.c.reason, version=model.version + 1)
        .where(model.tenant_id == current().tenant_id, model.provision_id == new.c.number)
        .execution_options(synchronize_session=False)
    )


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
