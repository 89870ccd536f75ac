"""Proposals as rows: a center's own, and those that wait for a decision here."""

from typing import Any

from sqlalchemy import case, literal, select
from sqlalchemy.orm import aliased

from jinzhu.core.access import may
from jinzhu.core.db import Selection
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.across import practice
from jinzhu.standards.claims import departments_of_post, models, searched
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.kinds.described import described
from jinzhu.standards.models import Proposal, ProposalState, Revision, Standard
from jinzhu.standards.ownership import writes
from jinzhu.standards.parts import part_names


def _record() -> Any:
    """Return the number of the center's own row on what it proposes."""
    return case(
        *(
            (
                Proposal.kind == kind,
                select(model.id)
                .where(
                    model.tenant_id == Proposal.tenant_id,
                    model.provision_id == Proposal.provision_id,
                )
                .correlate(Proposal)
                .scalar_subquery(),
            )
            for kind, model in models().items()
        ),
        else_=literal(None),
    )


def _newest() -> Any:
    """Return the newest revision of the provision by the owner of its standard."""
    newer = aliased(Revision)
    return (
        select(newer.id)
        .where(
            newer.provision_id == Proposal.provision_id,
            newer.owner_id == Proposal.decider_id,
            newer.layers.is_(None),
        )
        .order_by(newer.id.desc())
        .limit(1)
        .correlate(Proposal)
        .scalar_subquery()
    )


def _rows() -> Selection:
    decider = aliased(Center)
    statement = (
        select(
            Proposal.id,
            Proposal.kind,
            _record().label("record_id"),
            Proposal.provision_id,
            Revision.code,
            Revision.name,
            Revision.name_key,
            Center.id.label("center_id"),
            Center.name.label("center_name"),
            decider.id.label("decider_id"),
            decider.name.label("decider_name"),
            Proposal.values,
            Revision.content,
            practice.looser(Proposal.values).label("looser"),
            Proposal.reason,
            Proposal.state,
            Proposal.proposed_by,
            Proposal.created_at.label("proposed_at"),
            Proposal.decided_by,
            Proposal.decided_at,
            Proposal.decision,
            Proposal.edition_id,
            Proposal.version,
            writes().label("writes"),
        )
        .select_from(Proposal)
        .join(Revision, Revision.id == _newest())
        .join(Standard, Standard.id == Proposal.standard_id)
        .join(Center, Center.id == Proposal.tenant_id)
        .join(decider, decider.id == Proposal.decider_id)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def own_page(query: dict[str, Any]) -> Row:
    """Return a page of what the own center has proposed."""
    return _page(_rows().where(Proposal.tenant_id == current().tenant_id), query)


def asked_page(query: dict[str, Any]) -> Row:
    """Return a page of what centers below propose to this one.  Needs the reach SUBTREE."""
    return _page(_rows().where(Proposal.decider_id == current().tenant_id), query)


def _page(statement: Selection, query: dict[str, Any]) -> Row:
    if query["state"]:
        statement = statement.where(Proposal.state == query["state"])
    if query["q"]:
        word = query["q"].strip()
        statement = statement.where(searched(word) | Center.name.icontains(word, autoescape=True))
    open_first = case((Proposal.state == ProposalState.OPEN, 0), else_=1)
    found = page_of(
        statement,
        query,
        sortable={
            "state": open_first,
            "name": Revision.name_key,
            "center": Center.name_key,
            "proposed_at": Proposal.created_at,
        },
        default="state,-proposed_at",
        last=[Proposal.id.desc()],
    )
    people = names_of(
        number for row in found["rows"] for number in (row["proposed_by"], row["decided_by"])
    )
    parts = part_names(
        (row["provision_id"], name)
        for row in found["rows"]
        for name, value in row["values"].items()
        if isinstance(value, dict | list)
    )
    found["rows"] = [_shape(row, people, parts) for row in found["rows"]]
    return found


def _shape(
    row: Row, people: dict[int | None, str], parts: dict[tuple[int, str], dict[str, str]]
) -> Row:
    kind = KINDS[row["kind"]]
    state = ProposalState(row["state"])
    mine = row["center_id"] == current().tenant_id
    is_open = state is ProposalState.OPEN
    same = ("id", "kind", "record_id", "provision_id", "code", "name", "reason", "decision")
    return {
        **{name: row[name] for name in (*same, "edition_id", "version")},
        "center": {"id": row["center_id"], "name": row["center_name"]},
        "decider": {"id": row["decider_id"], "name": row["decider_name"]},
        "state": state.value,
        "proposed_by": people.get(row["proposed_by"]),
        "proposed_at": row["proposed_at"],
        "decided_by": people.get(row["decided_by"]),
        "decided_at": row["decided_at"],
        "fields": [
            {
                "field": name,
                **described(kind, name),
                "part_names": parts.get((row["provision_id"], name), {}),
                "value": value,
                "standard": row["content"].get(name),
                "looser": name in row["looser"],
            }
            for name, value in row["values"].items()
        ],
        "actions": {
            "withdraw": mine and is_open and may("proposal.write"),
            "decide": row["decider_id"] == current().tenant_id
            and is_open
            and row["writes"]
            and may("proposal.decide"),
        },
    }
