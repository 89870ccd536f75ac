"""The layer of a demo city: 广安市 answers some applications sooner than the province asks.

It leaves alone what its counties have tightened themselves, so that it opens no conflict there.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from typing import Any

from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.demo.guide import SEED
from jinzhu.demo.local import quicker_steps
from jinzhu.standards.amendments import amendments
from jinzhu.standards.claims import models
from jinzhu.standards.editions import amendment_view, editions, publication
from jinzhu.standards.models import Revision, Rollout
from jinzhu.standards.rollouts import rollouts

CITY, MANAGER, ROLE = "511600", "guangan-city", "city_manager"
SOONER, DRAFTED = 24, 3
#: What is promised sooner had at least this many working days.
LONG = 5
TITLE, NEXT = "广安市2026年提速修订（演示）", "广安市2027年修订（演示）"

At = Callable[..., AbstractContextManager[None]]


def build(at: At, standard_id: int, *, tenant_id: int) -> None:
    """Publish the amendment, roll it out, and begin the next one; each unless it is there."""
    with at(reach=Reach.SUBTREE):
        taken = _tightened_below()
    with at():
        published = amendments.read(standard_id)["latest"]
        edition_id = published["id"] if published else _publish(standard_id, taken)
        rollout_id = db.session.scalar(
            select(Rollout.id).where(Rollout.edition_id == edition_id)
        ) or rollouts.start(edition_id, centers="all", reason="全市统一提速（演示）")
    rollouts.run_now(rollout_id, tenant_id=tenant_id)
    with at():
        if amendments.read(standard_id)["draft"] is None:
            _draft(standard_id, taken)


def _tightened_below() -> set[int]:
    """Return the items for which a center of the city has a limit of its own."""
    item = models()["item"]
    return set(
        db.session.scalars(
            select(item.provision_id).where(item.local.has_key("committed_limit")).distinct()
        )
    )


def _items(draft: int, taken: set[int]) -> list[Any]:
    """Return the items that can be promised sooner, in an order of their own."""
    layered = amendment_view.Layered(*amendment_view.find(draft))
    limit = Revision.content["committed_limit"]
    found = db.session.execute(
        layered.select(
            Revision.code,
            limit.as_integer().label("limit"),
            Revision.content["steps"].label("steps"),
        ).where(
            Revision.kind == "item",
            limit.as_integer() >= LONG,
            Revision.rules["committed_limit"]["rule"].as_string() == "at_most",
            Revision.provision_id.not_in(taken or {0}),
        )
    ).all()
    listed = sorted(found, key=lambda row: row.code)
    return Random(f"{SEED}:{CITY}").sample(listed, min(len(listed), SOONER + DRAFTED))


def _sooner(row: Any) -> editions.Entry:
    limit = row.limit * 4 // 5
    said = {"committed_limit": limit, **quicker_steps(limit, row.steps or [])}
    return "item", row.code, said, {}, {}


def _publish(standard_id: int, taken: set[int]) -> int:
    draft: int = amendments.begin(standard_id, title=TITLE)["draft"]["id"]
    editions.put_many(draft, [_sooner(row) for row in _items(draft, taken)[:SOONER]])
    publication.publish(draft)
    return draft


def _draft(standard_id: int, taken: set[int]) -> None:
    draft = amendments.begin(standard_id, title=NEXT)["draft"]["id"]
    entries = [_sooner(row) for row in _items(draft, taken)[SOONER:]]
    if entries:
        editions.put_many(draft, entries)
