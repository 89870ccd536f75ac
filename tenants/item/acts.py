"""The department confirms the handling procedures of its items."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from tenants.item.models import HandlingConfirmation
from tenants.item.service import ASKED, handled


def confirm(wishes: Sequence[Mapping[str, Any]]) -> Row:
    """Confirm the steps of items as they were seen; say how many have changed since or need none.

    Each wish names a record and the mark of the steps that somebody saw.
    """
    seen = {wish["record_id"]: wish["digest"] for wish in wishes}
    rows = handled({}).subquery("handled")
    found = db.session.execute(
        select(rows).where(rows.c.record_id.in_(list(seen)), rows.c.state.in_(ASKED))
    ).all()
    fit = [row for row in found if seen[row.record_id] == row.digest]
    if fit:
        values = [
            {
                "provision_id": row.provision_id,
                "steps": row.steps,
                "edition_id": row.now_under,
            }
            for row in fit
        ]
        db.session.execute(insert(HandlingConfirmation), values)
    return {"confirmed": len(fit), "changed": len(found) - len(fit)}
