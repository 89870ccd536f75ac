"""What the demo's complete county has provided to its departments, and who stands above them."""

from datetime import date

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.tenancy import current
from jinzhu.demo import windows
from jinzhu.demo.province import Hands
from jinzhu.standards.claims import in_force, models
from jinzhu.standards.models import Claim, Revision
from jinzhu.standards.records import bulk
from tenants.support import service as support
from tenants.support.models import SupportLine

MANAGER, ROLE = "guangan", "center_manager"
SINCE = date(2026, 1, 5)
#: Departments with a list, by their codes' place in the county's halls; the last one has a gap.
LISTED = ("区人社局", "区医疗保障局", "区民政局", "区司法局", "广安区税务局", "区公安分局")
OPEN = "好差评评价器"
LINE = {"personnel_held": "line", "funds_held": "line", "assessment_held": "line"}
BLOCK = {"personnel_held": "block", "funds_held": "block", "assessment_held": "block"}
HELD = {"vertical": LINE, "dual": BLOCK}


def build(hands: Hands) -> None:
    """Name who stands above a department, and keep lists of services; skipped where it is done."""
    with hands.at(windows.PLACE, MANAGER, ROLE):
        kept = select(SupportLine.id).where(SupportLine.tenant_id == current().tenant_id)
        if db.session.scalar(kept.limit(1)) is not None:
            return
        departments = _departments()
        _above(departments)
        codes = [code for name in LISTED for code in _codes(name)]
        for one in departments:
            if one.code in codes:
                _provided(one, whole=one.code != codes[-1])


def _departments() -> list[Revision]:
    model = models()["department"]
    return list(
        db.session.scalars(
            in_force(model)
            .with_only_columns(Revision)
            .where(model.tenant_id == current().tenant_id, model.claim == Claim.OFFERED)
            .order_by(Revision.code)
        )
    )


def _codes(name: str) -> list[str]:
    return [
        code
        for hall in windows.HALLS
        for block in hall.blocks
        for department, code in zip(block.departments, block.codes, strict=True)
        if department == name
    ]


def _above(departments: list[Revision]) -> None:
    """Say who stands above the departments of a line, and who holds what of them."""
    given = {
        one.provision_id: {
            "superior": f"广安市{one.name}（演示）",
            "business_held": "line",
            **HELD[class_],
        }
        for one in departments
        if (class_ := one.content["department_class"]) in HELD
    }
    bulk.set_local_many("department", given)


def _provided(one: Revision, *, whole: bool) -> None:
    """Provide a department with what the usual list names as needed; perhaps all but one."""
    support.begin(one)
    center = current().tenant_id
    assert center is not None
    lines = support.lines_of(one.provision_id, center_id=center)
    ids = [line.id for line in lines if line.required and (whole or line.name != OPEN)]
    support.provide(one, ids, day=SINCE, by="", remark="")
