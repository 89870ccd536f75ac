"""The statutory limit binds whatever else was left open, let off, or written before it did."""

import pytest
from alembic import command
from sqlalchemy import text

from jinzhu import migrate
from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.core.tenancy import Reach
from jinzhu.standards.editions import editions
from jinzhu.standards.receiving import exemption_decisions
from jinzhu.standards.records import bulk, conflicts, local_values
from tests.jinzhu.conftest import Province
from tests.jinzhu.standards.asking import UNTIL, ask, number_of, own, shown

LEFT_OPEN = {"committed_limit": {"rule": "default"}}


def set_limit(value):
    """Set the own committed limit."""
    local_values.change("item", own("A1").id, {"committed_limit": value}, version=lambda _: None)


def counted():
    """Return how many conflicts are kept count of at the own center."""
    return db.session.scalar(text("SELECT coalesce(sum(open), 0) FROM conflict_count"))


@pytest.fixture
def left_open(province, at, centers, an_item):
    """A county where the limit is a suggestion: 10 working days, 20 by law."""
    kind, code, content, _, applies = an_item("A1")

    def published(**changes):
        entry = (kind, code, {**content, **changes}, LEFT_OPEN, applies)
        return province.push(province.publish(entry))

    published()
    with at("广安区"):
        bulk.claim_many("item", [number_of("A1")], claim="offered")
    return published


def test_where_a_limit_is_left_open_the_law_still_binds(left_open, at):
    with at("广安区"):
        set_limit(20)
        with pytest.raises(Invalid) as refused:
            set_limit(21)
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == ("local.committed_limit", "at_most")
    told = fault.authority
    assert (told["owner"], told["bound"], told["exemption"]) == ("四川省", 20, False)
    assert "法定时限 20 个工作日" in fault.message


def test_a_city_is_bound_by_it_and_told_once(left_open, city):
    draft = city.begin()
    with city.at(), pytest.raises(Invalid) as refused:
        editions.put_many(draft, [("item", "A1", {"committed_limit": 21}, {}, {})])
    (fault,) = refused.value.errors
    assert (fault.field, fault.authority["owner"]) == ("item.A1.content.committed_limit", "四川省")


def test_a_shorter_law_puts_a_longer_own_limit_in_conflict(left_open, at, centers):
    with at("广安区"):
        set_limit(18)
    assert left_open(statutory_limit=15) == {centers["广安区"]: 1}
    with at("广安区"):
        field = shown("A1", "committed_limit", centers["广安区"])
        assert (field["effective"], field["conflict"]["local_value"]) == (10, 18)
        assert (conflicts.open_count(), counted()) == (1, 1)
        set_limit(15)
        assert (conflicts.open_count(), counted()) == (0, 0)


def test_a_shorter_law_caps_what_was_approved(bound_county, decide, province, at, an_item):
    with at("广安区"):
        number = ask("A1", "committed_limit", value=7)
    decide(number)
    for law, holds, waiting in ((4, 2, 1), (20, 7, 0)):
        province.push(province.publish(an_item("A1", committed_limit=2, statutory_limit=law)))
        with at("广安区"):
            field = shown("A1", "committed_limit", bound_county)
            assert (field["effective"], field["local"]) == (holds, 7)
            assert (conflicts.open_count(), counted()) == (waiting, waiting)
            if waiting:
                with pytest.raises(Invalid) as refused:
                    set_limit(5)
                assert "法定时限 4 个工作日" in refused.value.errors[0].message


#: What an exemption did before it was bounded: the field is free.
FREED = """
    UPDATE item t SET pinned_revision_id = app.derived(e.revision_id,
        '{"committed_limit": "exempt"}')
    FROM adoption a, edition_entry e
    WHERE a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id AND t.tenant_id = :county
        AND e.edition_id = a.edition_id AND e.provision_id = t.provision_id
        AND t.pinned_revision_id IS NOT NULL
"""
LONGER = """
    UPDATE item SET local = jsonb_build_object('committed_limit', CAST(:days AS int))
    WHERE tenant_id = :county AND pinned_revision_id IS NOT NULL
"""
OF_ALL = ("item", "pin", "exemption", "revision", "adoption", "edition_entry", "merged_entry",
          "conflict_count", "local_field", "edition")  # fmt: skip


def before_bounds(settings, county, *, days, value):
    """Put the database back to where exemptions had no bound, and the county far beyond it."""
    engine = migrate.owner_engine(settings)
    command.downgrade(migrate.configuration(engine), "0019")
    with engine.begin() as connection:
        for table in OF_ALL:
            connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text(FREED), {"county": county})
        connection.execute(text(LONGER), {"county": county, "days": days})
        if value is None:
            connection.execute(text("ALTER TABLE exemption DISABLE TRIGGER USER"))
            connection.execute(text("UPDATE exemption SET value = NULL"))
            connection.execute(text("ALTER TABLE exemption ENABLE TRIGGER USER"))
        for table in OF_ALL:
            connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    engine.dispose()


@pytest.mark.parametrize(
    ("days", "value", "holds", "waiting"),
    [(7, 7, 7, 0), (15, 7, 5, 1), (15, None, 15, 0), (60, None, 5, 1)],
)
def test_what_was_exempt_before_there_were_bounds_has_one_after_the_migration(
    begun, new_database, app_on, at_on, centers, an_item, days, value, holds, waiting
):
    county = centers["广安区"]
    settings = new_database(f"unbounded_{days}_{value or 0}", like="begun")
    with app_on(settings) as app:
        at, province = at_on(app, centers), Province(app, at_on(app, centers), centers)
        with at("广安区"):
            bulk.claim_many("item", [number_of("A1")], claim="offered")
        province.push(province.publish(an_item("A1", committed_limit=5)))
        with at("广安区"):
            number = ask("A1", "committed_limit", value=7)
        with at("四川省", "standards_officer", reach=Reach.PUSH):
            exemption_decisions.decide(county, number, grant=True, expires_on=UNTIL)
    before_bounds(settings, county, days=days, value=value)
    migrate.upgrade(settings)
    with app_on(settings) as app, at_on(app, centers)("广安区"):
        field = shown("A1", "committed_limit", county)
        assert (field["local"], field["effective"], field["standard"]) == (days, holds, 5)
        assert field["pin"]["value"] == (value or days)
        assert (conflicts.open_count(), counted()) == (waiting, waiting)
        with pytest.raises(Invalid):
            set_limit((value or min(days, 20)) + 1)
