"""A province's own days: who sets them, whom they bind, what is said of each day."""

import pytest


def day_of(browser, day, **more):
    days = browser.get(f"/api/calendar?year={day[:4]}", **more).json["days"]
    return next(one for one in days if one["day"] == day)


def put(browser, day, working, name="藏历新年"):
    return browser.send("PUT", f"/api/calendar/days/{day}", json={"working": working, "name": name})


def test_a_year_says_of_each_day_whether_it_is_worked_and_why(sign_in):
    clerk = sign_in("clerk")
    year = clerk.get("/api/calendar?year=2026").json
    assert (year["announced"], len(year["days"])) == (True, 365)
    assert day_of(clerk, "2026-10-01") == {
        "day": "2026-10-01", "working": False, "public": False, "holiday": "国庆节", "own": None,
    }  # fmt: skip
    english = {"headers": {"Accept-Language": "en"}}
    assert day_of(clerk, "2026-10-01", **english)["holiday"] == "National Day"
    assert day_of(clerk, "2026-10-10")["working"]  # a Saturday worked for it
    assert not clerk.get("/api/calendar?year=2098").json["announced"]


def test_what_the_province_sets_holds_in_its_counties_and_is_taken_back(sign_in):
    province, county = sign_in("province"), sign_in("county")
    assert put(province, "2026-11-24", False).status_code == 200
    shown = day_of(county, "2026-11-24")
    assert (shown["working"], shown["public"]) == (False, True)
    assert shown["own"] == {"name": "藏历新年", "owner": "四川省", "here": False}
    assert day_of(province, "2026-11-24")["own"]["here"]
    assert put(province, "2026-11-24", False, "改了名字").status_code == 200
    assert day_of(county, "2026-11-24")["own"]["name"] == "改了名字"
    taken = province.send("DELETE", "/api/calendar/days/2026-11-24")
    assert taken.status_code == 200
    assert day_of(county, "2026-11-24")["own"] is None
    again = province.send("DELETE", "/api/calendar/days/2026-11-24")
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("day", "working", "name", "field"),
    [
        ("2026-11-24", True, "上班", "working"),
        ("2026-10-01", False, "放假", "working"),
        ("2026-11-24", False, "  ", "name"),
    ],
)
def test_what_is_so_anyway_or_has_no_reason_is_refused(sign_in, day, working, name, field):
    answer = put(sign_in("province"), day, working, name)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_a_day_that_is_none_is_not_found(sign_in):
    assert put(sign_in("province"), "2026-02-30", False).status_code == 404
    assert put(sign_in("province"), "1926-02-03", False).status_code == 404


@pytest.mark.parametrize("who", ["county", "city", "watch", "clerk"])
def test_only_the_standards_office_sets_days(sign_in, who):
    assert put(sign_in(who), "2026-11-24", False).status_code == 403
