"""What a department leaves behind when it goes, and the rules that a center attaches to it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from jinzhu.core.calendar import today
from jinzhu.core.db import add, db
from jinzhu.core.language import say
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.files import service as files
from jinzhu.files.models import StoredFile
from jinzhu.standards.models import Revision
from tenants.department.models import EvaluationRule
from tenants.entry.workflow import Leaver, Left, Settled, hangs, leaving, succeeding
from tenants.hall import service as halls
from tenants.hall.models import Assigned, Assignment, Hall, HallKind, Window

# What hangs on a department or an item


@hangs("windows", Settled.WITH)
def windows_assigned(leaver: Leaver) -> Left:
    """Count the windows at which a department or items of it are, or to which they come."""
    windows, departments, items = assigned(leaver.subject_code, today())
    if not windows:
        return Left(0)
    return Left(windows, say("clearance.windows.detail", departments=departments, items=items))


@hangs("windows", Settled.WITH, on="item")
def windows_of_item(leaver: Leaver) -> Left:
    """Count the windows at which an item is, or to which it comes."""
    numbers = db.session.scalars(
        select(Window.number)
        .where(
            Window.tenant_id == current().tenant_id,
            Window.id.in_(
                select(Assignment.window_id).where(
                    _assigned(Assignment.provision_id == leaver.subject_id, today())
                )
            ),
        )
        .order_by(Window.number_key)
    ).all()
    named = (say("equipment.window", number=number) for number in numbers)
    return Left(len(numbers), "、".join(named))


@hangs("halls", Settled.AFTER)
def halls_of_its_own(leaver: Leaver) -> Left:
    """Count the open halls of a department's own."""
    names = db.session.scalars(
        select(Hall.name)
        .where(
            Hall.tenant_id == current().tenant_id,
            Hall.kind == HallKind.STANDALONE,
            Hall.department_code == leaver.subject_code,
            Hall.closed_on.is_(None),
        )
        .order_by(Hall.id)
    ).all()
    return Left(len(names), "、".join(names))


def assigned(department_code: str, day: date) -> tuple[int, int, int]:
    """Return at how many windows a department is from a day on, and what is assigned there."""
    departments, items = (
        func.count(Assignment.id).filter(Assignment.object == one) for one in Assigned
    )
    found = db.session.execute(
        select(func.count(Assignment.window_id.distinct()), departments, items).where(
            _assigned(Assignment.department_code == department_code, day)
        )
    ).one()
    return found[0], found[1], found[2]


def _assigned(condition: ColumnElement[bool], day: date) -> ColumnElement[bool]:
    return and_(Assignment.tenant_id == current().tenant_id, condition, halls.lasting(day))


def end_assignments(department_code: str, day: date) -> int:
    """Let a department and its items leave all windows on a day; return how many assignments end.

    What was to begin only later is taken back.
    """
    return _end(Assignment.department_code == department_code, day)


def _end(condition: ColumnElement[bool], day: date) -> int:
    ended = db.session.scalars(
        update(Assignment)
        .where(_assigned(condition, day))
        .values(ends_on=func.greatest(Assignment.starts_on, day), ended_by=current().actor_id)
        .returning(Assignment.window_id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        db.session.execute(
            update(Window)
            .where(Window.tenant_id == current().tenant_id, Window.id.in_(set(ended)))
            .values(version=Window.version + 1)
            .execution_options(synchronize_session=False)
        )
        db.session.expire_all()
    return len(ended)


@leaving
def leave_the_windows(leaver: Leaver, day: date) -> None:
    """Whoever leaves the center stands at no window from that day on."""
    if leaver.object == "department":
        end_assignments(leaver.subject_code, day)
    else:
        _end(Assignment.provision_id == leaver.subject_id, day)


@succeeding
def stand_at_the_same_windows(leaver: Leaver, successor: int, day: date) -> None:
    """What takes the place of an item stands at its windows from that day on."""
    if leaver.object != "item":
        return
    standing = _assigned(Assignment.provision_id == leaver.subject_id, day)
    same = ("window_id", "object", "ends_on")
    names = ("provision_id", "code", "name", "department_code")
    newest = select(func.max(Revision.id)).where(Revision.provision_id == successor)
    rows = select(
        *(getattr(Assignment, name) for name in same),
        func.greatest(Assignment.starts_on, day),
        *(getattr(Revision, name) for name in names),
    ).join(Revision, Revision.id == newest.scalar_subquery())
    columns = [*same, "starts_on", *names]
    db.session.execute(insert(Assignment).from_select(columns, rows.where(standing)))
    _end(Assignment.provision_id == leaver.subject_id, day)


# Rules of evaluation that the center itself attaches


def attach_rule(
    subject: Revision, wish: Mapping[str, Any], content: bytes, file_name: str
) -> EvaluationRule:
    """Attach a rule by which a department is evaluated, or all of them are.

    The same again changes nothing, so that it can be sent anew when no answer came.

    Raises:
        Invalid: if it has no name, its validity is out of order, or the file cannot be taken.
    """
    name, since, until = wish["name"].strip(), wish["valid_from"], wish["valid_until"]
    if not name:
        raise invalid("name", "document.unnamed", value=name, rule="required")
    if since is not None and until is not None and until < since:
        raise invalid("valid_until", "document.order", value=str(until), rule="order", day=since)
    given = {
        "provision_id": None if wish["for_all"] else subject.provision_id,
        "name": name,
        "number": wish["number"].strip(),
        "valid_from": since,
        "valid_until": until,
        "file_id": files.store(content, name=file_name).id,
    }
    same = [
        getattr(EvaluationRule, key).is_not_distinct_from(value) for key, value in given.items()
    ]
    there = db.session.scalar(_standing().where(*same).limit(1))
    return there or add(EvaluationRule(file_name=file_name, **given))


def _standing() -> Any:
    return select(EvaluationRule).where(
        EvaluationRule.tenant_id == current().tenant_id, EvaluationRule.withdrawn_at.is_(None)
    )


def find_rule(subject: Revision, rule_id: int) -> EvaluationRule:
    """Return a rule that was attached to a department, or to all of them.

    Raises:
        NotFound: if there is none of this number, or no more.
    """
    concerns = or_(
        EvaluationRule.provision_id == subject.provision_id, EvaluationRule.provision_id.is_(None)
    )
    found: EvaluationRule | None = db.session.scalar(
        _standing().where(EvaluationRule.id == rule_id, concerns)
    )
    if found is None:
        raise NotFound(id=rule_id)
    return found


def withdraw_rule(subject: Revision, rule_id: int) -> None:
    """Take a rule back; it stays in the table with who did and when."""
    rule = find_rule(subject, rule_id)
    rule.withdrawn_at, rule.withdrawn_by = func.now(), current().actor_id
    db.session.flush()


def file_of(rule: EvaluationRule) -> StoredFile:
    """Return the file of a rule."""
    return db.session.get_one(StoredFile, (rule.tenant_id, rule.file_id))
