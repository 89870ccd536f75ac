"""The superior department attaches what it signs, and reads what is attached below."""

from tests.tenants.document.conftest import PDF, attach, attached, form
from tests.tenants.procedure.test_cases import begin, chain, county, procedure, through
from tests.tenants.procedure.test_consents import STEPS, at, line, seats

__all__ = ["chain", "county", "line", "seats"]
LETTER = "同意函"
ASKING = [step | ({"document": LETTER} if step["code"] == "S3" else {}) for step in STEPS]


def signed(browser, case, county):
    path, version = at(case, county), {"version": case["version"]}
    return browser.post(f"{path}/acts", {"step": "S3", "action": "approve"}, **version)


def test_it_signs_once_its_letter_is_attached(line, county, chain):
    chain.push(chain.publish(procedure(steps=ASKING)))
    case = through(county, begin(county), "S1")
    assert signed(line, case, county).json["errors"][0]["field"] == "document"
    path = f"{at(case, county)}/documents"
    answer = line.send("POST", path, **form("S3", file_name="同意函.pdf"))
    assert answer.status_code == 201, answer.json
    (one,) = answer.json["documents"]
    assert (one["name"], one["step"]) == (LETTER, "S3")
    content = line.get(f"{path}/{one['id']}/content")
    assert content.data == PDF
    below = county.get(f"/api/cases/{case['id']}/documents/{one['id']}/content")
    assert below.data == PDF
    assert signed(line, answer.json, county).status_code == 200


def test_it_attaches_and_takes_back_in_its_own_step_alone(line, county, chain):
    chain.push(chain.publish(procedure(steps=ASKING)))
    case = through(county, begin(county), "S1")
    path = f"{at(case, county)}/documents"
    refused = line.send("POST", path, **form("S2"))
    assert refused.json["errors"][0]["field"] == "step"
    (theirs,) = attached(county, case, "S2", name="附件")["documents"]
    assert line.get(f"{path}/{theirs['id']}/content").data == PDF
    refused = line.post(f"{path}/{theirs['id']}/withdrawal")
    assert (refused.status_code, refused.json["code"]) == (409, "document_kept")
    own = line.send("POST", path, **form("S3")).json["documents"][-1]
    left = line.post(f"{path}/{own['id']}/withdrawal").json["documents"]
    assert [one["id"] for one in left] == [theirs["id"]]


def test_a_stranger_reaches_nothing_of_it(line, county, chain, sign_in):
    chain.push(chain.publish(procedure(steps=ASKING)))
    case = through(county, begin(county), "S1")
    (one,) = attached(county, case, "S2", name="附件")["documents"]
    city = sign_in("neighbour")
    path = f"{at(case, county)}/documents"
    assert city.get(f"{path}/{one['id']}/content").status_code == 403
    assert attach(city, case, "S3", at=at(case, county)).status_code == 403
