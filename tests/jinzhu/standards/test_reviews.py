"""Review: what is handed in is frozen, somebody else approves it, and that is what is published."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jinzhu.core.db import db
from jinzhu.standards.amendments import amendments
from jinzhu.standards.editions import editions, publication

REASON = {"reason": "承诺时限依据不足"}


class Desk:
    """An officer of the province with the edition that is being reviewed."""

    def __init__(self, browser, standard_id, edition_id):
        self.browser, self.standard_id, self.edition_id = browser, standard_id, edition_id

    @property
    def edition(self):
        """Return the edition as the page shows it."""
        return self.browser.get(f"/api/editions/{self.edition_id}").json

    def act(self, method, what, json=None, version=None):
        """Take a step with the edition."""
        path = f"/api/editions/{self.edition_id}/{what}"
        version = version or self.edition["version"]
        return self.browser.send(method, path, json=json or {}, version=version)

    def submit(self, **more):
        return self.act("POST", "submission", **more)

    def take_back(self, **more):
        return self.act("DELETE", "submission", **more)

    def approve(self, **more):
        return self.act("POST", "approval", **more)

    def send_back(self, **more):
        return self.act("POST", "return", **{"json": REASON, **more})

    def publish(self, **more):
        return self.act("POST", "publication", **more)

    def require(self, reviewed, version=None, reason="只剩一人在岗"):
        path = f"/api/standards/{self.standard_id}/review"
        version = version or self.browser.get(path).json["version"]
        body = {"reviewed": reviewed, "reason": reason}
        return self.browser.send("PUT", path, json=body, version=version)

    def write(self, code="A1", **content):
        """Write an item of the edition."""
        path = f"/api/editions/{self.edition_id}/provisions/item/{code}"
        standing = self.browser.get(path).json
        body = {part: standing[part] for part in ("content", "rules", "applies")}
        body["content"] |= content
        return self.browser.send("PUT", path, json=body, version=standing["version"])

    def steps(self):
        """Return what was done with the edition."""
        rows = self.browser.get(f"/api/editions/{self.edition_id}/steps").json["rows"]
        return [(row["act"], row["by"], row["note"]) for row in rows]

    def todo(self):
        """Return what waits on the desk."""
        return [row["code"] for row in self.browser.get("/api/desk").json["todo"]]

    def told(self):
        """Return the notices, the newest first."""
        return [row["text"] for row in self.browser.get("/api/notices").json["rows"]]


@pytest.fixture
def draft(province, an_item, at):
    """A draft with one change."""
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(province.standard_id, title="新版")
        editions.put_many(draft, [an_item("A1", committed_limit=8)])
    return draft


@pytest.fixture
def author(sign_in, province, draft):
    """Who writes the draft, in a province that has its editions reviewed."""
    desk = Desk(sign_in("province"), province.standard_id, draft)
    assert desk.require(True).status_code == 200
    return desk


@pytest.fixture
def other(sign_in, author):
    """A second officer of the province."""
    return Desk(sign_in("reviewer"), author.standard_id, author.edition_id)


def test_without_the_rule_a_draft_is_published_directly_and_not_handed_in(sign_in, province, draft):
    desk = Desk(sign_in("province"), province.standard_id, draft)
    assert desk.edition["reviewed"] is False
    refused = desk.submit()
    assert (refused.status_code, refused.json["code"]) == (409, "not_reviewed")
    assert desk.publish().json["state"] == "published"


def test_with_the_rule_somebody_else_approves_before_it_is_published(author, other):
    refused = author.publish()
    assert (refused.status_code, refused.json["code"]) == (409, "not_approved")
    answer = author.submit(json={"note": "请审"})
    assert (answer.status_code, answer.json["state"]) == (200, "review")
    assert answer.json["submitted"]["mine"] is True
    assert author.publish().json["code"] == "not_approved"
    answer = other.approve(json={"note": "同意"})
    assert (answer.status_code, answer.json["state"]) == (200, "approved")
    assert answer.json["approved"]["by"] == "reviewer"
    published = author.publish()
    assert (published.status_code, published.json["state"]) == (200, "published")
    assert author.steps() == [
        ("begun", "province", ""),
        ("submitted", "province", "请审"),
        ("approved", "reviewer", "同意"),
        ("published", "province", ""),
    ]
    history = author.browser.get(f"/api/standards/{author.standard_id}/history").json["rows"]
    assert [step["act"] for step in history[0]["steps"]] == ["submitted", "approved"]


def test_nobody_decides_on_what_he_handed_in_himself(author, other):
    author.submit()
    for refused in (author.approve(), author.send_back()):
        assert (refused.status_code, refused.json["code"]) == (403, "own_submission")
    assert author.edition["state"] == "review"
    assert other.approve().status_code == 200


def test_the_database_refuses_an_approval_by_the_submitter_and_what_is_written_meanwhile(
    author, at
):
    author.submit()
    for statement, rule in (
        ("UPDATE edition SET approved_by = submitted_by WHERE id = :id", "approved_by_another"),
        ("UPDATE draft_entry SET rules = '{}' WHERE edition_id = :id", "under review"),
        ("DELETE FROM draft_entry WHERE edition_id = :id", "under review"),
        (
            "INSERT INTO draft_entry (edition_id, kind, code, content, rules, applies, levels,"
            " content_hash, name, name_key, name_initials)"
            " VALUES (:id, 'item', 'X', '{}', '{}', '{}', '{}', '', '', '', '')",
            "under review",
        ),
        ("UPDATE review_event SET note = 'x' WHERE edition_id = :id", "permission denied"),
    ):
        with pytest.raises(DBAPIError, match=rule), at("四川省", "standards_officer"):
            db.session.execute(text(statement), {"id": author.edition_id})


def test_what_is_under_review_is_frozen_and_says_by_whom_it_can_be_opened(author, other):
    author.submit()
    for desk in (author, other):
        refused = desk.write(committed_limit=7)
        assert (refused.status_code, refused.json["code"]) == (409, "under_review")
        assert "province" in refused.json["detail"]
    patched = author.browser.send(
        "PATCH", f"/api/editions/{author.edition_id}", json={"title": "改"}, version=1
    )
    assert patched.json["code"] == "under_review"
    assert other.approve().status_code == 200
    assert author.write(committed_limit=7).json["code"] == "under_review"


def test_the_submitter_takes_it_back_and_writes_on(author, other):
    author.submit()
    refused = other.take_back()
    assert (refused.status_code, refused.json["code"]) == (403, "not_submitter")
    assert author.take_back().json["state"] == "draft"
    assert author.write(committed_limit=7).status_code == 200
    assert other.approve().json["code"] == "not_under_review"


def test_it_is_sent_back_with_a_reason_which_is_needed(author, other):
    author.submit()
    assert other.send_back(json={"reason": " "}).status_code == 422
    answer = other.send_back()
    assert (answer.json["state"], answer.json["submitted"]) == ("draft", None)
    assert author.steps()[-1] == ("returned", "reviewer", REASON["reason"])
    assert author.write(committed_limit=7).status_code == 200
    assert author.submit().json["state"] == "review"


def test_an_approval_ends_when_it_is_sent_back(author, other):
    author.submit()
    other.approve()
    assert other.send_back().json["approved"] is None
    assert author.publish().json["code"] == "not_approved"


def test_what_is_published_is_what_was_approved(author, other, at):
    author.submit()
    other.approve()
    with at("四川省", "standards_officer"):
        # Past the rule that it is frozen, as somebody with the database in hand would.
        changed = "UPDATE edition SET approved_hash = 'another' WHERE state = 'approved'"
        db.session.execute(text(changed))
    refused = author.publish()
    assert (refused.status_code, refused.json["code"]) == (409, "not_as_approved")
    assert author.edition["state"] == "approved"


def test_it_is_refused_with_everything_that_would_keep_it_from_being_published(author, an_item, at):
    with at("四川省", "standards_officer"):
        editions.put_many(author.edition_id, [an_item("A9", department_code="D99")])
    refused = author.submit()
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert [one["field"] for one in refused.json["errors"]] == ["item.A9.content.department_code"]
    assert author.edition["state"] == "draft"


def test_a_second_click_does_nothing_more(author, other):
    version = author.edition["version"]
    first, second = author.submit(version=version), author.submit(version=version)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    version = other.edition["version"]
    for _ in range(2):
        assert other.approve(version=version).json["state"] == "approved"
    version = other.edition["version"]
    for _ in range(2):
        assert other.send_back(version=version).json["state"] == "draft"
    acts = [act for act, *_ in author.steps()]
    assert acts == ["begun", "submitted", "approved", "returned"]


def test_a_step_on_an_older_state_is_refused(author, other):
    author.submit()
    for refused in (other.approve(version=99), other.send_back(version=99)):
        assert (refused.status_code, refused.json["code"]) == (412, "changed_meanwhile")


def test_whom_it_concerns_is_told_and_finds_it_on_the_desk(author, other):
    author.submit()
    assert any("提交审查" in text for text in other.told())
    assert not any("提交审查" in text for text in author.told())
    assert "edition_to_review" in other.todo()
    assert "edition_to_review" not in author.todo()
    other.send_back()
    assert any(REASON["reason"] in text for text in author.told())
    assert not any(REASON["reason"] in text for text in other.told())
    assert "draft_open" in author.todo()
    author.submit()
    other.approve()
    assert any("审查通过" in text for text in author.told())
    assert "edition_to_publish" in author.todo()


def test_the_rule_is_its_owners_and_what_was_said_of_it_is_kept(author, other, sign_in):
    for name, status in (("watch", 403), ("city", 404), ("county", 403)):
        desk = Desk(sign_in(name), author.standard_id, author.edition_id)
        assert desk.require(False, version=2).status_code == status, name
    stale = other.require(False, version=1)
    assert (stale.status_code, stale.json["code"]) == (412, "changed_meanwhile")
    author.submit()
    refused = other.require(False)
    assert (refused.status_code, refused.json["code"]) == (409, "review_underway")
    author.take_back()
    other.require(False)
    answer = author.require(False, reason="").json
    told = [(row["act"], row["by"], row["note"]) for row in answer["rows"]]
    assert told == [
        ("required", "province", "只剩一人在岗"),
        ("lift_asked", "reviewer", "只剩一人在岗"),
        ("not_required", "province", ""),
    ]
    assert author.told()[0].endswith("原因：只剩一人在岗")
    assert "已由province取消" in other.told()[0]


def test_one_person_alone_does_not_lift_the_rule(author, other):
    answer = author.require(False)
    assert (answer.status_code, answer.json["reviewed"]) == (200, True)
    wish = answer.json["lift"]
    assert (wish["by"], wish["reason"], wish["mine"]) == ("province", "只剩一人在岗", True)
    refused = author.require(False)
    assert (refused.status_code, refused.json["code"]) == (403, "own_lift")
    gone = author.browser.send(
        "DELETE", f"/api/editions/{author.edition_id}", version=author.edition["version"]
    )
    assert gone.status_code == 204
    path = f"/api/standards/{author.standard_id}/editions"
    author.edition_id = author.browser.post(path, {"title": "重新起草"}).json["id"]
    assert author.write(committed_limit=7).status_code == 200
    assert author.publish().json["code"] == "not_approved"
    assert other.require(True).json["lift"] is None
    assert author.publish().json["code"] == "not_approved"


def test_a_second_person_agrees_or_does_not(author, other):
    author.require(False)
    kept = other.require(True, reason="仍须把关")
    assert (kept.json["reviewed"], kept.json["lift"]) == (True, None)
    assert "仍须把关" in author.told()[0]
    author.require(False)
    assert other.require(False, reason="").json["reviewed"] is False


def test_who_is_alone_in_the_office_lifts_the_rule_with_a_reason(city, sign_in):
    draft = city.begin()
    with city.at():
        number = editions.find(draft).standard_id
    alone = Desk(sign_in("city"), number, draft)
    assert alone.require(True).json["reviewed"] is True
    assert alone.require(False, reason=" ").status_code == 422
    assert alone.require(False).json["reviewed"] is False


def test_the_rule_is_lifted_with_a_reason_and_not_for_what_was_begun_under_it(
    author, other, an_item, at
):
    refused = author.require(False, reason=" ")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "reason")
    assert author.require(False).status_code == 200
    assert other.require(False, reason="").json["reviewed"] is False
    assert author.edition["reviewed"] is True
    refused = author.publish()
    assert (refused.status_code, refused.json["code"]) == (409, "not_approved")
    assert "起草时" in refused.json["detail"]
    assert author.submit().status_code == 200
    assert other.approve().status_code == 200
    assert author.publish().status_code == 200
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(author.standard_id, title="再一版")
        editions.put_many(draft, [an_item("A1", committed_limit=7)])
    later = Desk(author.browser, author.standard_id, draft)
    assert later.edition["reviewed"] is False
    assert later.submit().json["code"] == "not_reviewed"
    assert later.publish().status_code == 200


def test_nobody_below_sees_what_is_under_review(author, sign_in):
    author.submit()
    below = sign_in("county")
    for path in ("", "/steps", "/provisions"):
        assert below.get(f"/api/editions/{author.edition_id}{path}").status_code == 404
    assert below.get(f"/api/standards/{author.standard_id}/review").status_code == 404
    rows = below.get(f"/api/standards/{author.standard_id}/editions").json["rows"]
    assert [row["state"] for row in rows] == ["published"]


def test_a_standard_has_one_edition_in_work(author):
    author.submit()
    path = f"/api/standards/{author.standard_id}/editions"
    refused = author.browser.post(path, {"title": "又一版"})
    assert (refused.status_code, refused.json["code"]) == (409, "draft_open")


def test_an_amendment_is_reviewed_as_well(city, at, an_item):
    with city.at():
        standard = amendments.begin(city.standard_id)
        draft = standard["draft"]["id"]
        editions.put_many(draft, [("item", "A1", {"committed_limit": 4}, {}, {})])
        number = editions.find(draft).standard_id
        db.session.execute(text("UPDATE standard SET reviewed = true WHERE id = :i"), {"i": number})
    with pytest.raises(publication.NotApproved), city.at():
        publication.publish(draft)


def test_who_approves_sees_what_he_has_written_himself(author, other):
    assert other.write(committed_limit=7).status_code == 200
    author.submit()
    path = f"/api/editions/{other.edition_id}/steps"
    (mine,) = other.browser.get(path).json["mine"]
    assert (mine["kind"], mine["code"]) == ("item", "A1")
    assert author.browser.get(path).json["mine"] == []
    assert other.approve().status_code == 200
