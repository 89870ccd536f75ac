"""Leave not to follow a rule: asked for below, decided by whoever set it, ended by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.language import spoken
from jinzhu.core.problems import Forbidden, Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.receiving import exemption_rows, exemptions, pins
from jinzhu.standards.records import (
    bulk,
    conflicts,
    local_values,
)
from tests.jinzhu.standards.asking import PAGE, PINS, UNTIL, ask, number_of, own, shown


@pytest.fixture
def county(bound_county):
    """A county whose value a tighter edition no longer allows."""
    return bound_county


def test_a_granted_exemption_lets_the_own_value_hold(county, at, decide):
    with at("广安区"):
        number = ask("A1", "committed_limit")
        assert shown("A1", "committed_limit", county)["effective"] == 5
        assert conflicts.open_count() == 1
    decide(number)
    with at("广安区"):
        field = shown("A1", "committed_limit", county)
        assert (field["effective"], field["rule"], field["conflict"]) == (8, "exempt", None)
        assert (field["pin"]["until"], field["pin"]["exemption_id"]) == (UNTIL, number)
        assert conflicts.open_count() == 0
        assert db.session.scalar(text("SELECT sum(open) FROM conflict_count")) == 0
        (row,) = exemption_rows.own_page(PAGE)["rows"]
        assert (row["state"], row["expires_on"], row["decider"]["name"]) == (
            "granted",
            UNTIL,
            "四川省",
        )
        told = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 5})["rows"]
        assert "已获准豁免" in told[0]["text"]


def test_the_value_that_was_asked_for_is_set_with_the_decision(county, at, decide):
    with at("广安区"):
        number = ask("A1", "committed_limit", value=7)
    decide(number)
    with at("广安区"):
        assert shown("A1", "committed_limit", county)["effective"] == 7
        assert own("A1").set_under["committed_limit"]["edition"]


def test_a_field_that_the_owner_fixed_can_be_exempt_and_others_stay_bound(
    county, province, at, decide, an_item
):
    kind, code, content, _, applies = an_item("A1", committed_limit=5)
    fixed = {"committed_limit": {"rule": "fixed"}}
    province.push(province.publish((kind, code, content, fixed, applies)))
    with at("广安区"):
        number = ask("A1", "committed_limit", category="other_means", value=8)
    decide(number)
    with at("广安区"):
        assert shown("A1", "committed_limit", county)["effective"] == 8
        with pytest.raises(Invalid):
            local_values.change("item", own("A1").id, {"visit_count": 2}, version=lambda _: None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "HACK-1"), ("department_code", "ZZ99"), ("statutory_limit", 1), ("name", "别名")],
)
def test_what_a_thing_is_and_its_law_are_the_same_everywhere(county, at, field, value):
    with at("广安区"), pytest.raises(Invalid) as refused:
        ask("A1", field, value=value)
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == ("field", "fixed")
    assert "四川省" in fault.message


def test_a_wanted_value_must_not_contradict_the_rest_of_the_record(county, at):
    with at("广安区"), pytest.raises(Invalid) as refused:
        ask("A1", "committed_limit", value=21)
    assert [fault.rule for fault in refused.value.errors] == ["at_most"]
    assert "20" in refused.value.errors[0].message


def test_a_whole_provision_stays_as_it_was(county, at, decide):
    with at("广安区"):
        number = ask("A1", "")
    decide(number)
    with at("广安区"):
        assert shown("A1", "legal_basis", county)["effective"] == "基本目录"
        assert shown("A1", "committed_limit", county)["effective"] == 8


def test_a_refusal_needs_a_reason_and_reaches_the_center(county, at, decide):
    with at("广安区"):
        number = ask("A1", "committed_limit")
    with pytest.raises(Invalid):
        decide(number, grant=False)
    decide(number, grant=False, reason="可调配人手")
    with at("广安区"):
        (row,) = exemption_rows.own_page(PAGE)["rows"]
        assert (row["state"], row["decision"]) == ("refused", "可调配人手")
        assert conflicts.open_count() == 1
        told = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 5})["rows"]
        assert "可调配人手" in told[0]["text"]
        assert ask("A1", "committed_limit") != number


def test_the_same_decision_twice_is_harmless_and_another_is_refused(county, at, decide):
    with at("广安区"):
        number = ask("A1", "committed_limit")
    decide(number)
    decide(number)
    for another in ({"grant": False, "reason": "不同意"}, {"reason": "另有理由"}):
        with pytest.raises(exemptions.Decided):
            decide(number, **another)
    with at("广安区"):
        assert pins.page(PINS)["total"] == 1


def test_nobody_grants_more_than_was_asked_for_by_mistake(county, at, decide):
    with at("广安区"):
        number = ask("A1", "committed_limit")
    longer = UNTIL + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        decide(number, expires_on=longer)
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == ("expires_on", "beyond_wanted")
    assert UNTIL.isoformat() in fault.message
    assert longer.isoformat() in fault.message
    decide(number, expires_on=longer, beyond_wanted=True)
    with at("广安区"):
        assert shown("A1", "committed_limit", county)["pin"]["until"] == longer
        (told, *_) = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 5})["rows"]
    assert UNTIL.isoformat() in told["text"]
    assert longer.isoformat() in told["text"]


def test_an_exemption_ends_within_a_few_years(county, at, decide):
    last = exemptions._last_day()
    later = last + timedelta(days=1)
    with at("广安区"):
        with pytest.raises(Invalid) as refused:
            ask("A1", "committed_limit", wanted_until=later)
        number = ask("A1", "committed_limit", wanted_until=last)
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == ("wanted_until", "at_most")
    assert last.isoformat() in fault.message
    with pytest.raises(Invalid) as refused:
        decide(number, expires_on=later, beyond_wanted=True)
    assert [fault.field for fault in refused.value.errors] == ["expires_on"]
    decide(number, expires_on=last)


def test_who_granted_it_hears_that_it_was_given_up(county, at, decide):
    with at("广安区"):
        number = ask("A1", "committed_limit")
    decide(number)
    with at("广安区"):
        exemptions.withdraw(number)
    with at("四川省", "standards_officer", reach=Reach.SUBTREE):
        (row,) = exemption_rows.asked_page(PAGE)["rows"]
    with at("四川省", "standards_officer"):
        (told, *_) = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 5})["rows"]
    assert (row["state"], row["ended_at"] is not None) == ("ended", True)
    assert "广安区放弃了" in told["text"]


def test_a_notice_names_the_field_in_the_language_of_its_reader(county, at):
    with at("广安区"):
        ask("A1", "committed_limit")
    with at("四川省", "standards_officer"), spoken("en"):
        (told, *_) = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 5})["rows"]
    assert KINDS["item"].label("committed_limit") not in told["text"]
    with spoken("en"):
        assert KINDS["item"].label("committed_limit") in told["text"]


def test_it_ends_after_its_last_day(county, at, decide, app):
    with at("广安区"):
        number = ask("A1", "committed_limit")
    decide(number)
    with app.app_context():
        assert clock.carry_out("app.due_pins", day=UNTIL) == 0
        assert clock.carry_out("app.due_pins", day=UNTIL + timedelta(days=1)) == 1
    with at("广安区"):
        assert shown("A1", "committed_limit", county)["effective"] == 5
        assert conflicts.open_count() == 1
        (row,) = exemption_rows.own_page(PAGE)["rows"]
        assert row["state"] == "ended"


def test_it_is_taken_back_before_and_given_up_after_the_decision(county, at, decide):
    with at("广安区"):
        first = ask("A1", "committed_limit")
        exemptions.withdraw(first)
        exemptions.withdraw(first)
        second = ask("A1", "committed_limit")
    with pytest.raises(exemptions.Decided):
        decide(first)
    decide(second)
    with at("广安区"):
        exemptions.withdraw(second)
        assert shown("A1", "committed_limit", county)["effective"] == 5
        assert pins.page(PINS)["total"] == 0
        states = [row["state"] for row in exemption_rows.own_page(PAGE)["rows"]]
        assert states == ["ended", "taken_back"]


@pytest.mark.parametrize(
    ("code", "field", "more", "wrong"),
    [
        ("A1", "committed_limit", {"reason": " "}, "reason"),
        ("A1", "committed_limit", {"wanted_until": today()}, "wanted_until"),
        ("A1", "committed_limit", {"value": "八天"}, "value"),
        ("A1", "window", {}, "field"),
        ("A1", "nonsense", {}, "field"),
        ("A2", "", {}, "field"),
    ],
)
def test_what_is_asked_for_must_make_sense(county, at, code, field, more, wrong):
    with at("广安区"), pytest.raises(Invalid) as refused:
        ask(code, field, **more)
    assert refused.value.errors[0].field == wrong


def test_one_request_for_a_field_at_a_time(county, at):
    with at("广安区"):
        ask("A1", "committed_limit")
        with pytest.raises(exemptions.AskedAlready):
            ask("A1", "committed_limit")


def test_who_only_reads_cannot_ask(county, at):
    with at("广安区", "clerk"), pytest.raises(Forbidden):
        ask("A1", "committed_limit")


def test_the_decider_sees_the_context(county, at, centers):
    with at("武胜县"):
        bulk.claim_many("item", [number_of("A1")], claim="offered")
        ask("A1", "committed_limit", value=9)
    with at("广安区"):
        exemptions.withdraw(ask("A1", "committed_limit"))
        ask("A1", "committed_limit")
    with at("四川省", "standards_officer", reach=Reach.SUBTREE):
        found = {row["center"]["name"]: row for row in exemption_rows.asked_page(PAGE)["rows"]}
    here = found["广安区"]
    assert (here["standard_value"], here["local_value"], here["rule"]) == (5, 8, "at_most")
    assert (here["earlier"], here["same"]) == (1, 1)
    assert here["actions"] == {"withdraw": False, "decide": True}
    assert found["武胜县"]["value"] == 9
    with at("四川省", "standards_officer"):
        assert exemption_rows.asked_count() == 2
    with at("广安市", "city_manager", reach=Reach.SUBTREE):
        assert exemption_rows.asked_page(PAGE)["total"] == 0


def test_a_line_office_sees_its_departments_alone(county, at):
    with at("广安区"):
        ask("A1", "committed_limit")
    for codes, seen in ((("D01",), 1), (("D02",), 0)):
        scope = {"departments": codes}
        with at("四川省", "line_officer", reach=Reach.SUBTREE, **scope):
            assert exemption_rows.asked_page(PAGE)["total"] == seen
        with at("四川省", "line_officer", **scope):
            assert exemption_rows.asked_count() == seen


def test_nobody_else_decides(county, at, decide):
    with at("广安区"):
        number = ask("A1", "committed_limit")
    for place in ("广安市", "绵阳市"):
        with pytest.raises(NotFound):
            decide(number, place=place)


GRANT = "UPDATE exemption SET state = 'granted', expires_on = CURRENT_DATE + 9"


def test_the_database_lets_no_center_grant_to_itself(county, at):
    with at("广安区"):
        ask("A1", "committed_limit")
        for statement in (
            GRANT,
            "UPDATE exemption SET decider_id = app.tenant_id()",
            f"{GRANT}, decider_id = app.tenant_id()",
        ):
            with pytest.raises(IntegrityError), db.session.begin_nested():
                db.session.execute(text(statement))
    with (
        at("广安市", "city_manager", reach=Reach.PUSH),
        pytest.raises(IntegrityError, match="only the center that set the rule"),
        db.session.begin_nested(),
    ):
        db.session.execute(text(GRANT))


def test_a_city_sees_and_hears_of_it_over_http(county, sign_in):
    boss, clerk = sign_in("province"), sign_in("county")
    record = clerk.get("/api/items?q=A1").json["rows"][0]["id"]
    wish = {
        "kind": "item",
        "record_id": record,
        "field": "committed_limit",
        "category": "waiver",
        "reason": "窗口只有两人",
        "wanted_until": UNTIL.isoformat(),
    }
    made = clerk.post("/api/exemptions", wish)
    assert made.status_code == 201, made.text
    address = f"/api/exemptions/of/{county}/{made.json['id']}/decision"
    assert clerk.post(address, {"grant": True}).status_code == 403
    todo = {one["code"]: one["count"] for one in boss.get("/api/desk").json["todo"]}
    assert todo["exemptions_asked"] == 1
    (row,) = boss.get("/api/exemptions/asked").json["rows"]
    assert row["center"]["id"] == county
    given = {"grant": True, "expires_on": UNTIL.isoformat()}
    assert boss.post(address, given).status_code == 204
    assert clerk.get(f"/api/items/{record}").status_code == 200
    assert clerk.get("/api/pins").json["total"] == 1
