"""What time does to publications: objections are told of, and last days counted anew."""

from datetime import date

from sqlalchemy import select, text

from jinzhu.core import clock
from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.standards import notices
from jinzhu.workdays.jobs import counts_days
from tenants.publication.models import Objection, Publication

#: A publication lasts as long as the step that waits for it, also when its days are counted anew.
_PUT_RIGHT = text("""
    UPDATE publication p SET until_on = greatest(s.due_on, p.from_on) FROM case_step s
    WHERE s.tenant_id = p.tenant_id AND s.case_id = p.case_id AND s.code = p.step_code
        AND s.round = p.round AND p.state = 'running' AND s.due_on <> p.until_on
""")


@clock.due("app.due_objections")
def tell_of_objections(*, day: date) -> None:
    """Tell in the own center what the public has objected to.

    Whoever objects is nobody here and tells nobody anything: the clock does.
    """
    found = db.session.execute(
        select(Objection, Publication)
        .join(
            Publication,
            (Publication.tenant_id == Objection.tenant_id)
            & (Publication.id == Objection.publication_id),
        )
        .where(Objection.tenant_id == current().tenant_id, Objection.told.is_(False))
        .order_by(Objection.id)
        .with_for_update(of=Objection)
    ).all()
    for objection, about in found:
        _tell(objection, about)
        objection.told = True


def _tell(objection: Objection, about: Publication) -> None:
    """Tell the department, and with it whoever runs the center and sees every department."""
    notices.tell(
        [objection.tenant_id],
        "objection_received",
        values={
            "number": objection.number,
            "name": about.subject_name,
            "day": str(about.until_on),
        },
        to=f"/publications/{about.id}",
        needs="procedure.propose",
        department=about.department_code,
    )


@counts_days
def recount() -> int:
    """Count the last days of publications anew by their steps.  Needs the reach PUSH.

    After the steps themselves, which are put right by what this package builds on.
    """
    result = db.session.execute(_PUT_RIGHT)
    return int(getattr(result, "rowcount", 0))
