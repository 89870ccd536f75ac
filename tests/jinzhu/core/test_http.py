"""How the API answers: problems in the reader's words, versions, pages, headers, health."""

import pytest
from redis import Redis
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.standards.models import Revision
from jinzhu.standards.records import bulk
from tenants.item.models import Item

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.8"}
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}


@pytest.fixture
def office_browser(province, sign_in):
    """The standards officer, with a standard that is published."""
    return sign_in("province")


@pytest.fixture
def county(province, sign_in, at):
    """The manager of a county that offers one item."""
    with at("广安区"):
        one = select(Revision.provision_id).where(Revision.code == "A1")
        bulk.claim_many("item", [db.session.scalars(one).one()], claim="offered")
    return sign_in("county")


@pytest.fixture
def item_path(county, at):
    """The address of the county's one item."""
    with at("广安区"):
        return f"/api/items/{db.session.scalars(select(Item.id)).one()}"


def of(answer, status: int, code: str) -> dict:
    """Return the problem, after checking that it is written as RFC 9457 wants it."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    body = answer.json
    assert (body["status"], body["code"], body["type"]) == (status, code, f"/problems/{code}")
    assert body["title"]
    assert isinstance(body["detail"], str)
    return body


def faults(body: dict) -> dict[str, str]:
    """Return what is wrong with each field."""
    return {fault["field"]: fault["message"] for fault in body["errors"]}


# Problems


PROBLEMS = [
    ("GET", "/api/nothing", {}, 404, "not_found", "没有这条记录", "No such record"),
    ("GET", "/api/editions/99999", {}, 404, "not_found", "没有这条记录", "No such record"),
    ("DELETE", "/api/me", {}, 405, "method_not_allowed", "", ""),
    ("POST", "/api/standards", {"data": "a=1"}, 415, "not_json", "", ""),
    ("POST", "/api/standards", {"json": {}}, 422, "invalid", "", ""),
]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code", "chinese", "english"), PROBLEMS
)
def test_a_problem_is_told_in_the_language_of_the_reader(
    office_browser, method, path, sent, status, code, chinese, english
):
    first = of(office_browser.send(method, path, **sent), status, code)
    second = of(office_browser.send(method, path, headers=ENGLISH, **sent), status, code)
    assert chinese in first["title"]
    assert english in second["title"]
    assert not first["title"].isascii()
    assert second["title"].isascii()


@pytest.mark.parametrize(
    ("header", "ascii_"), [("en", True), ("zh-CN", False), ("fr,en", False), ("", False)]
)
def test_chinese_is_spoken_unless_english_comes_first(app, header, ascii_):
    answer = app.test_client().get("/api/me", headers={"Accept-Language": header})
    assert of(answer, 401, "not_signed_in")["title"].isascii() is ascii_


def test_a_method_that_is_not_there_is_told_with_those_that_are(office_browser):
    answer = office_browser.send("DELETE", "/api/me")
    of(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"{nonsense", "application/json", 400, "bad_request"),
        (b"\xff\xfe{", "application/json", 400, "bad_request"),
        (b"[1, 2]", "application/json", 422, "invalid"),
        (b"code=N&name=N", "text/plain", 415, "not_json"),
        (b"code=N&name=N", "application/x-www-form-urlencoded", 415, "not_json"),
    ],
)
def test_what_is_not_a_json_object_is_refused_and_nothing_stored(
    office_browser, data, kind, status, code
):
    answer = office_browser.send("POST", "/api/standards", data=data, content_type=kind)
    body = of(answer, status, code)
    assert not body["title"].isascii()
    assert office_browser.get("/api/standards").json["total"] == 1


HUGE = 10**30


@pytest.mark.parametrize("username", ["province", "county"])
@pytest.mark.parametrize("number", [2**31, 2**63, HUGE])
def test_a_number_that_no_record_can_have_is_not_found(province, sign_in, username, number):
    browser = sign_in(username)
    asked = {
        "province": [
            ("GET", f"/api/standards/{number}", None),
            ("GET", f"/api/editions/{number}", None),
            ("GET", f"/api/coverage?parent={number}", None),
            ("GET", f"/api/rollouts/{number}", None),
            ("GET", f"/api/jobs/{number}", None),
        ],
        "county": [
            ("GET", f"/api/items/{number}", None),
            ("GET", f"/api/items/{number}/history", None),
            ("PUT", "/api/me/post", {"post_id": number}),
        ],
    }
    answers = [browser.send(method, path, json=body) for method, path, body in asked[username]]
    told = {of(answer, 404, "not_found")["title"] for answer in answers}
    assert told == {"没有这条记录"}


def test_numbers_that_nobody_can_have_do_no_harm_in_a_list(county):
    for number in (2**31, 2**63, HUGE):
        asked = {"claim": "offered", "provision_ids": [number]}
        answer = county.post("/api/items/claims", asked)
        assert answer.status_code == 404 or answer.json["refused"] == 1
        ids = [f"item-{number}-fee"]
        answer = county.post("/api/conflicts/settlements", {"ids": ids, "take": "standard"})
        assert answer.status_code == 404 or answer.json["settled"] == 0


def test_a_character_that_cannot_be_kept_is_refused(app, county, item_path):
    nul = {"username": "a\0", "password": "x"}
    of(app.test_client().post("/api/session", json=nul), 422, "unusable")
    of(county.get("/api/items/duties?q=%00"), 422, "unusable")
    half = {"claim": "not_offered", "reason": "\ud800", "all_matching": {}}
    of(county.post("/api/items/claims", half), 422, "unusable")
    given = {"local": {"window": "a\0"}}
    body = of(county.send("PATCH", item_path, json=given, version=1), 422, "invalid")
    assert list(faults(body)) == ["local.window"]


def test_a_body_that_is_too_large_is_refused(app, office_browser):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    try:
        answer = office_browser.post("/api/standards", {"code": "x", "name": "y" * 2000})
    finally:
        app.config["MAX_CONTENT_LENGTH"] = 20 * 1024 * 1024
    assert not of(answer, 413, "too_large")["title"].isascii()
    assert office_browser.get("/api/standards").json["total"] == 1


def test_an_unknown_field_is_an_error_and_not_a_loss(office_browser):
    given = {"code": "N", "name": "新标准", "nmae": "错字"}
    body = of(office_browser.post("/api/standards", given), 422, "invalid")
    assert list(faults(body)) == ["nmae"]
    del given["nmae"]
    assert office_browser.post("/api/standards", given).status_code == 201


def test_a_wrong_type_is_told_by_field_in_both_languages(office_browser):
    given = {"code": 7, "name": ["x"]}
    body = of(office_browser.post("/api/standards", given), 422, "invalid")
    assert set(faults(body)) == {"code", "name"}
    assert not any(message.isascii() for message in faults(body).values())
    body = of(office_browser.post("/api/standards", given, headers=ENGLISH), 422, "invalid")
    assert all(message.isascii() for message in faults(body).values())


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("per_page=10000", "per_page"),
        ("per_page=0", "per_page"),
        ("page=0", "page"),
        ("page=x", "page"),
        (f"q={'长' * 101}", "q"),
    ],
)
def test_a_query_that_breaks_a_rule_is_refused_by_name(office_browser, query, field):
    body = of(office_browser.get(f"/api/standards?{query}"), 422, "invalid")
    assert list(faults(body)) == [field]
    assert not faults(body)[field].isascii()


def test_an_order_by_something_undeclared_names_what_may_be_asked_for(office_browser):
    body = of(office_browser.get("/api/standards?sort=-owner_id"), 422, "invalid")
    (fault,) = body["errors"]
    assert (fault["field"], fault["value"]) == ("sort", "-owner_id")
    assert "code, name" in fault["message"]
    assert office_browser.get("/api/standards?sort=-name,code").status_code == 200


def test_a_choice_that_is_none_is_refused_in_the_language_of_the_reader(county):
    body = of(county.get("/api/conflicts?state=nonsense"), 422, "invalid")
    assert list(faults(body)) == ["state"]
    assert not faults(body)["state"].isascii()


def test_what_is_unexpected_tells_nothing_of_the_inside(app, office_browser, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("jinzhu.standards.editions.catalogue.standards", broken)
    answer = office_browser.get("/api/standards")
    of(answer, 500, "internal")
    assert "secret" not in answer.text


# Versions


def test_a_record_is_sent_with_its_version(county, item_path):
    answer = county.get(item_path)
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'


def test_a_change_must_say_on_which_version_it_was_made(county, item_path):
    given = {"local": {"committed_limit": 7}}
    body = of(county.send("PATCH", item_path, json=given), 428, "version_needed")
    assert body["detail"]
    assert county.get(item_path).json["version"] == 1


def test_a_change_on_the_present_version_is_taken(county, item_path):
    changed = county.send("PATCH", item_path, json={"local": {"committed_limit": 7}}, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("tag", ['"2"', 'W/"2"', "2"])
def test_a_version_is_understood_however_it_is_written(county, item_path, tag):
    county.send("PATCH", item_path, json={"local": {"committed_limit": 7}}, version=1)
    given = {"local": {"committed_limit": 6}}
    changed = county.send("PATCH", item_path, json=given, headers={"If-Match": tag})
    assert changed.status_code == 200


def test_a_change_on_an_old_version_shows_the_present_one(county, item_path):
    given = {"local": {"committed_limit": 7}}
    assert county.send("PATCH", item_path, json=given, version=1).status_code == 200
    given = {"local": {"committed_limit": 6}}
    body = of(county.send("PATCH", item_path, json=given, version=1), 412, "changed_meanwhile")
    assert body["current"]["version"] == 2
    assert body["current"] == county.get(item_path).json


def test_a_draft_is_not_published_on_an_old_version(office_browser, province, at, an_item):
    made = office_browser.post(f"/api/standards/{province.standard_id}/editions", {"title": "草案"})
    path = f"/api/editions/{made.json['id']}"
    provision = dict(
        zip(("kind", "code", "content", "rules", "applies"), an_item("A1"), strict=True)
    )
    provision["content"]["committed_limit"] = 4
    given = {name: provision[name] for name in ("content", "rules", "applies")}
    written = office_browser.send("PUT", f"{path}/provisions/item/A1", json=given, version=0)
    assert written.status_code == 200
    old = made.json["version"]
    of(office_browser.post(f"{path}/publication", {}, version=old), 412, "changed_meanwhile")
    now = office_browser.get(path).json["version"]
    assert office_browser.post(f"{path}/publication", {}, version=now).json["state"] == "published"


# Pages


def test_the_total_is_true_on_every_page_and_beyond_the_last(county):
    def page(number: int) -> dict:
        return county.get(f"/api/items/duties?per_page=2&page={number}").json

    shown = [page(number) for number in (1, 2, 3, 4, 100)]
    assert {one["total"] for one in shown} == {5}
    assert [len(one["rows"]) for one in shown] == [2, 2, 1, 0, 0]
    assert [one["page"] for one in shown] == [1, 2, 3, 4, 100]


def test_turning_pages_shows_every_row_once_whatever_the_order(county):
    for sort in ("name", "-item_type", "department,-code"):
        rows = [
            row["code"]
            for number in (1, 2, 3)
            for row in county.get(f"/api/items/duties?per_page=2&page={number}&sort={sort}").json[
                "rows"
            ]
        ]
        assert sorted(rows) == ["A1", "A2", "A3", "A4", "B1"]


def test_an_empty_list_has_a_total_of_none(county):
    found = county.get("/api/items/duties?q=没有这样的事项").json
    assert (found["rows"], found["total"]) == ([], 0)


@pytest.mark.parametrize("word", ["%", "_", "\\", "'", '"; --', "(", "中文%"])
def test_a_word_searched_for_is_taken_literally(county, word):
    answer = county.get("/api/items/duties", query_string={"q": word})
    assert (answer.status_code, answer.json["total"]) == (200, 0)


# Headers


@pytest.mark.parametrize("path", ["/api/me", "/api/nothing", "/health/live", "/api/openapi.json"])
def test_every_answer_carries_what_keeps_a_browser_safe(app, path):
    headers = app.test_client().get(path).headers
    for name, part in HEADERS.items():
        assert part in headers[name], name


def test_an_answer_with_data_is_not_kept_by_anybody(office_browser):
    answer = office_browser.get("/api/standards")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.headers["X-Request-Id"]) == 16


# Health


def test_the_process_says_that_it_lives(app):
    answer = app.test_client().get("/health/live")
    assert (answer.status_code, answer.json) == (200, {"status": "live"})


def test_it_is_ready_when_database_and_queue_answer(app):
    answer = app.test_client().get("/health/ready")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ready", "database": True, "queue": True},
    )


def test_without_the_queue_it_is_alive_and_not_ready(app):
    queue = app.extensions["redis"]
    app.extensions["redis"] = Redis.from_url("redis://127.0.0.1:1")
    try:
        ready = app.test_client().get("/health/ready")
        live = app.test_client().get("/health/live")
    finally:
        app.extensions["redis"].close()
        app.extensions["redis"] = queue
    assert (ready.status_code, ready.json["queue"], ready.json["database"]) == (503, False, True)
    assert live.status_code == 200


# The documented schema


def test_what_is_not_as_documented_is_noticed_in_tests(app, office_browser, monkeypatch):
    assert app.config["CHECK_OUTPUT"]
    assert office_browser.get("/api/standards").status_code == 200
    monkeypatch.setattr(
        "jinzhu.standards.editions.catalogue.standards",
        lambda _: {"rows": [{"id": "x"}], "total": 1, "page": 1, "per_page": 1},
    )
    assert office_browser.get("/api/standards").status_code == 500


def test_the_document_names_every_operation_with_its_permission(app):
    document = app.test_client().get("/api/openapi.json").json
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                assert "x-permission" in operation, path
                assert operation["summary"], path


def test_json_nested_deeper_than_anybody_writes_is_refused(app):
    client = app.test_client()
    answer = client.post("/api/session", data="[" * 100_000, content_type="application/json")
    assert not of(answer, 400, "bad_request")["title"].isascii()
    assert client.get("/health/ready").status_code == 200
