"""A center's practice becomes the standard: found by comparing, or proposed by the center."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.core.tenancy import Reach
from jinzhu.standards.across import practice, proposals
from jinzhu.standards.editions import comparison, editions, publication
from jinzhu.standards.models import Edition, Notice, Proposal, Revision
from jinzhu.standards.receiving import exemption_decisions, exemptions
from jinzhu.standards.records import bulk
from tenants.item.models import Item

LIGHTER = {"drop": ["M3"], "set": {"M1": {"copies": 1}}}
OWN = {"committed_limit": 3, "materials": LIGHTER, "office_hours": "周六也办", "window": "3号"}


def number_of(code: str) -> int:
    """Return the number of a provision."""
    return db.session.scalars(select(Revision.provision_id).where(Revision.code == code)).first()


@pytest.fixture
def county(province, at):
    """A county that does A1 better than the standard asks, and A2 as it says."""
    with at("广安区"):
        for code in ("A1", "A2"):
            bulk.claim_many("item", [number_of(code)], claim="offered")
        bulk.set_local_many("item", {number_of("A1"): OWN})
        rows = select(Item.id, Item.provision_id).where(Item.provision_id == number_of("A1"))
        return db.session.execute(rows).one()


@pytest.fixture
def adopt(province, at, centers):
    """Take a practice over, as the province."""

    def adopted(number, *, place="广安区", fields=()):
        with at("四川省", "standards_officer", reach=Reach.PUSH):
            return practice.adopt("item", number, centers[place], fields=fields)

    return adopted


def drafted(at, edition_id, code="A1"):
    """Return what the draft says of a provision."""
    with at("四川省", "standards_officer"):
        return comparison.provision(editions.find(edition_id), "item", code)


# Found by comparing


def test_a_practice_is_written_into_the_draft_and_says_whose_it_is(county, adopt, at, centers):
    answer = adopt(county.provision_id)
    assert set(answer["fields"]) == {"committed_limit", "materials", "office_hours"}
    shown = drafted(at, answer["edition_id"])
    content = shown["content"]
    assert (content["committed_limit"], content["office_hours"]) == (3, "周六也办")
    assert [part["code"] for part in content["materials"]] == ["M1", "M2"]
    assert content["materials"][0]["copies"] == 1
    assert "window" not in content
    assert shown["rules"]["committed_limit"] == {"rule": "at_most"}
    assert (shown["source"]["center"], shown["change"]) == ("广安区", "changed")
    assert shown["source"]["fields"]["committed_limit"]["center_id"] == centers["广安区"]
    with at("四川省", "standards_officer"):
        assert "广安区" in editions.find(answer["edition_id"]).title


def test_what_is_dropped_is_no_longer_named_by_other_lists(county, adopt, at, province, an_item):
    scenarios = [{"code": "S1", "name": "首次办理", "materials": ["M1", "M3"]}]
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(province.standard_id, title="明年版")
        editions.put_many(draft, [an_item("A1", scenarios=scenarios)])
    adopt(county.provision_id, fields=["materials"])
    content = drafted(at, draft)["content"]
    assert [part["code"] for part in content["materials"]] == ["M1", "M2"]
    assert content["scenarios"] == [{"code": "S1", "name": "首次办理", "materials": ["M1"]}]


def test_chosen_fields_only_into_the_draft_there_is(county, adopt, at, province, an_item):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(province.standard_id, title="明年版")
        editions.put_many(draft, [an_item("A1", visit_count=0)])
    answer = adopt(county.provision_id, fields=["committed_limit"])
    assert answer["edition_id"] == draft
    content = drafted(at, draft)["content"]
    assert (content["committed_limit"], content["visit_count"]) == (3, 0)
    assert len(content["materials"]) == 3


def test_a_second_center_adds_to_what_the_first_one_gave(county, adopt, at):
    with at("武胜县"):
        bulk.claim_many("item", [county.provision_id], claim="offered")
        bulk.set_local_many("item", {county.provision_id: {"visit_count": 0}})
    adopt(county.provision_id, fields=["committed_limit"])
    answer = adopt(county.provision_id, place="武胜县")
    source = drafted(at, answer["edition_id"])["source"]
    assert {name: whose["center"] for name, whose in source["fields"].items()} == {
        "committed_limit": "广安区",
        "visit_count": "武胜县",
    }


def test_where_a_center_does_as_the_standard_says_there_is_nothing_to_take(county, adopt, at):
    with at("广安区"):
        second = number_of("A2")
    with pytest.raises(practice.NothingOfItsOwn):
        adopt(second)
    with pytest.raises(Invalid) as refused:
        adopt(county.provision_id, fields=["visit_count", "window"])
    assert [fault.value for fault in refused.value.errors] == ["visit_count", "window"]


def test_what_the_draft_takes_out_is_not_written_back(county, adopt, at, province):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(province.standard_id, title="明年版")
        editions.remove(draft, "item", "A1")
    with pytest.raises(practice.TakenOut):
        adopt(county.provision_id)


def test_only_the_owner_takes_a_practice_over(county, sign_in, centers):
    address = f"/api/comparison/item/{county.provision_id}/adoption"
    given = {"center_id": centers["广安区"]}
    assert sign_in("province").post(address, given).status_code == 201
    city = sign_in("city").post(address, given)
    assert (city.status_code, city.json["code"]) == (409, "not_your_standard")
    assert "四川省" in city.json["detail"]
    assert sign_in("watch").post(address, given).status_code == 403
    given = {"center_id": centers["四川省"]}
    assert sign_in("city").post(address, given).status_code == 404


# Proposed by the center


def propose(browser, record_id, *fields, reason="群众少跑一次"):
    """Propose over the API."""
    given = {"fields": list(fields), "reason": reason}
    return browser.post(f"/api/items/{record_id}/proposal", given)


def decision(browser, center_id, number, **given):
    """Decide over the API."""
    return browser.post(f"/api/proposals/of/{center_id}/{number}/decision", given)


def test_a_proposal_is_seen_on_both_sides_and_accepted_into_the_draft(county, sign_in, centers, at):
    mine, province = sign_in("county"), sign_in("province")
    number = propose(mine, county.id, "committed_limit", "materials").json["id"]
    (row,) = mine.get("/api/proposals").json["rows"]
    assert (row["state"], row["decider"]["name"], row["record_id"]) == ("open", "四川省", county.id)
    assert row["actions"] == {"withdraw": True, "decide": False}
    (asked,) = province.get("/api/proposals/asked").json["rows"]
    told = {field["field"]: (field["standard"], field["value"]) for field in asked["fields"]}
    assert told["committed_limit"] == (10, 3)
    assert told["materials"][1] == LIGHTER
    assert asked["actions"] == {"withdraw": False, "decide": True}

    answer = decision(province, centers["广安区"], number, accept=True)
    assert answer.status_code == 200, answer.text
    content = drafted(at, answer.json["edition_id"])["content"]
    assert (content["committed_limit"], len(content["materials"])) == (3, 2)
    (row,) = mine.get("/api/proposals").json["rows"]
    assert (row["state"], row["edition_id"]) == ("accepted", answer.json["edition_id"])
    assert mine.get("/api/notices").json["rows"][0]["to"] == "/proposals"
    again = decision(province, centers["广安区"], number, accept=False, reason="算了")
    assert (again.status_code, again.json["code"]) == (409, "proposal_decided")


def test_a_refusal_needs_a_reason_and_the_center_reads_it(county, sign_in, centers, at):
    mine, province = sign_in("county"), sign_in("province")
    number = propose(mine, county.id).json["id"]
    bare = decision(province, centers["广安区"], number, accept=False, reason=" ")
    assert (bare.status_code, bare.json["errors"][0]["field"]) == (422, "reason")
    told = decision(province, centers["广安区"], number, accept=False, reason="全省条件不一")
    assert told.status_code == 200
    with at("四川省"):
        assert db.session.scalars(select(Edition.id).where(Edition.number.is_(None))).all() == []
    with at("广安区"):
        declined = select(Notice).where(Notice.code == "proposal_declined")
        assert "全省条件不一" in db.session.scalars(declined).one().values["reason"]
    assert propose(mine, county.id).status_code == 201


def test_a_proposal_is_made_once_and_can_be_taken_back(county, sign_in, centers):
    mine = sign_in("county")
    number = propose(mine, county.id).json["id"]
    again = propose(mine, county.id)
    assert (again.status_code, again.json["code"]) == (409, "proposed_already")
    for _ in range(2):
        assert mine.post(f"/api/proposals/{number}/withdrawal").status_code == 204
    late = decision(sign_in("province"), centers["广安区"], number, accept=True)
    assert late.status_code == 409
    assert propose(mine, county.id).status_code == 201


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [(["committed_limit"], " ", "reason"), (["visit_count"], "好", "fields")],
)
def test_a_proposal_without_reason_or_difference_is_refused(county, sign_in, fields, reason, field):
    answer = propose(sign_in("county"), county.id, *fields, reason=reason)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_others_neither_see_nor_decide_it(county, sign_in, centers):
    number = propose(sign_in("county"), county.id).json["id"]
    for other in ("neighbour", "city", "stranger"):
        assert sign_in(other).get("/api/proposals").json["total"] == 0
        assert sign_in(other).post(f"/api/proposals/{number}/withdrawal").status_code == 404
    assert sign_in("city").get("/api/proposals/asked").json["total"] == 0
    city = decision(sign_in("city"), centers["广安区"], number, accept=True)
    assert city.status_code == 404
    assert sign_in("county").get("/api/proposals/asked").status_code == 403
    assert propose(sign_in("clerk"), county.id).status_code == 403


def test_a_value_in_conflict_is_nobodys_practice(county, at, province, an_item):
    province.push(province.publish(an_item("A1", committed_limit=2)))
    with at("广安区"), pytest.raises(Invalid) as refused:
        proposals.propose("item", county.id, fields=["committed_limit"], reason="好")
    assert refused.value.errors[0].field == "fields"
    with at("广安区"):
        assert db.session.scalars(select(Proposal)).all() == []


# Where a practice does not fit what the standard says elsewhere


@pytest.fixture
def stepped(county, province, at, an_item):
    """The province's draft says step by step how the ten days pass; the county takes three."""
    steps = [{"code": f"S{n}", "name": f"环节{n}", "limit": 4} for n in (1, 2)]
    province.push(province.publish(an_item("A1", steps=steps)))
    return county


def test_a_limit_that_its_steps_exceed_stands_in_the_draft_with_the_fault_named(
    stepped, sign_in, centers, at
):
    address = f"/api/comparison/item/{stepped.provision_id}/adoption"
    province = sign_in("province")
    given = {"center_id": centers["广安区"], "fields": ["committed_limit"]}
    answer = province.post(address, given)
    assert answer.status_code == 201, answer.text
    (fault,) = answer.json["faults"]
    assert (fault["field"], fault["value"], fault["rule"]) == ("content.steps", 8, "at_most")
    assert answer.json["along"] == []
    page = f"/api/editions/{answer.json['edition_id']}/provisions/item/A1"
    shown = province.get(page).json
    assert shown["content"]["committed_limit"] == 3
    assert [step["limit"] for step in shown["content"]["steps"]] == [4, 4]
    assert shown["faults"] == [fault]
    edition = answer.json["edition_id"]
    version = province.get(f"/api/editions/{edition}").json["version"]
    with at("四川省", "standards_officer"), pytest.raises(Invalid) as refused:
        publication.publish(edition)
    assert refused.value.errors[0].field == "item.A1.content.steps"
    assert version > 0

    steps = [{**step, "limit": 1} for step in shown["content"]["steps"]]
    body = {name: shown[name] for name in ("rules", "applies")}
    body["content"] = {**shown["content"], "steps": steps}
    put = province.send("PUT", page, json=body, version=shown["version"])
    assert put.status_code == 200, put.text
    assert put.json["faults"] == []


def test_the_steps_of_the_center_go_along_where_its_limit_needs_them(stepped, at, adopt):
    with at("广安区"):
        change = {"set": {"S1": {"limit": 1}, "S2": {"limit": 2}}}
        bulk.set_local_many("item", {stepped.provision_id: {**OWN, "steps": change}})
    answer = adopt(stepped.provision_id, fields=["committed_limit"])
    assert (answer["fields"], answer["along"]) == (["committed_limit"], ["steps"])
    assert answer["faults"] == []
    shown = drafted(at, answer["edition_id"])
    assert [step["limit"] for step in shown["content"]["steps"]] == [1, 2]
    assert set(shown["source"]["fields"]) == {"committed_limit", "steps"}


def test_a_proposal_that_does_not_fit_is_accepted_into_the_draft_all_the_same(
    stepped, sign_in, centers, at
):
    number = propose(sign_in("county"), stepped.id, "committed_limit").json["id"]
    answer = decision(sign_in("province"), centers["广安区"], number, accept=True)
    assert answer.status_code == 200, answer.text
    shown = drafted(at, answer.json["edition_id"])
    assert shown["content"]["committed_limit"] == 3
    assert [fault["field"] for fault in shown["faults"]] == ["content.steps"]


def test_a_field_that_there_is_not_is_called_so(county, adopt, sign_in):
    with pytest.raises(Invalid) as refused:
        adopt(county.provision_id, fields=["nonsense"])
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule, fault.message) == ("fields", "field", "没有这个字段：nonsense")
    body = {"fields": ["nonsense"], "reason": "更好"}
    answer = sign_in("county").post(f"/api/items/{county.id}/proposal", body)
    assert [one["message"] for one in answer.json["errors"]] == ["没有这个字段：nonsense"]


def test_a_proposal_that_asks_less_than_the_standard_says_so(
    county, province, at, centers, sign_in
):
    with at("广安区"):
        wish = {"category": "waiver", "reason": "人手不足", "value": 12}
        until = today() + timedelta(days=30)
        number = exemptions.ask("item", county.id, "committed_limit", wanted_until=until, **wish)
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        place = centers["广安区"]
        exemption_decisions.decide(place, number, grant=True, expires_on=until)
    mine, office = sign_in("county"), sign_in("province")
    made = propose(mine, county.id, "committed_limit", "office_hours").json
    assert made["looser"] == ["committed_limit"]
    for browser, path in ((office, "/api/proposals/asked"), (mine, "/api/proposals")):
        (row,) = browser.get(path).json["rows"]
        assert {one["field"]: one["looser"] for one in row["fields"]} == {
            "committed_limit": True,
            "office_hours": False,
        }
    assert decision(office, centers["广安区"], made["id"], accept=True).status_code == 200
