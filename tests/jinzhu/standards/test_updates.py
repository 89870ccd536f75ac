"""An edition comes to a center: field by field, now or later, and nothing of its own is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.problems import Conflict as NotPossible
from jinzhu.core.problems import Forbidden, Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import notices
from jinzhu.standards.models import Mode, Revision, UpdateAnswer
from jinzhu.standards.receiving import (
    pins,
    update_answers,
    update_decisions,
    update_progress,
    updates,
)
from jinzhu.standards.records import bulk, conflicts, local_values, records
from jinzhu.standards.rollouts import rollout_back, rollouts
from tenants.item.models import Item

PAGE = {"state": "", "q": "", "sort": "", "page": 1, "per_page": 100}
PINS = {"reason": "", "soon": False, "q": "", "sort": "", "page": 1, "per_page": 20}
OPEN = {"state": "open", "page": 1, "per_page": 20}
WISH = {"answer": "", "value": None, "reason": "", "until": None}
LATER = today() + timedelta(days=60)


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


def rows(rollout_id: int, **query: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows of an update by code and field."""
    found = updates.page_of_rows(rollout_id, {**PAGE, **query})["rows"]
    return {(row["code"], row["field"]): row for row in found}


def answer(rollout_id: int, *given: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """Answer to fields, each by code, field and answer."""
    wanted = [
        {**WISH, "provision_id": number_of(code), "field": field, "answer": word, **more}
        for code, field, word in given
    ]
    return update_answers.answer(rollout_id, wanted)


@pytest.fixture
def county(province, at, centers):
    """A county that offers three items; two have limits of their own."""
    with at("广安区"):
        wanted = [number_of(code) for code in ("A1", "A2", "A3", "B1")]
        bulk.claim_many("item", wanted, claim="offered")
        values = {number_of("A1"): {"committed_limit": 8}, number_of("A2"): {"committed_limit": 3}}
        bulk.set_local_many("item", values)
    return centers["广安区"]


@pytest.fixture
def send(province, at):
    """Roll an edition out to everybody, in a mode."""

    def sent(edition_id: int, mode: Mode = Mode.AT_ONCE, **more: Any) -> int:
        with at("四川省", "standards_officer"):
            number = rollouts.start(edition_id, centers="all", mode=mode, **more)
        with province.app.app_context():
            rollouts.run_now(number, tenant_id=province.centers["四川省"])
        return number

    return sent


@pytest.fixture
def tighter(county, province, an_item):
    """An edition that touches what the county says, and what it does not."""
    return province.publish(
        an_item("A1", committed_limit=5, legal_basis="新法"),
        an_item("A2", committed_limit=6),
        an_item("A3", committed_limit=6, item_type="20"),
        an_item("A9"),
        remove=("B1",),
    )


@pytest.fixture
def pushed(tighter, send, province):
    """The tighter edition, adopted on its day; what is put off may be put off for long."""
    number = send(tighter, Mode.WITH_NOTICE, notice_days=20, deadline=LATER)
    with province.app.app_context():
        clock.tick(today() + timedelta(days=20))
        rollouts.run_now(number, tenant_id=province.centers["四川省"])
    return number


def test_an_update_says_what_becomes_of_each_field(pushed, at):
    with at("广安区"):
        found = rows(pushed)
    limit = found["A1", "committed_limit"]
    assert (limit["old_value"], limit["new_value"], limit["local_value"]) == (10, 5, 8)
    assert (limit["before"], limit["after"], limit["state"]) == (8, 5, "conflict")
    kept = found["A2", "committed_limit"]
    assert (kept["before"], kept["after"], kept["state"]) == (3, 3, "stays_different")
    assert found["A1", "legal_basis"]["state"] == "fixed"
    assert found["A3", "committed_limit"]["state"] == "comes_through"
    assert found["B1", ""]["state"] == "removed"
    assert len(found) == 5


def test_the_inbox_counts_what_concerns_the_center(pushed, at):
    with at("广安区"):
        (update,) = updates.page(OPEN)["rows"]
    assert (update["edition"]["number"], update["here"]) == (2, True)
    counts = update["counts"]
    assert (counts["provisions"], counts["fields"]) == (3, 4)
    assert (counts["conflict"], counts["stays_different"], counts["to_answer"]) == (1, 1, 2)
    assert (counts["removed"], counts["new_duties"]) == (1, 1)
    with at("武胜县"):
        assert updates.page(OPEN)["total"] == 0
        (quiet,) = updates.page({**OPEN, "state": "done"})["rows"][:1]
        assert quiet["counts"]["fields"] == 0


def test_the_inbox_does_not_ask_once_more_for_each_update(pushed, province, send, at, sent):
    with at("广安区"), sent() as one:
        updates.page(OPEN)
    send(province.publish(remove=("A9",)))
    with at("广安区"), sent() as two:
        updates.page(OPEN)
    assert len(two) == len(one)


def test_a_liaison_sees_only_the_own_department(pushed, at):
    with at("广安区", "department_liaison", departments=("D02",)):
        assert set(rows(pushed)) == {("B1", "")}
        assert updates.open_count() == 0


def test_what_went_elsewhere_is_unknown_here(pushed, at):
    with at("广安区"), pytest.raises(NotFound):
        updates.read(pushed + 99)


def test_taking_drops_the_local_value_and_keeping_needs_one_inside(pushed, at, county):
    with at("广安区"):
        told = answer(pushed, ("A1", "committed_limit", "keep"), value=4, reason="两人窗口")
        assert (told["answered"], told["refused"]) == (1, 0)
        assert answer(pushed, ("A2", "committed_limit", "take"))["answered"] == 1
        assert shown("A1", "committed_limit", county)["effective"] == 4
        assert "committed_limit" not in own("A2").local
        assert conflicts.open_count() == 0
        assert updates.page(OPEN)["total"] == 0
        limit = rows(pushed)["A1", "committed_limit"]
        assert (limit["state"], limit["answer"]["answer"]) == ("stays_different", "keep")
        given_up = rows(pushed)["A2", "committed_limit"]["answer"]
        assert (given_up["answer"], given_up["value"]) == ("take", 3)
        (settled,) = conflicts.page({**PAGE, "state": "settled", "kind": ""})["rows"]
        assert (settled["resolution"], settled["settled_value"]) == ("keep", 4)


def test_a_conflict_that_was_answered_on_its_own_page_is_answered(pushed, at):
    with at("广安区"):
        (conflict,) = conflicts.page({**PAGE, "state": "open", "kind": ""})["rows"]
        keep = {"take": "keep", "value": 4, "reason": "两人窗口"}
        conflicts.settle(conflict["id"], keep, may_write=lambda _: None)
        row = rows(pushed)["A1", "committed_limit"]
        assert (row["state"], row["answer"]["answer"]) == ("stays_different", "keep")
        assert updates.read(pushed)["counts"]["to_answer"] == 1


def test_an_answer_that_breaks_a_rule_is_refused_and_the_others_count(pushed, at):
    with at("广安区"):
        wanted = [
            {**WISH, "provision_id": number_of("A1"), "field": "committed_limit",
             "answer": "keep", "value": 9, "reason": "人手不足"},
            {**WISH, "provision_id": number_of("A1"), "field": "legal_basis",
             "answer": "keep", "value": "旧法", "reason": "习惯"},
            {**WISH, "provision_id": number_of("A2"), "field": "committed_limit",
             "answer": "keep", "reason": "一直如此"},
            {**WISH, "provision_id": number_of("A4"), "field": "committed_limit",
             "answer": "take"},
        ]  # fmt: skip
        told = update_answers.answer(pushed, wanted)
        assert (told["answered"], told["refused"]) == (1, 3)
        refused = {(row["provision_id"], row["field"]): row for row in told["rows"]}
        limit = refused[number_of("A1"), "committed_limit"]
        assert (limit["at"], limit["value"], limit["rule"]) == ("value", 9, "at_most")
        assert "四川省" in limit["message"]
        assert "5" in limit["message"]
        assert refused[number_of("A1"), "legal_basis"]["rule"] == "fixed"
        assert own("A1").local == {"committed_limit": 8}
        assert rows(pushed)["A2", "committed_limit"]["answer"]["answer"] == "keep"


@pytest.mark.parametrize(
    ("more", "at_field"),
    [
        ({"answer": "keep", "value": 4}, "reason"),
        ({"answer": "keep", "value": "四", "reason": "理由"}, "local.committed_limit"),
        ({"answer": "later", "until": None}, "until"),
        ({"answer": "later", "until": today()}, "until"),
        ({"answer": "later", "until": LATER + timedelta(days=1)}, "until"),
    ],
)
def test_an_incomplete_answer_names_what_is_missing(pushed, at, more, at_field):
    with at("广安区"):
        wanted = {**WISH, "provision_id": number_of("A1"), "field": "committed_limit", **more}
        told = update_answers.answer(pushed, [wanted])
        assert (told["answered"], told["rows"][0]["at"]) == (0, at_field)


def test_a_field_put_off_stays_as_it_was_and_is_no_conflict(pushed, at, county):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
        field = shown("A1", "committed_limit", county)
        assert (field["standard"], field["effective"], field["conflict"]) == (10, 8, None)
        assert (field["pin"]["reason"], field["pin"]["until"]) == ("postponed", LATER)
        assert shown("A1", "legal_basis", county)["effective"] == "新法"
        assert conflicts.open_count() == 0
        assert rows(pushed)["A1", "committed_limit"]["state"] == "postponed"
        counted = db.session.scalar(text("SELECT sum(open) FROM conflict_count"))
        assert counted == 0
        local_values.change("item", own("A1").id, {"committed_limit": 9}, version=lambda _: None)


def test_what_is_put_off_names_the_edition_it_stays_on_and_until_when(pushed, at, county):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
        told = shown("A1", "committed_limit", county)["why"]
        assert "四川省第 1 版规定上限为 10 个工作日" in told
        assert f"已延期至 {LATER}，到期后按四川省第 2 版执行" in told
        assert "第 2 版" in shown("A1", "legal_basis", county)["why"]
        with pytest.raises(Invalid) as refused:
            local_values.change("item", own("A1").id, {"committed_limit": 11}, version=lambda _: 0)
    (fault,) = refused.value.errors
    assert "四川省第 1 版规定的 10" in fault.message
    assert fault.authority["edition"] == 1


def test_a_whole_provision_can_be_put_off(pushed, at, county):
    with at("广安区"):
        assert answer(pushed, ("A1", "", "later"), until=LATER)["answered"] == 1
        assert "四川省第 1 版" in shown("A1", "legal_basis", county)["why"]
        assert shown("A1", "legal_basis", county)["effective"] == "基本目录"
        told = answer(pushed, ("A1", "committed_limit", "take"))
        assert told["refused"] == 1
        (pin,) = pins.page(PINS)["rows"]
        assert (pin["field"], pin["name"]) == ("", "事项A1")


def test_what_is_put_off_ends_on_its_day_and_tells_the_center(pushed, at, county, app):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
    with app.app_context():
        assert clock.carry_out("app.due_pins", day=LATER - timedelta(days=1)) == 0
        assert clock.carry_out("app.due_pins", day=LATER) == 1
        assert clock.carry_out("app.due_pins", day=LATER) == 0
    with at("广安区"):
        field = shown("A1", "committed_limit", county)
        assert (field["effective"], field["pin"]) == (5, None)
        assert conflicts.open_count() == 1
        told = notices.page({"unread": True, "sort": "", "page": 1, "per_page": 5})["rows"]
        assert any("延期已到期" in notice["text"] for notice in told)


def test_what_is_put_off_ends_by_hand(pushed, at, county):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
        (pin,) = pins.page(PINS)["rows"]
        assert (pin["held_value"], pin["standard_value"], pin["local_value"]) == (10, 5, 8)
        pins.apply_now(pin["id"])
        assert pins.page(PINS)["total"] == 0
        assert rows(pushed)["A1", "committed_limit"]["state"] == "conflict"
    with at("武胜县"), pytest.raises(NotFound):
        pins.apply_now(pin["id"])


def test_a_new_edition_that_says_the_same_ends_what_was_put_off(
    pushed, province, send, at, an_item, county
):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
    send(province.publish(an_item("A1", committed_limit=4)))
    with at("广安区"):
        assert shown("A1", "committed_limit", county)["effective"] == 8
    send(province.publish(an_item("A1", committed_limit=10)))
    with at("广安区"):
        assert pins.page(PINS)["total"] == 0
        assert own("A1").pinned_revision_id is None
        assert shown("A1", "committed_limit", county)["effective"] == 8


def test_what_was_put_off_is_put_off_again_when_such_an_edition_goes_back(
    pushed, province, send, at, an_item
):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
        (before,) = pins.page(PINS)["rows"]
    same = send(province.publish(an_item("A1", committed_limit=10, legal_basis="新法")))
    with at("广安区"):
        assert pins.page(PINS)["total"] == 0
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        rollout_back.back(same, centers="all", reason="有误")
    with at("广安区"):
        (after,) = pins.page(PINS)["rows"]
        told = ("field", "until", "held_value", "standard_value", "local_value")
        assert [after[name] for name in told] == [before[name] for name in told]


def test_a_removed_provision_is_put_off_no_longer(pushed, province, send, at):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
    send(province.publish(remove=("A1",)))
    with at("广安区"):
        row = db.session.scalars(select(Item).where(Item.pinned_revision_id.is_not(None)))
        assert row.all() == []


def test_a_later_answer_ends_the_delay(pushed, at, county):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
        answer(pushed, ("A1", "committed_limit", "keep"), value=5, reason="照新标准")
        assert pins.page(PINS)["total"] == 0
        assert shown("A1", "committed_limit", county)["effective"] == 5
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER - timedelta(days=1))
        (pin,) = pins.page(PINS)["rows"]
        assert pin["until"] == LATER - timedelta(days=1)


@pytest.mark.parametrize(
    ("local", "left", "through"), [("keep", {"committed_limit": 3}, 2), ("take", {}, 3)]
)
def test_one_click_answers_to_everything_but_conflicts(pushed, at, local, left, through):
    with at("广安区"):
        told = update_answers.take_all(pushed, local=local)
        assert told == {
            "answered": 1,
            "comes_through": through,
            "conflicts": 1,
            "postponed": 0,
        }
        assert own("A2").local == left
        assert own("A1").local == {"committed_limit": 8}
        assert update_answers.take_all(pushed, local=local)["answered"] == 0
        assert updates.read(pushed)["counts"]["to_answer"] == 1


def test_an_update_that_a_newer_one_replaced_is_no_longer_answered(pushed, province, send, at):
    send(province.publish(remove=("A9",)))
    with at("广安区"):
        assert updates.read(pushed)["here"] is False
        with pytest.raises(NotPossible):
            answer(pushed, ("A1", "committed_limit", "take"))


# From the city


def test_a_citys_amendment_comes_as_an_update_of_its_own(county, city, at):
    first = city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    with at("广安区"):
        (update,) = updates.page(OPEN)["rows"]
        assert (update["owner"]["name"], update["standard"]["nature"]) == ("广安市", "amendment")
        row = rows(first)["A1", "committed_limit"]
        assert (row["old_value"], row["new_value"], row["state"]) == (10, 6, "conflict")
        told = answer(first, ("A1", "committed_limit", "keep"), value=7, reason="理由")
        assert "广安市" in told["rows"][0]["message"]
        assert answer(first, ("A1", "committed_limit", "take"))["answered"] == 1
    second = city.rollout(city.amend(("A1", {"committed_limit": 4}, {})))
    with at("广安区"):
        row = rows(second)["A1", "committed_limit"]
        assert (row["old_value"], row["new_value"], row["state"]) == (6, 4, "comes_through")
        assert updates.read(first)["here"] is False


def test_a_citys_own_center_receives_its_amendment_too(county, city, at):
    number = city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    for place, role in (("广安市", "city_manager"), ("广安区", "center_manager")):
        with at(place, role):
            found = [
                row
                for state in ("open", "done")
                for row in updates.page({**OPEN, "state": state})["rows"]
            ]
            assert number in [row["rollout_id"] for row in found]


def test_what_is_claimed_is_no_new_duty_any_more(pushed, at):
    with at("广安区"):
        assert updates.read(pushed)["counts"]["new_duties"] == 1
        bulk.claim_many("item", [number_of("A9")], claim="offered")
        assert updates.read(pushed)["counts"]["new_duties"] == 0


# Before an edition is adopted


@pytest.fixture
def noticed(tighter, send):
    """The tighter edition, announced for a day."""
    return send(tighter, Mode.WITH_NOTICE, notice_days=20, deadline=LATER)


def deciding(at):
    """Act for the county as it answers to an edition."""
    return at("广安区", reach=Reach.PUSH)


def test_an_announced_edition_shows_what_it_would_change(noticed, at, county):
    with at("广安区"):
        (update,) = updates.page(OPEN)["rows"]
        assert update["state"] == "announced"
        assert update["due_on"] == today() + timedelta(days=20)
        assert update["counts"]["conflict"] == 1
        assert rows(noticed)["A1", "committed_limit"]["after"] == 5
        assert shown("A1", "committed_limit", county)["effective"] == 8
        with pytest.raises(NotPossible):
            answer(noticed, ("A1", "committed_limit", "take"))


def test_a_center_takes_an_edition_before_its_day(noticed, at, county):
    with deciding(at):
        update_decisions.accept(noticed, when="now")
    with at("广安区"):
        update = updates.read(noticed)
        assert (update["state"], update["here"]) == ("adopted", True)
        assert update["answer"]["at"] is not None
        assert shown("A1", "committed_limit", county)["effective"] == 5
        assert rows(noticed)["A1", "committed_limit"]["before"] == 8
    with deciding(at):
        update_decisions.accept(noticed, when="now")
    with at("武胜县"):
        assert updates.read(noticed)["state"] == "announced"


def test_a_liaison_does_not_decide_for_the_whole_center(noticed, at):
    scope = {"departments": ("D02",)}
    with at("广安区", "department_liaison", **scope):
        assert updates.read(noticed)["actions"]["take"] is False
    with (
        at("广安区", "department_liaison", reach=Reach.PUSH, **scope),
        pytest.raises(Forbidden),
    ):
        update_decisions.accept(noticed, when="now")


def test_a_center_puts_an_edition_off_and_takes_it_on_its_day_after_all(noticed, at):
    with deciding(at):
        update_decisions.postpone(noticed, until=LATER, reason="系统改造")
    with at("广安区"):
        update = updates.read(noticed)
        assert (update["state"], update["due_on"]) == ("postponed", LATER)
        assert update["answer"]["reason"] == "系统改造"
    with deciding(at):
        update_decisions.accept(noticed, when="on_date")
    with at("广安区"):
        update = updates.read(noticed)
        assert (update["state"], update["due_on"]) == ("accepted", today() + timedelta(days=20))


def test_an_edition_that_was_put_off_comes_on_its_day(noticed, at, app, province):
    with deciding(at):
        update_decisions.postpone(noticed, until=LATER, reason="系统改造")
    with app.app_context():
        clock.tick(LATER)
        rollouts.run_now(noticed, tenant_id=province.centers["四川省"])
    with at("广安区"):
        assert updates.read(noticed)["state"] == "adopted"


def owner_heard(at) -> list[str]:
    """Return what the province is told, the newest first."""
    with at("四川省", "standards_officer"):
        query = {"unread": False, "q": "", "sort": "", "page": 1, "per_page": 50}
        return [row["text"] for row in notices.page(query)["rows"]]


def test_the_owner_is_told_that_a_center_puts_an_edition_off(noticed, at):
    with deciding(at):
        update_decisions.postpone(noticed, until=LATER, reason="系统改造")
    assert f"广安区把《省基本目录》第2版推迟到 {LATER} 执行：系统改造" in owner_heard(at)


def test_the_owner_is_told_once_that_a_center_puts_fields_off_or_keeps_its_own(pushed, at):
    until = {"until": today() + timedelta(days=20), "reason": "系统改造"}
    for _ in range(2):
        with at("广安区"):
            answer(pushed, ("A1", "committed_limit", "later"), **until)
    told = [text for text in owner_heard(at) if text.startswith("广安区")]
    assert told == ["广安区把《省基本目录》第2版的部分字段推迟执行，首次答复 1 个字段。"]


@pytest.mark.parametrize(
    ("until", "reason", "wrong"),
    [
        (LATER + timedelta(days=1), "理由", "until"),
        (today(), "理由", "until"),
        (LATER, " ", "reason"),
    ],
)
def test_an_edition_is_put_off_within_the_deadline_and_with_a_reason(
    noticed, at, until, reason, wrong
):
    with deciding(at), pytest.raises(Invalid) as refused:
        update_decisions.postpone(noticed, until=until, reason=reason)
    assert refused.value.errors[0].field == wrong


LATE = LATER + timedelta(days=1)


def assert_told_whose(message, authority):
    """Say that a refusal names the last day, who set it, and whom to ask."""
    assert f"四川省规定最迟推到 {LATER}" in message
    assert "四川省的标准管理员" in message
    told = (authority["owner"], authority["edition"], authority["bound"])
    assert told == ("四川省", 2, LATER)


def test_a_day_too_late_is_refused_with_whose_last_day_it_is(noticed, at):
    with deciding(at), pytest.raises(Invalid) as refused:
        update_decisions.postpone(noticed, until=LATE, reason="理由")
    (fault,) = refused.value.errors
    assert_told_whose(fault.message, fault.authority)


def test_a_field_is_put_off_too_long_with_whose_last_day_it_is(pushed, at):
    with at("广安区"):
        (row,) = answer(pushed, ("A1", "committed_limit", "later"), until=LATE)["rows"]
    assert_told_whose(row["message"], row["authority"])


def test_an_answer_outside_the_bound_says_whose_it_is_as_a_single_value_does(pushed, at):
    with at("广安区"):
        (row,) = answer(pushed, ("A1", "committed_limit", "keep"), value=9, reason="人手")["rows"]
    told = row["authority"]
    assert (told["owner"], told["bound"], told["exemption"]) == ("四川省", 5, True)
    assert told["contact"] in row["message"]


def test_only_an_offer_can_be_refused(noticed, at):
    with deciding(at), pytest.raises(Invalid) as refused:
        update_decisions.refuse(noticed, reason="不需要")
    (fault,) = refused.value.errors
    assert "《省基本目录》第 2 版" in fault.message
    assert fault.authority["owner"] == "四川省"
    assert "请联系四川省的标准管理员" in fault.message


def test_an_offer_is_taken_or_refused_by_the_center(tighter, send, at, county):
    offered = send(tighter, Mode.ON_OFFER)
    with deciding(at):
        update_decisions.refuse(offered, reason="不适用")
    with at("广安区"):
        assert updates.read(offered)["state"] == "declined"
        assert updates.page(OPEN)["total"] == 0
    with deciding(at):
        update_decisions.accept(offered, when="now")
    with at("广安区"):
        assert updates.read(offered)["state"] == "adopted"
        assert shown("A1", "committed_limit", county)["effective"] == 5


def test_what_is_pushed_at_once_is_not_the_centers_to_decide(tighter, send, at):
    pushed = send(tighter)
    for act in (
        lambda: update_decisions.postpone(pushed, until=LATER, reason="理由"),
        lambda: update_decisions.refuse(pushed, reason="理由"),
    ):
        with deciding(at), pytest.raises(update_decisions.NotOpen):
            act()


def test_a_paused_rollout_takes_no_answer(noticed, at):
    with at("四川省", "standards_officer"):
        rollouts.pause(noticed)
    with deciding(at), pytest.raises(NotPossible):
        update_decisions.accept(noticed, when="now")


# Seen above


def test_who_rolled_out_sees_what_the_centers_did(pushed, at, county):
    with at("广安区"):
        answer(pushed, ("A1", "committed_limit", "later"), until=LATER)
        update_answers.take_all(pushed, local="keep")
    with at("四川省", "standards_officer", reach=Reach.SUBTREE):
        found = update_progress.progress(pushed)["rows"]
        (row,) = [row for row in found if row["center"]["id"] == county]
        assert (row["keep"], row["later"], row["conflicts"], row["postponed"]) == (1, 1, 0, 1)
        assert len(found) == 6
    with at("绵阳市", "city_manager", reach=Reach.SUBTREE), pytest.raises(NotFound):
        update_progress.progress(pushed)


def test_the_answers_are_kept_once_for_each_field(pushed, at):
    with at("广安区"):
        for value in (4, 3):
            answer(pushed, ("A1", "committed_limit", "keep"), value=value, reason="调整")
        stored = db.session.scalars(select(UpdateAnswer)).all()
        assert [(one.field, one.value) for one in stored] == [("committed_limit", 3)]


@pytest.fixture
def required(county, province, an_item, send, at):
    """An edition that requires of every center what it could leave out; one county has said it."""
    with at("广安区"):
        bulk.set_local_many("item", {number_of("A1"): {"window": "3号窗口"}})
    rules = {"window": {"rule": "local", "required": True}}
    changed = [(*an_item(code)[:3], rules, {}) for code in ("A1", "A3")]
    return send(province.publish(*changed))


def test_what_the_standard_leaves_to_the_center_is_not_in_its_inbox(required, at):
    with at("广安区"):
        found = rows(required)
        assert ("A1", "window") not in found
        assert found["A3", "window"]["state"] == "comes_through"
        assert updates.read(required)["counts"]["to_answer"] == 0


def test_what_the_standard_leaves_to_the_center_is_not_taken_from_it(required, at):
    with at("广安区"):
        told = answer(required, ("A1", "window", "take"))
        assert (told["answered"], told["refused"]) == (0, 1)
        assert "标准没有规定" in told["rows"][0]["message"]
        assert told["rows"][0]["rule"] == "local"
        update_answers.take_all(required, local="take")
        assert own("A1").local["window"] == "3号窗口"
