"""The superior department signs its step in the cases of the centers below it."""

import pytest
from sqlalchemy import text

from jinzhu import migrate
from tests.tenants.procedure.test_cases import act, begin, chain, county, procedure, states, through

__all__ = ["chain", "county"]
STEPS = [
    {"code": "S1", "name": "认定", "actor": "competent_body", "limit": 10, "next": ["S2", "S3"]},
    {"code": "S2", "name": "授权窗口", "actor": "department", "limit": 5, "next": ["S4"]},
    {"code": "S3", "name": "同意进驻", "actor": "superior", "limit": 15, "next": ["S4"],
     "actions": ["return", "refuse", "ask"]},
    {"code": "S4", "name": "生效", "actor": "center"},
]  # fmt: skip


@pytest.fixture
def seats(app):
    """Change the posts that the tests' people have, until the test is over."""
    owner, changed = migrate.owner_engine(app.config["SETTINGS"]), []

    def seat(username, **columns):
        with owner.begin() as connection:
            sets = ", ".join(f"{name} = :{name}" for name in columns)
            where = "account_id = (SELECT id FROM account WHERE username = :username)"
            before = connection.execute(
                text(f"SELECT role_code, departments FROM post WHERE {where}"),
                {"username": username},
            ).one()
            changed.append((username, before))
            connection.execute(
                text(f"UPDATE post SET {sets} WHERE {where}"), {**columns, "username": username}
            )

    yield seat
    for username, before in reversed(changed):
        with owner.begin() as connection:
            connection.execute(
                text(
                    "UPDATE post SET role_code = :role, departments = :departments WHERE"
                    " account_id = (SELECT id FROM account WHERE username = :username)"
                ),
                {"role": before.role_code, "departments": before.departments, "username": username},
            )
    owner.dispose()


@pytest.fixture
def line(chain, seats, sign_in):
    """The officer of the line that D02 belongs to, at the province."""
    chain.push(chain.publish(procedure(steps=STEPS)))
    seats("watch", role_code="line_officer", departments=["D02"])
    return sign_in("watch")


def at(case, county):
    return f"/api/consents/{county.me['post']['center']['id']}/{case['id']}"


def sign(browser, case, county, action="approve", **more):
    shown = browser.get(at(case, county)).json
    wish = {"step": "S3", "action": action, **more}
    return browser.post(f"{at(case, county)}/acts", wish, version=shown["version"])


def waiting(browser):
    rows = browser.get("/api/consents?state=open").json["rows"]
    return [(row["center"]["name"], row["step_name"]) for row in rows]


@pytest.mark.parametrize("first", ["superior", "department"])
def test_the_superior_department_signs_before_or_after_the_own_one(line, county, first):
    case = through(county, begin(county), "S1")
    assert waiting(line) == [("广安区", "同意进驻")]
    if first == "department":
        through(county, case, "S2")
    answer = sign(line, case, county, opinion="同意")
    assert answer.status_code == 200, answer.json
    if first == "superior":
        assert states(answer.json)["S4"] == "coming"
        case = county.get(f"/api/cases/{case['id']}").json
        through(county, case, "S2")
    case = county.get(f"/api/cases/{case['id']}").json
    assert states(case)["S4"] == "open"
    signed = next(row for row in case["trace"] if row["step"] == "S3")
    assert signed["who"] == "四川省 watch"
    assert signed["opinion"] == "同意"
    assert waiting(line) == []
    assert line.get("/api/consents?state=signed").json["total"] == 1
    assert through(county, case, "S4")["state"] == "finished"


def test_the_center_is_told_what_the_superior_department_answered(line, county, sign_in):
    case = through(county, begin(county), "S1")
    sign(line, case, county, opinion="同意")
    for who in (county, sign_in("liaison")):
        told = [row["text"] for row in who.get("/api/notices").json["rows"]]
        assert any("上级主管部门已答复" in one and "同意进驻" in one for one in told)
    rows = {row["code"]: row["count"] for row in line.get("/api/desk").json["todo"]}
    assert "consents_open" not in rows


def test_it_stands_on_the_desk_of_the_superior_department(line, county):
    through(county, begin(county), "S1")
    rows = {row["code"]: row["count"] for row in line.get("/api/desk").json["todo"]}
    assert rows["consents_open"] == 1


@pytest.mark.parametrize("action", ["return", "refuse"])
def test_it_sends_back_or_refuses_and_says_why(line, county, action):
    case = through(county, begin(county), "S1")
    more = {"target": "S1"} if action == "return" else {}
    silent = sign(line, case, county, action, **more)
    assert silent.json["errors"][0]["field"] == "opinion"
    answer = sign(line, case, county, action, opinion="编制未落实", **more)
    assert answer.status_code == 200, answer.json
    case = county.get(f"/api/cases/{case['id']}").json
    if action == "refuse":
        assert case["state"] == "refused"
    else:
        assert (states(case)["S1"], case["steps"][0]["round"]) == ("open", 2)


def test_what_it_asks_for_the_county_answers(line, county):
    case = through(county, begin(county), "S1")
    assert sign(line, case, county, "ask", opinion="请补编制文件").status_code == 200
    case = county.get(f"/api/cases/{case['id']}").json
    assert states(case)["S3"] == "suspended"
    assert sign(line, case, county).status_code == 409
    assert act(county, case, "S3", "answer", opinion="已补").status_code == 200
    assert sign(line, case, county).status_code == 200


def test_only_its_own_steps_and_nobody_elses(line, county):
    case = through(county, begin(county), "S1")
    shown = line.get(at(case, county)).json
    assert {one["step"] for one in shown["actions"]} == {"S3"}
    assert shown["center"]["name"] == "广安区"
    wish = {"step": "S2", "action": "approve"}
    refused = line.post(f"{at(case, county)}/acts", wish, version=shown["version"])
    assert (refused.status_code, refused.json["code"]) == (409, "act_not_possible")
    refused = act(county, case, "S3")
    assert refused.status_code == 409
    assert "上级主管部门" in refused.json["detail"]


def test_two_signatures_on_the_same_state_are_one(line, county):
    case = through(county, begin(county), "S1")
    version = line.get(at(case, county)).json["version"]
    wish = {"step": "S3", "action": "approve"}
    assert line.post(f"{at(case, county)}/acts", wish, version=version).status_code == 200
    again = line.post(f"{at(case, county)}/acts", wish, version=version)
    assert again.status_code == 412
    assert states(again.json["current"])["S3"] == "done"


def test_a_city_without_such_a_department_records_what_it_wrote(line, county, sign_in):
    case = through(county, begin(county), "S1")
    city = sign_in("city")
    assert waiting(city) == [("广安区", "同意进驻")]
    assert sign(city, case, county).json["errors"][0]["field"] == "on_behalf"
    answer = sign(city, case, county, on_behalf="市税务局 2026年第5号")
    assert answer.status_code == 200, answer.json
    assert answer.json["trace"][-1]["on_behalf"] == "市税务局 2026年第5号"
    assert answer.json["trace"][-1]["who"] == "广安市 city"


def test_another_line_a_stranger_and_whoever_has_no_such_post_find_nothing(
    line, county, seats, sign_in
):
    case = through(county, begin(county), "S1")
    seats("reviewer", role_code="line_officer", departments=["D01"])
    other = sign_in("reviewer")
    assert waiting(other) == []
    assert other.get(at(case, county)).status_code == 404
    wish = {"step": "S3", "action": "approve"}
    assert other.post(f"{at(case, county)}/acts", wish, version=2).status_code == 404
    assert sign_in("province").get(at(case, county)).status_code == 403
    assert sign_in("county").get(at(case, county)).status_code == 403
    elsewhere = at(case, county).replace(
        str(county.me["post"]["center"]["id"]), str(sign_in("stranger").me["post"]["center"]["id"])
    )
    assert line.get(elsewhere).status_code == 404


def test_a_case_without_a_step_of_the_superior_is_none_of_its_business(
    chain, county, seats, sign_in
):
    seats("watch", role_code="line_officer", departments=["D02"])
    case = through(county, begin(county), "S1")  # the chain without a superior
    line = sign_in("watch")
    assert waiting(line) == []
    assert line.get(at(case, county)).status_code == 404


def test_many_rows_are_one_statement_and_the_days_another(line, county, sent):
    through(county, begin(county), "S1")
    with sent() as statements:
        line.get("/api/consents")
    assert sum("procedure_case" in one for one in statements) == 1
    assert sum("own_day" in one for one in statements) == 1


@pytest.mark.parametrize("column", ["guards", "effects"])
def test_a_step_from_above_brings_nothing_about_itself(office, sign_in, column):
    names = {"guards": ["nothing_left"], "effects": ["enter"]}
    steps = [{"code": "S1", "name": "同意", "actor": "superior", column: names[column]}]
    kind, code, content, _, applies = procedure(steps=steps)
    browser = sign_in("province")
    draft = browser.post(f"/api/standards/{office.standard_id}/editions", {"title": "x"}).json
    answer = browser.send(
        "PUT",
        f"/api/editions/{draft['id']}/provisions/{kind}/{code}",
        json={"content": content, "rules": {}, "applies": applies},
        headers={"If-None-Match": "*"},
    )
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"][0]["field"] == f"content.steps.0.{column}"
