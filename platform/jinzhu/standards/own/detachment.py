"""Detaching 转为本地: what a standard gave up, or the center does not offer under it, as its own.

The own item has the values that held here; from then on no standard binds it.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, models, narrowed
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Adoption, Claim, EditionEntry, Nature, Revision, Standard
from jinzhu.standards.own import own_catalogue, own_items
from jinzhu.standards.ownership import whose


class StillOffered(Conflict):
    """The standard still has the item, and the center offers it under the standard."""

    code = "still_offered"


class AlreadyOwn(Conflict):
    """The item is the center's own already, or was."""

    code = "already_own"


def _last() -> Any:
    """Return the last content of a provision: in force where it still stands."""
    model, any_revision = models()["item"], aliased(Revision)
    return (
        select(func.max(any_revision.id))
        .where(any_revision.provision_id == model.provision_id)
        .correlate(model)
        .scalar_subquery()
    )


def _stands() -> Any:
    """Return whether the standard still has the item, in the edition that the center is on."""
    model = models()["item"]
    return (
        select(EditionEntry.provision_id)
        .join(Adoption, Adoption.edition_id == EditionEntry.edition_id)
        .where(
            Adoption.tenant_id == model.tenant_id,
            Adoption.standard_id == model.standard_id,
            EditionEntry.provision_id == model.provision_id,
        )
        .correlate(model)
        .exists()
    )


def _rows() -> Selection:
    model = models()["item"]
    statement = (
        select(model)
        .join(Revision, Revision.id == _last())
        .join(Standard, Standard.id == model.standard_id)
        .where(model.tenant_id == current().tenant_id)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def dropped(query: Mapping[str, Any]) -> Row:
    """Return a page of what the center offered and the standard has given up."""
    model = models()["item"]
    statement = (
        _rows()
        .with_only_columns(
            model.id.label("record_id"),
            model.provision_id,
            Revision.code,
            Revision.name,
            Revision.department_code,
            Standard.id.label("standard_id"),
            model.updated_at,
        )
        .where(model.claim == Claim.OFFERED, Standard.nature != Nature.OWN, ~_stands())
    )
    result = page_of(
        narrowed(statement, dict(query)),
        query,
        sortable={"name": Revision.name_key, "code": Revision.code},
        default="name",
        last=[model.id.asc()],
    )
    names = departments_around(current().tenant_id or 0)
    for row in result["rows"]:
        code = row.pop("department_code")
        row["department_name"] = names.get(code, code)
    return result


def detach(record_id: int) -> Row:
    """Keep an item as the center's own, with the values that held here.

    Raises:
        NotFound: where there is no such record here.
        StillOffered: where the standard still has it and the center offers it.
        AlreadyOwn: where it has never been a standard's.
    """
    model = models()["item"]
    found = db.session.execute(
        _rows()
        .with_only_columns(
            model.claim,
            Revision.code,
            Revision.name,
            Standard.nature,
            Standard.id.label("standard_id"),
            _stands().label("stands"),
            func.app.effective(Revision.content, Revision.bounds, model.local).label("content"),
        )
        .where(model.id == record_id)
    ).one_or_none()
    if found is None:
        raise NotFound(id=record_id)
    if found.nature is Nature.OWN:
        raise AlreadyOwn(name=found.name)
    if found.stands and found.claim == Claim.OFFERED:
        raise StillOffered(
            name=found.name, **whose(db.session.get_one(Standard, found.standard_id), None)
        )
    made = own_items.create({**found.content, "code": _code(found.code)})
    _let_go(record_id, say("own.kept_as", code=made["code"]))
    return made


def _let_go(record_id: int, reason: str) -> None:
    """Answer for the old record that the item is now the center's own."""
    model = models()["item"]
    db.session.execute(
        update(model)
        .where(model.tenant_id == current().tenant_id, model.id == record_id)
        .values(claim=Claim.NOT_OFFERED, reason=reason, version=model.version + 1)
        .execution_options(synchronize_session=False)
    )


def _code(code: str) -> str:
    """Return the code of the item if nobody has it any more; a catalogue's code stays its own."""
    return "" if own_catalogue.known_in_catalogues([code]) else code
