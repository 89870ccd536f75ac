"""Duties: what of the standards in force a center has to answer, and its answers 认领."""

from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, Text, and_, cast, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import invalid
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import amended, applies, concerns, models, narrowed, standing
from jinzhu.standards.departments import department_names
from jinzhu.standards.models import (
    Adoption,
    Claim,
    EditionEntry,
    MergedEntry,
    Nature,
    Revision,
    Standard,
)

UNCLAIMED = "unclaimed"
MOST_SHOWN = 200


def due(kind: str, center_id: int, *, yielding: bool = False) -> Selection:
    """Select the revisions that a center has to answer, with its own row where there is one.

    With `yielding` also what is no duty: what another standard governs here, or the center offers
    of its own.
    """
    model = models()[kind]
    own = select(Standard.id).where(Standard.nature == Nature.OWN)
    return (
        select(Revision.id)
        .select_from(Adoption)
        .join(EditionEntry, EditionEntry.edition_id == Adoption.edition_id)
        .join(Center, Center.id == Adoption.tenant_id)
        .outerjoin(
            model,
            and_(
                model.tenant_id == Adoption.tenant_id,
                model.provision_id == EditionEntry.provision_id,
            ),
        )
        .outerjoin(MergedEntry, amended())
        .join(Revision, Revision.id == standing(model))
        .where(Adoption.tenant_id == center_id, Revision.kind == kind)
        .where(concerns() if yielding else and_(applies(), Adoption.standard_id.not_in(own)))
    )


def _answered(model: Any, claim: str) -> Any:
    return model.claim.is_(None) if claim == UNCLAIMED else model.claim == claim


def page(kind: str, query: dict[str, Any], *, center_id: int) -> Row:
    """Return a page of a center's duties."""
    model = models()[kind]
    statement = due(kind, center_id).with_only_columns(
        Revision.provision_id,
        model.id.label("item_id"),
        Revision.code,
        Revision.name,
        Revision.item_type,
        Revision.department_code,
        Adoption.edition_id,
        func.coalesce(cast(model.claim, Text), UNCLAIMED).label("claim"),
        model.reason,
        model.covered_by_id,
        _covering_name(model).label("covered_by_name"),
        Revision.content["statutory_limit"].label("statutory_limit"),
        Revision.content["committed_limit"].label("committed_limit"),
    )
    statement = narrowed(statement, query)
    if query["claim"]:
        statement = statement.where(_answered(model, query["claim"]))
    return page_of(
        statement,
        query,
        sortable={
            "code": Revision.code,
            "name": Revision.name_key,
            "department": Revision.department_code,
            "item_type": Revision.item_type,
            "claim": model.claim,
        },
        default="department,name",
        last=[Revision.provision_id.asc()],
        shape=_shape,
    )


def _covering_name(model: Any) -> ScalarSelect[str]:
    covering = aliased(Revision)
    return (
        select(covering.name)
        .join(EditionEntry, EditionEntry.revision_id == covering.id)
        .where(
            EditionEntry.edition_id == Adoption.edition_id,
            EditionEntry.provision_id == model.covered_by_id,
        )
        .correlate(Adoption, model)
        .scalar_subquery()
    )


def _shape(row: Row) -> Row:
    names = department_names(row.pop("edition_id"))
    covered, name = row.pop("covered_by_id"), row.pop("covered_by_name")
    return {
        **row,
        "department_name": names.get(row["department_code"], ""),
        "reason": row["reason"] or "",
        "covered_by": {"provision_id": covered, "name": name or ""} if covered else None,
    }


def claim(kind: str, answer: dict[str, Any]) -> Row:
    """Answer to one duty or to many at once; say what came of each that was refused."""
    model = models()[kind]
    if bool(answer.get("provision_ids")) == (answer.get("all_matching") is not None):
        raise invalid("provision_ids", "claim.which", rule="required")
    _complete(kind, answer)
    scope = current()
    assert scope.tenant_id is not None
    wanted = due(kind, scope.tenant_id)
    if answer.get("all_matching") is not None:
        filters = answer["all_matching"]
        wanted = narrowed(wanted, filters)
        # Answers that stand are not written over unseen: the filter has to name them.
        wanted = wanted.where(_answered(model, filters.get("claim") or UNCLAIMED))
        asked: list[int] = []
    else:
        asked = answer["provision_ids"]
        wanted = narrowed(wanted.where(Revision.provision_id.in_(asked)), {})
    found = set(db.session.scalars(wanted.with_only_columns(Revision.provision_id)))
    itself = {n for n in (answer.get("covered_by_id"),) if n in found}
    covering = _covering(model) & found if answer["claim"] != Claim.OFFERED else set()
    left_out = itself | covering
    changed = _write(model, wanted, answer, leave_out=left_out)
    refused = [_refusal(number, "claim.not_due") for number in asked if number not in found]
    refused += [_refusal(number, "claim.covers_itself") for number in itself]
    refused += [_refusal(number, "claim.covers_others") for number in covering - itself]
    return {
        "claimed": changed,
        "unchanged": len(found - left_out) - changed,
        "refused": len(refused),
        "rows": refused[:MOST_SHOWN],
    }


def _covering(model: Any) -> set[int]:
    """Return the provisions that cover another one here: they have to stay offered."""
    covered = model.covered_by_id
    return set(
        db.session.scalars(
            select(covered)
            .where(model.tenant_id == current().tenant_id, covered.is_not(None))
            .distinct()
        )
    )


def _complete(kind: str, answer: dict[str, Any]) -> None:
    """Refuse an answer that lacks what it needs."""
    given = answer["claim"]
    if given == Claim.NOT_OFFERED and not answer.get("reason", "").strip():
        raise invalid("reason", "claim.reason_needed", rule="required")
    if given != Claim.COVERED_BY:
        return
    covering = answer.get("covered_by_id")
    scope = current()
    assert scope.tenant_id is not None
    known = due(kind, scope.tenant_id).where(
        Revision.provision_id == covering, models()[kind].claim == Claim.OFFERED
    )
    if covering is None or db.session.scalar(known) is None:
        raise invalid("covered_by_id", "claim.covering_needed", value=covering, rule="required")


def _refusal(provision_id: int, key: str) -> Row:
    return {"provision_id": provision_id, "result": "refused", "message": say(key)}


def _write(model: Any, wanted: Selection, answer: dict[str, Any], *, leave_out: set[Any]) -> int:
    """Write the answers in one statement; return how many are new or different."""
    covered = answer.get("covered_by_id") if answer["claim"] == Claim.COVERED_BY else None
    reason = "" if answer["claim"] == Claim.OFFERED else answer.get("reason", "").strip()
    source = wanted.with_only_columns(
        Adoption.standard_id,
        Revision.provision_id,
        literal(answer["claim"]),
        literal(reason),
        cast(covered if covered else null(), BigInteger),
    )
    if leave_out:
        source = source.where(Revision.provision_id.not_in(leave_out))
    columns = ["standard_id", "provision_id", "claim", "reason", "covered_by_id"]
    statement = insert(model).from_select(columns, source, include_defaults=False)
    new = statement.excluded
    differs = or_(
        model.claim != new.claim,
        model.reason != new.reason,
        model.covered_by_id.is_distinct_from(new.covered_by_id),
    )
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "provision_id"],
        set_={
            "claim": new.claim,
            "reason": new.reason,
            "covered_by_id": new.covered_by_id,
            "version": model.version + 1,
            "updated_at": func.now(),
            "updated_by": func.app.actor_id(),
        },
        where=differs,
    )
    return len(db.session.scalars(statement.returning(model.id)).all())
