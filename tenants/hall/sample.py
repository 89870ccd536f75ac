"""The halls of the demo's complete county, built by the same acts as on its pages."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.demo import windows
from jinzhu.demo.province import Hands
from jinzhu.standards.models import Revision
from tenants.hall import acts, service
from tenants.hall.models import Hall, Window

MANAGER, ROLE = "guangan", "center_manager"
SINCE = date(2026, 1, 5)


def build(hands: Hands) -> None:
    """Open the halls, lay them out and say who is at which window; skipped where it is done."""
    for planned in windows.HALLS:
        with hands.at(windows.PLACE, MANAGER, ROLE):
            taken = select(Hall.id).where(
                Hall.tenant_id == current().tenant_id, Hall.name == planned.name
            )
            if db.session.scalar(taken) is None:
                _open(planned)


def _open(planned: windows.Hall) -> None:
    hall = service.open_hall(
        {
            "name": planned.name,
            "kind": planned.kind,
            "department_code": planned.department_code,
            "address": planned.address,
            "phone": planned.phone,
            "floors": planned.floors,
        }
    )
    service.set_week(hall, planned.week)
    opened: dict[str, Window] = {}
    for floor, zone, blocks in planned.zones():
        opened |= _lay_out(hall, floor, zone, blocks)
    items = _items(planned)
    for block in planned.blocks:
        for number in block.numbers:
            acts.assign(
                opened[number].id, since=SINCE, departments=block.codes, items=items[number]
            )


def _lay_out(hall: Hall, floor: str, zone: str, blocks: list[windows.Block]) -> dict[str, Window]:
    """Lay out a zone and open its windows, row by row."""
    numbers = [(number, block) for block in blocks for number in block.numbers]
    rows = -(-len(numbers) // windows.COLUMNS)
    values = {"floor": floor, "name": zone, "columns": windows.COLUMNS, "rows": rows}
    area = service.open_zone(hall, values)
    return {
        number: service.open_window(
            hall,
            {
                "number": number,
                "name": block.name,
                "kind": block.kind,
                "phone": "",
                "zone_id": area.id,
                "x": place % windows.COLUMNS + 1,
                "y": place // windows.COLUMNS + 1,
            },
        )
        for place, (number, block) in enumerate(numbers)
    }


def _items(planned: windows.Hall) -> dict[str, list[int]]:
    """Return the items that each window of a hall takes in, by its number."""
    codes = [code for block in planned.blocks for code in block.codes]
    offered = service.offered("item").where(Revision.department_code.in_(codes))
    found: dict[str, list[int]] = defaultdict(list)
    for row in db.session.execute(offered):
        spot = windows.spot(row.department_code, row.code)
        found[spot.number].append(row.provision_id)
    return found
