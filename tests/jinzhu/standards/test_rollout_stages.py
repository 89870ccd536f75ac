"""Stages, gates, notice and offers: what opens when, and what everybody is told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from jinzhu import migrate
from jinzhu.core import clock, jobs
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.problems import Conflict, Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import Adoption, CenterLabel, Delivery, Mode, Notice
from jinzhu.standards.receiving import update_progress
from jinzhu.standards.rollouts import rollout_back, rollout_rows, rollouts
from jinzhu.standards.rollouts.rollout_base import RolloutScheduled, StageNotWaiting

PAGE = {"state": "", "q": "", "sort": "", "page": 1, "per_page": 50}
GATE = {"approval": False, "wait_days": 0, "max_failed_percent": None}
LATER = timedelta(days=1)


def stage(name: str = "", *, gate: dict[str, Any] | None = None, **chosen: Any) -> dict[str, Any]:
    """Return a stage as asked for."""
    return {"name": name, "chosen": chosen, "gate": {**GATE, **(gate or {})}}


BROKEN = """
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.tenant_id = nullif(current_setting('test.broken', true), '')::int THEN
            RAISE EXCEPTION 'the disk of this center is broken'; END IF;
        RETURN NEW; END $$;
    CREATE TRIGGER broken BEFORE UPDATE ON adoption FOR EACH ROW EXECUTE FUNCTION broken();
"""


@pytest.fixture(scope="module", autouse=True)
def breakable(begun):
    """Let centers be broken, as a broken disk would break them."""
    owner = migrate.owner_engine(begun)
    with owner.begin() as connection:
        connection.execute(text(BROKEN))
    yield
    with owner.begin() as connection:
        connection.execute(text("DROP TRIGGER broken ON adoption; DROP FUNCTION broken()"))
    owner.dispose()


@pytest.fixture
def failing(app):
    """Let the push fail at a center, until another one is named."""

    def broken(center: int | str) -> None:
        with app.app_context():
            db.engines[None].exec_driver_sql(f"SET test.broken = '{center}'")

    return broken


@pytest.fixture
def officer(at):
    """The standards officer at work."""
    return lambda **more: at("四川省", "standards_officer", **more)


@pytest.fixture
def edition(province, an_item):
    """A second edition, which nobody is on."""
    return province.publish(an_item("A1", committed_limit=6))


@pytest.fixture
def begin(officer, edition):
    """Start a roll-out of the second edition; return its number."""

    def begun(*stages: dict[str, Any], **more: Any) -> int:
        with officer():
            return rollouts.start(edition, stages=list(stages), **more)

    return begun


@pytest.fixture
def work(app, officer, centers):
    """Let a day come: the clock looks, and a worker does what it finds until nothing is left."""

    def worked(number: int, day=None) -> dict[str, Any]:
        for _ in range(20):
            with officer():
                rollout = rollouts.find(number)
                job, queued = rollout.job_id, rollout.state == "queued"
            with app.app_context():
                if queued:
                    jobs.run(centers["四川省"], job)
                elif not clock.tick(day):
                    break
        else:
            raise AssertionError("the clock finds something for ever")
        with officer():
            return rollouts.read(number)

    return worked


@pytest.fixture
def on_edition(officer, edition, centers):
    """Return who is on the second edition."""
    names = {number: name for name, number in centers.items()}

    def found() -> set[str]:
        with officer(reach=Reach.SUBTREE):
            rows = select(Adoption.tenant_id).where(Adoption.edition_id == edition)
            return {names[center] for center in db.session.scalars(rows)}

    return found


@pytest.fixture
def told(at):
    """Return what a center has been told."""

    def found(center: str) -> list[str]:
        with at(center):
            return list(db.session.scalars(select(Notice.code).order_by(Notice.id)))

    return found


def states(shown: dict[str, Any]) -> list[str]:
    """Return the states of the stages."""
    return [stage["state"] for stage in shown["stages"]]


# Who belongs to which stage


def test_a_center_belongs_to_the_first_stage_that_names_it(begin, officer, centers):
    number = begin(
        stage("试点", centers=[centers["广安区"]]),
        stage("所在市", cities=[centers["广安市"]]),
        stage("全省", all=True),
    )
    with officer():
        rows = rollout_rows.deliveries(number, PAGE)["rows"]
    places = {row["center"]["name"]: row["stage"] for row in rows}
    assert places == {
        "广安区": 1,
        "广安市": 2,
        "武胜县": 2,
        "四川省": 3,
        "绵阳市": 3,
        "涪城区": 3,
    }


def test_labels_and_levels_choose_centers(begin, officer, centers):
    with officer():
        db.session.add(CenterLabel(center_id=centers["武胜县"], label="山区县"))
    number = begin(
        stage(labels=["山区县"]),
        stage(cities=[centers["广安市"]], levels=["city"]),
        stage(levels=["county"]),
    )
    with officer():
        rows = rollout_rows.deliveries(number, PAGE)["rows"]
    places = {row["center"]["name"]: row["stage"] for row in rows}
    assert places == {"武胜县": 1, "广安市": 2, "广安区": 3, "涪城区": 3}


def test_a_stage_with_nobody_left_is_refused(begin, officer, centers, edition):
    with pytest.raises(Invalid) as refused:
        begin(stage(all=True), stage(centers=[centers["广安区"]]))
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == ("stages.1.chosen", "remainder")


def test_who_is_not_below_is_named(begin, centers):
    with pytest.raises(Invalid) as refused:
        begin(stage(centers=[centers["广安区"], 999_999], labels=["没有的标签"]))
    assert {(fault.field, fault.value) for fault in refused.value.errors} == {
        ("stages.0.chosen.centers", "999999"),
        ("stages.0.chosen.labels", "没有的标签"),
    }


def test_a_city_cannot_choose_beyond_itself(at, centers, edition):
    with at("广安市", "standards_officer"), pytest.raises(NotFound):
        rollouts.start(edition, stages=[stage(all=True)])


# Gates


def test_a_stage_waits_for_approval_and_opens_with_it(
    begin, work, officer, on_edition, centers, told
):
    number = begin(
        stage("试点", centers=[centers["广安区"]]),
        stage("全省", all=True, gate={"approval": True}),
    )
    shown = work(number)
    assert (shown["state"], states(shown)) == ("waiting", ["done", "waiting"])
    assert on_edition() == {"广安区"}
    assert shown["stages"][1]["waits_for"] == ["等人放行"]
    assert shown["stages"][1]["may_approve"]
    assert told("四川省").count("stage_waits") == 1
    work(number, today() + timedelta(days=400))
    assert on_edition() == {"广安区"}
    with officer():
        rollouts.approve(number, 2, note="试点正常")
    shown = work(number)
    assert (shown["state"], states(shown)) == ("done", ["done", "done"])
    assert shown["stages"][1]["note"] == "试点正常"
    assert len(on_edition()) == 6
    assert told("四川省").count("stage_waits") == 1


def test_a_stage_is_approved_once_and_in_its_turn(begin, work, officer, centers):
    gate = {"approval": True}
    number = begin(
        stage(centers=[centers["广安区"]], gate=gate),
        stage(cities=[centers["广安市"]], gate=gate),
        stage(all=True),
    )
    work(number)
    with officer(), pytest.raises(Conflict):
        rollouts.approve(number, 2)
    with officer(), pytest.raises(NotFound):
        rollouts.approve(number, 9)
    with officer():
        rollouts.approve(number, 1)
    work(number)
    with officer(), pytest.raises(Conflict):
        rollouts.approve(number, 1)
    with officer(), pytest.raises(Conflict):
        rollouts.approve(number, 3)


def test_the_first_stage_asks_for_its_approval_once(begin, work, officer, on_edition, told):
    number = begin(stage(all=True, gate={"approval": True}))
    assert work(number)["state"] == "waiting"
    assert told("四川省").count("stage_waits") == 1
    with officer():
        rollouts.pause(number)
        rollouts.resume(number)
    work(number)
    assert told("四川省").count("stage_waits") == 1
    assert on_edition() == set()
    with officer():
        rollouts.approve(number, 1)
    assert work(number)["state"] == "done"
    assert told("四川省").count("stage_waits") == 1


def test_approving_what_does_not_wait_says_so(begin, work, officer, centers):
    gate = {"approval": True}
    number = begin(stage(centers=[centers["广安区"]], gate=gate), stage(all=True, gate=gate))
    work(number)

    def refused(place):
        with officer(), pytest.raises(StageNotWaiting) as found:
            rollouts.approve(number, place)
        return str(found.value)

    assert "第 2 阶段还没有轮到" in refused(2)
    with officer():
        rollouts.approve(number, 1)
    assert "第 1 阶段已经放行" in refused(1)
    assert "第 2 阶段还没有轮到" in refused(2)
    work(number)
    assert "第 1 阶段已经放行" in refused(1)


def test_a_stage_without_a_gate_needs_no_approval(begin, work, officer, centers):
    number = begin(stage(centers=[centers["广安区"]]), stage(all=True, gate={"wait_days": 3}))
    work(number)
    for place, why in ((1, "已经开始"), (2, "不需要人放行")):
        with officer(), pytest.raises(StageNotWaiting) as found:
            rollouts.approve(number, place)
        assert why in str(found.value)


def test_a_stage_waits_its_days_after_the_one_before(begin, work, on_edition, centers):
    number = begin(stage(centers=[centers["广安区"]]), stage(all=True, gate={"wait_days": 3}))
    shown = work(number)
    assert shown["stages"][1]["waits_for"] == [f"等到 {today() + timedelta(days=3)}"]
    work(number, today() + timedelta(days=2))
    assert on_edition() == {"广安区"}
    shown = work(number, today() + timedelta(days=3))
    assert (shown["state"], len(on_edition())) == ("done", 6)


def test_too_many_failures_keep_the_next_stage_shut(
    begin, work, officer, on_edition, centers, failing
):
    failing(centers["武胜县"])
    number = begin(
        stage(cities=[centers["广安市"]]),
        stage(all=True, gate={"max_failed_percent": 20}),
    )
    shown = work(number)
    assert (shown["state"], states(shown)) == ("waiting", ["done", "waiting"])
    assert on_edition() == {"广安市", "广安区"}
    assert "33.3%" in shown["stages"][1]["waits_for"][0]
    assert "retry" in shown["actions"]
    with officer():
        rollouts.retry(number)
    assert work(number)["state"] == "waiting"
    assert on_edition() == {"广安市", "广安区"}
    with officer(reach=Reach.PUSH):
        rollouts.leave_out(number, centers["武胜县"], reason="系统检修")
    shown = work(number)
    assert (shown["state"], shown["counts"]["exempt"]) == ("done", 1)
    assert on_edition() == set(centers) - {"武胜县"}


def test_pilots_that_all_went_back_keep_the_next_stage_shut(
    begin, work, officer, on_edition, centers
):
    number = begin(stage(centers=[centers["广安区"]]), stage(all=True, gate={"wait_days": 3}))
    work(number)
    with officer(reach=Reach.PUSH):
        rollout_back.back(number, centers=[centers["广安区"]], reason="试点有问题")
    shown = work(number, today() + timedelta(days=9))
    assert (shown["state"], states(shown)) == ("waiting", ["done", "waiting"])
    assert "全部回退" in " ".join(shown["stages"][1]["waits_for"])
    assert on_edition() == set()


def test_a_delivery_whose_stage_has_not_opened_is_planned_wherever_it_is_shown(
    begin, work, officer, centers
):
    number = begin(stage(centers=[centers["广安区"]]), stage(all=True, gate={"wait_days": 3}))
    counts = work(number)["counts"]
    query = {"state": "", "stage": None, "city": None, "q": "", "sort": "", "page": 1}
    with officer(reach=Reach.SUBTREE):
        rows = rollout_rows.deliveries(number, {**query, "per_page": 50})["rows"]
        planned = {**query, "state": "planned", "per_page": 50}
        narrowed = rollout_rows.deliveries(number, planned)
        shown = update_progress.progress(number)["rows"]
    told = {row["center"]["name"]: row for row in rows}
    assert sum(row["state"] == "planned" for row in rows) == counts["planned"] == 5
    assert narrowed["total"] == sum(row["state"] == "planned" for row in shown) == 5
    assert told["广安市"]["center"]["city_name"] == "广安市"
    assert told["武胜县"]["center"]["city_name"] == "广安市"
    assert told["四川省"]["center"]["city_name"] is None


def test_failures_within_the_share_stop_nobody(begin, work, on_edition, centers, failing, told):
    failing(centers["武胜县"])
    number = begin(
        stage(cities=[centers["广安市"]]),
        stage(all=True, gate={"max_failed_percent": 40}),
    )
    shown = work(number)
    assert (shown["state"], shown["counts"]["failed"]) == ("failed", 1)
    assert on_edition() == set(centers) - {"武胜县"}
    assert told("四川省") == ["rollout_failed"]


def test_a_failed_center_that_works_again_opens_the_gate(
    begin, work, officer, on_edition, centers, failing
):
    failing(centers["武胜县"])
    number = begin(
        stage(cities=[centers["广安市"]]), stage(all=True, gate={"max_failed_percent": 0})
    )
    assert work(number)["state"] == "waiting"
    failing("")
    with officer():
        rollouts.retry(number)
    assert work(number)["counts"]["adopted"] == 6
    assert len(on_edition()) == 6


def test_of_a_stopped_rollout_the_failed_centers_alone_are_tried_again(
    begin, work, officer, on_edition, centers, failing
):
    failing(centers["武胜县"])
    number = begin(stage(cities=[centers["广安市"]]), stage(all=True, gate={"wait_days": 3}))
    assert work(number)["stages"][1]["waits_for"] != []
    with officer():
        rollouts.stop(number)
    shown = work(number)
    assert (shown["waits_for"], shown["stages"][1]["waits_for"]) == ([], [])
    assert "retry" in shown["actions"]
    for works, found in ((False, {"广安市", "广安区"}), (True, {"广安市", "广安区", "武胜县"})):
        if works:
            failing("")
        with officer():
            rollouts.retry(number)
            assert "pause" not in rollouts.read(number)["actions"]
            with pytest.raises(rollouts.RolloutRunning):
                rollouts.pause(number)
        shown = work(number, today() + timedelta(days=9))
        assert (shown["state"], shown["counts"]["failed"]) == ("cancelled", 0 if works else 1)
        assert (shown["counts"]["planned"], on_edition()) == (3, found)
    assert "retry" not in shown["actions"]


# Modes


def test_with_notice_a_center_adopts_on_its_day_and_not_before(begin, work, on_edition, told):
    number = begin(stage(all=True), mode=Mode.WITH_NOTICE, notice_days=10)
    shown = work(number)
    assert (shown["state"], states(shown)) == ("waiting", ["open"])
    assert shown["waits_for"] == [
        f"6 个中心在通知期内，最早 {today() + timedelta(days=10)} 自动生效"
    ]
    assert told("广安区") == ["update_announced"]
    work(number, today() + timedelta(days=9))
    assert on_edition() == set()
    assert work(number, today() + timedelta(days=10))["state"] == "done"
    assert len(on_edition()) == 6


def test_notice_is_thirty_days_unless_said_otherwise(begin, officer):
    number = begin(stage(all=True), mode=Mode.WITH_NOTICE)
    with officer():
        assert rollouts.read(number)["notice_days"] == 30


def test_a_center_may_take_it_before_its_day(begin, work, at, on_edition, centers):
    number = begin(stage(all=True), mode=Mode.WITH_NOTICE)
    work(number)
    with at("广安区", reach=Reach.PUSH):
        assert rollouts.deliver_one(number, centers["广安区"]) == "adopted"
    assert on_edition() == {"广安区"}
    with at("广安区", reach=Reach.PUSH), pytest.raises(Conflict):
        rollouts.deliver_one(number, centers["广安区"])
    with at("广安区", reach=Reach.PUSH), pytest.raises(NotFound):
        rollouts.deliver_one(number, centers["武胜县"])
    shown = work(number, today() + timedelta(days=30))
    assert shown["counts"]["adopted"] == 6


def test_what_was_put_off_is_adopted_on_its_day_and_keeps_no_stage(
    begin, work, at, on_edition, centers
):
    deadline = today() + timedelta(days=60)
    number = begin(
        stage(centers=[centers["广安区"]]),
        stage(cities=[centers["广安市"]]),
        mode=Mode.WITH_NOTICE,
        notice_days=5,
        deadline=deadline,
    )
    work(number)
    with at("广安区"):
        delivery = db.session.scalars(select(Delivery)).one()
        delivery.state, delivery.due_on = "postponed", deadline
    shown = work(number)
    assert states(shown) == ["done", "open"]
    work(number, today() + timedelta(days=59))
    assert on_edition() == {"广安市", "武胜县"}
    assert work(number, deadline)["state"] == "done"
    assert on_edition() == {"广安市", "武胜县", "广安区"}


def test_an_offer_stays_until_each_center_has_answered(
    begin, work, at, officer, on_edition, centers, told
):
    number = begin(
        stage(cities=[centers["广安市"]]), stage(centers=[centers["涪城区"]]), mode=Mode.ON_OFFER
    )
    shown = work(number, today() + timedelta(days=500))
    assert (shown["state"], states(shown)) == ("waiting", ["done", "done"])
    assert on_edition() == set()
    assert told("涪城区") == ["update_offered"]
    with at("涪城区", reach=Reach.PUSH):
        rollouts.deliver_one(number, centers["涪城区"])
    for name in ("广安区", "武胜县"):
        with at(name):
            db.session.scalars(select(Delivery)).one().state = "declined"
    assert work(number)["state"] == "waiting"
    with at("广安市", reach=Reach.PUSH):
        rollouts.deliver_one(number, centers["广安市"])
    assert work(number)["state"] == "done"
    assert on_edition() == {"涪城区", "广安市"}


def test_nothing_is_adopted_before_the_edition_is_in_force(
    officer, province, an_item, work, at, centers
):
    day = today() + timedelta(days=20)
    with officer():
        draft = editions.open_draft(province.standard_id, title="明年版")
        editions.put_many(draft, [an_item("A1", visit_count=0)])
        publication.publish(draft, effective_on=day)
        number = rollouts.start(draft, stages=[stage(all=True)], starts_on=today())
    assert work(number)["counts"]["announced"] == 6
    with at("广安区", reach=Reach.PUSH):
        assert rollouts.deliver_one(number, centers["广安区"]) == "accepted"
    assert work(number, day - LATER)["counts"]["adopted"] == 0
    assert work(number, day)["counts"]["adopted"] == 6


@pytest.mark.parametrize(("notice", "due"), [(10, 20), (30, 30)])
def test_notice_of_an_edition_in_force_later_begins_today(
    officer, province, an_item, work, told, on_edition, notice, due
):
    with officer():
        draft = editions.open_draft(province.standard_id, title="明年版")
        editions.put_many(draft, [an_item("A1", visit_count=0)])
        publication.publish(draft, effective_on=today() + timedelta(days=20))
        number = rollouts.start(
            draft, stages=[stage(all=True)], mode=Mode.WITH_NOTICE, notice_days=notice
        )
        assert rollouts.read(number)["starts_on"] == today()
    assert work(number)["counts"]["announced"] == 6
    assert told("广安区") == ["update_announced"]
    assert work(number, today() + timedelta(days=due - 1))["counts"]["adopted"] == 0
    assert work(number, today() + timedelta(days=due))["counts"]["adopted"] == 6


def test_a_rollout_begins_by_itself_on_its_day(begin, work, on_edition, officer):
    day = today() + timedelta(days=7)
    number = begin(stage(all=True), starts_on=day)
    assert work(number, day - LATER)["state"] == "scheduled"
    assert on_edition() == set()
    assert work(number, day)["state"] == "done"
    assert len(on_edition()) == 6


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("starts_on", {"starts_on": today() - LATER}),
        ("notice_days", {"notice_days": 5}),
        ("notice_days", {"mode": Mode.WITH_NOTICE, "notice_days": 0}),
        ("deadline", {"mode": Mode.WITH_NOTICE, "deadline": today() + timedelta(days=30)}),
        ("deadline", {"deadline": today() + timedelta(days=30)}),
    ],
)
def test_days_that_cannot_be_are_refused(begin, field, given):
    with pytest.raises(Invalid) as refused:
        begin(stage(all=True), **given)
    assert refused.value.errors[0].field == field


def test_a_stage_of_a_rollout_that_has_not_begun_says_when_it_begins(begin, officer):
    day = today() + LATER
    gate = {"approval": True, "wait_days": 0, "max_failed_percent": None}
    number = begin(stage(levels=["city"], gate=gate), stage(all=True), starts_on=day)
    with officer(), pytest.raises(RolloutScheduled) as refused:
        rollouts.approve(number, 1)
    assert day.isoformat() in str(refused.value)


def test_each_delivery_says_what_it_waits_for(begin, work, officer):
    gate = {**GATE, "approval": True}
    how = {"mode": Mode.WITH_NOTICE, "notice_days": 5}
    number = begin(stage(levels=["city"]), stage(all=True, gate=gate), **how)
    work(number)
    with officer():
        rows = rollout_rows.deliveries(number, PAGE)["rows"]
    told = {row["center"]["name"]: row["waits_for"] for row in rows}
    day = today() + timedelta(days=5)
    assert told["广安市"] == f"通知期内，{day} 自动生效"
    assert told["广安区"].startswith("第 2 阶段：")
    assert "等人放行" in told["广安区"]
    with officer():
        rollouts.pause(number)
        rows = rollout_rows.deliveries(number, PAGE)["rows"]
    assert {row["waits_for"] for row in rows} == {"已暂停，恢复后继续"}


# Running it again


def test_twice_is_once_whoever_runs_it(app, begin, work, officer, centers, on_edition):
    number = begin(stage(cities=[centers["广安市"]]), stage(all=True))
    work(number)

    def looked() -> list[Any]:
        with officer(reach=Reach.SUBTREE):
            pointers = select(Adoption.tenant_id, Adoption.edition_id, Adoption.since)
            told = select(Notice.tenant_id, Notice.id)
            rows = select(Delivery.center_id, Delivery.state, Delivery.finished_at)
            return [sorted(db.session.execute(one).all()) for one in (pointers, told, rows)]

    before = looked()
    with officer():
        job_id = rollouts.find(number).job_id
    with app.app_context():
        jobs.run(centers["四川省"], job_id)
        assert clock.tick(today() + timedelta(days=900)) == 0
    assert looked() == before
