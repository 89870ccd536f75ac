"""A county that offers its departments and items, with a hall of two zones."""

import pytest

from tenants.entry import service as entries
from tenants.entry.models import EntryState

HALL = {"name": "政务服务大厅", "kind": "main", "floors": ["1", "2"], "address": "金安大道1号"}


class Hall:
    """A hall as somebody runs it over HTTP."""

    def __init__(self, browser, document):
        self.browser, self.id = browser, document["id"]
        self.zones = {zone["name"]: zone["id"] for zone in document["zones"]}

    def get(self):
        """Return the hall as it stands now."""
        return self.browser.get(f"/api/halls/{self.id}").json

    def window(self, number, kind="comprehensive", status=201, **more):
        """Open a window."""
        wish = {"number": number, "kind": kind, **more}
        answer = self.browser.post(f"/api/halls/{self.id}/windows", wish)
        assert answer.status_code == status, answer.json
        return answer.json

    def map(self):
        """Return the windows of the map by number."""
        found = self.browser.get(f"/api/halls/{self.id}/map").json
        return {window["number"]: window for window in found["windows"]}


@pytest.fixture
def county(province, sign_in):
    """The manager of a county that offers everything that it may."""
    browser = sign_in("county")
    browser.provisions = {}
    for kind in ("department", "item"):
        duties = browser.get(f"/api/{kind}s/duties").json["rows"]
        numbers = {row["code"]: row["provision_id"] for row in duties if row["code"] != "A4"}
        browser.provisions |= numbers
        answer = {"provision_ids": list(numbers.values()), "claim": "offered"}
        assert browser.post(f"/api/{kind}s/claims", answer).status_code == 200
    return browser


def open_hall(browser, **more):
    """Open a hall with two zones."""
    answer = browser.post("/api/halls", {**HALL, **more})
    assert answer.status_code == 201, answer.json
    document = answer.json
    for name, floor in (("A区", "1"), ("B区", "2")):
        zone = {"floor": floor, "name": name, "columns": 4, "rows": 2}
        answer = browser.post(f"/api/halls/{document['id']}/zones", zone)
        assert answer.status_code == 201, answer.json
    return Hall(browser, answer.json)


@pytest.fixture
def hall(county):
    """The main hall of the county."""
    return open_hall(county)


@pytest.fixture
def opened():
    """Open more halls."""
    return open_hall


@pytest.fixture
def stand(county, at):
    """Let departments and items of the county stand in a state, without their way there."""

    def stand(*codes, state="entered", since=None):
        with at("广安区"):
            for code in codes:
                kind = "department" if code.startswith("D") else "item"
                number = county.provisions[code]
                entries.change(kind, number, EntryState(state), since=since, reason="测试")

    return stand


@pytest.fixture
def assign():
    """Let departments and items come to a window; return the whole answer."""

    def assign(browser, window, since="2026-11-02", **what):
        path = f"/api/windows/{window['id']}/assignments"
        return browser.post(path, {"since": since, **what}, version=window["version"])

    return assign
