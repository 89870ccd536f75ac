"""Proposals over HTTP: made below, decided by the owner of the standard."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import Document, PageQuery, rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards.across import proposal_rows, proposals
from jinzhu.standards.models import ProposalState
from jinzhu.standards.receiving.update_schemas import DescribedFieldSchema
from jinzhu.standards.schemas import PlaceSchema, Whole

STATES = [state.value for state in ProposalState]
REASON = validate.Length(max=1000)


class ProposalQuery(PageQuery):
    """Which proposals."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))


class ProposalInSchema(Document):
    """What is proposed: these fields, or all in which the center does something of its own."""

    fields_ = fields.List(
        fields.String(),
        load_default=list,
        data_key="fields",
        attribute="fields",
        validate=validate.Length(max=100),
    )
    reason = fields.String(required=True, validate=REASON)


class ProposedSchema(Document):
    """The number of a proposal, and the fields in which the standard would ask less by it."""

    id = fields.Integer(required=True)
    looser = fields.List(fields.String(), required=True)


class ProposalFieldSchema(DescribedFieldSchema):
    """What a center does in a field, beside what the standard says."""

    value = Whole(required=True, allow_none=True)
    standard = Whole(required=True, allow_none=True)
    #: The standard would ask less by it than it does now.
    looser = fields.Boolean(required=True)


class ProposalActionsSchema(Document):
    """What this post may do with a proposal."""

    withdraw = fields.Boolean(required=True)
    decide = fields.Boolean(required=True)


class ProposalSchema(Document):
    """A proposal 建议 to make a center's practice the standard."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    record_id = fields.Integer(required=True, allow_none=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    center = fields.Nested(PlaceSchema, required=True)
    decider = fields.Nested(PlaceSchema, required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True)
    proposed_by = fields.String(required=True, allow_none=True)
    proposed_at = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.String(required=True, allow_none=True)
    decision = fields.String(required=True)
    edition_id = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)
    fields_ = fields.List(fields.Nested(ProposalFieldSchema), required=True, data_key="fields")
    actions = fields.Nested(ProposalActionsSchema, required=True)


class ProposalDecisionSchema(Document):
    """A decision on a proposal."""

    accept = fields.Boolean(required=True)
    reason = fields.String(load_default="", validate=REASON)


class ProposalDecidedSchema(Document):
    """Where an accepted proposal now stands: the draft, and the provision in it."""

    edition_id = fields.Integer(required=True, allow_none=True)
    kind = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)


def add_proposing_route(routes: Routes, kind: str) -> None:
    """Add to a kind of record: proposing what it says as the standard."""

    @routes.on(
        "POST /<int:record_id>/proposal",
        needs="proposal.write",
        takes=ProposalInSchema(),
        gives=ProposedSchema(),
        status=201,
    )
    def propose(values: dict[str, Any], record_id: int) -> Row:
        """Propose what this center does as the standard."""
        return proposals.propose(kind, record_id, **values)


def add_proposal_routes(routes: Routes) -> None:
    """Add: the list on both sides, taking back, deciding."""

    @routes.on(
        "GET /proposals",
        needs="proposal.write",
        query=ProposalQuery(),
        gives=rows_of(ProposalSchema()),
    )
    def list_proposals(query: dict[str, Any]) -> Row:
        """List what this center has proposed."""
        return proposal_rows.own_page(query)

    @routes.on("POST /proposals/<int:proposal_id>/withdrawal", needs="proposal.write", status=204)
    def withdraw_proposal(proposal_id: int) -> None:
        """Take a proposal back."""
        proposals.take_back(proposal_id)

    @routes.on(
        "GET /proposals/asked",
        needs="proposal.decide",
        query=ProposalQuery(),
        gives=rows_of(ProposalSchema()),
        reach=Reach.SUBTREE,
    )
    def list_asked_proposals(query: dict[str, Any]) -> Row:
        """List what centers below propose to this one."""
        return proposal_rows.asked_page(query)

    @routes.on(
        "POST /proposals/of/<int:center_id>/<int:proposal_id>/decision",
        needs="proposal.decide",
        takes=ProposalDecisionSchema(),
        gives=ProposalDecidedSchema(),
        reach=Reach.PUSH,
    )
    def decide_proposal(values: dict[str, Any], center_id: int, proposal_id: int) -> Row:
        """Accept a proposal into the draft of the standard, or decline it with the reason."""
        return proposals.decide(center_id, proposal_id, **values)
