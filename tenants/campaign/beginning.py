"""Asking for a campaign or a joint act: what is chosen, what would come of it, and the start."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, cast, func

from jinzhu.core import language
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Problem, invalid, told
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import narrowed
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Revision
from jinzhu.standards.own import own_sheet
from tenants.campaign import acts, jobs, service
from tenants.campaign.models import HERE, Campaign, CampaignItem, JointAct, Outcome
from tenants.entry.models import NOT_ENTERED, Entry, EntryState
from tenants.procedure import beginning as cases
from tenants.procedure.beginning import CaseRunning, Wish

#: Rows of one campaign.
MOST = 2000
#: States that are chosen in one word.
PRESENT = {HERE: (EntryState.ENTERED.value, EntryState.SUSPENDED.value)}
#: What the column of codes may be called in a list.
HEADS = ("编码", "事项编码", "部门编码", "基本编码", "代码", "code")
#: So many lines at the top may be titles before the line that names the columns.
MOST_TITLES = 10


@dataclass(slots=True)
class Line:
    """A row of a campaign to be: what it is about, or why nothing can be begun for it."""

    place: int
    code: str
    subject: Revision | None = None
    why: str = ""


def listed(content: bytes) -> list[Row]:
    """Return the codes of a list, each with the number of its row.

    Raises:
        Invalid: if the file cannot be read, or has no column of codes.
    """
    lines = own_sheet.lines(content)
    for place, (_, cells) in enumerate(lines[:MOST_TITLES]):
        heads = [cell.lower() for cell in cells]
        if named := [head for head in HEADS if head in heads]:
            column = heads.index(named[0])
            return list(_codes(lines[place + 1 :], column))
    if lines and max(len(cells) for _, cells in lines) == 1:
        return list(_codes(lines, 0))
    raise invalid("file", "campaign.no_codes", rule="columns", heads="、".join(HEADS[:3]))


def _codes(lines: Sequence[own_sheet.Line], column: int) -> Iterator[Row]:
    for number, cells in lines:
        if column < len(cells) and cells[column].strip():
            yield {"row": number, "code": cells[column].strip()[:64]}


def chosen(wish: Mapping[str, Any]) -> list[Line]:
    """Return what a campaign is about, in order: what was listed, or what the filters find.

    Raises:
        Invalid: if that is nothing, or more than one campaign holds.
    """
    lines = _by_code(wish) if wish["codes"] else _by_filter(wish)
    if not lines:
        raise invalid("object", "campaign.nothing_chosen", rule="required")
    if len(lines) > MOST:
        raise invalid("object", "campaign.too_many", value=len(lines), rule="at_most", most=MOST)
    return lines


def _by_filter(wish: Mapping[str, Any]) -> list[Line]:
    standing = and_(
        Entry.tenant_id == current().tenant_id,
        Entry.subject_id == Revision.provision_id,
        Entry.until.is_(None),
    )
    statement = service.offered(wish["object"]).outerjoin(Entry, standing)
    if wish["state"]:
        state = func.coalesce(cast(Entry.state, Text), NOT_ENTERED)
        statement = statement.where(state.in_(PRESENT.get(wish["state"], (wish["state"],))))
    if wish["departments"]:
        own = Revision.code if wish["object"] == "department" else Revision.department_code
        statement = statement.where(own.in_(wish["departments"]))
    if wish["without"]:
        statement = statement.where(Revision.provision_id.not_in(wish["without"]))
    narrow = {"item_type": wish["item_type"], "q": wish["q"]}
    found = db.session.scalars(
        narrowed(statement, narrow)
        .order_by(Revision.department_code, Revision.name_key, Revision.provision_id)
        .limit(MOST + 1)
    )
    return [Line(place, one.code, one) for place, one in enumerate(found, 1)]


def _by_code(wish: Mapping[str, Any]) -> list[Line]:
    codes = [one["code"] for one in wish["codes"]]
    found = db.session.scalars(service.offered(wish["object"]).where(Revision.code.in_(codes)))
    known = {one.code: one for one in found}
    left_out, seen = set(wish["without"]), set[str]()
    lines = []
    for one in wish["codes"]:
        line = Line(one["row"], one["code"], known.get(one["code"]))
        if line.subject is None:
            line.why = "unknown"
        elif line.code in seen:
            line.subject, line.why = None, "twice"
        elif line.subject.provision_id in left_out:
            continue
        seen.add(line.code)
        lines.append(line)
    return lines


def preview(wish: Mapping[str, Any]) -> Row:
    """Return what would come of a campaign as things stand now; nothing is stored.

    Raises:
        Invalid: as in `chosen`; or if a reason is needed, or a fact means nothing.
    """
    cases.check(wish)
    lines = chosen(wish)
    subjects = [line.subject for line in lines if line.subject is not None]
    ways = cases.beginnable(
        subjects, Wish(wish["kind"], wish["facts"], wish["reason"], wish["procedure"])
    )
    names = departments_around(current().tenant_id or 0)
    rows = [_previewed(line, ways, names) for line in lines]
    outcomes = Counter(row["outcome"] for row in rows)
    whys = Counter(row["why"] for row in rows if row["why"])
    under = Counter(row["procedure"] for row in rows if row["procedure"])
    return {
        "total": len(rows),
        "departments": len({row["department_code"] for row in rows if row["department_code"]}),
        "begin": outcomes["begin"],
        "running": outcomes["running"],
        "refused": outcomes["refused"],
        "procedures": [{"name": name, "count": count} for name, count in under.most_common()],
        "reasons": [
            {"why": why, "label": service.called(why), "count": count}
            for why, count in whys.most_common()
        ],
        "rows": rows,
    }


def _previewed(line: Line, ways: Mapping[int, Any], names: Mapping[str, str]) -> Row:
    row: Row = {
        "row": line.place,
        "id": None,
        "code": line.code,
        "name": "",
        "department_code": "",
        "department_name": "",
        "outcome": "running" if line.why == "twice" else "refused",
        "procedure": "",
        "why": line.why,
        "message": say(f"campaign.row.{line.why}") if line.why else "",
    }
    if line.subject is None:
        return row
    subject, way = line.subject, ways[line.subject.provision_id]
    own = _department(subject)
    row |= {"id": subject.provision_id, "name": subject.name, "department_code": own}
    row["department_name"] = names.get(own, own)
    if not isinstance(way, Problem):
        return row | {"outcome": "begin", "procedure": way.revision.name}
    outcome = "running" if isinstance(way, CaseRunning) else "refused"
    return row | {"outcome": outcome, "why": service.sort_of(way), "message": told(way)}


def _department(subject: Revision) -> str:
    return subject.code if subject.kind == "department" else subject.department_code or ""


def start(wish: Mapping[str, Any]) -> Campaign:
    """Store a campaign with all its rows, and let its job begin the cases.

    Raises:
        Invalid: as in `preview`.
    """
    cases.check(wish)
    lines = chosen(wish)
    own = current().departments
    campaign = add(
        Campaign(
            name=wish["name"].strip(),
            object=wish["object"],
            kind=wish["kind"],
            procedure_code=wish["procedure"],
            facts=dict(wish["facts"]),
            reason=wish["reason"].strip(),
            departments=None if own is None else list(own),
            language=language.current(),
        )
    )
    db.session.add_all([_row(campaign, line) for line in lines])
    campaign.job_id = jobs.begin_cases.later(campaign_id=campaign.id)
    db.session.flush()
    return campaign


def _row(campaign: Campaign, line: Line) -> CampaignItem:
    subject = line.subject
    return CampaignItem(
        campaign_id=campaign.id,
        place=line.place,
        code=line.code,
        name=subject.name if subject else "",
        department_code=_department(subject) if subject else "",
        subject_id=subject.provision_id if subject else None,
        state=_standing(line),
        why=line.why,
        message=say(f"campaign.row.{line.why}") if line.why else "",
    )


def _standing(line: Line) -> Outcome:
    """Return how a row begins; what stands in the list twice is under way by its first row."""
    known = {"": Outcome.PENDING, "twice": Outcome.RUNNING}
    return known.get(line.why, Outcome.REFUSED)


def again(campaign_id: int) -> Campaign:
    """Begin what a campaign has not begun: what was refused, or left when it was stopped.

    Raises:
        NotLeading, StillRunning, Invalid: as in `service.take_again`.
    """
    campaign = service.find(campaign_id, lock=True)
    service.take_again(campaign)
    campaign.job_id = jobs.begin_cases.later(campaign_id=campaign.id)
    db.session.flush()
    return campaign


def act(wish: Mapping[str, Any], file: tuple[bytes, str] | None) -> JointAct:
    """Store one act in many cases, and let its job carry it out.

    Raises:
        Invalid: as in `acts.ask`.
    """
    joint = acts.ask(wish, file)
    joint.job_id = jobs.act_in_cases.later(joint_act_id=joint.id)
    db.session.flush()
    return joint


def act_again(joint_act_id: int) -> JointAct:
    """Act in the cases in which it was refused, or left when it was stopped.

    Raises:
        NotLeading, StillRunning, Invalid: as in `service.take_again`.
    """
    joint = service.find_act(joint_act_id, lock=True)
    service.take_again(joint)
    joint.job_id = jobs.act_in_cases.later(joint_act_id=joint.id)
    db.session.flush()
    return joint
