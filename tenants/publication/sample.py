"""The cases in course in the demo, carried out by the same acts as on its pages."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from jinzhu.core import clock
from jinzhu.core.calendar import as_on, today
from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.demo import entries, papers
from jinzhu.demo.entries import Act, Offered, Paper, Planned
from jinzhu.demo.province import Hands
from jinzhu.standards.claims import in_force, models
from jinzhu.standards.models import Revision
from jinzhu.workdays import service as workdays
from tenants.document import acts as documents
from tenants.entry.sample import planned_cases
from tenants.procedure import acts, beginning
from tenants.procedure.models import Case


def build(hands: Hands) -> None:
    """Begin the cases of each county and bring each as far as it has come; once."""
    for place, who in entries.MANAGERS.items():
        with hands.at(place, *who):
            planned = planned_cases(place)
        for one, subject in planned:
            departments = (one.department,) if one.who[1] == "department_liaison" else None
            with hands.at(place, *one.who, departments=departments):
                _carry_out(one, subject, hands)
    clock.carry_out("app.due_cases", day=today())  # what is late was told on its day


def _carry_out(planned: Planned, subject: Offered, hands: Hands) -> None:
    """Begin a case and do its acts, each on its day; skipped where it was begun."""
    begun = select(Case.id).where(
        Case.tenant_id == current().tenant_id,
        Case.subject_id == subject.provision_id,
        Case.kind == planned.kind,
    )
    if db.session.scalar(begun) is not None:
        return
    day, days = today(), workdays.here()
    with as_on(days.before(day, planned.ago)):
        case = beginning.begin_one(
            _revision(planned.object, subject),
            planned.kind,
            facts=planned.facts,
            reason=planned.reason,
        )
    for one in planned.acts:
        with as_on(days.before(day, one.ago)):
            if one.paper:
                _attach(case, one.paper, day)
            acts.act(case, _wish(one, hands))


def _wish(one: Act, hands: Hands) -> dict[str, Any]:
    said = ("step", "action", "opinion", "on_behalf", "target")
    return {
        **{name: getattr(one, name) for name in said},
        "assignee_id": hands.people.get(one.to),
    }


def _attach(case: Case, paper: Paper, day: date) -> None:
    """Attach a paper that says what it stands for, and that it is of a demonstration."""
    until = None if paper.ends_in is None else day + timedelta(days=paper.ends_in)
    wish = {
        "step": paper.step,
        "name": paper.name,
        "number": paper.number,
        "valid_from": today() if until else None,
        "valid_until": until,
    }
    documents.attach(case, wish, papers.page(), f"{paper.name}（演示）.pdf")


def _revision(kind: str, subject: Offered) -> Revision:
    model = models()[kind]
    statement = in_force(model).with_only_columns(Revision)
    return db.session.scalars(
        statement.where(
            model.tenant_id == current().tenant_id, model.provision_id == subject.provision_id
        )
    ).one()
