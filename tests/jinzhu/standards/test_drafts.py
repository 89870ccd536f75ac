"""A draft that several people write: nobody overwrites another unseen, each sees who is there."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from jinzhu.core import tenancy
from jinzhu.standards.editions import editions, presence


@pytest.fixture
def draft(province, at):
    """The next edition, being written."""
    with at("四川省", "standards_officer"):
        return editions.open_draft(province.standard_id, title="第二版")


@pytest.fixture
def writer(sign_in):
    """The standards office, signed in."""
    return sign_in("province")


def body(an_item, **content):
    """Return what is sent for a provision."""
    _, _, values, rules, applies = an_item("A1", **content)
    return {"content": values, "rules": rules, "applies": applies}


def address(draft: int, code: str = "A1") -> str:
    """Return the address of a provision."""
    return f"/api/editions/{draft}/provisions/item/{code}"


def test_a_change_on_an_older_state_is_refused_and_says_who_changed_what(writer, draft, an_item):
    path = address(draft)
    first = writer.send("PUT", path, json=body(an_item, committed_limit=6), version=0)
    assert first.status_code == 200, first.text
    second = writer.send("PUT", path, json=body(an_item, committed_limit=5), version=0)
    assert (second.status_code, second.json["code"]) == (412, "changed_meanwhile")
    there = second.json["current"]
    assert there["content"]["committed_limit"] == 6
    assert (there["updated_by"], there["version"]) == ("province", first.json["version"])
    assert there["updated_at"]


@pytest.mark.parametrize(("method", "end"), [("DELETE", ""), ("POST", "/revert")])
def test_removing_and_reverting_ask_for_the_state_that_was_seen(
    writer, draft, an_item, method, end
):
    path = address(draft)
    writer.send("PUT", path, json=body(an_item, committed_limit=6), version=0)
    assert writer.send(method, path + end).status_code == 428
    refused = writer.send(method, path + end, version=0)
    assert (refused.status_code, refused.json["current"]["content"]["committed_limit"]) == (412, 6)
    version = refused.json["current"]["version"]
    assert writer.send(method, path + end, version=version).status_code == 204


def test_no_version_comes_back_after_a_revert(writer, draft, an_item):
    path = address(draft)
    first = writer.send("PUT", path, json=body(an_item, committed_limit=6), version=0).json
    writer.send("POST", f"{path}/revert", version=first["version"])
    second = writer.send("PUT", path, json=body(an_item, committed_limit=5), version=0).json
    assert second["version"] > first["version"]
    stale = writer.send(
        "PUT", path, json=body(an_item, committed_limit=4), version=first["version"]
    )
    assert stale.status_code == 412


def test_the_list_of_a_draft_says_who_changed_what_last(writer, draft, an_item):
    writer.send("PUT", address(draft), json=body(an_item, committed_limit=6), version=0)
    rows = writer.get(f"/api/editions/{draft}/provisions?kind=item&sort=-updated_at").json["rows"]
    assert (rows[0]["code"], rows[0]["updated_by"]) == ("A1", "province")
    assert [row["updated_by"] for row in rows[1:]] == [None] * 4


@pytest.fixture
def colleague(at, draft):
    """Let somebody else of the office do something with a provision."""

    def does(what: Callable[[int, str, str], None]) -> None:
        with at("四川省", "standards_officer"):
            other = replace(tenancy.current(), actor_id=2)
            with tenancy.entered(other):
                what(draft, "item", "A1")

    return does


def test_who_else_has_a_provision_open_is_shown_until_they_leave(writer, draft, colleague):
    colleague(presence.enter)
    here = {"rows": [{"kind": "item", "code": "A1", "name": "watch"}]}
    assert writer.send("PUT", f"{address(draft)}/presence").json == here
    assert writer.send("PUT", f"{address(draft, 'A2')}/presence").json["rows"] == []
    assert writer.get(f"/api/editions/{draft}/presence").json == here
    colleague(presence.leave)
    assert writer.get(f"/api/editions/{draft}/presence").json["rows"] == []


def test_one_is_not_told_of_oneself(writer, draft):
    path = f"{address(draft)}/presence"
    assert writer.send("PUT", path).json["rows"] == []
    assert writer.send("DELETE", path).status_code == 204


def test_without_the_queue_nobody_seems_to_be_there(draft, at, app, monkeypatch):
    lost = app.extensions["redis"].from_url("redis://127.0.0.1:1")
    monkeypatch.setitem(app.extensions, "redis", lost)
    with at("四川省", "standards_officer"):
        presence.enter(draft, "item", "A1")
        presence.leave(draft, "item", "A1")
        assert presence.others(draft) == []
    lost.close()
