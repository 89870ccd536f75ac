"""An edition on its way down: amended, staged, held up by a city, put off, let off, taken back."""

from datetime import timedelta

import pytest

from jinzhu.core.calendar import today
from tests.journeys.acts import (
    catalogue,
    counts,
    deliveries,
    field,
    next_edition,
    publish,
    roll_out,
    settle_path,
    tightened,
)

PROVINCE, CITY = "四川省", "广安市"


def amend(city, code, limit):
    """Write a limit into the city's draft; a looser one than the province's is refused."""
    (row,) = [
        row for row in city.get("/api/amendments")["rows"] if row["standard"]["code"] != "SC-TAX"
    ]
    draft = row["draft"]["id"]
    path = f"/api/amendments/{draft}/provisions/item/{code}"
    standing = city.get(path)
    above = field(standing, "committed_limit")["upper"]
    looser = city.refused(path, said(above + 1), method="PUT", version=0)
    assert looser["rule"] == "at_most"
    assert PROVINCE in looser["message"]
    assert "第 2 版" in looser["message"]
    over = city.refused(path, said(limit), method="PUT", version=0)
    assert (over["field"], over["authority"]["owner"]) == ("content.committed_limit", PROVINCE)
    steps = {step["code"]: {"limit": 0} for step in field(standing, "steps")["upper"]}
    city.do("PUT", path, said(limit, steps={"set": steps}), version=0)
    assert publish(city, draft)["number"] == 2
    return draft


def said(limit, **more):
    """Return an amendment of the committed limit."""
    return {"content": {"committed_limit": limit, **more}}


def test_a_city_amends_in_stages_and_a_county_goes_back_with_its_own_work(fresh):
    city, county, other = map(fresh.person, ("guangan-city", "guangan", "yuechi"))
    record, mine = tightened(county)
    code, item = record["code"], f"/api/items/{record['id']}"
    edition = amend(city, code, mine - 1)
    stages = [
        {"name": "试点", "chosen": {"centers": [county.center]}},
        {"name": "全市", "chosen": {"all": True}, "gate": {"approval": True}},
    ]
    seen = city.do("POST", f"/api/editions/{edition}/preview", {"stages": stages})
    assert [row["centers"] for row in seen["stages"]] == [1, 6]
    assert (county.me["post"]["center"]["name"], code, mine) in [
        (row["center"]["name"], row["code"], row["local_value"]) for row in seen["conflicts"]
    ]

    rollout = roll_out(city, edition, stages=stages)
    twice = city.send(
        "POST", f"/api/editions/{edition}/rollouts", {"stages": stages, "reason": "再点"}
    )
    assert (twice.status_code, twice.json["rollout_id"]) == (409, rollout["id"])
    shown = fresh.work(city, rollout["id"])
    assert (shown["state"], counts(shown)) == ("waiting", {"adopted": 1, "planned": 6})
    assert "放行" in shown["waits_for"][0]
    duty = f"/api/items/duties/{record['provision_id']}"
    before = field(other.get(duty), "committed_limit")
    assert before["amended_by"] is None

    held = field(county.get(item), "committed_limit")
    assert (held["effective"], held["local"], held["amended_by"]["name"]) == (mine - 1, mine, CITY)
    path = settle_path(county, code)
    over = county.refused(path, {"take": "keep", "value": mine, "reason": "人手不足"})
    assert over["rule"] == "at_most"
    assert f"{CITY}第 2 版" in over["message"]
    county.do("POST", path, {"take": "keep", "value": mine - 2, "reason": "再快一天"})

    city.do("POST", f"/api/rollouts/{rollout['id']}/stages/2/approval", {"note": "试点良好"})
    assert counts(fresh.work(city, rollout["id"])) == {"adopted": 7}
    after = field(other.get(duty), "committed_limit")
    assert (after["standard"], after["upper"]) == (mine - 1, before["standard"])

    back = f"/api/rollouts/{rollout['id']}/rollback"
    one = {"centers": [county.center], "reason": "试点重新论证"}
    assert city.get(back)["possible"] == 7
    assert counts(city.do("POST", back, one)) == {"adopted": 6, "rolled_back": 1}
    again = city.refused(back, one)
    assert "广安区" in again["message"]
    kept = field(county.get(item), "committed_limit")
    assert (kept["effective"], kept["set_by"], kept["amended_by"]) == (mine - 2, "here", None)
    assert field(other.get(duty), "committed_limit") == after


def later(days):
    """Return a day to come, as it is written."""
    return (today() + timedelta(days=days)).isoformat()


@pytest.fixture
def noticed(fresh):
    """An edition of the province that comes in ten days and can be put off for sixty."""
    province, county = fresh.person("province"), fresh.person("guangan")
    record, mine = tightened(county)
    edition = next_edition(province, record["code"], mine - 1)
    how = {"mode": "with_notice", "notice_days": 10, "deadline": later(60), "centers": "all"}
    rollout = roll_out(province, edition, **how)["id"]
    assert counts(fresh.work(province, rollout)) == {"announced": 205}
    return province, county, rollout, record, mine


def test_an_edition_is_put_off_to_the_deadline_at_most_and_comes_by_itself(fresh, noticed):
    province, county, rollout, record, mine = noticed
    other = fresh.person("jinjiang")
    update = f"/api/updates/{rollout}"
    (ahead,) = [r for r in county.get("/api/updates")["rows"] if r["rollout_id"] == rollout]
    assert (ahead["due_on"], ahead["counts"]["conflict"] > 0) == (later(10), True)
    wish = {"until": later(61), "reason": "系统改造"}
    wrong = county.refused(f"{update}/postponement", wish)
    assert (wrong["field"], wrong["rule"]) == ("until", "deadline")
    assert later(60) in wrong["message"]
    county.do("POST", f"{update}/postponement", {**wish, "until": later(40)})
    other.do("POST", f"{update}/acceptance", {"when": "now"})
    assert deliveries(province, rollout)["锦江区"]["state"] == "adopted"

    assert fresh.tick(today() + timedelta(days=9)) == 0
    assert fresh.tick(today() + timedelta(days=10)) == 1
    assert counts(fresh.work(province, rollout)) == {"adopted": 204, "postponed": 1}
    assert field(county.get(f"/api/items/{record['id']}"), "committed_limit")["effective"] == mine
    fresh.tick(today() + timedelta(days=40))
    shown = fresh.work(province, rollout)
    assert (shown["state"], counts(shown)) == ("done", {"adopted": 205})
    held = field(county.get(f"/api/items/{record['id']}"), "committed_limit")
    assert (held["effective"], held["local"]) == (mine - 1, mine)


def test_one_field_is_put_off_and_the_others_are_answered_in_one_go(fresh, noticed):
    _, county, rollout, record, mine = noticed
    update, item = f"/api/updates/{rollout}", f"/api/items/{record['id']}"
    county.do("POST", f"{update}/acceptance", {"when": "now"})
    wish = {"provision_id": record["provision_id"], "field": "committed_limit", "answer": "later"}
    late = county.do("POST", f"{update}/answers", {"rows": [{**wish, "until": later(61)}]})
    assert (late["answered"], late["rows"][0]["rule"]) == (0, "deadline")
    over = {**wish, "answer": "keep", "value": mine, "reason": "人手不足"}
    (refused,) = county.do("POST", f"{update}/answers", {"rows": [over]})["rows"]
    assert (refused["rule"], f"{PROVINCE}第 3 版" in refused["message"]) == ("at_most", True)
    given = {"rows": [{**wish, "until": later(50)}]}
    assert county.do("POST", f"{update}/answers", given)["answered"] == 1

    limit = field(county.get(item), "committed_limit")
    assert (limit["effective"], limit["pin"]["until"]) == (mine, later(50))
    county.do("POST", f"{update}/take_all", {"local": "keep"})
    left = county.get(f"{update}/rows?state=to_answer")["rows"]
    assert {row["state"] for row in left} <= {"conflict"}
    fresh.tick(today() + timedelta(days=49))
    assert field(county.get(item), "committed_limit")["effective"] == mine
    fresh.tick(today() + timedelta(days=50))
    ended = field(county.get(item), "committed_limit")
    assert (ended["effective"], ended["pin"], ended["conflict"]["local_value"]) == (
        mine - 1,
        None,
        mine,
    )


def test_an_exemption_is_asked_for_granted_and_over_after_its_last_day(fresh):
    province, county = fresh.person("province"), fresh.person("guangan")
    record, mine = tightened(county)
    edition = next_edition(province, record["code"], mine - 1)
    rollout = roll_out(province, edition, centers=[county.center])["id"]
    assert fresh.work(province, rollout)["state"] == "done"
    item = f"/api/items/{record['id']}"
    wish = {
        "kind": "item",
        "record_id": record["id"],
        "field": "committed_limit",
        "category": "waiver",
        "reason": "窗口只有两人",
        "wanted_until": later(90),
    }
    free = county.refused("/api/exemptions", {**wish, "field": "consult_phone"})
    assert (free["field"], free["rule"]) == ("field", "local")
    number = county.do("POST", "/api/exemptions", wish)["id"]
    path = f"/api/exemptions/of/{county.center}/{number}/decision"
    yes = {"grant": True, "expires_on": later(90)}
    assert county.send("POST", path, yes).status_code == 403
    (asked,) = province.get("/api/exemptions/asked?state=asked")["rows"]
    assert (asked["center"]["name"], asked["local_value"]) == ("广安区", mine)
    province.do("POST", path, yes)

    limit = field(county.get(item), "committed_limit")
    assert (limit["effective"], limit["rule"], limit["conflict"]) == (mine, "exempt", None)
    assert fresh.tick(today() + timedelta(days=90)) == 0
    assert fresh.tick(today() + timedelta(days=91)) == 1
    limit = field(county.get(item), "committed_limit")
    assert (limit["effective"], limit["rule"], limit["pin"]) == (mine - 1, "at_most", None)
    assert county.get("/api/exemptions")["rows"][0]["state"] == "ended"
    settle_path(county, record["code"])


def test_an_offer_is_taken_by_one_and_turned_down_by_another(fresh):
    province, county, other = map(fresh.person, ("province", "guangan", "wusheng"))
    record, mine = tightened(county)
    edition = next_edition(province, record["code"], mine - 1)
    chosen = [county.center, other.center]
    rollout = roll_out(province, edition, centers=chosen, mode="on_offer")["id"]
    assert counts(fresh.work(province, rollout)) == {"announced": 2}
    update = f"/api/updates/{rollout}"
    county.do("POST", f"{update}/acceptance", {"when": "now"})
    silent = other.refused(f"{update}/refusal", {"reason": " "})
    assert (silent["field"], silent["rule"]) == ("reason", "required")
    other.do("POST", f"{update}/refusal", {"reason": "本年度不调整"})
    found = deliveries(province, rollout)
    assert (found["广安区"]["state"], found["武胜县"]["state"]) == ("adopted", "declined")
    assert found["武胜县"]["reason"] == "本年度不调整"
    over = county.send("POST", f"{update}/refusal", {"reason": "再想想"})
    assert (over.status_code, over.json["code"]) == (409, "update_not_open")


def test_counties_wait_until_their_city_has_answered_and_go_on_with_the_answer(fresh):
    province, city, county = map(fresh.person, ("province", "guangan-city", "wusheng"))
    layer = city.get("/api/amendments")["rows"][0]["latest"]["id"]
    amended = city.get(f"/api/amendments/{layer}/provisions?amended=true")["rows"][0]
    (limit,) = [one for one in amended["fields"] if one["field"] == "committed_limit"]
    bound = limit["after"] - 1
    edition = next_edition(province, amended["code"], bound)
    rollout = roll_out(province, edition, centers="all")["id"]
    assert counts(fresh.work(province, rollout)) == {"adopted": 198, "waiting": 7}
    duty = f"/api/items/duties/{amended['provision_id']}"
    assert field(county.get(duty), "committed_limit")["standard"] == limit["after"]
    held = county.send("POST", f"/api/updates/{rollout}/acceptance", {"when": "now"})
    assert held.status_code == 409

    asked = {row["name"]: row for row in city.get("/api/amendment_conflicts?state=open")["rows"]}
    assert set(asked) == {"committed_limit", "steps"}
    conflict = asked["committed_limit"]
    assert (conflict["value"], conflict["bound"]) == (limit["after"], bound)
    path = f"/api/amendment_conflicts/{conflict['id']}/settlement"
    keep = {"take": "keep", "value": limit["after"], "reason": "全市统一"}
    over = city.refused(path, keep)
    assert (over["rule"], f"{PROVINCE}第 3 版" in over["message"]) == ("at_most", True)
    city.do("POST", path, {**keep, "value": bound - 1})
    steps = f"/api/amendment_conflicts/{asked['steps']['id']}/settlement"
    city.do("POST", steps, {"take": "standard"})
    assert city.get("/api/amendment_conflicts?state=open")["total"] == 0

    assert fresh.tick(today()) == 1
    shown = fresh.work(province, rollout)
    assert (shown["state"], counts(shown)) == ("done", {"adopted": 205})
    now = field(county.get(duty), "committed_limit")
    assert (now["standard"], now["upper"], now["amended_by"]["name"]) == (bound - 1, bound, CITY)


def test_a_withdrawn_edition_reaches_nobody_any_more(fresh):
    province, county = fresh.person("province"), fresh.person("guangan")
    draft = catalogue(province)["draft"]["id"]
    edition = publish(province, draft)
    path = f"/api/editions/{edition['id']}"
    province.do("POST", f"{path}/withdrawal", {"reason": "依据有误"}, version=edition["version"])
    body = {"centers": [county.center], "reason": "试点"}
    refused = province.send("POST", f"{path}/rollouts", body)
    assert (refused.status_code, refused.json["code"]) == (409, "edition_withdrawn")
    assert "第 3 版" in refused.json["detail"]
    assert province.get(f"{path}/centers")["total"] == 0
    assert province.send("POST", f"{path}/preview", {"centers": "all"}).status_code == 409
    number = catalogue(province)["latest"]["number"]
    assert number == 2
