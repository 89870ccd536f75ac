"""What is printed of a case: four forms, filled in from it, that are signed and sealed on paper.

What the center itself issues can be attached in the same go, as the document its step asks for.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from jinzhu.core.calendar import CHINA, today
from jinzhu.core.db import db
from jinzhu.core.language import LANGUAGES, say, spoken
from jinzhu.core.pages import Row
from jinzhu.core.problems import Conflict, NotFound
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Step
from jinzhu.hierarchy.models import Center
from jinzhu.prints import typeset
from jinzhu.standards.claims import effective, in_force, models
from tenants.document import acts
from tenants.document.models import POWER_OF_ATTORNEY, CaseDocument
from tenants.entry.acts import since
from tenants.entry.models import Entry
from tenants.procedure import reading
from tenants.procedure import service as cases
from tenants.procedure.models import Case, CaseState
from tenants.procedure.workflow import standing


@dataclass(frozen=True, slots=True)
class Form:
    """A form: what it is called, which cases it is of, and whether the center issues it."""

    name: str
    objects: tuple[str, ...]
    kinds: tuple[str, ...]
    issued: bool = True

    def fits(self, case: Case) -> bool:
        """Say whether a case is one of those that the form is made for."""
        return case.object in self.objects and case.kind in self.kinds


BOTH = ("department", "item")
#: By its name in the address, which is that of its template.
FORMS = {
    "power_of_attorney": Form(
        POWER_OF_ATTORNEY, ("department",), ("entry", "adjustment"), issued=False
    ),
    "entry_notice": Form("进驻通知书", BOTH, ("entry",)),
    "item_form": Form("事项进驻确认表", ("item",), ("entry",)),
    "exit_notice": Form("退出通知书", BOTH, ("exit",)),
}


class NotDecided(Conflict):
    """What the center issues is printed once it has been decided."""

    code = "not_decided"


#: What the form of an item says of it.
ITEM = (
    "item_type",
    "legal_basis",
    "statutory_limit",
    "committed_limit",
    "address",
    "consult_phone",
)


def forms_of(case: Case) -> Row:
    """Return the forms that can be printed for a case, and the step that each is issued in."""
    rows = []
    for code, form in FORMS.items():
        if form.fits(case):
            step, why_not = _issued_in(case, form), _undecided(case, form)
            found = {"form": code, "name": form.name, "step": step.code if step else ""}
            rows.append({**found, "why_not": why_not})
    return {"rows": rows}


def _issued_in(case: Case, form: Form) -> Step | None:
    """Return the step in which the center issues a form; None if no step asks for it."""
    steps = cases.steps_of(case).steps if form.issued else ()
    return next((step for step in steps if step.document == form.name), None)


def _undecided(case: Case, form: Form) -> str:
    """Return why a form cannot be printed yet; '' if it can.

    What the center issues says that something is so: it is there when the case has come to the
    step that issues it, or else when the case is finished.
    """
    if not form.issued or case.state is CaseState.FINISHED:
        return ""
    if case.state is not CaseState.RUNNING:
        return say("document.came_to_nothing", name=form.name)
    step = _issued_in(case, form)
    if step is None:
        return say("document.not_finished", name=form.name)
    course = standing(cases.rows_of(case))
    if step.code in course.open | course.done:
        return ""
    return say("document.not_decided", name=form.name, step=step.name)


def printed(case: Case, code: str) -> tuple[bytes, str]:
    """Return a form filled in from a case, as PDF, and the name of the file.

    Raises:
        NotFound: if there is no such form, or it is not made for such a case.
        NotDecided: if the case has not come to where the center issues it.
    """
    form = _form(case, code)
    if why := _undecided(case, form):
        raise NotDecided(why=why)
    with spoken(LANGUAGES[0]):
        values = _values(case)
    return typeset.pdf(code, values), f"{form.name} {case.number}.pdf"


def issue(case: Case, code: str) -> CaseDocument:
    """Print a form and attach it as the document of the step that asks for it.

    Raises:
        NotFound: as in `printed`; and if the center does not issue it in this case.
    """
    found = next((one for one in forms_of(case)["rows"] if one["form"] == code), None)
    if found is None or not found["step"]:
        raise NotFound(form=code)
    content, file_name = printed(case, code)
    wish = {
        "step": found["step"],
        "name": found["name"],
        "number": case.number,
        "valid_from": None,
        "valid_until": None,
    }
    return acts.attach(case, wish, content, file_name)


def _form(case: Case, code: str) -> Form:
    form = FORMS.get(code)
    if form is None or not form.fits(case):
        raise NotFound(form=code)
    return form


def _values(case: Case) -> Row:
    """Return what the forms say of a case."""
    shown = reading.document(case)
    facts = case.facts
    return {
        "center": db.session.get_one(Center, current().tenant_id).name,
        "number": case.number,
        "printed": _day(today()),
        "object": case.object,
        "subject": case.subject_name,
        "subject_code": case.subject_code,
        "department": shown["department_name"],
        "department_code": case.department_code,
        "mode": say(f"choice.presence_mode.{facts.get('mode') or 'resident'}"),
        "effective_on": _day(_effective_on(case)),
        "reason": case.reason,
        "procedure": shown["procedure"]["name"],
        "standard": shown["procedure"]["standard"],
        "edition": shown["procedure"]["edition_number"],
        "decided": [line["on_behalf"] for line in shown["trace"] if line["on_behalf"]],
        "trace": [_line(line) for line in shown["trace"] if line["action"] == "approve"],
        "item": _item(case) if case.object == "item" else {},
    }


def _effective_on(case: Case) -> date:
    """Return from when it holds what a case brings about, or has brought about."""
    begun = select(Entry.since).where(
        Entry.tenant_id == case.tenant_id,
        Entry.case_id == case.id,
        Entry.subject_id == case.subject_id,
    )
    return db.session.scalar(begun) or since(case)


def _line(line: Row) -> Row:
    """Return an approval as the form of an item tells it."""
    said = "；".join(part for part in (line["on_behalf"], line["opinion"]) if part)
    day = _day(line["at"].astimezone(CHINA).date())
    return {"step": line["step_name"], "who": line["who"], "opinion": said or "通过", "day": day}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _item(case: Case) -> Row:
    """Return what the center shows of an item now: the standard's values and its own."""
    model: Any = models()["item"]
    row = db.session.execute(
        in_force(model)
        .with_only_columns(*(effective(model, name).label(name) for name in ITEM))
        .where(model.tenant_id == case.tenant_id, model.provision_id == case.subject_id)
    ).one()
    found = dict(row._mapping)
    kind = found["item_type"]
    return {**found, "type": say(f"choice.item_type.{kind}") if kind else ""}
