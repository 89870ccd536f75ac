"""How halls and windows are found: by number, name or pinyin, and by the department there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.pinyin import sort_key
from jinzhu.core.tenancy import current
from jinzhu.standards import words
from jinzhu.standards.finding import found_by, hit
from jinzhu.standards.rollouts import preview_touched
from tenants.hall.models import Assigned, Assignment, Hall, Window, Zone
from tenants.hall.service import holding


@found_by("window", needs="hall.read")
def windows(query: Mapping[str, Any]) -> Row:
    """Find open windows."""
    statement = (
        select(
            Window.id,
            Window.number,
            Window.name,
            Window.kind,
            Hall.name.label("hall_name"),
            Zone.floor,
            Zone.name.label("zone_name"),
        )
        .join(Hall, and_(Hall.tenant_id == Window.tenant_id, Hall.id == Window.hall_id))
        .outerjoin(Zone, and_(Zone.tenant_id == Window.tenant_id, Zone.id == Window.zone_id))
    )
    own = Window.tenant_id == current().tenant_id
    return page_of(
        statement.where(own, Window.closed_on.is_(None), _meant(query["q"])),
        query,
        sortable={
            "best": words.nearness(query["q"], name=Window.name, code=Window.number),
            "hall": Hall.name_key,
            "number": Window.number_key,
        },
        default="best,hall,number",
        last=[Window.id.asc()],
        shape=_window,
    )


def _meant(typed: str) -> ColumnElement[bool]:
    """Return the condition for a number or a name, for its pinyin, or for a department there."""
    there = words.named(typed, names=[Assignment.name], codes=[Assignment.code])
    at_window = select(Assignment.window_id).where(
        Assignment.tenant_id == current().tenant_id,
        Assignment.object == Assigned.DEPARTMENT,
        holding(),
        there,
    )
    told = words.named(typed, names=[Window.name, Hall.name], codes=[Window.number])
    return or_(told, Window.id.in_(at_window), Window.name.in_(_in_pinyin(typed)))


def _in_pinyin(typed: str) -> list[str]:
    """Return the names of windows whose pinyin holds every word; there are few, often repeated."""
    asked = [word.lower() for word in words.words(typed)]
    if not asked or not all(words.is_pinyin(word) for word in asked):
        return []
    names = db.session.scalars(
        select(Window.name).where(Window.tenant_id == current().tenant_id).distinct()
    )
    return [name for name in names if all(word in _spoken(name, word) for word in asked)]


def _spoken(name: str, word: str) -> str:
    """Return the pinyin of a name in full, or its initials where a word is too short for more."""
    syllables = sort_key(name).split()
    short = "".join(part[0] for part in syllables)
    return short if len(word) < words.SHORTEST_PINYIN else f"{short} {''.join(syllables)}"


def _window(row: Row) -> Row:
    place = f"{row['floor']}{row['zone_name']}" if row["zone_name"] else ""
    return hit(
        row["id"],
        row["name"],
        code=row["number"],
        detail=" ".join(part for part in (row["hall_name"], place) if part),
        state=say(f"window_kind.{row['kind']}"),
        to=f"/windows/{row['id']}",
    )


@found_by("hall", needs="hall.read")
def halls(query: Mapping[str, Any]) -> Row:
    """Find open halls."""
    meant = words.named(query["q"], names=[Hall.name, Hall.address], keys=[Hall.name_key])
    statement = select(Hall.id, Hall.name, Hall.kind, Hall.address)
    return page_of(
        statement.where(Hall.tenant_id == current().tenant_id, Hall.closed_on.is_(None), meant),
        query,
        sortable={"name": Hall.name_key},
        default="name",
        last=[Hall.id.asc()],
        shape=_hall,
    )


def _hall(row: Row) -> Row:
    return hit(
        row["id"],
        row["name"],
        detail=row["address"],
        state=say(f"hall_kind.{row['kind']}"),
        to=f"/halls/{row['id']}",
    )


#: A preview counts the windows at which something stands that changes.
preview_touched.BESIDES["windows_touched"] = """
    SELECT DISTINCT x.tenant_id, x.window_id FROM hit
    JOIN window_assignment x ON x.tenant_id = hit.tenant_id AND x.provision_id = hit.provision_id
        AND x.ends_on IS NULL
"""
