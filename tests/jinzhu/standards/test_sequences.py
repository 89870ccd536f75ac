"""Whatever happens in whatever order, what a center shows is what the definition says.

Editions, amendments, pushes forward and back, local values and answers, drawn at random, done by
the product, and held after each step against the definition in plain Python.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson
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
from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.core.tenancy import Reach
from jinzhu.standards import bulk, conflicts, editions, local_values, publication, push
from jinzhu.standards.claims import broken, in_force
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Provision, Revision, Standard
from tenants.item.models import Item
from tests.jinzhu.standards import naive

COUNTIES = ("广安区", "武胜县", "涪城区")
#: The city whose amendment reaches the first two counties.
CITY = "广安市"
MATERIALS = ("M1", "M2", "M3")
ITEM = KINDS["item"]

limits = some.integers(1, 6)
parts = some.lists(some.sampled_from(MATERIALS), unique=True, min_size=1).map(
    lambda codes: [{"code": code, "name": code, "copies": 3} for code in sorted(codes)]
)
changed_parts = some.one_of(
    some.builds(lambda code: {"drop": [code]}, some.sampled_from(MATERIALS)),
    some.builds(
        lambda code, copies: {"set": {code: {"copies": copies}}},
        some.sampled_from(MATERIALS),
        some.integers(1, 5),
    ),
    some.just({"add": [{"code": "M9", "name": "另加"}]}),
)
revisions = some.fixed_dictionaries(
    {
        "committed_limit": limits,
        "committed_rule": some.sampled_from(["at_most", "fixed", "default"]),
        "materials": parts,
        "materials_rule": some.sampled_from(["subset", "fixed", "default"]),
        "office_hours": some.sampled_from(["工作日", "全周"]),
        "hours_rule": some.sampled_from(["default", "fixed", "local"]),
    }
)
amendments = some.fixed_dictionaries(
    {},
    optional={
        "committed_limit": limits,
        "materials": changed_parts,
        "office_hours": some.just("全市统一"),
    },
).filter(bool)
tighter = some.sampled_from(["committed_limit", "materials", "office_hours", ""])
local_fields = some.one_of(
    some.tuples(some.just("committed_limit"), limits | some.none()),
    some.tuples(some.just("materials"), changed_parts | some.none()),
    some.tuples(some.just("office_hours"), some.sampled_from(["自定", None])),
    some.tuples(some.just("name"), some.just("别名")),
)
counties = some.sampled_from(COUNTIES)


@dataclass
class County:
    """What the plain definition needs to know of a county."""

    edition: int | None = None
    amendment: int | None = None
    local: dict[str, Any] = field(default_factory=dict)


def provision(drawn: dict[str, Any], statutory: int = 20) -> tuple[Any, ...]:
    """Return an item as an editor would write it."""
    content = {
        "name": "事项",
        "item_type": "01",
        "department_code": "D01",
        "legal_basis": "依据",
        "statutory_limit": statutory,
        "visit_count": 1,
        "fee": 0,
        **{name: drawn[name] for name in ("committed_limit", "materials", "office_hours")},
    }
    rules = {
        "committed_limit": {"rule": drawn["committed_rule"]},
        "materials": {"rule": drawn["materials_rule"]},
        "office_hours": {"rule": drawn["hours_rule"]},
    }
    return "item", "A1", content, rules, {"levels": ["county"]}


def department() -> tuple[Any, ...]:
    """Return the department that the item belongs to."""
    content = {"name": "审批局", "department_class": "government", "entry_force": "shall"}
    return "department", "D01", content, {}, {"levels": ["county"]}


class Engine(RuleBasedStateMachine):
    """The product at work, beside the definition."""

    at: Any
    centers: dict[str, int]
    made = 0

    def __init__(self) -> None:
        super().__init__()
        Engine.made += 1
        self.counties = {name: County() for name in COUNTIES}
        self.editions: dict[int, naive.Revision] = {}
        self.amendments: dict[int, naive.Revision] = {}
        with self.at("四川省", "standards_officer"):
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

    def provision_id(self) -> int:
        """Return the number of the item."""
        return db.session.scalars(
            select(Provision.id).where(
                Provision.standard_id == self.standard, Provision.kind == "item"
            )
        ).one()

    def publish(self, drawn: dict[str, Any]) -> None:
        """Write the next edition and publish it."""
        with self.at("四川省", "standards_officer"):
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
        with self.at("四川省", "standards_officer", reach=Reach.PUSH):
            push.adopt(
                standard_id=self.standard,
                edition_id=edition,
                centers=[self.centers[name] for name in names],
                rollout_id=None,
            )
        for name in names:
            self.counties[name].edition = edition

    @rule(drawn=revisions)
    def next_edition(self, drawn: dict[str, Any]) -> None:
        """The province writes on."""
        self.publish(drawn)

    @rule(data=some.data(), names=some.lists(counties, unique=True, min_size=1))
    def push_some(self, data: Any, names: list[str]) -> None:
        """The province pushes any of its editions, also an older one."""
        self.move(data.draw(some.sampled_from(sorted(self.editions))), names)

    @rule(content=amendments, fixed=tighter)
    def amend(self, content: dict[str, Any], fixed: str) -> None:
        """The city writes an edition of its amendment and pushes it to its counties."""
        rules = {fixed: {"rule": "fixed"}} if fixed in content else {}
        with self.at(CITY, "city_manager"):
            number = _amendment(self.layer, self.provision_id(), content, rules)
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

    @rule(data=some.data())
    def amend_back(self, data: Any) -> None:
        """The city goes back to an older edition of its amendment."""
        if self.amendments:
            self.push_amendment(data.draw(some.sampled_from(sorted(self.amendments))))

    @rule(name=counties, given=local_fields)
    def set_local(self, name: str, given: tuple[str, Any]) -> None:
        """A county says something itself: refused exactly where it breaks a rule."""
        county, (field_name, value) = self.counties[name], given
        wrong = value is not None and naive.breaks(self.standing(county), field_name, value)
        with self.at(name):
            record = db.session.scalars(
                select(Item.id).where(Item.provision_id == self.provision_id())
            ).one()
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
            record = db.session.scalars(
                select(Item.id).where(Item.provision_id == self.provision_id())
            ).one()
            ids = [f"item-{record}-{field_name}" for field_name in expected]
            assert conflicts.take_standard(ids, may_write=lambda kind: None) == len(expected)
        for field_name in expected:
            del county.local[field_name]

    def standing(self, county: County) -> naive.Revision:
        """Return what stands above a county."""
        assert county.edition is not None
        upper = self.editions[county.edition]
        if county.amendment is None:
            return upper
        return naive.merged(upper, self.amendments[county.amendment])

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
_AMENDMENT = text("""
    WITH new AS (
        INSERT INTO edition (standard_id, title) VALUES (:layer, '修订') RETURNING id
    ), said AS (
        INSERT INTO revision (provision_id, content, rules, applies, content_hash, kind,
            code, name, name_key, name_initials, levels)
        VALUES (:provision, CAST(:content AS jsonb), CAST(:rules AS jsonb), '{}', '',
            'item', 'A1', '事项', '', '', '{}') RETURNING id
    ), entered AS (
        INSERT INTO edition_entry (edition_id, provision_id, revision_id)
        SELECT new.id, :provision, said.id FROM new, said RETURNING edition_id
    )
    SELECT edition_id FROM entered
""")
_SEAL = text("""
    UPDATE edition SET state = 'published', published_at = now(), number = (
        SELECT count(*) FROM edition o WHERE o.standard_id = edition.standard_id)
    WHERE id = :id
""")


def _amendment(layer: int, provision_id: int, content: dict[str, Any], rules: Any) -> int:
    """Store a published edition of an amendment, as the city; return its number."""
    values = {
        "layer": layer,
        "provision": provision_id,
        "content": orjson.dumps(content).decode(),
        "rules": orjson.dumps(rules).decode(),
    }
    number = db.session.scalar(_AMENDMENT, values)
    db.session.execute(_SEAL, {"id": number})
    return int(number)


@pytest.fixture
def machine(app: Any, at: Any, centers: dict[str, int]) -> type[Engine]:
    """The engine in the database of this test."""
    return type("EngineHere", (Engine,), {"at": staticmethod(at), "centers": centers})


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
