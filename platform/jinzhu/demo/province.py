"""Build the demo province: Sichuan, its catalogue in three editions, and what its centers answer.

Every step is one transaction and is skipped where it has been done, so that a start that was
interrupted goes on where it stopped.  A province that is not the demo's own is never touched.
"""

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from flask import Flask
from sqlalchemy import Connection, select, text

from jinzhu import modules
from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from jinzhu.demo import accounts, amendment, catalogue, changes, lines, local
from jinzhu.demo.catalogue import Entry
from jinzhu.demo.changes import Changes
from jinzhu.demo.local import PLACES, Duty, Place
from jinzhu.hierarchy import provinces
from jinzhu.identity.roles import ROLES
from jinzhu.migrate import owner_engine
from jinzhu.standards.claims import models
from jinzhu.standards.editions import editions, publication, review_rules
from jinzhu.standards.models import Revision, Rollout, RolloutState, Standard
from jinzhu.standards.records import bulk, duties
from jinzhu.standards.rollouts import rollouts

DIVISION, AUTHOR = "510000", "province"
CODE, NAME = "SC-CATALOGUE", "四川省政务服务事项基本目录"
#: Two starts at once wait for each other.
LOCK = 7204
LONGEST_PUSH = 120.0  # seconds

_ALONE = text("SELECT pg_advisory_lock(:key)")
_ANY_PROVINCE = text("SELECT count(*) > 0 FROM center WHERE level = 'province'")
_CENTERS = text("SELECT code, id FROM center")


@dataclass(frozen=True, slots=True)
class Hands:
    """Who acts in the demo, and where: numbers by user name and by code of the center."""

    people: dict[str, int]
    centers: dict[str, int]

    def at(
        self,
        center: str,
        username: str,
        role: str,
        *,
        reach: Reach = Reach.OWN,
        departments: tuple[str, ...] | None = None,
    ) -> AbstractContextManager[None]:
        """Open a unit of work of a person at a center, perhaps for some departments only."""
        return work(
            Scope(
                self.centers[center],
                actor_id=self.people[username],
                permissions=frozenset(ROLES[role]),
                departments=departments,
                reach=reach,
                action="demo",
            )
        )

    def province(self) -> AbstractContextManager[None]:
        """Open a unit of work of the standards officer."""
        return self.at(DIVISION, AUTHOR, "standards_officer")


def build(app: Flask) -> bool:
    """Build the demo province; return False where there is a province already."""
    engine = owner_engine(app.config["SETTINGS"])
    try:
        with engine.connect() as owner:
            owner.execute(_ALONE, {"key": LOCK})
            if not needed(owner):
                return False
            _begin(owner)
            hands = _hands(owner)
            owner.commit()
            with app.app_context():
                _fill(hands)
            # The planner has not seen the tables full, and would read them row by row.
            owner.execute(text("ANALYZE"))
            accounts.open_all(owner)
            owner.commit()
    finally:
        engine.dispose()
    return True


def needed(owner: Connection) -> bool:
    """Say whether there is no province yet, or one that an interrupted start left unfinished."""
    return accounts.waiting(owner) or not owner.scalar(_ANY_PROVINCE)


def _begin(owner: Connection) -> None:
    """Plant the centers and write the accounts, unless an interrupted start did."""
    if not accounts.waiting(owner):
        provinces.create(owner, DIVISION)
        accounts.store(owner)


def _hands(owner: Connection) -> Hands:
    centers = {row.code: row.id for row in owner.execute(_CENTERS)}
    return Hands(accounts.numbers(owner), centers)


def _fill(hands: Hands) -> None:
    """Publish, push, answer; then publish and push the edition that opens conflicts."""
    first, second, draft = changes.editions()
    _push(hands, _published(hands, first, number=1), reason="首次发布，全省统一执行（演示）")
    for place in PLACES:
        _answer(hands, place)
    _push(hands, _published(hands, second, number=2), reason="压缩承诺时限（演示）")
    for place in PLACES:
        if place.share == 1:
            _answer(hands, place)
    _drafted(hands, draft)
    _reviewed(hands)
    _amend(hands)
    _line(hands)
    for record_type in modules.load("sample"):
        record_type.build(hands)


def _line(hands: Hands) -> None:
    """Let a line push a standard of its own, and a county offer what no standard knows."""
    lines.build(
        partial(hands.at, DIVISION, lines.OFFICER, lines.ROLE, departments=(lines.LINE,)),
        partial(hands.at, lines.COUNTY, lines.MANAGER, "center_manager"),
        hands.centers,
        province=hands.centers[DIVISION],
    )


def _amend(hands: Hands) -> None:
    """Let a city make some of it tighter."""
    with hands.province():
        standard_id = _standard()
    at = partial(hands.at, amendment.CITY, amendment.MANAGER, amendment.ROLE)
    amendment.build(at, standard_id, tenant_id=hands.centers[amendment.CITY])


def _standard() -> int:
    standing = db.session.scalar(select(Standard.id).where(Standard.code == CODE))
    return standing or editions.create_standard(code=CODE, name=NAME)


def _published(hands: Hands, edition: Changes, *, number: int) -> int:
    """Write and publish an edition, unless it is there."""
    with hands.province():
        standard_id = _standard()
        latest = editions.latest(standard_id)
        if latest and (latest.number or 0) >= number:
            return latest.id
        edition_id = _written(standard_id, edition, hands)
        publication.publish(edition_id)
        return edition_id


def _written(standard_id: int, edition: Changes, hands: Hands) -> int:
    edition_id = editions.open_draft(standard_id, title=edition.title)
    editions.put_many(edition_id, [_placed(entry, hands) for entry in edition.put])
    for code in edition.remove:
        editions.remove(edition_id, "item", code)
    return edition_id


def _placed(entry: Entry, hands: Hands) -> Entry:
    """Return a provision with the places it is meant for by their numbers, not their codes."""
    kind, code, content, rules, applies = entry
    if "regions" in applies:
        applies = {**applies, "regions": [hands.centers[one] for one in applies["regions"]]}
    return kind, code, content, rules, applies


def _drafted(hands: Hands, edition: Changes) -> None:
    """Leave the next edition as a draft, unless there is one."""
    with hands.province():
        standard_id = _standard()
        try:
            _written(standard_id, edition, hands)
        except editions.DraftOpen:
            return


def _reviewed(hands: Hands) -> None:
    """From here on a second officer of the province approves each edition."""
    with hands.province():
        standard = db.session.get_one(Standard, _standard())
        review_rules.require(standard.id, reviewed=True, version=standard.version)


def _push(hands: Hands, edition_id: int, *, reason: str) -> None:
    """Roll an edition out to every center and wait for the end."""
    with hands.province():
        rollout_id = db.session.scalar(
            select(Rollout.id).where(Rollout.edition_id == edition_id)
        ) or rollouts.start(edition_id, centers="all", reason=reason)
    rollouts.run_now(rollout_id, tenant_id=hands.centers[DIVISION])
    _await_end(hands, rollout_id)


def _await_end(hands: Hands, rollout_id: int) -> None:
    """Wait for a worker that was faster than we were and is carrying the roll-out out itself."""
    until = time.monotonic() + LONGEST_PUSH
    while time.monotonic() < until:
        with hands.province():
            state = rollouts.find(rollout_id).state
        if state not in (RolloutState.QUEUED, RolloutState.RUNNING):
            return
        time.sleep(0.2)
    raise TimeoutError(f"the roll-out {rollout_id} of the demo has not ended")


def _answer(hands: Hands, place: Place) -> None:
    """Answer what is open at a center, as far as this center has come."""
    center_id = hands.centers[place.code]
    role = "center_manager" if place.code[4:] != "00" else "city_manager"
    with hands.at(place.code, place.username, role):
        if place.share < 1 and _has_begun():
            return
        departments = _open("department", center_id)
        items = _open("item", center_id)
        dealt_with = local.answered_departments(place, departments + items)
        _enter([duty for duty in departments if duty.code in dealt_with], place)
        _claim([duty for duty in items if duty.department_code in dealt_with], place)


def _has_begun() -> bool:
    return db.session.scalar(select(models()["item"].id).limit(1)) is not None


def _open(kind: str, center_id: int) -> list[Duty]:
    """Return the duties of a center that have no answer."""
    rows = db.session.execute(
        duties.due(kind, center_id)
        .with_only_columns(Revision.provision_id, Revision.code, Revision.content)
        .where(models()[kind].id.is_(None))
        .order_by(Revision.code)
    )
    return [
        Duty(
            row.provision_id,
            row.code,
            row.content.get("department_code", row.code),
            row.content.get("main_item", ""),
            row.content,
        )
        for row in rows
    ]


def _enter(departments: list[Duty], place: Place) -> None:
    """Let departments enter, with their local values."""
    codes = catalogue.credit_codes() if place.credit_codes else {}
    bulk.claim_many("department", [duty.provision_id for duty in departments], claim="offered")
    bulk.set_local_many(
        "department",
        {
            duty.provision_id: local.of_department(
                place, duty, credit_code=codes.get(duty.code, "")
            )
            for duty in departments
        },
    )


def _claim(items: list[Duty], place: Place) -> None:
    """Answer to items, and fill in the local values of what is offered."""
    offered: set[int] = set()
    for answer in local.answers(place, items):
        bulk.claim_many(
            "item",
            answer.provision_ids,
            claim=answer.claim,
            reason=answer.reason,
            covered_by_id=answer.covered_by_id,
        )
        offered |= set(answer.provision_ids) if answer.claim == "offered" else set()
    given = {
        duty.provision_id: local.of_item(place, duty)
        for duty in items
        if duty.provision_id in offered
    }
    bulk.set_local_many("item", given)
