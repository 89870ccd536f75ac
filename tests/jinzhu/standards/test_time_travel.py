"""Time travel: through edits, editions, a rollback, an amendment and a postponement, day by day."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, make_url, select, text

from jinzhu.config import sqlalchemy_url
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from jinzhu.identity.roles import ROLES
from jinzhu.standards import push
from jinzhu.standards.amendments import amendments
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import Pin, PinReason, Revision
from jinzhu.standards.records import bulk, duties, local_values, records
from jinzhu.standards.rollouts import rollouts
from tenants.item.models import Item

LEVELS = {"levels": ["county"]}
#: What the change log says of its time: only the superuser of this test can set it.
SHIFT = "UPDATE change SET at = :at WHERE id > :after"


def an_item(code, **content):
    """Return a provision of kind item."""
    values = {"name": f"事项{code}", "item_type": "01", "department_code": "D01", "fee": 0}
    values |= {"legal_basis": "法", "statutory_limit": 20, "committed_limit": 10, "visit_count": 1}
    return "item", code, {**values, **content}, {}, LEVELS


def a_department():
    """Return the department of the items."""
    content = {"name": "审批局", "department_class": "government", "entry_force": "shall"}
    return "department", "D01", content, {}, LEVELS


class Past:
    """A province whose change log is spread over the days of a month."""

    def __init__(self, app, boss, browser_of):
        self.app, self.boss, self.browser_of, self.last = app, boss, browser_of, 0
        with boss.connect() as connection:
            rows = connection.execute(text("SELECT name, id FROM center"))
            self.centers = dict(map(tuple, rows))
        self.days = {}

    def at(self, place, role="center_manager", **more):
        """Open a unit of work at a center."""
        permissions = frozenset(ROLES[role])
        return work(Scope(self.centers[place], actor_id=1, permissions=permissions, **more))

    def then(self, name, days_ago):
        """Say that everything since the last step happened on a day, late in the evening."""
        self.days[name] = today() - timedelta(days=days_ago)
        at = f"{self.days[name]} 23:59:00+08"
        with self.boss.begin() as connection:
            connection.execute(text(SHIFT), {"at": at, "after": self.last})
            self.last = connection.scalar(text("SELECT max(id) FROM change"))

    def number(self, code="A1"):
        """Return the number of a provision."""
        found = select(Revision.provision_id).where(Revision.code == code).limit(1)
        return db.session.scalars(found).one()

    def publish(self, standard_id, *entries):
        """Publish an edition."""
        with self.at("四川省", "standards_officer"):
            draft = editions.open_draft(standard_id, title="版次")
            editions.put_many(draft, entries)
            publication.publish(draft)
        return draft

    def push(self, standard_id, edition_id, *places):
        """Put centers on an edition."""
        chosen = [self.centers[place] for place in places or ("广安区", "武胜县")]
        with self.at("四川省", "standards_officer", reach=Reach.PUSH):
            push.adopt(
                standard_id=standard_id, edition_id=edition_id, centers=chosen, rollout_id=None
            )

    def change(self, **local):
        """Set local values of 广安区."""
        with self.at("广安区"):
            own = db.session.scalars(select(Item.id)).one()
            local_values.change("item", own, local, version=lambda _: None)

    def shown(self, day):
        """Return the record of 广安区 on a day, as its manager reads it."""
        return self.browser.get(f"/api/items/{self.record}/at/{day}")

    def fields(self, day):
        """Return the fields of the record of 广安区 on a day."""
        answer = self.shown(day)
        assert answer.status_code == 200, answer.text
        return {field["name"]: field for field in answer.json["fields"]}, answer.json

    @property
    def browser(self):
        """Return the manager of 广安区, signed in."""
        return self.browser_of(self.app, "county")


def live(past):
    """Let a month pass: claimed, edited, tightened, amended, postponed, rolled back."""
    with past.at("四川省", "standards_officer"):
        standard = editions.create_standard(code="S", name="省目录")
    first = past.publish(standard, a_department(), an_item("A1"))
    past.push(standard, first, "广安区", "武胜县", "广安市")
    past.then("adopted", 30)
    with past.at("广安区"):
        bulk.claim_many("item", [past.number()], claim="offered")
    past.change(committed_limit=8, window="1号")
    past.then("claimed", 25)
    past.change(committed_limit=7)
    past.then("edited", 20)
    second = past.publish(standard, an_item("A1", committed_limit=5), an_item("A2"))
    with past.at("四川省", "standards_officer"):
        rollout = rollouts.start(second, centers="all", reason="提速")
    rollouts.run_now(rollout, tenant_id=past.centers["四川省"])
    past.then("tightened", 15)
    with past.at("广安市", "city_manager"):
        draft = amendments.begin(standard)["draft"]["id"]
    with past.at("广安市", "city_manager"):
        editions.put_many(draft, [("item", "A1", {"visit_count": 0}, {}, {})])
        publication.publish(draft)
        number = rollouts.start(draft, centers="all", reason="只跑零次")
    rollouts.run_now(number, tenant_id=past.centers["广安市"])
    past.then("amended", 12)
    postpone(past, standard, first)
    past.then("postponed", 9)
    past.push(standard, first)
    past.then("back", 5)
    past.change(window="9号", committed_limit=None)
    past.then("last", 2)
    return SimpleNamespace(standard=standard, rollout=rollout)


def postpone(past, standard, first):
    """Let 广安区 stay on the committed limit of the first edition."""
    with past.at("广安区"):
        own = db.session.scalars(select(Item)).one()
        entries = editions.entries_of(first).where(Revision.code == "A1")
        earlier = db.session.scalars(entries.with_only_columns(Revision.id)).one()
        db.session.add(
            Pin(
                standard_id=standard,
                provision_id=own.provision_id,
                kind="item",
                field="committed_limit",
                reason=PinReason.POSTPONED,
                revision_id=earlier,
                until=today() + timedelta(days=3),
            )
        )
    with past.at("四川省", "standards_officer", reach=Reach.PUSH):
        push.repin(standard, [past.centers["广安区"]])


@pytest.fixture(scope="module")
def past(new_province, app_on, servers, browser_of):
    """A county with a past."""
    settings = new_province("past")
    name = make_url(sqlalchemy_url(settings.database_url)).database
    boss = create_engine(make_url(sqlalchemy_url(servers.superuser)).set(database=name))
    with app_on(settings) as app:
        found = Past(app, boss, browser_of)
        with boss.begin() as connection:
            connection.execute(text("UPDATE account SET name = '张三' WHERE id = 1"))
            found.last = connection.scalar(text("SELECT coalesce(max(id), 0) FROM change"))
            # So that pins, which know their own time, follow the log.
        with app.app_context():
            known = live(found)
            found.standard, found.rollout = known.standard, known.rollout
            with found.at("广安区"):
                found.record = db.session.scalars(select(Item.id)).one()
                found.provision = found.number()
        with boss.begin() as connection:
            created = f"{found.days['postponed']} 23:59:00+08"
            connection.execute(text("UPDATE pin SET created_at = :at"), {"at": created})
        yield found
    boss.dispose()


@pytest.mark.parametrize(
    ("step", "edition", "limit", "set_by", "local"),
    [
        ("adopted", 1, 10, "standard", None),
        ("claimed", 1, 8, "here", 8),
        ("edited", 1, 7, "here", 7),
        ("tightened", 2, 5, "standard", 7),
        ("amended", 2, 5, "standard", 7),
        ("postponed", 2, 7, "here", 7),
        ("back", 1, 7, "here", 7),
        ("last", 1, 10, "standard", None),
    ],
)
def test_each_day_shows_what_held_at_its_end(past, step, edition, limit, set_by, local):
    day = past.days[step]
    fields, record = past.fields(day)
    told = fields["committed_limit"]
    assert record["edition"]["number"] == edition
    assert (told["effective"], told["set_by"], told["local"]) == (limit, set_by, local)
    assert record["claim"] == ("unclaimed" if step == "adopted" else "offered")
    # The morning after nothing had happened yet.
    later, _ = past.fields(min(day + timedelta(days=1), today()))
    assert later["committed_limit"]["effective"] == limit


def test_the_day_before_something_happened_it_had_not(past):
    fields, record = past.fields(past.days["tightened"] - timedelta(days=1))
    assert (record["edition"]["number"], fields["committed_limit"]["effective"]) == (1, 7)


def test_a_conflict_of_then_is_shown_as_one(past):
    fields, _ = past.fields(past.days["tightened"])
    conflict = fields["committed_limit"]["conflict"]
    assert (conflict["local_value"], conflict["bound"]) == (7, 5)
    assert past.fields(past.days["edited"])[0]["committed_limit"]["conflict"] is None


def test_the_amendment_and_the_pin_of_then_are_told(past):
    fields, _ = past.fields(past.days["tightened"])
    assert (fields["visit_count"]["effective"], fields["visit_count"]["set_by"]) == (1, "standard")
    fields, _ = past.fields(past.days["amended"])
    visits = fields["visit_count"]
    assert (visits["effective"], visits["set_by"], visits["upper"]) == (0, "amendment", 1)
    assert visits["set_by_name"] == "广安市"
    assert fields["committed_limit"]["pin"] is None
    fields, _ = past.fields(past.days["postponed"])
    assert fields["committed_limit"]["pin"]["reason"] == "postponed"


def test_it_says_who_said_each_value_and_when_and_under_which_edition(past):
    fields, record = past.fields(past.days["back"])
    window, limit = fields["window"], fields["committed_limit"]
    assert (window["local"], window["set_under"]["number"]) == ("1号", 1)
    assert window["said_by"]["name"] == "张三"
    assert window["said_by"]["at"].startswith(past.days["claimed"].isoformat())
    assert limit["said_by"]["at"].startswith(past.days["edited"].isoformat())
    assert fields["visit_count"]["said_by"] is None
    assert record["at"]["since"].startswith(past.days["back"].isoformat())
    # The amendment that came later moved something else.
    for step in ("tightened", "amended"):
        then = past.fields(past.days[step])[1]["at"]
        assert then["rollout_id"] == past.rollout
        assert then["since"].startswith(past.days["tightened"].isoformat())


def test_nothing_of_the_past_can_be_changed_and_it_says_so(past):
    fields, record = past.fields(past.days["claimed"])
    assert not any(record["actions"].values())
    assert not any(field["editable"] for field in fields.values())
    assert past.days["claimed"].isoformat() in fields["committed_limit"]["why"]


def test_today_is_what_the_record_shows_now(past):
    now, record = past.fields(today())
    shown = past.browser.get(f"/api/items/{past.record}").json
    assert {f["name"]: f["effective"] for f in shown["fields"]} == {
        name: field["effective"] for name, field in now.items()
    }
    assert record["version"] == shown["version"]


def test_before_the_first_edition_it_says_since_when_there_is_something(past):
    answer = past.shown(past.days["adopted"] - timedelta(days=1))
    assert (answer.status_code, answer.json["since"]) == (404, past.days["adopted"].isoformat())
    assert "广安区" in answer.json["detail"]


@pytest.mark.parametrize("day", [str(date.today() + timedelta(days=3)), "2026-13-45", "gestern"])
def test_a_day_to_come_or_none_at_all_is_refused_by_name(past, day):
    answer = past.shown(day)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "date")


def test_what_the_edition_of_then_did_not_have_is_not_found_and_says_so(past):
    with past.app.app_context(), past.at("广安区"):
        second = past.number("A2")
    watch = past.browser_of(past.app, "watch")
    address = f"/api/items/of/{past.centers['广安区']}/{second}/at"
    early = watch.get(f"{address}/{past.days['edited']}")
    assert early.status_code == 404
    assert "1" in early.json["detail"]
    late = watch.get(f"{address}/{past.days['tightened']}")
    assert (late.status_code, late.json["claim"]) == (200, "unclaimed")


def test_a_supervisor_reads_the_past_of_centers_below_and_of_no_others(past):
    address = f"/api/items/of/{past.centers['广安区']}/{past.provision}/at/{past.days['edited']}"
    for username in ("watch", "city"):
        answer = past.browser_of(past.app, username).get(address)
        assert answer.status_code == 200, answer.text
        fields = {field["name"]: field for field in answer.json["fields"]}
        assert fields["committed_limit"]["effective"] == 7
        assert fields["committed_limit"]["set_by_name"] == "广安区"
        assert fields["committed_limit"]["said_by"]["name"] == "张三"
    for username in ("stranger", "neighbour", "county"):
        assert past.browser_of(past.app, username).get(address).status_code in (403, 404)


def test_a_liaison_of_another_department_does_not_see_the_past(past):
    liaison = past.browser_of(past.app, "liaison")
    assert liaison.get(f"/api/items/{past.record}/at/{today()}").status_code == 404


# The time line of the record


def test_the_time_line_tells_edits_editions_and_pins_in_order(past):
    answer = past.browser.get(f"/api/items/{past.record}/history?per_page=50")
    rows = answer.json["rows"]
    told = [(row["action"].split(".")[-1], (row["edition"] or {}).get("number")) for row in rows]
    assert [action for action, _ in told[:4]] == ["", "pin_ended", "rolled_back", "postponed"]
    assert told[2] == ("rolled_back", 1)
    adopted = [row for row in rows if row["action"] == "adopted"]
    assert [row["edition"]["number"] for row in adopted] == [2, 1]
    assert adopted[0]["from_edition"] == {"number": 1}
    assert adopted[0]["rollout"] == {"id": past.rollout, "reason": "提速"}
    (amended,) = [row for row in rows if row["action"] == "amended"]
    assert (amended["edition"]["number"], amended["rollout"]["reason"]) == (1, "只跑零次")
    assert rows[3]["pin"]["label"] == "承诺办结时限"
    (created,) = [row for row in rows if row["action"] == "created"]
    assert created["edition"] == {"number": 1}
    assert "pinned_revision_id" not in answer.text
    assert len(rows) == answer.json["total"]
    parts = [
        past.browser.get(f"/api/items/{past.record}/history?per_page=3&page={page}").json["rows"]
        for page in (1, 2, 3, 4)
    ]
    assert [row for part in parts for row in part][: len(rows)] == rows


def test_duties_and_records_of_today_are_untouched_by_all_this(past):
    with past.app.app_context(), past.at("广安区"):
        page = duties.page(
            "item",
            {
                "claim": "",
                "item_type": "",
                "department": "",
                "q": "",
                "sort": "",
                "page": 1,
                "per_page": 20,
            },
            center_id=past.centers["广安区"],
        )
        assert page["total"] == 1
        shown = records.read("item", past.record, center_id=past.centers["广安区"])
        assert shown["edition"]["number"] == 1
