"""What an office does with a roll-out on its way: pause, resume, stop, leave out, go back."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from jinzhu.core import clock, jobs
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.problems import Conflict, Invalid
from jinzhu.core.tenancy import Reach
from jinzhu.standards.models import Adoption, Mode, Notice, Revision
from jinzhu.standards.records import bulk, conflicts
from jinzhu.standards.rollouts import rollout_back, rollouts
from jinzhu.standards.rollouts.rollout_base import EditionWithdrawn, RolloutOver, RolloutOvertaken
from jinzhu.standards.rollouts.rollout_deliver import NotYours

PAGE = {"state": "", "q": "", "sort": "", "page": 1, "per_page": 50}


@pytest.fixture
def officer(at):
    """The standards officer at work."""
    return lambda **more: at("四川省", "standards_officer", **more)


@pytest.fixture
def edition(province, an_item):
    """A second edition, which nobody is on."""
    return province.publish(an_item("A1", committed_limit=6))


@pytest.fixture
def start(officer, edition):
    """Start a roll-out of the second edition to everybody; return its number."""

    def started(**more: Any) -> int:
        with officer():
            return rollouts.start(edition, **{"centers": "all", **more})

    return started


@pytest.fixture
def work(app, officer, centers):
    """Let the clock look and a worker run, until nothing is left to do."""

    def worked(number: int, day=None) -> dict[str, Any]:
        more = True
        while more:
            with officer():
                rollout = rollouts.find(number)
                job, queued = rollout.job_id, rollout.state == "queued"
            with app.app_context():
                if queued:
                    jobs.run(centers["四川省"], job)
                else:
                    more = bool(clock.tick(day))
        with officer():
            return rollouts.read(number)

    return worked


@pytest.fixture
def editions_of(officer, province, centers):
    """Return how many centers are on each edition of the standard."""

    def found() -> dict[int, int]:
        with officer(reach=Reach.SUBTREE):
            count = select(Adoption.edition_id, func.count())
            mine = count.where(Adoption.standard_id == province.standard_id)
            return dict(map(tuple, db.session.execute(mine.group_by(Adoption.edition_id))))

    return found


def delivered(officer, number: int) -> dict[str, str]:
    """Return the state of each delivery by the name of the center."""
    with officer():
        rows = rollouts.deliveries(number, PAGE)["rows"]
    return {row["center"]["name"]: row["state"] for row in rows}


# Pause, resume, stop


def test_while_it_is_paused_nothing_changes_anywhere(
    start, work, officer, at, editions_of, edition, centers
):
    number = start(mode=Mode.WITH_NOTICE, notice_days=1)
    work(number)
    with officer():
        rollouts.pause(number)
        with pytest.raises(rollouts.RolloutPaused):
            rollouts.pause(number)
        assert rollouts.read(number)["actions"] == ["resume", "stop", "leave_out"]
    shown = work(number, today().replace(year=today().year + 1))
    assert (shown["state"], edition in editions_of()) == ("paused", False)
    with at("广安区", reach=Reach.PUSH), pytest.raises(rollouts.RolloutPaused):
        rollouts.deliver_one(number, centers["广安区"])
    with officer():
        rollouts.resume(number)
    work(number, today().replace(year=today().year + 1))
    assert editions_of() == {edition: 6}


def test_a_job_that_finds_its_rollout_paused_leaves_it(
    app, start, work, officer, editions_of, edition, centers
):
    number = start()
    with officer():
        rollouts.pause(number)
        job_id = rollouts.find(number).job_id
    with app.app_context():
        jobs.run(centers["四川省"], job_id)
    with officer():
        assert rollouts.read(number)["state"] == "paused"
        rollouts.resume(number)
    assert work(number)["state"] == "done"
    assert editions_of() == {edition: 6}


def test_a_paused_rollout_that_has_not_begun_waits_for_its_day_again(start, officer, work):
    day = today().replace(year=today().year + 1)
    number = start(starts_on=day)
    with officer():
        rollouts.pause(number)
        assert rollouts.resume(number).state == "scheduled"
    assert work(number, day)["state"] == "done"


def test_what_was_stopped_leaves_the_rest_where_it_was_and_is_not_taken_up_again(
    start, work, officer, at, edition, editions_of, centers
):
    number = start(mode=Mode.WITH_NOTICE)
    work(number)
    with at("广安区", reach=Reach.PUSH):
        rollouts.deliver_one(number, centers["广安区"])
    with officer():
        rollouts.stop(number)
        with pytest.raises(RolloutOver):
            rollouts.stop(number)
    year = today().replace(year=today().year + 1)
    assert work(number, year)["state"] == "cancelled"
    assert editions_of()[edition] == 1
    with at("武胜县", reach=Reach.PUSH), pytest.raises(RolloutOver):
        rollouts.deliver_one(number, centers["武胜县"])
    with officer(), pytest.raises(Conflict, match="没有失败的中心"):
        rollouts.retry(number)
    shown = work(number, year)
    assert (shown["state"], editions_of()[edition]) == ("cancelled", 1)
    assert "retry" not in shown["actions"]


def test_an_older_rollout_cannot_go_on_once_a_later_one_has_begun(start, work, officer):
    number = start(mode=Mode.ON_OFFER)
    work(number)
    with officer():
        rollouts.stop(number)
    later = start()
    work(later)
    with officer(), pytest.raises(RolloutOvertaken) as refused:
        rollouts.retry(number)
    assert refused.value.members["rollout_id"] == later


def test_a_withdrawn_edition_reaches_nobody_any_more(
    start, work, officer, at, edition, editions_of, centers
):
    number = start(mode=Mode.WITH_NOTICE)
    work(number)
    with officer():
        withdrawn = text("UPDATE edition SET state = 'withdrawn' WHERE id = :id")
        db.session.execute(withdrawn, {"id": edition})
    with at("广安区", reach=Reach.PUSH), pytest.raises(rollouts.RolloutPaused):
        rollouts.deliver_one(number, centers["广安区"])
    shown = work(number, today().replace(year=today().year + 1))
    assert (shown["state"], edition in editions_of()) == ("paused", False)
    assert "resume" not in shown["actions"]
    for act in (rollouts.resume, lambda _: start()):
        with pytest.raises(EditionWithdrawn), officer():
            act(number)


# Telling


def test_whom_an_edition_comes_to_at_once_is_told_how_much_changed(
    work, at, province, an_item, officer
):
    """A1 says another limit; of the two that are new, one is meant for cities too."""
    kind, code, content, rules, applies = an_item("A8")
    third = province.publish(
        an_item("A1", committed_limit=4),
        an_item("A7"),
        (kind, code, content, rules, {**applies, "levels": ["city", "county"]}),
    )
    with officer():
        number = rollouts.start(third, centers="all", reason="测试")
    work(number)
    told = {}
    for place in ("广安区", "广安市"):
        with at(place):
            found = select(Notice).where(Notice.code == "update_adopted").order_by(Notice.id.desc())
            (newest, *_) = db.session.scalars(found).all()
            assert newest.to == f"/updates/{number}"
            told[place] = {name: newest.values[name] for name in ("provisions", "duties")}
    assert told["广安区"] == {"provisions": 1, "duties": 2}
    assert told["广安市"] == {"provisions": 1, "duties": 1}


def test_who_has_had_notice_is_not_told_again(start, work, at):
    work(start(mode=Mode.WITH_NOTICE, notice_days=1), today().replace(year=today().year + 1))
    with at("广安区"):
        codes = db.session.scalars(select(Notice.code).order_by(Notice.id)).all()
    assert codes[-1] == "update_announced"


# Leaving out


def test_a_center_that_is_left_out_stays_where_it_is_and_is_told(
    start, work, officer, at, edition, editions_of, centers
):
    number = start(mode=Mode.WITH_NOTICE)
    work(number)
    with officer(reach=Reach.PUSH):
        rollouts.leave_out(number, centers["武胜县"], reason="正在搬迁")
    with at("武胜县"):
        assert "update_left_out" in db.session.scalars(select(Notice.code)).all()
    with at("武胜县", reach=Reach.PUSH), pytest.raises(NotYours):
        rollouts.deliver_one(number, centers["武胜县"])
    shown = work(number, today().replace(year=today().year + 1))
    assert (shown["state"], shown["counts"]["exempt"]) == ("done", 1)
    assert editions_of()[edition] == 5
    with officer(reach=Reach.PUSH), pytest.raises(Conflict):
        rollouts.leave_out(number, centers["广安区"], reason="迟了")


# Going back


@pytest.fixture
def local_work(at):
    """Let the county offer an item, and fill in a value of its own."""

    def written(limit: int) -> None:
        with at("广安区"):
            known = select(Revision.provision_id).where(Revision.code == "A1").limit(1)
            number = db.session.scalars(known).one()
            bulk.claim_many("item", [number], claim="offered")
            bulk.set_local_many("item", {number: {"committed_limit": limit}})

    return written


def back(officer, number: int, centers: Any) -> Any:
    """Take centers back."""
    with officer(reach=Reach.PUSH):
        return rollout_back.back(number, centers=centers, reason="材料有误")


def test_all_go_back_to_where_they_came_from_and_keep_their_own_work(
    start, work, officer, at, edition, editions_of, local_work
):
    first = next(iter(editions_of()))
    local_work(9)
    number = start()
    work(number)
    with at("广安区"):
        assert conflicts.open_count() == 1
    with officer(reach=Reach.PUSH):
        seen = rollout_back.figures(rollouts.find(number))
    assert seen == {"possible": 6, "first": 0, "moved_on": 0}
    back(officer, number, "all")
    assert editions_of() == {first: 6}
    assert set(delivered(officer, number).values()) == {"rolled_back"}
    with at("广安区"):
        assert conflicts.open_count() == 0
        local = text("SELECT local ->> 'committed_limit' FROM item")
        assert db.session.scalars(local).all() == ["9"]
        told = db.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
        assert (told.code, told.values["to"]) == ("update_rolled_back", 1)
    with pytest.raises(Conflict):
        back(officer, number, "all")


def test_some_go_back_and_the_others_stay(start, work, officer, edition, editions_of, centers):
    number = start()
    work(number)
    back(officer, number, [centers["广安区"]])
    assert editions_of()[edition] == 5
    states = delivered(officer, number)
    assert (states["广安区"], states["武胜县"]) == ("rolled_back", "adopted")
    with pytest.raises(Invalid) as refused:
        back(officer, number, [centers["广安区"], centers["武胜县"]])
    assert [fault.value for fault in refused.value.errors] == [centers["广安区"]]
    assert editions_of()[edition] == 5


def test_who_was_on_different_editions_goes_back_to_each(
    start, work, officer, province, edition, editions_of, an_item, centers
):
    first = next(iter(editions_of()))
    work(start(centers=[centers["广安区"]]))
    third = province.publish(an_item("A1", committed_limit=5))
    with officer():
        number = rollouts.start(third, centers="all")
    work(number)
    assert editions_of() == {third: 6}
    back(officer, number, "all")
    assert editions_of() == {first: 5, edition: 1}


def test_there_is_no_way_back_from_a_first_adoption(office, an_item, officer, work, centers):
    kind, code, content, rules, applies = an_item("A1")
    department = {"name": "局", "department_class": "government", "entry_force": "shall"}
    edition = office.publish(
        ("department", "D01", department, {}, applies), (kind, code, content, rules, applies)
    )
    with officer():
        number = rollouts.start(edition, centers="all")
    work(number)
    with officer(reach=Reach.PUSH):
        seen = rollout_back.figures(rollouts.find(number))
    assert seen == {"possible": 0, "first": 6, "moved_on": 0}
    with pytest.raises(Invalid) as refused:
        back(officer, number, [centers["广安区"]])
    assert "首次采用" in refused.value.errors[0].message
    with pytest.raises(Conflict):
        back(officer, number, "all")


def test_who_has_gone_further_is_not_taken_back(
    start, work, officer, province, an_item, editions_of, centers
):
    number = start()
    work(number)
    third = province.publish(an_item("A1", committed_limit=5))
    with officer():
        later = rollouts.start(third, centers=[centers["广安区"]])
    work(later)
    with pytest.raises(Invalid) as refused:
        back(officer, number, [centers["广安区"]])
    assert "别的版次" in refused.value.errors[0].message
    back(officer, number, "all")
    assert editions_of()[third] == 1


def test_nobody_goes_back_while_the_rollout_is_under_way(start, officer):
    number = start()
    with pytest.raises(rollouts.RolloutRunning):
        back(officer, number, "all")


# Over HTTP


def test_a_rollout_in_stages_over_the_api(sign_in, edition, centers, work):
    office = sign_in("province")
    stages = [
        {"name": "试点县", "chosen": {"centers": [centers["广安区"]]}},
        {"name": "全省", "chosen": {"all": True}, "gate": {"approval": True}},
    ]
    seen = office.post(f"/api/editions/{edition}/preview", {"stages": stages}).json
    assert [row["centers"] for row in seen["stages"]] == [1, 5]
    plan = {"mode": "at_once", "stages": stages, "reason": "先试点"}
    for reason in ({}, {"reason": " "}):
        wordless = office.post(
            f"/api/editions/{edition}/rollouts", {"mode": "at_once", "stages": stages} | reason
        )
        assert [one["field"] for one in wordless.json["errors"]] == ["reason"]
    answer = office.post(f"/api/editions/{edition}/rollouts", plan)
    assert answer.status_code == 202, answer.text
    path = f"/api/rollouts/{answer.json['id']}"
    again = office.post(f"/api/editions/{edition}/rollouts", plan)
    assert (again.status_code, again.json["code"]) == (409, "rollout_running")
    assert again.json["rollout_id"] == answer.json["id"]
    work(answer.json["id"])
    shown = office.get(path).json
    assert shown["actions"] == ["pause", "stop", "rollback", "leave_out"]
    assert shown["stages"][1]["may_approve"]
    cells = office.get(f"{path}/deliveries?stage=2&city={centers['广安市']}").json
    assert cells["total"] == 2
    assert office.post(f"{path}/stages/2/approval", {"note": "好"}).status_code == 202
    work(answer.json["id"])
    assert office.get(f"{path}/rollback").json["possible"] == 6
    without = office.post(f"{path}/rollback", {"centers": "all", "reason": " "})
    assert (without.status_code, without.json["errors"][0]["field"]) == (422, "reason")
    given = {"centers": [centers["武胜县"]], "reason": "暂缓"}
    done = office.post(f"{path}/rollback", given).json
    assert (done["counts"]["rolled_back"], done["counts"]["adopted"]) == (1, 5)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"centers": "all", "stages": [{"chosen": {"all": True}}]},
        {"stages": []},
        {"stages": [{"chosen": {}}]},
        {"stages": [{"chosen": {"levels": ["village"]}}]},
        {"stages": [{"chosen": {"all": True}, "gate": {"wait_days": -1}}]},
        {"centers": "all", "mode": "by_force"},
        {"centers": "all", "starts_on": "morgen"},
    ],
)
def test_a_rollout_that_makes_no_sense_is_refused_at_its_field(sign_in, edition, given):
    office = sign_in("province")
    answer = office.post(f"/api/editions/{edition}/rollouts", {"reason": "测试", **given})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid"), answer.text
    assert answer.json["errors"][0]["field"] not in ("", "reason")
    assert office.get("/api/rollouts").json["total"] == 0


def test_a_page_of_deliveries_and_a_rollout_ask_few_questions(start, work, officer, sent):
    number = start()
    work(number)
    with officer(), sent() as statements:
        rollouts.read(number)
        rollouts.deliveries(number, PAGE)
    assert len(statements) <= 10, statements
