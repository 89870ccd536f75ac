"""Own items 本地事项 as documents: the list, one in full, and what may be done with each."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import Fault, Invalid, NotFound
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, missing, models, narrowed
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Claim, Nature, Revision, Standard
from jinzhu.standards.own import own_catalogue


def rows() -> Selection:
    """Select the own items of the own center that the post sees."""
    model = models()["item"]
    statement = (
        in_force(model)
        .join(Standard, Standard.id == model.standard_id)
        .where(
            model.tenant_id == current().tenant_id,
            Standard.nature == Nature.OWN,
            model.claim == Claim.OFFERED,
        )
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of the own items."""
    model = models()["item"]
    statement = rows().with_only_columns(
        Revision.provision_id,
        model.id.label("record_id"),
        Revision.code,
        Revision.name,
        Revision.item_type,
        Revision.department_code,
        missing(model).label("missing"),
        model.updated_at,
    )
    result = page_of(
        narrowed(statement, dict(query)),
        query,
        sortable={
            "name": Revision.name_key,
            "code": Revision.code,
            "department": Revision.department_code,
            "item_type": Revision.item_type,
            "updated_at": model.updated_at,
        },
        default="name",
        last=[Revision.provision_id.asc()],
    )
    names = departments_around(current().tenant_id or 0)
    for row in result["rows"]:
        row["department_name"] = names.get(row["department_code"], row["department_code"])
    return result


def read(provision_id: int) -> Row:
    """Return an own item with all its values in one form.

    Raises:
        NotFound: where there is none of this number here.
    """
    model = models()["item"]
    found = db.session.execute(
        rows()
        .with_only_columns(
            Revision,
            model.id,
            func.app.effective(Revision.content, Revision.bounds, model.local).label("content"),
            model.version,
        )
        .where(Revision.provision_id == provision_id)
    ).one_or_none()
    if found is None:
        raise NotFound(id=provision_id)
    return {
        "provision_id": provision_id,
        "record_id": found.id,
        "code": found.Revision.code,
        "name": found.Revision.name,
        "content": found.content,
        # Both halves of the form count, and both numbers only grow.
        "version": found.Revision.id + found.version,
    }


def create(content: Mapping[str, Any]) -> Row:
    """Put a new item into the own catalogue; without a code it gets one.

    Raises:
        Invalid: naming every field that is wrong, and the catalogue that has the code already.
    """
    code = str(content.get("code") or "").strip() or own_catalogue.next_codes(1)[0]
    entry = own_catalogue.cleaned({**content, "code": code})
    own_catalogue.refuse([entry])
    _refuse_known(entry.code)
    return read(own_catalogue.store([entry])[entry.code])


def _refuse_known(code: str) -> None:
    """Refuse a code that a catalogue has, or that an own item has."""
    known = own_catalogue.known_in_catalogues([code]).get(code)
    if known is not None:
        told = say("own.code_known", standard=known.standard, name=known.name)
        raise Invalid(errors=[Fault("content.code", told, code, "unique")])
    taken = db.session.scalar(
        select(func.count()).select_from(rows().where(Revision.code == code).subquery())
    )
    if taken:
        raise Invalid(errors=[Fault("content.code", say("own.code_taken"), code, "unique")])


def change(provision_id: int, content: Mapping[str, Any]) -> Row:
    """Change fields of an own item; null empties one.  Its code stays."""
    standing = read(provision_id)
    if content.get("code", standing["code"]) != standing["code"]:
        told = say("own.code_stays")
        raise Invalid(errors=[Fault("content.code", told, content["code"], "fixed")])
    entry = own_catalogue.cleaned({**standing["content"], **content, "code": standing["code"]})
    own_catalogue.refuse([entry])
    own_catalogue.store([entry])
    return read(provision_id)


def remove(provision_id: int) -> None:
    """Take an own item out of the own catalogue; its history stays."""
    own_catalogue.store([], removed=[read(provision_id)["code"]])
