"""Windows: their numbers and places, the list of them, the map, the sign."""

import io
from base64 import b64decode
from urllib.parse import unquote

import pytest
from pypdf import PdfReader


def place(browser, window, **wish):
    path = f"/api/windows/{window['id']}/place"
    return browser.send("PUT", path, json=wish, version=window["version"])


def test_a_number_is_given_once_in_a_hall(hall, county, opened):
    hall.window("1")
    refused = hall.window("1", status=422)
    assert refused["errors"][0]["field"] == "number"
    assert "1 号窗口" in refused["errors"][0]["message"]
    opened(county, name="城南分厅", kind="branch").window("1")


def test_a_window_is_put_at_a_place_moved_and_taken_away(hall):
    window = hall.window("1")
    assert window["zone_id"] is None
    area = hall.zones["A区"]
    window = place(hall.browser, window, zone_id=area, x=2, y=1).json
    assert (window["zone_name"], window["floor"], window["x"]) == ("A区", "1", 2)
    window = place(hall.browser, window, zone_id=hall.zones["B区"], x=4, y=2).json
    assert hall.map()["1"]["zone_id"] == hall.zones["B区"]
    assert place(hall.browser, window).json["zone_id"] is None


def test_two_windows_do_not_stand_at_one_place(hall):
    area = hall.zones["A区"]
    hall.window("1", zone_id=area, x=1, y=1)
    second = hall.window("2", zone_id=area, x=2, y=1)
    refused = place(hall.browser, second, zone_id=area, x=1, y=1)
    assert (refused.status_code, refused.json["code"]) == (409, "place_taken")
    assert "1 号窗口" in refused.json["detail"]
    assert place(hall.browser, second, zone_id=area, x=2, y=1).status_code == 200
    outside = place(hall.browser, second | {"version": 2}, zone_id=area, x=5, y=1)
    assert "4 列 2 行" in outside.json["errors"][0]["message"]


def test_a_window_stands_in_a_zone_of_its_own_hall(hall, county, opened):
    other = opened(county, name="城南分厅", kind="branch")
    window = hall.window("1")
    wish = {"zone_id": other.zones["A区"], "x": 1, "y": 1}
    assert place(county, window, **wish).status_code == 404


def test_two_people_do_not_move_a_window_unseen(hall):
    window, area = hall.window("1"), hall.zones["A区"]
    assert place(hall.browser, window, zone_id=area, x=1, y=1).status_code == 200
    late = place(hall.browser, window, zone_id=area, x=2, y=1)
    assert late.status_code == 412
    assert late.json["current"]["x"] == 1


@pytest.fixture
def windows(hall, assign):
    """Windows of several kinds: 2 is free, 10 takes in items for all."""
    area = hall.zones["A区"]
    first = hall.window("1", "department", name="社保窗口", zone_id=area, x=1, y=1)
    assign(hall.browser, first, departments=["D02"], items_of=["D02"])
    hall.window("2", "proxy")
    tenth = hall.window("10", zone_id=area, x=2, y=1)
    assign(hall.browser, tenth, items=[hall.browser.provisions["A1"]])
    return hall


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["1", "2", "10"]),
        ("sort=-number", ["10", "2", "1"]),
        ("state=free", ["2"]),
        ("state=without_department", ["10"]),
        ("state=unplaced", ["2"]),
        ("state=closed", []),
        ("kind=department", ["1"]),
        ("department=D02", ["1"]),
        ("q=1", ["1", "10"]),
        ("q=人社", ["1"]),
        ("q=社保", ["1"]),
        ("q=sbck", ["1"]),
        ("q=事项A1", ["10"]),
        ("q=%25", []),
        ("per_page=1&page=2", ["2"]),
    ],
)
def test_the_list_of_windows(windows, query, numbers):
    found = windows.browser.get(f"/api/windows?{query}").json
    assert [row["number"] for row in found["rows"]] == numbers


def test_the_list_says_of_each_window_what_is_there(windows):
    rows = {row["number"]: row for row in windows.browser.get("/api/windows").json["rows"]}
    first, second, tenth = rows["1"], rows["2"], rows["10"]
    assert [one["name"] for one in first["departments"]] == ["人社局"]
    assert (first["items"], first["zone_name"], first["hall_name"]) == (1, "A区", "政务服务大厅")
    assert (second["free"], second["items"], second["zone_name"]) == (True, 0, None)
    assert (tenth["free"], tenth["without_department"], tenth["items"]) == (False, True, 1)


def test_a_list_of_many_windows_takes_no_more_statements(windows, sent):
    windows.browser.get("/api/windows")
    with sent() as few:
        windows.browser.get("/api/windows")
    for number in range(20, 40):
        windows.window(str(number))
    with sent() as many:
        found = windows.browser.get("/api/windows?per_page=100").json
    assert found["total"] == 23
    assert len(many) == len(few)


def test_a_window_is_changed_and_closed(windows):
    window = windows.map()["2"]
    at = f"/api/windows/{window['id']}"
    wish = {"number": "A2", "name": "代办", "kind": "comprehensive"}
    changed = windows.browser.send("PUT", at, json=wish, version=window["version"]).json
    assert (changed["number"], changed["kind"]) == ("A2", "comprehensive")
    closed = windows.browser.post(f"{at}/closing", version=changed["version"]).json
    assert closed["closed_on"]
    assert closed["editable"] is False
    assert "A2" not in windows.map()
    listed = windows.browser.get("/api/windows?state=closed").json["rows"]
    assert [row["number"] for row in listed] == ["A2"]
    refused = windows.browser.send("PUT", at, json=wish, version=closed["version"])
    assert refused.json["code"] == "hall_closed"
    windows.window("A2")  # its number is free again


def test_a_window_that_is_used_is_not_closed(windows):
    window = windows.map()["1"]
    refused = windows.browser.post(
        f"/api/windows/{window['id']}/closing", version=window["version"]
    )
    assert refused.json["code"] == "still_used"
    assert "1 个部门、1 个事项" in refused.json["detail"]


def test_a_window_has_the_hours_of_its_hall_or_its_own(hall):
    window = hall.window("1")
    at = f"/api/windows/{window['id']}"
    assert window["own_hours"] is False
    own = {"weekly": {"6": [["09:00", "12:00"]]}}
    path = f"{at}/plan"
    window = hall.browser.send("PUT", path, json=own, version=window["version"]).json
    assert (window["own_hours"], window["weekly"]["6"]) == (True, [["09:00", "12:00"]])
    back = {"weekly": None}
    window = hall.browser.send("PUT", path, json=back, version=window["version"]).json
    assert (window["own_hours"], window["weekly"]["6"]) == (False, [])


def test_the_sign_says_who_is_there_and_carries_a_code(windows, stand):
    stand("D02", "B1")
    window = windows.map()["1"]
    sign = windows.browser.get(f"/api/windows/{window['id']}/sign").json
    assert (sign["number"], sign["name"], sign["floor"]) == ("1", "社保窗口", "1")
    assert (sign["departments"], sign["items"]) == (["人社局"], ["事项B1"])
    assert sign["page_address"] == f"http://localhost/public/511602/windows/{window['id']}"
    head, body = sign["qr"].split(",", 1)
    svg = b64decode(body).decode() if "base64" in head else unquote(body)
    assert "<svg" in svg
    assert "<script" not in svg


def test_the_sign_is_printed_on_one_sheet_however_much_is_there(windows, stand, province, an_item):
    stand("D02", "B1")
    window = windows.map()["1"]
    path = f"/api/windows/{window['id']}"
    many = [
        an_item(f"M{n:02}", department_code="D02", name=f"名称很长的事项之{n}" * 3)
        for n in range(40)
    ]
    province.push(province.publish(*many))
    duties = windows.browser.get("/api/items/duties?q=M&per_page=50").json["rows"]
    numbers = {row["code"]: row["provision_id"] for row in duties}
    windows.browser.provisions |= numbers
    claim = {"provision_ids": list(numbers.values()), "claim": "offered"}
    windows.browser.post("/api/items/claims", claim)
    wish = {"since": "2026-11-02", "items": list(numbers.values())}
    version = windows.browser.get(path).json["version"]
    assert windows.browser.post(f"{path}/assignments", wish, version=version).status_code == 200
    for some, first in (((), "事项B1"), (tuple(numbers), "名称很长的事项之0")):
        stand(*some)
        answer = windows.browser.get(f"{path}/sign/pdf")
        assert answer.mimetype == "application/pdf"
        (sheet,) = PdfReader(io.BytesIO(answer.data)).pages
        shown = "".join(sheet.extract_text().split())
        for words in ("1号窗口", "社保窗口", "人社局", first, "扫一扫"):
            assert words in shown, words
    assert "共41项" in shown


def test_others_neither_see_nor_move_a_window(windows, sign_in):
    window = windows.map()["1"]
    neighbour, clerk = sign_in("neighbour"), sign_in("clerk")
    assert neighbour.get("/api/windows").json["total"] == 0
    for path in ("", "/assignments", "/sign", "/sign/pdf"):
        assert neighbour.get(f"/api/windows/{window['id']}{path}").status_code == 404
        assert clerk.get(f"/api/windows/{window['id']}{path}").status_code == 200
    assert place(neighbour, window).status_code == 404
    assert place(clerk, window).status_code == 403
