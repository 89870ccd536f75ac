"""What is printed of a window: its sign, with a QR code that leads to its public page."""

import segno

from jinzhu.core.db import db
from jinzhu.core.language import LANGUAGES, say, spoken
from jinzhu.core.pages import Row
from jinzhu.hierarchy.models import Center
from jinzhu.portal import pages
from jinzhu.prints import typeset
from jinzhu.workdays import hours, opening
from tenants.hall import acts, service
from tenants.hall.models import Assigned, Window

#: A sign is read from afar: what does not fit is counted.
MOST = 18


def printed(one: Window) -> tuple[bytes, str]:
    """Return the sign of a window as PDF, one sheet A4 across, and the name of the file."""
    with spoken(LANGUAGES[0]):
        shown = sign(one)
        place = [shown["hall"], shown["floor"] and f"{shown['floor']}楼", shown["zone"]]
        values = {
            **shown,
            "title": shown["name"] or shown["kind_label"],
            "place": " · ".join(part for part in place if part),
            "week": list(hours.of_week(shown["weekly"])),
            "qr": segno.make(shown["page_address"], error="m", micro=False).svg_inline(border=2),
            "most": MOST,
        }
    return typeset.pdf("window_sign", values), f"窗口牌 {shown['number']}.pdf"


def sign(one: Window) -> Row:
    """Return what stands on the sign of a window today."""
    hall, center = service.hall(one.hall_id), db.session.get_one(Center, one.tenant_id)
    area = service.zone(one.hall_id, one.zone_id) if one.zone_id else None
    names = acts.names_at(one)
    address = pages.printed_address(f"/{center.code}/windows/{one.id}")
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
        "waiting": acts.waiting_at(one),
        "weekly": opening.week(hall.weekly if one.weekly is None else one.weekly),
        "qr": segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2),
        "page_address": address,
    }
