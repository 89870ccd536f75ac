"""What is printed of a window: its sign, with a QR code.

There is no public page of a window yet, so the code holds the words by which it is found: center,
hall and number.  Where a page comes to be, its address takes their place.
"""

import segno
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.pinyin import sort_key
from jinzhu.hierarchy.models import Center
from jinzhu.workdays import opening
from tenants.hall import service
from tenants.hall.models import Assigned, Assignment, Window


def sign(one: Window) -> Row:
    """Return what stands on the sign of a window today."""
    hall, center = service.hall(one.hall_id), db.session.get_one(Center, one.tenant_id)
    area = service.zone(one.hall_id, one.zone_id) if one.zone_id else None
    names = _names(one)
    words = say(
        "window.qr", center=center.name, hall=hall.name, number=one.number, code=center.code
    )
    return {
        "center": center.name,
        "hall": hall.name,
        "address": hall.address,
        "phone": one.phone or hall.phone,
        "floor": area.floor if area else None,
        "zone": area.name if area else None,
        "number": one.number,
        "name": one.name,
        "kind_label": say(f"window_kind.{one.kind}"),
        "departments": names[Assigned.DEPARTMENT],
        "items": names[Assigned.ITEM],
        "weekly": opening.week(hall.weekly if one.weekly is None else one.weekly),
        "qr": segno.make(words, error="m", micro=False).svg_data_uri(scale=4, border=2),
        "qr_text": words,
    }


def _names(one: Window) -> dict[Assigned, list[str]]:
    """Return the names of what is at a window today, in the order of their sounds."""
    rows = db.session.execute(
        select(Assignment.object, Assignment.name).where(
            Assignment.tenant_id == one.tenant_id,
            Assignment.window_id == one.id,
            service.holding(),
        )
    ).all()
    return {
        kind: sorted({row.name for row in rows if row.object is kind}, key=sort_key)
        for kind in Assigned
    }
