"""Beside the roll-out: Excel, proposals, the past, two standards at once, items of one's own."""

from datetime import timedelta

from jinzhu.core.calendar import today
from tests.jinzhu.standards.test_workbooks import ITEM, edited
from tests.journeys.acts import catalogue, field, next_edition, roll_out, tightened

HOURS = "工作日 9:00—17:00"


def test_a_draft_goes_to_excel_and_back_and_wrong_rows_hold_up_no_others(fresh):
    province = fresh.person("province")
    draft = catalogue(province)["draft"]["id"]
    path = f"/api/editions/{draft}/workbook"
    rows = province.get(f"/api/editions/{draft}/provisions?kind=item&per_page=2&sort=code")["rows"]
    good, wrong = (row["code"] for row in rows)
    file = edited(
        province.send("GET", path).data,
        (ITEM, good, {"content.office_hours": HOURS}),
        (ITEM, wrong, {"content.committed_limit": "十天"}),
    )
    seen = province.upload(f"{path}/preview", file).json
    told = {row["code"]: row for row in seen["rows"]}
    assert {code: row["state"] for code, row in told.items()} == {good: "changed", wrong: "refused"}
    (fault,) = told[wrong]["faults"]
    assert fault["value"] == "十天"
    assert fault["cell"]
    provision = f"/api/editions/{draft}/provisions/item/{good}"
    assert province.get(provision)["content"].get("office_hours") != HOURS

    assert province.upload(f"{path}/application", file).json["counts"] == seen["counts"]
    assert province.get(provision)["content"]["office_hours"] == HOURS
    assert province.upload(f"{path}/refusals", file).status_code == 200
    assert province.upload(f"{path}/preview", file).json["counts"]["changed"] == 0
    broken = province.upload(f"{path}/preview", b"not a workbook")
    assert (broken.status_code, broken.json["errors"][0]["field"]) == (422, "file")


def test_a_county_proposes_its_practice_and_the_draft_names_it(fresh):
    province, county = fresh.person("province"), fresh.person("guangan")
    record, _ = tightened(county)
    item = f"/api/items/{record['id']}"
    county.do("PATCH", item, {"local": {"office_hours": HOURS}}, version=record["version"])
    path = f"{item}/proposal"
    fixed = county.refused(path, {"fields": ["legal_basis"], "reason": "更快"})
    assert fixed["value"] == "legal_basis"
    wish = {"fields": ["office_hours"], "reason": "午间不休，群众方便"}
    number = county.do("POST", path, wish)["id"]
    twice = county.send("POST", path, wish)
    assert (twice.status_code, twice.json["id"]) == (409, number)

    (asked,) = province.get("/api/proposals/asked?state=open")["rows"]
    assert (asked["center"]["name"], asked["fields"][0]["value"]) == ("广安区", HOURS)
    decision = f"/api/proposals/of/{county.center}/{number}/decision"
    silent = province.refused(decision, {"accept": False, "reason": " "})
    assert silent["field"] == "reason"
    made = province.do("POST", decision, {"accept": True, "reason": "可以推广"})
    provision = f"/api/editions/{made['edition_id']}/provisions/item/{record['code']}"
    drafted = province.get(provision)
    assert drafted["content"]["office_hours"] == HOURS
    assert "广安区" in str(drafted["source"])
    (answered,) = county.get("/api/proposals")["rows"]
    assert (answered["state"], answered["decision"]) == ("accepted", "可以推广")


def test_a_record_shows_what_was_on_a_day_and_why(fresh):
    province, county = fresh.person("province"), fresh.person("guangan")
    record, mine = tightened(county)
    item, days = f"/api/items/{record['id']}", [today() - timedelta(days=n) for n in range(30)]
    fresh.days_pass(10)
    edition = next_edition(province, record["code"], mine - 1)
    rollout = roll_out(province, edition, centers=[county.center])["id"]
    assert fresh.work(province, rollout)["state"] == "done"

    then = county.get(f"{item}/at/{days[1]}")
    now = county.get(f"{item}/at/{days[0]}")
    assert (then["edition"]["number"], now["edition"]["number"]) == (2, 3)
    before, after = field(then, "committed_limit"), field(now, "committed_limit")
    assert (before["effective"], before["set_by"]) == (mine, "here")
    assert (after["effective"], after["conflict"]["local_value"]) == (mine - 1, mine)
    assert after["effective"] == field(county.get(item), "committed_limit")["effective"]
    assert not any(one["editable"] for one in then["fields"])
    above = province.get(f"/api/items/of/{county.center}/{record['provision_id']}/at/{days[1]}")
    assert field(above, "committed_limit")["effective"] == mine
    early = county.send("GET", f"{item}/at/{days[29]}")
    assert (early.status_code, "广安区" in early.json["detail"]) == (404, True)
    future = county.send("GET", f"{item}/at/{today() + timedelta(days=1)}")
    assert future.status_code == 422


def test_two_standards_meet_and_their_owners_settle_which_governs(fresh):
    province, line, county = map(fresh.person, ("province", "tax-line", "linshui"))
    (collision,) = province.get("/api/collisions?state=open")["rows"]
    path = f"/api/collisions/{collision['id']}/choice"
    code = collision["first"]["code"]
    duties = f"/api/items/duties?q={code}"
    assert county.get(duties)["total"] == 2
    other = county.send("POST", path, {"governs": "second", "reason": "以专项为准"})
    assert other.status_code == 404
    silent = line.refused(path, {"governs": "second", "reason": " "})
    assert silent["field"] == "reason"
    line.do("POST", path, {"governs": "second", "reason": "条线统一"})
    differing = province.do("POST", path, {"governs": "first", "reason": "以目录为准"})
    assert (differing["state"], county.get(duties)["total"]) == ("differing", 2)
    assert differing["second"]["says"]["reason"] == "条线统一"

    settled = province.do("POST", path, {"governs": "second", "reason": "同意条线意见"})
    assert (settled["state"], settled["governs"]) == ("settled", "second")
    assert [one["event"] for one in settled["record"]] == ["settled", "said", "said", "said"]
    (left,) = county.get(duties)["rows"]
    assert left["provision_id"] == collision["second"]["provision_id"]
    elsewhere = fresh.person("guangan")
    (stays,) = elsewhere.get(duties)["rows"]
    assert stays["provision_id"] == collision["first"]["provision_id"]
    yielding = county.get(f"/api/items/duties/{collision['first']['provision_id']}")
    assert yielding["governed_by"]["standard"] == collision["second"]["standard"]["name"]


def test_own_items_are_taken_over_and_what_cannot_come_along_is_named(fresh):
    county = fresh.person("wusheng")
    before = county.get("/api/items/own")["total"]
    suggested = county.get("/api/takeover")
    assert (suggested["sure"], suggested["total"]) == (2, 3)
    stranger = county.refused(
        "/api/takeover",
        {
            "pairs": [
                {
                    "own_provision_id": suggested["rows"][0]["own"]["provision_id"],
                    "provision_id": suggested["rows"][1]["own"]["provision_id"],
                }
            ]
        },
    )
    assert stranger["field"] == "pairs.0.provision_id"
    taken = county.do("POST", "/api/takeover", {"sure": True})
    assert taken["taken"] == 2
    for row in taken["rows"]:
        left = {one["field"]: one for one in row["left"]}
        record = county.get(f"/api/items/{row['record_id']}")
        assert record["claim"] == "offered"
        assert "演示" in field(record, "window")["local"]
        limit = left["committed_limit"]
        assert limit["rule"] == "at_most"
        assert field(record, "committed_limit")["effective"] < limit["value"]
        assert "第" in limit["message"]
    assert county.get("/api/items/own")["total"] == before - 2
    assert county.get("/api/takeover")["sure"] == 0
