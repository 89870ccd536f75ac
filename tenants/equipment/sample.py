"""The special equipment of the demo's complete county, brought in as on its pages."""

from datetime import date
from typing import Any

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.demo import windows
from jinzhu.demo.province import Hands
from jinzhu.standards.models import Revision
from tenants.equipment import service
from tenants.equipment.models import Equipment
from tenants.hall import service as halls

MANAGER, ROLE = "guangan", "center_manager"
SINCE = date(2026, 1, 5)
#: By department: kind, name, how many, whose, number, place.
BROUGHT = {
    "区自然资源和规划局": (
        ("self_service", "不动产自助打印机", 2, "department", "BDC-01、02", "3楼自助服务区"),
        ("printing", "不动产权证书打印机", 1, "department", "BDC-11", "3楼C区证书打印间"),
    ),
    "区公安分局": (
        ("capture", "身份证照相设备", 2, "department", "HZ-01、02", "户政照相间"),
        ("capture", "出入境证件照相设备", 1, "department", "CRJ-01", "出入境照相间"),
        ("reading", "指纹采集仪", 4, "department", "ZW-01 至 04", "户政、出入境窗口"),
    ),
    "广安区税务局": (
        ("self_service", "自助办税终端", 3, "department", "SW-01 至 03", "自助办税区"),
        ("keeping", "发票保管柜", 1, "center", "", "税务后台"),
    ),
    "区人社局": (("printing", "社会保障卡制卡机", 1, "department", "SBK-01", "2楼B区制卡间"),),
}


def build(hands: Hands) -> None:
    """Bring in what departments of the complete county work with; skipped where it is done."""
    with hands.at(windows.PLACE, MANAGER, ROLE):
        kept = select(Equipment.id).where(Equipment.tenant_id == current().tenant_id)
        if db.session.scalar(kept.limit(1)) is not None:
            return
        departments = _departments()
        for name, devices in BROUGHT.items():
            for code in _codes(name) & departments.keys():
                for device in devices:
                    service.bring(departments[code], _wish(device))


def _wish(device: tuple[str | int, ...]) -> dict[str, Any]:
    said = zip(("kind", "name", "quantity", "owner", "serial", "place"), device, strict=True)
    nowhere = dict.fromkeys(("item_id", "hall_id", "window_id"))
    return {**nowhere, "since": SINCE, "remark": "", **dict(said)}


def _departments() -> dict[str, Revision]:
    """Return the departments that the county offers, by code."""
    offered = halls.offered("department").with_only_columns(Revision)
    return {one.code: one for one in db.session.scalars(offered)}


def _codes(name: str) -> set[str]:
    return {
        code
        for hall in windows.HALLS
        for block in hall.blocks
        for department, code in zip(block.departments, block.codes, strict=True)
        if department == name
    }
