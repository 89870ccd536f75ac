"""A county with an item on its way in, under a chain that publishes it; and the public."""

import re

import pytest

from jinzhu.core import clock
from tests.tenants.hall.conftest import assign, county, hall, stand
from tests.tenants.procedure.test_cases import act, done, procedure

__all__ = ["assign", "county", "hall", "stand"]
STEPS = [
    {"code": "S1", "name": "认定", "actor": "center", "actions": ["return", "refuse"]},
    {"code": "S2", "name": "向社会公布", "actor": "center", "limit": 3, "waits": True,
     "actions": ["return", "ask"], "effects": ["publish"], "guards": ["no_objection"]},
    {"code": "S3", "name": "确定进驻", "actor": "center", "effects": ["enter"],
     "actions": ["return"]},
]  # fmt: skip
CHAIN = {"procedure_object": "item", "procedure_kind": "entry", "name": "审批项目进驻"}
MONDAY = "2026-11-23"
SAID = {
    "said": "该事项的承诺时限没有依据，请重新核定。",
    "name": "欧阳小明",
    "contact": "13812345678",
}


class Public:
    """Somebody without an account."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, **more):
        """Open a page."""
        return self.client.get(path, **more)

    def form(self, path):
        """Open a form and return its token."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return re.search(r'name="token" value="([^"]+)"', answer.text)[1]

    def object(self, path, **said):
        """Object to a publication; return the answer."""
        given = {**SAID, "website": "", "token": said.pop("token", None) or self.form(path), **said}
        return self.client.post(path, data=given)


def receipt(answer):
    """Return number and code of a receipt."""
    assert answer.status_code == 201, answer.text
    return tuple(
        re.search(rf'id="{name}">([^<]+)<', answer.text)[1] for name in ("receipt", "code")
    )


@pytest.fixture
def public(app):
    """The public."""
    return Public(app)


@pytest.fixture
def chain(province):
    """The chain is in force everywhere."""
    province.push(province.publish(procedure(steps=STEPS, **CHAIN)))
    return province


@pytest.fixture
def published(chain, county, time_machine, app):
    """The county's manager, with a case that is published; `tick` lets a day begin."""
    time_machine.move_to(f"{MONDAY} 09:00+08:00")

    def begin(code="A1", **facts):
        wish = {"object": "item", "subject_id": county.provisions[code], "kind": "entry"}
        answer = county.post("/api/cases", {**wish, "facts": {"mode": "proxy", **facts}})
        assert answer.status_code == 201, answer.json
        return done(county, answer.json, "S1")

    def tick(day, hour=8):
        time_machine.move_to(f"{day} {hour:02}:00+08:00")
        with app.app_context():
            return clock.tick()

    county.begin, county.tick = begin, tick
    county.case = begin()
    county.page = county.case["publication"]["page"]
    county.form = f"{county.page}/objection"
    return county


def case_of(browser):
    """Return the case as it stands now."""
    return browser.get(f"/api/cases/{browser.case['id']}").json


def publication(browser):
    """Return the newest publication of the case as the center reads it."""
    number = case_of(browser)["publication"]["id"]
    return browser.get(f"/api/publications/{number}").json


def answered(browser, outcome, answer="经核实，承诺时限有部门文件为依据。", place=0, **more):
    """Answer an objection; return the whole answer."""
    shown = publication(browser)
    found = shown["objections"][place]
    path = f"/api/publications/{shown['id']}/objections/{found['id']}/answer"
    wish = {"outcome": outcome, "answer": answer, **more}
    return browser.post(path, wish, version=found["version"])


__all__ += ["act", "answered", "case_of", "done", "publication", "receipt"]
