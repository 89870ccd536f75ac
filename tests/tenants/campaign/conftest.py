"""A county that offers its items under short chains, and its jobs run as a worker would."""

import io

import pytest

from jinzhu.core import jobs
from tests.tenants.entry.test_entries import CHAINS, chain

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
#: Proposed by the department, determined by the competent body with its decision, then fixed.
STEPS = [
    {"code": "S1", "name": "提出", "actor": "department", "limit": 5},
    {"code": "S2", "name": "认定", "actor": "competent_body", "limit": 10, "warn": 2,
     "actions": ["return", "refuse"], "document": "认定意见"},
    {"code": "S3", "name": "确定进驻", "actor": "center", "effects": ["enter"]},
]  # fmt: skip
PERMITS = {"item_type": ["01"]}


def permits():
    kind, code, content, rules, applies = chain("E-PERMIT", "item", "entry", STEPS)
    return kind, code, {**content, **PERMITS}, rules, applies


@pytest.fixture
def many(province, an_item):
    """Items beside those of the province, so that there are more than a chunk of them."""
    more = [an_item(f"M{n:03}", department_code="D02" if n % 3 else "D01") for n in range(1, 61)]
    province.push(province.publish(*CHAINS, permits(), *more))
    return province


@pytest.fixture
def county(many, sign_in):
    """The manager of a county that offers everything."""
    browser = sign_in("county")
    browser.subjects = {}
    for kind in ("department", "item"):
        duties = browser.get(f"/api/{kind}s/duties?per_page=200").json["rows"]
        browser.subjects |= {row["code"]: row["provision_id"] for row in duties}
        ids = [row["provision_id"] for row in duties]
        browser.post(f"/api/{kind}s/claims", {"provision_ids": ids, "claim": "offered"})
    return browser


@pytest.fixture
def work(app, centers):
    """Carry out what a campaign or a joint act has asked for."""

    def worked(document, center="广安区"):
        with app.app_context():
            jobs.run(centers[center], document["job"]["id"])

    return worked


CHOICE = {"object": "item", "kind": "entry", "state": "not_entered"}


@pytest.fixture
def start(county, work):
    """Start a campaign and let its job run; return it as it stands then."""

    def started(browser=None, *, run=True, **wish):
        browser = browser or county
        answer = browser.post("/api/campaigns", {"name": "集中进驻", **CHOICE, **wish})
        assert answer.status_code == 201, answer.json
        if run:
            work(answer.json)
        return browser.get(f"/api/campaigns/{answer.json['id']}").json

    return started


def cases_of(browser, campaign, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    path = f"/api/cases?campaign={campaign['id']}&per_page=200&sort=number&{words}"
    return browser.get(path).json["rows"]


def ask(browser, cases, step, action="approve", *, file=None, procedure="E-PERMIT", **said):
    """Ask for a joint act; return the whole answer."""
    form = {"cases": ",".join(str(row["id"]) for row in cases), "procedure": procedure}
    form |= {"step": step, "action": action, **said}
    if file is not None:
        form["file"] = (io.BytesIO(file), "认定.pdf")
    return browser.send("POST", "/api/joint-acts", data=form, content_type="multipart/form-data")


@pytest.fixture
def joint(county, work):
    """Act in many cases and let the job run; return the joint act as it stands then."""

    def acted(cases, step, *, browser=None, **said):
        browser = browser or county
        answer = ask(browser, cases, step, **said)
        assert answer.status_code == 201, answer.json
        work(answer.json)
        return browser.get(f"/api/joint-acts/{answer.json['id']}").json

    return acted


def results(browser, joint, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return browser.get(f"/api/joint-acts/{joint['id']}/cases?per_page=200&{words}").json["rows"]
