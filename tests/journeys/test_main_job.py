"""The main job on the real list: a tighter edition, pushed to 205 centers, answered by a county."""

from jinzhu.core import jobs
from tests.journeys.acts import field, publish, put, tightened


def pushed(demo, province, edition):
    """Push an edition to everybody and let a worker carry it out."""
    body = {"centers": "all", "reason": "压缩时限"}
    rollout = province.do("POST", f"/api/editions/{edition}/rollouts", body)
    with demo.app_context():
        jobs.run(province.me["post"]["center"]["id"], rollout["job"]["id"])
    return province.get(f"/api/rollouts/{rollout['id']}")


def test_from_the_draft_of_the_province_to_the_answer_of_the_county(demo, people):
    province, county = people("province"), people("guangan")
    record, mine = tightened(county)
    draft = province.get("/api/standards")["rows"][0]["draft"]["id"]
    assert put(province, draft, record["code"], mine - 1)["change"] == "changed"
    changes = province.get(f"/api/editions/{draft}/changes")["rows"]
    assert record["code"] in [row["code"] for row in changes]

    before = province.do("POST", f"/api/editions/{draft}/preview", {"centers": "all"})
    edition = publish(province, draft)
    assert (edition["state"], edition["number"]) == ("published", 3)
    seen = province.do("POST", f"/api/editions/{draft}/preview", {"centers": "all"})
    assert seen == before
    breaks = [row for row in seen["conflicts"] if row["code"] == record["code"]]
    breaks = [row for row in breaks if row["field"] == "committed_limit"]
    found = {row["center"]["name"]: row["local_value"] for row in breaks}
    assert found["广安区"] == mine

    before = county.get("/api/conflicts")["total"]
    rollout = pushed(demo, province, draft)
    assert rollout["state"] == "done"
    assert {state: n for state, n in rollout["counts"].items() if n} == {"adopted": 205}

    conflicts = county.get(f"/api/conflicts?q={record['code']}")["rows"]
    (conflict,) = [row for row in conflicts if row["field"] == "committed_limit"]
    assert county.get("/api/conflicts")["total"] > before
    held = field(county.get(f"/api/items/{record['id']}"), "committed_limit")
    assert (held["effective"], held["local"]) == (mine - 1, mine)

    path = f"/api/conflicts/{conflict['id']}/settlement"
    over = county.send("POST", path, {"take": "keep", "value": mine, "reason": "人手不足"})
    assert (over.status_code, over.json["errors"][0]["rule"]) == (422, "at_most")
    county.do("POST", path, {"take": "keep", "value": 0, "reason": "已改为即办"})
    settled = field(county.get(f"/api/items/{record['id']}"), "committed_limit")
    assert (settled["effective"], settled["set_by"]) == (0, "here")
    assert settled["set_under"]["number"] == 3
    history = county.get(f"/api/items/{record['id']}/history")["rows"][0]
    assert (history["actor"], history["edition"]["number"]) == ("广安区中心管理岗（演示）", 3)


def test_a_county_claims_a_department_fills_in_a_value_and_the_province_sees_it(people):
    province, county = people("province"), people("linshui")
    center = county.me["post"]["center"]["id"]
    duties = county.get("/api/items/duties?claim=unclaimed&per_page=1")
    department = duties["rows"][0]["department_code"]
    asked = {"claim": "unclaimed", "department": department}
    listed = county.get(f"/api/items/duties?claim=unclaimed&department={department}")["total"]
    claimed = county.do("POST", "/api/items/claims", {"claim": "offered", "all_matching": asked})
    assert (claimed["claimed"], claimed["refused"]) == (listed, 0)

    row = county.get("/api/items?state=incomplete")["rows"][0]
    local = {
        "address": "政务服务中心二楼",
        "consult_phone": "0826-5550001",
        "complaint_phone": "0826-5550002",
    }
    path = f"/api/items/{row['id']}"
    wrong = county.send(
        "PATCH", path, {"local": {**local, "consult_phone": "打电话"}}, version=row["version"]
    )
    assert [fault["field"] for fault in wrong.json["errors"]] == ["local.consult_phone"]
    assert county.do("PATCH", path, {"local": local}, version=row["version"])["missing"] == 0

    figures = coverage_of(province, county)
    assert figures["offered"] == listed
    assert figures["incomplete"] == listed - 1
    assert figures["open"] == county.get("/api/items/duties?claim=unclaimed")["total"]
    seen = province.get(f"/api/items/of/{center}/{row['provision_id']}")
    assert field(seen, "address")["effective"] == local["address"]
    assert seen["actions"] == {"edit": False, "claim": False}


def coverage_of(province, county):
    """Return what the province sees of a county."""
    center = county.me["post"]["center"]
    city = next(
        row["center"]["id"]
        for row in province.get("/api/coverage")["rows"]
        if row["center"]["code"][:4] == center["code"][:4]
    )
    rows = province.get(f"/api/coverage?parent={city}")["rows"]
    return next(row for row in rows if row["center"]["id"] == center["id"])


def test_figures_on_different_pages_agree(people):
    province, county = people("province"), people("wusheng")
    seen = coverage_of(province, county)
    lists = {
        claim: county.get(f"/api/items/duties?claim={claim}&per_page=1")["total"]
        for claim in ("unclaimed", "offered", "not_offered", "covered_by", "")
    }
    assert [seen[name] for name in ("open", "offered", "not_offered", "covered", "duties")] == list(
        lists.values()
    )
    # What the county offers of its own is in its lists, and is no duty.
    own = county.get("/api/items/own?per_page=200")["rows"]
    incomplete = seen["incomplete"] + sum(row["missing"] > 0 for row in own)
    assert county.get("/api/items?per_page=1")["total"] == seen["offered"] + len(own)
    assert county.get("/api/items?state=incomplete&per_page=1")["total"] == incomplete
    assert county.get("/api/conflicts?kind=item&per_page=1")["total"] == seen["conflicts"]
    desk = {entry["code"]: entry["count"] for entry in county.get("/api/desk")["todo"]}
    assert desk["item_duties_open"] == seen["open"]
    assert desk["items_incomplete"] == incomplete
    total = province.get("/api/coverage")
    assert total["total"]["duties"] == total["own"]["duties"] + sum(
        row["duties"] for row in total["rows"]
    )
