"""Whatever happens in whatever order, what a center shows is what the definition says.

Editions, amendments, pushes forward and back, local values and answers, what is put off and what
is let off, drawn at random, done by the product, and held after each step against the definition
in plain Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.core.tenancy import Reach
from jinzhu.standards import push
from jinzhu.standards.amendments import amendment_settlements
from jinzhu.standards.claims import broken, effective, in_force
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import (
    Edition,
    EditionEntry,
    Exemption,
    MergedEntry,
    Pin,
    Provision,
    Revision,
    Standard,
)
from jinzhu.standards.receiving import exemption_decisions, exemptions, pins
from jinzhu.standards.records import bulk, conflicts, local_values
from jinzhu.standards.rollouts import rollout_back, rollouts
from tenants.item.models import Item
from tests.jinzhu.standards import naive
from tests.jinzhu.standards.drawn import (
    amendments,
    department,
    local_fields,
    pinned_fields,
    provision,
    revisions,
    tighter,
    write_amendment,
)

COUNTIES = ("广安区", "武胜县", "涪城区")
#: The city whose amendment reaches the first two counties.
CITY = "广安市"
OFFICE = ("四川省", "standards_officer")
#: The last day of whatever is put off or let off.
UNTIL = today() + timedelta(days=30)
counties = some.sampled_from(COUNTIES)


@dataclass
class County:
    """What the plain definition needs to know of a county."""

    edition: int | None = None
    amendment: int | None = None
    local: dict[str, Any] = field(default_factory=dict)
    pins: dict[str, naive.Pin] = field(default_factory=dict)
    #: What it has stood on so far, without pins: {number of the revision: what it says}.
    past: dict[int, naive.Revision] = field(default_factory=dict)


@dataclass
class Way:
    """How a county came to an edition by a roll-out, and what it came from."""

    edition: int
    #: What it stood on before, and what it had put off that came to its end with the edition.
    before: County
    #: The edition of the amendment that carries the city's answers to this one.
    answers: int | None
    overtaken: dict[str, naive.Pin]


class Engine(RuleBasedStateMachine):
    """The product at work, beside the definition."""

    app: Any
    at: Any
    centers: dict[str, int]
    made = 0

    def __init__(self) -> None:
        super().__init__()
        Engine.made += 1
        self.counties = {name: County() for name in COUNTIES}
        self.editions: dict[int, naive.Revision] = {}
        self.amendments: dict[int, naive.Revision] = {}
        #: {roll-out: {county: how it came}}, for those that are still where they came to.
        self.ways: dict[int, dict[str, Way]] = {}
        with self.at(*OFFICE):
            self.standard = editions.create_standard(code=f"S{Engine.made}", name="目录")
        with self.at(CITY, "city_manager"):
            layer = Standard(
                code=f"S{Engine.made}", name="修订", nature="amendment", amends_id=self.standard
            )
            db.session.add(layer)
            db.session.flush()
            self.layer = layer.id

    @initialize(drawn=revisions)
    def begin(self, drawn: dict[str, Any]) -> None:
        """Publish and push the first edition, and let every county offer the item."""
        self.publish(drawn)
        self.move(next(iter(self.editions)), list(COUNTIES))
        for name in COUNTIES:
            with self.at(name):
                bulk.claim_many("item", [self.provision_id()], claim="offered")
        self.arrived(COUNTIES)

    def provision_id(self) -> int:
        """Return the number of the item."""
        return db.session.scalars(
            select(Provision.id).where(
                Provision.standard_id == self.standard, Provision.kind == "item"
            )
        ).one()

    def publish(self, drawn: dict[str, Any]) -> None:
        """Write the next edition and publish it."""
        with self.at(*OFFICE):
            draft = editions.open_draft(self.standard, title="版次")
            editions.put_many(draft, [provision(drawn), department()])
            try:
                publication.publish(draft)
            except Invalid:  # it says what the edition before says
                editions.discard(editions.find_draft(draft))
                return
            revision = editions.revision_in(draft, "item", "A1")
            self.editions[draft] = (revision.content, revision.rules)

    def move(self, edition: int, names: list[str]) -> None:
        """Push an edition to some counties, forward or back."""
        with self.at(*OFFICE, reach=Reach.PUSH):
            push.adopt(
                standard_id=self.standard,
                edition_id=edition,
                centers=[self.centers[name] for name in names],
                rollout_id=None,
            )
        for name in names:
            self.counties[name].edition = edition
        self.arrived(names)

    def arrived(self, names: Sequence[str]) -> None:
        """Note what counties stand on now; what says the same again is put off no longer."""
        for name in names:
            county = self.counties[name]
            above = self.above(county)
            with self.at(name):
                number = db.session.scalars(_STANDING.where(Item.standard_id == self.standard))
                county.past.update((one, above) for one in number)
            county.pins = naive.still_pinned(county.pins, above)

    @rule(drawn=revisions)
    def next_edition(self, drawn: dict[str, Any]) -> None:
        """The province writes on."""
        self.publish(drawn)

    @rule(data=some.data(), names=some.lists(counties, unique=True, min_size=1))
    def push_some(self, data: Any, names: list[str]) -> None:
        """The province pushes any of its editions, also an older one."""
        self.move(data.draw(some.sampled_from(sorted(self.editions))), names)

    @rule(data=some.data(), names=some.lists(counties, unique=True, min_size=1))
    def roll_out(self, data: Any, names: list[str]) -> None:
        """The province rolls any of its editions out."""
        self.send(data, names)

    def send(self, data: Any, names: list[str]) -> int:
        """Roll an edition out; the city answers wherever its amendment collides."""
        edition = data.draw(some.sampled_from(sorted(self.editions)))
        with self.at(*OFFICE):
            chosen = [self.centers[name] for name in names]
            number = rollouts.start(edition, centers=chosen, reason="测试")
        self.carry_out(number)
        with self.at(CITY, "city_manager", reach=Reach.PUSH):
            asked = amendment_settlements.take_standard(None)
        if asked:
            with self.app.app_context():
                clock.tick()
            self.carry_out(number)
        self.delivered(number, edition, names)
        return number

    def carry_out(self, number: int) -> None:
        """Let the job of a roll-out run."""
        with self.app.app_context():
            rollouts.run_now(number, tenant_id=self.centers[OFFICE[0]])

    def delivered(self, number: int, edition: int, names: list[str]) -> None:
        """Note where a roll-out has brought its counties, and by which way."""
        with self.at(CITY, "city_manager"):
            made = select(Edition.base_id, Edition.id).where(Edition.for_rollout_id == number)
            answers = dict(map(tuple, db.session.execute(made)))
        for base, successor in answers.items():
            said = naive.answered(self.editions[edition], self.amendments[base])
            self.amendments[successor] = said
        moved = [name for name in names if self.counties[name].edition != edition]
        before = {name: replace(self.counties[name]) for name in moved}
        for name in moved:
            county = self.counties[name]
            county.edition = edition
            county.amendment = answers.get(county.amendment, county.amendment)
        self.arrived(names)
        self.ways[number] = {
            name: Way(
                edition,
                old,
                answers.get(old.amendment),
                {f: pin for f, pin in old.pins.items() if f not in self.counties[name].pins},
            )
            for name, old in before.items()
        }

    @rule(data=some.data())
    def roll_back(self, data: Any) -> None:
        """The province takes back those of a roll-out who are still where it brought them."""
        found = [number for number in sorted(self.ways) if self.returning(number)]
        if found:
            self.take_back(data.draw(some.sampled_from(found)))

    def returning(self, number: int) -> list[str]:
        """Return the counties that a roll-out can take back."""
        ways = self.ways[number]
        return [name for name in ways if self.counties[name].edition == ways[name].edition]

    def take_back(self, number: int) -> None:
        """Take the counties of a roll-out back to where they came from."""
        names = self.returning(number)
        with self.at(*OFFICE, reach=Reach.PUSH):
            rollout_back.back(number, centers="all", reason="有误")
        for name in names:
            county, way = self.counties[name], self.ways[number].pop(name)
            county.edition = way.before.edition
            if way.answers is not None and county.amendment == way.answers:
                county.amendment = way.before.amendment
            county.pins = {**way.overtaken, **county.pins}
        self.arrived(names)

    @rule(data=some.data(), names=some.lists(counties, unique=True, min_size=1))
    def there_and_back(self, data: Any, names: list[str]) -> None:
        """Whatever is rolled out and taken back at once, each record is what it was."""
        before = {name: self.seen(name) for name in COUNTIES}
        number = self.send(data, names)
        if self.returning(number):
            self.take_back(number)
        assert {name: self.seen(name) for name in COUNTIES} == before

    def seen(self, name: str) -> tuple[Any, ...]:
        """Return what a county shows, and what it has put off to some purpose or was let off."""
        county = self.counties[name]
        shown, wrong, _, counted = self.shown(name)
        with self.at(name):
            fields = set(
                db.session.scalars(
                    select(Pin.field).where(
                        Pin.standard_id == self.standard, Pin.ended_at.is_(None)
                    )
                )
            )
        assert fields == set(county.pins)
        return shown, wrong, counted, set(naive.still_pinned(county.pins, self.above(county)))

    @rule(content=amendments, fixed=tighter)
    def amend(self, content: dict[str, Any], fixed: str) -> None:
        """The city writes an edition of its amendment and pushes it to its counties."""
        rules = {fixed: {"rule": "fixed"}} if fixed in content else {}
        with self.at(CITY, "city_manager"):
            number = write_amendment(self.layer, self.provision_id(), content, rules)
        self.amendments[number] = (content, rules)
        self.push_amendment(number)

    def push_amendment(self, number: int) -> None:
        """Point the counties of the city to an edition of its amendment."""
        names = list(COUNTIES[:2])
        with self.at(CITY, "city_manager", reach=Reach.PUSH):
            push.adopt(
                standard_id=self.layer,
                edition_id=number,
                centers=[self.centers[name] for name in names],
                rollout_id=None,
            )
        for name in names:
            self.counties[name].amendment = number
        self.arrived(names)

    @rule(data=some.data())
    def amend_back(self, data: Any) -> None:
        """The city goes back to an older edition of its amendment."""
        if self.amendments:
            self.push_amendment(data.draw(some.sampled_from(sorted(self.amendments))))

    @rule(name=counties, given=local_fields)
    def set_local(self, name: str, given: tuple[str, Any]) -> None:
        """A county says something itself: refused exactly where it breaks a rule."""
        county, (field_name, value) = self.counties[name], given
        standing, stored = self.standing(county), county.local.get(field_name)
        wrong = value is not None and (
            naive.breaks(standing, field_name, value)
            or bool(naive.unknown(standing, field_name, value, stored))
        )
        with self.at(name):
            record = self.record()
            try:
                local_values.change(
                    "item", record, {field_name: value}, version=lambda stored: None
                )
            except Invalid:
                assert wrong
                return
        assert not wrong
        county.local.pop(field_name, None)
        if value is not None:
            county.local[field_name] = value

    @rule(name=counties)
    def take_all(self, name: str) -> None:
        """A county takes the standard wherever its own values are in conflict."""
        county = self.counties[name]
        expected = naive.broken(self.standing(county), county.local)
        with self.at(name):
            record = self.record()
            ids = [f"item-{record}-{field_name}" for field_name in expected]
            assert conflicts.take_standard(ids, may_write=lambda kind: None) == len(expected)
        for field_name in expected:
            del county.local[field_name]

    def record(self) -> int:
        """Return the number of the own row."""
        return db.session.scalars(
            select(Item.id).where(Item.provision_id == self.provision_id())
        ).one()

    @rule(name=counties, field_name=pinned_fields, data=some.data())
    def put_off(self, name: str, field_name: str, data: Any) -> None:
        """A county leaves a field, or all of it, as it stood before; who has done so, longer."""
        county = self.counties[name]
        if field_name in county.pins and county.pins[field_name].exempt:
            return
        number = data.draw(some.sampled_from(sorted(county.past)))
        with self.at(name):
            wish = {
                "standard_id": self.standard,
                "provision_id": self.provision_id(),
                "kind": "item",
                "field": field_name,
                "revision_id": number,
                "until": UNTIL,
            }
            pins.postpone([wish], rollout_id=0)
        county.pins.setdefault(field_name, naive.Pin(county.past[number]))

    @rule(name=counties, field_name=pinned_fields)
    def let_off(self, name: str, field_name: str) -> None:
        """A county asks to be let off and whoever set the rule agrees.

        Refused where the field is free anyway, where it says what the thing is, where the county
        has no value of its own that could be granted, and where the law does not allow that.
        """
        county = self.counties[name]
        content, rules = self.standing(county)
        said = rules.get(field_name, {"rule": "fixed"})["rule"]
        lawful = field_name != "committed_limit" or (
            county.local.get(field_name, 0) <= content["statutory_limit"]
        )
        before = [number for number in self.editions if number < (county.edition or 0)]
        nothing = (
            said in naive.FREE
            or field_name in naive.SAME_EVERYWHERE
            or field_name not in county.local
            or not lawful
            if field_name
            else not before
        )
        if field_name in county.pins and county.pins[field_name].exempt:
            return
        with self.at(name):
            try:
                number = exemptions.ask("item", self.record(), field_name, **_WISH)
            except Invalid:
                assert nothing
                return
            decider = db.session.get_one(Exemption, (self.centers[name], number)).decider_id
        assert not nothing
        by_city = decider == self.centers[CITY]
        with self.at(*((CITY, "city_manager") if by_city else OFFICE), reach=Reach.PUSH):
            exemption_decisions.decide(self.centers[name], number, grant=True, expires_on=UNTIL)
        earlier = None if field_name else self.amended(max(before), county)
        county.pins[field_name] = naive.Pin(
            earlier, exempt=True, by_city=by_city, granted=county.local.get(field_name)
        )

    @rule(name=counties, data=some.data())
    def end_one(self, name: str, data: Any) -> None:
        """A county gives up early what it has put off or was let off."""
        county = self.counties[name]
        if not county.pins:
            return
        field_name = data.draw(some.sampled_from(sorted(county.pins)))
        with self.at(name):
            pin = db.session.scalars(
                select(Pin).where(
                    Pin.standard_id == self.standard,
                    Pin.field == field_name,
                    Pin.ended_at.is_(None),
                )
            ).one()
            if pin.exemption_id is None:
                pins.apply_now(pin.id)
            else:
                exemptions.withdraw(pin.exemption_id)
        del county.pins[field_name]

    @rule(name=counties, over=some.booleans())
    def the_day_comes(self, name: str, over: bool) -> None:
        """What was put off ends on its day, and what was let off after it."""
        county = self.counties[name]
        with self.at(name):
            pins.end_due(day=UNTIL + timedelta(days=over))
        county.pins = {f: pin for f, pin in county.pins.items() if pin.exempt and not over}

    def above(self, county: County) -> naive.Revision:
        """Return what stands above a county, whatever is put off or let off."""
        assert county.edition is not None
        return self.amended(county.edition, county)

    def amended(self, edition: int, county: County) -> naive.Revision:
        """Return an edition with what the city demands of a county on top."""
        upper = self.editions[edition]
        if county.amendment is None:
            return upper
        return naive.merged(upper, self.amendments[county.amendment])

    def standing(self, county: County) -> naive.Revision:
        """Return what binds a county."""
        assert county.edition is not None
        return naive.pinned(self.above(county), county.pins, self.editions[county.edition])

    @invariant()
    def what_shows_is_what_is_defined(self) -> None:
        """Hold every county against the definition."""
        for name, county in self.counties.items():
            if county.edition is None:
                continue
            standing = self.standing(county)
            shown, wrong, rules, counted = self.shown(name)
            assert shown == naive.effective(standing, county.local)
            assert set(wrong) == naive.broken(standing, county.local)
            assert rules == standing[1]
            assert counted == len(wrong)
            assert self.fields_agree(name)
            assert self.listed(name, shown) == {field: shown.get(field) for field in LISTED}

    def listed(self, name: str, shown: dict[str, Any]) -> dict[str, Any]:
        """Return what lists show of the item at a county, field by field."""
        values = [effective(Item, one).label(one) for one in LISTED if one != "name"]
        rows = in_force(Item).with_only_columns(Revision.name, *values)
        with self.at(name):
            found = db.session.execute(rows.where(Item.standard_id == self.standard)).one_or_none()
            return {one: shown.get(one) for one in LISTED} if found is None else found._asdict()

    def fields_agree(self, name: str) -> bool:
        """Return whether the fields that a push looks up are those of the records."""
        with self.at(name):
            return bool(db.session.scalar(_FIELDS_AGREE, {"standard": self.standard}))

    def shown(self, name: str) -> tuple[dict[str, Any], list[str], dict[str, Any], int]:
        """Return what the product shows of the item at a county."""
        with self.at(name):
            found = db.session.execute(
                in_force(Item)
                .with_only_columns(
                    text("app.effective(revision.content, revision.bounds, item.local)"),
                    broken(Item),
                    Revision.rules,
                )
                .where(Item.standard_id == self.standard)
            ).one_or_none()
            if found is None:
                county = self.counties[name]
                return naive.effective(self.standing(county), {}), [], self.standing(county)[1], 0
            counted = db.session.scalar(
                text("SELECT coalesce(sum(open), 0) FROM conflict_count WHERE standard_id = :id"),
                {"id": self.standard},
            )
            return found[0], found[1], found[2], int(counted)


#: What lists show, order and search by, with what changes a list of parts.
LISTED = ("name", "committed_limit", "materials", "office_hours")
_WISH = {"category": "waiver", "reason": "人手不足", "wanted_until": UNTIL, "value": None}
#: What stands above a record, as if nothing were put off or let off.
_STANDING = in_force(Item).with_only_columns(
    func.coalesce(MergedEntry.revision_id, EditionEntry.revision_id)
)
_FIELDS_AGREE = text("""
    WITH kept AS (
        SELECT provision_id, field, number FROM local_field WHERE provision_id IN (
            SELECT id FROM provision WHERE standard_id = :standard)
    ), said AS (
        SELECT i.provision_id, mine.key, CASE jsonb_typeof(mine.value)
            WHEN 'number' THEN mine.value::float8 END
        FROM item i CROSS JOIN LATERAL jsonb_each(i.local) mine
        WHERE i.standard_id = :standard AND i.claim = 'offered' AND i.pinned_revision_id IS NULL
            AND jsonb_typeof(mine.value) <> 'string'
    )
    SELECT NOT EXISTS (TABLE kept EXCEPT TABLE said) AND NOT EXISTS (TABLE said EXCEPT TABLE kept)
""")


@pytest.fixture
def machine(app: Any, at: Any, centers: dict[str, int]) -> type[Engine]:
    """The engine in the database of this test."""
    return type("EngineHere", (Engine,), {"app": app, "at": staticmethod(at), "centers": centers})


def test_any_sequence_ends_where_the_definition_says(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
