"""Campaigns and joint acts over HTTP: previewed, begun, followed, stopped, tried again."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.files import sending
from tenants.campaign import above, acts, beginning, papers, reading, service
from tenants.campaign.schemas import (
    CampaignInSchema,
    CampaignItemQuery,
    CampaignItemSchema,
    CampaignPreviewSchema,
    CampaignQuery,
    CampaignRowSchema,
    CampaignSchema,
    CasesInSchema,
    ChoiceInSchema,
    CodeRowsSchema,
    JointActCaseQuery,
    JointActCaseSchema,
    JointActInSchema,
    JointActQuery,
    JointActRowSchema,
    JointActSchema,
    JointOffersSchema,
    SignedSchema,
    SignInSchema,
)

routes = Routes("campaigns", __name__, prefix="/api")
ONE = "/campaigns/<int:campaign_id>"
ACT = "/joint-acts/<int:joint_act_id>"


@routes.on(
    "GET /campaigns",
    needs="procedure.read",
    query=CampaignQuery(),
    gives=rows_of(CampaignRowSchema()),
)
def list_campaigns(query: dict[str, Any]) -> Row:
    """List the campaigns of this center, the newest first."""
    return reading.page(query)


@routes.on("POST /campaigns/codes", needs="procedure.propose", gives=CodeRowsSchema())
def read_codes() -> Row:
    """Read the codes of a list (multipart, part `file`: Excel or CSV)."""
    return {"rows": beginning.listed(sending.received()[0])}


@routes.on(
    "POST /campaigns/preview",
    needs="procedure.propose",
    takes=ChoiceInSchema(),
    gives=CampaignPreviewSchema(),
)
def preview_campaign(values: dict[str, Any]) -> Row:
    """Show what would come of a campaign as things stand now."""
    return beginning.preview(values)


@routes.on(
    "POST /campaigns",
    needs="procedure.propose",
    takes=CampaignInSchema(),
    gives=CampaignSchema(),
    status=201,
)
def start_campaign(values: dict[str, Any]) -> Row:
    """Begin the cases of a campaign, in a job."""
    return reading.document(beginning.start(values))


@routes.on(f"GET {ONE}", needs="procedure.read", gives=CampaignSchema())
def read_campaign(campaign_id: int) -> Row:
    """Show a campaign with how far its cases have come."""
    return reading.document(service.find(campaign_id))


@routes.on(
    f"GET {ONE}/items",
    needs="procedure.read",
    query=CampaignItemQuery(),
    gives=rows_of(CampaignItemSchema()),
)
def list_campaign_items(query: dict[str, Any], campaign_id: int) -> Row:
    """List what came of each row of a campaign."""
    return reading.items(service.find(campaign_id), query)


@routes.on(f"GET {ONE}/results", needs="procedure.read")
def download_campaign(campaign_id: int) -> Any:
    """Download what came of each row of a campaign as a workbook."""
    campaign = service.find(campaign_id)
    name = f"{campaign.name} {say('campaign.sheet')}"
    return sending.as_workbook(papers.of_campaign(reading.every_item(campaign)), name)


@routes.on(f"POST {ONE}/again", needs="procedure.propose", gives=CampaignSchema())
def begin_again(campaign_id: int) -> Row:
    """Begin what was refused, or left when it was stopped; the rest is not touched."""
    return reading.document(beginning.again(campaign_id))


@routes.on(f"POST {ONE}/stop", needs="procedure.propose", gives=CampaignSchema())
def stop_campaign(campaign_id: int) -> Row:
    """Stop beginning before the next chunk; what is begun stays begun."""
    campaign = service.find(campaign_id)
    service.stop(campaign)
    return reading.document(campaign)


@routes.on(
    "POST /joint-acts/offer",
    needs="procedure.propose",
    takes=CasesInSchema(),
    gives=JointOffersSchema(),
)
def offer_joint_acts(values: dict[str, Any]) -> Row:
    """Show in which steps the chosen cases stand, and what can be done in them at once."""
    return acts.offer(values["cases"])


@routes.on(
    "GET /joint-acts",
    needs="procedure.read",
    query=JointActQuery(),
    gives=rows_of(JointActRowSchema()),
)
def list_joint_acts(query: dict[str, Any]) -> Row:
    """List the joint acts of this center, the newest first."""
    return reading.act_page(query)


@routes.on(
    "POST /joint-acts",
    needs="procedure.propose",
    form=JointActInSchema(),
    gives=JointActSchema(),
    status=201,
)
def ask_joint_act(values: dict[str, Any]) -> Row:
    """Act in many cases at once, in a job; a document of all of them may come along."""
    return reading.act_document(beginning.act(values, sending.offered()))


@routes.on(f"GET {ACT}", needs="procedure.read", gives=JointActSchema())
def read_joint_act(joint_act_id: int) -> Row:
    """Show a joint act with how far it has come."""
    return reading.act_document(service.find_act(joint_act_id))


@routes.on(
    f"GET {ACT}/cases",
    needs="procedure.read",
    query=JointActCaseQuery(),
    gives=rows_of(JointActCaseSchema()),
)
def list_joint_act_cases(query: dict[str, Any], joint_act_id: int) -> Row:
    """List what came of a joint act in each case."""
    return reading.act_cases(service.find_act(joint_act_id), query)


@routes.on(f"GET {ACT}/results", needs="procedure.read")
def download_joint_act(joint_act_id: int) -> Any:
    """Download what came of a joint act in each case as a workbook."""
    joint = service.find_act(joint_act_id)
    name = f"{joint.step_name} {say('campaign.sheet')}"
    return sending.as_workbook(papers.of_act(reading.every_act_case(joint)), name)


@routes.on(f"POST {ACT}/again", needs="procedure.propose", gives=JointActSchema())
def act_again(joint_act_id: int) -> Row:
    """Act in the cases in which it was refused, or left when it was stopped."""
    return reading.act_document(beginning.act_again(joint_act_id))


@routes.on(f"POST {ACT}/stop", needs="procedure.propose", gives=JointActSchema())
def stop_joint_act(joint_act_id: int) -> Row:
    """Stop before the next chunk; what is done stays done."""
    joint = service.find_act(joint_act_id)
    service.stop(joint)
    return reading.act_document(joint)


@routes.on(
    "POST /consents/acts",
    needs="procedure.consent",
    form=SignInSchema(),
    gives=SignedSchema(),
    reach=Reach.PUSH,
)
def sign_many(values: dict[str, Any]) -> Row:
    """Approve, as the superior department, many cases that wait for it; each has its result."""
    return above.sign(values, sending.offered())
