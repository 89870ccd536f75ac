"""What becomes of an item: planned, on its day, given up before; and what a standard gives up."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from jinzhu.core import clock
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from tests.tenants.hall.conftest import open_hall

BASIS = "川府发〔2026〕18号"


def chain(code, kind, effect):
    steps = [{"code": "S1", "name": "办理", "actor": "center", "effects": [effect]}]
    content = {"name": code, "procedure_object": "item", "procedure_kind": kind, "steps": steps}
    return "procedure", code, content, {}, {"levels": ["county"]}


CHAINS = [
    chain("E", "entry", "enter"),
    chain("X", "exit", "leave"),
    chain("A", "adjustment", "adjust"),
]


@pytest.fixture
def county(province, sign_in):
    """A county that offers everything; A1 has entered."""
    province.push(province.publish(*CHAINS))
    browser = sign_in("county")
    rows = browser.get("/api/items/duties").json["rows"]
    browser.subjects = {row["code"]: row["provision_id"] for row in rows}
    wish = {"provision_ids": list(browser.subjects.values()), "claim": "offered"}
    browser.post("/api/items/claims", wish)
    carried_out(browser, "A1", "entry", facts={"mode": "proxy"})
    return browser


def begin(browser, code, kind, **more):
    wish = {"object": "item", "subject_id": browser.subjects[code], "kind": kind, **more}
    return browser.post("/api/cases", {"reason": "调整" if kind != "entry" else "", **wish})


def carried_out(browser, code, kind, **more):
    answer = begin(browser, code, kind, **more)
    assert answer.status_code == 201, answer.json
    path = f"/api/cases/{answer.json['id']}/acts"
    act = {"step": "S1", "action": "approve"}
    done = browser.post(path, act, version=answer.json["version"])
    assert done.json["state"] == "finished", done.json
    return done


def facts(change, *successors, days=0, **more):
    day = str(today() + timedelta(days=days))
    given = {"change": change, "basis": BASIS, "effective_on": day, **more}
    return given | ({"successors": list(successors)} if successors else {})


def stands(browser, code):
    rows = browser.get("/api/entries?per_page=200").json["rows"]
    return next((row["state"] for row in rows if row["code"] == code), None)


def adjustments(browser, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return browser.get(f"/api/adjustments?{words}").json["rows"]


def todo(browser):
    return {row["code"]: row["count"] for row in browser.get("/api/desk").json["todo"]}


def duty(browser, code):
    rows = browser.get("/api/items/duties?per_page=200").json["rows"]
    return next(row for row in rows if row["code"] == code)


def test_a_merger_waits_for_its_day_and_then_names_what_took_the_place(county, app):
    other = county.subjects["A2"]
    carried_out(county, "A1", "exit", facts=facts("merged", other, days=3))
    row = adjustments(county)[0]
    assert (row["state"], row["change"], row["basis"]) == ("planned", "merged", BASIS)
    assert "并入“事项A2”" in row["told"]
    assert stands(county, "A1") == "entered"
    with app.app_context():
        clock.tick(today() + timedelta(days=2))
    assert stands(county, "A1") == "entered"
    with app.app_context():
        clock.tick(today() + timedelta(days=3))
        clock.tick(today() + timedelta(days=3))
    assert adjustments(county)[0]["state"] == "done"
    assert stands(county, "A1") is None
    answer = duty(county, "A1")
    assert (answer["claim"], answer["covered_by"]["provision_id"]) == ("covered_by", other)
    rates = county.get("/api/entries/rates").json["total"]
    assert (rates["offered"], rates["due"], rates["entered"]) == (4, 4, 0)
    assert "事项A1" in county.get("/api/notices").json["rows"][0]["text"]
    for number in (county.subjects["A1"], other):
        assert [one["id"] for one in adjustments(county, about=number)] == [row["id"]]


def at_window(browser, code):
    """Let an item be handled at a window; return how to look at when that ends."""
    window = open_hall(browser).window("1")
    path = f"/api/windows/{window['id']}/assignments"
    wish = {"since": str(today()), "items": [browser.subjects[code]]}
    answer = browser.post(path, wish, version=window["version"])
    assert answer.status_code == 200, answer.json
    return lambda: [row["ends_on"] for row in browser.get(path).json["rows"]]


def test_on_its_day_it_leaves_its_window_as_with_any_exit(county, app):
    ends = at_window(county, "A1")
    carried_out(county, "A1", "exit", facts=facts("cancelled", days=3))
    assert ends() == [None]
    with app.app_context():
        clock.tick(today() + timedelta(days=3))
    assert adjustments(county)[0]["state"] == "done"
    assert ends() == [str(today() + timedelta(days=3))]


def test_what_stays_on_a_new_legal_basis_stays_at_its_window(county):
    ends = at_window(county, "A1")
    carried_out(county, "A1", "adjustment", facts=facts("new_law"))
    assert ends() == [None]


def test_what_takes_the_place_becomes_due_until_it_has_entered(county):
    carried_out(county, "A1", "exit", facts=facts("merged", county.subjects["A2"]))
    assert todo(county)["successors_due"] == 1
    successor = adjustments(county, due=True)[0]["successors"][0]
    assert (successor["name"], successor["state"]) == ("事项A2", "not_entered")
    carried_out(county, "A2", "entry")
    assert "successors_due" not in todo(county)
    assert adjustments(county, due=True) == []


def test_a_split_a_handing_down_and_a_cancellation_leave_a_reason(county):
    two = [county.subjects[code] for code in ("A2", "A3")]
    carried_out(county, "A1", "exit", facts=facts("split", *two))
    assert "拆分为“事项A2、事项A3”" in duty(county, "A1")["reason"]
    for code, change, more in (
        ("A4", "handed_down", {"to_center": "枣山街道便民服务中心"}),
        ("B1", "cancelled", {}),
    ):
        carried_out(county, code, "entry")
        carried_out(county, code, "exit", facts=facts(change, **more))
        answer = duty(county, code)
        assert answer["claim"] == "not_offered"
        assert BASIS in answer["reason"]
        assert more.get("to_center", "") in answer["reason"]


def test_a_new_legal_basis_keeps_the_item_where_it_is(county):
    carried_out(county, "A1", "adjustment", facts=facts("new_law"))
    row = next(r for r in county.get("/api/entries").json["rows"] if r["code"] == "A1")
    assert (row["state"], row["mode"]) == ("entered", "proxy")
    assert BASIS in row["reason"]
    assert duty(county, "A1")["claim"] == "offered"


def test_an_exit_without_a_change_happens_as_before(county):
    carried_out(county, "A1", "exit")
    assert stands(county, "A1") == "left"
    assert adjustments(county) == []


def test_before_its_day_it_is_given_up_and_the_item_stays(county, app, sign_in):
    carried_out(county, "A1", "exit", facts=facts("cancelled", days=5))
    path = f"/api/adjustments/{adjustments(county)[0]['id']}/withdrawal"
    for name, status in (("clerk", 403), ("liaison", 403), ("neighbour", 404), ("stranger", 404)):
        assert sign_in(name).post(path, {"reason": "x"}).status_code == status
    assert county.post(path).json["errors"][0]["field"] == "reason"
    assert county.post(path, {"reason": "文件暂缓"}).status_code == 200
    row = adjustments(county)[0]
    assert (row["state"], row["withdrawal"]) == ("withdrawn", "文件暂缓")
    assert county.post(path, {"reason": "x"}).status_code == 409
    with app.app_context():
        clock.tick(today() + timedelta(days=5))
    assert stands(county, "A1") == "entered"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"change": "nonsense"}, "change"),
        ({"change": "new_law"}, "change"),
        ({"basis": " "}, "basis"),
        ({"effective_on": None}, "effective_on"),
        ({"effective_on": "2020-01-01"}, "effective_on"),
        ({"effective_on": "soon"}, "effective_on"),
        ({"change": "merged"}, "successors"),
        ({"change": "merged", "successors": [0]}, "successors"),
        ({"change": "split", "successors": ["A2"]}, "successors"),
        ({"successors": ["A2"]}, "successors"),
        ({"change": "merged", "successors": ["A1"]}, "successors"),
        ({"change": "handed_down"}, "to_center"),
    ],
)
def test_what_is_missing_is_said_at_its_field(county, given, field):
    named = [county.subjects.get(one, one) for one in given.get("successors", [])]
    wish = facts("cancelled") | given | ({"successors": named} if named else {})
    refused = begin(county, "A1", "exit", facts=wish)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json["errors"]] == [f"facts.{field}"]
    assert begin(county, "A1", "exit", facts=facts("cancelled")).status_code == 201


def test_what_covers_others_does_not_leave_unnoticed(county):
    covered = {"provision_ids": [county.subjects["A2"]], "claim": "covered_by"}
    county.post("/api/items/claims", covered | {"covered_by_id": county.subjects["A1"]})
    refused = begin(county, "A1", "exit", facts=facts("cancelled"))
    assert [one["field"] for one in refused.json["errors"]] == ["facts.change"]


def test_what_a_standard_gives_up_is_told_and_can_leave(county, province, sign_in):
    assert county.get("/api/adjustments/given-up").json["total"] == 0
    province.push(province.publish(remove=("A1",)))
    assert todo(county)["items_given_up"] == 1
    row = county.get("/api/adjustments/given-up").json["rows"][0]
    assert (row["code"], row["mode"], row["standard"]) == ("A1", "proxy", "省基本目录")
    path = f"/api/adjustments/given-up/{row['record_id']}/exit"
    for name, status in (("clerk", 403), ("liaison", 403), ("neighbour", 404), ("stranger", 404)):
        assert sign_in(name).post(path, {"basis": BASIS}).status_code == status
    assert county.post(path).json["errors"][0]["field"] == "basis"
    assert county.post(path, {"basis": BASIS}).status_code == 200
    assert "items_given_up" not in todo(county)
    assert (adjustments(county)[0]["change"], adjustments(county)[0]["state"]) == (
        "dropped",
        "done",
    )


def test_or_goes_on_as_the_own_item_of_the_center_and_stays_entered(county, province, at, sign_in):
    province.push(province.publish(remove=("A1",)))
    row = county.get("/api/adjustments/given-up").json["rows"][0]
    path = f"/api/adjustments/given-up/{row['record_id']}/own"
    for name, status in (("clerk", 403), ("liaison", 403), ("neighbour", 404), ("stranger", 404)):
        assert sign_in(name).post(path).status_code == status
    made = county.post(path)
    assert made.status_code == 200, made.json
    assert county.get(f"/api/items/{made.json['record_id']}").json["standard"]["nature"] == "own"
    assert stands(county, "A1") == "entered"
    assert "items_given_up" not in todo(county)
    told = adjustments(county)[0]
    assert (told["change"], told["successors"][0]["state"]) == ("kept", "entered")
    with at("广安区"):
        open_ones = "SELECT count(*) FROM entry WHERE until IS NULL AND state = 'entered'"
        assert db.session.scalar(text(open_ones)) == 1


@pytest.fixture
def placed(county):
    """Where A1 stands with its department, since when, and its own equipment."""
    browser = county
    rows = browser.get("/api/departments/duties").json["rows"]
    departments = {row["code"]: row["provision_id"] for row in rows}
    wish = {"provision_ids": list(departments.values()), "claim": "offered"}
    browser.post("/api/departments/claims", wish)
    window = open_hall(browser).window("1")
    path = f"/api/windows/{window['id']}/assignments"
    wish = {"since": "2026-01-05", "departments": ["D01"], "items": [browser.subjects["A1"]]}
    assert browser.post(path, wish, version=window["version"]).status_code == 200
    device = {"kind": "printing", "name": "制证机", "owner": "department", "since": "2026-01-05"}
    device |= {"window_id": window["id"], "item_id": browser.subjects["A1"]}
    brought = browser.post(f"/api/equipment/{departments['D01']}", device)
    assert brought.status_code == 201, brought.json
    return f"/api/windows/{window['id']}", path, departments["D01"]


def test_what_goes_on_as_an_own_item_stays_at_its_windows_with_its_equipment(
    county, province, placed
):
    window, path, _ = placed
    province.push(province.publish(remove=("A1",)))
    row = county.get("/api/adjustments/given-up").json["rows"][0]
    made = county.post(f"/api/adjustments/given-up/{row['record_id']}/own").json
    own = county.get(f"/api/items/{made['record_id']}").json["provision_id"]
    rows = county.get(f"{path}?object=item").json["rows"]
    stood = {one["starts_on"]: (one["code"], one["ends_on"]) for one in rows}
    name = county.get(f"/api/items/{made['record_id']}").json["code"]
    assert stood == {"2026-01-05": ("A1", str(today())), str(today()): (name, None)}
    assert county.get(window).json["items"] == 1
    assert county.get(f"/api/equipment?item={own}").json["total"] == 1
    assert county.get(f"/api/equipment?item={county.subjects['A1']}").json["total"] == 0


def test_what_a_standard_gives_up_leaves_once_its_equipment_is_settled(county, province, placed):
    _, path, department = placed
    province.push(province.publish(remove=("A1",)))
    row = county.get("/api/adjustments/given-up").json["rows"][0]
    leave = f"/api/adjustments/given-up/{row['record_id']}/exit"
    (fault,) = county.post(leave, {"basis": BASIS}).json["errors"]
    assert (fault["rule"], fault["value"]) == ("nothing_left.equipment", 1)
    assert "制证机" in fault["message"]
    removal = {"day": str(today())}
    assert county.post(f"/api/equipment/{department}/removal", removal).json["marked"] == 1
    assert county.post(leave, {"basis": BASIS}).status_code == 200
    (stood,) = county.get(f"{path}?object=item").json["rows"]
    assert stood["ends_on"] == str(today())


def test_nobody_else_sees_them(county, sign_in):
    carried_out(county, "A1", "exit", facts=facts("cancelled", days=5))
    for name in ("neighbour", "stranger", "liaison"):
        assert adjustments(sign_in(name)) == []
