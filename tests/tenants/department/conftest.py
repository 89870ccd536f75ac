"""A county under short chains, whose departments are of different force and class."""

import pytest

from jinzhu.core.calendar import today
from tests.tenants.document.conftest import attach, attached
from tests.tenants.hall.conftest import open_hall

APPROVAL = "批准文件"


def chain(code, object_, kind, *steps):
    content = {"name": code, "procedure_object": object_, "procedure_kind": kind}
    numbered = [
        {"code": f"S{n}", "name": f"第{n}步", "actor": "center", **step}
        for n, step in enumerate(steps, 1)
    ]
    return "procedure", code, {**content, "steps": numbered}, {}, {"levels": ["county"]}


def one(effect, **more):
    return {"effects": [effect], **more}


CHAINS = [
    chain(
        "E-DEP",
        "department",
        "entry",
        {
            "actor": "government",
            "condition": "standalone",
            "document": APPROVAL,
            "guards": ["standalone_approved"],
        },
        one("enter"),
    ),
    chain("A-DEP", "department", "adjustment", one("adjust")),
    chain("P-DEP", "department", "suspension", one("suspend")),
    chain("R-DEP", "department", "resumption", one("resume")),
    chain("X-DEP", "department", "exit", {"guards": ["nothing_left"]}, one("leave")),
    chain("E-ITEM", "item", "entry", one("enter")),
    chain("X-ITEM", "item", "exit", one("leave", guards=["nothing_left"])),
]


def department(code, name, class_, force, **more):
    content = {"name": name, "department_class": class_, "entry_force": force, **more}
    return "department", code, content, {}, {"levels": ["county"]}


DEPARTMENTS = [
    department("D03", "供水公司", "utility", "proposed"),
    department("D04", "税务局", "vertical", "may", presence_mode="standalone"),
]


@pytest.fixture
def county(province, sign_in):
    """A county with four departments, of which it offers two and has yet to answer two."""
    province.push(province.publish(*CHAINS, *DEPARTMENTS))
    browser = sign_in("county")
    browser.subjects = {}
    for kind in ("department", "item"):
        duties = browser.get(f"/api/{kind}s/duties").json["rows"]
        browser.subjects |= {row["code"]: (kind, row["provision_id"]) for row in duties}
        ids = [row["provision_id"] for row in duties if row["code"] not in ("D03", "D04")]
        browser.post(f"/api/{kind}s/claims", {"provision_ids": ids, "claim": "offered"})
    return browser


def claim(browser, code, answer="offered", **more):
    kind, subject = browser.subjects[code]
    wish = {"provision_ids": [subject], "claim": answer, **more}
    assert browser.post(f"/api/{kind}s/claims", wish).json["claimed"] == 1


def begin(browser, code, kind, **more):
    object_, subject = browser.subjects[code]
    reason = "" if kind == "entry" else "机构改革"
    wish = {"object": object_, "subject_id": subject, "kind": kind, "reason": reason, **more}
    answer = browser.post("/api/cases", wish)
    assert answer.status_code == 201, answer.json
    return answer.json


def approve(browser, case, step, **more):
    act = {"step": step, "action": "approve", **more}
    path = f"/api/cases/{case['id']}/acts"
    return browser.post(path, act, version=case["version"])


def carried_out(browser, code, kind, **more):
    """Begin a case and approve each step that is open."""
    case = begin(browser, code, kind, **more)
    while case["state"] == "running":
        step = next(one["code"] for one in case["steps"] if one["state"] == "open")
        answer = approve(browser, case, step)
        assert answer.status_code == 200, answer.json
        case = answer.json
    return case


def roster(browser, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    answer = browser.get(f"/api/departments/roster?{words}")
    assert answer.status_code == 200, answer.json
    return {row["code"]: row for row in answer.json["rows"]}


def shown(browser, code):
    answer = browser.get(f"/api/departments/roster/{browser.subjects[code][1]}")
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.fixture
def at_window(county):
    """Let a department with its items stand at a window of the main hall."""
    hall = open_hall(county)

    def assign(code, number="1", since=None, **more):
        window = hall.window(number)
        wish = {"since": since or str(today()), "departments": [code], "items_of": [code], **more}
        path = f"/api/windows/{window['id']}/assignments"
        answer = county.post(path, wish, version=window["version"])
        assert answer.status_code == 200, answer.json
        return answer.json

    return assign


__all__ = ["attach", "attached"]
