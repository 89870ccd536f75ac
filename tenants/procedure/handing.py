"""Hand-over of all that somebody has: to a colleague, or back to the posts that act in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, func, literal, select, text, update

from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.names import names_of
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.core.workflow import Action
from jinzhu.standards import notices
from tenants.procedure import acts, reading, service, workflow
from tenants.procedure.models import Case, CaseAct, CaseStep

#: Everybody of the own center who may act in cases today.
_PEOPLE = text("""
    SELECT DISTINCT a.id, a.name FROM post p
    JOIN account a ON a.id = p.account_id AND a.active
    JOIN role r ON r.code = p.role_code
        AND r.permissions && ARRAY[:proposes, :decides]
    WHERE p.center_id = app.tenant_id() AND p.starts_on <= :day
        AND coalesce(p.ends_on, 'infinity') >= :day
    ORDER BY a.name, a.id
""")


def _handed(*columns: Any) -> Selection:
    """Select the open steps of the cases one sees that were handed to somebody."""
    return (
        select(*columns)
        .join(Case, (Case.tenant_id == CaseStep.tenant_id) & (Case.id == CaseStep.case_id))
        .where(
            *reading.seen(),
            CaseStep.state.in_(workflow.ALIVE),
            CaseStep.assignee_id.is_not(None),
        )
    )


def page() -> Row:
    """Return who has been handed steps, how many, and to whom they could be handed on."""
    lost = func.count().filter(service.gone())
    rows = db.session.execute(
        _handed(CaseStep.assignee_id, func.count().label("steps"), lost.label("gone"))
        .group_by(CaseStep.assignee_id)
        .order_by(lost.desc(), func.count().desc(), CaseStep.assignee_id)
    ).all()
    names = names_of(row.assignee_id for row in rows)
    given = {"proposes": acts.PROPOSES, "decides": acts.DECIDES, "day": today()}
    return {
        "holders": [
            {
                "id": row.assignee_id,
                "name": names.get(row.assignee_id, ""),
                "steps": row.steps,
                "gone": row.gone,
            }
            for row in rows
        ],
        "colleagues": [dict(row._mapping) for row in db.session.execute(_PEOPLE, given)],
    }


def hand_over(wish: Mapping[str, Any]) -> Row:
    """Hand all steps that somebody has to a colleague, or to nobody: back to their posts.

    What the colleague could not act in stays where it is, and is named.

    Raises:
        NotFound: if nothing was handed to that person.
        Invalid: if the colleague is the same person, or nobody who acts in cases here.
    """
    from_id, to_id = wish["from_id"], wish["to_id"]
    _check(from_id, to_id)
    fits = service.could_act(literal(to_id, BigInteger)) if to_id else literal(True)
    found = db.session.execute(
        _handed(CaseStep.id, CaseStep.code, CaseStep.name, Case, fits.label("fits"))
        .where(CaseStep.assignee_id == from_id)
        .order_by(Case.id, CaseStep.id)
        .with_for_update(of=Case)
    ).all()
    if not found:
        raise NotFound(id=from_id)
    handed = [row for row in found if row.fits]
    if handed:
        _write(handed, to_id, (wish["opinion"] or "").strip())
    return {"handed": len(handed), "kept": [_kept(row) for row in found if not row.fits]}


def _check(from_id: int, to_id: int | None) -> None:
    if to_id is None:
        return
    if to_id == from_id:
        raise invalid("to_id", "handover.same", value=to_id, rule="different")
    if to_id not in {one["id"] for one in page()["colleagues"]}:
        raise invalid("to_id", "act.assignee_unknown", value=to_id, rule="choice")


def _write(rows: Sequence[Any], to_id: int | None, opinion: str) -> None:
    """Store the hand-over: the steps, the cases that changed, a line in the trace of each."""
    cases = sorted({row.Case.id for row in rows})
    here = current().tenant_id
    db.session.execute(
        update(CaseStep)
        .where(CaseStep.tenant_id == here, CaseStep.id.in_([row.id for row in rows]))
        .values(assignee_id=to_id)
    )
    db.session.execute(
        update(Case)
        .where(Case.tenant_id == here, Case.id.in_(cases))
        .values(version=Case.version + 1)
    )
    action = Action.DELEGATE.value if to_id else "hand_back"
    db.session.add_all(
        CaseAct(case_id=row.Case.id, step_code=row.code, action=action, opinion=opinion)
        for row in rows
    )
    db.session.flush()
    if to_id and here is not None:
        notices.tell(
            [here],
            "cases_handed",
            values={"n": len(rows)},
            to="/cases?tab=mine",
            needs=acts.PROPOSES,
            account=to_id,
        )


def _kept(row: Any) -> Row:
    return {
        "id": row.Case.id,
        "number": row.Case.number,
        "subject_name": row.Case.subject_name,
        "step_name": row.name,
    }
