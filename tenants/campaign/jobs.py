"""The work of campaigns and joint acts: chunk by chunk, each a transaction with its results.

A row waits until the transaction that begins its case, or acts in it, has said what came of it;
so whatever dies in between, the next worker goes on with what still waits, and nothing happens
twice.  Where a chunk cannot be stored, its rows are taken in smaller ones, and one that fails alone
is set aside.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.exc import DBAPIError

from jinzhu.core.ahead import reading_ahead
from jinzhu.core.db import db
from jinzhu.core.jobs import Progress, Run, failure, job
from jinzhu.core.language import say, spoken
from jinzhu.core.pages import Row
from jinzhu.core.problems import Problem, told
from jinzhu.core.tenancy import current
from jinzhu.core.transaction import work
from jinzhu.standards import notices
from jinzhu.standards.models import Revision
from tenants.campaign import service
from tenants.campaign.models import Asked, Campaign, CampaignItem, JointAct, Outcome
from tenants.document import acts as documents
from tenants.document.models import CaseDocument
from tenants.procedure import acts, beginning
from tenants.procedure import service as cases
from tenants.procedure.beginning import CaseRunning, Wish
from tenants.procedure.models import Case

#: Rows in one transaction: enough to be fast, few enough that nobody waits for it.
CHUNK = 50
log = structlog.get_logger()
#: Does the next so many rows; returns how many there were.
Step = Callable[[int], int]


def _through(step: Step, give_up: Callable[[Exception], None]) -> None:
    """Take chunk after chunk, smaller ones after one that fails; what fails alone is set aside."""
    size = CHUNK
    while True:
        try:
            done = step(size)
        except (DBAPIError, Problem) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            log.warning("chunk failed", size=size, reason=str(error))
            if size == 1:
                give_up(error)
            size = max(size // 2, 1)
            continue
        if not done:
            return
        size = min(size * 2, CHUNK)


def _as_asked(run: Run, found: Asked) -> Run:
    """Return the run limited to the departments that the post had which asked for it."""
    own = found.departments
    return replace(run, scope=replace(run.scope, departments=None if own is None else tuple(own)))


def _moved(progress: Progress, done: int, waiting: Callable[[], int]) -> None:
    if progress.total <= progress.done:
        progress.total = progress.done + done + waiting()
    progress.done += done


# Beginning


@job("campaign.begin")
def begin_cases(run: Run, campaign_id: int) -> None:
    """Begin the cases of a campaign that are not begun yet."""
    with work(run.scope):
        campaign = db.session.scalars(
            select(Campaign).where(Campaign.tenant_id == run.tenant_id, Campaign.id == campaign_id)
        ).one()
        language, run = campaign.language, _as_asked(run, campaign)
    with spoken(language):
        _through(
            lambda size: _begin(run, campaign_id, size),
            lambda error: _set_aside(run, campaign_id, error),
        )


def _begin(run: Run, campaign_id: int, size: int) -> int:
    with run.step() as progress:
        campaign = db.session.get_one(Campaign, (run.tenant_id, campaign_id))
        rows = service.next_items(campaign_id, size)
        if not rows:
            _begun(campaign)
            return 0
        subjects = _subjects(campaign, rows)
        wish = Wish(
            campaign.kind, campaign.facts, campaign.reason, campaign.procedure_code, campaign.id
        )
        found = beginning.begin_many(list(dict.fromkeys(subjects.values())), wish)
        service.answer_items([_answer(row, subjects.get(row.id), found) for row in rows])
        _moved(progress, len(rows), lambda: _waiting(campaign_id))
        return len(rows)


def _waiting(campaign_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(CampaignItem)
            .where(
                CampaignItem.tenant_id == current().tenant_id,
                CampaignItem.campaign_id == campaign_id,
                CampaignItem.state == Outcome.PENDING,
            )
        )
        or 0
    )


def _subjects(campaign: Campaign, rows: Sequence[CampaignItem]) -> dict[int, Revision]:
    """Return what the rows are about, by row; a code is looked up anew until something has it."""
    ids = [row.subject_id for row in rows if row.subject_id is not None]
    codes = [row.code for row in rows if row.subject_id is None]
    found = db.session.scalars(
        service.offered(campaign.object).where(
            or_(Revision.provision_id.in_(ids), Revision.code.in_(codes))
        )
    ).all()
    by_id = {one.provision_id: one for one in found}
    taken = _taken(campaign, codes)
    by_code = {one.code: one for one in found if one.provision_id not in taken}
    subjects: dict[int, Revision] = {}
    for row in rows:
        subject = by_id.get(row.subject_id) if row.subject_id else by_code.pop(row.code, None)
        if subject is not None:
            subjects[row.id] = subject
    return subjects


def _taken(campaign: Campaign, codes: Sequence[str]) -> set[int]:
    """Return what other rows of the campaign are about, where codes are looked up."""
    if not codes:
        return set()
    own = (CampaignItem.tenant_id == campaign.tenant_id, CampaignItem.campaign_id == campaign.id)
    found = db.session.scalars(select(CampaignItem.subject_id).where(*own))
    return {subject for subject in found if subject is not None}


def _answer(
    row: CampaignItem, subject: Revision | None, found: Mapping[int, Case | Problem]
) -> Row:
    """Return what came of a row."""
    answer = {
        "id": row.id,
        "state": Outcome.REFUSED,
        "case_id": None,
        "why": "",
        "message": "",
        "subject_id": row.subject_id,
        "name": row.name,
        "department_code": row.department_code,
    }
    if subject is None:
        why = "not_offered" if row.subject_id else "unknown"
        return {**answer, "why": why, "message": say(f"campaign.row.{why}")}
    own = subject.code if subject.kind == "department" else subject.department_code
    about = {"subject_id": subject.provision_id, "name": subject.name, "department_code": own}
    begun = found[subject.provision_id]
    if isinstance(begun, Case):
        return {**answer, **about, "state": Outcome.BEGUN, "case_id": begun.id}
    state = Outcome.RUNNING if isinstance(begun, CaseRunning) else Outcome.REFUSED
    reason = {"why": service.sort_of(begun), "message": told(begun)}
    return {**answer, **about, **reason, "state": state}


def _begun(campaign: Campaign) -> None:
    """Say once that all of a campaign is begun, to whoever acts in its cases."""
    if campaign.finished_at is not None:
        return
    campaign.finished_at = func.now()
    departments = db.session.scalars(
        select(CampaignItem.department_code)
        .distinct()
        .where(
            CampaignItem.tenant_id == campaign.tenant_id,
            CampaignItem.campaign_id == campaign.id,
            CampaignItem.state == Outcome.BEGUN,
        )
    ).all()
    people = set(service.concerned(departments)) if departments else set()
    counts = service.counts(campaign)
    notices.tell_each(
        sorted(people | {one for one in [campaign.asked_by] if one is not None}),
        "campaign_begun",
        values={
            "name": campaign.name,
            "begun": counts[Outcome.BEGUN],
            "rest": counts["total"] - counts[Outcome.BEGUN],
        },
        to=f"/campaigns/{campaign.id}",
    )


def _set_aside(run: Run, campaign_id: int, error: Exception) -> None:
    with run.step() as progress:
        for row in service.next_items(campaign_id, 1):
            row.state, row.why = Outcome.REFUSED, "failed"
            row.message = told(error) if isinstance(error, Problem) else failure(error)
            progress.done += 1


# Acting


@job("campaign.act")
def act_in_cases(run: Run, joint_act_id: int) -> None:
    """Act in the cases of a joint act that still wait for it."""
    with work(run.scope):
        found = db.session.scalars(
            select(JointAct).where(JointAct.tenant_id == run.tenant_id, JointAct.id == joint_act_id)
        ).one()
        language, run = found.language, _as_asked(run, found)
    with spoken(language):
        _through(
            lambda size: _act(run, joint_act_id, size),
            lambda error: _set_case_aside(run, joint_act_id, error),
        )


def _act(run: Run, joint_act_id: int, size: int) -> int:
    with run.step() as progress:
        joint = db.session.get_one(JointAct, (run.tenant_id, joint_act_id))
        rows = service.next_cases(joint_act_id, size)
        if not rows:
            _acted(joint)
            return 0
        refused = _carry_out(joint, list(rows))
        answers = [
            {
                "id": number,
                "state": "refused" if case_id in refused else "done",
                "message": told(refused[case_id]) if case_id in refused else "",
            }
            for case_id, number in rows.items()
        ]
        service.answer_cases(answers)
        _moved(progress, len(rows), lambda: service.counts(joint)["pending"])
        return len(rows)


def _carry_out(joint: JointAct, ids: Sequence[int]) -> dict[int, Problem]:
    """Act in cases; return what kept any of them from it, by case."""
    some = list(
        db.session.scalars(
            select(Case)
            .where(Case.tenant_id == joint.tenant_id, Case.id.in_(ids))
            .order_by(Case.id)
            .with_for_update()
        )
    )
    with reading_ahead():
        cases.expect(some)
        laid = _laid(joint, some)
        refused = {case: one for case, one in laid.items() if isinstance(one, Problem)}
        papers = {case: one for case, one in laid.items() if isinstance(one, CaseDocument)}

        def keep(going: Sequence[Case]) -> None:
            documents.keep({case: papers[case] for case in going if case in papers})

        standing = [case for case in some if case not in refused]
        refused |= acts.act_many(standing, service.wish_of(joint), before=keep)
    return {case.id: problem for case, problem in refused.items()}


def _laid(joint: JointAct, some: Sequence[Case]) -> dict[Case, CaseDocument | Problem]:
    """Lay the common document before the cases, if there is one."""
    if joint.file_id is None:
        return {}
    wish = {
        "step": joint.step_code,
        "name": joint.document_name,
        "number": joint.document_number,
        "valid_from": joint.valid_from,
        "valid_until": joint.valid_until,
    }
    return documents.lay_before(some, wish, joint.file_id, joint.file_name)


def _acted(joint: JointAct) -> None:
    """Say once to whoever asked that all of it is done."""
    if joint.finished_at is not None or joint.asked_by is None:
        return
    joint.finished_at = func.now()
    counts = service.counts(joint)
    notices.tell_each(
        [joint.asked_by],
        "joint_act_done",
        values={
            "step": joint.step_name,
            "act": say(f"act.{joint.action}"),
            "done": counts["done"],
            "refused": counts["refused"],
        },
        to=f"/joint-acts/{joint.id}",
    )


def _set_case_aside(run: Run, joint_act_id: int, error: Exception) -> None:
    message = told(error) if isinstance(error, Problem) else failure(error)
    with run.step() as progress:
        rows = service.next_cases(joint_act_id, 1)
        service.answer_cases(
            [{"id": number, "state": "refused", "message": message} for number in rows.values()]
        )
        progress.done += len(rows)
