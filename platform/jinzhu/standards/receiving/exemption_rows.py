"""Exemptions as rows: a center's own, and those that wait for a decision here, with the context."""

from typing import Any

from sqlalchemy import Integer, and_, case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from jinzhu.core.access import may
from jinzhu.core.db import Selection, db
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import amended, departments_of_post, first_of, models, searched
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.kinds.described import described
from jinzhu.standards.models import (
    Adoption,
    Edition,
    EditionEntry,
    Exemption,
    ExemptionCategory,
    ExemptionState,
    MergedEntry,
    Pin,
    Revision,
    Standard,
)
from jinzhu.standards.ownership import lets_off
from jinzhu.standards.parts import part_names

ORDER = (
    ExemptionState.ASKED,
    ExemptionState.GRANTED,
    ExemptionState.REFUSED,
    ExemptionState.ENDED,
    ExemptionState.TAKEN_BACK,
)


def _of_kind(kind: str) -> Selection:
    """Select exemptions of a kind with what the standard says now, and what the center says."""
    model, decider = models()[kind], aliased(Center)
    statement = (
        select(*_columns(kind, model, decider))
        .join(Standard, Standard.id == Exemption.standard_id)
        .join(Center, Center.id == Exemption.tenant_id)
        .join(decider, decider.id == Exemption.decider_id)
        .join(
            model,
            and_(
                model.tenant_id == Exemption.tenant_id,
                model.provision_id == Exemption.provision_id,
            ),
        )
        .join(Edition, Edition.id == Exemption.edition_id)
        .outerjoin(
            Adoption,
            and_(
                Adoption.tenant_id == Exemption.tenant_id,
                Adoption.standard_id == Exemption.standard_id,
            ),
        )
        .outerjoin(
            EditionEntry,
            and_(
                EditionEntry.edition_id == Adoption.edition_id,
                EditionEntry.provision_id == Exemption.provision_id,
            ),
        )
        .outerjoin(MergedEntry, amended())
        .join(Revision, Revision.id == _standing())
        .where(Exemption.kind == kind)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def _columns(kind: str, model: Any, decider: Any) -> list[Any]:
    """Return what is shown of an exemption."""
    return [
        Exemption.id,
        literal(kind).label("kind"),
        model.id.label("record_id"),
        Exemption.provision_id,
        Exemption.field,
        Center.id.label("center_id"),
        Center.name.label("center_name"),
        decider.id.label("decider_id"),
        decider.name.label("decider_name"),
        Exemption.category,
        Exemption.reason,
        Exemption.value,
        Exemption.state,
        Exemption.wanted_until,
        Exemption.expires_on,
        Exemption.asked_by,
        Exemption.created_at.label("asked_at"),
        Exemption.decided_by,
        Exemption.decided_at,
        Exemption.decision,
        Exemption.version,
        Edition.id.label("edition_id"),
        Edition.number.label("edition_number"),
        Revision.code,
        Revision.name,
        Revision.name_key,
        Revision.content[Exemption.field].label("standard_value"),
        func.coalesce(Revision.rules[Exemption.field]["rule"].astext, "fixed").label("rule"),
        model.local[Exemption.field].label("local_value"),
        _ended_at().label("ended_at"),
        _earlier().label("earlier"),
        _same().label("same"),
        lets_off(Exemption.decider_id).label("lets_off"),
    ]


def _standing() -> Any:
    """Return what the standard says now; where it says nothing any more, what it said."""
    asked_under = aliased(EditionEntry)
    said = (
        select(asked_under.revision_id)
        .where(
            asked_under.edition_id == Exemption.edition_id,
            asked_under.provision_id == Exemption.provision_id,
        )
        .correlate(Exemption)
        .scalar_subquery()
    )
    return first_of(MergedEntry.revision_id, EditionEntry.revision_id, said)


def _ended_at() -> Any:
    """Return when an exemption that was granted came to its end."""
    return (
        select(func.max(Pin.ended_at))
        .where(Pin.tenant_id == Exemption.tenant_id, Pin.exemption_id == Exemption.id)
        .where(Exemption.state == ExemptionState.ENDED)
        .correlate(Exemption)
        .scalar_subquery()
    )


def _earlier() -> Any:
    """Return how often this center has asked for the same before."""
    other = aliased(Exemption)
    return (
        select(func.count(other.id))
        .where(
            other.tenant_id == Exemption.tenant_id,
            other.provision_id == Exemption.provision_id,
            other.field == Exemption.field,
            other.id < Exemption.id,
        )
        .correlate(Exemption)
        .scalar_subquery()
        .cast(Integer)
    )


def _same() -> Any:
    """Return how many other centers ask for the same, or have it."""
    other = aliased(Exemption)
    return (
        select(func.count(other.tenant_id.distinct()))
        .where(
            other.tenant_id != Exemption.tenant_id,
            other.provision_id == Exemption.provision_id,
            other.field == Exemption.field,
            other.state.in_([ExemptionState.ASKED, ExemptionState.GRANTED]),
        )
        .correlate(Exemption)
        .scalar_subquery()
        .cast(Integer)
    )


def own_page(query: dict[str, Any]) -> Row:
    """Return a page of what the own center has asked for."""
    return _page(Exemption.tenant_id == current().tenant_id, query)


def asked_page(query: dict[str, Any]) -> Row:
    """Return a page of what the own center decides.  Needs the reach SUBTREE."""
    decides = and_(
        Exemption.decider_id == current().tenant_id,
        Exemption.tenant_id != current().tenant_id,
        Exemption.state != ExemptionState.TAKEN_BACK,
    )
    return _page(decides, query)


def asked_count() -> int:
    """Return how many requests wait for a decision of this post."""
    requests = select(func.count(Exemption.id)).join(Standard, Standard.id == Exemption.standard_id)
    statement = requests.where(
        lets_off(Exemption.decider_id),
        Exemption.decider_id == current().tenant_id,
        Exemption.tenant_id != current().tenant_id,
        Exemption.state == ExemptionState.ASKED,
    )
    own = departments_of_post()
    if own is not None:
        seen = select(Revision.id).where(Revision.provision_id == Exemption.provision_id, own)
        statement = statement.where(seen.exists())
    return int(db.session.scalar(statement) or 0)


def _page(condition: Any, query: dict[str, Any]) -> Row:
    parts = [_of_kind(kind).where(condition) for kind in models()]
    if query["q"]:
        found = searched(query["q"]) | Center.name.icontains(query["q"].strip(), autoescape=True)
        parts = [part.where(found) for part in parts]
    row = union_all(*parts).subquery("exemption_row")
    statement = select(row)
    if query["state"]:
        statement = statement.where(row.c.state == query["state"])
    if query["provision_id"]:
        statement = statement.where(row.c.provision_id == query["provision_id"])
    order = case({state.value: place for place, state in enumerate(ORDER)}, value=row.c.state)
    page = page_of(
        statement,
        query,
        sortable={
            "state": order,
            "asked_at": row.c.asked_at,
            "expires_on": row.c.expires_on,
            "name": row.c.name_key,
            "same": row.c.same,
        },
        default="state,-asked_at",
        last=[row.c.center_id.asc(), row.c.id.asc()],
    )
    page["rows"] = _shaped(page["rows"])
    return page


def _shaped(rows: list[Row]) -> list[Row]:
    people = names_of(row[name] for row in rows for name in ("asked_by", "decided_by"))
    parts = part_names((row["provision_id"], row["field"]) for row in rows if row["field"])
    return [_shape(row, people, parts) for row in rows]


def _shape(row: Row, people: dict[int | None, str], parts: dict[Any, dict[str, str]]) -> Row:
    own = row["center_id"] == current().tenant_id
    state = ExemptionState(row["state"])
    row.pop("name_key")
    may_decide = row.pop("lets_off") and may("exemption.decide")
    center = {"id": row.pop("center_id"), "name": row.pop("center_name")}
    decider = {"id": row.pop("decider_id"), "name": row.pop("decider_name")}
    edition = {"id": row.pop("edition_id"), "number": row.pop("edition_number")}
    return {
        **row,
        **described(KINDS[row["kind"]], row["field"]),
        "category": ExemptionCategory(row["category"]).value,
        "state": state.value,
        "center": center,
        "decider": decider,
        "edition": edition,
        "asked_by": people.get(row["asked_by"]),
        "decided_by": people.get(row["decided_by"]),
        "part_names": parts.get((row["provision_id"], row["field"]), {}),
        "actions": {
            "withdraw": _may_withdraw(row, state, own=own),
            "decide": not own and state is ExemptionState.ASKED and may_decide,
        },
    }


def _may_withdraw(row: Row, state: ExemptionState, *, own: bool) -> bool:
    going = state in (ExemptionState.ASKED, ExemptionState.GRANTED)
    return own and going and may("exemption.ask") and may(f"{row['kind']}.write")
