"""What tests of exemptions ask for, and how a record then reads."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.standards.models import Revision
from jinzhu.standards.receiving import exemptions
from jinzhu.standards.records import records
from tenants.item.models import Item

PAGE = {"state": "", "provision_id": None, "q": "", "sort": "", "page": 1, "per_page": 20}
PINS = {"reason": "", "soon": False, "q": "", "sort": "", "page": 1, "per_page": 20}
UNTIL = today() + timedelta(days=90)
WISH = {
    "category": "waiver",
    "reason": "窗口只有两人",
    "wanted_until": UNTIL,
    "value": None,
}


def number_of(code: str) -> int:
    """Return the number of a provision."""
    return db.session.scalars(select(Revision.provision_id).where(Revision.code == code)).first()


def own(code: str) -> Item:
    """Return the own row on a provision."""
    return db.session.scalars(select(Item).where(Item.provision_id == number_of(code))).one()


def shown(code: str, name: str, center: int) -> dict[str, Any]:
    """Return a field of a record as its center reads it."""
    record = records.read("item", own(code).id, center_id=center)
    return next(field for field in record["fields"] if field["name"] == name)


def ask(code: str, field: str, **more: Any) -> int:
    """Ask for leave."""
    return exemptions.ask("item", own(code).id, field, **{**WISH, **more})
