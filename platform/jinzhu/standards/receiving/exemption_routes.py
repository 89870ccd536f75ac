"""Exemptions over HTTP: asked for below, decided by whoever set the rule."""

from typing import Any

from marshmallow import fields, validate

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import Document, PageQuery, rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import ExemptionCategory, ExemptionState
from jinzhu.standards.receiving import exemption_decisions, exemption_rows, exemptions
from jinzhu.standards.receiving.update_schemas import DescribedFieldSchema
from jinzhu.standards.records.conflict_schemas import ConflictEditionSchema
from jinzhu.standards.schemas import PlaceSchema, Whole

STATES = [state.value for state in ExemptionState]
CATEGORIES = [category.value for category in ExemptionCategory]
TEXT = validate.Length(max=500)


class ExemptionQuery(PageQuery):
    """Which exemptions."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))
    provision_id = fields.Integer(load_default=None, allow_none=True)


class ExemptionInSchema(Document):
    """A request: for a field, or with the field '' for the whole provision."""

    kind = fields.String(
        required=True, validate=validate.OneOf([k.name for k in KINDS.values() if k.claimed])
    )
    record_id = fields.Integer(required=True)
    field = fields.String(required=True, validate=validate.Length(max=100))
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    reason = fields.String(required=True, validate=TEXT)
    wanted_until = fields.Date(required=True)
    value = Whole(load_default=None, allow_none=True)


class AskedSchema(Document):
    """The number of a request."""

    id = fields.Integer(required=True)


class ExemptionActionsSchema(Document):
    """What this post may do with an exemption."""

    withdraw = fields.Boolean(required=True)
    decide = fields.Boolean(required=True)


class ExemptionSchema(DescribedFieldSchema):
    """An exemption, with what the standard says now and how often the like was asked for."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    record_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    center = fields.Nested(PlaceSchema, required=True)
    decider = fields.Nested(PlaceSchema, required=True)
    edition = fields.Nested(ConflictEditionSchema, required=True)
    category = fields.String(required=True)
    reason = fields.String(required=True)
    value = Whole(required=True, allow_none=True)
    state = fields.String(required=True)
    wanted_until = fields.String(required=True)
    expires_on = fields.String(required=True, allow_none=True)
    asked_by = fields.String(required=True, allow_none=True)
    asked_at = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.String(required=True, allow_none=True)
    decision = fields.String(required=True)
    ended_at = fields.String(required=True, allow_none=True)
    standard_value = Whole(required=True, allow_none=True)
    rule = fields.String(required=True)
    local_value = Whole(required=True, allow_none=True)
    earlier = fields.Integer(required=True)
    same = fields.Integer(required=True)
    version = fields.Integer(required=True)
    actions = fields.Nested(ExemptionActionsSchema, required=True)


class DecisionSchema(Document):
    """A decision on a request."""

    grant = fields.Boolean(required=True)
    expires_on = fields.Date(load_default=None, allow_none=True)
    beyond_wanted = fields.Boolean(
        load_default=False,
        metadata={"description": "the last day may be later than the one that was asked for"},
    )
    reason = fields.String(load_default="", validate=TEXT)


def add_exemption_routes(routes: Routes) -> None:
    """Add: asking, giving back, deciding."""
    _add_asking(routes)
    _add_deciding(routes)


def _add_asking(routes: Routes) -> None:
    @routes.on(
        "GET /exemptions",
        needs="conflict.read",
        query=ExemptionQuery(),
        gives=rows_of(ExemptionSchema()),
    )
    def list_exemptions(query: dict[str, Any]) -> Row:
        """List what this center has asked to be let off from."""
        return exemption_rows.own_page(query)

    @routes.on(
        "POST /exemptions",
        needs="exemption.ask",
        takes=ExemptionInSchema(),
        gives=AskedSchema(),
        status=201,
    )
    def ask_exemption(values: dict[str, Any]) -> Row:
        """Ask for leave not to follow a field, or a provision, until a day."""
        return {"id": exemptions.ask(**values)}

    @routes.on("POST /exemptions/<int:exemption_id>/withdrawal", needs="exemption.ask", status=204)
    def withdraw_exemption(exemption_id: int) -> None:
        """Take a request back, or give an exemption up."""
        exemptions.withdraw(exemption_id)


def _add_deciding(routes: Routes) -> None:
    @routes.on(
        "GET /exemptions/asked",
        needs="exemption.decide",
        query=ExemptionQuery(),
        gives=rows_of(ExemptionSchema()),
        reach=Reach.SUBTREE,
    )
    def list_asked_exemptions(query: dict[str, Any]) -> Row:
        """List what centers below have asked this one for, with what one needs to decide."""
        return exemption_rows.asked_page(query)

    @routes.on(
        "POST /exemptions/of/<int:center_id>/<int:exemption_id>/decision",
        needs="exemption.decide",
        takes=DecisionSchema(),
        status=204,
        reach=Reach.PUSH,
    )
    def decide_exemption(values: dict[str, Any], center_id: int, exemption_id: int) -> None:
        """Grant a request until a day, or refuse it with the reason."""
        exemption_decisions.decide(center_id, exemption_id, **values)
